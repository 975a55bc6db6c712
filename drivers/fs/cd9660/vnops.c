/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Vnode operations of ISO 9660, and the vectors.
 *
 * Everything here reads, and needs no lock but that of the vnode, shared.
 * Contents come through the page cache (genfs, by bmap.c); names and attributes
 * were read when the node was made.
 *
 * In files of their own: lookup.c, readdir.c, bmap.c (with STRATEGY).
 */

#include "cd9660.h"

#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/unistd.h>

#include <miscfs/fifofs/fifo.h>
#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>

static int
cd9660_access(void *v)
{
	struct vop_access_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const struct cd9660_node *node = vnode_to_cd9660(vp);

	if ((ap->a_accmode & VWRITE) != 0 &&
	    (vp->v_type == VREG || vp->v_type == VDIR || vp->v_type == VLNK))
		return EROFS;
	return kauth_authorize_vnode(ap->a_cred,
	    KAUTH_ACCESS_ACTION(ap->a_accmode, vp->v_type, node->cn_mode), vp,
	    NULL, genfs_can_access(vp, ap->a_cred, node->cn_uid, node->cn_gid,
	    node->cn_mode, NULL, ap->a_accmode));
}

static int
cd9660_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	struct vattr *va = ap->a_vap;
	const struct cd9660_node *node = vnode_to_cd9660(ap->a_vp);
	const struct cd9660_mount *cm = node->cn_mount;

	vattr_null(va);
	va->va_type = node->cn_type;
	va->va_mode = node->cn_mode;
	va->va_nlink = node->cn_nlink;
	va->va_uid = node->cn_uid;
	va->va_gid = node->cn_gid;
	va->va_fsid = cm->cm_mp->mnt_stat.f_fsidx.__fsid_val[0];
	va->va_fileid = node->cn_position;
	va->va_size = node->cn_size;
	va->va_blocksize = MAXPHYS;
	va->va_atime = node->cn_atime;
	va->va_mtime = node->cn_mtime;
	va->va_ctime = node->cn_ctime;
	va->va_birthtime = node->cn_btime;
	va->va_gen = 1;
	va->va_flags = 0;
	va->va_rdev = node->cn_rdev;
	va->va_bytes = node->cn_type == VLNK ? 0 :
	    roundup2(node->cn_size, 1ULL << cm->cm_block_shift);
	va->va_filerev = 0;
	return 0;
}

/* Nothing can change; what asks for no change is no error. */
static int
cd9660_setattr(void *v)
{
	struct vop_setattr_args *ap = v;
	const struct vattr *va = ap->a_vap;

	if (va->va_flags != VNOVALFLAGS || va->va_mode != (mode_t)VNOVAL ||
	    va->va_uid != (uid_t)VNOVAL || va->va_gid != (gid_t)VNOVAL ||
	    va->va_atime.tv_sec != VNOVAL || va->va_mtime.tv_sec != VNOVAL ||
	    va->va_birthtime.tv_sec != VNOVAL)
		return EROFS;
	if (va->va_size == VNOVALSIZE)
		return 0;
	switch (ap->a_vp->v_type) {
	case VDIR:
		return EISDIR;
	case VREG:
	case VLNK:
		return EROFS;
	default:
		return 0;
	}
}

static int
cd9660_read_vnode(void *v)
{
	struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uio *uio = ap->a_uio;
	const struct cd9660_node *node = vnode_to_cd9660(vp);
	const int advice = IO_ADV_DECODE(ap->a_ioflag);
	vsize_t len;
	int error = 0;

	if (vp->v_type == VDIR)
		return EISDIR;
	if (vp->v_type != VREG || uio->uio_offset < 0)
		return EINVAL;
	if (node->cn_unsupported)
		return EOPNOTSUPP;
	while (error == 0 && uio->uio_resid > 0 &&
	    (uint64_t)uio->uio_offset < node->cn_size) {
		len = MIN(node->cn_size - uio->uio_offset, uio->uio_resid);
		error = ubc_uiomove(&vp->v_uobj, uio, len, advice,
		    UBC_READ | UBC_PARTIALOK | UBC_VNODE_FLAGS(vp));
	}
	return error;
}

static int
cd9660_readlink(void *v)
{
	struct vop_readlink_args *ap = v;
	const struct cd9660_node *node = vnode_to_cd9660(ap->a_vp);

	if (node->cn_type != VLNK)
		return EINVAL;
	return uiomove_frombuf(node->cn_link, node->cn_size, ap->a_uio);
}

static int
cd9660_inactive(void *v)
{
	struct vop_inactive_v2_args *ap = v;

	*ap->a_recycle = false;
	return 0;
}

static int
cd9660_reclaim(void *v)
{
	struct vop_reclaim_v2_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct cd9660_node *node = vnode_to_cd9660(vp);

	VOP_UNLOCK(vp);
	genfs_node_destroy(vp);
	vp->v_data = NULL;
	cd9660_node_destroy(node);
	return 0;
}

static int
cd9660_pathconf(void *v)
{
	static const struct {
		int		name;
		register_t	value;
	} limits[] = {
		{ _PC_NAME_MAX, KERNEL_NAME_MAX },
		{ _PC_SYMLINK_MAX, MAXPATHLEN },
		{ _PC_LINK_MAX, LINK_MAX },
		{ _PC_FILESIZEBITS, 64 },
		{ _PC_NO_TRUNC, 1 },
		{ _PC_CHOWN_RESTRICTED, 1 },
		{ _PC_SYNC_IO, 1 },
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
cd9660_print(void *v)
{
	struct vop_print_args *ap = v;
	const struct cd9660_node *node = vnode_to_cd9660(ap->a_vp);

	printf("cd9660 node at byte %#jx, %ju bytes in %u sections\n",
	    (uintmax_t)node->cn_position, (uintmax_t)node->cn_size,
	    node->cn_nsections);
	return 0;
}

/* Pages are never dirty: no block is ever allocated. */
const struct genfs_ops cd9660_genfsops = {
	.gop_size = genfs_size,
	.gop_write = genfs_gop_write,
	.gop_putrange = genfs_gop_putrange
};

/* ----------------------------------------------------------------- vectors */

/* What all three vectors have: the node's own side. */
#define CD9660_NODE_ENTRIES \
	{ &vop_default_desc, vn_default_error }, \
	{ &vop_getattr_desc, cd9660_getattr }, \
	{ &vop_setattr_desc, cd9660_setattr }, \
	{ &vop_access_desc, cd9660_access }, \
	{ &vop_accessx_desc, genfs_accessx }, \
	{ &vop_inactive_desc, cd9660_inactive }, \
	{ &vop_reclaim_desc, cd9660_reclaim }, \
	{ &vop_islocked_desc, genfs_islocked }, \
	{ &vop_lock_desc, genfs_lock }, \
	{ &vop_unlock_desc, genfs_unlock }, \
	{ &vop_fcntl_desc, genfs_fcntl }, \
	{ &vop_bwrite_desc, vn_bwrite }, \
	{ &vop_print_desc, cd9660_print }

int (**cd9660_vnodeop_p)(void *);
static const struct vnodeopv_entry_desc cd9660_vnodeop_entries[] = {
	CD9660_NODE_ENTRIES,

	/* Contents. */
	{ &vop_read_desc, cd9660_read_vnode },
	{ &vop_getpages_desc, genfs_getpages },
	{ &vop_putpages_desc, genfs_putpages },
	{ &vop_bmap_desc, cd9660_bmap },
	{ &vop_strategy_desc, cd9660_strategy },
	{ &vop_readdir_desc, cd9660_readdir },
	{ &vop_readlink_desc, cd9660_readlink },

	/* Names. */
	{ &vop_lookup_desc, cd9660_lookup },
	{ &vop_parsepath_desc, genfs_parsepath },
	{ &vop_abortop_desc, genfs_abortop },
	{ &vop_pathconf_desc, cd9660_pathconf },

	/* What an open file can be asked. */
	{ &vop_open_desc, genfs_nullop },
	{ &vop_seek_desc, genfs_seek },
	{ &vop_mmap_desc, genfs_mmap },
	{ &vop_poll_desc, genfs_poll },
	{ &vop_kqfilter_desc, genfs_kqfilter },
	{ &vop_ioctl_desc, genfs_enoioctl },
	{ &vop_advlock_desc, genfs_advlock },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_revoke_desc, genfs_revoke },
	{ &vop_close_desc, genfs_nullop },

	/* Changes. */
	{ &vop_write_desc, genfs_eopnotsupp },
	{ &vop_fdiscard_desc, genfs_eopnotsupp },
	{ &vop_fallocate_desc, genfs_eopnotsupp },
	{ &vop_mkdir_desc, genfs_eopnotsupp },
	{ &vop_create_desc, genfs_eopnotsupp },
	{ &vop_symlink_desc, genfs_eopnotsupp },
	{ &vop_mknod_desc, genfs_eopnotsupp },
	{ &vop_link_desc, genfs_eopnotsupp },
	{ &vop_rmdir_desc, genfs_eopnotsupp },
	{ &vop_remove_desc, genfs_eopnotsupp },
	{ &vop_rename_desc, genfs_eopnotsupp },
	{ NULL, NULL }
};
const struct vnodeopv_desc cd9660_vnodeop_opv_desc =
	{ &cd9660_vnodeop_p, cd9660_vnodeop_entries };

/* Device special files: the device's operations, this disc's attributes. */
int (**cd9660_specop_p)(void *);
static const struct vnodeopv_entry_desc cd9660_specop_entries[] = {
	CD9660_NODE_ENTRIES,
	GENFS_SPECOP_ENTRIES,
	{ &vop_read_desc, spec_read },
	{ &vop_write_desc, spec_write },
	{ &vop_fsync_desc, spec_fsync },
	{ &vop_close_desc, spec_close },
	{ NULL, NULL }
};
const struct vnodeopv_desc cd9660_specop_opv_desc =
	{ &cd9660_specop_p, cd9660_specop_entries };

/* Named pipes: likewise. */
int (**cd9660_fifoop_p)(void *);
static const struct vnodeopv_entry_desc cd9660_fifoop_entries[] = {
	CD9660_NODE_ENTRIES,
	GENFS_FIFOOP_ENTRIES,
	{ &vop_read_desc, vn_fifo_bypass },
	{ &vop_write_desc, vn_fifo_bypass },
	{ &vop_strategy_desc, vn_fifo_bypass },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_close_desc, vn_fifo_bypass },
	{ NULL, NULL }
};
const struct vnodeopv_desc cd9660_fifoop_opv_desc =
	{ &cd9660_fifoop_p, cd9660_fifoop_entries };
