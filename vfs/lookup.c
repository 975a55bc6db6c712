/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking up paths: namei() and its relatives.
 *
 * A walk holds a reference to the directory it is in.  For each component it
 * locks the directory, asks the file system (VOP_LOOKUP), and unlocks it; the
 * object comes back referenced and not locked.  Then it passes over to what is
 * mounted there, or puts a symbolic link's target in front of the rest of the
 * path, or goes on in the directory that it found.  Runs of components that
 * the name cache knows are passed at once, without touching the vnodes between
 * (lookup_walk.c).
 *
 * Only the last component's directory may stay locked (LOCKPARENT), because
 * the file system may have remembered there where the name is, or will be.
 *
 *   mounts       a covered directory's v_mountedhere is followed downward;
 *                ".." in the root of a mount goes up to the covered directory
 *   roots        ".." stays in the root of the process, and of everything
 *   names/       trailing slashes: the last component must be a directory, and
 *                a symbolic link there is followed
 *   locking      directories are locked shared if their mount can do with that
 *                (IMNT_SHRLOOKUP); VOP_LOOKUP may answer ENOLCK and is asked
 *                again with the lock exclusive
 *   union        what is not found in the root of a union mount is looked for
 *                in the directory it covers
 *
 * There are no emulations here: TRYEMULROOT and its kind are accepted and mean
 * nothing.
 *
 * Ref: POSIX.1-2017, 4.13 Pathname Resolution.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/filedesc.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/pserialize.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include "lookup.h"
#include "mount_impl.h"
#include "pathbuf.h"

/* -------------------------------------------------------------- beginning */

/* The root directory of this process, or of all. */
static struct vnode *
process_root(struct cwdinfo *cwdi, const struct componentname *cnp)
{

	if ((cnp->cn_flags & NOCHROOT) != 0 || cwdi == NULL ||
	    cwdi->cwdi_rdir == NULL)
		return rootvnode;
	return cwdi->cwdi_rdir;
}

/*
 * Find the root, and the directory where the walk begins; both referenced.
 */
static void
walk_begin(struct walk *w, struct vnode *forced)
{
	struct nameidata *nd = w->nd;
	struct cwdinfo *cwdi = curproc->p_cwdi;
	struct vnode *dir;

	if (cwdi != NULL)
		rw_enter(&cwdi->cwdi_lock, RW_READER);
	w->root = process_root(cwdi, w->cnp);
	vref(w->root);
	if (w->next[0] == '/')
		dir = w->root;
	else if (forced != NULL)
		dir = forced;
	else if (nd->ni_atdir != NULL)
		dir = nd->ni_atdir;
	else if (cwdi != NULL && cwdi->cwdi_cdir != NULL)
		dir = cwdi->cwdi_cdir;
	else
		dir = w->root;
	vref(dir);
	if (cwdi != NULL)
		rw_exit(&cwdi->cwdi_lock);
	w->dir = dir;
	nd->ni_rootdir = w->root;
	nd->ni_erootdir = NULL;
}

/* Go on in another directory; its reference is the walk's now. */
static void
walk_enter(struct walk *w, struct vnode *dir)
{

	KASSERT(!w->dirlocked);
	vrele(w->dir);
	w->dir = dir;
}

static void
walk_unlock(struct walk *w)
{

	if (w->dirlocked)
		VOP_UNLOCK(w->dir);
	w->dirlocked = false;
}

/* -------------------------------------------------------------- components */

/* Can there be names in it?  In a dead directory there are none. */
static int
check_directory(const struct vnode *vp)
{

	if (vp->v_type == VDIR)
		return 0;
	return vp->v_type == VBAD ? ENOENT : ENOTDIR;
}

/*
 * Cut the next component off the path.
 *
 * Returns 0, with cn_namelen 0 at the end of the path; ENOTDIR, ENOENT or
 * ENAMETOOLONG.
 */
int
walk_component(struct walk *w)
{
	struct componentname *cnp = w->cnp;
	const char *p = w->next;
	size_t len;
	int error;

	while (*p == '/')
		p++;
	cnp->cn_nameptr = p;
	cnp->cn_namelen = 0;
	w->next = p;
	if (*p == '\0')
		return 0;
	if ((error = check_directory(w->dir)) != 0)
		return error;
	if ((error = VOP_PARSEPATH(w->dir, p, &len)) != 0)
		return error;
	cnp->cn_namelen = len;
	/* a key of etfs may go over several names */
	if (len > KERNEL_NAME_MAX && memchr(p, '/', len) == NULL)
		return ENAMETOOLONG;

	cnp->cn_flags &= ~(ISLASTCN | ISDOTDOT | MAKEENTRY | REQUIREDIR);
	if (len == 2 && p[0] == '.' && p[1] == '.')
		cnp->cn_flags |= ISDOTDOT;
	p += len;
	w->next = p;
	if (*p == '/')
		cnp->cn_flags |= REQUIREDIR;
	while (*p == '/')
		p++;
	if (*p == '\0') {
		cnp->cn_flags |= ISLASTCN;
		w->next = p;
	}
	w->nd->ni_next = w->next;
	w->nd->ni_pathlen = strlen(w->next) + 1;
	if (!w->last_uncached || (cnp->cn_flags & ISLASTCN) == 0)
		cnp->cn_flags |= MAKEENTRY;
	return 0;
}

static bool
is_last(const struct walk *w)
{

	return (w->cnp->cn_flags & ISLASTCN) != 0;
}

/* --------------------------------------------------------- between mounts */

/* The mount that covers a directory, referenced; or NULL. */
static struct mount *
covering(struct vnode *vp)
{
	struct mount *mp;
	int s;

	if (vp->v_type != VDIR ||
	    atomic_load_relaxed(&vp->v_mountedhere) == NULL)
		return NULL;
	s = pserialize_read_enter();
	mp = atomic_load_consume(&vp->v_mountedhere);
	if (mp != NULL && !vfs_tryref(mp))
		mp = NULL;
	pserialize_read_exit(s);
	return mp;
}

/*
 * From a covered directory to the root of what covers it.
 *
 * vpp  in and out: referenced, not locked
 *
 * Returns 0 or an error of VFS_ROOT; then *vpp is as it was.
 */
int
vnode_descend(struct vnode **vpp)
{
	struct vnode *vp = *vpp, *root;
	struct mount *mp;
	int error;

	while ((mp = covering(vp)) != NULL) {
		/* once it is unmounted nothing covers vp any more: look again */
		if (vfs_busy(mp) != 0) {
			vfs_rele(mp);
			continue;
		}
		error = VFS_ROOT(mp, LK_NONE, &root);
		vfs_unbusy(mp);
		vfs_rele(mp);
		if (error != 0) {
			*vpp = vp;
			return error;
		}
		vrele(vp);
		vp = root;
	}
	*vpp = vp;
	return 0;
}

/*
 * Prepare "..": leave mounts upward, stay in roots.
 *
 * Returns true if ".." is where we are.
 */
static bool
walk_up(struct walk *w)
{
	struct vnode *covered;

	for (;;) {
		if (w->dir == w->root || w->dir == rootvnode)
			return true;
		if ((w->cnp->cn_flags & NOCROSSMOUNT) != 0)
			return false;
		if ((covered = vnode_covered(w->dir)) == NULL)
			return false;
		walk_enter(w, covered);
	}
}

/* ----------------------------------------------------------------- one step */

/* How the directory is to be locked for this component. */
static int
lock_type(const struct walk *w)
{

	if (is_last(w) && (w->cnp->cn_flags & LOCKPARENT) != 0)
		return LK_EXCLUSIVE;
	if ((vnode_imnt_flags(w->dir) & IMNT_SHRLOOKUP) != 0)
		return LK_SHARED;
	return LK_EXCLUSIVE;
}

/* Ask the file system, again with an exclusive lock if it wants that. */
static int
ask(struct walk *w, struct vnode **vpp)
{
	int lktype = lock_type(w), error;

	for (;;) {
		/* a dead directory is ENOENT */
		if ((error = vn_lock(w->dir, lktype)) != 0)
			return error;
		w->dirlocked = true;
		if ((error = check_directory(w->dir)) != 0)
			return error;
		error = VOP_LOOKUP(w->dir, vpp, w->cnp);
		if (error != ENOLCK || lktype == LK_EXCLUSIVE)
			return error;
		walk_unlock(w);
		lktype = LK_EXCLUSIVE;
	}
}

/* Not found in the root of a union mount: go to what it covers, if any. */
static bool
union_below(struct walk *w)
{
	struct vnode *covered;

	if ((w->dir->v_vflag & VV_ROOT) == 0 ||
	    (atomic_load_relaxed(&w->dir->v_mount->mnt_flag) & MNT_UNION) == 0 ||
	    (w->cnp->cn_flags & ISWHITEOUT) != 0)
		return false;
	if ((covered = vnode_covered(w->dir)) == NULL)
		return false;
	walk_unlock(w);
	walk_enter(w, covered);
	return true;
}

/*
 * Look the component up in the directory.
 *
 * vpp  out: what was found, referenced; NULL: it may be created
 *
 * Returns 0 or an errno.  Either way the directory may be locked.
 */
static int
walk_ask(struct walk *w, struct vnode **vpp)
{
	int error;

	*vpp = NULL;
	if ((error = check_directory(w->dir)) != 0)
		return error;
	if ((w->cnp->cn_flags & ISDOTDOT) != 0 && walk_up(w)) {
		if (is_last(w) && (w->cnp->cn_flags & LOCKPARENT) != 0) {
			vn_lock(w->dir, LK_EXCLUSIVE | LK_RETRY);
			w->dirlocked = true;
		}
		vref(w->dir);
		*vpp = w->dir;
		return 0;
	}
	do
		error = ask(w, vpp);
	while (error == ENOENT && union_below(w));
	if (error == EJUSTRETURN) {
		KASSERT(*vpp == NULL);
		return 0;
	}
	return error;
}

/* ---------------------------------------------------------- symbolic links */

/* Is this link to be followed, rather than returned? */
static bool
to_be_followed(const struct walk *w, const struct vnode *vp)
{

	return vp->v_type == VLNK && (!is_last(w) ||
	    (w->cnp->cn_flags & (FOLLOW | REQUIREDIR)) != 0);
}

/* Read a link's target. */
static int
read_link(struct walk *w, struct vnode *vp, char *buf, size_t *lenp)
{
	struct iovec iov = { .iov_base = buf, .iov_len = MAXPATHLEN };
	struct uio uio = {
		.uio_iov = &iov, .uio_iovcnt = 1, .uio_resid = MAXPATHLEN,
		.uio_rw = UIO_READ,
	};
	int error;

	UIO_SETUP_SYSSPACE(&uio);
	if ((error = vn_lock(vp, LK_SHARED)) != 0)
		return error;
	if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_SYMPERM) != 0)
		error = VOP_ACCESS(vp, VEXEC, w->cnp->cn_cred);
	if (error == 0)
		error = VOP_READLINK(vp, &uio, w->cnp->cn_cred);
	VOP_UNLOCK(vp);
	*lenp = MAXPATHLEN - uio.uio_resid;
	return error;
}

/*
 * Put a link's target before the rest of the path.
 *
 * vp  its reference is consumed
 *
 * Returns 0, ELOOP, ENOENT (it is empty), ENAMETOOLONG, or an error of the
 * file system.
 */
static int
walk_follow(struct walk *w, struct vnode *vp)
{
	char *buf;
	size_t len = 0, rest;
	int error;

	walk_unlock(w);
	if (w->nd->ni_loopcnt++ >= MAXSYMLINKS) {
		vrele(vp);
		return ELOOP;
	}
	/* the slashes that followed the link are needed: "link/" */
	w->next = w->cnp->cn_nameptr + w->cnp->cn_namelen;
	rest = strlen(w->next) + 1;
	buf = PNBUF_GET();
	error = read_link(w, vp, buf, &len);
	vrele(vp);
	if (error == 0 && len == 0)
		error = ENOENT;
	else if (error == 0 && len + rest > MAXPATHLEN)
		error = ENAMETOOLONG;
	if (error == 0) {
		memmove(w->path + len, w->next, rest);
		memcpy(w->path, buf, len);
		w->next = w->path;
		if (w->path[0] == '/') {
			vref(w->root);
			walk_enter(w, w->root);
		}
	}
	PNBUF_PUT(buf);
	return error;
}

/* ------------------------------------------------------------------ the end */

/* The path was empty, or only slashes: the result is where we are. */
static int
end_in_root(struct walk *w, struct vnode **vpp)
{
	struct componentname *cnp = w->cnp;

	cnp->cn_flags |= ISLASTCN;
	switch (cnp->cn_nameiop) {
	case LOOKUP:
		break;
	case CREATE:
		if ((cnp->cn_flags & NONEXCLHACK) != 0)
			break;
		return EEXIST;
	default:
		return EBUSY;
	}
	vref(w->dir);
	*vpp = w->dir;
	w->nodir = true;
	return 0;
}

/* Check what was found against what the path asks for. */
static int
check_last(struct walk *w, struct vnode *vp)
{
	const uint32_t flags = w->cnp->cn_flags;

	if (vp == NULL) {
		/* "name/" can be created as a directory only */
		if ((flags & REQUIREDIR) != 0 && (flags & CREATEDIR) == 0) {
			VOP_ABORTOP(w->dir, w->cnp);
			return ENOENT;
		}
		return 0;
	}
	if ((flags & REQUIREDIR) != 0 && vp->v_type != VDIR) {
		if (w->dirlocked && w->cnp->cn_nameiop != LOOKUP)
			VOP_ABORTOP(w->dir, w->cnp);
		return ENOTDIR;
	}
	return 0;
}

/* Lock the result as asked; the directory may be locked, and comes first. */
static void
lock_leaf(struct walk *w, struct vnode *vp)
{
	const uint32_t flags = w->cnp->cn_flags;

	if ((flags & LOCKLEAF) == 0)
		return;
	if (vp == w->dir && w->dirlocked)
		return;
	if (w->dirlocked && (flags & ISDOTDOT) != 0) {
		/* this one's place is before the directory */
		VOP_UNLOCK(w->dir);
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
		vn_lock(w->dir, LK_EXCLUSIVE | LK_RETRY);
		return;
	}
	vn_lock(vp, ((flags & LOCKSHARED) != 0 ? LK_SHARED : LK_EXCLUSIVE) |
	    LK_RETRY);
}

/* Fill in the results, and let the rest go. */
static void
walk_finish(struct walk *w, struct vnode *vp)
{
	struct nameidata *nd = w->nd;

	const bool parent = (w->cnp->cn_flags & LOCKPARENT) != 0 && !w->nodir;

	/*
	 * "." is the directory itself: its lock must not pass for the result's.
	 * A last reference takes the lock, and what is above is locked first.
	 */
	if (!parent) {
		walk_unlock(w);
		vrele(w->dir);
	}
	vrele_async(w->root);
	if (vp != NULL)
		lock_leaf(w, vp);
	KASSERT(!parent || w->dirlocked);
	nd->ni_vp = vp;
	nd->ni_dvp = parent ? w->dir : NULL;
}

static int
walk_fail(struct walk *w, struct vnode *vp, int error)
{

	walk_unlock(w);
	if (vp != NULL)
		vrele(vp);
	vrele(w->dir);
	vrele(w->root);
	w->nd->ni_vp = w->nd->ni_dvp = NULL;
	return error;
}

/* Walk to the end of the path. */
static int
walk_run(struct walk *w, struct vnode **vpp)
{
	int error;

	for (;;) {
		*vpp = NULL;
		walk_cached(w, vpp);
		if (*vpp != NULL)
			return 0;
		if ((error = walk_component(w)) != 0)
			return error;
		if (w->cnp->cn_namelen == 0)
			return end_in_root(w, vpp);
		if ((error = walk_ask(w, vpp)) != 0)
			return error;
		if (*vpp == NULL)
			return check_last(w, NULL);
		if ((w->cnp->cn_flags & NOCROSSMOUNT) == 0 &&
		    (error = vnode_descend(vpp)) != 0)
			return error;
		if (to_be_followed(w, *vpp)) {
			if (w->neverfollow)
				return EINVAL;
			error = walk_follow(w, *vpp);
			*vpp = NULL;
			if (error != 0)
				return error;
			continue;
		}
		if (is_last(w))
			return check_last(w, *vpp);
		walk_unlock(w);
		walk_enter(w, *vpp);
	}
}

/*
 * The whole of a look-up.
 *
 * forced       where a relative path begins, whatever the process thinks
 * neverfollow  a symbolic link is EINVAL
 */
static int
lookup(struct nameidata *nd, struct vnode *forced, bool neverfollow)
{
	struct componentname *cnp = &nd->ni_cnd;
	struct walk w = {
		.nd = nd,
		.cnp = cnp,
		.path = nd->ni_pathbuf->pb_path,
		.next = nd->ni_pathbuf->pb_path,
		.neverfollow = neverfollow,
	};
	struct vnode *vp = NULL;
	int error;

	nd->ni_pnbuf = w.path;
	nd->ni_loopcnt = 0;
	nd->ni_vp = nd->ni_dvp = NULL;
	if (w.path[0] == '\0')
		return ENOENT;
	w.last_uncached = (cnp->cn_flags & NOCACHE) != 0 ||
	    cnp->cn_nameiop == DELETE || cnp->cn_nameiop == RENAME;
	walk_begin(&w, forced);
	if ((error = walk_run(&w, &vp)) != 0)
		return walk_fail(&w, vp, error);
	walk_finish(&w, vp);
	return 0;
}

/* ------------------------------------------------------------------- calls */

/*
 * Look up a path.
 *
 * nd  set up by NDINIT (and NDAT); out: ni_vp and, with LOCKPARENT, ni_dvp,
 *     referenced; locked as the flags ask.  If both are the same vnode there
 *     are two references and one lock.  For CREATE and RENAME ni_vp may be
 *     NULL: the name is free.  A path without names ("/") has no ni_dvp.
 *     ni_cnd then names the last component.
 *
 * Returns 0 or an errno, with nothing referenced.
 * Context: thread, holding no vnode lock.
 */
int
namei(struct nameidata *nd)
{

	return lookup(nd, NULL, false);
}

/* For NFS: the path starts in a directory given by the client. */
int
lookup_for_nfsd(struct nameidata *nd, struct vnode *dir, int neverfollow)
{

	return lookup(nd, dir, neverfollow != 0);
}

/* For NFS: the index file of a public directory, a plain name. */
int
lookup_for_nfsd_index(struct nameidata *nd, struct vnode *dir)
{

	return lookup(nd, dir, true);
}

/*
 * Look up a component once more, in a directory that is locked exclusively.
 *
 * cnp  as a look-up left it, but not ".."
 * vpp  out: referenced and locked; NULL for CREATE and RENAME: it is free
 *
 * Returns 0 or an errno.  dvp stays locked.
 */
int
relookup(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp,
    int dummy)
{
	int error;

	KASSERT((cnp->cn_flags & ISDOTDOT) == 0);
	cnp->cn_flags |= ISLASTCN;
	error = VOP_LOOKUP(dvp, vpp, cnp);
	if (error == EJUSTRETURN) {
		KASSERT(*vpp == NULL);
		return 0;
	}
	if (error != 0) {
		*vpp = NULL;
		return error;
	}
	if (*vpp != dvp)
		vn_lock(*vpp, LK_EXCLUSIVE | LK_RETRY);
	return 0;
}

/* ------------------------------------------------------------ simple calls */

struct namei_simple_flags_type {
	uint32_t	flags;
};
static const struct namei_simple_flags_type
    nofollow = { NOFOLLOW }, follow = { FOLLOW };
const namei_simple_flags_t NSM_NOFOLLOW_NOEMULROOT = &nofollow;
const namei_simple_flags_t NSM_NOFOLLOW_TRYEMULROOT = &nofollow;
const namei_simple_flags_t NSM_FOLLOW_NOEMULROOT = &follow;
const namei_simple_flags_t NSM_FOLLOW_TRYEMULROOT = &follow;

/*
 * Look up a path and reference what it names.
 *
 * dvp    where a relative path begins; NULL: the working directory
 *
 * Returns 0 or an errno; *vpp is not locked.
 */
static int
simple(struct vnode *dvp, struct pathbuf *pb, namei_simple_flags_t sflags,
    struct vnode **vpp)
{
	struct nameidata nd;
	int error;

	NDINIT(&nd, LOOKUP, sflags->flags, pb);
	if (dvp != NULL)
		NDAT(&nd, dvp);
	error = namei(&nd);
	*vpp = nd.ni_vp;
	pathbuf_destroy(pb);
	return error;
}

int
nameiat_simple_kernel(struct vnode *dvp, const char *path,
    namei_simple_flags_t sflags, struct vnode **vpp)
{

	return simple(dvp, pathbuf_create(path), sflags, vpp);
}

int
nameiat_simple_user(struct vnode *dvp, const char *path,
    namei_simple_flags_t sflags, struct vnode **vpp)
{
	struct pathbuf *pb;
	int error;

	if ((error = pathbuf_copyin(path, &pb)) != 0)
		return error;
	return simple(dvp, pb, sflags, vpp);
}

int
namei_simple_kernel(const char *path, namei_simple_flags_t sflags,
    struct vnode **vpp)
{

	return nameiat_simple_kernel(NULL, path, sflags, vpp);
}

int
namei_simple_user(const char *path, namei_simple_flags_t sflags,
    struct vnode **vpp)
{

	return nameiat_simple_user(NULL, path, sflags, vpp);
}
