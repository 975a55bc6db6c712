/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Looking up a name in a directory.
 *
 * The name cache has names as they were asked for, so one file may be in it
 * under several spellings.  What goes is therefore purged by vnode, and that a
 * name does not exist is not remembered: it would have to be forgotten in all
 * spellings when the name is made.  The index answers that as fast.
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/namei.h>
#include <sys/systm.h>

/* Nothing has this name: does the caller want to make it? */
static int
not_found(struct vnode *dvp, const struct componentname *cnp)
{
	int error;

	if ((cnp->cn_flags & ISLASTCN) == 0 ||
	    (cnp->cn_nameiop != CREATE && cnp->cn_nameiop != RENAME))
		return ENOENT;
	if ((atomic_load_relaxed(&dvp->v_mount->mnt_flag) & MNT_RDONLY) != 0)
		return EROFS;
	if (vnode_to_msdosfs(dvp)->n_unlinked)
		return ENOENT;
	error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred);
	return error != 0 ? error : EJUSTRETURN;
}

int
msdosfs_lookup_name(struct msdosfs_node *dir, const char *text, size_t len,
    struct msdosfs_entry *entry)
{
	struct msdosfs_name name;
	int error;

	error = msdosfs_name_parse(text, len, &name);
	/* What is no UTF-8 is the name of nothing. */
	if (error != 0)
		return error == EINVAL ? ENOENT : error;
	msdosfs_enter(dir->n_mount);
	error = dir->n_unlinked ? ENOENT :
	    msdosfs_dir_find(dir, &name, entry);
	msdosfs_leave(dir->n_mount);
	return error;
}

int
msdosfs_entry_vnode(struct vnode *dvp, const struct msdosfs_entry *entry,
    struct vnode **vpp)
{
	struct msdosfs_node *dir = vnode_to_msdosfs(dvp);
	struct msdosfs_mount *mm = dir->n_mount;
	uint64_t key;
	int error;

	error = msdosfs_entry_key(mm, entry, &key);
	if (error != 0)
		return error;
	if (key == dir->n_key || (mm->mm_root_cluster != 0 &&
	    key == msdosfs_dir_key(mm, mm->mm_root_cluster))) {
		msdosfs_complain(mm, MSDOSFS_BAD_DIRECTORY,
		    "a directory contains itself or the root");
		return EIO;
	}
	error = vcache_get(dvp->v_mount, &key, sizeof(key), vpp);
	if (error != 0)
		return error == ENOENT ? EIO : error;
	if ((*vpp)->v_type == VDIR) {
		msdosfs_enter(mm);
		msdosfs_node_found(vnode_to_msdosfs(*vpp), dir, entry);
		msdosfs_leave(mm);
	}
	return 0;
}

static int
find_parent(struct vnode *dvp, struct vnode **vpp)
{
	struct msdosfs_node *dir = vnode_to_msdosfs(dvp);
	uint64_t key;
	int error;

	if (dir->n_unlinked)
		return ENOENT;
	msdosfs_enter(dir->n_mount);
	error = msdosfs_dir_parent(dir, &key);
	msdosfs_leave(dir->n_mount);
	if (error == 0)
		error = vcache_get(dvp->v_mount, &key, sizeof(key), vpp);
	return error;
}

/* Search the directory. */
static int
find_vnode(struct vnode *dvp, const struct componentname *cnp,
    struct vnode **vpp)
{
	struct msdosfs_entry *entry;
	int error;

	if ((cnp->cn_flags & ISDOTDOT) != 0)
		return find_parent(dvp, vpp);
	entry = kmem_alloc(sizeof(*entry), KM_SLEEP);
	error = msdosfs_lookup_name(vnode_to_msdosfs(dvp), cnp->cn_nameptr,
	    cnp->cn_namelen, entry);
	if (error == 0)
		error = msdosfs_entry_vnode(dvp, entry, vpp);
	else if (error == ENOENT)
		error = not_found(dvp, cnp);
	kmem_free(entry, sizeof(*entry));
	return error;
}

/* What can be said without looking into the directory. */
static int
check_request(struct vnode *dvp, const struct componentname *cnp)
{
	const bool last = (cnp->cn_flags & ISLASTCN) != 0;
	int error;

	if (dvp->v_type != VDIR)
		return ENOTDIR;
	error = VOP_ACCESS(dvp, VEXEC, cnp->cn_cred);
	if (error != 0)
		return error;
	if (cnp->cn_namelen > KERNEL_NAME_MAX)
		return ENAMETOOLONG;
	if (last && (cnp->cn_nameiop == DELETE || cnp->cn_nameiop == RENAME) &&
	    (atomic_load_relaxed(&dvp->v_mount->mnt_flag) & MNT_RDONLY) != 0)
		return EROFS;
	if (last && cnp->cn_nameiop == RENAME && cnp->cn_namelen == 1 &&
	    cnp->cn_nameptr[0] == '.')
		return EISDIR;
	if (last && cnp->cn_nameiop == RENAME &&
	    (cnp->cn_flags & ISDOTDOT) != 0)
		return EINVAL;
	return 0;
}

/* The name of something that exists is about to go: may it? */
static int
check_found(struct vnode *dvp, const struct componentname *cnp)
{

	if ((cnp->cn_flags & ISLASTCN) == 0 ||
	    (cnp->cn_nameiop != DELETE && cnp->cn_nameiop != RENAME))
		return 0;
	return VOP_ACCESS(dvp, VWRITE, cnp->cn_cred);
}

static int
find_any(struct vnode *dvp, const struct componentname *cnp,
    struct vnode **vpp)
{
	int error;

	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		vref(*vpp = dvp);
		return 0;
	}
	if (cache_lookup(dvp, cnp->cn_nameptr, cnp->cn_namelen,
	    cnp->cn_nameiop, cnp->cn_flags, NULL, vpp))
		return *vpp == NULL ? ENOENT : 0;
	error = find_vnode(dvp, cnp, vpp);
	if (error != 0)
		return error;
	error = check_found(dvp, cnp);
	if (error != 0) {
		vrele(*vpp);
		return error;
	}
	if ((cnp->cn_flags & ISLASTCN) == 0 ||
	    (cnp->cn_nameiop != DELETE && cnp->cn_nameiop != RENAME))
		cache_enter(dvp, *vpp, cnp->cn_nameptr, cnp->cn_namelen,
		    cnp->cn_flags);
	return 0;
}

int
msdosfs_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;
	struct vnode *vp = NULL;
	int error;

	error = check_request(ap->a_dvp, ap->a_cnp);
	if (error == 0)
		error = find_any(ap->a_dvp, ap->a_cnp, &vp);
	*ap->a_vpp = error == 0 ? vp : NULL;
	return error;
}
