/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A walk along a path: lookup.c, and lookup_walk.c where the name cache knows
 * the way.
 */
#ifndef _VFS_LOOKUP_H_
#define _VFS_LOOKUP_H_

#include <sys/types.h>

struct componentname;
struct nameidata;
struct vnode;

struct walk {
	struct nameidata *nd;
	struct componentname *cnp;	/* of nd */
	char		*path;		/* buffer of MAXPATHLEN bytes */
	const char	*next;		/* in path: what is still to do */
	struct vnode	*root;		/* referenced */
	struct vnode	*dir;		/* referenced: where we are */
	bool		dirlocked;
	bool		nodir;		/* the path has no names */
	bool		last_uncached;	/* the last name shall not be cached */
	bool		neverfollow;
};

/* Cut off the next component; cn_namelen 0: there is none. */
int	walk_component(struct walk *w);

/*
 * Go as far as the name cache knows.  w->dir and w->next move on; if the whole
 * path is known, and nothing is to be locked, *vpp is the result, referenced.
 */
void	walk_cached(struct walk *w, struct vnode **vpp);

#endif /* _VFS_LOOKUP_H_ */
