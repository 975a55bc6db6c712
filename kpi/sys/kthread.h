/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel threads. */
#ifndef _SYS_KTHREAD_H_
#define _SYS_KTHREAD_H_

#include <sys/types.h>

struct cpu_info;
struct lwp;

#define KTHREAD_IDLE		0x01
#define KTHREAD_MPSAFE		0x02	/* runs without the kernel lock */
#define KTHREAD_INTR		0x04
#define KTHREAD_TS		0x08
#define KTHREAD_MUSTJOIN	0x10	/* kthread_join will be called */

void	kthread_sysinit(void);
int	kthread_create(pri_t, int flags, struct cpu_info *,
	    void (*func)(void *), void *arg, struct lwp **out,
	    const char *fmt, ...) __printflike(7, 8);
void	kthread_exit(int) __dead;
int	kthread_join(struct lwp *);

#endif
