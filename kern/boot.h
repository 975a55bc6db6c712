/* SPDX-License-Identifier: BSD-2-Clause */
/* Start and end of the kernel, as its parts see them: see boot.c, halt.c. */
#ifndef _KERN_BOOT_H_
#define _KERN_BOOT_H_

#include <sys/types.h>

/* Is the kernel being halted?  Its threads leave when they would sleep. */
extern volatile bool kern_halting;

/* What is being made at boot cannot be: it ends, with this error. */
void	boot_fail(int error);

/*
 * End a kernel whose boot has failed, and be DOWN; threads if some may have been
 * started.  halt.c.
 */
void	kernel_abandon(bool threads);

/* Tables that the host gets: entry.c. */
struct rumpuser_hyperup;
struct rumpuser2_hyperup;
extern const struct rumpuser_hyperup entry_upcalls;
extern const struct rumpuser2_hyperup entry_upcalls2;

#endif
