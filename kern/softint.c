/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Soft interrupts, softint(9).
 *
 * Each CPU has, for each level, a queue of handlers that were scheduled there
 * and an lwp in whose name they run.  All of that belongs to who holds the
 * CPU; the bit of the level in ci_softpending says that the queue has work.
 *
 * Handlers run on the thread that leaves the kernel (softint_exit), as the
 * level's lwp, with that thread's lwp as the CPU's holder.  A handler that
 * blocks gives the CPU up and comes back to the same one; until then the level
 * is active and nobody else runs it there.
 *
 * Where the CPU is given up otherwise (a thread goes to sleep), or after
 * ROUNDS_MAX rounds, the CPU's servers take over: kernel threads, as many as
 * levels have handlers, of which each serves all levels.  Mostly one is ever
 * started.  One that serves may be blocked by a handler, for as long as another
 * level does not run; so it is not relied on, and if all that were started
 * serve, another is.  There is one for each level that blocks, so if a level
 * pends that nobody is at, a server is left for it.
 *
 * `lock` covers what crosses CPUs, and the states of servers.  A server rests
 * only if under the lock it has seen that there is nothing to do.
 */
#include "softint.h"

#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/intr.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/lockdebug.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-private/sched.h>
#include <rump-sys/kern.h>
#include <rump/rumpuser.h>

#include "kthread.h"
#include "lwp.h"
#include "sched.h"
#include "sleepq.h"

#define ROUNDS_MAX	8

struct handler;

/* A handler's place on one CPU. */
struct handler_cpu {
	struct handler_cpu *hc_next;
	struct handler	*hc_handler;
	bool		hc_pending;
	bool		hc_running;
	bool		hc_remote;	/* lock: on the CPU's s_remote */
	struct handler_cpu *hc_rnext;	/* lock */
};

struct handler {
	void		(*h_func)(void *);
	void		*h_arg;
	u_int		h_level;
	u_int		h_flags;
	volatile bool	h_dying;	/* atomic */
	struct handler_cpu h_cpu[];
};

struct softint_run {
	struct lwp	*r_lwp;
	bool		r_served;	/* a server was prepared for it */
	bool		r_active;
	struct handler_cpu *r_first, **r_last;
};

enum server_state {
	PREPARED,		/* not started yet */
	LOOKING,		/* it will see what there is to do */
	SERVING,		/* perhaps blocked by a handler */
	RESTING
};

struct server {
	struct lwp	*v_lwp;
	struct cpu_info	*v_cpu;
	enum server_state v_state;	/* lock */
};

struct softint_cpu {
	struct softint_run s_level[SOFTINT_COUNT];
	struct server	s_server[SOFTINT_COUNT];
	u_int		s_nservers;	/* lock */
	struct handler_cpu *s_remote;	/* lock: scheduled by other CPUs */
};

/* Most urgent first. */
static const u_int order[SOFTINT_COUNT] = {
	SOFTINT_SERIAL, SOFTINT_NET, SOFTINT_BIO, SOFTINT_CLOCK
};
static const char *const names[SOFTINT_COUNT] = {
	[SOFTINT_BIO] = "softbio", [SOFTINT_CLOCK] = "softclk",
	[SOFTINT_SERIAL] = "softser", [SOFTINT_NET] = "softnet",
};

static kmutex_t lock, establish_lock;
static kcondvar_t idle;

static void server_main(void *);

void
softint_init(void)
{

	mutex_init(&lock, MUTEX_DEFAULT, IPL_HIGH);
	mutex_init(&establish_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&idle, "softdis");
}

/*
 * Running.
 */

static void
run_handler(struct handler_cpu *hc, struct lwp *l)
{
	struct handler *h = hc->hc_handler;
	bool mpsafe = (h->h_flags & SOFTINT_MPSAFE) != 0;

	hc->hc_pending = false;
	hc->hc_running = true;
	if (!mpsafe)
		KERNEL_LOCK(1, l);
	(*h->h_func)(h->h_arg);
	if (!mpsafe)
		KERNEL_UNLOCK_ONE(l);
	KASSERT(l->l_biglocks == 0 && l->l_spinlocks == 0);
	LOCKDEBUG_BARRIER(NULL, 0);
	hc->hc_running = false;
	if (__predict_false(atomic_load_relaxed(&h->h_dying))) {
		mutex_enter(&establish_lock);
		cv_broadcast(&idle);
		mutex_exit(&establish_lock);
	}
}

/* Run a level until nothing of it is pending.  holder: curlwp. */
static void
run_level(struct lwp *holder, struct cpu_info *ci, u_int level)
{
	struct softint_run *run = &ci->ci_softint->s_level[level];
	struct lwp *l = run->r_lwp;
	struct handler_cpu *hc;

	run->r_active = true;
	l->l_holder = holder;
	l->l_thread = holder->l_thread;
	rump_thread_self()->rt_curlwp = l;
	while ((hc = run->r_first) != NULL) {
		if ((run->r_first = hc->hc_next) == NULL)
			run->r_last = &run->r_first;
		run_handler(hc, l);
	}
	rump_thread_self()->rt_curlwp = holder;
	l->l_holder = NULL;
	run->r_active = false;
	ci->ci_softpending &= ~(1u << level);
}

/* The most urgent level with work that nobody is at; SOFTINT_COUNT: none. */
static u_int
next_level(const struct cpu_info *ci)
{
	u_int i;

	for (i = 0; i < SOFTINT_COUNT; i++) {
		if ((ci->ci_softpending & (1u << order[i])) != 0 &&
		    !ci->ci_softint->s_level[order[i]].r_active)
			return order[i];
	}
	return SOFTINT_COUNT;
}

/* Returns whether nothing is left to do. */
static bool
run_levels(struct lwp *l)
{
	struct cpu_info *ci = l->l_cpu;
	u_int level;
	int rounds;

	KASSERT(l->l_spinlocks == 0 && l->l_holder == NULL);
	LOCKDEBUG_BARRIER(NULL, 0);
	/* Handlers may need locks that threads have left with. */
	if (__predict_false(atomic_load_relaxed(&kern_halting)))
		return true;
	for (rounds = 0; rounds < ROUNDS_MAX; rounds++) {
		level = next_level(ci);
		if (level == SOFTINT_COUNT)
			return true;
		run_level(l, ci, level);
	}
	return false;
}

void
softint_exit(struct lwp *l)
{

	if (!run_levels(l))
		softint_wake(l->l_cpu);
}

void
rump_softint_run(struct cpu_info *ci)
{

	KASSERT(ci == curcpu());
	softint_exit(curlwp);
}

/*
 * Servers.
 */

/*
 * See to it that one looks at what there is to do now.  At a halt one that
 * rests may have left.
 */
static void
server_wake(struct softint_cpu *sc)
{
	struct server *v, *rests = NULL, *unused = NULL;
	struct sleepq *sq;
	void *thread = NULL;

	mutex_enter(&lock);
	for (v = sc->s_server; v < &sc->s_server[sc->s_nservers]; v++) {
		if (v->v_state == LOOKING)
			goto out;
		if (v->v_state == RESTING && rests == NULL)
			rests = v;
		if (v->v_state == PREPARED && unused == NULL)
			unused = v;
	}
	if (rests != NULL) {
		rests->v_state = LOOKING;
		sq = sleepq_lookup(rests);
		parklock_enter(&sq->sq_lock);
		if (rests->v_lwp->l_wchan == rests)
			thread = sleepq_dequeue(rests->v_lwp);
		parklock_exit(&sq->sq_lock);
	} else if (unused != NULL && kthread_launch(unused->v_lwp) == 0)
		unused->v_state = LOOKING;
out:
	mutex_exit(&lock);
	if (thread != NULL)
		rumpuser2_unpark(thread);
}

void
softint_wake(struct cpu_info *ci)
{

	if (next_level(ci) != SOFTINT_COUNT &&
	    !atomic_load_relaxed(&kern_halting))
		server_wake(ci->ci_softint);
}

/* What other CPUs have scheduled here; lock is held, and given up meanwhile. */
static void
schedule_remote(struct softint_cpu *sc)
{
	struct handler_cpu *hc;

	while ((hc = sc->s_remote) != NULL) {
		sc->s_remote = hc->hc_rnext;
		hc->hc_remote = false;
		mutex_exit(&lock);
		softint_schedule(hc->hc_handler);
		mutex_enter(&lock);
	}
}

/* Until there is something to do; lock is held on entry, not on return. */
static void
server_rest(struct server *v)
{
	struct sleepq *sq = sleepq_lookup(v);

	v->v_state = RESTING;
	parklock_enter(&sq->sq_lock);
	sleepq_enqueue(&sq->sq_first, v->v_lwp, v, "softint");
	parklock_exit(&sq->sq_lock);
	mutex_exit(&lock);
	(void)sleepq_block(sq, INT64_MAX, false);
}

static void
server_main(void *arg)
{
	struct server *v = arg;
	struct cpu_info *ci = v->v_cpu;

	for (;;) {
		mutex_enter(&lock);
		schedule_remote(ci->ci_softint);
		if (next_level(ci) == SOFTINT_COUNT) {
			server_rest(v);
			continue;
		}
		v->v_state = SERVING;
		mutex_exit(&lock);
		(void)run_levels(v->v_lwp);
		mutex_enter(&lock);
		v->v_state = LOOKING;
		mutex_exit(&lock);
		yield();
	}
}

/*
 * Handlers.
 */

static bool
server_prepare(struct cpu_info *ci)
{
	struct softint_cpu *sc = ci->ci_softint;
	struct server *v = &sc->s_server[sc->s_nservers];

	v->v_cpu = ci;
	v->v_lwp = kthread_prepare(PRI_SOFTCLOCK, KTHREAD_MPSAFE, ci,
	    server_main, v, "softint");
	if (v->v_lwp == NULL)
		return false;
	mutex_enter(&lock);
	sc->s_nservers++;
	mutex_exit(&lock);
	return true;
}

static struct lwp *
level_lwp(struct cpu_info *ci, u_int level)
{
	struct lwp *l = lwp_get();

	if (l == NULL)
		return NULL;
	lwp_setup(l, &proc0);
	l->l_flag |= LW_SYSTEM;
	l->l_pflag |= LP_INTR | (int)LP_BOUND;
	l->l_cpu = ci;
	l->l_softint = &ci->ci_softint->s_level[level];
	l->l_name = __UNCONST(names[level]);
	lwp_join(l, &proc0);
	return l;
}

/* What a CPU needs before it can run a level.  establish_lock is held. */
static bool
prepare_level(struct cpu_info *ci, u_int level)
{
	struct softint_run *run;

	if (ci->ci_softint == NULL)
		ci->ci_softint = kmem_zalloc(sizeof(*ci->ci_softint), KM_SLEEP);
	run = &ci->ci_softint->s_level[level];
	if (!run->r_served && !(run->r_served = server_prepare(ci)))
		return false;
	if (run->r_lwp == NULL) {
		run->r_last = &run->r_first;
		run->r_lwp = level_lwp(ci, level);
	}
	return run->r_lwp != NULL;
}

static size_t
handler_size(void)
{

	return sizeof(struct handler) +
	    (size_t)ncpu * sizeof(struct handler_cpu);
}

void *
softint_establish(u_int flags, void (*func)(void *), void *arg)
{
	u_int i, level = flags & SOFTINT_LVLMASK;
	struct handler *h;
	bool ok = true;

	KASSERT(level < SOFTINT_COUNT && func != NULL);
	mutex_enter(&establish_lock);
	for (i = 0; ok && i < (u_int)ncpu; i++)
		ok = prepare_level(cpu_infos[i], level);
	mutex_exit(&establish_lock);
	if (!ok)
		return NULL;
	h = kmem_zalloc(handler_size(), KM_SLEEP);
	h->h_func = func;
	h->h_arg = arg;
	h->h_level = level;
	h->h_flags = flags;
	for (i = 0; i < (u_int)ncpu; i++)
		h->h_cpu[i].hc_handler = h;
	return h;
}

/* Take it off this CPU's queue. */
static void
unschedule_here(struct handler_cpu *hc, struct softint_run *run)
{
	struct handler_cpu **p;

	if (!hc->hc_pending)
		return;
	for (p = &run->r_first; *p != hc; p = &(*p)->hc_next)
		continue;
	if ((*p = hc->hc_next) == NULL)
		run->r_last = p;
	hc->hc_pending = false;
}

static void
forget_remote(struct softint_cpu *sc, struct handler_cpu *hc)
{
	struct handler_cpu **p;

	mutex_enter(&lock);
	if (hc->hc_remote) {
		for (p = &sc->s_remote; *p != hc; p = &(*p)->hc_rnext)
			continue;
		*p = hc->hc_rnext;
		hc->hc_remote = false;
	}
	mutex_exit(&lock);
}

void
softint_disestablish(void *cookie)
{
	struct handler *h = cookie;
	struct cpu_info *ci, *home = curcpu();
	int bound = curlwp_bind();
	u_int i;

	atomic_store_relaxed(&h->h_dying, true);
	for (i = 0; i < (u_int)ncpu; i++) {
		ci = cpu_infos[i];
		rump_cpu_migrate(ci);
		forget_remote(ci->ci_softint, &h->h_cpu[i]);
		unschedule_here(&h->h_cpu[i],
		    &ci->ci_softint->s_level[h->h_level]);
		mutex_enter(&establish_lock);
		while (h->h_cpu[i].hc_running)
			cv_wait(&idle, &establish_lock);
		mutex_exit(&establish_lock);
	}
	rump_cpu_migrate(home);
	curlwp_bindx(bound);
	kmem_free(h, handler_size());
}

void
softint_schedule(void *cookie)
{
	struct handler *h = cookie;
	struct cpu_info *ci = curcpu();
	struct handler_cpu *hc = &h->h_cpu[cpu_index(ci)];
	struct softint_run *run = &ci->ci_softint->s_level[h->h_level];

	if (hc->hc_pending || atomic_load_relaxed(&h->h_dying))
		return;
	hc->hc_pending = true;
	hc->hc_next = NULL;
	*run->r_last = hc;
	run->r_last = &hc->hc_next;
	ci->ci_softpending |= 1u << h->h_level;
}

/* On another CPU: a server finds it on a list, and schedules it there. */
void
softint_schedule_cpu(void *cookie, struct cpu_info *ci)
{
	struct handler *h = cookie;
	struct handler_cpu *hc = &h->h_cpu[cpu_index(ci)];

	if (ci == curcpu()) {
		softint_schedule(h);
		return;
	}
	mutex_enter(&lock);
	if (!hc->hc_remote && !atomic_load_relaxed(&h->h_dying)) {
		hc->hc_remote = true;
		hc->hc_rnext = ci->ci_softint->s_remote;
		ci->ci_softint->s_remote = hc;
	}
	mutex_exit(&lock);
	if (!atomic_load_relaxed(&kern_halting))
		server_wake(ci->ci_softint);
}
