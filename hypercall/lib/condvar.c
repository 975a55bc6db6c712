/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Condition variables of the first set: a queue, and nothing else.
 *
 * A thread queues before it lets go of the mutex, so a signal sent under the mutex finds it.
 * Who signals takes waiters off the queue; one whose time is over takes itself off, and if a signal was
 * faster, that counts.
 */

#include "mutex.h"

#include "wait.h"

struct rumpuser_cv {
	struct waitq cv_waiters;  /* both under the guard */
	int cv_count;
};

void
rumpuser_cv_init(struct rumpuser_cv **cvp)
{

	*cvp = hyp_alloc(sizeof(**cvp), "condition variable");
}

void
rumpuser_cv_destroy(struct rumpuser_cv *cv)
{

	if (cv->cv_count != 0)
		hyp_panic("rumpuser_cv_destroy: %p has waiters", (void *)cv);
	core_free(cv, sizeof(*cv));
}

static void
enqueue(struct rumpuser_cv *cv, struct waiter *w)
{
	struct guard *g = guard_enter(cv);

	waitq_add(&cv->cv_waiters, w);
	cv->cv_count++;
	guard_exit(g);
}

/*
 * The deadline has passed: leave the queue. A signal that came first is answered with true;
 * cv may have been freed then.
 */
static bool
withdraw(struct rumpuser_cv *cv, struct waiter *w)
{
	struct guard *g = guard_enter(cv);
	bool woken = w->w_mode != 0;

	if (!woken) {
		waitq_remove(&cv->cv_waiters, w);
		cv->cv_count--;
	}
	guard_exit(g);
	if (woken)
		waiter_sleep(w, CORE_FOREVER);
	return woken;
}

/* Sleep without the mutex, which the caller took and takes again. Returns whether it was woken. */
static bool
wait_unlocked(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx, struct waiter *w, int64_t deadline)
{

	mutex_unlock(mtx);
	return waiter_sleep(w, deadline) || withdraw(cv, w);
}

static bool
wait_wrapped(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx, int64_t deadline)
{
	struct waiter w = { .w_mode = 0 };
	int nlocks;
	bool woken;

	enqueue(cv, &w);
	nlocks = hyp_release(mtx);
	woken = wait_unlocked(cv, mtx, &w, deadline);
	if (mutex_order(mtx) == MUTEX_AFTER_CPU) {
		hyp_acquire(nlocks, mtx);
		mutex_lock(mtx);
	} else {
		mutex_lock(mtx);
		hyp_acquire(nlocks, mtx);
	}
	return woken;
}

void
rumpuser_cv_wait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx)
{

	wait_wrapped(cv, mtx, CORE_FOREVER);
}

void
rumpuser_cv_wait_nowrap(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx)
{
	struct waiter w = { .w_mode = 0 };

	enqueue(cv, &w);
	wait_unlocked(cv, mtx, &w, CORE_FOREVER);
	mutex_lock(mtx);
}

int
rumpuser_cv_timedwait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx, int64_t sec, int64_t nsec)
{
	int64_t deadline = hyp_deadline(sec, nsec);

	return wait_wrapped(cv, mtx, deadline) ? 0 : NB_ETIMEDOUT;
}

/* Take the first waiter off; under the guard. w_mode tells withdraw() of it. */
static struct waiter *
dequeue(struct rumpuser_cv *cv)
{
	struct waiter *w = waitq_take(&cv->cv_waiters);

	if (w != NULL) {
		w->w_mode = 1;
		cv->cv_count--;
	}
	return w;
}

void
rumpuser_cv_signal(struct rumpuser_cv *cv)
{
	struct guard *g = guard_enter(cv);
	struct waiter *w = dequeue(cv);

	guard_exit(g);
	if (w != NULL)
		waiter_wake(w);
}

void
rumpuser_cv_broadcast(struct rumpuser_cv *cv)
{
	struct guard *g = guard_enter(cv);
	struct waiter *first = cv->cv_waiters.wq_head;

	while (dequeue(cv) != NULL)
		continue;
	guard_exit(g);
	waiters_wake(first);
}

void
rumpuser_cv_has_waiters(struct rumpuser_cv *cv, int *waitersp)
{
	struct guard *g = guard_enter(cv);

	*waitersp = cv->cv_count;
	guard_exit(g);
}
