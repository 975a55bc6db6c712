/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening and closing devices.
 *
 * Character devices are opened as often as one likes, block devices by one vnode
 * at a time.  A driver sees every open, and the close of the last one (of each
 * one if it says D_MCLOSE).  Its open and close may sleep for long, so a
 * character device's vnode is unlocked meanwhile; whoever comes back finds out by
 * sn_gone if the device was revoked.
 *
 * Opens may overlap, and an open that is under way counts; so the close that the
 * driver hears of, when the count drops to 0, overlaps no open: later ones wait for
 * it.  An open that fails, or was revoked under way, may be the last to leave: then
 * it closes what others had opened.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>
#include <sys/condvar.h>
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

/*
 * An open begins: count it, and enter the driver.
 *
 * Returns 0; EBADF: revoked; EBUSY: a block device that is in use; EINTR or ERESTART:
 * a signal came while the last close went on.
 */
static int
begin_open(struct vnode *vp, struct spec_call *call)
{
	specnode_t *sn = vp->v_specnode;
	specdev_t *sd = sn->sn_dev;
	int error = 0;

	mutex_enter(&device_lock);
	while (error == 0 && !sn->sn_gone && sd->sd_closing)
		error = cv_wait_sig(&spec_cv, &device_lock);
	if (error == 0 && sn->sn_gone)
		error = EBADF;
	if (error == 0 && vp->v_type == VBLK &&
	    (sd->sd_opencnt != 0 || sd->sd_mountpoint != NULL))
		error = EBUSY;
	if (error == 0) {
		sd->sd_opencnt++;
		if (vp->v_type == VBLK)
			sd->sd_bdevvp = vp;
		spec_call_begin(vp, call);
	}
	mutex_exit(&device_lock);
	return error;
}

/*
 * Uncount an open; device_lock held.  Is the driver to hear of it?  If it was the
 * last one (*last), opens wait until close_driver is done.
 */
static bool
count_close(struct vnode *vp, bool *last)
{
	specdev_t *sd = vp->v_specnode->sn_dev;

	KASSERT(mutex_owned(&device_lock));
	KASSERT(sd->sd_opencnt > 0);
	*last = --sd->sd_opencnt == 0 && sd->sd_opened;
	if (*last)
		sd->sd_closing = true;
	if (vp->v_type == VBLK)
		sd->sd_bdevvp = NULL;
	return *last || (vp->v_type == VCHR &&
	    (cdev_flags(vp->v_rdev) & D_MCLOSE) != 0);
}

/* Tell the driver of a close, with the vnode unlocked if that is possible. */
static int
close_driver(struct vnode *vp, int flags, bool unlock, bool last)
{
	specdev_t *sd = vp->v_specnode->sn_dev;
	dev_t dev = vp->v_rdev;
	int error;

	if (unlock)
		VOP_UNLOCK(vp);
	error = vp->v_type == VBLK ? bdev_close(dev, flags, S_IFBLK, curlwp) :
	    cdev_close(dev, flags, S_IFCHR, curlwp);
	if (last) {
		mutex_enter(&device_lock);
		sd->sd_closing = sd->sd_opened = false;
		cv_broadcast(&spec_cv);
		mutex_exit(&device_lock);
	}
	if (unlock)
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	return error;
}

/*
 * The driver's open came back with error.  Returns that, or EBADF: the vnode was
 * revoked meanwhile.
 */
static int
end_open(struct vnode *vp, int mode, int error)
{
	specnode_t *sn = vp->v_specnode;
	bool last, tell;

	mutex_enter(&device_lock);
	if (error == 0)
		sn->sn_dev->sd_opened = true;
	if (error == 0 && !sn->sn_gone) {
		sn->sn_opencnt++;
		mutex_exit(&device_lock);
		return 0;
	}
	tell = count_close(vp, &last);
	mutex_exit(&device_lock);
	/* of an open that failed, a driver that hears of each close knows */
	if (last || (tell && error == 0))
		(void)close_driver(vp, mode, vp->v_type == VCHR, last);
	return error != 0 ? error : EBADF;
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
 * EBADF: revoked meanwhile; EINTR, ERESTART: while it waited for the last close;
 * EPERM; or the driver's error.
 */
int
spec_open(void *v)
{
	const struct vop_open_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const bool unlock = vp->v_type == VCHR;
	dev_t dev = vp->v_rdev;
	struct spec_call call;
	int error;

	KASSERT(vp->v_type == VBLK || vp->v_type == VCHR);
	if (vp->v_mount != NULL &&
	    (atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_NODEV) != 0)
		return ENXIO;
	error = authorize(vp, ap->a_mode, ap->a_cred);
	if (error != 0)
		return error;
	if (unlock) {
		if (cdev_type(dev) == D_TTY)
			vp->v_vflag |= VV_ISTTY;
		VOP_UNLOCK(vp);
	}
	error = begin_open(vp, &call);
	if (error != 0) {
		if (unlock)
			vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
		return error;
	}
	error = open_driver(vp->v_type, dev, ap->a_mode);
	if (unlock)
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = end_open(vp, ap->a_mode, error);
	spec_call_exit(&call);
	if (error == 0)
		set_size(vp);
	return error;
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
	int error = 0, werror = 0;
	struct spec_call call;
	bool last, tell;

	if (vp->v_type == VBLK) {
		werror = vinvalbuf(vp, V_SAVE, ap->a_cred, curlwp, false, 0);
		if (werror != 0)
			(void)vinvalbuf(vp, 0, ap->a_cred, curlwp, false, 0);
	} else if ((vp->v_vflag & VV_ISTTY) != 0) {
		forget_terminal(vp);
	}
	spec_call_begin(vp, &call);
	mutex_enter(&device_lock);
	KASSERT(vp->v_specnode->sn_opencnt > 0);
	vp->v_specnode->sn_opencnt--;
	tell = count_close(vp, &last);
	mutex_exit(&device_lock);
	if (tell)
		error = close_driver(vp, ap->a_fflag,
		    (ap->a_fflag & FNONBLOCK) == 0, last);
	spec_call_exit(&call);
	return error != 0 ? error : werror;
}
