/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timers of processes: setitimer(2), getitimer(2) and timer_create(2) with its
 * kin.
 *
 * A process has up to TIMER_MAX timers.  The first TIMER_MIN are those of
 * setitimer, by their ITIMER number, and are made when they are set; the rest is
 * for timer_create, and the number is the timer's name.  Their table hangs on
 * the process from the first use until it ends; a new process starts without.
 *
 * An armed timer has the time at which it expires, on its clock: wall time for
 * an absolute time of CLOCK_REALTIME, which thus follows when the clock is set,
 * the process's time (cputime.h) for CLOCK_VIRTUAL and CLOCK_PROF, which are the
 * same here, and uptime for all others.  A callout looks then, and again until
 * it is so late.
 *
 * A process's time goes as fast as it has lwps that do not wait.  Nobody tells
 * when that changes; so the callout comes when it can be so late at the
 * earliest, if all run, and now and then since there may be more of them.
 *
 * Expiry sends a signal, which the signal model may drop (signal.c).  While it
 * is pending a further expiry is counted as an overrun instead, and so are
 * those that one callout finds at once.
 *
 * Locks: timers_lock covers all of this; p_lock may be taken under it.  The
 * callout's function holds nothing while it sends the signal: a timer is freed
 * after callout_halt, and a process after its timers.
 *
 * Ref: setitimer(2), timer_create(2), timer_settime(2), POSIX.
 */
#include <sys/param.h>
#include <sys/callout.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/queue.h>
#include <sys/signalvar.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/timevar.h>

#include <rump-private/syscall.h>

#include "cputime.h"
#include "files/fd_calls.h"
#include "files/timers.h"

#define NS	INT64_C(1000000000)
#define LOOKS_PER_SEC	10	/* at a process's time */

struct ptimer {
	struct proc	*pt_proc;
	callout_t	pt_callout;
	clockid_t	pt_clock;
	struct sigevent	pt_event;
	bool		pt_armed;
	bool		pt_wall;	/* expires at a wall time */
	struct timespec	pt_expiry;
	struct timespec	pt_interval;
	int		pt_overruns;
	LIST_ENTRY(ptimer) pt_list;	/* wall_timers: armed, and pt_wall */
};

struct ptimers {
	struct ptimer	*pts_timer[TIMER_MAX];
};

static kmutex_t timers_lock;
static LIST_HEAD(, ptimer) wall_timers = LIST_HEAD_INITIALIZER(wall_timers);

/* By ITIMER number; timer_create has the same for each clock. */
static const struct {
	clockid_t	clock;
	int		signal;
} kinds[TIMER_MIN] = {
	[ITIMER_REAL] = { CLOCK_REALTIME, SIGALRM },
	[ITIMER_VIRTUAL] = { CLOCK_VIRTUAL, SIGVTALRM },
	[ITIMER_PROF] = { CLOCK_PROF, SIGPROF },
	[ITIMER_MONOTONIC] = { CLOCK_MONOTONIC, SIGALRM },
};

/*
 * Counting.
 */

static bool
of_process(const struct ptimer *pt)
{

	return pt->pt_clock == CLOCK_VIRTUAL || pt->pt_clock == CLOCK_PROF;
}

/* nlwps   out: of_process's clocks count so many times at once, at most. */
static struct timespec
process_now(const struct ptimer *pt, u_int *nlwps)
{
	struct proc *p = pt->pt_proc;
	int64_t ns;

	mutex_enter(p->p_lock);
	ns = cputime_proc(p, nlwps);
	mutex_exit(p->p_lock);
	return (struct timespec){ ns / NS, (long)(ns % NS) };
}

static struct timespec
timer_now(const struct ptimer *pt)
{
	struct timespec now;

	if (pt->pt_wall)
		nanotime(&now);
	else if (of_process(pt))
		now = process_now(pt, NULL);
	else
		nanouptime(&now);
	return now;
}

/* a + b, or what comes close if that is too late for a time. */
static struct timespec
later(const struct timespec *a, const struct timespec *b)
{
	struct timespec sum = { INT64_MAX, 0 };

	if (b->tv_sec < INT64_MAX - 1 - MAX(a->tv_sec, 0))
		timespecadd(a, b, &sum);
	return sum;
}

static int
process_ticks(const struct ptimer *pt, int ticks)
{
	u_int nlwps;

	(void)process_now(pt, &nlwps);
	return MIN(ticks / (int)MAX(nlwps, 1), hz / LOOKS_PER_SEC);
}

/* Have the callout come when the timer expires, or earlier. */
static void
timer_schedule(struct ptimer *pt)
{
	struct timespec left, now = timer_now(pt);
	int ticks;

	if (timespeccmp(&now, &pt->pt_expiry, <))
		timespecsub(&pt->pt_expiry, &now, &left);
	else
		timespecclear(&left);
	ticks = tstohz(&left);
	if (of_process(pt))
		ticks = process_ticks(pt, ticks);
	callout_schedule(&pt->pt_callout, MAX(ticks, 1));
}

static void
timer_disarm(struct ptimer *pt)
{

	if (pt->pt_armed && pt->pt_wall)
		LIST_REMOVE(pt, pt_list);
	pt->pt_armed = pt->pt_wall = false;
	(void)callout_stop(&pt->pt_callout);
}

/* What timer_gettime says.  One that is due has a moment left. */
static void
timer_get(const struct ptimer *pt, struct itimerspec *its)
{
	struct timespec now = timer_now(pt);

	memset(its, 0, sizeof(*its));
	if (!pt->pt_armed)
		return;
	its->it_interval = pt->pt_interval;
	if (timespeccmp(&now, &pt->pt_expiry, <))
		timespecsub(&pt->pt_expiry, &now, &its->it_value);
	else
		its->it_value.tv_nsec = 1;
}

static void
timer_set(struct ptimer *pt, const struct itimerspec *its, bool absolute)
{
	struct timespec now;

	timer_disarm(pt);
	if (!timespecisset(&its->it_value))
		return;
	pt->pt_armed = true;
	pt->pt_wall = absolute && pt->pt_clock == CLOCK_REALTIME;
	pt->pt_interval = its->it_interval;
	pt->pt_overruns = 0;
	now = timer_now(pt);
	pt->pt_expiry = absolute ? its->it_value : later(&now, &its->it_value);
	if (pt->pt_wall)
		LIST_INSERT_HEAD(&wall_timers, pt, pt_list);
	timer_schedule(pt);
}

/*
 * Expiry.
 */

static int64_t
timespec_ns(const struct timespec *ts)
{

	return ts->tv_sec >= INT64_MAX / NS ? INT64_MAX :
	    ts->tv_sec * NS + ts->tv_nsec;
}

/* The next expiry after now.  Returns how many of them were missed. */
static int64_t
timer_advance(struct ptimer *pt, const struct timespec *now)
{
	struct timespec late;
	int64_t missed, ns;

	timespecsub(now, &pt->pt_expiry, &late);
	missed = timespec_ns(&late) / timespec_ns(&pt->pt_interval);
	ns = missed * timespec_ns(&pt->pt_interval);
	late.tv_sec = ns / NS;
	late.tv_nsec = (long)(ns % NS);
	pt->pt_expiry = later(&pt->pt_expiry, &late);
	pt->pt_expiry = later(&pt->pt_expiry, &pt->pt_interval);
	return missed;
}

/* Shall it be sent, or is the last one still there? */
static bool
timer_count(struct ptimer *pt, int64_t missed)
{
	struct proc *p = pt->pt_proc;
	bool pending;

	if (pt->pt_event.sigev_notify != SIGEV_SIGNAL)
		return false;
	mutex_enter(p->p_lock);
	pending = sigismember(&p->p_sigpend.sp_set, pt->pt_event.sigev_signo);
	mutex_exit(p->p_lock);
	if (pending)
		missed += pt->pt_overruns + 1;
	pt->pt_overruns = (int)MIN(missed, INT_MAX);
	return !pending;
}

static void
timer_signal(struct ptimer *pt)
{
	ksiginfo_t ksi;

	KSI_INIT(&ksi);
	ksi.ksi_signo = pt->pt_event.sigev_signo;
	ksi.ksi_code = SI_TIMER;
	ksi.ksi_value = pt->pt_event.sigev_value;
	kpsignal(pt->pt_proc, &ksi, NULL);
}

/* If it is due it has expired, and is ahead again or off.  Shall that be sent? */
static bool
timer_pass(struct ptimer *pt)
{
	struct timespec now = timer_now(pt);

	if (!pt->pt_armed || timespeccmp(&now, &pt->pt_expiry, <))
		return false;
	if (timespecisset(&pt->pt_interval))
		return timer_count(pt, timer_advance(pt, &now));
	timer_disarm(pt);
	return timer_count(pt, 0);
}

/* The callout: it may be early, for a clock that was set or a long time. */
static void
timer_expire(void *arg)
{
	struct ptimer *pt = arg;
	bool send;

	mutex_enter(&timers_lock);
	send = timer_pass(pt);
	if (pt->pt_armed)
		timer_schedule(pt);
	mutex_exit(&timers_lock);
	if (send)
		timer_signal(pt);
}

void
timers_clock_set(void)
{
	struct ptimer *pt;

	mutex_enter(&timers_lock);
	LIST_FOREACH(pt, &wall_timers, pt_list)
		timer_schedule(pt);
	mutex_exit(&timers_lock);
}

/*
 * Timers of a process.
 */

static struct ptimer *
timer_make(struct proc *p, clockid_t clock, int sig)
{
	struct ptimer *pt = kmem_zalloc(sizeof(*pt), KM_SLEEP);

	pt->pt_proc = p;
	pt->pt_clock = clock;
	pt->pt_event.sigev_notify = SIGEV_SIGNAL;
	pt->pt_event.sigev_signo = sig;
	callout_init(&pt->pt_callout, CALLOUT_MPSAFE);
	callout_setfunc(&pt->pt_callout, timer_expire, pt);
	return pt;
}

/* It is in no table. */
static void
timer_destroy(struct ptimer *pt)
{

	mutex_enter(&timers_lock);
	timer_disarm(pt);
	(void)callout_halt(&pt->pt_callout, &timers_lock);
	mutex_exit(&timers_lock);
	callout_destroy(&pt->pt_callout);
	kmem_free(pt, sizeof(*pt));
}

/* The process's table; timers_lock is held on return. */
static struct ptimers *
timers_enter(struct proc *p)
{
	struct ptimers *pts, *unused = NULL;

	mutex_enter(&timers_lock);
	if (p->p_timers == NULL) {
		mutex_exit(&timers_lock);
		unused = kmem_zalloc(sizeof(*pts), KM_SLEEP);
		mutex_enter(&timers_lock);
		if (p->p_timers == NULL) {
			p->p_timers = unused;
			unused = NULL;
		}
	}
	pts = p->p_timers;
	if (unused != NULL)
		kmem_free(unused, sizeof(*unused));
	return pts;
}

/* A timer of timer_create.  NULL: there is none of that name. */
static struct ptimer *
timer_find(struct ptimers *pts, timer_t id)
{

	return id < TIMER_MIN || id >= TIMER_MAX ? NULL : pts->pts_timer[id];
}

void
timers_exit(struct proc *p)
{
	struct ptimers *pts = p->p_timers;
	int i;

	if (pts == NULL)
		return;
	p->p_timers = NULL;
	for (i = 0; i < TIMER_MAX; i++) {
		if (pts->pts_timer[i] != NULL)
			timer_destroy(pts->pts_timer[i]);
	}
	kmem_free(pts, sizeof(*pts));
}

/*
 * setitimer, getitimer.
 */

/* Less than a microsecond left is one, since none means that it is off. */
static void
itimerval_of(const struct itimerspec *its, struct itimerval *itv)
{
	struct timespec left = its->it_value;

	memset(itv, 0, sizeof(*itv));
	if (left.tv_sec == 0 && left.tv_nsec != 0)
		left.tv_nsec = MAX(left.tv_nsec, 1000);
	TIMESPEC_TO_TIMEVAL(&itv->it_interval, &its->it_interval);
	TIMESPEC_TO_TIMEVAL(&itv->it_value, &left);
}

/* The interval timer's state, and then another one if new is not NULL. */
static void
itimer_exchange(struct proc *p, int which, const struct itimerspec *new,
    struct itimerval *old)
{
	struct ptimer *unused = timer_make(p, kinds[which].clock,
	    kinds[which].signal);
	struct ptimers *pts = timers_enter(p);
	struct itimerspec was;

	if (pts->pts_timer[which] == NULL) {
		pts->pts_timer[which] = unused;
		unused = NULL;
	}
	timer_get(pts->pts_timer[which], &was);
	if (new != NULL)
		timer_set(pts->pts_timer[which], new, false);
	mutex_exit(&timers_lock);
	if (unused != NULL)
		timer_destroy(unused);
	itimerval_of(&was, old);
}

int
sys___getitimer50(struct lwp *l, const struct sys___getitimer50_args *uap,
    register_t *retval)
{
	struct itimerval itv;

	if ((u_int)SCARG(uap, which) >= TIMER_MIN)
		return EINVAL;
	itimer_exchange(l->l_proc, SCARG(uap, which), NULL, &itv);
	return copyout(&itv, SCARG(uap, itv), sizeof(itv));
}

/* itv NULL: it is only read. */
int
sys___setitimer50(struct lwp *l, const struct sys___setitimer50_args *uap,
    register_t *retval)
{
	struct itimerval new, old;
	struct itimerspec its;
	int error;

	if ((u_int)SCARG(uap, which) >= TIMER_MIN)
		return EINVAL;
	if (SCARG(uap, itv) != NULL) {
		error = copyin(SCARG(uap, itv), &new, sizeof(new));
		if (error == 0)
			error = itimerfix(&new.it_value);
		if (error == 0)
			error = itimerfix(&new.it_interval);
		if (error != 0)
			return error;
		TIMEVAL_TO_TIMESPEC(&new.it_value, &its.it_value);
		TIMEVAL_TO_TIMESPEC(&new.it_interval, &its.it_interval);
	}
	itimer_exchange(l->l_proc, SCARG(uap, which),
	    SCARG(uap, itv) != NULL ? &its : NULL, &old);
	return SCARG(uap, oitv) == NULL ? 0 :
	    copyout(&old, SCARG(uap, oitv), sizeof(old));
}

/*
 * timer_create and its kin.
 */

/* Signals and nothing: there are no threads of the program to start. */
static int
sigevent_check(const struct sigevent *ev)
{

	switch (ev->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_SIGNAL:
		return ev->sigev_signo > 0 && ev->sigev_signo < NSIG ? 0 : EINVAL;
	default:
		return EINVAL;
	}
}

/* Into the table.  EAGAIN: it is full. */
static int
timer_enter(struct ptimer *pt, bool own_value, timer_t *id)
{
	struct ptimers *pts = timers_enter(pt->pt_proc);
	int error = EAGAIN;
	timer_t i;

	for (i = TIMER_MIN; i < TIMER_MAX && error != 0; i++) {
		if (pts->pts_timer[i] != NULL)
			continue;
		pts->pts_timer[i] = pt;
		if (!own_value)
			pt->pt_event.sigev_value.sival_int = i;
		*id = i;
		error = 0;
	}
	mutex_exit(&timers_lock);
	return error;
}

/* Out of the table. */
static struct ptimer *
timer_remove(struct proc *p, timer_t id)
{
	struct ptimers *pts = timers_enter(p);
	struct ptimer *pt = timer_find(pts, id);

	if (pt != NULL)
		pts->pts_timer[id] = NULL;
	mutex_exit(&timers_lock);
	return pt;
}

static int
timer_delete1(struct proc *p, timer_t id)
{
	struct ptimer *pt = timer_remove(p, id);

	if (pt == NULL)
		return EINVAL;
	timer_destroy(pt);
	return 0;
}

int
sys_timer_create(struct lwp *l, const struct sys_timer_create_args *uap,
    register_t *retval)
{
	clockid_t clock = SCARG(uap, clock_id);
	bool own_event = SCARG(uap, evp) != NULL;
	struct sigevent ev;
	struct ptimer *pt;
	timer_t id;
	int error = 0;

	/* A clock's number is that of the interval timer that counts it. */
	if ((u_int)clock >= TIMER_MIN)
		return EINVAL;
	if (own_event && (error = copyin(SCARG(uap, evp), &ev, sizeof(ev))) == 0)
		error = sigevent_check(&ev);
	if (error != 0)
		return error;
	pt = timer_make(l->l_proc, clock, kinds[clock].signal);
	if (own_event)
		pt->pt_event = ev;
	error = timer_enter(pt, own_event, &id);
	if (error != 0) {
		timer_destroy(pt);
		return error;
	}
	error = copyout(&id, SCARG(uap, timerid), sizeof(id));
	if (error != 0)
		(void)timer_delete1(l->l_proc, id);
	return error;
}

int
sys_timer_delete(struct lwp *l, const struct sys_timer_delete_args *uap,
    register_t *retval)
{

	return timer_delete1(l->l_proc, SCARG(uap, timerid));
}

int
sys___timer_settime50(struct lwp *l,
    const struct sys___timer_settime50_args *uap, register_t *retval)
{
	struct itimerspec new, old;
	struct ptimer *pt;
	int error;

	error = copyin(SCARG(uap, value), &new, sizeof(new));
	if (error == 0)
		error = itimespecfix(&new.it_value);
	if (error == 0)
		error = itimespecfix(&new.it_interval);
	if (error != 0)
		return error;
	pt = timer_find(timers_enter(l->l_proc), SCARG(uap, timerid));
	if (pt != NULL) {
		timer_get(pt, &old);
		timer_set(pt, &new, (SCARG(uap, flags) & TIMER_ABSTIME) != 0);
	}
	mutex_exit(&timers_lock);
	if (pt == NULL)
		return EINVAL;
	return SCARG(uap, ovalue) == NULL ? 0 :
	    copyout(&old, SCARG(uap, ovalue), sizeof(old));
}

int
sys___timer_gettime50(struct lwp *l,
    const struct sys___timer_gettime50_args *uap, register_t *retval)
{
	struct itimerspec its;
	struct ptimer *pt;

	pt = timer_find(timers_enter(l->l_proc), SCARG(uap, timerid));
	if (pt != NULL)
		timer_get(pt, &its);
	mutex_exit(&timers_lock);
	return pt == NULL ? EINVAL :
	    copyout(&its, SCARG(uap, value), sizeof(its));
}

int
sys_timer_getoverrun(struct lwp *l, const struct sys_timer_getoverrun_args *uap,
    register_t *retval)
{
	struct ptimer *pt;

	pt = timer_find(timers_enter(l->l_proc), SCARG(uap, timerid));
	if (pt != NULL)
		*retval = pt->pt_overruns;
	mutex_exit(&timers_lock);
	return pt == NULL ? EINVAL : 0;
}

SYSCALL_HANDLER(__getitimer50)
SYSCALL_HANDLER(__setitimer50)
SYSCALL_HANDLER(timer_create)
SYSCALL_HANDLER(timer_delete)
SYSCALL_HANDLER(__timer_settime50)
SYSCALL_HANDLER(__timer_gettime50)
SYSCALL_HANDLER(timer_getoverrun)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(__getitimer50),
	SYSCALL_ROW(__setitimer50),
	SYSCALL_ROW(timer_create),
	SYSCALL_ROW(timer_delete),
	SYSCALL_ROW(__timer_settime50),
	SYSCALL_ROW(__timer_gettime50),
	SYSCALL_ROW(timer_getoverrun),
};

void
timers_register(void)
{

	mutex_init(&timers_lock, MUTEX_DEFAULT, IPL_SOFTCLOCK);
	rump_syscall_boot_establish(calls, __arraycount(calls));
}
