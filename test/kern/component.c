/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of a component's half in the host: they come in without an lwp and
 * with one, wait in the host in the middle of it, go on while the kernel is
 * halted, until a hook of the halt has them end, and come too late.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../t.h"

#include <rump/rump.h>
#include <rump/rumpuser.h>
#include <rump/rumpuser_component.h>

#include "kern_test.h"

#define ROUNDS	60

static void
without_lwp(void)
{
	struct lwp *own;

	T_ASSERT_EQ(rump_init(), 0);
	for (int i = 0; i < 3; i++) {
		rumpuser_component_schedule(NULL);
		T_CHECK(rumpuser_component_curlwp() == NULL);
		T_CHECK_EQ(rumptest_pid(), 1);
		T_CHECK_EQ(rumptest_cpu_claim(), 0);
		(void)rumpuser_component_unschedule();
	}
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	own = rump_pub_lwproc_curlwp();
	rumpuser_component_schedule(NULL);
	T_CHECK(rumpuser_component_curlwp() == own);
	(void)rumpuser_component_unschedule();
	T_CHECK(rump_pub_lwproc_curlwp() == own);
	T_CHECK_EQ(rump_halt(), 0);
}

static void
with_lwp(void)
{
	struct lwp *l;

	T_ASSERT_EQ(rump_init(), 0);
	rumpuser_component_kthread();
	l = rump_pub_lwproc_curlwp();
	T_CHECK(l != NULL);
	rumpuser_component_schedule(NULL);
	T_CHECK(rumpuser_component_curlwp() == l);
	T_CHECK_EQ(rumptest_pid(), 0);
	(void)rumpuser_component_unschedule();
	rumpuser_component_kthread_release();
	T_CHECK(rump_pub_lwproc_curlwp() == NULL);
	T_CHECK_EQ(rump_halt(), 0);
}

/* The kernel calls the component, which waits in the host. */
static void
called(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	T_CHECK_EQ(rumptest_component_call(0), 0);
	T_CHECK_EQ(rumptest_component_call(2), 0);
	rump_unschedule();
	rumpuser_component_schedule(NULL);
	T_CHECK_EQ(rumptest_component_call(0), 0);
	T_CHECK_EQ(rumptest_component_call(2), 0);
	T_CHECK_EQ(rumptest_component_call(0), 0);
	(void)rumpuser_component_unschedule();
	T_CHECK_EQ(rump_halt(), 0);
}

/* An lwp of the kernel that was is none of the next one's. */
static void
survives(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	rumpuser_component_kthread();
	rumpuser_component_schedule(NULL);
	(void)rumpuser_component_unschedule();
	T_ASSERT_EQ(rump_halt(), 0);
	T_ASSERT_EQ(rump_init(), 0);
	rumpuser_component_schedule(NULL);
	T_CHECK(rumpuser_component_curlwp() == NULL);
	T_CHECK_EQ(rumptest_pid(), 1);
	(void)rumpuser_component_unschedule();
	T_ASSERT_EQ(rump_halt(), 0);
	T_ASSERT_EQ(rump_init(), 0);
	rumpuser_component_kthread_release();
	T_CHECK(rump_pub_lwproc_curlwp() == NULL);
	T_CHECK_EQ(rump_halt(), 0);
}

/*
 * Those that enter all the time; the kernel half's halt hook joins them.
 */
static void *
device(void *arg)
{
	intptr_t n = (intptr_t)arg;

	if (n % 2 != 0)
		rumpuser_component_kthread();
	while (!rumptest_devices_over()) {
		rumpuser_component_schedule(NULL);
		rumptest_device_visit((int)n);
		(void)rumpuser_component_unschedule();
	}
	if (n % 2 != 0)
		rumpuser_component_kthread_release();
	rumpuser2_self_put();
	rumpuser_thread_exit();
}

static void
halt_beside(void)
{

	for (int i = 0; i < ROUNDS; i++) {
		T_ASSERT_EQ(rump_init(), 0);
		rump_schedule();
		rumptest_devices_start(device);
		rump_unschedule();
		T_ASSERT_EQ(rump_halt(), 0);
		T_ASSERT_EQ(rumptest_devices_bad(), 0);
	}
}

/*
 * The program must end.
 */
static void
enter_halted(void)
{

	rumpuser_component_schedule(NULL);
	(void)rumpuser_component_unschedule();
	if (rump_halt() == 0)
		rumpuser_component_schedule(NULL);
}

static void
enter_halted_kthread(void)
{

	rumpuser_component_kthread();
	if (rump_halt() == 0)
		rumpuser_component_kthread_release();
}

static void
back_too_late(void)
{
	void *cookie;

	rumpuser_component_schedule(NULL);
	cookie = rumpuser_component_unschedule();
	if (rump_halt() == 0 && rump_init() == 0)
		rumpuser_component_schedule(cookie);
}

static void
back_too_late_kthread(void)
{

	rumpuser_component_kthread();
	back_too_late();
}

static int
ends_by(void (*func)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (rump_init() != 0)
			_exit(2);
		(*func)();
		_exit(0);
	}
	if (pid == -1 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}

static void
too_late(void)
{

	T_CHECK_EQ(ends_by(enter_halted), SIGABRT);
	T_CHECK_EQ(ends_by(enter_halted_kthread), SIGABRT);
	T_CHECK_EQ(ends_by(back_too_late), SIGABRT);
	T_CHECK_EQ(ends_by(back_too_late_kthread), SIGABRT);
}

T_MAIN(T(too_late), T(without_lwp), T(with_lwp), T(called), T(survives),
    T(halt_beside))
