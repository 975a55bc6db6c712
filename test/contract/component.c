/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What host halves of components call.
 */

#include "kernel.h"

#include <pthread.h>

#include "rump/rumpuser_component.h"

static void
around_blocking(void)
{
	struct lwp *l;
	void *cookie;

	kernel_boot(1);
	l = kernel_lwp();
	l->l_biglock = 2;
	T_CHECK(rumpuser_component_curlwp() == l);
	cookie = rumpuser_component_unschedule();
	T_CHECK_EQ(l->l_cpu, -1);
	T_CHECK_EQ(l->l_biglock, 0);
	rumpuser_component_schedule(cookie);
	T_CHECK(l->l_cpu != -1);
	T_CHECK_EQ(l->l_biglock, 2);
	l->l_biglock = 0;
	kernel_halt();
}

static struct lwp *seen;

static void *
device_thread(void *arg)
{
	struct lwp *l;

	rumpuser_component_kthread();
	l = kernel_lwp();
	if (l == NULL || l->l_cpu != -1)
		return NULL;
	for (int i = 0; i < 3; i++) {
		rumpuser_component_schedule(NULL);
		seen = rumpuser_component_curlwp() == l && l->l_cpu != -1 ? l : NULL;
		rumpuser_component_unschedule();
	}
	rumpuser_component_kthread_release();
	if (kernel_lwp() != NULL)
		return NULL;
	return arg;
}

static void *
device_thread_exit(void *arg)
{

	flag_set(arg, device_thread(arg) == arg ? 1 : 2);
	rumpuser_thread_exit();
}

static void
threads_of_devices(void)
{
	void *cookie;
	int good = 0;

	kernel_boot(1);
	T_ASSERT_EQ(rumpuser_thread_create(device_thread_exit, &good, "device", 1, 0, -1, &cookie), 0);
	rumpuser_thread_join(cookie);
	T_CHECK_EQ(good, 1);
	T_CHECK(seen != NULL);
	kernel_halt();
}

static void
switching(void)
{
	struct lwp *l, other = { .l_cpu = 0 };

	kernel_boot(1);
	l = kernel_lwp();
	rumpuser_component_switchlwp(&other);
	T_CHECK(kernel_lwp() == &other);
	rumpuser_component_switchlwp(l);
	T_CHECK(kernel_lwp() == l);
	kernel_halt();
}

T_MAIN(T(around_blocking), T(threads_of_devices), T(switching))
