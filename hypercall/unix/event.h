/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Between event.c, which keeps the permit, and what waits for it: event_linux.c or event_other.c.
 */

#ifndef HYPERCALL_UNIX_EVENT_H
#define HYPERCALL_UNIX_EVENT_H

#include "unix.h"

enum { EVENT_WAITING = -1, EVENT_NONE = 0, EVENT_PERMIT = 1 };

/* Sleep while ev_permit is WAITING; 0 (perhaps without reason), or NB_ETIMEDOUT. */
int event_sleep(struct event *ev, int64_t deadline);

/* It is not WAITING any more. */
void event_wake(struct event *ev);

/* The same by a semaphore. */
int sem_event_wait(struct event *ev, int64_t deadline);
void sem_event_wake(struct event *ev);

#endif
