/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Readers/writer locks, rwlock(9).
 *
 * The word: flags in the low bits; above them the writer's lwp, or the number
 * of readers in units of READER.
 *
 *   WAITERS   lwps sleep on the queue of the lock's address
 *   WANTED    one of them is a writer: new readers wait behind it
 *   WRITE     held by a writer
 *   DEBUG     LOCKDEBUG has a record of it
 *   KNOWN     with LOCKDEBUG: it was initialised
 *
 * Locks pass from hand to hand: who lets go of a lock that is waited for makes
 * the next holders its owners, under the sleep queue's lock, and wakes them as
 * such.  A writer passes it to all readers that wait, readers pass it to the
 * first writer.  So neither side can starve the other.
 */
#include <sys/rwlock.h>

#include <sys/lock.h>
#include <sys/lockdebug.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "lockword.h"
#include "sleepq.h"

#define WAITERS		((uintptr_t)1)
#define WANTED		((uintptr_t)2)
#define WRITE		((uintptr_t)4)
#define DEBUG_BIT	((uintptr_t)8)
#define FLAGS		((uintptr_t)31)
#ifdef LOCKDEBUG
#define KNOWN		((uintptr_t)16)
#else
#define KNOWN		((uintptr_t)0)
#endif
#define KIND		(DEBUG_BIT | KNOWN)		/* for life */
#define READER		((uintptr_t)64)
#define HOLDERS(w)	((w) & ~FLAGS)
#define WRITER(l)	((uintptr_t)(l) | WRITE)

#define SPINS		200

#define CALLER		((uintptr_t)__builtin_return_address(0))
#define DODEBUG(rw)	((lockword_get(&(rw)->rw_owner) & DEBUG_BIT) != 0)

#ifdef LOCKDEBUG
static void rw_dump(const volatile void *, lockop_printer_t);
static lockops_t rw_ops = { "rwlock", LOCKOPS_SLEEP, rw_dump };

static void
rw_dump(const volatile void *cookie, lockop_printer_t pr)
{
	const volatile krwlock_t *rw = cookie;
	uintptr_t w = lockword_get(&rw->rw_owner);

	if (w & WRITE)
		pr("writer %p", (void *)HOLDERS(w));
	else
		pr("%lu readers", (u_long)(w / READER));
	pr("%s%s\n", w & WAITERS ? ", waiters" : "",
	    w & WANTED ? ", writer waits" : "");
}
#endif

void
_rw_init(krwlock_t *rw, uintptr_t made_at)
{
	bool debug = LOCKDEBUG_ALLOC(rw, &rw_ops, made_at);

	__atomic_store_n(&rw->rw_owner, (debug ? DEBUG_BIT : 0) | KNOWN,
	    __ATOMIC_RELEASE);
}

void
rw_init(krwlock_t *rw)
{

	_rw_init(rw, CALLER);
}

void
rw_destroy(krwlock_t *rw)
{

	LOCKDEBUG_FREE(DODEBUG(rw), rw);
	KASSERTMSG(DODEBUG(rw) || (lockword_get(&rw->rw_owner) & ~KIND) == 0,
	    "rw_destroy: %p is held", rw);
}

/* What the word becomes if l takes the lock as op, 0 if it may not now. */
static uintptr_t
taken(uintptr_t w, struct lwp *l, krw_t op)
{

	if (op == RW_READER)
		return (w & (WRITE | WANTED)) == 0 ? w + READER : 0;
	return HOLDERS(w) == 0 ? w | WRITER(l) : 0;
}

/* Worth spinning: a writer that runs on another CPU. */
static bool
holder_runs(uintptr_t w)
{
	struct lwp *owner = (struct lwp *)HOLDERS(w);

	return !sched_uni && (w & (WRITE | WAITERS)) == WRITE &&
	    __atomic_load_n(&owner->l_oncpu, __ATOMIC_RELAXED) != 0;
}

/* Sleep until the lock is the caller's; false if it changed before. */
static bool
rw_sleep(krwlock_t *rw, uintptr_t w, struct lwp *l, krw_t op)
{
	struct sleepq *sq = sleepq_lookup(rw);
	bool same;

	parklock_enter(&sq->sq_lock);
	same = lockword_acquire(&rw->rw_owner, w, w | WAITERS |
	    (op == RW_WRITER ? WANTED : 0));
	if (same) {
		l->l_sleepwant = op;
		sleepq_enqueue(&sq->sq_first, l, rw,
		    op == RW_READER ? "rwread" : "rwwrite");
	}
	parklock_exit(&sq->sq_lock);
	if (same)
		(void)sleepq_block(sq, INT64_MAX, false);
	return same;
}

static void __noinline
rw_enter_slow(krwlock_t *rw, struct lwp *l, krw_t op, uintptr_t caller)
{
	uintptr_t w, next;
	int spins = 0;

	w = lockword_get(&rw->rw_owner);
	if ((w & KNOWN) != KNOWN)
		panic("rw_enter: not initialised: lock %p", rw);
	LOCKDEBUG_WANTLOCK((w & DEBUG_BIT) != 0, rw, caller, op == RW_READER);
	for (;;) {
		w = lockword_get(&rw->rw_owner);
		next = taken(w, l, op);
		if (next != 0) {
			if (lockword_acquire(&rw->rw_owner, w, next))
				break;
		} else if ((w & WRITE) != 0 && HOLDERS(w) == (uintptr_t)l) {
			panic("rw_enter: locking against myself: lock %p", rw);
		} else if (spins < SPINS && holder_runs(w)) {
			spins++;
			rump_spin_hint();
		} else if (rw_sleep(rw, w, l, op))
			break;
	}
	LOCKDEBUG_LOCKED((w & DEBUG_BIT) != 0, rw, NULL, caller,
	    op == RW_READER);
}

void
rw_enter(krwlock_t *rw, const krw_t op)
{
	struct lwp *l = curlwp;
	uintptr_t w = 0;

	if (op == RW_READER) {
		w = lockword_get(&rw->rw_owner);
		if (__predict_true((w & FLAGS) == KNOWN &&
		    lockword_acquire(&rw->rw_owner, w, w + READER)))
			return;
	} else if (__predict_true(lockword_acquire(&rw->rw_owner, KNOWN,
	    WRITER(l) | KNOWN)))
		return;
	rw_enter_slow(rw, l, op, CALLER);
}

int
rw_tryenter(krwlock_t *rw, const krw_t op)
{
	struct lwp *l = curlwp;
	uintptr_t w, next;

	do {
		w = lockword_get(&rw->rw_owner);
		next = taken(w, l, op);
		if (next == 0)
			return 0;
	} while (!lockword_acquire(&rw->rw_owner, w, next));
	LOCKDEBUG_WANTLOCK((w & DEBUG_BIT) != 0, rw, CALLER, -1);
	LOCKDEBUG_LOCKED((w & DEBUG_BIT) != 0, rw, NULL, CALLER,
	    op == RW_READER);
	return 1;
}

/*
 * Passing on.
 */

static struct lwp *
first_waiter(struct sleepq *sq, krwlock_t *rw, krw_t op)
{
	struct lwp *l;

	for (l = sleepq_next(&sq->sq_first, NULL, rw); l != NULL;
	    l = sleepq_next(&sq->sq_first, l, rw)) {
		if (l->l_sleepwant == (u_int)op)
			return l;
	}
	return NULL;
}

static u_int
count_waiters(struct sleepq *sq, krwlock_t *rw, krw_t op)
{
	struct lwp *l;
	u_int n = 0;

	for (l = sleepq_next(&sq->sq_first, NULL, rw); l != NULL;
	    l = sleepq_next(&sq->sq_first, l, rw))
		n += l->l_sleepwant == (u_int)op;
	return n;
}

/*
 * Make the waiters of one kind the lock's holders, beside `readers` that hold
 * it already.  The queue is locked, the lock is the caller's to give.
 *
 * The word is changed before the first of them is taken off the queue: from
 * then on that one may run, and look at the lock that it holds.
 */
static void
rw_pass(struct sleepq *sq, krwlock_t *rw, krw_t to, uintptr_t readers)
{
	struct wakelist wl = { .wl_count = 0 };
	u_int nreaders = count_waiters(sq, rw, RW_READER);
	u_int nwriters = count_waiters(sq, rw, RW_WRITER);
	uintptr_t w = lockword_get(&rw->rw_owner) & KIND;
	struct lwp *l = first_waiter(sq, rw, to);

	if (to == RW_READER) {
		w |= (readers + nreaders) * READER;
		nreaders = 0;
	} else if (l != NULL) {
		w |= WRITER(l);
		nwriters--;
	}	/* else it was a kernel thread, and left (halt) */
	if (nreaders + nwriters != 0)
		w |= WAITERS | (nwriters != 0 ? WANTED : 0);
	__atomic_store_n(&rw->rw_owner, w, __ATOMIC_RELEASE);
	for (; l != NULL; l = to == RW_READER ? first_waiter(sq, rw, to) : NULL)
		wakelist_add(&wl, sleepq_dequeue(l));
	parklock_exit(&sq->sq_lock);
	wakelist_run(&wl);
}

static void __noinline
rw_exit_slow(krwlock_t *rw, struct lwp *l, uintptr_t caller)
{
	struct sleepq *sq = sleepq_lookup(rw);
	uintptr_t w, next;
	krw_t to;

	w = lockword_get(&rw->rw_owner);
	KASSERTMSG(HOLDERS(w) != 0, "rw_exit: %p is not held", rw);
	KASSERTMSG((w & WRITE) == 0 || HOLDERS(w) == (uintptr_t)l,
	    "rw_exit: %p has another owner", rw);
	LOCKDEBUG_UNLOCKED((w & DEBUG_BIT) != 0, rw, caller, (w & WRITE) == 0);

	for (;;) {
		w = lockword_get(&rw->rw_owner);
		next = (w & WRITE) != 0 ? w & FLAGS & ~WRITE : w - READER;
		if (HOLDERS(next) != 0 || (w & WAITERS) == 0) {
			if (lockword_release(&rw->rw_owner, w, next))
				return;
			continue;
		}
		/* The last one out: nobody else changes the word now. */
		parklock_enter(&sq->sq_lock);
		w = lockword_get(&rw->rw_owner);
		to = (w & WRITE) == 0 || first_waiter(sq, rw, RW_READER) == NULL
		    ? RW_WRITER : RW_READER;
		if (to == RW_WRITER && first_waiter(sq, rw, to) == NULL)
			to = RW_READER;
		if ((w & WRITE) != 0 || w - READER < READER) {
			rw_pass(sq, rw, to, 0);
			return;
		}
		/* A reader came in between. */
		parklock_exit(&sq->sq_lock);
	}
}

void
rw_exit(krwlock_t *rw)
{
	struct lwp *l = curlwp;
	uintptr_t w = lockword_get(&rw->rw_owner);

	KASSERTMSG(HOLDERS(w) != 0, "rw_exit: %p is not held", rw);
	if (w == (WRITER(l) | KNOWN)) {
		if (__predict_true(lockword_release(&rw->rw_owner, w, KNOWN)))
			return;
	} else if (__predict_true((w & FLAGS) == KNOWN &&
	    lockword_release(&rw->rw_owner, w, w - READER)))
		return;
	rw_exit_slow(rw, l, CALLER);
}

int
rw_tryupgrade(krwlock_t *rw)
{
	struct lwp *l = curlwp;
	uintptr_t w;

	for (;;) {
		w = lockword_get(&rw->rw_owner);
		KASSERT((w & WRITE) == 0 && HOLDERS(w) != 0);
		if (HOLDERS(w) != READER)
			return 0;
		if (lockword_acquire(&rw->rw_owner, w,
		    (w & FLAGS) | WRITER(l)))
			break;
	}
	LOCKDEBUG_UNLOCKED((w & DEBUG_BIT) != 0, rw, CALLER, 1);
	LOCKDEBUG_WANTLOCK((w & DEBUG_BIT) != 0, rw, CALLER, -1);
	LOCKDEBUG_LOCKED((w & DEBUG_BIT) != 0, rw, NULL, CALLER, 0);
	return 1;
}

/* The writer becomes a reader, and readers that wait come in with it. */
void
rw_downgrade(krwlock_t *rw)
{
	struct sleepq *sq = sleepq_lookup(rw);
	uintptr_t w = lockword_get(&rw->rw_owner);

	KASSERT((w & WRITE) != 0 && HOLDERS(w) == (uintptr_t)curlwp);
	LOCKDEBUG_UNLOCKED((w & DEBUG_BIT) != 0, rw, CALLER, 0);
	LOCKDEBUG_WANTLOCK((w & DEBUG_BIT) != 0, rw, CALLER, -1);
	LOCKDEBUG_LOCKED((w & DEBUG_BIT) != 0, rw, NULL, CALLER, 1);
	while ((w & WAITERS) == 0) {
		if (lockword_release(&rw->rw_owner, w, (w & KIND) | READER))
			return;
		w = lockword_get(&rw->rw_owner);
	}
	parklock_enter(&sq->sq_lock);
	rw_pass(sq, rw, RW_READER, 1);
}

int
rw_read_held(krwlock_t *rw)
{
	uintptr_t w;

	if (rw == NULL)
		return 0;
	w = lockword_get(&rw->rw_owner);
	return (w & WRITE) == 0 && HOLDERS(w) != 0;
}

int
rw_write_held(krwlock_t *rw)
{

	return rw != NULL && (lockword_get(&rw->rw_owner) &
	    ~(WAITERS | WANTED | KIND)) == WRITER(curlwp);
}

int
rw_lock_held(krwlock_t *rw)
{

	return rw != NULL && HOLDERS(lockword_get(&rw->rw_owner)) != 0;
}

/* How the caller holds it. */
krw_t
rw_lock_op(krwlock_t *rw)
{

	return (lockword_get(&rw->rw_owner) & WRITE) != 0 ?
	    RW_WRITER : RW_READER;
}
