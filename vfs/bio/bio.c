/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading and writing blocks through the buffer cache.
 *
 *	bread, breadn	a valid buffer, read if it is not there
 *	bwrite		write, wait, release
 *	bawrite		start to write; released when written
 *	bdwrite		dirty; written when someone flushes
 *	vn_bwrite	BWRITE for file systems without wishes
 *
 * A mount with a journal turns every write into a delayed one that joins the
 * transaction; one that is asynchronous delays what nobody insists on.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/resourcevar.h>
#include <sys/vnode.h>
#include <sys/wapbl.h>

#include "bufcache.h"

static bool
valid(const buf_t *bp)
{

	return (bp->b_oflags & (BO_DONE | BO_DELWRI)) != 0;
}

/*
 * A buffer of a block whose data are there or on their way.  async: for later
 * use; it is released when it is there, and must not be used.
 */
static buf_t *
start_read(struct vnode *vp, daddr_t blkno, int size, bool async)
{
	buf_t *bp;

	bp = getblk(vp, blkno, size, 0, 0);
	if (bp == NULL)
		return NULL;
	if (valid(bp)) {
		if (async)
			brelse(bp, 0);
		return bp;
	}
	bp->b_flags |= B_READ | (async ? B_ASYNC : 0);
	bp->b_error = 0;
	BIO_SETPRIO(bp, async ? BPRIO_TIMELIMITED : BPRIO_TIMECRITICAL);
	(void)VOP_STRATEGY(vp, bp);
	return bp;
}

/*
 * The other half of a read: bp is what start_read gave.  On success *bpp is
 * valid and may be used as flags say; on error the buffer is gone.
 */
static int
finish_read(buf_t *bp, int flags, buf_t **bpp)
{
	int error;

	if ((*bpp = bp) == NULL)
		return ENOMEM;
	/* of a buffer that was there this is 0 at once */
	error = biowait(bp);
	/* a snapshot copies the block before its owner changes it */
	if (!error && (flags & B_MODIFY))
		error = fscow_run(bp, true);
	if (error) {
		*bpp = NULL;
		brelse(bp, 0);
	}
	return error;
}

/*
 * Read a block.
 *
 * size    bytes of the block.
 * flags   B_MODIFY: the caller is going to change it.
 * bpp     out: the valid, busy buffer; NULL on error.
 *
 * Returns 0, or the device's error, or ENOMEM (page daemon).
 * Context: thread, may sleep.
 * Ref:     buffercache(9).
 */
int
bread(struct vnode *vp, daddr_t blkno, int size, int flags, buf_t **bpp)
{

	return finish_read(start_read(vp, blkno, size, false), flags, bpp);
}

static bool
present(struct vnode *vp, daddr_t blkno)
{
	bool there;

	mutex_enter(&bufcache_lock);
	there = incore(vp, blkno) != NULL;
	mutex_exit(&bufcache_lock);
	return there;
}

/*
 * Read a block, and start to read others that will be wanted soon.
 *
 * soon, soonsizes  nsoon blocks with their sizes.
 *
 * Otherwise as bread.  Errors of the other blocks are not seen here.
 */
int
breadn(struct vnode *vp, daddr_t blkno, int size, daddr_t *soon,
    int *soonsizes, int nsoon, int flags, buf_t **bpp)
{
	buf_t *now = start_read(vp, blkno, size, false);
	int i;

	for (i = 0; i < nsoon; i++)
		if (!present(vp, soon[i]))
			(void)start_read(vp, soon[i], soonsizes[i], true);
	return finish_read(now, flags, bpp);
}

/* Does the journal decide when this buffer is written? */
static bool
journaled(const buf_t *bp, struct mount *mp)
{

	return mp != NULL && mp->mnt_wapbl != NULL &&
	    bp->b_iodone != mp->mnt_wapbl_op->wo_wapbl_biodone;
}

/*
 * Write a buffer and release it.
 *
 * bp      busy and the caller's; gone afterwards.
 *
 * Returns the error of the write; 0 for a write that was delayed, or that is
 * asynchronous (B_ASYNC), whose error the vnode keeps.
 * Context: thread, may sleep.
 */
int
bwrite(buf_t *bp)
{
	struct vnode *vp = bp->b_vp;
	bool async = (bp->b_flags & B_ASYNC) != 0;
	struct mount *mp;
	int error;

	KASSERT((bp->b_cflags & BC_BUSY) != 0);
	KASSERT(vp != NULL);
	mp = buf_mount(vp);
	if (journaled(bp, mp) ||
	    (!async && mp != NULL &&
	    (atomic_load_relaxed(&mp->mnt_flag) & MNT_ASYNC) != 0)) {
		bdwrite(bp);
		return 0;
	}
	bp->b_flags &= ~B_READ;
	bp->b_error = 0;
	BIO_SETPRIO(bp, async ? BPRIO_TIMELIMITED : BPRIO_TIMECRITICAL);

	mutex_enter(&bufcache_lock);
	mutex_enter(vp->v_interlock);
	if ((bp->b_oflags & BO_DELWRI) != 0) {
		bp->b_oflags &= ~BO_DELWRI;
		reassignbuf(bp, vp);
	}
	bp->b_oflags &= ~BO_DONE;
	vp->v_numoutput++;
	mutex_exit(vp->v_interlock);
	mutex_exit(&bufcache_lock);

	(void)VOP_STRATEGY(vp, bp);
	if (async)
		return 0;
	error = biowait(bp);
	brelse(bp, 0);
	return error;
}

int
vn_bwrite(void *v)
{
	struct vop_bwrite_args *ap = v;

	return bwrite(ap->a_bp);
}

/*
 * Start to write a buffer.  It is released when it is written; the vnode
 * keeps the error.
 */
void
bawrite(buf_t *bp)
{

	KASSERT((bp->b_cflags & BC_BUSY) != 0);
	bp->b_flags |= B_ASYNC;
	(void)VOP_BWRITE(bp->b_vp, bp);
}

/*
 * Mark a buffer dirty and release it.  It is written by a flush, by the
 * syncer, or when its place is needed.
 */
void
bdwrite(buf_t *bp)
{
	struct vnode *vp = bp->b_vp;
	struct mount *mp = buf_mount(vp);

	KASSERT((bp->b_cflags & BC_BUSY) != 0);
	KASSERT(vp != NULL);
	if (journaled(bp, mp))
		WAPBL_ADD_BUF(mp, bp);
	mutex_enter(&bufcache_lock);
	mutex_enter(vp->v_interlock);
	if ((bp->b_oflags & BO_DELWRI) == 0) {
		bp->b_oflags |= BO_DELWRI;
		reassignbuf(bp, vp);
	}
	bp->b_oflags |= BO_DONE;
	mutex_exit(vp->v_interlock);
	brelsel(bp, 0);
	mutex_exit(&bufcache_lock);
}
