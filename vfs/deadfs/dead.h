/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dead file system's type, for its one mount (dead_rootmount).
 */
#ifndef _VFS_DEADFS_DEAD_H_
#define _VFS_DEADFS_DEAD_H_

struct vfsops;

extern struct vfsops dead_vfsops;

#endif /* _VFS_DEADFS_DEAD_H_ */
