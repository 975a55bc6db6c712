/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deadfs: what remains of a vnode whose file system is done with it.
 *
 * Programs keep descriptors of such vnodes, and can do nothing with them but
 * close them: data is EIO (a terminal that was hung up reads as end of file),
 * names are ENOENT, devices ENXIO, the rest EBADF.  What an operation would
 * have released it still releases, and buffers are still completed, so that
 * callers need not know.
 *
 * The vnode lock goes on to work, but only for who insists (LK_RETRY).
 */
#include <sys/param.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/fstrans.h>
#include <sys/mount.h>
#include <sys/poll.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/deadfs/deadfs.h>
#include <miscfs/genfs/genfs.h>
#include <uvm/uvm_pager.h>

#include "dead.h"

static int
dead_ebadf(void *v)
{

	return EBADF;
}

static int
dead_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;

	*ap->a_vpp = NULL;
	return ENOENT;
}

/* create, mknod, mkdir, symlink: their arguments begin alike */
static int
dead_make(void *v)
{
	struct vop_create_v3_args *ap = v;

	*ap->a_vpp = NULL;
	return EBADF;
}

static int
dead_open(void *v)
{

	return ENXIO;
}

static int
dead_read(void *v)
{
	struct vop_read_args *ap = v;

	return (ap->a_vp->v_vflag & VV_ISTTY) != 0 ? 0 : EIO;
}

static int
dead_eio(void *v)
{

	return EIO;
}

static int
dead_poll(void *v)
{
	struct vop_poll_args *ap = v;

	/* so that nobody waits for it */
	return ap->a_events;
}

/* remove, rmdir, rename: they release what they were given */
static int
dead_release(void *v)
{

	(void)genfs_eopnotsupp(v);
	return EIO;
}

static int
dead_inactive(void *v)
{
	struct vop_inactive_v2_args *ap = v;

	*ap->a_recycle = false;
	return 0;
}

static int
dead_strategy(void *v)
{
	struct vop_strategy_args *ap = v;

	ap->a_bp->b_error = EIO;
	ap->a_bp->b_resid = ap->a_bp->b_bcount;
	biodone(ap->a_bp);
	return EIO;
}

static int
dead_getpages(void *v)
{
	struct vop_getpages_args *ap = v;

	if ((ap->a_flags & PGO_LOCKED) == 0)
		rw_exit(ap->a_vp->v_uobj.vmobjlock);
	return EFAULT;
}

static int
dead_putpages(void *v)
{
	struct vop_putpages_args *ap = v;

	rw_exit(ap->a_vp->v_uobj.vmobjlock);
	return EFAULT;
}

/* Who locked the object when it lived gives its locks back. */
static int
dead_advlock(void *v)
{
	struct vop_advlock_args *ap = v;

	return ap->a_op == F_UNLCK ? genfs_advlock(v) : EBADF;
}

int (**dead_vnodeop_p)(void *);

static const struct vnodeopv_entry_desc dead_vnodeop_entries[] = {
	{ &vop_default_desc, dead_ebadf },
	/* nothing to do, or nothing that can fail */
	{ &vop_close_desc, genfs_nullop },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_revoke_desc, genfs_nullop },
	{ &vop_print_desc, genfs_nullop },
	{ &vop_advlock_desc, dead_advlock },
	{ &vop_abortop_desc, genfs_abortop },
	{ &vop_parsepath_desc, genfs_parsepath },
	{ &vop_inactive_desc, dead_inactive },
	{ &vop_poll_desc, dead_poll },
	/* names */
	{ &vop_lookup_desc, dead_lookup },
	{ &vop_create_desc, dead_make },
	{ &vop_mknod_desc, dead_make },
	{ &vop_mkdir_desc, dead_make },
	{ &vop_symlink_desc, dead_make },
	{ &vop_remove_desc, dead_release },
	{ &vop_rmdir_desc, dead_release },
	{ &vop_link_desc, dead_eio },
	{ &vop_rename_desc, dead_release },
	/* data */
	{ &vop_open_desc, dead_open },
	{ &vop_read_desc, dead_read },
	{ &vop_write_desc, dead_eio },
	{ &vop_bmap_desc, dead_eio },
	{ &vop_strategy_desc, dead_strategy },
	{ &vop_getpages_desc, dead_getpages },
	{ &vop_putpages_desc, dead_putpages },
	/* the lock */
	{ &vop_lock_desc, genfs_deadlock },
	{ &vop_unlock_desc, genfs_deadunlock },
	{ &vop_islocked_desc, genfs_deadislocked },
	{ NULL, NULL }
};
const struct vnodeopv_desc dead_vnodeop_opv_desc = {
	&dead_vnodeop_p, dead_vnodeop_entries
};

/* --------------------------------------------------------- the dead mount */

static int
dead_vfs_root(struct mount *mp, int lktype, struct vnode **vpp)
{

	*vpp = NULL;
	return ENOENT;
}

static int
dead_vfs_sync(struct mount *mp, int waitfor, struct kauth_cred *cred)
{

	return 0;
}

static int
dead_vfs_vget(struct mount *mp, ino_t ino, int lktype, struct vnode **vpp)
{

	*vpp = NULL;
	return EOPNOTSUPP;
}

static int
dead_vfs_fhtovp(struct mount *mp, struct fid *fid, int lktype,
    struct vnode **vpp)
{

	*vpp = NULL;
	return ESTALE;
}

static int
dead_vfs_vptofh(struct vnode *vp, struct fid *fid, size_t *len)
{

	return ESTALE;
}

static int
dead_vfs_suspendctl(struct mount *mp, int cmd)
{

	return EOPNOTSUPP;
}

/* Never attached, so what only mounting and attaching call is not here. */
struct vfsops dead_vfsops = {
	.vfs_name = "dead",
	.vfs_root = dead_vfs_root,
	.vfs_statvfs = genfs_statvfs,
	.vfs_sync = dead_vfs_sync,
	.vfs_vget = dead_vfs_vget,
	.vfs_fhtovp = dead_vfs_fhtovp,
	.vfs_vptofh = dead_vfs_vptofh,
	.vfs_extattrctl = vfs_stdextattrctl,
	.vfs_suspendctl = dead_vfs_suspendctl,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,
};
