/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transfers: their completion, and buffers that only describe one.
 *
 *	biodone, biowait	the end of a transfer, and waiting for it
 *	getiobuf, putiobuf	a buffer without memory of its own
 *	nestiobuf_*		one transfer made of several
 *	buf_init, buf_destroy	for a buffer that is part of something else
 *
 * A transfer begins when a buffer is passed to a strategy function, and ends
 * with exactly one biodone, from any context but with no lock that its owner
 * may hold.  For a write on a vnode v_numoutput is raised before and lowered by
 * biodone.
 *
 * b_oflags, and b_resid and b_error of a master, change under *b_objlock.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/pool.h>
#include <sys/vnode.h>

#include "bufcache.h"

static pool_cache_t iobuf_cache;

void (*biodone_vfs)(buf_t *) = biodone;

void
iobuf_init(void)
{

	iobuf_cache = pool_cache_init(sizeof(struct buf), 0, 0, 0, "bufiopl",
	    NULL, IPL_SOFTBIO, NULL, NULL, NULL);
}

/*
 * Prepare a buffer that is embedded elsewhere: no flags, no vnode, default
 * priority.  Its owner sets the rest.
 */
void
buf_init(buf_t *bp)
{

	memset(bp, 0, sizeof(*bp));
	bp->b_dev = NODEV;
	bp->b_objlock = &buffer_lock;
	bp->b_freelistindex = BUFQUEUE_NONE;
	BIO_SETPRIO(bp, BPRIO_DEFAULT);
	cv_init(&bp->b_busy, "biolock");
	cv_init(&bp->b_done, "biowait");
}

void
buf_destroy(buf_t *bp)
{

	cv_destroy(&bp->b_done);
	cv_destroy(&bp->b_busy);
}

/*
 * Get a buffer to describe a transfer.
 *
 * vp      whose transfer it is, or NULL.
 * waitok  may sleep for memory: never fails.
 */
buf_t *
getiobuf(struct vnode *vp, bool waitok)
{
	buf_t *bp;

	bp = pool_cache_get(iobuf_cache, waitok ? PR_WAITOK : PR_NOWAIT);
	if (bp == NULL)
		return NULL;
	buf_init(bp);
	bp->b_vp = vp;
	if (vp != NULL)
		bp->b_objlock = vp->v_interlock;
	return bp;
}

void
putiobuf(buf_t *bp)
{

	buf_destroy(bp);
	pool_cache_put(iobuf_cache, bp);
}

/*
 * Has an asynchronous write an error that nobody else will hear of?  A part of a
 * transfer tells the whole; a journal keeps what it could not write; and memory
 * that was short did the file no harm.
 */
static bool
lost_error(const buf_t *bp, void (*done)(buf_t *))
{

	return bp->b_error != 0 && bp->b_error != ENOMEM &&
	    done != nestiobuf_iodone && (bp->b_flags & B_LOCKED) == 0;
}

/*
 * The transfer is over.  b_error and b_resid say how it went.
 *
 * b_iodone, if set, gets the buffer; else it is released if B_ASYNC, or else
 * whoever is in biowait goes on.  The caller must not touch it any more.
 *
 * Context: any.
 */
void
biodone(buf_t *bp)
{
	void (*done)(buf_t *);
	bool async;

	mutex_enter(bp->b_objlock);
	if ((bp->b_oflags & BO_DONE) != 0)
		panic("biodone: transfer of buffer %p ended twice", bp);
	bp->b_oflags |= BO_DONE;
	done = bp->b_iodone;
	bp->b_iodone = NULL;
	async = (bp->b_flags & B_ASYNC) != 0;
	if (BUF_ISWRITE(bp) && bp->b_vp != NULL) {
		/* before the count says that all is written */
		if (async && lost_error(bp, done))
			bp->b_vp->v_wberror = bp->b_error;
		vwakeup(bp);
	}
	if (done == NULL && !async)
		cv_broadcast(&bp->b_done);
	mutex_exit(bp->b_objlock);

	if (done != NULL)
		(*done)(bp);
	else if (async)
		brelse(bp, 0);
}

/*
 * Wait for the end of a transfer.
 *
 * Returns its error, or 0.
 * Context: thread, may sleep.
 */
int
biowait(buf_t *bp)
{

	KASSERT((bp->b_cflags & BC_BUSY) != 0);
	mutex_enter(bp->b_objlock);
	while ((bp->b_oflags & BO_DONE) == 0)
		cv_wait(&bp->b_done, bp->b_objlock);
	mutex_exit(bp->b_objlock);
	return bp->b_error;
}

/*
 * A transfer is about to begin: if it is a write on a vnode, count it.  biodone
 * counts it off.
 */
void
buf_count_output(buf_t *bp)
{

	if (bp->b_vp == NULL || !BUF_ISWRITE(bp))
		return;
	mutex_enter(bp->b_vp->v_interlock);
	bp->b_vp->v_numoutput++;
	mutex_exit(bp->b_vp->v_interlock);
}

/*
 * Describe a part of a transfer.
 *
 * mbp     the whole: b_resid = b_bcount bytes at b_data, b_error 0.  Without
 *         b_data: the caller says where each part's memory is.
 * bp      from getiobuf; becomes the transfer of size bytes from offset on.
 *
 * All parts are set up before the first can end, or the bytes of those that
 * come later are still unaccounted for: the whole ends with its last byte.
 */
void
nestiobuf_setup(buf_t *mbp, buf_t *bp, int offset, size_t size)
{

	KASSERT(offset >= 0 && offset + (int)size <= mbp->b_bcount);
	/* which bytes */
	if (mbp->b_data != NULL)
		bp->b_data = (char *)mbp->b_data + offset;
	bp->b_bufsize = (int)size;
	bp->b_bcount = bp->b_resid = bp->b_bufsize;
	/* what for */
	bp->b_flags = B_ASYNC | (mbp->b_flags &
	    (B_READ | B_PHYS | B_RAW | B_MEDIA_FLAGS));
	bp->b_prio = mbp->b_prio;
	bp->b_dev = mbp->b_dev;
	bp->b_cflags = BC_BUSY;
	/* whose */
	bp->b_private = mbp;
	bp->b_iodone = nestiobuf_iodone;
	bp->b_objlock = mbp->b_objlock;
	bp->b_vp = mbp->b_vp;
	buf_count_output(bp);
}

/* b_iodone of a part.  What it did not transfer is an error of the whole. */
void
nestiobuf_iodone(buf_t *bp)
{
	/* a driver may have cut b_bcount at the end of its device */
	bool whole = bp->b_resid == 0 && bp->b_bcount == bp->b_bufsize;
	int error = bp->b_error != 0 || whole ? bp->b_error : EIO;
	int bytes = bp->b_bufsize;
	buf_t *mbp = bp->b_private;

	putiobuf(bp);
	nestiobuf_done(mbp, bytes, error);
}

/*
 * Account for bytes of a whole that were transferred or need no transfer.
 * The first error is the error of the whole; then nothing counts as done.
 */
void
nestiobuf_done(buf_t *mbp, int donebytes, int error)
{
	bool done;

	if (donebytes == 0)
		return;
	mutex_enter(mbp->b_objlock);
	KASSERT(mbp->b_resid >= donebytes);
	mbp->b_resid -= donebytes;
	if (error != 0 && mbp->b_error == 0)
		mbp->b_error = error;
	done = mbp->b_resid == 0;
	if (done && mbp->b_error != 0)
		mbp->b_resid = mbp->b_bcount;
	mutex_exit(mbp->b_objlock);
	if (done)
		biodone(mbp);
}
