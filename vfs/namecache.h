/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the name cache: namecache.c keeps it, lookup_walk.c walks along it
 * without touching vnodes.
 */
#ifndef _VFS_NAMECACHE_H_
#define _VFS_NAMECACHE_H_

#include <sys/namei.h>
#include <sys/vnode_impl.h>

/* One name in a directory, and what it stands for. */
struct namecache {
	/* constant */
	struct vnode	*nc_dvp;	/* the directory */
	struct vnode	*nc_vp;		/* NULL: known to be absent */
	uint32_t	nc_hash;
	uint16_t	nc_nlen;
	bool		nc_whiteout;	/* absent because of a whiteout */
	/* set by whoever uses it, cleared by the sweep; no lock */
	bool		nc_used;
	LIST_ENTRY(namecache) nc_link;	/* directory's vi_nc_lock */
	TAILQ_ENTRY(namecache) nc_list;	/* vnode's vi_nc_listlock */
	TAILQ_ENTRY(namecache) nc_lru;	/* lock of the sweep's queue */
	char		nc_name[];	/* constant; nc_nlen bytes */
};

LIST_HEAD(nchchain, namecache);

/* The names of a directory: a table that doubles as it fills. */
struct nchdir {
	unsigned	nd_mask;	/* chains - 1 */
	unsigned	nd_count;
	struct nchchain	nd_chain[];
};

uint32_t namecache_hash(const char *name, size_t len);

/* The entry of a name, or NULL.  The directory's vi_nc_lock is held. */
struct namecache *namecache_find(struct vnode_impl *dvip, const char *name,
	    size_t len, uint32_t hash);

void	namecache_stats(struct nchstats *sum);
void	namecache_boot(void);

#endif /* _VFS_NAMECACHE_H_ */
