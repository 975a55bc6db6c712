/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vnodes: the kernel's handle on one file system object.
 *
 *   - the vnode itself, its attributes, its flags
 *   - the flags that operations take (access modes, I/O, locking, syncing)
 *   - how operation vectors are described and called; the calls themselves are
 *     declared in <sys/vnode_if.h>, which is included here
 *   - functions on vnodes: references, life, the vnode cache, vn_* helpers
 *
 * The contract of each function stands in doc/vfs.md and with its definition
 * in vfs/.  What only the vnode cache may touch is in <sys/vnode_impl.h>.
 */
#ifndef _SYS_VNODE_H_
#define _SYS_VNODE_H_

#include <sys/types.h>
#include <sys/event.h>
#include <sys/queue.h>
#include <sys/time.h>

/* ------------------------------------------------------------------ types */

enum vtype {
	VNON,		/* no type (yet) */
	VREG, VDIR, VBLK, VCHR, VLNK, VSOCK, VFIFO,
	VBAD		/* dead */
};

#define VNODE_TYPES \
	"VNON", "VREG", "VDIR", "VBLK", "VCHR", "VLNK", "VSOCK", "VFIFO", "VBAD"

/* Which file system's private data hangs on a vnode; for people, not code. */
enum vtagtype {
	VT_NON, VT_UFS, VT_NFS, VT_MFS, VT_MSDOSFS, VT_LFS, VT_LOFS, VT_FDESC,
	VT_PORTAL, VT_NULL, VT_UMAP, VT_KERNFS, VT_PROCFS, VT_AFS, VT_ISOFS,
	VT_UNION, VT_ADOSFS, VT_EXT2FS, VT_CODA, VT_FILECORE, VT_NTFS, VT_VFS,
	VT_OVERLAY, VT_SMBFS, VT_PTYFS, VT_TMPFS, VT_UDF, VT_SYSVBFS, VT_PUFFS,
	VT_HFS, VT_EFS, VT_ZFS, VT_RUMP, VT_NILFS, VT_V7FS, VT_CHFS, VT_AUTOFS
};

#define VNODE_TAGS \
	"VT_NON", "VT_UFS", "VT_NFS", "VT_MFS", "VT_MSDOSFS", "VT_LFS", \
	"VT_LOFS", "VT_FDESC", "VT_PORTAL", "VT_NULL", "VT_UMAP", "VT_KERNFS", \
	"VT_PROCFS", "VT_AFS", "VT_ISOFS", "VT_UNION", "VT_ADOSFS", \
	"VT_EXT2FS", "VT_CODA", "VT_FILECORE", "VT_NTFS", "VT_VFS", \
	"VT_OVERLAY", "VT_SMBFS", "VT_PTYFS", "VT_TMPFS", "VT_UDF", \
	"VT_SYSVBFS", "VT_PUFFS", "VT_HFS", "VT_EFS", "VT_ZFS", "VT_RUMP", \
	"VT_NILFS", "VT_V7FS", "VT_CHFS", "VT_AUTOFS"

LIST_HEAD(buflists, buf);

#if defined(_KERNEL) || defined(__EXPOSE_VNODE)
#include <sys/acl.h>
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/rwlock.h>
#include <sys/uio.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_object.h>

/*
 * A vnode.  Letters say what protects a member:
 *   :   constant from load to reclaim
 *   a   atomic operations
 *   i   v_interlock
 *   l   the vnode lock
 *   o   v_uobj.vmobjlock, and v_interlock as well to change
 *   b   v_interlock and bufcache_lock
 *   m   a reference together with a transaction on the mount, or the lock
 */
struct vnode {
	struct uvm_object v_uobj;		/* o its pages; first: drivers cast */

	/* identity */
	int		(**v_op)(void *);	/* : its operations */
	struct mount	*v_mount;		/* m the file system it is of */
	enum vtype	v_type;			/* : */
	enum vtagtype	v_tag;			/* : */
	void		*v_data;		/* : the file system's own */
	union {
		struct mount	*vu_mountedhere;	/* VDIR: what covers it */
		struct socket	*vu_socket;		/* VSOCK: bound socket */
		struct specnode	*vu_specnode;		/* VBLK, VCHR */
		struct fifoinfo	*vu_fifoinfo;		/* VFIFO */
		struct uvm_ractx *vu_ractx;		/* VREG: read-ahead */
	} v_un;

	/* references and state */
	volatile int	v_usecount;		/* a references and a gate */
	int		v_holdcnt;		/* i pages or buffers exist */
	int		v_writecount;		/* i opens for writing */
	int		v_iflag;		/* i VI_* */
	int		v_vflag;		/* l VV_* */
	int		v_uflag;		/* l VU_* */
	kmutex_t	*v_interlock;		/* : */
	kcondvar_t	v_cv;			/* i state, v_numoutput */

	/* pages and buffers */
	voff_t		v_size;			/* o size of the file */
	voff_t		v_writesize;		/* o size while it grows */
	int		v_numoutput;		/* i writes in progress */
	int		v_wberror;		/* i write-back error to report */
	struct buflists	v_cleanblkhd;		/* b clean buffers */
	struct buflists	v_dirtyblkhd;		/* b dirty buffers */

	struct klist	v_klist;		/* i knotes */
	void		*v_segvguard;		/* for PaX in NetBSD; not used */
};
#define v_mountedhere	v_un.vu_mountedhere
#define v_socket	v_un.vu_socket
#define v_specnode	v_un.vu_specnode
#define v_fifoinfo	v_un.vu_fifoinfo
#define v_ractx		v_un.vu_ractx

typedef struct vnode vnode_t;
#endif /* _KERNEL */

/* v_vflag */
#define VV_ROOT		0x00000001	/* root of its file system */
#define VV_SYSTEM	0x00000002	/* used by the kernel, spared by vflush */
#define VV_ISTTY	0x00000004	/* was a terminal */
#define VV_MAPPED	0x00000008	/* may have mappings */
#define VV_MPSAFE	0x00000010	/* operations need no kernel lock */
#define VV_LOCKSWORK	0x00000020	/* VOP_ISLOCKED is exact */
/* v_iflag */
#define VI_TEXT		0x00000100	/* a program runs from it */
#define VI_EXECMAP	0x00000200	/* has executable mappings */
#define VI_WRMAP	0x00000400	/* has writable mappings */
#define VI_PAGES	0x00000800	/* has pages */
#define VI_ONWORKLST	0x00004000	/* in the syncer's queue */
#define VI_DEADCHECK	0x00008000	/* vdead_check wakes this waiter */
/* v_uflag */
#define VU_DIROP	0x01000000	/* lfs: directory operation pending */

#define VNODE_FLAGBITS \
	"\20\1ROOT\2SYSTEM\3ISTTY\4MAPPED\5MPSAFE\6LOCKSWORK\11TEXT\12EXECMAP" \
	"\13WRMAP\14PAGES\17ONWORKLST\20DEADCHECK\31DIROP"

#define VSIZENOTSET	((voff_t)-1)	/* v_size until it is loaded */

/* ------------------------------------------------------------- attributes */

/* VNOVAL in a field means: not set, leave alone. */
struct vattr {
	enum vtype	va_type;
	mode_t		va_mode;	/* permissions, S_IFMT bits excluded */
	nlink_t		va_nlink;
	uid_t		va_uid;
	gid_t		va_gid;
	dev_t		va_fsid;	/* file system it is in */
	ino_t		va_fileid;	/* unique in there */
	u_quad_t	va_size;	/* bytes */
	long		va_blocksize;	/* good size for I/O */
	struct timespec	va_atime;
	struct timespec	va_mtime;
	struct timespec	va_ctime;
	struct timespec	va_birthtime;
	u_long		va_gen;		/* generation of the inode */
	u_long		va_flags;	/* st_flags */
	dev_t		va_rdev;	/* of VBLK and VCHR */
	u_quad_t	va_bytes;	/* storage used */
	u_quad_t	va_filerev;	/* revision, for NFS */
	unsigned int	va_vaflags;	/* VA_* */
	long		va_spare;
};
#define VA_UTIMES_NULL	0x01	/* utimes with no time given: "touch" */
#define VA_EXCLUSIVE	0x02	/* exclusive creation (NFS) */

#define VNOVAL		(-1)
#define VNOVALSIZE	((u_quad_t)-1)
#define VNOVALFLAGS	((u_long)-1)

/* Access modes, accmode_t.  The lower bits are those of the owner's rwx. */
#define VEXEC			000000000100
#define VWRITE			000000000200
#define VREAD			000000000400
#define VADMIN			000000010000	/* be the owner */
#define VAPPEND			000000040000	/* with VWRITE: append only */
#define VEXPLICIT_DENY		000000100000	/* only an explicit denial counts */
#define VREAD_NAMED_ATTRS	000000200000	/* NFSv4's finer ones from here */
#define VWRITE_NAMED_ATTRS	000000400000
#define VDELETE_CHILD		000001000000
#define VREAD_ATTRIBUTES	000002000000
#define VWRITE_ATTRIBUTES	000004000000
#define VDELETE			000010000000
#define VREAD_ACL		000020000000
#define VWRITE_ACL		000040000000
#define VWRITE_OWNER		000100000000
#define VSYNCHRONIZE		000200000000
#define VCREAT			000400000000	/* create a file */
#define VVERIFY			001000000000	/* verification asked for */

#define VADMIN_PERMS	(VADMIN | VWRITE_ATTRIBUTES | VWRITE_ACL | VWRITE_OWNER)
#define VSTAT_PERMS	(VREAD_ATTRIBUTES | VREAD_ACL)
#define VMODIFY_PERMS	(VWRITE | VAPPEND | VADMIN_PERMS | VDELETE_CHILD | VDELETE)

/* -------------------------------------------------------- flags for calls */

/* vn_lock, VOP_LOCK */
#define LK_NONE		0x00000000	/* no lock wanted */
#define LK_SHARED	0x00000001
#define LK_EXCLUSIVE	0x00000002
#define LK_UPGRADE	0x00000010	/* with LK_NOWAIT */
#define LK_DOWNGRADE	0x00000020
#define LK_NOWAIT	0x00000100	/* EBUSY instead of waiting */
#define LK_RETRY	0x00000200	/* lock it even when it is dead */

/* VOP_READ, VOP_WRITE, vn_rdwr */
#define IO_UNIT		0x00000010	/* all or nothing */
#define IO_APPEND	0x00000020
#define IO_NODELOCKED	0x00000080	/* vn_rdwr: caller holds the lock */
#define IO_NDELAY	0x00000100
#define IO_DSYNC	0x00000200	/* data is on disk before return */
#define IO_SYNC		(0x00000040 | IO_DSYNC)
#define IO_ALTSEMANTICS	0x00000400	/* read waits for all writes */
#define IO_NORMAL	0x00000800	/* extended attributes: ordinary data */
#define IO_EXT		0x00001000	/* extended attributes */
#define IO_DIRECT	0x00002000	/* hint: pass the cache by */
#define IO_JOURNALLOCKED 0x00004000	/* caller is in a journal transaction */
#define IO_ADV_MASK	0x00000003	/* advice, as in UVM_ADV_* */
#define IO_ADV_SHIFT	0
#define IO_ADV_ENCODE(adv)	(((adv) << IO_ADV_SHIFT) & IO_ADV_MASK)
#define IO_ADV_DECODE(ioflag)	(((ioflag) & IO_ADV_MASK) >> IO_ADV_SHIFT)

/* VOP_FSYNC */
#define FSYNC_WAIT	0x0001
#define FSYNC_DATAONLY	0x0002
#define FSYNC_RECLAIM	0x0004
#define FSYNC_LAZY	0x0008
#define FSYNC_NOLOG	0x0010
#define FSYNC_CACHE	0x0100	/* the device's cache too */

/* file systems' own update functions */
#define UPDATE_WAIT	0x0001
#define UPDATE_DIROP	0x0002
#define UPDATE_CLOSE	0x0004

/* vflush, VOP_REVOKE, vinvalbuf, vdead_check */
#define SKIPSYSTEM	0x0001
#define FORCECLOSE	0x0002
#define WRITECLOSE	0x0004
#define REVOKEALL	0x0001
#define V_SAVE		0x0001
#define VDEAD_NOWAIT	0x0001

#ifdef _KERNEL

#define NULLVP	((struct vnode *)NULL)

/* Between S_IF* in a mode and vnode types. */
extern const enum vtype	iftovt_tab[];
extern const int	vttoif_tab[];
#define IFTOVT(mode)	(iftovt_tab[((mode) & S_IFMT) >> 12])
#define VTTOIF(indx)	(vttoif_tab[(int)(indx)])
#define MAKEIMODE(indx, mode)	((int)(VTTOIF(indx) | (mode)))

/* ------------------------------------------------------ operation vectors */

/* What is known of one operation; layered file systems live by it. */
struct vnodeop_desc {
	int		vdesc_offset;		/* its slot in a vector */
	const char	*vdesc_name;
	int		vdesc_flags;		/* VDESC_VP*_WILL* */
	const int	*vdesc_vp_offsets;	/* vnodes in, VDESC_NO_OFFSET ends */
	int		vdesc_vpp_offset;	/* vnode out */
	int		vdesc_cred_offset;
	int		vdesc_componentname_offset;
};
#define VDESC_MAX_VPS		8
#define VDESC_NO_OFFSET		(-1)
/* The operation drops the n-th vnode's reference; PUT: and its lock. */
#define VDESC_VP0_WILLRELE	0x00000001
#define VDESC_VP1_WILLRELE	0x00000002
#define VDESC_VP2_WILLRELE	0x00000004
#define VDESC_VP3_WILLRELE	0x00000008
#define VDESC_VP0_WILLUNLOCK	0x00000100
#define VDESC_VP1_WILLUNLOCK	0x00000200
#define VDESC_VP2_WILLUNLOCK	0x00000400
#define VDESC_VP3_WILLUNLOCK	0x00000800
#define VDESC_VP0_WILLPUT	(VDESC_VP0_WILLRELE | VDESC_VP0_WILLUNLOCK)
#define VDESC_VP1_WILLPUT	(VDESC_VP1_WILLRELE | VDESC_VP1_WILLUNLOCK)
#define VDESC_VP2_WILLPUT	(VDESC_VP2_WILLRELE | VDESC_VP2_WILLUNLOCK)
#define VDESC_VP3_WILLPUT	(VDESC_VP3_WILLRELE | VDESC_VP3_WILLUNLOCK)

/* A vector as a file system writes it down, and as vfs_attach builds it. */
struct vnodeopv_entry_desc {
	const struct vnodeop_desc *opve_op;
	int	(*opve_impl)(void *);
};
struct vnodeopv_desc {
	int	(***opv_desc_vector_p)(void *);
	const struct vnodeopv_entry_desc *opv_desc_ops;	/* NULL op ends it */
};

struct vop_generic_args {
	struct vnodeop_desc *a_desc;
};

#define VDESC(OP)		(&(__CONCAT(OP, _desc)))
#define VOFFSET(OP)		(VDESC(OP)->vdesc_offset)
#define VOCALL(OPSV, OFF, AP)	((*((OPSV)[(OFF)]))(AP))
#define VCALL(VP, OFF, AP)	VOCALL((VP)->v_op, (OFF), (AP))
#define VOPARG_OFFSETTO(type, offset, sp) \
	((type)((char *)(sp) + (offset)))

void	vfs_opv_init(const struct vnodeopv_desc * const *);
void	vfs_opv_free(const struct vnodeopv_desc * const *);
int	vn_default_error(void *);
int	vn_fifo_bypass(void *);
int	vn_bwrite(void *);

struct file;
struct kauth_cred;
struct lwp;
struct mount;
struct pathbuf;
struct stat;
struct uvm_ractx;

/* --------------------------------------------------- references and life */

void	vref(struct vnode *);
void	vrele(struct vnode *);
void	vrele_async(struct vnode *);
void	vrele_flush(struct mount *);
void	vput(struct vnode *);
int	vrefcnt(struct vnode *);
void	vhold(struct vnode *);
void	vholdl(struct vnode *);
void	holdrele(struct vnode *);
void	holdrelel(struct vnode *);
int	vdead_check(struct vnode *, int);
void	vgone(struct vnode *);
bool	vrecycle(struct vnode *);
void	vrevoke(struct vnode *);
void	vdevgone(int, int, int, enum vtype);
int	vflush(struct mount *, struct vnode *, int);
void	vshareilock(struct vnode *, struct vnode *);
void	vwakeup(struct buf *);
void	vprint(const char *, struct vnode *);

/* ---------------------------------------------------------- vnode cache */

extern int	desiredvnodes;		/* vnodes to keep in memory */
extern unsigned int numvnodes;		/* vnodes that exist */
extern struct vnode *rootvnode;		/* the root directory */

int	vcache_get(struct mount *, const void *, size_t, struct vnode **);
int	vcache_new(struct mount *, struct vnode *, struct vattr *,
	    struct kauth_cred *, void *, struct vnode **);
int	vcache_rekey_enter(struct mount *, struct vnode *, const void *, size_t,
	    const void *, size_t);
void	vcache_rekey_exit(struct mount *, struct vnode *, const void *, size_t,
	    const void *, size_t);
int	bdevvp(dev_t, struct vnode **);
int	cdevvp(dev_t, struct vnode **);
int	vfs_drainvnodes(void);
void	vntblinit(void);

/* -------------------------------------------- pages, buffers, the syncer */

int	vinvalbuf(struct vnode *, int, struct kauth_cred *, struct lwp *, bool, int);
int	vtruncbuf(struct vnode *, daddr_t, bool, int);
int	vflushbuf(struct vnode *, int);
void	vn_syncer_add_to_worklist(struct vnode *, int);
void	vn_syncer_remove_from_worklist(struct vnode *);
void	vfs_syncer_add_to_worklist(struct mount *);
void	vfs_syncer_remove_from_worklist(struct mount *);
int	speedup_syncer(void);
extern int syncdelay;		/* seconds; longest of the next three */
extern int filedelay;		/* until dirty data of a file are written */
extern int dirdelay;		/* ... of a directory */
extern int metadelay;		/* ... of a device that is mounted */
void	sched_sync(void *);

/* ------------------------------------------------------------ vn_* calls */

extern int (*vn_union_readdir_hook)(struct vnode **, struct file *, struct lwp *);

int	vn_lock(struct vnode *, int);
int	vn_open(struct vnode *, struct pathbuf *, int, int, int, struct vnode **,
	    bool *, int *);
int	vn_openchk(struct vnode *, struct kauth_cred *, int);
int	vn_writechk(struct vnode *);
int	vn_close(struct vnode *, int, struct kauth_cred *);
int	vn_rdwr(enum uio_rw, struct vnode *, void *, int, off_t, enum uio_seg, int,
	    struct kauth_cred *, size_t *, struct lwp *);
int	vn_readdir(struct file *, char *, int, unsigned int, int *, struct lwp *,
	    off_t **, int *);
int	vn_stat(struct vnode *, struct stat *);
int	vn_kqfilter(struct file *, struct knote *);
int	vn_isunder(struct vnode *, struct vnode *, struct lwp *);
int	vn_bdev_open(dev_t, struct vnode **, struct lwp *);
int	vn_bdev_openpath(struct pathbuf *, struct vnode **, struct lwp *);
void	vn_markexec(struct vnode *);
int	vn_marktext(struct vnode *);
void	vn_ra_allocctx(struct vnode *);
int	vn_extattr_get(struct vnode *, int, int, const char *, size_t *, void *,
	    struct lwp *);
int	vn_extattr_set(struct vnode *, int, int, const char *, size_t,
	    const void *, struct lwp *);
int	vn_extattr_rm(struct vnode *, int, int, const char *, struct lwp *);
bool	vn_knote_ismarked(struct knote *);

void	vattr_null(struct vattr *);
uint8_t	vtype2dt(enum vtype);
int	vfs_unixify_accmode(accmode_t *);
void	vfs_timestamp(struct timespec *);
void	vfs_getnewfsid(struct mount *);

/* Deliver an event of this vnode; takes v_interlock, so do not hold it. */
static inline void
VN_KNOTE(struct vnode *vp, long hint)
{
	mutex_enter(vp->v_interlock);
	KNOTE(&vp->v_klist, hint);
	mutex_exit(vp->v_interlock);
}

#include <sys/mount.h>
#include <sys/vnode_if.h>

#endif /* _KERNEL */
#endif /* _SYS_VNODE_H_ */
