/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What vfs/page and vfs/genfs share about pages.  doc/pagecache.md explains
 * runs, states and locks.
 */
#ifndef _VFS_PAGE_PAGES_H_
#define _VFS_PAGE_PAGES_H_

#include <sys/types.h>
#include <sys/atomic.h>
#include <sys/vnode.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>

/* A run: what is contiguous in a file and, if it can be, in memory. */
#define RUN_BYTES	MAXPHYS
#define RUN_PAGES	(RUN_BYTES >> PAGE_SHIFT)

#define run_trunc(off)	((off) & ~(voff_t)(RUN_BYTES - 1))
#define run_end(off)	(run_trunc(off) + RUN_BYTES)

/*
 * Is pg + 1 a descriptor?  Those of an aligned run of memory lie side by side.
 */
static inline bool
page_has_neighbour(const struct vm_page *pg)
{

	return ((pg->phys_addr >> PAGE_SHIFT) & (RUN_PAGES - 1)) !=
	    RUN_PAGES - 1;
}

/*
 * The page after pg in its object, if it is after it in memory too; else NULL,
 * which says nothing about the object.  Object locked: the next page may be another
 * object's and change meanwhile, but does not become or cease to be this one's.
 */
static inline struct vm_page *
page_next(struct vm_page *pg)
{

	if (page_has_neighbour(pg) &&
	    atomic_load_relaxed(&pg[1].uobject) == pg->uobject &&
	    pg[1].offset == pg->offset + PAGE_SIZE &&
	    (pg[1].flags & PG_TABLED) != 0)
		return pg + 1;
	return NULL;
}

/* The page of uobj at off, given the one before it, or NULL for that. */
static inline struct vm_page *
page_after(struct uvm_object *uobj, struct vm_page *prev, voff_t off)
{
	struct vm_page *pg;

	if (prev != NULL && (pg = page_next(prev)) != NULL)
		return pg;
	return uvm_pagelookup(uobj, off);
}

/* A page's memory. */
static inline char *
page_data(const struct vm_page *pg)
{

	return (char *)(uintptr_t)VM_PAGE_TO_PHYS(pg);
}

/* How many of pgs[0..n) lie one after the other in memory, at least 1. */
u_int	page_stretch(struct vm_page *const *pgs, u_int n);

static inline struct vnode *
vnode_of(struct uvm_object *uobj)
{

	KASSERT(UVM_OBJ_IS_VNODE(uobj));
	return (struct vnode *)((char *)uobj - offsetof(struct vnode, v_uobj));
}

/*
 * End of a transfer: give back n busy pages of one object.  Takes the object's
 * lock.
 *
 * write  they were written; else they were read.
 * error  how it went.
 */
void	pages_io_done(struct vm_page **pgs, u_int n, bool write, int error);

/*
 * Errors of writes that nobody waits for: the vnode keeps the last, and whoever
 * waits for all writes gets it, once (vn_wberror_take).
 */
static inline void
vnode_note_error(struct vnode *vp, int error)
{

	mutex_enter(vp->v_interlock);
	vp->v_wberror = error;
	mutex_exit(vp->v_interlock);
}

/*
 * A flag of uvn_findpages, beside UFP_*: do not wait for memory for ever; what was
 * not found is NULL.
 */
#define UFP_GIVEUP	0x10000

/*
 * vfs/bio/vnbufs.c: if neither pages nor buffers are dirty, the syncer need not
 * come (interlock held); wait until no write of the vnode is under way.
 */
void	vnode_leave_syncer(struct vnode *vp);
void	vnode_await_output(struct vnode *vp);

/* One write of v_numoutput is over. */
void	vnode_output_done(struct vnode *vp);

#endif /* !_VFS_PAGE_PAGES_H_ */
