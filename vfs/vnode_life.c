/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a vnode: states, references, and its end.
 *
 *   vn_lock                                the vnode lock
 *   vref vrele vput vrele_async vrefcnt    references
 *   vcache_vget vcache_tryvget             a reference to a vnode found on a list
 *   vrecycle vgone vrevoke vdead_check     the end
 *   vhold holdrele                         memory that hangs on pages and buffers
 *
 * A vnode is LOADING until its file system has filled it in, then LOADED.  To
 * end its life it is first BLOCKED, so that nobody gets a new reference while
 * it is decided; then RECLAIMING, and finally RECLAIMED: a vnode of the dead
 * file system, freed with its last reference.  The state is changed with
 * v_interlock held, and v_cv is signalled.
 *
 * While it is LOADED, v_usecount carries the gate bit, and a reference is one
 * compare-and-swap for whoever can be sure of the memory (it holds a lock under
 * which the vnode was found).  In every other state the gate is closed, and
 * vcache_vget() waits.  So the only cost of the states to a look-up is the bit
 * that it reads anyway.
 *
 * Dropping the last reference: the vnode is locked, BLOCKED, and VOP_INACTIVE
 * says if anybody could find it again.  If so it is LOADED again and put on an
 * LRU list (vnode_lru.c); if not it is reclaimed at once.  Between the two
 * nobody can have taken a reference, because the gate was closed.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/fstrans.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/vnode_impl.h>

#include <miscfs/deadfs/deadfs.h>
#include <miscfs/specfs/specdev.h>
#include <uvm/uvm.h>
#include <uvm/uvm_readahead.h>

#include "lockf.h"
#include "mount_impl.h"
#include "page/pages.h"
#include "spec/spec.h"
#include "vn.h"
#include "vnode_life.h"

struct vnode *rootvnode;

/* ----------------------------------------------------------------- states */

static const char * const state_names[] = {
	[VS_ACTIVE] = "ACTIVE",
	[VS_MARKER] = "MARKER",
	[VS_LOADING] = "LOADING",
	[VS_LOADED] = "LOADED",
	[VS_BLOCKED] = "BLOCKED",
	[VS_RECLAIMING] = "RECLAIMING",
	[VS_RECLAIMED] = "RECLAIMED",
};

void
_vstate_assert(vnode_t *vp, enum vnode_state state, const char *func, int line,
    bool has_lock)
{
	enum vnode_state now = vstate_get(vp);
	int refs = vrefcnt(vp);

	if (state == VS_ACTIVE) {
		if (refs > 0 && (now == VS_LOADED || now == VS_BLOCKED))
			return;
	} else if (now == state)
		return;
	panic("%s:%d: vnode %p is %s with %d references%s, not %s", func, line,
	    vp, state_names[now], refs, has_lock ? "" : " (unlocked look)",
	    state_names[state]);
}

/*
 * Change the state, open or close the gate, and wake who waits.
 *
 * Locks: v_interlock held.
 */
void
vstate_change(struct vnode *vp, enum vnode_state from, enum vnode_state to)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);

	KASSERT(mutex_owned(vp->v_interlock));
	KASSERTMSG(vip->vi_state == from, "vnode %p is %s, not %s", vp,
	    state_names[vip->vi_state], state_names[from]);
	if (from == VS_LOADED)
		atomic_and_uint((volatile unsigned *)&vp->v_usecount,
		    VUSECOUNT_MASK);
	/* without the interlock it is looked at for LOADING only */
	atomic_store_release(&vip->vi_state, to);
	if (to == VS_LOADED)
		atomic_or_uint((volatile unsigned *)&vp->v_usecount,
		    VUSECOUNT_GATE);
	if (to == VS_LOADED || to == VS_RECLAIMED)
		cv_broadcast(&vp->v_cv);
}

/* Wait until the vnode is either LOADED or RECLAIMED; v_interlock held. */
void
vstate_wait_stable(struct vnode *vp)
{

	while (vstate_get(vp) != VS_LOADED && vstate_get(vp) != VS_RECLAIMED)
		cv_wait(&vp->v_cv, vp->v_interlock);
}

/*
 * Is this vnode dead, or dying?  A non-zero answer never becomes 0 again.
 *
 * flags  VDEAD_NOWAIT: do not wait until it is decided; then EBUSY is dying.
 *
 * Locks: v_interlock held; dropped and taken again while it waits.
 */
int
vdead_check(struct vnode *vp, int flags)
{

	KASSERT(mutex_owned(vp->v_interlock));
	if ((flags & VDEAD_NOWAIT) == 0)
		vstate_wait_stable(vp);
	switch (vstate_get(vp)) {
	case VS_RECLAIMING:
		return EBUSY;
	case VS_RECLAIMED:
		return ENOENT;
	default:
		return 0;
	}
}

/* --------------------------------------------------------------- the lock */

/*
 * Lock a vnode.
 *
 * flags  LK_SHARED or LK_EXCLUSIVE; LK_UPGRADE with LK_NOWAIT; LK_DOWNGRADE;
 *        LK_NONE does nothing, for VFS_ROOT and its kin, which pass it on.
 *        LK_NOWAIT: EBUSY instead of waiting, for the lock or for a suspended
 *        mount.  LK_RETRY: also if the vnode is dead
 *
 * Returns 0, EBUSY, or ENOENT: it is dead.
 * Locks:   the caller has a reference; v_interlock may be held with LK_NOWAIT
 *          only.  Before any journal transaction.
 */
int
vn_lock(struct vnode *vp, int flags)
{
	int error;

	KASSERT(vrefcnt(vp) > 0);
	KASSERT((flags & LK_NOWAIT) != 0 || !mutex_owned(vp->v_interlock));
	KASSERT((flags & (LK_UPGRADE | LK_NOWAIT)) != LK_UPGRADE);
	if ((flags & (LK_SHARED | LK_EXCLUSIVE | LK_UPGRADE | LK_DOWNGRADE)) == 0)
		return 0;
	error = VOP_LOCK(vp, flags);
	KASSERT(error == 0 || (flags & LK_NOWAIT) != 0 || error == ENOENT);
	return error;
}

/* ------------------------------------------------------------- references */

/*
 * One more reference if that is possible at once.
 *
 * Returns 0, or EBUSY when the vnode is not LOADED.
 * Locks: the caller holds a lock that keeps the vnode from being freed.
 */
int
vcache_tryvget(vnode_t *vp)
{
	unsigned use, next;

	for (use = atomic_load_relaxed(&vp->v_usecount);; use = next) {
		if (__predict_false((use & VUSECOUNT_GATE) == 0))
			return EBUSY;
		next = atomic_cas_uint((volatile unsigned *)&vp->v_usecount,
		    use, use + 1);
		if (__predict_true(next == use))
			return 0;
	}
}

/*
 * One more reference, waiting while the vnode changes its state.
 *
 * Returns 0, or ENOENT when the vnode has died; then it must not be touched.
 * Locks: v_interlock held on entry, released.
 */
int
vcache_vget(vnode_t *vp)
{
	bool last;

	KASSERT(mutex_owned(vp->v_interlock));
	if (__predict_false(vstate_get(vp) != VS_LOADED)) {
		/* the hold keeps the memory while we sleep */
		vp->v_holdcnt++;
		vstate_wait_stable(vp);
		vp->v_holdcnt--;
	}
	if (vstate_get(vp) == VS_LOADED) {
		atomic_inc_uint((volatile unsigned *)&vp->v_usecount);
		mutex_exit(vp->v_interlock);
		return 0;
	}
	last = vrefcnt(vp) == 0 && vp->v_holdcnt == 0;
	mutex_exit(vp->v_interlock);
	if (last)
		vnode_free(vp);
	return ENOENT;
}

/* One more reference, for one who has one. */
void
vref(struct vnode *vp)
{

	KASSERTMSG(vrefcnt(vp) > 0, "vref: vnode %p has no reference", vp);
	atomic_inc_uint((volatile unsigned *)&vp->v_usecount);
}

int
vrefcnt(struct vnode *vp)
{

	return atomic_load_relaxed(&vp->v_usecount) & VUSECOUNT_MASK;
}

/* Drop a reference if it is not the last. */
static bool
tryrele(struct vnode *vp)
{
	unsigned use, next;

	for (use = atomic_load_relaxed(&vp->v_usecount);; use = next) {
		KASSERTMSG((use & VUSECOUNT_MASK) > 0,
		    "vnode %p released too often", vp);
		if (__predict_false((use & VUSECOUNT_MASK) == 1))
			return false;
		/* what we did to the vnode comes before the release */
		membar_exit();
		next = atomic_cas_uint((volatile unsigned *)&vp->v_usecount,
		    use, use - 1);
		if (__predict_true(next == use))
			return true;
	}
}

/*
 * Drop a reference.  The last one makes the vnode inactive, and ends it if
 * nothing can find it any more.
 *
 * Locks:   vp not locked by the caller.
 * Context: thread, no mutex held; may sleep.  The page daemon's last references
 *          are dropped by the drain thread.
 */
void
vrele(struct vnode *vp)
{

	if (__predict_true(tryrele(vp)))
		return;
	mutex_enter(vp->v_interlock);
	vrelel(vp, 0, LK_NONE);
}

/* Drop a reference; if it is the last, the drain thread does the work. */
void
vrele_async(struct vnode *vp)
{

	if (tryrele(vp))
		return;
	mutex_enter(vp->v_interlock);
	vrelel(vp, VRELEL_ASYNC, LK_NONE);
}

/* Unlock, then drop a reference.  A last one keeps the lock it has. */
void
vput(struct vnode *vp)
{
	int lktype = LK_NONE;

	if (vrefcnt(vp) == 1) {
		lktype = VOP_ISLOCKED(vp);
		KASSERT(lktype != LK_NONE ||
		    (vp->v_vflag & VV_LOCKSWORK) == 0);
		/* nobody else is there to share it with: usually works */
		if (lktype == LK_SHARED &&
		    VOP_LOCK(vp, LK_UPGRADE | LK_NOWAIT) == 0)
			lktype = LK_EXCLUSIVE;
		else if (lktype == LK_SHARED)
			lktype = LK_NONE;
	}
	if (lktype != LK_EXCLUSIVE)
		VOP_UNLOCK(vp);
	if (lktype != LK_EXCLUSIVE && tryrele(vp))
		return;
	mutex_enter(vp->v_interlock);
	vrelel(vp, 0, lktype);
}

/* May a vnode whose last reference is to be dropped be waited for? */
static bool
may_wait(int flags)
{

	/* the page daemon: what it would wait for may wait for it */
	return (flags & VRELEL_ASYNC) == 0 &&
	    curlwp != atomic_load_relaxed(&uvm.pagedaemon_lwp);
}

/* Lock it, and wait; v_interlock is dropped in between. */
static void
lock_last(struct vnode *vp)
{

	mutex_exit(vp->v_interlock);
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	mutex_enter(vp->v_interlock);
}

/*
 * Only one reference is left of a LOADED vnode, which is locked exclusively:
 * make it inactive, and drop the reference or reclaim the vnode.
 *
 * Returns true if the reference is gone; false if the caller must look again,
 * because the vnode was found by others or is dead now.  Unlocked either way.
 * Locks: v_interlock held on entry and exit, dropped in between.
 */
static bool
deactivate(struct vnode *vp)
{
	bool recycle = false, found;

	vstate_change(vp, VS_LOADED, VS_BLOCKED);
	found = vrefcnt(vp) > 1;
	if (found)
		vstate_change(vp, VS_BLOCKED, VS_LOADED);
	mutex_exit(vp->v_interlock);
	if (!found) {
		VOP_INACTIVE(vp, &recycle);
		if (recycle)
			vnode_reclaim(vp);
	}
	if (!recycle)
		VOP_UNLOCK(vp);
	mutex_enter(vp->v_interlock);
	if (found || recycle)
		return false;
	/* the gate is opened when the count is right, not before */
	KASSERT(vrefcnt(vp) == 1);
	atomic_store_relaxed(&vp->v_usecount, 0);
	vstate_change(vp, VS_BLOCKED, VS_LOADED);
	vlru_put(vp, vp->v_holdcnt > 0 ? LRU_HOLD : LRU_FREE);
	return true;
}

/* Drop the last reference to a dead vnode; v_interlock is released. */
static void
rele_dead(struct vnode *vp)
{
	bool last;

	atomic_dec_uint((volatile unsigned *)&vp->v_usecount);
	last = vrefcnt(vp) == 0 && vp->v_holdcnt == 0;
	mutex_exit(vp->v_interlock);
	if (last)
		vnode_free(vp);
}

/*
 * Drop a reference that may be the last.
 *
 * flags   VRELEL_ASYNC or 0
 * lktype  LK_EXCLUSIVE: vp is locked, and will be unlocked; else LK_NONE
 *
 * Locks: v_interlock held on entry, released.
 */
void
vrelel(struct vnode *vp, int flags, int lktype)
{
	bool locked = lktype == LK_EXCLUSIVE;

	KASSERT(mutex_owned(vp->v_interlock));
	for (;;) {
		const bool last = vrefcnt(vp) == 1;

		if (locked && (!last || vstate_get(vp) != VS_LOADED)) {
			mutex_exit(vp->v_interlock);
			VOP_UNLOCK(vp);
			mutex_enter(vp->v_interlock);
			locked = false;
		} else if (!last) {
			if (!tryrele(vp))
				continue;
			mutex_exit(vp->v_interlock);
			return;
		} else if (vstate_get(vp) != VS_LOADED) {
			rele_dead(vp);
			return;
		} else if (!locked) {
			locked = (flags & VRELEL_ASYNC) == 0 &&
			    vn_lock(vp, LK_EXCLUSIVE | LK_NOWAIT | LK_RETRY) == 0;
			/* who has the lock has a reference, and will drop it */
			if (locked || vrefcnt(vp) > 1)
				continue;
			if (may_wait(flags)) {
				lock_last(vp);
				locked = true;
				continue;
			}
			/* the reference goes with it to the drain thread */
			vlru_put(vp, LRU_DEFERRED);
			mutex_exit(vp->v_interlock);
			vlru_kick();
			return;
		} else {
			locked = false;
			if (!deactivate(vp))
				continue;
			mutex_exit(vp->v_interlock);
			return;
		}
	}
}

/* ------------------------------------------------------- pages and buffers */

/* The vnode has pages or buffers (more); v_interlock held. */
void
vholdl(struct vnode *vp)
{

	KASSERT(mutex_owned(vp->v_interlock));
	if (vp->v_holdcnt++ == 0 && vrefcnt(vp) == 0)
		vlru_put(vp, LRU_HOLD);
}

void
vhold(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	vholdl(vp);
	mutex_exit(vp->v_interlock);
}

void
holdrelel(struct vnode *vp)
{

	KASSERT(mutex_owned(vp->v_interlock));
	KASSERTMSG(vp->v_holdcnt > 0, "vnode %p not held", vp);
	if (--vp->v_holdcnt == 0 && vrefcnt(vp) == 0)
		vlru_put(vp, LRU_FREE);
}

void
holdrele(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	holdrelel(vp);
	mutex_exit(vp->v_interlock);
}

/* --------------------------------------------------------------- the end */

/*
 * Write back and drop what is cached of a dying vnode.  Data that cannot be
 * written are lost; whoever unmounts hears of it, if nobody did before.
 * Afterwards the page daemon, too, has done with it, which has no reference.
 */
static void
flush_dying(struct vnode *vp)
{
	struct lwp *l = curlwp;
	int error;

	error = vinvalbuf(vp, V_SAVE, NOCRED, l, false, 0);
	if (error == 0)
		error = vn_wberror_take(vp);
	if (error != 0) {
		atomic_store_relaxed(&vp->v_mount->mnt_wberror, error);
		if (vinvalbuf(vp, 0, NOCRED, l, false, 0) != 0)
			vprint("reclaim: cannot drop buffers", vp);
	}
	vnode_await_output(vp);
}

/* Move the dead vnode over to the dead file system. */
static void
become_dead(struct vnode *vp)
{

	vp->v_op = dead_vnodeop_p;
	vp->v_tag = VT_NON;
	vp->v_vflag &= ~(VV_ROOT | VV_SYSTEM | VV_MAPPED);
	vp->v_vflag |= VV_LOCKSWORK | VV_MPSAFE;
	/* of a device the specnode stays, until the vnode is freed */
	if (vp->v_type != VBLK && vp->v_type != VCHR)
		atomic_store_relaxed(&vp->v_type, VBAD);
	vfs_insmntque(vp, dead_rootmount);
}

/*
 * Take the vnode away from its file system.  It is BLOCKED and locked
 * exclusively by the caller, who has a reference; afterwards it is RECLAIMED
 * and unlocked, and the reference is still there.
 *
 * Who holds further references finds a vnode of deadfs.
 */
void
vnode_reclaim(struct vnode *vp)
{
	const bool device = vp->v_type == VBLK || vp->v_type == VCHR;
	struct mount *mp = vp->v_mount;
	bool active, recycle;
	void *key;
	size_t keylen;
	int error;

	KASSERT((vp->v_vflag & VV_LOCKSWORK) == 0 ||
	    VOP_ISLOCKED(vp) == LK_EXCLUSIVE);
	mutex_enter(vp->v_interlock);
	active = vrefcnt(vp) > 1;
	vstate_change(vp, VS_BLOCKED, VS_RECLAIMING);
	mutex_exit(vp->v_interlock);

	/* the file system frees the key's bytes; look-ups still compare them */
	vcache_key_hold(vp, &key, &keylen);
	fstrans_start(mp);

	cache_purge(vp);
	if (vp->v_type == VREG && vp->v_ractx != NULL) {
		uvm_ra_freectx(vp->v_ractx);
		vp->v_ractx = NULL;
	}
	flush_dying(vp);
	if (active)
		lf_restart();
	if (active && device)
		spec_node_revoke(vp);
	else if (active && vp->v_type == VFIFO)
		(void)VOP_CLOSE(vp, FNONBLOCK, NOCRED);
	VOP_INACTIVE(vp, &recycle);
	if ((error = VOP_RECLAIM(vp)) != 0)
		panic("vnode_reclaim: VOP_RECLAIM of %p failed: %d", vp, error);
	KASSERT(vp->v_data == NULL);
	KASSERT((vp->v_iflag & VI_PAGES) == 0);

	vcache_remove(vp);
	if (key != NULL)
		kmem_free(key, keylen);
	become_dead(vp);
	fstrans_done(mp);

	mutex_enter(vp->v_interlock);
	vstate_change(vp, VS_RECLAIMING, VS_RECLAIMED);
	KNOTE(&vp->v_klist, NOTE_REVOKE);
	mutex_exit(vp->v_interlock);
}

/*
 * End an unused vnode.
 *
 * Returns true if vp is dead now (or was already); the reference is gone.
 * False if others use it or have it locked; the reference remains.
 */
bool
vrecycle(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	vstate_wait_stable(vp);
	if (vstate_get(vp) == VS_RECLAIMED) {
		vrelel(vp, 0, LK_NONE);
		return true;
	}
	if (vrefcnt(vp) > 1 ||
	    vn_lock(vp, LK_EXCLUSIVE | LK_NOWAIT | LK_RETRY) != 0) {
		mutex_exit(vp->v_interlock);
		return false;
	}
	vstate_change(vp, VS_LOADED, VS_BLOCKED);
	if (vrefcnt(vp) > 1) {
		vstate_change(vp, VS_BLOCKED, VS_LOADED);
		mutex_exit(vp->v_interlock);
		VOP_UNLOCK(vp);
		return false;
	}
	mutex_exit(vp->v_interlock);
	vnode_reclaim(vp);
	mutex_enter(vp->v_interlock);
	vrelel(vp, 0, LK_NONE);
	return true;
}

/*
 * End a vnode although others use it.  Consumes the caller's reference.
 *
 * Locks: vp not locked; its mount is suspended by this thread, or is the dead
 *        one.
 */
void
vgone(struct vnode *vp)
{

	KASSERT(vp->v_mount == dead_rootmount || fstrans_is_owner(vp->v_mount));
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	mutex_enter(vp->v_interlock);
	vstate_wait_stable(vp);
	if (vstate_get(vp) == VS_LOADED) {
		vstate_change(vp, VS_LOADED, VS_BLOCKED);
		mutex_exit(vp->v_interlock);
		vnode_reclaim(vp);
	} else {
		mutex_exit(vp->v_interlock);
		VOP_UNLOCK(vp);
	}
	mutex_enter(vp->v_interlock);
	vrelel(vp, 0, LK_NONE);
}

/*
 * Suspend the file system of vp, however often vp is moved meanwhile.
 *
 * Returns the mount; NULL if vp is on the dead one, which it will not leave
 * and which needs no suspending.
 */
static struct mount *
suspend_mount_of(struct vnode *vp)
{
	struct mount *mp;
	int error;

	for (;;) {
		mutex_enter(vp->v_interlock);
		mp = vp->v_mount;
		vfs_ref(mp);
		mutex_exit(vp->v_interlock);
		if (mp == dead_rootmount) {
			vfs_rele(mp);
			return NULL;
		}
		error = vfs_suspend(mp, 0);
		if (error == 0 && vp->v_mount == mp)
			return mp;
		if (error == 0)
			vfs_resume(mp);
		else	/* being unmounted: vp is about to move */
			kpause("vrevoke", false, 1, NULL);
		vfs_rele(mp);
	}
}

static void
revoke_one(struct vnode *vp)
{
	struct mount *mp = suspend_mount_of(vp);

	vgone(vp);
	if (mp != NULL) {
		vfs_resume(mp);
		vfs_rele(mp);
	}
}

/*
 * Kill this vnode; if it is a device, all vnodes of that device.  The caller's
 * reference stays.
 *
 * Locks: vp not locked, no transaction of this thread.
 */
void
vrevoke(struct vnode *vp)
{
	struct vnode *vq;
	enum vtype type;
	dev_t dev;

	mutex_enter(vp->v_interlock);
	if (vdead_check(vp, 0) != 0) {
		mutex_exit(vp->v_interlock);
		return;
	}
	type = vp->v_type;
	if (type != VBLK && type != VCHR) {
		vref(vp);
		mutex_exit(vp->v_interlock);
		revoke_one(vp);
		return;
	}
	dev = vp->v_rdev;
	mutex_exit(vp->v_interlock);
	while (spec_node_lookup_by_dev(type, dev, &vq) == 0)
		revoke_one(vq);
}

/*
 * Revoke all vnodes of a range of devices, for a driver that detaches.  When it
 * returns no other thread is in one of the driver's functions through a vnode of
 * these; who opens one from now on finds the driver.
 *
 * Context: thread, sleeps until they have left: what they wait for must have ended,
 *          or end when they are closed.
 */
void
vdevgone(int maj, int minl, int minh, enum vtype type)
{
	struct vnode *vp;
	int mn;

	for (mn = minl; mn <= minh; mn++) {
		while (spec_node_lookup_by_dev(type, makedev(maj, mn), &vp) == 0)
			revoke_one(vp);
	}
	for (mn = minl; mn <= minh; mn++)
		spec_drain(type, makedev(maj, mn));
}
