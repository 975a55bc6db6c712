/* SPDX-License-Identifier: BSD-2-Clause */
/* Hooks: before the first process is made. */
#ifndef _KERN_THR_HOOKS_H_
#define _KERN_THR_HOOKS_H_

void	hooks_init(void);

#endif
