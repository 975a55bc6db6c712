/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The buffer cache: making a buffer one's own, and giving it back.
 *
 *	getblk		the buffer of a vnode's logical block
 *	geteblk		a buffer of no block
 *	incore		is there a buffer of this block?
 *	allocbuf	change the size of one's own buffer
 *	brelse		give back
 *	bbusy		make a buffer that was found busy
 *
 * A buffer of the cache is identified by (b_vp, b_lblkno).  From getblk until
 * brelse it is busy and belongs to one thread, or to the transfer that the
 * thread handed it to.  Its data are valid if BO_DONE or BO_DELWRI is set.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/mount.h>
#include <sys/vnode.h>
#include <sys/wapbl.h>

#include "bufcache.h"

kmutex_t bufcache_lock;
kmutex_t buffer_lock;		/* b_objlock of buffers without a vnode */

/*
 * Set up the cache.  bufinit when locks work, bufinit2 when memory can be
 * allocated.
 */
void
bufinit(void)
{

	mutex_init(&bufcache_lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&buffer_lock, MUTEX_DEFAULT, IPL_NONE);
	bufhash_init();
	bufmem_init();
}

void
bufinit2(void)
{

	bufqueue_init();
	iobuf_init();
}

struct mount *
buf_mount(struct vnode *vp)
{

	if (vp == NULL)
		return NULL;
	return vp->v_type == VBLK ? spec_node_getmountedfs(vp) : vp->v_mount;
}

/*
 * Find the buffer of a logical block, if the cache has one.
 *
 * Returns the buffer, which is not the caller's (bbusy makes it so), or NULL.
 * Locks:   bufcache_lock held.
 */
buf_t *
incore(struct vnode *vp, daddr_t blkno)
{

	return bufhash_lookup(vp, blkno);
}

/*
 * Make a buffer busy.
 *
 * intr       may a signal end the wait?
 * timo       ticks to wait at most; 0: for ever.
 * interlock  NULL, or a mutex that is dropped while waiting; in the order of
 *            locks it comes after bufcache_lock.
 *
 * Returns 0: it was free and is the caller's; EPASSTHROUGH: it was busy and
 * the caller, who waited, must look it up anew; EDEADLK for the page daemon;
 * or EINTR, ERESTART, EWOULDBLOCK.
 * Locks:   bufcache_lock (and interlock) held on entry and exit, dropped
 *          while waiting.
 */
int
bbusy(buf_t *bp, bool intr, int timo, kmutex_t *interlock)
{
	int error;

	KASSERT(mutex_owned(&bufcache_lock));
	if ((bp->b_cflags & BC_BUSY) == 0) {
		bp->b_cflags |= BC_BUSY;
		bufqueue_remove(bp);
		return 0;
	}
	if (buf_pagedaemon())
		return EDEADLK;
	bp->b_cflags |= BC_WANTED;
	if (interlock != NULL)
		mutex_exit(interlock);
	if (timo != 0)
		error = intr ?
		    cv_timedwait_sig(&bp->b_busy, &bufcache_lock, timo) :
		    cv_timedwait(&bp->b_busy, &bufcache_lock, timo);
	else if (intr)
		error = cv_wait_sig(&bp->b_busy, &bufcache_lock);
	else {
		cv_wait(&bp->b_busy, &bufcache_lock);
		error = 0;
	}
	if (interlock != NULL)
		mutex_enter(interlock);
	return error != 0 ? error : EPASSTHROUGH;
}

/* Give a buffer that was just taken its identity.  bufcache_lock held. */
static void
identify(buf_t *bp, struct vnode *vp, daddr_t blkno)
{

	bp->b_blkno = bp->b_lblkno = bp->b_rawblkno = blkno;
	mutex_enter(vp->v_interlock);
	bgetvp(vp, bp);
	mutex_exit(vp->v_interlock);
	bufhash_enter(bp);
}

/*
 * The busy buffer of a block, found or made; *found tells.  NULL if the wait
 * for it ended early or the page daemon has no memory.
 */
static buf_t *
acquire(struct vnode *vp, daddr_t blkno, bool intr, int timeo, bool *found)
{
	buf_t *bp, *spare = NULL;
	int error = 0;

	mutex_enter(&bufcache_lock);
	while ((bp = incore(vp, blkno)) != NULL || spare == NULL) {
		if (bp != NULL) {
			error = bbusy(bp, intr, timeo, NULL);
			if (error != EPASSTHROUGH)
				break;
		} else if ((spare = bufqueue_take(intr, timeo)) == NULL) {
			error = ENOMEM;
			break;
		}
		/* the lock was dropped: look again */
	}
	*found = bp != NULL;
	if (error != 0 && error != EPASSTHROUGH) {
		bp = NULL;
	} else if (bp == NULL) {
		bp = spare;
		spare = NULL;
		identify(bp, vp, blkno);
	}
	if (spare != NULL)
		brelsel(spare, BC_INVAL);
	mutex_exit(&bufcache_lock);
	return bp;
}

/*
 * Get the buffer of a logical block.  Never reads: see bread.
 *
 * vp      any vnode; blkno counts in what unit its STRATEGY expects.
 * size    bytes; the same at each use of the block.
 * slpflag PCATCH: a signal ends the wait.  timeo: ticks, 0 for ever.
 *
 * Returns the buffer, busy, with b_bcount = size; valid if BO_DONE or
 * BO_DELWRI is set.  NULL: wait ended early, or no memory (page daemon).
 * Context: thread, may sleep.
 * Ref:     buffercache(9).
 */
buf_t *
getblk(struct vnode *vp, daddr_t blkno, int size, int slpflag, int timeo)
{
	bool found;
	buf_t *bp;

	bp = acquire(vp, blkno, (slpflag & PCATCH) != 0, timeo, &found);
	if (bp == NULL)
		return NULL;
	if (allocbuf(bp, size, found) != 0) {
		brelse(bp, found ? 0 : BC_INVAL);
		return NULL;
	}
	BIO_SETPRIO(bp, BPRIO_DEFAULT);
	return bp;
}

/*
 * Get a buffer that belongs to no block; brelse makes an end of it.
 *
 * size    bytes of memory.  NULL only for the page daemon.
 */
buf_t *
geteblk(int size)
{
	buf_t *bp;

	mutex_enter(&bufcache_lock);
	bp = bufqueue_take(false, 0);
	if (bp != NULL)
		bp->b_cflags |= BC_INVAL;
	mutex_exit(&bufcache_lock);
	if (bp != NULL && allocbuf(bp, size, 0) != 0) {
		brelse(bp, 0);
		return NULL;
	}
	return bp;
}

/*
 * Change the size of a buffer's memory and data.
 *
 * bp        busy and the caller's.
 * preserve  keep the data that are there; what is new is undefined.
 *
 * Returns 0, or ENOMEM (page daemon): nothing changed.
 */
int
allocbuf(buf_t *bp, int size, int preserve)
{
	long oldcount = bp->b_bcount, oldsize = bp->b_bufsize;
	struct mount *mp;
	int error;

	KASSERT((bp->b_cflags & BC_BUSY) != 0);
	KASSERT(size > 0 && size <= MAXBSIZE);
	error = bufmem_resize(bp, size, preserve != 0);
	if (error != 0)
		return error;
	bp->b_bcount = size;
	if ((bp->b_flags & B_LOCKED) != 0 &&
	    (mp = buf_mount(bp->b_vp)) != NULL && mp->mnt_wapbl != NULL)
		WAPBL_RESIZE_BUF(mp, bp, oldsize, oldcount);
	return 0;
}

/* Take a buffer without valid data out of the world.  bufcache_lock held. */
static void
discard(buf_t *bp)
{
	struct vnode *vp = bp->b_vp;
	struct mount *mp;

	if ((bp->b_flags & B_LOCKED) != 0) {
		mp = buf_mount(vp);
		if (mp != NULL && mp->mnt_wapbl != NULL)
			WAPBL_REMOVE_BUF(mp, bp);
		bp->b_flags &= ~B_LOCKED;
	}
	if (vp != NULL) {
		kmutex_t *interlock = vp->v_interlock;

		bufhash_remove(bp);
		mutex_enter(interlock);
		if ((bp->b_oflags & BO_DELWRI) != 0) {
			bp->b_oflags &= ~BO_DELWRI;
			reassignbuf(bp, vp);
		}
		brelvp(bp);
		mutex_exit(interlock);
	}
	/* who waits will look up the block, not touch this buffer */
	cv_broadcast(&bp->b_busy);
	bufhdr_destroy(bp);
}

/*
 * Give back a buffer with bufcache_lock held; see brelse.
 */
void
brelsel(buf_t *bp, int set)
{

	KASSERT(mutex_owned(&bufcache_lock));
	KASSERT((bp->b_cflags & BC_BUSY) != 0);
	KASSERT(bp->b_freelistindex == BUFQUEUE_NONE);
	bp->b_cflags |= set;
	/* what a journal holds is valid whatever happened to its block */
	if ((bp->b_flags & B_LOCKED) != 0)
		bp->b_error = 0;
	if ((bp->b_cflags & (BC_INVAL | BC_NOCACHE)) != 0 ||
	    bp->b_error != 0 || bp->b_bufsize == 0 || bp->b_vp == NULL) {
		discard(bp);
		return;
	}
	bp->b_flags &= ~B_ASYNC;
	bufqueue_put(bp, (bp->b_flags & B_LOCKED) != 0 ? BUFQUEUE_LOCKED :
	    (bp->b_cflags & BC_AGE) != 0 ? BUFQUEUE_AGE : BUFQUEUE_LRU);
	bp->b_cflags &= ~(BC_BUSY | BC_AGE | BC_VFLUSH | BC_WANTED);
	cv_broadcast(&bp->b_busy);
	if (bufmem_excess() != 0)
		(void)bufqueue_trim(bufmem_excess());
}

/*
 * Give back a buffer.
 *
 * set     BC_INVAL (contents mean nothing), BC_NOCACHE (will not be needed),
 *         BC_AGE (needed less than others), BC_VFLUSH.
 *
 * A buffer with BC_INVAL, BC_NOCACHE or an error is forgotten, even if dirty.
 */
void
brelse(buf_t *bp, int set)
{

	mutex_enter(&bufcache_lock);
	brelsel(bp, set);
	mutex_exit(&bufcache_lock);
}
