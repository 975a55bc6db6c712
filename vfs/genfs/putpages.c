/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PUTPAGES: write and free pages of a file.
 *
 *	genfs_putpages		for files whose pages GOP_WRITE writes
 *	genfs_do_putpages	the same as a function
 *	genfs_null_putpages	for vnodes that never have pages
 *
 * A walk over the pages of the range, in order.  A dirty page that is to be
 * written takes the dirty pages around it along, within its run; GOP_WRITE starts
 * the transfer, and the walk goes on behind them.  Whoever asks to wait does so
 * at the end, for all writes of the vnode.
 *
 * Locks: the object's lock is held on entry and dropped whenever something may
 * sleep, and in the end.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/mount.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/genfs/genfs_node.h>

#include <rump-private/pages.h>
#include <uvm/uvm.h>
#include <uvm/uvm_page_array.h>

#include "page/pages.h"
#include "page/throttle.h"
#include "vn.h"

struct putreq {
	struct vnode	*pr_vp;
	struct uvm_object *pr_uobj;
	voff_t		pr_start;
	voff_t		pr_end;
	int		pr_flags;	/* PGO_* */
	bool		pr_daemon;	/* the page daemon asks */
	bool		pr_wrote;
	struct uvm_page_array pr_array;
	struct vm_page	**pr_busypg;	/* PGO_BUSYFAIL: who stopped us */
};

/*
 * Take what writing needs before pages are made busy.  Object locked; dropped
 * meanwhile.  An error: it is dropped.
 */
static int
enter(struct putreq *pr)
{
	struct mount *mp = pr->pr_vp->v_mount;
	int error = 0;

	if (pr->pr_daemon) {
		/* whoever resumes the mount may be waiting for memory */
		error = fstrans_start_nowait(mp);
		if (error != 0) {
			rw_exit(pr->pr_uobj->vmobjlock);
			return error;
		}
		/*
		 * It has no reference.  Its own write keeps the vnode until the
		 * pages are written, and it comes back to the object after that:
		 * so it counts as one more.
		 */
		mutex_enter(pr->pr_vp->v_interlock);
		pr->pr_vp->v_numoutput++;
		mutex_exit(pr->pr_vp->v_interlock);
		return 0;
	}
	rw_exit(pr->pr_uobj->vmobjlock);
	if ((pr->pr_flags & PGO_LAZY) != 0)
		fstrans_start_lazy(mp);
	else
		fstrans_start(mp);
	if ((pr->pr_flags & PGO_JOURNALLOCKED) == 0) {
		error = WAPBL_BEGIN(mp);
		if (error != 0) {
			fstrans_done(mp);
			return error;
		}
	}
	rw_enter(pr->pr_uobj->vmobjlock, RW_WRITER);
	return 0;
}

static void
leave(struct putreq *pr)
{
	struct mount *mp = pr->pr_vp->v_mount;

	if (!pr->pr_daemon && (pr->pr_flags & PGO_JOURNALLOCKED) == 0)
		WAPBL_END(mp);
	fstrans_done(mp);
}

static bool
dirty(struct vm_page *pg)
{

	return (pg->flags & PG_BUSY) == 0 &&
	    uvm_pagegetdirty(pg) != UVM_PAGE_STATUS_CLEAN;
}

/*
 * Make a page part of a cluster: busy and clean.  Those of the range that are
 * to be freed go when they are written.  Object locked.
 */
static void
claim(struct putreq *pr, struct vm_page *pg)
{
	bool inrange = pg->offset >= pr->pr_start && pg->offset < pr->pr_end;

	pg->flags |= PG_BUSY;
	page_write_begin(pg);
	if (inrange && (pr->pr_flags & PGO_FREE) != 0) {
		if (pr->pr_daemon) {
			pg->flags |= PG_PAGEOUT;
			uvm_pageout_start(1);
		} else {
			pg->flags |= PG_RELEASED;
		}
	}
}

/*
 * The dirty pages around pg, which is dirty, that one transfer can take: they
 * are claimed and stored in pgs.  Returns their number.
 */
static u_int
gather(struct putreq *pr, struct vm_page *pg, struct vm_page **pgs)
{
	struct uvm_object *uobj = pr->pr_uobj;
	voff_t lo, hi, off, first = pg->offset;
	struct vm_page *p;
	u_int n = 0;

	GOP_PUTRANGE(pr->pr_vp, pg->offset, &lo, &hi);
	lo = MAX(lo, run_trunc(pg->offset));
	hi = hi == 0 ? run_end(pg->offset) : MIN(hi, run_end(pg->offset));
	while (first > lo && (p = uvm_pagelookup(uobj, first - PAGE_SIZE)) !=
	    NULL && dirty(p))
		first -= PAGE_SIZE;
	for (off = first, p = NULL; off < hi; off += PAGE_SIZE) {
		p = page_after(uobj, p, off);
		if (p == NULL || !dirty(p))
			break;
		claim(pr, p);
		pgs[n++] = p;
	}
	KASSERT(n > 0);
	throttle_began(uobj->uo_tally, n);
	return n;
}

/* Write pg and what is around it.  *next: where to go on. */
static int
write_cluster(struct putreq *pr, struct vm_page *pg, voff_t *next)
{
	struct vm_page *pgs[RUN_PAGES];
	u_int n;
	int error;

	n = gather(pr, pg, pgs);
	*next = pgs[n - 1]->offset + PAGE_SIZE;
	pr->pr_wrote = true;
	uvm_page_array_clear(&pr->pr_array);
	rw_exit(pr->pr_uobj->vmobjlock);
	error = GOP_WRITE(pr->pr_vp, pgs, n, pr->pr_flags & ~PGO_SYNCIO);
	rw_enter(pr->pr_uobj->vmobjlock, RW_WRITER);
	return error;
}

/*
 * A page that someone else owns.  *again: it was waited for, look anew.  EDEADLK
 * for PGO_BUSYFAIL.
 */
static int
meet_busy(struct putreq *pr, struct vm_page *pg, bool *again)
{

	*again = false;
	if ((pr->pr_flags & PGO_BUSYFAIL) != 0) {
		if (pr->pr_busypg != NULL)
			*pr->pr_busypg = pg;
		return EDEADLK;
	}
	if (pr->pr_daemon || (pr->pr_flags & (PGO_FREE | PGO_SYNCIO)) == 0)
		return 0;
	uvm_page_array_clear(&pr->pr_array);
	uvm_pagewait(pg, pr->pr_uobj->vmobjlock, "genput");
	rw_enter(pr->pr_uobj->vmobjlock, RW_WRITER);
	*again = true;
	return 0;
}

/*
 * A page that is clean, or to be thrown away as it is.  What is not needed soon (DEACTIVATE),
 * clean and not wired goes at once: memory that was just used is cheaper than what the host must clear.
 */
static void
dispose(struct putreq *pr, struct vm_page *pg)
{

	if ((pr->pr_flags & PGO_FREE) == 0 &&
	    ((pr->pr_flags & PGO_DEACTIVATE) == 0 || dirty(pg) ||
	    pg->wire_count != 0))
		return;
	pmap_page_protect(pg, VM_PROT_NONE);
	uvm_pagefree(pg);
}

/* The walk.  Object locked, and again on return. */
static int
walk(struct putreq *pr)
{
	bool cleanit = (pr->pr_flags & PGO_CLEANIT) != 0, again;
	voff_t off = pr->pr_start;
	struct vm_page *pg;
	int error = 0;

	/* without FREE and DEACTIVATE only dirty pages matter */
	uvm_page_array_init(&pr->pr_array, pr->pr_uobj,
	    (pr->pr_flags & (PGO_FREE | PGO_DEACTIVATE)) == 0 ?
	    UVM_PAGE_ARRAY_FILL_DIRTY : 0);
	while (error == 0 && off < pr->pr_end) {
		pg = uvm_page_array_fill_and_peek(&pr->pr_array, off, 0);
		if (pg == NULL || pg->offset >= pr->pr_end)
			break;
		off = pg->offset;
		if ((pg->flags & PG_BUSY) != 0) {
			error = meet_busy(pr, pg, &again);
			if (again || error != 0)
				continue;
		} else if (cleanit && dirty(pg)) {
			error = write_cluster(pr, pg, &off);
			continue;
		} else {
			dispose(pr, pg);
		}
		uvm_page_array_advance(&pr->pr_array);
		off += PAGE_SIZE;
	}
	uvm_page_array_fini(&pr->pr_array);
	return error;
}

/*
 * Write or free pages of a file.
 *
 * start, end  page aligned; end 0: to the end of the file.
 * flags       PGO_CLEANIT, FREE, DEACTIVATE (one or more); SYNCIO, ALLPAGES,
 *             RECLAIM, BUSYFAIL, LAZY, JOURNALLOCKED.
 * busypg      NULL, or out: the page that PGO_BUSYFAIL failed for.
 *
 * Returns 0; EDEADLK (BUSYFAIL); EBUSY for the page daemon on a suspended
 * mount; an error of GOP_WRITE, or, with CLEANIT and SYNCIO, of a write that
 * nobody has waited for.
 * Locks:   object locked as writer on entry, not on return.
 * Context: thread; does not sleep without CLEANIT and SYNCIO but for busy
 *          pages.
 */
int
genfs_do_putpages(struct vnode *vp, off_t start, off_t end, int flags,
    struct vm_page **busypg)
{
	const int waitclean = PGO_CLEANIT | PGO_SYNCIO;
	struct putreq pr = {
		.pr_vp = vp,
		.pr_uobj = &vp->v_uobj,
		.pr_start = (flags & PGO_ALLPAGES) != 0 ? 0 : start,
		.pr_end = (flags & PGO_ALLPAGES) != 0 || end == 0 ?
		    (voff_t)INT64_MAX : end,
		.pr_flags = flags,
		.pr_daemon = curlwp == atomic_load_relaxed(&uvm.pagedaemon_lwp),
		.pr_busypg = busypg,
	};
	bool writes = (flags & PGO_CLEANIT) != 0 &&
	    !uvm_obj_clean_p(&vp->v_uobj);
	bool empty = vp->v_uobj.uo_npages == 0;
	int error = 0, error1;

	KASSERT(rw_write_held(vp->v_uobj.vmobjlock));
	KASSERT(((start | end) & PAGE_MASK) == 0);
	KASSERT((flags & (PGO_CLEANIT | PGO_FREE | PGO_DEACTIVATE)) != 0);

	if (!empty) {
		if (writes && (error = enter(&pr)) != 0)
			return error;
		error = walk(&pr);
		if (pr.pr_wrote && (atomic_load_relaxed(&vp->v_iflag) & VI_WRMAP) != 0 &&
		    VTOG(vp)->g_op->gop_markupdate != NULL)
			(*VTOG(vp)->g_op->gop_markupdate)(vp,
			    GOP_UPDATE_MODIFIED);
	}
	mutex_enter(vp->v_interlock);
	vnode_leave_syncer(vp);
	mutex_exit(vp->v_interlock);
	rw_exit(vp->v_uobj.vmobjlock);
	if (!empty && writes)
		leave(&pr);
	if ((flags & PGO_SYNCIO) != 0 && !pr.pr_daemon)
		vnode_await_output(vp);
	if ((flags & waitclean) == waitclean) {
		error1 = vn_wberror_take(vp);
		if (error == 0)
			error = error1;
	} else if (error != 0 && pr.pr_wrote && error != ENOMEM) {
		/* who does not wait does not tell */
		vnode_note_error(vp, error);
	}
	if (pr.pr_daemon && !empty && writes)
		vnode_output_done(vp);		/* see enter */
	return error;
}

/* PUTPAGES for vnodes that never have pages. */
int
genfs_null_putpages(void *v)
{
	const struct vop_putpages_args *ap = v;

	KASSERT(ap->a_vp->v_uobj.uo_npages == 0);
	rw_exit(ap->a_vp->v_uobj.vmobjlock);
	return 0;
}

/* PUTPAGES for all others. */
int
genfs_putpages(void *v)
{
	const struct vop_putpages_args *ap = v;

	return genfs_do_putpages(ap->a_vp, ap->a_offlo, ap->a_offhi,
	    ap->a_flags, NULL);
}
