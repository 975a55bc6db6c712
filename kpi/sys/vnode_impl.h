/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the vnode cache, the name cache and the syncer keep beside each vnode.
 *
 * Only they, the vnode lock (genfs_lock) and layered file systems look in
 * here.  doc/vfs.md tells the life of a vnode.
 */
#ifndef _SYS_VNODE_IMPL_H_
#define _SYS_VNODE_IMPL_H_

#include <sys/vnode.h>

struct namecache;
struct nchdir;

/*
 *   LOADING -> LOADED <-> BLOCKED -> RECLAIMING -> RECLAIMED
 *      `------------------------------------------------^
 * MARKER is an iterator's place holder; ACTIVE is not a state but a question
 * that VSTATE_ASSERT can ask: LOADED or BLOCKED, with references.
 */
enum vnode_state {
	VS_ACTIVE,
	VS_MARKER,
	VS_LOADING,	/* the file system is filling it in; nobody may see it */
	VS_LOADED,
	VS_BLOCKED,	/* no new references, for a moment */
	VS_RECLAIMING,
	VS_RECLAIMED	/* belongs to the dead file system now */
};

/* Identity: equal bytes in the same mount are the same object. */
struct vcache_key {
	struct mount	*vk_mount;
	const void	*vk_key;
	size_t		vk_key_len;
};

TAILQ_HEAD(vnodelst, vnode_impl);
typedef struct vnodelst vnodelst_t;

/*
 *   c   the hash chain's lock          d   the LRU lists' lock
 *   i   v_interlock                    m   mnt_vnodelock
 *   n   vi_nc_lock                     p   vi_nc_listlock
 *   s   the syncer's lock
 */
struct vnode_impl {
	struct vnode	vi_vnode;

	/* vnode cache */
	struct vcache_key vi_key;		/* c */
	uint32_t	vi_keyhash;		/* c of vi_key */
	SLIST_ENTRY(vnode_impl) vi_hash;	/* c */
	enum vnode_state vi_state;		/* i */
	vnodelst_t	*vi_lrulisthd;		/* d the list it is on, or NULL */
	TAILQ_ENTRY(vnode_impl) vi_lrulist;	/* d */
	int		vi_lrulisttm;		/* d when it went there */
	TAILQ_ENTRY(vnode_impl) vi_mntvnodes;	/* m */

	/* name cache */
	krwlock_t	vi_nc_lock;		/* n the directory's entries */
	struct nchdir	*vi_nc_dir;		/* n they are in here, or NULL */
	mode_t		vi_nc_mode;		/* n for searching it; VNOVAL: ask */
	uid_t		vi_nc_uid;		/* n */
	gid_t		vi_nc_gid;		/* n */
	kmutex_t	vi_nc_listlock;		/* p the vnode's names */
	TAILQ_HEAD(, namecache) vi_nc_list;	/* p */

	struct lockf	*vi_lockf;		/* advisory locks: lockf.c's own */

	/* syncer */
	int		vi_synclist_slot;	/* s */
	TAILQ_ENTRY(vnode_impl) vi_synclist;	/* s */

	krwlock_t	vi_lock;		/* the vnode lock */
};
typedef struct vnode_impl vnode_impl_t;

#define VIMPL_TO_VNODE(vip)	(&(vip)->vi_vnode)
#define VNODE_TO_VIMPL(vp)	container_of((vp), struct vnode_impl, vi_vnode)

/*
 * v_usecount is a count of references, and one bit more: while the gate is
 * open (the vnode is LOADED) a reference may be had without v_interlock.
 */
#define VUSECOUNT_MASK	0x7fffffff
#define VUSECOUNT_GATE	0x80000000

void	_vstate_assert(vnode_t *, enum vnode_state, const char *, int, bool);

#ifdef DIAGNOSTIC
#define VSTATE_ASSERT(vp, state) \
	_vstate_assert((vp), (state), __func__, __LINE__, true)
#define VSTATE_ASSERT_UNLOCKED(vp, state) \
	_vstate_assert((vp), (state), __func__, __LINE__, false)
#else
#define VSTATE_ASSERT(vp, state)		do { } while (0)
#define VSTATE_ASSERT_UNLOCKED(vp, state)	do { } while (0)
#endif

/* vnode cache, for the rest of vfs/ and for layers */
int	vcache_vget(vnode_t *);
int	vcache_tryvget(vnode_t *);
void	vcache_make_anon(vnode_t *);
vnode_t	*vnalloc_marker(struct mount *);
void	vnfree_marker(vnode_t *);
bool	vnis_marker(vnode_t *);
void	vfs_insmntque(vnode_t *, struct mount *);
void	vrelel_deferred(vnode_t *);

/* name cache, for the vnode cache */
void	cache_vnode_init(vnode_t *);
void	cache_vnode_fini(vnode_t *);

#endif /* _SYS_VNODE_IMPL_H_ */
