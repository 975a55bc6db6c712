/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps of a rename or remove that file systems share. */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

static bool
is_dir(const struct vnode *vp)
{

	return vp != NULL && vp->v_type == VDIR;
}

/*
 * Tell those who watch that a rename happened.
 *
 * tvp           what was replaced, or NULL.
 * tvp_deleted   it has no name left.
 *
 * Locks:   all locked.
 */
void
genfs_rename_knote(struct vnode *fdvp, struct vnode *fvp, struct vnode *tdvp,
    struct vnode *tvp, bool tvp_deleted)
{
	long from = NOTE_WRITE, to = NOTE_WRITE;

	/* a directory's ".." is a link to where it is */
	if (is_dir(fvp) && fdvp != tdvp) {
		from |= NOTE_LINK;
		if (!is_dir(tvp))
			to |= NOTE_LINK;
	} else if (is_dir(tvp)) {
		to |= NOTE_LINK;
	}
	if (fdvp == tdvp) {
		VN_KNOTE(fdvp, from | to);
	} else {
		VN_KNOTE(fdvp, from);
		VN_KNOTE(tdvp, to);
	}
	VN_KNOTE(fvp, NOTE_RENAME);
	if (tvp != NULL)
		VN_KNOTE(tvp, tvp_deleted ? NOTE_DELETE : NOTE_LINK);
}

/* Forget names that a rename made untrue.  All locked. */
void
genfs_rename_cache_purge(struct vnode *fdvp, struct vnode *fvp,
    struct vnode *tdvp, struct vnode *tvp)
{

	cache_purge(fdvp);
	if (tdvp != fdvp)
		cache_purge(tdvp);
	if (is_dir(fvp))
		cache_purge(fvp);
	if (is_dir(tvp))
		cache_purge(tvp);
}

/*
 * Do file flags allow a rename?
 *
 * fdflags, fflags, tdflags, tflags  flags of the four; tflags counts if clobber.
 * immutable, append                 the bits that mean that.
 */
int
genfs_ufslike_rename_check_possible(unsigned long fdflags,
    unsigned long fflags, unsigned long tdflags, unsigned long tflags,
    bool clobber, unsigned long immutable, unsigned long append)
{
	unsigned long fixed = immutable | append;

	/* an entry goes from the first directory, one comes to the second */
	if (((fdflags | fflags) & fixed) != 0 || (tdflags & immutable) != 0)
		return EPERM;
	if (clobber && ((tdflags | tflags) & fixed) != 0)
		return EPERM;
	return 0;
}

/* ... a remove? */
int
genfs_ufslike_remove_check_possible(unsigned long dflags, unsigned long flags,
    unsigned long immutable, unsigned long append)
{

	return ((dflags | flags) & (immutable | append)) != 0 ? EPERM : 0;
}

/*
 * May an entry be taken out of a directory?  Write permission, and if it is
 * sticky, ownership.
 */
int
genfs_ufslike_remove_check_permitted(kauth_cred_t cred, struct vnode *dvp,
    mode_t dmode, uid_t duid, struct vnode *vp, uid_t uid)
{
	int error;

	error = VOP_ACCESS(dvp, VWRITE, cred);
	if (error == 0 && (dmode & S_ISTXT) != 0)
		error = genfs_can_sticky(vp, cred, duid, uid);
	return error;
}

/*
 * May an entry be moved?  Out of one directory, into another; and a directory
 * that changes its parent is written to as well.
 */
int
genfs_ufslike_rename_check_permitted(kauth_cred_t cred,
    struct vnode *fdvp, mode_t fdmode, uid_t fduid,
    struct vnode *fvp, uid_t fuid,
    struct vnode *tdvp, mode_t tdmode, uid_t tduid,
    struct vnode *tvp, uid_t tuid)
{
	int error;

	error = genfs_ufslike_remove_check_permitted(cred, fdvp, fdmode,
	    fduid, fvp, fuid);
	if (error == 0 && is_dir(fvp) && fdvp != tdvp)
		error = VOP_ACCESS(fvp, VWRITE, cred);
	if (error != 0)
		return error;
	if (tvp != NULL)
		return genfs_ufslike_remove_check_permitted(cred, tdvp,
		    tdmode, tduid, tvp, tuid);
	return VOP_ACCESS(tdvp, VWRITE, cred);
}
