/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Clocks: the hypercalls, on the core's nanoseconds. Sleeping is a park that nobody ends.
 */

#include "hyp.h"

#define NS_PER_SEC 1000000000

int64_t
hyp_deadline(int64_t sec, int64_t nsec)
{
	int64_t now = core_clock(), ns, deadline;

	if (__builtin_mul_overflow(sec, (int64_t)NS_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, nsec, &ns) ||
	    __builtin_add_overflow(ns, now, &deadline))
		return sec < 0 ? now : CORE_FOREVER;
	return deadline;
}

int64_t
rumpuser2_clock(void)
{

	return core_clock();
}

int
rumpuser_clock_gettime(int clock, int64_t *sec, long *nsec)
{
	int64_t ns;

	switch (clock) {
	case RUMPUSER_CLOCK_RELWALL:
		ns = core_walltime();
		break;
	case RUMPUSER_CLOCK_ABSMONO:
		ns = core_clock();
		break;
	default:
		return NB_EINVAL;
	}
	*sec = ns / NS_PER_SEC;
	*nsec = (long)(ns % NS_PER_SEC);
	return 0;
}

int
rumpuser_clock_sleep(int clock, int64_t sec, long nsec)
{
	int64_t deadline;
	int nlocks;

	if (nsec < 0 || nsec >= NS_PER_SEC)
		return NB_EINVAL;
	switch (clock) {
	case RUMPUSER_CLOCK_RELWALL:
		deadline = hyp_deadline(sec, nsec);
		break;
	case RUMPUSER_CLOCK_ABSMONO:
		if (__builtin_mul_overflow(sec, (int64_t)NS_PER_SEC, &deadline) ||
		    __builtin_add_overflow(deadline, (int64_t)nsec, &deadline))
			deadline = sec < 0 ? 0 : CORE_FOREVER;
		break;
	default:
		return NB_EINVAL;
	}
	nlocks = hyp_release(NULL);
	while (core_park(deadline) != NB_ETIMEDOUT)
		continue;
	hyp_acquire(nlocks, NULL);
	return 0;
}
