/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of pools: how objects lie in them, and which are free.
 *
 * The header of a page lies at its end, so that objects can be aligned as
 * strictly as the page; a page is aligned to its size, so that the header is
 * found from an object by its address.  Where that is not so (pages that must
 * not be written to, are not aligned, or would lose too much), the header is
 * allocated and found in a tree.
 *
 * Pools that choose no page size get the smallest that wastes at most an
 * eighth.  A large page costs nothing until its objects are used: they are
 * handed out in order at first, and linked only when given back.
 */

#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include "mem.h"
#include "pool.h"

/* The largest page that is chosen here. */
#define PAGESZ_MAX	MAXPHYS

const bool pool_guarded = false;

static int
compare_headers(void *ctx, const void *a, const void *b)
{
	const struct pool_item_header *x = a, *y = b;

	return x->ph_page < y->ph_page ? -1 : x->ph_page > y->ph_page;
}

static int
compare_address(void *ctx, const void *a, const void *key)
{
	const struct pool_item_header *x = a;

	return x->ph_page < (const char *)key ? -1 :
	    x->ph_page > (const char *)key;
}

static const rb_tree_ops_t header_ops = {
	.rbto_compare_nodes = compare_headers,
	.rbto_compare_key = compare_address,
	.rbto_node_offset = offsetof(struct pool_item_header, ph_node),
};

static bool
inside(const struct pool *pp)
{
	return (pp->pr_roflags & PR_PHINPAGE) != 0;
}

static bool
mapped(const struct pool *pp)
{
	return (pp->pr_roflags & (PR_NOTOUCH | PR_USEBMAP)) != 0;
}

/* Objects that fit into pagesz bytes, with or without the header. */
static unsigned int
items_in(const struct pool *pp, size_t pagesz, bool with_header)
{
	size_t room = pagesz;
	size_t first = pp->pr_itemoffset;

	if (with_header)
		room -= PH_INSIDE;
	return room > first ? (room - first) / pp->pr_size : 0;
}

/* Choose a page size for the default allocators. */
static void
choose_page(struct pool *pp)
{
	size_t pagesz = PAGE_SIZE, used;

	pp->pr_roflags |= PR_PHINPAGE;
	while (pagesz < pp->pr_align)
		pagesz *= 2;
	for (;; pagesz *= 2) {
		used = (size_t)items_in(pp, pagesz, true) * pp->pr_size;
		if (pagesz - used <= pagesz / 8)
			break;
		if (pagesz >= PAGESZ_MAX && used != 0)
			break;
	}
	pp->pr_pagesz = pagesz;
}

void
pool_layout(struct pool *pp, size_t size, u_int align, u_int ioff)
{
	const struct pool_allocator *pa = pp->pr_alloc;

	if (align == 0)
		align = sizeof(uint64_t) > sizeof(void *) ?
		    sizeof(uint64_t) : sizeof(void *);
	KASSERT(powerof2(align));
	pp->pr_reqsize = size;
	pp->pr_align = align;
	/* A free object holds a link. */
	if (!mapped(pp))
		size = MAX(size, sizeof(void *));
	pp->pr_size = roundup2(size, align);
	pp->pr_itemoffset = -ioff & (align - 1);
	rb_tree_init(&pp->pr_phtree, &header_ops);
	if (pa->pa_pagesz == 0 && !mapped(pp)) {
		choose_page(pp);
		pp->pr_itemsperpage = items_in(pp, pp->pr_pagesz, true);
		return;
	}
	pp->pr_pagesz = pa->pa_pagesz != 0 ? pa->pa_pagesz : PAGE_SIZE;
	while (items_in(pp, pp->pr_pagesz, false) == 0)
		pp->pr_pagesz *= 2;
	if (!mapped(pp) && (pp->pr_roflags & PR_NOALIGN) == 0 &&
	    items_in(pp, pp->pr_pagesz, true) ==
	    items_in(pp, pp->pr_pagesz, false))
		pp->pr_roflags |= PR_PHINPAGE;
	pp->pr_itemsperpage = items_in(pp, pp->pr_pagesz, inside(pp));
}

/* Bytes of a header outside its page. */
static size_t
header_size(const struct pool *pp)
{
	size_t words = mapped(pp) ? howmany(pp->pr_itemsperpage, 32) : 0;

	return sizeof(struct pool_item_header) + words * sizeof(uint32_t);
}

struct pool_item_header *
pool_page_create(struct pool *pp, int flags)
{
	struct pool_item_header *ph;
	unsigned int i;
	char *page;

	if (inside(pp)) {
		page = (*pp->pr_alloc->pa_alloc)(pp, flags);
		if (page == NULL)
			return NULL;
		ph = (struct pool_item_header *)(void *)
		    (page + pp->pr_pagesz - PH_INSIDE);
		memset(ph, 0, PH_INSIDE);
		ph->ph_page = page;
		return ph;
	}
	ph = kmem_intr_alloc(header_size(pp),
	    (flags & PR_WAITOK) != 0 ? KM_SLEEP : KM_NOSLEEP);
	if (ph == NULL)
		return NULL;
	page = (*pp->pr_alloc->pa_alloc)(pp, flags);
	if (page == NULL) {
		kmem_intr_free(ph, header_size(pp));
		return NULL;
	}
	memset(ph, 0, header_size(pp));
	ph->ph_page = page;
	for (i = 0; mapped(pp) && i < pp->pr_itemsperpage; i++)
		ph->ph_map[i / 32] |= 1u << (i % 32);
	return ph;
}

void
pool_page_destroy(struct pool *pp, struct pool_item_header *ph)
{
	char *page = ph->ph_page;

	if (!inside(pp))
		kmem_intr_free(ph, header_size(pp));
	(*pp->pr_alloc->pa_free)(pp, page);
}

void
pool_page_add(struct pool *pp, struct pool_item_header *ph)
{
	if (!inside(pp))
		rb_tree_insert_node(&pp->pr_phtree, ph);
	LIST_INSERT_HEAD(&pp->pr_emptypages, ph, ph_pagelist);
	pp->pr_nempty++;
	pp->pr_npages++;
	pp->pr_nitems += pp->pr_itemsperpage;
	pp->pr_npagealloc++;
	pp->pr_hiwat = MAX(pp->pr_hiwat, pp->pr_npages);
}

void
pool_page_remove(struct pool *pp, struct pool_item_header *ph)
{
	KASSERT(ph->ph_nused == 0);
	if (!inside(pp))
		rb_tree_remove_node(&pp->pr_phtree, ph);
	LIST_REMOVE(ph, ph_pagelist);
	pp->pr_nempty--;
	pp->pr_npages--;
	pp->pr_nitems -= pp->pr_itemsperpage;
	pp->pr_npagefree++;
}

/*
 * Free objects.  A pool of diagnostic kernels marks them, so that one that is
 * given back twice, or written to meanwhile, is noticed.
 */
#ifdef DIAGNOSTIC

#define FREE_MARK	((uintptr_t)0xdeadbeefdeadbeefull)

static bool
has_mark(const struct pool *pp, void *item)
{
	return pp->pr_size >= 2 * sizeof(uintptr_t) &&
	    ((uintptr_t *)item)[1] == FREE_MARK;
}

static void
check_returned(const struct pool *pp, const struct pool_item_header *ph,
    void *item)
{
	void *free;

	if (has_mark(pp, item)) {
		for (free = ph->ph_free; free != NULL; free = *(void **)free) {
			if (free == item)
				panic("pool_put: %s: %p is free already",
				    pp->pr_wchan, item);
		}
	}
	if (pp->pr_size >= 2 * sizeof(uintptr_t))
		((uintptr_t *)item)[1] = FREE_MARK;
}

static void
check_taken(const struct pool *pp, void *item)
{
	if (pp->pr_size >= 2 * sizeof(uintptr_t) && !has_mark(pp, item))
		panic("pool_get: %s: %p was written to while free",
		    pp->pr_wchan, item);
	if (pp->pr_size >= 2 * sizeof(uintptr_t))
		((uintptr_t *)item)[1] = 0;
}

#else

static inline void
check_returned(const struct pool *pp, const struct pool_item_header *ph,
    void *item)
{
}

static inline void
check_taken(const struct pool *pp, void *item)
{
}

#endif /* DIAGNOSTIC */

static void *
item_at(const struct pool *pp, const struct pool_item_header *ph,
    unsigned int i)
{
	return ph->ph_page + pp->pr_itemoffset + (size_t)i * pp->pr_size;
}

/* A free object by the map; the page has one. */
static void *
take_mapped(struct pool *pp, struct pool_item_header *ph)
{
	unsigned int w;

	for (w = 0; ph->ph_map[w] == 0; w++)
		continue;
	return item_at(pp, ph, w * 32 + ffs(ph->ph_map[w]) - 1);
}

/* The list that a page with so many objects in use belongs on. */
static struct pool_pagelist *
list_for(struct pool *pp, const struct pool_item_header *ph)
{
	if (ph->ph_nused == 0)
		return &pp->pr_emptypages;
	return ph->ph_nused == pp->pr_itemsperpage ? &pp->pr_fullpages :
	    &pp->pr_partpages;
}

/* The number of objects in use changes by n: +1 or -1. */
static void
count_used(struct pool *pp, struct pool_item_header *ph, int n)
{
	struct pool_pagelist *from = list_for(pp, ph), *to;

	ph->ph_nused += n;
	pp->pr_nitems -= n;
	pp->pr_nout += n;
	to = list_for(pp, ph);
	if (from == to)
		return;
	LIST_REMOVE(ph, ph_pagelist);
	LIST_INSERT_HEAD(to, ph, ph_pagelist);
	pp->pr_nempty += (to == &pp->pr_emptypages) -
	    (from == &pp->pr_emptypages);
}

void *
pool_item_take(struct pool *pp, struct pool_item_header *ph)
{
	void *item;

	KASSERT(ph->ph_nused < pp->pr_itemsperpage);
	if (mapped(pp)) {
		unsigned int i;

		item = take_mapped(pp, ph);
		i = ((char *)item - ph->ph_page) / pp->pr_size;
		ph->ph_map[i / 32] &= ~(1u << (i % 32));
	} else if ((item = ph->ph_free) != NULL) {
		ph->ph_free = *(void **)item;
		check_taken(pp, item);
	} else
		item = item_at(pp, ph, ph->ph_fresh++);
	count_used(pp, ph, 1);
	return item;
}

/* The header of the page that an object lies in; panics if it is none of it. */
static struct pool_item_header *
header_of(struct pool *pp, void *item)
{
	struct pool_item_header *ph;
	char *page;
	size_t at;

	if (inside(pp)) {
		page = (char *)((uintptr_t)item &
		    ~((uintptr_t)pp->pr_pagesz - 1));
		ph = (struct pool_item_header *)(void *)
		    (page + pp->pr_pagesz - PH_INSIDE);
	} else
		ph = rb_tree_find_node_leq(&pp->pr_phtree, item);
	if (ph == NULL)
		panic("pool_put: %s: %p is not of this pool", pp->pr_wchan,
		    item);
	at = (char *)item - ph->ph_page - pp->pr_itemoffset;
	if (at / pp->pr_size >= pp->pr_itemsperpage || at % pp->pr_size != 0)
		panic("pool_put: %s: %p is no object of this pool",
		    pp->pr_wchan, item);
	return ph;
}

struct pool_item_header *
pool_item_return(struct pool *pp, void *item)
{
	struct pool_item_header *ph = header_of(pp, item);

	if (ph->ph_nused == 0)
		panic("pool_put: %s: %p is free already", pp->pr_wchan, item);
	if (mapped(pp)) {
		unsigned int i = ((char *)item - ph->ph_page) / pp->pr_size;

		if ((ph->ph_map[i / 32] & 1u << (i % 32)) != 0)
			panic("pool_put: %s: %p is free already",
			    pp->pr_wchan, item);
		ph->ph_map[i / 32] |= 1u << (i % 32);
	} else {
		check_returned(pp, ph, item);
		*(void **)item = ph->ph_free;
		ph->ph_free = item;
	}
	count_used(pp, ph, -1);
	return ph;
}
