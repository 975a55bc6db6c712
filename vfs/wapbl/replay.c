/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a log that a crash left.
 *
 *	wapbl_replay_start	find what counts
 *	wapbl_replay_write	write it in place
 *	wapbl_replay_can_read,
 *	wapbl_replay_read	read blocks as they will be, for a read-only mount
 *	wapbl_replay_stop	forget the blocks; the inodes remain
 *	wapbl_replay_free	forget the rest
 *
 * The newest copy of each unit of the device that the log has is in a hash table
 * (wr_blkhash), so blocks of different sizes that overlap do no harm.  A replay
 * belongs to one thread until the mount is there, and only reads then.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/vnode.h>

#include "wapbl/journal.h"

struct wapbl_blk {
	LIST_ENTRY(wapbl_blk) wb_hash;
	daddr_t		wb_blkno;	/* of the device, in DEV_BSIZE */
	off_t		wb_place;	/* in the circular part */
};

/* Walking the log. */
struct cursor {
	struct wapbl_replay *c_wr;
	off_t		c_place;	/* of the next record */
	off_t		c_left;		/* bytes of log from there on */
};

static void
area_of(const struct wapbl_replay *wr, struct logarea *la)
{

	la->la_devvp = wr->wr_devvp;
	la->la_blkno = wr->wr_logpbn;
	la->la_bshift = wr->wr_log_dev_bshift;
	la->la_circ_off = wr->wr_circ_off;
	la->la_circ_size = wr->wr_circ_size;
}

static int
log_read(const struct wapbl_replay *wr, void *data, size_t len, off_t place)
{
	struct logarea la;

	area_of(wr, &la);
	return logarea_rw(&la, B_READ, data, len, place);
}

static int
unit_blks(const struct wapbl_replay *wr)
{

	return 1 << (wr->wr_log_dev_bshift - DEV_BSHIFT);
}

static struct wapbl_blk_head *
chain(const struct wapbl_replay *wr, daddr_t blkno)
{

	return &wr->wr_blkhash[(u_long)(blkno / unit_blks(wr)) &
	    wr->wr_blkhashmask];
}

static struct wapbl_blk *
lookup(const struct wapbl_replay *wr, daddr_t blkno)
{
	struct wapbl_blk *wb;

	LIST_FOREACH(wb, chain(wr, blkno), wb_hash)
		if (wb->wb_blkno == blkno)
			return wb;
	return NULL;
}

static void
forget(struct wapbl_replay *wr, struct wapbl_blk *wb)
{

	LIST_REMOVE(wb, wb_hash);
	wr->wr_blkhashcnt--;
	kmem_free(wb, sizeof(*wb));
}

/* The device's unit blkno is in the log at place. */
static void
remember(struct wapbl_replay *wr, daddr_t blkno, off_t place)
{
	struct wapbl_blk *wb = lookup(wr, blkno);

	if (wb == NULL) {
		wb = kmem_alloc(sizeof(*wb), KM_SLEEP);
		wb->wb_blkno = blkno;
		LIST_INSERT_HEAD(chain(wr, blkno), wb, wb_hash);
		wr->wr_blkhashcnt++;
	}
	wb->wb_place = place % wr->wr_circ_size;
}

/* Earlier copies of a range do not count: what the log has of it is forgotten. */
static void
revoke(struct wapbl_replay *wr, daddr_t blkno, daddr_t end)
{
	struct wapbl_blk *wb, *next;
	u_long i;

	/* a range may be larger than all that the log can hold */
	if ((end - blkno) / unit_blks(wr) <= (daddr_t)wr->wr_blkhashcnt) {
		for (; blkno < end; blkno += unit_blks(wr))
			if ((wb = lookup(wr, blkno)) != NULL)
				forget(wr, wb);
		return;
	}
	for (i = 0; i <= wr->wr_blkhashmask; i++)
		LIST_FOREACH_SAFE(wb, &wr->wr_blkhash[i], wb_hash, next)
			if (wb->wb_blkno >= blkno && wb->wb_blkno < end)
				forget(wr, wb);
}

/* May a device have len bytes there: can their end be counted in bytes? */
static bool
place_good(daddr_t blkno, int32_t len)
{

	return blkno >= 0 && len >= 0 &&
	    blkno < (INT64_MAX - len) / DEV_BSIZE - MAXBSIZE / DEV_BSIZE;
}

/* Does a list of n things of a size fit in a record's head? */
static bool
list_fits(const struct cursor *c, int32_t n, size_t each)
{
	size_t unit = (size_t)1 << c->c_wr->wr_log_dev_bshift;

	return n >= 0 && (size_t)n <=
	    (unit - offsetof(struct wapbl_wc_blocklist, wc_blocks)) / each;
}

static int
scan_blocks(struct cursor *c)
{
	struct wapbl_replay *wr = c->c_wr;
	struct wapbl_wc_blocklist *wc = wr->wr_scratch;
	off_t unit = (off_t)1 << wr->wr_log_dev_bshift, at = unit, off;
	bool revoked = wc->wc_type == WAPBL_WC_REVOCATIONS;
	daddr_t blkno;
	int32_t len;
	int i;

	if (!list_fits(c, wc->wc_blkcount, sizeof(wc->wc_blocks[0])))
		return EINVAL;
	for (i = 0; i < wc->wc_blkcount; i++) {
		blkno = wc->wc_blocks[i].wc_daddr;
		len = wc->wc_blocks[i].wc_dlen;
		if (!place_good(blkno, len) || (!revoked && len > wc->wc_len - at))
			return EINVAL;
		if (revoked) {
			revoke(wr, blkno, blkno + howmany((daddr_t)len, DEV_BSIZE));
			continue;
		}
		for (off = 0; off < len; off += unit, blkno += unit_blks(wr))
			remember(wr, blkno, c->c_place + at + off);
		at += off;
	}
	return 0;
}

static void
inodes_forget(struct wapbl_replay *wr)
{

	if (wr->wr_inodes != NULL)
		kmem_free(wr->wr_inodes,
		    wr->wr_inodescnt * sizeof(wr->wr_inodes[0]));
	wr->wr_inodes = NULL;
	wr->wr_inodescnt = 0;
}

static int
scan_inodes(struct cursor *c)
{
	struct wapbl_replay *wr = c->c_wr;
	struct wapbl_wc_inodelist *wc = wr->wr_scratch;
	size_t each = sizeof(wr->wr_inodes[0]), old;
	int i, n = wc->wc_inocnt;
	void *list;

	if (!list_fits(c, n, sizeof(wc->wc_inodes[0])))
		return EINVAL;
	if (wc->wc_clear) {
		inodes_forget(wr);
		wr->wr_inodeshead = wr->wr_circ_off + c->c_place;
	}
	wr->wr_inodestail = wr->wr_circ_off +
	    (c->c_place + wc->wc_len) % wr->wr_circ_size;
	if (n == 0)
		return 0;
	old = wr->wr_inodescnt;
	list = kmem_alloc((old + n) * each, KM_SLEEP);
	if (old != 0) {
		memcpy(list, wr->wr_inodes, old * each);
		kmem_free(wr->wr_inodes, old * each);
	}
	wr->wr_inodes = list;
	for (i = 0; i < n; i++) {
		wr->wr_inodes[old + i].wr_inumber = wc->wc_inodes[i].wc_inumber;
		wr->wr_inodes[old + i].wr_imode = wc->wc_inodes[i].wc_imode;
	}
	wr->wr_inodescnt = (int)old + n;
	return 0;
}

/* Look at one record. */
static int
scan_record(struct cursor *c)
{
	struct wapbl_replay *wr = c->c_wr;
	struct wapbl_wc_null *wc = wr->wr_scratch;
	size_t unit = (size_t)1 << wr->wr_log_dev_bshift;
	int error;

	error = log_read(wr, wc, unit, c->c_place);
	if (error != 0)
		return error;
	if (wc->wc_len < (int32_t)unit || wc->wc_len % (int32_t)unit != 0 ||
	    wc->wc_len > c->c_left)
		return EINVAL;
	switch (wc->wc_type) {
	case WAPBL_WC_BLOCKS:
	case WAPBL_WC_REVOCATIONS:
		error = scan_blocks(c);
		break;
	case WAPBL_WC_INODES:
		error = scan_inodes(c);
		break;
	default:
		error = EINVAL;
	}
	c->c_left -= wc->wc_len;
	c->c_place = (c->c_place + wc->wc_len) % wr->wr_circ_size;
	return error;
}

/* Is it the header of a log of this place and size? */
static bool
header_valid(const struct wapbl_wc_header *wc, const struct logarea *la)
{
	off_t unit = (off_t)logarea_unit(la), off = wc->wc_circ_off, end;

	if (wc->wc_type != WAPBL_WC_HEADER || wc->wc_len != unit ||
	    wc->wc_version != WAPBL_VERSION ||
	    wc->wc_log_dev_bshift != (uint32_t)la->la_bshift ||
	    off != la->la_circ_off || wc->wc_circ_size < unit ||
	    wc->wc_circ_size > la->la_circ_size ||
	    wc->wc_circ_size % unit != 0)
		return false;
	if (wc->wc_head == 0 && wc->wc_tail == 0)
		return true;
	end = off + wc->wc_circ_size;
	return wc->wc_head >= off && wc->wc_head < end &&
	    wc->wc_tail >= off && wc->wc_tail < end &&
	    wc->wc_head % unit == 0 && wc->wc_tail % unit == 0;
}

/* Find the newest header, and note what it says. */
static int
read_headers(struct wapbl_replay *wr, const struct logarea *la,
    struct cursor *c)
{
	size_t unit = logarea_unit(la);
	struct wapbl_wc_header *wc = wr->wr_scratch;
	bool found = false;
	int error, i;

	for (i = 0; i < 2; i++) {
		error = device_rw(la->la_devvp, B_READ, wc, unit,
		    la->la_blkno + i * btodb(unit));
		if (error != 0)
			return error;
		if (!header_valid(wc, la) ||
		    (found && wc->wc_generation < wr->wr_generation))
			continue;
		found = true;
		wr->wr_generation = wc->wc_generation;
		wr->wr_fs_dev_bshift = wc->wc_fs_dev_bshift;
		wr->wr_circ_off = wc->wc_circ_off;
		wr->wr_circ_size = wc->wc_circ_size;
		c->c_place = MAX(wc->wc_tail - wc->wc_circ_off, 0);
		c->c_left = wc->wc_head - wc->wc_tail;
		if (c->c_left < 0 || (c->c_left == 0 && wc->wc_head != 0))
			c->c_left += wc->wc_circ_size;
	}
	return found ? 0 : EINVAL;
}

/*
 * Find out what a log says.
 *
 * wrp     out: the replay, open; its wr_inodes are those in no directory.
 * vp      the open device; off, count, blksize as for wapbl_start.
 *
 * Returns 0; EINVAL: there is no log, or it is damaged; or the device's error.
 * Context: thread, may sleep.
 */
int
wapbl_replay_start(struct wapbl_replay **wrp, struct vnode *vp, daddr_t off,
    size_t count, size_t blksize)
{
	struct wapbl_replay *wr;
	struct logarea la;
	struct cursor c;
	int error;

	error = logarea_init(&la, vp, off, count, blksize);
	if (error != 0)
		return error;
	wr = kmem_zalloc(sizeof(*wr), KM_SLEEP);
	wr->wr_logvp = wr->wr_devvp = vp;
	wr->wr_logpbn = la.la_blkno;
	wr->wr_log_dev_bshift = la.la_bshift;
	wr->wr_scratch = kmem_alloc(SCRATCH_BYTES, KM_SLEEP);
	wr->wr_blkhash = hashinit(MAX(64, MIN(count / 8, 8192)), HASH_LIST,
	    true, &wr->wr_blkhashmask);
	c.c_wr = wr;
	error = read_headers(wr, &la, &c);
	while (error == 0 && c.c_left > 0)
		error = scan_record(&c);
	if (error != 0) {
		wapbl_replay_stop(wr);
		wapbl_replay_free(wr);
		return error;
	}
	*wrp = wr;
	return 0;
}

/* More than once does no harm. */
void
wapbl_replay_stop(struct wapbl_replay *wr)
{
	struct wapbl_blk *wb;
	u_long i;

	if (!wapbl_replay_isopen(wr))
		return;
	for (i = 0; i <= wr->wr_blkhashmask; i++)
		while ((wb = LIST_FIRST(&wr->wr_blkhash[i])) != NULL)
			forget(wr, wb);
	hashdone(wr->wr_blkhash, HASH_LIST, wr->wr_blkhashmask);
	wr->wr_blkhash = NULL;
	kmem_free(wr->wr_scratch, SCRATCH_BYTES);
	wr->wr_scratch = NULL;
}

void
wapbl_replay_free(struct wapbl_replay *wr)
{

	KASSERT(!wapbl_replay_isopen(wr));
	inodes_forget(wr);
	kmem_free(wr, sizeof(*wr));
}

int
wapbl_replay_isopen1(struct wapbl_replay *wr)
{

	return wapbl_replay_isopen(wr);
}

/* How many units from blkno on the log has, of max, one after another there. */
static int
run_length(const struct wapbl_replay *wr, const struct wapbl_blk *wb, int max)
{
	off_t unit = (off_t)1 << wr->wr_log_dev_bshift;
	const struct wapbl_blk *next;
	int n;

	for (n = 1; n < max; n++) {
		next = lookup(wr, wb->wb_blkno + n * unit_blks(wr));
		if (next == NULL || next->wb_place !=
		    (wb->wb_place + n * unit) % wr->wr_circ_size)
			break;
	}
	return n;
}

/*
 * Write what counts in place.  The log still has it: a crash meanwhile does no
 * harm.
 *
 * fsdevvp the open device, with no buffers of what is written.
 *
 * Returns 0, or the device's error.
 */
int
wapbl_replay_write(struct wapbl_replay *wr, struct vnode *fsdevvp)
{
	size_t unit = (size_t)1 << wr->wr_log_dev_bshift;
	const struct wapbl_blk *wb, *before;
	int error = 0, n;
	u_long i;

	KASSERT(wapbl_replay_isopen(wr));
	for (i = 0; i <= wr->wr_blkhashmask; i++)
		LIST_FOREACH(wb, &wr->wr_blkhash[i], wb_hash) {
			before = lookup(wr, wb->wb_blkno - unit_blks(wr));
			/* not in the middle of what is written with others */
			if (before != NULL && run_length(wr, before, 2) == 2 &&
			    wb->wb_blkno % btodb(SCRATCH_BYTES) != 0)
				continue;
			n = (int)((SCRATCH_BYTES - dbtob(wb->wb_blkno %
			    btodb(SCRATCH_BYTES))) / unit);
			n = run_length(wr, wb, n);
			error = log_read(wr, wr->wr_scratch, n * unit,
			    wb->wb_place);
			if (error == 0)
				error = device_rw(fsdevvp, B_WRITE,
				    wr->wr_scratch, n * unit, wb->wb_blkno);
			if (error != 0)
				return error;
		}
	return device_sync(fsdevvp);
}

/*
 * Has the log anything of len bytes from block blk on?
 */
int
wapbl_replay_can_read(struct wapbl_replay *wr, daddr_t blk, long len)
{
	int step = unit_blks(wr);
	daddr_t end = blk + howmany(len, DEV_BSIZE);

	KASSERT(wapbl_replay_isopen(wr));
	for (blk -= blk % step; blk < end; blk += step)
		if (lookup(wr, blk) != NULL)
			return 1;
	return 0;
}

/*
 * Read blocks as they will be after the replay.
 *
 * data    len bytes, a multiple of the log's unit, as blk is; what the log
 *         does not have is read from the device.
 *
 * Returns 0, or the device's error.
 */
int
wapbl_replay_read(struct wapbl_replay *wr, void *data, daddr_t blk, long len)
{
	size_t unit = (size_t)1 << wr->wr_log_dev_bshift;
	const struct wapbl_blk *wb;
	int error = 0, n, left;
	char *p = data;

	KASSERT(wapbl_replay_isopen(wr));
	KASSERT(len % unit == 0 && blk % unit_blks(wr) == 0);
	for (left = (int)(len / unit); left != 0 && error == 0; left -= n) {
		wb = lookup(wr, blk);
		n = wb != NULL ? run_length(wr, wb, left) : 1;
		error = wb != NULL ? log_read(wr, p, n * unit, wb->wb_place) :
		    device_rw(wr->wr_devvp, B_READ, p, n * unit, blk);
		p += n * unit;
		blk += n * unit_blks(wr);
	}
	return error;
}
