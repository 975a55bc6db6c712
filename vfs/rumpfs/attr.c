/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: attributes, times, permission.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/unistd.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_object.h>

#include "etfs/etfs.h"
#include "rumpfs.h"

/* ------------------------------------------------------------------- times */

/* The object was changed; contents: what is in it, too. */
void
rumpfs_touch_changed(struct rumpfs_node *rn, bool contents)
{
	struct timespec now;

	vfs_timestamp(&now);
	rn->rn_ctime = now;
	if (contents)
		rn->rn_mtime = now;
}

/* The object was read; readers have the lock shared, so only note it. */
void
rumpfs_touch_accessed(struct vnode *vp)
{

	if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) &
	    (MNT_RDONLY | MNT_NOATIME)) == 0)
		atomic_store_relaxed(&VTORN(vp)->rn_accessed, true);
}

/* What the name cache needs to let walkers pass. */
void
rumpfs_tell_namecache(struct vnode *vp)
{
	const struct rumpfs_node *rn = VTORN(vp);

	cache_enter_id(vp, rn->rn_mode, rn->rn_uid, rn->rn_gid,
	    rn->rn_host == NULL);
}

/* -------------------------------------------------------------- permission */

int
rumpfs_check_access(struct vnode *vp, accmode_t accmode,
    struct kauth_cred *cred)
{
	const struct rumpfs_node *rn = VTORN(vp);
	int verdict;

	if ((accmode & VWRITE) != 0) {
		if ((atomic_load_relaxed(&vp->v_mount->mnt_flag) & MNT_RDONLY) != 0 &&
		    (vp->v_type == VDIR || vp->v_type == VREG ||
		    vp->v_type == VLNK))
			return EROFS;
		if ((rn->rn_flags & IMMUTABLE) != 0)
			return EPERM;
	}
	verdict = genfs_can_access(vp, cred, rn->rn_uid, rn->rn_gid,
	    rn->rn_mode, NULL, accmode);
	return kauth_authorize_vnode(cred,
	    KAUTH_ACCESS_ACTION(accmode, vp->v_type, rn->rn_mode), vp, NULL,
	    verdict);
}

int
rumpfs_access(void *v)
{
	struct vop_access_args *ap = v;

	return rumpfs_check_access(ap->a_vp, ap->a_accmode, ap->a_cred);
}

/* -------------------------------------------------------------- attributes */

/* Storage that the contents take. */
static u_quad_t
bytes_of(const struct rumpfs_node *rn)
{
	struct uvm_object *data;

	if (rn->rn_host != NULL || rn->rn_type != VREG)
		return 0;
	data = rn->rn_file.data;
	return data == NULL ? rn->rn_file.extlen :
	    (u_quad_t)data->uo_npages << PAGE_SHIFT;
}

static u_quad_t
shown_size(struct vnode *vp, struct rumpfs_node *rn)
{
	off_t size;

	if (rn->rn_host != NULL && rn->rn_type == VREG)
		return etfs_size(rn->rn_host, &size) == 0 ? (u_quad_t)size : 0;
	if (rn->rn_type == VDIR && rn->rn_host == NULL)
		return (rn->rn_dir.entries + 2) * 32u;
	return (u_quad_t)vp->v_size;
}

/* When it was read last.  Others who ask have the vnode shared, too. */
static struct timespec
accessed_at(struct vnode *vp)
{
	struct rumpfs_node *rn = VTORN(vp);
	struct timespec when;

	mutex_enter(vp->v_interlock);
	if (atomic_load_relaxed(&rn->rn_accessed)) {
		atomic_store_relaxed(&rn->rn_accessed, false);
		vfs_timestamp(&rn->rn_atime);
	}
	when = rn->rn_atime;
	mutex_exit(vp->v_interlock);
	return when;
}

int
rumpfs_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct rumpfs_node *rn = VTORN(vp);
	struct vattr *va = ap->a_vap;

	vattr_null(va);
	va->va_atime = accessed_at(vp);
	va->va_type = vp->v_type;
	va->va_mode = rn->rn_mode;
	va->va_nlink = rn->rn_host != NULL ? 1 : rn->rn_links;
	va->va_uid = rn->rn_uid;
	va->va_gid = rn->rn_gid;
	va->va_fsid = (dev_t)vp->v_mount->mnt_stat.f_fsidx.__fsid_val[0];
	va->va_fileid = rn->rn_fileid;
	va->va_size = shown_size(vp, rn);
	va->va_blocksize = PAGE_SIZE;
	va->va_mtime = rn->rn_mtime;
	va->va_ctime = rn->rn_ctime;
	va->va_birthtime = rn->rn_birthtime;
	va->va_gen = 0;
	va->va_flags = rn->rn_flags;
	va->va_rdev = vp->v_type == VBLK || vp->v_type == VCHR ? rn->rn_rdev :
	    (dev_t)VNOVAL;
	va->va_bytes = bytes_of(rn);
	va->va_filerev = 0;
	return 0;
}

static int
set_flags(struct vnode *vp, u_long flags, kauth_cred_t cred)
{
	struct rumpfs_node *rn = VTORN(vp);
	kauth_action_t action = KAUTH_VNODE_WRITE_FLAGS;
	const bool sys = ((flags ^ rn->rn_flags) & SF_SETTABLE) != 0;
	int error;

	if ((rn->rn_flags & (SF_IMMUTABLE | SF_APPEND)) != 0)
		action |= KAUTH_VNODE_HAS_SYSFLAGS;
	if (sys)
		action |= KAUTH_VNODE_WRITE_SYSFLAGS;
	error = kauth_authorize_vnode(cred, action, vp, NULL,
	    genfs_can_chflags(vp, cred, rn->rn_uid, sys));
	if (error == 0)
		rn->rn_flags = flags;
	return error;
}

static int
set_owner(struct vnode *vp, uid_t uid, gid_t gid, kauth_cred_t cred)
{
	struct rumpfs_node *rn = VTORN(vp);
	int error;

	if (uid == (uid_t)VNOVAL)
		uid = rn->rn_uid;
	if (gid == (gid_t)VNOVAL)
		gid = rn->rn_gid;
	error = kauth_authorize_vnode(cred, KAUTH_VNODE_CHANGE_OWNERSHIP, vp,
	    NULL, genfs_can_chown(vp, cred, rn->rn_uid, rn->rn_gid, uid, gid));
	if (error == 0) {
		rn->rn_uid = uid;
		rn->rn_gid = gid;
	}
	return error;
}

static int
set_mode(struct vnode *vp, mode_t mode, kauth_cred_t cred)
{
	struct rumpfs_node *rn = VTORN(vp);
	int error;

	error = kauth_authorize_vnode(cred, KAUTH_VNODE_WRITE_SECURITY, vp,
	    NULL, genfs_can_chmod(vp, cred, rn->rn_uid, rn->rn_gid, mode));
	if (error == 0)
		rn->rn_mode = mode & ALLPERMS;
	return error;
}

static void
set_time(struct timespec *to, const struct timespec *from)
{

	if (from->tv_sec != VNOVAL || from->tv_nsec != VNOVAL)
		*to = *from;
}

static bool
has_times(const struct vattr *va)
{

	return va->va_atime.tv_nsec != VNOVAL ||
	    va->va_mtime.tv_nsec != VNOVAL ||
	    va->va_birthtime.tv_nsec != VNOVAL;
}

static int
set_times(struct vnode *vp, const struct vattr *va, kauth_cred_t cred)
{
	struct rumpfs_node *rn = VTORN(vp);
	int error;

	error = kauth_authorize_vnode(cred, KAUTH_VNODE_WRITE_TIMES, vp, NULL,
	    genfs_can_chtimes(vp, cred, rn->rn_uid, va->va_vaflags));
	if (error != 0)
		return error;
	rn->rn_accessed = false;
	set_time(&rn->rn_atime, &va->va_atime);
	set_time(&rn->rn_mtime, &va->va_mtime);
	set_time(&rn->rn_birthtime, &va->va_birthtime);
	return 0;
}

static int
set_size(struct vnode *vp, u_quad_t size)
{
	struct rumpfs_node *rn = VTORN(vp);
	int error;

	switch (vp->v_type) {
	case VDIR:
		return EISDIR;
	case VREG:
		if ((rn->rn_flags & (IMMUTABLE | APPEND)) != 0)
			return EPERM;
		if (rn->rn_host != NULL)
			return EOPNOTSUPP;
		if ((error = rumpfs_data_resize(vp, (off_t)size)) == 0)
			rumpfs_touch_changed(rn, true);
		return error;
	default:
		return 0;		/* devices have no size of ours */
	}
}

int
rumpfs_setattr(void *v)
{
	struct vop_setattr_args *ap = v;
	struct vattr *va = ap->a_vap;
	struct vnode *vp = ap->a_vp;
	kauth_cred_t cred = ap->a_cred;
	int error = 0;

	if (va->va_type != VNON || va->va_nlink != (nlink_t)VNOVAL ||
	    va->va_fsid != (dev_t)VNOVAL || va->va_fileid != (ino_t)VNOVAL ||
	    va->va_blocksize != VNOVAL || va->va_rdev != (dev_t)VNOVAL ||
	    va->va_bytes != (u_quad_t)VNOVAL || va->va_gen != (u_long)VNOVAL)
		return EINVAL;
	if (va->va_flags != VNOVALFLAGS)
		error = set_flags(vp, va->va_flags, cred);
	else if ((VTORN(vp)->rn_flags & IMMUTABLE) != 0)
		error = EPERM;
	if (error == 0 && va->va_size != VNOVALSIZE)
		error = set_size(vp, va->va_size);
	if (error == 0 && (va->va_uid != (uid_t)VNOVAL ||
	    va->va_gid != (gid_t)VNOVAL))
		error = set_owner(vp, va->va_uid, va->va_gid, cred);
	if (error == 0 && va->va_mode != (mode_t)VNOVAL)
		error = set_mode(vp, va->va_mode, cred);
	if (error == 0 && has_times(va))
		error = set_times(vp, va, cred);
	if (error == 0) {
		vfs_timestamp(&VTORN(vp)->rn_ctime);
		rumpfs_tell_namecache(vp);
		VN_KNOTE(vp, NOTE_ATTRIB);
	}
	return error;
}

int
rumpfs_pathconf(void *v)
{
	struct vop_pathconf_args *ap = v;

	switch (ap->a_name) {
	case _PC_LINK_MAX:
		*ap->a_retval = LINK_MAX;
		return 0;
	case _PC_NAME_MAX:
		*ap->a_retval = RUMPFS_MAXNAMLEN;
		return 0;
	case _PC_PIPE_BUF:
		*ap->a_retval = PIPE_BUF;
		return 0;
	case _PC_CHOWN_RESTRICTED:
	case _PC_NO_TRUNC:
	case _PC_SYNC_IO:
	case _PC_2_SYMLINKS:
		*ap->a_retval = 1;
		return 0;
	case _PC_FILESIZEBITS:
		*ap->a_retval = 64;
		return 0;
	case _PC_SYMLINK_MAX:
		*ap->a_retval = MAXPATHLEN;
		return 0;
	default:
		return genfs_pathconf(v);
	}
}

/* ------------------------------------------------------------------- others */

int
rumpfs_open(void *v)
{
	struct vop_open_args *ap = v;

	if ((VTORN(ap->a_vp)->rn_flags & APPEND) != 0 &&
	    (ap->a_mode & (FWRITE | O_APPEND)) == FWRITE)
		return EPERM;
	return 0;
}

int
rumpfs_print(void *v)
{
	struct vop_print_args *ap = v;
	const struct rumpfs_node *rn = VTORN(ap->a_vp);

	printf("rumpfs node %p: number %llu, links %u, references %u%s\n", rn,
	    (unsigned long long)rn->rn_fileid, rn->rn_links, rn->rn_refs,
	    rn->rn_host != NULL ? ", of the host" : "");
	return 0;
}
