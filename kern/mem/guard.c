/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guarded allocation, in builds where a memory checker watches: kmem, kernel
 * pages and the reserve on it.  (poolguard.c has pools.)
 *
 * Before each allocation stands a header that links it to all others, so that
 * halt can free them, and says what it is.  An address sanitizer is told that
 * the header is out of bounds; the code here may touch it all the same.
 */

#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/lockdebug.h>
#include <sys/mutex.h>
#include <sys/systm.h>

#include <rump-private/memory.h>
#include <rump/rumpuser.h>

#include "guard.h"
#include "mem.h"

struct guard {
	LIST_ENTRY(guard) g_link;	/* guards_lock */
	const void *g_owner;
	size_t g_size;			/* as asked for */
	size_t g_offset;		/* from the host's memory to the object */
	uintptr_t g_state;
};

#define LIVE	((uintptr_t)0x6c697665)
#define FREED	((uintptr_t)0x66726565)

static kmutex_t guards_lock;
static LIST_HEAD(guard_list, guard) guards;

static const char pages_owner[] = "pages", kmem_owner[] = "kmem";

void
guards_init(void)
{
	mutex_init(&guards_lock, MUTEX_DEFAULT, IPL_VM);
	LIST_INIT(&guards);
}

static size_t
header_room(size_t align)
{
	return roundup2(sizeof(struct guard), MAX(align, 16));
}

static struct guard *
guard_of(void *p)
{
	return (struct guard *)p - 1;
}

/* The list reaches into headers that are out of bounds for others. */
static __noasan void
link_guard(struct guard *g)
{
	mutex_enter(&guards_lock);
	LIST_INSERT_HEAD(&guards, g, g_link);
	mutex_exit(&guards_lock);
}

static __noasan void
unlink_guard(struct guard *g)
{
	mutex_enter(&guards_lock);
	LIST_REMOVE(g, g_link);
	g->g_state = FREED;
	mutex_exit(&guards_lock);
}

static void *
try_guarded(struct mem_request *mq, bool reserve)
{
	size_t room = header_room(mq->mq_align);
	size_t size = room + mq->mq_size;
	struct guard *g;
	void *base;

	/* What is left once the reserve was drawn on is for it alone. */
	if (atomic_load_relaxed(&mem_reserve_low) && !reserve)
		return NULL;
	mutex_enter(&page_lock);
	if (size < room || size > mem_limit || mem_mapped > mem_limit - size ||
	    rumpuser_malloc(size, MAX(mq->mq_align, 16), &base) != 0) {
		mutex_exit(&page_lock);
		return NULL;
	}
	atomic_store_relaxed(&mem_mapped, mem_mapped + size);
	mutex_exit(&page_lock);
	g = guard_of((char *)base + room);
	g->g_owner = mq->mq_owner;
	g->g_size = mq->mq_size;
	g->g_offset = room;
	g->g_state = LIVE;
	link_guard(g);
	mem_poison(base, room);
	return (char *)base + room;
}

void *
guard_alloc(size_t size, size_t align, const void *owner, bool sleep)
{
	struct mem_request mq = {
		.mq_try = try_guarded,
		.mq_size = size,
		.mq_align = align,
		.mq_owner = owner,
	};
	void *p = try_guarded(&mq, false);

	if (p == NULL) {
		if (sleep)
			p = mem_insist(&mq);
		else if (daemon_self())
			p = mem_draw(&mq);
		else
			daemon_kick();
	}
	return p;
}

/* Look at freed memory: an address sanitizer then says when it was freed. */
static __noinline void
look_at(volatile char *p)
{
	(void)*p;
}

static __noasan void
check(void *p, size_t size, const void *owner)
{
	const struct guard *g = guard_of(p);

	if (g->g_state == FREED) {
		look_at(p);
		panic("guard_free: %p is free already", p);
	}
	if (g->g_state != LIVE)
		panic("guard_free: %p was never allocated", p);
	if (g->g_owner != owner)
		panic("guard_free: %p belongs to another allocator", p);
	if (size != 0 && g->g_size != size)
		panic("guard_free: %p has %zu bytes, not %zu", p, g->g_size,
		    size);
}

/* Give the memory back; returns its size. */
static __noasan size_t
release(struct guard *g)
{
	char *base = (char *)(g + 1) - g->g_offset;
	size_t size = g->g_offset + g->g_size;

	mem_unpoison(base, g->g_offset);
	rumpuser_free(base, size);
	return size;
}

static void
release_counted(struct guard *g)
{
	size_t size = release(g);

	mutex_enter(&page_lock);
	atomic_store_relaxed(&mem_mapped, mem_mapped - size);
	mutex_exit(&page_lock);
}

void
guard_free(void *p, size_t size, const void *owner)
{
	check(p, size, owner);
	unlink_guard(guard_of(p));
	release_counted(guard_of(p));
	mem_freed();
}

__noasan void
guards_fini(void)
{
	struct guard *g, *next;

	for (g = LIST_FIRST(&guards); g != NULL; g = next) {
		next = LIST_NEXT(g, g_link);
		(void)release(g);
	}
	LIST_INIT(&guards);
}

/*
 * Kernel pages.
 */

void *
kpages_alloc(size_t size, size_t align, bool sleep)
{
	return guard_alloc(size, align, pages_owner, sleep);
}

void
kpages_free(void *va, size_t size)
{
	guard_free(va, size, pages_owner);
}

void *
reserve_block_get(unsigned int *npages)
{
	struct mem_request mq = {
		.mq_size = (size_t)MIN(*npages, RUN_PAGES) * PAGE_SIZE,
		.mq_align = PAGE_SIZE,
		.mq_owner = pages_owner,
	};

	*npages = mq.mq_size / PAGE_SIZE;
	return try_guarded(&mq, true);
}

void
reserve_block_put(void *p, unsigned int npages)
{
	check(p, (size_t)npages * PAGE_SIZE, pages_owner);
	unlink_guard(guard_of(p));
	release_counted(guard_of(p));
}

/*
 * kmem.
 */

void
kmem_init(void)
{
}

size_t
kmem_roundup_size(size_t size)
{
	return size;
}

void *
kmem_intr_alloc(size_t size, km_flag_t flags)
{
	KASSERT(size != 0);
	KASSERT((flags & (KM_SLEEP | KM_NOSLEEP)) != 0);
	return guard_alloc(size, size % COHERENCY_UNIT == 0 ? COHERENCY_UNIT :
	    0, kmem_owner, (flags & KM_SLEEP) != 0);
}

void
kmem_intr_free(void *p, size_t size)
{
	KASSERT(p != NULL);
	KASSERT(size != 0);
	LOCKDEBUG_MEM_CHECK(p, size);
	guard_free(p, size, kmem_owner);
}
