/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device that a file system is mounted from: its way from a path in the
 * arguments of mount(2) to an open vnode, and back.
 */
#ifndef _RUMP_PRIVATE_MOUNTDEV_H_
#define _RUMP_PRIVATE_MOUNTDEV_H_

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
 * Undo mountdev_open: close the device as mp's MNT_RDONLY says, and drop the
 * reference.  An error of the driver's changes nothing, and is not reported.
 */
void	mountdev_close(struct mount *mp, struct vnode *devvp);

#endif
