/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What kmem(9) and malloc(9) offer beside kmem_intr_alloc and kmem_intr_free,
 * which kmem.c, or where allocations are guarded guard.c, implements.
 *
 * Ref: kmem(9), malloc(9).
 */

#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>

#include "mem.h"

static void
check_context(km_flag_t flags)
{
	KASSERT(!cpu_intr_p() && !cpu_softintr_p());
	if ((flags & KM_SLEEP) != 0)
		ASSERT_SLEEPABLE();
}

void *
kmem_intr_zalloc(size_t size, km_flag_t flags)
{
	void *p = kmem_intr_alloc(size, flags);

	if (p != NULL)
		memset(p, 0, size);
	return p;
}

/* kmem_alloc and kmem_free are for threads. */
void *
kmem_alloc(size_t size, km_flag_t flags)
{
	check_context(flags);
	return kmem_intr_alloc(size, flags);
}

void *
kmem_zalloc(size_t size, km_flag_t flags)
{
	check_context(flags);
	return kmem_intr_zalloc(size, flags);
}

void
kmem_free(void *p, size_t size)
{
	check_context(KM_NOSLEEP);
	kmem_intr_free(p, size);
}

/* size bytes: in buf, of bufsize bytes, if they fit; else allocated. */
void *
kmem_tmpbuf_alloc(size_t size, void *buf, size_t bufsize, km_flag_t flags)
{
	return size <= bufsize ? buf : kmem_alloc(size, flags);
}

void
kmem_tmpbuf_free(void *p, size_t size, void *buf)
{
	if (p != buf)
		kmem_free(p, size);
}

char *
kmem_asprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	(void)vasprintf(&s, fmt, ap);
	va_end(ap);
	return s;
}

/* A copy of a string; *sizep, if wanted, is the size with its NUL. */
char *
kmem_strdupsize(const char *s, size_t *sizep, km_flag_t flags)
{
	size_t size = strlen(s) + 1;
	char *copy = kmem_alloc(size, flags);

	if (copy == NULL)
		return NULL;
	if (sizep != NULL)
		*sizep = size;
	return memcpy(copy, s, size);
}

/* A copy of at most max bytes of a string, and a NUL. */
char *
kmem_strndup(const char *s, size_t max, km_flag_t flags)
{
	size_t len = strnlen(s, max);
	char *copy = kmem_alloc(len + 1, flags);

	if (copy == NULL)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void
kmem_strfree(char *s)
{
	if (s != NULL)
		kmem_free(s, strlen(s) + 1);
}

/*
 * malloc(9): the size stands before the memory.
 */
struct malloc_header {
	size_t mh_size;			/* with this */
} __aligned(16);

/* The size that malloc noted, header included. */
static __noasan size_t
noted_size(const void *p)
{
	return ((const struct malloc_header *)p - 1)->mh_size;
}

void *
kern_malloc(unsigned long size, int flags)
{
	struct malloc_header *mh;

	if (size > SIZE_MAX - sizeof(*mh))
		return NULL;
	mh = kmem_intr_alloc(size + sizeof(*mh),
	    (flags & M_NOWAIT) != 0 ? KM_NOSLEEP : KM_SLEEP);
	if (mh == NULL)
		return NULL;
	mh->mh_size = size + sizeof(*mh);
	mem_poison(mh, sizeof(*mh));
	if ((flags & M_ZERO) != 0)
		memset(mh + 1, 0, size);
	return mh + 1;
}

void
kern_free(void *p)
{
	struct malloc_header *mh = (struct malloc_header *)p - 1;

	KASSERT(p != NULL);
	kmem_intr_free(mh, noted_size(p));
}

void *
kern_realloc(void *p, unsigned long size, int flags)
{
	unsigned long old;
	void *new;

	if (p == NULL)
		return kern_malloc(size, flags);
	if (size == 0) {
		kern_free(p);
		return NULL;
	}
	old = noted_size(p) - sizeof(struct malloc_header);
	new = kern_malloc(size, flags);
	if (new == NULL)
		return NULL;
	memcpy(new, p, MIN(old, size));
	kern_free(p);
	return new;
}

/*
 * Memory with an alignment of the caller's.  Returns NULL only if !waitok.
 */
void *
rump_hypermalloc(size_t size, int align, bool waitok, const char *what)
{
	return kpages_alloc(round_page(size), MAX(align, PAGE_SIZE), waitok);
}

void
rump_hyperfree(void *p, size_t size)
{
	kpages_free(p, round_page(size));
}
