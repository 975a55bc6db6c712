/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Vnode operations of the memory file system: open files, and the life of a
 * vnode; and the vectors.
 *
 * In files of their own: attributes.c, data.c (with GETPAGES), lookup.c,
 * names.c, readdir.c, rename.c.
 */

#include "tmpfs.h"

#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/unistd.h>

#include <miscfs/fifofs/fifo.h>
#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>

/* A file that may only grow is opened for writing at its end or not at all. */
static int
tmpfs_open(void *v)
{
	struct vop_open_args *ap = v;

	if ((vnode_to_tmpfs(ap->a_vp)->tn_flags & TMPFS_APPEND) != 0 &&
	    (ap->a_mode & (FWRITE | O_APPEND)) == FWRITE)
		return EPERM;
	return 0;
}

static int
tmpfs_read(void *v)
{
	struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int error;

	if (vp->v_type == VDIR)
		return EISDIR;
	if (vp->v_type != VREG || ap->a_uio->uio_offset < 0)
		return EINVAL;
	error = tmpfs_data_read(vp, ap->a_uio, ap->a_ioflag);
	tmpfs_touch_accessed(vp);
	return error;
}

/* What others wrote does not run with the owner's rights. */
static void
drop_setid(struct vnode *vp, kauth_cred_t cred)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);
	const mode_t setid = node->tn_mode & (S_ISUID | S_ISGID);
	kauth_action_t action = 0;

	if (setid == 0)
		return;
	if ((setid & S_ISUID) != 0)
		action |= KAUTH_VNODE_RETAIN_SUID;
	if ((setid & S_ISGID) != 0)
		action |= KAUTH_VNODE_RETAIN_SGID;
	if (kauth_authorize_vnode(cred, action, vp, NULL, EPERM) != 0)
		node->tn_mode &= ~setid;
}

static int
tmpfs_write(void *v)
{
	struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uio *uio = ap->a_uio;
	const uint64_t old = vnode_to_tmpfs(vp)->tn_size;
	const size_t len = uio->uio_resid;
	int error;

	if (vp->v_type != VREG || uio->uio_offset < 0)
		return EINVAL;
	if (len == 0)
		return 0;
	if ((vnode_to_tmpfs(vp)->tn_flags & TMPFS_APPEND) != 0 &&
	    (ap->a_ioflag & IO_APPEND) == 0 && (uint64_t)uio->uio_offset != old)
		return EPERM;
	error = tmpfs_data_write(vp, uio, ap->a_ioflag);
	if (uio->uio_resid != len) {
		tmpfs_touch(vp, TMPFS_MODIFIED);
		drop_setid(vp, ap->a_cred);
		VN_KNOTE(vp, vnode_to_tmpfs(vp)->tn_size > old ?
		    NOTE_WRITE | NOTE_EXTEND : NOTE_WRITE);
	}
	return error;
}

static int
tmpfs_fallocate(void *v)
{
	struct vop_fallocate_args *ap = v;

	if (ap->a_vp->v_type != VREG)
		return ENODEV;
	if (ap->a_pos < 0 || ap->a_len <= 0)
		return EINVAL;
	return tmpfs_data_allocate(ap->a_vp, ap->a_pos,
	    (uint64_t)ap->a_pos + ap->a_len);
}

static int
tmpfs_fdiscard(void *v)
{
	struct vop_fdiscard_args *ap = v;
	const uint64_t size = vnode_to_tmpfs(ap->a_vp)->tn_size;
	uint64_t from, to;

	if (ap->a_vp->v_type != VREG)
		return ENODEV;
	if (ap->a_pos < 0 || ap->a_len < 0)
		return EINVAL;
	from = ap->a_pos;
	/* the last page goes if the range has all of it, past the end of the file */
	to = MIN(from + ap->a_len, round_page(size));
	if (from < to)
		tmpfs_data_discard(ap->a_vp, from, to);
	tmpfs_touch(ap->a_vp, TMPFS_MODIFIED);
	return 0;
}

static int
tmpfs_readlink(void *v)
{
	struct vop_readlink_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct tmpfs_node *node = vnode_to_tmpfs(vp);
	int error;

	if (vp->v_type != VLNK)
		return EINVAL;
	error = uiomove(node->tn_link,
	    MIN(node->tn_size, ap->a_uio->uio_resid), ap->a_uio);
	tmpfs_touch_accessed(vp);
	return error;
}

/* A node without a name loses its data as soon as nobody has it open. */
static int
tmpfs_inactive(void *v)
{
	struct vop_inactive_v2_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct tmpfs_node *node = vnode_to_tmpfs(vp);

	*ap->a_recycle = node->tn_nlink == 0;
	if (node->tn_nlink != 0)
		tmpfs_settle_accessed(vp);
	else if (vp->v_type == VREG && node->tn_size != 0)
		(void)tmpfs_data_resize(vp, 0);
	return 0;
}

static int
tmpfs_reclaim(void *v)
{
	struct vop_reclaim_v2_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct tmpfs_node *node = vnode_to_tmpfs(vp);

	VOP_UNLOCK(vp);
	vp->v_data = NULL;
	if (node->tn_nlink == 0)
		tmpfs_node_destroy(mount_to_tmpfs(vp->v_mount), node);
	return 0;
}

static int
tmpfs_pathconf(void *v)
{
	static const struct {
		int		name;
		register_t	value;
	} limits[] = {
		{ _PC_NAME_MAX, KERNEL_NAME_MAX },
		{ _PC_LINK_MAX, LINK_MAX },
		{ _PC_SYMLINK_MAX, MAXPATHLEN },
		{ _PC_FILESIZEBITS, 64 },
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
tmpfs_print(void *v)
{
	struct vop_print_args *ap = v;
	const struct tmpfs_node *node = vnode_to_tmpfs(ap->a_vp);

	printf("tmpfs node %ju, type %d, mode %o, %u links, %ju bytes\n",
	    (uintmax_t)node->tn_id, node->tn_type, node->tn_mode,
	    node->tn_nlink, (uintmax_t)node->tn_size);
	return 0;
}

/* ----------------------------------------------------------------- vectors */

/* What all three vectors have: the node's own side. */
#define TMPFS_NODE_ENTRIES \
	{ &vop_default_desc, vn_default_error }, \
	{ &vop_setattr_desc, tmpfs_setattr }, \
	{ &vop_getattr_desc, tmpfs_getattr }, \
	{ &vop_accessx_desc, genfs_accessx }, \
	{ &vop_access_desc, tmpfs_access }, \
	{ &vop_reclaim_desc, tmpfs_reclaim }, \
	{ &vop_inactive_desc, tmpfs_inactive }, \
	{ &vop_unlock_desc, genfs_unlock }, \
	{ &vop_lock_desc, genfs_lock }, \
	{ &vop_islocked_desc, genfs_islocked }, \
	{ &vop_bwrite_desc, vn_bwrite }, \
	{ &vop_fcntl_desc, genfs_fcntl }, \
	{ &vop_print_desc, tmpfs_print }

int (**tmpfs_vnodeop_p)(void *);
static const struct vnodeopv_entry_desc tmpfs_vnodeop_entries[] = {
	TMPFS_NODE_ENTRIES,

	/* Contents. */
	{ &vop_read_desc, tmpfs_read },
	{ &vop_write_desc, tmpfs_write },
	{ &vop_fdiscard_desc, tmpfs_fdiscard },
	{ &vop_fallocate_desc, tmpfs_fallocate },
	{ &vop_getpages_desc, tmpfs_getpages },
	{ &vop_putpages_desc, genfs_null_putpages },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_readlink_desc, tmpfs_readlink },
	{ &vop_readdir_desc, tmpfs_readdir },

	/* Names. */
	{ &vop_lookup_desc, tmpfs_lookup },
	{ &vop_parsepath_desc, genfs_parsepath },
	{ &vop_abortop_desc, genfs_abortop },
	{ &vop_mkdir_desc, tmpfs_mkdir },
	{ &vop_create_desc, tmpfs_create },
	{ &vop_symlink_desc, tmpfs_symlink },
	{ &vop_mknod_desc, tmpfs_mknod },
	{ &vop_link_desc, tmpfs_link },
	{ &vop_whiteout_desc, tmpfs_whiteout },
	{ &vop_rmdir_desc, tmpfs_rmdir },
	{ &vop_remove_desc, tmpfs_remove },
	{ &vop_rename_desc, tmpfs_rename },

	/* Open files. */
	{ &vop_open_desc, tmpfs_open },
	{ &vop_mmap_desc, genfs_mmap },
	{ &vop_seek_desc, genfs_seek },
	{ &vop_kqfilter_desc, genfs_kqfilter },
	{ &vop_poll_desc, genfs_poll },
	{ &vop_advlock_desc, genfs_advlock },
	{ &vop_ioctl_desc, genfs_enoioctl },
	{ &vop_pathconf_desc, tmpfs_pathconf },
	{ &vop_revoke_desc, genfs_revoke },
	{ &vop_close_desc, genfs_nullop },
	{ NULL, NULL }
};
const struct vnodeopv_desc tmpfs_vnodeop_opv_desc =
	{ &tmpfs_vnodeop_p, tmpfs_vnodeop_entries };

/* Device special files: the device's operations, the node's attributes. */
int (**tmpfs_specop_p)(void *);
static const struct vnodeopv_entry_desc tmpfs_specop_entries[] = {
	TMPFS_NODE_ENTRIES,
	GENFS_SPECOP_ENTRIES,
	{ &vop_write_desc, spec_write },
	{ &vop_read_desc, spec_read },
	{ &vop_close_desc, spec_close },
	{ &vop_fsync_desc, spec_fsync },
	{ NULL, NULL }
};
const struct vnodeopv_desc tmpfs_specop_opv_desc =
	{ &tmpfs_specop_p, tmpfs_specop_entries };

/* Named pipes: likewise. */
int (**tmpfs_fifoop_p)(void *);
static const struct vnodeopv_entry_desc tmpfs_fifoop_entries[] = {
	TMPFS_NODE_ENTRIES,
	GENFS_FIFOOP_ENTRIES,
	{ &vop_write_desc, vn_fifo_bypass },
	{ &vop_read_desc, vn_fifo_bypass },
	{ &vop_close_desc, vn_fifo_bypass },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_strategy_desc, vn_fifo_bypass },
	{ NULL, NULL }
};
const struct vnodeopv_desc tmpfs_fifoop_opv_desc =
	{ &tmpfs_fifoop_p, tmpfs_fifoop_entries };
