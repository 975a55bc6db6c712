/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Waiting, where there is no futex(2): semaphores.
 */

#include "event.h"

void
event_setup(void)
{
}

int
event_sleep(struct event *ev, int64_t deadline)
{

	return sem_event_wait(ev, deadline);
}

void
event_wake(struct event *ev)
{

	sem_event_wake(ev);
}
