/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Condition variables, condvar(9).
 *
 * The list of waiters is the variable's own, under the lock of the sleep queue
 * that its address hashes to.  A waiter is on the list before it lets the
 * mutex go, so a signal that follows a change made under the mutex finds it.
 * Without waiters signal and broadcast are one load.
 */
#include <sys/condvar.h>

#include <sys/lockdebug.h>
#include <sys/mutex.h>
#include <sys/systm.h>
#include <sys/time.h>

#include <rump/rumpuser.h>

#include "sleepq.h"

static const char deadcv[] = "deadcv";

void
cv_init(kcondvar_t *cv, const char *wmesg)
{

	KASSERT(wmesg != NULL);
	cv->cv_waiters = NULL;
	cv->cv_wmesg = wmesg;
}

void
cv_destroy(kcondvar_t *cv)
{

	KASSERTMSG(cv_is_valid(cv), "cv_destroy: %p was not initialised", cv);
	KASSERTMSG(!cv_has_waiters(cv), "cv_destroy: %p has waiters", cv);
	cv->cv_wmesg = deadcv;
}

static struct lwp **
cv_head(kcondvar_t *cv)
{

	return (struct lwp **)(uintptr_t)&cv->cv_waiters;
}

static int
cv_sleep(kcondvar_t *cv, kmutex_t *mtx, int64_t deadline, bool intr)
{
	struct sleepq *sq = sleepq_lookup(cv);
	int error;

	KASSERTMSG(mutex_owned(mtx), "cv_wait: mutex %p is not held", mtx);
	KASSERTMSG(cv_is_valid(cv), "cv_wait: %p was not initialised", cv);
	LOCKDEBUG_BARRIER(mtx, 1);

	parklock_enter(&sq->sq_lock);
	sleepq_enqueue(cv_head(cv), curlwp, cv, cv->cv_wmesg);
	parklock_exit(&sq->sq_lock);
	mutex_exit(mtx);
	error = sleepq_block(sq, deadline, intr);
	mutex_enter(mtx);
	return error;
}

void
cv_wait(kcondvar_t *cv, kmutex_t *mtx)
{

	(void)cv_sleep(cv, mtx, INT64_MAX, false);
}

int
cv_wait_sig(kcondvar_t *cv, kmutex_t *mtx)
{

	return cv_sleep(cv, mtx, INT64_MAX, true);
}

int
cv_timedwait(kcondvar_t *cv, kmutex_t *mtx, int ticks)
{

	return cv_sleep(cv, mtx, sleepq_deadline(ticks), false);
}

int
cv_timedwait_sig(kcondvar_t *cv, kmutex_t *mtx, int ticks)
{

	return cv_sleep(cv, mtx, sleepq_deadline(ticks), true);
}

/* Sleep for at most *left, which becomes what remains of it. */
static int
cv_timedwaitbt1(kcondvar_t *cv, kmutex_t *mtx, struct bintime *left, bool intr)
{
	struct bintime end, now;
	int error;

	if (left->sec < 0 || (left->sec == 0 && left->frac == 0))
		return EWOULDBLOCK;
	binuptime(&end);
	bintime_add(&end, left);
	error = cv_sleep(cv, mtx,
	    rumpuser2_clock() + (int64_t)bintime2ns(left), intr);
	binuptime(&now);
	*left = end;
	bintime_sub(left, &now);
	if (left->sec < 0)
		left->sec = 0, left->frac = 0;
	return error;
}

int
cv_timedwaitbt(kcondvar_t *cv, kmutex_t *mtx, struct bintime *left,
    const struct bintime *epsilon)
{

	return cv_timedwaitbt1(cv, mtx, left, false);
}

int
cv_timedwaitbt_sig(kcondvar_t *cv, kmutex_t *mtx, struct bintime *left,
    const struct bintime *epsilon)
{

	return cv_timedwaitbt1(cv, mtx, left, true);
}

void
cv_signal(kcondvar_t *cv)
{
	struct sleepq *sq;
	struct lwp *first;
	void *thread = NULL;

	if (!cv_has_waiters(cv))
		return;
	sq = sleepq_lookup(cv);
	parklock_enter(&sq->sq_lock);
	if ((first = cv->cv_waiters) != NULL)
		thread = sleepq_dequeue(first);
	parklock_exit(&sq->sq_lock);
	if (thread != NULL)
		rumpuser2_unpark(thread);
}

void
cv_broadcast(kcondvar_t *cv)
{
	struct wakelist wl = { .wl_count = 0 };
	struct sleepq *sq;

	if (!cv_has_waiters(cv))
		return;
	sq = sleepq_lookup(cv);
	parklock_enter(&sq->sq_lock);
	while (cv->cv_waiters != NULL)
		wakelist_add(&wl, sleepq_dequeue(cv->cv_waiters));
	parklock_exit(&sq->sq_lock);
	wakelist_run(&wl);
}

bool
cv_has_waiters(kcondvar_t *cv)
{

	return __atomic_load_n(&cv->cv_waiters, __ATOMIC_RELAXED) != NULL;
}

bool
cv_is_valid(kcondvar_t *cv)
{

	return cv->cv_wmesg != NULL && cv->cv_wmesg != deadcv;
}
