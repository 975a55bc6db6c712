/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Buffers: one struct buf describes one block transfer, and, in the buffer
 * cache, the block itself.
 *
 * A busy buffer (BC_BUSY) belongs to whoever made it busy.  The members are
 * grouped below by what protects them; doc/buffers.md tells a buffer's life.
 */
#ifndef _SYS_BUF_H_
#define	_SYS_BUF_H_

#include <sys/pool.h>
#include <sys/queue.h>
#include <sys/mutex.h>
#include <sys/condvar.h>
#include <sys/rbtree.h>
#include <sys/workqueue.h>

struct buf;
struct cpu_info;
struct mount;
struct proc;
struct uio;
struct vnode;

/* An address that no list head has: the buffer is on no vnode's list. */
#define	NOLIST			((struct buf *)0x87654321)

extern kmutex_t bufcache_lock;

struct buf {
	/* For the owner, and for the driver that the owner passed it to. */
	union {
		TAILQ_ENTRY(buf) u_actq;	/* driver's queue */
		rb_node_t	u_rbnode;	/* bufq strategies */
		struct work	u_work;		/* completion elsewhere */
	} b_u;
	void		(*b_iodone)(struct buf *);
	int		b_error;
	int		b_resid;	/* bytes not transferred */
	u_int		b_flags;	/* B_* */
	int		b_prio;		/* BPRIO_* */
	int		b_bufsize;	/* bytes allocated at b_data */
	int		b_bcount;	/* bytes valid, or to transfer */
	dev_t		b_dev;
	void		*b_data;
	daddr_t		b_blkno;	/* 512-byte units, in the partition */
	daddr_t		b_rawblkno;	/* device sectors, absolute */
	struct proc	*b_proc;	/* whose memory, for B_PHYS */
	void		*b_saveaddr;	/* b_data before physio mapped it */
	struct cpu_info	*b_ci;		/* where the transfer was started */

	/* For whoever set b_iodone. */
	void		*b_private;
	off_t		b_dcookie;	/* NFS: position in a directory */

	/* bufcache_lock */
	kcondvar_t	b_busy;		/* waiters for BC_BUSY to go */
	void		*b_unused;
	LIST_ENTRY(buf)	b_hash;
	LIST_ENTRY(buf)	b_vnbufs;	/* bufcache_lock and b_objlock */
	TAILQ_ENTRY(buf) b_freelist;
	TAILQ_ENTRY(buf) b_wapbllist;	/* the journal's lock */
	daddr_t		b_lblkno;	/* block of b_vp; < 0: fs's own use */
	int		b_freelistindex;
	u_int		b_cflags;	/* BC_* */
	struct vnode	*b_vp;

	/* *b_objlock: b_vp's interlock, or buffer_lock without a vnode */
	kcondvar_t	b_done;		/* waiters for BO_DONE */
	u_int		b_oflags;	/* BO_* */
	kmutex_t	*b_objlock;
};

#define	b_actq		b_u.u_actq
#define	b_work		b_u.u_work
#define	b_cylinder	b_resid		/* between driver's queue and start */

/* b_cflags */
#define	BC_AGE		0x00000001	/* reuse before others */
#define	BC_BUSY		0x00000010
#define	BC_INVAL	0x00002000	/* contents mean nothing */
#define	BC_NOCACHE	0x00008000	/* forget at brelse */
#define	BC_WANTED	0x00800000	/* someone waits for it */
#define	BC_VFLUSH	0x04000000	/* the syncer or a flush holds it */

/* b_oflags */
#define	BO_DELWRI	0x00000080	/* dirty, to be written later */
#define	BO_DONE		0x00000200	/* contents valid, or transfer over */

/* b_flags */
#define	B_WRITE		0x00000000
#define	B_ASYNC		0x00000004	/* release when done, nobody waits */
#define	B_COWDONE	0x00000400	/* snapshot has its copy */
#define	B_GATHERED	0x00001000	/* lfs */
#define	B_LOCKED	0x00004000	/* stays in memory (journal) */
#define	B_PHYS		0x00040000	/* user memory, through physio */
#define	B_RAW		0x00080000	/* through the character device */
#define	B_READ		0x00100000
#define	B_DEVPRIVATE	0x02000000	/* the driver's */
#define	B_MEDIA_FUA	0x08000000	/* on the medium before it is done */
#define	B_MEDIA_DPO	0x10000000	/* do not keep in the device's cache */
#define	B_MEDIA_FLAGS	(B_MEDIA_FUA | B_MEDIA_DPO)

#define	BUF_FLAGBITS \
	"\20\35MEDIA_DPO\34MEDIA_FUA\33VFLUSH\32DEVPRIVATE\30WANTED\25READ" \
	"\24RAW\23PHYS\20NOCACHE\17LOCKED\16INVAL\15GATHERED\13COWDONE" \
	"\12DONE\10DELWRI\5BUSY\3ASYNC\1AGE"

/* Flags of allocating functions in file systems (balloc and its kind). */
#define	B_CLRBUF	0x01		/* want it zeroed */
#define	B_SYNC		0x02		/* do all allocation synchronously */
#define	B_METAONLY	0x04		/* indirect blocks only */
#define	B_CONTIG	0x08		/* keep next to the block before */

/* Flags of bread and breadn. */
#define	B_MODIFY	0x01		/* the caller will change the block */

/* b_prio */
#define	BPRIO_NPRIO		3
#define	BPRIO_TIMECRITICAL	2
#define	BPRIO_TIMELIMITED	1
#define	BPRIO_TIMENONCRITICAL	0
#define	BPRIO_DEFAULT		BPRIO_TIMELIMITED

#define	BIO_GETPRIO(bp)		((bp)->b_prio)
#define	BIO_SETPRIO(bp, prio)	((void)((bp)->b_prio = (prio)))
#define	BIO_COPYPRIO(bp1, bp2)	BIO_SETPRIO((bp1), BIO_GETPRIO(bp2))

#define	BUF_ISREAD(bp)		(((bp)->b_flags & B_READ) != 0)
#define	BUF_ISWRITE(bp)		(((bp)->b_flags & B_READ) == B_WRITE)

#define	clrbuf(bp)							\
	((void)((bp)->b_resid = 0,					\
	    memset((bp)->b_data, 0, (u_int)(bp)->b_bcount)))

#ifdef _KERNEL
/* Getting and giving back buffers of the cache. */
buf_t	*getblk(struct vnode *vp, daddr_t blkno, int size, int slpflag,
	    int timeo);
buf_t	*geteblk(int size);
buf_t	*incore(struct vnode *vp, daddr_t blkno);
int	allocbuf(buf_t *bp, int size, int preserve);
void	brelse(buf_t *bp, int set);
void	brelsel(buf_t *bp, int set);
void	bremfree(buf_t *bp);
int	bbusy(buf_t *bp, bool intr, int timo, kmutex_t *interlock);

/* Reading and writing through the cache. */
int	bread(struct vnode *vp, daddr_t blkno, int size, int flags,
	    buf_t **bpp);
int	breadn(struct vnode *vp, daddr_t blkno, int size, daddr_t *soon,
	    int *soonsizes, int nsoon, int flags, buf_t **bpp);
int	bwrite(buf_t *bp);
void	bawrite(buf_t *bp);
void	bdwrite(buf_t *bp);
void	binvalbuf(struct vnode *vp, daddr_t blkno);

/* Transfers. */
void	biodone(buf_t *bp);
int	biowait(buf_t *bp);
extern void (*biodone_vfs)(buf_t *);

/* Buffers outside the cache. */
void	buf_init(buf_t *bp);
void	buf_destroy(buf_t *bp);
buf_t	*getiobuf(struct vnode *vp, bool waitok);
void	putiobuf(buf_t *bp);
void	nestiobuf_setup(buf_t *mbp, buf_t *bp, int offset, size_t size);
void	nestiobuf_done(buf_t *mbp, int donebytes, int error);
void	nestiobuf_iodone(buf_t *bp);
void	minphys(buf_t *bp);
int	physio(void (*strategy)(buf_t *), buf_t *bp, dev_t dev, int flags,
	    void (*clip)(buf_t *), struct uio *uio);

/* A vnode's buffers: bufcache_lock and the vnode's interlock held. */
void	bgetvp(struct vnode *vp, buf_t *bp);
void	brelvp(buf_t *bp);
void	reassignbuf(buf_t *bp, struct vnode *vp);

/* The cache as a whole. */
void	bufinit(void);
void	bufinit2(void);
u_int	buf_nbuf(void);
u_long	buf_memcalc(void);
int	buf_drain(int pages);
int	buf_setvalimit(vsize_t size);
extern u_int nbuf;
extern u_int bufpages;
extern u_long bufmem;
extern u_long bufmem_lowater;
extern u_long bufmem_hiwater;
extern kmutex_t buffer_lock;
#endif /* _KERNEL */

#endif /* !_SYS_BUF_H_ */
