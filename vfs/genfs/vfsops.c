/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of a struct vfsops that most file systems share. */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/statvfs.h>

#include <miscfs/genfs/genfs.h>

/*
 * vfs_statvfs of a file system without storage: two blocks, none free.
 */
int
genfs_statvfs(struct mount *mp, struct statvfs *sbp)
{

	sbp->f_bsize = sbp->f_frsize = sbp->f_iosize = DEV_BSIZE;
	sbp->f_blocks = 2;
	sbp->f_bfree = sbp->f_bavail = sbp->f_bresvd = 0;
	sbp->f_files = sbp->f_ffree = sbp->f_favail = sbp->f_fresvd = 0;
	copy_statvfs_info(sbp, mp);
	return 0;
}

/*
 * vfs_renamelock_enter: one rename at a time on a mount.  Before all vnode
 * locks.
 */
int
genfs_renamelock_enter(struct mount *mp)
{

	mutex_enter(mp->mnt_renamelock);
	return 0;
}

void
genfs_renamelock_exit(struct mount *mp)
{

	mutex_exit(mp->mnt_renamelock);
}

/* Let transactions run out; if that is interrupted, go back. */
static int
suspend(struct mount *mp)
{
	int error, error1;

	error = fstrans_setstate(mp, FSTRANS_SUSPENDING);
	if (error != 0)
		return error;
	error = fstrans_setstate(mp, FSTRANS_SUSPENDED);
	if (error != 0) {
		error1 = fstrans_setstate(mp, FSTRANS_NORMAL);
		KASSERT(error1 == 0);
		__USE(error1);
	}
	return error;
}

/*
 * vfs_suspendctl of a file system with nothing to flush in between.
 *
 * Returns 0, EINTR or ERESTART, or ENOENT: the mount is gone.
 */
int
genfs_suspendctl(struct mount *mp, int cmd)
{

	switch (cmd) {
	case SUSPEND_SUSPEND:
		return suspend(mp);
	case SUSPEND_RESUME:
		return fstrans_setstate(mp, FSTRANS_NORMAL);
	default:
		return EINVAL;
	}
}
