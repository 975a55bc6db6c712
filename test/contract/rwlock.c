/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Reader/writer locks: who may hold them together, who has to wait, upgrade and downgrade.
 */

#include "kernel.h"

static struct rumpuser_rw *rw;
static int readers, writers, overlap;
static int go;

static bool
held(int mode)
{
	int is;

	rumpuser_rw_held(mode, rw, &is);
	return is != 0;
}

static void
modes(void)
{

	kernel_boot(1);
	rumpuser_rw_init(&rw);
	T_CHECK(!held(RUMPUSER_RW_READER) && !held(RUMPUSER_RW_WRITER));

	rumpuser_rw_enter(RUMPUSER_RW_READER, rw);
	T_CHECK(held(RUMPUSER_RW_READER) && !held(RUMPUSER_RW_WRITER));
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_WRITER, rw), K_EBUSY);
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw), 0);
	rumpuser_rw_exit(rw);
	T_CHECK(held(RUMPUSER_RW_READER));
	rumpuser_rw_exit(rw);
	T_CHECK(!held(RUMPUSER_RW_READER));

	rumpuser_rw_enter(RUMPUSER_RW_WRITER, rw);
	T_CHECK(held(RUMPUSER_RW_WRITER));
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw), K_EBUSY);
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_WRITER, rw), K_EBUSY);
	rumpuser_rw_exit(rw);
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_WRITER, rw), 0);
	rumpuser_rw_exit(rw);
	rumpuser_rw_destroy(rw);
	T_CHECK_EQ(kernel_lwp()->l_released, 0);
	kernel_halt();
}

static void
upgrade_downgrade(void)
{

	kernel_boot(1);
	rumpuser_rw_init(&rw);
	rumpuser_rw_enter(RUMPUSER_RW_READER, rw);
	T_CHECK_EQ(rumpuser_rw_tryupgrade(rw), 0);
	T_CHECK(held(RUMPUSER_RW_WRITER));
	rumpuser_rw_downgrade(rw);
	T_CHECK(held(RUMPUSER_RW_READER) && !held(RUMPUSER_RW_WRITER));
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw), 0);
	T_CHECK_EQ(rumpuser_rw_tryupgrade(rw), K_EBUSY);
	T_CHECK(held(RUMPUSER_RW_READER) && !held(RUMPUSER_RW_WRITER));
	rumpuser_rw_exit(rw);
	rumpuser_rw_exit(rw);
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_WRITER, rw), 0);
	rumpuser_rw_exit(rw);
	rumpuser_rw_destroy(rw);
	kernel_halt();
}

static void
not_held_by_others(void *arg)
{

	(void)arg;
	T_CHECK(!held(RUMPUSER_RW_WRITER));
}

static void
read_once(void *arg)
{

	rumpuser_rw_enter(RUMPUSER_RW_READER, rw);
	T_CHECK(held(RUMPUSER_RW_READER));
	flag_set(arg, 1);
	kernel_wait(&go);
	rumpuser_rw_exit(rw);
}

static void
write_once(void *arg)
{

	rumpuser_rw_enter(RUMPUSER_RW_WRITER, rw);
	T_CHECK(held(RUMPUSER_RW_WRITER));
	flag_set(arg, 1);
	rumpuser_rw_exit(rw);
}

/* A writer waits behind a reader, a second reader behind the writer; all give their CPUs up. */
static void
waiting(void)
{
	struct runner w, r;
	int written = 0, read = 0;

	kernel_boot(1);
	rumpuser_rw_init(&rw);
	go = 0;
	rumpuser_rw_enter(RUMPUSER_RW_READER, rw);
	runner_start(&w, write_once, &written);
	T_CHECK(runner_blocked(&w));
	T_CHECK_EQ(w.r_lwp.l_released, 1);
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw), K_EBUSY);
	runner_start(&r, read_once, &read);
	T_CHECK(runner_blocked(&r));
	T_CHECK_EQ(flag_get(&read), 0);
	T_CHECK_EQ(flag_get(&written), 0);
	rumpuser_rw_exit(rw);
	T_CHECK(kernel_wait(&written));
	T_CHECK(kernel_wait(&read));
	flag_set(&go, 1);
	runner_join(&w);
	runner_join(&r);
	T_CHECK_EQ(w.r_lwp.l_acquired, 1);
	T_CHECK_EQ(r.r_lwp.l_released, 1);
	rumpuser_rw_destroy(rw);
	kernel_halt();
}

static void
downgrade_lets_readers_in(void)
{
	struct runner r, w, other;
	int read = 0, written = 0;

	kernel_boot(1);
	rumpuser_rw_init(&rw);
	go = 0;
	rumpuser_rw_enter(RUMPUSER_RW_WRITER, rw);
	runner_start(&other, not_held_by_others, NULL);
	runner_join(&other);
	runner_start(&r, read_once, &read);
	T_CHECK(runner_blocked(&r));
	rumpuser_rw_downgrade(rw);
	T_CHECK(kernel_wait(&read));
	runner_start(&w, write_once, &written);
	T_CHECK(runner_blocked(&w));
	T_CHECK_EQ(flag_get(&written), 0);
	flag_set(&go, 1);
	runner_join(&r);
	T_CHECK_EQ(flag_get(&written), 0);
	rumpuser_rw_exit(rw);
	runner_join(&w);
	T_CHECK_EQ(written, 1);
	rumpuser_rw_destroy(rw);
	kernel_halt();
}

static void
mix(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg;

	for (int i = 0; i < 1500; i++) {
		seed = seed * 1664525 + 1013904223;
		if (seed >> 29 == 0) {
			rumpuser_rw_enter(RUMPUSER_RW_WRITER, rw);
			if (__atomic_add_fetch(&writers, 1, __ATOMIC_RELAXED) != 1 ||
			    __atomic_load_n(&readers, __ATOMIC_RELAXED) != 0)
				flag_set(&overlap, 1);
			if (seed >> 28 & 1)
				kernel_pause();
			__atomic_sub_fetch(&writers, 1, __ATOMIC_RELAXED);
			if (seed >> 27 & 1)
				rumpuser_rw_downgrade(rw);
		} else {
			rumpuser_rw_enter(RUMPUSER_RW_READER, rw);
			__atomic_add_fetch(&readers, 1, __ATOMIC_RELAXED);
			if (__atomic_load_n(&writers, __ATOMIC_RELAXED) != 0)
				flag_set(&overlap, 1);
			__atomic_sub_fetch(&readers, 1, __ATOMIC_RELAXED);
		}
		rumpuser_rw_exit(rw);
	}
}

static void
exclusion(void)
{
	struct runner r[5];

	kernel_boot(3);
	rumpuser_rw_init(&rw);
	for (uintptr_t i = 0; i < 5; i++)
		runner_start(&r[i], mix, (void *)(i * 77));
	for (int i = 0; i < 5; i++)
		runner_join(&r[i]);
	T_CHECK_EQ(overlap, 0);
	T_CHECK_EQ(rumpuser_rw_tryenter(RUMPUSER_RW_WRITER, rw), 0);
	rumpuser_rw_exit(rw);
	rumpuser_rw_destroy(rw);
	kernel_halt();
}

T_MAIN(T(modes), T(upgrade_downgrade), T(waiting), T(downgrade_lets_readers_in), T(exclusion))
