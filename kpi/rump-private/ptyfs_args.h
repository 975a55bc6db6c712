/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mount data of the file system of pseudo terminals: what a program passes as the data
 * argument of mount(2) with type "ptyfs".
 *
 *   gid, mode   group and permissions of a slave that is granted (grantpt(3))
 *
 * It does not have NetBSD's place, fs/ptyfs/ptyfs.h, because that is the private header of
 * NetBSD's driver, which is to find its own.
 *
 * Ref: mount_ptyfs(8).
 */
#ifndef _RUMP_PRIVATE_PTYFS_ARGS_H_
#define _RUMP_PRIVATE_PTYFS_ARGS_H_

#include <sys/types.h>

#define PTYFS_ARGSVERSION	2

struct ptyfs_args {
	int	version;	/* PTYFS_ARGSVERSION */
	gid_t	gid;
	mode_t	mode;
	int	flags;
};

#endif
