/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What hosts on a Unix share: files, console, parameters, the process; here is what these offer
 * beyond the core.
 *
 *   event_*         a permit that one thread waits for and anything gives: park is made of it, and the
 *                   fiber host's idling
 *   bio_step_now    one step of a block request, waited for
 */

#ifndef HYPERCALL_UNIX_UNIX_H
#define HYPERCALL_UNIX_UNIX_H

#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

#include "core.h"

/*
 * A thread's permit: it has one or none, and waits for it. Linux waits on the word itself
 * (futex); elsewhere, and with RUMP_HOST_PARK=sem, on a semaphore, whose sem_post(3) POSIX
 * allows in signal handlers, which pthread_cond_signal(3) is not.
 */
struct event {
	int ev_permit;  /* atomic: EVENT_* */
	sem_t ev_sem;
};

/* Choose the way to wait, once, before any event is made. */
void event_setup(void);

void event_init(struct event *ev);

/* Wait for the permit and take it, or until core_clock() >= deadline: NB_ETIMEDOUT. */
int event_wait(struct event *ev, int64_t deadline);

/* Give the permit. From anywhere; errno stays. */
void event_post(struct event *ev);

/* One step of a request, done at once: bytes moved, or a negated errno of NetBSD's. */
int64_t bio_step_now(struct bio_request *bio);

/*
 * Take the lock that keeps others from writing to an open file; closing gives it back. 0, NB_EBUSY. Where files
 * cannot be locked, 0.
 */
int filelock_take(int fd);

/* The environment variable is set to this. */
bool env_is(const char *name, const char *value);

#endif
