/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Reader/writer locks of the first set.
 *
 * All state is under the guard. The lock is handed over: who gives it back makes the first waiters
 * its holders, one writer or all readers up to the next writer, before it wakes them. A thread
 * that comes later queues behind those that wait, so neither side starves.
 */

#include "wait.h"

struct rumpuser_rw {
	unsigned rw_readers;
	bool rw_written;        /* a writer holds it; then rw_readers == 0 */
	struct lwp *rw_writer;  /* and this is its lwp */
	struct waitq rw_waiters;  /* w_mode: enum rumprwlock */
};

void
rumpuser_rw_init(struct rumpuser_rw **rwp)
{

	*rwp = hyp_alloc(sizeof(**rwp), "reader/writer lock");
}

void
rumpuser_rw_destroy(struct rumpuser_rw *rw)
{

	if (rw->rw_readers != 0 || rw->rw_written)
		hyp_panic("rumpuser_rw_destroy: %p is held", (void *)rw);
	core_free(rw, sizeof(*rw));
}

/* Make l a holder, if that can be now. */
static bool
grant(struct rumpuser_rw *rw, int mode, struct lwp *l)
{

	if (rw->rw_written || (mode == RUMPUSER_RW_WRITER && rw->rw_readers != 0))
		return false;
	if (mode == RUMPUSER_RW_WRITER) {
		rw->rw_written = true;
		rw->rw_writer = l;
	} else
		rw->rw_readers++;
	return true;
}

/*
 * Make holders of the first waiters, as many as can be. Returns the list of them, which is
 * woken after the guard was left.
 */
static struct waiter *
grant_waiters(struct rumpuser_rw *rw)
{
	struct waiter *w, *first = rw->rw_waiters.wq_head, *last = NULL;

	while ((w = rw->rw_waiters.wq_head) != NULL && grant(rw, w->w_mode, w->w_lwp))
		last = waitq_take(&rw->rw_waiters);
	if (last == NULL)
		return NULL;
	last->w_next = NULL;
	return first;
}

void
rumpuser_rw_enter(int mode, struct rumpuser_rw *rw)
{
	struct waiter w = { .w_mode = mode, .w_lwp = hyp_curlwp() };
	struct guard *g = guard_enter(rw);
	bool mine;
	int nlocks;

	if (rw->rw_waiters.wq_head == NULL && grant(rw, mode, w.w_lwp)) {
		guard_exit(g);
		return;
	}
	mine = rw->rw_written && w.w_lwp != NULL && rw->rw_writer == w.w_lwp;
	if (!mine)
		waitq_add(&rw->rw_waiters, &w);
	guard_exit(g);
	if (mine)
		hyp_panic("rumpuser_rw_enter: %p is held by the caller", (void *)rw);
	nlocks = hyp_release(NULL);
	waiter_sleep(&w, CORE_FOREVER);
	hyp_acquire(nlocks, NULL);
}

int
rumpuser_rw_tryenter(int mode, struct rumpuser_rw *rw)
{
	struct guard *g = guard_enter(rw);
	bool granted = rw->rw_waiters.wq_head == NULL && grant(rw, mode, hyp_curlwp());

	guard_exit(g);
	return granted ? 0 : NB_EBUSY;
}

int
rumpuser_rw_tryupgrade(struct rumpuser_rw *rw)
{
	struct guard *g = guard_enter(rw);
	bool alone = rw->rw_readers == 1;

	if (alone) {
		rw->rw_readers = 0;
		grant(rw, RUMPUSER_RW_WRITER, hyp_curlwp());
	}
	guard_exit(g);
	return alone ? 0 : NB_EBUSY;
}

void
rumpuser_rw_downgrade(struct rumpuser_rw *rw)
{
	struct guard *g = guard_enter(rw);
	struct waiter *granted;

	if (!rw->rw_written)
		hyp_panic("rumpuser_rw_downgrade: %p has no writer", (void *)rw);
	rw->rw_written = false;
	rw->rw_writer = NULL;
	rw->rw_readers = 1;
	granted = grant_waiters(rw);
	guard_exit(g);
	waiters_wake(granted);
}

void
rumpuser_rw_exit(struct rumpuser_rw *rw)
{
	struct guard *g = guard_enter(rw);
	struct waiter *granted;

	if (rw->rw_written) {
		rw->rw_written = false;
		rw->rw_writer = NULL;
	} else if (rw->rw_readers-- == 0)
		hyp_panic("rumpuser_rw_exit: %p is not held", (void *)rw);
	granted = grant_waiters(rw);
	guard_exit(g);
	waiters_wake(granted);
}

void
rumpuser_rw_held(int mode, struct rumpuser_rw *rw, int *heldp)
{
	struct guard *g = guard_enter(rw);

	if (mode == RUMPUSER_RW_WRITER)
		*heldp = rw->rw_written && rw->rw_writer == hyp_curlwp();
	else
		*heldp = rw->rw_readers != 0;
	guard_exit(g);
}
