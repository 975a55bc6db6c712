/* SPDX-License-Identifier: BSD-2-Clause */
/* Timers of processes: see timers.c. */
#ifndef _FILES_TIMERS_H_
#define _FILES_TIMERS_H_

struct proc;
struct timeval;

/* The process ends, and has no lwp any more: its timers are gone. */
void	timers_exit(struct proc *);

/* Wall time was set: those that wait for one look at it. */
void	timers_clock_set(void);

/*
 * Have wall time go faster or slower until it is delta off; it never goes back
 * (thr/time.c).
 *
 * delta   NULL: go on as before.
 * old     out: what was left to do until now.
 */
void	time_adjust(const struct timeval *delta, struct timeval *old);

#endif
