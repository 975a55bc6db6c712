/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: rename.  genfs has the algorithm; here are its steps.
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

static bool
directory_empty(struct mount *mp, kauth_cred_t cred, struct vnode *vp,
    struct vnode *dvp)
{
	bool empty;

	mutex_enter(&rumpfs_lock);
	empty = !rumpfs_dir_has_others(VTORN(vp));
	mutex_exit(&rumpfs_lock);
	return empty;
}

static u_long
flags_of(const struct vnode *vp)
{

	return vp == NULL ? 0 : VTORN(vp)->rn_flags;
}

static uid_t
uid_of(const struct vnode *vp)
{

	return vp == NULL ? 0 : VTORN(vp)->rn_uid;
}

static bool
is_host(const struct vnode *vp)
{

	return vp != NULL && VTORN(vp)->rn_host != NULL;
}

static int
rename_possible(struct mount *mp, struct vnode *fdvp, struct vnode *fvp,
    struct vnode *tdvp, struct vnode *tvp)
{

	if (is_host(fvp) || is_host(tvp))
		return EPERM;		/* only etfs can move it */
	return genfs_ufslike_rename_check_possible(flags_of(fdvp),
	    flags_of(fvp), flags_of(tdvp), flags_of(tvp), tvp != NULL,
	    IMMUTABLE, APPEND);
}

static int
rename_permitted(struct mount *mp, kauth_cred_t cred, struct vnode *fdvp,
    struct vnode *fvp, struct vnode *tdvp, struct vnode *tvp)
{

	return genfs_ufslike_rename_check_permitted(cred,
	    fdvp, VTORN(fdvp)->rn_mode, uid_of(fdvp), fvp, uid_of(fvp),
	    tdvp, VTORN(tdvp)->rn_mode, uid_of(tdvp), tvp, uid_of(tvp));
}

static int
remove_possible(struct mount *mp, struct vnode *dvp, struct vnode *vp)
{

	return genfs_ufslike_remove_check_possible(flags_of(dvp), flags_of(vp),
	    IMMUTABLE, APPEND);
}

static int
remove_permitted(struct mount *mp, kauth_cred_t cred, struct vnode *dvp,
    struct vnode *vp)
{

	return genfs_ufslike_remove_check_permitted(cred, dvp,
	    VTORN(dvp)->rn_mode, uid_of(dvp), vp, uid_of(vp));
}

/* The name goes, or becomes a whiteout; rumpfs_lock held. */
static void
drop_name(struct rumpfs_node *dir, const struct componentname *cnp,
    struct rumpfs_dirent **whtp)
{
	struct rumpfs_dirent *rd;

	rd = rumpfs_dir_find(dir, cnp->cn_nameptr, cnp->cn_namelen);
	if (rd != NULL)
		rumpfs_dir_detach(dir, rd);
	if (*whtp != NULL && rd != NULL) {
		rumpfs_dir_attach(dir, *whtp, NULL);
		*whtp = NULL;
	}
}

/* A whiteout for a name that goes, if that is asked for. */
static struct rumpfs_dirent *
whiteout_for(const struct componentname *cnp)
{

	if ((cnp->cn_flags & DOWHITEOUT) == 0)
		return NULL;
	return rumpfs_dirent_create(cnp->cn_nameptr, cnp->cn_namelen);
}

static int
do_rename(struct mount *mp, kauth_cred_t cred,
    struct vnode *fdvp, struct componentname *fcnp, void *fde,
    struct vnode *fvp,
    struct vnode *tdvp, struct componentname *tcnp, void *tde,
    struct vnode *tvp)
{
	struct rumpfs_node *fdir = VTORN(fdvp), *tdir = VTORN(tdvp);
	struct rumpfs_node *rn = VTORN(fvp);
	struct rumpfs_dirent *wht = whiteout_for(fcnp), *none = NULL, *rd;

	rd = rumpfs_dirent_create(tcnp->cn_nameptr, tcnp->cn_namelen);
	mutex_enter(&rumpfs_lock);
	rumpfs_node_hold(rn);
	drop_name(fdir, fcnp, &wht);
	drop_name(tdir, tcnp, &none);
	rumpfs_dir_attach(tdir, rd, rn);
	rumpfs_node_rele(rn);
	mutex_exit(&rumpfs_lock);
	if (wht != NULL)
		rumpfs_dirent_free(wht);

	rumpfs_touch_changed(fdir, true);
	rumpfs_touch_changed(tdir, true);
	rumpfs_touch_changed(rn, false);
	if (tvp != NULL)
		rumpfs_touch_changed(VTORN(tvp), false);
	cache_purge1(fdvp, fcnp->cn_nameptr, fcnp->cn_namelen, 0);
	cache_purge1(tdvp, tcnp->cn_nameptr, tcnp->cn_namelen, 0);
	genfs_rename_cache_purge(fdvp, fvp, tdvp, tvp);
	genfs_rename_knote(fdvp, fvp, tdvp, tvp,
	    tvp != NULL && VTORN(tvp)->rn_links == 0);
	return 0;
}

static int
do_remove(struct mount *mp, kauth_cred_t cred, struct vnode *dvp,
    struct componentname *cnp, void *de, struct vnode *vp)
{
	struct rumpfs_dirent *wht = whiteout_for(cnp);

	mutex_enter(&rumpfs_lock);
	drop_name(VTORN(dvp), cnp, &wht);
	mutex_exit(&rumpfs_lock);
	if (wht != NULL)
		rumpfs_dirent_free(wht);
	rumpfs_touch_changed(VTORN(dvp), true);
	rumpfs_touch_changed(VTORN(vp), false);
	cache_purge1(dvp, cnp->cn_nameptr, cnp->cn_namelen, 0);
	return 0;
}

static int
do_lookup(struct mount *mp, struct vnode *dvp, struct componentname *cnp,
    void *de, struct vnode **vpp)
{
	struct rumpfs_node *rn = NULL;
	struct rumpfs_dirent *rd;
	int error;

	if (cnp->cn_namelen > RUMPFS_MAXNAMLEN)
		return ENAMETOOLONG;
	mutex_enter(&rumpfs_lock);
	rd = rumpfs_dir_find(VTORN(dvp), cnp->cn_nameptr, cnp->cn_namelen);
	if (rd != NULL && (rn = rd->rd_node) != NULL)
		rumpfs_node_hold(rn);
	mutex_exit(&rumpfs_lock);
	if (rn == NULL)
		return ENOENT;
	error = rumpfs_getvnode(rn, vpp);
	mutex_enter(&rumpfs_lock);
	rumpfs_node_rele(rn);
	mutex_exit(&rumpfs_lock);
	return error;
}

/* The child of fdvp on the way from tdvp up to the root; NULL: no ancestor. */
static int
genealogy(struct mount *mp, kauth_cred_t cred, struct vnode *fdvp,
    struct vnode *tdvp, struct vnode **vpp)
{
	struct rumpfs_node *root = MPTORT(mp)->rt_root;
	struct rumpfs_node *top = VTORN(fdvp), *rn, *up;
	int error = 0;

	*vpp = NULL;
	mutex_enter(&rumpfs_lock);
	for (rn = VTORN(tdvp); rn != root; rn = up) {
		if ((up = rn->rn_dir.parent) == NULL) {
			error = ENOENT;		/* it was removed */
			break;
		}
		if (up == top)
			break;
	}
	if (error == 0 && rn != root)
		rumpfs_node_hold(rn);
	else
		rn = NULL;
	mutex_exit(&rumpfs_lock);
	if (rn == NULL)
		return error;
	error = rumpfs_getvnode(rn, vpp);
	mutex_enter(&rumpfs_lock);
	rumpfs_node_rele(rn);
	mutex_exit(&rumpfs_lock);
	return error;
}

static int
lock_directory(struct mount *mp, struct vnode *vp)
{
	bool gone;

	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	mutex_enter(&rumpfs_lock);
	gone = vp->v_type != VDIR || VTORN(vp)->rn_dir.parent == NULL;
	mutex_exit(&rumpfs_lock);
	if (gone) {
		VOP_UNLOCK(vp);
		return ENOENT;
	}
	return 0;
}

static const struct genfs_rename_ops steps = {
	.gro_directory_empty_p = directory_empty,
	.gro_rename_check_possible = rename_possible,
	.gro_rename_check_permitted = rename_permitted,
	.gro_remove_check_possible = remove_possible,
	.gro_remove_check_permitted = remove_permitted,
	.gro_rename = do_rename,
	.gro_remove = do_remove,
	.gro_lookup = do_lookup,
	.gro_genealogy = genealogy,
	.gro_lock_directory = lock_directory,
};

static int
sane_rename(struct vnode *fdvp, struct componentname *fcnp,
    struct vnode *tdvp, struct componentname *tcnp, kauth_cred_t cred,
    bool posixly_correct)
{

	/* a directory of the host is no place for our names */
	if (is_host(tdvp) || is_host(fdvp))
		return EPERM;
	return genfs_sane_rename(&steps, fdvp, fcnp, NULL, tdvp, tcnp, NULL,
	    cred, posixly_correct);
}

int
rumpfs_rename(void *v)
{

	return genfs_insane_rename(v, sane_rename);
}
