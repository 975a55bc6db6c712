/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sleeping of old: on an address that stands for an event.
 *
 *   tsleep, mtsleep, wakeup   all sleepers of an address wake together
 *   kpause                    sleep for a time; nobody wakes it but a signal
 *
 * The kernel lock is what makes "test, then tsleep" safe in code that uses it:
 * tsleep stands in the queue before it gives the lock up.
 */
#include <sys/proc.h>

#include <sys/kernel.h>
#include <sys/lockdebug.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "sleepq.h"

kcondvar_t lbolt;

static int
sleep_on(wchan_t obj, const char *wmesg, int64_t deadline, bool intr,
    kmutex_t *mtx, bool relock)
{
	struct sleepq *sq = sleepq_lookup(obj);
	int error;

	LOCKDEBUG_BARRIER(mtx, 1);
	parklock_enter(&sq->sq_lock);
	sleepq_enqueue(&sq->sq_first, curlwp, obj, wmesg);
	parklock_exit(&sq->sq_lock);
	if (mtx != NULL)
		mutex_exit(mtx);
	error = sleepq_block(sq, deadline, intr);
	if (mtx != NULL && relock)
		mutex_enter(mtx);
	return error;
}

int
tsleep(wchan_t obj, pri_t pri, const char *wmesg, int ticks)
{

	return sleep_on(obj, wmesg, sleepq_deadline(ticks),
	    (pri & PCATCH) != 0, NULL, false);
}

int
mtsleep(wchan_t obj, pri_t pri, const char *wmesg, int ticks, kmutex_t *mtx)
{

	return sleep_on(obj, wmesg, sleepq_deadline(ticks),
	    (pri & PCATCH) != 0, mtx, (pri & PNORELOCK) == 0);
}

void
wakeup(wchan_t obj)
{
	struct wakelist wl = { .wl_count = 0 };
	struct sleepq *sq = sleepq_lookup(obj);
	struct lwp *l;

	parklock_enter(&sq->sq_lock);
	while ((l = sleepq_next(&sq->sq_first, NULL, obj)) != NULL)
		wakelist_add(&wl, sleepq_dequeue(l));
	parklock_exit(&sq->sq_lock);
	wakelist_run(&wl);
}

int
kpause(const char *wmesg, bool intr, int ticks, kmutex_t *mtx)
{

	KASSERT(ticks != 0 || intr);
	return sleep_on(curlwp, wmesg, sleepq_deadline(ticks), intr, mtx,
	    true);
}
