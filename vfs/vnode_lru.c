/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which unused vnodes stay in memory, and the thread that ends the others.
 *
 *   vlru_put               a vnode became unused (or: its last reference is to
 *                          be dropped by the thread)
 *   vlru_kick              see that the thread runs
 *   vlru_alloc_throttle    a vnode is about to be allocated
 *   vrele_flush            drop deferred references of a suspended mount now
 *
 * There are three queues in order of use: vnodes with nothing attached, vnodes
 * with pages or buffers, and vnodes whose last reference somebody dropped who
 * could not wait for the vnode lock.  The third queue owns that reference.
 *
 * Vnodes are not taken off a queue when they are used again, so that a
 * reference costs no lock here; the thread drops them from the queue when it
 * meets them, and the last release puts them back.  A vnode that was queued
 * less than a second ago is not moved, so a vnode that is used all the time
 * does not touch the queue's lock either.
 *
 * The thread is created when there are more than desiredvnodes vnodes for the
 * first time, or memory is short.  It ends old ones until a sixteenth is free
 * again.  Only if allocation is faster than that do allocators wait, and never
 * for long: what they hold may be what the thread needs.
 *
 * Locks: v_interlock, then vlru.lock; vi_lrulisthd is changed with both held,
 * so either is enough to read it.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/fstrans.h>
#include <sys/kernel.h>
#include <sys/kthread.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/systm.h>

#include <rump-private/memory.h>

#include "mount_impl.h"
#include "vnode_life.h"

static struct mem_reclaimer vnodes;

int desiredvnodes;
unsigned int numvnodes;

static struct {
	kmutex_t	lock;
	vnodelst_t	queue[3];	/* by enum vnode_lru */
	kcondvar_t	work;		/* the thread sleeps here */
	kcondvar_t	freed;		/* allocators that wait */
	lwp_t		*thread;
	bool		starting;	/* somebody creates the thread */
	bool		stuck;		/* deferred ones wait for a resume */
	unsigned	shed;		/* to be ended for their memory */
} vlru;

void
vlru_boot(void)
{
	int i;

	mutex_init(&vlru.lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&vlru.work, "vdrain");
	cv_init(&vlru.freed, "vnodes");
	for (i = 0; i < 3; i++)
		TAILQ_INIT(&vlru.queue[i]);
	mem_reclaimer_add(&vnodes);
}

static void
dequeue(struct vnode_impl *vip)
{

	TAILQ_REMOVE(vip->vi_lrulisthd, vip, vi_lrulist);
	vip->vi_lrulisthd = NULL;
}

static void
enqueue(struct vnode_impl *vip, enum vnode_lru which)
{

	vip->vi_lrulisthd = &vlru.queue[which];
	vip->vi_lrulisttm = getticks();
	TAILQ_INSERT_TAIL(vip->vi_lrulisthd, vip, vi_lrulist);
}

/*
 * Put a vnode at the end of a queue.
 *
 * Locks: v_interlock held.  After LRU_DEFERRED the caller releases it, then
 *        calls vlru_kick().
 */
void
vlru_put(struct vnode *vp, enum vnode_lru which)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	KASSERT(mutex_owned(vp->v_interlock));
	if (which != LRU_DEFERRED && vip->vi_lrulisthd == &vlru.queue[which] &&
	    (unsigned)(getticks() - vip->vi_lrulisttm) < (unsigned)hz)
		return;
	mutex_enter(&vlru.lock);
	if (vip->vi_lrulisthd != NULL)
		dequeue(vip);
	enqueue(vip, which);
	mutex_exit(&vlru.lock);
}

/* The vnode is to be freed.  Locks: none needed, nobody else has it. */
void
vlru_remove(struct vnode *vp)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	mutex_enter(vp->v_interlock);
	if (vip->vi_lrulisthd != NULL) {
		mutex_enter(&vlru.lock);
		if (vip->vi_lrulisthd != NULL)
			dequeue(vip);
		mutex_exit(&vlru.lock);
	}
	mutex_exit(vp->v_interlock);
}

/* ------------------------------------------------------------- the thread */

/*
 * Take the oldest deferred vnode off its queue, entering a transaction of its
 * mount.  NULL if there is none, or only of suspended mounts.
 *
 * Locks: vlru.lock held.
 */
static struct vnode *
deferred_take(struct mount **mpp)
{
	struct vnode_impl *vip;
	struct vnode *vp;

	TAILQ_FOREACH(vip, &vlru.queue[LRU_DEFERRED], vi_lrulist) {
		vp = VIMPL_TO_VNODE(vip);
		if (!mutex_tryenter(vp->v_interlock))
			continue;
		if (vnode_fstrans_trystart(vp, mpp) != 0) {
			mutex_exit(vp->v_interlock);
			continue;
		}
		dequeue(vip);
		mutex_exit(vp->v_interlock);
		return vp;
	}
	return NULL;
}

/* Drop one deferred reference; false if none can be dropped now. */
static bool
deferred_run(void)
{
	struct mount *mp;
	struct vnode *vp;

	if ((vp = deferred_take(&mp)) == NULL)
		return false;
	mutex_exit(&vlru.lock);
	vrele(vp);
	fstrans_done(mp);
	mutex_enter(&vlru.lock);
	return true;
}

/*
 * Find the oldest unused vnode of a queue and reference it, entering a
 * transaction of its mount.  Looks at so many at most.
 *
 * Locks: vlru.lock held.
 */
static struct vnode *
unused_take(enum vnode_lru which, struct mount **mpp)
{
	unsigned budget = 64;
	struct vnode_impl *vip;
	struct vnode *vp;

	while (budget-- > 0 &&
	    (vip = TAILQ_FIRST(&vlru.queue[which])) != NULL) {
		vp = VIMPL_TO_VNODE(vip);
		if (!mutex_tryenter(vp->v_interlock)) {
			/* in use this moment, so not that old */
			TAILQ_REMOVE(&vlru.queue[which], vip, vi_lrulist);
			TAILQ_INSERT_TAIL(&vlru.queue[which], vip, vi_lrulist);
			continue;
		}
		if (vrefcnt(vp) > 0 || vstate_get(vp) != VS_LOADED) {
			dequeue(vip);
			mutex_exit(vp->v_interlock);
			continue;
		}
		if (vnode_fstrans_trystart(vp, mpp) != 0) {
			dequeue(vip);
			enqueue(vip, which);
			mutex_exit(vp->v_interlock);
			continue;
		}
		dequeue(vip);
		if (vcache_tryvget(vp) != 0)
			panic("unused_take: loaded vnode %p is gated", vp);
		mutex_exit(vp->v_interlock);
		return vp;
	}
	return NULL;
}

/*
 * Write back what is dirty of a vnode that is to be ended.  False: that failed,
 * now or before, and nobody was told; it has to stay.
 */
static bool
written_back(struct vnode *vp)
{
	int error;

	if ((atomic_load_relaxed(&vp->v_iflag) & VI_ONWORKLST) == 0 &&
	    vp->v_wberror == 0)
		return true;
	/* who uses it will put it back */
	if (vn_lock(vp, LK_EXCLUSIVE | LK_NOWAIT) != 0)
		return true;
	/* its data, as far as the disk: this is no sync that anybody asked for */
	error = vflushbuf(vp, FSYNC_WAIT);
	VOP_UNLOCK(vp);
	if (error == 0)
		return true;
	mutex_enter(vp->v_interlock);
	vp->v_wberror = error;
	mutex_exit(vp->v_interlock);
	return false;
}

/* End one unused vnode; false if none can be.  vlru.lock held. */
static bool
unused_run(void)
{
	bool ended = true;
	struct mount *mp;
	struct vnode *vp;

	if ((vp = unused_take(LRU_FREE, &mp)) == NULL &&
	    (vp = unused_take(LRU_HOLD, &mp)) == NULL)
		return false;
	mutex_exit(&vlru.lock);
	if (!written_back(vp)) {
		ended = false;
		vrele(vp);
	} else if (!vrecycle(vp)) {
		vrele(vp);
	}
	fstrans_done(mp);
	mutex_enter(&vlru.lock);
	return ended;
}

static bool
over(unsigned limit)
{

	return atomic_load_relaxed(&numvnodes) > limit;
}

/* Do what is to be done; false if that is nothing.  vlru.lock held. */
static bool
drain_some(bool *draining)
{
	const unsigned want = (unsigned)desiredvnodes;

	if (!vlru.stuck && !TAILQ_EMPTY(&vlru.queue[LRU_DEFERRED])) {
		vlru.stuck = !deferred_run();
		return true;
	}
	if (vlru.shed != 0) {
		vlru.shed = unused_run() ? vlru.shed - 1 : 0;
		return true;
	}
	*draining = over(want) || (*draining && over(want - want / 16));
	if (*draining) {
		if (unused_run())
			return true;
		*draining = false;
	}
	return false;
}

static void
drain_thread(void *arg)
{
	bool draining = false;

	fstrans_thread_init();
	mutex_enter(&vlru.lock);
	for (;;) {
		while (drain_some(&draining))
			cv_broadcast(&vlru.freed);
		cv_broadcast(&vlru.freed);
		/* a busy vnode may be free again in a second */
		if (vlru.stuck || over((unsigned)desiredvnodes)) {
			cv_timedwait(&vlru.work, &vlru.lock, hz);
			vlru.stuck = false;
		} else {
			cv_wait(&vlru.work, &vlru.lock);
		}
	}
}

/* Where there are no threads: do the work here. */
static void
drain_here(void)
{
	bool draining = false;

	fstrans_thread_init();
	mutex_enter(&vlru.lock);
	if (!vlru.starting) {
		vlru.starting = true;
		while (drain_some(&draining))
			continue;
		vlru.stuck = false;
		vlru.starting = false;
	}
	mutex_exit(&vlru.lock);
}

/*
 * There is work for the thread: create or wake it.
 *
 * Context: thread without mutexes, may sleep.
 */
void
vlru_kick(void)
{
	lwp_t *l;

	mutex_enter(&vlru.lock);
	if (vlru.thread != NULL || vlru.starting) {
		cv_signal(&vlru.work);
		mutex_exit(&vlru.lock);
		return;
	}
	vlru.starting = true;
	mutex_exit(&vlru.lock);
	if (kthread_create(PRI_VM, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN, NULL,
	    drain_thread, NULL, &l, "vdrain") != 0)
		l = NULL;
	mutex_enter(&vlru.lock);
	vlru.thread = l;
	vlru.starting = false;
	mutex_exit(&vlru.lock);
	if (l == NULL)
		drain_here();
}

/*
 * The page daemon wants memory: let the thread end an eighth of the vnodes, as
 * far as they are unused.  The daemon does not wait for it, nor end any itself,
 * since that takes memory first.
 */
static size_t
reclaim_vnodes(size_t pages)
{
	const unsigned few = 64;
	unsigned n = atomic_load_relaxed(&numvnodes);

	if (n <= few)
		return 0;
	mutex_enter(&vlru.lock);
	vlru.shed = MAX(vlru.shed, n / 8);
	mutex_exit(&vlru.lock);
	vlru_kick();
	return 0;
}

static struct mem_reclaimer vnodes = {
	.mr_reclaim = reclaim_vnodes,
};

/* A mount was resumed: deferred vnodes of it can go on. */
void
vlru_resumed(void)
{

	mutex_enter(&vlru.lock);
	vlru.stuck = false;
	if (!TAILQ_EMPTY(&vlru.queue[LRU_DEFERRED]))
		cv_signal(&vlru.work);
	mutex_exit(&vlru.lock);
}

/*
 * A vnode is about to be allocated: see that old ones go, and wait a little
 * (once, 50 ms at most) if there are far too many.
 */
void
vlru_alloc_throttle(void)
{
	const unsigned want = (unsigned)desiredvnodes;

	if (__predict_true(!over(want)))
		return;
	vlru_kick();
	if (!over(want + want / 8) || curlwp == vlru.thread)
		return;
	mutex_enter(&vlru.lock);
	if (over(want + want / 8) && vlru.thread != NULL)
		cv_timedwait(&vlru.freed, &vlru.lock, MAX(1, hz / 20));
	mutex_exit(&vlru.lock);
}

/*
 * End vnodes until there are no more than desiredvnodes.
 *
 * Returns 0, or EBUSY if none went for a second: the rest is in use.
 */
int
vfs_drainvnodes(void)
{
	unsigned before;
	int error = 0;

	while (error == 0 && over((unsigned)desiredvnodes)) {
		before = atomic_load_relaxed(&numvnodes);
		vlru_kick();
		mutex_enter(&vlru.lock);
		while (error == 0 && (vlru.thread != NULL || vlru.starting) &&
		    over(before - 1))
			error = cv_timedwait(&vlru.freed, &vlru.lock, hz);
		if (over(before - 1))
			error = EBUSY;
		mutex_exit(&vlru.lock);
	}
	return error != 0 && over((unsigned)desiredvnodes) ? EBUSY : 0;
}

/*
 * Drop the deferred references to vnodes of one mount now.
 *
 * Locks: mp suspended by this thread.
 */
void
vrele_flush(struct mount *mp)
{
	struct vnode_impl *vip, *next;
	struct vnode *vp;

	KASSERT(fstrans_is_owner(mp));
	mutex_enter(&vlru.lock);
	for (vip = TAILQ_FIRST(&vlru.queue[LRU_DEFERRED]); vip != NULL;
	    vip = next) {
		vp = VIMPL_TO_VNODE(vip);
		next = TAILQ_NEXT(vip, vi_lrulist);
		if (vp->v_mount != mp)
			continue;
		if (!mutex_tryenter(vp->v_interlock)) {
			/* the holder may want our lock: let it */
			mutex_exit(&vlru.lock);
			kpause("vrflush", false, 1, NULL);
			mutex_enter(&vlru.lock);
			next = TAILQ_FIRST(&vlru.queue[LRU_DEFERRED]);
			continue;
		}
		dequeue(vip);
		mutex_exit(vp->v_interlock);
		mutex_exit(&vlru.lock);
		vrele(vp);
		mutex_enter(&vlru.lock);
		next = TAILQ_FIRST(&vlru.queue[LRU_DEFERRED]);
	}
	mutex_exit(&vlru.lock);
}
