/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of objects: uvm_pagealloc(9) and what else uvm_page.h declares.
 *
 * Placement.  The pages of one aligned 64 KiB of an object go, as long as there
 * is room, into one aligned 64 KiB of memory, each at its own place.  A page
 * that has a neighbour in memory is put beside it if that place is free; the
 * first one of its 64 KiB opens a free run and takes its place in it.  The other
 * places stay free for anybody, but are the last to be taken.  So nothing is
 * reserved, and a small file costs one page.
 *
 * Locks are as uvm_page.h says.  A thread that waits for a busy page sleeps on
 * one of a few condition variables, chosen by the page, with pagequeue_lock.
 */

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/systm.h>

#include <rump-private/pages.h>
#include <uvm/uvm.h>
#include <uvm/uvm_ddb.h>

#include "mem.h"

#define WAIT_CVS	16

static kcondvar_t wait_cvs[WAIT_CVS];	/* pagequeue_lock */

struct uvmexp uvmexp;

volatile unsigned int pages_unwritten;

static kcondvar_t *
wait_cv(const struct vm_page *pg)
{
	return &wait_cvs[(pg->phys_addr >> PAGE_SHIFT) % WAIT_CVS];
}

/* Memory that is said to be there where there is no limit. */
static int
nominal_pages(void)
{
	return sizeof(void *) == 8 ? 1 << 20 : 1 << 18;
}

void
uvm_init(void)
{
	size_t npages = mem_limit >> PAGE_SHIFT;
	unsigned int i;

	for (i = 0; i < WAIT_CVS; i++)
		cv_init(&wait_cvs[i], "page");
	if (npages > (size_t)nominal_pages())
		npages = nominal_pages();
	uvmexp.pagesize = PAGE_SIZE;
	uvmexp.pagemask = PAGE_MASK;
	uvmexp.pageshift = PAGE_SHIFT;
	uvmexp.npages = npages;
	uvmexp.ncolors = 1;
	uvmexp.freemin = MIN(npages / 32, 1024);
	uvmexp.freetarg = uvmexp.freemin * 2;
	uvm.page_init_done = true;
}

int
uvm_availmem(bool cached)
{
	size_t n = mem_available();

	return MIN(n, (size_t)nominal_pages());
}

void
uvm_update_uvmexp(void)
{
	uvmexp.free = uvm_availmem(false);
	uvmexp.filepages = atomic_load_relaxed(&pagequeue_length);
}

paddr_t
uvm_vm_page_to_phys(const struct vm_page *pg)
{
	return pg->phys_addr;
}

/* The page at an address; NULL if it is none. */
struct vm_page *
uvm_phys_to_vm_page(paddr_t pa)
{
	struct mem_chunk *c;
	struct vm_page *pg = NULL;

	mutex_enter(&page_lock);
	c = chunk_find((void *)pa);
	if (c != NULL && c->mc_pages != NULL)
		pg = &c->mc_pages[(pa - (paddr_t)c->mc_base) >> PAGE_SHIFT];
	mutex_exit(&page_lock);
	return pg;
}

struct vm_page *
uvm_pageratop(vaddr_t va)
{
	return uvm_phys_to_vm_page(va);
}

bool
uvm_page_owner_locked_p(struct vm_page *pg, bool exclusive)
{
	krwlock_t *lock;

	if (pg->uobject == NULL)
		return true;
	lock = pg->uobject->vmobjlock;
	return exclusive ? rw_write_held(lock) : rw_lock_held(lock);
}

/*
 * Allocation.
 */

/* Number of a page in its run, by its offset or by its address. */
static unsigned int
place_of(uint64_t addr)
{
	return (addr >> PAGE_SHIFT) & (RUN_PAGES - 1);
}

/* A page of the object in the same run as off, at its own place; or NULL. */
static struct vm_page *
find_neighbour(struct uvm_object *uobj, voff_t off)
{
	voff_t start = off & ~(voff_t)(MAXPHYS - 1);
	void *found[1];
	struct vm_page *pg;

	if (uobj->uo_npages == 0 ||
	    radix_tree_gang_lookup_node(&uobj->uo_pages,
	    start >> PAGE_SHIFT, found, 1, false) == 0)
		return NULL;
	pg = found[0];
	if (pg->offset - start >= MAXPHYS ||
	    place_of(pg->phys_addr) != place_of(pg->offset))
		return NULL;
	return pg;
}

/* Take pages beside a neighbour, until a place is not free; page_lock held. */
static unsigned int
take_beside(struct vm_page *neighbour, voff_t off, unsigned int n,
    struct vm_page **pgs)
{
	struct mem_chunk *c = neighbour->chunk;
	unsigned int first = (neighbour - c->mc_pages) -
	    place_of(neighbour->phys_addr) + place_of(off);
	unsigned int i;

	for (i = 0; i < n; i++) {
		pgs[i] = buddy_take_page(c, first + i);
		if (pgs[i] == NULL)
			break;
		descriptors_init(pgs[i], 1);
		mem_unpoison((void *)pgs[i]->phys_addr, PAGE_SIZE);
	}
	return i;
}

/* Pages of a run that was taken go back, for now; page_lock held. */
static void
leave_places(struct vm_page *pg, unsigned int n)
{
	if (n == 0)
		return;
	mem_poison((void *)pg->phys_addr, (size_t)n << PAGE_SHIFT);
	buddy_add(pg->chunk, pg - pg->chunk->mc_pages, n, true);
}

/* Open a run and take the places in it; page_lock held. */
static unsigned int
take_run(voff_t off, unsigned int n, int flags, struct vm_page **pgs)
{
	struct vm_page *pg = run_alloc(MEM_OBJECT, RUN_PAGES, RUN_ORDER, flags);
	unsigned int first = place_of(off), i;

	if (pg == NULL)
		return 0;
	leave_places(pg, first);
	leave_places(pg + first + n, RUN_PAGES - first - n);
	for (i = 0; i < n; i++)
		pgs[i] = pg + first + i;
	return n;
}

/*
 * Take pages for up to n offsets in one run, of which none has a page yet.
 *
 * An object that begins with less than a run may stay that small: then no run is opened
 * for it, but what others left of theirs is used.
 */
static unsigned int
take_pages(struct uvm_object *uobj, voff_t off, unsigned int n, int flags,
    struct vm_page **pgs)
{
	struct vm_page *beside = uobj != NULL ? find_neighbour(uobj, off) : NULL;
	bool small = uobj == NULL || (uobj->uo_npages == 0 && off == 0 && n < RUN_PAGES);
	struct vm_page *pg;
	unsigned int got = 0, i;

	mutex_enter(&page_lock);
	if (beside != NULL)
		got = take_beside(beside, off, n, pgs);
	else if (!small)
		got = take_run(off, n, RUN_GROW, pgs);
	for (n = small ? n : 1; got == 0 && n > 0; n /= 2) {
		pg = run_alloc(MEM_OBJECT, n, 0, flags | RUN_GROW | RUN_BORROW);
		for (i = 0; pg != NULL && i < n; i++)
			pgs[i] = pg + i;
		got = i;
	}
	mutex_exit(&page_lock);
	return got;
}

/* Is it time for the daemon?  Starts it. */
static bool
pressed(void)
{
	if (__predict_true(atomic_load_relaxed(&pagequeue_length) <=
	    pagequeue_soft_limit &&
	    (mem_limit == SIZE_MAX ||
	    mem_available() >= (size_t)uvmexp.freemin)))
		return false;
	daemon_kick();
	return true;
}

static uint32_t
object_flags(const struct uvm_object *uobj)
{
	if (UVM_OBJ_IS_AOBJ(uobj))
		return PG_TABLED | PG_AOBJ;
	return PG_TABLED | PG_FILE;
}

/* Give a page to the object; ENOMEM if the index has no memory. */
static int
insert_page(struct uvm_object *uobj, struct vm_page *pg, voff_t off)
{
	int error;

	KASSERT(rw_write_held(uobj->vmobjlock));
	error = radix_tree_insert_node(&uobj->uo_pages, off >> PAGE_SHIFT, pg);
	if (error != 0)
		return error;
	atomic_store_relaxed(&pg->uobject, uobj);
	pg->offset = off;
	pg->flags |= object_flags(uobj);
	uobj->uo_npages++;
	if ((pg->flags & PG_AOBJ) != 0)
		atomic_inc_uint(&uvmexp.anonpages);
	return 0;
}

/* The page's data are, or are not, on disk yet.  Object locked as writer. */
static void
count_unwritten(struct vm_page *pg, bool unwritten)
{
	struct page_tally *tally = pg->uobject->uo_tally;

	if (((pg->flags & PG_UNWRITTEN) != 0) == unwritten)
		return;
	pg->flags ^= PG_UNWRITTEN;
	atomic_add_int(&pages_unwritten, unwritten ? 1 : -1);
	if (tally != NULL)
		atomic_add_int(&tally->pt_unwritten, unwritten ? 1 : -1);
}

static void
remove_page(struct vm_page *pg)
{
	struct uvm_object *uobj = pg->uobject;
	struct vm_page *was __diagused;

	KASSERT(rw_write_held(uobj->vmobjlock));
	if ((pg->flags & PG_AOBJ) != 0)
		atomic_dec_uint(&uvmexp.anonpages);
	count_unwritten(pg, false);
	was = radix_tree_remove_node(&uobj->uo_pages,
	    pg->offset >> PAGE_SHIFT);
	KASSERT(was == pg);
	uobj->uo_npages--;
	pg->flags &= ~(PG_TABLED | PG_STAT);
	atomic_store_relaxed(&pg->uobject, NULL);
}

unsigned int
page_alloc_run(struct uvm_object *uobj, voff_t off, unsigned int n,
    int flags, struct vm_page **pgs)
{
	unsigned int got, i;

	KASSERT(n != 0 && place_of(off) + n <= RUN_PAGES);
	got = take_pages(uobj, off, n,
	    (flags & UVM_PGA_USERESERVE) != 0 ? RUN_RESERVE : 0, pgs);
	for (i = 0; i < got; i++) {
		pgs[i]->flags = PG_BUSY | PG_FAKE | PG_CLEAN;
		if (uobj != NULL && insert_page(uobj, pgs[i],
		    off + ((voff_t)i << PAGE_SHIFT)) != 0)
			break;
		if ((flags & UVM_PGA_ZERO) != 0)
			uvm_pagezero(pgs[i]);
	}
	while (got > i) {
		pgs[--got]->flags = 0;
		run_free(pgs[got], 1);
		pgs[got] = NULL;	/* a slot of the caller's to fill yet */
	}
	if (pressed() && got == 0)
		/* a statistic */
		atomic_store_relaxed(&uvmexp.fltnoram,
		    atomic_load_relaxed(&uvmexp.fltnoram) + 1);
	return got;
}

struct vm_page *
uvm_pagealloc_strat(struct uvm_object *uobj, voff_t off, struct vm_anon *anon,
    int flags, int strategy, int freelist)
{
	struct vm_page *pg;

	KASSERT(anon == NULL);
	KASSERT((off & PAGE_MASK) == 0);
	if (page_alloc_run(uobj, off, 1, flags, &pg) == 0)
		return NULL;
	if ((flags & UVM_PGA_ZERO) != 0 && uobj != NULL)
		uvm_pagemarkdirty(pg, UVM_PAGE_STATUS_DIRTY);
	return pg;
}

/*
 * The page is leaving its object: off the queue first, since the daemon goes
 * from queued pages to their objects.
 */
static void
leave_queue(struct vm_page *pg)
{
	if (atomic_load_relaxed(&pg->pqflags) == 0 && pg->wire_count == 0)
		return;
	mutex_enter(&pagequeue_lock);
	if (pg->wire_count != 0) {
		pg->wire_count = 0;
		uvmexp.wired--;
	}
	uvm_pagedequeue(pg);
	uvm_pagewakeup(pg);
	mutex_exit(&pagequeue_lock);
}

void
uvm_pagefree(struct vm_page *pg)
{
	KASSERT((pg->flags & PG_FREE) == 0);
	KASSERT(pg->uobject == NULL || rw_write_held(pg->uobject->vmobjlock));
	leave_queue(pg);
	if ((pg->flags & PG_TABLED) != 0)
		remove_page(pg);
	pg->flags = 0;
	run_free(pg, 1);
}

struct vm_page *
uvm_pagelookup(struct uvm_object *uobj, voff_t off)
{
	return radix_tree_lookup_node(&uobj->uo_pages, off >> PAGE_SHIFT);
}

/* Move a page to another object or offset.  Returns true if it failed. */
bool
uvm_pagerealloc(struct vm_page *pg, struct uvm_object *uobj, voff_t off)
{
	leave_queue(pg);
	if ((pg->flags & PG_TABLED) != 0)
		remove_page(pg);
	return uobj != NULL && insert_page(uobj, pg, off) != 0;
}

/* Put newpg, which no object has, in the place of oldpg.  0. */
int
uvm_pagereplace(struct vm_page *oldpg, struct vm_page *newpg)
{
	struct uvm_object *uobj = oldpg->uobject;

	KASSERT(rw_write_held(uobj->vmobjlock));
	leave_queue(oldpg);
	radix_tree_replace_node(&uobj->uo_pages, oldpg->offset >> PAGE_SHIFT,
	    newpg);
	atomic_store_relaxed(&newpg->uobject, uobj);
	newpg->offset = oldpg->offset;
	newpg->flags |= oldpg->flags & (PG_TABLED | PG_STAT | PG_UNWRITTEN);
	oldpg->flags &= ~(PG_TABLED | PG_STAT | PG_UNWRITTEN);
	atomic_store_relaxed(&oldpg->uobject, NULL);
	return 0;
}

/*
 * Ownership.
 */

void
uvm_page_unbusy(struct vm_page **pgs, int npgs)
{
	int i;

	for (i = 0; i < npgs; i++) {
		struct vm_page *pg = pgs[i];

		if (pg == NULL || pg == PGO_DONTCARE)
			continue;
		KASSERT(uvm_page_owner_locked_p(pg, true));
		KASSERT((pg->flags & PG_BUSY) != 0);
		if ((pg->flags & PG_RELEASED) != 0) {
			pg->flags &= ~PG_RELEASED;
			uvm_pagefree(pg);
			continue;
		}
		KASSERT((pg->flags & PG_FAKE) == 0);
		pg->flags &= ~PG_BUSY;
		if (uvm_pagewanted_p(pg)) {
			uvm_pagelock(pg);
			uvm_pagewakeup(pg);
			uvm_pageunlock(pg);
		}
	}
}

/*
 * Wait until the busy page is not.  The lock, of its object, is released;
 * what the page is afterwards is not known.
 */
void
uvm_pagewait(struct vm_page *pg, krwlock_t *lock, const char *msg)
{
	KASSERT((pg->flags & PG_BUSY) != 0);
	KASSERT(rw_lock_held(lock));
	mutex_enter(&pagequeue_lock);
	pqflags_change(pg, PQ_WANTED, 0);
	rw_exit(lock);
	cv_wait(wait_cv(pg), &pagequeue_lock);
	mutex_exit(&pagequeue_lock);
}

/* Wake who waits for the page; page locked. */
void
uvm_pagewakeup(struct vm_page *pg)
{
	KASSERT(mutex_owned(&pagequeue_lock));
	if ((pg->pqflags & PQ_WANTED) != 0) {
		pqflags_change(pg, 0, PQ_WANTED);
		cv_broadcast(wait_cv(pg));
	}
}

bool
uvm_pagewanted_p(struct vm_page *pg)
{
	return (atomic_load_relaxed(&pg->pqflags) & PQ_WANTED) != 0;
}

/*
 * Contents.
 */

void
uvm_pagezero(struct vm_page *pg)
{
	memset((void *)pg->phys_addr, 0, PAGE_SIZE);
}

void
uvm_pagecopy(struct vm_page *src, struct vm_page *dst)
{
	memcpy((void *)dst->phys_addr, (void *)src->phys_addr, PAGE_SIZE);
}

unsigned int
uvm_pagegetdirty(struct vm_page *pg)
{
	return pg->flags & (PG_CLEAN | PG_DIRTY);
}

/*
 * Set the page's state.  The first page of a vnode that is not clean makes the
 * vnode known to the syncer.
 */
void
uvm_pagemarkdirty(struct vm_page *pg, unsigned int status)
{
	struct uvm_object *uobj = pg->uobject;
	unsigned int old = uvm_pagegetdirty(pg);

	KASSERT(status < UVM_PAGE_NUM_STATUS);
	KASSERT(uvm_page_owner_locked_p(pg, true));
	if (old == status)
		return;
	pg->flags = (pg->flags & ~(PG_CLEAN | PG_DIRTY)) | status;
	if ((pg->flags & PG_FILE) == 0)
		return;
	count_unwritten(pg, status != UVM_PAGE_STATUS_CLEAN);
	if (status == UVM_PAGE_STATUS_CLEAN)
		uvm_obj_page_clear_dirty(pg);
	else if (old == UVM_PAGE_STATUS_CLEAN) {
		if (uobj->pgops->pgo_markdirty != NULL)
			(*uobj->pgops->pgo_markdirty)(uobj);
		uvm_obj_page_set_dirty(pg);
	}
}

void
page_write_begin(struct vm_page *pg)
{
	KASSERT((pg->flags & (PG_BUSY | PG_FILE)) == (PG_BUSY | PG_FILE));
	KASSERT(uvm_page_owner_locked_p(pg, true));
	pg->flags = (pg->flags & ~PG_DIRTY) | PG_CLEAN;
	uvm_obj_page_clear_dirty(pg);
	uvm_obj_page_set_writeback(pg);
}

void
page_write_end(struct vm_page *pg, bool failed)
{
	KASSERT(uvm_page_owner_locked_p(pg, true));
	uvm_obj_page_clear_writeback(pg);
	if (failed)
		uvm_pagemarkdirty(pg, UVM_PAGE_STATUS_DIRTY);
	else if (uvm_pagegetdirty(pg) == UVM_PAGE_STATUS_CLEAN)
		count_unwritten(pg, false);
}

/*
 * Mark the page clean, before it is written.  Returns whether it must be:
 * unknown counts as dirty, since no MMU can be asked.
 */
bool
uvm_pagecheckdirty(struct vm_page *pg, bool protected)
{
	bool dirty = uvm_pagegetdirty(pg) != UVM_PAGE_STATUS_CLEAN;

	uvm_pagemarkdirty(pg, UVM_PAGE_STATUS_CLEAN);
	return dirty;
}

bool
uvm_pagereadonly_p(struct vm_page *pg)
{
	return (pg->flags & PG_RDONLY) != 0 ||
	    (uvm_pagegetdirty(pg) == UVM_PAGE_STATUS_CLEAN &&
	    UVM_OBJ_IS_VNODE(pg->uobject));
}

void
uvm_page_printit(struct vm_page *pg, bool full,
    void (*pr)(const char *, ...))
{
	pr("page %p: flags %#x pqflags %#x wired %u, of %p at %#" PRIx64
	    ", memory %#" PRIxPADDR "\n", pg, pg->flags, pg->pqflags,
	    pg->wire_count, pg->uobject, (int64_t)pg->offset, pg->phys_addr);
}
