/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mutexes of the first set.
 *
 * mtx_word holds LOCKED and WAITERS. Without waiters, enter and exit are one atomic operation
 * each. A thread that must wait sets WAITERS and queues under the guard; exit takes the first off the
 * queue, frees the mutex and wakes it, and it tries again: a running thread may overtake it, which
 * keeps the mutex busy instead of idle for the time of a wake-up.
 *
 * Invariant, under the guard: the queue is empty or WAITERS is set.
 *
 * SPIN means that the virtual CPU is kept while waiting, not that the host's CPU spins.
 * Our kernel has its own mutexes and uses none of this; NetBSD's does.
 */

#include "mutex.h"

#include "wait.h"

enum { LOCKED = 1, WAITERS = 2 };

struct rumpuser_mtx {
	unsigned mtx_word;
	int mtx_flags;
	struct lwp *mtx_owner;     /* of a KMUTEX; written by the holder, read by all */
	struct waitq mtx_waiters;  /* under the guard */
};

void
rumpuser_mutex_init(struct rumpuser_mtx **mtxp, int flags)
{
	struct rumpuser_mtx *mtx = hyp_alloc(sizeof(*mtx), "mutex");

	if ((flags & (RUMPUSER_MTX_SPIN | RUMPUSER_MTX_KMUTEX)) == 0)
		hyp_panic("rumpuser_mutex_init: neither SPIN nor KMUTEX");
	mtx->mtx_flags = flags;
	*mtxp = mtx;
}

void
rumpuser_mutex_destroy(struct rumpuser_mtx *mtx)
{

	if (__atomic_load_n(&mtx->mtx_word, __ATOMIC_RELAXED) != 0)
		hyp_panic("rumpuser_mutex_destroy: %p is held", (void *)mtx);
	core_free(mtx, sizeof(*mtx));
}

static void
owner_set(struct rumpuser_mtx *mtx, struct lwp *l)
{

	if (mtx->mtx_flags & RUMPUSER_MTX_KMUTEX)
		__atomic_store_n(&mtx->mtx_owner, l, __ATOMIC_RELAXED);
}

static bool
lock_try(struct rumpuser_mtx *mtx)
{
	unsigned word = 0;

	if (__atomic_compare_exchange_n(&mtx->mtx_word, &word, LOCKED, false,
	    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return true;
	while (!(word & LOCKED))
		if (__atomic_compare_exchange_n(&mtx->mtx_word, &word, word | LOCKED, true,
		    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return true;
	return false;
}

/* Lock it, or queue w and say false. */
static bool
lock_or_queue(struct rumpuser_mtx *mtx, struct waiter *w)
{
	struct guard *g = guard_enter(mtx);
	unsigned word = __atomic_fetch_or(&mtx->mtx_word, LOCKED | WAITERS, __ATOMIC_ACQUIRE);

	if (word & LOCKED)
		waitq_add(&mtx->mtx_waiters, w);
	else if (mtx->mtx_waiters.wq_head == NULL)
		__atomic_fetch_and(&mtx->mtx_word, ~(unsigned)WAITERS, __ATOMIC_RELAXED);
	guard_exit(g);
	return !(word & LOCKED);
}

/* Who waits for itself waits forever, so say it: the owner is exact where it is the caller. */
static void
not_mine(struct rumpuser_mtx *mtx)
{
	struct lwp *l = hyp_curlwp();

	if (l != NULL && __atomic_load_n(&mtx->mtx_owner, __ATOMIC_RELAXED) == l)
		hyp_panic("rumpuser_mutex_enter: %p is held by the caller", (void *)mtx);
}

void
mutex_lock(struct rumpuser_mtx *mtx)
{
	struct waiter w;

	if (!lock_try(mtx)) {
		not_mine(mtx);
		while (!lock_or_queue(mtx, &w))
			waiter_sleep(&w, CORE_FOREVER);
	}
	owner_set(mtx, hyp_curlwp());
}

void
mutex_unlock(struct rumpuser_mtx *mtx)
{
	unsigned word = LOCKED;
	struct waiter *w;
	struct guard *g;

	owner_set(mtx, NULL);
	if (__atomic_compare_exchange_n(&mtx->mtx_word, &word, 0, false,
	    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return;
	if (!(word & LOCKED))
		hyp_panic("rumpuser_mutex_exit: %p is not held", (void *)mtx);
	g = guard_enter(mtx);
	w = waitq_take(&mtx->mtx_waiters);
	__atomic_store_n(&mtx->mtx_word, mtx->mtx_waiters.wq_head != NULL ? WAITERS : 0,
	    __ATOMIC_RELEASE);
	guard_exit(g);
	if (w != NULL)
		waiter_wake(w);
}

enum mutex_order
mutex_order(const struct rumpuser_mtx *mtx)
{

	switch (mtx->mtx_flags & (RUMPUSER_MTX_SPIN | RUMPUSER_MTX_KMUTEX)) {
	case RUMPUSER_MTX_SPIN | RUMPUSER_MTX_KMUTEX:
		return MUTEX_AFTER_CPU;
	default:
		return MUTEX_BEFORE_CPU;
	}
}

void
rumpuser_mutex_enter(struct rumpuser_mtx *mtx)
{
	int nlocks;

	if (mtx->mtx_flags & RUMPUSER_MTX_SPIN) {
		mutex_lock(mtx);
		return;
	}
	if (lock_try(mtx)) {
		owner_set(mtx, hyp_curlwp());
		return;
	}
	nlocks = hyp_release(NULL);
	mutex_lock(mtx);
	hyp_acquire(nlocks, NULL);
}

void
rumpuser_mutex_enter_nowrap(struct rumpuser_mtx *mtx)
{

	mutex_lock(mtx);
}

int
rumpuser_mutex_tryenter(struct rumpuser_mtx *mtx)
{

	if (!lock_try(mtx))
		return NB_EBUSY;
	owner_set(mtx, hyp_curlwp());
	return 0;
}

void
rumpuser_mutex_exit(struct rumpuser_mtx *mtx)
{

	mutex_unlock(mtx);
}

void
rumpuser_mutex_owner(struct rumpuser_mtx *mtx, struct lwp **lp)
{

	if (!(mtx->mtx_flags & RUMPUSER_MTX_KMUTEX))
		hyp_panic("rumpuser_mutex_owner: %p was made without KMUTEX", (void *)mtx);
	*lp = __atomic_load_n(&mtx->mtx_owner, __ATOMIC_RELAXED);
}

int
rumpuser_mutex_spin_p(struct rumpuser_mtx *mtx)
{

	return (mtx->mtx_flags & RUMPUSER_MTX_SPIN) != 0;
}
