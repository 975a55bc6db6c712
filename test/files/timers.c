/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timers of processes, and adjusting the clock.  The host's kernel is asked the
 * same as ours; on fibers time is virtual and says when a timer expires, to
 * the tick.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser.h>

#include "t.h"

#define STEPS		3000
#define TIMERS_MAX	32
#define NSEC		1000000000ll
#define MSEC		1000000ll

/* NetBSD's; its signals 14, 26 and 27 have the same numbers on Linux. */
struct rump_sigevent {
	int	ev_notify;
	int	ev_signo;
	union { int number; void *pointer; } ev_value;
	void	*ev_function, *ev_attributes;
};
enum { NB_P_ALL, NB_P_PID, NB_P_LWPID };
enum { NB_SIGEV_NONE, NB_SIGEV_SIGNAL, NB_SIGEV_THREAD };

static bool virtual_time;
static volatile int signals;

static void
count(int sig)
{

	signals++;
}

static void
nap(long long ns)
{
	struct rump_timespec ts = { ns / NSEC, (long)(ns % NSEC) };

	T_CHECK_EQ(rump_sys_nanosleep(&ts, NULL), 0);
}

static long long
now(int clock)
{
	struct rump_timespec ts = { 0, 0 };

	T_CHECK_EQ(rump_sys_clock_gettime(clock, &ts), 0);
	return ts.tv_sec * NSEC + ts.tv_nsec;
}

static struct rump_itimerspec
spec(long long value, long long interval)
{

	return (struct rump_itimerspec){
		{ interval / NSEC, (long)(interval % NSEC) },
		{ value / NSEC, (long)(value % NSEC) } };
}

/* Wait for n signals; on a slow machine for a while. */
static void
await(int n)
{
	int i;

	for (i = 0; i < 1000 && signals < n; i++)
		nap(10 * MSEC);
	T_CHECK(signals >= n);
}

/*
 * The same as the host's.
 */

static long
number(void)
{
	switch (rand() % 8) {
	case 0:
		return -1;
	case 1:
		return 999999 + rand() % 2;	/* the last of a second, and beyond */
	case 2:
		return 999999999 + rand() % 2;
	case 3:
	case 4:
		return 0;
	default:
		return rand() % 1000000;
	}
}

static bool
same_left(long long ours_sec, long ours_sub, long long theirs_sec, long theirs_sub)
{
	bool on = ours_sec != 0 || ours_sub != 0;

	return on == (theirs_sec != 0 || theirs_sub != 0) &&
	    llabs(ours_sec - theirs_sec) <= 100;
}

/* Far ahead, so that none expires. */
static void
itimers_like_the_host(void)
{
	static const int which[] = { 0, 1, 2, -1, 4, 99 };
	struct itimerval theirs, theirs_old;
	struct rump_itimerval ours, ours_old;
	int i, w, a, b, error;

	for (i = 0; i < STEPS && t_state.failures == 0; i++) {
		w = which[rand() % 6];
		theirs.it_value.tv_sec = rand() % 3 != 0 ? 100000 : 0;
		theirs.it_value.tv_usec = number();
		if (theirs.it_value.tv_sec == 0 && theirs.it_value.tv_usec > 0)
			theirs.it_value.tv_usec = 0;
		theirs.it_interval.tv_sec = rand() % 4 == 0 ? -1 : rand() % 9;
		theirs.it_interval.tv_usec = number();
		ours.it_value.tv_sec = theirs.it_value.tv_sec;
		ours.it_value.tv_usec = (int)theirs.it_value.tv_usec;
		ours.it_interval.tv_sec = theirs.it_interval.tv_sec;
		ours.it_interval.tv_usec = (int)theirs.it_interval.tv_usec;
		memset(&theirs_old, 0, sizeof(theirs_old));
		memset(&ours_old, 0, sizeof(ours_old));
		a = setitimer(w, &theirs, &theirs_old);
		error = a == 0 ? 0 : errno;
		b = rump_sys_setitimer(w, &ours, &ours_old);
		T_CHECK_EQ(b, a);
		T_CHECK_EQ(b == 0 ? 0 : errno, error);
		T_CHECK(same_left(ours_old.it_value.tv_sec,
		    ours_old.it_value.tv_usec, theirs_old.it_value.tv_sec,
		    theirs_old.it_value.tv_usec));
		a = getitimer(w, &theirs);
		b = rump_sys_getitimer(w, &ours);
		T_CHECK_EQ(b, a);
		if (a == 0) {
			T_CHECK(same_left(ours.it_value.tv_sec,
			    ours.it_value.tv_usec, theirs.it_value.tv_sec,
			    theirs.it_value.tv_usec));
		}
	}
	for (w = 0; w < 3; w++) {
		memset(&theirs, 0, sizeof(theirs));
		memset(&ours, 0, sizeof(ours));
		setitimer(w, &theirs, NULL);
		T_CHECK_EQ(rump_sys_setitimer(w, &ours, NULL), 0);
	}
}

static void
timers_like_the_host(void)
{
	struct rump_itimerspec ours, our_old;
	struct itimerspec theirs, their_old;
	int i, a, b, error, id, flags;
	timer_t host;

	T_ASSERT_EQ(timer_create(CLOCK_MONOTONIC, NULL, &host), 0);
	T_ASSERT_EQ(rump_sys_timer_create(RUMP_CLOCK_MONOTONIC, NULL, &id), 0);
	for (i = 0; i < STEPS && t_state.failures == 0; i++) {
		flags = rand() % 4 == 0 ? TIMER_ABSTIME : 0;
		ours = spec(0, 0);
		ours.it_value.tv_sec = rand() % 3 != 0 ? 100000000 : 0;
		ours.it_value.tv_nsec = number();
		if (ours.it_value.tv_sec == 0 && ours.it_value.tv_nsec > 0)
			ours.it_value.tv_nsec = 0;
		ours.it_interval.tv_sec = rand() % 9;
		memset(&theirs, 0, sizeof(theirs));
		theirs.it_value.tv_sec = ours.it_value.tv_sec;
		theirs.it_value.tv_nsec = ours.it_value.tv_nsec;
		theirs.it_interval.tv_sec = ours.it_interval.tv_sec;
		a = timer_settime(host, flags, &theirs, &their_old);
		error = a == 0 ? 0 : errno;
		b = rump_sys_timer_settime(id, flags == 0 ? 0 : RUMP_TIMER_ABSTIME,
		    &ours, &our_old);
		T_CHECK_EQ(b, a);
		T_CHECK_EQ(b == 0 ? 0 : errno, error);
		T_CHECK_EQ(timer_gettime(host, &theirs), 0);
		T_CHECK_EQ(rump_sys_timer_gettime(id, &ours), 0);
		T_CHECK_EQ(ours.it_value.tv_sec != 0 || ours.it_value.tv_nsec != 0,
		    theirs.it_value.tv_sec != 0 || theirs.it_value.tv_nsec != 0);
		T_CHECK_EQ(rump_sys_timer_getoverrun(id), timer_getoverrun(host));
	}
	T_CHECK_EQ(timer_delete(host), 0);
	T_CHECK_EQ(rump_sys_timer_delete(id), 0);
}

/*
 * What no host can judge.
 */

static void
errors(void)
{
	struct rump_sigevent ev = { .ev_notify = NB_SIGEV_SIGNAL };
	struct rump_itimerspec its = spec(0, 0);
	int id, ids[TIMERS_MAX], i;

	T_CHECK_ERR(rump_sys_timer_create(RUMP_CLOCK_REALTIME, &ev,
	    &id), RUMP_EINVAL);
	ev.ev_signo = 64;
	T_CHECK_ERR(rump_sys_timer_create(RUMP_CLOCK_REALTIME, &ev,
	    &id), RUMP_EINVAL);
	ev.ev_notify = NB_SIGEV_THREAD;
	T_CHECK_ERR(rump_sys_timer_create(RUMP_CLOCK_REALTIME, &ev,
	    &id), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_timer_create(77, NULL, &id), RUMP_EINVAL);
	for (i = 0; i < TIMERS_MAX; i++)
		T_ASSERT_EQ(rump_sys_timer_create(i % 4, NULL, &ids[i]), 0);
	T_CHECK_ERR(rump_sys_timer_create(0, NULL, &id), RUMP_EAGAIN);
	for (i = 0; i < TIMERS_MAX; i++)
		T_CHECK_EQ(rump_sys_timer_delete(ids[i]), 0);
	for (i = -1; i < 40; i++) {
		T_CHECK_ERR(rump_sys_timer_delete(i), RUMP_EINVAL);
		T_CHECK_ERR(rump_sys_timer_settime(i, 0, &its, NULL), RUMP_EINVAL);
		T_CHECK_ERR(rump_sys_timer_gettime(i, &its), RUMP_EINVAL);
		T_CHECK_ERR(rump_sys_timer_getoverrun(i), RUMP_EINVAL);
	}
}

/* SIGEV_NONE: it counts, and that is all. */
static void
silent(void)
{
	struct rump_sigevent ev = { .ev_notify = NB_SIGEV_NONE };
	struct rump_itimerspec its = spec(20 * MSEC, 0);
	int id, before = signals;

	T_ASSERT_EQ(rump_sys_timer_create(RUMP_CLOCK_MONOTONIC, &ev, &id), 0);
	T_ASSERT_EQ(rump_sys_timer_settime(id, 0, &its, NULL), 0);
	while (its.it_value.tv_nsec != 0 && t_state.failures == 0) {
		nap(10 * MSEC);
		T_CHECK_EQ(rump_sys_timer_gettime(id, &its), 0);
	}
	T_CHECK_EQ(signals, before);
	T_CHECK_EQ(rump_sys_timer_delete(id), 0);
}

/* Each expires at its time, and not before. */
static void
expiry(void)
{
	struct rump_itimerval itv = { { 0, 100000 }, { 0, 55000 } }, old;
	long long start = now(RUMP_CLOCK_MONOTONIC);

	signals = 0;
	T_ASSERT_EQ(rump_sys_setitimer(RUMP_ITIMER_REAL, &itv, NULL), 0);
	await(1);
	T_CHECK(now(RUMP_CLOCK_MONOTONIC) - start >= 55 * MSEC);
	if (virtual_time) {
		nap(start + NSEC - now(RUMP_CLOCK_MONOTONIC));
		T_CHECK_EQ(signals, 10);	/* at 55, 155, … 955 ms */
	} else
		await(3);
	memset(&itv, 0, sizeof(itv));
	T_CHECK_EQ(rump_sys_setitimer(RUMP_ITIMER_REAL, &itv, &old), 0);
	T_CHECK_EQ(old.it_interval.tv_usec, 100000);
	T_CHECK(old.it_value.tv_sec == 0 && old.it_value.tv_usec > 0);
	T_CHECK_EQ(rump_sys_getitimer(RUMP_ITIMER_REAL, &itv), 0);
	T_CHECK(itv.it_value.tv_sec == 0 && itv.it_value.tv_usec == 0);
}

/* One that waits for a wall time notices that the clock is set. */
static void
wall_time(void)
{
	long long real = now(RUMP_CLOCK_REALTIME);
	struct rump_timespec ts = { real / NSEC + 5000, 0 };
	struct rump_itimerspec its = { { 0, 0 }, ts };
	int id;

	signals = 0;
	T_ASSERT_EQ(rump_sys_timer_create(RUMP_CLOCK_REALTIME, NULL, &id), 0);
	T_ASSERT_EQ(rump_sys_timer_settime(id, RUMP_TIMER_ABSTIME, &its, NULL), 0);
	nap(30 * MSEC);
	T_CHECK_EQ(signals, 0);
	T_CHECK_EQ(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &ts), 0);
	await(1);
	T_CHECK_EQ(rump_sys_timer_gettime(id, &its), 0);
	T_CHECK(its.it_value.tv_sec == 0 && its.it_value.tv_nsec == 0);
	/* A time that has passed. */
	its = spec(5 * NSEC, 0);
	T_ASSERT_EQ(rump_sys_timer_settime(id, RUMP_TIMER_ABSTIME, &its, NULL), 0);
	await(2);
	T_CHECK_EQ(rump_sys_timer_delete(id), 0);
	nap(30 * MSEC);
	T_CHECK_EQ(signals, 2);
}

/* A signal that nobody takes: those that follow are overruns. */
static void
overruns(void)
{
	struct rump_sigevent ev = { NB_SIGEV_SIGNAL, 31, { 0 }, NULL, NULL };
	struct rump_itimerspec its = spec(10 * MSEC, 20 * MSEC);
	int i, id;

	rump_boot_setsigmodel(RUMP_SIGMODEL_RECORD);
	T_ASSERT_EQ(rump_sys_timer_create(RUMP_CLOCK_MONOTONIC, &ev,
	    &id), 0);
	T_ASSERT_EQ(rump_sys_timer_settime(id, 0, &its, NULL), 0);
	for (i = 0; i < 1000 && rump_sys_timer_getoverrun(id) < 4; i++)
		nap(10 * MSEC);
	T_CHECK(rump_sys_timer_getoverrun(id) >= 4);
	T_CHECK_EQ(rump_sys_timer_delete(id), 0);
	rump_boot_setsigmodel(RUMP_SIGMODEL_RAISE);
}

/* A process's timers end with it, armed or not. */
static void
process_ends(void)
{
	struct rump_itimerval itv = { { 0, 10000 }, { 0, 10000 } };
	struct rump_itimerspec its = spec(10 * MSEC, 10 * MSEC);
	int i, j, id, before;

	for (i = 0; i < 20; i++) {
		T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
		T_CHECK_EQ(rump_sys_setitimer(RUMP_ITIMER_MONOTONIC, &itv, NULL), 0);
		for (j = 0; j < 4; j++) {
			T_ASSERT_EQ(rump_sys_timer_create(j, NULL, &id), 0);
			T_CHECK_EQ(rump_sys_timer_settime(id, 0, &its, NULL), 0);
		}
		if (i % 4 == 0)
			nap(25 * MSEC);
		rump_pub_lwproc_releaselwp();
	}
	before = signals;
	nap(50 * MSEC);
	T_CHECK_EQ(signals, before);
}

/* 500 us in a second; more than a second's worth ten times as fast. */
static void
adjtime_slews(void)
{
	struct rump_timeval delta = { 0, -400 }, old;
	long long mono, real, last, t;
	int i;

	T_CHECK_EQ(rump_sys_adjtime(&delta, &old), 0);
	T_CHECK(old.tv_sec == 0 && old.tv_usec == 0);
	last = now(RUMP_CLOCK_REALTIME);
	for (i = 0; i < 2000; i++) {
		t = now(RUMP_CLOCK_REALTIME);
		T_ASSERT(t >= last);
		last = t;
	}
	delta.tv_usec = 0;
	T_CHECK_EQ(rump_sys_adjtime(&delta, &old), 0);
	T_CHECK(old.tv_sec <= 0);
	if (!virtual_time)
		return;
	delta = (struct rump_timeval){ 0, 1000 };
	mono = now(RUMP_CLOCK_MONOTONIC), real = now(RUMP_CLOCK_REALTIME);
	T_CHECK_EQ(rump_sys_adjtime(&delta, NULL), 0);
	nap(NSEC);
	t = now(RUMP_CLOCK_REALTIME) - real - (now(RUMP_CLOCK_MONOTONIC) - mono);
	T_CHECK(t >= 499000 && t < 520000);
	T_CHECK_EQ(rump_sys_adjtime(NULL, &old), 0);
	T_CHECK(old.tv_sec == 0 && old.tv_usec > 470 && old.tv_usec <= 500);
	nap(2 * NSEC);
	t = now(RUMP_CLOCK_REALTIME) - real - (now(RUMP_CLOCK_MONOTONIC) - mono);
	T_CHECK(t >= 999000 && t <= 1001000);
	T_CHECK_EQ(rump_sys_adjtime(NULL, &old), 0);
	T_CHECK(old.tv_sec == 0 && old.tv_usec == 0);
}

/*
 * Time of processes.
 */

/* The program works for so long; where time is virtual it has to be waited for. */
static void
work(long long ns)
{
	int64_t end = rumpuser2_clock() + ns;

	while (rumpuser2_clock() < end) {
		if (virtual_time)
			rumpuser2_park(end);
	}
}

/* Each look at the virtual clock takes a moment. */
#define LOOKS		(MSEC / 100)

static bool
about(long long ns, long long want)
{

	return ns >= want && (!virtual_time || ns < want + LOOKS);
}

/* It passes while the program works, and stands still while it sleeps. */
static void
process_time(void)
{
	long long p, t, start, all = now(RUMP_CLOCK_MONOTONIC);

	p = now(RUMP_CLOCK_PROCESS_CPUTIME_ID);
	t = now(RUMP_CLOCK_THREAD_CPUTIME_ID);
	work(70 * MSEC);
	T_CHECK(about(now(RUMP_CLOCK_PROCESS_CPUTIME_ID) - p, 70 * MSEC));
	T_CHECK(about(now(RUMP_CLOCK_THREAD_CPUTIME_ID) - t, 70 * MSEC));
	start = now(RUMP_CLOCK_MONOTONIC);
	nap(300 * MSEC);
	T_CHECK(now(RUMP_CLOCK_MONOTONIC) - start >= 300 * MSEC);
	t = now(RUMP_CLOCK_THREAD_CPUTIME_ID) - t;
	all = now(RUMP_CLOCK_MONOTONIC) - all;
	T_CHECK(about(t, 70 * MSEC) && t <= all - 300 * MSEC);
}

/* A process begins with none; what an lwp did stays when it is gone. */
static void
process_times(void)
{
	long long before = now(RUMP_CLOCK_PROCESS_CPUTIME_ID);
	int parent = rump_sys_getpid(), pid, clock, own;
	struct rump_timespec ts = { 0, 0 };
	struct lwp *first;

	T_CHECK_EQ(rump_sys_clock_getcpuclockid2(NB_P_PID, 0, &clock), 0);
	T_CHECK_EQ(clock, RUMP_CLOCK_PROCESS_CPUTIME_ID | parent);
	work(30 * MSEC);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	first = rump_pub_lwproc_curlwp();
	pid = rump_sys_getpid();
	T_CHECK(about(now(RUMP_CLOCK_PROCESS_CPUTIME_ID), 0));
	T_ASSERT_EQ(rump_pub_lwproc_newlwp(pid), 0);
	work(20 * MSEC);
	T_CHECK(about(now(RUMP_CLOCK_THREAD_CPUTIME_ID), 20 * MSEC));
	rump_pub_lwproc_releaselwp();
	work(10 * MSEC);			/* for the parent */
	rump_pub_lwproc_switch(first);
	T_CHECK(about(now(RUMP_CLOCK_PROCESS_CPUTIME_ID), 20 * MSEC));
	T_CHECK_EQ(rump_sys_clock_getcpuclockid2(NB_P_LWPID, 0, &own), 0);
	T_CHECK(about(now(own), 0));
	T_CHECK(about(now(clock) - before, 40 * MSEC));
	T_CHECK_EQ(rump_sys_clock_getres(clock, &ts), 0);
	T_CHECK_ERR(rump_sys_clock_settime(clock, &ts), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_clock_nanosleep(clock, 0, &ts, NULL), RUMP_EOPNOTSUPP);
	T_CHECK_ERR(rump_sys_clock_getcpuclockid2(NB_P_PID, 29999, &clock),
	    RUMP_ESRCH);
	T_CHECK_ERR(rump_sys_clock_getcpuclockid2(NB_P_LWPID, 1 << 29, &clock),
	    RUMP_ESRCH);
	T_CHECK_ERR(rump_sys_clock_getcpuclockid2(77, 0, &clock), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_clock_gettime(clock | 1 << 29, &ts), RUMP_EINVAL);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys_getpid(), parent);
}

/* They expire when the process has worked for so long, however it has slept. */
static void
process_timers(void)
{
	static const int which[] = { RUMP_ITIMER_VIRTUAL, RUMP_ITIMER_PROF };
	struct rump_itimerval itv = { { 0, 40000 }, { 0, 100000 } }, off, left;
	long long start;
	size_t i;
	int n;

	memset(&off, 0, sizeof(off));
	for (i = 0; i < sizeof(which) / sizeof(which[0]); i++) {
		signals = 0;
		start = now(RUMP_CLOCK_PROCESS_CPUTIME_ID);
		T_ASSERT_EQ(rump_sys_setitimer(which[i], &itv, NULL), 0);
		nap(500 * MSEC);
		T_CHECK(!virtual_time || signals == 0);
		while (signals == 0)
			work(MSEC);
		T_CHECK(now(RUMP_CLOCK_PROCESS_CPUTIME_ID) - start >= 100 * MSEC);
		if (virtual_time) {
			T_CHECK(now(RUMP_CLOCK_PROCESS_CPUTIME_ID) - start <=
			    130 * MSEC);
			work(200 * MSEC);
			n = signals;
			T_CHECK(n == 5 || n == 6);
		}
		T_CHECK_EQ(rump_sys_setitimer(which[i], &off, &left), 0);
		T_CHECK_EQ(left.it_interval.tv_usec, 40000);
		n = signals;
		work(150 * MSEC);
		T_CHECK(signals <= n + 1);	/* one was on its way */
	}
}

/* Who sleeps until a wall time wakes when the clock is set to it, not before. */
static volatile int woken;

static void *
until_wall(void *arg)
{
	struct rump_timespec *ts = arg;

	T_CHECK_EQ(rump_sys_clock_nanosleep(RUMP_CLOCK_REALTIME,
	    RUMP_TIMER_ABSTIME, ts, NULL), 0);
	T_CHECK(now(RUMP_CLOCK_REALTIME) >= ts->tv_sec * NSEC);
	woken = 1;
	return NULL;
}

static void
sleep_follows_the_clock(void)
{
	long long real = now(RUMP_CLOCK_REALTIME);
	struct rump_timespec end = { real / NSEC + 5000, 0 }, ts = end;
	struct rump_timespec back = { real / NSEC, (long)(real % NSEC) };
	void *thread;
	int error;

	rump_schedule();
	error = rumpuser_thread_create(until_wall, &end, "sleeper", 1, 0, -1,
	    &thread);
	rump_unschedule();
	T_ASSERT_EQ(error, 0);
	nap(30 * MSEC);
	ts.tv_sec = end.tv_sec - 9000;
	T_CHECK_EQ(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &ts), 0);
	nap(30 * MSEC);
	ts.tv_sec = end.tv_sec - 1000;
	T_CHECK_EQ(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &ts), 0);
	nap(30 * MSEC);
	T_CHECK_EQ(woken, 0);
	T_CHECK_EQ(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &end), 0);
	rump_schedule();
	T_CHECK_EQ(rumpuser_thread_join(thread), 0);
	rump_unschedule();
	T_CHECK_EQ(woken, 1);
	T_CHECK_EQ(rump_sys_clock_settime(RUMP_CLOCK_REALTIME, &back), 0);
}

static const struct t_case cases[] = {
	T(itimers_like_the_host),
	T(timers_like_the_host),
	T(errors),
	T(silent),
	T(expiry),
	T(wall_time),
	T(overruns),
	T(process_ends),
	T(adjtime_slews),
	T(process_time),
	T(process_times),
	T(process_timers),
	T(sleep_follows_the_clock),
};

int
main(int argc, char **argv)
{

	signal(SIGALRM, count);
	signal(SIGVTALRM, count);
	signal(SIGPROF, count);
	virtual_time = strstr(argv[0], "fiber") != NULL;
	setenv("RUMP_SIM_SEED", "1", 1);	/* of fibers alone */
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
