/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rename, the part that is the same everywhere.
 *
 *	genfs_insane_rename	from the contract of VOP_RENAME to a simple one
 *	genfs_sane_rename	the algorithm, over a file system's steps
 *
 * VOP_RENAME gets children that were looked up when nothing kept them in place,
 * and two locked targets.  genfs_insane_rename gives all that back but the two
 * directories; genfs_sane_rename locks those, ancestor first, and looks the
 * children up again.  The caller holds the mount's rename lock, so directories
 * do not move meanwhile, and ancestry, once found out, stays true.
 *
 * Order of vnode locks: an ancestor before its descendants; directories before
 * the children; the source child before the target child, which have no common
 * path but the two directories.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

/* One end of a rename. */
struct end {
	struct vnode	*en_dvp;	/* directory, referenced */
	struct vnode	*en_vp;		/* child, referenced; target: or NULL */
	struct componentname *en_cnp;
	void		*en_de;		/* the file system's scratch area */
};

struct renaming {
	const struct genfs_rename_ops *rn_ops;
	struct mount	*rn_mp;
	kauth_cred_t	rn_cred;
	struct end	rn_from;
	struct end	rn_to;
	bool		rn_posix;
};

/*
 * VOP_RENAME by a function that wants two directories, referenced and not
 * locked, and keeps those references.
 *
 * v       argument structure of VOP_RENAME.
 *
 * Returns what sane returns.  All vnodes are unlocked and released.
 */
int
genfs_insane_rename(void *v, int (*sane)(struct vnode *fdvp,
    struct componentname *fcnp, struct vnode *tdvp,
    struct componentname *tcnp, kauth_cred_t cred, bool posixly_correct))
{
	const struct vop_rename_args *ap = v;
	struct vnode *fdvp = ap->a_fdvp, *tdvp = ap->a_tdvp;
	int error;

	KASSERT(VOP_ISLOCKED(tdvp) == LK_EXCLUSIVE);
	if (ap->a_tvp != NULL && ap->a_tvp != tdvp)
		VOP_UNLOCK(ap->a_tvp);
	VOP_UNLOCK(tdvp);
	if (ap->a_tvp != NULL)
		vrele(ap->a_tvp);
	vrele(ap->a_fvp);

	error = (*sane)(fdvp, ap->a_fcnp, tdvp, ap->a_tcnp,
	    ap->a_fcnp->cn_cred, false);

	vrele(fdvp);
	vrele(tdvp);
	return error;
}

static bool
is_dot(const struct componentname *cnp)
{

	return cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.';
}

static bool
is_dotdot(const struct componentname *cnp)
{

	return cnp->cn_namelen == 2 && cnp->cn_nameptr[0] == '.' &&
	    cnp->cn_nameptr[1] == '.';
}

static bool
is_same_name(const struct componentname *a, const struct componentname *b)
{

	return a->cn_namelen == b->cn_namelen &&
	    memcmp(a->cn_nameptr, b->cn_nameptr, a->cn_namelen) == 0;
}

/* Names that no rename can move or replace. */
static int
check_names(const struct componentname *fcnp, const struct componentname *tcnp)
{

	if (is_dot(fcnp) || is_dotdot(fcnp))
		return EINVAL;
	if (is_dot(tcnp) || is_dotdot(tcnp))
		return EISDIR;
	return 0;
}

/* Look up a child in its locked directory.  No such target is no error. */
static int
find_child(struct renaming *rn, struct end *en)
{
	int error;

	en->en_vp = NULL;
	error = (*rn->rn_ops->gro_lookup)(rn->rn_mp, en->en_dvp, en->en_cnp,
	    en->en_de, &en->en_vp);
	if (error != 0)
		en->en_vp = NULL;
	return error == ENOENT && en == &rn->rn_to ? 0 : error;
}

static void
drop_child(struct end *en)
{

	if (en->en_vp != NULL)
		vrele(en->en_vp);
	en->en_vp = NULL;
}

/* Both ends in one directory: lock it and find the children. */
static int
enter_same(struct renaming *rn)
{
	struct vnode *dvp = rn->rn_from.en_dvp;
	int error;

	error = (*rn->rn_ops->gro_lock_directory)(rn->rn_mp, dvp);
	if (error != 0)
		return error;
	error = find_child(rn, &rn->rn_from);
	if (error == 0)
		error = find_child(rn, &rn->rn_to);
	if (error != 0) {
		VOP_UNLOCK(dvp);
		drop_child(&rn->rn_from);
	}
	return error;
}

/*
 * Lock two directories, first before second, and find both children.  On
 * success all is held.
 *
 * way  NULL, or the child of first by which second is reached: if that is what the
 *      rename is about, why is the error.  That is found out before second is
 *      locked, which may be that child, since some file systems lock what they find.
 */
static int
enter_ordered(struct renaming *rn, struct end *first, struct end *second,
    const struct vnode *way, int why)
{
	const struct genfs_rename_ops *ops = rn->rn_ops;
	int error;

	error = (*ops->gro_lock_directory)(rn->rn_mp, first->en_dvp);
	if (error != 0)
		return error;
	error = find_child(rn, first);
	if (error == 0 && way != NULL && first->en_vp == way)
		error = why;
	if (error != 0)
		goto undo_first;
	error = (*ops->gro_lock_directory)(rn->rn_mp, second->en_dvp);
	if (error != 0)
		goto undo_first;
	error = find_child(rn, second);
	if (error == 0)
		return 0;
	VOP_UNLOCK(second->en_dvp);
undo_first:
	VOP_UNLOCK(first->en_dvp);
	drop_child(first);
	return error;
}

static void
leave_directories(struct renaming *rn)
{

	VOP_UNLOCK(rn->rn_from.en_dvp);
	if (rn->rn_to.en_dvp != rn->rn_from.en_dvp)
		VOP_UNLOCK(rn->rn_to.en_dvp);
	drop_child(&rn->rn_from);
	drop_child(&rn->rn_to);
}

/* The child of one's directory on the way to the other's, or NULL. */
static int
child_towards(struct renaming *rn, struct end *ancestor, struct end *other,
    struct vnode **childp)
{

	*childp = NULL;
	return (*rn->rn_ops->gro_genealogy)(rn->rn_mp, rn->rn_cred,
	    ancestor->en_dvp, other->en_dvp, childp);
}

/*
 * Two directories: find out which is above the other, lock them in that order,
 * and refuse to move a directory below itself, or over one that it is in.
 */
static int
enter_different(struct renaming *rn)
{
	struct end *from = &rn->rn_from, *to = &rn->rn_to;
	struct vnode *child;
	int error;

	error = child_towards(rn, from, to, &child);
	if (error != 0)
		return error;
	if (child != NULL) {
		error = enter_ordered(rn, from, to, child, EINVAL);
		vrele(child);
		return error;
	}
	error = child_towards(rn, to, from, &child);
	if (error != 0)
		return error;
	error = enter_ordered(rn, to, from, child, ENOTEMPTY);
	if (child != NULL)
		vrele(child);
	return error;
}

static int
enter_directories(struct renaming *rn)
{

	if (rn->rn_from.en_dvp == rn->rn_to.en_dvp)
		return enter_same(rn);
	return enter_different(rn);
}

static bool
is_directory_of(const struct renaming *rn, const struct vnode *vp)
{

	return vp == rn->rn_from.en_dvp || vp == rn->rn_to.en_dvp;
}

/*
 * Lock the children; they may be one.  Neither is one of the two directories,
 * which are locked: in a tree enter_directories has seen to that, but a damaged
 * volume need not be one.
 */
static int
lock_children(struct renaming *rn)
{
	struct vnode *fvp = rn->rn_from.en_vp, *tvp = rn->rn_to.en_vp;

	if (is_directory_of(rn, fvp) || is_directory_of(rn, tvp))
		return EIO;
	vn_lock(fvp, LK_EXCLUSIVE | LK_RETRY);
	if (tvp != NULL && tvp != fvp)
		vn_lock(tvp, LK_EXCLUSIVE | LK_RETRY);
	return 0;
}

static void
unlock_children(struct renaming *rn)
{
	struct vnode *fvp = rn->rn_from.en_vp, *tvp = rn->rn_to.en_vp;

	if (tvp != NULL && tvp != fvp)
		VOP_UNLOCK(tvp);
	VOP_UNLOCK(fvp);
}

static bool
is_mountpoint(const struct vnode *vp)
{

	return vp != NULL && vp->v_type == VDIR && vp->v_mountedhere != NULL;
}

/* Do source and target go together? */
static int
check_types(struct renaming *rn)
{
	struct vnode *fvp = rn->rn_from.en_vp, *tvp = rn->rn_to.en_vp;

	if (is_mountpoint(fvp) || is_mountpoint(tvp))
		return EBUSY;
	if (tvp == NULL || tvp == fvp)
		return 0;
	if (fvp->v_type != VDIR)
		return tvp->v_type == VDIR ? EISDIR : 0;
	if (tvp->v_type != VDIR)
		return ENOTDIR;
	return (*rn->rn_ops->gro_directory_empty_p)(rn->rn_mp, rn->rn_cred,
	    tvp, rn->rn_to.en_dvp) ? 0 : ENOTEMPTY;
}

/*
 * Two names of one object.  POSIX: nothing happens.  Otherwise the old name goes,
 * unless both are the same entry.
 */
static int
remove_source(struct renaming *rn)
{
	const struct genfs_rename_ops *ops = rn->rn_ops;
	struct end *from = &rn->rn_from;
	int error;

	if (rn->rn_posix || (from->en_dvp == rn->rn_to.en_dvp &&
	    is_same_name(from->en_cnp, rn->rn_to.en_cnp)))
		return 0;
	error = (*ops->gro_remove_check_possible)(rn->rn_mp, from->en_dvp,
	    from->en_vp);
	if (error != 0)
		return error;
	error = (*ops->gro_remove_check_permitted)(rn->rn_mp, rn->rn_cred,
	    from->en_dvp, from->en_vp);
	error = kauth_authorize_vnode(rn->rn_cred, KAUTH_VNODE_DELETE,
	    from->en_vp, from->en_dvp, error);
	if (error != 0)
		return error;
	return (*ops->gro_remove)(rn->rn_mp, rn->rn_cred, from->en_dvp,
	    from->en_cnp, from->en_de, from->en_vp);
}

/* Everything is locked and fits: ask for leave, and do it. */
static int
do_rename(struct renaming *rn)
{
	const struct genfs_rename_ops *ops = rn->rn_ops;
	struct end *from = &rn->rn_from, *to = &rn->rn_to;
	int error, opinion;

	error = (*ops->gro_rename_check_possible)(rn->rn_mp, from->en_dvp,
	    from->en_vp, to->en_dvp, to->en_vp);
	if (error != 0)
		return error;
	opinion = (*ops->gro_rename_check_permitted)(rn->rn_mp, rn->rn_cred,
	    from->en_dvp, from->en_vp, to->en_dvp, to->en_vp);
	error = kauth_authorize_vnode(rn->rn_cred, KAUTH_VNODE_DELETE,
	    from->en_vp, from->en_dvp, opinion);
	if (error == 0)
		error = kauth_authorize_vnode(rn->rn_cred, KAUTH_VNODE_RENAME,
		    to->en_vp, to->en_dvp, opinion);
	if (error != 0)
		return error;
	return (*ops->gro_rename)(rn->rn_mp, rn->rn_cred, from->en_dvp,
	    from->en_cnp, from->en_de, from->en_vp, to->en_dvp, to->en_cnp,
	    to->en_de, to->en_vp);
}

/*
 * Rename fcnp in fdvp to tcnp in tdvp.
 *
 * ops     the file system's steps (miscfs/genfs/genfs.h).
 * fdvp, tdvp  directories of one mount, referenced, not locked; so they stay.
 * fde, tde    room for what gro_lookup found, passed to the steps.
 * posixly_correct  two names of one object: leave both.
 *
 * Returns 0; EINVAL or EISDIR: "." and ".."; EINVAL: a directory below itself;
 * ENOTEMPTY, ENOTDIR, EISDIR: the target does not fit; EBUSY: a mount point;
 * ENOENT; EIO: a directory that contains itself; or what a step or kauth says.
 * Locks:   rename lock of the mount held.
 */
int
genfs_sane_rename(const struct genfs_rename_ops *ops,
    struct vnode *fdvp, struct componentname *fcnp, void *fde,
    struct vnode *tdvp, struct componentname *tcnp, void *tde,
    kauth_cred_t cred, bool posixly_correct)
{
	struct renaming rn = {
		.rn_ops = ops,
		.rn_mp = fdvp->v_mount,
		.rn_cred = cred,
		.rn_from = { .en_dvp = fdvp, .en_cnp = fcnp, .en_de = fde },
		.rn_to = { .en_dvp = tdvp, .en_cnp = tcnp, .en_de = tde },
		.rn_posix = posixly_correct,
	};
	int error;

	KASSERT(fdvp->v_mount == tdvp->v_mount);
	KASSERT(fdvp->v_type == VDIR && tdvp->v_type == VDIR);
	error = check_names(fcnp, tcnp);
	if (error == 0)
		error = enter_directories(&rn);
	if (error != 0)
		return error;
	error = lock_children(&rn);
	if (error != 0)
		goto undo_directories;
	error = check_types(&rn);
	if (error == 0)
		error = rn.rn_from.en_vp == rn.rn_to.en_vp ?
		    remove_source(&rn) : do_rename(&rn);
	unlock_children(&rn);
undo_directories:
	leave_directories(&rn);
	return error;
}
