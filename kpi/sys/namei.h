/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking up path names, and the name cache.
 *
 *   - struct pathbuf: a path, copied out of the reach of others
 *   - struct nameidata and namei(): a path is looked up, and what comes back
 *   - struct componentname: one name, as VOP_LOOKUP and the operations on
 *     directories get it
 *   - cache_*: the name cache, called by file systems
 *
 * An operation (NAMEI_OPMASK) says what the caller will do with the last
 * component; flags say how to walk and what to lock at the end.
 */
#ifndef _SYS_NAMEI_H_
#define _SYS_NAMEI_H_

#include <sys/queue.h>
#include <sys/types.h>

/* what the lookup is for */
#define NAMEI_LOOKUP		0
#define NAMEI_CREATE		1
#define NAMEI_DELETE		2
#define NAMEI_RENAME		3
#define NAMEI_OPMASK		3

/* set by who calls namei() */
#define NAMEI_LOCKLEAF		0x00000004	/* return it locked */
#define NAMEI_LOCKPARENT	0x00000008	/* and its directory, locked */
#define NAMEI_TRYEMULROOT	0x00000010	/* no emulations here: ignored */
#define NAMEI_NOCACHE		0x00000020	/* the name will go: do not cache */
#define NAMEI_FOLLOW		0x00000040	/* a symbolic link at the end */
#define NAMEI_NOFOLLOW		0x00000000
#define NAMEI_EMULROOTSET	0x00000080	/* ni_erootdir is set: ignored */
#define NAMEI_LOCKSHARED	0x00000100	/* LOCKLEAF: shared will do */
#define NAMEI_NOCHROOT		0x01000000	/* the real root */
#define NAMEI_NONEXCLHACK	0x02000000	/* open: creation may find one */
#define NAMEI_MODMASK		0x030001fc

/* set by who calls or by namei(), seen by the file system */
#define NAMEI_NOCROSSMOUNT	0x00000800	/* stay in this mount */
#define NAMEI_RDONLY		0x00001000	/* lookup for reading only */
#define NAMEI_ISDOTDOT		0x00002000	/* the name is ".." */
#define NAMEI_MAKEENTRY		0x00004000	/* enter it in the name cache */
#define NAMEI_ISLASTCN		0x00008000	/* last component */
#define NAMEI_WILLBEDIR		0x00010000	/* what is made will be a directory */
#define NAMEI_ISWHITEOUT	0x00020000	/* found a whiteout */
#define NAMEI_DOWHITEOUT	0x00040000	/* do whiteouts */
#define NAMEI_REQUIREDIR	0x00080000	/* must be a directory: "name/" */
#define NAMEI_CREATEDIR		0x00200000	/* "name/" may be created */
#define NAMEI_PARAMASK		0x002ff800

/* One component of a path. */
struct componentname {
	uint32_t	cn_nameiop;	/* NAMEI_LOOKUP ... */
	uint32_t	cn_flags;
	struct kauth_cred *cn_cred;
	const char	*cn_nameptr;	/* not terminated at its end */
	size_t		cn_namelen;
};

#ifdef _KERNEL

#define LOOKUP		NAMEI_LOOKUP
#define CREATE		NAMEI_CREATE
#define DELETE		NAMEI_DELETE
#define RENAME		NAMEI_RENAME
#define OPMASK		NAMEI_OPMASK
#define LOCKLEAF	NAMEI_LOCKLEAF
#define LOCKPARENT	NAMEI_LOCKPARENT
#define TRYEMULROOT	NAMEI_TRYEMULROOT
#define NOCACHE		NAMEI_NOCACHE
#define FOLLOW		NAMEI_FOLLOW
#define NOFOLLOW	NAMEI_NOFOLLOW
#define EMULROOTSET	NAMEI_EMULROOTSET
#define LOCKSHARED	NAMEI_LOCKSHARED
#define NOCHROOT	NAMEI_NOCHROOT
#define NONEXCLHACK	NAMEI_NONEXCLHACK
#define MODMASK		NAMEI_MODMASK
#define NOCROSSMOUNT	NAMEI_NOCROSSMOUNT
#define RDONLY		NAMEI_RDONLY
#define ISDOTDOT	NAMEI_ISDOTDOT
#define MAKEENTRY	NAMEI_MAKEENTRY
#define ISLASTCN	NAMEI_ISLASTCN
#define WILLBEDIR	NAMEI_WILLBEDIR
#define ISWHITEOUT	NAMEI_ISWHITEOUT
#define DOWHITEOUT	NAMEI_DOWHITEOUT
#define REQUIREDIR	NAMEI_REQUIREDIR
#define CREATEDIR	NAMEI_CREATEDIR
#define PARAMASK	NAMEI_PARAMASK

#include <sys/kauth.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/rbtree.h>
#include <sys/rwlock.h>
#include <sys/rwlock.h>

struct lwp;
struct mount;
struct proc;
struct vnode;

/* ------------------------------------------------------------------ paths */

struct pathbuf;

struct pathbuf	*pathbuf_create(const char *);
struct pathbuf	*pathbuf_assimilate(char *);
int		pathbuf_copyin(const char *, struct pathbuf **);
int		pathbuf_maybe_copyin(const char *, enum uio_seg, struct pathbuf **);
void		pathbuf_destroy(struct pathbuf *);
void		pathbuf_copystring(const struct pathbuf *, char *, size_t);
const char	*pathbuf_stringcopy_get(struct pathbuf *);
void		pathbuf_stringcopy_put(struct pathbuf *, const char *);

extern pool_cache_t pnbuf_cache;	/* of MAXPATHLEN bytes each */
#define PNBUF_GET()	((char *)pool_cache_get(pnbuf_cache, PR_WAITOK))
#define PNBUF_PUT(pnb)	pool_cache_put(pnbuf_cache, (pnb))

/* ---------------------------------------------------------------- lookups */

struct nameidata {
	/* in */
	struct vnode	*ni_atdir;	/* where a relative path starts, or NULL */
	struct pathbuf	*ni_pathbuf;
	/* while it runs */
	char		*ni_pnbuf;
	struct vnode	*ni_rootdir;	/* what "/" is for this process */
	struct vnode	*ni_erootdir;
	size_t		ni_pathlen;
	const char	*ni_next;
	unsigned int	ni_loopcnt;	/* symbolic links followed */
	/* out */
	struct vnode	*ni_vp;		/* what was found, or NULL */
	struct vnode	*ni_dvp;	/* its directory */
	/* in and out: operation, flags, credential; then the last component */
	struct componentname ni_cnd;
};

/* Prepare a lookup with the credentials of the caller. */
#define NDINIT(ndp, op, flags, pathbuf) do { \
	struct nameidata *_ndi = (ndp); \
	_ndi->ni_atdir = NULL; \
	_ndi->ni_pathbuf = (pathbuf); \
	_ndi->ni_cnd.cn_cred = kauth_cred_get(); \
	_ndi->ni_cnd.cn_nameiop = (op); \
	_ndi->ni_cnd.cn_flags = (flags); \
} while (0)
/* After NDINIT: relative paths start at dir. */
#define NDAT(ndp, dir)	do { (ndp)->ni_atdir = (dir); } while (0)

int	namei(struct nameidata *);
int	lookup_for_nfsd(struct nameidata *, struct vnode *, int);
int	lookup_for_nfsd_index(struct nameidata *, struct vnode *);
int	relookup(struct vnode *, struct vnode **, struct componentname *, int);
void	namei_init(void);

/* The common case: a path in, a vnode out, referenced and not locked. */
struct namei_simple_flags_type;
typedef const struct namei_simple_flags_type *namei_simple_flags_t;
extern const namei_simple_flags_t
    NSM_NOFOLLOW_NOEMULROOT, NSM_NOFOLLOW_TRYEMULROOT,
    NSM_FOLLOW_NOEMULROOT, NSM_FOLLOW_TRYEMULROOT;

int	namei_simple_kernel(const char *, namei_simple_flags_t, struct vnode **);
int	namei_simple_user(const char *, namei_simple_flags_t, struct vnode **);
int	nameiat_simple_kernel(struct vnode *, const char *, namei_simple_flags_t,
	    struct vnode **);
int	nameiat_simple_user(struct vnode *, const char *, namei_simple_flags_t,
	    struct vnode **);

/* ------------------------------------------------------------- name cache */

struct namecache;
#define NCHNAMLEN	KERNEL_NAME_MAX		/* longest name that is cached */

/* cache_purge1: which entries */
#define PURGE_PARENTS	1	/* that name vp */
#define PURGE_CHILDREN	2	/* that are in vp */
#define cache_purge(vp)	cache_purge1((vp), NULL, 0, PURGE_PARENTS | PURGE_CHILDREN)

bool	cache_lookup(struct vnode *, const char *, size_t, uint32_t, uint32_t,
	    int *, struct vnode **);
bool	cache_lookup_raw(struct vnode *, const char *, size_t, uint32_t, int *,
	    struct vnode **);
bool	cache_lookup_linked(struct vnode *, const char *, size_t, struct vnode **,
	    krwlock_t **, struct kauth_cred *);
int	cache_revlookup(struct vnode *, struct vnode **, char **, char *, bool,
	    accmode_t);
bool	cache_have_id(struct vnode *);
void	cache_enter(struct vnode *, struct vnode *, const char *, size_t,
	    uint32_t);
void	cache_enter_id(struct vnode *, mode_t, uid_t, gid_t, bool);
void	cache_enter_mount(struct vnode *, struct vnode *);
bool	cache_cross_mount(struct vnode **, krwlock_t **);
void	cache_purge1(struct vnode *, const char *, size_t, int);
void	cache_purgevfs(struct mount *);
void	cache_cpu_init(struct cpu_info *);
void	nchinit(void);
void	namecache_count_pass2(void);
void	namecache_count_2passes(void);
void	namecache_print(struct vnode *, void (*)(const char *, ...) __printflike(1, 2));

#endif /* _KERNEL */

/* Statistics of the name cache, sysctl vfs.namecache_stats. */
#define _NAMEI_CACHE_STATS(type) { \
	type	ncs_goodhits;	/* found, with a vnode */ \
	type	ncs_neghits;	/* found to be absent */ \
	type	ncs_badhits;	/* found, of no use */ \
	type	ncs_falsehits;	/* found, vnode was going away */ \
	type	ncs_miss; \
	type	ncs_long;	/* too long for the cache */ \
	type	ncs_pass2; \
	type	ncs_2passes; \
	type	ncs_revhits;	/* the same for getcwd */ \
	type	ncs_revmiss; \
	type	ncs_denied;	/* permission is up to the file system */ \
}
struct nchstats _NAMEI_CACHE_STATS(uint64_t);

#endif /* _SYS_NAMEI_H_ */
