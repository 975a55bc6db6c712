/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walking along the name cache.
 *
 * File systems that keep the cache exact say so (IMNT_NCLOOKUP): the entries
 * of a directory are right, and so is what is remembered of who may search it.
 * Then a run of known components needs no vnode lock, no reference and no
 * call of the file system: the walk goes from the name cache lock of one
 * directory to that of the next, and takes one reference where it ends.
 *
 * It ends before whatever it cannot decide: "." and "..", symbolic links,
 * covered directories, names that are not known or known to be absent, a lock
 * that is busy, a search that is denied, and the last component unless that is
 * only looked up.  lookup.c goes on from there.
 *
 * Locks: vi_nc_lock of a directory, and only tried, that of one inside it.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/rwlock.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

#include "lookup.h"
#include "mount_impl.h"
#include "namecache.h"

/* The next name of a path. */
struct name {
	const char	*start;
	size_t		len;
	const char	*rest;		/* after it and its slashes */
	bool		last;
	bool		wantdir;	/* a slash follows */
};

static bool
next_name(const char *p, struct name *n)
{

	while (*p == '/')
		p++;
	n->start = p;
	while (*p != '/' && *p != '\0')
		p++;
	n->len = (size_t)(p - n->start);
	n->wantdir = *p == '/';
	while (*p == '/')
		p++;
	n->rest = p;
	n->last = *p == '\0';
	if (n->len == 0 || n->len > NCHNAMLEN)
		return false;
	return n->start[0] != '.' ||
	    (n->len > 1 && (n->len > 2 || n->start[1] != '.'));
}

/* May this directory be searched, as far as is known?  Its lock is held. */
static bool
may_search(struct vnode_impl *dvip, kauth_cred_t cred)
{
	struct vnode *dvp = VIMPL_TO_VNODE(dvip);
	const mode_t mode = dvip->vi_nc_mode;
	int verdict;

	if (mode == (mode_t)VNOVAL)
		return false;
	verdict = genfs_can_access(dvp, cred, dvip->vi_nc_uid,
	    dvip->vi_nc_gid, mode, NULL, VEXEC);
	return kauth_authorize_vnode(cred,
	    KAUTH_ACCESS_ACTION(VEXEC, VDIR, mode & ALLPERMS), dvp, NULL,
	    verdict) == 0;
}

/*
 * The vnode of a name in a directory whose lock is held; NULL if the walk ends
 * here.  No reference is taken: the entry keeps the memory.
 */
static struct vnode *
child(struct vnode_impl *dvip, const struct name *n)
{
	struct namecache *nc;
	struct vnode *vp;

	nc = namecache_find(dvip, n->start, n->len,
	    namecache_hash(n->start, n->len));
	if (nc == NULL || (vp = nc->nc_vp) == NULL)
		return NULL;
	if (!atomic_load_relaxed(&nc->nc_used))
		atomic_store_relaxed(&nc->nc_used, true);
	if (vp->v_type == VLNK ||
	    (vp->v_type == VDIR && vp->v_mountedhere != NULL))
		return NULL;
	if ((!n->last || n->wantdir) && vp->v_type != VDIR)
		return NULL;
	return vp;
}

/* Is a look-up that ends here complete with a reference? */
static bool
wants_only_leaf(const struct componentname *cnp)
{

	return cnp->cn_nameiop == LOOKUP && (cnp->cn_flags & LOCKPARENT) == 0;
}

/* The last component is known: hand it out if it is still alive. */
static bool
take_leaf(struct walk *w, const struct name *n, struct vnode *vp,
    struct vnode **vpp)
{
	struct componentname *cnp = w->cnp;

	if (vcache_tryvget(vp) != 0)
		return false;
	cnp->cn_nameptr = n->start;
	cnp->cn_namelen = n->len;
	cnp->cn_flags &= ~(ISDOTDOT | REQUIREDIR);
	cnp->cn_flags |= ISLASTCN;
	w->next = n->rest;
	*vpp = vp;
	return true;
}

static bool
is_walkable(struct vnode *dvp)
{

	return dvp->v_type == VDIR &&
	    (vnode_imnt_flags(dvp) & IMNT_NCLOOKUP) != 0 &&
	    dvp->v_op[VOFFSET(vop_parsepath)] == genfs_parsepath;
}

/*
 * Where a walk has come to: a directory, whose lock is held, and the path that
 * is left.
 */
struct place {
	struct vnode_impl *dvip;
	const char	*next;
};

/* Go one directory further; false if the walk ends here. */
static bool
descend(struct place *at, const struct name *n)
{
	struct vnode_impl *cvip;
	struct vnode *vp;

	if ((vp = child(at->dvip, n)) == NULL)
		return false;
	cvip = VNODE_TO_VIMPL(vp);
	if (!rw_tryenter(&cvip->vi_nc_lock, RW_READER))
		return false;
	rw_exit(&at->dvip->vi_nc_lock);
	at->dvip = cvip;
	at->next = n->rest;
	return true;
}

void
walk_cached(struct walk *w, struct vnode **vpp)
{
	struct place at = { VNODE_TO_VIMPL(w->dir), w->next };
	struct vnode *vp, *dir;
	struct name n;

	if (w->dirlocked || !is_walkable(w->dir))
		return;
	rw_enter(&at.dvip->vi_nc_lock, RW_READER);
	while (next_name(at.next, &n) && may_search(at.dvip, w->cnp->cn_cred)) {
		if (!n.last) {
			if (!descend(&at, &n))
				break;
			continue;
		}
		if (wants_only_leaf(w->cnp) &&
		    (vp = child(at.dvip, &n)) != NULL &&
		    take_leaf(w, &n, vp, vpp)) {
			rw_exit(&at.dvip->vi_nc_lock);
			return;
		}
		break;
	}
	dir = VIMPL_TO_VNODE(at.dvip);
	if (dir == w->dir || vcache_tryvget(dir) != 0) {
		rw_exit(&at.dvip->vi_nc_lock);
		return;
	}
	rw_exit(&at.dvip->vi_nc_lock);
	vrele(w->dir);
	w->dir = dir;
	w->next = at.next;
}
