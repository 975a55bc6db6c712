/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chunks of memory from the host, as mappings that it fills on demand.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "mem.h"

size_t mem_limit = SIZE_MAX;
size_t mem_mapped;

const unsigned int mem_order_kernel = 8;	/* 1 MiB */
const unsigned int mem_order_object = 8;
const unsigned int mem_order_object_many = 10;	/* 4 MiB */

/*
 * Where the host does not align as asked, take more and use what is aligned.
 */
static bool
host_map_more(struct mem_chunk *c, size_t size, size_t align)
{
	size += align;
	if (size < align || mem_mapped + size > mem_limit ||
	    rumpuser_anonmmap(NULL, size, 0, 0, &c->mc_map) != 0)
		return false;
	c->mc_mapsize = size;
	c->mc_base = (char *)roundup2((uintptr_t)c->mc_map, align);
	return true;
}

bool
host_map(struct mem_chunk *c, size_t size, size_t align)
{
	int alignbit = 0;

	if (size > mem_limit || mem_mapped > mem_limit - size)
		return false;
	if ((rumpuser2_features() & RUMPUSER2_ALIGNS) != 0)
		alignbit = ilog2(align);
	if (rumpuser_anonmmap(NULL, size, alignbit, 0, &c->mc_map) != 0)
		return false;
	c->mc_base = c->mc_map;
	c->mc_mapsize = size;
	if (((uintptr_t)c->mc_map & (align - 1)) != 0) {
		rumpuser_unmap(c->mc_map, size);
		if (!host_map_more(c, size, align))
			return false;
	}
	atomic_store_relaxed(&mem_mapped, mem_mapped + c->mc_mapsize);
	return true;
}

void
host_unmap(const struct mem_chunk *c)
{
	atomic_store_relaxed(&mem_mapped, mem_mapped - c->mc_mapsize);
	rumpuser_unmap(c->mc_map, c->mc_mapsize);
}
