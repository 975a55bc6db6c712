/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The queue of pages that the daemon may take back: pages of files, in the
 * order in which they came.
 *
 * A page whose use was noticed (uvm_pageactivate) is marked PQ_USED and stays
 * where it is; when the daemon comes by, it takes the mark off and puts the
 * page behind the others: second chance.  Pages of anonymous objects are never
 * queued, there is no place to write them to; wired ones neither.
 *
 * pagequeue_lock is the page lock of uvm_pagelock, one for all pages: it is
 * held for a few instructions.  It comes after object locks; the daemon, which
 * goes from page to object, only tries those.
 *
 * Ref: F. Corbató, A Paging Experiment with the Multics System, 1969.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <rump-private/pages.h>
#include <uvm/uvm.h>

#include "mem.h"

#define PQ_USED		0x00000010	/* within PQ_PRIVATE */

kmutex_t pagequeue_lock;
unsigned int pagequeue_length;
unsigned int pagequeue_soft_limit;
static struct pglist queue;

void
pagequeue_init(void)
{
	mutex_init(&pagequeue_lock, MUTEX_DEFAULT, IPL_VM);
	TAILQ_INIT(&queue);
	/* Without a limit to go by, 512 MiB of file data are enough. */
	pagequeue_soft_limit = mem_limit == SIZE_MAX ?
	    512 * 1024 / (PAGE_SIZE / 1024) : UINT_MAX;
}

unsigned int
page_file_most(void)
{
	return (unsigned int)MIN(pagequeue_soft_limit, mem_limit >> PAGE_SHIFT);
}

void
uvm_pagelock(struct vm_page *pg)
{
	mutex_enter(&pagequeue_lock);
}

void
uvm_pagelock2(struct vm_page *a, struct vm_page *b)
{
	mutex_enter(&pagequeue_lock);
}

void
uvm_pageunlock(struct vm_page *pg)
{
	mutex_exit(&pagequeue_lock);
}

void
uvm_pageunlock2(struct vm_page *a, struct vm_page *b)
{
	mutex_exit(&pagequeue_lock);
}

static bool
queued(const struct vm_page *pg)
{
	return (pg->pqflags & PQ_INTENT_QUEUED) != 0;
}

static void
enqueue(struct vm_page *pg, bool oldest)
{
	if ((pg->flags & PG_FILE) == 0 || pg->wire_count != 0)
		return;
	if (oldest)
		TAILQ_INSERT_HEAD(&queue, pg, pageq.queue);
	else
		TAILQ_INSERT_TAIL(&queue, pg, pageq.queue);
	pqflags_change(pg, PQ_INTENT_QUEUED, 0);
	mem_count(&pagequeue_length, 1);
}

void
uvm_pagedequeue(struct vm_page *pg)
{
	KASSERT(mutex_owned(&pagequeue_lock));
	if (!queued(pg))
		return;
	TAILQ_REMOVE(&queue, pg, pageq.queue);
	pqflags_change(pg, 0, PQ_INTENT_QUEUED | PQ_USED);
	mem_count(&pagequeue_length, -1);
}

void
uvm_pageenqueue(struct vm_page *pg)
{
	KASSERT(mutex_owned(&pagequeue_lock));
	if (!queued(pg))
		enqueue(pg, false);
}

/* The page is used. */
void
uvm_pageactivate(struct vm_page *pg)
{
	uvm_pageenqueue(pg);
	pqflags_change(pg, PQ_USED, 0);
}

/* The page will not be used soon. */
void
uvm_pagedeactivate(struct vm_page *pg)
{
	uvm_pagedequeue(pg);
	enqueue(pg, true);
}

/* Keep the page in memory until uvm_pageunwire. */
void
uvm_pagewire(struct vm_page *pg)
{
	KASSERT(mutex_owned(&pagequeue_lock));
	if (pg->wire_count++ == 0) {
		uvm_pagedequeue(pg);
		uvmexp.wired++;
	}
}

void
uvm_pageunwire(struct vm_page *pg)
{
	KASSERT(mutex_owned(&pagequeue_lock));
	KASSERT(pg->wire_count != 0);
	if (--pg->wire_count == 0) {
		uvmexp.wired--;
		uvm_pageactivate(pg);
	}
}

void
uvm_estimatepageable(int *active, int *inactive)
{
	if (active != NULL)
		*active = 0;
	if (inactive != NULL)
		*inactive = atomic_load_relaxed(&pagequeue_length);
}

/*
 * The oldest page that nobody used since last time, with its object locked as
 * writer; NULL when up to *left pages, which counts down, were looked at.
 * What was looked at goes behind the others.
 */
static struct vm_page *
next_victim(unsigned int *left)
{
	struct vm_page *pg, *victim = NULL;

	mutex_enter(&pagequeue_lock);
	while (victim == NULL && *left != 0 &&
	    (pg = TAILQ_FIRST(&queue)) != NULL) {
		--*left;
		uvmexp.pdscans++;
		TAILQ_REMOVE(&queue, pg, pageq.queue);
		TAILQ_INSERT_TAIL(&queue, pg, pageq.queue);
		if ((pg->pqflags & PQ_USED) != 0) {
			pqflags_change(pg, 0, PQ_USED);
			uvmexp.pdreact++;
			continue;
		}
		/* The object cannot go while a page of it is in the queue. */
		if (!rw_tryenter(pg->uobject->vmobjlock, RW_WRITER))
			continue;
		if ((pg->flags & PG_BUSY) == 0)
			victim = pg;
		else {
			uvmexp.pdbusy++;
			rw_exit(pg->uobject->vmobjlock);
		}
	}
	mutex_exit(&pagequeue_lock);
	return victim;
}

/* May the page be freed just so?  Object locked. */
static bool
idle_clean(const struct vm_page *pg, const struct uvm_object *uobj,
    voff_t off)
{
	return atomic_load_relaxed(&pg->uobject) == uobj && pg->offset == off &&
	    (pg->flags & (PG_TABLED | PG_BUSY)) == PG_TABLED &&
	    pg->wire_count == 0 &&
	    uvm_pagegetdirty(__UNCONST(pg)) == UVM_PAGE_STATUS_CLEAN;
}

/*
 * Free a clean page and the clean ones behind it in the same run.  Object
 * locked on entry, unlocked on return.
 */
static unsigned int
free_clean(struct vm_page *pg)
{
	struct uvm_object *uobj = pg->uobject;
	voff_t off = pg->offset;
	unsigned int n = 0, left;

	left = RUN_PAGES - ((pg->phys_addr >> PAGE_SHIFT) & (RUN_PAGES - 1));
	while (n < left && idle_clean(pg + n, uobj,
	    off + ((voff_t)n << PAGE_SHIFT))) {
		uvm_pagefree(pg + n);
		n++;
	}
	rw_exit(uobj->vmobjlock);
	uvmexp.pdfreed += n;
	return n;
}

/* Write a dirty page and its run, to be freed then.  As above. */
static unsigned int
write_dirty(struct vm_page *pg)
{
	struct uvm_object *uobj = pg->uobject;
	voff_t start = pg->offset & ~(voff_t)(MAXPHYS - 1);
	unsigned int before = uobj->uo_npages;

	uvmexp.pdpageouts++;
	(void)(*uobj->pgops->pgo_put)(uobj, start, start + MAXPHYS,
	    PGO_CLEANIT | PGO_FREE);
	return MIN(before, RUN_PAGES);
}

unsigned int
pagequeue_reclaim(unsigned int npages)
{
	unsigned int left = atomic_load_relaxed(&pagequeue_length) * 2, freed = 0;
	struct vm_page *pg;

	while (freed < npages && (pg = next_victim(&left)) != NULL) {
		if (uvm_pagegetdirty(pg) == UVM_PAGE_STATUS_CLEAN)
			freed += free_clean(pg);
		else
			freed += write_dirty(pg);
	}
	return freed;
}
