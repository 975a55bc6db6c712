/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual CPUs: taking them, giving them back, waiting for them.
 *
 *   sched_enter, sched_leave   (sched.h) what every entry and exit does
 *   sched_enter_slow           take a free CPU, take away one that is biased
 *                              to an absent lwp, or wait
 *   sched_leave_slow           free the CPU; if someone waits, wake or hand on
 *   sched_yield, _move         give it up on purpose; continue on another
 *
 * Waiters stand in one queue for all CPUs, so that none is idle while an lwp
 * waits; a bound lwp takes only its own.  A waiter is first only woken, and who
 * comes along meanwhile may have the CPU before it; after PASSED_MAX such
 * defeats the next CPU that becomes free is handed to it.
 *
 * The protocol of ci_owner and l_oncpu, and why it is right, is in
 * doc/scheduling.md.  Everything here that is not atomic is under `lock`.
 */
#include "sched.h"

#include <sys/lock.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "parklock.h"
#include "softint.h"

#define PASSED_MAX	2
#define STREAK_MIN	8	/* entries in a row before a CPU is biased */
#define STREAK_MAX	4096
#define CALM_NS		100000000	/* no revocation for so long: forget */
#define RECHECK_NS	1000000	/* for a store to become visible, amply */

/* l_runstate */
enum { RUN_NONE, RUN_QUEUED, RUN_WOKEN, RUN_GRANTED };

bool sched_asymmetric __read_mostly;
bool sched_uni __read_mostly;
volatile u_int sched_nwaiting;

static struct parklock lock;
static struct lwp *queue_first, *queue_last;
static int64_t revoked_at;

static uintptr_t
owner_get(const struct cpu_info *ci)
{

	return __atomic_load_n(&ci->ci_owner, __ATOMIC_ACQUIRE);
}

static void
owner_set(struct cpu_info *ci, uintptr_t o)
{

	__atomic_store_n(&ci->ci_owner, o, __ATOMIC_RELEASE);
}

static bool
oncpu(const struct lwp *l)
{

	return __atomic_load_n(&l->l_oncpu, __ATOMIC_ACQUIRE) == ONCPU_IN;
}

static void
oncpu_set(struct lwp *l, u_int on)
{

	__atomic_store_n(&l->l_oncpu, on, __ATOMIC_RELEASE);
}

void
sched_barrier(void)
{

	if (!sched_asymmetric || rumpuser2_membarrier() != 0)
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/*
 * The queue.
 */

static void
queue_insert(struct lwp *l)
{

	l->l_runnext = NULL;
	l->l_runprev = queue_last;
	if (queue_last != NULL)
		queue_last->l_runnext = l;
	else
		queue_first = l;
	queue_last = l;
	__atomic_store_n(&l->l_runstate, RUN_QUEUED, __ATOMIC_RELAXED);
	__atomic_store_n(&sched_nwaiting, sched_nwaiting + 1, __ATOMIC_RELAXED);
}

static void
queue_remove(struct lwp *l)
{

	if (l->l_runnext != NULL)
		l->l_runnext->l_runprev = l->l_runprev;
	else
		queue_last = l->l_runprev;
	if (l->l_runprev != NULL)
		l->l_runprev->l_runnext = l->l_runnext;
	else
		queue_first = l->l_runnext;
	__atomic_store_n(&sched_nwaiting, sched_nwaiting - 1, __ATOMIC_RELAXED);
}

static bool
may_use(const struct lwp *l, const struct cpu_info *ci)
{

	return !l->l_runbound || l->l_cpu == ci;
}

/* Hand ci to a waiter.  Nobody else may have it now. */
static void *
grant(struct cpu_info *ci, struct lwp *w)
{
	void *thread = w->l_thread;

	queue_remove(w);
	w->l_cpu = ci;
	oncpu_set(w, ONCPU_IN);
	owner_set(ci, (uintptr_t)w);
	__atomic_store_n(&w->l_runstate, RUN_GRANTED, __ATOMIC_RELEASE);
	return thread;
}

static u_int
count_free(void)
{
	u_int i, n = 0;

	for (i = 0; i < (u_int)ncpu; i++)
		n += owner_get(cpu_infos[i]) == 0;
	return n;
}

/* The first waiter that is bound to ci and that nobody has woken yet. */
static struct lwp *
bound_sleeper(const struct cpu_info *ci)
{
	struct lwp *w;

	for (w = queue_first; w != NULL; w = w->l_runnext) {
		if (w->l_runbound && w->l_cpu == ci &&
		    w->l_runstate == RUN_QUEUED)
			break;
	}
	return w;
}

/*
 * Give ci, which the caller may dispose of, to a waiter, or wake one so that
 * it comes for it; with neither, the owner word becomes idle.  There are never
 * more waiters on their way than there are free CPUs; but who is bound to ci
 * is woken in any case, and before others, since those may all take other
 * CPUs.
 *
 * at_once   hand it over even to one who was not passed over yet.
 *
 * Returns the thread to unpark, or NULL.
 */
static void *
offer(struct cpu_info *ci, uintptr_t idle, bool at_once)
{
	struct lwp *w, *wake = bound_sleeper(ci);
	u_int coming = 0;

	for (w = queue_first; w != NULL; w = w->l_runnext) {
		if (!may_use(w, ci))
			continue;
		if (at_once || w->l_passed >= PASSED_MAX)
			return grant(ci, w);
		idle = 0;
		if (w->l_runstate == RUN_WOKEN) {
			coming++;
		} else if (wake == NULL &&
		    coming < count_free() + (owner_get(ci) != 0)) {
			wake = w;
			break;
		}
	}
	if (wake != NULL)
		__atomic_store_n(&wake->l_runstate, RUN_WOKEN, __ATOMIC_RELAXED);
	owner_set(ci, idle);
	return wake != NULL ? wake->l_thread : NULL;
}

static void
unlock_and_wake(void *thread)
{

	parklock_exit(&lock);
	if (thread != NULL)
		rumpuser2_unpark(thread);
}

/*
 * Taking.
 */

static bool
claim(struct cpu_info *ci, struct lwp *l)
{
	uintptr_t free = 0;

	return __atomic_load_n(&ci->ci_owner, __ATOMIC_RELAXED) == 0 &&
	    __atomic_compare_exchange_n(&ci->ci_owner, &free, (uintptr_t)l,
	    false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/*
 * l holds ci, unbiased.  Bias it if nobody else was here for a while: then
 * the order of the stores matters, since who sees BIASED looks at l_oncpu.
 */
static void
arrived(struct cpu_info *ci, struct lwp *l)
{

	l->l_cpu = ci;
	l->l_passed = 0;
	oncpu_set(l, ONCPU_IN);
	if (ci->ci_last != l) {
		ci->ci_last = l;
		ci->ci_streak = 0;
	} else if (++ci->ci_streak >= ci->ci_streak_min &&
	    __atomic_load_n(&sched_nwaiting, __ATOMIC_RELAXED) == 0) {
		owner_set(ci, (uintptr_t)l | OWNER_BIASED);
	}
}

static struct cpu_info *
claim_any(struct lwp *l, bool bound)
{
	struct cpu_info *ci = l->l_cpu;
	u_int i;

	if (claim(ci, l))
		return ci;
	if (bound)
		return NULL;
	for (i = 0; i < (u_int)ncpu; i++) {
		ci = cpu_infos[i];
		if (claim(ci, l))
			return ci;
	}
	return NULL;
}

/* Each revocation makes the next bias of this CPU harder to earn. */
static void
backoff(struct cpu_info *ci)
{
	int64_t now = rumpuser2_clock();

	if (now - revoked_at > CALM_NS)
		ci->ci_streak_min = STREAK_MIN;
	else if (ci->ci_streak_min < STREAK_MAX)
		ci->ci_streak_min *= 2;
	revoked_at = now;
}

/* Take ci away from an lwp that it is biased to and that is not in. */
static bool
revoke(struct cpu_info *ci, struct lwp *l)
{
	uintptr_t o = owner_get(ci);

	if ((o & OWNER_FLAGS) == 0 || oncpu(OWNER_LWP(o)))
		return false;
	owner_set(ci, (uintptr_t)OWNER_LWP(o) | OWNER_REVOKED);
	sched_barrier();
	if (oncpu(OWNER_LWP(o)))
		return false;	/* it will see REVOKED and come here */
	backoff(ci);
	owner_set(ci, (uintptr_t)l);
	return true;
}

/*
 * Find a CPU for l, which is in the queue, as all threads have seen.  Returns NULL only if each CPU
 * that it could use is held by an lwp that will see, when it leaves, that
 * someone waits.
 */
static struct cpu_info *
scan(struct lwp *l)
{
	struct cpu_info *ci = l->l_cpu;
	u_int i;

	if (claim(ci, l) || revoke(ci, l))
		return ci;
	if (l->l_runbound)
		return NULL;
	for (i = 0; i < (u_int)ncpu; i++) {
		if (claim(cpu_infos[i], l))
			return cpu_infos[i];
	}
	for (i = 0; i < (u_int)ncpu; i++) {
		if (revoke(cpu_infos[i], l))
			return cpu_infos[i];
	}
	return NULL;
}

/*
 * Park until woken.  Without a membarrier on the host, a CPU's holder may have
 * looked for waiters before it could see this one, while its store that frees
 * the CPU was still on the way: so look again, once, when that has arrived.
 */
static void
park_for_cpu(struct lwp *l, bool first)
{
	int64_t deadline = INT64_MAX;

	if (first && !sched_asymmetric)
		deadline = rumpuser2_clock() + RECHECK_NS;
	while (__atomic_load_n(&l->l_runstate, __ATOMIC_RELAXED) == RUN_QUEUED) {
		if (rumpuser2_park(deadline) != 0)
			break;
	}
}

static void
wait_for_cpu(struct lwp *l, bool bound)
{
	struct cpu_info *ci;
	bool first = true;

	l->l_runbound = bound;
	queue_insert(l);
	sched_barrier();
	while ((ci = scan(l)) == NULL) {
		if (l->l_runstate == RUN_WOKEN) {
			l->l_passed++;
			__atomic_store_n(&l->l_runstate, RUN_QUEUED,
			    __ATOMIC_RELAXED);
		}
		parklock_exit(&lock);
		park_for_cpu(l, first);
		first = false;
		parklock_enter(&lock);
		if (l->l_runstate == RUN_GRANTED) {
			__atomic_store_n(&l->l_runstate, RUN_NONE, __ATOMIC_RELAXED);
			parklock_exit(&lock);
			arrived(l->l_cpu, l);
			return;
		}
	}
	queue_remove(l);
	__atomic_store_n(&l->l_runstate, RUN_NONE, __ATOMIC_RELAXED);
	parklock_exit(&lock);
	arrived(ci, l);
}

void
sched_enter_slow(struct lwp *l, bool bound)
{
	struct cpu_info *ci = l->l_cpu;

	/* sched_enter_biased said that we are in; we are not yet. */
	oncpu_set(l, 0);
	if (OWNER_LWP(owner_get(ci)) != l) {
		if ((ci = claim_any(l, bound)) != NULL) {
			arrived(ci, l);
			return;
		}
		parklock_enter(&lock);
		wait_for_cpu(l, bound);
		return;
	}

	/* It was being revoked: unless that has happened, keep it. */
	parklock_enter(&lock);
	if (OWNER_LWP(owner_get(ci)) == l) {
		owner_set(ci, (uintptr_t)l);
		parklock_exit(&lock);
		arrived(ci, l);
	} else
		wait_for_cpu(l, bound);
}

/*
 * Giving back.
 */

void
sched_leave_slow(struct lwp *l, struct cpu_info *ci)
{
	uintptr_t o = owner_get(ci);
	void *thread = NULL;

	if (o == (uintptr_t)l) {
		owner_set(ci, 0);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		if (__atomic_load_n(&sched_nwaiting, __ATOMIC_RELAXED) == 0)
			return;
	}
	parklock_enter(&lock);
	o = owner_get(ci);
	if (o == 0) {
		/* Another may claim it at any moment: so claim it first. */
		if (claim(ci, l))
			thread = offer(ci, 0, false);
	} else if (OWNER_LWP(o) == l) {
		thread = offer(ci, (o & OWNER_BIASED) != 0 ? o : 0, false);
	}
	unlock_and_wake(thread);
}

/* Take from l what it holds, or what is kept for it, and offer it. */
static void *
dispossess(struct lwp *l, bool at_once)
{
	struct cpu_info *ci = l->l_cpu;

	oncpu_set(l, 0);
	if (OWNER_LWP(owner_get(ci)) != l)
		return NULL;
	return offer(ci, 0, at_once);
}

void
sched_detach(struct lwp *l)
{

	parklock_enter(&lock);
	unlock_and_wake(dispossess(l, false));
}

void
sched_transfer(struct lwp *from, struct lwp *to)
{
	struct cpu_info *ci = from->l_cpu;
	void *thread;

	KASSERT(OWNER_LWP(owner_get(ci)) == from);
	parklock_enter(&lock);
	thread = dispossess(to, false);
	oncpu_set(from, 0);
	to->l_cpu = ci;
	oncpu_set(to, ONCPU_IN);
	owner_set(ci, (uintptr_t)to);
	unlock_and_wake(thread);
}

void
sched_move(struct cpu_info *ci)
{
	struct lwp *l = curlwp;
	void *thread;

	KASSERT(l->l_holder == NULL);
	if (l->l_cpu == ci)
		return;
	softint_kick(l->l_cpu);
	sched_away(l);
	parklock_enter(&lock);
	thread = dispossess(l, false);
	l->l_cpu = ci;
	unlock_and_wake(thread);
	sched_enter_slow(l, true);
	sched_back(l);
}

void
sched_yield(void)
{
	struct lwp *l = sched_holder(curlwp);
	bool bound = curlwp != l || (l->l_pflag & (int)LP_BOUND) != 0;

	softint_kick(l->l_cpu);
	sched_away(l);
	if (__atomic_load_n(&sched_nwaiting, __ATOMIC_RELAXED) == 0) {
		/* Where threads are cooperative, one may wait to be run. */
		sched_leave(l);
		(void)rumpuser2_park(0);
		if (!sched_enter_biased(l))
			sched_enter_slow(l, bound);
	} else {
		parklock_enter(&lock);
		unlock_and_wake(dispossess(l, true));
		sched_enter_slow(l, bound);
	}
	sched_back(l);
}

void
sched_unbias_all(void)
{
	uintptr_t o;
	u_int i;

	parklock_enter(&lock);
	for (i = 0; i < (u_int)ncpu; i++) {
		o = owner_get(cpu_infos[i]);
		if ((o & OWNER_BIASED) != 0)
			owner_set(cpu_infos[i],
			    (uintptr_t)OWNER_LWP(o) | OWNER_REVOKED);
	}
	sched_barrier();
	for (i = 0; i < (u_int)ncpu; i++) {
		o = owner_get(cpu_infos[i]);
		if ((o & OWNER_REVOKED) != 0 && !oncpu(OWNER_LWP(o)))
			owner_set(cpu_infos[i], 0);
	}
	parklock_exit(&lock);
}

/*
 * Start and end.
 */

void
sched_init(void)
{
	struct cpu_info *ci = cpu_infos[0];
	u_int i;

	sched_asymmetric = rumpuser2_membarrier() == 0;
	sched_uni = ncpu == 1;
	for (i = 0; i < (u_int)ncpu; i++)
		cpu_infos[i]->ci_streak_min = STREAK_MIN;
	owner_set(ci, (uintptr_t)&lwp0);
	lwp0.l_thread = rumpuser2_self();
	lwp0.l_cpu = ci;
	oncpu_set(&lwp0, ONCPU_IN);
}
