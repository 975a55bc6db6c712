/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Waiting by futex(2), which Linux has and POSIX has not.
 */

#define _GNU_SOURCE
#include "event.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SEC 1000000000

/* linux/futex.h is not there for every C library. */
enum { FUTEX_PRIVATE = 128, FUTEX_WAKE = 1 | FUTEX_PRIVATE, FUTEX_WAIT_BITSET = 9 | FUTEX_PRIVATE };
#define FUTEX_ANY 0xffffffffu

/* 32-bit systems with a 64-bit time_t have a call of their own. */
#if defined(SYS_futex_time64) && (!defined(SYS_futex) || !defined(__LP64__))
#define FUTEX_CALL (sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex)
#else
#define FUTEX_CALL SYS_futex
#endif

static bool use_sem;

void
event_setup(void)
{
	int word = 0;

	use_sem = env_is("RUMP_HOST_PARK", "sem") ||
	    (syscall(FUTEX_CALL, &word, FUTEX_WAKE, 1, NULL, NULL, 0) == -1 && errno == ENOSYS);
}

int
event_sleep(struct event *ev, int64_t deadline)
{
	struct timespec ts = {
		.tv_sec = (time_t)(deadline / NS_PER_SEC),
		.tv_nsec = (long)(deadline % NS_PER_SEC),
	};

	if (use_sem)
		return sem_event_wait(ev, deadline);
	/* an absolute time of CLOCK_MONOTONIC, as core_clock has it */
	if (syscall(FUTEX_CALL, &ev->ev_permit, FUTEX_WAIT_BITSET, EVENT_WAITING,
	    deadline == CORE_FOREVER ? NULL : &ts, NULL, FUTEX_ANY) == -1 &&
	    errno == ETIMEDOUT)
		return NB_ETIMEDOUT;
	return 0;
}

void
event_wake(struct event *ev)
{
	int saved = errno;

	if (use_sem) {
		sem_event_wake(ev);
		return;
	}
	syscall(FUTEX_CALL, &ev->ev_permit, FUTEX_WAKE, 1, NULL, NULL, 0);
	errno = saved;
}
