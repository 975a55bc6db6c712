/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vnode lock: a readers/writer lock in every vnode, that outlives the file.
 *
 *	genfs_lock, genfs_unlock, genfs_islocked	for live vnodes
 *	genfs_deadlock, genfs_deadunlock		for dead ones
 *	genfs_nolock, genfs_nounlock, genfs_noislocked	for device vnodes that
 *							are of no file system
 *
 * Entering a transaction together with the lock is the VOP entry point's part.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/rwlock.h>
#include <sys/vnode.h>
#include <sys/vnode_impl.h>

#include <miscfs/genfs/genfs.h>

static krwlock_t *
lock_of(struct vnode *vp)
{

	return &VNODE_TO_VIMPL(vp)->vi_lock;
}

/* Take, or change, the lock as flags (LK_*) say.  0 or EBUSY. */
static int
acquire(krwlock_t *lock, int flags)
{
	krw_t op;

	if ((flags & LK_DOWNGRADE) != 0) {
		rw_downgrade(lock);
		return 0;
	}
	if ((flags & LK_UPGRADE) != 0) {
		KASSERT((flags & LK_NOWAIT) != 0);
		return rw_tryupgrade(lock) ? 0 : EBUSY;
	}
	op = (flags & LK_EXCLUSIVE) != 0 ? RW_WRITER : RW_READER;
	if ((flags & LK_NOWAIT) != 0)
		return rw_tryenter(lock, op) ? 0 : EBUSY;
	rw_enter(lock, op);
	return 0;
}

int
genfs_lock(void *v)
{
	const struct vop_lock_args *ap = v;
	int error;

	error = acquire(lock_of(ap->a_vp), ap->a_flags);
	if (error == 0)
		VSTATE_ASSERT_UNLOCKED(ap->a_vp, VS_ACTIVE);
	return error;
}

int
genfs_unlock(void *v)
{
	const struct vop_unlock_args *ap = v;

	rw_exit(lock_of(ap->a_vp));
	return 0;
}

/* LK_EXCLUSIVE: we hold it; LK_SHARED: some readers do. */
int
genfs_islocked(void *v)
{
	const struct vop_islocked_args *ap = v;
	krwlock_t *lock = lock_of(ap->a_vp);

	if (rw_write_held(lock))
		return LK_EXCLUSIVE;
	return rw_read_held(lock) ? LK_SHARED : 0;
}

/* A dead vnode is locked only by who insists, to release it. */
int
genfs_deadlock(void *v)
{
	const struct vop_lock_args *ap = v;

	if ((ap->a_flags & LK_RETRY) == 0)
		return ENOENT;
	return acquire(lock_of(ap->a_vp), ap->a_flags);
}

int
genfs_deadunlock(void *v)
{

	return genfs_unlock(v);
}

int
genfs_nolock(void *v)
{

	return 0;
}

int
genfs_nounlock(void *v)
{

	return 0;
}

int
genfs_noislocked(void *v)
{

	return 0;
}
