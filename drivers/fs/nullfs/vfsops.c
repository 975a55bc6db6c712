/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nullfs: a directory tree shown in a second place, perhaps read-only.
 *
 *   mount(2)     target: the directory, by its path
 *   unmount(2)   what is below stays
 *
 * Everything else is the layer's (drivers/fs/layerfs).  The root is kept from
 * mounting to unmounting.
 *
 * Ref: mount_null(8).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/statvfs.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/genfs/layer_extern.h>
#include <miscfs/nullfs/null.h>

MODULE(MODULE_CLASS_VFS, null, "layerfs");

VFS_PROTOS(nullfs);

#define FROM_BELOW	(IMNT_MPSAFE | IMNT_SHRLOOKUP | IMNT_DTYPE)

/*
 * Lay mp over the tree that begins with below, whose reference is consumed.
 */
static int
lay_over(struct mount *mp, struct vnode *below)
{
	struct mount *lower = below->v_mount;
	struct null_mount *nm;
	struct vnode *root = NULL;
	int error;

	if (below->v_type != VDIR)
		error = ENOTDIR;
	else
		error = vfs_set_lowermount(mp, lower);
	if (error != 0) {
		vrele(below);
		return error;
	}
	nm = kmem_zalloc(sizeof(*nm), KM_SLEEP);
	nm->lm.layerm_size = sizeof(struct null_node);
	nm->lm.layerm_tag = VT_NULL;
	nm->lm.layerm_bypass = layer_bypass;
	nm->lm.layerm_vnodeop_p = null_vnodeop_p;
	mp->mnt_data = nm;
	mp->mnt_flag |= lower->mnt_flag & MNT_LOCAL;
	mp->mnt_iflag |= lower->mnt_iflag & FROM_BELOW;
	mp->mnt_fs_bshift = lower->mnt_fs_bshift;
	mp->mnt_dev_bshift = lower->mnt_dev_bshift;
	mp->mnt_stat.f_namemax = lower->mnt_stat.f_namemax;
	vfs_getnewfsid(mp);
	error = layer_node_create(mp, below, &root);
	if (error != 0) {
		vrele(below);
		mp->mnt_data = NULL;
		kmem_free(nm, sizeof(*nm));
		return error;
	}
	root->v_vflag |= VV_ROOT;
	nm->lm.layerm_rootvp = root;
	return 0;
}

int
nullfs_mount(struct mount *mp, const char *path, void *data, size_t *data_len)
{
	struct null_args *args = data;
	struct vnode *below;
	int error;

	if (args == NULL || *data_len < sizeof(*args))
		return EINVAL;
	if ((mp->mnt_flag & MNT_GETARGS) != 0) {
		memset(args, 0, sizeof(*args));
		*data_len = sizeof(*args);
		return 0;
	}
	if ((mp->mnt_flag & MNT_UPDATE) != 0)
		return EOPNOTSUPP;
	error = set_statvfs_info(path, UIO_USERSPACE, args->la.target,
	    UIO_USERSPACE, mp->mnt_op->vfs_name, mp, curlwp);
	if (error != 0)
		return error;
	error = namei_simple_user(args->la.target, NSM_FOLLOW_NOEMULROOT,
	    &below);
	return error != 0 ? error : lay_over(mp, below);
}

int
nullfs_unmount(struct mount *mp, int flags)
{
	const bool force = (flags & MNT_FORCE) != 0;
	struct null_mount *nm = mp->mnt_data;
	struct vnode *root = nm->lm.layerm_rootvp;
	int error;

	error = vflush(mp, root, force ? FORCECLOSE : 0);
	if (error != 0)
		return error;
	if (root != NULL && !vrecycle(root)) {
		if (!force)
			return EBUSY;
		vgone(root);
	}
	mp->mnt_data = NULL;
	kmem_free(nm, sizeof(*nm));
	return 0;
}

static const struct vnodeopv_desc *const nullfs_opv_descs[] = {
	&null_vnodeop_opv_desc,
	NULL
};

struct vfsops nullfs_vfsops = {
	.vfs_name = MOUNT_NULL,
	.vfs_min_mount_data = sizeof(struct null_args),
	.vfs_opv_descs = nullfs_opv_descs,

	.vfs_init = layerfs_init,
	.vfs_done = layerfs_done,
	.vfs_mount = nullfs_mount,
	.vfs_start = layerfs_start,
	.vfs_unmount = nullfs_unmount,
	.vfs_sync = layerfs_sync,
	.vfs_suspendctl = layerfs_suspendctl,

	.vfs_root = layerfs_root,
	.vfs_loadvnode = layerfs_loadvnode,
	.vfs_vget = layerfs_vget,
	.vfs_fhtovp = layerfs_fhtovp,
	.vfs_vptofh = layerfs_vptofh,
	.vfs_renamelock_enter = layerfs_renamelock_enter,
	.vfs_renamelock_exit = layerfs_renamelock_exit,

	.vfs_statvfs = layerfs_statvfs,
	.vfs_quotactl = layerfs_quotactl,
	.vfs_snapshot = layerfs_snapshot,
	.vfs_extattrctl = vfs_stdextattrctl,
};

static int
null_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		return vfs_attach(&nullfs_vfsops);
	case MODULE_CMD_FINI:
		return vfs_detach(&nullfs_vfsops);
	default:
		return ENOTTY;
	}
}
