/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Threads of the posix host: pthreads, and an event for each to park on.
 *
 * struct thread is what core_self gives out: made with a thread, or when one of the program asks first. When
 * the thread has ended it goes on a free list, and is never freed, so that a late unpark finds an event.
 * A thread neither allocates its own nor frees it: the C library would make it an arena at the first malloc(3).
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

struct thread {
	struct event th_event;
	struct thread *th_next;  /* on the free list */

	/* of core_thread_create */
	pthread_t th_pthread;
	void *(*th_fun)(void *);  /* NULL: a thread of the program */
	void *th_arg;
	bool th_joinable;
	char th_name[16];
	jmp_buf th_exit;
};

static pthread_key_t thread_key;
static pthread_once_t thread_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t thread_lock = PTHREAD_MUTEX_INITIALIZER;
static struct thread *thread_free;  /* under thread_lock */

static __thread struct thread *self;

/* ── Handles ───────────────────────────────────────────────────────────────────────────── */

static void
thread_put(struct thread *th)
{

	pthread_mutex_lock(&thread_lock);
	th->th_next = thread_free;
	thread_free = th;
	pthread_mutex_unlock(&thread_lock);
}

/* A thread ends. The kernel's hook may park, so the handle is given back last; a joinable one's by the join. */
static void
thread_gone(void *arg)
{
	struct thread *th = arg;

	hyp_thread_gone();
	self = NULL;
	if (!th->th_joinable)
		thread_put(th);
}

static void
thread_setup(void)
{

	event_setup();
	if (pthread_key_create(&thread_key, thread_gone) != 0)
		hyp_panic("pthread_key_create failed");
}

/* A thread of the program, for all it says; NULL: there is no memory. */
static struct thread *
thread_get(void)
{
	struct thread *th;

	pthread_once(&thread_once, thread_setup);
	pthread_mutex_lock(&thread_lock);
	th = thread_free;
	if (th != NULL)
		thread_free = th->th_next;
	pthread_mutex_unlock(&thread_lock);
	if (th == NULL) {
		th = calloc(1, sizeof(*th));
		if (th != NULL)
			event_init(&th->th_event);
	} else {
		th->th_fun = NULL;
		th->th_joinable = false;
	}
	return th;
}

static void
self_set(struct thread *th)
{

	if (pthread_setspecific(thread_key, th) != 0)
		hyp_panic("pthread_setspecific failed");
	self = th;
}

static __attribute__((__noinline__)) struct thread *
self_make(void)
{
	struct thread *th = thread_get();

	if (th == NULL)
		hyp_panic("no memory for a thread's handle");
	self_set(th);
	return th;
}

/* ── Park and unpark ───────────────────────────────────────────────────────────────────── */

void *
core_self(void)
{
	struct thread *th = self;

	return th != NULL ? th : self_make();
}

int
core_park(int64_t deadline)
{
	struct thread *th = core_self();

	return event_wait(&th->th_event, deadline);
}

void
core_unpark(void *thread)
{
	struct thread *th = thread;

	event_post(&th->th_event);
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

	self_set(th);
#ifdef __linux__
	pthread_setname_np(pthread_self(), th->th_name);
#endif
	if (setjmp(th->th_exit) == 0)
		th->th_fun(th->th_arg);
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

/* th is the new thread's own from pthread_create on, and may be another's soon, unless it is to be joined. */
static int
thread_start(struct thread *th, bool joinable)
{
	size_t size = STACK_SIZE * STACK_FACTOR;
	pthread_attr_t attr;
	pthread_t pthread;
	sigset_t old;
	int error;

	if (pthread_attr_init(&attr) != 0)
		return ENOMEM;
	pthread_attr_setstacksize(&attr, size < (size_t)PTHREAD_STACK_MIN ? (size_t)PTHREAD_STACK_MIN : size);
	if (!joinable)
		pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	signals_block(&old);
	error = pthread_create(&pthread, &attr, thread_main, th);
	if (error == 0 && joinable)
		th->th_pthread = pthread;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return error;
}

int
core_thread_create(void *(*fun)(void *), void *arg, const char *name, int priority, int cpu,
    bool joinable, void **thread)
{
	struct thread *th = thread_get();
	int error;

	if (th == NULL)
		return NB_ENOMEM;
	th->th_fun = fun;
	th->th_arg = arg;
	th->th_joinable = joinable;
	strncpy(th->th_name, name, sizeof(th->th_name) - 1);
	*thread = th;
	error = thread_start(th, joinable);
	if (error != 0) {
		thread_put(th);
		return hyp_errno(error);
	}
	return 0;
}

void
core_thread_exit(void)
{

	if (self == NULL || self->th_fun == NULL)
		hyp_panic("rumpuser_thread_exit: this thread was not made by rumpuser_thread_create");
	longjmp(self->th_exit, 1);
}

int
core_thread_join(void *thread)
{
	struct thread *th = thread;
	int error;

	if (th == self)  /* not every pthread_join(3) notices */
		return NB_EDEADLK;
	error = pthread_join(th->th_pthread, NULL);
	if (error != 0)
		return hyp_errno(error);
	thread_put(th);
	return 0;
}
