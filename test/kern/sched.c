/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual CPUs and the threads of a program: entering and leaving from many
 * threads at once, the lwps that threads get and make, and who comes next.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "../t.h"

#include <rump/rump.h>
#include <rump/rumpuser_component.h>

#include "kern_test.h"

#define THREADS	8

static void
boot(void)
{

	T_ASSERT_EQ(rump_init(), 0);
}

static void
halt(void)
{

	T_CHECK_EQ(rump_halt(), 0);
}

static void
together(void *(*func)(void *), int n)
{
	pthread_t thread[THREADS];
	int i;

	for (i = 0; i < n; i++)
		pthread_create(&thread[i], NULL, func, (void *)(intptr_t)i);
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
}

/*
 * At most as many inside as there are CPUs, and never two on one.
 */
static atomic_int wrong;

static void *
enterer(void *arg)
{
	int i;

	for (i = 0; i < 30000; i++) {
		rump_schedule();
		if (rumptest_cpu_claim() != 0)
			atomic_fetch_add(&wrong, 1);
		if (i % 1000 == 0)
			rumptest_pause();
		rump_unschedule();
	}
	return NULL;
}

static void
exclusive(void)
{

	atomic_store(&wrong, 0);
	together(enterer, THREADS);
	T_CHECK_EQ(atomic_load(&wrong), 0);
}

/* One thread alone on a CPU that others then want, again and again. */
static void *
visitor(void *arg)
{
	int i;

	for (i = 0; i < 200; i++) {
		rump_schedule();
		if (rumptest_cpu_claim() != 0)
			atomic_fetch_add(&wrong, 1);
		rump_unschedule();
	}
	return NULL;
}

static void
revocation(void)
{
	int round, i;

	atomic_store(&wrong, 0);
	for (round = 0; round < 50; round++) {
		for (i = 0; i < 5000; i++) {
			rump_schedule();
			rump_unschedule();
		}
		together(visitor, THREADS);
	}
	T_CHECK_EQ(atomic_load(&wrong), 0);
}

/*
 * A thread that stays inside as long as it can, but yields when it should,
 * cannot keep others out.
 */
static atomic_int arrived;

static void *
hog(void *arg)
{

	rump_schedule();
	rumptest_hog((int *)&arrived, THREADS / 2);
	rump_unschedule();
	return NULL;
}

static void *
hog_or_guest(void *arg)
{

	if ((intptr_t)arg < THREADS / 2)
		return hog(arg);
	rump_schedule();
	atomic_fetch_add(&arrived, 1);
	rump_unschedule();
	return NULL;
}

static void
fairness(void)
{

	atomic_store(&arrived, 0);
	together(hog_or_guest, THREADS);
	T_CHECK_EQ(atomic_load(&arrived), THREADS / 2);
}

/*
 * lwps.
 */

static void
implicit(void)
{

	T_CHECK(rump_pub_lwproc_curlwp() == NULL);
	rump_schedule();
	T_CHECK_EQ(rumptest_pid(), 1);
	rump_unschedule();
	T_CHECK(rump_pub_lwproc_curlwp() == NULL);
}

static void
own(void)
{
	struct lwp *first, *second;
	int pid;

	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	first = rump_pub_lwproc_curlwp();
	T_ASSERT(first != NULL);
	rump_schedule();
	pid = rumptest_pid();
	rump_unschedule();
	T_CHECK(pid > 1);

	T_ASSERT_EQ(rump_pub_lwproc_newlwp(pid), 0);
	second = rump_pub_lwproc_curlwp();
	T_CHECK(second != NULL && second != first);
	rump_pub_lwproc_switch(first);
	T_CHECK(rump_pub_lwproc_curlwp() == first);
	rump_pub_lwproc_switch(NULL);
	T_CHECK(rump_pub_lwproc_curlwp() == NULL);
	rump_pub_lwproc_switch(second);
	rump_pub_lwproc_releaselwp();
	T_CHECK(rump_pub_lwproc_curlwp() == NULL);
	rump_pub_lwproc_switch(first);
	rump_pub_lwproc_releaselwp();
	T_CHECK(rump_pub_lwproc_curlwp() == NULL);
	/* The process went with its last lwp. */
	T_CHECK_EQ(rump_pub_lwproc_newlwp(pid), 3);
	T_CHECK_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG | RUMP_RFCFDG), 22);
	T_CHECK_EQ(rump_pub_lwproc_rfork(0x1000), 22);
}

static void *
forker(void *arg)
{
	int i;

	for (i = 0; i < 300; i++) {
		if (rump_pub_lwproc_rfork(i % 2 ? RUMP_RFFDG : RUMP_RFCFDG) != 0 ||
		    rump_pub_lwproc_curlwp() == NULL)
			atomic_fetch_add(&wrong, 1);
		rump_pub_lwproc_releaselwp();
	}
	return NULL;
}

static void
many_processes(void)
{
	int before, after;

	rump_schedule();
	before = rumptest_nprocs();
	rump_unschedule();
	atomic_store(&wrong, 0);
	together(forker, 4);
	T_CHECK_EQ(atomic_load(&wrong), 0);
	rump_schedule();
	after = rumptest_nprocs();
	rump_unschedule();
	T_CHECK_EQ(after, before);
}

/* Threads come and go; their implicit lwps with them. */
static void
thread_exit_hook(void)
{
	int i, before, after;

	rump_schedule();
	before = rumptest_nlwps();
	rump_unschedule();
	for (i = 0; i < 50; i++)
		together(visitor, 2);
	rump_schedule();
	after = rumptest_nlwps();
	rump_unschedule();
	T_CHECK_EQ(after, before);
}

/* A component's host thread becomes one of the kernel's, and stops being it. */
static void *
component_thread(void *arg)
{
	int pid;

	rumpuser_component_kthread();
	rump_schedule();
	pid = rumptest_pid();
	rump_unschedule();
	if (pid != 0)
		atomic_fetch_add(&wrong, 1);
	rumpuser_component_kthread_release();
	rump_schedule();
	pid = rumptest_pid();
	rump_unschedule();
	if (pid != 1)
		atomic_fetch_add(&wrong, 1);
	return NULL;
}

static void
component(void)
{

	atomic_store(&wrong, 0);
	together(component_thread, 3);
	T_CHECK_EQ(atomic_load(&wrong), 0);
}

T_MAIN(T(boot), T(exclusive), T(revocation), T(fairness), T(implicit), T(own),
    T(many_processes), T(component), T(thread_exit_hook), T(halt))
