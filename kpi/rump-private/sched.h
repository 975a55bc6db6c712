/* SPDX-License-Identifier: BSD-2-Clause */
/* What other parts of the base ask of the scheduler (kern/sched.c). */
#ifndef _RUMP_PRIVATE_SCHED_H_
#define _RUMP_PRIVATE_SCHED_H_

struct cpu_info;

/*
 * Give up the current CPU and go on on ci, which its holder has left by then.
 * Full barrier.  KERNEL_LOCK is given up meanwhile.
 *
 * Context: thread, bound (LP_BOUND) to stay there; without spin mutexes.
 */
void	rump_cpu_migrate(struct cpu_info *ci);

#endif
