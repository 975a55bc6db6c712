/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The kernel of the contract tests; see kernel.h.
 *
 * Virtual CPUs are a count under a mutex and a condition variable of the library, by the nowrap calls, which
 * is how a kernel's scheduler uses them.
 */

#define _GNU_SOURCE
#include "kernel.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	struct rumpuser_mtx *mtx;
	struct rumpuser_cv *cv;
	int ncpu, nfree;
	bool busy[64];
	struct lwp first;
	unsigned gone;  /* hup_threadexit calls */
} kernel;

/* The environment that this program is built for, "NAME=VALUE …", set before anything looks at it. */
static __attribute__((__constructor__)) void
environment(void)
{
	static char words[] = CONTRACT_ENV;

	for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
		putenv(word);
}

static void
broken(const char *what)
{

	fprintf(stderr, "contract broken: %s\n", what);
	fflush(NULL);
	_exit(3);
}

/* ── Virtual CPUs ──────────────────────────────────────────────────────────────────────── */

static void
cpu_take(struct lwp *l)
{
	int cpu = 0;

	if (l->l_cpu != -1)
		broken("took a second virtual CPU");
	rumpuser_mutex_enter_nowrap(kernel.mtx);
	while (kernel.nfree == 0)
		rumpuser_cv_wait_nowrap(kernel.cv, kernel.mtx);
	kernel.nfree--;
	while (kernel.busy[cpu])
		cpu++;
	kernel.busy[cpu] = true;
	rumpuser_mutex_exit(kernel.mtx);
	l->l_cpu = cpu;
}

static void
cpu_give(struct lwp *l)
{

	if (l->l_cpu == -1)
		broken("gave back a virtual CPU that it does not hold");
	rumpuser_mutex_enter_nowrap(kernel.mtx);
	kernel.busy[l->l_cpu] = false;
	kernel.nfree++;
	rumpuser_cv_signal(kernel.cv);
	rumpuser_mutex_exit(kernel.mtx);
	l->l_cpu = -1;
}

/* ── Upcalls ───────────────────────────────────────────────────────────────────────────── */

static void
up_schedule(void)
{
	struct lwp *l = kernel_lwp();

	if (l == NULL) {
		l = calloc(1, sizeof(*l));
		l->l_temporary = true;
		l->l_cpu = -1;
		rumpuser2_thread()->rt_curlwp = l;
	}
	cpu_take(l);
}

static void
up_unschedule(void)
{
	struct lwp *l = kernel_lwp();

	if (l == NULL)
		broken("unschedule without an lwp");
	cpu_give(l);
	if (l->l_temporary) {
		rumpuser2_thread()->rt_curlwp = NULL;
		free(l);
	}
}

static void
up_backend_unschedule(int keeplocks, int *nlocks, void *interlock)
{
	struct lwp *l = kernel_lwp();

	if (l == NULL)
		broken("backend_unschedule without an lwp");
	if (!keeplocks) {
		*nlocks = l->l_biglock;
		l->l_biglock = 0;
	}
	l->l_released++;
	l->l_outlock = interlock;
	cpu_give(l);
}

static void
up_backend_schedule(int nlocks, void *interlock)
{
	struct lwp *l = kernel_lwp(), *owner = NULL;

	if (l->l_watch != NULL) {
		rumpuser_mutex_owner((struct rumpuser_mtx *)(uintptr_t)l->l_watch, &owner);
		l->l_watch_held = owner == l;
	}
	cpu_take(l);
	l->l_biglock = nlocks;
	l->l_inlock = interlock;
	l->l_acquired++;
}

static void
up_lwproc_switch(struct lwp *l)
{

	rumpuser2_thread()->rt_curlwp = l;
}

static void
up_lwproc_release(void)
{
	struct lwp *l = kernel_lwp();

	l->l_temporary = true;
}

static int
up_lwproc_newlwp(int32_t pid)
{
	struct lwp *l = kernel_lwp();

	(void)pid;
	if (l == NULL || !l->l_temporary)
		broken("newlwp on a thread that has an lwp");
	l->l_temporary = false;
	return 0;
}

static struct lwp *
up_lwproc_curlwp(void)
{

	return kernel_lwp();
}

static const struct rumpuser_hyperup upcalls = {
	.hyp_schedule = up_schedule,
	.hyp_unschedule = up_unschedule,
	.hyp_backend_unschedule = up_backend_unschedule,
	.hyp_backend_schedule = up_backend_schedule,
	.hyp_lwproc_switch = up_lwproc_switch,
	.hyp_lwproc_release = up_lwproc_release,
	.hyp_lwproc_newlwp = up_lwproc_newlwp,
	.hyp_lwproc_curlwp = up_lwproc_curlwp,
};

/* The doors for components: one that came by schedule(NULL) leaves by unschedule. */
static void *
up2_unschedule(void)
{
	struct lwp *l = kernel_lwp();
	int nlocks;

	if (l != NULL && l->l_visits) {
		l->l_visits = false;
		up_unschedule();
		return NULL;
	}
	up_backend_unschedule(0, &nlocks, NULL);
	return (void *)(intptr_t)(nlocks + 1);
}

static void
up2_schedule(void *cookie)
{

	if (cookie != NULL)
		up_backend_schedule((int)(intptr_t)cookie - 1, NULL);
	else {
		up_schedule();
		kernel_lwp()->l_visits = true;
	}
}

static const struct rumpuser2_hyperup upcalls2 = {
	.hup_threadexit = free,
	.hup_unschedule = up2_unschedule,
	.hup_schedule = up2_schedule,
};

/* ── Life ──────────────────────────────────────────────────────────────────────────────── */

void
kernel_boot(int ncpu)
{

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (rumpuser_init(RUMPUSER_VERSION, rumpuser2_hyperup(&upcalls)) != 0)
		broken("rumpuser_init failed");
	if (rumpuser2_init(RUMPUSER2_VERSION, &upcalls2) != 0)
		broken("rumpuser2_init failed");
	memset(&kernel, 0, sizeof(kernel));
	rumpuser_mutex_init(&kernel.mtx, RUMPUSER_MTX_SPIN);
	rumpuser_cv_init(&kernel.cv);
	kernel.ncpu = kernel.nfree = ncpu;
	kernel.first.l_cpu = -1;
	rumpuser2_self();
	rumpuser2_thread()->rt_curlwp = &kernel.first;
	kernel_enter();
}

void
kernel_halt(void)
{

	kernel_leave();
	rumpuser2_fini();
	rumpuser2_thread()->rt_curlwp = NULL;
	rumpuser2_self_put();
	if (kernel.nfree != kernel.ncpu)
		broken("a virtual CPU was not given back");
	rumpuser_cv_destroy(kernel.cv);
	rumpuser_mutex_destroy(kernel.mtx);
}

const struct rumpuser_hyperup *
kernel_upcalls(void)
{

	return rumpuser2_hyperup(&upcalls);
}

bool
kernel_v17(void)
{

	return CONTRACT_HOST[0] == 'v';
}

bool
kernel_fibers(void)
{

	return strstr(CONTRACT_HOST, "fiber") != NULL;
}

void
kernel_enter(void)
{

	up_schedule();
}

void
kernel_leave(void)
{

	up_unschedule();
}

void
kernel_pause(void)
{
	struct lwp *l = kernel_lwp();
	bool inside = l != NULL && l->l_cpu != -1;

	if (inside)
		kernel_leave();
	rumpuser2_park(rumpuser2_clock() + NS_PER_MS / 10);
	if (inside)
		kernel_enter();
}

bool
kernel_wait(const int *flag)
{
	int64_t end = rumpuser2_clock() + SECONDS(10);

	while (!flag_get(flag) && rumpuser2_clock() < end)
		kernel_pause();
	return flag_get(flag) != 0;
}

/* ── Threads ───────────────────────────────────────────────────────────────────────────── */

static void *
runner_main(void *arg)
{
	struct runner *r = arg;

	r->r_tid = (int)syscall(SYS_gettid);
	rumpuser2_self();
	rumpuser2_thread()->rt_curlwp = &r->r_lwp;
	kernel_enter();
	flag_set(&r->r_started, 1);
	r->r_fun(r->r_arg);
	kernel_leave();
	rumpuser2_thread()->rt_curlwp = NULL;
	flag_set(&r->r_done, 1);
	rumpuser2_self_put();
	rumpuser_thread_exit();
}

void
runner_start(struct runner *r, void (*fun)(void *), void *arg)
{

	*r = (struct runner){ .r_fun = fun, .r_arg = arg, .r_lwp.l_cpu = -1 };
	if (rumpuser_thread_create(runner_main, r, "runner", 1, 0, -1, &r->r_cookie) != 0)
		broken("rumpuser_thread_create failed");
}

/* Whether the host says that the thread sleeps. */
static bool
asleep(int tid)
{
	char path[64], line[256], *p;
	bool sleeps = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	if (fgets(line, sizeof(line), f) != NULL && (p = strrchr(line, ')')) != NULL)
		sleeps = p[2] == 'S';
	fclose(f);
	return sleeps;
}

/*
 * On fibers, one that has started and is not done when others run is blocked. Real threads are asked for
 * several times: a lock of the C library might be what it slept on the first time.
 */
bool
runner_blocked(struct runner *r)
{
	int64_t end = rumpuser2_clock() + SECONDS(10);
	int seen = 0;

	if (!kernel_wait(&r->r_started))
		return false;
	while (rumpuser2_clock() < end && !flag_get(&r->r_done)) {
		if (kernel_fibers() || asleep(r->r_tid))
			seen++;
		else
			seen = 0;
		if (seen == 5)
			return true;
		kernel_pause();
	}
	return false;
}

void
runner_join(struct runner *r)
{
	int error = rumpuser_thread_join(r->r_cookie);

	if (error != 0)
		broken("rumpuser_thread_join failed");
}
