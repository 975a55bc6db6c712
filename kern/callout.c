/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Callouts, callout(9): functions that are called after some ticks.
 *
 * All are on one wheel.  One thread waits for the wheel's next tick with work;
 * it is started when the first callout is scheduled and parks without limit
 * while none is.  What is due goes to a list, and a soft interrupt of the
 * clock's level calls the functions from there, one at a time.
 *
 * `lock` protects the wheel, the list and each callout.  It is not held while
 * a function runs; `running` is the callout whose function that is, and
 * callout_halt sleeps on &running until it is another.  The callout itself may
 * be freed by its function and is not touched afterwards.
 */
#include "callout.h"

#include <sys/intr.h>
#include <sys/kernel.h>
#include <sys/kthread.h>
#include <sys/lwp.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "kthread.h"
#include "parklock.h"
#include "sleepq.h"
#include "softint.h"

#define MAGIC	0x11deadbeUL

static struct parklock lock;
static struct wheel wheel;
static struct callout *due;
static struct callout *running;
static struct lwp *runner;		/* who runs it */
static u_int halters;			/* who sleep on &running */
static void *softclock;

/* The timer thread. */
static struct lwp *timer;
static bool timer_launched, timer_poked;
static uint64_t timer_tick;		/* it will look at the wheel then */

/* Ticks of the wheel: counted from start-up, each 1/hz s of the host's clock. */
static int64_t tick_zero;

static uint64_t
ticks_now(void)
{

	return (uint64_t)((rumpuser2_clock() - tick_zero) /
	    (1000000000 / hz));
}

static int64_t
tick_begins(uint64_t t)
{

	return tick_zero + (int64_t)t * (1000000000 / hz);
}

static void timer_thread(void *);
static void run_due(void *);

void
callout_startup(void)
{

	tick_zero = rumpuser2_clock();
	softclock = softint_establish(SOFTINT_CLOCK | SOFTINT_MPSAFE, run_due,
	    NULL);
	timer = kthread_prepare(PRI_SOFTCLOCK, KTHREAD_MPSAFE, NULL,
	    timer_thread, NULL, "timer");
	if (softclock == NULL || timer == NULL)
		boot_fail(ENOMEM);
}

void
callout_init_cpu(struct cpu_info *ci)
{
}

static void
check(const struct callout *c)
{

	KASSERTMSG(c->c_magic == MAGIC, "callout %p was not initialised", c);
}

void
callout_init(struct callout *c, u_int flags)
{

	KASSERT((flags & ~CALLOUT_FLAGMASK) == 0);
	memset(c, 0, sizeof(*c));
	c->c_flags = flags;
	c->c_magic = MAGIC;
}

void
callout_destroy(struct callout *c)
{

	check(c);
	KASSERTMSG((c->c_flags & CALLOUT_PENDING) == 0,
	    "callout_destroy: %p is pending", c);
	KASSERTMSG(running != c || runner == curlwp,
	    "callout_destroy: %p is running", c);
	c->c_magic = 0;
}

/*
 * The timer thread.
 */

/* Tell it that there is something to do before timer_tick; lock is held. */
static void
timer_poke(void)
{
	struct sleepq *sq = sleepq_lookup(&timer);
	void *thread = NULL;

	if (!timer_launched) {
		timer_launched = kthread_launch(timer) == 0;
		return;
	}
	parklock_enter(&sq->sq_lock);
	timer_poked = true;
	if (timer->l_wchan == &timer)
		thread = sleepq_dequeue(timer);
	parklock_exit(&sq->sq_lock);
	if (thread != NULL)
		rumpuser2_unpark(thread);
}

static void
timer_sleep(int64_t deadline)
{
	struct sleepq *sq = sleepq_lookup(&timer);

	parklock_enter(&sq->sq_lock);
	if (timer_poked) {
		timer_poked = false;
		parklock_exit(&sq->sq_lock);
		return;
	}
	sleepq_enqueue(&sq->sq_first, curlwp, &timer, "timer");
	parklock_exit(&sq->sq_lock);
	(void)sleepq_block(sq, deadline, false);
}

static void
timer_thread(void *arg)
{
	int64_t deadline;
	bool work;

	for (;;) {
		parklock_enter(&lock);
		wheel_advance(&wheel, ticks_now(), &due);
		work = due != NULL;
		timer_tick = wheel_next(&wheel);
		deadline = timer_tick == UINT64_MAX ? INT64_MAX :
		    tick_begins(timer_tick);
		parklock_exit(&lock);
		if (work) {
			softint_schedule(softclock);
			softint_exit(curlwp);
		}
		timer_sleep(deadline);
	}
}

/*
 * Calling.
 */

static void
call(struct callout *c)
{
	void (*func)(void *) = c->c_func;
	void *arg = c->c_arg;
	bool mpsafe = (c->c_flags & CALLOUT_MPSAFE) != 0;

	parklock_exit(&lock);
	if (!mpsafe)
		KERNEL_LOCK(1, NULL);
	(*func)(arg);
	if (!mpsafe)
		KERNEL_UNLOCK_ONE(NULL);
	parklock_enter(&lock);
}

static void
run_due(void *arg)
{
	struct callout *c;

	parklock_enter(&lock);
	/* It runs on one CPU at a time; on another it blocks just now. */
	while (running == NULL && (c = due) != NULL) {
		callout_unlink(&due, c);
		c->c_flags &= ~CALLOUT_PENDING;
		c->c_flags |= CALLOUT_FIRED | CALLOUT_INVOKING;
		running = c;
		runner = curlwp;
		call(c);
		running = NULL;
		runner = NULL;
		if (halters != 0) {
			parklock_exit(&lock);
			wakeup(&running);
			parklock_enter(&lock);
		}
	}
	parklock_exit(&lock);
}

/*
 * Scheduling and stopping: lock is held.
 */

static void
dequeue(struct callout *c)
{

	if ((c->c_flags & CALLOUT_PENDING) == 0)
		return;
	/* What became due has kept its deadline, and the wheel passed it. */
	if (c->c_deadline <= wheel.w_now)
		callout_unlink(&due, c);
	else
		wheel_remove(&wheel, c);
	c->c_flags &= ~CALLOUT_PENDING;
}

static void
enqueue(struct callout *c, int ticks)
{
	uint64_t now = ticks_now();

	dequeue(c);
	KASSERT(c->c_func != NULL);
	if (wheel.w_count == 0 && now > wheel.w_now)
		wheel.w_now = now;
	c->c_cpu = curcpu();
	c->c_deadline = now + (uint64_t)(ticks < 1 ? 1 : ticks);
	c->c_flags &= ~(CALLOUT_FIRED | CALLOUT_INVOKING);
	c->c_flags |= CALLOUT_PENDING;
	wheel_insert(&wheel, c);
	if (!timer_launched || c->c_deadline < timer_tick) {
		timer_tick = c->c_deadline;
		timer_poke();
	}
}

void
callout_setfunc(struct callout *c, void (*func)(void *), void *arg)
{

	check(c);
	parklock_enter(&lock);
	c->c_func = func;
	c->c_arg = arg;
	parklock_exit(&lock);
}

void
callout_reset(struct callout *c, int ticks, void (*func)(void *), void *arg)
{

	check(c);
	parklock_enter(&lock);
	c->c_func = func;
	c->c_arg = arg;
	enqueue(c, ticks);
	parklock_exit(&lock);
}

void
callout_schedule(struct callout *c, int ticks)
{

	check(c);
	parklock_enter(&lock);
	enqueue(c, ticks);
	parklock_exit(&lock);
}

/* Returns whether it had fired already. */
static bool
stop(struct callout *c)
{
	bool fired = (c->c_flags & CALLOUT_FIRED) != 0;

	dequeue(c);
	c->c_flags &= ~CALLOUT_FIRED;
	return fired;
}

bool
callout_stop(struct callout *c)
{
	bool fired;

	check(c);
	parklock_enter(&lock);
	fired = stop(c);
	parklock_exit(&lock);
	return fired;
}

/* Sleep until another callout runs, or none; lock is given up and retaken. */
static void
wait_for_runner(kmutex_t *interlock)
{
	struct sleepq *sq = sleepq_lookup(&running);

	halters++;
	parklock_enter(&sq->sq_lock);
	sleepq_enqueue(&sq->sq_first, curlwp, &running, "callout");
	parklock_exit(&sq->sq_lock);
	parklock_exit(&lock);
	if (interlock != NULL)
		mutex_exit(interlock);
	(void)sleepq_block(sq, INT64_MAX, false);
	if (interlock != NULL)
		mutex_enter(interlock);
	parklock_enter(&lock);
	halters--;
}

bool
callout_halt(struct callout *c, void *interlock)
{
	bool fired;

	check(c);
	parklock_enter(&lock);
	fired = stop(c);
	/* The function may have scheduled it again, and again. */
	while (running == c && runner != curlwp) {
		wait_for_runner(interlock);
		(void)stop(c);
	}
	parklock_exit(&lock);
	return fired;
}

/* There is one runner for all CPUs. */
void
callout_bind(struct callout *c, struct cpu_info *ci)
{

	check(c);
	c->c_flags |= CALLOUT_BOUND;
}

static bool
has_flag(struct callout *c, u_int flag)
{
	bool r;

	check(c);
	parklock_enter(&lock);
	r = (c->c_flags & flag) != 0;
	parklock_exit(&lock);
	return r;
}

bool
callout_pending(struct callout *c)
{

	return has_flag(c, CALLOUT_PENDING);
}

bool
callout_expired(struct callout *c)
{

	return has_flag(c, CALLOUT_FIRED);
}

bool
callout_active(struct callout *c)
{

	return has_flag(c, CALLOUT_PENDING | CALLOUT_FIRED);
}

bool
callout_invoking(struct callout *c)
{

	return has_flag(c, CALLOUT_INVOKING);
}

void
callout_ack(struct callout *c)
{

	check(c);
	parklock_enter(&lock);
	c->c_flags &= ~CALLOUT_INVOKING;
	parklock_exit(&lock);
}
