/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of vfs/spec share. */
#ifndef _VFS_SPEC_SPEC_H_
#define _VFS_SPEC_SPEC_H_

#include <sys/types.h>
#include <sys/vnode.h>

/*
 * Type and device of a vnode that is not locked and may die.  Returns 0, or ENXIO if
 * it is dead or dying.
 */
int	spec_device(struct vnode *vp, enum vtype *type, dev_t *dev);

/* Write what is dirty of the block devices that are open.  May sleep. */
void	spec_sync_all(void);

#endif
