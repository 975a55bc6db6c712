/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between the files about vnodes as programs use them (vn_*.c, calls/).
 */
#ifndef _VFS_VN_H_
#define _VFS_VN_H_

#include <sys/types.h>

struct file;
struct proc;
struct vnode;

/* vfs.generic.timestamp_precision: of vfs_timestamp() */
enum { TSP_SEC, TSP_HZ, TSP_USEC, TSP_NSEC };
extern int timestamp_precision;

int	vn_wberror_take(struct vnode *vp);

/* vn_file.c */
void	vn_file_boot(void);

#endif /* _VFS_VN_H_ */
