/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mutexes: exclusion, owners, and what happens to the virtual CPU of a thread that waits.
 */

#include "kernel.h"

static struct rumpuser_mtx *mtx;
static long counter;

static bool
mine(void)
{
	struct lwp *l;

	rumpuser_mutex_owner(mtx, &l);
	if (l != NULL)
		T_CHECK(l == kernel_lwp());
	return l != NULL;
}

static void
owner(void)
{

	kernel_boot(1);
	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_KMUTEX);
	T_CHECK(!mine());
	for (int way = 0; way < 3; way++) {
		if (way == 0)
			rumpuser_mutex_enter(mtx);
		else if (way == 1)
			rumpuser_mutex_enter_nowrap(mtx);
		else
			T_CHECK_EQ(rumpuser_mutex_tryenter(mtx), 0);
		T_CHECK(mine());
		T_CHECK_EQ(rumpuser_mutex_tryenter(mtx), K_EBUSY);
		T_CHECK(mine());
		rumpuser_mutex_exit(mtx);
		T_CHECK(!mine());
	}
	rumpuser_mutex_destroy(mtx);
	T_CHECK_EQ(kernel_lwp()->l_released, 0);
	kernel_halt();
}

static void
spin_p(void)
{

	kernel_boot(1);
	for (int flags = 1; flags <= 3; flags++) {
		rumpuser_mutex_init(&mtx, flags);
		T_CHECK_EQ(rumpuser_mutex_spin_p(mtx) != 0, (flags & RUMPUSER_MTX_SPIN) != 0);
		rumpuser_mutex_destroy(mtx);
	}
	kernel_halt();
}

static void
enter_exit(void *arg)
{

	(void)arg;
	rumpuser_mutex_enter(mtx);
	rumpuser_mutex_exit(mtx);
}

static void
enter_nowrap_exit(void *arg)
{

	(void)arg;
	rumpuser_mutex_enter_nowrap(mtx);
	rumpuser_mutex_exit(mtx);
}

/* A thread blocks on the mutex; how often did it give its virtual CPU up for it? */
static void
blocking(int flags, void (*enter)(void *), unsigned releases)
{
	struct runner r;

	kernel_boot(2);
	rumpuser_mutex_init(&mtx, flags);
	rumpuser_mutex_enter(mtx);
	runner_start(&r, enter, NULL);
	T_CHECK(runner_blocked(&r));
	T_CHECK_EQ(r.r_lwp.l_released, releases);
	T_CHECK_EQ(r.r_lwp.l_cpu == -1, releases != 0);
	rumpuser_mutex_exit(mtx);
	runner_join(&r);
	T_CHECK_EQ(r.r_lwp.l_released, releases);
	T_CHECK_EQ(r.r_lwp.l_acquired, releases);
	rumpuser_mutex_destroy(mtx);
	kernel_halt();
}

static void
adaptive_waiter_gives_cpu_up(void)
{

	blocking(RUMPUSER_MTX_KMUTEX, enter_exit, 1);
}

static void
spin_waiter_keeps_cpu(void)
{

	blocking(RUMPUSER_MTX_SPIN, enter_exit, 0);
	blocking(RUMPUSER_MTX_SPIN | RUMPUSER_MTX_KMUTEX, enter_exit, 0);
}

static void
nowrap_waiter_keeps_cpu(void)
{

	blocking(RUMPUSER_MTX_KMUTEX, enter_nowrap_exit, 0);
}

static void
biglock_waiter(void *arg)
{

	(void)arg;
	kernel_lwp()->l_biglock = 3;
	rumpuser_mutex_enter(mtx);
	T_CHECK_EQ(kernel_lwp()->l_biglock, 3);
	rumpuser_mutex_exit(mtx);
}

static void
biglock_comes_back(void)
{
	struct runner r;

	kernel_boot(2);
	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_KMUTEX);
	rumpuser_mutex_enter(mtx);
	runner_start(&r, biglock_waiter, NULL);
	T_CHECK(runner_blocked(&r));
	T_CHECK_EQ(r.r_lwp.l_biglock, 0);
	rumpuser_mutex_exit(mtx);
	runner_join(&r);
	rumpuser_mutex_destroy(mtx);
	kernel_halt();
}

enum { THREADS = 6, ROUNDS = 3000 };

static void
count(void *arg)
{

	for (int i = 0; i < ROUNDS; i++) {
		if (i % 7 != 0 || rumpuser_mutex_tryenter(mtx) != 0)
			rumpuser_mutex_enter(mtx);
		counter++;
		if (i % 64 == 0 && arg != NULL)
			kernel_pause();
		rumpuser_mutex_exit(mtx);
	}
}

static void
exclusion(void)
{
	struct runner r[THREADS];
	int flags;

	for (flags = 1; flags <= 3; flags++) {
		kernel_boot(flags & RUMPUSER_MTX_SPIN ? THREADS + 1 : 2);
		counter = 0;
		rumpuser_mutex_init(&mtx, flags);
		for (int i = 0; i < THREADS; i++)
			runner_start(&r[i], count, flags & RUMPUSER_MTX_SPIN ? NULL : mtx);
		for (int i = 0; i < THREADS; i++)
			runner_join(&r[i]);
		T_CHECK_EQ(counter, (long)THREADS * ROUNDS);
		rumpuser_mutex_destroy(mtx);
		kernel_halt();
	}
}

/* The thread that got the mutex last frees it: whoever let go of it before must be through with it. */
static void
last_one_destroys(void *arg)
{
	struct rumpuser_mtx *m = ((struct rumpuser_mtx **)arg)[0];
	int *users = ((int **)arg)[1];
	bool last;

	rumpuser_mutex_enter(m);
	last = --*users == 0;
	rumpuser_mutex_exit(m);
	if (last)
		rumpuser_mutex_destroy(m);
}

static void
destroy_after_exit(void)
{
	struct rumpuser_mtx *m;
	struct runner r[3];

	kernel_boot(4);
	for (int round = 0; round < 200; round++) {
		int users = 3;
		void *arg[2] = { NULL, &users };

		rumpuser_mutex_init(&m, RUMPUSER_MTX_KMUTEX);
		arg[0] = m;
		for (int i = 0; i < 3; i++)
			runner_start(&r[i], last_one_destroys, arg);
		for (int i = 0; i < 3; i++)
			runner_join(&r[i]);
		T_ASSERT_EQ(users, 0);
	}
	kernel_halt();
}

T_MAIN(T(owner), T(spin_p), T(adaptive_waiter_gives_cpu_up), T(spin_waiter_keeps_cpu),
    T(nowrap_waiter_keeps_cpu), T(biglock_comes_back), T(exclusion), T(destroy_after_exit))
