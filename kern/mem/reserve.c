/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reserve: what stands behind requests that may not fail.
 *
 * Pages are set aside at boot, so many per virtual CPU, in blocks of up to
 * MAXPHYS bytes.  A request that waited for the page daemon in vain draws one:
 * the block becomes free memory, which requests that may fail do not get while
 * the reserve is low.  Memory that becomes free fills it up again before anything else.
 *
 * While it is low, reserve_ok tells the rest of the kernel to begin nothing
 * new; so what draws is bounded by what was under way, that is, by the number of
 * threads in the kernel.
 *
 * reserve_lock protects the blocks; it is taken before page_lock.
 */

#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/mutex.h>
#include <sys/systm.h>

#include <rump-private/memory.h>

#include "mem.h"

#define PAGES_PER_CPU	32

/*
 * How long who needs memory waits for the page daemon before it gives up: so
 * many passes, or so many waits, of which several may end in one pass; the second
 * for a daemon that itself waits for what the caller holds.
 */
#define PATIENCE	4
#define WAITS		(8 * PATIENCE)

/* At the start of each block. */
struct block {
	struct block *next;
	unsigned int npages;
};

static kmutex_t reserve_lock;
static struct block *blocks;
static unsigned int npages_have, npages_full;
volatile bool mem_reserve_low;		/* npages_have < npages_full */

/* Take blocks until there are enough; reserve_lock held. */
static void
fill(void)
{
	while (npages_have < npages_full) {
		unsigned int npages = npages_full - npages_have;
		struct block *b = reserve_block_get(&npages);

		if (b == NULL)
			break;
		*b = (struct block){ blocks, npages };
		blocks = b;
		npages_have += npages;
	}
	atomic_store_relaxed(&mem_reserve_low, npages_have < npages_full);
}

bool
reserve_init(unsigned int ncpus)
{
	mutex_init(&reserve_lock, MUTEX_DEFAULT, IPL_VM);
	npages_full = ncpus * PAGES_PER_CPU;
	/* A small kernel on many CPUs cannot afford that. */
	npages_full = MIN(npages_full, (mem_limit >> PAGE_SHIFT) / 8);
	reserve_fill();
	return !atomic_load_relaxed(&mem_reserve_low);
}

void
reserve_fill(void)
{
	mutex_enter(&reserve_lock);
	fill();
	mutex_exit(&reserve_lock);
}

/* Make a block of the reserve free memory; false if there is none. */
static bool
draw(void)
{
	struct block *b, taken;

	mutex_enter(&reserve_lock);
	if ((b = blocks) == NULL) {
		mutex_exit(&reserve_lock);
		return false;
	}
	taken = *b;
	blocks = taken.next;
	npages_have -= taken.npages;
	atomic_store_relaxed(&mem_reserve_low, true);
	mutex_exit(&reserve_lock);
	reserve_block_put(b, taken.npages);
	return true;
}

bool
mem_wait(struct mem_patience *mp)
{
	if (mp->mp_waits == 0)
		mp->mp_pass = daemon_pass();
	return daemon_pass() - mp->mp_pass < PATIENCE &&
	    mp->mp_waits++ < WAITS && daemon_wait();
}

void *
mem_draw(struct mem_request *mq)
{
	void *p;

	do
		p = mq->mq_try(mq, true);
	while (p == NULL && draw());
	return p;
}

void *
mem_insist(struct mem_request *mq)
{
	struct mem_patience patience = { 0 };
	void *p;

	while (mem_wait(&patience)) {
		p = mq->mq_try(mq, false);
		if (p != NULL)
			return p;
	}
	p = mem_draw(mq);
	if (p == NULL)
		panic("out of memory: %zu bytes asked for, the reserve is"
		    " empty", mq->mq_size);
	return p;
}

bool
mem_reserve_refill(void)
{
	struct mem_patience patience = { 0 };

	reserve_fill();
	while (atomic_load_relaxed(&mem_reserve_low) && mem_wait(&patience))
		reserve_fill();
	return !atomic_load_relaxed(&mem_reserve_low);
}
