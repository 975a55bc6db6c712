/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory: big pieces by mmap(2), so that they go back to the system when freed, others by
 * malloc(3). Which it was is known by the length.
 *
 * Under sanitizers all of it comes from malloc, which they watch.
 */

#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core.h"

#define BIG ((size_t)256 << 10)
#define LARGE_PAGE ((size_t)2 << 20)

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define WATCHED true
#endif
#endif
#ifndef WATCHED
#define WATCHED false
#endif
#define WATCHED_MAX (SIZE_MAX >> (sizeof(size_t) * 8 > 32 ? 25 : 2))  /* beyond it they end the program */

static size_t
page_size(void)
{
	static size_t size;

	if (size == 0)
		size = (size_t)sysconf(_SC_PAGESIZE);
	return size;
}

static size_t
page_round(size_t len)
{

	return (len + page_size() - 1) & ~(page_size() - 1);
}

/* Pages on a multiple of align: map more, and give back what is too much at both ends. */
static void *
pages_get(void *hint, size_t len, size_t align, int prot)
{
	size_t extra = align > page_size() ? align - page_size() : 0, head;
	char *p;

	len = page_round(len);
	if (len == 0 || len + extra < len)
		return NULL;
	p = mmap(hint, len + extra, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (extra == 0)
		return p;
	head = -(uintptr_t)p & (align - 1);
	if (head != 0)
		munmap(p, head);
	if (head != extra)
		munmap(p + head + len, extra - head);
	return p + head;
}

int
core_alloc(size_t len, size_t align, void **memp)
{

	if (WATCHED && len > WATCHED_MAX)
		return NB_ENOMEM;
	if (len >= BIG && !WATCHED)
		*memp = pages_get(NULL, len, align, PROT_READ | PROT_WRITE);
	else if (posix_memalign(memp, align < sizeof(void *) ? sizeof(void *) : align, len) != 0)
		*memp = NULL;
	return *memp != NULL ? 0 : NB_ENOMEM;
}

void
core_free(void *mem, size_t len)
{

	if (len >= BIG && !WATCHED)
		munmap(mem, page_round(len));
	else
		free(mem);
}

/*
 * Memory that is aligned so that the system can use large pages: let it. What is
 * filled for the first time is filled twice as fast. A system that cannot ignores it.
 */
static void
pages_large(void *mem, size_t len, size_t align)
{
#ifdef MADV_HUGEPAGE
	if (align >= LARGE_PAGE && len >= LARGE_PAGE)
		(void)madvise(mem, len, MADV_HUGEPAGE);
#endif
}

int
core_map(void *hint, size_t len, size_t align, bool exec, void **memp)
{

	*memp = pages_get(hint, len, align, PROT_READ | PROT_WRITE | (exec ? PROT_EXEC : 0));
	if (*memp == NULL)
		return NB_ENOMEM;
	pages_large(*memp, len, align);
	return 0;
}

void
core_unmap(void *mem, size_t len)
{

	munmap(mem, page_round(len));
}
