/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thread sleeps in the kernel while the host runs a signal handler on it, again
 * and again, without SA_RESTART: the host's own calls would return EINTR.
 * Calls of this kernel return when what they wait for has come, and not earlier:
 * no signal of the host is one of the kernel's.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "../t.h"

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#define SIGNALS	200

static atomic_int handled;
static atomic_bool asleep, back;
static int pipes[2], result, error;

static void
handler(int sig)
{

	handled++;
}

/*
 * The calls.  Each waits for a byte in the pipe.
 */
static int
by_read(void)
{
	char c;

	return (int)rump_sys_read(pipes[0], &c, 1);
}

static int
by_poll(void)
{
	struct rump_pollfd fd = { .fd = pipes[0], .events = RUMP_POLLIN };

	return rump_sys_poll(&fd, 1, -1);
}

static int
by_select(void)
{
	struct rump_timeval tv = { 1000, 0 };
	uint32_t set[8] = { 0 };

	set[pipes[0] / 32] |= UINT32_C(1) << pipes[0] % 32;
	return rump_sys_select(pipes[0] + 1, (rump_fd_set *)set, NULL, NULL, &tv);
}

static int
by_kevent(void)
{
	struct rump_kevent ev = { .ident = (uintptr_t)pipes[0],
	    .filter = RUMP_EVFILT_READ, .flags = RUMP_EV_ADD }, out;
	int kq = rump_sys_kqueue(), n;

	n = rump_sys_kevent(kq, &ev, 1, &out, 1, NULL);
	(void)rump_sys_close(kq);
	return n;
}

static void *
sleeper(void *arg)
{
	int (**callp)(void) = arg;

	asleep = true;
	result = (**callp)();
	error = errno;
	back = true;
	return NULL;
}

static void
interrupt(int (*call)(void))
{
	struct sigaction sa = { .sa_handler = handler };
	struct rump_timespec nap = { 0, 200000 };
	pthread_t thread;
	int i, before;

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(sigaction(SIGUSR1, &sa, NULL), 0);
	T_ASSERT_EQ(rump_sys_pipe(pipes), 0);
	asleep = back = false;
	T_ASSERT_EQ(pthread_create(&thread, NULL, sleeper, &call), 0);
	for (i = 0; i < SIGNALS; i++) {
		before = handled;
		T_CHECK_EQ(pthread_kill(thread, SIGUSR1), 0);
		while (handled == before || !asleep)
			(void)rump_sys_nanosleep(&nap, NULL);
		T_CHECK(!back);
	}
	T_CHECK_EQ(rump_sys_write(pipes[1], "x", 1), 1);
	T_CHECK_EQ(pthread_join(thread, NULL), 0);
	T_CHECK_EQ(result, 1);
	if (result != 1)
		T_CHECK_EQ(error, 0);
	(void)rump_sys_close(pipes[0]);
	(void)rump_sys_close(pipes[1]);
	T_CHECK_EQ(rump_halt(), 0);
}

static void reading(void) { interrupt(by_read); }
static void polling(void) { interrupt(by_poll); }
static void selecting(void) { interrupt(by_select); }
static void events(void) { interrupt(by_kevent); }

/* A nap is as long as it was meant to be. */
static int64_t slept;

static int64_t
uptime(void)
{
	struct rump_timespec ts;

	(void)rump_sys_clock_gettime(RUMP_CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void *
napper(void *arg)
{
	struct rump_timespec nap = { 0, 300000000 };
	int64_t start = uptime();

	result = rump_sys_nanosleep(&nap, NULL);
	slept = uptime() - start;
	back = true;
	return NULL;
}

static void
napping(void)
{
	struct sigaction sa = { .sa_handler = handler };
	struct rump_timespec nap = { 0, 1000000 };
	pthread_t thread;

	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(sigaction(SIGUSR1, &sa, NULL), 0);
	back = false;
	T_ASSERT_EQ(pthread_create(&thread, NULL, napper, NULL), 0);
	while (!back) {
		T_CHECK_EQ(pthread_kill(thread, SIGUSR1), 0);
		(void)rump_sys_nanosleep(&nap, NULL);
	}
	T_CHECK_EQ(pthread_join(thread, NULL), 0);
	T_CHECK_EQ(result, 0);
	T_CHECK(slept >= 300000000);
	T_CHECK_EQ(rump_halt(), 0);
}

T_MAIN(T(reading), T(polling), T(selecting), T(events), T(napping))
