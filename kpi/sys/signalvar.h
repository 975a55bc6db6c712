/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals inside the kernel.  The kernel delivers none to a program's code:
 * what happens to one is the boot's signal model (rump_boot_setsigmodel).
 */
#ifndef _SYS_SIGNALVAR_H_
#define _SYS_SIGNALVAR_H_

#include <sys/siginfo.h>
#include <sys/queue.h>
#include <sys/signal.h>

struct lwp;
struct proc;

typedef TAILQ_HEAD(ksiginfoq, ksiginfo) ksiginfoq_t;

/* What is pending, for an lwp or a process: p_lock. */
typedef struct sigpend {
	ksiginfoq_t	sp_info;
	sigset_t	sp_set;
} sigpend_t;

/* Signal state of a process: p_lock. */
struct sigctx {
	struct _ksiginfo ps_info;
	int		ps_lwp;
	bool		ps_faked;
	void		*ps_sigcode;
	sigset_t	ps_sigignore;
	sigset_t	ps_sigcatch;
	sigset_t	ps_sigpass;
};

#define SIG_CATCH	((void (*)(int))2)

/* Properties of a signal. */
#define SA_KILL		0x0001
#define SA_CORE		0x0002
#define SA_STOP		0x0004
#define SA_TTYSTOP	0x0008
#define SA_IGNORE	0x0010
#define SA_CONT		0x0020
#define SA_CANTMASK	0x0040
#define SA_NORESET	0x0080
#define SA_TOLWP	0x0100
#define SA_TOALL	0x0200

#ifdef _KERNEL

void	signal_init(void);

/* Send; p's proc_lock held.  The pg forms send to a process group. */
void	psignal(struct proc *, int sig);
void	kpsignal(struct proc *, ksiginfo_t *, void *data);
void	kpsignal2(struct proc *, ksiginfo_t *);
struct pgrp;
void	pgsignal(struct pgrp *, int sig, int checkctty);
void	kpgsignal(struct pgrp *, ksiginfo_t *, void *data, int checkctty);

int	sigismasked(struct lwp *, int);
int	sigispending(struct lwp *, int);
int	issignal(struct lwp *);
void	sigpending1(struct lwp *, sigset_t *);
int	sigprocmask1(struct lwp *, int how, const sigset_t *, sigset_t *);
void	sigsuspendsetup(struct lwp *, const sigset_t *);
void	sigsuspendteardown(struct lwp *);
void	sigclearall(struct proc *, const sigset_t *, ksiginfoq_t *);

void	ksiginfo_queue_drain0(ksiginfoq_t *);

static __inline __unused void
ksiginfo_queue_init(ksiginfoq_t *kq)
{

	TAILQ_INIT(kq);
}

static __inline __unused void
ksiginfo_queue_drain(ksiginfoq_t *kq)
{

	if (!TAILQ_EMPTY(kq))
		ksiginfo_queue_drain0(kq);
}

#endif /* _KERNEL */
#endif
