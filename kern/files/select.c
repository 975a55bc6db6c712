/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * select(2) and poll(2), and the objects' side of them.
 *
 *   selrecord, selnotify     a poll routine finds nothing ready, and later news
 *   selinit, seldestroy
 *
 * A poller asks every file.  One that has nothing records the poller in its
 * selinfo.  If none had anything the poller sleeps until an object that it is
 * recorded with notifies it, then asks all again.
 *
 * A selinfo has room for one poller.  The second is a collision: then the bit
 * of its cluster is set, and a notification wakes the whole cluster.  Pollers
 * are in the cluster of the CPU they were on when they began.
 *
 * Locks: selrecord and selnotify are called with the object's lock, which
 * serialises them.  A cluster's lock protects its pollers' state (p_state,
 * l_selwait) and the selinfos that are recorded with them.  Clusters stay for
 * good, so selnotify may look at sel_cluster first.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/cpu.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/select.h>
#include <sys/selinfo.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/timevar.h>

#include <rump-private/syscall.h>

#include "files/fd.h"
#include "files/fd_calls.h"

/* As many clusters as sel_collision has bits. */
#define CLUSTERS	64

/* What select's three sets ask for, in poll's terms. */
#define SELECT_READ	(POLLIN | POLLRDNORM | POLLHUP | POLLERR)
#define SELECT_WRITE	(POLLOUT | POLLWRNORM | POLLHUP | POLLERR)
#define SELECT_EXCEPT	(POLLRDBAND)

enum poller_state {
	SCANNING,		/* asks the files */
	NEWS,			/* an object has notified it since */
};

struct selcluster {
	kmutex_t	sc_lock;
	LIST_HEAD(, poller) sc_pollers;
	uint64_t	sc_bit;
};

/* A thread inside select or poll; on its stack, found by l_selbits. */
struct poller {
	LIST_ENTRY(poller) p_list;	/* of the cluster */
	struct lwp	*p_lwp;
	enum poller_state p_state;
	kcondvar_t	p_cv;
};

static struct selcluster clusters[CLUSTERS];

void
select_init(void)
{
	u_int i;

	for (i = 0; i < CLUSTERS; i++) {
		mutex_init(&clusters[i].sc_lock, MUTEX_DEFAULT, IPL_SCHED);
		LIST_INIT(&clusters[i].sc_pollers);
		clusters[i].sc_bit = (uint64_t)1 << i;
	}
}

void
selinit(struct selinfo *sip)
{

	memset(sip, 0, sizeof(*sip));
	SLIST_INIT(&sip->sel_klist);
}

/* No poller can come any more; one that is recorded is let go. */
void
seldestroy(struct selinfo *sip)
{
	struct selcluster *sc = sip->sel_cluster;
	struct lwp *l;

	if (sc == NULL)
		return;
	mutex_enter(&sc->sc_lock);
	if ((l = sip->sel_lwp) != NULL) {
		SLIST_REMOVE(&l->l_selwait, sip, selinfo, sel_chain);
		sip->sel_lwp = NULL;
	}
	mutex_exit(&sc->sc_lock);
}

/*
 * Remember that selector polls the object and found nothing.
 * Locks:   the object's is held, the same as around selnotify.
 */
void
selrecord(struct lwp *selector, struct selinfo *sip)
{
	struct selcluster *sc = selector->l_selcluster;
	struct lwp *other = atomic_load_relaxed(&sip->sel_lwp);

	KASSERT(selector == curlwp);
	if (sc == NULL || other == selector)	/* not inside select or poll */
		return;
	if (other != NULL) {
		sip->sel_collision |= sc->sc_bit;
		return;
	}
	mutex_enter(&sc->sc_lock);
	atomic_store_relaxed(&sip->sel_cluster, sc);
	sip->sel_lwp = selector;
	SLIST_INSERT_HEAD(&selector->l_selwait, sip, sel_chain);
	mutex_exit(&sc->sc_lock);
}

static void
poller_wake(struct poller *p)
{

	p->p_state = NEWS;
	cv_signal(&p->p_cv);
}

/* Wake all pollers of the clusters whose bits are set. */
static void
collision_wake(uint64_t mask)
{
	struct selcluster *sc;
	struct poller *p;

	for (sc = clusters; mask != 0; sc++, mask >>= 1) {
		if ((mask & 1) == 0)
			continue;
		mutex_enter(&sc->sc_lock);
		LIST_FOREACH(p, &sc->sc_pollers, p_list)
			poller_wake(p);
		mutex_exit(&sc->sc_lock);
	}
}

/*
 * Tell pollers and knotes of an object that something has happened.
 *
 * events   POLL* bits, or 0 for any.
 * knhint   what the knotes' filters are told.
 * Locks:   the object's is held.
 * Context: thread or soft interrupt; does not sleep.
 */
void
selnotify(struct selinfo *sip, int events, long knhint)
{
	struct selcluster *sc = atomic_load_relaxed(&sip->sel_cluster);
	uint64_t collided;

	KNOTE(&sip->sel_klist, knhint);
	if (sc != NULL) {
		mutex_enter(&sc->sc_lock);
		if (sip->sel_lwp != NULL)
			poller_wake(sip->sel_lwp->l_selbits);
		mutex_exit(&sc->sc_lock);
	}
	if (__predict_false((collided = sip->sel_collision) != 0)) {
		sip->sel_collision = 0;
		collision_wake(collided);
	}
}

void
selrecord_knote(struct selinfo *sip, struct knote *kn)
{

	SLIST_INSERT_HEAD(&sip->sel_klist, kn, kn_selnext);
}

/* Take a knote off; true if it was the last. */
bool
selremove_knote(struct selinfo *sip, struct knote *kn)
{

	SLIST_REMOVE(&sip->sel_klist, kn, knote, kn_selnext);
	return SLIST_EMPTY(&sip->sel_klist);
}

int
seltrue(dev_t dev, int events, struct lwp *l)
{

	return events & (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
}

/*
 * The pollers' side.
 */

/* Let go of the objects that l is recorded with. */
static void
forget(struct selcluster *sc, struct lwp *l)
{
	struct selinfo *sip;

	KASSERT(mutex_owned(&sc->sc_lock));
	while ((sip = SLIST_FIRST(&l->l_selwait)) != NULL) {
		SLIST_REMOVE_HEAD(&l->l_selwait, sel_chain);
		sip->sel_lwp = NULL;
	}
}

/* What a scan works on: an array of pollfds, or three sets of bits. */
struct scan {
	struct pollfd	*s_fds;		/* poll */
	u_int		s_nfds;
	uint32_t	*s_in[3], *s_out[3];	/* select; s_in may be NULL */
	int		s_nd;
};

static int
ask(int fd, int events, int *revents)
{
	struct file *fp = fd_getfile(fd);

	if (fp == NULL)
		return EBADF;
	*revents = (*fp->f_ops->fo_poll)(fp, events);
	fd_putfile(fd);
	return 0;
}

static int
scan_poll(struct scan *s, int *readyp)
{
	struct pollfd *pfd;
	int revents, n = 0;

	for (pfd = s->s_fds; pfd < s->s_fds + s->s_nfds; pfd++) {
		revents = 0;
		if (pfd->fd >= 0 && ask(pfd->fd,
		    pfd->events | POLLERR | POLLHUP, &revents) != 0)
			revents = POLLNVAL;
		pfd->revents = revents;
		n += revents != 0;
	}
	*readyp = n;
	return 0;
}

static int
scan_select(struct scan *s, int *readyp)
{
	static const int wanted[3] = { SELECT_READ, SELECT_WRITE,
	    SELECT_EXCEPT };
	int fd, i, events, revents, error, n = 0;
	uint32_t bit;

	for (i = 0; i < 3; i++)
		if (s->s_in[i] != NULL)
			memset(s->s_out[i], 0, howmany(s->s_nd, NFDBITS) *
			    sizeof(uint32_t));
	for (fd = 0; fd < s->s_nd; fd++) {
		bit = (uint32_t)1 << (fd % NFDBITS);
		for (events = i = 0; i < 3; i++)
			if (s->s_in[i] != NULL &&
			    (s->s_in[i][fd / NFDBITS] & bit) != 0)
				events |= wanted[i];
		if (events == 0)
			continue;
		if ((error = ask(fd, events, &revents)) != 0)
			return error;
		for (i = 0; i < 3; i++)
			if (s->s_in[i] != NULL && (revents & wanted[i]) != 0 &&
			    (s->s_in[i][fd / NFDBITS] & bit) != 0) {
				s->s_out[i][fd / NFDBITS] |= bit;
				n++;
			}
	}
	*readyp = n;
	return 0;
}

/* Sleep until there is news, or an uptime. 0: look again; else EWOULDBLOCK … */
static int
poller_sleep(struct selcluster *sc, struct poller *p, const struct timespec *end)
{
	static const struct bintime exact = { 0, 1 };
	struct timespec now, left;
	struct bintime bt;
	int error = 0;

	KASSERT(mutex_owned(&sc->sc_lock));
	while (p->p_state == SCANNING && error == 0) {
		if (end == NULL) {
			error = cv_wait_sig(&p->p_cv, &sc->sc_lock);
			continue;
		}
		nanouptime(&now);
		if (timespeccmp(&now, end, >=))
			return EWOULDBLOCK;
		timespecsub(end, &now, &left);
		timespec2bintime(&left, &bt);
		error = cv_timedwaitbt_sig(&p->p_cv, &sc->sc_lock, &bt,
		    &exact);
	}
	return p->p_state == NEWS ? 0 : error;
}

/*
 * Scan until something is ready, a timeout (relative; NULL: none), or an error.
 *
 * readyp   out: how many are ready; 0 after a timeout.
 */
static int
scan_until(int (*scan)(struct scan *, int *), struct scan *s,
    const struct timespec *timeout, int *readyp)
{
	struct lwp *l = curlwp;
	struct selcluster *sc = &clusters[cpu_index(curcpu()) % CLUSTERS];
	struct poller p = { .p_lwp = l };
	struct timespec end;
	int error;

	if (timeout != NULL) {
		nanouptime(&end);
		timespecadd(&end, timeout, &end);
	}
	cv_init(&p.p_cv, "select");
	l->l_selbits = &p;
	l->l_selcluster = sc;
	mutex_enter(&sc->sc_lock);
	LIST_INSERT_HEAD(&sc->sc_pollers, &p, p_list);
	for (;;) {
		p.p_state = SCANNING;
		mutex_exit(&sc->sc_lock);
		error = (*scan)(s, readyp);
		mutex_enter(&sc->sc_lock);
		if (error != 0 || *readyp != 0)
			break;
		if (timeout != NULL && !timespecisset(timeout))
			break;
		error = poller_sleep(sc, &p, timeout != NULL ? &end : NULL);
		forget(sc, l);
		if (error != 0)
			break;
	}
	forget(sc, l);
	LIST_REMOVE(&p, p_list);
	mutex_exit(&sc->sc_lock);
	l->l_selcluster = NULL;
	l->l_selbits = NULL;
	cv_destroy(&p.p_cv);
	if (error == EWOULDBLOCK)
		error = 0;
	return error == ERESTART ? EINTR : error;
}

static int
timeout_check(const struct timespec *ts)
{

	return ts != NULL && (ts->tv_sec < 0 || ts->tv_nsec < 0 ||
	    ts->tv_nsec >= 1000000000L || ts->tv_sec > INT32_MAX) ? EINVAL : 0;
}

/*
 * poll(2).  u_fds is in the caller's memory, timeout in the kernel's; NULL
 * waits for ever.  The signal mask has no effect: signals do not interrupt
 * system calls here.
 */
int
pollcommon(register_t *retval, struct pollfd *u_fds, u_int nfds,
    struct timespec *timeout, sigset_t *mask)
{
	struct pollfd few[32], *fds = few;
	size_t size = nfds * sizeof(*fds);
	struct scan s = { .s_nfds = nfds };
	int error, ready = 0;

	if (nfds > MAX(1000, fd_limit(curproc)))
		return EINVAL;
	if ((error = timeout_check(timeout)) != 0)
		return error;
	if (size > sizeof(few))
		fds = kmem_alloc(size, KM_SLEEP);
	error = copyin(u_fds, fds, size);
	if (error == 0) {
		s.s_fds = fds;
		error = scan_until(scan_poll, &s, timeout, &ready);
	}
	if (error == 0)
		error = copyout(fds, u_fds, size);
	if (fds != few)
		kmem_free(fds, size);
	*retval = ready;
	return error;
}

/* select(2): as pollcommon, the sets in the caller's memory. */
int
selcommon(register_t *retval, int nd, fd_set *u_in, fd_set *u_ou,
    fd_set *u_ex, struct timespec *timeout, sigset_t *mask)
{
	fd_set *sets[3] = { u_in, u_ou, u_ex };
	uint32_t few[6 * 8], *bits = few;
	struct scan s = { .s_nfds = 0 };
	int i, error, ready = 0;
	size_t words;

	if (nd < 0)
		return EINVAL;
	if ((error = timeout_check(timeout)) != 0)
		return error;
	s.s_nd = MIN((u_int)nd,
	    atomic_load_consume(&curlwp->l_fd->fd_dt)->dt_nfiles);
	words = MAX(howmany(s.s_nd, NFDBITS), 1);
	if (6 * words > __arraycount(few))
		bits = kmem_alloc(6 * words * sizeof(*bits), KM_SLEEP);
	for (i = 0; i < 3 && error == 0; i++) {
		if (sets[i] == NULL)
			continue;
		s.s_in[i] = bits + i * words;
		s.s_out[i] = bits + (3 + i) * words;
		error = copyin(sets[i], s.s_in[i], howmany(s.s_nd, NFDBITS) *
		    sizeof(*bits));
	}
	if (error == 0)
		error = scan_until(scan_select, &s, timeout, &ready);
	for (i = 0; i < 3 && error == 0; i++)
		if (sets[i] != NULL)
			error = copyout(s.s_out[i], sets[i],
			    howmany(s.s_nd, NFDBITS) * sizeof(*bits));
	if (bits != few)
		kmem_free(bits, 6 * words * sizeof(*bits));
	*retval = ready;
	return error;
}

int
sys_poll(struct lwp *l, const struct sys_poll_args *uap, register_t *retval)
{
	int ms = SCARG(uap, timeout);
	struct timespec ts, *tsp = NULL;

	if (ms < 0 && ms != INFTIM)
		return EINVAL;
	if (ms != INFTIM) {
		ts.tv_sec = ms / 1000;
		ts.tv_nsec = (ms % 1000) * 1000000L;
		tsp = &ts;
	}
	return pollcommon(retval, SCARG(uap, fds), SCARG(uap, nfds), tsp,
	    NULL);
}

/* A timeout and a signal mask of pselect or pollts; NULL stays NULL. */
struct timeout {
	struct timespec	ts, *tsp;
	sigset_t	mask, *maskp;
};

static int
timeout_copyin(struct timeout *t, const struct timespec *uts,
    const sigset_t *umask)
{
	int error = 0;

	t->tsp = uts != NULL ? &t->ts : NULL;
	t->maskp = umask != NULL ? &t->mask : NULL;
	if (t->tsp != NULL)
		error = copyin(uts, t->tsp, sizeof(t->ts));
	if (error == 0 && t->maskp != NULL)
		error = copyin(umask, t->maskp, sizeof(t->mask));
	return error;
}

int
sys___pollts50(struct lwp *l, const struct sys___pollts50_args *uap,
    register_t *retval)
{
	struct timeout t;
	int error = timeout_copyin(&t, SCARG(uap, ts), SCARG(uap, mask));

	return error != 0 ? error : pollcommon(retval, SCARG(uap, fds),
	    SCARG(uap, nfds), t.tsp, t.maskp);
}

int
sys___select50(struct lwp *l, const struct sys___select50_args *uap,
    register_t *retval)
{
	struct timespec ts, *tsp = NULL;
	struct timeval tv;
	int error;

	if (SCARG(uap, tv) != NULL) {
		error = copyin(SCARG(uap, tv), &tv, sizeof(tv));
		if (error != 0)
			return error;
		if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
			return EINVAL;
		TIMEVAL_TO_TIMESPEC(&tv, &ts);
		tsp = &ts;
	}
	return selcommon(retval, SCARG(uap, nd), SCARG(uap, in),
	    SCARG(uap, ou), SCARG(uap, ex), tsp, NULL);
}

int
sys___pselect50(struct lwp *l, const struct sys___pselect50_args *uap,
    register_t *retval)
{
	struct timeout t;
	int error = timeout_copyin(&t, SCARG(uap, ts), SCARG(uap, mask));

	return error != 0 ? error : selcommon(retval, SCARG(uap, nd),
	    SCARG(uap, in), SCARG(uap, ou), SCARG(uap, ex), t.tsp, t.maskp);
}

SYSCALL_HANDLER(poll)
SYSCALL_HANDLER(__pollts50)
SYSCALL_HANDLER(__select50)
SYSCALL_HANDLER(__pselect50)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(poll),
	SYSCALL_ROW(__pollts50),
	SYSCALL_ROW(__select50),
	SYSCALL_ROW(__pselect50),
};

void
select_register(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
