/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Looking up a name in a directory.
 *
 * Nothing can be made or removed, so of the four kinds of lookups three end
 * here with EROFS when they come to the last component and it would matter.
 */

#include "cd9660.h"

#include <sys/errno.h>
#include <sys/namei.h>
#include <sys/systm.h>

#include "dir.h"

/* What a lookup that found nothing is told. */
static int
not_found(struct vnode *dvp, const struct componentname *cnp)
{

	if ((cnp->cn_flags & ISLASTCN) != 0 &&
	    (cnp->cn_nameiop == CREATE || cnp->cn_nameiop == RENAME))
		return EROFS;
	cache_enter(dvp, NULL, cnp->cn_nameptr, cnp->cn_namelen,
	    cnp->cn_flags);
	return ENOENT;
}

/* Find the position of what the name stands for. */
static int
search(struct vnode *dvp, const struct componentname *cnp, uint64_t *positionp)
{
	struct cd9660_node *directory = vnode_to_cd9660(dvp);
	int error;

	if ((cnp->cn_flags & ISDOTDOT) != 0)
		return cd9660_dir_parent(directory, positionp);
	error = cd9660_dir_find(directory, cnp->cn_nameptr, cnp->cn_namelen,
	    positionp);
	if (error != 0)
		return error;
	/* The disc has a ring: a name that leads up. */
	if (*positionp == directory->cn_position ||
	    *positionp == directory->cn_mount->cm_root) {
		cd9660_complain(directory->cn_mount, CD9660_BAD_DIRECTORY,
		    "directory at byte %#jx contains itself or the root",
		    (uintmax_t)directory->cn_position);
		return EIO;
	}
	return 0;
}

/* What can be said without looking into the directory. */
static int
check_request(struct vnode *dvp, const struct componentname *cnp)
{
	const bool last = (cnp->cn_flags & ISLASTCN) != 0;

	if (dvp->v_type != VDIR)
		return ENOTDIR;
	if (last && cnp->cn_nameiop != LOOKUP && cnp->cn_nameiop != CREATE)
		return EROFS;
	if (cnp->cn_namelen > KERNEL_NAME_MAX)
		return ENAMETOOLONG;
	return VOP_ACCESS(dvp, VEXEC, cnp->cn_cred);
}

/* Search the disc, and remember the outcome. */
static int
find_vnode(struct vnode *dvp, const struct componentname *cnp,
    struct vnode **vpp)
{
	uint64_t position;
	int error;

	error = search(dvp, cnp, &position);
	if (error == ENOENT)
		return not_found(dvp, cnp);
	if (error == 0) {
		error = vcache_get(dvp->v_mount, &position, sizeof(position),
		    vpp);
		/* The name is there; what it stands for is not. */
		if (error == ENOENT)
			error = EIO;
	}
	if (error != 0)
		return error;
	if ((*vpp)->v_type == VDIR && (cnp->cn_flags & ISDOTDOT) == 0)
		cd9660_dir_set_parent(vnode_to_cd9660(*vpp),
		    vnode_to_cd9660(dvp));
	cache_enter(dvp, *vpp, cnp->cn_nameptr, cnp->cn_namelen,
	    cnp->cn_flags);
	return 0;
}

int
cd9660_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;
	const struct componentname *cnp = ap->a_cnp;
	struct vnode *vp = NULL;
	int error;

	error = check_request(ap->a_dvp, cnp);
	if (error == 0) {
		if (cnp->cn_namelen == 1 && *cnp->cn_nameptr == '.')
			vref(vp = ap->a_dvp);
		else if (!cache_lookup(ap->a_dvp, cnp->cn_nameptr,
		    cnp->cn_namelen, cnp->cn_nameiop, cnp->cn_flags, NULL, &vp))
			error = find_vnode(ap->a_dvp, cnp, &vp);
		else if (vp == NULL)
			error = ENOENT;
	}
	*ap->a_vpp = error == 0 ? vp : NULL;
	return error;
}
