/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Free pages, as a binary buddy system.
 *
 * Free memory is in blocks of 2^n pages, aligned to their size within their
 * chunk; a block that becomes free is joined with its buddy, the other half
 * of the next larger block, if that is free too.  The first page of a free
 * block has PG_FREE, the block's order + 1 in loan_count, which of a page in use
 * is 0 and changed by nobody, and a place on the list of that order; the other
 * pages of the block have none of it.
 *
 * Descriptors are initialised as late as possible, from the block's first one,
 * so that memory that was never used has descriptors that were never touched.
 *
 * All under page_lock.
 *
 * Ref: D. Knuth, The Art of Computer Programming, vol. 1, 2.5.
 */

#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>

#include "mem.h"

static unsigned int
index_of(const struct vm_page *pg)
{
	return pg - pg->chunk->mc_pages;
}

static bool
is_block(const struct vm_page *pg, unsigned int order)
{
	return pg->loan_count == order + 1;
}

/*
 * Put a block on its list.  rest: a piece of a block that was split; it is the
 * last to be taken, so that buddy_take_page still finds it there later.
 */
static void
list_add(struct vm_page *pg, unsigned int order, bool rest)
{
	struct mem_arena *a = &mem_arenas[pg->chunk->mc_use];

	pg->flags = PG_FREE;
	pg->loan_count = order + 1;
	if (rest)
		TAILQ_INSERT_TAIL(&a->ma_free[order], pg, pageq.queue);
	else
		TAILQ_INSERT_HEAD(&a->ma_free[order], pg, pageq.queue);
	a->ma_orders |= 1u << order;
	mem_count(&a->ma_nfree, 1 << order);
	pg->chunk->mc_nfree += 1u << order;
}

static void
list_remove(struct vm_page *pg)
{
	struct mem_arena *a = &mem_arenas[pg->chunk->mc_use];
	unsigned int order = pg->loan_count - 1;

	KASSERT((pg->flags & PG_FREE) != 0);
	TAILQ_REMOVE(&a->ma_free[order], pg, pageq.queue);
	if (TAILQ_EMPTY(&a->ma_free[order]))
		a->ma_orders &= ~(1u << order);
	mem_count(&a->ma_nfree, -(1 << order));
	pg->chunk->mc_nfree -= 1u << order;
	pg->flags = 0;
	pg->loan_count = 0;
}

/* Initialise descriptor n of those after pg, which is. */
static struct vm_page *
descriptor(struct vm_page *pg, unsigned int n)
{
	pg[n].chunk = pg->chunk;
	pg[n].phys_addr = pg->phys_addr + ((paddr_t)n << PAGE_SHIFT);
	return pg + n;
}

/* A block is free: join it with its buddies and put it on a list. */
static void
block_add(struct vm_page *pg, unsigned int order, bool rest)
{
	struct mem_chunk *c = pg->chunk;
	unsigned int i = index_of(pg);

	for (; order < MEM_ORDERS - 1; order++) {
		unsigned int buddy = i ^ 1u << order;

		if (buddy + (1u << order) > c->mc_npages ||
		    !is_block(&c->mc_pages[buddy], order))
			break;
		list_remove(&c->mc_pages[buddy]);
		i &= ~(1u << order);
	}
	list_add(&c->mc_pages[i], order, rest);
}

void
buddy_add(struct mem_chunk *c, unsigned int first, unsigned int n, bool rest)
{
	unsigned int end = first + n, order;

	KASSERT(mutex_owned(&page_lock));
	for (; first != end; first += 1u << order) {
		struct vm_page *pg = &c->mc_pages[first];

		/* The largest block that begins here and ends in time. */
		order = first != 0 ? ffs(first) - 1 : MEM_ORDERS - 1;
		order = MIN(order, MEM_ORDERS - 1);
		while (first + (1u << order) > end)
			order--;
		pg->chunk = c;
		pg->phys_addr = (paddr_t)c->mc_base +
		    ((paddr_t)first << PAGE_SHIFT);
		block_add(pg, order, rest);
	}
}

struct vm_page *
buddy_take(enum mem_use use, unsigned int order)
{
	struct mem_arena *a = &mem_arenas[use];
	struct vm_page *pg;
	unsigned int have;

	KASSERT(mutex_owned(&page_lock));
	if (order >= MEM_ORDERS || a->ma_orders >> order == 0)
		return NULL;
	have = order + ffs(a->ma_orders >> order) - 1;
	pg = TAILQ_FIRST(&a->ma_free[have]);
	list_remove(pg);
	/* The upper halves stay free. */
	while (have-- > order)
		list_add(descriptor(pg, 1u << have), have, true);
	return pg;
}

struct vm_page *
buddy_take_page(struct mem_chunk *c, unsigned int i)
{
	unsigned int first = 0, order;

	KASSERT(mutex_owned(&page_lock));
	for (order = 0; order < MEM_ORDERS; order++) {
		first = i & ~((1u << order) - 1);
		if (is_block(&c->mc_pages[first], order))
			break;
	}
	if (order == MEM_ORDERS)
		return NULL;
	list_remove(&c->mc_pages[first]);
	/* Halve it; the half without the page is free again. */
	while (order-- > 0) {
		unsigned int upper = first + (1u << order);

		descriptor(&c->mc_pages[first], 1u << order);
		if (i >= upper) {
			list_add(&c->mc_pages[first], order, true);
			first = upper;
		} else
			list_add(&c->mc_pages[upper], order, true);
	}
	return &c->mc_pages[i];
}

void
buddy_init(void)
{
	unsigned int use, order;

	for (use = 0; use < MEM_USES; use++) {
		for (order = 0; order < MEM_ORDERS; order++)
			TAILQ_INIT(&mem_arenas[use].ma_free[order]);
	}
}

void
descriptors_init(struct vm_page *pg, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		descriptor(pg, i);
		atomic_store_relaxed(&pg[i].uobject, NULL);	/* page_next */
		pg[i].flags = 0;
		pg[i].pqflags = 0;
		pg[i].wire_count = 0;
		pg[i].loan_count = 0;
	}
}

void
buddy_remove_chunk(struct mem_chunk *c)
{
	unsigned int i;

	KASSERT(mutex_owned(&page_lock));
	KASSERT(c->mc_nfree == c->mc_nusable);
	for (i = c->mc_npages - c->mc_nusable; i < c->mc_npages; ) {
		unsigned int order = c->mc_pages[i].loan_count - 1;

		list_remove(&c->mc_pages[i]);
		i += 1u << order;
	}
	mem_arenas[c->mc_use].ma_npages -= c->mc_nusable;
}
