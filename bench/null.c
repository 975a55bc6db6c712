/* SPDX-License-Identifier: BSD-2-Clause */
/* The cost of a system call that does nothing, best of several rounds. */
#include "sys.h"
#ifdef BENCH_HOST
#include <sys/syscall.h>
#endif

#define CALLS	10000000
#define ROUNDS	5

static void
call(void)
{

#ifdef BENCH_HOST
	(void)syscall(SYS_getppid);
#else
	(void)rump_sys_getpid();
#endif
}

static double
best_rate(void)
{
	double best = 0;

	for (int r = 0; r < ROUNDS; r++) {
		double start = now(), rate;

		for (int i = 0; i < CALLS; i++)
			call();
		rate = CALLS / (now() - start);
		best = rate > best ? rate : best;
	}
	return best / 1e6;
}

int
main(void)
{

	if (KERNEL_START() != 0)
		return 1;
	result("null-without-lwp", best_rate(), "M/s");
#ifndef BENCH_HOST
	rump_pub_lwproc_rfork(RUMP_RFFD_CLEAR);
#endif
	result("null-with-lwp", best_rate(), "M/s");
	return 0;
}
