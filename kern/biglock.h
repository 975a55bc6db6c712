/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel lock, as the sleeping primitives see it: see biglock.c. */
#ifndef _KERN_BIGLOCK_H_
#define _KERN_BIGLOCK_H_

/* Give all of it up, *nlocks holds; and take as many again. */
void	rump_kernel_bigwrap(int *nlocks);
void	rump_kernel_bigunwrap(int nlocks);

#endif
