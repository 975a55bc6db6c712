/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals.  No code of a program is interrupted by one, and no system call
 * returns early because of one.  What psignal and its kin do is the boot's
 * choice, the signal model:
 *
 *   PANIC    a signal is a bug                 IGNORE   nothing
 *   RAISE    the host's process gets it, or the remote client's (default)
 *   RECORD   it is remembered: sigpending shows it
 *
 * Sets of pending signals and masks are under the process's p_lock.
 */
#include <sys/signalvar.h>

#include <sys/kmem.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-private/files.h>
#include <rump-sys/kern.h>
#include <rump/rump.h>
#include <rump/rumpuser.h>

static enum rump_sigmodel sigmodel = RUMP_SIGMODEL_RAISE;

static const sigset_t cantmask = {
	.__bits = { __sigmask(SIGKILL) | __sigmask(SIGSTOP) }
};

void
rump_boot_setsigmodel(enum rump_sigmodel model)
{

	sigmodel = model;
}

static void
record(struct proc *p, int sig)
{

	mutex_enter(p->p_lock);
	if (!sigismember(&p->p_sigctx.ps_sigignore, sig))
		sigaddset(&p->p_sigpend.sp_set, sig);
	mutex_exit(p->p_lock);
}

/* As rump kernels do it: a failure to raise is nobody's concern. */
static void
raise(struct proc *p, int sig)
{

	if (RUMP_LOCALPROC_P(p))
		(void)rumpuser_kill(p->p_pid, sig);
	else if (rump_sysproxy_ops.rspo_raise != NULL)
		(void)rump_sysproxy_raise(p->p_vmspace, sig);
}

static void
deliver(struct proc *p, int sig)
{

	KASSERT(sig > 0 && sig < NSIG);
	proc_event_signal(p, sig);
	switch (sigmodel) {
	case RUMP_SIGMODEL_PANIC:
		panic("signal %d to process %d", sig, p->p_pid);
	case RUMP_SIGMODEL_IGNORE:
		break;
	case RUMP_SIGMODEL_RAISE:
		raise(p, sig);
		break;
	case RUMP_SIGMODEL_RECORD:
		record(p, sig);
		break;
	default:
		break;
	}
}

/*
 * Sending.
 */

void
psignal(struct proc *p, int sig)
{

	deliver(p, sig);
}

void
kpsignal2(struct proc *p, ksiginfo_t *ksi)
{

	deliver(p, ksi->ksi_signo);
}

void
kpsignal(struct proc *p, ksiginfo_t *ksi, void *data)
{

	deliver(p, ksi->ksi_signo);
}

void
pgsignal(struct pgrp *pg, int sig, int checkctty)
{
	struct proc *p;

	KASSERT(mutex_owned(&proc_lock));
	if (pg == NULL)
		return;
	LIST_FOREACH(p, &pg->pg_members, p_pglist) {
		if (!checkctty || (p->p_lflag & PL_CONTROLT) != 0)
			deliver(p, sig);
	}
}

void
kpgsignal(struct pgrp *pg, ksiginfo_t *ksi, void *data, int checkctty)
{

	pgsignal(pg, ksi->ksi_signo, checkctty);
}

/*
 * Looking, and masks.
 */

int
sigismasked(struct lwp *l, int sig)
{

	return sigismember(&l->l_proc->p_sigctx.ps_sigignore, sig) ||
	    sigismember(&l->l_sigmask, sig);
}

/* Is it pending and not masked?  sig 0: any. */
int
sigispending(struct lwp *l, int sig)
{
	sigset_t set;
	int i, pending = 0;

	sigpending1(l, &set);
	sigminusset(&l->l_sigmask, &set);
	for (i = sig != 0 ? sig : 1; i < NSIG && !pending; i++) {
		pending = sigismember(&set, i);
		if (sig != 0)
			break;
	}
	return pending ? EINTR : 0;
}

int
issignal(struct lwp *l)
{

	return 0;
}

void
sigpending1(struct lwp *l, sigset_t *set)
{

	mutex_enter(l->l_proc->p_lock);
	*set = l->l_sigpend.sp_set;
	sigplusset(&l->l_proc->p_sigpend.sp_set, set);
	mutex_exit(l->l_proc->p_lock);
}

int
sigprocmask1(struct lwp *l, int how, const sigset_t *set, sigset_t *old)
{
	sigset_t *mask = &l->l_sigmask;

	if (old != NULL)
		*old = *mask;
	if (set == NULL)
		return 0;
	switch (how) {
	case SIG_BLOCK:
		sigplusset(set, mask);
		break;
	case SIG_UNBLOCK:
		sigminusset(set, mask);
		break;
	case SIG_SETMASK:
		*mask = *set;
		break;
	default:
		return EINVAL;
	}
	sigminusset(&cantmask, mask);
	return 0;
}

void
sigsuspendsetup(struct lwp *l, const sigset_t *set)
{

	mutex_enter(l->l_proc->p_lock);
	l->l_sigrestore = 1;
	l->l_sigoldmask = l->l_sigmask;
	l->l_sigmask = *set;
	sigminusset(&cantmask, &l->l_sigmask);
	mutex_exit(l->l_proc->p_lock);
}

void
sigsuspendteardown(struct lwp *l)
{

	mutex_enter(l->l_proc->p_lock);
	if (l->l_sigrestore) {
		l->l_sigrestore = 0;
		l->l_sigmask = l->l_sigoldmask;
	}
	mutex_exit(l->l_proc->p_lock);
}

/* Forget what is pending; p_lock is held.  mask NULL: all. */
void
sigclearall(struct proc *p, const sigset_t *mask, ksiginfoq_t *kq)
{
	struct lwp *l;

	KASSERT(mutex_owned(p->p_lock));
	if (mask == NULL) {
		sigemptyset(&p->p_sigpend.sp_set);
	} else
		sigminusset(mask, &p->p_sigpend.sp_set);
	LIST_FOREACH(l, &p->p_lwps, l_sibling) {
		if (mask == NULL) {
			sigemptyset(&l->l_sigpend.sp_set);
		} else
			sigminusset(mask, &l->l_sigpend.sp_set);
	}
}

void
ksiginfo_queue_drain0(ksiginfoq_t *kq)
{
	ksiginfo_t *ksi;

	while ((ksi = TAILQ_FIRST(kq)) != NULL) {
		TAILQ_REMOVE(kq, ksi, ksi_list);
		kmem_free(ksi, sizeof(*ksi));
	}
}
