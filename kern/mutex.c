/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mutexes, mutex(9).
 *
 * The word is the owner's lwp and flags.  A free adaptive mutex is 0, so that
 * one exchange takes it and one gives it back; everything else is slow:
 *
 *   WAITERS   lwps sleep on the queue of the mutex's address
 *   SPIN      a spin mutex: who waits keeps its CPU
 *   DEBUG     LOCKDEBUG has a record of it
 *   KNOWN     with LOCKDEBUG: it was initialised
 *
 * Who finds an adaptive mutex held spins while the owner runs on another CPU,
 * then sleeps.  On release the first sleeper is woken and must compete for the
 * mutex; one that lost LOST_MAX times is handed it.  WAITERS is set only
 * with the sleep queue's lock held and the mutex owned; while it is set the
 * owner, in mutex_wake, is the only one to change the word.
 */
#include <sys/mutex.h>

#include <sys/intr.h>
#include <sys/lock.h>
#include <sys/lockdebug.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "lockword.h"
#include "sleepq.h"

#define WAITERS		((uintptr_t)1)
#define SPIN		((uintptr_t)2)
#define DEBUG_BIT	((uintptr_t)4)
#define FLAGS		((uintptr_t)15)
#ifdef LOCKDEBUG
#define KNOWN		((uintptr_t)8)
#else
#define KNOWN		((uintptr_t)0)
#endif
#define KIND		(SPIN | DEBUG_BIT | KNOWN)	/* for life */
#define OWNER(w)	((struct lwp *)((w) & ~FLAGS))
#define DESTROYED	(~(uintptr_t)63)

#define LOST_MAX	2
#define SPINS_ADAPTIVE	200	/* about what a sleep costs */
#define SPINS_SPIN	1000	/* then let the host run another thread */
#define SPIN_PARK_NS	50000

#define CALLER		((uintptr_t)__builtin_return_address(0))
#define DODEBUG(mtx)	((lockword_get(&(mtx)->mtx_owner) & DEBUG_BIT) != 0)

#ifdef LOCKDEBUG
static void mutex_dump(const volatile void *, lockop_printer_t);
static lockops_t adaptive_ops = { "mutex", LOCKOPS_SLEEP, mutex_dump };
static lockops_t spin_ops = { "spin mutex", LOCKOPS_SPIN, mutex_dump };

static void
mutex_dump(const volatile void *cookie, lockop_printer_t pr)
{
	const volatile kmutex_t *mtx = cookie;
	uintptr_t w = lockword_get(&mtx->mtx_owner);

	pr("owner %p%s%s\n", OWNER(w), w & WAITERS ? ", waiters" : "",
	    w & SPIN ? ", spin" : "");
}
#endif

void
_mutex_init(kmutex_t *mtx, kmutex_type_t type, int ipl, uintptr_t made_at)
{
	bool spin, debug;

	spin = type == MUTEX_SPIN || (type != MUTEX_ADAPTIVE && ipl >= IPL_VM);
	debug = type != MUTEX_NODEBUG && LOCKDEBUG_ALLOC(mtx,
	    spin ? &spin_ops : &adaptive_ops, made_at);
	__atomic_store_n(&mtx->mtx_owner, (spin ? SPIN : 0) |
	    (debug ? DEBUG_BIT : 0) | KNOWN, __ATOMIC_RELEASE);
}

void
mutex_init(kmutex_t *mtx, kmutex_type_t type, int ipl)
{

	_mutex_init(mtx, type, ipl, CALLER);
}

void
mutex_destroy(kmutex_t *mtx)
{

	LOCKDEBUG_FREE(DODEBUG(mtx) ||
	    lockword_get(&mtx->mtx_owner) == DESTROYED, mtx);
	KASSERTMSG(DODEBUG(mtx) ||
	    (lockword_get(&mtx->mtx_owner) & ~KIND) == 0,
	    "mutex_destroy: %p is held", mtx);
	mtx->mtx_owner = DESTROYED;
}

static bool
lwp_runs(const struct lwp *l)
{

	return __atomic_load_n(&l->l_oncpu, __ATOMIC_RELAXED) != 0;
}

static void __dead
mutex_bug(kmutex_t *mtx, const char *what)
{

	panic("%s: mutex %p, owner %p, lwp %p", what, mtx,
	    OWNER(lockword_get(&mtx->mtx_owner)), curlwp);
}

/*
 * The owner of a spin mutex runs on another CPU and does not sleep; but the
 * host may have stopped its thread, so give way to it after a while.
 */
static void
spin_enter(kmutex_t *mtx, struct lwp *l)
{
	uintptr_t w;
	int spins = 0;

	for (;;) {
		w = lockword_get(&mtx->mtx_owner);
		if (OWNER(w) == NULL) {
			if (lockword_acquire(&mtx->mtx_owner, w,
			    w | (uintptr_t)l))
				break;
			continue;
		}
		if (OWNER(w) == l)
			mutex_bug(mtx, "mutex_enter: locking against myself");
		if (sched_uni)
			mutex_bug(mtx, "mutex_enter: owner sleeps");
		rump_spin_hint();
		if (++spins == SPINS_SPIN) {
			spins = 0;
			(void)rumpuser2_park(rumpuser2_clock() + SPIN_PARK_NS);
		}
	}
	l->l_spinlocks++;
}

/*
 * Sleep until woken; true if the mutex was handed over.  Being taken off the
 * queue makes visible what the last owner wrote.
 */
static bool
mutex_sleep(kmutex_t *mtx, struct lwp *l)
{
	struct sleepq *sq = sleepq_lookup(mtx);
	uintptr_t w;

	parklock_enter(&sq->sq_lock);
	w = lockword_get(&mtx->mtx_owner);
	if (OWNER(w) == NULL || ((w & WAITERS) == 0 &&
	    !lockword_acquire(&mtx->mtx_owner, w, w | WAITERS))) {
		parklock_exit(&sq->sq_lock);
		return false;
	}
	if (l->l_lockpassed == 0)
		sleepq_enqueue(&sq->sq_first, l, mtx, "mutex");
	else
		sleepq_enqueue_first(&sq->sq_first, l, mtx, "mutex");
	parklock_exit(&sq->sq_lock);

	(void)sleepq_block(sq, INT64_MAX, false);
	l->l_lockpassed++;
	return OWNER(lockword_get(&mtx->mtx_owner)) == l;
}

static void
adaptive_enter(kmutex_t *mtx, struct lwp *l)
{
	struct lwp *owner;
	uintptr_t w;
	int spins = 0;

	for (;;) {
		w = lockword_get(&mtx->mtx_owner);
		owner = OWNER(w);
		if (owner == NULL) {
			if (lockword_acquire(&mtx->mtx_owner, w,
			    w | (uintptr_t)l))
				break;
		} else if (owner == l) {
			mutex_bug(mtx, "mutex_enter: locking against myself");
		} else if (!sched_uni && spins < SPINS_ADAPTIVE &&
		    lwp_runs(owner)) {
			spins++;
			rump_spin_hint();
		} else {
			spins = 0;
			if (mutex_sleep(mtx, l))
				break;
		}
	}
	l->l_lockpassed = 0;
}

static void __noinline
mutex_enter_slow(kmutex_t *mtx, struct lwp *l, uintptr_t caller)
{
	uintptr_t w = lockword_get(&mtx->mtx_owner);

	if (w == DESTROYED)
		mutex_bug(mtx, "mutex_enter: destroyed mutex");
	if ((w & KNOWN) != KNOWN)
		mutex_bug(mtx, "mutex_enter: not initialised");
	LOCKDEBUG_WANTLOCK((w & DEBUG_BIT) != 0, mtx, caller, 0);
	if ((w & SPIN) != 0)
		spin_enter(mtx, l);
	else
		adaptive_enter(mtx, l);
	LOCKDEBUG_LOCKED((w & DEBUG_BIT) != 0, mtx, NULL, caller, 0);
}

void
mutex_enter(kmutex_t *mtx)
{
	struct lwp *l = curlwp;

	/* Looking first spares spin mutexes an exchange that fails. */
	if (__predict_false(lockword_get(&mtx->mtx_owner) != KNOWN ||
	    !lockword_acquire(&mtx->mtx_owner, KNOWN, (uintptr_t)l | KNOWN)))
		mutex_enter_slow(mtx, l, CALLER);
}

void
mutex_spin_enter(kmutex_t *mtx)
{

	mutex_enter_slow(mtx, curlwp, CALLER);
}

int
mutex_tryenter(kmutex_t *mtx)
{
	struct lwp *l = curlwp;
	uintptr_t w = lockword_get(&mtx->mtx_owner);

	if (w != DESTROYED && (w & KNOWN) != KNOWN)
		mutex_bug(mtx, "mutex_tryenter: not initialised");
	if (OWNER(w) != NULL || !lockword_acquire(&mtx->mtx_owner, w,
	    w | (uintptr_t)l))
		return 0;
	if ((w & SPIN) != 0)
		l->l_spinlocks++;
	LOCKDEBUG_WANTLOCK((w & DEBUG_BIT) != 0, mtx, CALLER, -1);
	LOCKDEBUG_LOCKED((w & DEBUG_BIT) != 0, mtx, NULL, CALLER, 0);
	return 1;
}

/*
 * Let go of a mutex that has waiters: choose one, and wake it.  There is none
 * if a kernel thread left while it waited (halt).
 */
static void
mutex_wake(kmutex_t *mtx)
{
	struct sleepq *sq = sleepq_lookup(mtx);
	struct lwp *first;
	uintptr_t w;
	void *thread = NULL;

	parklock_enter(&sq->sq_lock);
	w = lockword_get(&mtx->mtx_owner) & KIND;
	first = sleepq_next(&sq->sq_first, NULL, mtx);
	if (first != NULL) {
		if (sleepq_next(&sq->sq_first, first, mtx) != NULL)
			w |= WAITERS;
		if (first->l_lockpassed >= LOST_MAX)
			w |= (uintptr_t)first;
	}
	__atomic_store_n(&mtx->mtx_owner, w, __ATOMIC_RELEASE);
	if (first != NULL)
		thread = sleepq_dequeue(first);
	parklock_exit(&sq->sq_lock);
	if (thread != NULL)
		rumpuser2_unpark(thread);
}

static void __noinline
mutex_exit_slow(kmutex_t *mtx, struct lwp *l, uintptr_t caller)
{
	uintptr_t w = lockword_get(&mtx->mtx_owner);

	if (OWNER(w) != l)
		mutex_bug(mtx, "mutex_exit: not the owner");
	LOCKDEBUG_UNLOCKED((w & DEBUG_BIT) != 0, mtx, caller, 0);
	if ((w & SPIN) != 0) {
		l->l_spinlocks--;
		__atomic_store_n(&mtx->mtx_owner, w & KIND,
		    __ATOMIC_RELEASE);
		return;
	}
	while ((w & WAITERS) == 0) {
		if (lockword_release(&mtx->mtx_owner, w, w & KIND))
			return;
		w = lockword_get(&mtx->mtx_owner);
	}
	mutex_wake(mtx);
}

void
mutex_exit(kmutex_t *mtx)
{
	struct lwp *l = curlwp;

	if (__predict_false(
	    lockword_get(&mtx->mtx_owner) != ((uintptr_t)l | KNOWN) ||
	    !lockword_release(&mtx->mtx_owner, (uintptr_t)l | KNOWN, KNOWN)))
		mutex_exit_slow(mtx, l, CALLER);
}

void
mutex_spin_exit(kmutex_t *mtx)
{

	mutex_exit_slow(mtx, curlwp, CALLER);
}

int
mutex_owned(const kmutex_t *mtx)
{

	return mtx != NULL &&
	    OWNER(lockword_get(&mtx->mtx_owner)) == curlwp;
}

struct lwp *
mutex_owner(const kmutex_t *mtx)
{

	return OWNER(lockword_get(&mtx->mtx_owner));
}

/* Could the caller take it?  LOCKDEBUG panics if not. */
int
mutex_ownable(const kmutex_t *mtx)
{

	LOCKDEBUG_WANTLOCK(DODEBUG(mtx), mtx, CALLER, -1);
	return 1;
}
