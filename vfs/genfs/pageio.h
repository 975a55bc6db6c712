/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transfers between pages of a file and its blocks, for GETPAGES and GOP_WRITE.
 *
 * The pages of a request lie one after the other in the file.  Where their
 * blocks lie is asked of VOP_BMAP, one extent at a time; each extent, cut where
 * memory is not contiguous, is one buffer.  A master buffer counts their bytes:
 * it is done when all are accounted for.
 */
#ifndef _VFS_GENFS_PAGEIO_H_
#define _VFS_GENFS_PAGEIO_H_

#include <sys/types.h>
#include <sys/buf.h>
#include <sys/vnode.h>

#include "page/pages.h"

/* Where some bytes of a file are. */
struct extent {
	struct vnode	*ex_devvp;	/* borrowed */
	daddr_t		ex_blkno;	/* DEV_BSIZE units; -1: a hole */
	off_t		ex_bytes;	/* how many there are, >= 1 */
};

/*
 * Find the blocks of the file's bytes from off on.  0 or an error of BMAP.  No
 * object lock held.
 */
int	pageio_map(struct vnode *vp, off_t off, struct extent *ex);

/*
 * A master for npages pages from off on, of which bytes are to be accounted
 * for.  sync: wait for it by pageio_wait; else it ends by itself: gives back the
 * pages, which must then all be busy and the caller's (pages_io_done).  NULL only
 * for the page daemon, when there is no memory.
 */
buf_t	*pageio_begin(struct vnode *vp, voff_t off, u_int npages, off_t bytes,
	    bool write, bool sync);

/*
 * Start a transfer of bytes at data, which are offset bytes into the master's
 * range, to or from ex.
 */
void	pageio_start(buf_t *mbp, off_t offset, char *data, int bytes,
	    const struct extent *ex);

/* Bytes of a master that need no transfer, or will not get one. */
void	pageio_skip(buf_t *mbp, off_t bytes, int error);

/* Wait for a sync master, free it, and return its error. */
int	pageio_wait(buf_t *mbp);

#endif /* !_VFS_GENFS_PAGEIO_H_ */
