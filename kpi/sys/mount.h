/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mounted file systems, and file system types.
 *
 *   - names of the types; structures that programs pass to mount(2)
 *   - struct mount, one for each mounted file system
 *   - struct vfsops, one for each type, and the VFS_* calls on a mount
 *   - the list of mounts, references to mounts, hooks, file handles
 *   - WAPBL_*: what everybody asks of a mount's journal, if it has one
 *
 * The life of a mount and its locks are in doc/vfs.md.
 */
#ifndef _SYS_MOUNT_H_
#define _SYS_MOUNT_H_

#include <sys/param.h>
#include <sys/types.h>
#include <sys/featuretest.h>
#include <sys/fstypes.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/ucred.h>
#include <sys/uio.h>

#if defined(_KERNEL) || defined(__EXPOSE_MOUNT)
#include <sys/condvar.h>
#include <sys/rwlock.h>
#include <sys/mutex.h>
#include <sys/specificdata.h>
#endif

#define MNAMELEN	90	/* names in NetBSD's old struct statfs */

#define MOUNT_ADOSFS	"adosfs"
#define MOUNT_AFS	"afs"
#define MOUNT_AUTOFS	"autofs"
#define MOUNT_CD9660	"cd9660"
#define MOUNT_CFS	"coda"
#define MOUNT_CODA	MOUNT_CFS
#define MOUNT_CHFS	"chfs"
#define MOUNT_EFS	"efs"
#define MOUNT_EXT2FS	"ext2fs"
#define MOUNT_FDESC	"fdesc"
#define MOUNT_FFS	"ffs"
#define MOUNT_UFS	MOUNT_FFS
#define MOUNT_FILECORE	"filecore"
#define MOUNT_HFS	"hfs"
#define MOUNT_KERNFS	"kernfs"
#define MOUNT_LFS	"lfs"
#define MOUNT_MFS	"mfs"
#define MOUNT_MSDOS	"msdos"
#define MOUNT_NFS	"nfs"
#define MOUNT_NILFS	"nilfs"
#define MOUNT_NTFS	"ntfs"
#define MOUNT_NULL	"null"
#define MOUNT_OVERLAY	"overlay"
#define MOUNT_PROCFS	"procfs"
#define MOUNT_PTYFS	"ptyfs"
#define MOUNT_PUFFS	"puffs"
#define MOUNT_RUMPFS	"rumpfs"
#define MOUNT_SMBFS	"smbfs"
#define MOUNT_SYSVBFS	"sysvbfs"
#define MOUNT_TMPFS	"tmpfs"
#define MOUNT_UDF	"udf"
#define MOUNT_UMAP	"umap"
#define MOUNT_UNION	"union"
#define MOUNT_V7FS	"v7fs"
#define MOUNT_ZFS	"zfs"

/* sysctl vfs.*: below CTL_VFS a type number, or VFS_GENERIC and one of these */
#define VFS_GENERIC		0
#define VFS_MAXTYPENUM		1
#define VFS_CONF		2
#define VFS_USERMOUNT		3
#define VFS_MAGICLINKS		4
#define VFS_TIMESTAMP_PRECISION	5

/* events for kqueue's EVFILT_FS */
#define VQ_MOUNT	0x0001
#define VQ_UNMOUNT	0x0002

/* Exports for NFS, as old programs pass them. */
struct export_args30 {
	int		ex_flags;
	uid_t		ex_root;	/* whom root is mapped to */
	struct uucred	ex_anon;	/* whom others are mapped to */
	struct sockaddr	*ex_addr;	/* network it is exported to */
	int		ex_addrlen;
	struct sockaddr	*ex_mask;
	int		ex_masklen;
	char		*ex_indexfile;	/* for WebNFS */
};

struct mnt_export_args30 {
	const char	*fspec;		/* always NULL */
	struct export_args30 eargs;
};

#if defined(_KERNEL) || defined(__EXPOSE_MOUNT)

struct buf;
struct kauth_cred;
struct lwp;
struct quotactl_args;
struct quotaidtypestat;
struct quotakcursor;
struct quotakey;
struct quotaobjtypestat;
struct quotastat;
struct quotaval;
struct vattr;
struct vnode;
struct vnode_impl;
struct vnodeopv_desc;
struct wapbl;
struct wapbl_ops;
struct wapbl_replay;

/*
 * A mounted file system.
 *   :  constant once mounted     a  atomic      u  mnt_updating
 *   v  mnt_vnodelock             s  the syncer's lock
 */
struct mount {
	TAILQ_HEAD(, vnode_impl) mnt_vnodelist;	/* v its vnodes */
	kmutex_t	*mnt_vnodelock;		/* : */
	struct vfsops	*mnt_op;		/* : its type */
	struct vnode	*mnt_vnodecovered;	/* : directory it is mounted on */
	struct mount	*mnt_lower;		/* : the mount below a layer */
	void		*mnt_transinfo;		/* : fstrans' */
	void		*mnt_data;		/* the type's own */
	kmutex_t	*mnt_renamelock;	/* : one rename at a time */
	kmutex_t	*mnt_updating;		/* : one mount or unmount at a time */
	int		mnt_refcnt;		/* a keeps the memory */
	int		mnt_flag;		/* u MNT_* */
	int		mnt_iflag;		/* u IMNT_* */
	int		mnt_fs_bshift;		/* : log2 of the block size */
	int		mnt_dev_bshift;		/* : log2 of the device's */
	volatile unsigned int mnt_wberror;	/* a of a vnode that is gone */
	int		mnt_synclist_slot;	/* s */
	TAILQ_ENTRY(mount) mnt_synclist;	/* s */
	uint64_t	mnt_gen;		/* : number in the list of mounts */
	TAILQ_ENTRY(mount) mnt_list;		/* the list's lock */
	specificdata_reference mnt_specdataref;
	const struct wapbl_ops *mnt_wapbl_op;	/* journal */
	struct wapbl	*mnt_wapbl;
	struct wapbl_replay *mnt_wapbl_replay;
	struct page_tally *mnt_tally;		/* : pages to be written */
	struct statvfs	mnt_stat;		/* identity and last numbers */
};

/* A file system type. */
struct vfsops {
	const char	*vfs_name;
	size_t		vfs_min_mount_data;
	int		(*vfs_mount)(struct mount *, const char *, void *, size_t *);
	int		(*vfs_start)(struct mount *, int);
	int		(*vfs_unmount)(struct mount *, int);
	int		(*vfs_root)(struct mount *, int, struct vnode **);
	int		(*vfs_quotactl)(struct mount *, struct quotactl_args *);
	int		(*vfs_statvfs)(struct mount *, struct statvfs *);
	int		(*vfs_sync)(struct mount *, int, struct kauth_cred *);
	int		(*vfs_vget)(struct mount *, ino_t, int, struct vnode **);
	int		(*vfs_loadvnode)(struct mount *, struct vnode *,
			    const void *, size_t, const void **);
	int		(*vfs_newvnode)(struct mount *, struct vnode *,
			    struct vnode *, struct vattr *, struct kauth_cred *,
			    void *, size_t *, const void **);
	int		(*vfs_fhtovp)(struct mount *, struct fid *, int,
			    struct vnode **);
	int		(*vfs_vptofh)(struct vnode *, struct fid *, size_t *);
	void		(*vfs_init)(void);
	void		(*vfs_reinit)(void);
	void		(*vfs_done)(void);
	int		(*vfs_mountroot)(void);
	int		(*vfs_snapshot)(struct mount *, struct vnode *,
			    struct timespec *);
	int		(*vfs_extattrctl)(struct mount *, int, struct vnode *, int,
			    const char *);
	int		(*vfs_suspendctl)(struct mount *, int);
	int		(*vfs_renamelock_enter)(struct mount *);
	void		(*vfs_renamelock_exit)(struct mount *);
	int		(*vfs_fsync)(struct vnode *, int);
	const struct vnodeopv_desc * const *vfs_opv_descs;
	int		vfs_refcount;		/* mounts and lookups by name */
	LIST_ENTRY(vfsops) vfs_list;		/* vfs_list_lock */
};

#endif /* _KERNEL || __EXPOSE_MOUNT */

#ifdef _KERNEL

#define VFS_MAX_MOUNT_DATA	8192

/* ------------------------------------------------- calls on a file system */

/* These need no kernel lock taken for them: the callee does as it must. */
#define VFS_VGET(MP, INO, LK, VPP) \
	((MP)->mnt_op->vfs_vget((MP), (INO), (LK), (VPP)))
#define VFS_LOADVNODE(MP, VP, KEY, KEY_LEN, NEW_KEY) \
	((MP)->mnt_op->vfs_loadvnode((MP), (VP), (KEY), (KEY_LEN), (NEW_KEY)))
#define VFS_NEWVNODE(MP, DVP, VP, VAP, CRED, EXTRA, NEW_LEN, NEW_KEY) \
	((MP)->mnt_op->vfs_newvnode((MP), (DVP), (VP), (VAP), (CRED), (EXTRA), \
	    (NEW_LEN), (NEW_KEY)))
#define VFS_RENAMELOCK_ENTER(MP)	((MP)->mnt_op->vfs_renamelock_enter(MP))
#define VFS_RENAMELOCK_EXIT(MP)		((MP)->mnt_op->vfs_renamelock_exit(MP))
#define VFS_FSYNC(MP, VP, FLG)		((MP)->mnt_op->vfs_fsync((VP), (FLG)))

int	VFS_MOUNT(struct mount *, const char *, void *, size_t *);
int	VFS_START(struct mount *, int);
int	VFS_UNMOUNT(struct mount *, int);
int	VFS_ROOT(struct mount *, int, struct vnode **);
int	VFS_QUOTACTL(struct mount *, struct quotactl_args *);
int	VFS_STATVFS(struct mount *, struct statvfs *);
int	VFS_SYNC(struct mount *, int, struct kauth_cred *);
int	VFS_FHTOVP(struct mount *, struct fid *, int, struct vnode **);
int	VFS_VPTOFH(struct vnode *, struct fid *, size_t *);
int	VFS_SNAPSHOT(struct mount *, struct vnode *, struct timespec *);
int	VFS_EXTATTRCTL(struct mount *, int, struct vnode *, int, const char *);
int	VFS_SUSPENDCTL(struct mount *, int);

/* Declares the functions of a type whose names begin with fsname. */
#define VFS_PROTOS(fsname) \
struct kauth_cred; \
int	fsname##_mount(struct mount *, const char *, void *, size_t *); \
int	fsname##_start(struct mount *, int); \
int	fsname##_unmount(struct mount *, int); \
int	fsname##_root(struct mount *, int, struct vnode **); \
int	fsname##_quotactl(struct mount *, struct quotactl_args *); \
int	fsname##_statvfs(struct mount *, struct statvfs *); \
int	fsname##_sync(struct mount *, int, struct kauth_cred *); \
int	fsname##_vget(struct mount *, ino_t, int, struct vnode **); \
int	fsname##_loadvnode(struct mount *, struct vnode *, const void *, \
	    size_t, const void **); \
int	fsname##_newvnode(struct mount *, struct vnode *, struct vnode *, \
	    struct vattr *, struct kauth_cred *, void *, size_t *, \
	    const void **); \
int	fsname##_fhtovp(struct mount *, struct fid *, int, struct vnode **); \
int	fsname##_vptofh(struct vnode *, struct fid *, size_t *); \
void	fsname##_init(void); \
void	fsname##_reinit(void); \
void	fsname##_done(void); \
int	fsname##_mountroot(void); \
int	fsname##_snapshot(struct mount *, struct vnode *, struct timespec *); \
int	fsname##_extattrctl(struct mount *, int, struct vnode *, int, \
	    const char *); \
int	fsname##_suspendctl(struct mount *, int)

/* ---------------------------------------------------- file system types */

LIST_HEAD(vfs_list_head, vfsops);
extern struct vfs_list_head vfs_list;
extern kmutex_t		vfs_list_lock;

int	vfs_attach(struct vfsops *);
int	vfs_detach(struct vfsops *);
void	vfs_reinit(void);
struct vfsops *vfs_getopsbyname(const char *);
void	vfs_delref(struct vfsops *);
long	makefstype(const char *);
int	vfs_stdextattrctl(struct mount *, int, struct vnode *, int, const char *);

/* ----------------------------------------------------------------- mounts */

struct mount_iterator;
typedef struct mount_iterator mount_iterator_t;
struct vnode_iterator;

extern struct mount	*dead_rootmount;

void	vfs_mount_sysinit(void);
struct mount *vfs_mountalloc(struct vfsops *, struct vnode *);
int	vfs_rootmountalloc(const char *, const char *, struct mount **);
int	vfs_busy(struct mount *);
int	vfs_trybusy(struct mount *);
void	vfs_unbusy(struct mount *);
void	vfs_ref(struct mount *);
void	vfs_rele(struct mount *);
struct mount *vfs_getvfs(fsid_t *);
int	vfs_set_lowermount(struct mount *, struct mount *);
int	mount_domount(struct lwp *, struct vnode **, struct vfsops *,
	    const char *, int, void *, size_t *);
int	dounmount(struct mount *, int, struct lwp *);
int	vfs_mountedon(struct vnode *);
int	vfs_mountroot(void);
bool	vfs_unmountall(struct lwp *);
bool	vfs_unmountall1(struct lwp *, bool, bool);
bool	vfs_unmount_forceone(struct lwp *);
void	vfs_shutdown(void);
bool	vfs_sync_all(struct lwp *);
int	do_sys_sync(struct lwp *);
void	vfs_unmount_print(struct mount *, const char *);
void	setrootfstime(time_t);

void	mountlist_append(struct mount *);
void	mountlist_iterator_init(mount_iterator_t **);
void	mountlist_iterator_destroy(mount_iterator_t *);
struct mount *mountlist_iterator_next(mount_iterator_t *);
struct mount *mountlist_iterator_trynext(mount_iterator_t *);
struct mount *_mountlist_next(struct mount *);

void	vfs_vnode_iterator_init(struct mount *, struct vnode_iterator **);
void	vfs_vnode_iterator_destroy(struct vnode_iterator *);
struct vnode *vfs_vnode_iterator_next(struct vnode_iterator *,
	    bool (*)(void *, struct vnode *), void *);

int	mount_specific_key_create(specificdata_key_t *, specificdata_dtor_t);
void	mount_specific_key_delete(specificdata_key_t);
void	mount_initspecific(struct mount *);
void	mount_finispecific(struct mount *);
void	*mount_getspecific(struct mount *, specificdata_key_t);
void	mount_setspecific(struct mount *, specificdata_key_t, void *);

void	vfs_evfilt_fs_init(void);

/* ------------------------------------------------------- hooks, NFS, quota */

struct vfs_hooks {
	LIST_ENTRY(vfs_hooks) vfs_hooks_list;
	void	(*vh_unmount)(struct mount *);
	int	(*vh_reexport)(struct mount *, const char *, void *);
	void	(*vh_future_expansion_1)(void);
	void	(*vh_future_expansion_2)(void);
	void	(*vh_future_expansion_3)(void);
	void	(*vh_future_expansion_4)(void);
	void	(*vh_future_expansion_5)(void);
};

void	vfs_hooks_init(void);
int	vfs_hooks_attach(struct vfs_hooks *);
int	vfs_hooks_detach(struct vfs_hooks *);
void	vfs_hooks_unmount(struct mount *);
int	vfs_hooks_reexport(struct mount *, const char *, void *);

int	vfs_composefh(struct vnode *, fhandle_t *, size_t *);
int	vfs_composefh_alloc(struct vnode *, fhandle_t **);
void	vfs_composefh_free(fhandle_t *);
int	vfs_fhtovp(fhandle_t *, struct vnode **);
int	vfs_copyinfh_alloc(const void *, size_t, fhandle_t **);
void	vfs_copyinfh_free(fhandle_t *);

int	vfs_quotactl(struct mount *, struct quotactl_args *);
int	vfs_quotactl_stat(struct mount *, struct quotastat *);
int	vfs_quotactl_idtypestat(struct mount *, int, struct quotaidtypestat *);
int	vfs_quotactl_objtypestat(struct mount *, int, struct quotaobjtypestat *);
int	vfs_quotactl_get(struct mount *, const struct quotakey *,
	    struct quotaval *);
int	vfs_quotactl_put(struct mount *, const struct quotakey *,
	    const struct quotaval *);
int	vfs_quotactl_del(struct mount *, const struct quotakey *);
int	vfs_quotactl_cursoropen(struct mount *, struct quotakcursor *);
int	vfs_quotactl_cursorclose(struct mount *, struct quotakcursor *);
int	vfs_quotactl_cursorskipidtype(struct mount *, struct quotakcursor *, int);
int	vfs_quotactl_cursorget(struct mount *, struct quotakcursor *,
	    struct quotakey *, struct quotaval *, unsigned int, unsigned int *);
int	vfs_quotactl_cursoratend(struct mount *, struct quotakcursor *, int *);
int	vfs_quotactl_cursorrewind(struct mount *, struct quotakcursor *);
int	vfs_quotactl_quotaon(struct mount *, int, const char *);
int	vfs_quotactl_quotaoff(struct mount *, int);

/* ---------------------------------------------------------------- journal */

/* What a journal does for a mount; all slots are filled. */
struct wapbl_ops {
	void	(*wo_wapbl_discard)(struct wapbl *);
	int	(*wo_wapbl_replay_isopen)(struct wapbl_replay *);
	int	(*wo_wapbl_replay_can_read)(struct wapbl_replay *, daddr_t, long);
	int	(*wo_wapbl_replay_read)(struct wapbl_replay *, void *, daddr_t, long);
	void	(*wo_wapbl_add_buf)(struct wapbl *, struct buf *);
	void	(*wo_wapbl_remove_buf)(struct wapbl *, struct buf *);
	void	(*wo_wapbl_resize_buf)(struct wapbl *, struct buf *, long, long);
	int	(*wo_wapbl_begin)(struct wapbl *, const char *, int);
	void	(*wo_wapbl_end)(struct wapbl *);
	void	(*wo_wapbl_junlock_assert)(struct wapbl *);
	void	(*wo_wapbl_jlock_assert)(struct wapbl *);
	void	(*wo_wapbl_biodone)(struct buf *);
};

/* Call op of mp's journal, or of its replay; without one: none, or 0. */
#define __WAPBL_DO(mp, op, ...) do { \
	struct mount *_wmp = (mp); \
	if (__predict_false(_wmp->mnt_wapbl != NULL)) \
		_wmp->mnt_wapbl_op->op(_wmp->mnt_wapbl, ##__VA_ARGS__); \
} while (0)
#define __WAPBL_ASK(mp, which, op, ...) __extension__ ({ \
	struct mount *_wmp = (mp); \
	__predict_false(_wmp->which != NULL) ? \
	    _wmp->mnt_wapbl_op->op(_wmp->which, ##__VA_ARGS__) : 0; \
})

#define WAPBL_BEGIN(MP) \
	__WAPBL_ASK(MP, mnt_wapbl, wo_wapbl_begin, __FILE__, __LINE__)
#define WAPBL_END(MP)		__WAPBL_DO(MP, wo_wapbl_end)
#define WAPBL_DISCARD(MP)	__WAPBL_DO(MP, wo_wapbl_discard)
#define WAPBL_ADD_BUF(MP, BP)	__WAPBL_DO(MP, wo_wapbl_add_buf, (BP))
#define WAPBL_REMOVE_BUF(MP, BP)	__WAPBL_DO(MP, wo_wapbl_remove_buf, (BP))
#define WAPBL_RESIZE_BUF(MP, BP, OLDSZ, OLDCNT) \
	__WAPBL_DO(MP, wo_wapbl_resize_buf, (BP), (OLDSZ), (OLDCNT))
#define WAPBL_JLOCK_ASSERT(MP)	__WAPBL_DO(MP, wo_wapbl_jlock_assert)
#define WAPBL_JUNLOCK_ASSERT(MP)	__WAPBL_DO(MP, wo_wapbl_junlock_assert)
#define WAPBL_REPLAY_ISOPEN(MP) \
	__WAPBL_ASK(MP, mnt_wapbl_replay, wo_wapbl_replay_isopen)
#define WAPBL_REPLAY_CAN_READ(MP, BLK, LEN) \
	__WAPBL_ASK(MP, mnt_wapbl_replay, wo_wapbl_replay_can_read, (BLK), (LEN))
#define WAPBL_REPLAY_READ(MP, DATA, BLK, LEN) \
	__WAPBL_ASK(MP, mnt_wapbl_replay, wo_wapbl_replay_read, (DATA), (BLK), (LEN))

#endif /* _KERNEL */
#endif /* _SYS_MOUNT_H_ */
