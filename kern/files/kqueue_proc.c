/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EVFILT_PROC and EVFILT_SIGNAL: what happens to processes.
 *
 *   proc_event_fork, proc_event_exit, proc_event_signal    the process's side
 *
 * Knotes of a process are on its p_klist.  One of EVFILT_PROC may outlive the process:
 * at exit it is taken off, kn_obj becomes NULL, and the event stays until it was
 * delivered.  One with NOTE_TRACK gets a sibling for each child.
 *
 * events_lock protects all p_klists, and kn_obj, kn_fflags, kn_data of their knotes.
 * Locks, outermost first: knote_busy · proc_lock · events_lock · kq_lock.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/wait.h>

#include <rump-private/files.h>
#include <rump-private/knote.h>

#include "files/kqueue.h"

static kmutex_t events_lock;

/* A child whose parent is watched with NOTE_TRACK; knote_busy. */
static struct proc *tracked;

void
kqueue_proc_init(void)
{

	mutex_init(&events_lock, MUTEX_DEFAULT, IPL_NONE);
}

static void
put_on(struct proc *p, struct knote *kn)
{

	kn->kn_obj = p;
	kn->kn_flags |= EV_CLEAR;
	mutex_enter(&events_lock);
	SLIST_INSERT_HEAD(&p->p_klist, kn, kn_selnext);
	mutex_exit(&events_lock);
}

static void
take_off(struct knote *kn)
{
	struct proc *p;

	mutex_enter(&events_lock);
	p = kn->kn_obj;
	if (p != NULL)
		SLIST_REMOVE(&p->p_klist, kn, knote, kn_selnext);
	mutex_exit(&events_lock);
}

static int
proc_attach(struct knote *kn)
{
	struct proc *p;
	int error;

	if (kn->kn_id > PID_MAX)
		return ESRCH;
	mutex_enter(&proc_lock);
	p = tracked != NULL ? tracked : proc_find(kn->kn_id);
	if (p == NULL) {
		error = ESRCH;
	} else {
		error = kauth_authorize_process(kauth_cred_get(),
		    KAUTH_PROCESS_KEVENT_FILTER, p, NULL, NULL, NULL);
		if (error == 0)
			put_on(p, kn);
	}
	mutex_exit(&proc_lock);
	return error;
}

/* hint: one event, and data in its low bits; 0 asks. */
static int
proc_event(struct knote *kn, long hint)
{
	const u_int event = (u_int)hint & NOTE_PCTRLMASK;

	if (event != 0 && (kn->kn_sfflags & event) != 0)
		(void)knote_events(kn, event);
	if (event == NOTE_EXIT) {
		struct proc *p = kn->kn_obj;

		knote_set_data(kn, W_EXITCODE(p->p_xexit, p->p_xsig));
		knote_change_flags(kn, EV_EOF | EV_ONESHOT, 0);
		SLIST_REMOVE(&p->p_klist, kn, knote, kn_selnext);
		kn->kn_obj = NULL;
		return 1;		/* if only that it is gone */
	}
	return knote_events(kn, 0) != 0;
}

const struct filterops proc_filterops = {
	.f_attach = proc_attach,
	.f_detach = take_off,
	.f_event = proc_event,
};

/* Signals to the process that asks, delivered or not. */
static int
signal_attach(struct knote *kn)
{

	if (kn->kn_id == 0 || kn->kn_id >= NSIG)
		return EINVAL;
	put_on(curproc, kn);
	return 0;
}

static int
signal_event(struct knote *kn, long hint)
{

	if ((hint & NOTE_SIGNAL) != 0 &&
	    kn->kn_id == (uintptr_t)(hint & ~NOTE_SIGNAL))
		(void)knote_count(kn, 1);
	if (((u_int)hint & NOTE_PCTRLMASK) == NOTE_EXIT) {
		struct proc *p = kn->kn_obj;

		SLIST_REMOVE(&p->p_klist, kn, knote, kn_selnext);
		kn->kn_obj = NULL;
	}
	return knote_count(kn, 0) != 0;
}

const struct filterops signal_filterops = {
	.f_attach = signal_attach,
	.f_detach = take_off,
	.f_event = signal_event,
};

static void
tell(struct proc *p, u_int hint)
{

	mutex_enter(&events_lock);
	KNOTE(&p->p_klist, (long)hint);
	mutex_exit(&events_lock);
}

/* Whoever follows the parent follows the child. */
static void
follow(struct knote *kn, struct proc *parent, struct proc *child)
{
	struct kevent kev;
	struct knote *made;

	mutex_enter(&kn->kn_kq->kq_lock);
	kev = kn->kn_kevent;
	mutex_exit(&kn->kn_kq->kq_lock);
	kev.ident = child->p_pid;
	kev.fflags = kn->kn_sfflags;
	tracked = child;
	if (knote_create(kn->kn_kq, &proc_filterops, &kev, NULL, &made) == 0) {
		(void)knote_events(made, NOTE_CHILD);
		knote_set_data(made, parent->p_pid);
		knote_activate(made);
	} else {
		(void)knote_events(kn, NOTE_TRACKERR);
		knote_activate(kn);
	}
	tracked = NULL;
}

void
proc_event_fork(struct proc *parent, struct proc *child)
{
	struct knote *kn;

	if (__predict_true(SLIST_EMPTY(&parent->p_klist)))
		return;
	knote_busy_enter();
	SLIST_FOREACH(kn, &parent->p_klist, kn_selnext)
		if (kn->kn_fop == &proc_filterops &&
		    (kn->kn_sfflags & NOTE_TRACK) != 0)
			follow(kn, parent, child);
	tell(parent, NOTE_FORK);
	knote_busy_exit();
}

void
proc_event_exit(struct proc *p)
{

	if (__predict_false(!SLIST_EMPTY(&p->p_klist)))
		tell(p, NOTE_EXIT);
}

void
proc_event_signal(struct proc *p, int sig)
{

	if (__predict_false(!SLIST_EMPTY(&p->p_klist)))
		tell(p, NOTE_SIGNAL | sig);
}
