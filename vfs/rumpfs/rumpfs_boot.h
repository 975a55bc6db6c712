/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs, for vfs/boot.c.
 */
#ifndef _VFS_RUMPFS_RUMPFS_BOOT_H_
#define _VFS_RUMPFS_RUMPFS_BOOT_H_

/* Mount the root: afterwards there is rootvnode. */
void	rumpfs_boot(void);

/* make.c: /dev and /tmp, and how components get names. */
void	rumpfs_make_boot(void);

#endif /* _VFS_RUMPFS_RUMPFS_BOOT_H_ */
