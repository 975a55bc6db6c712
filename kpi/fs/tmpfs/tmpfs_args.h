/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mount data of the memory file system: what a program passes as the data
 * argument of mount(2) with type "tmpfs".
 *
 *   ta_nodes_max  most files, directories, links ... at a time; 0 = chosen
 *                 from the size
 *   ta_size_max   most bytes of memory; 0 = what the machine has to give
 *   ta_root_*     owner, group and permissions of the root directory
 *
 * Ref: mount_tmpfs(8).
 */

#ifndef _FS_TMPFS_TMPFS_ARGS_H_
#define _FS_TMPFS_TMPFS_ARGS_H_

#include <sys/types.h>

#define TMPFS_ARGS_VERSION	1

struct tmpfs_args {
	int	ta_version;	/* TMPFS_ARGS_VERSION */

	/* Limits. */
	ino_t	ta_nodes_max;	/* count */
	off_t	ta_size_max;	/* bytes */

	/* The root directory. */
	uid_t	ta_root_uid;
	gid_t	ta_root_gid;
	mode_t	ta_root_mode;
};

#endif
