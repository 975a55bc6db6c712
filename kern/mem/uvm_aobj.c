/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Anonymous objects: pages that are zero at first use and have no backing
 * store.  tmpfs keeps file data in them.
 *
 * Their pages are never clean and never queued for the page daemon: they stay
 * until they are freed.  The locks are those of vnode pages; the object's own
 * lock may be shared with a vnode (uvm_obj_setlock).
 *
 * Ref: uvm(9), uao_create; the contract of VOP_GETPAGES and VOP_PUTPAGES.
 */

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include <rump-private/memory.h>
#include <rump-private/pages.h>
#include <uvm/uvm.h>
#include <uvm/uvm_page_array.h>

#include "mem.h"

static void uao_release(struct uvm_object *);
static int uao_get(struct uvm_object *, voff_t, struct vm_page **, int *, int,
    vm_prot_t, int, int);
static int uao_put(struct uvm_object *, voff_t, voff_t, int);

const struct uvm_pagerops aobj_pager = {
	.pgo_reference = uao_reference,
	.pgo_detach = uao_detach,
	.pgo_get = uao_get,
	.pgo_put = uao_put,
};

/*
 * Make an object, with one reference.  Its size is what its user makes of it.
 *
 * flags  UAO_FLAG_*: of a kernel object references are not counted.
 */
struct uvm_object *
uao_create(voff_t size, int flags)
{
	struct uvm_object *uobj = kmem_alloc(sizeof(*uobj), KM_SLEEP);

	uvm_obj_init(uobj, &aobj_pager, true,
	    (flags & UAO_FLAG_KERNOBJ) != 0 ? (u_int)UVM_OBJ_KERN : 1);
	return uobj;
}

void
uao_set_pgfl(struct uvm_object *uobj, int freelist)
{
}

void
uao_reference(struct uvm_object *uobj)
{
	if (!UVM_OBJ_IS_KERN_OBJECT(uobj))
		atomic_inc_uint(&uobj->uo_refs);
}

/* Drop a reference; with the last one the object and its pages go. */
void
uao_detach(struct uvm_object *uobj)
{
	if (UVM_OBJ_IS_KERN_OBJECT(uobj))
		return;
	membar_exit();
	if (atomic_dec_uint_nv(&uobj->uo_refs) == 0)
		uao_release(uobj);
}

/* Nobody else knows the object, but a transfer may still own pages of it. */
static void
uao_release(struct uvm_object *uobj)
{
	membar_enter();
	rw_enter(uobj->vmobjlock, RW_WRITER);
	(void)uao_put(uobj, 0, 0, PGO_FREE | PGO_ALLPAGES);
	uvm_obj_destroy(uobj, true);
	kmem_free(uobj, sizeof(*uobj));
}

/* The pages that are there and in no use; never sleeps, keeps the lock. */
static int
get_resident(struct uvm_object *uobj, voff_t off, struct vm_page **pps,
    int *npagesp, int centre)
{
	const uint32_t unfit = PG_BUSY | PG_FAKE | PG_RELEASED;
	int i, got = 0, error = 0;

	for (i = 0; i < *npagesp; i++) {
		struct vm_page *pg;

		if (pps[i] == PGO_DONTCARE)
			continue;
		pg = uvm_pagelookup(uobj, off + ((voff_t)i << PAGE_SHIFT));
		if (pg != NULL && (pg->flags & unfit) != 0)
			pg = NULL;
		pps[i] = pg;
		if (pg != NULL)
			got++;
		else if (i == centre)
			error = EBUSY;
	}
	*npagesp = got;
	return error;
}

/* Make pages for up to n offsets, busy and valid; 0: there is no memory. */
static unsigned int
make_pages(struct uvm_object *uobj, voff_t off, unsigned int n, int flags,
    struct vm_page **pgs)
{
	unsigned int got, i;

	got = page_alloc_run(uobj, off, n, 0, pgs);
	for (i = 0; i < got; i++) {
		if ((flags & PGO_OVERWRITE) == 0)
			uvm_pagezero(pgs[i]);
		pgs[i]->flags &= ~PG_FAKE;
		uvm_pagemarkdirty(pgs[i], UVM_PAGE_STATUS_DIRTY);
	}
	return got;
}

/* Offsets from off on, in one run and at most max, that have no page. */
static unsigned int
count_missing(struct uvm_object *uobj, voff_t off, unsigned int max)
{
	unsigned int n, left;

	left = RUN_PAGES - ((off >> PAGE_SHIFT) & (RUN_PAGES - 1));
	max = MIN(max, left);
	if (uobj->uo_npages == 0)
		return max;
	for (n = 1; n < max; n++) {
		if (uvm_pagelookup(uobj, off + ((voff_t)n << PAGE_SHIFT)) !=
		    NULL)
			break;
	}
	return n;
}

/*
 * The page at off, busy; pgs may get up to max of them if they are new.
 *
 * Returns how many; 0: the lock was dropped, look again; -1: there is no memory,
 * and it was waited for long enough.
 */
static int
get_some(struct uvm_object *uobj, voff_t off, unsigned int max, int flags,
    struct vm_page **pgs, struct mem_patience *patience)
{
	struct vm_page *pg = uvm_pagelookup(uobj, off);
	unsigned int got;
	bool more;

	if (pg == NULL) {
		got = make_pages(uobj, off, count_missing(uobj, off, max),
		    flags, pgs);
		if (got != 0)
			return (int)got;
		rw_exit(uobj->vmobjlock);
		more = mem_wait(patience);
		rw_enter(uobj->vmobjlock, RW_WRITER);
		return more ? 0 : -1;
	}
	if ((pg->flags & PG_BUSY) != 0) {
		uvm_pagewait(pg, uobj->vmobjlock, "uaoget");
		rw_enter(uobj->vmobjlock, RW_WRITER);
		return 0;
	}
	pg->flags |= PG_BUSY;
	pgs[0] = pg;
	return 1;
}

static int
uao_get(struct uvm_object *uobj, voff_t off, struct vm_page **pps,
    int *npagesp, int centre, vm_prot_t access, int advice, int flags)
{
	struct mem_patience patience = { 0 };
	int npages = *npagesp, i, n;

	if ((flags & PGO_LOCKED) != 0)
		return get_resident(uobj, off, pps, npagesp, centre);
	KASSERT(rw_write_held(uobj->vmobjlock));
	if ((flags & PGO_SYNCIO) == 0) {
		/* Reading ahead: there is nothing to read. */
		rw_exit(uobj->vmobjlock);
		return 0;
	}
	for (i = 0; i < npages; i += n) {
		n = 1;
		if (pps[i] != NULL ||
		    ((flags & PGO_ALLPAGES) == 0 && i != centre))
			continue;
		n = get_some(uobj, off + ((voff_t)i << PAGE_SHIFT),
		    (flags & PGO_ALLPAGES) != 0 ? npages - i : 1, flags,
		    &pps[i], &patience);
		if (n < 0)
			break;
	}
	/* What was made is the object's, as if it had been written with zeros. */
	if (i < npages)
		uvm_page_unbusy(pps, i);
	rw_exit(uobj->vmobjlock);
	return i < npages ? ENOMEM : 0;
}

/* Free the pages [start, stop), waiting for busy ones. */
static void
free_range(struct uvm_object *uobj, voff_t start, voff_t stop)
{
	struct uvm_page_array a;
	struct vm_page *pg;
	voff_t off = start;

	uvm_page_array_init(&a, uobj, 0);
	while ((pg = uvm_page_array_fill_and_peek(&a, off, 0)) != NULL &&
	    pg->offset < stop) {
		if ((pg->flags & PG_BUSY) != 0) {
			uvm_pagewait(pg, uobj->vmobjlock, "uaoput");
			rw_enter(uobj->vmobjlock, RW_WRITER);
			uvm_page_array_clear(&a);
			continue;
		}
		off = pg->offset + PAGE_SIZE;
		uvm_page_array_advance(&a);
		uvm_pagefree(pg);
	}
	uvm_page_array_fini(&a);
}

/*
 * Only PGO_FREE without PGO_CLEANIT frees: cleaning needs a place to write to,
 * and freeing what is not clean would lose it.
 */
static int
uao_put(struct uvm_object *uobj, voff_t start, voff_t stop, int flags)
{
	KASSERT(rw_write_held(uobj->vmobjlock));
	if ((flags & (PGO_FREE | PGO_CLEANIT)) == PGO_FREE) {
		if ((flags & PGO_ALLPAGES) != 0)
			start = 0;
		if ((flags & PGO_ALLPAGES) != 0 || stop == 0)
			stop = INT64_MAX;
		free_range(uobj, start, stop);
	}
	rw_exit(uobj->vmobjlock);
	return 0;
}
