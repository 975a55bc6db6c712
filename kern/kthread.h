/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel threads that are prepared where memory can be waited for, and start
 * running where it cannot: at the first need for them.
 */
#ifndef _KERN_KTHREAD_H_
#define _KERN_KTHREAD_H_

#include <sys/lwp.h>

#include "boot.h"

struct kthread;

/*
 * A thread of proc0 that will run func(arg), with everything it needs.
 *
 * flags  KTHREAD_*.   ci  the CPU that it is bound to, or NULL.
 * Context: thread, may sleep.
 */
struct lwp *kthread_prepare(pri_t, int flags, struct cpu_info *ci,
	    void (*func)(void *), void *arg, const char *name);

/* Start it; once.  Does not sleep.  0, or why the host has no more threads. */
int	kthread_launch(struct lwp *);

/* Undo kthread_prepare; it was not launched. */
void	kthread_discard(struct lwp *);

/* Make all of them leave, and wait until they have: rump_halt. */
void	kthread_stop_all(void);
void	kthread_init(void);

/* End the calling thread without giving anything back: memory goes in bulk. */
void	kthread_leave(struct lwp *) __dead;

/*
 * Must the calling thread, which runs l and sleeps or is about to, leave?  What a soft interrupt runs on is its holder's thread.
 */
static __inline __unused bool
kthread_must_leave(struct lwp *l)
{

	if (__predict_true(!__atomic_load_n(&kern_halting, __ATOMIC_ACQUIRE)))
		return false;
	return (l->l_holder != NULL ? l->l_holder : l)->l_kthread != NULL;
}

#endif
