/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks that park the host thread.
 *
 * The word holds bit 0, "held", and above it a stack of waiters, each an
 * object on its waiter's own stack.  Anyone may push; only who holds the lock
 * pops, so a popped entry cannot come back under the popper (no ABA).  Release
 * clears the bit and pops one waiter in one exchange, then wakes it; a newcomer
 * may take the lock first, which is fine for sections of a few lines.
 */
#include "parklock.h"

#include <sys/lock.h>
#include <sys/null.h>

#include <rump/rumpuser.h>

#define HELD		((uintptr_t)1)
#define SPINS		100	/* longer than a section takes */

struct waiter {
	uintptr_t	w_next;
	void		*w_thread;
	volatile int	w_woken;
};

static bool
word_change(struct parklock *pl, uintptr_t from, uintptr_t to, int order)
{

	return __atomic_compare_exchange_n(&pl->pl_word, &from, to, false,
	    order, __ATOMIC_RELAXED);
}

static void
waiter_wait(struct waiter *w)
{

	while (__atomic_load_n(&w->w_woken, __ATOMIC_ACQUIRE) == 0)
		(void)rumpuser2_park(INT64_MAX);
}

void
parklock_enter_slow(struct parklock *pl)
{
	struct waiter self = { .w_thread = NULL };
	uintptr_t w;
	int spins = 0;

	for (;;) {
		w = __atomic_load_n(&pl->pl_word, __ATOMIC_RELAXED);
		if ((w & HELD) == 0) {
			if (word_change(pl, w, w | HELD, __ATOMIC_ACQUIRE))
				return;
		} else if (spins++ < SPINS) {
			rump_spin_hint();
		} else {
			if (self.w_thread == NULL)
				self.w_thread = rumpuser2_self();
			self.w_next = w & ~HELD;
			self.w_woken = 0;
			if (word_change(pl, w, (uintptr_t)&self | HELD,
			    __ATOMIC_RELEASE))
				waiter_wait(&self);
		}
	}
}

void
parklock_exit_slow(struct parklock *pl)
{
	struct waiter *first;
	void *thread;
	uintptr_t w;

	do {
		w = __atomic_load_n(&pl->pl_word, __ATOMIC_ACQUIRE);
		first = (struct waiter *)(w & ~HELD);
	} while (!word_change(pl, w, first == NULL ? 0 : first->w_next,
	    __ATOMIC_RELEASE));

	if (first != NULL) {
		/* It is gone as soon as it sees that it was woken. */
		thread = first->w_thread;
		__atomic_store_n(&first->w_woken, 1, __ATOMIC_RELEASE);
		rumpuser2_unpark(thread);
	}
}
