/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The buffers of a journal.
 *
 *	wapbl_add_buf		a dirty buffer joins the open transaction
 *	wapbl_remove_buf	the buffer cache forgets it
 *	wapbl_resize_buf	it got another size
 *	wapbl_biodone		it was written in place
 *
 * From wapbl_add_buf until it is to be written in place a buffer is B_LOCKED and
 * on one of two lists: wl_bufs; and wl_logged once a commit has copied it, with the
 * entry of the commit in b_private.  While it is written it is busy and on none;
 * if that fails it comes back to wl_logged.
 *
 * A list changes under wl_mutex.  A buffer leaves its list only by who has made it
 * busy, or by brelse under bufcache_lock: so one that is found with that held
 * stays there until it is ours.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/vnode.h>

#include "bio/bufcache.h"
#include "wapbl/journal.h"

/*
 * A buffer is dirty: it belongs to the open transaction.
 *
 * bp      busy.
 * Locks:  in a transaction, or called back by a commit.
 */
void
wapbl_add_buf(struct wapbl *wl, struct buf *bp)
{

	KASSERT((bp->b_cflags & BC_BUSY) != 0);
	KASSERT(rw_lock_held(&wl->wl_lock));
	mutex_enter(&wl->wl_mutex);
	if ((bp->b_flags & B_LOCKED) == 0) {
		bp->b_flags |= B_LOCKED;
		bp->b_private = NULL;
		TAILQ_INSERT_TAIL(&wl->wl_bufs, bp, b_wapbllist);
		wl->wl_bufcount++;
		wl->wl_bufbytes += bp->b_bcount;
	} else if (bp->b_private != NULL) {
		/* it failed to be written, and can now be no more as logged */
		wl->wl_dead = true;
	}
	mutex_exit(&wl->wl_mutex);
}

/*
 * Take what is in place off the log, oldest first.
 *
 * Locks:   wl_mutex held.
 * Context: thread.
 */
void
entries_reap(struct wapbl *wl)
{
	struct wapbl_entry *we;

	KASSERT(mutex_owned(&wl->wl_mutex));
	while ((we = SIMPLEQ_FIRST(&wl->wl_entries)) != NULL &&
	    we->we_bufcount == 0) {
		SIMPLEQ_REMOVE_HEAD(&wl->wl_entries, we_entries);
		wl->wl_done += we->we_reclaimable_bytes;
		kmem_free(we, sizeof(*we));
	}
}

/*
 * A buffer is forgotten, and with it what the transaction would write there.
 *
 * Locks:  bufcache_lock held; bp busy and B_LOCKED.
 */
void
wapbl_remove_buf(struct wapbl *wl, struct buf *bp)
{

	KASSERT((bp->b_flags & B_LOCKED) != 0);
	mutex_enter(&wl->wl_mutex);
	if (bp->b_private != NULL) {
		TAILQ_REMOVE(&wl->wl_logged, bp, b_wapbllist);
		((struct wapbl_entry *)bp->b_private)->we_bufcount--;
		bp->b_private = NULL;
	} else {
		TAILQ_REMOVE(&wl->wl_bufs, bp, b_wapbllist);
		wl->wl_bufcount--;
		wl->wl_bufbytes -= bp->b_bcount;
	}
	bp->b_flags &= ~B_LOCKED;
	mutex_exit(&wl->wl_mutex);
}

void
wapbl_resize_buf(struct wapbl *wl, struct buf *bp, long oldsz, long oldcnt)
{

	KASSERT((bp->b_flags & B_LOCKED) != 0);
	mutex_enter(&wl->wl_mutex);
	if (bp->b_private == NULL)
		wl->wl_bufbytes += bp->b_bcount - oldcnt;
	mutex_exit(&wl->wl_mutex);
}

/* A commit has copied a buffer, which is busy. */
void
bufs_logged(struct wapbl *wl, struct wapbl_entry *we, struct buf *bp)
{

	mutex_enter(&wl->wl_mutex);
	TAILQ_REMOVE(&wl->wl_bufs, bp, b_wapbllist);
	wl->wl_bufcount--;
	wl->wl_bufbytes -= bp->b_bcount;
	TAILQ_INSERT_TAIL(&wl->wl_logged, bp, b_wapbllist);
	we->we_bufcount++;
	bp->b_private = we;
	mutex_exit(&wl->wl_mutex);
}

/*
 * The commit failed: what it copied is in the open transaction as before.  A write of an
 * older one may have failed meanwhile; its buffer stays.
 */
void
bufs_unlogged(struct wapbl *wl, const struct wapbl_entry *we)
{
	struct buf *bp, *next;

	mutex_enter(&wl->wl_mutex);
	TAILQ_FOREACH_SAFE(bp, &wl->wl_logged, b_wapbllist, next) {
		if (bp->b_private != we)
			continue;
		TAILQ_REMOVE(&wl->wl_logged, bp, b_wapbllist);
		bp->b_private = NULL;
		TAILQ_INSERT_TAIL(&wl->wl_bufs, bp, b_wapbllist);
		wl->wl_bufcount++;
		wl->wl_bufbytes += bp->b_bcount;
	}
	mutex_exit(&wl->wl_mutex);
}

struct buf *
bufs_take(struct wapbl *wl, struct wapbl_bufs *list)
{
	struct buf *bp;

	mutex_enter(&bufcache_lock);
	do {
		mutex_enter(&wl->wl_mutex);
		bp = TAILQ_FIRST(list);
		mutex_exit(&wl->wl_mutex);
	} while (bp != NULL && bbusy(bp, false, 0, NULL) != 0);
	mutex_exit(&bufcache_lock);
	return bp;
}

void
bufs_write(struct wapbl *wl)
{
	bool failed = false;
	struct buf *bp;

	mutex_enter(&wl->wl_mutex);
	wl->wl_failed = false;
	mutex_exit(&wl->wl_mutex);
	while (!failed && (bp = bufs_take(wl, &wl->wl_logged)) != NULL) {
		mutex_enter(&wl->wl_mutex);
		failed = wl->wl_failed;
		TAILQ_REMOVE(&wl->wl_logged, bp, b_wapbllist);
		wl->wl_inflight++;
		mutex_exit(&wl->wl_mutex);
		/* B_LOCKED stays: an error is ours to deal with */
		bp->b_iodone = wapbl_biodone;
		bawrite(bp);
	}
}

/*
 * A buffer was written in place, or could not be: then the log still has it, and
 * it is tried again before the next transaction.
 *
 * Context: any that biodone may be called from.
 */
void
wapbl_biodone(struct buf *bp)
{
	struct wapbl_entry *we = bp->b_private;
	struct wapbl *wl = we->we_wapbl;
	bool failed = bp->b_error != 0;

	if (failed) {
		mutex_enter(&bufcache_lock);
		mutex_enter(bp->b_objlock);
		bp->b_oflags |= BO_DELWRI;
		reassignbuf(bp, bp->b_vp);
		mutex_exit(bp->b_objlock);
		mutex_enter(&wl->wl_mutex);
		we->we_error = bp->b_error;
		TAILQ_INSERT_TAIL(&wl->wl_logged, bp, b_wapbllist);
		wl->wl_failed = true;
		mutex_exit(&wl->wl_mutex);
		brelsel(bp, 0);
		mutex_exit(&bufcache_lock);
	} else {
		bp->b_private = NULL;
		bp->b_flags &= ~B_LOCKED;
		brelse(bp, 0);
	}
	/* last: wapbl_stop waits for it, and takes wl away */
	mutex_enter(&wl->wl_mutex);
	wl->wl_inflight--;
	/* not reaped here: memory is given back by threads */
	if (!failed)
		we->we_bufcount--;
	cv_broadcast(&wl->wl_cv);
	mutex_exit(&wl->wl_mutex);
}

int
bufs_await(struct wapbl *wl)
{
	int error;

	mutex_enter(&wl->wl_mutex);
	while (wl->wl_inflight != 0)
		cv_wait(&wl->wl_cv, &wl->wl_mutex);
	error = wl->wl_failed ? EIO : 0;
	mutex_exit(&wl->wl_mutex);
	return error;
}

void
bufs_forget(struct wapbl *wl)
{
	struct buf *bp;

	while ((bp = bufs_take(wl, &wl->wl_bufs)) != NULL ||
	    (bp = bufs_take(wl, &wl->wl_logged)) != NULL) {
		mutex_enter(&bufcache_lock);
		wapbl_remove_buf(wl, bp);
		brelsel(bp, BC_INVAL);
		mutex_exit(&bufcache_lock);
	}
}
