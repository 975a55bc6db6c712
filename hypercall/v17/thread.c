/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The second set of hypercalls, made of the first: linked between our kernel and a foreign library that
 * has version 17 and no more (NetBSD's librumpuser, another project's). block.c has the rest.
 *
 *   park, unpark    a mutex and a condition variable for each thread; the mutex is SPIN, so that the
 *                   library keeps away from virtual CPUs
 *   current lwp     a TLS variable
 *   thread exit     never seen: what a kernel keeps in rt_cache of a thread of the program stays until
 *                   the program ends, and so does the thread's handle
 *   membarrier      EOPNOTSUPP
 *
 * The upcalls that the library gets are not the kernel's but ours, which pass on all but this:
 *
 *   backend_schedule, backend_unschedule   not on a thread that is parking. It holds no virtual CPU, but
 *                   rumpuser_cv_timedwait, as any blocking hypercall, would give one back.
 *   newlwp(0)       what a library's own threads get for life, and would keep over a halt of the kernel.
 *                   Ours gives a thread that enters a cached lwp anyway, so they go without.
 *   schedule, unschedule                   counted, so that rumpuser2_fini can wait for threads of the
 *                   library to have left
 *
 * unpark takes a lock: not for signal handlers here.
 */

#include "v17.h"

#define NS_PER_SEC 1000000000

struct parker {
	struct rumpuser_mtx *pk_mtx;
	struct rumpuser_cv *pk_cv;
	bool pk_permit;  /* under pk_mtx */
	struct parker *pk_next;
};

static struct parker *parkers;  /* all of them, for debuggers and leak checkers; atomic */

__thread struct rumpuser2_thread rumpuser2_tls;

static __thread struct parker *my_parker;
static __thread bool parking;
static __thread bool without_lwp;  /* asked for one by newlwp(0) */

struct rumpuser_hyperup hyp_up;  /* the kernel's */
static struct rumpuser_hyperup library_up;
static unsigned visits;            /* atomic: between schedule and unschedule */

/* ── Upcalls ───────────────────────────────────────────────────────────────────────────── */

void
v17_parking_begin(void)
{

	parking = true;
}

void
v17_parking_end(void)
{

	parking = false;
}

static void
backend_unschedule(int keeplocks, int *nlocks, void *interlock)
{

	if (!parking)
		hyp_up.hyp_backend_unschedule(keeplocks, nlocks, interlock);
}

static void
backend_schedule(int nlocks, void *interlock)
{

	if (!parking)
		hyp_up.hyp_backend_schedule(nlocks, interlock);
}

static void
schedule(void)
{

	__atomic_fetch_add(&visits, 1, __ATOMIC_ACQ_REL);
	hyp_up.hyp_schedule();
}

static void
unschedule(void)
{

	hyp_up.hyp_unschedule();
	__atomic_fetch_sub(&visits, 1, __ATOMIC_ACQ_REL);
}

static int
newlwp(int32_t pid)
{

	if (pid != 0)
		return hyp_up.hyp_lwproc_newlwp(pid);
	without_lwp = true;
	return 0;
}

static void
release(void)
{

	if (without_lwp)
		without_lwp = false;
	else
		hyp_up.hyp_lwproc_release();
}

const struct rumpuser_hyperup *
rumpuser2_hyperup(const struct rumpuser_hyperup *hyp)
{

	hyp_up = library_up = *hyp;
	library_up.hyp_backend_unschedule = backend_unschedule;
	library_up.hyp_backend_schedule = backend_schedule;
	library_up.hyp_schedule = schedule;
	library_up.hyp_unschedule = unschedule;
	library_up.hyp_lwproc_newlwp = newlwp;
	library_up.hyp_lwproc_release = release;
	return &library_up;
}

int
rumpuser2_init(int version, const struct rumpuser2_hyperup *up)
{

	(void)up;
	return version == RUMPUSER2_VERSION ? 0 : NB_EINVAL;
}

void
rumpuser2_fini(void)
{

	hyp_bio_drain();
	v17_block_stop();
	while (__atomic_load_n(&visits, __ATOMIC_ACQUIRE) != 0)
		core_yield();
}

struct rumpuser2_thread *
rumpuser2_thread(void)
{

	return &rumpuser2_tls;
}

/* ── Park and unpark ───────────────────────────────────────────────────────────────────── */

void *
core_self(void)
{
	struct parker *pk = my_parker;
	void *mem;

	if (pk != NULL)
		return pk;
	if (core_alloc(sizeof(*pk), _Alignof(struct parker), &mem) != 0)
		hyp_panic("no memory for a thread's handle");
	pk = mem;
	pk->pk_permit = false;
	rumpuser_mutex_init(&pk->pk_mtx, RUMPUSER_MTX_SPIN);
	rumpuser_cv_init(&pk->pk_cv);
	pk->pk_next = __atomic_load_n(&parkers, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&parkers, &pk->pk_next, pk, true, __ATOMIC_RELEASE,
	    __ATOMIC_RELAXED))
		continue;
	my_parker = pk;
	return pk;
}

/* Sleep once, until the deadline. */
static int
wait_until(struct parker *pk, int64_t deadline)
{
	int64_t left;

	if (deadline == CORE_FOREVER) {
		rumpuser_cv_wait_nowrap(pk->pk_cv, pk->pk_mtx);
		return 0;
	}
	left = deadline - core_clock();
	if (left <= 0)
		return NB_ETIMEDOUT;
	rumpuser_cv_timedwait(pk->pk_cv, pk->pk_mtx, left / NS_PER_SEC, left % NS_PER_SEC);
	return 0;
}

int
core_park(int64_t deadline)
{
	struct parker *pk = core_self();
	int error = 0;

	v17_parking_begin();
	rumpuser_mutex_enter_nowrap(pk->pk_mtx);
	while (!pk->pk_permit && error == 0)
		error = wait_until(pk, deadline);
	if (pk->pk_permit)
		error = 0;
	pk->pk_permit = false;
	rumpuser_mutex_exit(pk->pk_mtx);
	v17_parking_end();
	return error;
}

void
core_unpark(void *thread)
{
	struct parker *pk = thread;

	rumpuser_mutex_enter_nowrap(pk->pk_mtx);
	pk->pk_permit = true;
	rumpuser_cv_signal(pk->pk_cv);
	rumpuser_mutex_exit(pk->pk_mtx);
}

/* Version 17 has no yield. */
void
core_yield(void)
{

	core_park(core_clock() + 10000);
}

void *
rumpuser2_self(void)
{

	return core_self();
}

int
rumpuser2_park(int64_t deadline_ns)
{

	return core_park(deadline_ns);
}

void
rumpuser2_unpark(void *thread)
{

	core_unpark(thread);
}

int
rumpuser2_membarrier(void)
{

	return NB_EOPNOTSUPP;
}

/* ── Clock, memory, output ─────────────────────────────────────────────────────────────── */

int64_t
core_clock(void)
{
	int64_t sec = 0;
	long nsec = 0;

	rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &sec, &nsec);
	return sec * NS_PER_SEC + nsec;
}

int64_t
rumpuser2_clock(void)
{

	return core_clock();
}

int
core_alloc(size_t len, size_t align, void **memp)
{

	return rumpuser_malloc(len, (int)align, memp);
}

void
core_free(void *mem, size_t len)
{

	rumpuser_free(mem, len);
}

/* The foreign library has a printf, but none that takes a va_list. */
void
hyp_panic(const char *fmt, ...)
{

	rumpuser_dprintf("hypercall/v17: %s\n", fmt);
	rumpuser_exit(RUMPUSER_PANIC);
}

void
rumpuser2_backtrace(void)
{

	rumpuser_dprintf("  (this host cannot show the stack)\n");
}
