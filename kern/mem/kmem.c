/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmem(9): memory of any size, from caches of a few sizes.
 *
 * Sizes up to 128 bytes are rounded to 16, up to 2 KiB to a quarter of a power
 * of two; each of these sizes has a pool cache.  Larger ones are pages.  The
 * caller tells the size when it gives memory back, so nothing is kept beside.
 * Memory is aligned to 16 bytes, and if its size is a multiple of a cache line,
 * to that: structures that are made for a line of their own have it.
 *
 * Ref: kmem(9), kmem_alloc.
 */

#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/lockdebug.h>
#include <sys/systm.h>

#include "mem.h"
#include "pool.h"

#define STEP_SMALL	16		/* up to SMALL */
#define SMALL		128
#define LARGE		2048		/* beyond: pages */
#define NCLASSES	(SMALL / STEP_SMALL + 4 * 4)

static struct pool_cache classes[NCLASSES];
static const char *const class_names[NCLASSES] = {
	"kmem-16", "kmem-32", "kmem-48", "kmem-64", "kmem-80", "kmem-96",
	"kmem-112", "kmem-128", "kmem-160", "kmem-192", "kmem-224",
	"kmem-256", "kmem-320", "kmem-384", "kmem-448", "kmem-512",
	"kmem-640", "kmem-768", "kmem-896", "kmem-1024", "kmem-1280",
	"kmem-1536", "kmem-1792", "kmem-2048"
};

/* The class of a size of 1..LARGE, and the size of a class. */
static inline unsigned int
class_of(size_t size)
{
	unsigned int log;

	if (size <= SMALL)
		return (size - 1) / STEP_SMALL;
	log = 31 - __builtin_clz((uint32_t)size - 1);
	return SMALL / STEP_SMALL + (log - 7) * 4 +
	    ((unsigned int)(size - 1) >> (log - 2)) - 4;
}

static size_t
class_size(unsigned int class)
{
	if (class < SMALL / STEP_SMALL)
		return (class + 1) * STEP_SMALL;
	class -= SMALL / STEP_SMALL;
	return (size_t)(class % 4 + 5) << (class / 4 + 5);
}

void
kmem_init(void)
{
	unsigned int i;

	for (i = 0; i < NCLASSES; i++)
		pool_cache_bootstrap(&classes[i], class_size(i), STEP_SMALL,
		    0, 0, class_names[i], NULL, IPL_VM, NULL, NULL, NULL);
}

size_t
kmem_roundup_size(size_t size)
{
	if (size == 0 || size > LARGE)
		return round_page(size);
	return class_size(class_of(size));
}

void *
kmem_intr_alloc(size_t size, km_flag_t flags)
{
	KASSERT(size != 0);
	KASSERT((flags & (KM_SLEEP | KM_NOSLEEP)) != 0);
	if (__predict_false(size > LARGE)) {
		if (round_page(size) < size)
			return NULL;
		return kpages_alloc(round_page(size), PAGE_SIZE,
		    (flags & KM_SLEEP) != 0);
	}
	return pool_cache_get(&classes[class_of(size)],
	    (flags & KM_SLEEP) != 0 ? PR_WAITOK : PR_NOWAIT);
}

void
kmem_intr_free(void *p, size_t size)
{
	KASSERT(p != NULL);
	KASSERT(size != 0);
	LOCKDEBUG_MEM_CHECK(p, size);
	if (__predict_false(size > LARGE))
		kpages_free(p, round_page(size));
	else
		pool_cache_put(&classes[class_of(size)], p);
}
