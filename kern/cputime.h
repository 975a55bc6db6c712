/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time of lwps and processes.
 *
 * Nothing looks at who runs (there is no hardclock), and nobody pays at the
 * kernel's doors.  What is known is when an lwp waits.  So an lwp's time is all
 * that passes while a thread has it, but what it sleeps in the kernel, for
 * events, locks, a hypercall, or its CPU after one of them.  It is not known what a
 * thread does outside, nor how long its calls take: all of a program's time
 * counts as user time, a wait for its host too, and none as system time.
 *
 * One word has it all, so that others can read it: while time passes, the
 * moment of the host's clock at which it would have been 0; while it stands
 * still, ~ the time.  Its owner alone writes it.
 */
#ifndef _KERN_CPUTIME_H_
#define _KERN_CPUTIME_H_

#include <sys/lwp.h>

#include <rump/rumpuser.h>

struct proc;

#define CPUTIME_NONE	(~INT64_C(0))

/* From now on the lwp's time passes; it may have done so. */
static __inline __unused void
cputime_start(struct lwp *l)
{

	if (l->l_ran < 0)
		l->l_ran = rumpuser2_clock() - ~l->l_ran;
}

static __inline __unused void
cputime_stop(struct lwp *l)
{

	if (l->l_ran >= 0)
		l->l_ran = ~(rumpuser2_clock() - l->l_ran);
}

/* In ns.  Any lwp that cannot go away. */
int64_t	cputime_lwp(const struct lwp *l);

/*
 * Of those that it has and of those that it had, in ns.
 *
 * nlwps   out, if not NULL: how many it has, thus how fast it may go.
 *
 * Locks: p_lock is held.
 */
int64_t	cputime_proc(const struct proc *p, u_int *nlwps);

/*
 * Read a clock of clock_getcpuclockid2.
 *
 * Returns 0, EINVAL if it is none, ESRCH if what it counts is gone, or EPERM.
 * Context: thread.
 */
int	cputime_get(clockid_t clock, struct timespec *ts);

#endif
