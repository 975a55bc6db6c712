/* SPDX-License-Identifier: BSD-2-Clause */
/* Clocks, sleeping, and timeouts of poll and select. */
#include <errno.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

#define MS	1000000ll

static long long
now(int clock)
{
	struct rump_timespec ts = { 0, 0 };

	if (rump_sys_clock_gettime(clock, &ts) != 0)
		return -1;
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static void
monotonic(void)
{
	long long last = now(RUMP_CLOCK_MONOTONIC), t;
	int i;

	T_CHECK(last > 0);
	for (i = 0; i < 10000; i++) {
		t = now(RUMP_CLOCK_MONOTONIC);
		T_ASSERT(t >= last);
		last = t;
	}
}

static void
wall(void)
{
	struct rump_timespec res;
	struct rump_timeval tv;
	long long t;

	T_CHECK_EQ(rump_sys_clock_getres(RUMP_CLOCK_REALTIME, &res), 0);
	T_CHECK(res.tv_sec == 0 && res.tv_nsec >= 1);
	T_CHECK_EQ(rump_sys_gettimeofday(&tv, NULL), 0);
	t = now(RUMP_CLOCK_REALTIME);
	T_CHECK(t / (1000 * MS) - tv.tv_sec <= 1);
}

/* The clock can be set, and the monotonic one does not notice. */
static void
set(void)
{
	struct rump_timespec ts = { 1000000000, 0 }, back;
	long long mono, real = now(RUMP_CLOCK_REALTIME);

	mono = now(RUMP_CLOCK_MONOTONIC);
	T_CHECK_EQ(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &ts), 0);
	T_CHECK(now(RUMP_CLOCK_REALTIME) / (1000 * MS) - 1000000000 <= 5);
	T_CHECK(now(RUMP_CLOCK_MONOTONIC) - mono < 5000 * MS);
	T_CHECK_ERR(rump_sys_clock_settime(RUMP_CLOCK_MONOTONIC, &ts),
	    RUMP_EINVAL);
	back.tv_sec = real / (1000 * MS);
	back.tv_nsec = (long)(real % (1000 * MS));
	T_CHECK_EQ(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &back), 0);
}

static void
sleeping(void)
{
	struct rump_timespec ts = { 0, 20 * MS }, left = { 7, 7 };
	long long t = now(RUMP_CLOCK_MONOTONIC);

	T_CHECK_EQ(rump_sys_nanosleep(&ts, &left), 0);
	t = now(RUMP_CLOCK_MONOTONIC) - t;
	T_CHECK(t >= 20 * MS && t < 2000 * MS);
	T_CHECK(left.tv_sec == 0 && left.tv_nsec == 0);
	ts.tv_nsec = 0;
	T_CHECK_EQ(rump_sys_nanosleep(&ts, NULL), 0);
}

static void
absolute(void)
{
	long long t = now(RUMP_CLOCK_MONOTONIC) + 20 * MS;
	struct rump_timespec ts = { t / (1000 * MS), (long)(t % (1000 * MS)) };

	T_CHECK_EQ(rump_sys_clock_nanosleep(RUMP_CLOCK_MONOTONIC,
	    RUMP_TIMER_ABSTIME, &ts, NULL), 0);
	T_CHECK(now(RUMP_CLOCK_MONOTONIC) >= t);
	T_CHECK_EQ(rump_sys_clock_nanosleep(RUMP_CLOCK_MONOTONIC,
	    RUMP_TIMER_ABSTIME, &ts, NULL), 0);		/* in the past */
	T_CHECK_EQ(rump_sys_clock_nanosleep(RUMP_CLOCK_MONOTONIC, 99, &ts,
	    NULL), RUMP_EINVAL);
}

static void
timeouts(void)
{
	struct rump_timeval tv = { 0, 20000 };
	struct rump_pollfd pfd = { 1, RUMP_POLLIN, 77 };
	long long t = now(RUMP_CLOCK_MONOTONIC);

	T_CHECK_EQ(rump_sys_poll(&pfd, 1, 20), 0);
	T_CHECK_EQ(pfd.revents, 0);
	T_CHECK(now(RUMP_CLOCK_MONOTONIC) - t >= 20 * MS);
	t = now(RUMP_CLOCK_MONOTONIC);
	T_CHECK_EQ(rump_sys_select(0, NULL, NULL, NULL, &tv), 0);
	T_CHECK(now(RUMP_CLOCK_MONOTONIC) - t >= 20 * MS);
}

/* The console can be written to at once. */
static void
ready(void)
{
	struct rump_pollfd pfd[3] = { { 1, RUMP_POLLOUT, 0 },
	    { 99, RUMP_POLLIN, 0 }, { -1, RUMP_POLLIN, 7 } };
	rump_fd_set in, out;

	T_CHECK_EQ(rump_sys_poll(pfd, 3, -1), 2);
	T_CHECK_EQ(pfd[0].revents, RUMP_POLLOUT);
	T_CHECK_EQ(pfd[1].revents, RUMP_POLLNVAL);
	T_CHECK_EQ(pfd[2].revents, 0);
	in = (rump_fd_set){ { 1u << 1 } };
	out = (rump_fd_set){ { 1u << 1 | 1u << 2 } };
	T_CHECK_EQ(rump_sys_select(3, &in, &out, NULL, NULL), 2);
	T_CHECK_EQ(in.fds_bits[0], 0);
	T_CHECK_EQ(out.fds_bits[0], 1u << 1 | 1u << 2);
	in = (rump_fd_set){ { 1u << 15 } };
	T_CHECK_ERR(rump_sys_select(16, &in, NULL, NULL, NULL), RUMP_EBADF);
}

BOOT_MAIN(
	T(monotonic),
	T(wall),
	T(set),
	T(sleeping),
	T(absolute),
	T(timeouts),
	T(ready)
)
