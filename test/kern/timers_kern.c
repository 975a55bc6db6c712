/* SPDX-License-Identifier: BSD-2-Clause */
/* Callouts, soft interrupts and clocks, in the kernel. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/callout.h>
#include <sys/cpu.h>
#include <sys/intr.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/time.h>

#include "callout.h"
#include "kern_test.h"

#define NS_PER_TICK	(1000000000 / hz)

static kmutex_t mtx;
static kcondvar_t cv;
static int fired, order[8], errors;
static int64_t fired_at;
static callout_t co[4];

static void
start(void)
{
	int i;

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_SOFTCLOCK);
	cv_init(&cv, "test");
	fired = errors = 0;
	for (i = 0; i < 4; i++)
		callout_init(&co[i], CALLOUT_MPSAFE);
}

static int
finish(int bad)
{
	int i;

	for (i = 0; i < 4; i++) {
		callout_halt(&co[i], NULL);
		callout_destroy(&co[i]);
	}
	cv_destroy(&cv);
	mutex_destroy(&mtx);
	return bad + errors;
}

static void
note(void *arg)
{

	if (!cpu_softintr_p() || cpu_intr_p())
		errors++;
	mutex_enter(&mtx);
	if (fired < 8)
		order[fired] = (int)(intptr_t)arg;
	fired++;
	fired_at = rumptest_now();
	cv_broadcast(&cv);
	mutex_exit(&mtx);
}

static void
wait_fired(int n)
{

	mutex_enter(&mtx);
	while (fired < n)
		cv_wait(&cv, &mtx);
	mutex_exit(&mtx);
}

/*
 * Callouts.
 */

int
rumptest_callout_order(void)
{
	int64_t before;
	int i, ticks, bad = 0;

	start();
	/* All in the same tick, or the order could be another. */
	do {
		ticks = getticks();
		before = rumptest_now();
		callout_reset(&co[2], 6, note, (void *)2);
		callout_reset(&co[0], 2, note, (void *)0);
		callout_reset(&co[1], 4, note, (void *)1);
	} while (getticks() != ticks);
	bad += !callout_pending(&co[1]) || callout_expired(&co[1]);
	wait_fired(3);
	for (i = 0; i < 3; i++)
		bad += order[i] != i;
	/* The first tick is the one under way. */
	bad += fired_at - before < 5 * NS_PER_TICK;
	bad += callout_pending(&co[1]) || !callout_expired(&co[1]);
	return finish(bad);
}

/* The wheel by itself: everything comes out, at its tick, in order. */
static int
wheel_case(struct wheel *w, struct callout *c, int n, uint64_t seed)
{
	struct callout *due = NULL, *last;
	uint64_t now = 0, prev;
	int i, out = 0, bad = 0;

	memset(w, 0, sizeof(*w));
	memset(c, 0, (size_t)n * sizeof(*c));
	for (i = 0; i < n; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		c[i].c_deadline = 1 + (seed >> 33) % ((uint64_t)1 << (seed >> 59));
		wheel_insert(w, &c[i]);
	}
	for (i = 0; i < n; i += 7) {
		wheel_remove(w, &c[i]);
		out++;
	}
	while ((prev = now, now = wheel_next(w)) != UINT64_MAX) {
		bad += now <= prev;
		wheel_advance(w, now, &due);
		while ((last = due) != NULL) {
			callout_unlink(&due, last);
			bad += last->c_deadline != now;
			out++;
		}
	}
	return bad + (out != n) + (w->w_count != 0);
}

int
rumptest_callout_far(void)
{
	struct wheel *w = kmem_alloc(sizeof(*w), KM_SLEEP);
	struct callout *c = kmem_alloc(500 * sizeof(*c), KM_SLEEP);
	uint64_t seed;
	int bad = 0;

	for (seed = 1; seed <= 20; seed++)
		bad += wheel_case(w, c, 500, seed);
	kmem_free(c, 500 * sizeof(*c));
	kmem_free(w, sizeof(*w));
	return bad;
}

int
rumptest_callout_stop(void)
{
	int bad = 0;

	start();
	callout_reset(&co[0], 3, note, NULL);
	while (callout_stop(&co[0])) {	/* this thread did not run for so long */
		callout_halt(&co[0], NULL);
		fired = 0;
		callout_reset(&co[0], 3, note, NULL);
	}
	bad += callout_pending(&co[0]);
	callout_reset(&co[1], 1, note, NULL);
	wait_fired(1);
	bad += callout_stop(&co[1]) != true;
	kpause("stop", false, 5, NULL);
	bad += fired != 1;
	return finish(bad);
}

static volatile int inside;

static void
slow(void *arg)
{

	atomic_store_relaxed(&inside, 1);
	mutex_enter(&mtx);
	atomic_store_relaxed(&inside, 2);
	mutex_exit(&mtx);
}

/* halt waits for a function that needs the lock that the halter holds. */
int
rumptest_callout_halt(void)
{
	int bad = 0;

	start();
	inside = 0;
	mutex_enter(&mtx);
	callout_reset(&co[0], 1, slow, NULL);
	while (atomic_load_relaxed(&inside) == 0) {
		mutex_exit(&mtx);
		kpause("halt", false, 1, NULL);
		mutex_enter(&mtx);
	}
	atomic_store_relaxed(&inside, 1);
	callout_reset(&co[0], 1, slow, NULL);
	while (callout_pending(&co[0]))
		yield();
	callout_halt(&co[0], &mtx);
	bad += !mutex_owned(&mtx);
	bad += atomic_load_relaxed(&inside) != 2;
	mutex_exit(&mtx);
	return finish(bad);
}

static void
again(void *arg)
{
	callout_t *c = arg;

	if (!callout_invoking(c))
		errors++;
	callout_ack(c);
	if (callout_invoking(c))
		errors++;
	callout_schedule(c, 1);
	note(NULL);
}

/* One that schedules itself is stopped for good. */
int
rumptest_callout_self(void)
{
	int n;

	start();
	callout_setfunc(&co[0], again, &co[0]);
	callout_schedule(&co[0], 1);
	wait_fired(5);
	callout_halt(&co[0], NULL);
	n = fired;
	kpause("self", false, 4, NULL);
	return finish(fired != n);
}

#define MANY	1000

int
rumptest_callout_many(void)
{
	callout_t *c = kmem_alloc(MANY * sizeof(*c), KM_SLEEP);
	int i;

	start();
	for (i = 0; i < MANY; i++) {
		callout_init(&c[i], i % 2 ? CALLOUT_MPSAFE : 0);
		callout_reset(&c[i], 1 + i % 7, note, NULL);
	}
	wait_fired(MANY);
	for (i = 0; i < MANY; i++) {
		callout_halt(&c[i], NULL);
		callout_destroy(&c[i]);
	}
	kmem_free(c, MANY * sizeof(*c));
	return finish(fired != MANY);
}

/*
 * Soft interrupts.
 */

static void *net, *serial;
static struct lwp *ran_as;
static int net_runs, serial_runs;
static bool serial_first;

static void
serial_handler(void *arg)
{

	serial_runs++;
	serial_first = net_runs == 0;
}

static void
net_handler(void *arg)
{

	net_runs++;
	ran_as = curlwp;
	if (!cpu_softintr_p() || curproc != &proc0)
		errors++;
}

/* Scheduled twice, run once, when the caller leaves: see the next. */
int
rumptest_softint_inline(void)
{

	net_runs = serial_runs = 0;
	errors = 0;
	net = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, net_handler,
	    NULL);
	serial = softint_establish(SOFTINT_SERIAL, serial_handler, NULL);
	softint_schedule(net);
	softint_schedule(net);
	softint_schedule(serial);
	return net_runs != 0;
}

int
rumptest_softint_inline_done(void)
{
	int bad = net_runs != 1 || serial_runs != 1 || !serial_first;

	bad += ran_as == curlwp || ran_as == NULL;
	softint_disestablish(net);
	softint_disestablish(serial);
	return bad + errors;
}

/* The scheduler of one goes to sleep: the CPU's thread runs it. */
int
rumptest_softint_sleep(void)
{

	start();
	net = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, note, NULL);
	softint_schedule(net);
	wait_fired(1);
	softint_disestablish(net);
	return finish(0);
}

static void
schedule_both(void *arg)
{

	softint_schedule(net);
	kthread_exit(0);
}

/* A handler that has to wait for a mutex comes back and finishes. */
int
rumptest_softint_block(void)
{

	start();
	net = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, note, NULL);
	mutex_enter(&mtx);
	kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, schedule_both, NULL,
	    NULL, "soft");
	kpause("block", false, 3, NULL);
	mutex_exit(&mtx);
	wait_fired(1);
	softint_disestablish(net);
	return finish(0);
}

static u_int ran_on;

static void
where(void *arg)
{

	ran_on = cpu_index(curcpu());
	note(arg);
}

int
rumptest_softint_remote(void)
{
	u_int i;
	int bad = 0;

	start();
	net = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE | SOFTINT_RCPU,
	    where, NULL);
	for (i = 0; i < (u_int)ncpu; i++) {
		softint_schedule_cpu(net, cpu_lookup(i));
		wait_fired((int)i + 1);
		bad += ran_on != i;
	}
	softint_disestablish(net);
	return finish(bad);
}

/*
 * Clocks.
 */

int
rumptest_time(void)
{
	struct timespec up, up2, wall, boot;
	int ticks = getticks();
	time_t s = time_uptime;
	int bad = 0;

	nanouptime(&up);
	bad += up.tv_sec < 1 || s < 1;
	kpause("time", false, 5, NULL);
	nanouptime(&up2);
	bad += !timespeccmp(&up, &up2, <);
	bad += getticks() - ticks < 5;
	nanotime(&wall);
	getnanoboottime(&boot);
	timespecsub(&wall, &boot, &wall);
	timespecsub(&wall, &up2, &wall);
	bad += wall.tv_sec != 0;
	bad += tvtohz(&(struct timeval){ .tv_sec = 1 }) < hz;
	return bad;
}
