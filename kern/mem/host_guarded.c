/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chunks of memory from the host where a memory checker watches: each run of
 * file data is an allocation of its own, with the checker's redzones around it.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "mem.h"

size_t mem_limit = SIZE_MAX;
size_t mem_mapped;

/* The kernel's pages hold descriptors only: other memory is guarded by item. */
const unsigned int mem_order_kernel = RUN_ORDER + 1;
const unsigned int mem_order_object = RUN_ORDER;
const unsigned int mem_order_object_many = RUN_ORDER;

bool
host_map(struct mem_chunk *c, size_t size, size_t align)
{
	if (size > mem_limit || mem_mapped > mem_limit - size ||
	    rumpuser_malloc(size, align, &c->mc_map) != 0)
		return false;
	memset(c->mc_map, 0, size);
	c->mc_base = c->mc_map;
	c->mc_mapsize = size;
	atomic_store_relaxed(&mem_mapped, mem_mapped + size);
	return true;
}

void
host_unmap(const struct mem_chunk *c)
{
	atomic_store_relaxed(&mem_mapped, mem_mapped - c->mc_mapsize);
	rumpuser_free(c->mc_map, c->mc_mapsize);
}
