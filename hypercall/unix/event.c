/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A permit that a thread waits for; see unix.h.
 *
 * NONE → WAITING by the thread that waits, → PERMIT by whoever posts; who changes WAITING to
 * PERMIT wakes. The waiting thread alone goes back to NONE.
 *
 * Here: a semaphore, on every POSIX system. event_linux.c is the other way, and calls this one
 * if it is told to or the kernel has no futexes.
 */

#include "event.h"

#include <errno.h>
#include <time.h>

#define NS_PER_SEC 1000000000
#define SLICE_NS NS_PER_SEC

/* sem_timedwait(3) goes by the time of day, which may be set meanwhile: never trust it for long. */
static struct timespec
slice_end(int64_t left)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	left = left < SLICE_NS ? left : SLICE_NS;
	ts.tv_sec += (time_t)((ts.tv_nsec + left) / NS_PER_SEC);
	ts.tv_nsec = (long)((ts.tv_nsec + left) % NS_PER_SEC);
	return ts;
}

int
sem_event_wait(struct event *ev, int64_t deadline)
{
	struct timespec ts;
	int64_t left;

	while (__atomic_load_n(&ev->ev_permit, __ATOMIC_ACQUIRE) == EVENT_WAITING) {
		if (deadline == CORE_FOREVER) {
			sem_wait(&ev->ev_sem);
			continue;
		}
		left = deadline - core_clock();
		if (left <= 0)
			return NB_ETIMEDOUT;
		ts = slice_end(left);
		sem_timedwait(&ev->ev_sem, &ts);
	}
	return 0;
}

void
sem_event_wake(struct event *ev)
{
	int saved = errno;

	sem_post(&ev->ev_sem);
	errno = saved;
}

void
event_init(struct event *ev)
{

	ev->ev_permit = EVENT_NONE;
	if (sem_init(&ev->ev_sem, 0, 0) != 0)
		hyp_panic("sem_init: error %d", errno);
}

int
event_wait(struct event *ev, int64_t deadline)
{
	int state = EVENT_NONE, error = 0;

	if (__atomic_compare_exchange_n(&ev->ev_permit, &state, EVENT_WAITING, false,
	    __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
		error = event_sleep(ev, deadline);
	/* a permit that came with the end of the time is taken, and counts */
	state = __atomic_exchange_n(&ev->ev_permit, EVENT_NONE, __ATOMIC_ACQUIRE);
	return state == EVENT_PERMIT ? 0 : error;
}

void
event_post(struct event *ev)
{

	if (__atomic_exchange_n(&ev->ev_permit, EVENT_PERMIT, __ATOMIC_ACQ_REL) == EVENT_WAITING)
		event_wake(ev);
}
