/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing a transaction to the log.
 *
 * A transaction is, in this order, records of blocks (wc_blocks, then their
 * contents), of blocks whose earlier copies do not count, and of all inodes in no
 * directory.  The head of each record fills one unit of the log, contents are
 * rounded up to units.
 *
 * A header makes it count.  There are two, in the first two units of the log;
 * generations alternate between them, so that one is whole whatever becomes of the
 * other.  The order of writes, "|" being a flush of the device's cache:
 *
 *	records  |  header  |  blocks in place
 *
 * The first flush also covers blocks of older transactions: the new header may say
 * that the log begins after them.  What it gives up is overwritten only after the
 * second.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/time.h>

#include "wapbl/journal.h"

/* Where the log has to begin if the newest transaction ends at head. */
static off_t
tail_of(struct wapbl *wl)
{
	off_t tail;

	mutex_enter(&wl->wl_mutex);
	entries_reap(wl);
	tail = wl->wl_done;
	mutex_exit(&wl->wl_mutex);
	return wl->wl_inodes_live ? MIN(tail, wl->wl_inodes_at) : tail;
}

static off_t
on_disk(const struct logarea *la, off_t place)
{

	return la->la_circ_off + place % la->la_circ_size;
}

/*
 * Make all before head count, and give up what is in place.
 *
 * Returns 0; or an error of the device: then the old header or this one counts.
 * Locks:  wl_lock held exclusively.
 */
int
commit_header(struct wapbl *wl, off_t head)
{
	const struct logarea *la = &wl->wl_log;
	struct wapbl_wc_header *wc = (void *)wl->wl_scratch;
	off_t tail = tail_of(wl);
	struct timespec ts;
	int error;

	KASSERT(head - tail < la->la_circ_size);
	error = device_sync(la->la_devvp);
	if (error != 0)
		return error;
	getnanotime(&ts);
	memset(wl->wl_scratch, 0, logarea_unit(la));
	wc->wc_type = WAPBL_WC_HEADER;
	wc->wc_len = (int32_t)logarea_unit(la);
	wc->wc_generation = wl->wl_generation + 1;
	wc->wc_time = ts.tv_sec;
	wc->wc_timensec = ts.tv_nsec;
	wc->wc_version = WAPBL_VERSION;
	wc->wc_log_dev_bshift = la->la_bshift;
	wc->wc_fs_dev_bshift = wl->wl_fs_bshift;
	/* an empty log has both 0 */
	wc->wc_head = head == tail ? 0 : on_disk(la, head);
	wc->wc_tail = head == tail ? 0 : on_disk(la, tail);
	wc->wc_circ_off = la->la_circ_off;
	wc->wc_circ_size = la->la_circ_size;
	error = device_rw(la->la_devvp, B_WRITE, wc, logarea_unit(la),
	    la->la_blkno + (wc->wc_generation % 2 == 0 ? 0 :
	    btodb(logarea_unit(la))));
	if (error == 0)
		error = device_sync(la->la_devvp);
	wl->wl_generation++;
	wl->wl_doubt = error != 0;
	if (error != 0)
		return error;
	wl->wl_head = head;
	wl->wl_tail = tail;
	return 0;
}

/* One record of blocks, as many as fit.  *count: how many. */
static int
write_blocks(struct wapbl *wl, struct wapbl_entry *we, off_t *place, int *count)
{
	const struct logarea *la = &wl->wl_log;
	struct wapbl_wc_blocklist *wc = (void *)wl->wl_scratch;
	size_t used = logarea_unit(la);
	int max = (int)((used - sizeof(*wc)) / sizeof(wc->wc_blocks[0]));
	struct buf *bp;
	int error;

	memset(wc, 0, used);
	while (wc->wc_blkcount < max &&
	    (bp = bufs_take(wl, &wl->wl_bufs)) != NULL) {
		size_t len = logarea_round(la, bp->b_bcount);

		if (used + len > SCRATCH_BYTES) {
			brelse(bp, 0);
			break;
		}
		memcpy(wl->wl_scratch + used, bp->b_data, bp->b_bcount);
		memset(wl->wl_scratch + used + bp->b_bcount, 0,
		    len - bp->b_bcount);
		wc->wc_blocks[wc->wc_blkcount].wc_daddr = bp->b_blkno;
		wc->wc_blocks[wc->wc_blkcount++].wc_dlen = bp->b_bcount;
		used += len;
		bufs_logged(wl, we, bp);
		brelse(bp, 0);
	}
	*count = wc->wc_blkcount;
	if (*count == 0)
		return 0;
	wc->wc_type = WAPBL_WC_BLOCKS;
	wc->wc_len = (int32_t)used;
	error = logarea_rw(la, B_WRITE, wc, used, *place);
	*place += used;
	return error;
}

static int
write_revocations(struct wapbl *wl, off_t *place)
{
	const struct logarea *la = &wl->wl_log;
	struct wapbl_wc_blocklist *wc = (void *)wl->wl_scratch;
	size_t unit = logarea_unit(la);
	int max = (int)((unit - sizeof(*wc)) / sizeof(wc->wc_blocks[0]));
	struct wapbl_dealloc *wd = TAILQ_FIRST(&wl->wl_revoked);
	int error = 0, n;

	while (wd != NULL && error == 0) {
		memset(wc, 0, unit);
		for (n = 0; wd != NULL && n < max; n++) {
			wc->wc_blocks[n].wc_daddr = wd->wd_blkno;
			wc->wc_blocks[n].wc_dlen = wd->wd_len;
			wd = TAILQ_NEXT(wd, wd_entries);
		}
		wc->wc_type = WAPBL_WC_REVOCATIONS;
		wc->wc_len = (int32_t)unit;
		wc->wc_blkcount = n;
		error = logarea_rw(la, B_WRITE, wc, unit, *place);
		*place += unit;
	}
	return error;
}

/* The inodes, in as many records as it takes; the first undoes older ones. */
static int
write_inodes(struct wapbl *wl, off_t *place)
{
	const struct logarea *la = &wl->wl_log;
	struct wapbl_wc_inodelist *wc = (void *)wl->wl_scratch;
	size_t unit = logarea_unit(la);
	int max = (int)((unit - sizeof(*wc)) / sizeof(wc->wc_inodes[0]));
	struct wapbl_inode *wi = NULL;
	u_long chain = 0;
	int32_t clear = 1;
	int error, n;

	do {
		memset(wc, 0, unit);
		for (n = 0; n < max; n++) {
			if (wi != NULL)
				wi = LIST_NEXT(wi, wi_hash);
			while (wi == NULL && chain <= wl->wl_inohashmask)
				wi = LIST_FIRST(&wl->wl_inohash[chain++]);
			if (wi == NULL)
				break;
			wc->wc_inodes[n].wc_inumber = (uint32_t)wi->wi_ino;
			wc->wc_inodes[n].wc_imode = wi->wi_mode;
		}
		if (n == 0 && clear == 0)
			return 0;
		wc->wc_type = WAPBL_WC_INODES;
		wc->wc_len = (int32_t)unit;
		wc->wc_inocnt = n;
		wc->wc_clear = clear;
		clear = 0;
		error = logarea_rw(la, B_WRITE, wc, unit, *place);
		*place += unit;
	} while (error == 0 && n == max);
	return error;
}

/* See that the log has room for the transaction. */
static int
make_room(struct wapbl *wl)
{
	size_t need = pending_bytes(wl);
	off_t size = wl->wl_log.la_circ_size;
	int error;

	if (wl->wl_head + (off_t)need - wl->wl_tail < size)
		return 0;
	error = bufs_await(wl);
	if (error == 0)
		error = commit_header(wl, wl->wl_head);
	if (error != 0)
		return error;
	if (wl->wl_head + (off_t)need - wl->wl_tail >= size)
		panic("wapbl: transaction of %zu bytes in a log of %jd", need,
		    (intmax_t)size);
	return 0;
}

/* Write the records; *inodes_at: where the inodes' are, -1 if none. */
static int
write_records(struct wapbl *wl, struct wapbl_entry *we, off_t *place,
    off_t *inodes_at)
{
	int error, count;

	do
		error = write_blocks(wl, we, place, &count);
	while (error == 0 && count != 0);
	if (error == 0)
		error = write_revocations(wl, place);
	*inodes_at = -1;
	/* they may say as before, but what is before may be given up */
	if (error == 0 && (wl->wl_inocount != 0 || wl->wl_inodes_live)) {
		*inodes_at = *place;
		error = write_inodes(wl, place);
	}
	return error;
}

/* The transaction is in the log. */
static void
committed(struct wapbl *wl, struct wapbl_entry *we, off_t inodes_at)
{

	deallocs_free(wl);
	mutex_enter(&wl->wl_mutex);
	SIMPLEQ_INSERT_TAIL(&wl->wl_entries, we, we_entries);
	wl->wl_inodirty = false;
	mutex_exit(&wl->wl_mutex);
	if (inodes_at >= 0) {
		wl->wl_inodes_at = inodes_at;
		wl->wl_inodes_live = wl->wl_inocount != 0;
	}
}

static bool
something_pending(struct wapbl *wl)
{

	return wl->wl_bufcount != 0 || wl->wl_dealloccnt != 0 ||
	    wl->wl_inodirty;
}

/*
 * Write the open transaction to the log, and start to write its blocks in place.
 *
 * Returns 0; or an error of the device: then the transaction is open as before,
 * and the next commit begins by trying again.
 * Locks:  wl_lock held exclusively.
 */
int
commit(struct wapbl *wl)
{
	off_t place, inodes_at, start = wl->wl_head;
	struct wapbl_entry *we;
	int error = wl->wl_dead ? EIO : 0;

	/* before anything is written where a header may point to */
	if (error == 0 && wl->wl_doubt)
		error = commit_header(wl, start);
	if (error == 0 && !TAILQ_EMPTY(&wl->wl_logged)) {
		bufs_write(wl);
		error = bufs_await(wl);
	}
	if (error != 0 || !something_pending(wl))
		return error;
	wl->wl_flush_fn(wl->wl_mount, TAILQ_FIRST(&wl->wl_deallocs));
	TAILQ_CONCAT(&wl->wl_revoked, &wl->wl_deallocs, wd_entries);
	error = make_room(wl);
	if (error != 0)
		return error;
	we = kmem_zalloc(sizeof(*we), KM_SLEEP);
	we->we_wapbl = wl;
	place = start;
	error = write_records(wl, we, &place, &inodes_at);
	if (error == 0)
		error = commit_header(wl, place);
	if (error != 0) {
		bufs_unlogged(wl, we);
		kmem_free(we, sizeof(*we));
		return error;
	}
	we->we_reclaimable_bytes = place - start;
	committed(wl, we, inodes_at);
	bufs_write(wl);
	return 0;
}
