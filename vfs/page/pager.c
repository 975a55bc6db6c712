/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages as the memory of a transfer.
 *
 *	uvm_pagermapin		several pages at one address
 *	uvm_pagermapout		the end of that
 *	uvm_aio_aiodone		b_iodone of a transfer of such pages
 *
 * Every page is always addressable, so pages of one run have an address as they
 * are.  Others get a bounce buffer: filled from the pages before a device reads
 * it, copied back to them after a device filled it.  genfs cuts its transfers so
 * that it never needs one; drivers that want one address may.
 *
 * bounce_lock, a leaf, protects the list of bounce buffers.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/queue.h>

#include <rump-private/pages.h>
#include <uvm/uvm.h>

#include "page/pages.h"
#include "page/throttle.h"

struct bounce {
	LIST_ENTRY(bounce) bo_entry;
	char		*bo_data;
	int		bo_npages;
	bool		bo_fills;	/* the device writes to it */
	struct vm_page	*bo_pages[];
};

static LIST_HEAD(, bounce) bounces;
static kmutex_t bounce_lock;
static u_int bounce_count;

void
uvm_pager_init(void)
{

	mutex_init(&bounce_lock, MUTEX_DEFAULT, IPL_NONE);
}

u_int
page_stretch(struct vm_page *const *pgs, u_int n)
{
	u_int i;

	for (i = 1; i < n; i++)
		if (pgs[i] == NULL || pgs[i] == PGO_DONTCARE ||
		    pgs[i]->phys_addr != pgs[i - 1]->phys_addr + PAGE_SIZE)
			break;
	return i;
}

static size_t
bounce_size(int npages)
{

	return sizeof(struct bounce) + npages * sizeof(struct vm_page *);
}

static struct bounce *
bounce_create(struct vm_page **pgs, int npages, bool fills, bool waitok)
{
	const km_flag_t how = waitok ? KM_SLEEP : KM_NOSLEEP;
	struct bounce *bo;
	int i;

	bo = kmem_intr_alloc(bounce_size(npages), how);
	if (bo == NULL)
		return NULL;
	bo->bo_data = kmem_intr_alloc((size_t)npages << PAGE_SHIFT, how);
	if (bo->bo_data == NULL) {
		kmem_intr_free(bo, bounce_size(npages));
		return NULL;
	}
	bo->bo_npages = npages;
	bo->bo_fills = fills;
	for (i = 0; i < npages; i++) {
		bo->bo_pages[i] = pgs[i];
		if (!fills)
			memcpy(bo->bo_data + ptoa(i), page_data(pgs[i]),
			    PAGE_SIZE);
	}
	mutex_enter(&bounce_lock);
	LIST_INSERT_HEAD(&bounces, bo, bo_entry);
	mutex_exit(&bounce_lock);
	atomic_inc_uint(&bounce_count);
	return bo;
}

static struct bounce *
bounce_find(vaddr_t va)
{
	struct bounce *bo;

	if (atomic_load_relaxed(&bounce_count) == 0)
		return NULL;
	mutex_enter(&bounce_lock);
	LIST_FOREACH(bo, &bounces, bo_entry)
		if (va - (vaddr_t)bo->bo_data < ptoa((vaddr_t)bo->bo_npages))
			break;
	mutex_exit(&bounce_lock);
	return bo;
}

static void
bounce_destroy(struct bounce *bo)
{
	int i;

	mutex_enter(&bounce_lock);
	LIST_REMOVE(bo, bo_entry);
	mutex_exit(&bounce_lock);
	atomic_dec_uint(&bounce_count);
	for (i = 0; bo->bo_fills && i < bo->bo_npages; i++)
		memcpy(page_data(bo->bo_pages[i]), bo->bo_data + ptoa(i),
		    PAGE_SIZE);
	kmem_intr_free(bo->bo_data, (size_t)bo->bo_npages << PAGE_SHIFT);
	kmem_intr_free(bo, bounce_size(bo->bo_npages));
}

/*
 * Give busy pages one address.
 *
 * pgs     npages pages, at least one; busy, and the caller's.
 * flags   UVMPAGER_MAPIN_READ: a device will fill them; else it reads them.
 *         UVMPAGER_MAPIN_WAITOK: may sleep; never fails then.
 *
 * Returns the address, or 0.
 */
vaddr_t
uvm_pagermapin(struct vm_page **pgs, int npages, int flags)
{
	struct bounce *bo;

	KASSERT(npages > 0);
	if (page_stretch(pgs, npages) == npages)
		return (vaddr_t)page_data(pgs[0]);
	bo = bounce_create(pgs, npages, (flags & UVMPAGER_MAPIN_READ) != 0,
	    (flags & UVMPAGER_MAPIN_WAITOK) != 0);
	return bo == NULL ? 0 : (vaddr_t)bo->bo_data;
}

/* The pages at va, from uvm_pagermapin, hold what a device put there. */
void
uvm_pagermapout(vaddr_t va, int npages)
{
	struct bounce *bo = bounce_find(va);

	if (bo != NULL) {
		KASSERT(va == (vaddr_t)bo->bo_data && npages == bo->bo_npages);
		bounce_destroy(bo);
	}
}

/*
 * What becomes of one page of a transfer that has ended.  Object locked as
 * writer; the page is still busy.
 */
static void
finish_page(struct vm_page *pg, bool write, int error)
{

	if (!write) {
		/* nobody has seen what was to be read: try again later */
		if (error != 0 && (pg->flags & PG_FAKE) != 0)
			pg->flags |= PG_RELEASED;
		pg->flags &= ~PG_FAKE;
		return;
	}
	page_write_end(pg, error != 0 &&
	    (pg->flags & (PG_RELEASED | PG_PAGEOUT)) == 0);
	if ((pg->flags & PG_PAGEOUT) != 0) {
		pg->flags = (pg->flags & ~PG_PAGEOUT) | PG_RELEASED;
		uvm_pageout_done(1);
	}
}

/* Put a page where the page daemon finds it.  Object locked as writer. */
static void
requeue_page(struct vm_page *pg)
{

	if ((pg->flags & PG_RELEASED) != 0)
		return;
	uvm_pagelock(pg);
	uvm_pageenqueue(pg);
	uvm_pageunlock(pg);
}

void
pages_io_done(struct vm_page **pgs, u_int n, bool write, int error)
{
	struct uvm_object *uobj = pgs[0]->uobject;
	struct page_tally *tally = uobj->uo_tally;
	u_int i;

	rw_enter(uobj->vmobjlock, RW_WRITER);
	for (i = 0; i < n; i++) {
		KASSERT(pgs[i]->uobject == uobj);
		KASSERT((pgs[i]->flags & PG_BUSY) != 0);
		finish_page(pgs[i], write, error);
		requeue_page(pgs[i]);
	}
	uvm_page_unbusy(pgs, n);
	rw_exit(uobj->vmobjlock);
	if (write)
		throttle_ended(tally, n);
}

/* The KPI's name of the above. */
void
uvm_aio_aiodone_pages(struct vm_page **pgs, int npages, bool write, int error)
{

	pages_io_done(pgs, npages, write, error);
}

/*
 * b_iodone of a transfer whose memory is npages pages from uvm_pagermapin:
 * b_data and b_bufsize, whole pages of one object.  Ends the mapping, gives
 * back the pages, and frees the buffer (putiobuf).
 *
 * Context: that of biodone.
 */
void
uvm_aio_aiodone(struct buf *bp)
{
	vaddr_t va = (vaddr_t)bp->b_data;
	u_int i, n, left = bp->b_bufsize >> PAGE_SHIFT;
	bool write = BUF_ISWRITE(bp);
	struct vm_page *pgs[RUN_PAGES];
	int error = bp->b_error;
	struct bounce *bo;

	if (error == 0 && bp->b_resid > 0 && bp->b_bcount == bp->b_bufsize)
		error = EIO;
	bo = bounce_find(va);
	if (bo != NULL) {
		/* contents first: unbusying makes them visible */
		for (i = 0; bo->bo_fills && i < left; i++)
			memcpy(page_data(bo->bo_pages[i]),
			    bo->bo_data + ptoa(i), PAGE_SIZE);
		bo->bo_fills = false;
		for (i = 0; i < left; i += n) {
			n = MIN(left - i, RUN_PAGES);
			pages_io_done(bo->bo_pages + i, n, write, error);
		}
		bounce_destroy(bo);
		putiobuf(bp);
		return;
	}
	for (; left > 0; left -= n, va += ptoa(n)) {
		n = MIN(left, RUN_PAGES);
		for (i = 0; i < n; i++)
			pgs[i] = PHYS_TO_VM_PAGE((paddr_t)(va + ptoa(i)));
		pages_io_done(pgs, n, write, error);
	}
	putiobuf(bp);
}
