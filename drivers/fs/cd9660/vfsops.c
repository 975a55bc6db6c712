/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * ISO 9660: file system operations, and where the component begins.
 *
 * A mount finds the session, then the names it shows: Rock Ridge if the disc
 * has it, else Joliet, else plain ISO 9660; mount options leave out either.
 * It is always read-only, and holds its device open until it goes.
 *
 * Vnodes are found in the vnode cache by their position (8 bytes), which
 * cd9660_loadvnode turns into a node.  A node lives as long as its vnode.
 *
 * File handles are a position and a checksum of the record there: an old
 * handle for a disc that was changed, or a made-up one, is ESTALE.
 *
 * Ref: mount_cd9660(8).
 */

#include "cd9660.h"

#include <sys/device.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/systm.h>

#include <fs/cd9660/cd9660_mount.h>
#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>
#include <rump-private/mountdev.h>

#include "dir.h"
#include "rrip.h"
#include "volume.h"

MODULE(MODULE_CLASS_VFS, cd9660, NULL);

VFS_PROTOS(cd9660);

struct cd9660_handle {
	uint16_t	ch_len;
	uint16_t	ch_reserved;
	uint32_t	ch_check;
	uint64_t	ch_position;
};

/* ----------------------------------------------------------------- volume */

/* Which names?  The root directory's own record tells if Rock Ridge is there. */
static int
choose_style(struct cd9660_mount *cm, const struct cd9660_volume *volume)
{
	const struct iso_record *root =
	    (const struct iso_record *)volume->vl_root;
	struct cd9660_cursor cursor;
	const struct iso_record *dot;
	int error;

	cm->cm_style = CD9660_PLAIN;
	cm->cm_root = cd9660_record_position(cm, root);
	if ((cm->cm_flags & ISOFSMNT_NORRIP) == 0) {
		cd9660_cursor_begin(&cursor, cm, cm->cm_root,
		    cm->cm_root + ISO_SECTOR_SIZE);
		error = cd9660_cursor_next(&cursor, &dot);
		if (error == 0 && cd9660_is_dot(dot) && rrip_detect(cm, dot,
		    &cm->cm_susp_first, &cm->cm_susp_skip))
			cm->cm_style = CD9660_RRIP;
		cd9660_cursor_end(&cursor);
		if (error != 0)
			return error == ENOENT ? EIO : error;
	}
	if (cm->cm_style == CD9660_PLAIN && volume->vl_has_joliet &&
	    (cm->cm_flags & ISOFSMNT_NOJOLIET) == 0) {
		cm->cm_style = CD9660_JOLIET;
		root = (const struct iso_record *)volume->vl_joliet_root;
		cm->cm_root = cd9660_record_position(cm, root);
	}
	return 0;
}

/* Without a root directory it could not even be unmounted by its path. */
static int
check_root(struct cd9660_mount *cm)
{
	struct cd9660_node *node;
	int error;

	error = cd9660_node_create(cm, cm->cm_root, &node);
	if (error != 0)
		return error == ENOENT ? EIO : error;
	if (node->cn_type != VDIR)
		error = EIO;
	cd9660_node_destroy(node);
	return error;
}

static int
read_volume(struct cd9660_mount *cm)
{
	struct cd9660_volume volume;
	uint64_t sectors;
	unsigned int sector_size;
	int error;

	error = getdisksize(cm->cm_devvp, &sectors, &sector_size);
	if (error != 0)
		return error;
	if (sector_size > ISO_SECTOR_SIZE || sectors > INT64_MAX / sector_size)
		return EINVAL;
	cm->cm_device_size = sectors * sector_size &
	    ~(uint64_t)(ISO_SECTOR_SIZE - 1);

	/* Block numbers in complaints so far are sectors. */
	cm->cm_block_shift = ISO_SECTOR_SHIFT;
	error = cd9660_volume_find(cm, ISOFSMNT_GETSESSION(cm->cm_flags),
	    &volume);
	if (error != 0)
		return error;
	cm->cm_session = volume.vl_start;
	cm->cm_blocks = volume.vl_blocks;
	cm->cm_block_shift = volume.vl_block_shift;
	error = choose_style(cm, &volume);
	if (error != 0)
		return error;
	return check_root(cm);
}

/* ------------------------------------------------------- mount and unmount */

static void
fill_mount(struct mount *mp, struct cd9660_mount *cm)
{

	mp->mnt_stat.f_fsidx.__fsid_val[0] = (int32_t)cm->cm_devvp->v_rdev;
	mp->mnt_stat.f_fsidx.__fsid_val[1] = makefstype(MOUNT_CD9660);
	mp->mnt_stat.f_fsid = mp->mnt_stat.f_fsidx.__fsid_val[0];
	mp->mnt_stat.f_namemax = KERNEL_NAME_MAX;
	mp->mnt_dev_bshift = DEV_BSHIFT;
	mp->mnt_fs_bshift = cm->cm_block_shift;
	mp->mnt_flag |= MNT_LOCAL;
	mp->mnt_iflag |= IMNT_MPSAFE | IMNT_DTYPE | IMNT_SHRLOOKUP |
	    IMNT_NCLOOKUP;
}

/* Mount what is on an open device.  On failure the device stays open. */
static int
mount_device(struct mount *mp, struct vnode *devvp, int flags)
{
	struct cd9660_mount *cm;
	int error;

	cm = kmem_zalloc(sizeof(*cm), KM_SLEEP);
	cm->cm_mp = mp;
	cm->cm_devvp = devvp;
	cm->cm_flags = flags;
	cd9660_index_init(cm);
	error = read_volume(cm);
	if (error != 0) {
		cd9660_index_fini(cm);
		kmem_free(cm, sizeof(*cm));
		return error;
	}
	mp->mnt_data = cm;
	fill_mount(mp, cm);
	spec_node_setmountedfs(devvp, mp);
	return 0;
}

static int
get_arguments(struct mount *mp, struct iso_args *args, size_t *len)
{

	if (mp->mnt_data == NULL)
		return EIO;
	memset(args, 0, sizeof(*args));
	args->flags = mount_to_cd9660(mp)->cm_flags;
	*len = sizeof(*args);
	return 0;
}

int
cd9660_mount(struct mount *mp, const char *path, void *data, size_t *len)
{
	struct iso_args *args = data;
	struct vnode *devvp;
	int error;

	if (args == NULL || *len < sizeof(*args))
		return EINVAL;
	if ((mp->mnt_flag & MNT_GETARGS) != 0)
		return get_arguments(mp, args, len);
	if ((mp->mnt_flag & MNT_RDONLY) == 0)
		return EROFS;
	/* An update can change only what mount(2) itself keeps. */
	if ((mp->mnt_flag & MNT_UPDATE) != 0)
		return args->flags == mount_to_cd9660(mp)->cm_flags ?
		    0 : EOPNOTSUPP;

	error = mountdev_open(mp, path, args->fspec, &devvp);
	if (error != 0)
		return error;
	error = mount_device(mp, devvp, args->flags);
	if (error != 0)
		mountdev_close(devvp, false);
	return error;
}

int
cd9660_start(struct mount *mp, int flags)
{

	return 0;
}

int
cd9660_unmount(struct mount *mp, int flags)
{
	struct cd9660_mount *cm = mount_to_cd9660(mp);
	int error;

	error = vflush(mp, NULLVP,
	    (flags & MNT_FORCE) != 0 ? FORCECLOSE : 0);
	if (error != 0)
		return error;
	spec_node_setmountedfs(cm->cm_devvp, NULL);
	mountdev_close(cm->cm_devvp, false);
	cd9660_index_fini(cm);
	kmem_free(cm, sizeof(*cm));
	mp->mnt_data = NULL;
	mp->mnt_flag &= ~MNT_LOCAL;
	return 0;
}

/* --------------------------------------------------------------- questions */

int
cd9660_statvfs(struct mount *mp, struct statvfs *sb)
{
	const struct cd9660_mount *cm = mount_to_cd9660(mp);

	sb->f_bsize = sb->f_frsize = 1UL << cm->cm_block_shift;
	sb->f_iosize = MAXPHYS;
	sb->f_blocks = cm->cm_blocks;
	sb->f_bfree = sb->f_bavail = sb->f_bresvd = 0;
	sb->f_files = sb->f_ffree = sb->f_favail = sb->f_fresvd = 0;
	copy_statvfs_info(sb, mp);
	return 0;
}

int
cd9660_sync(struct mount *mp, int waitfor, kauth_cred_t cred)
{

	return 0;
}

/* ------------------------------------------------------------------ vnodes */

static void
vnode_setup(struct mount *mp, struct vnode *vp, struct cd9660_node *node)
{

	vp->v_tag = VT_ISOFS;
	vp->v_type = node->cn_type;
	vp->v_data = node;
	switch (node->cn_type) {
	case VCHR:
	case VBLK:
		vp->v_op = cd9660_specop_p;
		spec_node_init(vp, node->cn_rdev);
		break;
	case VFIFO:
		vp->v_op = cd9660_fifoop_p;
		break;
	default:
		vp->v_op = cd9660_vnodeop_p;
		break;
	}
	if (node->cn_position == mount_to_cd9660(mp)->cm_root)
		vp->v_vflag |= VV_ROOT;
	genfs_node_init(vp, &cd9660_genfsops);
	uvm_vnp_setsize(vp, node->cn_size);
	cache_enter_id(vp, node->cn_mode, node->cn_uid, node->cn_gid, true);
}

int
cd9660_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t key_len, const void **new_key)
{
	struct cd9660_node *node;
	uint64_t position;
	int error;

	KASSERT(key_len == sizeof(position));
	memcpy(&position, key, sizeof(position));
	error = cd9660_node_create(mount_to_cd9660(mp), position, &node);
	if (error != 0)
		return error;
	vnode_setup(mp, vp, node);
	*new_key = &node->cn_position;
	return 0;
}

int
cd9660_vget(struct mount *mp, ino_t ino, int lktype, struct vnode **vpp)
{
	const uint64_t position = ino;
	int error;

	error = vcache_get(mp, &position, sizeof(position), vpp);
	if (error != 0)
		return error;
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
cd9660_root(struct mount *mp, int lktype, struct vnode **vpp)
{

	return cd9660_vget(mp, mount_to_cd9660(mp)->cm_root, lktype, vpp);
}

int
cd9660_fhtovp(struct mount *mp, struct fid *fid, int lktype,
    struct vnode **vpp)
{
	struct cd9660_handle handle;
	int error;

	if (fid->fid_len != sizeof(handle))
		return EINVAL;
	memcpy(&handle, fid, sizeof(handle));
	error = cd9660_vget(mp, handle.ch_position, lktype, vpp);
	if (error != 0) {
		*vpp = NULL;
		return error == EIO || error == ENOENT ? ESTALE : error;
	}
	if (vnode_to_cd9660(*vpp)->cn_check == handle.ch_check)
		return 0;
	if (lktype == LK_NONE)
		vrele(*vpp);
	else
		vput(*vpp);
	*vpp = NULL;
	return ESTALE;
}

int
cd9660_vptofh(struct vnode *vp, struct fid *fid, size_t *len)
{
	struct cd9660_handle handle;

	if (fid == NULL || *len < sizeof(handle)) {
		*len = sizeof(handle);
		return E2BIG;
	}
	*len = sizeof(handle);
	memset(&handle, 0, sizeof(handle));
	handle.ch_len = sizeof(handle);
	handle.ch_check = vnode_to_cd9660(vp)->cn_check;
	handle.ch_position = vnode_to_cd9660(vp)->cn_position;
	memcpy(fid, &handle, sizeof(handle));
	return 0;
}

/* --------------------------------------------------------------- component */

void
cd9660_init(void)
{
}

void
cd9660_reinit(void)
{
}

void
cd9660_done(void)
{
}

static const struct vnodeopv_desc *const cd9660_opv_descs[] = {
	&cd9660_vnodeop_opv_desc,
	&cd9660_specop_opv_desc,
	&cd9660_fifoop_opv_desc,
	NULL
};

static struct vfsops cd9660_vfsops = {
	.vfs_name = MOUNT_CD9660,
	.vfs_min_mount_data = sizeof(struct iso_args),
	.vfs_opv_descs = cd9660_opv_descs,

	/* Life. */
	.vfs_init = cd9660_init,
	.vfs_done = cd9660_done,
	.vfs_reinit = cd9660_reinit,
	.vfs_mount = cd9660_mount,
	.vfs_unmount = cd9660_unmount,
	.vfs_start = cd9660_start,
	.vfs_sync = cd9660_sync,
	.vfs_suspendctl = genfs_suspendctl,

	/* Vnodes. */
	.vfs_loadvnode = cd9660_loadvnode,
	.vfs_root = cd9660_root,
	.vfs_vget = cd9660_vget,
	.vfs_vptofh = cd9660_vptofh,
	.vfs_fhtovp = cd9660_fhtovp,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,

	/* Questions. */
	.vfs_statvfs = cd9660_statvfs,
	.vfs_extattrctl = vfs_stdextattrctl
};

static int
cd9660_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		return vfs_attach(&cd9660_vfsops);
	case MODULE_CMD_FINI:
		return vfs_detach(&cd9660_vfsops);
	default:
		return ENOTTY;
	}
}
