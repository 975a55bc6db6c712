/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Planted errors: a write beyond the end, a second free, a use after free, a write
 * after free, a piece given to another allocator, in each allocator.  In builds with
 * a memory checker each ends the program.
 */

#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <sys/pool.h>
#include <sys/systm.h>

#include <uvm/uvm.h>

#include "memtest.h"

#define SIZE	100

/* An allocator under one roof. */
struct allocator {
	const char *name;
	void *(*get)(void);
	void (*put)(void *);
	size_t size;
};

static struct pool pool;
static pool_cache_t cache;

static void *
kmem_get(void)
{
	return kmem_alloc(SIZE, KM_SLEEP);
}

static void
kmem_put(void *p)
{
	kmem_free(p, SIZE);
}

static void *
malloc_get(void)
{
	return malloc(SIZE, M_TEMP, M_WAITOK);
}

static void
malloc_put(void *p)
{
	free(p, M_TEMP);
}

static void *
pool_obj_get(void)
{
	return pool_get(&pool, PR_WAITOK);
}

static void
pool_obj_put(void *p)
{
	pool_put(&pool, p);
}

static void *
cache_get(void)
{
	return pool_cache_get(cache, PR_WAITOK);
}

static void
cache_put(void *p)
{
	pool_cache_put(cache, p);
}

static void *
pages_get(void)
{
	return (void *)uvm_km_alloc(kernel_map, PAGE_SIZE, 0, UVM_KMF_WIRED);
}

static void
pages_put(void *p)
{
	uvm_km_free(kernel_map, (vaddr_t)p, PAGE_SIZE, UVM_KMF_WIRED);
}

static const struct allocator allocators[] = {
	{ "kmem", kmem_get, kmem_put, SIZE },
	{ "malloc", malloc_get, malloc_put, SIZE },
	{ "pool", pool_obj_get, pool_obj_put, SIZE },
	{ "cache", cache_get, cache_put, SIZE },
	{ "pages", pages_get, pages_put, PAGE_SIZE },
};

static volatile char sink;

static void
plant(const struct allocator *a, const char *what)
{
	volatile char *p = a->get();

	if (strcmp(what, "overflow") == 0)
		p[a->size] = 1;
	else if (strcmp(what, "underflow") == 0)
		p[-1] = 1;
	else if (strcmp(what, "freetwice") == 0) {
		a->put(__UNVOLATILE(p));
		a->put(__UNVOLATILE(p));
	} else if (strcmp(what, "useafter") == 0) {
		a->put(__UNVOLATILE(p));
		sink = p[a->size / 2];
	} else if (strcmp(what, "writeafter") == 0) {
		a->put(__UNVOLATILE(p));
		p[0] = 1;
	} else if (strcmp(what, "elsewhere") == 0)
		allocators[(a - allocators + 1) % __arraycount(allocators)].put(__UNVOLATILE(p));
}

/* Given back with a size that it does not have. */
static void
plant_size(const char *name)
{

	if (strcmp(name, "kmem") == 0)
		kmem_free(kmem_get(), SIZE - 20);
	else
		uvm_km_free(kernel_map, (vaddr_t)pages_get(), 2 * PAGE_SIZE, UVM_KMF_WIRED);
}

/* which: allocator-error, such as kmem-overflow. */
void
rump_test_plant(const char *which)
{
	unsigned int i;

	pool_init(&pool, SIZE, 0, 0, 0, "plant", NULL, IPL_NONE);
	cache = pool_cache_init(SIZE, 0, 0, 0, "plantc", NULL, IPL_NONE, NULL,
	    NULL, NULL);
	if (strncmp(which, "size-", 5) == 0)
		plant_size(which + 5);
	for (i = 0; i < __arraycount(allocators); i++) {
		const struct allocator *a = &allocators[i];
		size_t n = strlen(a->name);

		if (strncmp(which, a->name, n) == 0 && which[n] == '-')
			plant(a, which + n + 1);
	}
}
