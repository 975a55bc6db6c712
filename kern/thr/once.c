/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RUN_ONCE(9): one-time initialisation.
 *
 * One lock for all: an initialiser runs without it, and those who come
 * meanwhile wait.  A failed initialiser is not tried again; its error is
 * everybody's result until all have given up (FINI_ONCE), which makes the
 * object new.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/once.h>
#include <sys/systm.h>

static kmutex_t once_lock;
static kcondvar_t once_cv;

void
once_init(void)
{

	mutex_init(&once_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&once_cv, "runonce");
}

/* With once_lock held: wait while somebody initialises or undoes. */
static void
once_settle(once_t *o)
{

	while (o->o_status == ONCE_RUNNING)
		cv_wait(&once_cv, &once_lock);
}

/*
 * Run fn unless it has run, and count the caller as a user.
 *
 * Returns what fn returned.
 * Context: thread, may sleep; not from fn itself.
 */
int
_init_once(once_t *o, int (*fn)(void))
{
	int error;

	if (atomic_load_acquire(&o->o_status) == ONCE_DONE && o->o_refcnt == UINT16_MAX)
		return o->o_error;
	mutex_enter(&once_lock);
	once_settle(o);
	if (o->o_refcnt < UINT16_MAX)
		o->o_refcnt++;		/* sticks at the top: never undone */
	if (o->o_status == ONCE_VIRGIN) {
		atomic_store_relaxed(&o->o_status, ONCE_RUNNING);
		mutex_exit(&once_lock);
		error = (*fn)();
		mutex_enter(&once_lock);
		o->o_error = (int16_t)error;
		atomic_store_release(&o->o_status, ONCE_DONE);
		cv_broadcast(&once_cv);
	}
	error = o->o_error;
	mutex_exit(&once_lock);
	return error;
}

/* Give up one use; the last one runs fn, unless the initialiser had failed. */
void
_fini_once(once_t *o, void (*fn)(void))
{

	mutex_enter(&once_lock);
	once_settle(o);
	KASSERT(o->o_refcnt > 0);
	if (o->o_refcnt < UINT16_MAX && --o->o_refcnt == 0) {
		if (o->o_error == 0) {
			atomic_store_relaxed(&o->o_status, ONCE_RUNNING);
			mutex_exit(&once_lock);
			(*fn)();
			mutex_enter(&once_lock);
		}
		o->o_error = 0;
		o->o_status = ONCE_VIRGIN;
		cv_broadcast(&once_cv);
	}
	mutex_exit(&once_lock);
}
