/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the vnode cache (vnode_*.c) need of each other.  The life
 * of a vnode, and which lock is taken before which, is told in doc/vfs.md.
 */
#ifndef _VFS_VNODE_LIFE_H_
#define _VFS_VNODE_LIFE_H_

#include <sys/vnode_impl.h>

/* vnode_life.c: states.  All with v_interlock held. */
static inline enum vnode_state
vstate_get(struct vnode *vp)
{

	return VNODE_TO_VIMPL(vp)->vi_state;
}

void	vstate_change(struct vnode *, enum vnode_state, enum vnode_state);
void	vstate_wait_stable(struct vnode *);
void	vnode_reclaim(struct vnode *);
void	vrelel(struct vnode *, int, int);
#define VRELEL_ASYNC	0x1	/* a last reference goes to the drain thread */

/* vnode_cache.c */
struct vnode *vnode_alloc(struct mount *);
void	vnode_free(struct vnode *);
void	vcache_remove(struct vnode *);
void	vcache_key_hold(struct vnode *, void **, size_t *);
void	vcache_boot(void);

/* vnode_lru.c */
#define VNODES_LEAST	64		/* what desiredvnodes may be */
#define VNODES_MOST	(INT_MAX / 4)
enum vnode_lru { LRU_FREE, LRU_HOLD, LRU_DEFERRED };
void	vlru_put(struct vnode *, enum vnode_lru);
void	vlru_remove(struct vnode *);
void	vlru_kick(void);
void	vlru_alloc_throttle(void);
void	vlru_resumed(void);
void	vlru_boot(void);

#endif /* _VFS_VNODE_LIFE_H_ */
