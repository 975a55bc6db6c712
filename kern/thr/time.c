/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's clocks, and arithmetic on intervals.
 *
 * There is one source of time, the host's monotonic clock (rumpuser2_clock, in
 * ns).  "Uptime" counts it from 1 s at boot.  Wall time is uptime plus an
 * offset that is taken from the host once, at boot, and that settime changes;
 * the host's own clock is never set.  There are no ticks either: a tick count
 * is uptime in units of 1/hz s, so the get* functions are exact too.
 *
 * Locks: the wall offset is read and changed as one word where the CPU can;
 * elsewhere under time_lock.
 *
 * Ref: microtime(9), hz(9), ratecheck(9), POSIX <time.h>.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/kauth.h>
#include <sys/kernel.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/timetc.h>
#include <sys/timevar.h>

#include <rump/rumpuser.h>

#define NS	INT64_C(1000000000)
#define HZ	100

int hz = HZ;
int tick = 1000000 / HZ;
int tickadj = 1;
int stathz = HZ;
int profhz = HZ;
int profsrc = PROFSRC_CLOCK;
int psratio = 1;
struct timezone tz;
struct timespec boottime;	/* wall time at uptime 0; for those who print it */

static int64_t boot_ns;		/* host's clock at uptime 0 */
static volatile int64_t wall_ns;	/* wall time at uptime 0 */
static kmutex_t time_lock;

/* Take the clocks from the host; the first use of time in a boot. */
void
time_init(void)
{
	int64_t sec;
	long nsec;

	boot_ns = rumpuser2_clock() - NS;
	if (rumpuser_clock_gettime(RUMPUSER_CLOCK_RELWALL, &sec, &nsec) == 0)
		wall_ns = sec * NS + nsec - NS;
	boottime.tv_sec = wall_ns / NS;
	boottime.tv_nsec = (long)(wall_ns % NS);
}

/* Once locks work. */
void
time_init2(void)
{

	mutex_init(&time_lock, MUTEX_DEFAULT, IPL_NONE);
}

static int64_t
uptime_ns(void)
{

	return rumpuser2_clock() - boot_ns;
}

static int64_t
wall_offset_ns(void)
{
#ifdef __HAVE_ATOMIC64_LOADSTORE
	return atomic_load_relaxed(&wall_ns);
#else
	int64_t ns;

	mutex_enter(&time_lock);
	ns = wall_ns;
	mutex_exit(&time_lock);
	return ns;
#endif
}

static struct timespec
ns_timespec(int64_t ns)
{
	struct timespec ts = { .tv_sec = ns / NS, .tv_nsec = (long)(ns % NS) };

	if (ts.tv_nsec < 0) {
		ts.tv_sec--;
		ts.tv_nsec += NS;
	}
	return ts;
}

static struct timeval
ns_timeval(int64_t ns)
{
	struct timespec ts = ns_timespec(ns);

	return (struct timeval){ ts.tv_sec, (suseconds_t)(ts.tv_nsec / 1000) };
}

static struct bintime
ns_bintime(int64_t ns)
{
	struct timespec ts = ns_timespec(ns);
	struct bintime bt;

	timespec2bintime(&ts, &bt);
	return bt;
}

static int64_t
timespec_ns(const struct timespec *ts)
{

	return ts->tv_sec * NS + ts->tv_nsec;
}

/* Each clock in three representations, precise and "of the last tick". */
#define CLOCK_FORMS(bin, nano, micro, ns)				\
void									\
bin(struct bintime *bt)							\
{									\
									\
	*bt = ns_bintime(ns);						\
}									\
void									\
nano(struct timespec *ts)						\
{									\
									\
	*ts = ns_timespec(ns);						\
}									\
void									\
micro(struct timeval *tv)						\
{									\
									\
	*tv = ns_timeval(ns);						\
}
CLOCK_FORMS(bintime, nanotime, microtime, wall_offset_ns() + uptime_ns())
CLOCK_FORMS(getbintime, getnanotime, getmicrotime, wall_offset_ns() + uptime_ns())
CLOCK_FORMS(binuptime, nanouptime, microuptime, uptime_ns())
CLOCK_FORMS(getbinuptime, getnanouptime, getmicrouptime, uptime_ns())
CLOCK_FORMS(getbinboottime, getnanoboottime, getmicroboottime, wall_offset_ns())
#undef CLOCK_FORMS

time_t
getrealtime(void)
{

	return (wall_offset_ns() + uptime_ns()) / NS;
}

time_t
getuptime(void)
{

	return uptime_ns() / NS;
}

time_t
getboottime(void)
{

	return wall_offset_ns() / NS;
}

/* Ticks since boot; wraps. */
int
getticks(void)
{

	return (int)(uint32_t)(uptime_ns() / (NS / HZ));
}

/* Busy-wait, in microseconds. */
void
rump_delay(unsigned int us)
{
	int64_t end = rumpuser2_clock() + us * INT64_C(1000);

	while (rumpuser2_clock() < end)
		continue;
}

/*
 * The host's clock is the only source of time; hardware counters may be
 * registered by their drivers, and are not used.
 */
void
tc_init(struct timecounter *tc)
{
}

int
tc_detach(struct timecounter *tc)
{

	return 0;
}

/* Set wall time. */
void
tc_setclock(const struct timespec *ts)
{
	int64_t ns = timespec_ns(ts) - uptime_ns();

#ifdef __HAVE_ATOMIC64_LOADSTORE
	atomic_store_relaxed(&wall_ns, ns);
#else
	mutex_enter(&time_lock);
	wall_ns = ns;
	mutex_exit(&time_lock);
#endif
	boottime = ns_timespec(ns);
}

void
inittodr(time_t base)
{
}

void
resettodr(void)
{
}

/*
 * Read a clock: wall time, or uptime for all the others that a kernel without
 * preemption can tell (time of a process is not measured: EINVAL).
 */
int
clock_gettime1(clockid_t clock, struct timespec *ts)
{

	switch (clock) {
	case CLOCK_REALTIME:
		nanotime(ts);
		return 0;
	case CLOCK_MONOTONIC:
		nanouptime(ts);
		return 0;
	default:
		return EINVAL;
	}
}

int
settime(struct proc *p, struct timespec *ts)
{

	if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= NS ||
	    ts->tv_sec > INT64_MAX / NS - 1)
		return EINVAL;
	tc_setclock(ts);
	return 0;
}

/* check: is the caller allowed to? */
int
clock_settime1(struct proc *p, clockid_t clock, const struct timespec *ts, bool check)
{
	struct timespec now = *ts, delta;
	int error;

	if (clock != CLOCK_REALTIME)
		return EINVAL;
	nanotime(&delta);
	timespecsub(ts, &delta, &delta);
	if (check && (error = kauth_authorize_system(kauth_cred_get(), KAUTH_SYSTEM_TIME,
	    KAUTH_REQ_SYSTEM_TIME_SYSTEM, __UNCONST(ts), &delta, KAUTH_ARG(true))) != 0)
		return error;
	return settime(p, &now);
}

int
settimeofday1(const struct timeval *utv, bool userspace, const void *utz, struct lwp *l,
    bool check)
{
	struct timeval tv;
	struct timespec ts;
	int error;

	if (utv == NULL)
		return 0;
	if (!userspace)
		tv = *utv;
	else if ((error = copyin(utv, &tv, sizeof(tv))) != 0)
		return error;
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return EINVAL;
	TIMEVAL_TO_TIMESPEC(&tv, &ts);
	return clock_settime1(l->l_proc, CLOCK_REALTIME, &ts, check);
}

/*
 * Intervals in ticks: rounded up, and one more since the present tick has
 * begun; at least 1, at most INT_MAX.
 */
static int
ns_ticks(int64_t sec, int64_t ns)
{
	int64_t ticks;

	if (sec < 0 || (sec == 0 && ns <= 0))
		return 0;
	if (sec > INT_MAX / HZ - 2)
		return INT_MAX;
	ticks = sec * HZ + howmany(ns, NS / HZ) + 1;
	return ticks > INT_MAX ? INT_MAX : (int)ticks;
}

int
tvtohz(const struct timeval *tv)
{

	return ns_ticks(tv->tv_sec, tv->tv_usec * INT64_C(1000));
}

int
tstohz(const struct timespec *ts)
{

	return ns_ticks(ts->tv_sec, ts->tv_nsec);
}

/* Until a wall time; 0 if that has passed. */
int
tvhzto(const struct timeval *tvp)
{
	struct timeval now, tv = *tvp;

	getmicrotime(&now);
	timersub(&tv, &now, &tv);
	return tvtohz(&tv);
}

int
tshzto(const struct timespec *tsp)
{
	struct timespec now, ts = *tsp;

	getnanotime(&now);
	timespecsub(&ts, &now, &ts);
	return tstohz(&ts);
}

/* Until an uptime. */
int
tshztoup(const struct timespec *tsp)
{
	struct timespec now, ts = *tsp;

	getnanouptime(&now);
	timespecsub(&ts, &now, &ts);
	return tstohz(&ts);
}

/* An interval that a timer can have: valid, and not shorter than a tick. */
int
itimerfix(struct timeval *tv)
{

	if (tv->tv_usec < 0 || tv->tv_usec >= 1000000 || tv->tv_sec < 0)
		return EINVAL;
	if (tv->tv_sec == 0 && tv->tv_usec != 0 && tv->tv_usec < tick)
		tv->tv_usec = tick;
	return 0;
}

int
itimespecfix(struct timespec *ts)
{

	if (ts->tv_nsec < 0 || ts->tv_nsec >= NS || ts->tv_sec < 0)
		return EINVAL;
	if (ts->tv_sec == 0 && ts->tv_nsec != 0 && ts->tv_nsec < tick * 1000)
		ts->tv_nsec = tick * 1000;
	return 0;
}

/* Before a sequence of sleeps with one timeout: when did it begin? */
int
inittimeleft(struct timespec *left, struct timespec *started)
{

	if (itimespecfix(left) != 0)
		return -1;
	getnanouptime(started);
	return 0;
}

/* Between sleeps: what is left, in ticks; 0 if nothing. */
int
gettimeleft(struct timespec *left, struct timespec *started)
{
	struct timespec now, slept;

	getnanouptime(&now);
	timespecsub(&now, started, &slept);
	timespecsub(left, &slept, left);
	*started = now;
	return tstohz(left);
}

/*
 * The timeout of a system call in ticks.  ts becomes relative; *started, if
 * given, is for gettimeleft.
 *
 * Returns 0, EINVAL, or ETIMEDOUT if the time has passed already.
 */
int
ts2timo(clockid_t clock, int flags, struct timespec *ts, int *timo, struct timespec *started)
{
	struct timespec now;
	int error;

	if (ts->tv_nsec < 0 || ts->tv_nsec >= NS || (flags & ~TIMER_ABSTIME) != 0)
		return EINVAL;
	if ((error = clock_gettime1(clock, &now)) != 0)
		return error;
	if (flags & TIMER_ABSTIME)
		timespecsub(ts, &now, ts);
	if (ts->tv_sec < 0 || !timespecisset(ts))
		return flags & TIMER_ABSTIME || timespecisset(ts) ? ETIMEDOUT : 0;
	if ((error = itimespecfix(ts)) != 0)
		return error;
	*timo = tstohz(ts);
	if (started != NULL)
		getnanouptime(started);
	return 0;
}
