/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Park and unpark: one permit, deadlines, wake-ups from signal handlers and strangers, handles of threads that
 * have ended; the barrier on all threads.
 */

#define _GNU_SOURCE
#include "kernel.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *target;
static int parked, unparked;

static void
permit(void)
{
	int64_t start;

	kernel_boot(1);
	kernel_leave();
	target = rumpuser2_self();
	T_CHECK(target == rumpuser2_self());

	/* a permit given before is taken at once, and only one is kept */
	rumpuser2_unpark(target);
	rumpuser2_unpark(target);
	T_CHECK_EQ(rumpuser2_park(INT64_MAX), 0);
	start = rumpuser2_clock();
	T_CHECK_EQ(rumpuser2_park(start + 5 * NS_PER_MS), K_ETIMEDOUT);
	T_CHECK(rumpuser2_clock() >= start + 5 * NS_PER_MS);
	T_CHECK(rumpuser2_clock() < start + SECONDS(5));

	/* deadlines in the past; a permit counts more than the time */
	T_CHECK_EQ(rumpuser2_park(0), K_ETIMEDOUT);
	T_CHECK_EQ(rumpuser2_park(start), K_ETIMEDOUT);
	rumpuser2_unpark(target);
	T_CHECK_EQ(rumpuser2_park(0), 0);
	T_CHECK_EQ(rumpuser2_park(0), K_ETIMEDOUT);
	kernel_enter();
	kernel_halt();
}

/* Two threads take turns; each hands the other a plain variable. */
enum { TURNS = 5000 };
static int turn, handed;
static void *player[2];

static void
play(void *arg)
{
	int me = (int)(uintptr_t)arg;

	kernel_leave();
	__atomic_store_n(&player[me], rumpuser2_self(), __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&player[!me], __ATOMIC_SEQ_CST) == NULL)
		rumpuser2_park(rumpuser2_clock() + NS_PER_MS / 10);
	for (int i = 0; i < TURNS; i++) {
		while (flag_get(&turn) != me)
			T_CHECK_EQ(rumpuser2_park(INT64_MAX), 0);
		handed++;
		flag_set(&turn, !me);
		rumpuser2_unpark(player[!me]);
	}
	kernel_enter();
}

static void
ping_pong(void)
{
	struct runner r[2];

	kernel_boot(2);
	for (uintptr_t i = 0; i < 2; i++)
		runner_start(&r[i], play, (void *)i);
	for (int i = 0; i < 2; i++)
		runner_join(&r[i]);
	T_CHECK_EQ(handed, 2 * TURNS);
	kernel_halt();
}

static void
park_once(void *arg)
{

	sigset_t set;

	(void)arg;
	/* threads of the kernel take no signals of their own accord */
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	target = rumpuser2_self();
	flag_set(&parked, 1);
	kernel_leave();
	while (!flag_get(&unparked))
		rumpuser2_park(INT64_MAX);
	kernel_enter();
}

static void
on_signal(int sig)
{

	int saved = errno;

	(void)sig;
	flag_set(&unparked, 1);
	errno = 1234;
	rumpuser2_unpark(target);
	if (errno != 1234)
		abort();
	errno = saved;
}

/* What runs in the handler may be the very thread that is parked, or one in the middle of unparking it. */
static void
from_signal_handler(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct runner r;

	if (kernel_v17()) {
		t_skip("version 17 has no call that a signal handler may make");
		return;
	}
	kernel_boot(2);
	sigaction(SIGUSR1, &sa, NULL);
	for (int i = 0; i < 300; i++) {
		parked = unparked = 0;
		runner_start(&r, park_once, NULL);
		if (i < 5)
			T_CHECK(runner_blocked(&r));
		else
			T_CHECK(kernel_wait(&parked));
		if (kernel_fibers() || i % 2 == 0)
			raise(SIGUSR1);
		else
			syscall(SYS_tgkill, getpid(), r.r_tid, SIGUSR1);
		runner_join(&r);
	}
	signal(SIGUSR1, SIG_DFL);
	kernel_halt();
}

static void *
stranger(void *arg)
{

	flag_set(&unparked, 1);
	rumpuser2_unpark(arg);
	return NULL;
}

static void
from_a_stranger(void)
{
	struct runner r;
	pthread_t th;

	if (getenv("RUMP_SIM_SEED") != NULL) {
		t_skip("nothing comes into a simulation from outside");
		return;
	}
	kernel_boot(2);
	for (int i = 0; i < 100; i++) {
		parked = unparked = 0;
		runner_start(&r, park_once, NULL);
		T_ASSERT(i % 10 == 0 ? runner_blocked(&r) : kernel_wait(&parked));
		pthread_create(&th, NULL, stranger, target);
		runner_join(&r);
		pthread_join(th, NULL);
	}
	kernel_halt();
}

static void
tell_handle(void *arg)
{

	*(void **)arg = rumpuser2_self();
}

static void
handle_of_ended_thread(void)
{
	void *handles[20];
	struct runner r;

	kernel_boot(2);
	for (int i = 0; i < 20; i++) {
		runner_start(&r, tell_handle, &handles[i]);
		runner_join(&r);
		for (int j = 0; j <= i; j++)
			rumpuser2_unpark(handles[j]);
	}
	kernel_halt();
	rumpuser2_unpark(handles[0]);
}

/*
 * With a barrier on the side that is rarely taken, two threads cannot both miss what the other has written:
 * x = 1; read y   against   y = 1; membarrier; read x.
 */
enum { DEKKER_ROUNDS = 5000 };
static int x, y, both, phase[2], seen[2];

/* Both have come to this phase. */
static void
meet(int me, int n)
{

	flag_set(&phase[me], n);
	for (unsigned spins = 1; flag_get(&phase[!me]) < n; spins++)
		if (kernel_fibers())
			rumpuser2_park(0);
		else if (spins % 2000 == 0)
			sched_yield();
}

static void
dekker(void *arg)
{
	int me = (int)(uintptr_t)arg, saw;

	kernel_leave();
	for (int i = 1; i <= DEKKER_ROUNDS; i++) {
		meet(me, 2 * i - 1);
		if (me == 0) {
			__atomic_store_n(&x, i, __ATOMIC_RELAXED);
			__atomic_signal_fence(__ATOMIC_SEQ_CST);
			saw = __atomic_load_n(&y, __ATOMIC_RELAXED);
		} else {
			__atomic_store_n(&y, i, __ATOMIC_RELAXED);
			rumpuser2_membarrier();
			saw = __atomic_load_n(&x, __ATOMIC_RELAXED);
		}
		flag_set(&seen[me], saw);
		meet(me, 2 * i);
		if (me == 0 && flag_get(&seen[0]) < i && flag_get(&seen[1]) < i)
			both++;
	}
	kernel_enter();
}

static void
membarrier(void)
{
	struct runner r[2];
	int answer;

	kernel_boot(2);
	answer = rumpuser2_membarrier();
	if (answer != 0) {
		T_CHECK_EQ(answer, K_EOPNOTSUPP);
		T_CHECK_EQ(rumpuser2_membarrier(), K_EOPNOTSUPP);
		kernel_halt();
		t_skip("no cheap barrier here");
		return;
	}
	for (uintptr_t i = 0; i < 2; i++)
		runner_start(&r[i], dekker, (void *)i);
	for (int i = 0; i < 2; i++)
		runner_join(&r[i]);
	T_CHECK_EQ(both, 0);
	kernel_halt();
}

T_MAIN(T(permit), T(ping_pong), T(from_signal_handler), T(from_a_stranger), T(handle_of_ended_thread),
    T(membarrier))
