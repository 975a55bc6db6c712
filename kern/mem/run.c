/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs of pages: allocation over the free blocks of both uses.
 *
 * A request is served from free blocks of its use, else by a new chunk, else
 * from the other use's blocks: near the limit the kernel may use what files
 * leave and the other way round, as long as the kernel keeps a little.
 *
 * A chunk that is wholly free goes back to the host, unless too little would
 * be left free to go on with.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <rump-private/memory.h>

#include "mem.h"

kmutex_t page_lock;
struct mem_arena mem_arenas[MEM_USES];

/* Free pages that a use keeps when a chunk of it goes back to the host. */
#define KEEP_FREE	128

/* Free pages of the kernel that are not lent out for objects. */
#define KEEP_KERNEL	64

static enum mem_use
other_use(enum mem_use use)
{
	return use == MEM_KERNEL ? MEM_OBJECT : MEM_KERNEL;
}

/* A block of a use, which is not the one that asks. */
static struct vm_page *
borrow(enum mem_use from, unsigned int order)
{
	if (from == MEM_KERNEL &&
	    mem_arenas[from].ma_nfree < KEEP_KERNEL + (1u << order))
		return NULL;
	return buddy_take(from, order);
}

struct vm_page *
run_alloc(enum mem_use use, unsigned int npages, unsigned int align,
    int flags)
{
	unsigned int order = npages > 1 ? ilog2(npages - 1) + 1 : 0;
	struct vm_page *pg = NULL;

	KASSERT(mutex_owned(&page_lock));
	order = MAX(order, align);
	if (order >= MEM_ORDERS)
		return NULL;
	/* What is left once the reserve was drawn on is for it alone. */
	if (use != MEM_KERNEL || !atomic_load_relaxed(&mem_reserve_low) || (flags & RUN_RESERVE) != 0)
		pg = buddy_take(use, order);
	if (pg == NULL && (flags & RUN_GROW) != 0 && chunk_create(use, order))
		pg = buddy_take(use, order);
	if (pg == NULL && (flags & RUN_BORROW) != 0)
		pg = borrow(other_use(use), order);
	if (pg == NULL)
		return NULL;
	if (npages < 1u << order)
		buddy_add(pg->chunk, pg + npages - pg->chunk->mc_pages,
		    (1u << order) - npages, true);
	descriptors_init(pg, npages);
	mem_unpoison((void *)pg->phys_addr, (size_t)npages << PAGE_SHIFT);
	return pg;
}

void
run_release(struct vm_page *pg, unsigned int npages)
{
	struct mem_chunk *c = pg->chunk;
	struct mem_arena *a = &mem_arenas[c->mc_use];

	mutex_enter(&page_lock);
	mem_poison((void *)pg->phys_addr, (size_t)npages << PAGE_SHIFT);
	buddy_add(c, pg - c->mc_pages, npages, false);
	if (c->mc_nfree == c->mc_nusable &&
	    a->ma_nfree >= c->mc_nusable + KEEP_FREE)
		chunk_destroy(c);
	mutex_exit(&page_lock);
}

void
mem_freed(void)
{
	if (__predict_false(atomic_load_relaxed(&mem_reserve_low)))
		reserve_fill();
	if (__predict_false(atomic_load_relaxed(&daemon_waiters)))
		daemon_wakeup();
}

void
run_free(struct vm_page *pg, unsigned int npages)
{
	run_release(pg, npages);
	mem_freed();
}

size_t
mem_available(void)
{
	size_t mapped = atomic_load_relaxed(&mem_mapped);
	size_t mappable = mem_limit > mapped ? mem_limit - mapped : 0;

	return (mappable >> PAGE_SHIFT) +
	    atomic_load_relaxed(&mem_arenas[MEM_OBJECT].ma_nfree) +
	    atomic_load_relaxed(&mem_arenas[MEM_KERNEL].ma_nfree);
}
