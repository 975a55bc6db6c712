/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory, for the kernel's own parts: start and end, the reserve, giving
 * memory back when it is short.  Implemented in kern/mem; see doc/memory.md.
 */
#ifndef _RUMP_PRIVATE_MEMORY_H_
#define _RUMP_PRIVATE_MEMORY_H_

#include <sys/types.h>
#include <sys/atomic.h>
#include <sys/queue.h>

/*
 * Start the allocators.  From here on memory can be allocated.
 *
 * ncpus  virtual CPUs: the reserve is sized by it.
 *
 * Returns 0, or ENOMEM: then there is nothing to end but what mem_fini ends.
 * Context: boot, on a CPU.
 */
int	mem_init(unsigned int ncpus);

/*
 * Make the page daemon ready, once kernel threads can be.  It starts to run
 * when memory is first short.
 *
 * Context: boot, may sleep.
 */
void	mem_start(void);

/*
 * Give all memory back to the host at once.  Nothing that was allocated may
 * be touched afterwards.
 *
 * Context: halt, the last thread; no lock is taken.
 */
void	mem_fini(void);

/* The address space of kernel threads; that of local programs is another. */
struct vmspace;
extern struct vmspace *rump_vmspace_kernel;

/*
 * The reserve: memory that requests which must not fail draw on when nothing
 * else is left.  While it is not full nothing new should begin: a system call,
 * a mount, a packet is refused with ENOMEM or ENOBUFS, unless it will free
 * memory.
 *
 * reserve_ok asks in one load; where it is not full, it waits for the page
 * daemon to free memory, a few passes long, and answers for what came of it.
 */
extern volatile bool mem_reserve_low;
bool	mem_reserve_refill(void);

/*
 * Wait for the page daemon once more, for a request that may fail: who has
 * waited for a few passes in vain should give up.
 *
 * mp      all zero at first.
 *
 * Returns false: that was enough, or there is no daemon, or the caller is it.
 * Context: thread, may sleep.
 */
struct mem_patience {
	unsigned int	mp_pass;	/* when the first wait began */
	unsigned int	mp_waits;
};
bool	mem_wait(struct mem_patience *mp);

static __inline bool
reserve_ok(void)
{
	return __predict_true(!atomic_load_relaxed(&mem_reserve_low)) ||
	    mem_reserve_refill();
}

/*
 * A cache that can give memory back.  The page daemon calls mr_reclaim when
 * memory is short.
 *
 * mr_reclaim(pages)  free about so many pages worth; returns how many it freed,
 *                    or set on the way.  Context: thread, may sleep, but must
 *                    not wait for anything that waits for memory.
 * mr_begin()         NULL, or called first in each pass, by the daemon: what its
 *                    thread needs before it frees and writes pages.
 *
 * The structure is the caller's and stays in place until taken off.
 */
struct mem_reclaimer {
	size_t (*mr_reclaim)(size_t pages);
	void (*mr_begin)(void);
	LIST_ENTRY(mem_reclaimer) mr_link;	/* the daemon's */
};

void	mem_reclaimer_add(struct mem_reclaimer *);
void	mem_reclaimer_remove(struct mem_reclaimer *);

#endif /* _RUMP_PRIVATE_MEMORY_H_ */
