/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dirhash(9) against a model: directories of which it keeps the names' places,
 * with a limit of memory that they reach, and with the page daemon at work.
 */
#include <pthread.h>
#include <string.h>

#include "../node.h"
#include "vfs.h"
#include "dirhash.h"

#define THREADS		4
#define OPERATIONS	6000
#define LIMIT		(48L * 1024)

/* vfs.generic.dirhash.NAME: its value before, and the new one if not 0. */
static long
value(const char *name, long new)
{
	int mib[4] = { RUMP_CTL_VFS, 0 };
	size_t len = sizeof(long);
	long old = -1;

	mib[2] = node_below(mib, 2, "dirhash");
	mib[3] = node_below(mib, 3, name);
	T_CHECK(rump_sys___sysctl(mib, 4, &old, &len,
	    new != 0 ? &new : NULL, new != 0 ? sizeof(new) : 0) >= 0);
	return old;
}

static void
refilled(void)
{

	rump_schedule();
	T_CHECK_EQ(rump_dirhash_refilled(), 0);
	rump_unschedule();
	T_CHECK_EQ(value("memused", 0), 0);
}

static void
drained(void)
{
	void *w;

	rump_schedule();
	w = rump_dirhash_begin(1);
	T_CHECK_EQ(rump_dirhash_drained(w), 0);
	rump_dirhash_end(w);
	rump_unschedule();
	T_CHECK_EQ(value("memused", 0), 0);
}

/* All fits: nothing is emptied but by the file system. */
static void
one_world(void)
{
	void *w;

	rump_schedule();
	w = rump_dirhash_begin(2);
	T_CHECK_EQ(rump_dirhash_operations(w, OPERATIONS), 0);
	T_CHECK(rump_dirhash_collisions(w) != 0);
	rump_unschedule();
	T_CHECK(value("memused", 0) > LIMIT);

	/* a lower limit holds at once, and from then on */
	T_CHECK(value("maxmem", LIMIT) > LIMIT);
	T_CHECK(value("memused", 0) <= LIMIT);
	rump_schedule();
	T_CHECK_EQ(rump_dirhash_operations(w, OPERATIONS), 0);
	T_CHECK(rump_dirhash_emptied(w) != 0);
	rump_unschedule();
	T_CHECK(value("memused", 0) <= LIMIT);
	T_CHECK(value("memused", 0) > 0);

	rump_schedule();
	rump_dirhash_end(w);
	rump_unschedule();
	T_CHECK_EQ(value("memused", 0), 0);
	T_CHECK_EQ(value("maxmem", 1024 * 1024), LIMIT);
}

struct worker {
	pthread_t	thread;
	void		*world;
	int		line;
};

static void *
work(void *arg)
{
	struct worker *w = arg;
	unsigned i;

	rump_schedule();
	for (i = 0; i < 10 && w->line == 0; i++) {
		w->line = rump_dirhash_operations(w->world, OPERATIONS / 10);
		rump_dirhash_pressure();
	}
	rump_unschedule();
	return NULL;
}

/* Directories of several threads, which empty each other's. */
static void
threads(void)
{
	struct worker w[THREADS] = { { 0 } };
	unsigned i;

	value("maxmem", LIMIT);
	for (i = 0; i < THREADS; i++) {
		rump_schedule();
		w[i].world = rump_dirhash_begin(3 + i);
		rump_unschedule();
		T_ASSERT_EQ(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		T_ASSERT_EQ(pthread_join(w[i].thread, NULL), 0);
	T_CHECK(value("memused", 0) <= LIMIT);
	for (i = 0; i < THREADS; i++) {
		T_CHECK_EQ(w[i].line, 0);
		rump_schedule();
		rump_dirhash_end(w[i].world);
		rump_unschedule();
	}
	T_CHECK_EQ(value("memused", 0), 0);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(refilled), T(drained), T(one_world), T(threads),
	};

	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
