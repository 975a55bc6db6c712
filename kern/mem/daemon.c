/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page daemon: a thread that gets memory back when it is short.
 *
 * A pass takes back pages of files, asks the caches that registered to give up
 * some of theirs (buffers, vnodes), then drains pools, into which those freed.
 * Who waits for memory is woken when anybody frees some, and after each pass.
 *
 * The thread is prepared at boot and starts at the first kick, so that a kernel
 * that has memory has no such thread.
 *
 * daemon_lock protects everything here but the reclaimers, which their own lock
 * protects; that one is held across a pass.
 */

#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/radixtree.h>
#include <sys/systm.h>
#include <sys/vmem.h>

#include <rump-private/memory.h>
#include <uvm/uvm.h>

#include "kthread.h"
#include "guard.h"
#include "mem.h"
#include "pool.h"

/* Least pages that a pass tries to get back. */
#define PASS_MIN	64

static kmutex_t daemon_lock;
static kcondvar_t daemon_work, daemon_done;
static struct lwp *daemon_lwp;		/* prepared; constant from then on */
static bool daemon_launched;
static bool daemon_kicked;
static unsigned int daemon_passes;		/* changed under the lock */
volatile bool daemon_waiters;		/* also read without lock */

static kmutex_t reclaimers_lock;
static LIST_HEAD(, mem_reclaimer) reclaimers;

struct uvm uvm;

void
mem_reclaimer_add(struct mem_reclaimer *mr)
{
	mutex_enter(&reclaimers_lock);
	LIST_INSERT_HEAD(&reclaimers, mr, mr_link);
	mutex_exit(&reclaimers_lock);
}

void
mem_reclaimer_remove(struct mem_reclaimer *mr)
{
	mutex_enter(&reclaimers_lock);
	LIST_REMOVE(mr, mr_link);
	mutex_exit(&reclaimers_lock);
}

/*
 * How many pages this pass should get back.  While the reserve is low that is a
 * share of all there are: system calls are refused, and pages that lie apart may
 * not be what it can be filled with.
 */
static unsigned int
pass_target(void)
{
	unsigned int want = PASS_MIN;
	unsigned int filepages = atomic_load_relaxed(&pagequeue_length);
	size_t free = mem_available();

	if (free < (size_t)uvmexp.freetarg)
		want = MAX(want, uvmexp.freetarg - free);
	if (filepages > pagequeue_soft_limit)
		want = MAX(want, filepages - pagequeue_soft_limit +
		    pagequeue_soft_limit / 16);
	if (atomic_load_relaxed(&mem_reserve_low))
		want = MAX(want, filepages / 2);
	return want;
}

/* Ask the caches for what is missing. */
static void
ask_caches(unsigned int freed, unsigned int want)
{
	struct mem_reclaimer *mr;

	LIST_FOREACH(mr, &reclaimers, mr_link) {
		if (freed >= want && mem_available() >= (size_t)uvmexp.freetarg)
			break;
		freed += mr->mr_reclaim(want);
	}
}

static void
pass(void)
{
	unsigned int want = pass_target();
	struct mem_reclaimer *mr;

	uvmexp.pdrevs++;
	mutex_enter(&reclaimers_lock);
	LIST_FOREACH(mr, &reclaimers, mr_link) {
		if (mr->mr_begin != NULL)
			mr->mr_begin();
	}
	ask_caches(pagequeue_reclaim(want), want);
	mutex_exit(&reclaimers_lock);
	pools_drain();
	if (atomic_load_relaxed(&mem_reserve_low))
		reserve_fill();
}

static void
daemon_main(void *arg)
{
	atomic_store_relaxed(&uvm.pagedaemon_lwp, curlwp);
	mutex_enter(&daemon_lock);
	for (;;) {
		while (!daemon_kicked)
			cv_wait(&daemon_work, &daemon_lock);
		atomic_store_relaxed(&daemon_kicked, false);
		mutex_exit(&daemon_lock);
		uvmexp.pdwoke++;
		pass();
		mutex_enter(&daemon_lock);
		atomic_store_relaxed(&daemon_passes, daemon_passes + 1);
		atomic_store_relaxed(&daemon_waiters, false);
		cv_broadcast(&daemon_done);
	}
}

static void
daemon_init(void)
{
	mutex_init(&daemon_lock, MUTEX_DEFAULT, IPL_VM);
	mutex_init(&reclaimers_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&daemon_work, "pgdaemon");
	cv_init(&daemon_done, "memory");
	LIST_INIT(&reclaimers);
}

void
mem_start(void)
{
	daemon_lwp = kthread_prepare(PRI_PGDAEMON, KTHREAD_MPSAFE, NULL,
	    daemon_main, NULL, "pgdaemon");
}

/* Let it work; daemon_lock held.  False: there is no daemon. */
static bool
kick_locked(void)
{
	if (daemon_lwp == NULL || kern_halting)
		return false;
	atomic_store_relaxed(&daemon_kicked, true);
	if (daemon_launched)
		cv_signal(&daemon_work);
	else {
		if (kthread_launch(daemon_lwp) != 0)
			return false;
		daemon_launched = true;
	}
	return true;
}

bool
daemon_self(void)
{
	return daemon_lwp != NULL && curlwp == daemon_lwp;
}

void
daemon_kick(void)
{
	if (atomic_load_relaxed(&daemon_kicked))
		return;
	mutex_enter(&daemon_lock);
	(void)kick_locked();
	mutex_exit(&daemon_lock);
}

unsigned int
daemon_pass(void)
{
	return atomic_load_relaxed(&daemon_passes);
}

bool
daemon_wait(void)
{
	unsigned int before;

	if (daemon_self())
		return false;
	mutex_enter(&daemon_lock);
	before = daemon_passes;
	if (!kick_locked()) {
		mutex_exit(&daemon_lock);
		return false;
	}
	atomic_store_relaxed(&daemon_waiters, true);
	/* Woken early is woken because something was freed. */
	if (before == daemon_passes)
		(void)cv_timedwait(&daemon_done, &daemon_lock, MAX(hz / 10, 1));
	mutex_exit(&daemon_lock);
	return true;
}

void
daemon_wakeup(void)
{
	mutex_enter(&daemon_lock);
	atomic_store_relaxed(&daemon_waiters, false);
	cv_broadcast(&daemon_done);
	mutex_exit(&daemon_lock);
}

/*
 * What uvm(9) calls these things.
 */

void
uvm_kick_pdaemon(void)
{
	daemon_kick();
}

/* Sleep until an allocation that failed is worth another try. */
void
uvm_wait(const char *msg)
{
	if (daemon_self())
		panic("uvm_wait: the page daemon waits for itself: %s", msg);
	if (!daemon_wait())
		panic("uvm_wait: out of memory: %s", msg);
}

/* npages are being written for the page daemon. */
void
uvm_pageout_start(int npages)
{
	atomic_add_int((volatile unsigned int *)&uvmexp.paging, npages);
}

void
uvm_pageout_done(int npages)
{
	atomic_add_int((volatile unsigned int *)&uvmexp.paging, -npages);
	if (atomic_load_relaxed(&daemon_waiters))
		daemon_wakeup();
}

/*
 * Start and end of everything.
 */

int
mem_init(unsigned int ncpus)
{
	mutex_init(&page_lock, MUTEX_DEFAULT, IPL_VM);
	buddy_init();
	chunks_init();
	guards_init();
	daemon_init();
	if (!reserve_init(ncpus))
		return ENOMEM;
	pagequeue_init();
	uvm_init();
	pool_subsystem_init();
	pool_caches_init(ncpus);
	kmem_init();
	vmem_subsystem_init(NULL);
	radix_tree_init();
	return 0;
}

void
mem_fini(void)
{
	guards_fini();
	chunks_fini();
}
