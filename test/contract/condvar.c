/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Condition variables: no signal is lost, times, the order in which mutex and virtual CPU come back, and what
 * the upcalls are told of the mutex.
 */

#include "kernel.h"

static struct rumpuser_mtx *mtx;
static struct rumpuser_cv *cv;
static int ready, woken;

static void
setup(int ncpu, int flags)
{

	kernel_boot(ncpu);
	rumpuser_mutex_init(&mtx, flags);
	rumpuser_cv_init(&cv);
	ready = woken = 0;
}

static void
teardown(void)
{

	rumpuser_cv_destroy(cv);
	rumpuser_mutex_destroy(mtx);
	kernel_halt();
}

static int
waiters(void)
{
	int n;

	rumpuser_cv_has_waiters(cv, &n);
	return n;
}

static void
wait_ready(void *arg)
{

	(void)arg;
	rumpuser_mutex_enter(mtx);
	while (!ready)
		rumpuser_cv_wait(cv, mtx);
	woken++;
	rumpuser_mutex_exit(mtx);
}

static void
wait_ready_nowrap(void *arg)
{

	(void)arg;
	rumpuser_mutex_enter_nowrap(mtx);
	while (!ready)
		rumpuser_cv_wait_nowrap(cv, mtx);
	woken++;
	rumpuser_mutex_exit(mtx);
}

static void
set_ready(bool all)
{

	rumpuser_mutex_enter(mtx);
	ready = 1;
	if (all)
		rumpuser_cv_broadcast(cv);
	else
		rumpuser_cv_signal(cv);
	rumpuser_mutex_exit(mtx);
}

static void
signal_wakes_one(void)
{
	struct runner r[2];

	setup(1, RUMPUSER_MTX_KMUTEX);
	T_CHECK_EQ(waiters(), 0);
	rumpuser_cv_signal(cv);
	for (int i = 0; i < 2; i++) {
		runner_start(&r[i], wait_ready, NULL);
		T_CHECK(runner_blocked(&r[i]));
		T_CHECK_EQ(waiters(), i + 1);
	}
	set_ready(false);
	T_CHECK_EQ(waiters(), 1);
	while (!flag_get(&r[0].r_done) && !flag_get(&r[1].r_done))
		kernel_pause();
	T_CHECK(runner_blocked(flag_get(&r[0].r_done) ? &r[1] : &r[0]));
	T_CHECK_EQ(woken, 1);
	set_ready(false);
	for (int i = 0; i < 2; i++)
		runner_join(&r[i]);
	T_CHECK_EQ(woken, 2);
	T_CHECK_EQ(waiters(), 0);
	teardown();
}

static void
broadcast_wakes_all(void)
{
	struct runner r[5];

	setup(1, RUMPUSER_MTX_KMUTEX);
	for (int i = 0; i < 5; i++) {
		runner_start(&r[i], wait_ready, NULL);
		T_CHECK(runner_blocked(&r[i]));
	}
	T_CHECK_EQ(waiters(), 5);
	set_ready(true);
	T_CHECK_EQ(waiters(), 0);
	for (int i = 0; i < 5; i++)
		runner_join(&r[i]);
	T_CHECK_EQ(woken, 5);
	teardown();
}

static void
waiter_gives_cpu_up(void)
{
	struct runner r;

	for (int flags = 1; flags <= 3; flags++) {
		setup(2, flags);
		runner_start(&r, wait_ready, NULL);
		T_CHECK(runner_blocked(&r));
		T_CHECK_EQ(r.r_lwp.l_cpu, -1);
		set_ready(false);
		runner_join(&r);
		T_CHECK_EQ(r.r_lwp.l_released, 1);
		T_CHECK_EQ(r.r_lwp.l_acquired, 1);
		T_CHECK(r.r_lwp.l_outlock == mtx);
		T_CHECK(r.r_lwp.l_inlock == mtx);
		teardown();
	}
}

static void
nowrap_waiter_tells_nobody(void)
{
	struct runner r;

	setup(2, RUMPUSER_MTX_SPIN);
	runner_start(&r, wait_ready_nowrap, NULL);
	T_CHECK(runner_blocked(&r));
	T_CHECK(r.r_lwp.l_cpu != -1);
	set_ready(false);
	runner_join(&r);
	T_CHECK_EQ(r.r_lwp.l_released, 0);
	T_CHECK_EQ(woken, 1);
	teardown();
}

/*
 * A waiter that was signalled takes the CPU first if the mutex is SPIN and KMUTEX: while another thread holds
 * the mutex, it gets as far as holding a CPU.
 */
static void
cpu_before_spin_kmutex(void)
{
	struct runner r;
	int64_t end;

	setup(2, RUMPUSER_MTX_SPIN | RUMPUSER_MTX_KMUTEX);
	runner_start(&r, wait_ready, NULL);
	T_CHECK(runner_blocked(&r));
	r.r_lwp.l_watch = mtx;
	rumpuser_mutex_enter(mtx);
	ready = 1;
	rumpuser_cv_signal(cv);
	end = rumpuser2_clock() + SECONDS(10);
	while (r.r_lwp.l_acquired == 0 && rumpuser2_clock() < end)
		kernel_pause();
	T_CHECK_EQ(r.r_lwp.l_acquired, 1);
	T_CHECK(!r.r_lwp.l_watch_held);
	T_CHECK_EQ(woken, 0);
	rumpuser_mutex_exit(mtx);
	runner_join(&r);
	teardown();
}

/* And the mutex first if it is SPIN alone: while another thread holds it, no CPU is asked for. */
static void
cpu_after_spin(void)
{
	struct runner r;

	setup(2, RUMPUSER_MTX_SPIN);
	runner_start(&r, wait_ready, NULL);
	T_CHECK(runner_blocked(&r));
	rumpuser_mutex_enter(mtx);
	ready = 1;
	rumpuser_cv_signal(cv);
	T_CHECK(runner_blocked(&r));
	T_CHECK_EQ(r.r_lwp.l_acquired, 0);
	T_CHECK_EQ(r.r_lwp.l_cpu, -1);
	rumpuser_mutex_exit(mtx);
	runner_join(&r);
	T_CHECK_EQ(woken, 1);
	teardown();
}

static void
timedwait_times_out(void)
{
	int64_t start, took;
	struct lwp *owner;

	setup(1, RUMPUSER_MTX_KMUTEX);
	rumpuser_mutex_enter(mtx);
	start = rumpuser2_clock();
	T_CHECK_EQ(rumpuser_cv_timedwait(cv, mtx, 0, 20 * NS_PER_MS), K_ETIMEDOUT);
	took = rumpuser2_clock() - start;
	T_CHECK(took >= 20 * NS_PER_MS);
	T_CHECK(took < SECONDS(5));
	T_CHECK_EQ(kernel_lwp()->l_released, 1);
	T_CHECK_EQ(kernel_lwp()->l_acquired, 1);
	rumpuser_mutex_owner(mtx, &owner);
	T_CHECK(owner == kernel_lwp());
	T_CHECK_EQ(waiters(), 0);
	T_CHECK_EQ(rumpuser_cv_timedwait(cv, mtx, 0, 0), K_ETIMEDOUT);
	T_CHECK_EQ(rumpuser_cv_timedwait(cv, mtx, -1, 0), K_ETIMEDOUT);
	rumpuser_mutex_exit(mtx);
	teardown();
}

static void
wait_long(void *arg)
{

	rumpuser_mutex_enter(mtx);
	while (!ready)
		*(int *)arg = rumpuser_cv_timedwait(cv, mtx, INT64_MAX / 4, 999999999);
	rumpuser_mutex_exit(mtx);
}

static void
timedwait_is_signalled(void)
{
	struct runner r;
	int error = -1;

	setup(1, RUMPUSER_MTX_KMUTEX);
	runner_start(&r, wait_long, &error);
	T_CHECK(runner_blocked(&r));
	set_ready(false);
	runner_join(&r);
	T_CHECK_EQ(error, 0);
	teardown();
}

/* Consumers with timeouts that end all the time, producers that signal once per item: none is lost. */
enum { ITEMS = 2000, CONSUMERS = 4 };
static int items, taken;

static void
consume(void *arg)
{

	(void)arg;
	rumpuser_mutex_enter(mtx);
	while (taken < ITEMS) {
		if (items == 0) {
			rumpuser_cv_timedwait(cv, mtx, 0, 50000);
			continue;
		}
		items--;
		taken++;
	}
	rumpuser_mutex_exit(mtx);
}

static void
produce(void *arg)
{

	(void)arg;
	for (int i = 0; i < ITEMS; i++) {
		rumpuser_mutex_enter(mtx);
		items++;
		rumpuser_mutex_exit(mtx);
		rumpuser_cv_signal(cv);
		if (i % 50 == 0)
			kernel_pause();
	}
}

static void
signals_and_timeouts(void)
{
	struct runner r[CONSUMERS + 1];

	setup(2, RUMPUSER_MTX_KMUTEX);
	items = taken = 0;
	for (int i = 0; i < CONSUMERS; i++)
		runner_start(&r[i], consume, NULL);
	runner_start(&r[CONSUMERS], produce, NULL);
	for (int i = 0; i <= CONSUMERS; i++)
		runner_join(&r[i]);
	T_CHECK_EQ(taken, ITEMS);
	T_CHECK_EQ(items, 0);
	T_CHECK_EQ(waiters(), 0);
	teardown();
}

T_MAIN(T(signal_wakes_one), T(broadcast_wakes_all), T(waiter_gives_cpu_up),
    T(nowrap_waiter_tells_nobody), T(cpu_before_spin_kmutex), T(cpu_after_spin), T(timedwait_times_out),
    T(timedwait_is_signalled), T(signals_and_timeouts))
