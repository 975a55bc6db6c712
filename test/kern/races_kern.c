/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel halves of races.c. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/cpu.h>
#include <sys/intr.h>
#include <sys/kernel.h>
#include <sys/kthread.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/rwlock.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>

#include "kern_test.h"
#include "parklock.h"

#define READERS	24		/* more than are woken in one go */

static kmutex_t mtx;
static kcondvar_t cv;
static krwlock_t rw;
static void *soft;
static volatile u_int bad;
static int fired;

static void
start(void)
{

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "race");
	bad = 0;
	fired = 0;
}

static int
finish(void)
{

	cv_destroy(&cv);
	mutex_destroy(&mtx);
	return (int)bad;
}

static void
note(void *arg)
{

	mutex_enter(&mtx);
	fired++;
	cv_broadcast(&cv);
	mutex_exit(&mtx);
}

/* Until l sleeps on obj. */
static void
await_sleep(struct lwp *l, const volatile void *obj)
{

	while (__atomic_load_n(&l->l_wchan, __ATOMIC_RELAXED) != obj)
		yield();
}

/*
 * Who is made an owner of a lock finds that it is one, when it runs.
 */

static void
reader(void *arg)
{

	rw_enter(&rw, RW_READER);
	if (!rw_read_held(&rw) || rw_lock_op(&rw) != RW_READER)
		atomic_inc_uint(&bad);
	rw_exit(&rw);
}

static void
pass_to_readers(void)
{
	struct lwp *l[READERS];
	int i;

	rw_enter(&rw, RW_WRITER);
	for (i = 0; i < READERS; i++) {
		if (kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
		    NULL, reader, NULL, &l[i], "reader") != 0)
			panic("kthread_create");
	}
	for (i = 0; i < READERS; i++)
		await_sleep(l[i], &rw);
	rw_exit(&rw);
	for (i = 0; i < READERS; i++)
		(void)kthread_join(l[i]);
}

int
rumptest_rwlock_many(void)
{
	int i;

	bad = 0;
	rw_init(&rw);
	for (i = 0; i < 40; i++)
		pass_to_readers();
	rw_destroy(&rw);
	return (int)bad;
}

/*
 * A soft interrupt that pends when a thread ends.
 */

static specificdata_key_t key;

static void
at_exit(void *arg)
{

	softint_schedule(soft);
}

void
rumptest_exit_softint_begin(void)
{

	start();
	soft = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, note, NULL);
	lwp_specific_key_create(&key, at_exit);
}

/* By the thread that will end. */
void
rumptest_exit_softint_arm(void)
{

	lwp_setspecific(key, &key);
}

int
rumptest_exit_softint_end(void)
{

	mutex_enter(&mtx);
	while (fired == 0)
		cv_wait(&cv, &mtx);
	mutex_exit(&mtx);
	softint_disestablish(soft);
	lwp_specific_key_delete(key);
	return finish();
}

/*
 * A thread of the program that is held up in a soft interrupt.
 */

static bool stuck, let_go;

static void
get_stuck(void *arg)
{

	mutex_enter(&mtx);
	stuck = true;
	cv_broadcast(&cv);
	while (!let_go)
		cv_wait(&cv, &mtx);
	mutex_exit(&mtx);
}

/* Leaving the kernel will take until rumptest_stuck_end. */
void
rumptest_stuck_begin(void)
{

	softint_schedule(soft);
}

/* The same at once, in the thread's own name. */
void
rumptest_stuck_here(void)
{

	get_stuck(NULL);
}

void
rumptest_stuck_init(void)
{

	start();
	stuck = let_go = false;
	soft = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, get_stuck, NULL);
}

void
rumptest_stuck_wait(void)
{

	mutex_enter(&mtx);
	while (!stuck)
		cv_wait(&cv, &mtx);
	mutex_exit(&mtx);
}

void
rumptest_stuck_end(void)
{

	mutex_enter(&mtx);
	let_go = true;
	cv_broadcast(&cv);
	mutex_exit(&mtx);
}

/*
 * Halts.
 */

static void
keep_mutex(void *arg)
{

	mutex_enter(&mtx);
	(void)kpause("keep", false, 1000 * hz, NULL);
	mutex_exit(&mtx);
}

static void
hook(void)
{

	softint_schedule(soft);
}

static struct rump_halthook halthook = { .hh_func = hook };

/* At the halt a soft interrupt pends whose mutex a thread keeps for good. */
void
rumptest_halt_softint(void)
{
	struct lwp *l;

	start();
	soft = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, note, NULL);
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, keep_mutex, NULL,
	    &l, "keeper") != 0)
		panic("kthread_create");
	await_sleep(l, l);
	rump_halthook_establish(&halthook);
}

static void
wait_and_exit(void *arg)
{

	mutex_enter(&mtx);
	while (fired == 0)
		cv_wait(&cv, &mtx);
	mutex_exit(&mtx);
}

/* Many threads that end just now. */
void
rumptest_halt_exits(void)
{
	int i;

	start();
	for (i = 0; i < 30; i++)
		if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL,
		    wait_and_exit, NULL, NULL, "exits") != 0)
			panic("kthread_create");
	note(NULL);
}

/*
 * A soft interrupt waits for a mutex; who has it, for another soft interrupt
 * of the same CPU.
 */

static kmutex_t contended;
static void *blocked, *freeing;

static void
block(void *arg)
{

	mutex_enter(&contended);
	mutex_exit(&contended);
	note(NULL);
}

static void
schedule_blocked(void *arg)
{

	softint_schedule(blocked);
}

static void
own_and_wait(void *arg)
{

	softint_schedule(freeing);
	mutex_enter(&mtx);
	while (fired == 0)
		cv_wait(&cv, &mtx);
	mutex_exit(&mtx);
	mutex_exit(&contended);
}

static void
hold_first(void *arg)
{
	struct lwp *l, *soft_lwp;

	mutex_enter(&contended);
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
	    curcpu(), schedule_blocked, NULL, &l, "blocked") != 0)
		panic("kthread_create");
	(void)kthread_join(l);
	mutex_enter(&proc_lock);
	LIST_FOREACH(soft_lwp, &alllwp, l_list) {
		if (soft_lwp->l_softint != NULL && soft_lwp->l_cpu == curcpu() &&
		    strcmp(soft_lwp->l_name, "softser") == 0)
			break;
	}
	mutex_exit(&proc_lock);
	await_sleep(soft_lwp, &contended);
	own_and_wait(NULL);
}

int
rumptest_softint_levels(void)
{
	struct lwp *l;

	start();
	mutex_init(&contended, MUTEX_DEFAULT, IPL_NONE);
	blocked = softint_establish(SOFTINT_SERIAL | SOFTINT_MPSAFE, block,
	    NULL);
	freeing = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, note, NULL);
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
	    curcpu(), hold_first, NULL, &l, "owner") != 0)
		panic("kthread_create");
	(void)kthread_join(l);
	mutex_enter(&mtx);
	while (fired < 2)
		cv_wait(&cv, &mtx);
	mutex_exit(&mtx);
	softint_disestablish(blocked);
	softint_disestablish(freeing);
	mutex_destroy(&contended);
	return finish();
}

/*
 * Threads that are bound to a CPU while others come and go.
 */

static void
bound(void *arg)
{
	struct cpu_info *ci = curcpu();
	int i;

	for (i = 0; i < 3000; i++) {
		if (curcpu() != ci)
			atomic_inc_uint(&bad);
		yield();
	}
}

int
rumptest_bound(void)
{
	struct lwp *l[MAXCPUS];
	int i;

	bad = 0;
	for (i = 0; i < ncpu; i++)
		if (kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
		    cpu_lookup((u_int)i), bound, NULL, &l[i], "bound") != 0)
			panic("kthread_create");
	for (i = 0; i < ncpu; i++)
		(void)kthread_join(l[i]);
	return (int)bad;
}

/*
 * A lock of the scheduler's kind, for threads that need not be inside.
 */

static struct parklock parklock;

void
rumptest_park_lock(void)
{

	parklock_enter(&parklock);
}

void
rumptest_park_unlock(void)
{

	parklock_exit(&parklock);
}

/* Who has it asks.  A waiter begins with the next one. */
int
rumptest_park_waiters(void)
{
	uintptr_t w = __atomic_load_n(&parklock.pl_word, __ATOMIC_ACQUIRE) & ~1;
	int n = 0;

	for (; w != 0; w = *(uintptr_t *)w)
		n++;
	return n;
}
