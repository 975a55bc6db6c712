/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors in the use of locks, planted one by one. */
#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
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

#else

static const char *found;
static kmutex_t a, b, spin;
static krwlock_t rw;

static void
note(const char *what)
{

	if (found == NULL)
		found = what;
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

static const struct {
	void		(*plant)(void);
	const char	*expect;
} plants[] = {
	{ init_twice,		"already initialized" },
	{ destroy_held,		"destroyed while held" },
	{ destroy_read_held,	"destroyed while held" },
	{ free_held,		"memory freed while held" },
	{ adaptive_in_spin,
	    "adaptive lock wanted with a spin mutex held" },
	{ sleep_in_spin,	"sleeping with a spin mutex held" },
	{ order,		"lock order" },
	{ order_long,		"lock order" },
	{ order_try,		NULL },
	{ proper,		NULL },
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

int
rumptest_plant(int which)
{
	struct lwp *l;

	mutex_init(&a, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&b, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&spin, MUTEX_DEFAULT, IPL_VM);
	rw_init(&rw);
	found = NULL;
	lockdebug_hook = note;
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN, NULL,
	    planter, (void *)(intptr_t)which, &l, "plant") != 0)
		return -1;
	kthread_join(l);
	lockdebug_hook = NULL;
	if (plants[which].expect == NULL)
		return found != NULL;
	return found == NULL || strcmp(found, plants[which].expect) != 0;
}

#endif
