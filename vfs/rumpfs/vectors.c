/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: the operations of each kind of vnode.
 */
#include <sys/param.h>
#include <sys/vnode.h>

#include <miscfs/fifofs/fifo.h>
#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>

#include "rumpfs.h"

int (**rumpfs_vnodeop_p)(void *);
int (**rumpfs_rootop_p)(void *);
int (**rumpfs_specop_p)(void *);
int (**rumpfs_fifoop_p)(void *);
int (**rumpfs_hostop_p)(void *);

/* What every vnode of ours does in the same way. */
#define COMMON_ENTRIES \
	{ &vop_default_desc, vn_default_error }, \
	{ &vop_access_desc, rumpfs_access }, \
	{ &vop_accessx_desc, genfs_accessx }, \
	{ &vop_getattr_desc, rumpfs_getattr }, \
	{ &vop_setattr_desc, rumpfs_setattr }, \
	{ &vop_inactive_desc, rumpfs_inactive }, \
	{ &vop_reclaim_desc, rumpfs_reclaim }, \
	{ &vop_lock_desc, genfs_lock }, \
	{ &vop_unlock_desc, genfs_unlock }, \
	{ &vop_islocked_desc, genfs_islocked }, \
	{ &vop_print_desc, rumpfs_print }, \
	{ &vop_bwrite_desc, vn_bwrite }

/* Directories, regular files, links, sockets. */
#define TREE_ENTRIES \
	COMMON_ENTRIES, \
	{ &vop_lookup_desc, rumpfs_lookup }, \
	{ &vop_create_desc, rumpfs_create }, \
	{ &vop_mknod_desc, rumpfs_mknod }, \
	{ &vop_mkdir_desc, rumpfs_mkdir }, \
	{ &vop_symlink_desc, rumpfs_symlink }, \
	{ &vop_link_desc, rumpfs_link }, \
	{ &vop_remove_desc, rumpfs_remove }, \
	{ &vop_rmdir_desc, rumpfs_rmdir }, \
	{ &vop_rename_desc, rumpfs_rename }, \
	{ &vop_whiteout_desc, rumpfs_whiteout }, \
	{ &vop_abortop_desc, genfs_abortop }, \
	{ &vop_readdir_desc, rumpfs_readdir }, \
	{ &vop_open_desc, rumpfs_open }, \
	{ &vop_close_desc, genfs_nullop }, \
	{ &vop_read_desc, rumpfs_read }, \
	{ &vop_write_desc, rumpfs_write }, \
	{ &vop_readlink_desc, rumpfs_readlink }, \
	{ &vop_fsync_desc, genfs_nullop }, \
	{ &vop_seek_desc, genfs_seek }, \
	{ &vop_fcntl_desc, rumpfs_fcntl }, \
	{ &vop_ioctl_desc, genfs_enoioctl }, \
	{ &vop_poll_desc, genfs_poll }, \
	{ &vop_kqfilter_desc, genfs_kqfilter }, \
	{ &vop_mmap_desc, genfs_mmap }, \
	{ &vop_revoke_desc, genfs_revoke }, \
	{ &vop_pathconf_desc, rumpfs_pathconf }, \
	{ &vop_advlock_desc, genfs_advlock }, \
	{ &vop_getpages_desc, rumpfs_getpages }, \
	{ &vop_putpages_desc, rumpfs_putpages }

static const struct vnodeopv_entry_desc vnode_entries[] = {
	TREE_ENTRIES,
	{ &vop_parsepath_desc, genfs_parsepath },
	{ NULL, NULL }
};
static const struct vnodeopv_desc vnode_opv = {
	&rumpfs_vnodeop_p, vnode_entries
};

/* The root: where the keys of etfs are. */
static const struct vnodeopv_entry_desc root_entries[] = {
	TREE_ENTRIES,
	{ &vop_parsepath_desc, rumpfs_parsepath },
	{ NULL, NULL }
};
static const struct vnodeopv_desc root_opv = {
	&rumpfs_rootop_p, root_entries
};

static const struct vnodeopv_entry_desc spec_entries[] = {
	COMMON_ENTRIES,
	GENFS_SPECOP_ENTRIES,
	{ &vop_close_desc, spec_close },
	{ &vop_read_desc, spec_read },
	{ &vop_write_desc, spec_write },
	{ &vop_fsync_desc, spec_fsync },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ NULL, NULL }
};
static const struct vnodeopv_desc spec_opv = {
	&rumpfs_specop_p, spec_entries
};

static const struct vnodeopv_entry_desc fifo_entries[] = {
	COMMON_ENTRIES,
	GENFS_FIFOOP_ENTRIES,
	{ &vop_close_desc, vn_fifo_bypass },
	{ &vop_read_desc, vn_fifo_bypass },
	{ &vop_write_desc, vn_fifo_bypass },
	{ &vop_fsync_desc, genfs_nullop },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ NULL, NULL }
};
static const struct vnodeopv_desc fifo_opv = {
	&rumpfs_fifoop_p, fifo_entries
};

/* Files and directories of the host: looked at, read, written. */
static const struct vnodeopv_entry_desc host_entries[] = {
	COMMON_ENTRIES,
	{ &vop_parsepath_desc, genfs_parsepath },
	{ &vop_lookup_desc, rumpfs_host_lookup_vop },
	{ &vop_open_desc, rumpfs_host_open },
	{ &vop_close_desc, rumpfs_host_close },
	{ &vop_read_desc, rumpfs_host_read },
	{ &vop_write_desc, rumpfs_host_write },
	{ &vop_fsync_desc, rumpfs_host_fsync },
	{ &vop_readdir_desc, rumpfs_host_readdir },
	{ &vop_seek_desc, genfs_seek },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ &vop_ioctl_desc, genfs_enoioctl },
	{ &vop_poll_desc, genfs_poll },
	{ &vop_kqfilter_desc, genfs_kqfilter },
	{ &vop_revoke_desc, genfs_revoke },
	{ &vop_pathconf_desc, rumpfs_pathconf },
	{ &vop_advlock_desc, genfs_advlock },
	{ &vop_abortop_desc, genfs_abortop },
	{ &vop_putpages_desc, genfs_null_putpages },
	/* these release what they were given */
	{ &vop_remove_desc, genfs_eopnotsupp },
	{ &vop_rmdir_desc, genfs_eopnotsupp },
	{ &vop_rename_desc, rumpfs_rename },
	{ &vop_link_desc, genfs_eopnotsupp },
	{ NULL, NULL }
};
static const struct vnodeopv_desc host_opv = {
	&rumpfs_hostop_p, host_entries
};

extern const struct vnodeopv_desc * const rumpfs_opv_descs[];
const struct vnodeopv_desc * const rumpfs_opv_descs[] = {
	&vnode_opv, &root_opv, &spec_opv, &fifo_opv, &host_opv, NULL
};
