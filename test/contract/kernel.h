/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A kernel that is nothing but its edge: virtual CPUs, lwps, and a memory of what the library did
 * with them. The contract tests run on it, so that they judge the hypercall library alone.
 *
 *   kernel_boot, kernel_halt     start the library with ncpu virtual CPUs; let it go
 *   kernel_enter, kernel_leave   what rump_schedule and rump_unschedule are
 *   struct lwp                   per thread: what the upcalls were told
 *   struct runner                a thread of the kernel that a test starts, watches and joins
 *
 * A broken rule (an upcall by a thread without a CPU, two lwps …) ends the program with a line that says so:
 * then the TAP plan is missing and the test has failed.
 */

#ifndef TEST_CONTRACT_KERNEL_H
#define TEST_CONTRACT_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "rump/rumpuser.h"

#define T_STDIO
#include "t.h"

/* NetBSD's errno numbers that the tests expect. */
enum {
	K_ENOENT = 2, K_ESRCH = 3, K_EIO = 5, K_EBADF = 9, K_EDEADLK = 11, K_ENOMEM = 12, K_EACCES = 13,
	K_EBUSY = 16, K_EEXIST = 17, K_EINVAL = 22, K_EMFILE = 24, K_EFBIG = 27, K_ENOSPC = 28,
	K_ESPIPE = 29, K_EROFS = 30, K_EPIPE = 32, K_ERANGE = 34, K_EAGAIN = 35, K_EOPNOTSUPP = 45,
	K_ETIMEDOUT = 60
};

enum { NS_PER_MS = 1000000 };
#define SECONDS(n) ((int64_t)(n) * 1000000000)

struct lwp {
	_Atomic int l_cpu;            /* virtual CPU that it holds, -1: none */
	bool l_temporary;             /* for one visit */
	bool l_visits;                /* came in by component_schedule(NULL) */
	_Atomic int l_biglock;        /* how often it holds the giant lock */

	/* what the library did, counted; others look on */
	_Atomic unsigned l_released;  /* backend_unschedule */
	_Atomic unsigned l_acquired;  /* backend_schedule */
	void *l_outlock, *l_inlock;  /* the interlocks it was told last */
	const void *l_watch;  /* a mutex, KMUTEX: at backend_schedule … */
	bool l_watch_held;    /* … did this lwp hold it */
};

/* Start with so many virtual CPUs; the calling thread is the first lwp's, and holds one. */
void kernel_boot(int ncpu);

/* The end; the caller holds a CPU and then none, and has no lwp. */
void kernel_halt(void);

/* What the library was given: the kernel's own, or v17's. */
const struct rumpuser_hyperup *kernel_upcalls(void);

/* The library of the second set is built on a foreign one; it runs on fibers. */
bool kernel_v17(void);
bool kernel_fibers(void);

/* The calling thread's lwp. */
static inline struct lwp *
kernel_lwp(void)
{

	return rumpuser2_thread()->rt_curlwp;
}

void kernel_enter(void);
void kernel_leave(void);

/* Let other threads go on for a moment; gives the CPU, if any, up meanwhile. */
void kernel_pause(void);

/* Wait until *flag is nonzero, for ten seconds at most. Whether it is. */
bool kernel_wait(const int *flag);

/*
 * A thread with an lwp, which holds a CPU while fun runs. runner_blocked waits until it does not run, which
 * is how a test knows that it has reached the call it is to block in.
 */
struct runner {
	void (*r_fun)(void *);
	void *r_arg;
	struct lwp r_lwp;
	void *r_cookie;
	int r_tid;
	int r_started, r_done;
};

void runner_start(struct runner *r, void (*fun)(void *), void *arg);
bool runner_blocked(struct runner *r);
void runner_join(struct runner *r);

/* Reading and writing flags that other threads look at. */
static inline void
flag_set(int *flag, int value)
{

	__atomic_store_n(flag, value, __ATOMIC_SEQ_CST);
}

static inline int
flag_get(const int *flag)
{

	return __atomic_load_n(flag, __ATOMIC_SEQ_CST);
}

#endif
