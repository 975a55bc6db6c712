/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a driver puts off.
 *
 *   config_defer            until its parent's attachment is complete
 *   config_interrupts       until devices may interrupt: after the components of
 *                           type DEV are started
 *   config_mountroot        until there is a root file system; never without vfs
 *   config_finalize_register  until all devices are found; again, until it returns 0
 *   config_pending_incr, _decr  boot waits for the device meanwhile
 *
 * One queue of each; an entry leaves it before it is called, so it is called once
 * at most; but a finalizer stays, and is called once in each round.  Calls are made
 * from the boot thread or whoever attaches, with the kernel lock.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kmem.h>

struct deferred {
	TAILQ_ENTRY(deferred) de_entry;
	device_t	de_dev;
	void		(*de_func)(device_t);
	int		(*de_finalize)(device_t);
	u_int		de_round;	/* it was called in */
};
TAILQ_HEAD(queue, deferred);

static struct queue for_parent = TAILQ_HEAD_INITIALIZER(for_parent);
static struct queue for_interrupts = TAILQ_HEAD_INITIALIZER(for_interrupts);
static struct queue for_root = TAILQ_HEAD_INITIALIZER(for_root);
static struct queue for_end = TAILQ_HEAD_INITIALIZER(for_end);

static bool interrupts_work;		/* config_lock, all of these */
static bool finalized;
static u_int pending;

bool root_is_mounted;			/* config_lock */

/* Put an entry in a queue, unless the time for it has come: *over. */
static bool
put(struct queue *q, const bool *over, device_t dev, void (*func)(device_t),
    int (*finalize)(device_t))
{
	struct deferred *de = kmem_zalloc(sizeof(*de), KM_SLEEP);
	bool late;

	de->de_dev = dev;
	de->de_func = func;
	de->de_finalize = finalize;
	mutex_enter(&config_lock);
	late = over != NULL && *over;
	if (!late)
		TAILQ_INSERT_TAIL(q, de, de_entry);
	mutex_exit(&config_lock);
	if (late)
		kmem_free(de, sizeof(*de));
	return !late;
}

static void
set(bool *over)
{

	mutex_enter(&config_lock);
	*over = true;
	mutex_exit(&config_lock);
}

static void
call(device_t dev, void (*func)(device_t))
{

	KERNEL_LOCK(1, NULL);
	(*func)(dev);
	KERNEL_UNLOCK_ONE(NULL);
}

/* Take the first entry for which ready says yes, and call it; false: none. */
static bool
run_one(struct queue *q, bool (*ready)(const struct deferred *, device_t),
    device_t dev)
{
	struct deferred *de;

	mutex_enter(&config_lock);
	TAILQ_FOREACH(de, q, de_entry)
		if (ready == NULL || (*ready)(de, dev))
			break;
	if (de != NULL)
		TAILQ_REMOVE(q, de, de_entry);
	mutex_exit(&config_lock);
	if (de == NULL)
		return false;
	call(de->de_dev, de->de_func);
	kmem_free(de, sizeof(*de));
	return true;
}

/* Is nobody waited for any more?  Parents are looked at when they are done. */
static bool
parent_is_done(const struct deferred *de, device_t done)
{
	device_t parent = de->de_dev->dv_parent;

	return parent == done || (de->de_dev == done && (parent == NULL ||
	    (parent->dv_flags & DVF_ATTACH_INPROGRESS) == 0));
}

/* Call func when dev's parent is attached, with all that it found. */
void
config_defer(device_t dev, void (*func)(device_t))
{

	(void)put(&for_parent, NULL, dev, func, NULL);
}

/* dev's attachment is complete. */
void
config_deferred(device_t dev)
{

	while (run_one(&for_parent, parent_is_done, dev))
		continue;
}

/* Call func when interrupts work, which may be now. */
void
config_interrupts(device_t dev, void (*func)(device_t))
{

	if (!put(&for_interrupts, &interrupts_work, dev, func, NULL))
		call(dev, func);
}

void
config_interrupts_start(void)
{

	set(&interrupts_work);
	while (run_one(&for_interrupts, NULL, NULL))
		continue;
}

/* Call func when there is a root file system, which may be now. */
void
config_mountroot(device_t dev, void (*func)(device_t))
{

	if (!put(&for_root, &root_is_mounted, dev, func, NULL))
		call(dev, func);
}

void
config_mountroot_start(void)
{

	set(&root_is_mounted);
	while (run_one(&for_root, NULL, NULL))
		continue;
}

/*
 * Call func when all devices are found, until it returns 0: it found nothing
 * more.  Returns 0.
 */
int
config_finalize_register(device_t dev, int (*func)(device_t))
{

	if (put(&for_end, &finalized, dev, NULL, func))
		return 0;
	KERNEL_LOCK(1, NULL);
	while ((*func)(dev) != 0)
		continue;
	KERNEL_UNLOCK_ONE(NULL);
	return 0;
}

/*
 * Call a finalizer that was not called in this round; false: there is none.  It may
 * detach devices, its own too, whose entries go.
 */
static bool
finalize_one(u_int round, bool *more)
{
	int (*func)(device_t) = NULL;
	struct deferred *de;
	device_t dev = NULL;

	mutex_enter(&config_lock);
	TAILQ_FOREACH(de, &for_end, de_entry)
		if (de->de_round != round)
			break;
	if (de != NULL) {
		de->de_round = round;
		func = de->de_finalize;
		dev = de->de_dev;
	}
	mutex_exit(&config_lock);
	if (func == NULL)
		return false;
	KERNEL_LOCK(1, NULL);
	*more |= (*func)(dev) != 0;
	KERNEL_UNLOCK_ONE(NULL);
	return true;
}

void
config_finalize(void)
{
	struct deferred *de;
	u_int round = 0;
	bool more;

	do {
		more = false;
		round++;
		while (finalize_one(round, &more))
			continue;
	} while (more);
	mutex_enter(&config_lock);
	finalized = true;
	while ((de = TAILQ_FIRST(&for_end)) != NULL) {
		TAILQ_REMOVE(&for_end, de, de_entry);
		kmem_free(de, sizeof(*de));
	}
	mutex_exit(&config_lock);
	config_pending_wait();
}

/* A device goes: nothing that it put off is called. */
void
config_deferred_forget(device_t dev)
{
	struct queue *const queues[] = { &for_parent, &for_interrupts,
	    &for_root, &for_end };
	struct deferred *de, *next;
	u_int i;

	mutex_enter(&config_lock);
	for (i = 0; i < __arraycount(queues); i++) {
		TAILQ_FOREACH_SAFE(de, queues[i], de_entry, next) {
			if (de->de_dev != dev)
				continue;
			TAILQ_REMOVE(queues[i], de, de_entry);
			kmem_free(de, sizeof(*de));
		}
	}
	pending -= dev->dv_pending;
	dev->dv_pending = 0;
	cv_broadcast(&config_cv);
	mutex_exit(&config_lock);
}

void
config_pending_incr(device_t dev)
{

	mutex_enter(&config_lock);
	dev->dv_pending++;
	pending++;
	mutex_exit(&config_lock);
}

void
config_pending_decr(device_t dev)
{

	mutex_enter(&config_lock);
	KASSERT(dev->dv_pending > 0 && pending > 0);
	dev->dv_pending--;
	if (--pending == 0)
		cv_broadcast(&config_cv);
	mutex_exit(&config_lock);
}

void
config_pending_wait(void)
{

	mutex_enter(&config_lock);
	while (pending != 0)
		cv_wait(&config_cv, &config_lock);
	mutex_exit(&config_lock);
}
