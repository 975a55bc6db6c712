/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Halt, and reboot(2), which ends the program.
 *
 * rump_halt() brings the program back to before rump_init(): hooks write back
 * and let go of the host, kernel threads leave, the hypercall library ends its
 * own, memory is given back whole, and the kernel's data becomes what it was.
 * Then rump_init() makes a new kernel.
 *
 * It needs the kernel to itself: with another thread of the program inside, it
 * refuses.  How it knows, and what becomes of threads that come, end or halt
 * the kernel meanwhile, is in gate.c.  Threads outside may have lwps; those are
 * of the kernel that is gone, which is noticed when they enter the next one
 * (entry.c).
 */
#include <sys/kernel.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/reboot.h>
#include <sys/systm.h>

#include <rump-private/memory.h>
#include <rump-sys/kern.h>
#include <rump/rump.h>
#include <rump/rumpuser.h>

#include "boot.h"
#include "cpu.h"
#include "entry.h"
#include "gate.h"
#include "image.h"
#include "kthread.h"
#include "lockdebug.h"
#include "lwp.h"
#include "sched.h"

static LIST_HEAD(, rump_halthook) hooks = LIST_HEAD_INITIALIZER(hooks);

/* Context: thread, when a component starts.  A hook is never taken off. */
void
rump_halthook_establish(struct rump_halthook *hh)
{

	LIST_INSERT_HEAD(&hooks, hh, hh_list);
}

static void
hooks_run(void)
{
	struct rump_halthook *hh;

	LIST_FOREACH(hh, &hooks, hh_list)
		(*hh->hh_func)();
}

/* Nothing of the kernel runs any more; the caller is just a host thread. */
static void
kernel_discard(void)
{
	struct rumpuser2_thread *rt;
	struct lwp *own;

	rumpuser2_fini();
	__atomic_store_n(&sched_bootgen, 0, __ATOMIC_RELAXED);
	rt = rump_thread_self();
	own = rt->rt_curlwp;
	rt->rt_curlwp = NULL;
	lwp_disown_all(own, rt->rt_cache);
	rt->rt_cache = NULL;
	rumpuser2_self_put();
	mem_fini();
	lockdebug_fini();
	cpus_destroy();
	image_restore();
	gate_set(KERN_DOWN);
}

/* Is a thread from outside in the kernel?  See gate.c. */
static bool
visited(enum visitor v)
{

	u_int before = gate_count(v);

	sched_unbias_all();
	return (before & GATE_COMING) != 0 || lwp_visitors_inside(v) ||
	    gate_count(v) != before;
}

/*
 * Threads of the hypercall library are in the kernel for a short time, to say
 * that a transfer is done, and may need what a thread of the kernel has, and so
 * may those of components; so they go before those do.
 */
static void
await_host(void)
{

	while (visited(VISITOR_HOST) || visited(VISITOR_COMPONENT))
		kpause("halt", false, 1, NULL);
}

/*
 * Returns 0; ENXIO, the kernel is not up; EBUSY, a thread of the program is in
 * it.  Context: a thread of the program, outside the kernel.
 */
int
rump_halt(void)
{

	if (entry_inside() || !gate_change(KERN_CLOSING))
		return ENXIO;
	entry_halter();
	if (visited(VISITOR_PROGRAM)) {
		gate_set(KERN_UP);
		rump_unschedule();
		return EBUSY;
	}
	gate_set(KERN_HALTING);
	shutting_down = doing_shutdown = 1;
	hooks_run();
	gate_set(KERN_STOPPING);
	await_host();
	kthread_stop_all();
	rump_unschedule();
	kernel_discard();
	return 0;
}

/* The caller is lwp0, on its CPU, or late in the boot a thread from outside. */
void
kernel_abandon(bool threads)
{

	shutting_down = doing_shutdown = 1;
	hooks_run();
	gate_set(KERN_STOPPING);
	if (threads) {
		await_host();
		kthread_stop_all();
	}
	if (curlwp != &lwp0)
		rump_unschedule();
	kernel_discard();
}

/*
 * reboot(2) and panics with a console: the program ends.
 */
void
kern_reboot(int howto, char *bootstr)
{

	shutting_down = doing_shutdown = 1;
	if ((howto & RB_NOSYNC) == 0)
		hooks_run();
	cpu_reboot(howto, bootstr);
}

void
cpu_reboot(int howto, char *bootstr)
{

	if (rump_sysproxy_ops.rspo_fini != NULL)
		rump_sysproxy_ops.rspo_fini(NULL);
	rumpuser_exit((howto & RB_DUMP) != 0 ? RUMPUSER_PANIC : 0);
}
