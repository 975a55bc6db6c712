/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading, writing and flushing devices.
 *
 * A character device's driver does it all, with the vnode unlocked.  A block
 * device is read and written through the buffer cache, in blocks of the
 * partition's block size; its vnode's size is the partition's.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/conf.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/fstrans.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <miscfs/specfs/specdev.h>

#include "spec/spec.h"

#define READAHEAD_BLOCKS	16

/* One step through a block device: part of one block. */
struct step {
	daddr_t	st_blkno;
	int	st_bsize;
	int	st_on;		/* where in the block */
	int	st_n;		/* how much of it */
};

/* Size of the blocks that a device is cached in. */
static int
block_size(dev_t dev)
{
	struct partinfo pi;
	uint32_t bsize = BLKDEV_IOSIZE;

	if (bdev_ioctl(dev, DIOCGPARTINFO, &pi, FREAD | FKIOCTL, curlwp) == 0 &&
	    pi.pi_bsize >= DEV_BSIZE && pi.pi_bsize <= MAXBSIZE &&
	    powerof2(pi.pi_bsize))
		bsize = pi.pi_bsize;
	return (int)bsize;
}

/* Size of the block that begins at off: less at the end of an odd disk. */
static int
block_at(const struct vnode *vp, off_t off, int bsize)
{

	return (int)MIN((off_t)bsize, vp->v_size - off);
}

static bool
next_step(struct vnode *vp, const struct uio *uio, int bsize, struct step *st)
{
	off_t off = uio->uio_offset, left = vp->v_size - off;

	if (left <= 0 || uio->uio_resid == 0)
		return false;
	st->st_on = (int)(off & (bsize - 1));
	st->st_bsize = block_at(vp, off - st->st_on, bsize);
	st->st_blkno = btodb(off - st->st_on);
	st->st_n = (int)MIN((size_t)(bsize - st->st_on), uio->uio_resid);
	st->st_n = (int)MIN(st->st_n, left);
	return true;
}

/* Read a block, and start to read what the uio will want after it. */
static int
read_block(struct vnode *vp, const struct step *st, int bsize, size_t resid,
    buf_t **bpp)
{
	daddr_t blks[READAHEAD_BLOCKS];
	int sizes[READAHEAD_BLOCKS];
	off_t off = dbtob(st->st_blkno);
	int n;

	for (n = 0; n < READAHEAD_BLOCKS; n++) {
		off += bsize;
		if (off >= vp->v_size ||
		    off >= dbtob(st->st_blkno) + st->st_on + (off_t)resid)
			break;
		blks[n] = btodb(off);
		sizes[n] = block_at(vp, off, bsize);
	}
	return breadn(vp, st->st_blkno, st->st_bsize, blks, sizes, n, 0, bpp);
}

static int
block_read(struct vnode *vp, struct uio *uio)
{
	int bsize = block_size(vp->v_rdev), error = 0, n;
	struct step st;
	buf_t *bp;

	while (error == 0 && next_step(vp, uio, bsize, &st)) {
		error = read_block(vp, &st, bsize, uio->uio_resid, &bp);
		if (error != 0)
			break;
		/* the device may be shorter than it said */
		n = MIN(st.st_n, st.st_bsize - (int)bp->b_resid - st.st_on);
		if (n > 0)
			error = uiomove((char *)bp->b_data + st.st_on, n, uio);
		brelse(bp, st.st_on + st.st_n == st.st_bsize ? BC_AGE : 0);
		if (n < st.st_n)
			break;
	}
	return error;
}

static int
block_write(struct vnode *vp, struct uio *uio)
{
	int bsize = block_size(vp->v_rdev), error = 0;
	struct step st;
	buf_t *bp;

	while (error == 0 && uio->uio_resid > 0) {
		if (!next_step(vp, uio, bsize, &st))
			return ENOSPC;
		if (st.st_n == st.st_bsize) {
			bp = getblk(vp, st.st_blkno, st.st_bsize, 0, 0);
			error = bp == NULL ? ENOMEM : 0;
		} else {
			error = bread(vp, st.st_blkno, st.st_bsize, B_MODIFY, &bp);
		}
		if (error != 0)
			break;
		error = uiomove((char *)bp->b_data + st.st_on, st.st_n, uio);
		if (error != 0)
			/* a whole block that was not filled means nothing */
			brelse(bp, st.st_n == st.st_bsize ? BC_INVAL : 0);
		else if (st.st_on + st.st_n == st.st_bsize)
			bawrite(bp);
		else
			bdwrite(bp);
	}
	return error;
}

int
spec_read(void *v)
{
	const struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uio *uio = ap->a_uio;
	struct spec_call call;
	int error;

	KASSERT(uio->uio_rw == UIO_READ);
	if (uio->uio_resid == 0)
		return 0;
	if (vp->v_type == VCHR) {
		spec_call_begin(vp, &call);
		VOP_UNLOCK(vp);
		error = cdev_read(call.sp_dev, uio, ap->a_ioflag);
		spec_call_exit(&call);
		vn_lock(vp, LK_SHARED | LK_RETRY);
		return error;
	}
	KASSERT(vp == vp->v_specnode->sn_dev->sd_bdevvp);
	return uio->uio_offset < 0 ? EINVAL : block_read(vp, uio);
}

int
spec_write(void *v)
{
	const struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uio *uio = ap->a_uio;
	struct spec_call call;
	int error;

	KASSERT(uio->uio_rw == UIO_WRITE);
	if (vp->v_type == VCHR) {
		spec_call_begin(vp, &call);
		VOP_UNLOCK(vp);
		error = cdev_write(call.sp_dev, uio, ap->a_ioflag);
		spec_call_exit(&call);
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
		return error;
	}
	KASSERT(vp == vp->v_specnode->sn_dev->sd_bdevvp);
	return uio->uio_offset < 0 ? EINVAL : block_write(vp, uio);
}

/*
 * STRATEGY: pass a transfer to the driver.  A snapshot sees a write first.
 */
int
spec_strategy(void *v)
{
	const struct vop_strategy_args *ap = v;
	buf_t *bp = ap->a_bp;
	struct spec_call call;
	bool inside;
	int error;

	error = spec_call_enter(ap->a_vp, &call);
	inside = error == 0;
	if (inside && BUF_ISWRITE(bp))
		error = fscow_run(bp, false);
	if (error != 0) {
		bp->b_error = error;
		bp->b_resid = bp->b_bcount;
		biodone(bp);
	} else {
		bp->b_dev = call.sp_dev;
		bdev_strategy(bp);
	}
	if (inside)
		spec_call_exit(&call);
	return error;
}

/* BMAP: blocks of a device are where they are. */
int
spec_bmap(void *v)
{
	const struct vop_bmap_args *ap = v;

	if (ap->a_vpp != NULL)
		*ap->a_vpp = ap->a_vp;
	if (ap->a_bnp != NULL)
		*ap->a_bnp = ap->a_bn;
	if (ap->a_runp != NULL)
		*ap->a_runp = MAXBSIZE / DEV_BSIZE - 1;
	return 0;
}

/*
 * FSYNC: what is dirty of a block device, by its file system if that has its own
 * way; then, if asked, the device's cache.
 */
int
spec_fsync(void *v)
{
	const struct vop_fsync_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int error = EOPNOTSUPP, on = 1;
	struct mount *mp;

	if (vp->v_type != VBLK)
		return 0;
	mp = spec_node_getmountedfs(vp);
	if (mp != NULL && mp->mnt_op->vfs_fsync != NULL)
		error = VFS_FSYNC(mp, vp, ap->a_flags);
	if (error == EOPNOTSUPP)
		error = vflushbuf(vp, ap->a_flags);
	if (error == 0 && (ap->a_flags & FSYNC_CACHE) != 0) {
		error = bdev_ioctl(vp->v_rdev, DIOCCACHESYNC, &on,
		    FWRITE | FKIOCTL, curlwp);
		/* a device without a cache has nothing to flush */
		if (error == EPASSTHROUGH || error == ENOTTY ||
		    error == EOPNOTSUPP || error == ENODEV)
			error = 0;
	}
	return error;
}
