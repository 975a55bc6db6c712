/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the vnode cache and open files tell the advisory locks (lockf.c).
 */
#ifndef _VFS_LOCKF_H_
#define _VFS_LOCKF_H_

struct vnode;

void	lf_restart(void);
void	lf_vnode_free(struct vnode *);

#endif /* _VFS_LOCKF_H_ */
