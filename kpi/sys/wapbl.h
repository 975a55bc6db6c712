/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Write-ahead physical block logging: the journal of ffs and ext2fs.
 *
 * Everybody else asks a mount's journal by the WAPBL_* macros of <sys/mount.h>.
 * The declarations here are for file systems that have one.
 */
#ifndef _SYS_WAPBL_H_
#define _SYS_WAPBL_H_

#include <sys/buf.h>
#include <sys/mount.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>

#if defined(_KERNEL) || defined(_KMEMUSER)

struct wapbl;
struct wapbl_replay;

/* Some transactions' share of the log, until its buffers are on disk. */
struct wapbl_entry {
	struct wapbl	*we_wapbl;
	SIMPLEQ_ENTRY(wapbl_entry) we_entries;
	size_t		we_bufcount;		/* buffers still to be written */
	size_t		we_reclaimable_bytes;	/* log space they hold */
	int		we_error;
};

/* Blocks freed in a transaction. */
struct wapbl_dealloc {
	TAILQ_ENTRY(wapbl_dealloc) wd_entries;
	daddr_t		wd_blkno;
	int		wd_len;
};

typedef void (*wapbl_flush_fn_t)(struct mount *, struct wapbl_dealloc *);

#ifdef _KERNEL

extern const struct wapbl_ops wapbl_ops;

#define WAPBL_PRINTF(mask, a)

int	wapbl_start(struct wapbl **, struct mount *, struct vnode *, daddr_t,
	    size_t, size_t, struct wapbl_replay *, wapbl_flush_fn_t,
	    wapbl_flush_fn_t);
int	wapbl_stop(struct wapbl *, int);
void	wapbl_discard(struct wapbl *);

int	wapbl_begin(struct wapbl *, const char *, int);
void	wapbl_end(struct wapbl *);
int	wapbl_flush(struct wapbl *, int);
void	wapbl_jlock_assert(struct wapbl *);
void	wapbl_junlock_assert(struct wapbl *);

void	wapbl_add_buf(struct wapbl *, struct buf *);
void	wapbl_remove_buf(struct wapbl *, struct buf *);
void	wapbl_resize_buf(struct wapbl *, struct buf *, long, long);
void	wapbl_biodone(struct buf *);

int	wapbl_register_deallocation(struct wapbl *, daddr_t, int, bool, void **);
void	wapbl_unregister_deallocation(struct wapbl *, void *);
void	wapbl_register_inode(struct wapbl *, ino_t, mode_t);
void	wapbl_unregister_inode(struct wapbl *, ino_t, mode_t);

/* The mount whose journal a write to vp's buffers belongs to, or NULL. */
static inline struct mount *
wapbl_vptomp(struct vnode *vp)
{
	if (vp == NULL)
		return NULL;
	/* a block device is written for the file system that is on it */
	if (vp->v_type == VBLK)
		return spec_node_getmountedfs(vp);
	return vp->v_mount;
}

static inline bool
wapbl_vphaswapbl(struct vnode *vp)
{
	struct mount *mp = wapbl_vptomp(vp);

	return mp != NULL && mp->mnt_wapbl != NULL;
}

#endif /* _KERNEL */
#endif /* _KERNEL || _KMEMUSER */

/* ----------------------------------------------------------------- replay */

LIST_HEAD(wapbl_blk_head, wapbl_blk);

struct wapbl_replay {
	struct vnode	*wr_logvp;	/* where the log is */
	struct vnode	*wr_devvp;
	daddr_t		wr_logpbn;
	int		wr_log_dev_bshift;
	int		wr_fs_dev_bshift;
	int64_t		wr_circ_off;	/* the circular part of the log */
	int64_t		wr_circ_size;
	uint32_t	wr_generation;
	void		*wr_scratch;	/* while it is open */
	struct wapbl_blk_head *wr_blkhash;	/* newest copy of each block */
	u_long		wr_blkhashmask;
	int		wr_blkhashcnt;
	off_t		wr_inodeshead;
	off_t		wr_inodestail;
	int		wr_inodescnt;	/* inodes to be freed */
	struct {
		uint32_t wr_inumber;
		uint32_t wr_imode;
	}		*wr_inodes;
};

#define wapbl_replay_isopen(wr)	((wr)->wr_scratch != NULL)

int	wapbl_replay_start(struct wapbl_replay **, struct vnode *, daddr_t,
	    size_t, size_t);
void	wapbl_replay_stop(struct wapbl_replay *);
void	wapbl_replay_free(struct wapbl_replay *);
int	wapbl_replay_write(struct wapbl_replay *, struct vnode *);
int	wapbl_replay_can_read(struct wapbl_replay *, daddr_t, long);
int	wapbl_replay_read(struct wapbl_replay *, void *, daddr_t, long);
int	wapbl_replay_isopen1(struct wapbl_replay *);

#endif /* _SYS_WAPBL_H_ */
