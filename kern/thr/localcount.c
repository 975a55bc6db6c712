/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * localcount(9): a reference count kept per CPU until it is drained.
 *
 * Normally acquire and release change this CPU's counter, which may be
 * negative (released elsewhere than acquired).  Draining publishes a total,
 * visits each CPU to add up its counter, and from then on releases go to the
 * total under the interlock; the one that makes it zero wakes the drainer.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/localcount.h>
#include <sys/mutex.h>
#include <sys/percpu.h>
#include <sys/systm.h>
#include <sys/xcall.h>

void
localcount_init(struct localcount *lc)
{

	lc->lc_totalp = NULL;
	lc->lc_percpu = percpu_alloc(sizeof(int64_t));
	lc->lc_refcnt = 0;
}

static void
add(struct localcount *lc, int delta)
{
	int64_t *local = percpu_getref(lc->lc_percpu);
#ifdef DIAGNOSTIC
	const int held = (int)atomic_add_int_nv(&lc->lc_refcnt, delta);

	KASSERTMSG(held >= 0, "localcount released more often than acquired");
#endif
	*local += delta;
	percpu_putref(lc->lc_percpu);
}

/* Context: the caller keeps the count from being drained (a read section). */
void
localcount_acquire(struct localcount *lc)
{

	KASSERTMSG(lc->lc_totalp == NULL, "localcount acquired while draining");
	add(lc, 1);
}

/* cv and interlock are those of localcount_drain. */
void
localcount_release(struct localcount *lc, struct kcondvar *cv, struct kmutex *interlock)
{

	if (__predict_true(atomic_load_acquire(&lc->lc_totalp) == NULL)) {
		add(lc, -1);
		return;
	}
	mutex_enter(interlock);
	if (--*lc->lc_totalp == 0)
		cv_broadcast(cv);
	mutex_exit(interlock);
}

static void
sum_here(void *arg1, void *arg2)
{
	struct localcount *lc = arg1;
	int64_t *local = percpu_getref(lc->lc_percpu);
	struct kmutex *interlock = arg2;

	mutex_enter(interlock);
	*lc->lc_totalp += *local;
	mutex_exit(interlock);
	percpu_putref(lc->lc_percpu);
}

/*
 * Wait until nothing is held.  The caller has made new acquisitions impossible
 * and holds interlock, which is released while waiting.
 */
void
localcount_drain(struct localcount *lc, struct kcondvar *cv, struct kmutex *interlock)
{
	int64_t total = 0;

	KASSERT(mutex_owned(interlock));
	KASSERTMSG(lc->lc_totalp == NULL, "localcount drained twice");
	atomic_store_release(&lc->lc_totalp, &total);
	mutex_exit(interlock);
	xc_wait(xc_broadcast(0, sum_here, lc, interlock));
	mutex_enter(interlock);
	while (total != 0)
		cv_wait(cv, interlock);
}

/* After localcount_drain. */
void
localcount_fini(struct localcount *lc)
{

	KASSERTMSG(lc->lc_totalp != NULL, "localcount not drained");
	percpu_free(lc->lc_percpu, sizeof(int64_t));
	lc->lc_percpu = NULL;
}

uint32_t
localcount_debug_refcnt(const struct localcount *lc)
{

	return lc->lc_refcnt;
}
