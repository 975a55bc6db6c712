/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that come into the kernel from outside: see entry.c. */
#ifndef _KERN_ENTRY_H_
#define _KERN_ENTRY_H_

struct lwp;

/* Continue as the thread's own, implicit lwp, from another one. */
void	entry_switch_implicit(struct lwp *from);

#endif
