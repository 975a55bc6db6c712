/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Simulation, a promise of the fiber host: the same seed gives the same run, another seed another one, and time
 * costs nothing.
 */

#include "kernel.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { THREADS = 6, STEPS = 40 };

static struct rumpuser_mtx *mtx;
static char trace[THREADS * STEPS * 8 + 1];
static size_t len;

static void
note(char c)
{

	if (len < sizeof(trace) - 1)
		trace[len++] = c;
}

static void
actor(void *arg)
{
	char me = (char)('A' + (int)(uintptr_t)arg);
	unsigned char dice;
	size_t n;

	for (int i = 0; i < STEPS; i++) {
		rumpuser_getrandom(&dice, 1, 0, &n);
		note(me);
		if (dice % 3 == 0)
			rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, dice, 0);
		rumpuser_mutex_enter(mtx);
		note((char)(me + 32));
		if (dice % 4 == 0)
			rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 1000);
		rumpuser_mutex_exit(mtx);
	}
}

static int64_t
run(const char *seed, char *out)
{
	struct runner r[THREADS];
	int64_t start, end;
	void *mem;

	setenv("RUMP_SIM_SEED", seed, 1);
	kernel_boot(2);
	start = rumpuser2_clock();
	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_KMUTEX);
	len = 0;
	memset(trace, 0, sizeof(trace));
	rumpuser_malloc(100, 0, &mem);
	for (uintptr_t i = 0; i < THREADS; i++)
		runner_start(&r[i], actor, (void *)i);
	for (int i = 0; i < THREADS; i++)
		runner_join(&r[i]);
	end = rumpuser2_clock();
	rumpuser_mutex_destroy(mtx);
	rumpuser_free(mem, 100);
	kernel_halt();
	strcpy(out, trace);
	return end - start;
}

static void
seeds(void)
{
	static char a[sizeof(trace)], b[sizeof(trace)], c[sizeof(trace)];
	int64_t ta, tb, tc;
	time_t began = time(NULL);

	if (!kernel_fibers()) {
		t_skip("real threads keep no order");
		return;
	}
	ta = run("17", a);
	tb = run("17", b);
	tc = run("18", c);
	T_CHECK_EQ(strlen(a), THREADS * STEPS * 2);
	T_CHECK_STR(b, a);
	T_CHECK_EQ(ta, tb);
	T_CHECK(strcmp(a, c) != 0);
	T_CHECK(ta != tc);

	/* hours have passed there, and none here */
	T_CHECK(ta > SECONDS(600));
	T_CHECK(time(NULL) - began < 60);
}

T_MAIN(T(seeds))
