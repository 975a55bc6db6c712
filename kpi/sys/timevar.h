/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's clocks.  "up" is monotonic and starts near 1 at boot; the
 * others are wall time.  The get forms promise only a tick's precision.
 * All may be called from any context.
 */
#ifndef _SYS_TIMEVAR_H_
#define _SYS_TIMEVAR_H_

#include <sys/time.h>

#ifdef _KERNEL

#define TIMER_MIN	4
#define TIMER_MAX	36
#define TIMERS_ALL	0
#define TIMERS_POSIX	1

void	bintime(struct bintime *);
void	nanotime(struct timespec *);
void	microtime(struct timeval *);
void	getbintime(struct bintime *);
void	getnanotime(struct timespec *);
void	getmicrotime(struct timeval *);

void	binuptime(struct bintime *);
void	nanouptime(struct timespec *);
void	microuptime(struct timeval *);
void	getbinuptime(struct bintime *);
void	getnanouptime(struct timespec *);
void	getmicrouptime(struct timeval *);

/* Wall time at which "up" was 0. */
void	getbinboottime(struct bintime *);
void	getnanoboottime(struct timespec *);
void	getmicroboottime(struct timeval *);

/* Seconds. */
time_t	getrealtime(void);
time_t	getuptime(void);
time_t	getboottime(void);
#define time_second	(getrealtime())
#define time_uptime	(getuptime())
#define time_second32	((uint32_t)getrealtime())
#define time_uptime32	((uint32_t)getuptime())

static __inline __unused time_t
time_mono_to_wall(time_t t)
{

	return t + getboottime();
}

static __inline __unused time_t
time_wall_to_mono(time_t t)
{

	return t - getboottime();
}

/* Intervals to ticks: at least 1, never less than the interval. */
int	tvtohz(const struct timeval *);
int	tstohz(const struct timespec *);
/* Time until an absolute uptime (hz) or wall time (real), in ticks. */
int	tvhzto(const struct timeval *);
int	tshzto(const struct timespec *);
int	tshztoup(const struct timespec *);

/* Bring an interval into range; EINVAL when that cannot be. */
int	itimerfix(struct timeval *);
int	itimespecfix(struct timespec *);

int	ratecheck(struct timeval *last, const struct timeval *interval);
int	ppsratecheck(struct timeval *last, int *curpps, int maxpps);

int	clock_gettime1(clockid_t, struct timespec *);
int	clock_settime1(struct proc *, clockid_t, const struct timespec *,
	    bool check);
int	settime(struct proc *, struct timespec *);
int	settimeofday1(const struct timeval *, bool userspace,
	    const void *, struct lwp *, bool check);

/* How much of a timeout is left, updated between sleeps. */
int	gettimeleft(struct timespec *left, struct timespec *started);
int	inittimeleft(struct timespec *left, struct timespec *started);
int	ts2timo(clockid_t, int flags, struct timespec *, int *timo,
	    struct timespec *started);

void	inittodr(time_t base);
void	resettodr(void);
void	time_init(void);
void	time_init2(void);

#endif /* _KERNEL */
#endif
