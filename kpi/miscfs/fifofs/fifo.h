/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FIFOs: what a file system puts in its vector for them.
 *
 * A file system's FIFO vector has its own attributes, locking, inactive and
 * reclaim; the rest it leaves to GENFS_FIFOOP_ENTRIES.  Operations on names
 * cannot reach a FIFO.
 */
#ifndef _MISCFS_FIFOFS_FIFO_H_
#define _MISCFS_FIFOFS_FIFO_H_

#include <sys/vnode.h>
#include <miscfs/genfs/genfs.h>

struct vnodeopv_desc;

extern int (**fifo_vnodeop_p)(void *);
extern const struct vnodeopv_desc fifo_vnodeop_opv_desc;

#define GENFS_FIFOOP_ENTRIES \
	{ &vop_parsepath_desc, genfs_badop }, \
	{ &vop_create_desc, genfs_badop }, \
	{ &vop_mknod_desc, genfs_badop }, \
	{ &vop_remove_desc, genfs_badop }, \
	{ &vop_link_desc, genfs_badop }, \
	{ &vop_rename_desc, genfs_badop }, \
	{ &vop_mkdir_desc, genfs_badop }, \
	{ &vop_rmdir_desc, genfs_badop }, \
	{ &vop_symlink_desc, genfs_badop }, \
	{ &vop_readdir_desc, genfs_badop }, \
	{ &vop_readlink_desc, genfs_badop }, \
	{ &vop_abortop_desc, genfs_badop }, \
	{ &vop_whiteout_desc, genfs_badop }, \
	{ &vop_lookup_desc, vn_fifo_bypass }, \
	{ &vop_open_desc, vn_fifo_bypass }, \
	{ &vop_ioctl_desc, vn_fifo_bypass }, \
	{ &vop_poll_desc, vn_fifo_bypass }, \
	{ &vop_kqfilter_desc, vn_fifo_bypass }, \
	{ &vop_revoke_desc, vn_fifo_bypass }, \
	{ &vop_mmap_desc, vn_fifo_bypass }, \
	{ &vop_seek_desc, vn_fifo_bypass }, \
	{ &vop_bmap_desc, vn_fifo_bypass }, \
	{ &vop_pathconf_desc, vn_fifo_bypass }, \
	{ &vop_advlock_desc, vn_fifo_bypass }, \
	{ &vop_fallocate_desc, vn_fifo_bypass }, \
	{ &vop_fdiscard_desc, vn_fifo_bypass }, \
	{ &vop_getpages_desc, vn_fifo_bypass }, \
	{ &vop_putpages_desc, vn_fifo_bypass }

#endif /* _MISCFS_FIFOFS_FIFO_H_ */
