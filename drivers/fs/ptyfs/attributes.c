/* SPDX-License-Identifier: BSD-2-Clause */
/* ptyfs: attributes, and changing them. */
#include "ptyfs_var.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>

/* A consistent copy of what may change. */
static struct ptyfs_node
copy_of(const struct vnode *vp)
{
	struct ptyfs_mount *pm = mount_to_ptyfs(vp->v_mount);
	struct ptyfs_node copy;

	mutex_enter(&pm->pm_lock);
	copy = *vnode_to_ptyfs(vp);
	mutex_exit(&pm->pm_lock);
	return copy;
}

int
ptyfs_access(void *v)
{
	const struct vop_access_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const struct ptyfs_node node = copy_of(vp);

	if ((ap->a_accmode & VWRITE) != 0 && vp->v_type == VDIR &&
	    (atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0)
		return EROFS;
	return kauth_authorize_vnode(ap->a_cred,
	    KAUTH_ACCESS_ACTION(ap->a_accmode, vp->v_type, node.pn_mode), vp,
	    NULL, genfs_can_access(vp, ap->a_cred, node.pn_uid, node.pn_gid,
	    node.pn_mode, NULL, ap->a_accmode));
}

int
ptyfs_getattr(void *v)
{
	const struct vop_getattr_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const struct ptyfs_node node = copy_of(vp);
	struct vattr *va = ap->a_vap;

	vattr_null(va);
	va->va_type = vp->v_type;
	va->va_mode = node.pn_mode;
	va->va_nlink = vp->v_type == VDIR ? 2 : 1;
	va->va_uid = node.pn_uid;
	va->va_gid = node.pn_gid;
	va->va_flags = 0;
	va->va_fsid = vp->v_mount->mnt_stat.f_fsidx.__fsid_val[0];
	va->va_fileid = PTYFS_FILENO(&node.pn_key);
	va->va_gen = 0;
	va->va_filerev = 0;
	va->va_size = 0;
	va->va_bytes = 0;
	va->va_blocksize = PAGE_SIZE;
	if (vp->v_type == VCHR)
		va->va_rdev = vp->v_rdev;
	va->va_atime = node.pn_atime;
	va->va_mtime = node.pn_mtime;
	va->va_ctime = node.pn_ctime;
	va->va_birthtime = node.pn_btime;
	return 0;
}

static bool
is_set(const struct timespec *ts)
{

	return ts->tv_sec != VNOVAL || ts->tv_nsec != VNOVAL;
}

static bool
sets_owner(const struct vattr *va)
{

	return va->va_uid != (uid_t)VNOVAL || va->va_gid != (gid_t)VNOVAL;
}

/* May cred change all that va says? */
static int
check(struct vnode *vp, const struct vattr *va, kauth_cred_t cred)
{
	const struct ptyfs_node node = copy_of(vp);
	int error = 0;

	if (sets_owner(va))
		error = kauth_authorize_vnode(cred,
		    KAUTH_VNODE_CHANGE_OWNERSHIP, vp, NULL,
		    genfs_can_chown(vp, cred, node.pn_uid, node.pn_gid,
		    va->va_uid != (uid_t)VNOVAL ? va->va_uid : node.pn_uid,
		    va->va_gid != (gid_t)VNOVAL ? va->va_gid : node.pn_gid));
	if (error == 0 && va->va_mode != (mode_t)VNOVAL)
		error = kauth_authorize_vnode(cred,
		    KAUTH_VNODE_WRITE_SECURITY, vp, NULL,
		    genfs_can_chmod(vp, cred, node.pn_uid, node.pn_gid,
		    va->va_mode));
	if (error == 0 && (is_set(&va->va_atime) || is_set(&va->va_mtime)))
		error = kauth_authorize_vnode(cred, KAUTH_VNODE_WRITE_TIMES,
		    vp, NULL, genfs_can_chtimes(vp, cred, node.pn_uid,
		    va->va_vaflags));
	return error;
}

static void
change(struct ptyfs_node *node, const struct vattr *va)
{

	if (va->va_uid != (uid_t)VNOVAL)
		node->pn_uid = va->va_uid;
	if (va->va_gid != (gid_t)VNOVAL)
		node->pn_gid = va->va_gid;
	if (va->va_mode != (mode_t)VNOVAL)
		node->pn_mode = va->va_mode & ALLPERMS;
	if (is_set(&va->va_atime))
		node->pn_atime = va->va_atime;
	if (is_set(&va->va_mtime))
		node->pn_mtime = va->va_mtime;
	getnanotime(&node->pn_ctime);
}

/*
 * Owner, permissions and times; a size, as O_TRUNC asks for, means nothing.
 *
 * Returns 0, EINVAL (what nobody can set), EOPNOTSUPP (flags), EROFS, EPERM.
 */
int
ptyfs_setattr(void *v)
{
	const struct vop_setattr_args *ap = v;
	const struct vattr *va = ap->a_vap;
	struct vnode *vp = ap->a_vp;
	struct ptyfs_mount *pm = mount_to_ptyfs(vp->v_mount);
	int error;

	if (va->va_type != VNON || va->va_nlink != (nlink_t)VNOVAL ||
	    va->va_fsid != (dev_t)VNOVAL || va->va_fileid != (ino_t)VNOVAL ||
	    va->va_blocksize != VNOVAL || va->va_rdev != (dev_t)VNOVAL ||
	    va->va_bytes != VNOVAL || va->va_gen != VNOVAL)
		return EINVAL;
	if (va->va_flags != VNOVAL)
		return EOPNOTSUPP;
	if (va->va_size != VNOVAL && vp->v_type == VDIR)
		return EISDIR;
	if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0)
		return EROFS;
	error = check(vp, va, ap->a_cred);
	if (error != 0)
		return error;
	mutex_enter(&pm->pm_lock);
	change(vnode_to_ptyfs(vp), va);
	mutex_exit(&pm->pm_lock);
	VN_KNOTE(vp, NOTE_ATTRIB);
	return 0;
}
