/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel half of mix.c: what goes on beside the files. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/callout.h>
#include <sys/cpu.h>
#include <sys/intr.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/workqueue.h>

#include "kern_test.h"

static kmutex_t mtx;
static u_int jobs_done, soft_runs, ticks;	/* mtx */
static volatile u_int asked[MAXCPUS];
static void *net, *serial;
static struct workqueue *wq;
static callout_t co;

/* One level hands on to another. */
static void
serial_handler(void *arg)
{

	softint_schedule(net);
}

static void
net_handler(void *arg)
{

	mutex_enter(&mtx);
	soft_runs++;
	mutex_exit(&mtx);
}

struct job {
	struct work	j_work;
};

static void
job_run(struct work *wk, void *arg)
{

	mutex_enter(&mtx);
	jobs_done++;
	mutex_exit(&mtx);
	kmem_free(wk, sizeof(struct job));
}

static void
again(void *arg)
{

	mutex_enter(&mtx);
	ticks++;
	mutex_exit(&mtx);
	softint_schedule(serial);
	callout_schedule(&co, 1);
}

void
rumptest_mix_start(void)
{

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_SOFTNET);
	net = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, net_handler, NULL);
	serial = softint_establish(SOFTINT_SERIAL | SOFTINT_MPSAFE,
	    serial_handler, NULL);
	if (workqueue_create(&wq, "mix", job_run, NULL, PRI_NONE, IPL_SOFTNET,
	    WQ_MPSAFE) != 0)
		panic("workqueue_create");
	callout_init(&co, CALLOUT_MPSAFE);
	callout_setfunc(&co, again, NULL);
	callout_schedule(&co, 1);
}

/* A job for the queue, and now and then soft interrupts. */
void
rumptest_mix_work(void)
{
	struct job *j = kmem_alloc(sizeof(*j), KM_SLEEP);
	u_int n = atomic_inc_uint_nv(&asked[cpu_index(curcpu())]);

	workqueue_enqueue(wq, &j->j_work, NULL);
	if (n % 3 == 0)
		softint_schedule(serial);
	if (n % 20 == 0)
		kpause("mix", false, 1, NULL);
}

/* How much of it is lost: jobs, of so many, and all the ticks, or runs. */
int
rumptest_mix_stop(int jobs)
{
	int lost;

	callout_halt(&co, NULL);
	callout_destroy(&co);
	softint_disestablish(serial);
	softint_disestablish(net);
	workqueue_destroy(wq);
	mutex_enter(&mtx);
	lost = jobs - (int)jobs_done + (ticks == 0) + (soft_runs == 0);
	mutex_exit(&mtx);
	mutex_destroy(&mtx);
	return lost;
}
