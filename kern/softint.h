/* SPDX-License-Identifier: BSD-2-Clause */
/* Soft interrupts, as the scheduler sees them. */
#ifndef _KERN_SOFTINT_H_
#define _KERN_SOFTINT_H_

#include <sys/cpu.h>

void	softint_init(void);
void	softint_init_cpu(struct cpu_info *);

/*
 * Run what is pending on the caller's CPU: at the outermost exit from the
 * kernel, with no lock held.  May sleep, in the name of the soft interrupt.
 */
void	softint_exit(struct lwp *);

/* Wake the CPU's softint thread: the CPU is given up and something pends. */
void	softint_wake(struct cpu_info *);

static __inline __unused void
softint_kick(struct cpu_info *ci)
{

	if (__predict_false(ci->ci_softpending != 0))
		softint_wake(ci);
}

#endif
