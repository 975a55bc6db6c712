/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Waiting, for mutexes, reader/writer locks, condition variables and requests.
 *
 *   struct waiter, struct waitq   threads in a queue, first come first served
 *   struct guard                  the spin lock that covers a queue, for a few instructions
 *
 * A waiter lives on the stack of the thread that waits. Whoever takes it off the queue wakes it;
 * after w_woken is set its thread may be gone, so the handle is read before. core_unpark
 * allows a handle whose thread has ended.
 *
 * Guards are not in the objects they cover but in a table, found by the object's address. So
 * the last thread to let go of an object never touches it after another may have freed it.
 * No two guards are held at once. A thread that waits for a guard spins, then yields.
 */

#ifndef HYPERCALL_LIB_WAIT_H
#define HYPERCALL_LIB_WAIT_H

#include "hyp.h"

#define GUARD_COUNT 64  /* a power of two */

struct guard {
	int g_held;
} __attribute__((__aligned__(64)));

extern struct guard hyp_guards[GUARD_COUNT];

struct waiter {
	struct waiter *w_next;
	void *w_thread;
	struct lwp *w_lwp;
	int w_mode;   /* the queue owner's */
	int w_woken;  /* set last, with release; then the waiter is its thread's again */
};

struct waitq {
	struct waiter *wq_head, *wq_tail;
};

/* Take a guard that is held already, in wait.c. */
void guard_take_slow(struct guard *g);

static inline bool
guard_tryenter(struct guard *g)
{

	return __atomic_exchange_n(&g->g_held, 1, __ATOMIC_ACQUIRE) == 0;
}

static inline void
guard_take(struct guard *g)
{

	if (!guard_tryenter(g))
		guard_take_slow(g);
}

/* Take the guard of an object in the table. */
static inline struct guard *
guard_enter(const void *obj)
{
	uintptr_t a = (uintptr_t)obj >> 4;
	struct guard *g = &hyp_guards[(a ^ a >> 6 ^ a >> 12) & (GUARD_COUNT - 1)];

	guard_take(g);
	return g;
}

static inline void
guard_exit(struct guard *g)
{

	__atomic_store_n(&g->g_held, 0, __ATOMIC_RELEASE);
}

/* Queue the calling thread, under the guard. */
static inline void
waitq_add(struct waitq *wq, struct waiter *w)
{

	w->w_next = NULL;
	w->w_thread = core_self();
	w->w_woken = 0;
	if (wq->wq_head == NULL)
		wq->wq_head = w;
	else
		wq->wq_tail->w_next = w;
	wq->wq_tail = w;
}

/* Take the first off the queue, or NULL; under the guard. */
static inline struct waiter *
waitq_take(struct waitq *wq)
{
	struct waiter *w = wq->wq_head;

	if (w != NULL)
		wq->wq_head = w->w_next;
	return w;
}

/* Take w off the queue, on which it is; under the guard. */
void waitq_remove(struct waitq *wq, struct waiter *w);

/* Wake a waiter that was taken off; with or without the guard. */
static inline void
waiter_wake(struct waiter *w)
{
	void *thread = w->w_thread;

	__atomic_store_n(&w->w_woken, 1, __ATOMIC_RELEASE);
	core_unpark(thread);
}

/* Wake those that were taken off at once: a list by w_next, perhaps empty; without the guard. */
void waiters_wake(struct waiter *first);

static inline bool
waiter_woken(const struct waiter *w)
{

	return __atomic_load_n(&w->w_woken, __ATOMIC_ACQUIRE) != 0;
}

/* Sleep until woken or the deadline has passed. Returns whether it was woken. */
bool waiter_sleep(struct waiter *w, int64_t deadline);

#endif
