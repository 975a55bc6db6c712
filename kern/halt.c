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
 * refuses.  Threads outside may have lwps; those are of the kernel that is
 * gone, which is noticed when they enter the next one (entry.c).
 */
#include <sys/kernel.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/reboot.h>
#include <sys/systm.h>

#include <rump-private/memory.h>
#include <rump-sys/kern.h>
#include <rump/rump.h>
#include <rump/rumpuser.h>

#include "boot.h"
#include "cpu.h"
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
	sched_bootgen = 0;
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
	kern_state = KERN_DOWN;
}

/*
 * Returns 0; ENXIO, the kernel is not up; EBUSY, a thread of the program is in
 * it.  Context: a thread of the program, outside the kernel.
 */
int
rump_halt(void)
{

	if (kern_state != KERN_UP)
		return ENXIO;
	rump_schedule();
	if (lwp_visitors_inside()) {
		rump_unschedule();
		return EBUSY;
	}
	kern_state = KERN_HALTING;
	shutting_down = 1;
	hooks_run();
	kthread_stop_all();
	rump_unschedule();
	kernel_discard();
	return 0;
}

/*
 * reboot(2) and panics with a console: the program ends.
 */
void
kern_reboot(int howto, char *bootstr)
{

	shutting_down = 1;
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
