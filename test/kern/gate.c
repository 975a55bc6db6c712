/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that enter, leave and end while others halt the kernel and boot it.
 *
 * In each round a keeper is inside, so that halts are refused, until all
 * visitors have left for the last time; then it leaves, and the kernel may be
 * halted just when the others leave, end, or enter no more.  They come as
 * programs do, and as threads of components.  Some visitors are
 * the same in all rounds and bring along lwps of kernels that are gone.
 *
 * HAUNCH_ROUNDS: how many; default ROUNDS.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../t.h"

#include <rump/rump.h>
#include <rump/rumpuser_component.h>

#include "kern_test.h"

#define ROUNDS		40
#define ROUNDS_MIN	1
#define REGULARS	3
#define GUESTS		3
#define HALTERS		2
#define VISITS		20

/* As in NetBSD, whatever the host's numbers are. */
#define R_ENXIO		6
#define R_EBUSY		16

static atomic_int wrong, halted, left;
static pthread_barrier_t come, began, ended;
static atomic_bool over;

static int
rounds(void)
{
	const char *s = getenv("HAUNCH_ROUNDS");
	int n = s != NULL ? atoi(s) : ROUNDS;

	return n < ROUNDS_MIN ? ROUNDS_MIN : n;
}

static void
visit(int i)
{

	rump_schedule();
	if (rumptest_cpu_claim() != 0)
		atomic_fetch_add(&wrong, 1);
	if (i == 0)
		rumptest_pause();
	rump_unschedule();
}

/* The same, by the door that components use. */
static void
visit_component(void)
{

	rumpuser_component_schedule(NULL);
	if (rumptest_cpu_claim() != 0)
		atomic_fetch_add(&wrong, 1);
	(void)rumpuser_component_unschedule();
}

/* Change lwps: a halt must not take the change for an absence. */
static void
change(void)
{
	struct lwp *l;

	if (rump_pub_lwproc_rfork(RUMP_RFFDG) != 0) {
		atomic_fetch_add(&wrong, 1);
		return;
	}
	l = rump_pub_lwproc_curlwp();
	rump_pub_lwproc_switch(NULL);
	visit(1);
	rump_pub_lwproc_switch(l);
	rump_pub_lwproc_releaselwp();
}

static void
visits(void)
{
	int i;

	for (i = 0; i < VISITS; i++) {
		visit(i);
		visit_component();
		if (i % 8 == 0)
			change();
	}
}

/* Comes in one round only; every other one ends with an lwp of its own. */
static void *
guest(void *arg)
{

	pthread_barrier_wait(&began);
	visits();
	if ((intptr_t)arg % 2 != 0 &&
	    rump_pub_lwproc_rfork(RUMP_RFCFDG) != 0)
		atomic_fetch_add(&wrong, 1);
	atomic_fetch_sub(&left, 1);
	return NULL;
}

/* Comes in all rounds; one of them with an lwp that it forgot to release. */
static void *
regular(void *arg)
{

	for (;;) {
		pthread_barrier_wait(&come);
		if (atomic_load(&over))
			break;
		pthread_barrier_wait(&began);
		visits();
		if (arg == NULL && rump_pub_lwproc_rfork(RUMP_RFCFDG) != 0)
			atomic_fetch_add(&wrong, 1);
		atomic_fetch_sub(&left, 1);
		pthread_barrier_wait(&ended);
	}
	return NULL;
}

static void *
keeper(void *arg)
{

	rump_schedule();
	pthread_barrier_wait(&began);
	rumptest_stay((volatile int *)&left);
	rump_unschedule();
	return NULL;
}

static void *
halter(void *arg)
{
	int result;

	pthread_barrier_wait(&began);
	while ((result = rump_halt()) == R_EBUSY)
		sched_yield();
	if (result == 0)
		atomic_fetch_add(&halted, 1);
	else if (result != R_ENXIO)
		atomic_fetch_add(&wrong, 1);
	return NULL;
}

static void *
booter(void *arg)
{

	if (rump_init() != 0)
		atomic_fetch_add(&wrong, 1);
	return NULL;
}

/* Two boot; one does it. */
static void
boot_twice(void)
{
	pthread_t other;

	pthread_create(&other, NULL, booter, NULL);
	booter(NULL);
	pthread_join(other, NULL);
}

static void
one_round(void)
{
	pthread_t thread[GUESTS + HALTERS + 1];
	int i, n = 0;

	boot_twice();
	atomic_store(&halted, 0);
	atomic_store(&left, REGULARS + GUESTS);
	pthread_barrier_wait(&come);
	for (i = 0; i < GUESTS; i++)
		pthread_create(&thread[n++], NULL, guest, (void *)(intptr_t)i);
	for (i = 0; i < HALTERS; i++)
		pthread_create(&thread[n++], NULL, halter, NULL);
	pthread_create(&thread[n++], NULL, keeper, NULL);
	halter(NULL);
	pthread_barrier_wait(&ended);
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	T_ASSERT_EQ(atomic_load(&halted), 1);
}

/* Is the kernel as new?  The main thread is the only one. */
static int
lwps_after_boot(void)
{
	int n;

	if (rump_init() != 0)
		return -1;
	rump_schedule();
	n = rumptest_nlwps();
	rump_unschedule();
	return rump_halt() != 0 ? -1 : n;
}

static void
everybody(void)
{
	int i, n = rounds(), before = lwps_after_boot();
	pthread_t thread[REGULARS];

	atomic_store(&wrong, 0);
	pthread_barrier_init(&come, NULL, REGULARS + 1);
	pthread_barrier_init(&began, NULL, REGULARS + GUESTS + HALTERS + 2);
	pthread_barrier_init(&ended, NULL, REGULARS + 1);
	for (i = 0; i < REGULARS; i++)
		pthread_create(&thread[i], NULL, regular,
		    (void *)(intptr_t)i);
	for (i = 0; i < n && t_state.failures == 0; i++)
		one_round();
	T_CHECK_EQ(atomic_load(&wrong), 0);
	T_CHECK_EQ(lwps_after_boot(), before);
	atomic_store(&over, true);
	pthread_barrier_wait(&come);
	for (i = 0; i < REGULARS; i++)
		pthread_join(thread[i], NULL);
}

T_MAIN(T(everybody))
