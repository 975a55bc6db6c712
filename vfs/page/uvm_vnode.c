/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vnode as an object that has pages.
 *
 *	uvm_vnodeops		its pager operations: GETPAGES and PUTPAGES
 *	uvm_vnp_setsize,
 *	uvm_vnp_setwritesize	the file's size, for readers and for pages
 *	uvn_findpages		find, allocate and make busy
 *
 * Locks: v_uobj.vmobjlock for the pages.  v_size and v_writesize change under
 * it, as writer, and the interlock, so that holding one of the two, or the vnode
 * lock, is enough to read them.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/radixtree.h>
#include <sys/vnode.h>

#include <rump-private/memory.h>
#include <rump-private/pages.h>
#include <uvm/uvm.h>
#include <uvm/uvm_page_array.h>
#include <uvm/uvm_readahead.h>

#include "page/pages.h"

/* ------------------------------------------------------- pager operations */

static void
uvn_reference(struct uvm_object *uobj)
{

	vref(vnode_of(uobj));
}

static void
uvn_detach(struct uvm_object *uobj)
{

	vrele(vnode_of(uobj));
}

/*
 * Get pages, and read ahead of a caller that goes through the file.  Entered
 * and left as GETPAGES is.
 */
static int
uvn_get(struct uvm_object *uobj, voff_t off, struct vm_page **pgs,
    int *npages, int centeridx, vm_prot_t access, int advice, int flags)
{
	struct vnode *vp = vnode_of(uobj);

	if (vp->v_type == VREG && (flags & PGO_LOCKED) == 0 &&
	    (access & VM_PROT_WRITE) == 0) {
		vn_ra_allocctx(vp);
		uvm_ra_request(vp->v_ractx, advice, uobj, off,
		    (size_t)*npages << PAGE_SHIFT);
	}
	return VOP_GETPAGES(vp, off, pgs, npages, centeridx, access, advice,
	    flags);
}

static int
uvn_put(struct uvm_object *uobj, voff_t lo, voff_t hi, int flags)
{

	return VOP_PUTPAGES(vnode_of(uobj), lo, hi, flags);
}

/* The object's first dirty page: the syncer should know. */
static void
uvn_markdirty(struct uvm_object *uobj)
{
	struct vnode *vp = vnode_of(uobj);

	KASSERT(rw_write_held(uobj->vmobjlock));
	mutex_enter(vp->v_interlock);
	if ((vp->v_iflag & VI_ONWORKLST) == 0)
		vn_syncer_add_to_worklist(vp, filedelay);
	mutex_exit(vp->v_interlock);
}

const struct uvm_pagerops uvm_vnodeops = {
	.pgo_reference = uvn_reference,
	.pgo_detach = uvn_detach,
	.pgo_get = uvn_get,
	.pgo_put = uvn_put,
	.pgo_markdirty = uvn_markdirty,
};

/* Is the object the text of a program? */
bool
uvn_text_p(struct uvm_object *uobj)
{

	return (atomic_load_relaxed(&vnode_of(uobj)->v_iflag) & VI_EXECMAP) != 0;
}

/* May its pages have become dirty behind the kernel's back? */
bool
uvn_needs_writefault_p(struct uvm_object *uobj)
{

	return (atomic_load_relaxed(&vnode_of(uobj)->v_iflag) & VI_WRMAP) != 0;
}

/* Does the syncer think that nothing is dirty? */
bool
uvn_clean_p(struct uvm_object *uobj)
{

	return (atomic_load_relaxed(&vnode_of(uobj)->v_iflag) & VI_ONWORKLST) == 0;
}

/* ------------------------------------------------------------------ sizes */

static void
set_sizes(struct vnode *vp, voff_t size, voff_t writesize)
{

	KASSERT(rw_write_held(vp->v_uobj.vmobjlock));
	mutex_enter(vp->v_interlock);
	vp->v_size = size;
	vp->v_writesize = writesize;
	mutex_exit(vp->v_interlock);
}

/*
 * The file has a new size.  Whole pages after it are freed, transfers of them
 * waited for.
 *
 * size    bytes, >= 0.
 *
 * Locks:   vp locked exclusively, or nobody else knows it yet.  The caller has
 *          no page of what is freed busy.
 * Context: thread, may sleep.
 */
void
uvm_vnp_setsize(struct vnode *vp, voff_t size)
{
	struct uvm_object *uobj = &vp->v_uobj;
	voff_t end = round_page(size), old;

	KASSERT(size >= 0);
	rw_enter(uobj->vmobjlock, RW_WRITER);
	old = vp->v_size == VSIZENOTSET ? 0 :
	    MAX(vp->v_size, vp->v_writesize);
	if (old > end) {
		/* releases the lock */
		(void)(*uobj->pgops->pgo_put)(uobj, end, 0,
		    PGO_FREE | PGO_SYNCIO);
		rw_enter(uobj->vmobjlock, RW_WRITER);
	}
	set_sizes(vp, size, size);
	rw_exit(uobj->vmobjlock);
}

/*
 * Pages up to size may be made from now on, by a write that is about to extend
 * the file.  Readers see the old size until uvm_vnp_setsize.
 *
 * size    bytes, not less than the write size is.
 *
 * Locks:   vp locked exclusively.
 */
void
uvm_vnp_setwritesize(struct vnode *vp, voff_t size)
{

	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	KASSERT(vp->v_size != VSIZENOTSET);
	KASSERT(size >= vp->v_size);
	set_sizes(vp, vp->v_size, size);
	rw_exit(vp->v_uobj.vmobjlock);
}

/* ---------------------------------------------------------- finding pages */

/* How many of the n pages from off on does the object not have? */
static u_int
absent(struct uvm_object *uobj, voff_t off, u_int n)
{
	struct vm_page *pg;

	if (n > 1 && radix_tree_gang_lookup_node(&uobj->uo_pages, atop(off),
	    (void **)&pg, 1, false) == 1)
		n = (u_int)MIN(n, atop(pg->offset - off));
	return n;
}

/*
 * Allocate pages from off on, which the object does not have, for the NULL slots
 * that begin at slot: as many as fit in one run, at most n.  Returns how many; 0:
 * no memory.
 */
static u_int
allocate(struct uvm_object *uobj, voff_t off, struct vm_page **slot, u_int n)
{
	u_int i;

	n = (u_int)MIN(n, atop(run_end(off) - off));
	for (i = 1; i < n && slot[i] == NULL; i++)
		continue;
	return page_alloc_run(uobj, off, absent(uobj, off, i), 0, slot);
}

/* Does a page that is there, and not busy, fit what is looked for? */
static bool
wanted(struct vm_page *pg, u_int flags)
{

	if ((flags & UFP_NOCACHE) != 0)
		return false;
	if ((flags & UFP_NORDONLY) != 0 && (pg->flags & PG_RDONLY) != 0)
		return false;
	if ((flags & UFP_DIRTYONLY) != 0 &&
	    uvm_pagegetdirty(pg) == UVM_PAGE_STATUS_CLEAN)
		return false;
	return true;
}

/* A walk of uvn_findpages. */
struct finding {
	struct uvm_object *fi_uobj;
	u_int		fi_flags;	/* UFP_* */
	u_int		fi_found;
	struct mem_patience fi_patience;
	bool		fi_dropped;	/* the lock was dropped meanwhile */
};

/* Wait for a page, or memory for one (NULL); false: it was for long enough. */
static bool
await_page(struct finding *fi, struct vm_page *pg)
{
	krwlock_t *lock = fi->fi_uobj->vmobjlock;
	bool more = true;

	fi->fi_dropped = true;
	if (pg != NULL) {
		uvm_pagewait(pg, lock, "uvnfind");
	} else {
		rw_exit(lock);
		if ((fi->fi_flags & UFP_GIVEUP) != 0)
			more = mem_wait(&fi->fi_patience);
		else
			uvm_wait("uvnfind");
	}
	rw_enter(lock, RW_WRITER);
	return more;
}

/*
 * Find the page of off, for slot.  prev is the one before it, if that was found.
 * Of the n slots that follow, some may get new pages, too.  Returns how many slots
 * were dealt with.
 */
static u_int
find_page(struct finding *fi, struct vm_page *prev, voff_t off,
    struct vm_page **slot, u_int n)
{
	bool wait = (fi->fi_flags & UFP_NOWAIT) == 0;
	struct vm_page *pg;
	u_int got;

	for (;; prev = NULL) {
		pg = page_after(fi->fi_uobj, prev, off);
		if (pg == NULL) {
			if ((fi->fi_flags & UFP_NOALLOC) != 0)
				return 1;
			got = allocate(fi->fi_uobj, off, slot, n);
			fi->fi_found += got;
			if (got != 0 || !wait || !await_page(fi, NULL))
				return MAX(got, 1);
		} else if ((pg->flags & PG_BUSY) != 0) {
			if (!wait)
				return 1;
			(void)await_page(fi, pg);
		} else {
			break;
		}
	}
	if (wanted(pg, fi->fi_flags)) {
		if ((fi->fi_flags & UFP_NOBUSY) == 0)
			pg->flags |= PG_BUSY;
		*slot = pg;
		fi->fi_found++;
	}
	return 1;
}

/*
 * Find the pages of consecutive offsets and make them busy.
 *
 * off     page aligned; with UFP_BACKWARD that of the last page.
 * npages  in: slots of pgs; out: pages found, or with UFP_DIRTYONLY, found
 *         without a gap.
 * pgs     out: for each page that was found, in its slot; with UFP_BACKWARD
 *         the page at off is in the last one.  Slots that are not NULL are
 *         left alone.
 * a       not used; may be NULL.
 * flags   UFP_*.  UFP_ALL: every page, whatever it takes; UFP_GIVEUP: unless memory
 *         is waited for in vain.
 *
 * Returns the number of pages found.
 * Locks:   object locked as writer (with UFP_NOBUSY, NOWAIT and NOALLOC, as
 *          reader); dropped meanwhile unless UFP_NOWAIT.
 * Context: thread; may sleep unless UFP_NOWAIT.
 */
int
uvn_findpages(struct uvm_object *uobj, voff_t off, unsigned int *npages,
    struct vm_page **pgs, struct uvm_page_array *a, unsigned int flags)
{
	struct finding fi = { .fi_uobj = uobj, .fi_flags = flags };
	bool back = (flags & UFP_BACKWARD) != 0;
	u_int done, i, n = *npages;
	struct vm_page **slot;

	for (i = 0; i < n; i += done) {
		slot = &pgs[back ? n - 1 - i : i];
		done = 1;
		if (*slot != NULL)
			continue;
		if (back)
			(void)find_page(&fi, NULL, off - ptoa((voff_t)i), slot,
			    1);
		else
			done = find_page(&fi, i > 0 && slot[-1] !=
			    PGO_DONTCARE ? slot[-1] : NULL,
			    off + ptoa((voff_t)i), slot, n - i);
		if (*slot == NULL && (flags & UFP_DIRTYONLY) != 0)
			break;
	}
	if (fi.fi_dropped && a != NULL)
		uvm_page_array_clear(a);
	*npages = fi.fi_found;
	return (int)fi.fi_found;
}
