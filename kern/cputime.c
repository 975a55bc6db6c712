/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time of lwps and processes (cputime.h): reading it, and its clocks.
 *
 * A clock's number has a bit that says of what, and the number of that process
 * or of that lwp of the caller's; 0 is the caller.
 */
#include "cputime.h"

#include <sys/param.h>
#include <sys/errno.h>
#include <sys/idtype.h>
#include <sys/kauth.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/time.h>

#include "lwp.h"

#define NS		INT64_C(1000000000)
#define OF_ANYTHING	(CLOCK_PROCESS_CPUTIME_ID | CLOCK_THREAD_CPUTIME_ID)

/* Twice the same: it was not read in halves while it changed. */
int64_t
cputime_lwp(const struct lwp *l)
{
	int64_t ran, again = l->l_ran;

	do {
		ran = again;
		again = l->l_ran;
	} while (ran != again);
	return ran < 0 ? ~ran : rumpuser2_clock() - ran;
}

int64_t
cputime_proc(const struct proc *p, u_int *nlwps)
{
	int64_t sum = p->p_ran;
	const struct lwp *l;

	KASSERT(mutex_owned(p->p_lock));
	LIST_FOREACH(l, &p->p_lwps, l_sibling)
		sum += cputime_lwp(l);
	if (nlwps != NULL)
		*nlwps = (u_int)p->p_nlwps;
	return sum;
}

static int
process_ns(pid_t pid, int64_t *ns)
{
	struct proc *p;
	int error = ESRCH;

	mutex_enter(&proc_lock);
	p = pid == 0 ? curproc : proc_find(pid);
	if (p != NULL)
		error = kauth_authorize_process(kauth_cred_get(),
		    KAUTH_PROCESS_CANSEE, p,
		    KAUTH_ARG(KAUTH_REQ_PROCESS_CANSEE_ENTRY), NULL, NULL);
	if (error == 0) {
		mutex_enter(p->p_lock);
		*ns = cputime_proc(p, NULL);
		mutex_exit(p->p_lock);
	}
	mutex_exit(&proc_lock);
	return error;
}

static int
lwp_ns(lwpid_t lid, int64_t *ns)
{
	struct proc *p = curproc;
	struct lwp *l;

	mutex_enter(p->p_lock);
	l = lid == 0 ? curlwp : lwp_find(p, lid);
	if (l != NULL)
		*ns = cputime_lwp(l);
	mutex_exit(p->p_lock);
	return l != NULL ? 0 : ESRCH;
}

int
cputime_get(clockid_t clock, struct timespec *ts)
{
	int id = clock & ~OF_ANYTHING, error;
	int64_t ns = 0;

	if (clock < 0)
		return EINVAL;
	switch (clock & OF_ANYTHING) {
	case CLOCK_PROCESS_CPUTIME_ID:
		error = process_ns(id, &ns);
		break;
	case CLOCK_THREAD_CPUTIME_ID:
		error = lwp_ns(id, &ns);
		break;
	default:
		return EINVAL;
	}
	ts->tv_sec = ns / NS;
	ts->tv_nsec = (long)(ns % NS);
	return error;
}
