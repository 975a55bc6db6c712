/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events: what devmon_insert got is kept, in order, until it is asked for.
 *
 * Nothing is kept while /dev/drvctl is not open.  All who have it open share one
 * queue; if it is full the oldest event is dropped.  An event that was asked for is
 * gone, even if the program had no room for it.
 *
 * Locks: events_lock, last.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/devmon.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/poll.h>
#include <sys/queue.h>
#include <sys/select.h>

#include <prop/proplib.h>

#include "drvctl_var.h"

#define EVENTS_MOST	64

struct event {
	SIMPLEQ_ENTRY(event) e_entry;
	prop_dictionary_t e_dict;
};

static kmutex_t events_lock;
static kcondvar_t events_cv;		/* an event came, or the device was closed */
static struct selinfo events_sel;
static SIMPLEQ_HEAD(, event) events;
static u_int nevents;
static bool is_open;
static u_int opening;			/* whose open this is; waiters know theirs */

static void
event_free(struct event *e)
{

	prop_object_release(e->e_dict);
	kmem_free(e, sizeof(*e));
}

static struct event *
take_first_locked(void)
{
	struct event *e = SIMPLEQ_FIRST(&events);

	KASSERT(mutex_owned(&events_lock));
	if (e != NULL) {
		SIMPLEQ_REMOVE_HEAD(&events, e_entry);
		nevents--;
	}
	return e;
}

/*
 * Report an event.
 *
 * Returns 0, or EINVAL: it cannot be named.
 */
int
devmon_insert(const char *name, prop_dictionary_t ev)
{
	struct event *e, *dropped = NULL;

	if (!prop_dictionary_set_string(ev, "event", name))
		return EINVAL;
	e = kmem_alloc(sizeof(*e), KM_SLEEP);
	e->e_dict = ev;
	mutex_enter(&events_lock);
	if (!is_open) {
		dropped = e;
	} else {
		if (nevents == EVENTS_MOST)
			dropped = take_first_locked();
		SIMPLEQ_INSERT_TAIL(&events, e, e_entry);
		nevents++;
		cv_signal(&events_cv);
		selnotify(&events_sel, POLLIN | POLLRDNORM, NOTE_SUBMIT);
	}
	mutex_exit(&events_lock);
	if (dropped != NULL)
		event_free(dropped);
	return 0;
}

void
drvctl_events_open(void)
{

	mutex_enter(&events_lock);
	is_open = true;
	mutex_exit(&events_lock);
}

/* The last close, perhaps under those who wait: a revocation. */
void
drvctl_events_close(void)
{
	struct event *e;

	mutex_enter(&events_lock);
	is_open = false;
	opening++;
	cv_broadcast(&events_cv);
	while ((e = take_first_locked()) != NULL) {
		mutex_exit(&events_lock);
		event_free(e);
		mutex_enter(&events_lock);
	}
	mutex_exit(&events_lock);
}

/* Wait for an event, and take it.  EWOULDBLOCK, ENXIO: the device was revoked. */
static int
wait_for(int flag, struct event **ep)
{
	u_int mine;
	int error = 0;

	mutex_enter(&events_lock);
	mine = opening;
	while ((*ep = take_first_locked()) == NULL && error == 0) {
		if ((flag & FNONBLOCK) != 0)
			error = EWOULDBLOCK;
		else
			error = cv_wait_sig(&events_cv, &events_lock);
		if (error == 0 && mine != opening)
			error = ENXIO;
	}
	mutex_exit(&events_lock);
	return error;
}

int
drvctl_event_get(struct plistref *pref, u_long cmd, int flag)
{
	struct event *e;
	int error;

	error = wait_for(flag, &e);
	if (error != 0)
		return error;
	error = prop_dictionary_copyout_ioctl(pref, cmd, e->e_dict);
	event_free(e);
	return error;
}

/* ----------------------------------------------------------- poll, kqueue */

int
drvctl_poll(dev_t dev, int wanted, struct lwp *l)
{
	int ready = 0;

	mutex_enter(&events_lock);
	if (nevents != 0)
		ready = wanted & (POLLIN | POLLRDNORM);
	else if ((wanted & (POLLIN | POLLRDNORM)) != 0)
		selrecord(l, &events_sel);
	mutex_exit(&events_lock);
	return ready;
}

static void
filter_detach(struct knote *kn)
{

	mutex_enter(&events_lock);
	selremove_knote(&events_sel, kn);
	mutex_exit(&events_lock);
}

/* hint: NOTE_SUBMIT if the lock is held. */
static int
filter_event(struct knote *kn, long hint)
{

	if (hint != NOTE_SUBMIT)
		mutex_enter(&events_lock);
	kn->kn_data = nevents;
	if (hint != NOTE_SUBMIT)
		mutex_exit(&events_lock);
	return kn->kn_data != 0;
}

static const struct filterops read_filterops = {
	.f_isfd = 1,
	.f_detach = filter_detach,
	.f_event = filter_event,
};

int
drvctl_kqfilter(dev_t dev, struct knote *kn)
{

	if (kn->kn_filter != EVFILT_READ)
		return EINVAL;
	kn->kn_fop = &read_filterops;
	mutex_enter(&events_lock);
	selrecord_knote(&events_sel, kn);
	mutex_exit(&events_lock);
	return 0;
}

/* ------------------------------------------------------------- start and end */

void
drvctl_init(void)
{

	mutex_init(&events_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&events_cv, "devmon");
	selinit(&events_sel);
	SIMPLEQ_INIT(&events);
	atomic_store_release(&devmon_insert_vec, devmon_insert);
}
