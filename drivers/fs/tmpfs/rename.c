/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Rename.
 *
 * genfs has the algorithm: what may be moved where, in which order to lock.
 * Here are the steps that know directories.  The lookup of a name leaves its
 * entry (struct tmpfs_dirent *) in a place of the algorithm's; it stays right
 * because the directory stays locked.
 *
 * Directories' parents change only here and in mkdir and rmdir.  The rename lock
 * keeps other renames away; rmdir may take a directory away from under the walk
 * to the root, so that goes under tm_lock, where no node can be freed.
 */

#include "tmpfs.h"

#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/namei.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>

static bool
directory_empty_p(struct mount *mp, kauth_cred_t cred, struct vnode *vp,
    struct vnode *dvp)
{

	return tmpfs_dir_empty(vnode_to_tmpfs(vp));
}

static int
rename_check_possible(struct mount *mp, struct vnode *fdvp, struct vnode *fvp,
    struct vnode *tdvp, struct vnode *tvp)
{

	return genfs_ufslike_rename_check_possible(
	    vnode_to_tmpfs(fdvp)->tn_flags, vnode_to_tmpfs(fvp)->tn_flags,
	    vnode_to_tmpfs(tdvp)->tn_flags,
	    tvp != NULL ? vnode_to_tmpfs(tvp)->tn_flags : 0, tvp != NULL,
	    TMPFS_IMMUTABLE, TMPFS_APPEND);
}

static int
rename_check_permitted(struct mount *mp, kauth_cred_t cred,
    struct vnode *fdvp, struct vnode *fvp, struct vnode *tdvp,
    struct vnode *tvp)
{
	const struct tmpfs_node *fdir = vnode_to_tmpfs(fdvp);
	const struct tmpfs_node *tdir = vnode_to_tmpfs(tdvp);

	return genfs_ufslike_rename_check_permitted(cred,
	    fdvp, fdir->tn_mode, fdir->tn_uid,
	    fvp, vnode_to_tmpfs(fvp)->tn_uid,
	    tdvp, tdir->tn_mode, tdir->tn_uid,
	    tvp, tvp != NULL ? vnode_to_tmpfs(tvp)->tn_uid : 0);
}

static int
remove_check_possible(struct mount *mp, struct vnode *dvp, struct vnode *vp)
{

	return genfs_ufslike_remove_check_possible(
	    vnode_to_tmpfs(dvp)->tn_flags, vnode_to_tmpfs(vp)->tn_flags,
	    TMPFS_IMMUTABLE, TMPFS_APPEND);
}

static int
remove_check_permitted(struct mount *mp, kauth_cred_t cred, struct vnode *dvp,
    struct vnode *vp)
{
	const struct tmpfs_node *dir = vnode_to_tmpfs(dvp);

	return genfs_ufslike_remove_check_permitted(cred, dvp, dir->tn_mode,
	    dir->tn_uid, vp, vnode_to_tmpfs(vp)->tn_uid);
}

/* ----------------------------------------------------------------- changing */

/* The source's entry goes; or stays as a whiteout. */
static void
drop_source(struct tmpfs_mount *tm, struct tmpfs_node *dir,
    struct tmpfs_dirent *de, const struct componentname *cnp)
{

	if ((cnp->cn_flags & DOWHITEOUT) != 0) {
		tmpfs_dir_replace(dir, de, NULL);
		return;
	}
	tmpfs_dir_remove(tm, dir, de);
	tmpfs_dirent_destroy(tm, de);
}

/* What was under the target name has lost it. */
static void
drop_target(struct tmpfs_mount *tm, struct tmpfs_node *dir, struct vnode *vp)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);

	if (node->tn_type == VDIR) {
		tmpfs_dir_clear(tm, node);	/* whiteouts */
		tmpfs_dir_set_parent(tm, node, NULL);
		node->tn_nlink = 0;
		dir->tn_nlink--;
	} else {
		KASSERT(node->tn_nlink > 0);
		node->tn_nlink--;
	}
	tmpfs_touch(vp, TMPFS_CHANGED);
}

/*
 * The entry for the target name: the one that is there (a file's or a
 * whiteout), or a new one, that is not in the directory yet.
 */
static int
target_entry(struct tmpfs_mount *tm, struct tmpfs_node *dir,
    const struct componentname *cnp, struct tmpfs_dirent **dep, bool *newp)
{

	*dep = tmpfs_dir_find(tm, dir, cnp->cn_nameptr, cnp->cn_namelen);
	*newp = *dep == NULL;
	if (*newp)
		*dep = tmpfs_dirent_create(tm, cnp->cn_nameptr,
		    cnp->cn_namelen);
	return *dep == NULL ? ENOSPC : 0;
}

static void
forget_names(struct vnode *fdvp, const struct componentname *fcnp,
    struct vnode *fvp, struct vnode *tdvp, const struct componentname *tcnp,
    struct vnode *tvp)
{

	cache_purge1(fdvp, fcnp->cn_nameptr, fcnp->cn_namelen, 0);
	cache_purge1(tdvp, tcnp->cn_nameptr, tcnp->cn_namelen, 0);
	if (fvp->v_type == VDIR)
		cache_purge(fvp);
	if (tvp != NULL && tvp->v_type == VDIR)
		cache_purge(tvp);
}

static int
do_rename(struct mount *mp, kauth_cred_t cred,
    struct vnode *fdvp, struct componentname *fcnp, void *fde,
    struct vnode *fvp,
    struct vnode *tdvp, struct componentname *tcnp, void *tde,
    struct vnode *tvp)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(mp);
	struct tmpfs_node *fdir = vnode_to_tmpfs(fdvp);
	struct tmpfs_node *tdir = vnode_to_tmpfs(tdvp);
	struct tmpfs_node *node = vnode_to_tmpfs(fvp);
	struct tmpfs_dirent *source = *(struct tmpfs_dirent **)fde, *target;
	bool new;
	int error;

	if (node->tn_type == VDIR && fdir != tdir && tvp == NULL &&
	    tdir->tn_nlink >= LINK_MAX)
		return EMLINK;
	error = target_entry(tm, tdir, tcnp, &target, &new);
	if (error != 0)
		return error;

	if (tvp != NULL)
		drop_target(tm, tdir, tvp);
	if (new)
		tmpfs_dir_insert(tm, tdir, target, node);
	else
		tmpfs_dir_replace(tdir, target, node);
	drop_source(tm, fdir, source, fcnp);
	if (node->tn_type == VDIR && fdir != tdir) {
		fdir->tn_nlink--;
		tdir->tn_nlink++;
		tmpfs_dir_set_parent(tm, node, tdir);
	}
	tmpfs_touch(fdvp, TMPFS_MODIFIED);
	if (tdvp != fdvp)
		tmpfs_touch(tdvp, TMPFS_MODIFIED);
	tmpfs_touch(fvp, TMPFS_CHANGED);
	forget_names(fdvp, fcnp, fvp, tdvp, tcnp, tvp);
	genfs_rename_knote(fdvp, fvp, tdvp, tvp,
	    tvp != NULL && vnode_to_tmpfs(tvp)->tn_nlink == 0);
	return 0;
}

/* Both names are the same object: only the source name goes. */
static int
do_remove(struct mount *mp, kauth_cred_t cred, struct vnode *dvp,
    struct componentname *cnp, void *de, struct vnode *vp)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);

	drop_source(mount_to_tmpfs(mp), vnode_to_tmpfs(dvp),
	    *(struct tmpfs_dirent **)de, cnp);
	KASSERT(node->tn_nlink > 1);
	node->tn_nlink--;
	cache_purge1(dvp, cnp->cn_nameptr, cnp->cn_namelen, 0);
	tmpfs_touch(dvp, TMPFS_MODIFIED);
	tmpfs_touch(vp, TMPFS_CHANGED);
	VN_KNOTE(dvp, NOTE_WRITE);
	VN_KNOTE(vp, NOTE_LINK);
	return 0;
}

/* ------------------------------------------------------- finding and locking */

static int
do_lookup(struct mount *mp, struct vnode *dvp, struct componentname *cnp,
    void *de_ret, struct vnode **vpp)
{
	struct tmpfs_dirent *de;

	de = tmpfs_dir_find(mount_to_tmpfs(mp), vnode_to_tmpfs(dvp),
	    cnp->cn_nameptr, cnp->cn_namelen);
	if (de == NULL || de->td_node == NULL)
		return ENOENT;
	*(struct tmpfs_dirent **)de_ret = de;
	return vcache_get(mp, &de->td_node->tn_id, sizeof(de->td_node->tn_id),
	    vpp);
}

/*
 * Is fdvp on the way from tdvp to the root?  Then which of its children is the
 * next one on that way?
 */
static int
genealogy(struct mount *mp, kauth_cred_t cred, struct vnode *fdvp,
    struct vnode *tdvp, struct vnode **intermediate)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(mp);
	const struct tmpfs_node *fdir = vnode_to_tmpfs(fdvp);
	const struct tmpfs_node *node = vnode_to_tmpfs(tdvp), *parent;
	uint64_t id = 0;
	int error = 0;

	*intermediate = NULL;
	mutex_enter(&tm->tm_lock);
	for (;; node = parent) {
		parent = node->tn_dir.di_parent;
		if (parent == NULL)
			error = ENOENT;
		if (parent == NULL || parent == node)
			break;
		if (parent == fdir) {
			id = node->tn_id;
			break;
		}
	}
	mutex_exit(&tm->tm_lock);
	if (error != 0 || id == 0)
		return error;
	return vcache_get(mp, &id, sizeof(id), intermediate);
}

static int
lock_directory(struct mount *mp, struct vnode *vp)
{

	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	/* A vnode that died here has no node any more. */
	if (vp->v_mount == mp && vnode_to_tmpfs(vp)->tn_nlink != 0)
		return 0;
	VOP_UNLOCK(vp);
	return ENOENT;
}

static const struct genfs_rename_ops rename_ops = {
	.gro_lookup = do_lookup,
	.gro_genealogy = genealogy,
	.gro_lock_directory = lock_directory,
	.gro_directory_empty_p = directory_empty_p,
	.gro_rename_check_possible = rename_check_possible,
	.gro_rename_check_permitted = rename_check_permitted,
	.gro_rename = do_rename,
	.gro_remove_check_possible = remove_check_possible,
	.gro_remove_check_permitted = remove_check_permitted,
	.gro_remove = do_remove
};

static int
sane_rename(struct vnode *fdvp, struct componentname *fcnp,
    struct vnode *tdvp, struct componentname *tcnp, kauth_cred_t cred,
    bool posixly_correct)
{
	struct tmpfs_dirent *fde, *tde;

	return genfs_sane_rename(&rename_ops, fdvp, fcnp, &fde, tdvp, tcnp,
	    &tde, cred, posixly_correct);
}

int
tmpfs_rename(void *v)
{

	return genfs_insane_rename(v, sane_rename);
}
