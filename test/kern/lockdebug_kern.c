/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors in the use of locks, planted one by one. */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/intr.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/lockdebug.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/rwlock.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>

#include "kern_test.h"
#include "lockdebug.h"

#ifndef LOCKDEBUG

/* The kernel is built without: there is nothing to plant. */
int
rumptest_plant(int which)
{

	return 0;
}

void rumptest_plant_leave(void) { }
int rumptest_plant_left(void) { return 0; }
void rumptest_plant_softint(void) { }
int rumptest_plant_softint_ran(void) { return 0; }

#else

static const char *found, *found_by;
static bool fatal, has_place;
static kmutex_t a, b, spin;
static krwlock_t rw;

/* The first error is the plant's; what comes of some would be the end. */
static void
note(const char *func, const char *what, uintptr_t where)
{

	if (found != NULL)
		return;
	found = what;
	found_by = func;
	has_place = where != 0;
	if (fatal)
		kthread_exit(0);
}

static void
nothing_found(const char *func, const char *what, uintptr_t where)
{
}

static void
init_twice(void)
{

	mutex_init(&a, MUTEX_DEFAULT, IPL_NONE);
}

static void
destroy_held(void)
{

	mutex_enter(&a);
	mutex_destroy(&a);
	mutex_init(&a, MUTEX_DEFAULT, IPL_NONE);
}

static void
destroy_read_held(void)
{

	rw_enter(&rw, RW_READER);
	rw_destroy(&rw);
	rw_init(&rw);
}

/* Known to nobody any more: its memory was something else meanwhile. */
static void
forget(void *lock, size_t size)
{

	lockdebug_hook = nothing_found;
	LOCKDEBUG_MEM_CHECK(lock, size);
	lockdebug_hook = note;
}

static void
use_forgotten(void)
{

	forget(&a, sizeof(a));
	mutex_enter(&a);
}

static void
exit_forgotten(void)
{

	lockdebug_hook = nothing_found;
	rw_enter(&rw, RW_READER);
	lockdebug_free(__func__, __LINE__, &rw);
	lockdebug_hook = note;
	rw_exit(&rw);
}

static void
destroy_forgotten(void)
{

	forget(&a, sizeof(a));
	mutex_destroy(&a);
	mutex_init(&a, MUTEX_DEFAULT, IPL_NONE);
}

static void
destroy_twice(void)
{

	mutex_destroy(&b);
	mutex_destroy(&b);
}

static void
mutex_twice(void)
{

	mutex_enter(&a);
	mutex_enter(&a);
}

static void
spin_twice(void)
{

	mutex_enter(&spin);
	mutex_enter(&spin);
}

static void
rw_write_twice(void)
{

	rw_enter(&rw, RW_WRITER);
	rw_enter(&rw, RW_WRITER);
}

static void
rw_read_write(void)
{

	rw_enter(&rw, RW_READER);
	rw_enter(&rw, RW_WRITER);
}

static void
rw_write_read(void)
{

	rw_enter(&rw, RW_WRITER);
	rw_enter(&rw, RW_READER);
}

static void
enter_only(void *arg)
{

	rw_enter(&rw, RW_READER);
	lockdebug_hook = nothing_found;
	kthread_exit(0);
}

/* What another thread holds. */
static void
exit_others(void)
{
	struct lwp *l;

	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN, NULL,
	    enter_only, NULL, &l, "holder") != 0)
		return;
	kthread_join(l);
	lockdebug_hook = note;
	rw_exit(&rw);
}

static void
destroy_spin_held(void)
{

	mutex_enter(&spin);
	mutex_destroy(&spin);
	mutex_init(&spin, MUTEX_DEFAULT, IPL_VM);
}

static void
destroy_write_held(void)
{

	rw_enter(&rw, RW_WRITER);
	rw_destroy(&rw);
	rw_init(&rw);
}

static void
rw_in_spin(void)
{

	mutex_enter(&spin);
	rw_enter(&rw, RW_READER);
	rw_exit(&rw);
	mutex_exit(&spin);
}

/* The wait lets go of the one, and not of the other. */
static void
cv_in_spin(void)
{
	kcondvar_t cv;

	cv_init(&cv, "plant");
	mutex_enter(&a);
	mutex_enter(&spin);
	cv_timedwait(&cv, &a, 1);
	mutex_exit(&spin);
	mutex_exit(&a);
	cv_destroy(&cv);
}

static void
kernel_lock_in_spin(void)
{

	mutex_enter(&spin);
	KERNEL_LOCK(1, NULL);
	KERNEL_UNLOCK_ONE(NULL);
	mutex_exit(&spin);
}

static void
exit_thread(void)
{

	mutex_enter(&a);
	kthread_exit(0);
}

static void
free_unheld(void)
{
	kmutex_t *m = kmem_alloc(sizeof(*m), KM_SLEEP);

	mutex_init(m, MUTEX_DEFAULT, IPL_NONE);
	kmem_free(m, sizeof(*m));
}

static void
free_held(void)
{
	kmutex_t *m = kmem_alloc(sizeof(*m), KM_SLEEP);

	mutex_init(m, MUTEX_DEFAULT, IPL_NONE);
	mutex_enter(m);
	kmem_free(m, sizeof(*m));
}

static void
adaptive_in_spin(void)
{

	mutex_enter(&spin);
	mutex_enter(&a);
	mutex_exit(&a);
	mutex_exit(&spin);
}

static void
sleep_in_spin(void)
{

	mutex_enter(&spin);
	kpause("plant", false, 1, NULL);
	mutex_exit(&spin);
}

static void
order(void)
{

	mutex_enter(&a);
	mutex_enter(&b);
	mutex_exit(&b);
	mutex_exit(&a);
	mutex_enter(&b);
	mutex_enter(&a);
	mutex_exit(&a);
	mutex_exit(&b);
}

/* Over a third: a before rw, rw before b, b before a. */
static void
order_long(void)
{

	mutex_enter(&a);
	rw_enter(&rw, RW_READER);
	rw_exit(&rw);
	mutex_exit(&a);
	rw_enter(&rw, RW_WRITER);
	mutex_enter(&b);
	mutex_exit(&b);
	rw_exit(&rw);
	mutex_enter(&b);
	mutex_enter(&a);
	mutex_exit(&a);
	mutex_exit(&b);
}

/* Trying cannot wait in a circle: no error. */
static void
order_try(void)
{

	mutex_enter(&a);
	mutex_enter(&b);
	mutex_exit(&b);
	mutex_exit(&a);
	mutex_enter(&b);
	if (mutex_tryenter(&a))
		mutex_exit(&a);
	mutex_exit(&b);
}

/* All as it should be: no error. */
static void
proper(void)
{

	mutex_enter(&a);
	rw_enter(&rw, RW_WRITER);
	rw_downgrade(&rw);
	mutex_enter(&spin);
	mutex_exit(&spin);
	kpause("plant", false, 1, NULL);
	rw_exit(&rw);
	mutex_exit(&a);
	kmem_free(kmem_alloc(64, KM_SLEEP), 64);
}

#define FATAL	true
static const struct {
	void		(*plant)(void);
	const char	*func;
	const char	*expect;
	bool		fatal;	/* if it goes on, the kernel does not */
} plants[] = {
	{ init_twice, "_mutex_init", "already initialized", false },
	{ destroy_held, "mutex_destroy", "is locked or in use", false },
	{ destroy_read_held, "rw_destroy", "is locked or in use", false },
	{ free_held, NULL, "allocation contains active lock", false },
	{ adaptive_in_spin, "mutex_enter_slow",
	    "adaptive lock wanted with a spin mutex held", false },
	{ sleep_in_spin, NULL, "sleeping with a spin mutex held", false },
	{ order, "mutex_enter_slow", "lock order", false },
	{ order_long, "mutex_enter_slow", "lock order", false },
	{ order_try, NULL, NULL, false },
	{ proper, NULL, NULL, false },
	{ destroy_twice, "mutex_destroy", "uninitialized lock", FATAL },
	{ use_forgotten, "mutex_enter_slow", "not initialized", FATAL },
	{ exit_forgotten, NULL, "released, but not initialized", FATAL },
	{ destroy_forgotten, "mutex_destroy",
	    "uninitialized lock", false },
	{ mutex_twice, "mutex_enter_slow", "locking against myself", FATAL },
	{ spin_twice, "mutex_enter_slow", "locking against myself", FATAL },
	{ rw_write_twice, NULL, "locking against myself", FATAL },
	{ rw_read_write, NULL, "locking against myself", FATAL },
	{ rw_write_read, NULL, "locking against myself", FATAL },
	{ exit_others, NULL, "not held by the current lwp", FATAL },
	{ kernel_lock_in_spin, "_kernel_lock",
	    "sleeping with a spin mutex held", false },
	{ exit_thread, "kthread_exit", "leaving with a lock held", false },
	{ free_unheld, NULL, "allocation contains active lock", false },
	{ destroy_spin_held, "mutex_destroy", "is locked or in use", false },
	{ destroy_write_held, "rw_destroy", "is locked or in use", false },
	{ rw_in_spin, NULL, "adaptive lock wanted with a spin mutex held", false },
	{ cv_in_spin, NULL, "sleeping with a spin mutex held", FATAL },
};

/*
 * Each runs in a thread of its own, which ends with what it holds; so do the
 * locks, which later cases have in another place.
 */
static void
planter(void *arg)
{

	(*plants[(intptr_t)arg].plant)();
	kthread_exit(0);
}

static void
start(void)
{

	mutex_init(&a, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&b, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&spin, MUTEX_DEFAULT, IPL_VM);
	rw_init(&rw);
	found = NULL;
	lockdebug_hook = note;
}

static int
judge(const char *func, const char *expect)
{

	lockdebug_hook = NULL;
	if (expect == NULL)
		return found != NULL;
	return found == NULL || strcmp(found, expect) != 0 || !has_place ||
	    (func != NULL && strcmp(func, found_by) != 0);
}

int
rumptest_plant(int which)
{
	struct lwp *l;

	start();
	fatal = plants[which].fatal;
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN, NULL,
	    planter, (void *)(intptr_t)which, &l, "plant") != 0)
		return -1;
	kthread_join(l);
	return judge(plants[which].func, plants[which].expect);
}

/* The caller leaves the kernel with a lock. */
void
rumptest_plant_leave(void)
{

	start();
	rw_enter(&rw, RW_READER);
}

int
rumptest_plant_left(void)
{

	rw_exit(&rw);
	return judge("rump_unschedule", "leaving with a lock held");
}

static void
keep_lock(void *arg)
{

	mutex_enter(&a);
}

/* So does a soft interrupt handler. */
void
rumptest_plant_softint(void)
{

	start();
	softint_schedule(softint_establish(SOFTINT_NET | SOFTINT_MPSAFE,
	    keep_lock, NULL));
}

int
rumptest_plant_softint_ran(void)
{

	return judge("run_handler", "leaving with a lock held");
}

#endif
