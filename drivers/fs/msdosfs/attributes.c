/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Attributes: who may do what, what stat(2) tells, and changing them.
 *
 * Owner, group and permissions are those of the mount.  Of a file's permissions
 * the format keeps one thing: the attribute "read-only" takes all write bits
 * away.  A chmod that leaves the owner no write bit sets it; what else a mode
 * says is dropped, since programs that copy files would fail otherwise.  Owners
 * cannot be changed: EINVAL, unless they are what they are.
 *
 * chflags(2): SF_ARCHIVED is the opposite of the attribute "archive", which says
 * that a file was not archived yet.
 *
 * Ref: POSIX chmod, chown, utimensat; chflags(2); mount_msdos(8).
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>

#define WRITE_BITS	(S_IWUSR | S_IWGRP | S_IWOTH)

static mode_t
node_mode(const struct msdosfs_node *node)
{
	const struct msdosfs_mount *mm = node->n_mount;

	if (node->n_is_dir)
		return mm->mm_dirmask & ALLPERMS;
	return mm->mm_mask & ACCESSPERMS &
	    ((node->n_attributes & FAT_ATTR_READONLY) != 0 ?
	    ~WRITE_BITS : ~0U);
}

static unsigned long
node_flags(const struct msdosfs_node *node)
{

	return node->n_is_dir ||
	    (node->n_attributes & FAT_ATTR_ARCHIVE) != 0 ? 0 : SF_ARCHIVED;
}

int
msdosfs_access(void *v)
{
	struct vop_access_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const struct msdosfs_node *node = vnode_to_msdosfs(vp);
	const struct msdosfs_mount *mm = node->n_mount;
	const mode_t mode = node_mode(node);

	if ((ap->a_accmode & VWRITE) != 0 &&
	    (atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0)
		return EROFS;
	return kauth_authorize_vnode(ap->a_cred,
	    KAUTH_ACCESS_ACTION(ap->a_accmode, vp->v_type, mode), vp, NULL,
	    genfs_can_access(vp, ap->a_cred, mm->mm_uid, mm->mm_gid, mode,
	    NULL, ap->a_accmode));
}

static uint64_t
directory_size(struct msdosfs_node *node)
{
	struct msdosfs_mount *mm = node->n_mount;
	uint64_t slots;

	msdosfs_enter(mm);
	(void)msdosfs_dir_load(node);
	slots = node->n_slots;
	msdosfs_leave(mm);
	return slots * FAT_SLOT_SIZE;
}

static void
get_times(struct msdosfs_node *node, struct vattr *va)
{
	const struct msdosfs_mount *mm = node->n_mount;
	struct msdosfs_times times;

	msdosfs_node_settle(node);
	mutex_enter(&node->n_lock);
	times = node->n_times;
	mutex_exit(&node->n_lock);
	msdosfs_date_get(mm, times.ti_date, times.ti_time, 0, &va->va_mtime);
	msdosfs_date_get(mm, times.ti_accessed_date, 0, 0, &va->va_atime);
	msdosfs_date_get(mm, times.ti_created_date, times.ti_created_time,
	    times.ti_created_10ms, &va->va_birthtime);
	if (times.ti_accessed_date == 0)
		va->va_atime = va->va_mtime;
	va->va_ctime = va->va_mtime;
}

int
msdosfs_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct vattr *va = ap->a_vap;
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_mount *mm = node->n_mount;

	vattr_null(va);
	va->va_type = vp->v_type;
	va->va_mode = node_mode(node);
	va->va_nlink = node->n_unlinked ? 0 : 1;
	va->va_uid = mm->mm_uid;
	va->va_gid = mm->mm_gid;
	va->va_flags = node_flags(node);
	va->va_fsid = vp->v_mount->mnt_stat.f_fsidx.__fsid_val[0];
	va->va_fileid = node->n_key & ~MSDOSFS_UNLINKED;
	va->va_gen = 1;
	va->va_size = node->n_is_dir ? directory_size(node) : node->n_size;
	va->va_bytes = (uint64_t)msdosfs_clusters(mm, va->va_size) <<
	    mm->mm_cluster_shift;
	va->va_blocksize = MAX(msdosfs_cluster_size(mm), PAGE_SIZE);
	get_times(node, va);
	return 0;
}

/* --------------------------------------------------------------- permission */

static inline bool
has_times(const struct vattr *va)
{

	return va->va_atime.tv_sec != VNOVAL || va->va_mtime.tv_sec != VNOVAL ||
	    va->va_birthtime.tv_sec != VNOVAL;
}

static inline bool
has_owner(const struct vattr *va)
{

	return va->va_uid != (uid_t)VNOVAL || va->va_gid != (gid_t)VNOVAL;
}

static int
check_owner(struct vnode *vp, const struct vattr *va, kauth_cred_t cred)
{
	const struct msdosfs_mount *mm = mount_to_msdosfs(vp->v_mount);
	const uid_t uid =
	    va->va_uid != (uid_t)VNOVAL ? va->va_uid : mm->mm_uid;
	const gid_t gid =
	    va->va_gid != (gid_t)VNOVAL ? va->va_gid : mm->mm_gid;
	int error;

	error = kauth_authorize_vnode(cred, KAUTH_VNODE_CHANGE_OWNERSHIP, vp,
	    NULL, genfs_can_chown(vp, cred, mm->mm_uid, mm->mm_gid, uid, gid));
	if (error == 0 && (uid != mm->mm_uid || gid != mm->mm_gid))
		error = EINVAL;
	return error;
}

static int
check_flags(struct vnode *vp, unsigned long flags, kauth_cred_t cred)
{
	const struct msdosfs_node *node = vnode_to_msdosfs(vp);
	const bool changes = flags != node_flags(node);

	if ((flags & ~(unsigned long)SF_ARCHIVED) != 0)
		return EOPNOTSUPP;
	return kauth_authorize_vnode(cred, KAUTH_VNODE_WRITE_FLAGS |
	    (changes ? KAUTH_VNODE_WRITE_SYSFLAGS : 0), vp, NULL,
	    genfs_can_chflags(vp, cred, node->n_mount->mm_uid, changes));
}

/* What no file system can change so. */
static bool
is_senseless(const struct vattr *va)
{

	return va->va_type != VNON || va->va_nlink != (nlink_t)VNOVAL ||
	    va->va_fsid != (dev_t)VNOVAL || va->va_fileid != (ino_t)VNOVAL ||
	    va->va_blocksize != VNOVAL || va->va_rdev != (dev_t)VNOVAL ||
	    va->va_bytes != VNOVALSIZE || va->va_gen != VNOVALFLAGS;
}

/* May all of it be changed? */
static int
check_all(struct vnode *vp, const struct vattr *va, kauth_cred_t cred)
{
	const struct msdosfs_mount *mm = mount_to_msdosfs(vp->v_mount);
	const bool flags = va->va_flags != VNOVALFLAGS;
	const bool size = va->va_size != VNOVALSIZE;
	const bool mode = va->va_mode != (mode_t)VNOVAL;
	int error = 0;

	if (is_senseless(va))
		return EINVAL;
	if (size && vp->v_type == VDIR)
		return EISDIR;
	if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0 &&
	    (flags || mode || size || has_owner(va) || has_times(va)))
		return EROFS;
	if (flags)
		error = check_flags(vp, va->va_flags, cred);
	if (error == 0 && has_owner(va))
		error = check_owner(vp, va, cred);
	if (error == 0 && mode)
		error = kauth_authorize_vnode(cred,
		    KAUTH_VNODE_WRITE_SECURITY, vp, NULL, genfs_can_chmod(vp,
		    cred, mm->mm_uid, mm->mm_gid, va->va_mode));
	if (error == 0 && has_times(va))
		error = kauth_authorize_vnode(cred, KAUTH_VNODE_WRITE_TIMES,
		    vp, NULL, genfs_can_chtimes(vp, cred, mm->mm_uid,
		    va->va_vaflags));
	return error;
}

/* ------------------------------------------------------------------ changes */

static void
change_times(struct msdosfs_node *node, const struct vattr *va)
{
	const struct msdosfs_mount *mm = node->n_mount;
	struct msdosfs_times *times = &node->n_times;
	uint16_t time;
	uint8_t ten_ms;

	msdosfs_node_settle(node);
	mutex_enter(&node->n_lock);
	if (va->va_atime.tv_sec != VNOVAL)
		msdosfs_date_put(mm, &va->va_atime, &times->ti_accessed_date,
		    &time, &ten_ms);
	if (va->va_mtime.tv_sec != VNOVAL)
		msdosfs_date_put(mm, &va->va_mtime, &times->ti_date,
		    &times->ti_time, &ten_ms);
	if (va->va_birthtime.tv_sec != VNOVAL)
		msdosfs_date_put(mm, &va->va_birthtime,
		    &times->ti_created_date, &times->ti_created_time,
		    &times->ti_created_10ms);
	mutex_exit(&node->n_lock);
}

static void
set_attribute(struct msdosfs_node *node, uint8_t attribute, bool on)
{

	node->n_attributes = (node->n_attributes & ~attribute) |
	    (on ? attribute : 0);
	msdosfs_node_touch(node, MSDOSFS_DUE_ENTRY);
}

/* Size first: it is the one that can fail. */
static int
change_all(struct vnode *vp, const struct vattr *va)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	int error;

	if (va->va_size != VNOVALSIZE) {
		error = msdosfs_data_resize(vp, va->va_size);
		if (error != 0)
			return error;
		msdosfs_node_touch(node, MSDOSFS_DUE_MODIFIED);
	}
	if (va->va_flags != VNOVALFLAGS && !node->n_is_dir)
		set_attribute(node, FAT_ATTR_ARCHIVE,
		    (va->va_flags & SF_ARCHIVED) == 0);
	if (va->va_mode != (mode_t)VNOVAL && !node->n_is_dir)
		set_attribute(node, FAT_ATTR_READONLY,
		    (va->va_mode & S_IWUSR) == 0);
	if (has_times(va)) {
		change_times(node, va);
		msdosfs_node_touch(node, MSDOSFS_DUE_ENTRY);
	}
	cache_enter_id(vp, node_mode(node), node->n_mount->mm_uid,
	    node->n_mount->mm_gid, true);
	VN_KNOTE(vp, NOTE_ATTRIB);
	return 0;
}

int
msdosfs_setattr(void *v)
{
	struct vop_setattr_args *ap = v;
	int error;

	error = check_all(ap->a_vp, ap->a_vap, ap->a_cred);
	if (error != 0)
		return error;
	return change_all(ap->a_vp, ap->a_vap);
}

/* For vnodes that are loaded: path walking need not ask who may search. */
void
msdosfs_attributes_load(struct vnode *vp)
{
	const struct msdosfs_node *node = vnode_to_msdosfs(vp);

	cache_enter_id(vp, node_mode(node), node->n_mount->mm_uid,
	    node->n_mount->mm_gid, true);
}
