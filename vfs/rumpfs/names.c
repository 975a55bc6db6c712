/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: making and removing names.
 *
 * The directory's vnode lock is held exclusively, so nobody but a component
 * (make.c) can have changed it since the look-up.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

#include "rumpfs.h"

/* The immutable flags forbid this change of a directory. */
static int
check_flags(const struct rumpfs_node *dir, const struct rumpfs_node *rn)
{

	if ((dir->rn_flags & (IMMUTABLE | (rn != NULL ? APPEND : 0))) != 0)
		return EPERM;
	if (rn != NULL && (rn->rn_flags & (IMMUTABLE | APPEND)) != 0)
		return EPERM;
	return 0;
}

static int
make(struct vnode *dvp, struct componentname *cnp, struct vattr *va,
    const char *target, struct vnode **vpp)
{
	int error;

	*vpp = NULL;
	if ((error = check_flags(VTORN(dvp), NULL)) == 0)
		error = rumpfs_newvnode_at(dvp, cnp, va, target, vpp);
	if (error == 0)
		VN_KNOTE(dvp, NOTE_WRITE |
		    (va->va_type == VDIR ? NOTE_LINK : 0));
	return error;
}

int
rumpfs_create(void *v)
{
	struct vop_create_v3_args *ap = v;

	return make(ap->a_dvp, ap->a_cnp, ap->a_vap, NULL, ap->a_vpp);
}

int
rumpfs_mknod(void *v)
{
	struct vop_mknod_v3_args *ap = v;

	if (ap->a_vap->va_type == VBAD || ap->a_vap->va_type == VNON) {
		*ap->a_vpp = NULL;
		return EINVAL;
	}
	return make(ap->a_dvp, ap->a_cnp, ap->a_vap, NULL, ap->a_vpp);
}

int
rumpfs_mkdir(void *v)
{
	struct vop_mkdir_v3_args *ap = v;

	return make(ap->a_dvp, ap->a_cnp, ap->a_vap, NULL, ap->a_vpp);
}

int
rumpfs_symlink(void *v)
{
	struct vop_symlink_v3_args *ap = v;

	return make(ap->a_dvp, ap->a_cnp, ap->a_vap, ap->a_target, ap->a_vpp);
}

int
rumpfs_link(void *v)
{
	struct vop_link_v2_args *ap = v;
	struct componentname *cnp = ap->a_cnp;
	struct vnode *dvp = ap->a_dvp, *vp = ap->a_vp;
	struct rumpfs_node *dir = VTORN(dvp), *rn = VTORN(vp);
	struct rumpfs_dirent *rd, *old;
	int error;

	if (dvp->v_mount != vp->v_mount)
		return EXDEV;
	if (vp->v_type == VDIR || rn->rn_host != NULL)
		return EPERM;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = check_flags(dir, NULL);
	if (error == 0 && (rn->rn_flags & (IMMUTABLE | APPEND)) != 0)
		error = EPERM;
	if (error != 0)
		goto out;
	rd = rumpfs_dirent_create(cnp->cn_nameptr, cnp->cn_namelen);
	mutex_enter(&rumpfs_lock);
	old = rumpfs_dir_find(dir, cnp->cn_nameptr, cnp->cn_namelen);
	if (old != NULL && old->rd_node != NULL)
		error = EEXIST;
	else if (rn->rn_links == 0)
		error = ENOENT;		/* removed before we had the lock */
	if (error == 0 && old != NULL)
		rumpfs_dir_detach(dir, old);
	if (error == 0)
		rumpfs_dir_attach(dir, rd, rn);
	mutex_exit(&rumpfs_lock);
	if (error != 0) {
		rumpfs_dirent_free(rd);
		goto out;
	}
	rumpfs_touch_changed(rn, false);
	rumpfs_touch_changed(dir, true);
	VN_KNOTE(vp, NOTE_LINK);
	VN_KNOTE(dvp, NOTE_WRITE);
out:
	VOP_UNLOCK(vp);
	return error;
}

/* May this name be removed?  Both locked. */
static int
check_removal(struct vnode *dvp, struct vnode *vp, struct componentname *cnp)
{
	const struct rumpfs_node *dir = VTORN(dvp), *rn = VTORN(vp);
	int error = 0;

	if (rn->rn_host != NULL)
		return EPERM;		/* only etfs can remove it */
	if ((error = check_flags(dir, rn)) != 0)
		return error;
	if ((dir->rn_mode & S_ISTXT) != 0)
		error = genfs_can_sticky(dvp, cnp->cn_cred, dir->rn_uid,
		    rn->rn_uid);
	return kauth_authorize_vnode(cnp->cn_cred, KAUTH_VNODE_DELETE, vp, dvp,
	    error);
}

/* Take the name out; a whiteout takes its place if that is asked for. */
static int
take_out(struct vnode *dvp, struct vnode *vp, struct componentname *cnp)
{
	struct rumpfs_node *dir = VTORN(dvp);
	struct rumpfs_dirent *rd, *wht = NULL;
	int error = 0;

	if ((cnp->cn_flags & DOWHITEOUT) != 0)
		wht = rumpfs_dirent_create(cnp->cn_nameptr, cnp->cn_namelen);
	mutex_enter(&rumpfs_lock);
	rd = rumpfs_dir_find(dir, cnp->cn_nameptr, cnp->cn_namelen);
	if (rd == NULL || rd->rd_node != VTORN(vp)) {
		error = ENOENT;
	} else if (vp->v_type == VDIR && rumpfs_dir_has_others(VTORN(vp))) {
		error = ENOTEMPTY;
	} else {
		rumpfs_dir_detach(dir, rd);
		if (wht != NULL) {
			rumpfs_dir_attach(dir, wht, NULL);
			wht = NULL;
		}
	}
	mutex_exit(&rumpfs_lock);
	if (wht != NULL)
		rumpfs_dirent_free(wht);
	if (error == 0) {
		cache_purge1(dvp, cnp->cn_nameptr, cnp->cn_namelen, 0);
		rumpfs_touch_changed(dir, true);
		rumpfs_touch_changed(VTORN(vp), false);
	}
	return error;
}

int
rumpfs_remove(void *v)
{
	struct vop_remove_v2_args *ap = v;
	struct vnode *dvp = ap->a_dvp, *vp = ap->a_vp;
	int error;

	if (vp->v_type == VDIR)
		error = EPERM;
	else if ((error = check_removal(dvp, vp, ap->a_cnp)) == 0)
		error = take_out(dvp, vp, ap->a_cnp);
	if (error == 0) {
		VN_KNOTE(vp, VTORN(vp)->rn_links == 0 ? NOTE_DELETE : NOTE_LINK);
		VN_KNOTE(dvp, NOTE_WRITE);
	}
	if (vp == dvp)
		vrele(vp);
	else
		vput(vp);
	return error;
}

int
rumpfs_rmdir(void *v)
{
	struct vop_rmdir_v2_args *ap = v;
	struct vnode *dvp = ap->a_dvp, *vp = ap->a_vp;
	int error;

	if (vp->v_type != VDIR)
		error = ENOTDIR;
	else if (vp == dvp)
		error = EINVAL;
	else if (ap->a_cnp->cn_namelen == 2 &&
	    memcmp(ap->a_cnp->cn_nameptr, "..", 2) == 0)
		error = ENOTEMPTY;
	else if ((error = check_removal(dvp, vp, ap->a_cnp)) == 0)
		error = take_out(dvp, vp, ap->a_cnp);
	if (error == 0) {
		/* "." and ".." are gone with it */
		cache_purge(vp);
		VN_KNOTE(vp, NOTE_DELETE);
		VN_KNOTE(dvp, NOTE_WRITE | NOTE_LINK);
	}
	if (vp == dvp)
		vrele(vp);
	else
		vput(vp);
	return error;
}

int
rumpfs_whiteout(void *v)
{
	struct vop_whiteout_args *ap = v;
	struct componentname *cnp = ap->a_cnp;
	struct rumpfs_node *dir = VTORN(ap->a_dvp);
	struct rumpfs_dirent *rd, *wht;
	int error = 0;

	if (ap->a_flags == LOOKUP)
		return 0;		/* they are supported */
	if (ap->a_flags == DELETE) {
		mutex_enter(&rumpfs_lock);
		rd = rumpfs_dir_find(dir, cnp->cn_nameptr, cnp->cn_namelen);
		if (rd != NULL && rd->rd_node == NULL)
			rumpfs_dir_detach(dir, rd);
		mutex_exit(&rumpfs_lock);
		cnp->cn_flags &= ~DOWHITEOUT;
		return 0;
	}
	wht = rumpfs_dirent_create(cnp->cn_nameptr, cnp->cn_namelen);
	mutex_enter(&rumpfs_lock);
	rd = rumpfs_dir_find(dir, cnp->cn_nameptr, cnp->cn_namelen);
	if (rd != NULL)
		error = rd->rd_node == NULL ? 0 : EEXIST;
	else
		rumpfs_dir_attach(dir, wht, NULL);
	mutex_exit(&rumpfs_lock);
	if (rd != NULL)
		rumpfs_dirent_free(wht);
	return error;
}
