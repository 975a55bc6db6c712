/* SPDX-License-Identifier: BSD-2-Clause */
/* Lives of processes: see proc.c. */
#ifndef _KERN_PROC_H_
#define _KERN_PROC_H_

#include <sys/proc.h>

void	proc_init(void);		/* proc0, as far as lwp0 needs it */
void	proc0_files(void);		/* and its files */
void	proc_start_init(void);		/* process 1 */

/*
 * A new child of parent, that nobody can find until proc_publish.  flags:
 * RUMP_RFFDG and RUMP_RFCFDG of <rump/rump.h>.  May sleep.
 */
struct proc *proc_create(struct proc *parent, int flags);
/* With a vmspace of its own, a remote client's. */
void	proc_publish(struct proc *);

/* The last lwp is gone.  May sleep; curlwp is of another process. */
void	proc_destroy(struct proc *);

#endif
