/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Halt and boot again: the kernel's data is new, its threads are gone, and
 * the program is not larger afterwards.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "../t.h"

#include <rump/rump.h>

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

static void
threads_gone(void)
{
	long before = status_line("Threads");

	cycle();
	T_CHECK_EQ(status_line("Threads"), before);
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
	if (before < 0 || SANITIZED) {
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

T_MAIN(T(not_booted), T(again), T(threads_gone), T(memory_flat),
    T(threads_survive), T(busy))
