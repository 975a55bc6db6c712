/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel threads, kthread(9).
 *
 * Each is an lwp of proc0 and a host thread.  A thread is joined in any case,
 * so that a halt can wait until none is left: by kthread_join if it was made
 * with KTHREAD_MUSTJOIN, else by the next thread that is created, or by the
 * halt.
 *
 * While the kernel halts, a thread that sleeps, or would, ends there and
 * then (kthread_leave).  Its stack is not unwound: what it had is given
 * back with all other memory.  kthread_stop_all wakes those that sleep.
 *
 * With RUMP_THREADS=0 no thread starts (rump_threads, boot.c): it is as if the
 * host had none.  What is then not there: callouts, work queues, thread pools,
 * the syncer.  Soft interrupts run when a thread leaves the kernel.
 */
#include "kthread.h"

#include <sys/condvar.h>
#include <sys/cpu.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/lockdebug.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>
#include <rump/rumpuser.h>

#include "lwp.h"
#include "sched.h"
#include "softint.h"

enum kthread_state { PREPARED, LAUNCHED, EXITED };

struct kthread {
	struct lwp	*kt_lwp;
	void		(*kt_func)(void *);
	void		*kt_arg;
	int		kt_flags;
	char		kt_name[MAXCOMLEN + 1];
	void		*kt_cookie;	/* of the host */
	volatile int	kt_state;	/* LAUNCHED by the launcher; else lock */
	LIST_ENTRY(kthread) kt_list;	/* lock */
};

static kmutex_t lock;
static kcondvar_t exited;
static LIST_HEAD(, kthread) threads;

volatile bool kern_halting;

void
kthread_init(void)
{

	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&exited, "kthrjoin");
	LIST_INIT(&threads);
}

void
kthread_sysinit(void)
{
}

/* The thread's first function, on the host's stack. */
static void *
kthread_main(void *arg)
{
	struct kthread *kt = arg;
	struct lwp *l = kt->kt_lwp;

	/* A halt that does not see l_thread is seen below. */
	__atomic_store_n(&l->l_thread, rumpuser2_self(), __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	rump_thread_self()->rt_curlwp = l;
	sched_enter(l);
	if (kthread_must_leave(l)) {
		sched_leave(l);
		kthread_leave(l);
	}
	cputime_start(l);
	l->l_stat = LSONPROC;
	if ((kt->kt_flags & KTHREAD_MPSAFE) == 0)
		KERNEL_LOCK(1, l);
	(*kt->kt_func)(kt->kt_arg);
	kthread_exit(0);
}

struct lwp *
kthread_prepare(pri_t pri, int flags, struct cpu_info *ci,
    void (*func)(void *), void *arg, const char *name)
{
	struct kthread *kt = kmem_zalloc(sizeof(*kt), KM_SLEEP);
	struct lwp *l = lwp_get();

	if (l == NULL) {
		kmem_free(kt, sizeof(*kt));
		return NULL;
	}
	kt->kt_lwp = l;
	kt->kt_func = func;
	kt->kt_arg = arg;
	kt->kt_flags = flags;
	strlcpy(kt->kt_name, name, sizeof(kt->kt_name));
	lwp_setup(l, &proc0);
	l->l_flag |= LW_SYSTEM;
	l->l_kthread = kt;
	l->l_name = kt->kt_name;
	l->l_priority = pri == PRI_NONE ? PRI_KTHREAD : pri;
	l->l_stat = LSIDL;
	if (ci != NULL) {
		l->l_cpu = ci;
		l->l_pflag |= (int)LP_BOUND;
	}
	if ((flags & KTHREAD_INTR) != 0)
		l->l_pflag |= LP_INTR;
	lwp_join(l, &proc0);
	mutex_enter(&lock);
	LIST_INSERT_HEAD(&threads, kt, kt_list);
	mutex_exit(&lock);
	return l;
}

/* It is off the list, and its host thread is gone or never was. */
static void
kthread_free(struct kthread *kt)
{
	struct lwp *l = kt->kt_lwp;

	(void)lwp_part(l);
	sched_detach(l);
	lwp_put(l);
	kmem_free(kt, sizeof(*kt));
}

void
kthread_discard(struct lwp *l)
{
	struct kthread *kt = l->l_kthread;

	mutex_enter(&lock);
	LIST_REMOVE(kt, kt_list);
	mutex_exit(&lock);
	kthread_free(kt);
}

/* The thread must not be able to exit before it counts as launched. */
int
kthread_launch(struct lwp *l)
{
	struct kthread *kt = l->l_kthread;
	bool bound = (l->l_pflag & (int)LP_BOUND) != 0;
	int error;

	KASSERT(kt->kt_state == PREPARED);
	if (!rump_threads)
		return EAGAIN;
	__atomic_store_n(&kt->kt_state, LAUNCHED, __ATOMIC_RELEASE);
	error = rumpuser_thread_create(kthread_main, kt, kt->kt_name, 1,
	    l->l_priority, bound ? (int)cpu_index(l->l_cpu) : -1,
	    &kt->kt_cookie);
	if (error != 0)
		kt->kt_state = PREPARED;
	return error;
}

/* Join what has ended and nobody else joins. */
static void
reap(void)
{
	struct kthread *kt;

	mutex_enter(&lock);
	for (;;) {
		LIST_FOREACH(kt, &threads, kt_list) {
			if (kt->kt_state == EXITED &&
			    (kt->kt_flags & KTHREAD_MUSTJOIN) == 0)
				break;
		}
		if (kt == NULL)
			break;
		LIST_REMOVE(kt, kt_list);
		mutex_exit(&lock);
		(void)rumpuser_thread_join(kt->kt_cookie);
		kthread_free(kt);
		mutex_enter(&lock);
	}
	mutex_exit(&lock);
}

int
kthread_create(pri_t pri, int flags, struct cpu_info *ci,
    void (*func)(void *), void *arg, struct lwp **lp, const char *fmt, ...)
{
	char name[MAXCOMLEN + 1];
	struct lwp *l;
	va_list ap;
	int error;

	reap();
	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	l = kthread_prepare(pri, flags, ci, func, arg, name);
	if (l == NULL)
		return ENOMEM;
	error = kthread_launch(l);
	if (error != 0) {
		kthread_discard(l);
		return error;
	}
	if (lp != NULL)
		*lp = l;
	return 0;
}

void
kthread_exit(int code)
{
	struct lwp *l = curlwp;
	struct kthread *kt = l->l_kthread;

	KASSERTMSG(kt != NULL, "kthread_exit by a thread of the program");
	KERNEL_UNLOCK_ALL(l, NULL);
	LOCKDEBUG_BARRIER(NULL, 0);
	mutex_enter(&lock);
	kt->kt_state = EXITED;
	cv_broadcast(&exited);
	mutex_exit(&lock);
	softint_kick(l->l_cpu);
	cputime_stop(l);
	rump_thread_self()->rt_curlwp = NULL;
	sched_leave(l);
	rumpuser2_self_put();
	rumpuser_thread_exit();
}

int
kthread_join(struct lwp *l)
{
	struct kthread *kt = l->l_kthread;

	KASSERT((kt->kt_flags & KTHREAD_MUSTJOIN) != 0);
	mutex_enter(&lock);
	while (kt->kt_state != EXITED)
		cv_wait(&exited, &lock);
	LIST_REMOVE(kt, kt_list);
	mutex_exit(&lock);
	(void)rumpuser_thread_join(kt->kt_cookie);
	kthread_free(kt);
	return 0;
}

/*
 * Halt.
 */

/* Only a thread that has begun can be asleep. */
static void
kthread_rouse(struct kthread *kt)
{
	void *thread = __atomic_load_n(&kt->kt_lwp->l_thread,
	    __ATOMIC_SEQ_CST);

	if (thread != NULL)
		rumpuser2_unpark(thread);
}

/* A thread that was launched, taken off the list. */
static struct kthread *
take_launched(void)
{
	struct kthread *kt;

	mutex_enter(&lock);
	LIST_FOREACH(kt, &threads, kt_list) {
		if (__atomic_load_n(&kt->kt_state, __ATOMIC_ACQUIRE) !=
		    PREPARED) {
			LIST_REMOVE(kt, kt_list);
			break;
		}
	}
	mutex_exit(&lock);
	return kt;
}

/*
 * Threads that leave keep what they hold: from here on the caller takes no
 * lock but this file's, which nobody sleeps with.
 */
void
kthread_stop_all(void)
{
	struct kthread *kt;

	__atomic_store_n(&kern_halting, true, __ATOMIC_SEQ_CST);
	mutex_enter(&lock);
	LIST_FOREACH(kt, &threads, kt_list)
		kthread_rouse(kt);
	mutex_exit(&lock);
	while ((kt = take_launched()) != NULL) {
		kthread_rouse(kt);
		(void)rumpuser_thread_join(kt->kt_cookie);
	}
}

void
kthread_leave(struct lwp *l)
{

	rump_thread_self()->rt_curlwp = NULL;
	rumpuser2_self_put();
	rumpuser_thread_exit();
}
