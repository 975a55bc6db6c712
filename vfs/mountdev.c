/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices of mounts; see <rump-private/mountdev.h>.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <miscfs/specfs/specdev.h>
#include <rump-private/mountdev.h>

static bool
is_readonly(const struct mount *mp)
{

	return (atomic_load_relaxed(&mp->mnt_flag) & MNT_RDONLY) != 0;
}

static int
open_flags(bool writing)
{

	return writing ? FREAD | FWRITE : FREAD;
}

static int
authorize(struct mount *mp, struct vnode *devvp, bool writing)
{
	const accmode_t accmode = writing ? VREAD | VWRITE : VREAD;

	if (devvp->v_type != VBLK)
		return ENOTBLK;
	if (bdevsw_lookup(devvp->v_rdev) == NULL)
		return ENXIO;
	return kauth_authorize_system(kauth_cred_get(), KAUTH_SYSTEM_MOUNT,
	    KAUTH_REQ_SYSTEM_MOUNT_DEVICE, devvp, mp, KAUTH_ARG(accmode));
}

static int
open_device(struct vnode *devvp, bool writing)
{
	int error;

	vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_OPEN(devvp, open_flags(writing), FSCRED);
	VOP_UNLOCK(devvp);
	return error;
}

static int
forget_buffers(struct vnode *devvp)
{
	int error;

	vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
	error = vinvalbuf(devvp, V_SAVE, FSCRED, curlwp, 0, 0);
	VOP_UNLOCK(devvp);
	return error;
}

int
mountdev_open(struct mount *mp, const char *path, const char *fspec,
    struct vnode **devvpp)
{
	const bool writing = !is_readonly(mp);
	struct vnode *devvp;
	int error;

	error = namei_simple_user(fspec, NSM_FOLLOW_NOEMULROOT, &devvp);
	if (error != 0)
		return error;
	error = authorize(mp, devvp, writing);
	if (error == 0)
		error = open_device(devvp, writing);
	if (error != 0) {
		vrele(devvp);
		return error;
	}
	error = set_statvfs_info(path, UIO_USERSPACE, fspec, UIO_USERSPACE,
	    mp->mnt_op->vfs_name, mp, curlwp);
	if (error == 0)
		error = forget_buffers(devvp);
	if (error != 0) {
		mountdev_close(devvp, writing);
		return error;
	}
	*devvpp = devvp;
	return 0;
}

/* A driver sees all opens and the last close: this open has none of its own. */
int
mountdev_open_writing(struct mount *mp, struct vnode *devvp)
{
	int error;

	error = authorize(mp, devvp, true);
	if (error != 0)
		return error;
	vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
	error = bdev_open(devvp->v_rdev, open_flags(true), S_IFBLK, curlwp);
	VOP_UNLOCK(devvp);
	return error;
}

bool
mountdev_close_writing(struct vnode *devvp)
{
	int none = 0;

	return bdev_ioctl(devvp->v_rdev, DIOCNOWRITE, &none, FREAD | FKIOCTL,
	    curlwp) == 0;
}

void
mountdev_close(struct vnode *devvp, bool written)
{

	vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
	(void)VOP_CLOSE(devvp, open_flags(written), NOCRED);
	vput(devvp);
}
