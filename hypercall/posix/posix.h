/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the files of the posix host share. The fiber host uses the same files, but for threads,
 * clocks, memory, randomness and the start of block requests.
 *
 *   event_*     one thread waits, anything wakes it: what park, and the fiber host's idling, are made of
 *   uring_*     block requests by io_uring, where that was found when this was built
 */

#ifndef HYPERCALL_POSIX_POSIX_H
#define HYPERCALL_POSIX_POSIX_H

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

/*
 * io_uring. uring_start: whether it works on this machine. uring_submit takes one step of a
 * request, as core_bio_start. uring_stop waits for its thread; no request is in flight.
 */
bool uring_start(void);
void uring_submit(struct bio_request *bio);
void uring_stop(void);

/* One step of a request, done at once: bytes moved, or a negated errno of NetBSD's. */
int64_t bio_step_now(struct bio_request *bio);

/* The environment variable is set to this. */
bool env_is(const char *name, const char *value);

#endif
