/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Making and removing names: files, directories, links, whiteouts.
 *
 * The entry is allocated before the node, so that a node that was made always
 * gets its name; nothing has to be undone after that.
 */

#include "tmpfs.h"

#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>

/* A whiteout of this name in the directory; NULL: none. */
static struct tmpfs_dirent *
find_whiteout(struct vnode *dvp, const struct componentname *cnp)
{
	struct tmpfs_dirent *de;

	if ((cnp->cn_flags & ISWHITEOUT) == 0)
		return NULL;
	de = tmpfs_dir_find(mount_to_tmpfs(dvp->v_mount), vnode_to_tmpfs(dvp),
	    cnp->cn_nameptr, cnp->cn_namelen);
	return de != NULL && de->td_node == NULL ? de : NULL;
}

/*
 * The entry that a new name is going to have: a whiteout in its place, or one
 * that is in no directory yet.
 */
static int
prepare_entry(struct vnode *dvp, const struct componentname *cnp,
    struct tmpfs_dirent **dep, bool *was_whiteout)
{

	*dep = find_whiteout(dvp, cnp);
	*was_whiteout = *dep != NULL;
	if (*dep == NULL)
		*dep = tmpfs_dirent_create(mount_to_tmpfs(dvp->v_mount),
		    cnp->cn_nameptr, cnp->cn_namelen);
	return *dep == NULL ? ENOSPC : 0;
}

static void
cancel_entry(struct vnode *dvp, struct tmpfs_dirent *de, bool was_whiteout)
{

	if (!was_whiteout)
		tmpfs_dirent_destroy(mount_to_tmpfs(dvp->v_mount), de);
}

static void
commit_entry(struct vnode *dvp, struct tmpfs_dirent *de, bool was_whiteout,
    struct tmpfs_node *node)
{
	struct tmpfs_node *dir = vnode_to_tmpfs(dvp);

	if (was_whiteout)
		tmpfs_dir_replace(dir, de, node);
	else
		tmpfs_dir_insert(mount_to_tmpfs(dvp->v_mount), dir, de, node);
	tmpfs_touch(dvp, TMPFS_MODIFIED);
}

/* ------------------------------------------------------------------ making */

/* target: of a symbolic link, else NULL. */
static int
make(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp,
    struct vattr *va, char *target)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(dvp->v_mount);
	struct tmpfs_node *dir = vnode_to_tmpfs(dvp), *node;
	struct tmpfs_dirent *de;
	bool was_whiteout;
	int error;

	*vpp = NULL;
	if (va->va_type == VDIR && dir->tn_nlink >= LINK_MAX)
		return EMLINK;
	error = prepare_entry(dvp, cnp, &de, &was_whiteout);
	if (error != 0)
		return error;
	error = vcache_new(dvp->v_mount, dvp, va, cnp->cn_cred, target, vpp);
	if (error != 0) {
		cancel_entry(dvp, de, was_whiteout);
		return error;
	}
	node = vnode_to_tmpfs(*vpp);
	if (node->tn_type == VDIR) {
		tmpfs_dir_set_parent(tm, node, dir);
		dir->tn_nlink++;
		/* A directory that comes for one below hides that one. */
		if (was_whiteout)
			node->tn_flags |= UF_OPAQUE;
	}
	commit_entry(dvp, de, was_whiteout, node);
	VN_KNOTE(dvp, node->tn_type == VDIR ? NOTE_WRITE | NOTE_LINK :
	    NOTE_WRITE);
	return 0;
}

int
tmpfs_create(void *v)
{
	struct vop_create_v3_args *ap = v;

	KASSERT(ap->a_vap->va_type == VREG || ap->a_vap->va_type == VSOCK);
	return make(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL);
}

int
tmpfs_mknod(void *v)
{
	struct vop_mknod_v3_args *ap = v;

	switch (ap->a_vap->va_type) {
	case VBLK:
	case VCHR:
	case VFIFO:
	case VREG:
	case VSOCK:
		return make(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL);
	default:
		*ap->a_vpp = NULL;
		return EINVAL;
	}
}

int
tmpfs_mkdir(void *v)
{
	struct vop_mkdir_v3_args *ap = v;

	KASSERT(ap->a_vap->va_type == VDIR);
	return make(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL);
}

int
tmpfs_symlink(void *v)
{
	struct vop_symlink_v3_args *ap = v;

	KASSERT(ap->a_vap->va_type == VLNK);
	return make(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, ap->a_target);
}

/* The object is locked here, so what was true before may have changed. */
static int
link_locked(struct vnode *dvp, struct vnode *vp,
    const struct componentname *cnp)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);
	struct tmpfs_dirent *de;
	bool was_whiteout;
	int error;

	if (node->tn_nlink == 0)
		return ENOENT;
	if (node->tn_nlink >= LINK_MAX)
		return EMLINK;
	if ((node->tn_flags & (TMPFS_IMMUTABLE | TMPFS_APPEND)) != 0)
		return EPERM;
	error = prepare_entry(dvp, cnp, &de, &was_whiteout);
	if (error != 0)
		return error;
	node->tn_nlink++;
	commit_entry(dvp, de, was_whiteout, node);
	tmpfs_touch(vp, TMPFS_CHANGED);
	return 0;
}

int
tmpfs_link(void *v)
{
	struct vop_link_v2_args *ap = v;
	struct vnode *dvp = ap->a_dvp, *vp = ap->a_vp;
	int error;

	if (vp->v_mount != dvp->v_mount)
		return EXDEV;
	if (vp->v_type == VDIR)
		return EPERM;
	error = vn_lock(vp, LK_EXCLUSIVE);
	if (error != 0)
		return error;
	error = link_locked(dvp, vp, ap->a_cnp);
	VOP_UNLOCK(vp);
	if (error == 0) {
		VN_KNOTE(vp, NOTE_LINK);
		VN_KNOTE(dvp, NOTE_WRITE);
	}
	return error;
}

/* ---------------------------------------------------------------- removing */

/* Do flags, the directory's mode and its sticky bit permit it? */
static int
check_removal(struct vnode *dvp, struct vnode *vp, kauth_cred_t cred)
{
	const struct tmpfs_node *dir = vnode_to_tmpfs(dvp);
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);
	int error;

	error = genfs_ufslike_remove_check_possible(dir->tn_flags,
	    node->tn_flags, TMPFS_IMMUTABLE, TMPFS_APPEND);
	if (error != 0)
		return error;
	return genfs_ufslike_remove_check_permitted(cred, dvp, dir->tn_mode,
	    dir->tn_uid, vp, node->tn_uid);
}

/*
 * Take the entry of a name away, or let it be a whiteout.  ENOENT: it no
 * longer stands for this node.
 */
static int
remove_entry(struct vnode *dvp, struct vnode *vp,
    const struct componentname *cnp)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(dvp->v_mount);
	struct tmpfs_node *dir = vnode_to_tmpfs(dvp);
	struct tmpfs_dirent *de;

	de = tmpfs_dir_find(tm, dir, cnp->cn_nameptr, cnp->cn_namelen);
	if (de == NULL || de->td_node != vnode_to_tmpfs(vp))
		return ENOENT;
	if ((cnp->cn_flags & DOWHITEOUT) != 0) {
		tmpfs_dir_replace(dir, de, NULL);
	} else {
		tmpfs_dir_remove(tm, dir, de);
		tmpfs_dirent_destroy(tm, de);
	}
	cache_purge1(dvp, cnp->cn_nameptr, cnp->cn_namelen, 0);
	tmpfs_touch(dvp, TMPFS_MODIFIED);
	return 0;
}

/* Drop the reference to what was (not) removed, and its lock. */
static void
release_removed(struct vnode *dvp, struct vnode *vp)
{

	if (vp == dvp)
		vrele(vp);
	else
		vput(vp);
}

static int
remove_file(struct vnode *dvp, struct vnode *vp,
    const struct componentname *cnp)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);
	int error;

	if (vp->v_type == VDIR)
		return EPERM;
	error = check_removal(dvp, vp, cnp->cn_cred);
	if (error == 0)
		error = remove_entry(dvp, vp, cnp);
	if (error != 0)
		return error;
	KASSERT(node->tn_nlink > 0);
	node->tn_nlink--;
	tmpfs_touch(vp, TMPFS_CHANGED);
	VN_KNOTE(vp, node->tn_nlink == 0 ? NOTE_DELETE : NOTE_LINK);
	VN_KNOTE(dvp, NOTE_WRITE);
	return 0;
}

int
tmpfs_remove(void *v)
{
	struct vop_remove_v2_args *ap = v;
	int error;

	error = remove_file(ap->a_dvp, ap->a_vp, ap->a_cnp);
	release_removed(ap->a_dvp, ap->a_vp);
	return error;
}

static int
remove_directory(struct vnode *dvp, struct vnode *vp,
    const struct componentname *cnp)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(dvp->v_mount);
	struct tmpfs_node *dir = vnode_to_tmpfs(dvp);
	struct tmpfs_node *node = vnode_to_tmpfs(vp);
	int error;

	if (vp == dvp || (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.'))
		return EINVAL;
	if (vp->v_type != VDIR)
		return ENOTDIR;
	if (vp->v_mountedhere != NULL)
		return EBUSY;
	if (!tmpfs_dir_empty(node))
		return ENOTEMPTY;
	error = check_removal(dvp, vp, cnp->cn_cred);
	if (error == 0)
		error = remove_entry(dvp, vp, cnp);
	if (error != 0)
		return error;
	tmpfs_dir_clear(tm, node);		/* whiteouts */
	tmpfs_dir_set_parent(tm, node, NULL);
	node->tn_nlink = 0;
	dir->tn_nlink--;
	tmpfs_touch(vp, TMPFS_CHANGED);
	cache_purge(vp);
	VN_KNOTE(vp, NOTE_DELETE);
	VN_KNOTE(dvp, NOTE_WRITE | NOTE_LINK);
	return 0;
}

int
tmpfs_rmdir(void *v)
{
	struct vop_rmdir_v2_args *ap = v;
	int error;

	error = remove_directory(ap->a_dvp, ap->a_vp, ap->a_cnp);
	release_removed(ap->a_dvp, ap->a_vp);
	return error;
}

/* --------------------------------------------------------------- whiteouts */

static int
create_whiteout(struct vnode *dvp, const struct componentname *cnp)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(dvp->v_mount);
	struct tmpfs_dirent *de;

	if (tmpfs_dir_find(tm, vnode_to_tmpfs(dvp), cnp->cn_nameptr,
	    cnp->cn_namelen) != NULL)
		return EEXIST;
	de = tmpfs_dirent_create(tm, cnp->cn_nameptr, cnp->cn_namelen);
	if (de == NULL)
		return ENOSPC;
	commit_entry(dvp, de, false, NULL);
	cache_purge1(dvp, cnp->cn_nameptr, cnp->cn_namelen, 0);
	return 0;
}

static int
delete_whiteout(struct vnode *dvp, const struct componentname *cnp)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(dvp->v_mount);
	struct tmpfs_dirent *de;

	de = tmpfs_dir_find(tm, vnode_to_tmpfs(dvp), cnp->cn_nameptr,
	    cnp->cn_namelen);
	if (de == NULL || de->td_node != NULL)
		return EEXIST;
	tmpfs_dir_remove(tm, vnode_to_tmpfs(dvp), de);
	tmpfs_dirent_destroy(tm, de);
	tmpfs_touch(dvp, TMPFS_MODIFIED);
	return 0;
}

int
tmpfs_whiteout(void *v)
{
	struct vop_whiteout_args *ap = v;

	switch (ap->a_flags) {
	case LOOKUP:
		return 0;
	case CREATE:
		return create_whiteout(ap->a_dvp, ap->a_cnp);
	case DELETE:
		return delete_whiteout(ap->a_dvp, ap->a_cnp);
	default:
		return EINVAL;
	}
}
