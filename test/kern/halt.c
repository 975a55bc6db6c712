/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Halt and boot again: the kernel's data is new, its threads are gone, and
 * the program is not larger afterwards.
 *
 * HAUNCH_CYCLES    boots in case many_boots; default CYCLES
 * HAUNCH_THREADS   threads in case short_threads; default THREADS
 * TEST_WRAPPER     the program runs in an emulator
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../t.h"

#include <rump/rump.h>
#include <rump/rumpuser.h>

#include "kern_test.h"

/* The address sanitizer keeps freed memory back; thread's grows with use. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED	1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED	1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED	0
#endif

#define CYCLES		400
#define THREADS		4000
#define BATCH		8
#define GROWTH_MAX	75	/* kB, over a third of all rounds */

/* Of this process, from /proc: threads, and resident pages; -1: unknown. */
static long
status_line(const char *name)
{
	char line[200], format[40];
	long value = -1;
	FILE *f = fopen("/proc/self/status", "r");

	if (f == NULL)
		return -1;
	snprintf(format, sizeof(format), "%s: %%ld", name);
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, format, &value) == 1)
			break;
	fclose(f);
	return value;
}

/* What this process has is what the kernel has, not a sanitizer or an emulator. */
static bool
memory_tells(void)
{

	const char *emulator = getenv("TEST_WRAPPER");

	return !SANITIZED && (emulator == NULL || emulator[0] == '\0');
}

static void
cycle(void)
{
	int bad;

	T_ASSERT_EQ(rump_init(), 0);
	T_CHECK_EQ(rump_init(), 0);
	rump_schedule();
	bad = rumptest_dirty();
	rump_unschedule();
	T_CHECK_EQ(bad, 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_halt(), 0);
}

static void
again(void)
{
	int i;

	for (i = 0; i < 5; i++)
		cycle();
}

/*
 * How many threads there are, once it is so many; or after 30 seconds.  Who joins a
 * thread goes on when the host has marked its end, a moment before it is not counted.
 */
static long
threads_down_to(long wanted)
{
	time_t end = time(NULL) + 30;
	long n;

	while ((n = status_line("Threads")) > wanted && time(NULL) < end)
		sched_yield();
	return n;
}

static void
threads_gone(void)
{
	long before = status_line("Threads");

	cycle();
	T_CHECK(threads_down_to(before) <= before);
}

static void
memory_flat(void)
{
	long before, after;
	int i;

	for (i = 0; i < 10; i++)
		cycle();
	before = status_line("VmRSS");
	for (i = 0; i < 40; i++)
		cycle();
	after = status_line("VmRSS");
	if (before < 0 || !memory_tells()) {
		t_skip("resident memory says nothing here");
		return;
	}
	/* In kB; a leak of one page each time would be 160. */
	T_CHECK(after - before < 120);
}

static void
not_booted(void)
{

	T_CHECK_EQ(rump_halt(), 6);
}

/* A thread with an lwp of the kernel that was, and one with an implicit one. */
static pthread_barrier_t barrier;
static int survivor_bad;

static void *
survivor(void *arg)
{

	if (arg != NULL && rump_pub_lwproc_rfork(RUMP_RFCFDG) != 0)
		survivor_bad++;
	rump_schedule();
	rump_unschedule();
	pthread_barrier_wait(&barrier);
	/* Halt and boot happen here. */
	pthread_barrier_wait(&barrier);
	rump_schedule();
	if (rumptest_pid() != 1)
		survivor_bad++;
	rump_unschedule();
	if (rump_pub_lwproc_curlwp() != NULL)
		survivor_bad++;
	return NULL;
}

static void
threads_survive(void)
{
	pthread_t a, b;

	T_ASSERT_EQ(rump_init(), 0);
	pthread_barrier_init(&barrier, NULL, 3);
	pthread_create(&a, NULL, survivor, NULL);
	pthread_create(&b, NULL, survivor, &survivor_bad);
	pthread_barrier_wait(&barrier);
	T_CHECK_EQ(rump_halt(), 0);
	T_CHECK_EQ(rump_init(), 0);
	pthread_barrier_wait(&barrier);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	T_CHECK_EQ(survivor_bad, 0);
	T_CHECK_EQ(rump_halt(), 0);
}

static void *
stay_inside(void *arg)
{

	rump_schedule();
	pthread_barrier_wait(&barrier);
	rumptest_pause();
	rump_unschedule();
	return NULL;
}

static void
busy(void)
{
	pthread_t a;
	int result;

	T_ASSERT_EQ(rump_init(), 0);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&a, NULL, stay_inside, NULL);
	pthread_barrier_wait(&barrier);
	/* It may have left again already. */
	result = rump_halt();
	T_CHECK(result == 16 || result == 0);
	pthread_join(a, NULL);
	if (result == 16)
		T_CHECK_EQ(rump_halt(), 0);
}

static int
number(const char *name, int otherwise)
{
	const char *s = getenv(name);

	return s != NULL && atoi(s) > 0 ? atoi(s) : otherwise;
}

/*
 * A leak grows the process in the second third of n rounds and in the last; what
 * the C library once sets up for threads that meet in malloc, in one at most.
 */
static void
grows_not(void (*once)(void), int n)
{
	long rss[3] = { 0, 0, 0 };
	int i, third = n / 3;

	for (i = 0; i < 3 * third && t_state.failures == 0; i++) {
		once();
		if ((i + 1) % third == 0)
			rss[i / third] = status_line("VmRSS");
	}
	if (rss[0] > 0 && memory_tells())
		T_CHECK(rss[1] - rss[0] < GROWTH_MAX || rss[2] - rss[1] < GROWTH_MAX);
}

/* A thread whose implicit lwp is left when the kernel is gone. */
static void *
outlive(void *arg)
{

	rump_schedule();
	rump_unschedule();
	pthread_barrier_wait(&barrier);
	/* Halt happens here. */
	pthread_barrier_wait(&barrier);
	return NULL;
}

/* One that ends with an lwp of its own, which is not lost if that is noticed. */
static void *
forget(void *arg)
{

	if (rump_pub_lwproc_rfork(RUMP_RFCFDG) != 0)
		survivor_bad++;
	if ((rumpuser2_features() & RUMPUSER2_THREADEXIT) == 0)
		rump_pub_lwproc_releaselwp();
	return NULL;
}

static void
boot_and_halt(void)
{
	pthread_t a, b;

	T_ASSERT_EQ(rump_init(), 0);
	pthread_create(&a, NULL, outlive, NULL);
	pthread_create(&b, NULL, forget, NULL);
	/* An lwp that is current in no thread. */
	T_CHECK_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	rump_pub_lwproc_switch(NULL);
	pthread_barrier_wait(&barrier);
	pthread_join(b, NULL);
	T_CHECK_EQ(rump_halt(), 0);
	pthread_barrier_wait(&barrier);
	pthread_join(a, NULL);
}

static void
many_boots(void)
{

	survivor_bad = 0;
	pthread_barrier_init(&barrier, NULL, 2);
	grows_not(boot_and_halt, number("HAUNCH_CYCLES", CYCLES));
	T_CHECK_EQ(survivor_bad, 0);
}

static void *
come_and_go(void *arg)
{

	rump_schedule();
	rump_unschedule();
	return NULL;
}

static void
batch(void)
{
	pthread_t thread[BATCH];
	int i;

	for (i = 0; i < BATCH; i++)
		pthread_create(&thread[i], NULL, come_and_go, NULL);
	for (i = 0; i < BATCH; i++)
		pthread_join(thread[i], NULL);
}

static void
short_threads(void)
{
	int lwps;

	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	lwps = rumptest_nlwps();
	rump_unschedule();
	grows_not(batch, number("HAUNCH_THREADS", THREADS) / BATCH);
	rump_schedule();
	T_CHECK_EQ(rumptest_nlwps(), lwps);
	rump_unschedule();
	T_CHECK_EQ(rump_halt(), 0);
}

/* A kernel thread that gives way when it should, and nobody wants it to. */
static void
spinner(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		T_ASSERT_EQ(rump_init(), 0);
		rump_schedule();
		rumptest_spinner();
		rump_unschedule();
		T_CHECK_EQ(rump_halt(), 0);
	}
}

/*
 * A thread of the hypercall library is inside, and waits for a mutex that a
 * kernel thread has: the halt lets both get on.
 */
static void
library(void)
{

	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	rumptest_keep();
	rump_unschedule();
	T_CHECK_EQ(rump_halt(), 0);
}

/*
 * Without threads of its own a kernel does what needs none.
 */
static void
no_threads(void)
{
	long before = status_line("Threads");
	int result;

	setenv("RUMP_THREADS", "0", 1);
	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	result = rumptest_no_threads();
	rump_unschedule();
	T_CHECK_EQ(result, 0);
	rump_schedule();
	result = rumptest_no_threads_ran();
	rump_unschedule();
	T_CHECK_EQ(result, 1);
	T_CHECK(threads_down_to(before) <= before);	/* one of before may have been ending */
	T_CHECK_EQ(rump_halt(), 0);
	unsetenv("RUMP_THREADS");
}

T_MAIN(T(not_booted), T(again), T(threads_gone), T(memory_flat),
    T(threads_survive), T(busy), T(many_boots), T(short_threads), T(spinner),
    T(library), T(no_threads))
