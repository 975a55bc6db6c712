/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The syncer: what is dirty is written back after a while.
 *
 *   vn_syncer_add_to_worklist, _remove     a vnode has become dirty, or clean
 *   vfs_syncer_add_to_worklist, _remove    a mount wants VFS_SYNC from time to time
 *   speedup_syncer                         memory is short: sooner, please
 *   do_sys_sync                            sync(2)
 *
 * There is a wheel of SLOTS seconds.  A dirty vnode hangs in the slot of the
 * second when it is due; the thread sleeps until the next slot that is not
 * empty, and when there is none until something is added.  A vnode that cannot
 * be locked at the moment, or is still dirty afterwards, goes to a later slot;
 * only becoming clean takes it off (VI_ONWORKLST says that it is on).
 *
 * The thread is created when it has something to do for the first time.
 *
 * Locks: v_interlock, then the wheel's lock.  A vnode on the wheel is not
 * freed.  A mount is taken off before it is unmounted.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kernel.h>
#include <sys/kthread.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/systm.h>
#include <sys/vnode_impl.h>

#include "mount_impl.h"

#define SLOTS		32		/* a power of two; seconds */

/* Seconds until things are written; less than SLOTS. */
int syncdelay = 30;
int filedelay = 30;
int dirdelay = 15;
int metadelay = 10;

volatile bool syncer_wanted;

static struct {
	kmutex_t	lock;
	kcondvar_t	work;
	time_t		hand;		/* seconds up to this one are done */
	time_t		alarm;		/* the thread sleeps until then; 0: for ever */
	bool		started;
	bool		hurry;		/* the next slot, at once */
	unsigned	entries;	/* in all slots */
	struct {
		TAILQ_HEAD(, vnode_impl) vnodes;
		TAILQ_HEAD(, mount) mounts;
	}		slot[SLOTS];
} wheel;

void
syncer_boot(void)
{
	int i;

	mutex_init(&wheel.lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&wheel.work, "syncer");
	for (i = 0; i < SLOTS; i++) {
		TAILQ_INIT(&wheel.slot[i].vnodes);
		TAILQ_INIT(&wheel.slot[i].mounts);
	}
}

/* ---------------------------------------------------------------- the wheel */

/* The slot of a second from now on; the thread is told if that is news. */
static int
slot_in(int delay)
{
	const time_t now = time_uptime;
	time_t due;

	KASSERT(mutex_owned(&wheel.lock));
	if (wheel.entries == 0)
		wheel.hand = now;
	due = MAX(now, wheel.hand) + MAX(1, MIN(delay, SLOTS - 1));
	if (due > wheel.hand + SLOTS - 1)
		due = wheel.hand + SLOTS - 1;
	if (!wheel.started)
		syncer_wanted = true;
	else if (wheel.alarm == 0 || due < wheel.alarm)
		cv_signal(&wheel.work);
	return (int)(due & (SLOTS - 1));
}

static void
vnode_insert(struct vnode_impl *vip, int delay)
{
	const int slot = slot_in(delay);

	vip->vi_synclist_slot = slot;
	TAILQ_INSERT_TAIL(&wheel.slot[slot].vnodes, vip, vi_synclist);
	wheel.entries++;
}

static void
vnode_remove(struct vnode_impl *vip)
{

	TAILQ_REMOVE(&wheel.slot[vip->vi_synclist_slot].vnodes, vip,
	    vi_synclist);
	wheel.entries--;
}

/*
 * A vnode is to be written back in so many seconds; if it is queued already,
 * then from now on at that time.
 *
 * Locks: v_interlock held.
 */
void
vn_syncer_add_to_worklist(struct vnode *vp, int delay)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	KASSERT(mutex_owned(vp->v_interlock));
	mutex_enter(&wheel.lock);
	if ((vp->v_iflag & VI_ONWORKLST) != 0)
		vnode_remove(vip);
	atomic_store_relaxed(&vp->v_iflag, vp->v_iflag | VI_ONWORKLST);
	vnode_insert(vip, delay);
	mutex_exit(&wheel.lock);
}

/* The vnode is clean.  v_interlock held. */
void
vn_syncer_remove_from_worklist(struct vnode *vp)
{

	KASSERT(mutex_owned(vp->v_interlock));
	mutex_enter(&wheel.lock);
	if ((vp->v_iflag & VI_ONWORKLST) != 0) {
		vnode_remove(VNODE_TO_VIMPL(vp));
		atomic_store_relaxed(&vp->v_iflag,
		    vp->v_iflag & ~VI_ONWORKLST);
	}
	mutex_exit(&wheel.lock);
}

/* How often a mount is synced. */
static int
mount_delay(const struct mount *mp)
{

	return mp->mnt_wapbl != NULL ? metadelay : syncdelay;
}

static void
mount_insert(struct mount *mp)
{
	const int slot = slot_in(mount_delay(mp));

	mp->mnt_synclist_slot = slot;
	TAILQ_INSERT_TAIL(&wheel.slot[slot].mounts, mp, mnt_synclist);
	wheel.entries++;
}

/* Sync this mount from time to time.  The caller owns mnt_updating. */
void
vfs_syncer_add_to_worklist(struct mount *mp)
{

	mutex_enter(&wheel.lock);
	if ((mp->mnt_iflag & IMNT_ONWORKLIST) == 0) {
		mount_iflag_change(mp, IMNT_ONWORKLIST, 0);
		mount_insert(mp);
	}
	mutex_exit(&wheel.lock);
}

void
vfs_syncer_remove_from_worklist(struct mount *mp)
{

	mutex_enter(&wheel.lock);
	if ((mp->mnt_iflag & IMNT_ONWORKLIST) != 0) {
		mount_iflag_change(mp, 0, IMNT_ONWORKLIST);
		TAILQ_REMOVE(&wheel.slot[mp->mnt_synclist_slot].mounts, mp,
		    mnt_synclist);
		wheel.entries--;
	}
	mutex_exit(&wheel.lock);
}

/* --------------------------------------------------------------- the thread */

/*
 * Write a vnode back, if it can be locked at once.
 *
 * Locks: the wheel's, dropped meanwhile.  The transaction comes before the
 *        reference: a mount that is suspended to be unmounted must not find
 *        one of its vnodes in use by us.
 */
static void
sync_vnode(struct vnode *vp)
{
	struct mount *mp;

	if (vnode_fstrans_trystart(vp, &mp) != 0)
		return;
	if (vcache_tryvget(vp) == 0) {
		mutex_exit(&wheel.lock);
		if (vn_lock(vp, LK_EXCLUSIVE | LK_NOWAIT) == 0) {
			(void)VOP_FSYNC(vp, curlwp->l_cred, FSYNC_LAZY, 0, 0);
			VOP_UNLOCK(vp);
		}
		vrele(vp);
		mutex_enter(&wheel.lock);
	}
	fstrans_done(mp);
}

/* Do the first vnode of the slot; it stays on the wheel until it is clean. */
static bool
slot_vnode(int slot)
{
	struct vnode_impl *vip = TAILQ_FIRST(&wheel.slot[slot].vnodes);
	struct vnode *vp;

	if (vip == NULL)
		return false;
	vp = VIMPL_TO_VNODE(vip);
	vnode_remove(vip);
	vnode_insert(vip, vp->v_type == VDIR ? dirdelay : filedelay);
	sync_vnode(vp);
	return true;
}

static bool
slot_mount(int slot)
{
	struct mount *mp = TAILQ_FIRST(&wheel.slot[slot].mounts);

	if (mp == NULL)
		return false;
	TAILQ_REMOVE(&wheel.slot[slot].mounts, mp, mnt_synclist);
	wheel.entries--;
	mount_insert(mp);
	vfs_ref(mp);
	mutex_exit(&wheel.lock);
	if (vfs_trybusy(mp) == 0) {
		(void)VFS_SYNC(mp, MNT_LAZY, curlwp->l_cred);
		vfs_unbusy(mp);
	}
	vfs_rele(mp);
	mutex_enter(&wheel.lock);
	return true;
}

/* When the next slot is due; 0: never. */
static time_t
next_due(void)
{
	time_t t;
	int slot;

	if (wheel.entries == 0)
		return 0;
	for (t = wheel.hand + 1; t < wheel.hand + SLOTS; t++) {
		slot = (int)(t & (SLOTS - 1));
		if (!TAILQ_EMPTY(&wheel.slot[slot].vnodes) ||
		    !TAILQ_EMPTY(&wheel.slot[slot].mounts))
			return t;
	}
	return 0;
}

/* Sleep until the next slot is due, and turn the hand to it. */
static int
turn(void)
{
	const time_t now = time_uptime;
	time_t due;

	for (;;) {
		due = next_due();
		if (due != 0 && (due <= time_uptime || wheel.hurry)) {
			wheel.hurry = false;
			wheel.hand = due;
			return (int)(due & (SLOTS - 1));
		}
		wheel.hurry = false;
		wheel.alarm = due;
		if (due == 0)
			cv_wait(&wheel.work, &wheel.lock);
		else
			cv_timedwait(&wheel.work, &wheel.lock,
			    (int)MIN(due - now, SLOTS) * hz);
		wheel.alarm = 0;
	}
}

void
sched_sync(void *arg)
{
	int slot;

	fstrans_thread_init();
	mutex_enter(&wheel.lock);
	for (;;) {
		slot = turn();
		while (slot_mount(slot))
			continue;
		while (slot_vnode(slot))
			continue;
	}
}

/* Create the thread, unless somebody does or did. */
void
syncer_start(void)
{
	bool mine;

	mutex_enter(&wheel.lock);
	syncer_wanted = false;
	mine = !wheel.started;
	wheel.started = true;
	mutex_exit(&wheel.lock);
	if (mine)
		(void)kthread_create(PRI_IOFLUSH, KTHREAD_MPSAFE |
		    KTHREAD_MUSTJOIN, NULL, sched_sync, NULL, NULL, "ioflush");
}

/*
 * Dirty buffers are too many: do the next slot now.
 *
 * Returns 1 if that makes a difference, else 0.
 */
int
speedup_syncer(void)
{
	int difference;

	mutex_enter(&wheel.lock);
	difference = !wheel.hurry && wheel.entries > 0;
	wheel.hurry = true;
	cv_signal(&wheel.work);
	mutex_exit(&wheel.lock);
	return difference;
}

/* ------------------------------------------------------------------ sync(2) */

/*
 * Begin to write everything back.  Returns the first error.
 */
int
do_sys_sync(struct lwp *l)
{
	mount_iterator_t *it;
	struct mount *mp;
	int async, error = 0, e;

	mountlist_iterator_init(&it);
	while ((mp = mountlist_iterator_next(it)) != NULL) {
		mutex_enter(mp->mnt_updating);
		if ((mp->mnt_flag & MNT_RDONLY) == 0) {
			async = mp->mnt_flag & MNT_ASYNC;
			mount_flag_change(mp, 0, async);
			e = VFS_SYNC(mp, MNT_NOWAIT, l->l_cred);
			mount_flag_change(mp, async, 0);
			if (error == 0)
				error = e;
		}
		mutex_exit(mp->mnt_updating);
	}
	mountlist_iterator_destroy(it);
	return error;
}
