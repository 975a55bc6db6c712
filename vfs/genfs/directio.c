/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * genfs_directio: move data between a caller's memory and the blocks of a file,
 * around the page cache.
 *
 * It is a hint that costs nothing to decline: whatever is not moved is left to
 * the buffered path, which also finds the errors.  Declined: memory that is not
 * addressable, anything that is not whole sectors, files that may be mapped, what
 * lies past the end, and holes.  Pages of the range are written before, and for
 * a write freed, so that cache and disk agree.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/fstrans.h>
#include <sys/mount.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs_node.h>

#include "genfs/pageio.h"
#include "uiomem.h"

/* How much of the uio's next piece of memory can be moved. */
static size_t
fitting(struct vnode *vp, const struct uio *uio)
{
	const struct iovec *iov = uio->uio_iov;
	size_t n = MIN(iov->iov_len, uio->uio_resid);
	off_t left = vp->v_size - uio->uio_offset;

	if (((uintptr_t)iov->iov_base & (DEV_BSIZE - 1)) != 0 ||
	    (uio->uio_offset & (DEV_BSIZE - 1)) != 0 ||
	    iov->iov_base == NULL || left <= 0)
		return 0;
	n = MIN(MIN(n, (size_t)left), MAXPHYS);
	return n & ~(size_t)(DEV_BSIZE - 1);
}

/* Make disk and cache agree on a range. */
static int
flush(struct vnode *vp, off_t off, size_t n, bool write)
{

	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	return VOP_PUTPAGES(vp, trunc_page(off), round_page(off + n),
	    PGO_CLEANIT | PGO_SYNCIO | (write ? PGO_FREE : 0));
}

/* Move n bytes; returns how many from the start were moved. */
static size_t
transfer(struct vnode *vp, char *data, off_t off, size_t n, bool write)
{
	struct extent ex;
	size_t bytes;
	buf_t *bp;
	int error;

	if (pageio_map(vp, off, &ex) != 0 || ex.ex_blkno < 0)
		return 0;
	bytes = MIN(n, (size_t)ex.ex_bytes);
	bp = getiobuf(vp, true);
	bp->b_cflags |= BC_BUSY;
	bp->b_flags = (write ? B_WRITE : B_READ) | B_PHYS;
	bp->b_data = data;
	bp->b_bufsize = bp->b_bcount = bp->b_resid = (int)bytes;
	bp->b_blkno = ex.ex_blkno;
	if (write) {
		mutex_enter(vp->v_interlock);
		vp->v_numoutput++;
		mutex_exit(vp->v_interlock);
	}
	(void)VOP_STRATEGY(ex.ex_devvp, bp);
	error = biowait(bp);
	bytes = error != 0 ? 0 : bytes - bp->b_resid;
	putiobuf(bp);
	return bytes;
}

static void
advance(struct uio *uio, size_t n)
{
	struct iovec *iov = uio->uio_iov;

	iov->iov_base = (char *)iov->iov_base + n;
	iov->iov_len -= n;
	uio->uio_resid -= n;
	uio->uio_offset += n;
}

/*
 * Move what can be moved without the page cache.
 *
 * uio     advanced by what was moved.
 * ioflag  IO_*.
 *
 * Locks:   vp locked: exclusively for a write.
 */
void
genfs_directio(struct vnode *vp, struct uio *uio, int ioflag)
{
	bool write = uio->uio_rw == UIO_WRITE;
	struct mount *mp = vp->v_mount;
	size_t moved, n;

	if (!uio_addressable(uio) || (vp->v_vflag & VV_MAPPED) != 0)
		return;
	fstrans_start(mp);
	genfs_node_rdlock(vp);
	while (uio->uio_resid > 0) {
		if (uio->uio_iov->iov_len == 0) {
			uio->uio_iov++;
			uio->uio_iovcnt--;
			continue;
		}
		n = fitting(vp, uio);
		if (n == 0 || flush(vp, uio->uio_offset, n, write) != 0)
			break;
		moved = transfer(vp, uio->uio_iov->iov_base, uio->uio_offset,
		    n, write);
		moved &= ~(size_t)(DEV_BSIZE - 1);
		if (moved == 0)
			break;
		advance(uio, moved);
	}
	genfs_node_unlock(vp);
	fstrans_done(mp);
}
