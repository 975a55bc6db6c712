/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device that a file system is mounted from: its way from a path in the
 * arguments of mount(2) to an open vnode, and back.
 */
#ifndef _RUMP_PRIVATE_MOUNTDEV_H_
#define _RUMP_PRIVATE_MOUNTDEV_H_

#include <sys/types.h>
#include <sys/ioccom.h>

struct mount;
struct vnode;

/*
 * Find the block device fspec, ask whether curlwp may mount it, open it, and
 * forget what buffers have of it, which may be of another medium.  Fills
 * mp->mnt_stat's names.  MNT_RDONLY of mp says if it is to be written.
 *
 * path, fspec  in the program's memory.
 * devvpp       out: referenced and unlocked.
 *
 * Returns 0, what the look-up, the authorisation or the driver say, ENOTBLK, or
 * ENXIO (no driver).
 * Context: thread, may sleep; no vnode locked.
 */
int	mountdev_open(struct mount *mp, const char *path, const char *fspec,
	    struct vnode **devvpp);

/*
 * A read-only mount is to be written: ask whether curlwp may have that, and have
 * the driver, which need not let anybody write, open the device once more.
 *
 * Returns 0, or what the authorisation or the driver say: all is as it was.
 * Context: thread, may sleep; devvp not locked.
 */
int	mountdev_open_writing(struct mount *mp, struct vnode *devvp);

/*
 * A mount has become read-only: tell the driver that it need not let it write any
 * more.  What was written is the driver's already, and nobody uses the file system.
 *
 * Returns whether the driver knows; if not (most have no use for it), the device stays
 * open for writing.
 * Context: thread, may sleep.
 */
bool	mountdev_close_writing(struct vnode *devvp);

/* What it asks of a block device, with FKIOCTL; programs cannot.  No argument. */
#define DIOCNOWRITE	_IO('d', 255)

/*
 * Close the device, and drop the reference.  An error of the driver's changes
 * nothing, and is not reported.
 *
 * written  it is open for writing, too: by either of the first two.
 */
void	mountdev_close(struct vnode *devvp, bool written);

#endif
