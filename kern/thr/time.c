/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's clocks, and arithmetic on intervals.
 *
 * There is one source of time, the host's monotonic clock (rumpuser2_clock, in
 * ns).  "Uptime" counts it from 1 s at boot.  Wall time is uptime plus an
 * offset that is taken from the host once, at boot, and that settime changes,
 * at once, and adjtime, bit by bit; the host's own clock is never set.  There are no ticks either: a tick count
 * is uptime in units of 1/hz s, so the get* functions are exact too.
 *
 * Locks: the wall offset is read as one word where the CPU can and nothing is
 * to be adjusted, else under time_lock; and changed under it.
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

#include "cputime.h"
#include "files/timers.h"

#define NS	INT64_C(1000000000)
#define HZ	100
#define DELAY_SPINS	500

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

/*
 * An adjustment: so much to be added to wall_ns, from an uptime on, by SLEW_PPM;
 * one of more than a second ten times as fast.  Under time_lock.
 */
#define SLEW_PPM	500
#define SLEW_SEC_MAX	INT64_C(1000000000)
static volatile bool slewing;
static int64_t slew_ns, slew_from_ns;

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

static void
wall_set_locked(int64_t ns)
{

#ifdef __HAVE_ATOMIC64_LOADSTORE
	atomic_store_relaxed(&wall_ns, ns);
#else
	wall_ns = ns;
#endif
}

/* How much of the adjustment is done; it is put into the offset when all is. */
static int64_t
slewed_locked(void)
{
	int64_t all = slew_ns, size = all < 0 ? -all : all;
	int64_t rate = size > NS ? 10 * SLEW_PPM : SLEW_PPM;
	int64_t past = uptime_ns() - slew_from_ns;
	int64_t done = past / 1000000 * rate + past % 1000000 * rate / 1000000;

	if (!slewing)
		return 0;
	if (done < size)
		return all < 0 ? -done : done;
	wall_set_locked(wall_ns + all);
	atomic_store_release(&slewing, false);
	return 0;
}

static int64_t
wall_offset_ns(void)
{
	int64_t ns;

#ifdef __HAVE_ATOMIC64_LOADSTORE
	if (__predict_true(!atomic_load_acquire(&slewing)))
		return atomic_load_relaxed(&wall_ns);
#endif
	mutex_enter(&time_lock);
	ns = slewed_locked();
	ns += wall_ns;
	mutex_exit(&time_lock);
	return ns;
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

/*
 * Wait, in microseconds, and keep the CPU.  After a while the thread parks:
 * the time is not worth burning, and a virtual clock goes on only when
 * somebody waits for it.
 */
void
rump_delay(unsigned int us)
{
	int64_t end = rumpuser2_clock() + us * INT64_C(1000);
	unsigned int spins = 0;

	while (rumpuser2_clock() < end)
		if (spins++ >= DELAY_SPINS)
			(void)rumpuser2_park(end);
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

void
time_adjust(const struct timeval *delta, struct timeval *old)
{
	int64_t done, left;

	mutex_enter(&time_lock);
	done = slewed_locked();
	left = slewing ? slew_ns - done : 0;
	if (delta != NULL) {
		wall_set_locked(wall_ns + done);
		slew_ns = MIN(MAX(delta->tv_sec, -SLEW_SEC_MAX), SLEW_SEC_MAX) *
		    NS + delta->tv_usec % 1000000 * INT64_C(1000);
		slew_from_ns = uptime_ns();
		atomic_store_release(&slewing, slew_ns != 0);
	}
	mutex_exit(&time_lock);
	*old = ns_timeval(left);
}

/* Set wall time; an adjustment is off. */
void
tc_setclock(const struct timespec *ts)
{
	int64_t ns;

	mutex_enter(&time_lock);
	ns = timespec_ns(ts) - uptime_ns();
	wall_set_locked(ns);
	atomic_store_release(&slewing, false);
	mutex_exit(&time_lock);
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

/* Read a clock: wall time, uptime, or time of a process or an lwp. */
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
		return cputime_get(clock, ts);
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

static int
ticks_until(int64_t then, int64_t now)
{

	return then <= now ? 0 : ns_ticks((then - now) / NS, (then - now) % NS);
}

/* Until a wall time; 0 if that has passed. */
int
tvhzto(const struct timeval *tv)
{

	return ticks_until(tv->tv_sec * NS + tv->tv_usec * INT64_C(1000),
	    wall_offset_ns() + uptime_ns());
}

int
tshzto(const struct timespec *ts)
{

	return ticks_until(timespec_ns(ts), wall_offset_ns() + uptime_ns());
}

/* Until an uptime. */
int
tshztoup(const struct timespec *ts)
{

	return ticks_until(timespec_ns(ts), uptime_ns());
}

/* The shortest interval a timer can have, in ns: a tick; 0 disarms it. */
static int64_t
timer_interval(int64_t ns)
{

	return ns == 0 ? 0 : MAX(ns, NS / HZ);
}

/* Make an interval one that a timer can have; EINVAL if it is no interval. */
int
itimespecfix(struct timespec *ts)
{

	if (ts->tv_sec < 0 || (uint64_t)ts->tv_nsec >= (uint64_t)NS)
		return EINVAL;
	if (ts->tv_sec == 0)
		ts->tv_nsec = (long)timer_interval(ts->tv_nsec);
	return 0;
}

int
itimerfix(struct timeval *tv)
{

	if (tv->tv_sec < 0 || (unsigned int)tv->tv_usec >= 1000000)
		return EINVAL;
	if (tv->tv_sec == 0)
		tv->tv_usec = (suseconds_t)(timer_interval(tv->tv_usec * INT64_C(1000)) / 1000);
	return 0;
}

/*
 * A timeout that several sleeps share: *since is set when it begins, and each
 * call of gettimeleft takes off what has passed since the last one.
 */
int
inittimeleft(struct timespec *left, struct timespec *since)
{
	int error = itimespecfix(left);

	*since = ns_timespec(uptime_ns());
	return error == 0 ? 0 : -1;
}

/* What is left, in ticks; 0 if nothing. */
int
gettimeleft(struct timespec *left, struct timespec *since)
{
	int64_t now = uptime_ns();

	*left = ns_timespec(timespec_ns(left) - (now - timespec_ns(since)));
	*since = ns_timespec(now);
	return tstohz(left);
}

static bool
valid_ns(const struct timespec *ts)
{

	return ts->tv_nsec >= 0 && ts->tv_nsec < NS && ts->tv_sec < INT64_MAX / NS &&
	    ts->tv_sec > -(INT64_MAX / NS);
}

/*
 * The timeout of a system call in ticks.  *ts becomes an interval; *since, if
 * given, is for gettimeleft.
 *
 * Returns 0, EINVAL, or ETIMEDOUT if an absolute time has passed already.
 */
int
ts2timo(clockid_t clock, int flags, struct timespec *ts, int *timo, struct timespec *since)
{
	bool absolute = (flags & TIMER_ABSTIME) != 0;
	struct timespec now;
	int64_t left;

	if (!valid_ns(ts) || (flags & ~TIMER_ABSTIME) != 0 ||
	    (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC))
		return EINVAL;
	(void)clock_gettime1(clock, &now);
	left = timespec_ns(ts) - (absolute ? timespec_ns(&now) : 0);
	*ts = ns_timespec(left);
	if (left < 0 || (absolute && left == 0))
		return ETIMEDOUT;
	if (since != NULL)
		*since = ns_timespec(uptime_ns());
	if (left > 0 && left < tick * INT64_C(1000))
		*ts = ns_timespec(tick * INT64_C(1000));
	*timo = tstohz(ts);
	return 0;
}
