/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The second set of hypercalls, made of the first: linked between our kernel and a foreign library that
 * has version 17 and no more (NetBSD's librumpuser, another project's). block.c has the rest.
 *
 *   park, unpark    a mutex and a condition variable for each thread; the mutex is SPIN, so that the
 *                   library keeps away from virtual CPUs
 *   current lwp     a TLS variable, exchanged by hand where the library switches fibers: see v17.h
 *   thread exit     never seen, and rumpuser2_features says so: the kernel gives each handle back
 *   membarrier      EOPNOTSUPP
 *
 * The upcalls that the library gets are not the kernel's but ours, which pass on all but this:
 *
 *   backend_schedule, backend_unschedule   not on a thread that is parking. It holds no virtual CPU, but
 *                   rumpuser_cv_timedwait, as any blocking hypercall, would give one back.
 *   newlwp(0)       what a library's own threads get for life, and would keep over a halt of the kernel.
 *                   Ours gives a thread that enters an lwp anyway, so they go without, and come and go
 *                   by schedule and unschedule.
 *   schedule, unschedule                   counted, so that rumpuser2_fini can wait for threads of the
 *                   library to have left
 *
 * unpark takes a lock: not for signal handlers here.
 */

#include "v17.h"

#define NS_PER_SEC 1000000000
#define WAIT_MIN 1000000  /* libraries are known that count in milliseconds, and take none for forever */

__thread struct rumpuser2_thread rumpuser2_tls;
static __thread struct v17_thread *tls_owner;  /* whose contents rumpuser2_tls has; NULL: not known yet */

/* Records that no thread has. Taken all at once and put back but for one, so that a link is never stale. */
static struct v17_thread *records_free;

struct rumpuser_hyperup hyp_up;  /* the kernel's */
static struct rumpuser_hyperup library_up;
static unsigned visits;            /* atomic: between schedule and unschedule */

/* ── Who is here ───────────────────────────────────────────────────────────────────────── */

struct v17_thread *
v17_here(void)
{
	struct v17_thread *th = (struct v17_thread *)rumpuser_curlwp();

	if (th == tls_owner)
		return th;
	if (tls_owner != NULL)
		tls_owner->th_saved = rumpuser2_tls;
	rumpuser2_tls = th != NULL ? th->th_saved : (struct rumpuser2_thread){ NULL, NULL };
	tls_owner = th;
	return th;
}

static void
records_put(struct v17_thread *first)
{
	struct v17_thread *last = first;

	while (last->th_next != NULL)
		last = last->th_next;
	last->th_next = __atomic_load_n(&records_free, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&records_free, &last->th_next, first, true,
	    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		continue;
}

/* One from the free list, or new. */
static struct v17_thread *
record_get(void)
{
	struct v17_thread *th = __atomic_exchange_n(&records_free, NULL, __ATOMIC_ACQUIRE);
	void *mem;

	if (th != NULL) {
		if (th->th_next != NULL)
			records_put(th->th_next);
		return th;
	}
	if (core_alloc(sizeof(*th), _Alignof(struct v17_thread), &mem) != 0)
		hyp_panic("no memory for a thread's handle");
	th = mem;
	th->th_parking = th->th_without_lwp = th->th_calling = th->th_permit = false;
	th->th_starting = NULL;
	rumpuser_mutex_init(&th->th_mtx, RUMPUSER_MTX_SPIN);
	rumpuser_cv_init(&th->th_cv);
	rumpuser_curlwpop(RUMPUSER_LWP_CREATE, (struct lwp *)th);
	return th;
}

void *
core_self(void)
{
	struct v17_thread *th = v17_here();

	if (th != NULL)
		return th;
	th = record_get();
	th->th_next = NULL;
	rumpuser_curlwpop(RUMPUSER_LWP_SET, (struct lwp *)th);
	tls_owner = th;
	return th;
}

void *
rumpuser2_self(void)
{

	return core_self();
}

void
rumpuser2_self_put(void)
{
	struct v17_thread *th = v17_here();

	if (th == NULL || th->th_without_lwp)
		return;
	rumpuser_curlwpop(RUMPUSER_LWP_CLEAR, (struct lwp *)th);
	rumpuser2_tls = (struct rumpuser2_thread){ NULL, NULL };
	tls_owner = NULL;
	records_put(th);
}

struct rumpuser2_thread *
rumpuser2_thread(void)
{

	v17_here();
	return &rumpuser2_tls;
}

int
rumpuser2_features(void)
{

	return 0;
}

/* ── Upcalls ───────────────────────────────────────────────────────────────────────────── */

static void
schedule(void)
{

	v17_here();
	__atomic_fetch_add(&visits, 1, __ATOMIC_ACQ_REL);
	hyp_up.hyp_schedule();
}

static void
unschedule(void)
{

	v17_here();
	hyp_up.hyp_unschedule();
	__atomic_fetch_sub(&visits, 1, __ATOMIC_ACQ_REL);
}

/* A thread of the library's own comes and goes by these: it has an lwp for life, as it thinks. */
static bool
visiting(const struct v17_thread *th)
{

	return th != NULL && th->th_without_lwp && !th->th_calling;
}

static void
backend_unschedule(int keeplocks, int *nlocks, void *interlock)
{
	struct v17_thread *th = v17_here();

	if (th != NULL && th->th_parking)
		return;
	if (visiting(th))
		unschedule();
	else
		hyp_up.hyp_backend_unschedule(keeplocks, nlocks, interlock);
}

static void
backend_schedule(int nlocks, void *interlock)
{
	struct v17_thread *th = v17_here();

	if (th != NULL && th->th_parking)
		return;
	if (visiting(th))
		schedule();
	else
		hyp_up.hyp_backend_schedule(nlocks, interlock);
}

static int
newlwp(int32_t pid)
{
	struct v17_thread *th = core_self();

	if (pid != 0)
		return hyp_up.hyp_lwproc_newlwp(pid);
	th->th_without_lwp = true;
	return 0;
}

static void
release(void)
{
	struct v17_thread *th = core_self();

	if (th->th_without_lwp)
		th->th_without_lwp = false;
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

/* ── Park and unpark ───────────────────────────────────────────────────────────────────── */

/* Sleep once, until the deadline, which lies ahead. */
static void
wait_until(struct v17_thread *th, int64_t deadline)
{
	int64_t left;

	if (deadline == CORE_FOREVER) {
		rumpuser_cv_wait_nowrap(th->th_cv, th->th_mtx);
		return;
	}
	left = deadline - core_clock();
	if (left < WAIT_MIN)
		left = WAIT_MIN;
	rumpuser_cv_timedwait(th->th_cv, th->th_mtx, left / NS_PER_SEC, left % NS_PER_SEC);
}

/* Take the permit if there is one. */
static bool
permit_take(struct v17_thread *th)
{
	bool permit = th->th_permit;

	th->th_permit = false;
	return permit;
}

/* A deadline that has passed lets others run, too: those may be fibers. */
int
core_park(int64_t deadline)
{
	struct v17_thread *th = core_self();
	bool permit, late = false, waited = false;

	th->th_parking = true;
	rumpuser_mutex_enter_nowrap(th->th_mtx);
	while (!(permit = permit_take(th)) &&
	    !(late = deadline != CORE_FOREVER && deadline <= core_clock())) {
		wait_until(th, deadline);
		waited = true;
	}
	rumpuser_mutex_exit(th->th_mtx);
	if (late && !waited)
		rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 0);
	v17_here();
	th->th_parking = false;
	return permit ? 0 : NB_ETIMEDOUT;
}

void
core_unpark(void *thread)
{
	struct v17_thread *th = thread;

	rumpuser_mutex_enter_nowrap(th->th_mtx);
	th->th_permit = true;
	rumpuser_cv_signal(th->th_cv);
	rumpuser_mutex_exit(th->th_mtx);
	v17_here();
}

/* Version 17 has no yield. A thread without a record may be about to get one, and just spins. */
void
core_yield(void)
{

	if (v17_here() != NULL)
		core_park(core_clock() + 10000);
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
