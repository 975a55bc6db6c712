/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The journal of a mounted file system.
 *
 *	wapbl_start, wapbl_stop		begin and end to keep one
 *	wapbl_begin, wapbl_end		a transaction
 *	wapbl_flush			commit what ended
 *	wapbl_discard			forget what is not committed
 *	wapbl_jlock_assert,
 *	wapbl_junlock_assert		inside, outside of a transaction
 *	wapbl_ops			all of it, for the mount
 *
 * Transactions share one: all that happened since the last commit becomes durable
 * together, or not at all.  doc/journal.md has the design.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/vnode.h>

#include "wapbl/journal.h"

const struct wapbl_ops wapbl_ops = {
	.wo_wapbl_discard = wapbl_discard,
	.wo_wapbl_replay_isopen = wapbl_replay_isopen1,
	.wo_wapbl_replay_can_read = wapbl_replay_can_read,
	.wo_wapbl_replay_read = wapbl_replay_read,
	.wo_wapbl_add_buf = wapbl_add_buf,
	.wo_wapbl_remove_buf = wapbl_remove_buf,
	.wo_wapbl_resize_buf = wapbl_resize_buf,
	.wo_wapbl_begin = wapbl_begin,
	.wo_wapbl_end = wapbl_end,
	.wo_wapbl_junlock_assert = wapbl_junlock_assert,
	.wo_wapbl_jlock_assert = wapbl_jlock_assert,
	.wo_wapbl_biodone = wapbl_biodone,
};

/* File systems name it as what they need; it has nothing to set up. */
MODULE(MODULE_CLASS_VFS, wapbl, NULL);

static int
wapbl_modcmd(modcmd_t cmd, void *arg)
{

	return cmd == MODULE_CMD_INIT || cmd == MODULE_CMD_FINI ? 0 : ENOTTY;
}

static struct wapbl *
create(struct mount *mp, const struct logarea *la, wapbl_flush_fn_t flush,
    wapbl_flush_fn_t abort)
{
	struct wapbl *wl = kmem_zalloc(sizeof(*wl), KM_SLEEP);
	size_t bsize = mp->mnt_stat.f_bsize;

	wl->wl_mount = mp;
	wl->wl_log = *la;
	wl->wl_fs_bshift = mp->mnt_dev_bshift;
	wl->wl_flush_fn = flush;
	wl->wl_abort_fn = abort;
	/* each may change one more block when it is given back */
	wl->wl_dealloc_max = (int)MAX(1,
	    la->la_circ_size / 2 / (off_t)(bsize != 0 ? bsize : MAXBSIZE));
	wl->wl_scratch = kmem_alloc(SCRATCH_BYTES, KM_SLEEP);
	rw_init(&wl->wl_lock);
	mutex_init(&wl->wl_mutex, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&wl->wl_cv, "wapblio");
	TAILQ_INIT(&wl->wl_bufs);
	TAILQ_INIT(&wl->wl_logged);
	SIMPLEQ_INIT(&wl->wl_entries);
	pending_init(wl);
	return wl;
}

static void
destroy(struct wapbl *wl)
{

	KASSERT(TAILQ_EMPTY(&wl->wl_bufs) && TAILQ_EMPTY(&wl->wl_logged));
	mutex_enter(&wl->wl_mutex);
	entries_reap(wl);
	mutex_exit(&wl->wl_mutex);
	KASSERT(wl->wl_inflight == 0 && SIMPLEQ_EMPTY(&wl->wl_entries));
	pending_fini(wl);
	cv_destroy(&wl->wl_cv);
	mutex_destroy(&wl->wl_mutex);
	rw_destroy(&wl->wl_lock);
	kmem_free(wl->wl_scratch, SCRATCH_BYTES);
	kmem_free(wl, sizeof(*wl));
}

/* Go on where a replayed log ends: only its list of inodes still counts. */
static void
continue_log(struct wapbl *wl, const struct wapbl_replay *wr)
{
	off_t size = wl->wl_log.la_circ_size, len;
	int i;

	wl->wl_generation = wr->wr_generation;
	if (wr->wr_inodescnt == 0)
		return;
	for (i = 0; i < wr->wr_inodescnt; i++)
		wapbl_register_inode(wl, wr->wr_inodes[i].wr_inumber,
		    wr->wr_inodes[i].wr_imode);
	wl->wl_inodirty = false;
	wl->wl_inodes_at = wr->wr_inodeshead - wr->wr_circ_off;
	wl->wl_inodes_live = true;
	len = wr->wr_inodestail - wr->wr_inodeshead;
	wl->wl_tail = wl->wl_inodes_at;
	wl->wl_head = wl->wl_done = wl->wl_tail + (len < 0 ? len + size : len);
}

/*
 * Begin to keep a journal.
 *
 * wlp     out: &mp->mnt_wapbl.
 * vp      the open device of the file system; has no dirty buffers.
 * off     the log's first block, count its length, in units of blksize bytes.
 * wr      what was replayed from this log, closed or not; NULL: the log is new.
 * flushfn called by each commit, which excludes transactions, with the blocks
 *         that were freed: gives them back, and dirties buffers to that end.
 * abortfn called with them by wapbl_discard.
 *
 * Returns 0; EINVAL (place or size, or wr is of another log); or an error of the
 * device.
 * Context: thread, may sleep.
 * Ref:     wapbl(9).
 */
int
wapbl_start(struct wapbl **wlp, struct mount *mp, struct vnode *vp, daddr_t off,
    size_t count, size_t blksize, struct wapbl_replay *wr,
    wapbl_flush_fn_t flushfn, wapbl_flush_fn_t abortfn)
{
	struct logarea la;
	struct wapbl *wl;
	int error;

	error = logarea_init(&la, vp, off, count, blksize);
	if (error != 0)
		return error;
	if (wr != NULL && (wr->wr_circ_off != la.la_circ_off ||
	    wr->wr_circ_size > la.la_circ_size))
		return EINVAL;
	if (wr != NULL)
		la.la_circ_size = wr->wr_circ_size;
	wl = create(mp, &la, flushfn, abortfn);
	if (wr != NULL)
		continue_log(wl, wr);
	else
		/* both: what was here before may look newer */
		error = commit_header(wl, 0);
	if (error == 0)
		error = commit_header(wl, wl->wl_head);
	if (error != 0) {
		inodes_free(wl);
		destroy(wl);
		return error;
	}
	*wlp = wl;
	return 0;
}

/*
 * End to keep a journal: all is written in place, and the log is empty.
 *
 * force   whatever fails: then the log stays on the disk as it is, to be
 *         replayed.
 *
 * Returns 0; without force also EBUSY (inodes in no directory), or an error of
 * the device: then the journal goes on.
 * Locks:   outside of transactions, and nobody begins one.
 */
int
wapbl_stop(struct wapbl *wl, int force)
{
	int error = wapbl_flush(wl, 1);

	if (error == 0 && wl->wl_inocount != 0)
		error = EBUSY;
	if (error != 0) {
		if (!force)
			return error;
		wapbl_discard(wl);
	}
	inodes_free(wl);
	destroy(wl);
	return 0;
}

/*
 * Forget what is not committed: the file system goes away without it.
 *
 * Locks:   outside of transactions.
 */
void
wapbl_discard(struct wapbl *wl)
{

	rw_enter(&wl->wl_lock, RW_WRITER);
	wl->wl_abort_fn(wl->wl_mount, TAILQ_FIRST(&wl->wl_deallocs));
	(void)bufs_await(wl);
	bufs_forget(wl);
	deallocs_free(wl);
	rw_exit(&wl->wl_lock);
}

/* Should what is pending be committed before more comes? */
static bool
commit_due(struct wapbl *wl)
{
	off_t limit = MIN(wl->wl_log.la_circ_size, (off_t)buf_memcalc()) / 4;
	bool due;

	mutex_enter(&wl->wl_mutex);
	due = wl->wl_error != 0 || wl->wl_failed || wl->wl_dead ||
	    (off_t)pending_bytes(wl) > limit ||
	    wl->wl_dealloccnt > wl->wl_dealloc_max / 2;
	mutex_exit(&wl->wl_mutex);
	return due;
}

/*
 * Begin a transaction.  Others may be under way; a commit waits for all.  A
 * thread has one at most.
 *
 * Returns 0, or an error of the device: earlier changes cannot be committed.
 * Locks:   vnode locks before, buffers after.
 * Context: thread, may sleep.
 */
int
wapbl_begin(struct wapbl *wl, const char *file, int line)
{
	int error;

	if (commit_due(wl)) {
		error = wapbl_flush(wl, 0);
		if (error != 0)
			return error;
	}
	rw_enter(&wl->wl_lock, RW_READER);
	return 0;
}

void
wapbl_end(struct wapbl *wl)
{

	KASSERTMSG(pending_bytes(wl) < (size_t)wl->wl_log.la_circ_size,
	    "wapbl_end: %zu bytes in one transaction", pending_bytes(wl));
	rw_exit(&wl->wl_lock);
}

static int
flush_locked(struct wapbl *wl, bool empty)
{
	int error = commit(wl);

	if (error == 0 && empty) {
		error = bufs_await(wl);
		if (error == 0 && wl->wl_head != wl->wl_tail)
			error = commit_header(wl, wl->wl_head);
	}
	mutex_enter(&wl->wl_mutex);
	wl->wl_error = error;
	mutex_exit(&wl->wl_mutex);
	return error;
}

/*
 * Commit all transactions that ended.
 *
 * wait    also wait until their blocks are in place, and empty the log.
 *
 * Returns 0, or an error of the device; then nothing is lost, and the next call
 * tries again.
 * Locks:   outside of transactions.
 * Context: thread, may sleep.
 */
int
wapbl_flush(struct wapbl *wl, int wait)
{
	int error;

	rw_enter(&wl->wl_lock, RW_WRITER);
	error = flush_locked(wl, wait != 0);
	rw_exit(&wl->wl_lock);
	return error;
}

void
wapbl_jlock_assert(struct wapbl *wl)
{

	KASSERT(rw_lock_held(&wl->wl_lock));
}

void
wapbl_junlock_assert(struct wapbl *wl)
{

	KASSERT(!rw_write_held(&wl->wl_lock));
}
