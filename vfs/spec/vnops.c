/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * specfs: the other operations of device vnodes, and the vector of those that
 * belong to no file system (bdevvp, cdevvp).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/lockf.h>
#include <sys/mount.h>
#include <sys/poll.h>
#include <sys/unistd.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>

#include "spec/spec.h"

/* What pathconf(2) says of terminals and pipes. */
#define TTY_MAX_CANON	255
#define TTY_MAX_INPUT	255
#define TTY_VDISABLE	0xff
#define FIFO_PIPE_BUF	512

int
spec_lookup(void *v)
{
	const struct vop_lookup_v2_args *ap = v;

	*ap->a_vpp = NULL;
	return ENOTDIR;
}

int
spec_ioctl(void *v)
{
	const struct vop_ioctl_args *ap = v;
	struct spec_call call;
	int error;

	error = spec_call_enter(ap->a_vp, &call);
	if (error != 0)
		return error;
	error = call.sp_type == VBLK ?
	    bdev_ioctl(call.sp_dev, ap->a_command, ap->a_data, ap->a_fflag,
	    curlwp) :
	    cdev_ioctl(call.sp_dev, ap->a_command, ap->a_data, ap->a_fflag,
	    curlwp);
	spec_call_exit(&call);
	return error;
}

int
spec_poll(void *v)
{
	const struct vop_poll_args *ap = v;
	struct spec_call call;
	int revents;

	if (spec_call_enter(ap->a_vp, &call) != 0)
		return POLLERR;
	revents = call.sp_type == VCHR ?
	    cdev_poll(call.sp_dev, ap->a_events, curlwp) : genfs_poll(v);
	spec_call_exit(&call);
	return revents;
}

int
spec_kqfilter(void *v)
{
	const struct vop_kqfilter_args *ap = v;
	struct spec_call call;
	int error;

	error = spec_call_enter(ap->a_vp, &call);
	if (error != 0)
		return error;
	error = call.sp_type == VCHR ?
	    cdev_kqfilter(call.sp_dev, ap->a_kn) : EOPNOTSUPP;
	spec_call_exit(&call);
	return error;
}

/* May it be mapped as a file?  Only a disk's blocks are one. */
int
spec_mmap(void *v)
{
	const struct vop_mmap_args *ap = v;
	const struct vnode *vp = ap->a_vp;

	return vp->v_type == VBLK && bdev_type(vp->v_rdev) == D_DISK ?
	    0 : EINVAL;
}

int
spec_fdiscard(void *v)
{
	const struct vop_fdiscard_args *ap = v;
	struct spec_call call;
	int error;

	error = spec_call_enter(ap->a_vp, &call);
	if (error != 0)
		return error;
	error = call.sp_type == VBLK ?
	    bdev_discard(call.sp_dev, ap->a_pos, ap->a_len) :
	    cdev_discard(call.sp_dev, ap->a_pos, ap->a_len);
	spec_call_exit(&call);
	return error;
}

int
spec_advlock(void *v)
{
	struct vop_advlock_args *ap = v;

	return lf_advlock(ap, NULL, 0);
}

int
spec_pathconf(void *v)
{
	const struct vop_pathconf_args *ap = v;

	switch (ap->a_name) {
	case _PC_LINK_MAX:
		*ap->a_retval = LINK_MAX;
		return 0;
	case _PC_MAX_CANON:
		*ap->a_retval = TTY_MAX_CANON;
		return 0;
	case _PC_MAX_INPUT:
		*ap->a_retval = TTY_MAX_INPUT;
		return 0;
	case _PC_PIPE_BUF:
		*ap->a_retval = FIFO_PIPE_BUF;
		return 0;
	case _PC_CHOWN_RESTRICTED:
		*ap->a_retval = 1;
		return 0;
	case _PC_VDISABLE:
		*ap->a_retval = TTY_VDISABLE;
		return 0;
	default:
		return genfs_pathconf(v);
	}
}

int
spec_print(void *v)
{
	const struct vop_print_args *ap = v;

	printf("device %llu, %llu\n",
	    (unsigned long long)major(ap->a_vp->v_rdev),
	    (unsigned long long)minor(ap->a_vp->v_rdev));
	return 0;
}

/* A vnode of no file system has nothing to keep it for. */
int
spec_inactive(void *v)
{
	const struct vop_inactive_v2_args *ap = v;

	KASSERT(ap->a_vp->v_mount == dead_rootmount);
	*ap->a_recycle = true;
	return 0;
}

int
spec_reclaim(void *v)
{
	const struct vop_reclaim_v2_args *ap = v;

	KASSERT(ap->a_vp->v_mount == dead_rootmount);
	VOP_UNLOCK(ap->a_vp);
	return 0;
}

int (**spec_vnodeop_p)(void *);

static const struct vnodeopv_entry_desc spec_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	GENFS_SPECOP_ENTRIES,
	{ &vop_close_desc, spec_close },
	{ &vop_access_desc, genfs_ebadf },
	{ &vop_accessx_desc, genfs_ebadf },
	{ &vop_getattr_desc, genfs_ebadf },
	{ &vop_setattr_desc, genfs_ebadf },
	{ &vop_read_desc, spec_read },
	{ &vop_write_desc, spec_write },
	{ &vop_fsync_desc, spec_fsync },
	{ &vop_inactive_desc, spec_inactive },
	{ &vop_reclaim_desc, spec_reclaim },
	{ &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock },
	{ &vop_islocked_desc, genfs_islocked },
	{ &vop_print_desc, spec_print },
	{ &vop_bwrite_desc, vn_bwrite },
	{ NULL, NULL }
};

const struct vnodeopv_desc spec_vnodeop_opv_desc =
	{ &spec_vnodeop_p, spec_vnodeop_entries };
