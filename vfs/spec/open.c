/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening and closing devices.
 *
 * Character devices are opened as often as one likes, block devices by one vnode
 * at a time.  A driver sees every open, and the close of the last one (of each
 * one if it says D_MCLOSE).  Its open and close may sleep for long, so a
 * character device's vnode is unlocked meanwhile; whoever comes back finds out by
 * sn_gone if the device was revoked.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <miscfs/specfs/specdev.h>
#include <uvm/uvm_extern.h>

#include "spec/spec.h"

/* Does the security model let cred use the device raw? */
static int
authorize(struct vnode *vp, int mode, kauth_cred_t cred)
{
	enum kauth_device_req req;

	switch (mode & (FREAD | FWRITE)) {
	case FREAD | FWRITE:
		req = KAUTH_REQ_DEVICE_RAWIO_SPEC_RW;
		break;
	case FWRITE:
		req = KAUTH_REQ_DEVICE_RAWIO_SPEC_WRITE;
		break;
	default:
		req = KAUTH_REQ_DEVICE_RAWIO_SPEC_READ;
		break;
	}
	return kauth_authorize_device_spec(cred, req, vp);
}

/* Count an open.  EBADF: revoked; EBUSY: a block device that is in use. */
static int
count_open(struct vnode *vp)
{
	specnode_t *sn = vp->v_specnode;
	specdev_t *sd = sn->sn_dev;
	int error = 0;

	mutex_enter(&device_lock);
	if (sn->sn_gone) {
		error = EBADF;
	} else if (vp->v_type == VBLK &&
	    (sd->sd_opencnt != 0 || sd->sd_mountpoint != NULL)) {
		error = EBUSY;
	} else {
		sn->sn_opencnt++;
		sd->sd_opencnt++;
		if (vp->v_type == VBLK)
			sd->sd_bdevvp = vp;
	}
	mutex_exit(&device_lock);
	return error;
}

/* Uncount it; returns how many opens of the device are left. */
static u_int
count_close(struct vnode *vp)
{
	specnode_t *sn = vp->v_specnode;
	specdev_t *sd = sn->sn_dev;
	u_int left;

	mutex_enter(&device_lock);
	KASSERT(sn->sn_opencnt > 0 && sd->sd_opencnt > 0);
	sn->sn_opencnt--;
	left = --sd->sd_opencnt;
	if (vp->v_type == VBLK)
		sd->sd_bdevvp = NULL;
	mutex_exit(&device_lock);
	return left;
}

static int
driver_open(enum vtype type, dev_t dev, int mode)
{

	return type == VBLK ? bdev_open(dev, mode, S_IFBLK, curlwp) :
	    cdev_open(dev, mode, S_IFCHR, curlwp);
}

/*
 * Call the driver's open.  If there is no driver, ask once for its module, and
 * again as long as other modules are being loaded.
 */
static int
open_driver(enum vtype type, dev_t dev, int mode)
{
	const char *name;
	u_int gen;
	int error;

	for (;;) {
		gen = module_gen;
		error = driver_open(type, dev, mode);
		if (error != ENXIO)
			return error;
		name = type == VBLK ? bdevsw_getname(major(dev)) :
		    cdevsw_getname(major(dev));
		if (name == NULL)
			return error;
		(void)module_autoload(name, MODULE_CLASS_DRIVER);
		if (gen == module_gen)
			return error;
	}
}

/* A disk's vnode is as large as its partition. */
static void
set_size(struct vnode *vp)
{
	bool block = vp->v_type == VBLK;
	struct partinfo pi;
	dev_t dev = vp->v_rdev;
	int error;

	if ((block ? bdev_type(dev) : cdev_type(dev)) != D_DISK)
		return;
	error = block ?
	    bdev_ioctl(dev, DIOCGPARTINFO, &pi, FREAD | FKIOCTL, curlwp) :
	    cdev_ioctl(dev, DIOCGPARTINFO, &pi, FREAD | FKIOCTL, curlwp);
	if (error == 0)
		uvm_vnp_setsize(vp, (voff_t)pi.pi_secsize * pi.pi_size);
}

/*
 * OPEN of a device.
 *
 * ENXIO: no driver, or a mount without devices; EBUSY: a block device in use;
 * EBADF: revoked meanwhile; EPERM; or the driver's error.
 */
int
spec_open(void *v)
{
	const struct vop_open_args *ap = v;
	struct vnode *vp = ap->a_vp;
	dev_t dev = vp->v_rdev;
	bool gone;
	int error;

	KASSERT(vp->v_type == VBLK || vp->v_type == VCHR);
	if (vp->v_mount != NULL && (vp->v_mount->mnt_flag & MNT_NODEV) != 0)
		return ENXIO;
	error = authorize(vp, ap->a_mode, ap->a_cred);
	if (error == 0)
		error = count_open(vp);
	if (error != 0)
		return error;
	if (vp->v_type == VCHR) {
		if (cdev_type(dev) == D_TTY)
			vp->v_vflag |= VV_ISTTY;
		VOP_UNLOCK(vp);
		error = open_driver(VCHR, dev, ap->a_mode);
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	} else {
		error = open_driver(VBLK, dev, ap->a_mode);
	}
	mutex_enter(&device_lock);
	gone = vp->v_specnode->sn_gone;
	mutex_exit(&device_lock);
	if (gone)
		/* revoking closed what was open, this open included */
		return error != 0 ? error : EBADF;
	if (error != 0) {
		(void)count_close(vp);
		return error;
	}
	set_size(vp);
	return 0;
}

/*
 * A session's terminal is closed by its session for good: the session's own
 * reference and open do not count.
 */
static void
forget_terminal(struct vnode *vp)
{
	struct session *ss;
	bool mine = false;

	mutex_enter(&proc_lock);
	ss = curproc->p_pgrp != NULL ? curproc->p_session : NULL;
	if (ss != NULL && ss->s_ttyvp == vp && vrefcnt(vp) == 2 &&
	    vp->v_specnode->sn_opencnt == 1) {
		ss->s_ttyvp = NULL;
		mine = true;
	}
	mutex_exit(&proc_lock);
	if (mine)
		vrele(vp);
}

static int
driver_close(struct vnode *vp, dev_t dev, int flags)
{

	return vp->v_type == VBLK ? bdev_close(dev, flags, S_IFBLK, curlwp) :
	    cdev_close(dev, flags, S_IFCHR, curlwp);
}

/*
 * CLOSE of a device.
 *
 * a_fflag  as it was opened; FNONBLOCK: the vnode is dying, keep it locked.
 *
 * Returns the driver's error, or of a block device the error of writing what was
 * dirty; it is closed in any case.
 */
int
spec_close(void *v)
{
	const struct vop_close_args *ap = v;
	struct vnode *vp = ap->a_vp;
	bool unlock = (ap->a_fflag & FNONBLOCK) == 0;
	int error, werror = 0;
	dev_t dev = vp->v_rdev;

	if (vp->v_type == VBLK) {
		werror = vinvalbuf(vp, V_SAVE, ap->a_cred, curlwp, false, 0);
		if (werror != 0)
			(void)vinvalbuf(vp, 0, ap->a_cred, curlwp, false, 0);
	} else if ((vp->v_vflag & VV_ISTTY) != 0) {
		forget_terminal(vp);
	}
	if (count_close(vp) != 0 && (vp->v_type == VBLK ||
	    (cdev_flags(dev) & D_MCLOSE) == 0))
		return werror;
	if (unlock)
		VOP_UNLOCK(vp);
	error = driver_close(vp, dev, ap->a_fflag);
	if (unlock)
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	return error != 0 ? error : werror;
}
