/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory of the fiber host. In a simulation it comes from an arena at a fixed address, so that
 * nothing that a kernel makes of addresses (hashing, order) differs between two runs; the
 * program itself is to run without address randomisation then, as setarch -R starts it.
 *
 * The arena hands out powers of two, each size with a free list; what was freed last is used first. Under
 * sanitizers, which want to see each allocation, and without a simulation, memory is malloc's and mmap's.
 */

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core.h"
#include "fiberhost.h"

/* where neither programs nor libraries are put, in the smallest address space that a Linux gives */
#define ARENA_BASE ((void *)(uintptr_t)(UINTPTR_MAX > 0xffffffff ? 0x2000000000 : 0x80000000))
#define ARENA_SIZE ((size_t)(UINTPTR_MAX > 0xffffffff ? 64ull << 30 : 512ull << 20))
#define ORDER_MIN 5
#define ORDER_COUNT (sizeof(size_t) * 8)

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define WATCHED true
#endif
#endif
#ifndef WATCHED
#define WATCHED false
#endif
#define WATCHED_MAX (SIZE_MAX >> (sizeof(size_t) * 8 > 32 ? 25 : 2))  /* beyond it they end the program */

static struct {
	char *base;
	size_t used;
	void *free[ORDER_COUNT];  /* each piece begins with the next */
} arena;

static bool
arena_ready(void)
{
	void *p;

	if (arena.base != NULL)
		return true;
	if (!sim_seeded || WATCHED)
		return false;
	p = mmap(ARENA_BASE, ARENA_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p != ARENA_BASE)
		hyp_panic("simulation: no address space for the arena");
	arena.base = p;
	return true;
}

static unsigned
order_of(size_t len, size_t align)
{
	size_t size = len > align ? len : align;
	unsigned order = ORDER_MIN;

	while (((size_t)1 << order) < size)
		order++;
	return order;
}

static void *
arena_get(size_t len, size_t align)
{
	unsigned order = order_of(len, align);
	size_t size = (size_t)1 << order, start;
	void *mem = arena.free[order];

	if (mem != NULL && ((uintptr_t)mem & (align - 1)) == 0) {
		memcpy(&arena.free[order], mem, sizeof(void *));
		return mem;
	}
	start = (arena.used + size - 1) & ~(size - 1);
	if (start > ARENA_SIZE || size > ARENA_SIZE - start)
		return NULL;
	arena.used = start + size;
	return arena.base + start;
}

static bool
arena_has(const void *mem)
{

	return arena.base != NULL && (uintptr_t)mem - (uintptr_t)arena.base < ARENA_SIZE;
}

int
core_alloc(size_t len, size_t align, void **memp)
{

	if (len > WATCHED_MAX)
		return NB_ENOMEM;
	if (arena_ready())
		*memp = arena_get(len, align);
	else if (posix_memalign(memp, align < sizeof(void *) ? sizeof(void *) : align, len) != 0)
		*memp = NULL;
	return *memp != NULL ? 0 : NB_ENOMEM;
}

void
core_free(void *mem, size_t len)
{
	unsigned order;

	if (!arena_has(mem)) {
		free(mem);
		return;
	}
	/* a piece larger than its length asked for alignment: it serves as one of its length */
	order = order_of(len, 1);
	memcpy(mem, &arena.free[order], sizeof(void *));
	arena.free[order] = mem;
}

int
core_map(void *hint, size_t len, size_t align, bool exec, void **memp)
{
	int error;

	if (exec)
		return NB_EACCES;
	error = core_alloc(len, align > 4096 ? align : 4096, memp);
	if (error == 0)
		memset(*memp, 0, len);
	return error;
}

void
core_unmap(void *mem, size_t len)
{

	core_free(mem, len);
}
