/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Vnode operations: open files, the life of a vnode; and the vector.
 *
 * In files of their own: attributes.c, bmap.c, data.c, lookup.c, names.c,
 * readdir.c, rename.c.
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/unistd.h>

#include <miscfs/genfs/genfs.h>
#include <uvm/uvm_extern.h>

static int
msdosfs_read(void *v)
{
	struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int error;

	if (vp->v_type == VDIR)
		return EISDIR;
	if (ap->a_uio->uio_offset < 0)
		return EINVAL;
	error = msdosfs_data_read(vp, ap->a_uio, ap->a_ioflag);
	if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) &
	    (MNT_NOATIME | MNT_RDONLY)) == 0)
		msdosfs_node_touch(vnode_to_msdosfs(vp),
		    MSDOSFS_DUE_ACCESSED);
	return error;
}

/* Data, metadata, and the device's cache. */
static int
sync_all(struct vnode *vp)
{
	struct msdosfs_mount *mm = mount_to_msdosfs(vp->v_mount);
	int error;

	error = msdosfs_node_sync(vp, FSYNC_WAIT);
	msdosfs_enter(mm);
	if (error == 0)
		error = msdosfs_meta_flush(mm);
	if (error == 0)
		error = mm->mm_error;
	mm->mm_error = 0;
	msdosfs_leave(mm);
	return error != 0 ? error : msdosfs_device_flush(mm);
}

static int
msdosfs_write(void *v)
{
	struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uio *uio = ap->a_uio;
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	const uint32_t old = node->n_size;
	const size_t len = uio->uio_resid;
	int error;

	if (vp->v_type != VREG || uio->uio_offset < 0)
		return EINVAL;
	if (len == 0)
		return 0;
	error = msdosfs_data_write(vp, uio, ap->a_ioflag);
	if (uio->uio_resid != len) {
		msdosfs_node_touch(node, MSDOSFS_DUE_MODIFIED);
		VN_KNOTE(vp, node->n_size > old ? NOTE_WRITE | NOTE_EXTEND :
		    NOTE_WRITE);
	}
	if (error == 0 && (ap->a_ioflag & (IO_SYNC | IO_DSYNC)) != 0)
		error = sync_all(vp);
	return error;
}

int
msdosfs_node_sync(struct vnode *vp, int flags)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_mount *mm = node->n_mount;
	int error;

	error = vflushbuf(vp, flags);
	if (!msdosfs_node_stale(node) || mm->mm_readonly)
		return error;
	msdosfs_node_settle(node);
	if ((atomic_load_relaxed(&node->n_due) & MSDOSFS_DUE_ENTRY) == 0)
		return error;
	if (error == 0)
		error = msdosfs_enter_write(mm);
	if (error == 0) {
		error = msdosfs_node_update(node);
		msdosfs_leave(mm);
	}
	return error;
}

int
msdosfs_fsync(void *v)
{
	struct vop_fsync_args *ap = v;
	struct vnode *vp = ap->a_vp;

	/* A vnode that goes needs its entry in memory only. */
	if ((ap->a_flags & FSYNC_WAIT) != 0 &&
	    (ap->a_flags & FSYNC_RECLAIM) == 0 &&
	    !mount_to_msdosfs(vp->v_mount)->mm_readonly)
		return sync_all(vp);
	return msdosfs_node_sync(vp, ap->a_flags);
}

/* The entry of what nobody uses is brought up to date in memory. */
static void
settle_entry(struct msdosfs_node *node)
{

	msdosfs_node_settle(node);
	if ((atomic_load_relaxed(&node->n_due) & MSDOSFS_DUE_ENTRY) == 0 ||
	    msdosfs_enter_write(node->n_mount) != 0)
		return;
	(void)msdosfs_node_update(node);
	msdosfs_leave(node->n_mount);
}

/* Free all that something without a name has. */
static void
free_all(struct vnode *vp)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_mount *mm = node->n_mount;

	if (!node->n_is_dir && node->n_size != 0)
		(void)msdosfs_data_resize(vp, 0);
	/* A directory; or a file with clusters behind its end. */
	if (node->n_start == 0 || msdosfs_enter_write(mm) != 0)
		return;
	msdosfs_index_drop(node);
	msdosfs_extents_forget(node);
	(void)msdosfs_extents_cut(node, 0);
	node->n_slots = 0;
	msdosfs_leave(mm);
}

/* What has no name is freed as soon as nobody has it open. */
static int
msdosfs_inactive(void *v)
{
	struct vop_inactive_v2_args *ap = v;
	struct msdosfs_node *node = vnode_to_msdosfs(ap->a_vp);

	*ap->a_recycle = node->n_unlinked;
	if (node->n_unlinked) {
		free_all(ap->a_vp);
		return 0;
	}
	msdosfs_data_settle(ap->a_vp);
	settle_entry(node);
	return 0;
}

static int
msdosfs_reclaim(void *v)
{
	struct vop_reclaim_v2_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_mount *mm = node->n_mount;

	VOP_UNLOCK(vp);
	msdosfs_enter(mm);
	if (!mm->mm_readonly) {
		(void)msdosfs_node_update(node);
		/* Who reads its chain anew must not find what was cut off. */
		if (node->n_cut == mm->mm_flushes && !node->n_unlinked)
			(void)msdosfs_meta_flush(mm);
	}
	msdosfs_index_drop(node);
	msdosfs_leave(mm);
	genfs_node_destroy(vp);
	vp->v_data = NULL;
	msdosfs_node_destroy(node);
	return 0;
}

static int
msdosfs_pathconf(void *v)
{
	static const struct {
		int		name;
		register_t	value;
	} limits[] = {
		{ _PC_NAME_MAX, KERNEL_NAME_MAX },
		{ _PC_LINK_MAX, 1 },
		{ _PC_FILESIZEBITS, 33 },
		{ _PC_CHOWN_RESTRICTED, 1 },
		{ _PC_SYNC_IO, 1 },
		{ _PC_NO_TRUNC, 1 },
	};
	struct vop_pathconf_args *ap = v;
	unsigned int i;

	for (i = 0; i < __arraycount(limits); i++) {
		if (limits[i].name == ap->a_name) {
			*ap->a_retval = limits[i].value;
			return 0;
		}
	}
	return genfs_pathconf(ap);
}

static int
msdosfs_print(void *v)
{
	struct vop_print_args *ap = v;
	const struct msdosfs_node *node = vnode_to_msdosfs(ap->a_vp);

	printf("msdosfs node %#jx, cluster %u, %u bytes, %u extents\n",
	    (uintmax_t)node->n_key, node->n_start, node->n_size,
	    node->n_nextents);
	return 0;
}

/* ------------------------------------------------------------------- pages */

/* Blocks are there before pages are written. */
static int
gop_alloc(struct vnode *vp, off_t off, off_t len, int flags,
    kauth_cred_t cred)
{

	return 0;
}

static void
gop_markupdate(struct vnode *vp, int flags)
{

	msdosfs_node_touch(vnode_to_msdosfs(vp),
	    ((flags & GOP_UPDATE_ACCESSED) != 0 ? MSDOSFS_DUE_ACCESSED : 0) |
	    ((flags & GOP_UPDATE_MODIFIED) != 0 ? MSDOSFS_DUE_MODIFIED : 0));
}

const struct genfs_ops msdosfs_genfsops = {
	.gop_size = genfs_size,
	.gop_alloc = gop_alloc,
	.gop_write = genfs_gop_write,
	.gop_markupdate = gop_markupdate,
	.gop_putrange = genfs_gop_putrange
};

/* ------------------------------------------------------------------ vector */

int (**msdosfs_vnodeop_p)(void *);
static const struct vnodeopv_entry_desc msdosfs_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },

	/* Names. */
	{ &vop_lookup_desc, msdosfs_lookup },
	{ &vop_create_desc, msdosfs_create },
	{ &vop_mkdir_desc, msdosfs_mkdir },
	{ &vop_remove_desc, msdosfs_remove },
	{ &vop_rmdir_desc, msdosfs_rmdir },
	{ &vop_rename_desc, msdosfs_rename },
	{ &vop_readdir_desc, msdosfs_readdir },
	{ &vop_abortop_desc, genfs_abortop },
	{ &vop_parsepath_desc, genfs_parsepath },

	/* Contents. */
	{ &vop_read_desc, msdosfs_read },
	{ &vop_write_desc, msdosfs_write },
	{ &vop_fsync_desc, msdosfs_fsync },
	{ &vop_getpages_desc, genfs_getpages },
	{ &vop_putpages_desc, genfs_putpages },
	{ &vop_bmap_desc, msdosfs_bmap },
	{ &vop_strategy_desc, msdosfs_strategy },
	{ &vop_bwrite_desc, vn_bwrite },

	/* Attributes. */
	{ &vop_access_desc, msdosfs_access },
	{ &vop_accessx_desc, genfs_accessx },
	{ &vop_getattr_desc, msdosfs_getattr },
	{ &vop_setattr_desc, msdosfs_setattr },
	{ &vop_pathconf_desc, msdosfs_pathconf },

	/* The vnode. */
	{ &vop_inactive_desc, msdosfs_inactive },
	{ &vop_reclaim_desc, msdosfs_reclaim },
	{ &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock },
	{ &vop_islocked_desc, genfs_islocked },
	{ &vop_print_desc, msdosfs_print },

	/* Open files. */
	{ &vop_open_desc, genfs_nullop },
	{ &vop_close_desc, genfs_nullop },
	{ &vop_advlock_desc, genfs_advlock },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ &vop_ioctl_desc, genfs_enoioctl },
	{ &vop_kqfilter_desc, genfs_kqfilter },
	{ &vop_mmap_desc, genfs_mmap },
	{ &vop_poll_desc, genfs_poll },
	{ &vop_revoke_desc, genfs_revoke },
	{ &vop_seek_desc, genfs_seek },

	/* What the format has not. */
	{ &vop_fallocate_desc, genfs_eopnotsupp },
	{ &vop_fdiscard_desc, genfs_eopnotsupp },
	{ &vop_link_desc, genfs_eopnotsupp },
	{ &vop_mknod_desc, genfs_eopnotsupp },
	{ &vop_readlink_desc, genfs_eopnotsupp },
	{ &vop_symlink_desc, genfs_eopnotsupp },
	{ NULL, NULL }
};
const struct vnodeopv_desc msdosfs_vnodeop_opv_desc =
	{ &msdosfs_vnodeop_p, msdosfs_vnodeop_entries };
