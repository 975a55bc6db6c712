/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members of a struct genfs_ops for file systems whose files are blocks of a
 * device.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/mount.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs_node.h>

#include "genfs/pageio.h"

/*
 * gop_size: a file of size bytes has blocks up to the next block's start.
 */
void
genfs_size(struct vnode *vp, off_t size, off_t *eob, int flags)
{
	off_t mask = ((off_t)1 << vp->v_mount->mnt_fs_bshift) - 1;

	*eob = (size + mask) & ~mask;
}

/* gop_putrange: no limit. */
void
genfs_gop_putrange(struct vnode *vp, off_t off, off_t *lo, off_t *hi)
{

	*lo = *hi = 0;
}

/* Bytes of the pages from off on, at most n, that lie together in memory. */
static off_t
stretch_bytes(struct vm_page **pgs, u_int npages, off_t skip)
{
	u_int i = atop(skip);

	return ptoa((off_t)(i + page_stretch(&pgs[i], npages - i))) - skip;
}

/* Start the transfers of a write.  *skipped: bytes that get none. */
static int
start_writes(buf_t *mbp, struct vm_page **pgs, u_int npages, off_t bytes,
    off_t *skipped)
{
	struct vnode *vp = mbp->b_vp;
	struct extent ex;
	off_t skip, n;
	int error;

	*skipped = 0;
	for (skip = 0; skip < bytes; skip += n) {
		error = pageio_map(vp, pgs[0]->offset + skip, &ex);
		if (error != 0) {
			*skipped += bytes - skip;
			return error;
		}
		n = MIN(MIN(ex.ex_bytes, stretch_bytes(pgs, npages, skip)),
		    bytes - skip);
		if (ex.ex_blkno < 0)
			*skipped += n;
		else
			pageio_start(mbp, skip, page_data(pgs[atop(skip)]) +
			    (skip & PAGE_MASK), (int)n, &ex);
	}
	return 0;
}

/*
 * gop_write: write pages to their blocks.
 *
 * pgs     npages pages of consecutive offsets, busy; given back when they are
 *         written, whatever happens.
 * flags   PGO_SYNCIO: wait.
 *
 * What has no blocks (a hole, or after the end of the file) is not written.
 * Returns 0, or an error of BMAP, or with PGO_SYNCIO of a write.
 * Locks:   object not locked.
 * Context: thread, may sleep.
 */
int
genfs_gop_write(struct vnode *vp, struct vm_page **pgs, int npages, int flags)
{
	bool sync = (flags & PGO_SYNCIO) != 0;
	off_t writesize, eof, bytes, skipped, off = pgs[0]->offset;
	buf_t *mbp;
	int error, error1;

	KASSERT(npages > 0);
	mutex_enter(vp->v_interlock);
	writesize = vp->v_writesize;
	mutex_exit(vp->v_interlock);
	GOP_SIZE(vp, writesize, &eof, 0);
	bytes = MIN(ptoa((off_t)npages), roundup(eof, DEV_BSIZE) - off);
	if (bytes <= 0) {
		pages_io_done(pgs, npages, true, 0);
		return 0;
	}
	mbp = pageio_begin(vp, off, npages, bytes, true, sync);
	if (mbp == NULL) {
		pages_io_done(pgs, npages, true, ENOMEM);
		return ENOMEM;
	}
	error = start_writes(mbp, pgs, npages, bytes, &skipped);
	pageio_skip(mbp, skipped, error);
	if (sync) {
		error1 = pageio_wait(mbp);
		pages_io_done(pgs, npages, true, error1);
		if (error == 0)
			error = error1;
	}
	return error;
}

/*
 * The same for devices that change the data in place before they write them.
 * Pages are always writable here.
 */
int
genfs_gop_write_rwmap(struct vnode *vp, struct vm_page **pgs, int npages,
    int flags)
{

	return genfs_gop_write(vp, pgs, npages, flags);
}
