/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory objects: their life, and the tags of their pages.
 *
 * Which pages of a file are dirty, or on their way to its device, is kept as
 * tags of the index of pages, so that looking for them costs no look at the
 * others.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <uvm/uvm.h>
#include <uvm/uvm_ddb.h>
#include <uvm/uvm_page_array.h>

/* The vnodes' pager, which the vfs faction sets; no object has the first. */
static const struct uvm_pagerops no_vnodes;
const struct uvm_pagerops *uvm_vnodepager = &no_vnodes;

/*
 * Prepare an object with refs references.
 *
 * alloclock  with a lock of its own; else uvm_obj_setlock follows.
 */
void
uvm_obj_init(struct uvm_object *uobj, const struct uvm_pagerops *ops,
    bool alloclock, u_int refs)
{
	uobj->vmobjlock = alloclock ? rw_obj_alloc() : NULL;
	uobj->pgops = ops;
	uobj->uo_npages = 0;
	uobj->uo_refs = refs;
	radix_tree_init_tree(&uobj->uo_pages);
	LIST_INIT(&uobj->uo_ubc);
	uobj->uo_tally = NULL;
}

/* The object has no pages; dropped: let its lock go too. */
void
uvm_obj_destroy(struct uvm_object *uobj, bool dropped)
{
	KASSERT(uobj->uo_npages == 0);
	radix_tree_fini_tree(&uobj->uo_pages);
	if (dropped && uobj->vmobjlock != NULL)
		rw_obj_free(uobj->vmobjlock);
}

/* Share a lock, taking over a reference to it; NULL: have one of its own. */
void
uvm_obj_setlock(struct uvm_object *uobj, krwlock_t *lock)
{
	krwlock_t *old = uobj->vmobjlock;

	KASSERT(old == NULL || !rw_lock_held(old));
	uobj->vmobjlock = lock != NULL ? lock : rw_obj_alloc();
	if (old != NULL)
		rw_obj_free(old);
}

/* Wire a page and put it on the list, if there is one. */
static void
wire(struct vm_page *pg, struct pglist *list)
{
	uvm_pagelock(pg);
	uvm_pagewire(pg);
	uvm_pageunlock(pg);
	if (list != NULL)
		TAILQ_INSERT_TAIL(list, pg, pageq.queue);
}

/*
 * Bring the pages [start, end) in and wire them.
 *
 * list  out, may be NULL: the pages.
 */
int
uvm_obj_wirepages(struct uvm_object *uobj, off_t start, off_t end,
    struct pglist *list)
{
	struct vm_page *pgs[16];
	int npages, error, i;
	off_t off;

	KASSERT(((start | end) & PAGE_MASK) == 0);
	for (off = start; off < end; off += (off_t)npages << PAGE_SHIFT) {
		npages = MIN(howmany(end - off, PAGE_SIZE),
		    (off_t)__arraycount(pgs));
		memset(pgs, 0, sizeof(pgs));
		rw_enter(uobj->vmobjlock, RW_WRITER);
		error = (*uobj->pgops->pgo_get)(uobj, off, pgs, &npages, 0,
		    VM_PROT_READ | VM_PROT_WRITE, UVM_ADV_SEQUENTIAL,
		    PGO_ALLPAGES | PGO_SYNCIO);
		if (error != 0) {
			uvm_obj_unwirepages(uobj, start, off);
			return error;
		}
		rw_enter(uobj->vmobjlock, RW_WRITER);
		for (i = 0; i < npages; i++)
			wire(pgs[i], list);
		uvm_page_unbusy(pgs, npages);
		rw_exit(uobj->vmobjlock);
	}
	return 0;
}

void
uvm_obj_unwirepages(struct uvm_object *uobj, off_t start, off_t end)
{
	struct vm_page *pg;
	off_t off;

	rw_enter(uobj->vmobjlock, RW_WRITER);
	for (off = start; off < end; off += PAGE_SIZE) {
		pg = uvm_pagelookup(uobj, off);
		KASSERT(pg != NULL);
		uvm_pagelock(pg);
		uvm_pageunwire(pg);
		uvm_pageunlock(pg);
	}
	rw_exit(uobj->vmobjlock);
}

/*
 * Tags.  The object is locked, as writer to change them.
 */

static bool
tagged(struct vm_page *pg, radix_tree_tagmask_t tag)
{
	return radix_tree_get_tag(&pg->uobject->uo_pages,
	    pg->offset >> PAGE_SHIFT, tag) != 0;
}

static void
put_tag(struct vm_page *pg, radix_tree_tagmask_t tag, bool on)
{
	struct radix_tree *index = &pg->uobject->uo_pages;
	uint64_t i = pg->offset >> PAGE_SHIFT;

	if (on)
		radix_tree_set_tag(index, i, tag);
	else
		radix_tree_clear_tag(index, i, tag);
}

static bool
has_none(struct uvm_object *uobj, radix_tree_tagmask_t tag)
{
	return radix_tree_empty_tagged_tree_p(&uobj->uo_pages, tag);
}

/* Pages that must be written. */

bool
uvm_obj_clean_p(struct uvm_object *uobj)
{
	return has_none(uobj, UVM_PAGE_DIRTY_TAG);
}

bool
uvm_obj_page_dirty_p(struct vm_page *pg)
{
	return tagged(pg, UVM_PAGE_DIRTY_TAG);
}

void
uvm_obj_page_set_dirty(struct vm_page *pg)
{
	put_tag(pg, UVM_PAGE_DIRTY_TAG, true);
}

void
uvm_obj_page_clear_dirty(struct vm_page *pg)
{
	put_tag(pg, UVM_PAGE_DIRTY_TAG, false);
}

/* Pages on their way to the device. */

bool
uvm_obj_nowriteback_p(struct uvm_object *uobj)
{
	return has_none(uobj, UVM_PAGE_WRITEBACK_TAG);
}

bool
uvm_obj_page_writeback_p(struct vm_page *pg)
{
	return tagged(pg, UVM_PAGE_WRITEBACK_TAG);
}

void
uvm_obj_page_set_writeback(struct vm_page *pg)
{
	put_tag(pg, UVM_PAGE_WRITEBACK_TAG, true);
}

void
uvm_obj_page_clear_writeback(struct vm_page *pg)
{
	put_tag(pg, UVM_PAGE_WRITEBACK_TAG, false);
}

void
uvm_object_printit(struct uvm_object *uobj, bool full,
    void (*pr)(const char *, ...))
{
	struct uvm_page_array a;
	struct vm_page *pg;
	voff_t off = 0;

	pr("object %p: lock %p, %d pages, %u references\n", uobj,
	    uobj->vmobjlock, uobj->uo_npages, uobj->uo_refs);
	if (!full)
		return;
	uvm_page_array_init(&a, uobj, 0);
	while ((pg = uvm_page_array_fill_and_peek(&a, off, 0)) != NULL) {
		uvm_page_printit(pg, false, pr);
		off = pg->offset + PAGE_SIZE;
		uvm_page_array_advance(&a);
	}
	uvm_page_array_fini(&a);
}
