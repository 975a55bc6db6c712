/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading ahead of those who read a file from front to back.
 *
 * A context, one per vnode, remembers where the last read ended and up to where
 * reads have been started.  A read that begins where the last one ended finds a
 * window of data on its way, or starts it.  The window begins at two runs and
 * doubles up to WINDOW_MOST; any other read closes it.
 *
 * All members are hints: they are read and written without a lock, in pages and
 * not bytes so that each is a word, and nothing but speed depends on them.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/kmem.h>
#include <sys/rwlock.h>
#include <sys/vnode.h>

#include <uvm/uvm.h>
#include <uvm/uvm_readahead.h>

#include "page/pages.h"
#include "page/readahead.h"

#define WINDOW_FIRST	(2 * RUN_PAGES)
#define VOFF_MAX	((voff_t)INT64_MAX)
#define WINDOW_MOST	((u_long)(1024 * 1024) >> PAGE_SHIFT)

struct uvm_ractx {
	u_long	ra_next;	/* page after the last one that was asked for */
	u_long	ra_started;	/* page after the last one that was started */
	u_long	ra_window;	/* pages to keep started; 0: not sequential */
};

void
uvm_ra_init(void)
{

}

struct uvm_ractx *
uvm_ra_allocctx(void)
{

	return kmem_zalloc(sizeof(struct uvm_ractx), KM_SLEEP);
}

void
uvm_ra_freectx(struct uvm_ractx *ra)
{

	kmem_free(ra, sizeof(*ra));
}

/* Give a regular file a context.  Object locked as writer. */
void
vn_ra_allocctx(struct vnode *vp)
{
	struct uvm_object *uobj = &vp->v_uobj;
	struct uvm_ractx *ra;

	KASSERT(rw_write_held(uobj->vmobjlock));
	if (vp->v_type != VREG || vp->v_ractx != NULL)
		return;
	rw_exit(uobj->vmobjlock);
	ra = uvm_ra_allocctx();
	rw_enter(uobj->vmobjlock, RW_WRITER);
	if (vp->v_ractx == NULL)
		vp->v_ractx = ra;
	else
		uvm_ra_freectx(ra);
}

/*
 * Start to read what is missing of a range.
 *
 * off, size  bytes.
 *
 * Returns 0, or the error that ended it.
 * Locks:   object locked as writer; dropped meanwhile.
 */
int
uvm_readahead(struct uvm_object *uobj, off_t off, off_t size)
{
	off_t end = off + size, next;
	int error, npages;

	KASSERT(rw_write_held(uobj->vmobjlock));
	for (off = trunc_page(off); off < end; off = next) {
		next = MIN(run_end(off), round_page(end));
		npages = atop(next - off);
		if (uvm_pagelookup(uobj, off) != NULL)
			continue;
		/* no array, not SYNCIO: this only starts it */
		error = (*uobj->pgops->pgo_get)(uobj, off, NULL, &npages, 0,
		    VM_PROT_READ, UVM_ADV_RANDOM, PGO_NOTIMESTAMP);
		rw_enter(uobj->vmobjlock, RW_WRITER);
		if (error != 0)
			return error;
	}
	return 0;
}

/*
 * What is to be started because pages [first, first + n) are asked for?  False:
 * nothing.  Updates the context.
 */
static bool
plan(struct uvm_ractx *ra, int advice, u_long first, u_long n, u_long *from,
    u_long *to)
{
	u_long started = atomic_load_relaxed(&ra->ra_started);
	u_long window = atomic_load_relaxed(&ra->ra_window);
	u_long next = atomic_load_relaxed(&ra->ra_next);
	u_long end = first + n;

	if (advice == UVM_ADV_SEQUENTIAL) {
		window = WINDOW_MOST;
	} else if (first != next && first + 1 != next) {
		/* a jump; the last page may be asked for twice */
		atomic_store_relaxed(&ra->ra_window, 0);
		atomic_store_relaxed(&ra->ra_next, end);
		atomic_store_relaxed(&ra->ra_started, end);
		return false;
	}
	atomic_store_relaxed(&ra->ra_next, end);
	if (started < first || started > end + 2 * WINDOW_MOST)
		started = first;
	/* half of the window is still ahead */
	if (window != 0 && started >= end + window / 2)
		return false;
	window = window == 0 ? WINDOW_FIRST : MIN(2 * window, WINDOW_MOST);
	*from = started;
	*to = atop(run_end(ptoa((voff_t)(end + window)) - 1));
	atomic_store_relaxed(&ra->ra_window, window);
	atomic_store_relaxed(&ra->ra_started, *to);
	return true;
}

/*
 * Pages of a range are asked for: start what will be asked for next.
 *
 * advice  UVM_ADV_*: RANDOM starts nothing, WILLNEED exactly the range.
 *
 * Locks:   object locked as writer; may be dropped meanwhile.
 */
void
uvm_ra_request(struct uvm_ractx *ra, int advice, struct uvm_object *uobj,
    off_t off, size_t len)
{
	u_long from, to;
	voff_t eof;

	if (ra == NULL || advice == UVM_ADV_RANDOM)
		return;
	if (advice == UVM_ADV_WILLNEED) {
		(void)uvm_readahead(uobj, off, len);
		return;
	}
	if (!plan(ra, advice, atop(off), atop(round_page(len)), &from, &to))
		return;
	eof = UVM_OBJ_IS_VNODE(uobj) ? vnode_of(uobj)->v_size : VOFF_MAX;
	/* who asks for the rest of the file gets all there is */
	if (off + (voff_t)len < eof)
		(void)uvm_readahead(uobj, ptoa((off_t)from),
		    MIN(ptoa((off_t)to), eof) - ptoa((off_t)from));
}

/* Was [off, off + len) read in order, so that more should be started? */
bool
readahead_due(struct vnode *vp, off_t off, size_t len)
{
	struct uvm_ractx *ra;
	u_long end, next, started, window;

	if (vp->v_type != VREG || (ra = vp->v_ractx) == NULL)
		return false;
	window = atomic_load_relaxed(&ra->ra_window);
	next = atomic_load_relaxed(&ra->ra_next);
	started = atomic_load_relaxed(&ra->ra_started);
	end = atop(round_page(off + len));
	if (window == 0 || end <= next || started >= end + window / 2)
		return false;
	return ptoa((voff_t)started) < vp->v_size;
}
