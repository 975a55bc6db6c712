/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks that park the host thread.
 *
 * The word holds bit 0, "held", and above it a stack of waiters, each an
 * object on its waiter's own stack.  Anyone may push; only who holds the lock
 * takes one off, so those below the top stay as they are, and a top that was
 * taken off cannot come back unseen (no ABA).
 *
 * Release takes off the lowest, who has waited longest, and wakes it; a
 * newcomer may take the lock first, which is fine for sections of a few lines.
 * One that this happened to LOST_MAX times is handed the lock, still held: so
 * whatever others do, a waiter gets it after a number of releases that only
 * depends on how many wait.
 */
#include "parklock.h"

#include <sys/lock.h>
#include <sys/null.h>

#include <rump/rumpuser.h>

#define HELD		((uintptr_t)1)
#define SPINS		100	/* longer than a section takes */
#define LOST_MAX	2

/* w_woken */
enum { WAITING, WOKEN, HANDED };

struct waiter {
	uintptr_t	w_next;
	void		*w_thread;
	volatile int	w_woken;
	int		w_lost;		/* times woken so far */
};

static bool
word_change(struct parklock *pl, uintptr_t from, uintptr_t to, int order)
{

	return __atomic_compare_exchange_n(&pl->pl_word, &from, to, false,
	    order, __ATOMIC_RELAXED);
}

static int
waiter_wait(struct waiter *w)
{
	int woken;

	while ((woken = __atomic_load_n(&w->w_woken, __ATOMIC_ACQUIRE)) ==
	    WAITING)
		(void)rumpuser2_park(INT64_MAX);
	w->w_lost++;
	return woken;
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
			self.w_woken = WAITING;
			if (word_change(pl, w, (uintptr_t)&self | HELD,
			    __ATOMIC_RELEASE) && waiter_wait(&self) == HANDED)
				return;
		}
	}
}

/*
 * Take the lowest off, and let the lock go or hand it over.  NULL: there are more
 * waiters now; nothing was changed.
 */
static struct waiter *
take_lowest(struct parklock *pl, uintptr_t w, bool *handed)
{
	struct waiter *low = (struct waiter *)(w & ~HELD), *above = NULL;
	uintptr_t rest;

	while (low != NULL && low->w_next != 0) {
		above = low;
		low = (struct waiter *)low->w_next;
	}
	*handed = low != NULL && low->w_lost >= LOST_MAX;
	rest = above == NULL ? 0 : w & ~HELD;
	if (above != NULL)
		above->w_next = 0;
	if (word_change(pl, w, rest | (*handed ? HELD : 0), __ATOMIC_ACQ_REL))
		return low;
	if (above != NULL)
		above->w_next = (uintptr_t)low;
	return NULL;
}

void
parklock_exit_slow(struct parklock *pl)
{
	struct waiter *low = NULL;
	bool handed = false;
	uintptr_t w;
	void *thread;

	do {
		w = __atomic_load_n(&pl->pl_word, __ATOMIC_ACQUIRE);
		if (w == HELD && word_change(pl, w, 0, __ATOMIC_RELEASE))
			return;
		if (w != HELD)
			low = take_lowest(pl, w, &handed);
	} while (low == NULL);

	/* It is gone as soon as it sees that it was woken. */
	thread = low->w_thread;
	__atomic_store_n(&low->w_woken, handed ? HANDED : WOKEN,
	    __ATOMIC_RELEASE);
	rumpuser2_unpark(thread);
}
