/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Clocks of the fiber host: the simulation's or the system's.
 */

#include <time.h>

#include "lib/sim.h"
#include "core.h"
#include "fiberhost.h"

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

	return sim_clocked ? sim_clock() : clock_read(CLOCK_MONOTONIC);
}

int64_t
core_walltime(void)
{

	return sim_clocked ? sim_walltime() : clock_read(CLOCK_REALTIME);
}
