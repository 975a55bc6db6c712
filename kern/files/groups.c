/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Process groups and sessions, and changes of a process's credential.
 *
 * A group lives as long as it has members, a session as long as it has groups
 * or a terminal names it (s_count).  A group is found through its members, so
 * there is no table of groups.  proc_lock protects all of it.
 *
 * A credential changes between proc_crmod_enter and proc_crmod_leave, with
 * p_lock held: others read p_cred with that lock.  Each lwp works with its own
 * reference, l_cred; one that is behind catches up when it next enters the
 * kernel for a system call (lwp_update_creds).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/tty.h>

#include <rump-private/files.h>
#include <rump-sys/kern.h>

struct pgrp *
pgrp_find(pid_t pgid)
{
	struct proc *p;

	KASSERT(mutex_owned(&proc_lock));
	PROCLIST_FOREACH(p, &allproc)
		if (p->p_pgrp != NULL && p->p_pgid == pgid)
			return p->p_pgrp;
	return NULL;
}

void
proc_sesshold(struct session *sess)
{

	KASSERT(mutex_owned(&proc_lock));
	sess->s_count++;
}

/* Drop a use of the session.  proc_lock is held on entry, not on exit. */
void
proc_sessrele(struct session *sess)
{
	bool last;

	KASSERT(mutex_owned(&proc_lock));
	KASSERT(sess->s_count > 0);
	last = --sess->s_count == 0;
	mutex_exit(&proc_lock);
	if (last)
		kmem_free(sess, sizeof(*sess));
}

static struct session *
session_create(struct proc *leader)
{
	struct session *sess = kmem_zalloc(sizeof(*sess), KM_SLEEP);

	sess->s_leader = leader;
	sess->s_sid = leader->p_pid;
	return sess;
}

static struct pgrp *
pgrp_create(pid_t pgid, struct session *sess)
{
	struct pgrp *pgrp = kmem_zalloc(sizeof(*pgrp), KM_SLEEP);

	LIST_INIT(&pgrp->pg_members);
	pgrp->pg_id = pgid;
	pgrp->pg_session = sess;
	return pgrp;
}

/* Does p's parent count for job control of group pgrp? */
static bool
parent_counts(struct proc *p, struct pgrp *pgrp)
{
	struct pgrp *parent = p->p_pptr != NULL ? p->p_pptr->p_pgrp : NULL;

	return parent != NULL && parent != pgrp &&
	    parent->pg_session == pgrp->pg_session;
}

/*
 * p enters or leaves pgrp: count the members whose parents can control them,
 * p itself and, in their groups, its children.
 */
void
fixjobc(struct proc *p, struct pgrp *pgrp, int entering)
{
	int change = entering ? 1 : -1;
	struct proc *child;

	KASSERT(mutex_owned(&proc_lock));
	if (parent_counts(p, pgrp))
		pgrp->pg_jobc += change;
	LIST_FOREACH(child, &p->p_children, p_sibling) {
		if (child->p_pgrp != NULL && child->p_pgrp != pgrp &&
		    child->p_pgrp->pg_session == pgrp->pg_session)
			child->p_pgrp->pg_jobc += change;
	}
}

/* A child whose parent ends is initproc's from now on. */
void
proc_adopt(struct proc *parent, struct proc *child)
{
	struct pgrp *pgrp = child->p_pgrp;

	KASSERT(mutex_owned(&proc_lock));
	if (pgrp != NULL && parent_counts(child, pgrp))
		pgrp->pg_jobc--;
	LIST_REMOVE(child, p_sibling);
	LIST_INSERT_HEAD(&parent->p_children, child, p_sibling);
	child->p_pptr = parent;
	child->p_ppid = parent->p_pid;
	if (pgrp != NULL && parent_counts(child, pgrp))
		pgrp->pg_jobc++;
}

/* Take p off its group's list; the group, if nobody is left in it. */
static struct pgrp *
pgrp_remove(struct proc *p)
{
	struct pgrp *pgrp = p->p_pgrp;
	struct tty *tp;

	LIST_REMOVE(p, p_pglist);
	p->p_pgrp = NULL;
	if (!LIST_EMPTY(&pgrp->pg_members))
		return NULL;
	/* a terminal knows it without holding it */
	tp = pgrp->pg_session->s_ttyp;
	if (tp != NULL && tp->t_pgrp == pgrp)
		tp->t_pgrp = NULL;
	return pgrp;
}

/* Free an empty group, if any.  proc_lock is held on entry, not on exit. */
static void
pgrp_free(struct pgrp *pgrp)
{

	if (pgrp == NULL) {
		mutex_exit(&proc_lock);
		return;
	}
	proc_sessrele(pgrp->pg_session);
	kmem_free(pgrp, sizeof(*pgrp));
}

/* Take p out of its group for good.  proc_lock is held on entry, not on exit. */
void
proc_leavepgrp(struct proc *p)
{

	KASSERT(mutex_owned(&proc_lock));
	fixjobc(p, p->p_pgrp, 0);
	if (SESS_LEADER(p))
		p->p_session->s_leader = NULL;
	pgrp_free(pgrp_remove(p));
}

/* May curp move p to group pgid?  POSIX setpgid(2) and setsid(2). */
static int
enter_check(struct proc *curp, struct proc *p, pid_t pgid, struct pgrp *pgrp,
    bool newsession)
{

	if (newsession)
		return pgrp != NULL ? EPERM : 0;
	if (p->p_pid != curp->p_pid &&
	    (p->p_pptr != curp || p->p_session != curp->p_session))
		return p->p_pptr != curp ? ESRCH : EPERM;
	if (SESS_LEADER(p))
		return EPERM;
	if (pgid != p->p_pid &&
	    (pgrp == NULL || pgrp->pg_session != curp->p_session))
		return EPERM;
	return 0;
}

/*
 * Move process pid to group pgid, which comes into being if need be; with
 * newsession, to a new session that pid leads.
 *
 * Returns 0, or an errno of setpgid(2).
 * Locks:   takes proc_lock.
 */
int
proc_enterpgrp(struct proc *curp, pid_t pid, pid_t pgid, bool newsession)
{
	struct session *newsess = NULL;
	struct pgrp *pgrp, *empty = NULL, *new = pgrp_create(pgid, NULL);
	struct proc *p;
	int error = 0;

	if (newsession)
		newsess = session_create(curp);
	mutex_enter(&proc_lock);
	p = pid == curp->p_pid ? curp : proc_find(pid);
	if (p == NULL) {
		error = ESRCH;
		goto undo;
	}
	pgrp = pgrp_find(pgid);
	error = enter_check(curp, p, pgid, pgrp, newsession);
	if (error != 0 || pgrp == p->p_pgrp)
		goto undo;
	if (pgrp == NULL) {
		pgrp = new;
		new = NULL;
		pgrp->pg_session = newsess != NULL ? newsess : p->p_session;
		newsess = NULL;
		proc_sesshold(pgrp->pg_session);
	}
	if (newsession)
		p->p_lflag &= ~PL_CONTROLT;
	fixjobc(p, pgrp, 1);
	fixjobc(p, p->p_pgrp, 0);
	empty = pgrp_remove(p);
	p->p_pgrp = pgrp;
	LIST_INSERT_HEAD(&pgrp->pg_members, p, p_pglist);
undo:
	pgrp_free(empty);
	if (new != NULL)
		kmem_free(new, sizeof(*new));
	if (newsess != NULL)
		kmem_free(newsess, sizeof(*newsess));
	return error;
}

/*
 * Changes of credentials.
 */
void
proc_crmod_enter(void)
{
	struct lwp *l = curlwp;
	struct proc *p = l->l_proc;

	mutex_enter(p->p_lock);
	if (l->l_cred != p->p_cred) {
		kauth_cred_free(l->l_cred);
		kauth_cred_hold(p->p_cred);
		l->l_cred = p->p_cred;
	}
}

/*
 * newcr    the process's credential from now on, or NULL for no change; the
 *          caller's reference goes to the process.
 * oldcr    what p_cred was; its reference is dropped.
 * sugid    the process had other rights: it may not be traced by its user.
 */
void
proc_crmod_leave(kauth_cred_t newcr, kauth_cred_t oldcr, bool sugid)
{
	struct lwp *l = curlwp;
	struct proc *p = l->l_proc;

	KASSERT(mutex_owned(p->p_lock));
	if (newcr == NULL) {
		mutex_exit(p->p_lock);
		return;
	}
	if (sugid)
		p->p_flag |= PK_SUGID;
	p->p_cred = newcr;
	kauth_cred_hold(newcr);
	l->l_cred = newcr;
	mutex_exit(p->p_lock);
	kauth_cred_free(oldcr);		/* the process's */
	kauth_cred_free(oldcr);		/* this lwp's */
}

void
lwp_update_creds(struct lwp *l)
{
	struct proc *p = l->l_proc;
	kauth_cred_t old = l->l_cred;

	mutex_enter(p->p_lock);
	kauth_cred_hold(p->p_cred);
	l->l_cred = p->p_cred;
	l->l_prflag &= ~LPR_CRMOD;
	mutex_exit(p->p_lock);
	if (old != NULL)
		kauth_cred_free(old);
}

/* For tests: be another process than the table says. */
void
rump_allbetsareoff_setid(pid_t pid, int sid)
{
	struct proc *p = curproc;

	mutex_enter(&proc_lock);
	p->p_pid = pid;
	p->p_pgrp->pg_id = pid;
	p->p_session->s_sid = sid;
	mutex_exit(&proc_lock);
}
