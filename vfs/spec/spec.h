/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of vfs/spec share. */
#ifndef _VFS_SPEC_SPEC_H_
#define _VFS_SPEC_SPEC_H_

#include <sys/types.h>
#include <sys/condvar.h>
#include <sys/vnode.h>

extern kcondvar_t spec_cv;	/* device_lock: a call, open or close ended */

/* A thread is inside a driver, through a vnode; on that thread's stack. */
struct spec_call {
	enum vtype		sp_type;
	dev_t			sp_dev;
	struct specdev		*sp_specdev;
	struct spec_call	*sp_outer;	/* another that it is inside of */
};

/*
 * Enter the driver of a device: it does not go until spec_call_exit.
 *
 * vp  referenced; locked or not.
 *
 * enter returns 0, or ENXIO if the vnode is dead or dying.  begin does not look: the
 * caller has the vnode locked, or holds device_lock and knows that it is not gone.
 */
int	spec_call_enter(struct vnode *vp, struct spec_call *call);
void	spec_call_begin(struct vnode *vp, struct spec_call *call);
void	spec_call_exit(struct spec_call *call);

/*
 * Wait until no other thread is inside the driver of a device whose vnodes are all
 * revoked.  May sleep long.
 */
void	spec_drain(enum vtype type, dev_t dev);

/* Write what is dirty of the block devices that are open.  May sleep. */
void	spec_sync_all(void);

#endif
