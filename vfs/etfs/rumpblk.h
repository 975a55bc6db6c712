/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpblk: disks that are files of the host.
 */
#ifndef _VFS_ETFS_RUMPBLK_H_
#define _VFS_ETFS_RUMPBLK_H_

#include <sys/types.h>
#include <sys/vnode.h>

/*
 * Make a disk of a host file.
 *
 * begin  byte where it begins, a multiple of the sector size.
 * size   bytes, or ETFS_NOLIMIT: to the end of the file.
 * type   VBLK or VCHR: which of its devices is wanted.
 *
 * Returns 0 and the device's number; ENXIO: too many; or the host's error.
 */
int	rumpblk_create(const char *hostpath, uint64_t begin, uint64_t size,
	    enum vtype type, dev_t *dev);

/* Returns 0, or EBUSY: it is open. */
int	rumpblk_destroy(dev_t dev);

void	rumpblk_init(void);

/* Close what is open on the host, for halt; transfers fail from now on. */
void	rumpblk_shutdown(void);

#endif
