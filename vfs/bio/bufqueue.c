/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Buffers that nobody uses, and how they get a new user.
 *
 * A buffer that is not busy is on one of three lists.  A new buffer is made
 * while the cache is below its limit; above it, the buffer that was longest
 * unused changes its owner.  A dirty one is written first: that is started, and
 * the search goes on, so that writes of old buffers overlap.  If no buffer can
 * be had without waiting, those writes are waited for; if there are none, all
 * buffers are in use, and the limit gives way.
 *
 * Locks: bufcache_lock, for everything here.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kernel.h>
#include <sys/pool.h>
#include <sys/vnode.h>

#include "bufcache.h"

TAILQ_HEAD(buflist, buf);

/* Longest wait for a write to free a buffer before the limit gives way. */
#define NEEDBUFFER_TICKS	(hz / 10 + 1)

/* Buffers of a suspended file system that a search passes over. */
#define SKIP_MOST		16

static struct buflist queues[BUFQUEUE_COUNT];
static kcondvar_t needbuffer;	/* a buffer was released */
static pool_cache_t bufhdr_cache;

void
bufqueue_init(void)
{
	int i;

	for (i = 0; i < BUFQUEUE_COUNT; i++)
		TAILQ_INIT(&queues[i]);
	cv_init(&needbuffer, "needbuf");
	bufhdr_cache = pool_cache_init(sizeof(struct buf), 0, 0, 0, "bufpl",
	    NULL, IPL_SOFTBIO, NULL, NULL, NULL);
}

buf_t *
bufhdr_create(void)
{
	buf_t *bp;

	bp = pool_cache_get(bufhdr_cache,
	    buf_pagedaemon() ? PR_NOWAIT : PR_WAITOK);
	if (bp == NULL)
		return NULL;
	buf_init(bp);
	bp->b_cflags = BC_BUSY;
	bp->b_vnbufs.le_next = NOLIST;
	atomic_inc_uint(&nbuf);
	return bp;
}

void
bufhdr_destroy(buf_t *bp)
{

	KASSERT(bp->b_freelistindex == BUFQUEUE_NONE);
	KASSERT(bp->b_vp == NULL);
	bufmem_free(bp);
	buf_destroy(bp);
	pool_cache_put(bufhdr_cache, bp);
	atomic_dec_uint(&nbuf);
}

void
bufqueue_put(buf_t *bp, enum bufqueue q)
{

	KASSERT(mutex_owned(&bufcache_lock));
	KASSERT(bp->b_freelistindex == BUFQUEUE_NONE);
	TAILQ_INSERT_TAIL(&queues[q], bp, b_freelist);
	bp->b_freelistindex = q;
	cv_signal(&needbuffer);
}

void
bufqueue_remove(buf_t *bp)
{

	KASSERT(mutex_owned(&bufcache_lock));
	if (bp->b_freelistindex == BUFQUEUE_NONE)
		return;
	TAILQ_REMOVE(&queues[bp->b_freelistindex], bp, b_freelist);
	bp->b_freelistindex = BUFQUEUE_NONE;
}

/* KPI name of the above. */
void
bremfree(buf_t *bp)
{

	bufqueue_remove(bp);
}

/* Make a clean buffer of the lists ours, as if it had just been made. */
static void
strip(buf_t *bp)
{

	KASSERT((bp->b_cflags & BC_BUSY) == 0);
	KASSERT((bp->b_oflags & BO_DELWRI) == 0);
	bufqueue_remove(bp);
	bp->b_cflags = BC_BUSY;
	if (bp->b_vp != NULL) {
		kmutex_t *interlock = bp->b_vp->v_interlock;

		bufhash_remove(bp);
		mutex_enter(interlock);
		brelvp(bp);
		mutex_exit(interlock);
	}
	bp->b_oflags = 0;
	bp->b_flags = 0;
	bp->b_error = bp->b_resid = bp->b_bcount = 0;
	bp->b_dev = NODEV;
	bp->b_blkno = bp->b_lblkno = bp->b_rawblkno = 0;
	bp->b_iodone = NULL;
	bp->b_private = NULL;
}

/*
 * Start writing a dirty buffer of the lists, for its place.  EBUSY: its file
 * system is suspended; it is put behind the others.
 */
static int
clean(buf_t *bp)
{
	struct mount *mp = bp->b_vp->v_mount;
	enum bufqueue q = bp->b_freelistindex;

	if (fstrans_start_nowait(mp) != 0) {
		bufqueue_remove(bp);
		bufqueue_put(bp, q);
		return EBUSY;
	}
	bufqueue_remove(bp);
	bp->b_cflags |= BC_BUSY | BC_AGE;
	mutex_exit(&bufcache_lock);
	bawrite(bp);
	fstrans_done(mp);
	mutex_enter(&bufcache_lock);
	return 0;
}

/* The buffer that is to be used again first, dirty or not. */
static buf_t *
oldest(void)
{
	buf_t *bp;

	bp = TAILQ_FIRST(&queues[BUFQUEUE_AGE]);
	return bp != NULL ? bp : TAILQ_FIRST(&queues[BUFQUEUE_LRU]);
}

/*
 * Wait until a buffer is released.  0, or an error of cv_timedwait that ends
 * the caller's request; our own timeout is none.
 */
static int
await(bool intr, int timeo)
{
	int error, ticks;

	ticks = timeo != 0 ? MIN(timeo, NEEDBUFFER_TICKS) : NEEDBUFFER_TICKS;
	if (intr)
		error = cv_timedwait_sig(&needbuffer, &bufcache_lock, ticks);
	else
		error = cv_timedwait(&needbuffer, &bufcache_lock, ticks);
	if (error == EWOULDBLOCK && ticks != timeo)
		error = 0;
	return error;
}

buf_t *
bufqueue_take(bool intr, int timeo)
{
	bool started = false;
	int skipped = 0;
	buf_t *bp;

	KASSERT(mutex_owned(&bufcache_lock));
	while (bufmem_excess() != 0) {
		bp = oldest();
		if (bp == NULL || skipped == SKIP_MOST) {
			if (!started || buf_pagedaemon())
				break;
			if (await(intr, timeo) != 0)
				return NULL;
			if (oldest() == NULL)
				break;
			started = false;
			skipped = 0;
		} else if ((bp->b_oflags & BO_DELWRI) == 0) {
			strip(bp);
			return bp;
		} else if (clean(bp) == 0) {
			started = true;
		} else {
			skipped++;
		}
	}
	mutex_exit(&bufcache_lock);
	bp = bufhdr_create();
	mutex_enter(&bufcache_lock);
	return bp;
}

static u_long
trim(struct buflist *list, u_long bytes)
{
	u_long freed = 0;
	buf_t *bp, *next;

	TAILQ_FOREACH_SAFE(bp, list, b_freelist, next) {
		if (freed >= bytes)
			break;
		if ((bp->b_oflags & BO_DELWRI) == 0) {
			freed += bp->b_bufsize;
			strip(bp);
			bufhdr_destroy(bp);
		}
	}
	return freed;
}

u_long
bufqueue_trim(u_long bytes)
{
	u_long freed;

	KASSERT(mutex_owned(&bufcache_lock));
	freed = trim(&queues[BUFQUEUE_AGE], bytes);
	if (freed < bytes)
		freed += trim(&queues[BUFQUEUE_LRU], bytes - freed);
	return freed;
}

/* The page daemon's request for n pages; returns how many came back. */
int
buf_drain(int n)
{
	u_long bytes = (u_long)MAX(n, 1) * PAGE_SIZE, freed = 0;
	u_long now = atomic_load_relaxed(&bufmem);
	u_long keep = atomic_load_relaxed(&bufmem_lowater);

	/* metadata that is in use soon comes back: leave a little */
	if (now > keep) {
		mutex_enter(&bufcache_lock);
		freed = bufqueue_trim(MIN(bytes, now - keep));
		mutex_exit(&bufcache_lock);
	}
	return (int)(freed / PAGE_SIZE);
}

u_int
buf_nbuf(void)
{

	return nbuf;
}
