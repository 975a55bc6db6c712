/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Threads: start, end, join, the current lwp, and the hook at a thread's end.
 */

#include "kernel.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static int ran, go;

static void
run_and_return_void(void *arg)
{

	(void)arg;
}

static void *
run_and_return(void *arg)
{

	flag_set(arg, 1);
	return NULL;
}

static void *
run_and_exit(void *arg)
{

	flag_set(arg, 1);
	rumpuser_thread_exit();
}

static void
end_and_join(void)
{
	void *cookie;

	kernel_boot(1);
	ran = 0;
	T_ASSERT_EQ(rumpuser_thread_create(run_and_exit, &ran, "exits", 1, 0, -1, &cookie), 0);
	T_CHECK_EQ(rumpuser_thread_join(cookie), 0);
	T_CHECK_EQ(ran, 1);
	T_CHECK_EQ(kernel_lwp()->l_released, 1);
	T_CHECK_EQ(kernel_lwp()->l_acquired, 1);
	T_CHECK_EQ(rumpuser_thread_join(NULL), K_EINVAL);
	ran = 0;
	if (!kernel_v17()) {
		T_ASSERT_EQ(rumpuser_thread_create(run_and_return, &ran, NULL, 1, 100, 0, &cookie), 0);
		T_CHECK_EQ(rumpuser_thread_join(cookie), 0);
		T_CHECK_EQ(ran, 1);
	}
	kernel_halt();
}

static void
detached(void)
{

	kernel_boot(1);
	for (int i = 0; i < 50; i++) {
		ran = 0;
		T_ASSERT_EQ(rumpuser_thread_create(run_and_exit, &ran, "detached", 0, 0, -1, NULL), 0);
		T_ASSERT(kernel_wait(&ran));
	}
	kernel_halt();
}

static void
wait_go(void *arg)
{

	(void)arg;
	kernel_wait(&go);
}

/* The only CPU is free while its holder waits in join, or the thread could not end. */
static void
join_gives_cpu_up(void)
{
	struct runner r, s;

	kernel_boot(1);
	go = 0;
	runner_start(&r, wait_go, NULL);
	T_CHECK(kernel_wait(&r.r_started));
	runner_start(&s, run_and_return_void, NULL);
	runner_join(&s);
	flag_set(&go, 1);
	runner_join(&r);
	kernel_halt();
}

static void *my_cookie;

static void
join_self(void *arg)
{

	(void)arg;
	kernel_wait(&go);
	T_CHECK_EQ(rumpuser_thread_join(my_cookie), K_EDEADLK);
}

static void
join_of_oneself_fails(void)
{
	struct runner r;

	kernel_boot(2);
	go = 0;
	runner_start(&r, join_self, NULL);
	my_cookie = r.r_cookie;
	flag_set(&go, 1);
	runner_join(&r);
	kernel_halt();
}

static void
many(void)
{
	struct runner r[100];

	kernel_boot(2);
	go = 0;
	for (int i = 0; i < 100; i++)
		runner_start(&r[i], wait_go, NULL);
	flag_set(&go, 1);
	for (int i = 0; i < 100; i++)
		runner_join(&r[i]);
	kernel_halt();
}

static void
check_own_lwp(void *arg)
{
	struct lwp *mine = kernel_lwp();

	(void)arg;
	for (int i = 0; i < 20; i++) {
		if (!kernel_v17())
			T_CHECK(rumpuser_curlwp() == mine);
		T_CHECK(rumpuser2_tls.rt_curlwp == mine);
		T_CHECK(rumpuser2_thread()->rt_curlwp == mine);
		kernel_pause();
	}
}

/* A signal to the process is for threads of the program. */
static pthread_t signalled_thread;

static void
on_signal(int sig)
{

	(void)sig;
	signalled_thread = pthread_self();
}

static void
signals_are_the_programs(void)
{
	sigset_t set, pending;
	struct runner r[4];

	if (kernel_fibers()) {
		t_skip("there is only one thread");
		return;
	}
	kernel_boot(2);
	signal(SIGUSR2, on_signal);
	go = 0;
	for (int i = 0; i < 4; i++)
		runner_start(&r[i], wait_go, NULL);
	for (int i = 0; i < 4; i++)
		T_CHECK(kernel_wait(&r[i].r_started));
	/* while this thread blocks it, nobody else takes it */
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR2);
	kernel_pause();
	sigpending(&pending);
	T_CHECK(sigismember(&pending, SIGUSR2));
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	T_CHECK(pthread_equal(signalled_thread, pthread_self()));
	flag_set(&go, 1);
	for (int i = 0; i < 4; i++)
		runner_join(&r[i]);
	signal(SIGUSR2, SIG_DFL);
	kernel_halt();
}

static void
current_lwp(void)
{
	struct lwp *mine, other;
	struct runner r[4];

	kernel_boot(2);
	for (int i = 0; i < 4; i++)
		runner_start(&r[i], check_own_lwp, NULL);
	check_own_lwp(NULL);
	for (int i = 0; i < 4; i++)
		runner_join(&r[i]);
	mine = kernel_lwp();
	if (!kernel_v17()) {
		rumpuser_curlwpop(RUMPUSER_LWP_CLEAR, mine);
		T_CHECK(rumpuser_curlwp() == NULL);
		rumpuser_curlwpop(RUMPUSER_LWP_SET, &other);
		T_CHECK(rumpuser_curlwp() == &other);
		T_CHECK(rumpuser2_tls.rt_curlwp == &other);
		rumpuser_curlwpop(RUMPUSER_LWP_CLEAR, &other);
		rumpuser_curlwpop(RUMPUSER_LWP_SET, mine);
	}
	kernel_halt();
}

/* ── The end of a thread ───────────────────────────────────────────────────────────────── */

static int gone;
static void *gone_cache;
static void *gone_handle;

static void
thread_gone(void *cache)
{

	gone_cache = cache;
	gone_handle = rumpuser2_self();
	/* the hook may park; time passes */
	rumpuser2_park(rumpuser2_clock() + NS_PER_MS);
	flag_set(&gone, flag_get(&gone) + 1);
}

static const struct rumpuser2_hyperup gone_up = { .hup_threadexit = thread_gone };

static void *
with_cache(void *arg)
{

	*(void **)arg = rumpuser2_self();
	rumpuser2_thread()->rt_cache = &ran;
	return NULL;
}

static void *
without_cache(void *arg)
{

	(void)arg;
	rumpuser2_self();
	return NULL;
}

static void *
with_cache_exit(void *arg)
{

	with_cache(arg);
	rumpuser_thread_exit();
}

/* What a thread had is not the next one's, and handles of ended threads serve others. */
enum { HANDLES_MAX = 200 };  /* more than all tests need at a time */
static void *handed_back[2];

static void
empty_at_first(void *arg)
{
	struct lwp *mine = kernel_lwp();

	T_CHECK(rumpuser2_thread()->rt_cache == NULL);
	*(void **)arg = rumpuser2_self();
	rumpuser2_thread()->rt_cache = arg;
	kernel_wait(&go);
	T_CHECK(rumpuser2_thread()->rt_cache == arg);
	T_CHECK(rumpuser2_tls.rt_cache == arg && rumpuser2_tls.rt_curlwp == mine);
	T_CHECK(rumpuser2_self() == *(void **)arg);
	rumpuser2_thread()->rt_cache = NULL;
}

static void
handles_are_used_again(void)
{
	void *seen[HANDLES_MAX + 2];
	struct runner r[2];
	unsigned nseen = 0, n;

	kernel_boot(2);
	for (int round = 0; round < HANDLES_MAX && nseen <= HANDLES_MAX; round++) {
		go = 0;
		for (int i = 0; i < 2; i++)
			runner_start(&r[i], empty_at_first, &handed_back[i]);
		if (round < 5)
			T_CHECK(runner_blocked(&r[0]) && runner_blocked(&r[1]));
		flag_set(&go, 1);
		for (int i = 0; i < 2; i++) {
			runner_join(&r[i]);
			for (n = 0; n < nseen && seen[n] != handed_back[i]; n++)
				continue;
			if (n == nseen)
				seen[nseen++] = handed_back[i];
		}
		T_CHECK(round >= 5 || handed_back[0] != handed_back[1]);
	}
	T_CHECK(nseen <= HANDLES_MAX);
	kernel_halt();
}

static void
exit_hook(void)
{
	void *cookie, *self;
	pthread_t th;

	T_CHECK_EQ((rumpuser2_features() & RUMPUSER2_THREADEXIT) != 0, !kernel_v17());
	if (kernel_v17()) {
		t_skip("version 17 does not tell when a thread ends");
		return;
	}
	kernel_boot(1);
	T_CHECK_EQ(rumpuser2_init(RUMPUSER2_VERSION, &gone_up), 0);
	gone = 0;
	T_ASSERT_EQ(rumpuser_thread_create(with_cache_exit, &self, "hook", 1, 0, -1, &cookie), 0);
	rumpuser_thread_join(cookie);
	T_CHECK_EQ(gone, 1);
	T_CHECK(gone_cache == &ran);
	T_CHECK(gone_handle == self);

	if (!kernel_fibers()) {
		/* threads of the program are seen, too */
		pthread_create(&th, NULL, with_cache, &self);
		pthread_join(th, NULL);
		T_CHECK_EQ(gone, 2);
		T_CHECK(gone_handle == self);
		pthread_create(&th, NULL, without_cache, NULL);
		pthread_join(th, NULL);
		T_CHECK_EQ(gone, 2);
	}
	kernel_halt();

	if (!kernel_fibers()) {
		/* also once the kernel has gone: it takes back what it gave */
		pthread_create(&th, NULL, with_cache, &self);
		pthread_join(th, NULL);
		T_CHECK_EQ(gone, 3);
	}
}

T_MAIN(T(end_and_join), T(detached), T(join_gives_cpu_up), T(join_of_oneself_fails), T(many),
    T(signals_are_the_programs), T(current_lwp), T(handles_are_used_again),
    T(exit_hook))
