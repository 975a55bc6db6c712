/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: jobs and sessions.
 *
 *   ttysig                   a signal to the foreground, or to the session's leader
 *   tty_foreground           who reads in the background waits
 *   tty_become_controlling   TIOCSCTTY
 *   tty_set_pgrp …           TIOCSPGRP, TIOCGPGRP, TIOCGSID
 *   tty_leave_session        the terminal is closed
 *
 * A session's leader may take a terminal that has no session; it is the controlling
 * one of the leader, and of what the leader makes later, until it is closed or the
 * leader ends.  Then the foreground gets SIGHUP, and the terminal is revoked.
 *
 * Nothing stops a process here, and no system call is interrupted: what SIGTTIN would
 * stop waits in its call until it is in the foreground.  It looks when the foreground
 * changes, and once a second in case its own group did.
 *
 * Locks: t_pgrp, t_session and s_ttyp are under proc_lock, taken inside tty_lock.  t_pgrp
 * holds nothing: a group that ends takes itself away (kern/files/groups.c).  t_session
 * is a use of the session.
 *
 * Ref: POSIX.1-2017 11.1.2 to 11.1.4; NetBSD termios(4), tty(4).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kernel.h>
#include <sys/proc.h>
#include <sys/signal.h>
#include <sys/signalvar.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "tty_var.h"

/*
 * Send a signal.
 *
 * to      TTYSIG_PG1: those of the foreground whose terminal it is; TTYSIG_PG2: all
 *         of the foreground; TTYSIG_LEADER: the session's leader.
 * Locks:  tty_lock.
 */
void
ttysig(struct tty *tp, enum ttysigtype to, int sig)
{
	struct session *ss;

	KASSERT(mutex_owned(&tty_lock));
	mutex_enter(&proc_lock);
	ss = tp->t_session;
	if (to != TTYSIG_LEADER)
		pgsignal(tp->t_pgrp, sig, to == TTYSIG_PG1);
	else if (ss != NULL && ss->s_leader != NULL)
		psignal(ss->s_leader, sig);
	mutex_exit(&proc_lock);
}

/* EAGAIN: it is in the background, and has been told so by a signal if that is due. */
static int
look(struct tty *tp, int sig, bool *toldp)
{
	struct proc *p = curproc;
	int error = 0;

	mutex_enter(&proc_lock);
	if (!isbackground(p, tp))
		;
	else if (sigismasked(curlwp, sig))
		error = sig == SIGTTIN ? EIO : 0;
	else if ((p->p_lflag & PL_PPWAIT) != 0 || p->p_pgrp->pg_jobc == 0)
		error = EIO;
	else {
		if (!*toldp)
			pgsignal(p->p_pgrp, sig, 1);
		*toldp = true;
		error = EAGAIN;
	}
	mutex_exit(&proc_lock);
	return error;
}

int
tty_foreground(struct tty *tp, int sig, int flag)
{
	bool told = false;
	int error;

	KASSERT(mutex_owned(&tty_lock));
	while ((error = look(tp, sig, &told)) == EAGAIN) {
		if ((flag & IO_NDELAY) != 0)
			return EWOULDBLOCK;
		error = ttysleep(tp, &tp->t_jobcv, true, hz);
		if (error != 0 && error != EWOULDBLOCK)
			return error;
	}
	return error;
}

/* It becomes p's controlling terminal.  0, or EPERM. */
int
tty_become_controlling(struct tty *tp, struct proc *p)
{
	struct session *ss;
	int error = 0;

	KASSERT(mutex_owned(&tty_lock));
	mutex_enter(&proc_lock);
	ss = p->p_session;
	if (!SESS_LEADER(p) || (ss->s_ttyp != NULL && ss->s_ttyp != tp) ||
	    (tp->t_session != NULL && tp->t_session != ss)) {
		error = EPERM;
	} else {
		if (tp->t_session == NULL)
			proc_sesshold(ss);
		tp->t_session = ss;
		tp->t_pgrp = p->p_pgrp;
		ss->s_ttyp = tp;
		p->p_lflag |= PL_CONTROLT;
	}
	mutex_exit(&proc_lock);
	cv_broadcast(&tp->t_jobcv);
	return error;
}

int
tty_set_pgrp(struct tty *tp, struct proc *p, pid_t pgid)
{
	struct pgrp *pgrp;
	int error = 0;

	KASSERT(mutex_owned(&tty_lock));
	mutex_enter(&proc_lock);
	pgrp = pgid > 0 ? pgrp_find(pgid) : NULL;
	if (!isctty(p, tp))
		error = ENOTTY;
	else if (pgrp == NULL)
		error = EINVAL;
	else if (pgrp->pg_session != p->p_session)
		error = EPERM;
	else
		tp->t_pgrp = pgrp;
	mutex_exit(&proc_lock);
	cv_broadcast(&tp->t_jobcv);
	return error;
}

/* any: though it is not p's terminal. */
int
tty_get_pgrp(struct tty *tp, struct proc *p, bool any, pid_t *pgid)
{
	int error = 0;

	mutex_enter(&proc_lock);
	if (!any && !isctty(p, tp))
		error = ENOTTY;
	else
		*pgid = tp->t_pgrp != NULL ? tp->t_pgrp->pg_id : NO_PGID;
	mutex_exit(&proc_lock);
	return error;
}

int
tty_get_session(struct tty *tp, struct proc *p, pid_t *sid)
{
	int error = 0;

	mutex_enter(&proc_lock);
	if (!isctty(p, tp))
		error = ENOTTY;
	else
		*sid = tp->t_session->s_sid;
	mutex_exit(&proc_lock);
	return error;
}

void
tty_leave_session(struct tty *tp)
{
	struct session *ss;

	mutex_enter(&proc_lock);
	ss = tp->t_session;
	tp->t_session = NULL;
	tp->t_pgrp = NULL;
	if (ss == NULL) {
		mutex_exit(&proc_lock);
		return;
	}
	if (ss->s_ttyp == tp)
		ss->s_ttyp = NULL;
	proc_sessrele(ss);
}

/* p ends: if it led a session, that has no terminal any more. */
static void
leader_exit(struct proc *p, void *arg)
{
	struct vnode *vp = NULL;
	struct session *ss;

	mutex_enter(&proc_lock);
	ss = p->p_session;
	if (SESS_LEADER(p)) {
		vp = ss->s_ttyvp;
		ss->s_ttyvp = NULL;
		if (ss->s_ttyp != NULL)
			pgsignal(ss->s_ttyp->t_pgrp, SIGHUP, 1);
	}
	mutex_exit(&proc_lock);
	if (vp == NULL)
		return;
	VOP_REVOKE(vp, REVOKEALL);
	vrele(vp);
}

/* What is one's own terminal one may type into; opening an exclusive one is root's. */
static int
may(kauth_cred_t cred, kauth_action_t action, void *cookie, void *arg0,
    void *arg1, void *arg2, void *arg3)
{
	struct tty *tp = arg0;
	bool mine;

	if (action == KAUTH_DEVICE_TTY_OPEN)
		return tty_state(tp, TS_XCLUDE) && tty_state(tp, TS_ISOPEN) ?
		    KAUTH_RESULT_DEFER : KAUTH_RESULT_ALLOW;
	if (action != KAUTH_DEVICE_TTY_STI)
		return KAUTH_RESULT_DEFER;
	mutex_enter(&proc_lock);
	mine = isctty(curproc, tp);
	mutex_exit(&proc_lock);
	return mine ? KAUTH_RESULT_ALLOW : KAUTH_RESULT_DEFER;
}

void
tty_job_init(void)
{

	(void)exithook_establish(leader_exit, NULL);
	(void)kauth_listen_scope(KAUTH_SCOPE_DEVICE, may, NULL);
}
