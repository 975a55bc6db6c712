/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layers: operations with something to do besides going down.
 *
 * A layer can be read-only over a file system that is not.  It counts the
 * writers below as well, so that the lower mount knows of them.  A vnode whose
 * name was removed through us is not kept, for it would keep the one below.
 */

#include "layerfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kmem.h>
#include <sys/namei.h>
#include <sys/rwlock.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <uvm/uvm_extern.h>
#include <uvm/uvm_object.h>
#include <uvm/uvm_pager.h>

static bool
is_readonly(const struct vnode *vp)
{

	return (atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0;
}

/* ------------------------------------------------------------------- names */

/* May a look-up for this purpose succeed on a read-only layer? */
static bool
is_change(const struct vnode *dvp, const struct componentname *cnp,
    int error)
{

	if ((cnp->cn_flags & ISLASTCN) == 0 || !is_readonly(dvp))
		return false;
	switch (cnp->cn_nameiop) {
	case DELETE:
	case RENAME:
		return true;
	case CREATE:
		return error == EJUSTRETURN;
	default:
		return false;
	}
}

int
layer_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;
	struct vnode *dvp = ap->a_dvp, *below = LAYERVPTOLOWERVP(dvp);
	int error;

	*ap->a_vpp = NULL;
	if (is_change(dvp, ap->a_cnp, 0))
		return EROFS;
	ap->a_dvp = below;
	error = VCALL(below, ap->a_desc->vdesc_offset, ap);
	ap->a_dvp = dvp;
	if (is_change(dvp, ap->a_cnp, error))
		return EROFS;
	if (error != 0 || *ap->a_vpp == NULL)
		return error;
	if (*ap->a_vpp != below)
		return layer_wrap(dvp->v_mount, ap->a_vpp);
	/* "." */
	vrele(below);
	vref(dvp);
	*ap->a_vpp = dvp;
	return 0;
}

/*
 * Go down with an operation that takes vp's name away.
 *
 * vp  released by the operation; NULL: there is none
 */
static int
bypass_removal(void *v, struct vnode *vp)
{
	int error;

	if (vp == NULL)
		return layer_bypass(v);
	vref(vp);
	error = layer_bypass(v);
	if (error == 0)
		VTOLAYER(vp)->layer_flags |= LAYERFS_REMOVED;
	vrele(vp);
	return error;
}

int
layer_remove(void *v)
{
	const struct vop_remove_v2_args *ap = v;

	return bypass_removal(v, ap->a_vp);
}

int
layer_rmdir(void *v)
{
	const struct vop_rmdir_v2_args *ap = v;

	return bypass_removal(v, ap->a_vp);
}

int
layer_rename(void *v)
{
	const struct vop_rename_args *ap = v;

	return bypass_removal(v, ap->a_tvp);
}

/* -------------------------------------------------------------- attributes */

int
layer_access(void *v)
{
	const struct vop_access_args *ap = v;
	const enum vtype type = ap->a_vp->v_type;

	if ((ap->a_accmode & VWRITE) != 0 && is_readonly(ap->a_vp) &&
	    (type == VDIR || type == VLNK || type == VREG))
		return EROFS;
	return LAYERFS_DO_BYPASS(ap->a_vp, v);
}

int
layer_getattr(void *v)
{
	const struct vop_getattr_args *ap = v;
	int error;

	error = LAYERFS_DO_BYPASS(ap->a_vp, v);
	if (error == 0)
		ap->a_vap->va_fsid =
		    (dev_t)ap->a_vp->v_mount->mnt_stat.f_fsidx.__fsid_val[0];
	return error;
}

static bool
sets_anything_but_size(const struct vattr *va)
{

	return va->va_flags != VNOVALFLAGS || va->va_mode != (mode_t)VNOVAL ||
	    va->va_uid != (uid_t)VNOVAL || va->va_gid != (gid_t)VNOVAL ||
	    va->va_atime.tv_sec != VNOVAL || va->va_mtime.tv_sec != VNOVAL ||
	    va->va_birthtime.tv_sec != VNOVAL;
}

int
layer_setattr(void *v)
{
	const struct vop_setattr_args *ap = v;
	const struct vattr *va = ap->a_vap;
	const enum vtype type = ap->a_vp->v_type;

	if (is_readonly(ap->a_vp)) {
		if (sets_anything_but_size(va))
			return EROFS;
		if (va->va_size != VNOVALSIZE && (type == VREG || type == VLNK))
			return EROFS;
	}
	return LAYERFS_DO_BYPASS(ap->a_vp, v);
}

/* ------------------------------------------------------------ open, closed */

/* So many writers more below; the interlock is the same. */
static void
count_writers(struct vnode *vp, int n)
{

	mutex_enter(vp->v_interlock);
	LAYERVPTOLOWERVP(vp)->v_writecount += n;
	mutex_exit(vp->v_interlock);
}

int
layer_open(void *v)
{
	const struct vop_open_args *ap = v;
	int error;

	error = LAYERFS_DO_BYPASS(ap->a_vp, v);
	if (error == 0 && (ap->a_mode & FWRITE) != 0)
		count_writers(ap->a_vp, 1);
	return error;
}

int
layer_close(void *v)
{
	const struct vop_close_args *ap = v;

	if ((ap->a_fflag & FWRITE) != 0)
		count_writers(ap->a_vp, -1);
	return LAYERFS_DO_BYPASS(ap->a_vp, v);
}

/* The lower vnode is somebody's still, when we let go. */
int
layer_fsync(void *v)
{
	const struct vop_fsync_args *ap = v;

	if ((ap->a_flags & FSYNC_RECLAIM) != 0)
		return 0;
	return LAYERFS_DO_BYPASS(ap->a_vp, v);
}

int
layer_revoke(void *v)
{
	const struct vop_revoke_args *ap = v;
	struct vnode *below = LAYERVPTOLOWERVP(ap->a_vp);
	int error;

	vref(below);
	error = LAYERFS_DO_BYPASS(ap->a_vp, v);
	vrele(below);
	return error;
}

/* ------------------------------------------------------------------- pages */

/* Blocks are the lower vnode's, and so is the vnode that they are on. */
int
layer_bmap(void *v)
{
	struct vop_bmap_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int error;

	ap->a_vp = LAYERVPTOLOWERVP(vp);
	error = VCALL(ap->a_vp, ap->a_desc->vdesc_offset, ap);
	ap->a_vp = vp;
	return error;
}

int
layer_getpages(void *v)
{
	struct vop_getpages_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int error;

	KASSERT(rw_lock_held(vp->v_uobj.vmobjlock));
	if ((ap->a_flags & PGO_LOCKED) != 0)
		return EBUSY;
	ap->a_vp = LAYERVPTOLOWERVP(vp);
	error = VCALL(ap->a_vp, ap->a_desc->vdesc_offset, ap);
	ap->a_vp = vp;
	return error;
}

/* Of pages that we have none of nothing is to be reclaimed. */
int
layer_putpages(void *v)
{
	struct vop_putpages_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int error;

	KASSERT(rw_lock_held(vp->v_uobj.vmobjlock));
	if ((ap->a_flags & PGO_RECLAIM) != 0) {
		rw_exit(vp->v_uobj.vmobjlock);
		return 0;
	}
	ap->a_vp = LAYERVPTOLOWERVP(vp);
	error = VCALL(ap->a_vp, ap->a_desc->vdesc_offset, ap);
	ap->a_vp = vp;
	return error;
}

/* ------------------------------------------------------------------ the end */

/* The lower vnode is inactive when we let it go. */
int
layer_inactive(void *v)
{
	const struct vop_inactive_v2_args *ap = v;

	*ap->a_recycle =
	    (VTOLAYER(ap->a_vp)->layer_flags & LAYERFS_REMOVED) != 0;
	return 0;
}

int
layer_reclaim(void *v)
{
	const struct vop_reclaim_v2_args *ap = v;
	struct vnode *vp = ap->a_vp, *below = LAYERVPTOLOWERVP(vp);
	struct layer_mount *lm = MOUNTTOLAYERMOUNT(vp->v_mount);
	struct layer_node *node = VTOLAYER(vp);

	/* who has it open for writing will close a dead vnode */
	count_writers(vp, -vp->v_writecount);
	if (vp == lm->layerm_rootvp)
		lm->layerm_rootvp = NULL;
	VOP_UNLOCK(vp);
	vp->v_data = NULL;
	kmem_free(node, lm->layerm_size);
	vrele(below);
	return 0;
}

int
layer_print(void *v)
{
	const struct vop_print_args *ap = v;

	printf("layer vnode %p over %p\n", ap->a_vp,
	    LAYERVPTOLOWERVP(ap->a_vp));
	return 0;
}
