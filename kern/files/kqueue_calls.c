/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kqueue(2) and kevent(2): kqueues as files, changes by programs, delivery.
 * kqueue.h has objects and locks.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/eventvar.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/timevar.h>

#include <rump-private/knote.h>
#include <rump-private/syscall.h>

#include "files/fd.h"
#include "files/kqueue.h"

/* What a program asks for a knote once, not something the knote remembers. */
#define ONCE_FLAGS	(EV_ADD | EV_DELETE | EV_ENABLE | EV_DISABLE | EV_RECEIPT)

static kmutex_t knote_busy;

void
kqueue_calls_init(void)
{

	mutex_init(&knote_busy, MUTEX_DEFAULT, IPL_NONE);
}

void
knote_busy_enter(void)
{

	mutex_enter(&knote_busy);
}

void
knote_busy_exit(void)
{

	mutex_exit(&knote_busy);
}

/*
 * Knotes of a table.
 */

static struct klist *
hash_chain(filedesc_t *fdp, uintptr_t ident)
{

	return &fdp->fd_knhash[(ident ^ ident >> 8) & fdp->fd_knhashmask];
}

/* The list where a knote for (filter, ident) belongs; NULL: none yet. */
static struct klist *
home(filedesc_t *fdp, const struct filterops *fop, uintptr_t ident)
{

	if (fop->f_isfd)
		return (struct klist *)&fdfile_find(fdp, ident)->ff_knlist;
	return fdp->fd_knhash == NULL ? NULL : hash_chain(fdp, ident);
}

static struct knote *
knote_find(struct kqueue *kq, const struct filterops *fop,
    const struct kevent *kev)
{
	struct klist *list = home(kq->kq_fdp, fop, kev->ident);
	struct knote *kn;

	if (list == NULL)
		return NULL;
	SLIST_FOREACH(kn, list, kn_link)
		if (kn->kn_kq == kq && kn->kn_id == kev->ident &&
		    kn->kn_filter == kev->filter)
			return kn;
	return NULL;
}

/* Take a knote off its object and its kqueue, and free it. */
static void
knote_drop(struct knote *kn)
{
	struct kqueue *kq = kn->kn_kq;
	filedesc_t *fdp = kq->kq_fdp;
	struct klist *list;
	bool attached;

	KASSERT(mutex_owned(&knote_busy));
	mutex_enter(&kq->kq_lock);
	attached = (kn->kn_status & KN_DETACHED) == 0;
	mutex_exit(&kq->kq_lock);
	if (attached)
		(*kn->kn_fop->f_detach)(kn);
	mutex_enter(&fdp->fd_lock);
	list = home(fdp, kfilter_byfilter(kn->kn_filter), kn->kn_id);
	SLIST_REMOVE(list, kn, knote, kn_link);
	mutex_exit(&fdp->fd_lock);
	mutex_enter(&kq->kq_lock);
	knote_dequeue(kq, kn);
	mutex_exit(&kq->kq_lock);
	kmem_free(kn, sizeof(*kn));
}

void
knote_drop_fd(filedesc_t *fdp, int fd)
{
	struct knote *kn;

	mutex_enter(&knote_busy);
	while ((kn = SLIST_FIRST(&fdfile_find(fdp, fd)->ff_knlist)) != NULL)
		knote_drop(kn);
	mutex_exit(&knote_busy);
}

void
knote_fdclose(int fd)
{

	knote_drop_fd(curlwp->l_fd, fd);
}

/* Drop a kqueue's knotes that are on a list. */
static void
drop_from(struct kqueue *kq, struct klist *list)
{
	struct knote *kn, *next;

	SLIST_FOREACH_SAFE(kn, list, kn_link, next)
		if (kn->kn_kq == kq)
			knote_drop(kn);
}

/* A table's chains for knotes without descriptors, made on first need. */
static void
hash_make(filedesc_t *fdp)
{
	struct klist *chains;
	u_long mask;

	if (fdp->fd_knhash != NULL)
		return;
	chains = hashinit(64, HASH_SLIST, true, &mask);
	mutex_enter(&fdp->fd_lock);
	if (fdp->fd_knhash == NULL) {
		fdp->fd_knhashmask = mask;
		fdp->fd_knhash = chains;
		chains = NULL;
	}
	mutex_exit(&fdp->fd_lock);
	if (chains != NULL)
		hashdone(chains, HASH_SLIST, mask);
}

int
knote_create(struct kqueue *kq, const struct filterops *fop,
    const struct kevent *kev, struct file *fp, struct knote **knp)
{
	filedesc_t *fdp = kq->kq_fdp;
	struct knote *kn = kmem_zalloc(sizeof(*kn), KM_SLEEP);
	int error;

	kn->kn_kq = kq;
	kn->kn_obj = fp;
	kn->kn_fop = fop;
	kn->kn_kevent = *kev;
	kn->kn_flags &= ~ONCE_FLAGS;
	kn->kn_sfflags = kev->fflags;
	kn->kn_sdata = kev->data;
	kn->kn_fflags = 0;
	kn->kn_data = 0;
	kn->kn_status = KN_DETACHED;
	if (!fop->f_isfd)
		hash_make(fdp);
	mutex_enter(&fdp->fd_lock);
	SLIST_INSERT_HEAD(home(fdp, fop, kev->ident), kn, kn_link);
	if (fop->f_isfd && (int)kev->ident > fdp->fd_lastkqfile)
		fdp->fd_lastkqfile = kev->ident;
	mutex_exit(&fdp->fd_lock);
	error = (*fop->f_attach)(kn);
	if (error != 0) {
		knote_drop(kn);
		return error;
	}
	/* it may be active already */
	mutex_enter(&kq->kq_lock);
	kn->kn_status &= ~KN_DETACHED;
	mutex_exit(&kq->kq_lock);
	*knp = kn;
	return 0;
}

/* An existing knote gets a program's new wishes. */
static void
knote_modify(struct knote *kn, struct kevent *kev)
{

	kn->kn_kevent.udata = kev->udata;
	if (kn->kn_fop->f_touch != NULL) {
		(*kn->kn_fop->f_touch)(kn, kev, EVENT_REGISTER);
		return;
	}
	kn->kn_sfflags = kev->fflags;
	kn->kn_sdata = kev->data;
}

/* Returns whether it is enabled now. */
static bool
knote_enable(struct knote *kn, u_int flags)
{
	struct kqueue *kq = kn->kn_kq;
	bool enabled, again;

	mutex_enter(&kq->kq_lock);
	if (flags & EV_DISABLE) {
		kn->kn_status |= KN_DISABLED;
		knote_dequeue(kq, kn);
	}
	if (flags & EV_ENABLE)
		kn->kn_status &= ~KN_DISABLED;
	enabled = (kn->kn_status & KN_DISABLED) == 0;
	again = enabled && (kn->kn_status & KN_ACTIVE) != 0;
	mutex_exit(&kq->kq_lock);
	if (again)
		knote_activate(kn);
	return enabled;
}

/*
 * Make one change that a program asks for.
 *
 * Returns 0, EINVAL (no such filter), ENOENT (no such knote), EBADF, or what
 * the filter says.
 */
int
kqueue_register(struct kqueue *kq, struct kevent *kev)
{
	const struct filterops *fop = kfilter_byfilter(kev->filter);
	struct file *fp = NULL;
	struct knote *kn;
	int error = 0;

	if (fop == NULL)
		return EINVAL;
	if (fop->f_isfd && (kev->ident > INT_MAX ||
	    (fp = fd_getfile(kev->ident)) == NULL))
		return EBADF;
	mutex_enter(&knote_busy);
	kn = knote_find(kq, fop, kev);
	if (kn == NULL && (kev->flags & EV_ADD) == 0)
		error = ENOENT;
	else if (kn == NULL)
		error = knote_create(kq, fop, kev, fp, &kn);
	else if ((kev->flags & EV_DELETE) == 0)
		knote_modify(kn, kev);
	if (error == 0 && (kev->flags & EV_DELETE) != 0) {
		knote_drop(kn);
	} else if (error == 0) {
		if (knote_enable(kn, kev->flags) &&
		    (*kn->kn_fop->f_event)(kn, 0))
			knote_activate(kn);
	}
	mutex_exit(&knote_busy);
	if (fp != NULL)
		fd_putfile(kev->ident);
	return error;
}

/*
 * Delivery.
 */

/*
 * One knote that was queued: is it still active, and what is delivered?  It is
 * off the queue on entry; an event that stays goes back to its end.
 */
static bool
deliver(struct kqueue *kq, struct knote *kn, struct kevent *kev)
{
	bool oneshot;

	KASSERT(mutex_owned(&knote_busy));
	mutex_enter(&kq->kq_lock);
	oneshot = (kn->kn_flags & EV_ONESHOT) != 0;
	mutex_exit(&kq->kq_lock);
	if (!oneshot && (*kn->kn_fop->f_event)(kn, 0) == 0) {
		mutex_enter(&kq->kq_lock);
		if ((kn->kn_status & KN_QUEUED) == 0)
			kn->kn_status &= ~KN_ACTIVE;
		mutex_exit(&kq->kq_lock);
		return false;
	}
	if (kn->kn_fop->f_touch != NULL)
		(*kn->kn_fop->f_touch)(kn, kev, EVENT_PROCESS);
	/* taken and emptied in one step: see knote.h */
	mutex_enter(&kq->kq_lock);
	if (kn->kn_fop->f_touch == NULL)
		*kev = kn->kn_kevent;
	if ((kn->kn_flags & EV_ONESHOT) != 0) {
		mutex_exit(&kq->kq_lock);
		knote_drop(kn);
		return true;
	}
	if (kn->kn_flags & EV_CLEAR) {
		kn->kn_data = 0;
		kn->kn_fflags = 0;
	}
	if (kn->kn_flags & EV_DISPATCH) {
		kn->kn_status |= KN_DISABLED;
		knote_dequeue(kq, kn);
	}
	if ((kn->kn_flags & (EV_CLEAR | EV_DISPATCH)) != 0) {
		if ((kn->kn_status & KN_QUEUED) == 0)
			kn->kn_status &= ~KN_ACTIVE;
	} else if ((kn->kn_status & KN_QUEUED) == 0) {
		kn->kn_status |= KN_QUEUED;
		TAILQ_INSERT_TAIL(&kq->kq_head, kn, kn_tqe);
		kq->kq_count++;
	}
	mutex_exit(&kq->kq_lock);
	return true;
}

/*
 * A scan looks at each queued knote once: its marker stands on the queue behind
 * those that were there when it began, and what stays queued goes behind it.
 */
static void
marker_set(struct kqueue *kq, struct knote *marker)
{

	KASSERT(mutex_owned(&kq->kq_lock));
	marker->kn_status = KN_MARKER | KN_QUEUED;
	TAILQ_INSERT_TAIL(&kq->kq_head, marker, kn_tqe);
}

static void
marker_clear(struct kqueue *kq, struct knote *marker)
{

	KASSERT(mutex_owned(&kq->kq_lock));
	if ((marker->kn_status & KN_QUEUED) != 0)
		TAILQ_REMOVE(&kq->kq_head, marker, kn_tqe);
	marker->kn_status &= ~KN_QUEUED;
}

/* The first knote before the marker; others' markers are passed over. */
static struct knote *
next_queued(struct kqueue *kq, struct knote *marker)
{
	struct knote *kn;

	TAILQ_FOREACH(kn, &kq->kq_head, kn_tqe) {
		if (kn == marker)
			return NULL;
		if ((kn->kn_status & KN_MARKER) == 0)
			return kn;
	}
	return NULL;
}

/* Collect up to max events; the marker is off the queue when there are no more. */
static size_t
collect(struct kqueue *kq, struct knote *marker, struct kevent *events,
    size_t max)
{
	struct knote *kn;
	size_t n = 0;

	mutex_enter(&knote_busy);
	mutex_enter(&kq->kq_lock);
	if ((marker->kn_status & KN_QUEUED) == 0)
		marker_set(kq, marker);
	while (n < max) {
		if ((kn = next_queued(kq, marker)) == NULL) {
			marker_clear(kq, marker);
			break;
		}
		knote_dequeue(kq, kn);
		mutex_exit(&kq->kq_lock);
		if (deliver(kq, kn, &events[n]))
			n++;
		mutex_enter(&kq->kq_lock);
	}
	mutex_exit(&kq->kq_lock);
	mutex_exit(&knote_busy);
	return n;
}

/* Wait for an active knote, until an uptime (NULL: for ever). */
static int
await(struct kqueue *kq, const struct timespec *end)
{
	static const struct bintime exact = { 0, 1 };
	struct timespec now, left;
	struct bintime bt;
	int error = 0;

	mutex_enter(&kq->kq_lock);
	while (kq->kq_count == 0 && error == 0) {
		if (end == NULL) {
			error = cv_wait_sig(&kq->kq_cv, &kq->kq_lock);
			continue;
		}
		nanouptime(&now);
		if (timespeccmp(&now, end, >=)) {
			error = EWOULDBLOCK;
			break;
		}
		timespecsub(end, &now, &left);
		timespec2bintime(&left, &bt);
		error = cv_timedwaitbt_sig(&kq->kq_cv, &kq->kq_lock, &bt,
		    &exact);
		if (error == EWOULDBLOCK)	/* look at the clock again */
			error = 0;
	}
	if (kq->kq_count & KQ_RESTART)		/* it is being closed */
		error = EBADF;
	mutex_exit(&kq->kq_lock);
	return error == ERESTART ? EINTR : error;
}

/* Deliver up to nevents to the program's list. */
static int
scan(struct kqueue *kq, struct kevent *list, size_t nevents,
    const struct timespec *timeout, register_t *retval,
    const struct kevent_ops *ops)
{
	struct kevent events[KQ_NEVENTS];
	struct knote marker = { .kn_status = 0 };
	struct timespec end;
	size_t done = 0, n;
	int error = 0;

	if (timeout != NULL) {
		nanouptime(&end);
		timespecadd(&end, timeout, &end);
	}
	while (done < nevents && error == 0) {
		n = collect(kq, &marker, events, MIN(nevents - done,
		    __arraycount(events)));
		if (n != 0) {
			error = (*ops->keo_put_events)(ops->keo_private,
			    events, list, done, n);
			done += n;
		}
		if ((marker.kn_status & KN_QUEUED) != 0)
			continue;
		if (done != 0)
			break;
		error = await(kq, timeout != NULL ? &end : NULL);
	}
	mutex_enter(&kq->kq_lock);
	marker_clear(kq, &marker);
	mutex_exit(&kq->kq_lock);
	*retval = done;
	return error == EWOULDBLOCK ? 0 : error;
}

/* Make nchanges changes; what fails becomes an event if there is room. */
static int
change(struct kqueue *kq, const struct kevent *changelist, size_t nchanges,
    struct kevent *eventlist, size_t nevents, size_t *donep,
    const struct kevent_ops *ops)
{
	struct kevent kev[KQ_NEVENTS];
	size_t at, i, n;
	int error;

	for (at = 0; at < nchanges; at += n) {
		n = MIN(nchanges - at, __arraycount(kev));
		error = (*ops->keo_fetch_changes)(ops->keo_private,
		    changelist, kev, at, n);
		if (error != 0)
			return error;
		for (i = 0; i < n; i++) {
			kev[i].flags &= ~EV_SYSFLAGS;
			error = kqueue_register(kq, &kev[i]);
			if (error == 0 && (kev[i].flags & EV_RECEIPT) == 0)
				continue;
			if (*donep >= nevents)
				return error;
			kev[i].flags = EV_ERROR;
			kev[i].data = error;
			error = (*ops->keo_put_events)(ops->keo_private,
			    &kev[i], eventlist, *donep, 1);
			if (error != 0)
				return error;
			++*donep;
		}
	}
	return 0;
}

int
kevent1(register_t *retval, int fd, const struct kevent *changelist,
    size_t nchanges, struct kevent *eventlist, size_t nevents,
    const struct timespec *timeout, const struct kevent_ops *ops)
{
	struct timespec ts;
	struct kqueue *kq;
	struct file *fp;
	size_t done = 0;
	int error;

	if (timeout != NULL) {
		error = (*ops->keo_fetch_timeout)(timeout, &ts, sizeof(ts));
		if (error != 0)
			return error;
		if (ts.tv_sec < 0 || ts.tv_nsec < 0 ||
		    ts.tv_nsec >= 1000000000L || ts.tv_sec > INT32_MAX)
			return EINVAL;
		timeout = &ts;
	}
	if ((fp = fd_getfile(fd)) == NULL)
		return EBADF;
	if (fp->f_type != DTYPE_KQUEUE) {
		fd_putfile(fd);
		return EBADF;
	}
	kq = fp->f_kqueue;
	error = change(kq, changelist, nchanges, eventlist, nevents, &done,
	    ops);
	*retval = done;
	if (error == 0 && done == 0)
		error = scan(kq, eventlist, nevents, timeout, retval, ops);
	fd_putfile(fd);
	return error;
}

int
kevent_fetch_changes(void *private, const struct kevent *changelist,
    struct kevent *changes, size_t index, int n)
{

	if (changelist == NULL)
		return EFAULT;
	return copyin(changelist + index, changes, n * sizeof(*changes));
}

int
kevent_put_events(void *private, struct kevent *events,
    struct kevent *eventlist, size_t index, int n)
{

	if (eventlist == NULL)
		return EFAULT;
	return copyout(events, eventlist + index, n * sizeof(*events));
}

/*
 * A kqueue as a file.
 */

static int
kqueue_ioctl(struct file *fp, u_long com, void *data)
{
	struct kfilter_mapping *km = data;
	char name[KFILTER_MAXNAME];
	const char *known;
	int error;

	switch (com) {
	case KFILTER_BYFILTER:
		known = kfilter_name(km->filter);
		return known == NULL ? ENOENT :
		    copyoutstr(known, km->name, km->len, NULL);
	case KFILTER_BYNAME:
		error = copyinstr(km->name, name, sizeof(name), NULL);
		return error != 0 ? error : kfilter_number(name, &km->filter);
	default:
		return ENOTTY;
	}
}

static int
kqueue_poll(struct file *fp, int events)
{
	struct kqueue *kq = fp->f_kqueue;
	int revents = 0;

	if ((events & POLLIN_EVENTS) == 0)
		return 0;
	mutex_enter(&kq->kq_lock);
	if (kq->kq_count != 0)
		revents = events & POLLIN_EVENTS;
	else
		selrecord(curlwp, &kq->kq_sel);
	mutex_exit(&kq->kq_lock);
	return revents;
}

static int
kqueue_stat(struct file *fp, struct stat *sb)
{

	sb->st_size = fp->f_kqueue->kq_count & KQ_MAXCOUNT;
	sb->st_blksize = sizeof(struct kevent);
	sb->st_mode = S_IFIFO | S_IRUSR | S_IWUSR;
	sb->st_uid = kauth_cred_geteuid(fp->f_cred);
	sb->st_gid = kauth_cred_getegid(fp->f_cred);
	return 0;
}

static int
kqueue_close(struct file *fp)
{
	struct kqueue *kq = fp->f_kqueue;
	filedesc_t *fdp = kq->kq_fdp;
	fdfile_t *ff;
	u_long i;
	int fd;

	mutex_enter(&knote_busy);
	for (fd = 0; fd <= fdp->fd_lastkqfile; fd++)
		if ((ff = fdfile_find(fdp, fd)) != NULL)
			drop_from(kq, (struct klist *)&ff->ff_knlist);
	for (i = 0; fdp->fd_knhash != NULL && i <= fdp->fd_knhashmask; i++)
		drop_from(kq, &fdp->fd_knhash[i]);
	mutex_exit(&knote_busy);
	fp->f_kqueue = NULL;
	seldestroy(&kq->kq_sel);
	cv_destroy(&kq->kq_cv);
	mutex_destroy(&kq->kq_lock);
	kmem_free(kq, sizeof(*kq));
	return 0;
}

/* Make a blocked kevent return: the descriptor is being closed. */
static void
kqueue_restart(struct file *fp)
{
	struct kqueue *kq = fp->f_kqueue;

	mutex_enter(&kq->kq_lock);
	kq->kq_count |= KQ_RESTART;
	cv_broadcast(&kq->kq_cv);
	mutex_exit(&kq->kq_lock);
}

/* A kqueue watched by another: readable when it has something to deliver. */
static void
nested_detach(struct knote *kn)
{
	struct kqueue *kq = ((struct file *)kn->kn_obj)->f_kqueue;

	mutex_enter(&kq->kq_lock);
	selremove_knote(&kq->kq_sel, kn);
	mutex_exit(&kq->kq_lock);
}

static int
nested_event(struct knote *kn, long hint)
{
	struct kqueue *kq = ((struct file *)kn->kn_obj)->f_kqueue;
	int n;

	if (hint != NOTE_SUBMIT)
		mutex_enter(&kq->kq_lock);
	n = kq->kq_count & KQ_MAXCOUNT;
	knote_set_data(kn, n);
	if (hint != NOTE_SUBMIT)
		mutex_exit(&kq->kq_lock);
	return n > 0;
}

static const struct filterops nested_filterops = {
	.f_isfd = 1,
	.f_detach = nested_detach,
	.f_event = nested_event,
};

static int
kqueue_kqfilter(struct file *fp, struct knote *kn)
{
	struct kqueue *kq = fp->f_kqueue;

	if (kn->kn_filter != EVFILT_READ || kn->kn_kq == kq)
		return EINVAL;
	kn->kn_fop = &nested_filterops;
	mutex_enter(&kq->kq_lock);
	selrecord_knote(&kq->kq_sel, kn);
	mutex_exit(&kq->kq_lock);
	return 0;
}

static const struct fileops kqueue_ops = {
	.fo_name = "kqueue",
	.fo_read = fbadop_read,
	.fo_write = fbadop_write,
	.fo_ioctl = kqueue_ioctl,
	.fo_fcntl = fnullop_fcntl,
	.fo_poll = kqueue_poll,
	.fo_stat = kqueue_stat,
	.fo_close = kqueue_close,
	.fo_kqfilter = kqueue_kqfilter,
	.fo_restart = kqueue_restart,
};

static struct kqueue *
kqueue_create(filedesc_t *fdp)
{
	struct kqueue *kq = kmem_zalloc(sizeof(*kq), KM_SLEEP);

	TAILQ_INIT(&kq->kq_head);
	selinit(&kq->kq_sel);
	cv_init(&kq->kq_cv, "kqueue");
	mutex_init(&kq->kq_lock, MUTEX_DEFAULT, IPL_SCHED);
	kq->kq_fdp = fdp;
	return kq;
}

static int
kqueue_open(struct lwp *l, int oflags, register_t *retval)
{
	struct file *fp;
	int fd, error;

	if ((oflags & ~(O_CLOEXEC | O_NONBLOCK | O_NOSIGPIPE)) != 0)
		return EINVAL;
	error = fd_allocfile(&fp, &fd);
	if (error != 0)
		return error;
	fp->f_kqueue = kqueue_create(l->l_fd);
	fp->f_ops = &kqueue_ops;
	fp->f_type = DTYPE_KQUEUE;
	fp->f_flag = FREAD | FWRITE | (oflags & (O_NONBLOCK | O_NOSIGPIPE));
	if (oflags & O_CLOEXEC)
		fd_set_exclose(l, fd, true);
	*retval = fd;
	fd_affix(l->l_proc, fp, fd);
	return 0;
}

int
sys_kqueue(struct lwp *l, const void *v, register_t *retval)
{

	return kqueue_open(l, 0, retval);
}

int
sys_kqueue1(struct lwp *l, const struct sys_kqueue1_args *uap,
    register_t *retval)
{

	return kqueue_open(l, SCARG(uap, flags), retval);
}

int
sys___kevent50(struct lwp *l, const struct sys___kevent50_args *uap,
    register_t *retval)
{
	static const struct kevent_ops ops = {
		.keo_fetch_timeout = copyin,
		.keo_fetch_changes = kevent_fetch_changes,
		.keo_put_events = kevent_put_events,
	};

	return kevent1(retval, SCARG(uap, fd), SCARG(uap, changelist),
	    SCARG(uap, nchanges), SCARG(uap, eventlist), SCARG(uap, nevents),
	    SCARG(uap, timeout), &ops);
}

SYSCALL_HANDLER(kqueue1)
SYSCALL_HANDLER(__kevent50)

static const struct rump_onesyscall calls[] = {
	{ SYS_kqueue, sys_kqueue },
	SYSCALL_ROW(kqueue1),
	SYSCALL_ROW(__kevent50),
};

void
kqueue_register_calls(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
