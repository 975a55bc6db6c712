/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel half of component.c. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>
#include "../../hypercall/rump/rumpuser.h"
#include "../../hypercall/rump/rumpuser_component.h"

#include "kern_test.h"

#define DEVICES	4
#define VISITS	20	/* of each, before the kernel is halted */

/*
 * The host's half is called with the kernel lock held so often, and gives the
 * CPU away meanwhile.  0: afterwards all is as before.
 */
int
rumptest_component_call(int depth)
{
	struct lwp *l = curlwp;
	void *cookie;
	int bad;

	if (depth != 0)
		KERNEL_LOCK(depth, NULL);
	cookie = rumpuser_component_unschedule();
	bad = cookie == NULL;
	rumpuser_component_schedule(cookie);
	bad |= curlwp != l || l->l_biglocks != depth;
	if (depth != 0)
		KERNEL_UNLOCK_ALL(NULL, NULL);
	return bad;
}

/*
 * Devices.  What a halt must not restore survives it here: in the section that
 * the kernel keeps.
 */
static volatile int over __section("rump_keep");
static volatile int bad __section("rump_keep");
static volatile int visits[DEVICES] __section("rump_keep");
static void *threads[DEVICES] __section("rump_keep");

int
rumptest_devices_over(void)
{

	return atomic_load_acquire(&over);
}

int
rumptest_devices_bad(void)
{

	return bad;
}

void
rumptest_device_visit(int n)
{

	bad |= rumptest_cpu_claim();
	bad |= curproc->p_pid != (n % 2 != 0 ? 0 : 1);
	if (n >= 2)
		bad |= rumptest_component_call(n == 3 ? 1 : 0);
	if (visits[n] % 8 == 0)
		kpause("device", false, 1, NULL);
	atomic_store_release(&visits[n], visits[n] + 1);
}

/* Each comes a few times more while the halt waits for it. */
static void
devices_end(void)
{
	int i, before;

	for (i = 0; i < DEVICES; i++) {
		before = visits[i];
		while (atomic_load_acquire(&visits[i]) < before + 2)
			kpause("devend", false, 1, NULL);
	}
	atomic_store_release(&over, 1);
	for (i = 0; i < DEVICES; i++)
		bad |= rumpuser_thread_join(threads[i]);
}

static struct rump_halthook hook = { .hh_func = devices_end };

void
rumptest_devices_start(void *(*func)(void *))
{
	int i;

	over = 0;
	rump_halthook_establish(&hook);
	for (i = 0; i < DEVICES; i++) {
		visits[i] = 0;
		bad |= rumpuser_thread_create(func, (void *)(intptr_t)i, "device",
		    1, -1, -1, &threads[i]);
	}
	for (i = 0; i < DEVICES; i++) {
		while (atomic_load_acquire(&visits[i]) < VISITS)
			kpause("devstart", false, 1, NULL);
	}
}
