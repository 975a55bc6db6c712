/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times and intervals: three representations and their arithmetic.  A
 * bintime's fraction counts in units of 2^-64 s.
 */
#ifndef _SYS_TIME_H_
#define _SYS_TIME_H_

#include <sys/featuretest.h>
#include <sys/types.h>
#include <sys/timespec.h>

struct timeval {
	time_t		tv_sec;
	suseconds_t	tv_usec;	/* 0 .. 999999 */
};

struct bintime {
	time_t		sec;
	uint64_t	frac;
};

struct timezone {
	int	tz_minuteswest;
	int	tz_dsttime;
};

struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

struct itimerspec {
	struct timespec it_interval;
	struct timespec it_value;
};

/* setitimer(2). */
#define ITIMER_REAL		0
#define ITIMER_VIRTUAL		1
#define ITIMER_PROF		2
#define ITIMER_MONOTONIC	3

/* clock_gettime(2). */
#define CLOCK_REALTIME		0
#define CLOCK_VIRTUAL		1
#define CLOCK_PROF		2
#define CLOCK_MONOTONIC		3
#define CLOCK_THREAD_CPUTIME_ID		0x20000000
#define CLOCK_PROCESS_CPUTIME_ID	0x40000000

#define TIMER_RELTIME	0x0
#define TIMER_ABSTIME	0x1

/* One millisecond, microsecond, nanosecond as a fraction. */
#define BINTIME_SCALE_MS	((uint64_t)18446744073709551u)
#define BINTIME_SCALE_US	((uint64_t)18446744073709u)
#define BINTIME_SCALE_NS	((uint64_t)18446744073u)

#define TIMEVAL_TO_TIMESPEC(tv, ts) do {				\
	(ts)->tv_sec = (tv)->tv_sec;					\
	(ts)->tv_nsec = (tv)->tv_usec * 1000;				\
} while (0)
#define TIMESPEC_TO_TIMEVAL(tv, ts) do {				\
	(tv)->tv_sec = (ts)->tv_sec;					\
	(tv)->tv_usec = (suseconds_t)((ts)->tv_nsec / 1000);		\
} while (0)

#define timerclear(tvp)		((tvp)->tv_sec = 0, (tvp)->tv_usec = 0)
#define timerisset(tvp)		((tvp)->tv_sec != 0 || (tvp)->tv_usec != 0)
#define timercmp(tvp, uvp, cmp)						\
	((tvp)->tv_sec != (uvp)->tv_sec ?				\
	    (tvp)->tv_sec cmp (uvp)->tv_sec :				\
	    (tvp)->tv_usec cmp (uvp)->tv_usec)
#define timespecclear(tsp)	((tsp)->tv_sec = 0, (tsp)->tv_nsec = 0)
#define timespecisset(tsp)	((tsp)->tv_sec != 0 || (tsp)->tv_nsec != 0)
#define timespeccmp(tsp, usp, cmp)					\
	((tsp)->tv_sec != (usp)->tv_sec ?				\
	    (tsp)->tv_sec cmp (usp)->tv_sec :				\
	    (tsp)->tv_nsec cmp (usp)->tv_nsec)
#define bintimecmp(btp, ctp, cmp)					\
	((btp)->sec != (ctp)->sec ?					\
	    (btp)->sec cmp (ctp)->sec :					\
	    (btp)->frac cmp (ctp)->frac)

/* result = a + b, a - b; the result may be an operand. */
#define __time_add(a, b, r, sub, unit) do {				\
	(r)->tv_sec = (a)->tv_sec + (b)->tv_sec;			\
	(r)->sub = (a)->sub + (b)->sub;					\
	if ((r)->sub >= (unit)) {					\
		(r)->sub -= (unit);					\
		(r)->tv_sec += 1;					\
	}								\
} while (0)
#define __time_sub(a, b, r, sub, unit) do {				\
	(r)->tv_sec = (a)->tv_sec - (b)->tv_sec;			\
	(r)->sub = (a)->sub - (b)->sub;					\
	if ((r)->sub < 0) {						\
		(r)->sub += (unit);					\
		(r)->tv_sec -= 1;					\
	}								\
} while (0)
#define timeradd(tvp, uvp, vvp)	__time_add(tvp, uvp, vvp, tv_usec, 1000000)
#define timersub(tvp, uvp, vvp)	__time_sub(tvp, uvp, vvp, tv_usec, 1000000)
#define timespecadd(tsp, usp, vsp) \
	__time_add(tsp, usp, vsp, tv_nsec, 1000000000L)
#define timespecsub(tsp, usp, vsp) \
	__time_sub(tsp, usp, vsp, tv_nsec, 1000000000L)

static __inline __unused void
bintime_addx(struct bintime *bt, uint64_t frac)
{

	bt->frac += frac;
	if (bt->frac < frac)
		bt->sec++;
}

static __inline __unused void
bintime_add(struct bintime *bt, const struct bintime *add)
{
	time_t sec = add->sec;

	bintime_addx(bt, add->frac);
	bt->sec += sec;
}

static __inline __unused void
bintime_sub(struct bintime *bt, const struct bintime *bt2)
{

	bt->sec -= bt2->sec + (bt->frac < bt2->frac);
	bt->frac -= bt2->frac;
}

/* A fraction in 1/unit s, and back; unit < 2^32. */
static __inline __unused uint64_t
__bintime_from_units(uint64_t n, uint64_t unit)
{

	return n * (UINT64_MAX / unit);
}

static __inline __unused uint64_t
__bintime_to_units(uint64_t frac, uint64_t unit)
{

	return (frac >> 32) * unit >> 32;
}

static __inline __unused void
bintime2timespec(const struct bintime *bt, struct timespec *ts)
{

	ts->tv_sec = bt->sec;
	ts->tv_nsec = (long)__bintime_to_units(bt->frac, 1000000000u);
}

static __inline __unused void
timespec2bintime(const struct timespec *ts, struct bintime *bt)
{

	bt->sec = ts->tv_sec;
	bt->frac = __bintime_from_units((uint64_t)ts->tv_nsec, 1000000000u);
}

static __inline __unused void
bintime2timeval(const struct bintime *bt, struct timeval *tv)
{

	tv->tv_sec = bt->sec;
	tv->tv_usec = (suseconds_t)__bintime_to_units(bt->frac, 1000000u);
}

static __inline __unused void
timeval2bintime(const struct timeval *tv, struct bintime *bt)
{

	bt->sec = tv->tv_sec;
	bt->frac = __bintime_from_units((uint64_t)tv->tv_usec, 1000000u);
}

static __inline __unused struct bintime
ms2bintime(uint64_t ms)
{
	struct bintime bt = {
		.sec = (time_t)(ms / 1000),
		.frac = (ms % 1000) * BINTIME_SCALE_MS,
	};

	return bt;
}

static __inline __unused struct bintime
us2bintime(uint64_t us)
{
	struct bintime bt = {
		.sec = (time_t)(us / 1000000),
		.frac = (us % 1000000) * BINTIME_SCALE_US,
	};

	return bt;
}

static __inline __unused struct bintime
ns2bintime(uint64_t ns)
{
	struct bintime bt = {
		.sec = (time_t)(ns / 1000000000),
		.frac = (ns % 1000000000) * BINTIME_SCALE_NS,
	};

	return bt;
}

static __inline __unused uint64_t
bintime2ns(const struct bintime *bt)
{

	return (uint64_t)bt->sec * 1000000000u +
	    __bintime_to_units(bt->frac, 1000000000u);
}

#ifdef _KERNEL
#include <sys/timevar.h>
#endif

#endif
