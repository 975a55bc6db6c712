/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals.  No code of a program is interrupted by one, and no system call
 * returns early because of one.  What psignal and its kin do is the boot's
 * choice, the signal model:
 *
 *   PANIC    a signal is a bug                 IGNORE   nothing
 *   RAISE    the host's process gets it, or the remote client's (default)
 *   RECORD   it is remembered, with what is known about it, until sigclearall;
 *            of several of a number, the last
 *
 * What is known, a timer's value for instance, goes no further in the other
 * models: a host's signal is just a number.
 *
 * The model is the program's choice, and stays over halts.  Sets of pending
 * signals, what is known about them, and masks are under the process's p_lock.
 */
#include <sys/signalvar.h>

#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-private/files.h>
#include <rump-sys/kern.h>
#include <rump/rump.h>
#include <rump/rumpuser.h>

#include "sched.h"

static enum rump_sigmodel sigmodel __rump_keep = RUMP_SIGMODEL_RAISE;

/* Queued ksiginfos; callouts put them there. */
static struct pool ksiginfo_pool;

static const sigset_t cantmask = {
	.__bits = { __sigmask(SIGKILL) | __sigmask(SIGSTOP) }
};

void
rump_boot_setsigmodel(enum rump_sigmodel model)
{

	sigmodel = model;
}

void
signal_init(void)
{

	pool_init(&ksiginfo_pool, sizeof(ksiginfo_t), 0, 0, 0, "ksiginfo",
	    NULL, IPL_SOFTCLOCK);
}

/* Without memory only the number is remembered. */
static void
queue_info(sigpend_t *sp, const ksiginfo_t *ksi)
{
	ksiginfo_t *queued;

	TAILQ_FOREACH(queued, &sp->sp_info, ksi_list) {
		if (queued->ksi_signo == ksi->ksi_signo)
			break;
	}
	if (queued == NULL) {
		queued = pool_get(&ksiginfo_pool, PR_NOWAIT);
		if (queued == NULL)
			return;
		TAILQ_INSERT_TAIL(&sp->sp_info, queued, ksi_list);
	}
	KSI_COPY(ksi, queued);
	queued->ksi_flags |= KSI_QUEUED | KSI_FROMPOOL;
}

static void
record(struct proc *p, const ksiginfo_t *ksi)
{

	mutex_enter(p->p_lock);
	if (!sigismember(&p->p_sigctx.ps_sigignore, ksi->ksi_signo)) {
		sigaddset(&p->p_sigpend.sp_set, ksi->ksi_signo);
		if (!KSI_EMPTY_P(ksi))
			queue_info(&p->p_sigpend, ksi);
	}
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
deliver(struct proc *p, const ksiginfo_t *ksi)
{
	int sig = ksi->ksi_signo;

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
		record(p, ksi);
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
	ksiginfo_t ksi;

	KSI_INIT_EMPTY(&ksi);
	ksi.ksi_signo = sig;
	deliver(p, &ksi);
}

void
kpsignal2(struct proc *p, ksiginfo_t *ksi)
{

	deliver(p, ksi);
}

void
kpsignal(struct proc *p, ksiginfo_t *ksi, void *data)
{

	deliver(p, ksi);
}

void
kpgsignal(struct pgrp *pg, ksiginfo_t *ksi, void *data, int checkctty)
{
	struct proc *p;

	KASSERT(mutex_owned(&proc_lock));
	if (pg == NULL)
		return;
	LIST_FOREACH(p, &pg->pg_members, p_pglist) {
		if (!checkctty || (p->p_lflag & PL_CONTROLT) != 0)
			deliver(p, ksi);
	}
}

void
pgsignal(struct pgrp *pg, int sig, int checkctty)
{
	ksiginfo_t ksi;

	KSI_INIT_EMPTY(&ksi);
	ksi.ksi_signo = sig;
	kpgsignal(pg, &ksi, NULL, checkctty);
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

/* Move what is known about signals of mask, or all (NULL), to kq. */
static void
forget(sigpend_t *sp, const sigset_t *mask, ksiginfoq_t *kq)
{
	ksiginfo_t *ksi, *next;

	if (mask == NULL) {
		sigemptyset(&sp->sp_set);
	} else
		sigminusset(mask, &sp->sp_set);
	TAILQ_FOREACH_SAFE(ksi, &sp->sp_info, ksi_list, next) {
		if (mask != NULL && !sigismember(mask, ksi->ksi_signo))
			continue;
		TAILQ_REMOVE(&sp->sp_info, ksi, ksi_list);
		TAILQ_INSERT_TAIL(kq, ksi, ksi_list);
	}
}

/*
 * Forget what is pending.  p_lock is held; what was known goes to kq, which is
 * drained when it is not.  mask NULL: all.
 */
void
sigclearall(struct proc *p, const sigset_t *mask, ksiginfoq_t *kq)
{
	struct lwp *l;

	KASSERT(mutex_owned(p->p_lock));
	forget(&p->p_sigpend, mask, kq);
	LIST_FOREACH(l, &p->p_lwps, l_sibling)
		forget(&l->l_sigpend, mask, kq);
}

void
ksiginfo_queue_drain0(ksiginfoq_t *kq)
{
	ksiginfo_t *ksi;

	while ((ksi = TAILQ_FIRST(kq)) != NULL) {
		TAILQ_REMOVE(kq, ksi, ksi_list);
		if ((ksi->ksi_flags & KSI_FROMPOOL) != 0)
			pool_put(&ksiginfo_pool, ksi);
	}
}
