/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Looking up a name in a directory.
 *
 * What a lookup found is not kept for the operation that follows: finding the
 * entry again costs less than keeping it right.
 */

#include "tmpfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/namei.h>
#include <sys/systm.h>

/* Nothing has this name: does the caller want to make it? */
static int
not_found(struct vnode *dvp, struct componentname *cnp, bool whiteout)
{

	if (whiteout)
		cnp->cn_flags |= ISWHITEOUT;
	if ((cnp->cn_flags & ISLASTCN) != 0 &&
	    (cnp->cn_nameiop == CREATE || cnp->cn_nameiop == RENAME ||
	    (cnp->cn_nameiop == DELETE && whiteout &&
	    (cnp->cn_flags & DOWHITEOUT) != 0))) {
		int error;

		if (vnode_to_tmpfs(dvp)->tn_nlink == 0)
			return ENOENT;
		error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred);
		return error != 0 ? error : EJUSTRETURN;
	}
	if (cnp->cn_nameiop != CREATE && !whiteout)
		cache_enter(dvp, NULL, cnp->cn_nameptr, cnp->cn_namelen,
		    cnp->cn_flags);
	return ENOENT;
}

/* The number of what the name stands for; 0: nothing. */
static uint64_t
search(struct vnode *dvp, const struct componentname *cnp, bool *whiteoutp)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(dvp->v_mount);
	struct tmpfs_node *dir = vnode_to_tmpfs(dvp);
	const struct tmpfs_dirent *de;

	*whiteoutp = false;
	if ((cnp->cn_flags & ISDOTDOT) != 0)
		return tmpfs_dir_parent(tm, dir);
	de = tmpfs_dir_find(tm, dir, cnp->cn_nameptr, cnp->cn_namelen);
	if (de == NULL)
		return 0;
	*whiteoutp = de->td_node == NULL;
	return de->td_node != NULL ? de->td_node->tn_id : 0;
}

/* Find the vnode, and remember it unless the name is about to go. */
static int
find_vnode(struct vnode *dvp, struct componentname *cnp, struct vnode **vpp)
{
	const bool going = (cnp->cn_flags & ISLASTCN) != 0 &&
	    (cnp->cn_nameiop == DELETE || cnp->cn_nameiop == RENAME);
	bool whiteout;
	uint64_t id;
	int error;

	/* Nothing can be moved to "..": POSIX rename, EINVAL. */
	if ((cnp->cn_flags & (ISDOTDOT | ISLASTCN)) == (ISDOTDOT | ISLASTCN) &&
	    cnp->cn_nameiop == RENAME)
		return EINVAL;
	id = search(dvp, cnp, &whiteout);
	if (id == 0)
		return not_found(dvp, cnp, whiteout);
	if (going) {
		error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred);
		if (error != 0)
			return error;
	}
	error = vcache_get(dvp->v_mount, &id, sizeof(id), vpp);
	if (error == 0 && !going)
		cache_enter(dvp, *vpp, cnp->cn_nameptr, cnp->cn_namelen,
		    cnp->cn_flags);
	return error;
}

/* "." is the directory; nothing may be moved there. */
static int
find_dot(struct vnode *dvp, const struct componentname *cnp,
    struct vnode **vpp)
{

	if ((cnp->cn_flags & ISLASTCN) != 0 && cnp->cn_nameiop == RENAME)
		return EISDIR;
	vref(dvp);
	*vpp = dvp;
	return 0;
}

int
tmpfs_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;
	struct vnode *dvp = ap->a_dvp, *vp = NULL;
	struct componentname *cnp = ap->a_cnp;
	int error, whiteout = 0;

	*ap->a_vpp = NULL;
	error = VOP_ACCESS(dvp, VEXEC, cnp->cn_cred);
	if (error != 0)
		return error;
	if (cnp->cn_namelen > KERNEL_NAME_MAX)
		return ENAMETOOLONG;
	if ((cnp->cn_flags & ISLASTCN) != 0 && cnp->cn_nameiop != LOOKUP &&
	    (atomic_load_relaxed(&dvp->v_mount->mnt_flag) & MNT_RDONLY) != 0 &&
	    cnp->cn_nameiop != CREATE)
		return EROFS;

	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		error = find_dot(dvp, cnp, &vp);
	} else if (!cache_lookup(dvp, cnp->cn_nameptr, cnp->cn_namelen,
	    cnp->cn_nameiop, cnp->cn_flags, &whiteout, &vp)) {
		error = find_vnode(dvp, cnp, &vp);
	} else if (vp == NULL) {
		error = ENOENT;
	}
	KASSERT((error == 0) == (vp != NULL));
	*ap->a_vpp = vp;
	return error;
}
