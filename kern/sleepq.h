/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sleep queues: lists of lwps that wait for something, and the locks that
 * protect them, hashed by the address of what they wait for.
 *
 *	struct sleepq *sq = sleepq_lookup(obj);
 *	parklock_enter(&sq->sq_lock);
 *	... is there a reason to wait? ...
 *	sleepq_enqueue(&head, curlwp, obj, wmesg);
 *	parklock_exit(&sq->sq_lock);
 *	error = sleepq_block(sq, INT64_MAX, false);
 *
 * A list is a pointer to its first lwp, in the object itself or, for objects
 * that have no room for one, the queue's own, which several objects share.
 */
#ifndef _KERN_SLEEPQ_H_
#define _KERN_SLEEPQ_H_

#include <sys/lwp.h>

#include "parklock.h"

struct sleepq {
	struct parklock	sq_lock;
	struct lwp	*sq_first;	/* lwps whose objects hash here */
} __aligned(COHERENCY_UNIT);

#define SLEEPQ_BITS	8
extern struct sleepq sleepq_table[1 << SLEEPQ_BITS];

static __inline __unused struct sleepq *
sleepq_lookup(const volatile void *obj)
{

	/* Multiplication by 2^64 / phi spreads what alignment leaves. */
	return &sleepq_table[((uint64_t)(uintptr_t)obj *
	    UINT64_C(0x9e3779b97f4a7c15)) >> (64 - SLEEPQ_BITS)];
}

/* Append l, or put it first.  The lock is held. */
void	sleepq_enqueue(struct lwp **head, struct lwp *l,
	    const volatile void *obj, const char *wmesg);
void	sleepq_enqueue_first(struct lwp **head, struct lwp *l,
	    const volatile void *obj, const char *wmesg);

/* The next on the list that waits for obj; from NULL: the first. */
struct lwp *sleepq_next(struct lwp **head, struct lwp *from,
	    const volatile void *obj);

/*
 * Take l off its list and let it run.  The lock is held; l must not be touched
 * afterwards, and the returned thread is unparked when the lock is released.
 */
void	*sleepq_dequeue(struct lwp *l);

/* A few threads to unpark once locks are released. */
struct wakelist {
	u_int	wl_count;
	void	*wl_thread[16];
};
void	wakelist_add(struct wakelist *, void *thread);
void	wakelist_run(struct wakelist *);

/*
 * Sleep until dequeued: gives the CPU and the kernel lock up, and takes them
 * again.  The caller is on a list of sq, and holds no lock of this layer.
 *
 * deadline   of rumpuser2_clock(); INT64_MAX: none.
 * intr       sleepq_interrupt may end the sleep.
 *
 * Returns 0, EWOULDBLOCK (the deadline passed), EINTR.
 */
int	sleepq_block(struct sleepq *sq, int64_t deadline, bool intr);

/* End l's sleep with EINTR if it allows that. */
void	sleepq_interrupt(struct lwp *l);

/* The time in so many ticks; 0 and below: never. */
int64_t	sleepq_deadline(int ticks);

#endif
