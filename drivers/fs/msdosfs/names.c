/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Making and removing names: files and directories.
 *
 * A file gets its entry first; it has no clusters, so nothing else can be wrong.
 * A directory's cluster is complete on the device before there is an entry for
 * it.  What is removed keeps its clusters until nobody has it open.
 */

#include "msdosfs.h"

#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>

/* ------------------------------------------------------------------ making */

static void
new_raw(struct msdosfs_mount *mm, const struct vattr *va,
    struct fat_dirent *raw)
{
	struct msdosfs_times times;

	memset(raw, 0, sizeof(*raw));
	msdosfs_times_now(mm, &times);
	msdosfs_times_write(&times, raw);
	if (va->va_type == VDIR)
		raw->de_attributes = FAT_ATTR_DIRECTORY;
	else
		raw->de_attributes = FAT_ATTR_ARCHIVE |
		    ((va->va_mode & S_IWUSR) == 0 ? FAT_ATTR_READONLY : 0);
}

/* A cluster for a new directory, complete on the device. */
static int
new_directory(struct msdosfs_node *dir, struct fat_dirent *raw)
{
	struct msdosfs_mount *mm = dir->n_mount;
	struct msdosfs_times times;
	uint32_t cluster, count;
	int error;

	error = msdosfs_alloc(mm, 0, 1, &cluster, &count);
	if (error != 0)
		return error;
	msdosfs_times_read(raw, &times);
	error = msdosfs_dir_create(mm, cluster,
	    dir->n_key == MSDOSFS_ROOT ? 0 : dir->n_start, &times);
	if (error == 0)
		error = msdosfs_fat_set(mm, cluster, FAT_END);
	if (error != 0) {
		msdosfs_meta_forget_cluster(mm, cluster);
		msdosfs_alloc_undo(mm, cluster, 1);
		return error;
	}
	le16enc(raw->de_start, cluster & 0xffff);
	if (mm->mm_fat_bits == 32)
		le16enc(raw->de_start_high, cluster >> 16);
	return 0;
}

static void
undo_directory(struct msdosfs_mount *mm, const struct fat_dirent *raw)
{
	const uint32_t cluster = fat_dirent_start(mm, raw);

	msdosfs_meta_forget_cluster(mm, cluster);
	msdosfs_free_later(mm, cluster, 1);
}

/* mm_lock */
static int
add_entry(struct msdosfs_node *dir, const struct msdosfs_name *name,
    const struct vattr *va, struct msdosfs_entry *entry)
{
	struct fat_dirent raw;
	int error;

	if (dir->n_unlinked)
		return ENOENT;
	error = msdosfs_name_check(name);
	if (error != 0)
		return error;
	new_raw(dir->n_mount, va, &raw);
	if (va->va_type == VDIR) {
		error = new_directory(dir, &raw);
		if (error != 0)
			return error;
	}
	error = msdosfs_dir_add(dir, name, &raw, NULL, entry);
	if (error != 0 && va->va_type == VDIR)
		undo_directory(dir->n_mount, &raw);
	return error;
}

/* The vnode could not be had: as if nothing had been made. */
static void
undo_entry(struct msdosfs_node *dir, const struct msdosfs_entry *entry,
    bool is_dir)
{

	msdosfs_enter(dir->n_mount);
	(void)msdosfs_dir_remove(dir, entry);
	if (is_dir)
		undo_directory(dir->n_mount, &entry->en_raw);
	msdosfs_leave(dir->n_mount);
}

static int
make(struct vnode *dvp, struct vnode **vpp, const struct componentname *cnp,
    const struct vattr *va)
{
	struct msdosfs_node *dir = vnode_to_msdosfs(dvp);
	struct msdosfs_mount *mm = dir->n_mount;
	struct msdosfs_entry *entry;
	struct msdosfs_name name;
	int error;

	*vpp = NULL;
	error = msdosfs_name_parse(cnp->cn_nameptr, cnp->cn_namelen, &name);
	if (error == 0)
		error = msdosfs_enter_write(mm);
	if (error != 0)
		return error;
	entry = kmem_alloc(sizeof(*entry), KM_SLEEP);
	error = add_entry(dir, &name, va, entry);
	msdosfs_leave(mm);
	if (error == 0) {
		error = msdosfs_entry_vnode(dvp, entry, vpp);
		if (error != 0)
			undo_entry(dir, entry, va->va_type == VDIR);
	}
	kmem_free(entry, sizeof(*entry));
	if (error != 0)
		return error;
	msdosfs_node_touch(dir, MSDOSFS_DUE_MODIFIED);
	cache_enter(dvp, *vpp, cnp->cn_nameptr, cnp->cn_namelen,
	    cnp->cn_flags);
	VN_KNOTE(dvp, va->va_type == VDIR ? NOTE_WRITE | NOTE_LINK :
	    NOTE_WRITE);
	return 0;
}

int
msdosfs_create(void *v)
{
	struct vop_create_v3_args *ap = v;

	/* Sockets have names only where there are inodes. */
	if (ap->a_vap->va_type != VREG) {
		*ap->a_vpp = NULL;
		return EOPNOTSUPP;
	}
	return make(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap);
}

int
msdosfs_mkdir(void *v)
{
	struct vop_mkdir_v3_args *ap = v;

	KASSERT(ap->a_vap->va_type == VDIR);
	return make(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap);
}

/* ---------------------------------------------------------------- removing */

/* Does the sticky bit, which only the mount's mask can give, permit it? */
static int
check_removal(struct vnode *dvp, struct vnode *vp, kauth_cred_t cred)
{
	const struct msdosfs_mount *mm = mount_to_msdosfs(dvp->v_mount);

	return genfs_ufslike_remove_check_permitted(cred, dvp,
	    mm->mm_dirmask, mm->mm_uid, vp, mm->mm_uid);
}

/* mm_lock.  ENOENT: the name no longer stands for this node. */
static int
remove_entry(struct msdosfs_node *dir, struct msdosfs_node *node,
    const struct msdosfs_name *name)
{
	struct msdosfs_entry *entry;
	uint64_t key;
	int error;

	entry = kmem_alloc(sizeof(*entry), KM_SLEEP);
	error = msdosfs_dir_find(dir, name, entry);
	if (error == 0)
		error = msdosfs_entry_key(dir->n_mount, entry, &key);
	if (error == 0 && key != node->n_key)
		error = ENOENT;
	if (error == 0 && node->n_is_dir)
		error = msdosfs_dir_empty(node);
	if (error == 0)
		error = msdosfs_dir_remove(dir, entry);
	kmem_free(entry, sizeof(*entry));
	return error;
}

static int
remove_name(struct vnode *dvp, struct vnode *vp,
    const struct componentname *cnp)
{
	struct msdosfs_node *dir = vnode_to_msdosfs(dvp);
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_name name;
	int error;

	error = check_removal(dvp, vp, cnp->cn_cred);
	if (error == 0)
		error = msdosfs_name_parse(cnp->cn_nameptr, cnp->cn_namelen,
		    &name);
	if (error == 0)
		error = msdosfs_enter_write(dir->n_mount);
	if (error != 0)
		return error;
	error = remove_entry(dir, node, &name);
	msdosfs_leave(dir->n_mount);
	if (error != 0)
		return error;
	cache_purge(vp);
	msdosfs_node_unlink(vp);
	msdosfs_node_touch(dir, MSDOSFS_DUE_MODIFIED);
	VN_KNOTE(vp, NOTE_DELETE);
	VN_KNOTE(dvp, node->n_is_dir ? NOTE_WRITE | NOTE_LINK : NOTE_WRITE);
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

int
msdosfs_remove(void *v)
{
	struct vop_remove_v2_args *ap = v;
	int error;

	if (ap->a_vp->v_type == VDIR)
		error = EPERM;
	else
		error = remove_name(ap->a_dvp, ap->a_vp, ap->a_cnp);
	release_removed(ap->a_dvp, ap->a_vp);
	return error;
}

int
msdosfs_rmdir(void *v)
{
	struct vop_rmdir_v2_args *ap = v;
	const struct componentname *cnp = ap->a_cnp;
	struct vnode *dvp = ap->a_dvp, *vp = ap->a_vp;
	int error;

	if (vp == dvp || (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.'))
		error = EINVAL;
	else if (vp->v_type != VDIR)
		error = ENOTDIR;
	else if (vp->v_mountedhere != NULL)
		error = EBUSY;
	else
		error = remove_name(dvp, vp, cnp);
	release_removed(dvp, vp);
	return error;
}
