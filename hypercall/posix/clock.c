/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Clocks: clock_gettime(2), which most systems answer without a system call.
 */

#include <time.h>

#include "core.h"

static int64_t
clock_read(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t
core_clock(void)
{

	return clock_read(CLOCK_MONOTONIC);
}

int64_t
core_walltime(void)
{

	return clock_read(CLOCK_REALTIME);
}
