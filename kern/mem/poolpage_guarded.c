/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of pools where a memory checker watches: each object is a page by
 * itself, allocated when it is taken and released when it is put back.
 *
 * Pools with an allocator of their user's take a page of that for each object.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include "guard.h"
#include "mem.h"
#include "pool.h"

const bool pool_guarded = true;

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
own_allocator(const struct pool *pp)
{
	return pp->pr_alloc != &pool_allocator_kmem &&
	    pp->pr_alloc != &pool_allocator_nointr;
}

void
pool_layout(struct pool *pp, size_t size, u_int align, u_int ioff)
{
	pp->pr_align = align != 0 ? align : 16;
	pp->pr_reqsize = size;
	pp->pr_size = roundup2(size, pp->pr_align);
	pp->pr_itemoffset = -ioff & (pp->pr_align - 1);
	pp->pr_itemsperpage = 1;
	pp->pr_pagesz = pp->pr_alloc->pa_pagesz != 0 ?
	    pp->pr_alloc->pa_pagesz : PAGE_SIZE;
	while (pp->pr_pagesz < pp->pr_itemoffset + pp->pr_size)
		pp->pr_pagesz *= 2;
	pp->pr_maxpages = 0;
	rb_tree_init(&pp->pr_phtree, &header_ops);
}

static void *
page_get(struct pool *pp, int flags)
{
	if (own_allocator(pp))
		return (*pp->pr_alloc->pa_alloc)(pp, flags);
	return guard_alloc(pp->pr_itemoffset + pp->pr_reqsize, pp->pr_align,
	    pp, (flags & PR_WAITOK) != 0);
}

static void
page_put(struct pool *pp, char *page)
{
	if (own_allocator(pp))
		(*pp->pr_alloc->pa_free)(pp, page);
	else
		guard_free(page, pp->pr_itemoffset + pp->pr_reqsize, pp);
}

struct pool_item_header *
pool_page_create(struct pool *pp, int flags)
{
	struct pool_item_header *ph = guard_alloc(sizeof(*ph), 0, pp,
	    (flags & PR_WAITOK) != 0);

	if (ph == NULL)
		return NULL;
	memset(ph, 0, sizeof(*ph));
	ph->ph_page = page_get(pp, flags);
	if (ph->ph_page == NULL) {
		guard_free(ph, sizeof(*ph), pp);
		return NULL;
	}
	return ph;
}

void
pool_page_destroy(struct pool *pp, struct pool_item_header *ph)
{
	page_put(pp, ph->ph_page);
	guard_free(ph, sizeof(*ph), pp);
}

void
pool_page_add(struct pool *pp, struct pool_item_header *ph)
{
	rb_tree_insert_node(&pp->pr_phtree, ph);
	LIST_INSERT_HEAD(&pp->pr_emptypages, ph, ph_pagelist);
	pp->pr_nempty++;
	pp->pr_npages++;
	pp->pr_nitems++;
	pp->pr_npagealloc++;
	pp->pr_hiwat = MAX(pp->pr_hiwat, pp->pr_npages);
}

void
pool_page_remove(struct pool *pp, struct pool_item_header *ph)
{
	rb_tree_remove_node(&pp->pr_phtree, ph);
	LIST_REMOVE(ph, ph_pagelist);
	pp->pr_nempty--;
	pp->pr_npages--;
	pp->pr_nitems--;
	pp->pr_npagefree++;
}

void *
pool_item_take(struct pool *pp, struct pool_item_header *ph)
{
	LIST_REMOVE(ph, ph_pagelist);
	LIST_INSERT_HEAD(&pp->pr_fullpages, ph, ph_pagelist);
	ph->ph_nused = 1;
	pp->pr_nempty--;
	pp->pr_nitems--;
	pp->pr_nout++;
	return ph->ph_page + pp->pr_itemoffset;
}

struct pool_item_header *
pool_item_return(struct pool *pp, void *item)
{
	struct pool_item_header *ph = rb_tree_find_node(&pp->pr_phtree,
	    (char *)item - pp->pr_itemoffset);

	if (ph == NULL || ph->ph_nused == 0) {
		/* A checker that looks here tells when it was freed. */
		(void)*(volatile char *)item;
		panic("pool_put: %s: %p is free already, or not of this pool",
		    pp->pr_wchan, item);
	}
	LIST_REMOVE(ph, ph_pagelist);
	LIST_INSERT_HEAD(&pp->pr_emptypages, ph, ph_pagelist);
	ph->ph_nused = 0;
	pp->pr_nempty++;
	pp->pr_nitems++;
	pp->pr_nout--;
	return ph;
}
