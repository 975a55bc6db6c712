/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel half of signals.c. */
#include <sys/param.h>
#include <sys/kauth.h>
#include <sys/proc.h>
#include <sys/signalvar.h>
#include <sys/systm.h>

#include "kern_test.h"

#define MUST(cond)	do { if (!(cond)) return __LINE__; } while (0)

/* One of each way to send sig, to the caller's process or its group. */
int
rumptest_signal_send(int how, int sig)
{
	ksiginfo_t ksi;

	KSI_INIT(&ksi);
	ksi.ksi_signo = sig;
	ksi.ksi_code = SI_QUEUE;
	ksi.ksi_value.sival_int = 1000 + sig;
	mutex_enter(&proc_lock);
	switch (how) {
	case 0:
		psignal(curproc, sig);
		break;
	case 1:
		kpsignal(curproc, &ksi, NULL);
		break;
	case 2:
		kpsignal2(curproc, &ksi);
		break;
	case 3:
		pgsignal(curproc->p_pgrp, sig, 0);
		break;
	case 4:			/* nobody has a terminal */
		pgsignal(curproc->p_pgrp, sig, 1);
		pgsignal(NULL, sig, 0);
		break;
	}
	mutex_exit(&proc_lock);
	return 0;
}

/* The value that is queued with a pending signal; -1: none, -2: not pending. */
int
rumptest_signal_value(int sig)
{
	sigpend_t *sp = &curproc->p_sigpend;
	ksiginfo_t *ksi;
	int value = -1;

	mutex_enter(curproc->p_lock);
	if (!sigismember(&sp->sp_set, sig))
		value = -2;
	TAILQ_FOREACH(ksi, &sp->sp_info, ksi_list)
		if (ksi->ksi_signo == sig)
			value = ksi->ksi_value.sival_int;
	mutex_exit(curproc->p_lock);
	return value;
}

/* Forget a signal, or all (0). */
void
rumptest_signal_clear(int sig)
{
	ksiginfoq_t kq;
	sigset_t set;

	ksiginfo_queue_init(&kq);
	sigemptyset(&set);
	if (sig != 0)
		sigaddset(&set, sig);
	mutex_enter(curproc->p_lock);
	sigclearall(curproc, sig != 0 ? &set : NULL, &kq);
	mutex_exit(curproc->p_lock);
	ksiginfo_queue_drain(&kq);
}

/* What is recorded, as sigispending and sigpending1 see it through masks. */
int
rumptest_signal_masks(void)
{
	struct lwp *l = curlwp;
	sigset_t set, old;

	rumptest_signal_clear(0);
	MUST(sigispending(l, 0) == 0);
	sigpending1(l, &set);
	MUST(!sigismember(&set, SIGUSR1));

	(void)rumptest_signal_send(0, SIGUSR1);
	MUST(sigispending(l, 0) != 0 && sigispending(l, SIGUSR1) != 0);
	MUST(sigispending(l, SIGUSR2) == 0);
	sigpending1(l, &set);
	MUST(sigismember(&set, SIGUSR1) && !sigismember(&set, SIGUSR2));

	/* masked, it is pending still, but nobody is to act on it */
	MUST(sigprocmask1(l, SIG_BLOCK, &set, &old) == 0);
	MUST(!sigismember(&old, SIGUSR1) && sigismasked(l, SIGUSR1));
	MUST(sigispending(l, 0) == 0 && sigispending(l, SIGUSR1) == 0);
	sigpending1(l, &set);
	MUST(sigismember(&set, SIGUSR1));
	MUST(sigprocmask1(l, SIG_UNBLOCK, &set, &old) == 0);
	MUST(sigismember(&old, SIGUSR1) && !sigismasked(l, SIGUSR1));
	MUST(sigispending(l, SIGUSR1) != 0);

	/* these two cannot be */
	sigfillset(&set);
	MUST(sigprocmask1(l, SIG_SETMASK, &set, NULL) == 0);
	MUST(sigismasked(l, SIGUSR1) && !sigismasked(l, SIGKILL) &&
	    !sigismasked(l, SIGSTOP));
	MUST(sigprocmask1(l, 17, &set, NULL) == EINVAL);
	MUST(sigprocmask1(l, 17, NULL, &old) == 0);
	MUST(sigismember(&old, SIGUSR2) && !sigismember(&old, SIGKILL));

	/* for a while another mask, and back */
	sigemptyset(&set);
	sigaddset(&set, SIGKILL);
	sigsuspendsetup(l, &set);
	MUST(!sigismasked(l, SIGUSR1) && !sigismasked(l, SIGKILL));
	sigsuspendteardown(l);
	MUST(sigismasked(l, SIGUSR1));
	sigsuspendteardown(l);
	MUST(sigismasked(l, SIGUSR1));

	/* what is ignored is not recorded */
	rumptest_signal_clear(0);
	sigemptyset(&set);
	MUST(sigprocmask1(l, SIG_SETMASK, &set, NULL) == 0);
	sigaddset(&curproc->p_sigctx.ps_sigignore, SIGUSR1);
	MUST(sigismasked(l, SIGUSR1));
	(void)rumptest_signal_send(1, SIGUSR1);
	MUST(rumptest_signal_value(SIGUSR1) == -2);
	sigdelset(&curproc->p_sigctx.ps_sigignore, SIGUSR1);
	return 0;
}
