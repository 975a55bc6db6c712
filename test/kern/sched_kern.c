/* SPDX-License-Identifier: BSD-2-Clause */
/* What sched.c and halt.c look at from inside the kernel. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/callout.h>
#include <sys/cpu.h>
#include <sys/intr.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>
#include "../../hypercall/rump/rumpuser.h"

#include "kern_test.h"

static volatile u_int inside[MAXCPUS];

/* 0 if the caller is alone on its CPU. */
int
rumptest_cpu_claim(void)
{
	u_int i = cpu_index(curcpu()), j;
	int bad;

	bad = atomic_inc_uint_nv(&inside[i]) != 1;
	for (j = 0; j < 20; j++)
		bad |= inside[i] != 1;
	atomic_dec_uint(&inside[i]);
	return bad;
}

void
rumptest_pause(void)
{

	kpause("test", false, 1, NULL);
}

/* Stay inside until so many have arrived, giving way when asked to. */
void
rumptest_hog(volatile int *arrived, int enough)
{

	while (atomic_load_relaxed(arrived) < enough)
		preempt_point();
}

/* Stay inside until none are left, asleep for most of the time. */
void
rumptest_stay(volatile int *left)
{

	while (atomic_load_acquire(left) != 0)
		kpause("stay", false, 1, NULL);
}

int
rumptest_pid(void)
{

	return curproc->p_pid;
}

int
rumptest_nprocs(void)
{

	return (int)nprocs;
}

int
rumptest_nlwps(void)
{
	struct lwp *l;
	int n = 0;

	mutex_enter(&proc_lock);
	LIST_FOREACH(l, &alllwp, l_list)
		n++;
	mutex_exit(&proc_lock);
	return n;
}

/*
 * A kernel that is halted in the middle of its work.
 */

static int static_data = 42, static_bss;
static kmutex_t mtx;
static kcondvar_t cv;
static callout_t co;

static void
sleeper(void *arg)
{

	mutex_enter(&mtx);
	for (;;)
		cv_wait(&cv, &mtx);
}

/* Sleeps with a mutex that others wait for. */
static void
holder(void *arg)
{

	mutex_enter(&mtx);
	kpause("holder", false, 1000 * hz, NULL);
	mutex_exit(&mtx);
}

static void
worker(void *arg)
{

	for (;;) {
		kmem_free(kmem_alloc(100, KM_SLEEP), 100);
		yield();
	}
}

static void
tick_again(void *arg)
{

	static_bss++;
	callout_schedule(&co, 1);
}

/* Returns 0 if all data was as after the program's start. */
int
rumptest_dirty(void)
{
	int bad = static_data != 42 || static_bss != 0;
	int i;

	static_data++;
	static_bss++;
	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "test");
	callout_init(&co, 0);
	callout_setfunc(&co, tick_again, NULL);
	callout_schedule(&co, 1);
	for (i = 0; i < 2; i++) {
		kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, sleeper, NULL,
		    NULL, "sleeper");
		kthread_create(PRI_NONE, 0, NULL, holder, NULL, NULL,
		    "holder");
		kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, worker, NULL,
		    NULL, "worker");
		(void)kmem_alloc(5000, KM_SLEEP);
	}
	kpause("test", false, 2, NULL);
	return bad;
}

static void
spin(void *arg)
{

	for (;;)
		preempt_point();
}

void
rumptest_spinner(void)
{

	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, spin, NULL, NULL,
	    "spinner") != 0)
		panic("kthread_create");
}

/*
 * The end of a transfer, on the library's thread, finds the mutex held; it is
 * for some time after this returns.
 */

static volatile bool kept, wanted;

static void
keep(void *arg)
{

	mutex_enter(&mtx);
	atomic_store_release(&kept, true);
	kpause("keep", false, 4, NULL);
	mutex_exit(&mtx);
}

static void
transferred(void *arg, size_t bytes, int error)
{

	atomic_store_release(&wanted, true);
	mutex_enter(&mtx);
	mutex_exit(&mtx);
}

void
rumptest_keep(void)
{
	static char buf[512];
	struct rumpuser_iovec iov = { buf, sizeof(buf) };
	int fd;

	mutex_init(&mtx, MUTEX_DEFAULT, IPL_NONE);
	if (rumpuser_open("/proc/self/exe", RUMPUSER_OPEN_RDONLY |
	    RUMPUSER_OPEN_BIO, &fd) != 0)
		panic("rumpuser_open");
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, keep, NULL, NULL,
	    "keeper") != 0)
		panic("kthread_create");
	while (!atomic_load_acquire(&kept))
		yield();
	if (rumpuser2_biov(fd, RUMPUSER_BIO_READ, &iov, 1, 0, transferred,
	    NULL) != 0)
		panic("rumpuser2_biov");
	while (!atomic_load_acquire(&wanted))
		yield();
	(void)rumpuser_close(fd);
}

/* What works and what does not with RUMP_THREADS=0. */

static volatile u_int soft_ran;

static void
soft(void *arg)
{

	atomic_inc_uint(&soft_ran);
}

int
rumptest_no_threads(void)
{
	void *si = softint_establish(SOFTINT_NET | SOFTINT_MPSAFE, soft, NULL);
	struct lwp *l;
	int bad;

	bad = rump_threads != 0;
	bad += kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, spin, NULL, &l,
	    "none") != EAGAIN;
	softint_schedule(si);
	kpause("time", false, 2, NULL);
	return bad;
}

int
rumptest_no_threads_ran(void)
{

	return (int)soft_ran;
}
