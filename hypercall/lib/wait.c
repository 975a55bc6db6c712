/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Waiting: what wait.h leaves out of line.
 */

#include "wait.h"

struct guard hyp_guards[GUARD_COUNT];

void
guard_take_slow(struct guard *g)
{
	unsigned spins = 0;

	do {
		while (__atomic_load_n(&g->g_held, __ATOMIC_RELAXED) != 0)
			if (++spins % 128 == 0)
				core_yield();
	} while (!guard_tryenter(g));
}

void
waitq_remove(struct waitq *wq, struct waiter *w)
{
	struct waiter **p = &wq->wq_head, *prev = NULL;

	while (*p != w) {
		prev = *p;
		p = &prev->w_next;
	}
	*p = w->w_next;
	if (wq->wq_tail == w)
		wq->wq_tail = prev;
}

void
waiters_wake(struct waiter *first)
{
	struct waiter *w, *next;

	for (w = first; w != NULL; w = next) {
		next = w->w_next;
		waiter_wake(w);
	}
}

bool
waiter_sleep(struct waiter *w, int64_t deadline)
{

	while (!waiter_woken(w))
		if (core_park(deadline) == NB_ETIMEDOUT)
			return waiter_woken(w);
	return true;
}
