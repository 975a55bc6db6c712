/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernfs: what the kernel knows of itself, as small files, usually on /kern.
 *
 *   mount(2)   no data
 *   hostname   can be written to, by root; the others can only be read
 *
 * The files are a table (files.c).  Their text is made anew by each read.  Nothing is kept, so
 * there is nothing to lock but vnodes.
 *
 * Ref: NetBSD mount_kernfs(8).
 */
#include "kernfs_var.h"

#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>
#include <uvm/uvm_extern.h>

MODULE(MODULE_CLASS_VFS, kernfs, NULL);

VFS_PROTOS(kernfs);

int
kernfs_mount(struct mount *mp, const char *path, void *data, size_t *data_len)
{
	int error;

	if ((mp->mnt_flag & MNT_GETARGS) != 0) {
		*data_len = 0;
		return 0;
	}
	if ((mp->mnt_flag & MNT_UPDATE) != 0)
		return EOPNOTSUPP;
	error = set_statvfs_info(path, UIO_USERSPACE, "kernfs", UIO_SYSSPACE,
	    mp->mnt_op->vfs_name, mp, curlwp);
	if (error != 0)
		return error;
	mp->mnt_flag |= MNT_LOCAL;
	mp->mnt_iflag |= IMNT_MPSAFE | IMNT_DTYPE;
	mp->mnt_stat.f_namemax = KERNEL_NAME_MAX;
	vfs_getnewfsid(mp);
	return 0;
}

int
kernfs_unmount(struct mount *mp, int flags)
{

	return vflush(mp, NULL, (flags & MNT_FORCE) != 0 ? FORCECLOSE : 0);
}

int
kernfs_start(struct mount *mp, int flags)
{

	return 0;
}

int
kernfs_vnode(struct mount *mp, uint32_t n, struct vnode **vpp)
{

	return vcache_get(mp, &n, sizeof(n), vpp);
}

int
kernfs_root(struct mount *mp, int lktype, struct vnode **vpp)
{
	int error;

	error = kernfs_vnode(mp, 0, vpp);
	if (error == 0 && (error = vn_lock(*vpp, lktype)) != 0) {
		vrele(*vpp);
		*vpp = NULL;
	}
	return error;
}

/* The numbers of the entries, for the vnode cache to point to. */
static uint32_t numbers[32];

int
kernfs_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t key_len, const void **new_key)
{
	const struct kernfs_file *kf;
	uint32_t n;

	KASSERT(key_len == sizeof(n));
	memcpy(&n, key, sizeof(n));
	KASSERT(n < kernfs_nfiles);
	kf = &kernfs_files[n];
	vp->v_tag = VT_KERNFS;
	vp->v_data = &numbers[n];
	vp->v_type = kf->kf_type;
	vp->v_vflag |= n == 0 ? VV_ROOT : 0;
	vp->v_op = kf->kf_device != NULL ? kernfs_specop_p : kernfs_vnodeop_p;
	if (kf->kf_device != NULL)
		spec_node_init(vp, (*kf->kf_device)());
	uvm_vnp_setsize(vp, 0);
	*new_key = &numbers[n];
	return 0;
}

int
kernfs_vget(struct mount *mp, ino_t ino, int lktype, struct vnode **vpp)
{

	return EOPNOTSUPP;
}

int
kernfs_sync(struct mount *mp, int waitfor, struct kauth_cred *cred)
{

	return 0;
}

void
kernfs_init(void)
{
	uint32_t n;

	KASSERT(kernfs_nfiles <= __arraycount(numbers));
	for (n = 0; n < kernfs_nfiles; n++)
		numbers[n] = n;
}

void
kernfs_reinit(void)
{

}

void
kernfs_done(void)
{

}

static const struct vnodeopv_desc *const kernfs_opv_descs[] = {
	&kernfs_vnodeop_opv_desc,
	&kernfs_specop_opv_desc,
	NULL
};

struct vfsops kernfs_vfsops = {
	.vfs_name = MOUNT_KERNFS,
	.vfs_min_mount_data = 0,
	.vfs_opv_descs = kernfs_opv_descs,

	.vfs_init = kernfs_init,
	.vfs_reinit = kernfs_reinit,
	.vfs_done = kernfs_done,
	.vfs_mount = kernfs_mount,
	.vfs_start = kernfs_start,
	.vfs_unmount = kernfs_unmount,
	.vfs_sync = kernfs_sync,
	.vfs_suspendctl = genfs_suspendctl,

	.vfs_root = kernfs_root,
	.vfs_loadvnode = kernfs_loadvnode,
	.vfs_vget = kernfs_vget,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,

	.vfs_statvfs = genfs_statvfs,
	.vfs_extattrctl = vfs_stdextattrctl,
};

static int
kernfs_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		return vfs_attach(&kernfs_vfsops);
	case MODULE_CMD_FINI:
		return vfs_detach(&kernfs_vfsops);
	default:
		return ENOTTY;
	}
}
