/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for the kernel by the page: runs, or for what is too large for those
 * an allocation from the host by itself.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include "mem.h"

/* What is larger is not cut out of a chunk. */
#define RUN_MAX	((size_t)PAGE_SIZE << (MEM_ORDERS - 3))

static void *
try_run(struct mem_request *mq, bool reserve)
{
	unsigned int npages = mq->mq_size >> PAGE_SHIFT;
	int flags = RUN_GROW | RUN_BORROW | (reserve ? RUN_RESERVE : 0);
	struct vm_page *pg;

	mutex_enter(&page_lock);
	pg = run_alloc(MEM_KERNEL, npages, ilog2(mq->mq_align) - PAGE_SHIFT,
	    flags);
	mutex_exit(&page_lock);
	return pg != NULL ? (void *)pg->phys_addr : NULL;
}

static void *
try_large(struct mem_request *mq, bool reserve)
{
	void *p;

	mutex_enter(&page_lock);
	p = chunk_large_alloc(mq->mq_size, mq->mq_align);
	mutex_exit(&page_lock);
	return p;
}

void *
kpages_alloc(size_t size, size_t align, bool sleep)
{
	struct mem_request mq = {
		.mq_try = MAX(size, align) <= RUN_MAX ? try_run : try_large,
		.mq_size = size,
		.mq_align = align,
	};
	void *p;

	KASSERT(size != 0 && (size & PAGE_MASK) == 0);
	KASSERT(align >= PAGE_SIZE && powerof2(align));
	p = mq.mq_try(&mq, false);
	if (__predict_false(p == NULL)) {
		if (sleep)
			p = mem_insist(&mq);
		else if (daemon_self())
			p = mem_draw(&mq);
		else
			daemon_kick();
	}
	return p;
}

static void
release(void *va, size_t size)
{
	struct mem_chunk *c;
	bool large;

	mutex_enter(&page_lock);
	c = chunk_find(va);
	if (c == NULL)
		panic("kpages_free: %p is no memory of the kernel", va);
	large = c->mc_pages == NULL;
	if (large)
		chunk_large_free(c);
	mutex_exit(&page_lock);
	if (!large)
		run_release(&c->mc_pages[((char *)va - c->mc_base) >>
		    PAGE_SHIFT], size >> PAGE_SHIFT);
}

void
kpages_free(void *va, size_t size)
{
	release(va, size);
	mem_freed();
}

/* The largest block that there is. */
void *
reserve_block_get(unsigned int *npages)
{
	unsigned int order;
	void *p;

	for (order = ilog2(MIN(*npages, RUN_PAGES)); ; order--) {
		struct mem_request mq = {
			.mq_size = (size_t)PAGE_SIZE << order,
			.mq_align = (size_t)PAGE_SIZE << order,
		};

		p = try_run(&mq, true);
		if (p != NULL || order == 0)
			break;
	}
	*npages = 1u << order;
	return p;
}

void
reserve_block_put(void *p, unsigned int npages)
{
	release(p, (size_t)npages << PAGE_SHIFT);
}
