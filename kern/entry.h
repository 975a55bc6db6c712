/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that come into the kernel from outside: see entry.c. */
#ifndef _KERN_ENTRY_H_
#define _KERN_ENTRY_H_

#include <sys/types.h>

struct lwp;

/* Continue as another lwp, which no thread runs; as the thread's implicit one. */
void	entry_switch(struct lwp *to);
void	entry_switch_implicit(void);

/* Enter in order to halt the kernel, whose gate is closed. */
void	entry_halter(void);

/* Is the calling thread inside, on a CPU? */
bool	entry_inside(void);

#endif
