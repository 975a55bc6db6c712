/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Clocks and sleeping.
 */

#include "kernel.h"

#include <time.h>

static int64_t
read_ns(int clock)
{
	int64_t sec = -1;
	long nsec = -1;

	T_CHECK_EQ(rumpuser_clock_gettime(clock, &sec, &nsec), 0);
	T_CHECK(nsec >= 0 && nsec < 1000000000);
	return SECONDS(sec) + nsec;
}

static void
monotonic(void)
{
	int64_t last = 0, now;

	kernel_boot(1);
	for (int i = 0; i < 10000; i++) {
		now = i % 2 == 0 ? rumpuser2_clock() : read_ns(RUMPUSER_CLOCK_ABSMONO);
		T_ASSERT(now >= last);
		last = now;
	}
	T_CHECK(last > 0);
	T_CHECK_EQ(kernel_lwp()->l_released, 0);
	kernel_halt();
}

static void
time_of_day(void)
{
	int64_t sec, now = (int64_t)time(NULL);
	long nsec;

	kernel_boot(1);
	T_CHECK_EQ(rumpuser_clock_gettime(RUMPUSER_CLOCK_RELWALL, &sec, &nsec), 0);
	if (getenv("RUMP_SIM_SEED") != NULL)
		T_CHECK(sec >= 1577836800 && sec < 1577836800 + 100);
	else
		T_CHECK(sec >= now - 2 && sec <= now + 60);
	kernel_halt();
}

static void
errors(void)
{
	int64_t sec;
	long nsec;

	kernel_boot(1);
	T_CHECK_EQ(rumpuser_clock_gettime(2, &sec, &nsec), K_EINVAL);
	T_CHECK_EQ(rumpuser_clock_gettime(-1, &sec, &nsec), K_EINVAL);
	T_CHECK_EQ(rumpuser_clock_sleep(2, 0, 0), K_EINVAL);
	T_CHECK_EQ(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 1000000000), K_EINVAL);
	T_CHECK_EQ(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, -1), K_EINVAL);
	kernel_halt();
}

static void
sleeping(void)
{
	int64_t start = 0, end;

	kernel_boot(1);
	start = rumpuser2_clock();
	T_CHECK_EQ(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 10 * NS_PER_MS), 0);
	end = rumpuser2_clock();
	T_CHECK(end - start >= 10 * NS_PER_MS);
	T_CHECK(end - start < SECONDS(5));
	T_CHECK_EQ(kernel_lwp()->l_released, 1);
	T_CHECK_EQ(kernel_lwp()->l_acquired, 1);

	end = rumpuser2_clock() + 10 * NS_PER_MS;
	T_CHECK_EQ(rumpuser_clock_sleep(RUMPUSER_CLOCK_ABSMONO, end / SECONDS(1), end % SECONDS(1)), 0);
	T_CHECK(rumpuser2_clock() >= end);
	T_CHECK(rumpuser2_clock() < end + SECONDS(5));

	/* a time that has passed */
	T_CHECK_EQ(rumpuser_clock_sleep(RUMPUSER_CLOCK_ABSMONO, 0, 0), 0);
	T_CHECK_EQ(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 0), 0);
	T_CHECK(rumpuser2_clock() < end + SECONDS(5));
	kernel_halt();
}

static void *sleeper;

static void
sleep_once(void *arg)
{

	__atomic_store_n(&sleeper, rumpuser2_self(), __ATOMIC_SEQ_CST);
	T_CHECK_EQ(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 50 * NS_PER_MS), 0);
	*(int64_t *)arg = rumpuser2_clock();
}

/* An unpark that comes while a thread sleeps does not cut the sleep short. */
static void
unpark_does_not_wake_sleeper(void)
{
	int64_t start, woke = 0;
	struct runner r;

	kernel_boot(2);
	start = rumpuser2_clock();
	runner_start(&r, sleep_once, &woke);
	T_CHECK(kernel_wait(&r.r_started));
	while (!flag_get(&r.r_done)) {
		void *handle = __atomic_load_n(&sleeper, __ATOMIC_SEQ_CST);

		if (handle != NULL)
			rumpuser2_unpark(handle);
		kernel_pause();
	}
	runner_join(&r);
	T_CHECK(woke - start >= 50 * NS_PER_MS);
	kernel_halt();
}

/* Many sleepers wake in the order of their times, all on one CPU. */
static void
sleep_i(void *arg)
{
	int i = (int)(uintptr_t)arg;
	int64_t start = rumpuser2_clock();

	rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, (20 - i) * NS_PER_MS);
	T_CHECK(rumpuser2_clock() - start >= (20 - i) * NS_PER_MS);
}

static void
many_sleepers(void)
{
	struct runner r[20];
	int64_t start;

	kernel_boot(1);
	start = rumpuser2_clock();
	for (uintptr_t i = 0; i < 20; i++)
		runner_start(&r[i], sleep_i, (void *)i);
	for (int i = 0; i < 20; i++)
		runner_join(&r[i]);
	T_CHECK(rumpuser2_clock() - start < SECONDS(10));
	kernel_halt();
}

T_MAIN(T(monotonic), T(time_of_day), T(errors), T(sleeping), T(unpark_does_not_wake_sleeper),
    T(many_sleepers))
