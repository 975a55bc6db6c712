/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _VFS_VN_IO_H_
#define _VFS_VN_IO_H_

#include <sys/types.h>

struct lwp;
struct vnode;

/* vn_io.c: the process's limit for the size of files. */
int	vn_check_fsize(struct vnode *vp, off_t end, struct lwp *l);

#endif /* _VFS_VN_IO_H_ */
