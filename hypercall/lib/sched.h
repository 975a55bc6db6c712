/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Threads for hosts that have one: a cooperative scheduler on fibers.
 *
 *   sched.c     writes core_thread_*, core_self, core_park, core_unpark, core_yield, core_membarrier
 *   the host    writes the five functions below, and calls sched_init
 *
 * A thread runs until it parks, yields or ends; there is no other switch. Threads become ready in the
 * order they were unparked or timed out, and sched_host_pick says which ready one runs next.
 * rumpuser2_tls is exchanged at each switch. The thread that calls first is the first thread; one that
 * the host switches by itself must stay out, except for core_unpark.
 */

#ifndef HYPERCALL_LIB_SCHED_H
#define HYPERCALL_LIB_SCHED_H

#include "core.h"

/* Memory for a stack, *len bytes of it from its lowest address; NULL: there is none. */
void *sched_host_stack_get(size_t *len);
void sched_host_stack_put(void *stack, size_t len);

/* Which of n > 1 ready threads runs next, 0 the one that has waited longest. */
unsigned sched_host_pick(unsigned n);

/*
 * No thread is ready: wait until core_clock() >= deadline or sched_host_wake; may return early.
 * deadline CORE_FOREVER: only sched_host_wake can help.
 */
void sched_host_idle(int64_t deadline);

/* End sched_host_idle, now or the next time. From anywhere, signal handlers included. */
void sched_host_wake(void);

#endif
