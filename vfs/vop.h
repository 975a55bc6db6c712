/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands around the call of a vnode operation (semantics: doc/vfs.md,
 * "Calling an operation"); used by the generated VOP_* functions only.
 *
 *   vop_enter              the kernel lock, unless the vnode is VV_MPSAFE
 *   vop_enter_transaction  also a transaction of the vnode's mount
 *   vop_enter_lock         the same for VOP_LOCK: the transaction stays when
 *                          the lock was taken, and VOP_UNLOCK ends it
 *   vop_check_*            what diagnostics demand of vnodes
 *
 * A vnode may be put on another mount (the dead one) while a thread waits for
 * the transaction, so the mount is read again afterwards.  Inside it the mount
 * and the operations stay, for whoever changes them has suspended the mount.
 */
#ifndef _VFS_VOP_H_
#define _VFS_VOP_H_

#include <sys/fstrans.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "mount_impl.h"

extern const struct vnodeop_desc * const vfs_op_descs[];

struct vop_call {
	struct mount	*mount;		/* whose transaction was entered */
	bool		biglock;	/* the kernel lock was taken */
};

static inline void
vop_enter(struct vop_call *c, struct vnode *vp)
{

	c->mount = vp->v_mount;
	c->biglock = (vp->v_vflag & VV_MPSAFE) == 0;
	if (__predict_false(c->biglock))
		KERNEL_LOCK(1, curlwp);
}

static inline void
vop_leave(struct vop_call *c)
{

	if (__predict_false(c->biglock))
		KERNEL_UNLOCK_ONE(curlwp);
}

static inline void
vop_enter_transaction(struct vop_call *c, struct vnode *vp)
{
	struct mount *mp = vnode_fstrans_start(vp);

	vop_enter(c, vp);
	c->mount = mp;
}

static inline void
vop_leave_transaction(struct vop_call *c)
{

	vop_leave(c);
	fstrans_done(c->mount);
}

static inline int
vop_enter_lock(struct vop_call *c, struct vnode *vp, int flags)
{
	struct mount *mp;
	int error;

	if ((flags & (LK_SHARED | LK_EXCLUSIVE)) == 0 || (flags & LK_UPGRADE)) {
		vop_enter(c, vp);
		return 0;
	}
	if ((flags & LK_NOWAIT) == 0) {
		vop_enter_transaction(c, vp);
		return 0;
	}
	if ((error = vnode_fstrans_trystart(vp, &mp)) != 0)
		return error;
	vop_enter(c, vp);
	c->mount = mp;
	return 0;
}

static inline void
vop_leave_lock(struct vop_call *c, int flags, int error)
{

	vop_leave(c);
	if (error != 0 && (flags & (LK_SHARED | LK_EXCLUSIVE)) != 0 &&
	    (flags & LK_UPGRADE) == 0)
		fstrans_done(c->mount);
}

static inline void
vop_leave_unlock(struct vop_call *c)
{

	vop_leave(c);
	fstrans_done(c->mount);
	if (__predict_false(syncer_wanted))
		syncer_start();
}

/*
 * Lock flags of a program: those of <rump/rumpvfs_types.h> have other values
 * than the kernel's, which some programs bring along.  An upgrade, which has
 * the value of RUMP_LK_NOWAIT, comes with the kernel's LK_NOWAIT only.
 */
static inline int
public_lock_flags(int flags)
{
	int kernel = flags & ~(0x10 | 0x20000);

	if ((flags & 0x10) != 0)
		kernel |= (flags & LK_NOWAIT) != 0 ? LK_UPGRADE : LK_NOWAIT;
	if ((flags & 0x20000) != 0)
		kernel |= LK_RETRY;
	return kernel;
}

#ifdef DIAGNOSTIC
void	vop_check_locked(struct vnode *, const char *);
void	vop_check_made(struct vnode *, const char *);
#else
#define vop_check_locked(vp, what)	((void)0)
#define vop_check_made(vp, what)	((void)0)
#endif

#endif /* _VFS_VOP_H_ */
