/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Attributes: who may do what, what stat(2) tells, and changing them.
 *
 * All that a setattr is going to change is checked before the first change.
 *
 * Ref: POSIX chmod, chown, utimensat; chflags(2).
 */

#include "tmpfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>

int
tmpfs_access(void *v)
{
	struct vop_access_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);

	if ((ap->a_accmode & VWRITE) != 0) {
		if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0 &&
		    (vp->v_type == VREG || vp->v_type == VDIR ||
		    vp->v_type == VLNK))
			return EROFS;
		if ((node->tn_flags & TMPFS_IMMUTABLE) != 0)
			return EPERM;
	}
	return kauth_authorize_vnode(ap->a_cred,
	    KAUTH_ACCESS_ACTION(ap->a_accmode, vp->v_type, node->tn_mode), vp,
	    NULL, genfs_can_access(vp, ap->a_cred, node->tn_uid, node->tn_gid,
	    node->tn_mode, NULL, ap->a_accmode));
}

/* Memory that the contents take. */
static uint64_t
bytes_used(const struct tmpfs_node *node)
{

	if (node->tn_type == VREG)
		return ptoa((uint64_t)node->tn_file.fi_charged);
	return round_page(node->tn_size);
}

int
tmpfs_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct vattr *va = ap->a_vap;
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);

	tmpfs_settle_accessed(vp);
	vattr_null(va);
	va->va_type = node->tn_type;
	va->va_mode = node->tn_mode;
	va->va_nlink = node->tn_nlink;
	va->va_uid = node->tn_uid;
	va->va_gid = node->tn_gid;
	va->va_flags = node->tn_flags;
	va->va_fsid = vp->v_mount->mnt_stat.f_fsidx.__fsid_val[0];
	va->va_fileid = node->tn_id;
	va->va_gen = 1;
	va->va_size = node->tn_size;
	va->va_bytes = bytes_used(node);
	va->va_blocksize = PAGE_SIZE;
	if (node->tn_type == VBLK || node->tn_type == VCHR)
		va->va_rdev = node->tn_rdev;

	mutex_enter(vp->v_interlock);
	va->va_atime = node->tn_atime;
	va->va_mtime = node->tn_mtime;
	va->va_ctime = node->tn_ctime;
	va->va_birthtime = node->tn_btime;
	va->va_filerev = node->tn_revision;
	mutex_exit(vp->v_interlock);
	return 0;
}

/* --------------------------------------------------------------- permission */

static int
check_flags(struct vnode *vp, unsigned long flags, kauth_cred_t cred)
{
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);
	const bool system_flags = (flags & SF_SETTABLE) !=
	    (node->tn_flags & SF_SETTABLE);
	kauth_action_t action = KAUTH_VNODE_WRITE_FLAGS;

	if (system_flags)
		action |= KAUTH_VNODE_WRITE_SYSFLAGS;
	if ((node->tn_flags & (SF_IMMUTABLE | SF_APPEND)) != 0)
		action |= KAUTH_VNODE_HAS_SYSFLAGS;
	return kauth_authorize_vnode(cred, action, vp, NULL,
	    genfs_can_chflags(vp, cred, node->tn_uid, system_flags));
}

static int
check_owner(struct vnode *vp, uid_t uid, gid_t gid, kauth_cred_t cred)
{
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);

	return kauth_authorize_vnode(cred, KAUTH_VNODE_CHANGE_OWNERSHIP, vp,
	    NULL, genfs_can_chown(vp, cred, node->tn_uid, node->tn_gid, uid,
	    gid));
}

static int
check_mode(struct vnode *vp, mode_t mode, kauth_cred_t cred)
{
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);

	return kauth_authorize_vnode(cred, KAUTH_VNODE_WRITE_SECURITY, vp,
	    NULL, genfs_can_chmod(vp, cred, node->tn_uid, node->tn_gid, mode));
}

static int
check_times(struct vnode *vp, unsigned int vaflags, kauth_cred_t cred)
{
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);

	return kauth_authorize_vnode(cred, KAUTH_VNODE_WRITE_TIMES, vp, NULL,
	    genfs_can_chtimes(vp, cred, node->tn_uid, vaflags));
}

static int
check_size(struct vnode *vp)
{

	switch (vp->v_type) {
	case VDIR:
		return EISDIR;
	case VREG:
		if ((vnode_to_tmpfs(vp)->tn_flags &
		    (TMPFS_IMMUTABLE | TMPFS_APPEND)) != 0)
			return EPERM;
		return 0;
	default:
		return 0;		/* devices and pipes: ignored */
	}
}

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

/* May all of it be changed?  In the order in which it will be. */
static int
check_all(struct vnode *vp, const struct vattr *va, kauth_cred_t cred)
{
	const struct tmpfs_node *node = vnode_to_tmpfs(vp);
	const bool flags = va->va_flags != VNOVALFLAGS;
	const bool size = va->va_size != VNOVALSIZE;
	const bool mode = va->va_mode != (mode_t)VNOVAL;
	int error = 0;

	if (va->va_type != VNON || va->va_nlink != (nlink_t)VNOVAL ||
	    va->va_fsid != (dev_t)VNOVAL || va->va_fileid != (ino_t)VNOVAL ||
	    va->va_blocksize != VNOVAL || va->va_rdev != (dev_t)VNOVAL ||
	    va->va_bytes != VNOVALSIZE || va->va_gen != VNOVALFLAGS)
		return EINVAL;
	if (size)
		error = check_size(vp);
	if (error != 0)
		return error;
	if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0 &&
	    (flags || mode || has_owner(va) || has_times(va) ||
	    (size && vp->v_type == VREG)))
		return EROFS;
	if (flags)
		error = check_flags(vp, va->va_flags, cred);
	else if ((node->tn_flags & (TMPFS_IMMUTABLE | TMPFS_APPEND)) != 0 &&
	    (mode || has_owner(va) || has_times(va)))
		error = EPERM;
	if (error == 0 && has_owner(va))
		error = check_owner(vp,
		    va->va_uid != (uid_t)VNOVAL ? va->va_uid : node->tn_uid,
		    va->va_gid != (gid_t)VNOVAL ? va->va_gid : node->tn_gid,
		    cred);
	if (error == 0 && mode)
		error = check_mode(vp, va->va_mode, cred);
	if (error == 0 && has_times(va))
		error = check_times(vp, va->va_vaflags, cred);
	return error;
}

/* ------------------------------------------------------------------ changes */

static void
change_flags(struct tmpfs_node *node, unsigned long flags)
{

	node->tn_flags = flags & (SF_SETTABLE | UF_SETTABLE);
}

/* A file that changes hands does not keep set-id bits, unless privileged. */
static void
change_owner(struct vnode *vp, const struct vattr *va, kauth_cred_t cred)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);

	if (va->va_uid != (uid_t)VNOVAL)
		node->tn_uid = va->va_uid;
	if (va->va_gid != (gid_t)VNOVAL)
		node->tn_gid = va->va_gid;
	if ((node->tn_mode & S_ISUID) != 0 && kauth_authorize_vnode(cred,
	    KAUTH_VNODE_RETAIN_SUID, vp, NULL, EPERM) != 0)
		node->tn_mode &= ~S_ISUID;
	if ((node->tn_mode & S_ISGID) != 0 && kauth_authorize_vnode(cred,
	    KAUTH_VNODE_RETAIN_SGID, vp, NULL, EPERM) != 0)
		node->tn_mode &= ~S_ISGID;
}

static void
change_times(struct vnode *vp, const struct vattr *va)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);

	tmpfs_settle_accessed(vp);
	mutex_enter(vp->v_interlock);
	if (va->va_atime.tv_sec != VNOVAL)
		node->tn_atime = va->va_atime;
	if (va->va_mtime.tv_sec != VNOVAL)
		node->tn_mtime = va->va_mtime;
	if (va->va_birthtime.tv_sec != VNOVAL)
		node->tn_btime = va->va_birthtime;
	mutex_exit(vp->v_interlock);
}

/* Size first: it is the one that can fail. */
static int
change_all(struct vnode *vp, const struct vattr *va, kauth_cred_t cred)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);
	unsigned int touch = 0;
	int error;

	if (va->va_size != VNOVALSIZE && vp->v_type == VREG) {
		error = tmpfs_data_resize(vp, va->va_size);
		if (error != 0)
			return error;
		touch |= TMPFS_MODIFIED;
	}
	if (va->va_flags != VNOVALFLAGS) {
		change_flags(node, va->va_flags);
		touch |= TMPFS_CHANGED;
	}
	if (has_owner(va)) {
		change_owner(vp, va, cred);
		touch |= TMPFS_CHANGED;
	}
	if (va->va_mode != (mode_t)VNOVAL) {
		node->tn_mode = va->va_mode & ALLPERMS;
		touch |= TMPFS_CHANGED;
	}
	if (has_times(va))
		touch |= TMPFS_CHANGED;
	if (touch == 0)
		return 0;
	tmpfs_touch(vp, touch);
	if (has_times(va))
		change_times(vp, va);
	cache_enter_id(vp, node->tn_mode, node->tn_uid, node->tn_gid, true);
	VN_KNOTE(vp, NOTE_ATTRIB);
	return 0;
}

int
tmpfs_setattr(void *v)
{
	struct vop_setattr_args *ap = v;
	int error;

	error = check_all(ap->a_vp, ap->a_vap, ap->a_cred);
	if (error != 0)
		return error;
	return change_all(ap->a_vp, ap->a_vap, ap->a_cred);
}
