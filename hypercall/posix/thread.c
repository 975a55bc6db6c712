/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Threads of the posix host: pthreads, and an event for each to park on.
 *
 *   struct parker   what core_self gives out: made when a thread asks first, put on a free list when the
 *                   thread ends, never freed, so that a late unpark finds an event
 *   struct thread   of core_thread_create; freed by its join, or when it ends
 *
 * core_thread_exit goes back to the thread's first function by longjmp, not by pthread_exit: no
 * unwinder has to be loaded for it, nor do cleanup handlers of the program run.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "unix/unix.h"

#define STACK_SIZE ((size_t)512 << 10)
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STACK_FACTOR 4
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STACK_FACTOR 4
#endif
#endif
#ifndef STACK_FACTOR
#define STACK_FACTOR 1
#endif

struct parker {
	struct event pk_event;
	struct parker *pk_next;  /* on the free list */
};

struct thread {
	pthread_t th_pthread;
	void *(*th_fun)(void *);
	void *th_arg;
	bool th_joinable;
	char th_name[16];
	jmp_buf th_exit;
};

static pthread_key_t parker_key;
static pthread_once_t parker_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t parker_lock = PTHREAD_MUTEX_INITIALIZER;
static struct parker *parker_free;  /* under parker_lock */

static __thread struct parker *my_parker;
static __thread struct thread *my_thread;

/* ── Park and unpark ───────────────────────────────────────────────────────────────────── */

/* A thread that had a parker ends. The kernel's hook may park, so the parker is given back last. */
static void
parker_gone(void *arg)
{
	struct parker *pk = arg;

	hyp_thread_gone();
	my_parker = NULL;
	pthread_mutex_lock(&parker_lock);
	pk->pk_next = parker_free;
	parker_free = pk;
	pthread_mutex_unlock(&parker_lock);
}

static void
parker_setup(void)
{

	event_setup();
	if (pthread_key_create(&parker_key, parker_gone) != 0)
		hyp_panic("pthread_key_create failed");
}

static __attribute__((__noinline__)) struct parker *
parker_get(void)
{
	struct parker *pk;

	pthread_once(&parker_once, parker_setup);
	pthread_mutex_lock(&parker_lock);
	pk = parker_free;
	if (pk != NULL)
		parker_free = pk->pk_next;
	pthread_mutex_unlock(&parker_lock);
	if (pk == NULL) {
		pk = calloc(1, sizeof(*pk));
		if (pk == NULL)
			hyp_panic("no memory for a thread's handle");
		event_init(&pk->pk_event);
	}
	if (pthread_setspecific(parker_key, pk) != 0)
		hyp_panic("pthread_setspecific failed");
	my_parker = pk;
	return pk;
}

static inline struct parker *
parker_self(void)
{
	struct parker *pk = my_parker;

	return pk != NULL ? pk : parker_get();
}

void *
core_self(void)
{

	return parker_self();
}

int
core_park(int64_t deadline)
{

	return event_wait(&parker_self()->pk_event, deadline);
}

void
core_unpark(void *thread)
{
	struct parker *pk = thread;

	event_post(&pk->pk_event);
}

void
core_yield(void)
{

	sched_yield();
}

/* ── Threads ───────────────────────────────────────────────────────────────────────────── */

static void *
thread_main(void *arg)
{
	struct thread *th = arg;

	my_thread = th;
#ifdef __linux__
	pthread_setname_np(pthread_self(), th->th_name);
#endif
	if (setjmp(th->th_exit) == 0)
		th->th_fun(th->th_arg);
	my_thread = NULL;
	if (!th->th_joinable)
		free(th);
	return NULL;
}

/*
 * Signals that the program has handlers for are its own threads' to take. Not blocked are those that
 * a thread brings upon itself, and the profiler's.
 */
static void
signals_block(sigset_t *old)
{
	static const int own[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPROF, SIGSEGV, SIGSYS, SIGTRAP };
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		sigdelset(&set, own[i]);
	pthread_sigmask(SIG_SETMASK, &set, old);
}

static int
thread_start(struct thread *th)
{
	size_t size = STACK_SIZE * STACK_FACTOR;
	pthread_attr_t attr;
	sigset_t old;
	int error;

	if (pthread_attr_init(&attr) != 0)
		return ENOMEM;
	pthread_attr_setstacksize(&attr, size < (size_t)PTHREAD_STACK_MIN ? (size_t)PTHREAD_STACK_MIN : size);
	if (!th->th_joinable)
		pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	signals_block(&old);
	error = pthread_create(&th->th_pthread, &attr, thread_main, th);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return error;
}

int
core_thread_create(void *(*fun)(void *), void *arg, const char *name, int priority, int cpu,
    bool joinable, void **thread)
{
	struct thread *th = calloc(1, sizeof(*th));
	int error;

	(void)priority, (void)cpu;
	if (th == NULL)
		return NB_ENOMEM;
	th->th_fun = fun;
	th->th_arg = arg;
	th->th_joinable = joinable;
	strncpy(th->th_name, name, sizeof(th->th_name) - 1);
	*thread = th;
	error = thread_start(th);
	if (error != 0) {
		free(th);
		return hyp_errno(error);
	}
	return 0;
}

void
core_thread_exit(void)
{

	if (my_thread == NULL)
		hyp_panic("rumpuser_thread_exit: this thread was not made by rumpuser_thread_create");
	longjmp(my_thread->th_exit, 1);
}

int
core_thread_join(void *thread)
{
	struct thread *th = thread;
	int error;

	if (th == my_thread)  /* not every pthread_join(3) notices */
		return NB_EDEADLK;
	error = pthread_join(th->th_pthread, NULL);
	if (error != 0)
		return hyp_errno(error);
	free(th);
	return 0;
}
