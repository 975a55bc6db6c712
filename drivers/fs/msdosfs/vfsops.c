/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * FAT: file system operations, and where the component begins.
 *
 * doc/filesystems.md has the design; msdosfs.h the structures and locks.
 *
 * Vnodes are found in the vnode cache by their key (8 bytes), which
 * msdosfs_loadvnode turns into a node.  A file handle is a key and a number made
 * of the entry there, so that a handle of what is no more is ESTALE.
 *
 * Ref: mount_msdos(8).
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/device.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <fs/msdosfs/msdosfsmount.h>
#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>
#include <rump-private/mountdev.h>

MODULE(MODULE_CLASS_VFS, msdos, NULL);

VFS_PROTOS(msdosfs);

#define DAY		(24 * 60 * 60)

struct msdosfs_handle {
	uint16_t	mh_len;
	uint16_t	mh_reserved;
	uint32_t	mh_check;
	uint64_t	mh_key;
};

/* ----------------------------------------------------------------- options */

static int
check_arguments(const struct msdosfs_args *args)
{

	if ((args->flags & ~MSDOSFSMNT_MNTOPT) != 0)
		return EINVAL;
	if ((args->flags & MSDOSFSMNT_GEMDOSFS) != 0)
		return EOPNOTSUPP;
	if ((args->flags & MSDOSFSMNT_VERSIONED) == 0)
		return 0;
	if (args->version < 1 || args->version > MSDOSFSMNT_VERSION)
		return EINVAL;
	return args->version >= 3 &&
	    (args->gmtoff < -DAY || args->gmtoff > DAY) ? EINVAL : 0;
}

/* What the arguments mean, whatever version they are. */
static void
complete_arguments(const struct msdosfs_args *args, struct msdosfs_args *out)
{
	const int version =
	    (args->flags & MSDOSFSMNT_VERSIONED) != 0 ? args->version : 0;

	*out = *args;
	out->mask = args->mask & ALLPERMS;
	out->dirmask = (version >= 2 ? args->dirmask : args->mask) & ALLPERMS;
	out->gmtoff = version >= 3 ? args->gmtoff : 0;
}

static void
set_options(struct msdosfs_mount *mm, const struct msdosfs_args *args)
{
	struct msdosfs_args all;

	complete_arguments(args, &all);
	mm->mm_flags = all.flags;
	mm->mm_uid = all.uid;
	mm->mm_gid = all.gid;
	mm->mm_mask = all.mask;
	mm->mm_dirmask = all.dirmask;
	mm->mm_gmtoff = all.gmtoff;
}

static bool
same_options(const struct msdosfs_mount *mm, const struct msdosfs_args *args)
{
	const int matter = MSDOSFSMNT_SHORTNAME | MSDOSFSMNT_NOWIN95;
	struct msdosfs_args all;

	complete_arguments(args, &all);
	return ((all.flags ^ mm->mm_flags) & matter) == 0 &&
	    all.uid == mm->mm_uid && all.gid == mm->mm_gid &&
	    all.mask == mm->mm_mask && all.dirmask == mm->mm_dirmask &&
	    all.gmtoff == mm->mm_gmtoff;
}

static int
get_arguments(struct mount *mp, struct msdosfs_args *args, size_t *len)
{
	const struct msdosfs_mount *mm = mount_to_msdosfs(mp);

	if (mm == NULL)
		return EIO;
	memset(args, 0, sizeof(*args));
	args->uid = mm->mm_uid;
	args->gid = mm->mm_gid;
	args->mask = mm->mm_mask;
	args->dirmask = mm->mm_dirmask;
	args->gmtoff = mm->mm_gmtoff;
	args->flags = mm->mm_flags | MSDOSFSMNT_VERSIONED;
	args->version = MSDOSFSMNT_VERSION;
	*len = sizeof(*args);
	return 0;
}

/* ----------------------------------------------------------------- mounting */

static void
fill_mount(struct mount *mp, struct msdosfs_mount *mm)
{

	mp->mnt_stat.f_fsidx.__fsid_val[0] = (int32_t)mm->mm_devvp->v_rdev;
	mp->mnt_stat.f_fsidx.__fsid_val[1] = makefstype(MOUNT_MSDOS);
	mp->mnt_stat.f_fsid = mp->mnt_stat.f_fsidx.__fsid_val[0];
	mp->mnt_stat.f_namemax = KERNEL_NAME_MAX;
	mp->mnt_dev_bshift = DEV_BSHIFT;
	mp->mnt_fs_bshift = mm->mm_sector_shift;
	mp->mnt_flag |= MNT_LOCAL;
	mp->mnt_iflag |= IMNT_MPSAFE | IMNT_DTYPE | IMNT_SHRLOOKUP |
	    IMNT_NCLOOKUP | IMNT_CAN_RWTORO;
}

/* The root must be readable, or it could not even be unmounted by its path. */
static int
check_root(struct msdosfs_mount *mm)
{
	struct msdosfs_node *root;
	int error;

	error = msdosfs_node_create(mm, MSDOSFS_ROOT, &root);
	if (error != 0)
		return error;
	error = msdosfs_dir_load(root);
	msdosfs_node_destroy(root);
	return error;
}

static int
read_volume(struct msdosfs_mount *mm)
{
	int error;

	msdosfs_enter(mm);
	error = msdosfs_volume_read(mm);
	if (error == 0)
		error = msdosfs_alloc_init(mm);
	if (error == 0)
		error = msdosfs_state_read(mm);
	if (error == 0)
		error = check_root(mm);
	msdosfs_leave(mm);
	return error;
}

static void
destroy_mount(struct msdosfs_mount *mm)
{

	msdosfs_alloc_fini(mm);
	msdosfs_meta_fini(mm);
	kmem_free(mm, sizeof(*mm));
}

/* Mount what is on an open device.  On failure the device stays open. */
static int
mount_device(struct mount *mp, struct vnode *devvp,
    const struct msdosfs_args *args)
{
	struct msdosfs_mount *mm;
	int error;

	mm = kmem_zalloc(sizeof(*mm), KM_SLEEP);
	mm->mm_mp = mp;
	mm->mm_devvp = devvp;
	mm->mm_readonly = (mp->mnt_flag & MNT_RDONLY) != 0;
	mm->mm_written = !mm->mm_readonly;
	set_options(mm, args);
	msdosfs_meta_init(mm);
	error = read_volume(mm);
	if (error != 0) {
		destroy_mount(mm);
		return error;
	}
	mp->mnt_data = mm;
	fill_mount(mp, mm);
	spec_node_setmountedfs(devvp, mp);
	return 0;
}

static int
mount_new(struct mount *mp, const char *path, const struct msdosfs_args *args)
{
	struct vnode *devvp;
	int error;

	error = mountdev_open(mp, path, args->fspec, &devvp);
	if (error != 0)
		return error;
	error = mount_device(mp, devvp, args);
	if (error != 0)
		mountdev_close(devvp, (mp->mnt_flag & MNT_RDONLY) == 0);
	return error;
}

/* ---------------------------------------------------------------- unmounting */

/*
 * Write all that is left, and mark the volume as clean.  force: whatever comes
 * of it.
 */
static int
settle_volume(struct msdosfs_mount *mm, bool force)
{
	int error;

	if (mm->mm_readonly)
		return 0;
	msdosfs_enter(mm);
	error = msdosfs_meta_flush(mm);
	if (error == 0)
		error = mm->mm_error;
	if (error == 0 && mm->mm_in_use) {
		error = msdosfs_info_write(mm);
		if (error == 0)
			error = msdosfs_state_mark(mm, false);
	}
	mm->mm_error = 0;
	if (error == 0 || force)
		mm->mm_readonly = true;
	msdosfs_leave(mm);
	if (error == 0)
		error = msdosfs_device_flush(mm);
	return force ? 0 : error;
}

int
msdosfs_unmount(struct mount *mp, int flags)
{
	struct msdosfs_mount *mm = mount_to_msdosfs(mp);
	const bool force = (flags & MNT_FORCE) != 0;
	int error;

	error = vflush(mp, NULLVP, force ? FORCECLOSE : 0);
	if (error == 0)
		error = settle_volume(mm, force);
	if (error != 0)
		return error;
	spec_node_setmountedfs(mm->mm_devvp, NULL);
	mountdev_close(mm->mm_devvp, mm->mm_written);
	destroy_mount(mm);
	mp->mnt_data = NULL;
	mp->mnt_flag &= ~MNT_LOCAL;
	return 0;
}

/* ---------------------------------------------------------------- remounting */

static int
become_readonly(struct mount *mp)
{
	struct msdosfs_mount *mm = mount_to_msdosfs(mp);
	int error;

	error = vflush(mp, NULLVP, WRITECLOSE |
	    ((mp->mnt_flag & MNT_FORCE) != 0 ? FORCECLOSE : 0));
	if (error == 0)
		error = VFS_SYNC(mp, MNT_WAIT, curlwp->l_cred);
	if (error == 0)
		error = settle_volume(mm, false);
	if (error == 0 && mountdev_close_writing(mm->mm_devvp))
		mm->mm_written = false;
	return error;
}

static int
become_writable(struct mount *mp)
{
	struct msdosfs_mount *mm = mount_to_msdosfs(mp);
	int error;

	if (mm->mm_short)
		return EROFS;
	error = mountdev_open_writing(mp, mm->mm_devvp);
	if (error != 0)
		return error;
	mm->mm_written = true;
	msdosfs_enter(mm);
	mm->mm_readonly = false;
	error = msdosfs_state_mark(mm, true);
	if (error != 0)
		mm->mm_readonly = true;
	msdosfs_leave(mm);
	return error;
}

static int
update(struct mount *mp, const struct msdosfs_args *args)
{
	int error = 0;

	/* Names and permissions are remembered all over the kernel. */
	if (args->fspec != NULL && !same_options(mount_to_msdosfs(mp), args))
		return EOPNOTSUPP;
	if ((mp->mnt_iflag & IMNT_WANTRDONLY) != 0)
		error = become_readonly(mp);
	else if ((mp->mnt_iflag & IMNT_WANTRDWR) != 0)
		error = become_writable(mp);
	return error;
}

int
msdosfs_mount(struct mount *mp, const char *path, void *data, size_t *len)
{
	struct msdosfs_args *args = data;
	int error;

	if (args == NULL || *len < sizeof(*args))
		return EINVAL;
	if ((mp->mnt_flag & MNT_GETARGS) != 0)
		return get_arguments(mp, args, len);
	error = check_arguments(args);
	if (error != 0)
		return error;
	if ((mp->mnt_flag & MNT_UPDATE) != 0)
		return update(mp, args);
	return mount_new(mp, path, args);
}

int
msdosfs_start(struct mount *mp, int flags)
{

	return 0;
}

/* --------------------------------------------------------------------- sync */

static bool
is_dirty(void *context, struct vnode *vp)
{
	const struct msdosfs_node *node = vp->v_data;

	return node != NULL && (atomic_load_relaxed(&node->n_due) != 0 ||
	    !LIST_EMPTY(&vp->v_dirtyblkhd) ||
	    (vp->v_iflag & VI_ONWORKLST) != 0);
}

static int
sync_vnodes(struct mount *mp, int waitfor)
{
	struct vnode_iterator *it;
	struct vnode *vp;
	int error = 0, e;

	vfs_vnode_iterator_init(mp, &it);
	while ((vp = vfs_vnode_iterator_next(it, is_dirty, NULL)) != NULL) {
		e = vn_lock(vp, LK_EXCLUSIVE |
		    (waitfor == MNT_LAZY ? LK_NOWAIT : 0));
		if (e != 0) {
			vrele(vp);
			continue;
		}
		e = msdosfs_node_sync(vp, waitfor == MNT_WAIT ? FSYNC_WAIT :
		    waitfor == MNT_LAZY ? FSYNC_LAZY : 0);
		if (error == 0)
			error = e;
		vput(vp);
	}
	vfs_vnode_iterator_destroy(it);
	return error;
}

int
msdosfs_sync(struct mount *mp, int waitfor, kauth_cred_t cred)
{
	struct msdosfs_mount *mm = mount_to_msdosfs(mp);
	int error, e;

	if (mm->mm_readonly)
		return 0;
	error = sync_vnodes(mp, waitfor);
	msdosfs_enter(mm);
	e = mm->mm_readonly ? 0 : msdosfs_meta_flush(mm);
	if (e == 0 && mm->mm_in_use)
		e = msdosfs_info_write(mm);
	if (e == 0)
		e = mm->mm_error;
	if (waitfor == MNT_WAIT)
		mm->mm_error = 0;
	msdosfs_leave(mm);
	if (error == 0)
		error = e;
	if (error == 0 && waitfor == MNT_WAIT)
		error = msdosfs_device_flush(mm);
	return error;
}

/* --------------------------------------------------------------- questions */

int
msdosfs_statvfs(struct mount *mp, struct statvfs *sb)
{
	struct msdosfs_mount *mm = mount_to_msdosfs(mp);

	msdosfs_enter(mm);
	sb->f_bsize = sb->f_frsize = msdosfs_cluster_size(mm);
	sb->f_iosize = MAXPHYS;
	sb->f_blocks = mm->mm_clusters;
	sb->f_bfree = sb->f_bavail = MIN(mm->mm_clusters,
	    mm->mm_free + mm->mm_pending_clusters);
	sb->f_bresvd = 0;
	sb->f_files = sb->f_ffree = sb->f_favail = sb->f_fresvd = 0;
	copy_statvfs_info(sb, mp);
	msdosfs_leave(mm);
	return 0;
}

/* ------------------------------------------------------------------ vnodes */

int
msdosfs_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t key_len, const void **new_key)
{
	struct msdosfs_mount *mm = mount_to_msdosfs(mp);
	struct msdosfs_node *node;
	uint64_t number;
	int error;

	KASSERT(key_len == sizeof(number));
	memcpy(&number, key, sizeof(number));
	msdosfs_enter(mm);
	error = msdosfs_node_create(mm, number, &node);
	msdosfs_leave(mm);
	if (error != 0)
		return error;
	vp->v_tag = VT_MSDOSFS;
	vp->v_type = node->n_is_dir ? VDIR : VREG;
	vp->v_op = msdosfs_vnodeop_p;
	vp->v_data = node;
	if (number == MSDOSFS_ROOT)
		vp->v_vflag |= VV_ROOT;
	genfs_node_init(vp, &msdosfs_genfsops);
	uvm_vnp_setsize(vp, node->n_size);
	msdosfs_attributes_load(vp);
	*new_key = &node->n_key;
	return 0;
}

/* The vnode of a key, locked as wanted. */
static int
get_vnode(struct mount *mp, uint64_t key, int lktype, struct vnode **vpp)
{
	int error;

	error = vcache_get(mp, &key, sizeof(key), vpp);
	if (error != 0 || lktype == LK_NONE)
		return error;
	error = vn_lock(*vpp, lktype);
	if (error != 0) {
		vrele(*vpp);
		*vpp = NULL;
	}
	return error;
}

int
msdosfs_root(struct mount *mp, int lktype, struct vnode **vpp)
{

	return get_vnode(mp, MSDOSFS_ROOT, lktype, vpp);
}

/* Is there something that a key can mean?  *checkp: its number.  ESTALE: no. */
static int
check_key(struct msdosfs_mount *mm, uint64_t key, uint32_t *checkp)
{
	struct msdosfs_node *node;
	int error;

	msdosfs_enter(mm);
	error = msdosfs_node_create(mm, key, &node);
	if (error == 0) {
		*checkp = msdosfs_node_check(node);
		if (node->n_is_dir && key != MSDOSFS_ROOT)
			error = msdosfs_dir_check(mm, node->n_start);
		msdosfs_node_destroy(node);
	}
	msdosfs_leave(mm);
	return error == ENOENT ? ESTALE : error;
}

int
msdosfs_vget(struct mount *mp, ino_t ino, int lktype, struct vnode **vpp)
{
	uint32_t check;
	int error;

	*vpp = NULL;
	error = check_key(mount_to_msdosfs(mp), ino, &check);
	if (error == 0)
		error = get_vnode(mp, ino, lktype, vpp);
	return error == ESTALE ? ENOENT : error;
}

int
msdosfs_fhtovp(struct mount *mp, struct fid *fid, int lktype,
    struct vnode **vpp)
{
	struct msdosfs_handle handle;
	uint32_t check;
	int error;

	*vpp = NULL;
	if (fid->fid_len != sizeof(handle))
		return EINVAL;
	memcpy(&handle, fid, sizeof(handle));
	error = check_key(mount_to_msdosfs(mp), handle.mh_key, &check);
	if (error == 0 && check != handle.mh_check)
		error = ESTALE;
	if (error == 0)
		error = get_vnode(mp, handle.mh_key, lktype, vpp);
	if (error == ENOENT)
		error = ESTALE;
	if (error != 0)
		return error;
	/* It may have been removed, and still be open. */
	if (!vnode_to_msdosfs(*vpp)->n_unlinked)
		return 0;
	if (lktype == LK_NONE)
		vrele(*vpp);
	else
		vput(*vpp);
	*vpp = NULL;
	return ESTALE;
}

int
msdosfs_vptofh(struct vnode *vp, struct fid *fid, size_t *len)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_handle handle;

	if (fid == NULL || *len < sizeof(handle)) {
		*len = sizeof(handle);
		return E2BIG;
	}
	*len = sizeof(handle);
	memset(&handle, 0, sizeof(handle));
	handle.mh_len = sizeof(handle);
	msdosfs_enter(node->n_mount);
	handle.mh_key = node->n_key;
	handle.mh_check = msdosfs_node_check(node);
	msdosfs_leave(node->n_mount);
	memcpy(fid, &handle, sizeof(handle));
	return 0;
}

/* --------------------------------------------------------------- component */

void
msdosfs_init(void)
{
}

void
msdosfs_reinit(void)
{
}

void
msdosfs_done(void)
{
}

static const struct vnodeopv_desc *const msdosfs_opv_descs[] = {
	&msdosfs_vnodeop_opv_desc,
	NULL
};

static struct vfsops msdosfs_vfsops = {
	.vfs_name = MOUNT_MSDOS,
	.vfs_min_mount_data = sizeof(struct msdosfs_args),
	.vfs_opv_descs = msdosfs_opv_descs,

	/* Life. */
	.vfs_init = msdosfs_init,
	.vfs_done = msdosfs_done,
	.vfs_reinit = msdosfs_reinit,
	.vfs_mount = msdosfs_mount,
	.vfs_start = msdosfs_start,
	.vfs_unmount = msdosfs_unmount,
	.vfs_sync = msdosfs_sync,
	.vfs_suspendctl = genfs_suspendctl,

	/* Vnodes. */
	.vfs_root = msdosfs_root,
	.vfs_vget = msdosfs_vget,
	.vfs_loadvnode = msdosfs_loadvnode,
	.vfs_fhtovp = msdosfs_fhtovp,
	.vfs_vptofh = msdosfs_vptofh,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,

	/* Questions. */
	.vfs_statvfs = msdosfs_statvfs,
	.vfs_extattrctl = vfs_stdextattrctl
};

static int
msdos_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		return vfs_attach(&msdosfs_vfsops);
	case MODULE_CMD_FINI:
		return vfs_detach(&msdosfs_vfsops);
	default:
		return ENOTTY;
	}
}
