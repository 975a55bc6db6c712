/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's doors.
 *
 *   rump_schedule, rump_unschedule   a host thread enters and leaves
 *   rump_user_unschedule, _schedule  a thread of the kernel waits in the host
 *   component_schedule, _unschedule  both, for components' halves in the host
 *   entry_upcalls                    the same, as the hypercall library sees it
 *
 * A thread that has an lwp of its own (lwproc.c) enters as that.  Any other
 * gets an implicit one, of process 1, at its first visit.  It is kept in the
 * thread's record and set as curlwp only inside, so that programs never see
 * it; the host's thread-exit hook gives it back.  On a host without that hook
 * it is for one visit.
 *
 * A thread may remember an lwp of a kernel that was halted.  Such an lwp is on
 * no CPU that could be biased to it, so its next entry is a slow one, and
 * there its l_bootgen gives it away.
 *
 * Slow entries go through the gate (gate.c).  A thread whose lwp is known to
 * this kernel marks that as a sleeper inside instead of being counted: it need
 * not touch what all threads share, and a halt looks there as well.
 *
 * A component's half in the host says "unschedule" when it is called from the
 * kernel and about to wait, and also when its thread, which came from outside,
 * is done; and nothing tells which.  So a thread that came from outside and
 * does not hold the kernel lock is outside, for a halt, after any of them; and
 * if it turns out, by what it brings to the next "schedule", that it waited
 * for a kernel that was halted meanwhile, the program ends.
 */
#include "entry.h"

#include <sys/atomic.h>
#include <sys/cpu.h>
#include <sys/lockdebug.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-private/sched.h>
#include <rump-sys/kern.h>
#include <rump/rumpuser.h>

#include "biglock.h"
#include "cputime.h"
#include "gate.h"
#include "kthread.h"
#include "lwp.h"
#include "sched.h"
#include "softint.h"

static bool
lwp_stale(const struct lwp *l)
{

	return l->l_bootgen != atomic_load_relaxed(&sched_bootgen);
}

/* With the visitor in l_implicit: for one visit, nobody tells when it ends. */
#define IMPLICIT_VISIT	VISITOR_FLAG

/* The thread's implicit lwp, perhaps a new one.  Needs no CPU. */
static struct lwp *
implicit_lwp(struct rumpuser2_thread *rt, enum visitor v, bool *isnew)
{
	struct lwp *l = rt->rt_cache;

	*isnew = l == NULL || lwp_stale(l);
	if (!*isnew)
		return l;
	if (l == NULL && (l = lwp_get_entering()) == NULL) {
		rumpuser_dprintf("rump kernel: no memory for a thread\n");
		rumpuser_exit(RUMPUSER_PANIC);
	}
	lwp_setup(l, initproc != NULL ? initproc : &proc0);
	l->l_component = v == VISITOR_COMPONENT;
	l->l_implicit = v == VISITOR_HOST ? v : VISITOR_PROGRAM;
	if ((rumpuser2_features() & RUMPUSER2_THREADEXIT) == 0)
		l->l_implicit |= IMPLICIT_VISIT;
	l->l_thread = rumpuser2_self();
	rt->rt_cache = l;
	return l;
}

/* Enter with a new lwp, a stale one, or after having waited at the gate. */
static void
enter(struct lwp *l, enum visitor v)
{
	struct rumpuser2_thread *rt = rump_thread_self();
	bool isnew = false;

	if (l != NULL && l == rt->rt_curlwp && lwp_stale(l)) {
		rt->rt_curlwp = NULL;
		lwp_put(l);
		l = NULL;
	}
	if (l == NULL || l == rt->rt_cache)
		l = implicit_lwp(rt, v, &isnew);
	sched_enter(l);
	rump_thread_self()->rt_curlwp = l;
	if (isnew) {
		cputime_start(l);
		lwp_join(l, l->l_proc);
	}
}

/*
 * Is l of this kernel, and may it enter?  Then it counts as inside until
 * sched_back.  The mark comes first: with it no halt gets further, if l is of
 * the kernel that is UP.
 */
static bool
known_enters(struct lwp *l, enum visitor v)
{

	sched_mark_away(l);
	sched_owner_fence();
	if (gate_admits(v) && !lwp_stale(l))
		return true;
	sched_mark_back(l);
	return false;
}

/* The CPU is taken, or l is NULL, or of a kernel that is gone or going. */
static void __noinline
schedule_slow(struct lwp *l, enum visitor v)
{

	/* sched_enter_biased said that we are in. */
	if (l != NULL)
		atomic_store_release(&l->l_oncpu, 0);
	if (l != NULL && known_enters(l, v)) {
		if (l->l_implicit != v && l->l_implicit != VISITOR_NONE &&
		    v != VISITOR_COMPONENT)
			atomic_store_relaxed(&l->l_implicit,
			    (l->l_implicit & IMPLICIT_VISIT) | v);
		sched_enter(l);
		rump_thread_self()->rt_curlwp = l;
		sched_mark_back(l);
		return;
	}
	gate_pass(v);
	enter(l, v);
	gate_passed(v);
}

static __inline void
schedule(enum visitor v)
{
	struct rumpuser2_thread *rt = rump_thread_self();
	struct lwp *l = rt->rt_curlwp;

	if (l != NULL) {
		if (__predict_false(!sched_enter_biased(l)))
			schedule_slow(l, v);
		return;
	}
	l = rt->rt_cache;
	if (__predict_true(l != NULL && sched_enter_biased(l)))
		rt->rt_curlwp = l;
	else
		schedule_slow(l, v);
}

void
rump_schedule(void)
{

	schedule(VISITOR_PROGRAM);
}

/* A thread of the hypercall library. */
static void
host_schedule(void)
{

	schedule(VISITOR_HOST);
}

/* Who halts the kernel has closed the gate. */
void
entry_halter(void)
{
	struct rumpuser2_thread *rt = rump_thread_self();
	struct lwp *l = rt->rt_curlwp;

	enter(l != NULL ? l : rt->rt_cache, VISITOR_PROGRAM);
}

bool
entry_inside(void)
{
	struct lwp *l = rump_thread_self()->rt_curlwp;

	return l != NULL && atomic_load_relaxed(&l->l_oncpu) != 0;
}

/* Take l, which is current and on a CPU, out of the world; it is put back. */
static void
implicit_end(struct lwp *l)
{
	struct rumpuser2_thread *rt;

	(void)lwp_part(l);
	softint_kick(l->l_cpu);
	rt = rump_thread_self();
	rt->rt_cache = NULL;
	rt->rt_curlwp = NULL;
	sched_detach(l);
	lwp_put(l);
}

static void
visit_end(struct lwp *l)
{
	enum visitor v = lwp_visitor(l);

	gate_move(v);
	implicit_end(l);
	gate_passed(v);
	rumpuser2_self_put();
}

void
rump_unschedule(void)
{
	struct rumpuser2_thread *rt = rump_thread_self();
	struct lwp *l = rt->rt_curlwp;

	KASSERTMSG(l->l_biglocks == 0, "the kernel is left with its lock held");
	KASSERTMSG(l->l_nopreempt == 0, "left with preemption off");
	LOCKDEBUG_BARRIER(NULL, 0);
	if (__predict_false(l->l_cpu->ci_softpending != 0)) {
		softint_exit(l);
		rt = rump_thread_self();
	}
	if (__predict_false((l->l_implicit & IMPLICIT_VISIT) != 0) &&
	    !kern_halting) {
		visit_end(l);
		return;
	}
	sched_leave(l);
	if (l->l_implicit)
		rt->rt_curlwp = NULL;
}

/*
 * A hypercall is about to wait in the host.
 *
 * keeplocks   the kernel lock stays held; else it is given up, *nlocks holds.
 */
void
rump_user_unschedule(int keeplocks, int *nlocks, void *interlock)
{
	struct lwp *l = curlwp, *holder = sched_holder(l);

	*nlocks = 0;
	if (!keeplocks)
		rump_kernel_bigwrap(nlocks);
	softint_kick(l->l_cpu);
	sched_away(holder);
	l->l_stat = LSSLEEP;
	sched_leave(holder);
}

/* And is back. */
void
rump_user_schedule(int nlocks, void *interlock)
{
	struct lwp *l = curlwp, *holder = sched_holder(l);

	if (kthread_must_leave(l))
		kthread_leave(l);
	if (holder != l) {
		if (!sched_enter_biased(holder))
			sched_enter_slow(holder, true);
	} else
		sched_enter(l);
	l->l_stat = LSONPROC;
	sched_back(holder);
	rump_kernel_bigunwrap(nlocks);
}

/*
 * Components' halves in the host.
 */

/*
 * What they get to bring back: odd, the boot that they left the kernel of; even,
 * how often the kernel lock was held, from 2 on.
 */
#define COOKIE_LEFT(gen)	((uintptr_t)(gen) << 1 | 1)
#define COOKIE_LOCKS(n)		(((uintptr_t)(n) + 1) << 1)

static void *
component_unschedule(void)
{
	struct lwp *l = curlwp;
	void *left = (void *)COOKIE_LEFT(l->l_bootgen);
	int nlocks;

	if (!l->l_component || l->l_biglocks != 0) {
		rump_user_unschedule(0, &nlocks, NULL);
		return (void *)COOKIE_LOCKS(nlocks);
	}
	softint_kick(l->l_cpu);
	if ((l->l_implicit & IMPLICIT_VISIT) != 0) {
		visit_end(l);
		return left;
	}
	sched_leave(l);
	if (l->l_implicit)
		rump_thread_self()->rt_curlwp = NULL;
	atomic_store_relaxed(&l->l_component, false);
	return left;
}

/* A thread comes in from outside, with an lwp that it has or without. */
static void
component_enter(void)
{
	struct rumpuser2_thread *rt = rump_thread_self();
	struct lwp *l = rt->rt_curlwp != NULL ? rt->rt_curlwp : rt->rt_cache;

	KASSERTMSG(!entry_inside(), "a component's thread enters twice");
	if (l != NULL)
		atomic_store_relaxed(&l->l_component, true);
	schedule(VISITOR_COMPONENT);
}

/* cookie   NULL: it never was inside. */
static void
component_schedule(void *cookie)
{
	uintptr_t c = (uintptr_t)cookie;

	if (c != 0 && (c & 1) == 0) {
		rump_user_schedule((int)(c >> 1) - 1, NULL);
		return;
	}
	component_enter();
	if (c != 0 && c != COOKIE_LEFT(curlwp->l_bootgen)) {
		rumpuser_dprintf("rump kernel: halted while a component's "
		    "thread waited in the host\n");
		rumpuser_exit(RUMPUSER_PANIC);
	}
}

void
rump_schedule_cpu(struct lwp *l)
{

	sched_enter(l);
}

void
rump_unschedule_cpu(struct lwp *l)
{

	softint_kick(l->l_cpu);
	sched_leave(l);
}

void
rump_cpu_migrate(struct cpu_info *ci)
{
	int nlocks;

	rump_kernel_bigwrap(&nlocks);
	sched_move(ci);
	rump_kernel_bigunwrap(nlocks);
}

/*
 * Implicit lwps, from inside.
 */

/* Inside, the calling thread goes on as to, for the same visitor. */
static void
continue_as(struct lwp *to, bool isnew)
{
	struct lwp *from = curlwp;
	enum visitor v = lwp_visitor(from);

	gate_move(v);
	atomic_store_relaxed(&to->l_component, from->l_component);
	sched_transfer(from, to);
	cputime_stop(from);
	cputime_start(to);
	rump_thread_self()->rt_curlwp = to;
	atomic_store_relaxed(&from->l_component, false);
	if (isnew)
		lwp_join(to, to->l_proc);
	gate_passed(v);
}

void
entry_switch(struct lwp *to)
{

	if (!curlwp->l_implicit)
		curlwp->l_thread = NULL;
	to->l_thread = rumpuser2_self();
	continue_as(to, false);
}

void
entry_switch_implicit(void)
{
	bool isnew;
	struct lwp *l = implicit_lwp(rump_thread_self(), VISITOR_PROGRAM, &isnew);

	curlwp->l_thread = NULL;
	continue_as(l, isnew);
}

/* The thread's own lwp, if it ends with one, is current nowhere any more. */
static void
forsake_own(struct lwp *l)
{

	if (l == NULL)
		return;
	if (lwp_stale(l)) {
		lwp_put(l);
	} else {
		cputime_stop(l);
		l->l_thread = NULL;
	}
}

/*
 * A thread ends, and l was its implicit lwp.  Once threads leave to halt the
 * kernel, they keep locks; then l goes with everything else.  All the while the
 * thread counts as coming: until the last, what it does is done inside.
 */
static void
thread_exit(void *cache)
{
	struct rumpuser2_thread *rt = rump_thread_self();
	struct lwp *l = cache, *own = rt->rt_curlwp;

	rt->rt_curlwp = NULL;
	if (!gate_pass_ending()) {
		lwp_abandon(l);
		if (own != NULL)
			lwp_abandon(own);
		return;
	}
	forsake_own(own);
	if (lwp_stale(l))
		lwp_put(l);
	else {
		atomic_store_relaxed(&l->l_implicit, VISITOR_HOST);
		sched_enter(l);
		rump_thread_self()->rt_curlwp = l;
		implicit_end(l);
	}
	gate_passed(VISITOR_HOST);
}

/*
 * Upcalls.  Those of a system call server do something if there is one.  The
 * library calls those about lwps between hyp_schedule and hyp_unschedule.
 */

static int
up_rfork(void *cookie, int flags, const char *comm)
{

	return rump_sysproxy_ops.rspo_hyp_rfork == NULL ? ENXIO :
	    rump_sysproxy_ops.rspo_hyp_rfork(cookie, flags, comm);
}

static int
up_syscall(int num, void *args, long *retval)
{

	return rump_sysproxy_ops.rspo_hyp_syscall == NULL ? ENXIO :
	    rump_sysproxy_ops.rspo_hyp_syscall(num, args, retval);
}

static void
up_lwpexit(void)
{

	if (rump_sysproxy_ops.rspo_hyp_lwpexit != NULL)
		rump_sysproxy_ops.rspo_hyp_lwpexit();
}

static void
up_execnotify(const char *comm)
{

	if (rump_sysproxy_ops.rspo_hyp_execnotify != NULL)
		rump_sysproxy_ops.rspo_hyp_execnotify(comm);
}

static int32_t
up_getpid(void)
{

	return rump_sysproxy_ops.rspo_hyp_getpid == NULL ? -1 :
	    rump_sysproxy_ops.rspo_hyp_getpid();
}

struct rump_sysproxy_ops rump_sysproxy_ops;

const struct rumpuser_hyperup entry_upcalls = {
	.hyp_schedule = host_schedule,
	.hyp_unschedule = rump_unschedule,
	.hyp_backend_unschedule = rump_user_unschedule,
	.hyp_backend_schedule = rump_user_schedule,
	.hyp_lwproc_switch = rump_lwproc_switch,
	.hyp_lwproc_release = rump_lwproc_releaselwp,
	.hyp_lwproc_rfork = up_rfork,
	.hyp_lwproc_newlwp = rump_lwproc_newlwp,
	.hyp_lwproc_curlwp = rump_lwproc_curlwp,
	.hyp_syscall = up_syscall,
	.hyp_lwpexit = up_lwpexit,
	.hyp_execnotify = up_execnotify,
	.hyp_getpid = up_getpid,
};

const struct rumpuser2_hyperup entry_upcalls2 = {
	.hup_threadexit = thread_exit,
	.hup_unschedule = component_unschedule,
	.hup_schedule = component_schedule,
};
