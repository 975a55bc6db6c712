/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of vfs/wapbl share.  <sys/wapbl.h> is the interface,
 * doc/journal.md the design.
 *
 * Places in the log are counted from when it was made, and never wrap: place p
 * is byte wl_circ_off + p % wl_circ_size of the log.
 */
#ifndef _VFS_WAPBL_JOURNAL_H_
#define _VFS_WAPBL_JOURNAL_H_

#include <sys/types.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/rwlock.h>
#include <sys/wapbl.h>
#include <sys/wapbl_replay.h>

#define WAPBL_VERSION	1

/* Bytes of a record that are put together in memory before they are written. */
#define SCRATCH_BYTES	(128 * 1024)

/* Where on a device a log is. */
struct logarea {
	struct vnode	*la_devvp;
	daddr_t		la_blkno;	/* of its start, in DEV_BSIZE */
	int		la_bshift;	/* log2 of the unit of its records */
	off_t		la_circ_off;	/* the circular part, in bytes */
	off_t		la_circ_size;
};

TAILQ_HEAD(wapbl_bufs, buf);
LIST_HEAD(wapbl_inodes, wapbl_inode);

/* An inode that is allocated but in no directory. */
struct wapbl_inode {
	LIST_ENTRY(wapbl_inode) wi_hash;
	ino_t		wi_ino;
	mode_t		wi_mode;
};

struct wapbl {
	/* constant */
	struct mount	*wl_mount;
	struct logarea	wl_log;
	int		wl_fs_bshift;
	int		wl_dealloc_max;
	wapbl_flush_fn_t wl_flush_fn;
	wapbl_flush_fn_t wl_abort_fn;

	/* held shared by transactions, exclusively by a commit */
	krwlock_t	wl_lock;

	/* changed by a commit: wl_lock, exclusively */
	uint32_t	wl_generation;	/* of the newest header */
	off_t		wl_head;	/* end of the newest transaction */
	off_t		wl_tail;	/* start of the log, as the disk has it */
	off_t		wl_inodes_at;	/* the newest list of inodes */
	bool		wl_inodes_live;	/* it is not empty */
	bool		wl_doubt;	/* a header may or may not be written */
	char		*wl_scratch;	/* SCRATCH_BYTES */

	kmutex_t	wl_mutex;	/* all below; after bufcache_lock */
	kcondvar_t	wl_cv;		/* wl_done, wl_failed changed */
	int		wl_error;	/* of the last commit */
	bool		wl_dead;	/* a change was lost: no more commits */
	/* the transaction that is open */
	struct wapbl_bufs wl_bufs;	/* its buffers: B_LOCKED */
	size_t		wl_bufcount;
	size_t		wl_bufbytes;
	TAILQ_HEAD(, wapbl_dealloc) wl_deallocs;	/* blocks freed */
	TAILQ_HEAD(, wapbl_dealloc) wl_revoked;	/* and given back by the fs */
	int		wl_dealloccnt;	/* of both */
	struct wapbl_inodes *wl_inohash;
	u_long		wl_inohashmask;
	size_t		wl_inocount;
	bool		wl_inodirty;	/* not as in the log */
	/* transactions in the log */
	SIMPLEQ_HEAD(, wapbl_entry) wl_entries;	/* oldest first */
	struct wapbl_bufs wl_logged;	/* to be written in place: B_LOCKED */
	size_t		wl_inflight;	/* being written in place */
	off_t		wl_done;	/* before it, all are in place */
	bool		wl_failed;	/* one could not be written */
};

/*
 * logio.c: transfers that pass by the buffer cache.  Each returns 0 or an errno.
 *
 * logarea_init		of count blocks of blksize bytes from block off on
 * logarea_rw		bytes of the log; len a multiple of the unit, at wraps
 * device_rw		bytes of the device
 * device_sync		what was written before lasts
 */
int	logarea_init(struct logarea *la, struct vnode *devvp, daddr_t off,
	    size_t count, size_t blksize);
int	logarea_rw(const struct logarea *la, int flags, void *data, size_t len,
	    off_t place);
int	device_rw(struct vnode *devvp, int flags, void *data, size_t len,
	    daddr_t blkno);
int	device_sync(struct vnode *devvp);

static inline size_t
logarea_unit(const struct logarea *la)
{

	return (size_t)1 << la->la_bshift;
}

static inline size_t
logarea_round(const struct logarea *la, size_t len)
{

	return roundup2(len, logarea_unit(la));
}

/*
 * buffers.c
 *
 * entries_reap		take transactions that are in place off the log
 * bufs_take		the first of a list, busy; NULL if it is empty
 * bufs_logged		a commit has copied bp, which is the caller's
 * bufs_unlogged	the commit failed
 * bufs_write		start to write in place what is logged
 * bufs_await		wait until all is in place; EIO if something failed
 * bufs_forget		make an end of the open transaction's buffers
 */
void	entries_reap(struct wapbl *wl);
void	bufs_logged(struct wapbl *wl, struct wapbl_entry *we, struct buf *bp);
void	bufs_unlogged(struct wapbl *wl, const struct wapbl_entry *we);
struct buf *bufs_take(struct wapbl *wl, struct wapbl_bufs *list);
void	bufs_write(struct wapbl *wl);
int	bufs_await(struct wapbl *wl);
void	bufs_forget(struct wapbl *wl);

/*
 * pending.c
 *
 * pending_init, fini	of an empty journal
 * pending_bytes	bytes of log that a commit would need at most
 * deallocs_free	forget the blocks that were freed
 * inodes_free		forget the inodes
 */
void	pending_init(struct wapbl *wl);
void	pending_fini(struct wapbl *wl);
size_t	pending_bytes(const struct wapbl *wl);
void	deallocs_free(struct wapbl *wl);
void	inodes_free(struct wapbl *wl);

/*
 * commit.c; wl_lock held exclusively
 *
 * commit_header	write a header: the log ends at head, and begins where
 *			something is not in place
 * commit		write the open transaction
 */
int	commit_header(struct wapbl *wl, off_t head);
int	commit(struct wapbl *wl);

#endif /* !_VFS_WAPBL_JOURNAL_H_ */
