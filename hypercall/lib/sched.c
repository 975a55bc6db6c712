/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The cooperative scheduler; see sched.h.
 *
 * th_permit is the only thing that others than the one host thread write:
 *
 *   NONE → PARKED    core_park, when the thread gives the CPU up
 *   PARKED → PERMIT  core_unpark; whoever makes this change pushes the thread on `woken`, from which
 *                    the scheduler moves it to the ready queue: so it is pushed once
 *   PARKED → NONE    the deadline has passed
 *   NONE → PERMIT    core_unpark of a thread that runs or is ready
 *
 * Handles are for ever: an ended thread's structure goes to a free list and serves again. Its stack
 * is freed by the thread that runs next, since it ends while it still stands on it.
 */

#include "sched.h"

#include "fiber.h"
#include "hyp.h"

enum { PARKED = -1, NONE = 0, PERMIT = 1 };

struct thread {
	int th_permit;               /* atomic */
	struct thread *th_woken;     /* next on `woken` */
	struct thread *th_next;      /* next on the ready queue or the free list */
	struct thread *th_timer;     /* next deadline */
	int64_t th_deadline;
	bool th_timing;              /* on the list of deadlines */
	bool th_timedout;

	void *th_fiber;              /* while it does not run */
	struct fiber_note th_note;
	struct rumpuser2_thread th_tls;
	void *th_stack;              /* NULL: the first thread */
	size_t th_stacklen;
	void *(*th_fun)(void *);
	void *th_arg;

	bool th_joinable, th_ended;
	struct thread *th_joiner;
};

static struct {
	struct thread *current;
	struct thread *previous;     /* who swapped to current */
	struct thread *dead;         /* stack to be freed */
	struct thread *ready, **readytail;
	unsigned nready;
	struct thread *timers;       /* by deadline, then by age */
	struct thread *free;
	struct thread *woken;        /* atomic; newest first */
	struct thread first;
} sched;

static __thread bool is_scheduled;  /* the host thread that all of this runs on */

/* ── Queues ────────────────────────────────────────────────────────────────────────────── */

static void
ready_add(struct thread *th)
{

	if (sched.ready == NULL)
		sched.readytail = &sched.ready;
	th->th_next = NULL;
	*sched.readytail = th;
	sched.readytail = &th->th_next;
	sched.nready++;
}

static struct thread *
ready_take(void)
{
	struct thread *th, **p = &sched.ready;
	unsigned n = sched.nready > 1 ? sched_host_pick(sched.nready) % sched.nready : 0;

	if (sched.nready == 0)
		return NULL;
	while (n-- > 0)
		p = &(*p)->th_next;
	th = *p;
	*p = th->th_next;
	if (*p == NULL)
		sched.readytail = p;
	sched.nready--;
	return th;
}

static void
timer_add(struct thread *th, int64_t deadline)
{
	struct thread **p = &sched.timers;

	while (*p != NULL && (*p)->th_deadline <= deadline)
		p = &(*p)->th_timer;
	th->th_deadline = deadline;
	th->th_timing = true;
	th->th_timer = *p;
	*p = th;
}

static void
timer_remove(struct thread *th)
{
	struct thread **p = &sched.timers;

	if (!th->th_timing)
		return;
	while (*p != th)
		p = &(*p)->th_timer;
	*p = th->th_timer;
	th->th_timing = false;
}

/* Threads that were unparked become ready, oldest first. */
static void
ready_woken(void)
{
	struct thread *th, *list, *fifo = NULL;

	list = __atomic_exchange_n(&sched.woken, NULL, __ATOMIC_ACQUIRE);
	while ((th = list) != NULL) {
		list = th->th_woken;
		th->th_woken = fifo;
		fifo = th;
	}
	for (; fifo != NULL; fifo = fifo->th_woken) {
		timer_remove(fifo);
		ready_add(fifo);
	}
}

/* Threads whose deadline has passed become ready, unless they are being unparked. */
static void
ready_timedout(void)
{
	struct thread *th;
	int64_t now;
	int parked;

	if (sched.timers == NULL)
		return;
	now = core_clock();
	while ((th = sched.timers) != NULL && th->th_deadline <= now) {
		timer_remove(th);
		parked = PARKED;
		if (__atomic_compare_exchange_n(&th->th_permit, &parked, NONE, false,
		    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
			th->th_timedout = true;
			ready_add(th);
		}
	}
}

/* ── Switching ─────────────────────────────────────────────────────────────────────────── */

static void
stack_reap(void)
{
	struct thread *th = sched.dead;

	if (th == NULL)
		return;
	sched.dead = NULL;
	fiber_note_destroy(&th->th_note);
	sched_host_stack_put(th->th_stack, th->th_stacklen);
	th->th_stack = NULL;
	if (!th->th_joinable) {
		th->th_next = sched.free;
		sched.free = th;
	}
}

/* Runs on a thread that was switched to. */
static void
switched(void)
{

	fiber_note_enter(&sched.current->th_note, &sched.previous->th_note);
	rumpuser2_tls = sched.current->th_tls;
	stack_reap();
}

/* Run the next ready thread, waiting for one; the caller goes on when it is that. */
static void
dispatch(void)
{
	struct thread *self = sched.current, *next;

	for (;;) {
		ready_woken();
		ready_timedout();
		next = ready_take();
		if (next != NULL)
			break;
		sched_host_idle(sched.timers != NULL ? sched.timers->th_deadline : CORE_FOREVER);
	}
	if (next == self)
		return;
	self->th_tls = rumpuser2_tls;
	sched.previous = self;
	sched.current = next;
	fiber_note_leave(&self->th_note, &next->th_note, sched.dead == self);
	fiber_swap(&self->th_fiber, next->th_fiber);
	switched();
}

static struct thread *
self_get(void)
{

	if (is_scheduled)
		return sched.current;
	if (sched.current != NULL)
		hyp_panic("this host runs a kernel on one thread only, a second one came in");
	is_scheduled = true;
	sched.current = &sched.first;
	fiber_note_create(&sched.first.th_note, NULL, 0);
	return sched.current;
}

/* ── Park and unpark ───────────────────────────────────────────────────────────────────── */

void *
core_self(void)
{

	return self_get();
}

void
core_yield(void)
{

	ready_add(self_get());
	dispatch();
}

int
core_park(int64_t deadline)
{
	struct thread *self = self_get();
	int permit = NONE;

	if (deadline != CORE_FOREVER && deadline <= core_clock() &&
	    __atomic_load_n(&self->th_permit, __ATOMIC_RELAXED) == NONE) {
		core_yield();
		return NB_ETIMEDOUT;
	}
	self->th_timedout = false;
	if (__atomic_compare_exchange_n(&self->th_permit, &permit, PARKED, false,
	    __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
		if (deadline != CORE_FOREVER)
			timer_add(self, deadline);
		dispatch();
		if (self->th_timedout)
			return NB_ETIMEDOUT;
	}
	__atomic_exchange_n(&self->th_permit, NONE, __ATOMIC_ACQUIRE);
	return 0;
}

void
core_unpark(void *thread)
{
	struct thread *th = thread;

	if (__atomic_exchange_n(&th->th_permit, PERMIT, __ATOMIC_ACQ_REL) != PARKED)
		return;
	th->th_woken = __atomic_load_n(&sched.woken, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&sched.woken, &th->th_woken, th, true,
	    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		continue;
	sched_host_wake();
}

/* All threads run on one CPU at a time, which sees its own writes in order. */
int
core_membarrier(void)
{

	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return 0;
}

/* ── Threads ───────────────────────────────────────────────────────────────────────────── */

static void
thread_begin(void)
{

	switched();
	sched.current->th_fun(sched.current->th_arg);
	core_thread_exit();
}

static struct thread *
thread_get(void)
{
	struct thread *th = sched.free;
	void *mem;

	if (th != NULL)
		sched.free = th->th_next;
	else {
		if (core_alloc(sizeof(*th), _Alignof(struct thread), &mem) != 0)
			return NULL;
		th = mem;
		th->th_permit = NONE;
	}
	th->th_timing = th->th_ended = false;
	th->th_joiner = NULL;
	th->th_tls = (struct rumpuser2_thread){ NULL, NULL };
	return th;
}

int
core_thread_create(void *(*fun)(void *), void *arg, const char *name, int priority, int cpu,
    bool joinable, void **thread)
{
	struct thread *th;

	self_get();
	th = thread_get();
	if (th == NULL)
		return NB_ENOMEM;
	th->th_stack = sched_host_stack_get(&th->th_stacklen);
	if (th->th_stack == NULL) {
		th->th_next = sched.free;
		sched.free = th;
		return NB_EAGAIN;
	}
	th->th_fun = fun;
	th->th_arg = arg;
	th->th_joinable = joinable;
	th->th_fiber = fiber_prepare(th->th_stack, th->th_stacklen, thread_begin);
	fiber_note_create(&th->th_note, th->th_stack, th->th_stacklen);
	ready_add(th);
	*thread = th;
	return 0;
}

void
core_thread_exit(void)
{
	struct thread *self = self_get();

	if (self->th_stack == NULL)
		hyp_panic("rumpuser_thread_exit: this thread was not made by rumpuser_thread_create");
	hyp_thread_gone();
	self->th_ended = true;
	if (self->th_joiner != NULL)
		core_unpark(self->th_joiner);
	sched.dead = self;
	dispatch();
	__builtin_unreachable();
}

int
core_thread_join(void *thread)
{
	struct thread *th = thread;

	if (th == self_get())
		return NB_EDEADLK;
	th->th_joiner = sched.current;
	while (!th->th_ended)
		core_park(CORE_FOREVER);
	th->th_next = sched.free;
	sched.free = th;
	return 0;
}
