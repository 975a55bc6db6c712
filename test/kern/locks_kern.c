/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks under load, inside the kernel: each function starts threads that use
 * one lock, and returns what went wrong, 0 for nothing.
 */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/lock.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/rwlock.h>
#include <sys/systm.h>

#include "kern_test.h"

#define THREADS	4

static kmutex_t mtx;
static kcondvar_t cv;
static krwlock_t rw;
static volatile int a, b;
static int errors;

/* Run func in THREADS threads and wait for all. */
static void
together(void (*func)(void *), int flags)
{
	struct lwp *l[THREADS];
	int i;

	for (i = 0; i < THREADS; i++) {
		if (kthread_create(PRI_NONE, KTHREAD_MUSTJOIN | flags, NULL,
		    func, (void *)(intptr_t)i, &l[i], "test%d", i) != 0)
			panic("kthread_create");
	}
	for (i = 0; i < THREADS; i++)
		(void)kthread_join(l[i]);
}

/* a and b change together, under the lock only. */
static void
pair_change(int i)
{

	if (a != b)
		errors++;
	a++;
	if (i % 64 == 0)
		rump_spin_hint();
	b++;
}

static void
mutex_user(void *arg)
{
	int i;

	for (i = 0; i < 20000; i++) {
		mutex_enter(&mtx);
		pair_change(i);
		mutex_exit(&mtx);
	}
	kthread_exit(0);
}

static int
exclude(void (*func)(void *), int flags, int expect)
{

	a = b = errors = 0;
	together(func, flags);
	return errors != 0 ? errors : a != expect ? -1 : 0;
}

int
rumptest_mutex(int spin)
{
	int result;

	mutex_init(&mtx, MUTEX_DEFAULT, spin ? IPL_VM : IPL_NONE);
	result = exclude(mutex_user, KTHREAD_MPSAFE, THREADS * 20000);
	mutex_destroy(&mtx);
	return result;
}

/* The holder sleeps, so all others must sleep too. */
static void
mutex_sleeper(void *arg)
{
	int i;

	for (i = 0; i < 10; i++) {
		mutex_enter(&mtx);
		if (a != b)
			errors++;
		a++;
		kpause("test", false, 1, NULL);
		b++;
		mutex_exit(&mtx);
	}
	kthread_exit(0);
}

int
rumptest_mutex_sleep(void)
{
	int result;

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	result = exclude(mutex_sleeper, KTHREAD_MPSAFE, THREADS * 10);
	mutex_destroy(&mtx);
	return result;
}

int
rumptest_mutex_states(void)
{
	int bad = 0;

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	bad += mutex_owned(&mtx) != 0;
	bad += mutex_tryenter(&mtx) != 1;
	bad += mutex_owned(&mtx) != 1;
	bad += mutex_tryenter(&mtx) != 0;
	bad += mutex_owner(&mtx) != curlwp;
	mutex_exit(&mtx);
	bad += mutex_owned(&mtx) != 0;
	bad += mutex_owned(NULL) != 0;
	mutex_destroy(&mtx);
	return bad;
}

/*
 * Readers/writer lock.
 */

static void
rw_user(void *arg)
{
	int i;

	for (i = 0; i < 20000; i++) {
		if (i % 4 == (int)(intptr_t)arg) {
			rw_enter(&rw, RW_WRITER);
			pair_change(i);
		} else {
			rw_enter(&rw, RW_READER);
			if (a != b)
				errors++;
		}
		rw_exit(&rw);
	}
	kthread_exit(0);
}

int
rumptest_rwlock(void)
{
	int result;

	rw_init(&rw);
	result = exclude(rw_user, KTHREAD_MPSAFE, THREADS * 5000);
	rw_destroy(&rw);
	return result;
}

/* Upgrade and downgrade keep what was read. */
static void
rw_changer(void *arg)
{
	int i, seen;

	for (i = 0; i < 5000; i++) {
		rw_enter(&rw, RW_READER);
		seen = a;
		if (rw_tryupgrade(&rw)) {
			if (a != seen || a != b)
				errors++;
			a++;
			b++;
			seen = a;
			rw_downgrade(&rw);
			if (a != seen)
				errors++;
		}
		rw_exit(&rw);
		if (i % 16 == 0)
			yield();
	}
	kthread_exit(0);
}

int
rumptest_rwlock_change(void)
{

	rw_init(&rw);
	a = b = errors = 0;
	together(rw_changer, KTHREAD_MPSAFE);
	rw_destroy(&rw);
	return errors != 0 || a != b || a == 0;
}

int
rumptest_rwlock_states(void)
{
	int bad = 0;

	rw_init(&rw);
	bad += rw_lock_held(&rw) != 0;
	rw_enter(&rw, RW_READER);
	bad += rw_read_held(&rw) != 1 || rw_write_held(&rw) != 0;
	bad += rw_lock_op(&rw) != RW_READER;
	bad += rw_tryenter(&rw, RW_READER) != 1;
	bad += rw_tryupgrade(&rw) != 0;
	bad += rw_tryenter(&rw, RW_WRITER) != 0;
	rw_exit(&rw);
	bad += rw_tryupgrade(&rw) != 1;
	bad += rw_write_held(&rw) != 1 || rw_read_held(&rw) != 0;
	bad += rw_lock_op(&rw) != RW_WRITER;
	rw_downgrade(&rw);
	bad += rw_read_held(&rw) != 1;
	rw_exit(&rw);
	bad += rw_tryenter(&rw, RW_WRITER) != 1;
	bad += rw_tryenter(&rw, RW_READER) != 0;
	rw_exit(&rw);
	bad += rw_lock_held(&rw) != 0;
	rw_destroy(&rw);
	return bad;
}

/*
 * Condition variables: a token goes round, from thread to thread.
 */

#define ROUNDS	2000

static void
cv_passer(void *arg)
{
	int me = (int)(intptr_t)arg, i;

	for (i = 0; i < ROUNDS; i++) {
		mutex_enter(&mtx);
		while (a % THREADS != me)
			cv_wait(&cv, &mtx);
		a++;
		cv_broadcast(&cv);
		mutex_exit(&mtx);
	}
	kthread_exit(0);
}

int
rumptest_cv_pass(void)
{

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "pass");
	a = 0;
	together(cv_passer, KTHREAD_MPSAFE);
	cv_destroy(&cv);
	mutex_destroy(&mtx);
	return a - THREADS * ROUNDS;
}

/* Producers and consumers: each signal wakes one. */
static void
cv_worker(void *arg)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		mutex_enter(&mtx);
		if ((intptr_t)arg % 2 == 0) {
			a++;
			cv_signal(&cv);
		} else {
			while (a == 0)
				cv_wait(&cv, &mtx);
			a--;
			b++;
		}
		mutex_exit(&mtx);
	}
	kthread_exit(0);
}

int
rumptest_cv_signal(void)
{

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "work");
	a = b = 0;
	together(cv_worker, KTHREAD_MPSAFE);
	cv_destroy(&cv);
	mutex_destroy(&mtx);
	return a != 0 || b != THREADS / 2 * ROUNDS;
}

int
rumptest_cv_timeout(void)
{
	struct bintime bt = ms2bintime(30);
	int64_t before;
	int bad = 0;

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "time");
	mutex_enter(&mtx);
	before = rumptest_now();
	bad += cv_timedwait(&cv, &mtx, 3) != EWOULDBLOCK;
	bad += rumptest_now() - before < INT64_C(3000000000) / hz;
	before = rumptest_now();
	bad += cv_timedwaitbt(&cv, &mtx, &bt, &bt) != EWOULDBLOCK;
	bad += rumptest_now() - before < 29000000;
	bad += bt.sec != 0 || bt.frac > (uint64_t)1 << 60;
	bad += !mutex_owned(&mtx);
	bad += cv_has_waiters(&cv);
	mutex_exit(&mtx);
	cv_destroy(&cv);
	mutex_destroy(&mtx);
	bad += kpause("test", false, 2, NULL) != EWOULDBLOCK;
	bad += tsleep(&a, 0, "test", 2) != EWOULDBLOCK;
	return bad;
}

/*
 * The kernel lock, and sleeping on addresses under it.
 */

static void
giant_user(void *arg)
{
	int i;

	/* Threads without MPSAFE start with it. */
	if (!KERNEL_LOCKED_P())
		errors++;
	for (i = 0; i < 2000; i++) {
		if (a != b)
			errors++;
		a++;
		KERNEL_LOCK(2, NULL);
		preempt_needed();
		KERNEL_UNLOCK_ONE(NULL);
		KERNEL_UNLOCK_ONE(NULL);
		b++;
		if (i % 8 == 0) {
			if (kpause("giant", false, 1, NULL) != EWOULDBLOCK)
				errors++;
			if (!KERNEL_LOCKED_P())
				errors++;
			i += 192;
		}
	}
	wakeup(&errors);
	kthread_exit(0);
}

int
rumptest_kernel_lock(void)
{
	int held, bad = 0;

	a = b = errors = 0;
	together(giant_user, 0);
	KERNEL_LOCK(3, NULL);
	KERNEL_UNLOCK_ALL(NULL, &held);
	bad += held != 3 || KERNEL_LOCKED_P();
	return errors != 0 || a != b ? -1 : bad;
}

static void
tsleeper(void *arg)
{
	int i = (int)(intptr_t)arg;

	if (i == 0) {
		/* All others sleep, since the lock was to be had. */
		while (a < THREADS - 1)
			kpause("wait", false, 1, NULL);
		b = 1;
		wakeup(&a);
	} else {
		a++;
		while (b == 0) {
			if (tsleep(&a, PZERO, "tsleep", 0) != 0)
				errors++;
		}
	}
	kthread_exit(0);
}

int
rumptest_tsleep(void)
{

	a = b = errors = 0;
	together(tsleeper, 0);
	return errors;
}

int
rumptest_lockobj(void)
{
	kmutex_t *m = mutex_obj_alloc(MUTEX_DEFAULT, IPL_NONE);
	krwlock_t *r = rw_obj_alloc();
	int bad = 0;

	mutex_obj_hold(m);
	bad += mutex_obj_refcnt(m) != 2;
	mutex_enter(m);
	mutex_exit(m);
	bad += mutex_obj_free(m) != false;
	bad += mutex_obj_free(m) != true;
	rw_obj_hold(r);
	bad += rw_obj_free(r) != false;
	bad += rw_obj_free(r) != true;
	return bad;
}
