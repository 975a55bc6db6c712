/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory: the hypercalls check their arguments, the core does the work.
 */

#include "hyp.h"

#define ALIGN_DEFAULT (2 * sizeof(void *))
#define ALIGN_MAX ((size_t)1 << 20)

int
rumpuser_malloc(size_t len, int alignment, void **memp)
{
	size_t align = alignment == 0 ? ALIGN_DEFAULT : (size_t)alignment;

	if (alignment < 0 || (align & (align - 1)) != 0 || align > ALIGN_MAX)
		return NB_EINVAL;
	return core_alloc(len != 0 ? len : 1, align < ALIGN_DEFAULT ? ALIGN_DEFAULT : align, memp);
}

void
rumpuser_free(void *mem, size_t len)
{

	if (mem != NULL)
		core_free(mem, len != 0 ? len : 1);
}

int
rumpuser_anonmmap(void *prefaddr, size_t size, int alignbit, int exec, void **memp)
{

	if (size == 0 || alignbit < 0 || alignbit >= (int)sizeof(size_t) * 8 - 1)
		return NB_EINVAL;
	return core_map(prefaddr, size, (size_t)1 << alignbit, exec != 0, memp);
}

void
rumpuser_unmap(void *addr, size_t len)
{

	core_unmap(addr, len);
}
