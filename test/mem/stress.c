/* SPDX-License-Identifier: BSD-2-Clause */
/* Several threads of the program allocate and free, and each other's memory. */
#include "../t.h"

#include <pthread.h>
#include <stdlib.h>

#include <rump/rump.h>

#include "memtest.h"

#define THREADS	4

static void *
body(void *arg)
{
	const char *wrong;

	rump_schedule();
	wrong = rump_test_stress((unsigned int)(uintptr_t)arg);
	rump_unschedule();
	return (void *)(uintptr_t)wrong;
}

static void
stress(void)
{
	pthread_t threads[THREADS];
	void *wrong;
	int i;

	T_ASSERT_EQ(setenv("RUMP_NCPU", "4", 1), 0);
	T_ASSERT_EQ(rump_init(), 0);
	for (i = 0; i < THREADS; i++)
		T_ASSERT_EQ(pthread_create(&threads[i], NULL, body,
		    (void *)(uintptr_t)(i + 1)), 0);
	for (i = 0; i < THREADS; i++) {
		T_ASSERT_EQ(pthread_join(threads[i], &wrong), 0);
		T_CHECK_STR(wrong == NULL ? "" : (char *)wrong, "");
	}
	rump_schedule();
	rump_test_stress_end();
	rump_unschedule();
	T_CHECK_EQ(rump_halt(), 0);
}

/* The same with memory short all the time. */
static void
stress_limited(void)
{

	T_ASSERT_EQ(setenv("RUMP_MEMLIMIT", "6m", 1), 0);
	stress();
}

T_MAIN(T(stress), T(stress_limited))
