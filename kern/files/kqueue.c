/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kqueue(2): knotes, and what drivers call.
 *
 *   knote, selrecord_knote      an object tells its knotes
 *   kqueue_register …           programs' changes (kqueue_calls.c)
 *   seltrue_kqfilter            the filter of what is always ready
 *
 * Objects, their lives and locks: kqueue.h.
 */
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/eventvar.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/select.h>
#include <sys/systm.h>

#include <rump-private/knote.h>

#include "files/kqueue.h"

struct klist fs_klist = SLIST_HEAD_INITIALIZER(fs_klist);

/*
 * Queueing.
 */

/* Put an active knote on its kqueue, and wake who waits there. */
static void
activate_locked(struct kqueue *kq, struct knote *kn)
{

	KASSERT(mutex_owned(&kq->kq_lock));
	kn->kn_status |= KN_ACTIVE;
	if ((kn->kn_status & (KN_QUEUED | KN_DISABLED)) != 0)
		return;
	kn->kn_status |= KN_QUEUED;
	TAILQ_INSERT_TAIL(&kq->kq_head, kn, kn_tqe);
	kq->kq_count++;
	cv_broadcast(&kq->kq_cv);
	selnotify(&kq->kq_sel, POLLIN_EVENTS, NOTE_SUBMIT);
}

void
knote_activate(struct knote *kn)
{
	struct kqueue *kq = kn->kn_kq;

	mutex_enter(&kq->kq_lock);
	activate_locked(kq, kn);
	mutex_exit(&kq->kq_lock);
}

/*
 * Reports of filters: <rump-private/knote.h>.
 */
void
knote_set_data(struct knote *kn, int64_t data)
{

	mutex_enter(&kn->kn_kq->kq_lock);
	kn->kn_data = data;
	mutex_exit(&kn->kn_kq->kq_lock);
}

int64_t
knote_count(struct knote *kn, int64_t more)
{
	int64_t n;

	mutex_enter(&kn->kn_kq->kq_lock);
	n = kn->kn_data += more;
	mutex_exit(&kn->kn_kq->kq_lock);
	return n;
}

uint32_t
knote_events(struct knote *kn, uint32_t more)
{
	uint32_t events;

	mutex_enter(&kn->kn_kq->kq_lock);
	events = kn->kn_fflags |= more;
	mutex_exit(&kn->kn_kq->kq_lock);
	return events;
}

void
knote_change_flags(struct knote *kn, uint32_t set, uint32_t clear)
{

	mutex_enter(&kn->kn_kq->kq_lock);
	kn->kn_flags = (kn->kn_flags & ~clear) | set;
	mutex_exit(&kn->kn_kq->kq_lock);
}

/* Take a knote off the queue; kq_lock is held. */
void
knote_dequeue(struct kqueue *kq, struct knote *kn)
{

	KASSERT(mutex_owned(&kq->kq_lock));
	if ((kn->kn_status & KN_QUEUED) == 0)
		return;
	kn->kn_status &= ~KN_QUEUED;
	TAILQ_REMOVE(&kq->kq_head, kn, kn_tqe);
	kq->kq_count--;
}

/*
 * Something happened to an object: ask the filters of its knotes.
 * Locks:   the object's is held, the one that its filters expect.
 */
void
knote(struct klist *list, long hint)
{
	struct knote *kn, *next;

	SLIST_FOREACH_SAFE(kn, list, kn_selnext, next)
		if ((*kn->kn_fop->f_event)(kn, hint))
			knote_activate(kn);
}

/*
 * Filters of the kernel's own.
 */
int
filt_seltrue(struct knote *kn, long hint)
{

	knote_set_data(kn, 0);
	return 1;
}

static void
seltrue_detach(struct knote *kn)
{

}

static const struct filterops seltrue_filterops = {
	.f_isfd = 1,
	.f_detach = seltrue_detach,
	.f_event = filt_seltrue,
};

int
seltrue_kqfilter(dev_t dev, struct knote *kn)
{

	if (kn->kn_filter != EVFILT_READ && kn->kn_filter != EVFILT_WRITE)
		return EINVAL;
	kn->kn_fop = &seltrue_filterops;
	return 0;
}

/* Filters of descriptors: the file attaches its own. */
static int
file_attach(struct knote *kn)
{
	struct file *fp = kn->kn_obj;

	return (*fp->f_ops->fo_kqfilter)(fp, kn);
}

static const struct filterops file_filterops = {
	.f_isfd = 1,
	.f_attach = file_attach,
};

/* EVFILT_TIMER: ident is the program's, data the period in milliseconds. */
static void
timer_expire(void *arg)
{
	struct knote *kn = arg;
	callout_t *calloutp = kn->kn_hook;
	struct kqueue *kq = kn->kn_kq;

	mutex_enter(&kq->kq_lock);
	kn->kn_data++;
	activate_locked(kq, kn);
	mutex_exit(&kq->kq_lock);
	if ((kn->kn_flags & EV_ONESHOT) == 0)
		callout_schedule(calloutp, MAX(mstohz(kn->kn_sdata), 1));
}

static int
timer_attach(struct knote *kn)
{
	callout_t *calloutp;

	if (kn->kn_sdata > INT_MAX)
		return EINVAL;
	kn->kn_flags |= EV_CLEAR;
	calloutp = kmem_alloc(sizeof(*calloutp), KM_SLEEP);
	callout_init(calloutp, CALLOUT_MPSAFE);
	callout_setfunc(calloutp, timer_expire, kn);
	kn->kn_hook = calloutp;
	callout_schedule(calloutp, MAX(mstohz(kn->kn_sdata), 1));
	return 0;
}

static void
timer_detach(struct knote *kn)
{
	callout_t *calloutp = kn->kn_hook;

	callout_halt(calloutp, NULL);
	callout_destroy(calloutp);
	kmem_free(calloutp, sizeof(*calloutp));
}

static int
timer_event(struct knote *kn, long hint)
{

	return knote_count(kn, 0) != 0;
}

static const struct filterops timer_filterops = {
	.f_attach = timer_attach,
	.f_detach = timer_detach,
	.f_event = timer_event,
};

/* EVFILT_USER: the program triggers it, and keeps flags there. */
static int
user_attach(struct knote *kn)
{

	kn->kn_hookid = (kn->kn_sfflags & NOTE_TRIGGER) != 0;
	kn->kn_sfflags &= NOTE_FFLAGSMASK;
	return 0;
}

static void
user_detach(struct knote *kn)
{

}

static int
user_event(struct knote *kn, long hint)
{

	return kn->kn_hookid != 0;
}

/* A change by the program (EVENT_REGISTER), or delivery (EVENT_PROCESS). */
static void
user_touch(struct knote *kn, struct kevent *kev, long type)
{
	u_int flags;

	if (type == EVENT_PROCESS) {
		*kev = kn->kn_kevent;
		kev->fflags = kn->kn_sfflags;
		if (kn->kn_flags & EV_CLEAR) {
			kn->kn_hookid = 0;
			kn->kn_data = 0;
		}
		return;
	}
	if (kev->fflags & NOTE_TRIGGER)
		kn->kn_hookid = 1;
	flags = kev->fflags & NOTE_FFLAGSMASK;
	switch (kev->fflags & NOTE_FFCTRLMASK) {
	case NOTE_FFAND:
		kn->kn_sfflags &= flags;
		break;
	case NOTE_FFOR:
		kn->kn_sfflags |= flags;
		break;
	case NOTE_FFCOPY:
		kn->kn_sfflags = flags;
		break;
	default:
		break;
	}
	kn->kn_sdata = kev->data;
	if (kev->flags & EV_CLEAR) {
		kn->kn_hookid = 0;
		kn->kn_data = 0;
		kn->kn_fflags = 0;
	}
}

static const struct filterops user_filterops = {
	.f_attach = user_attach,
	.f_detach = user_detach,
	.f_event = user_event,
	.f_touch = user_touch,
};

/* EVFILT_FS: mounts and unmounts. */
static kmutex_t fs_lock;

static int
fs_attach(struct knote *kn)
{

	kn->kn_flags |= EV_CLEAR;
	mutex_enter(&fs_lock);
	SLIST_INSERT_HEAD(&fs_klist, kn, kn_selnext);
	mutex_exit(&fs_lock);
	return 0;
}

static void
fs_detach(struct knote *kn)
{

	mutex_enter(&fs_lock);
	SLIST_REMOVE(&fs_klist, kn, knote, kn_selnext);
	mutex_exit(&fs_lock);
}

static int
fs_event(struct knote *kn, long hint)
{

	return knote_events(kn, (uint32_t)hint) != 0;
}

static const struct filterops fs_filterops = {
	.f_attach = fs_attach,
	.f_detach = fs_detach,
	.f_event = fs_event,
};

/* The filters by number; aio has no events here, and cannot be asked for. */
static struct {
	const char		*name;
	const struct filterops	*fop;
} filters[KFILTER_MAX] = {
	[EVFILT_READ] = { "EVFILT_READ", &file_filterops },
	[EVFILT_WRITE] = { "EVFILT_WRITE", &file_filterops },
	[EVFILT_AIO] = { "EVFILT_AIO", NULL },
	[EVFILT_VNODE] = { "EVFILT_VNODE", &file_filterops },
	[EVFILT_PROC] = { "EVFILT_PROC", &proc_filterops },
	[EVFILT_SIGNAL] = { "EVFILT_SIGNAL", &signal_filterops },
	[EVFILT_TIMER] = { "EVFILT_TIMER", &timer_filterops },
	[EVFILT_FS] = { "EVFILT_FS", &fs_filterops },
	[EVFILT_USER] = { "EVFILT_USER", &user_filterops },
};
static kmutex_t filter_lock;

const struct filterops *
kfilter_byfilter(uint32_t filter)
{

	return filter < KFILTER_MAX ? filters[filter].fop : NULL;
}

const char *
kfilter_name(uint32_t filter)
{

	return filter < KFILTER_MAX ? filters[filter].name : NULL;
}

int
kfilter_number(const char *name, uint32_t *filterp)
{
	uint32_t i;

	for (i = 0; i < KFILTER_MAX; i++)
		if (filters[i].name != NULL &&
		    strcmp(filters[i].name, name) == 0) {
			*filterp = i;
			return 0;
		}
	return ENOENT;
}

/* A driver's own filter, under the next free number. */
int
kfilter_register(const char *name, const struct filterops *fop, int *filterp)
{
	uint32_t i;
	int error = ENOMEM;

	if (name == NULL || *name == '\0' || fop == NULL ||
	    strlen(name) >= KFILTER_MAXNAME)
		return EINVAL;
	mutex_enter(&filter_lock);
	if (kfilter_number(name, &i) == 0) {
		error = EEXIST;
	} else {
		for (i = EVFILT_SYSCOUNT; i < KFILTER_MAX; i++)
			if (filters[i].name == NULL) {
				filters[i].fop = fop;
				filters[i].name = kmem_strdup(name, KM_SLEEP);
				if (filterp != NULL)
					*filterp = i;
				error = 0;
				break;
			}
	}
	mutex_exit(&filter_lock);
	return error;
}

int
kfilter_unregister(const char *name)
{
	uint32_t i;
	int error;

	mutex_enter(&filter_lock);
	error = kfilter_number(name, &i);
	if (error == 0 && i < EVFILT_SYSCOUNT)
		error = EINVAL;
	if (error == 0) {
		kmem_strfree(__UNCONST(filters[i].name));
		filters[i].name = NULL;
		filters[i].fop = NULL;
	}
	mutex_exit(&filter_lock);
	return error;
}

void
kqueue_init(void)
{

	mutex_init(&fs_lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&filter_lock, MUTEX_DEFAULT, IPL_NONE);
	kqueue_calls_init();
	kqueue_proc_init();
}
