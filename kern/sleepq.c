/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sleep queues.
 *
 * A sleeping lwp holds no CPU: it puts itself on a list under the queue's
 * lock, gives the CPU up, and parks its host thread until l_sleepstate says
 * that it was taken off the list.  Who takes it off stores that last, under
 * the lock; from then on the lwp may run, and end.
 *
 * Here also ends what a kernel thread can do while the kernel halts: one that
 * sleeps, or would, leaves for good (kthread.h).
 */
#include "sleepq.h"

#include <sys/kernel.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "biglock.h"
#include "kthread.h"
#include "sched.h"
#include "softint.h"

/* l_sleepstate */
enum { AWAKE, ASLEEP };

struct sleepq sleepq_table[1 << SLEEPQ_BITS];

static void
link_before(struct lwp **head, struct lwp *l)
{
	struct lwp *first = *head;

	if (first == NULL) {
		l->l_sleepnext = l->l_sleepprev = l;
		return;
	}
	l->l_sleepnext = first;
	l->l_sleepprev = first->l_sleepprev;
	first->l_sleepprev->l_sleepnext = l;
	first->l_sleepprev = l;
}

void
sleepq_enqueue(struct lwp **head, struct lwp *l, const volatile void *obj,
    const char *wmesg)
{

	KASSERT(l->l_wchan == NULL);
	link_before(head, l);
	if (*head == NULL)
		__atomic_store_n(head, l, __ATOMIC_RELAXED);
	l->l_sleephead = head;
	__atomic_store_n(&l->l_wchan, obj, __ATOMIC_RELAXED);
	l->l_wmesg = wmesg;
	__atomic_store_n(&l->l_sleepstate, ASLEEP, __ATOMIC_RELAXED);
}

void
sleepq_enqueue_first(struct lwp **head, struct lwp *l,
    const volatile void *obj, const char *wmesg)
{

	sleepq_enqueue(head, l, obj, wmesg);
	__atomic_store_n(head, l, __ATOMIC_RELAXED);
}

struct lwp *
sleepq_next(struct lwp **head, struct lwp *from, const volatile void *obj)
{
	struct lwp *l;

	if (from == NULL) {
		l = *head;
		if (l == NULL || l->l_wchan == obj)
			return l;
		from = l;
	}
	for (l = from->l_sleepnext; l != *head; l = l->l_sleepnext) {
		if (l->l_wchan == obj)
			return l;
	}
	return NULL;
}

static void
unlink_lwp(struct lwp *l)
{
	struct lwp **head = l->l_sleephead;

	if (l->l_sleepnext == l) {
		__atomic_store_n(head, NULL, __ATOMIC_RELAXED);
	} else {
		l->l_sleepnext->l_sleepprev = l->l_sleepprev;
		l->l_sleepprev->l_sleepnext = l->l_sleepnext;
		if (*head == l)
			__atomic_store_n(head, l->l_sleepnext,
			    __ATOMIC_RELAXED);
	}
	__atomic_store_n(&l->l_wchan, NULL, __ATOMIC_RELAXED);
	l->l_wmesg = NULL;
}

void *
sleepq_dequeue(struct lwp *l)
{
	void *thread = l->l_thread;

	unlink_lwp(l);
	__atomic_store_n(&l->l_sleepstate, AWAKE, __ATOMIC_RELEASE);
	return thread;
}

void
wakelist_add(struct wakelist *wl, void *thread)
{

	if (wl->wl_count == __arraycount(wl->wl_thread))
		wakelist_run(wl);
	wl->wl_thread[wl->wl_count++] = thread;
}

void
wakelist_run(struct wakelist *wl)
{
	u_int i;

	for (i = 0; i < wl->wl_count; i++)
		rumpuser2_unpark(wl->wl_thread[i]);
	wl->wl_count = 0;
}

/* Leave the list if nobody took the lwp off it meanwhile. */
static bool
give_up(struct sleepq *sq, struct lwp *l)
{
	bool there;

	parklock_enter(&sq->sq_lock);
	there = l->l_sleepstate == ASLEEP;
	if (there)
		(void)sleepq_dequeue(l);
	parklock_exit(&sq->sq_lock);
	return there;
}

static int
park_until_awake(struct sleepq *sq, struct lwp *l, int64_t deadline, bool intr)
{

	while (__atomic_load_n(&l->l_sleepstate, __ATOMIC_ACQUIRE) == ASLEEP) {
		/* One who is awake may have been handed a lock: it goes on. */
		if (kthread_must_leave(l) && give_up(sq, l))
			kthread_leave(l);
		if (intr && __atomic_load_n(&l->l_interrupted,
		    __ATOMIC_RELAXED) != 0) {
			if (give_up(sq, l))
				return EINTR;
		} else if (rumpuser2_park(deadline) != 0) {
			if (give_up(sq, l))
				return EWOULDBLOCK;
		}
	}
	return 0;
}

int
sleepq_block(struct sleepq *sq, int64_t deadline, bool intr)
{
	struct lwp *l = curlwp, *holder = sched_holder(l);
	int error, nlocks = 0;

	KASSERTMSG(l->l_nopreempt == 0, "sleeping with preemption off");
	KASSERTMSG(l->l_cpu->ci_data.cpu_psz_read_depth == 0,
	    "sleeping in a read section");
	if (__predict_false(l->l_biglocks != 0))
		rump_kernel_bigwrap(&nlocks);
	softint_kick(l->l_cpu);
	l->l_stat = LSSLEEP;
	sched_away(holder);
	sched_leave(holder);

	error = park_until_awake(sq, l, deadline, intr);

	if (l != holder) {
		if (!sched_enter_biased(holder))
			sched_enter_slow(holder, true);
	} else
		sched_enter(l);
	sched_back(holder);
	l->l_stat = LSONPROC;
	l->l_ncsw++;
	if (__predict_false(nlocks != 0))
		rump_kernel_bigunwrap(nlocks);
	return error;
}

void
sleepq_interrupt(struct lwp *l)
{

	__atomic_store_n(&l->l_interrupted, 1, __ATOMIC_RELAXED);
	rumpuser2_unpark(l->l_thread);
}

int64_t
sleepq_deadline(int ticks)
{

	return ticks <= 0 ? INT64_MAX :
	    rumpuser2_clock() + (int64_t)ticks * (1000000000 / hz);
}
