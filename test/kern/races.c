/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hand-overs between threads that are rare: each case brings one about, and
 * hangs or fails if something is lost in it.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../t.h"

#include <rump/rump.h>

#include "kern_test.h"

#define THREADS	8

/* As in NetBSD, whatever the host's number is. */
#define R_EBUSY	16

static void
boot(const char *ncpu)
{

	setenv("RUMP_NCPU", ncpu, 1);
	T_ASSERT_EQ(rump_init(), 0);
}

static void
halt(void)
{

	T_CHECK_EQ(rump_halt(), 0);
}

static int
inside(int (*func)(void))
{
	int result;

	rump_schedule();
	result = func();
	rump_unschedule();
	return result;
}

static void
visit(void (*func)(void))
{

	rump_schedule();
	func();
	rump_unschedule();
}

static void
rwlock_many(void)
{

	boot("4");
	T_CHECK_EQ(inside(rumptest_rwlock_many), 0);
	halt();
}

static void *
armed(void *arg)
{

	visit(rumptest_exit_softint_arm);
	return NULL;
}

static void
exit_softint(void)
{
	pthread_t thread;

	boot("2");
	visit(rumptest_exit_softint_begin);
	pthread_create(&thread, NULL, armed, NULL);
	pthread_join(thread, NULL);
	T_CHECK_EQ(inside(rumptest_exit_softint_end), 0);
	halt();
}

static void *
get_stuck(void *arg)
{

	visit(rumptest_stuck_begin);
	return NULL;
}

static void
halt_stuck(void)
{
	pthread_t thread;

	boot("2");
	visit(rumptest_stuck_init);
	pthread_create(&thread, NULL, get_stuck, NULL);
	visit(rumptest_stuck_wait);
	T_CHECK_EQ(rump_halt(), R_EBUSY);
	visit(rumptest_stuck_end);
	pthread_join(thread, NULL);
	halt();
}

static void *
sleep_inside(void *arg)
{

	visit(rumptest_stuck_here);
	return NULL;
}

/* One that was woken is inside until it has left, also before it runs. */
static void
halt_woken(void)
{
	pthread_t thread;
	int i, result;

	for (i = 0; i < 300; i++) {
		boot("2");
		visit(rumptest_stuck_init);
		pthread_create(&thread, NULL, sleep_inside, NULL);
		visit(rumptest_stuck_wait);
		visit(rumptest_stuck_end);
		while ((result = rump_halt()) == R_EBUSY)
			continue;
		T_ASSERT_EQ(result, 0);
		pthread_join(thread, NULL);
	}
}

static void
halt_softint(void)
{

	boot("1");
	visit(rumptest_halt_softint);
	halt();
}

static void
halt_exits(void)
{
	int i;

	for (i = 0; i < 40; i++) {
		boot("4");
		visit(rumptest_halt_exits);
		halt();
	}
}

static void
softint_levels(void)
{

	boot("1");
	T_CHECK_EQ(inside(rumptest_softint_levels), 0);
	halt();
}

/* Threads that wait for a parklock get it in the order in which they came. */
static int order[THREADS], nth;

static void *
queue_up(void *arg)
{

	rumptest_park_lock();
	order[nth++] = (int)(intptr_t)arg;
	rumptest_park_unlock();
	return NULL;
}

static void
parklock_order(void)
{
	pthread_t thread[THREADS];
	int i;

	nth = 0;
	rumptest_park_lock();
	for (i = 0; i < THREADS; i++) {
		pthread_create(&thread[i], NULL, queue_up, (void *)(intptr_t)i);
		while (rumptest_park_waiters() <= i)
			sched_yield();
	}
	rumptest_park_unlock();
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < THREADS; i++)
		T_CHECK_EQ(order[i], i);
}

static atomic_bool done;

static void *
come_and_go(void *arg)
{

	while (!atomic_load(&done)) {
		rump_schedule();
		rump_unschedule();
	}
	return NULL;
}

static void
bound(void)
{
	pthread_t thread[THREADS];
	int i;

	boot("2");
	atomic_store(&done, false);
	for (i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, come_and_go, NULL);
	T_CHECK_EQ(inside(rumptest_bound), 0);
	atomic_store(&done, true);
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	halt();
}

T_MAIN(T(rwlock_many), T(exit_softint), T(halt_stuck), T(halt_woken),
    T(halt_softint), T(halt_exits), T(softint_levels), T(bound),
    T(parklock_order))
