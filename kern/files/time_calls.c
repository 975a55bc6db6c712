/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls of time: reading and setting clocks, sleeping.
 *
 * CLOCK_REALTIME may be set, CLOCK_MONOTONIC counts from boot.  A sleep to an
 * absolute wall time follows changes of the clock: it looks again when it is
 * over, and when the clock is set.  Sleeping on a process's or thread's time is
 * EOPNOTSUPP.
 */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/idtype.h>
#include <sys/kauth.h>
#include <sys/mutex.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/timevar.h>

#include <rump-private/syscall.h>

#include "files/fd_calls.h"
#include "files/timers.h"

/* Sleep on a place: whoever waits for a wall time on one for all of them. */
struct place {
	kmutex_t	lock;
	kcondvar_t	cv;
};

static struct place wall_place;

static void
place_init(struct place *at)
{

	mutex_init(&at->lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&at->cv, "nanoslp");
}

static void
place_fini(struct place *at)
{

	cv_destroy(&at->cv);
	mutex_destroy(&at->lock);
}

/* Wall time is another now. */
static void
clock_was_set(void)
{

	timers_clock_set();
	mutex_enter(&wall_place.lock);
	cv_broadcast(&wall_place.cv);
	mutex_exit(&wall_place.lock);
}

int
sys___clock_gettime50(struct lwp *l,
    const struct sys___clock_gettime50_args *uap, register_t *retval)
{
	struct timespec ts;
	int error;

	error = clock_gettime1(SCARG(uap, clock_id), &ts);
	return error != 0 ? error : copyout(&ts, SCARG(uap, tp), sizeof(ts));
}

int
sys___clock_settime50(struct lwp *l,
    const struct sys___clock_settime50_args *uap, register_t *retval)
{
	struct timespec ts;
	int error;

	error = copyin(SCARG(uap, tp), &ts, sizeof(ts));
	if (error == 0)
		error = clock_settime1(l->l_proc, SCARG(uap, clock_id), &ts, true);
	if (error == 0)
		clock_was_set();
	return error;
}

/* The host's clocks count nanoseconds. */
int
sys___clock_getres50(struct lwp *l,
    const struct sys___clock_getres50_args *uap, register_t *retval)
{
	struct timespec ts;
	int error;

	error = clock_gettime1(SCARG(uap, clock_id), &ts);	/* is it one? */
	if (error != 0)
		return error;
	ts.tv_sec = 0;
	ts.tv_nsec = 1;
	return SCARG(uap, tp) == NULL ? 0 :
	    copyout(&ts, SCARG(uap, tp), sizeof(ts));
}

int
sys___gettimeofday50(struct lwp *l,
    const struct sys___gettimeofday50_args *uap, register_t *retval)
{
	struct timezone zone = { 0, 0 };
	struct timeval tv;
	int error = 0;

	memset(&tv, 0, sizeof(tv));
	microtime(&tv);
	if (SCARG(uap, tp) != NULL)
		error = copyout(&tv, SCARG(uap, tp), sizeof(tv));
	if (error == 0 && SCARG(uap, tzp) != NULL)
		error = copyout(&zone, SCARG(uap, tzp), sizeof(zone));
	return error;
}

int
sys___settimeofday50(struct lwp *l,
    const struct sys___settimeofday50_args *uap, register_t *retval)
{
	int error;

	error = settimeofday1(SCARG(uap, tv), true, SCARG(uap, tzp), l, true);
	if (error == 0)
		clock_was_set();
	return error;
}

/* delta NULL: only say what is left of the last one. */
int
sys___adjtime50(struct lwp *l, const struct sys___adjtime50_args *uap,
    register_t *retval)
{
	struct timeval delta, old;
	int error;

	error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_TIME,
	    KAUTH_REQ_SYSTEM_TIME_ADJTIME, NULL, NULL, NULL);
	if (error == 0 && SCARG(uap, delta) != NULL)
		error = copyin(SCARG(uap, delta), &delta, sizeof(delta));
	if (error != 0)
		return error;
	time_adjust(SCARG(uap, delta) != NULL ? &delta : NULL, &old);
	return SCARG(uap, olddelta) == NULL ? 0 :
	    copyout(&old, SCARG(uap, olddelta), sizeof(old));
}

/*
 * Sleep until the clock says end.  It is looked at under the place's lock, so
 * that nobody can set it between that and the sleep.
 *
 * Returns 0 or EINTR.
 */
static int
sleep_until(struct place *at, clockid_t clock, const struct timespec *end)
{
	static const struct bintime exact = { 0, 1 };
	struct timespec now, left;
	struct bintime bt;
	int error = 0;

	mutex_enter(&at->lock);
	while (error != EINTR && error != ERESTART) {
		(void)clock_gettime1(clock, &now);
		if (timespeccmp(&now, end, >=)) {
			error = 0;
			break;
		}
		timespecsub(end, &now, &left);
		timespec2bintime(&left, &bt);
		error = cv_timedwaitbt_sig(&at->cv, &at->lock, &bt, &exact);
	}
	mutex_exit(&at->lock);
	return error == 0 ? 0 : EINTR;
}

/*
 * Sleep for *rqt.
 *
 * left   out: what was left of it.
 *
 * Returns 0 or EINTR.
 */
static int
sleep_for(const struct timespec *rqt, struct timespec *left)
{
	struct timespec end = *rqt, now;
	struct place here;
	int error;

	nanouptime(&now);
	if (end.tv_sec > INT64_MAX - now.tv_sec - 1)
		end.tv_sec = INT64_MAX - now.tv_sec - 1;
	timespecadd(&end, &now, &end);
	place_init(&here);
	error = sleep_until(&here, CLOCK_MONOTONIC, &end);
	place_fini(&here);
	nanouptime(&now);
	timespecclear(left);
	if (timespeccmp(&now, &end, <))
		timespecsub(&end, &now, left);
	return error;
}

/*
 * Sleep for, or until, *rqt on a clock.
 *
 * rmt   out: what was left of a relative sleep.
 *
 * Returns 0, EINTR, EINVAL, EOPNOTSUPP.
 */
static int
nanosleep1(clockid_t clock, int flags, const struct timespec *rqt,
    struct timespec *rmt)
{
	struct place here;
	int error;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EOPNOTSUPP;
	if (rqt->tv_nsec < 0 || rqt->tv_nsec >= 1000000000L ||
	    rqt->tv_sec < 0 || (flags & ~TIMER_ABSTIME) != 0)
		return EINVAL;
	if ((flags & TIMER_ABSTIME) == 0)	/* on a clock that nobody sets */
		return sleep_for(rqt, rmt);
	if (clock == CLOCK_REALTIME)
		return sleep_until(&wall_place, clock, rqt);
	place_init(&here);
	error = sleep_until(&here, clock, rqt);
	place_fini(&here);
	return error;
}

int
sys___nanosleep50(struct lwp *l, const struct sys___nanosleep50_args *uap,
    register_t *retval)
{
	struct timespec rqt, rmt;
	int error, outerror;

	error = copyin(SCARG(uap, rqtp), &rqt, sizeof(rqt));
	if (error != 0)
		return error;
	error = nanosleep1(CLOCK_MONOTONIC, 0, &rqt, &rmt);
	if (SCARG(uap, rmtp) == NULL || (error != 0 && error != EINTR))
		return error;
	outerror = copyout(&rmt, SCARG(uap, rmtp), sizeof(rmt));
	return outerror != 0 ? outerror : error;
}

/* The result is the error number: this call does not set errno. */
int
sys_clock_nanosleep(struct lwp *l, const struct sys_clock_nanosleep_args *uap,
    register_t *retval)
{
	struct timespec rqt, rmt;
	int error, outerror;

	error = copyin(SCARG(uap, rqtp), &rqt, sizeof(rqt));
	if (error == 0)
		error = nanosleep1(SCARG(uap, clock_id), SCARG(uap, flags),
		    &rqt, &rmt);
	if (SCARG(uap, rmtp) != NULL && error == EINTR &&
	    (SCARG(uap, flags) & TIMER_ABSTIME) == 0) {
		outerror = copyout(&rmt, SCARG(uap, rmtp), sizeof(rmt));
		if (outerror != 0)
			error = outerror;
	}
	*retval = error;
	return 0;
}

/* id 0: the caller. */
int
sys_clock_getcpuclockid2(struct lwp *l,
    const struct sys_clock_getcpuclockid2_args *uap, register_t *retval)
{
	id_t id = SCARG(uap, id);
	clockid_t clock;
	struct timespec ts;
	int error;

	switch (SCARG(uap, idtype)) {
	case P_PID:
		clock = CLOCK_PROCESS_CPUTIME_ID;
		id = id != 0 ? id : (id_t)l->l_proc->p_pid;
		break;
	case P_LWPID:
		clock = CLOCK_THREAD_CPUTIME_ID;
		id = id != 0 ? id : (id_t)l->l_lid;
		break;
	default:
		return EINVAL;
	}
	if (id >= CLOCK_THREAD_CPUTIME_ID)	/* no place for it in a clock */
		return ESRCH;
	clock |= (clockid_t)id;
	error = clock_gettime1(clock, &ts);	/* is there such a one? */
	return error != 0 ? error :
	    copyout(&clock, SCARG(uap, clock_id), sizeof(clock));
}

SYSCALL_HANDLER(__clock_gettime50)
SYSCALL_HANDLER(__clock_settime50)
SYSCALL_HANDLER(__clock_getres50)
SYSCALL_HANDLER(__gettimeofday50)
SYSCALL_HANDLER(__settimeofday50)
SYSCALL_HANDLER(__adjtime50)
SYSCALL_HANDLER(__nanosleep50)
SYSCALL_HANDLER(clock_nanosleep)
SYSCALL_HANDLER(clock_getcpuclockid2)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(__clock_gettime50),
	SYSCALL_ROW(__clock_settime50),
	SYSCALL_ROW(__clock_getres50),
	SYSCALL_ROW(__gettimeofday50),
	SYSCALL_ROW(__settimeofday50),
	SYSCALL_ROW(__adjtime50),
	SYSCALL_ROW(__nanosleep50),
	SYSCALL_ROW(clock_nanosleep),
	SYSCALL_ROW(clock_getcpuclockid2),
};

void
time_register(void)
{

	place_init(&wall_place);
	rump_syscall_boot_establish(calls, __arraycount(calls));
}
