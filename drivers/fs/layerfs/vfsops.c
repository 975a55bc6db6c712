/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layers: operations of a mount, most of which are the lower mount's; and where
 * the component begins.
 */

#include "layerfs.h"

#include <sys/errno.h>
#include <sys/module.h>
#include <sys/statvfs.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>

MODULE(MODULE_CLASS_MISC, layerfs, NULL);

void
layerfs_init(void)
{
}

void
layerfs_done(void)
{
}

int
layerfs_start(struct mount *mp, int flags)
{

	return 0;
}

/* Lock a vnode that is about to be returned; on error it is dropped. */
static int
lock_result(struct vnode **vpp, int lktype)
{
	int error;

	if (lktype == LK_NONE)
		return 0;
	error = vn_lock(*vpp, lktype);
	if (error != 0) {
		vrele(*vpp);
		*vpp = NULL;
	}
	return error;
}

int
layerfs_root(struct mount *mp, int lktype, struct vnode **vpp)
{

	*vpp = MOUNTTOLAYERMOUNT(mp)->layerm_rootvp;
	if (*vpp == NULL)
		return EINVAL;
	vref(*vpp);
	return lock_result(vpp, lktype);
}

int
layerfs_vget(struct mount *mp, ino_t ino, int lktype, struct vnode **vpp)
{
	int error;

	error = VFS_VGET(mp->mnt_lower, ino, LK_NONE, vpp);
	if (error == 0)
		error = layer_wrap(mp, vpp);
	return error != 0 ? error : lock_result(vpp, lktype);
}

int
layerfs_fhtovp(struct mount *mp, struct fid *fhp, int lktype,
    struct vnode **vpp)
{
	int error;

	error = VFS_FHTOVP(mp->mnt_lower, fhp, LK_NONE, vpp);
	if (error == 0)
		error = layer_wrap(mp, vpp);
	return error != 0 ? error : lock_result(vpp, lktype);
}

int
layerfs_vptofh(struct vnode *vp, struct fid *fhp, size_t *len)
{

	return VFS_VPTOFH(LAYERVPTOLOWERVP(vp), fhp, len);
}

int
layerfs_quotactl(struct mount *mp, struct quotactl_args *args)
{

	return VFS_QUOTACTL(mp->mnt_lower, args);
}

/* The lower one's numbers under our name, which sbp may hold already. */
int
layerfs_statvfs(struct mount *mp, struct statvfs *sbp)
{
	struct statvfs *lower = STATVFSBUF_GET();
	int error;

	error = VFS_STATVFS(mp->mnt_lower, lower);
	if (error == 0) {
		copy_statvfs_info(lower, mp);
		*sbp = *lower;
	}
	STATVFSBUF_PUT(lower);
	return error;
}

/* What is below syncs itself. */
int
layerfs_sync(struct mount *mp, int waitfor, struct kauth_cred *cred)
{

	return 0;
}

int
layerfs_snapshot(struct mount *mp, struct vnode *vp, struct timespec *when)
{

	return VFS_SNAPSHOT(mp->mnt_lower, LAYERVPTOLOWERVP(vp), when);
}

/* The transactions are the lower one's. */
int
layerfs_suspendctl(struct mount *mp, int cmd)
{

	return genfs_suspendctl(mp, cmd);
}

int
layerfs_renamelock_enter(struct mount *mp)
{

	return VFS_RENAMELOCK_ENTER(mp->mnt_lower);
}

void
layerfs_renamelock_exit(struct mount *mp)
{

	VFS_RENAMELOCK_EXIT(mp->mnt_lower);
}

static int
layerfs_modcmd(modcmd_t cmd, void *arg)
{

	return cmd == MODULE_CMD_INIT || cmd == MODULE_CMD_FINI ? 0 : ENOTTY;
}
