/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may do what with a file: the file system's opinion.
 *
 * These are pure checks: 0 if the owner, the mode or the list permit it.  The
 * result goes into kauth_authorize_vnode(), which knows of superusers and
 * security models and has the last word.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/extattr.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

#include "genfs/access.h"

/* ACCESS of a file system that has only ACCESSX. */
int
genfs_access(void *v)
{
	const struct vop_access_args *ap = v;

	return VOP_ACCESSX(ap->a_vp, ap->a_accmode, ap->a_cred);
}

/* ACCESSX of a file system that has only ACCESS. */
int
genfs_accessx(void *v)
{
	const struct vop_accessx_args *ap = v;
	accmode_t accmode = ap->a_accmode;
	int error;

	error = vfs_unixify_accmode(&accmode);
	if (error != 0 || accmode == 0)
		return error;
	return VOP_ACCESS(ap->a_vp, accmode, ap->a_cred);
}

bool
genfs_cred_in_group(kauth_cred_t cred, gid_t gid)
{
	int ismember = 0;

	if (kauth_cred_getegid(cred) == gid)
		return true;
	return kauth_cred_ismember_gid(cred, gid, &ismember) == 0 &&
	    ismember != 0;
}

static bool
is_kernel(kauth_cred_t cred)
{

	return cred == NOCRED || cred == FSCRED;
}

/* The rwx bits of a class as an accmode; writing implies appending. */
static accmode_t
class_grants(mode_t bits)
{

	return ((bits & S_IROTH) != 0 ? VREAD : 0) |
	    ((bits & S_IWOTH) != 0 ? VWRITE | VAPPEND : 0) |
	    ((bits & S_IXOTH) != 0 ? VEXEC : 0);
}

/*
 * Does the mode permit it?  The first class that the credential belongs to
 * decides, even if a later one permits more.
 *
 * Returns 0, EPERM if VADMIN was asked for, or EACCES.
 * Ref:     POSIX.1-2017, XBD 4.5.
 */
int
genfs_can_access(struct vnode *vp, kauth_cred_t cred, uid_t uid, gid_t gid,
    mode_t mode, struct acl *acl, accmode_t accmode)
{
	accmode_t granted;

	if (is_kernel(cred))
		return 0;
	KASSERT((accmode & VAPPEND) == 0 || (accmode & VWRITE) != 0);
	if (kauth_cred_geteuid(cred) == uid)
		granted = VADMIN | class_grants(mode >> 6);
	else if (genfs_cred_in_group(cred, gid))
		granted = class_grants(mode >> 3);
	else
		granted = class_grants(mode);
	if ((accmode & ~granted) == 0)
		return 0;
	return (accmode & VADMIN) != 0 ? EPERM : EACCES;
}

/*
 * May the mode be changed to newmode?
 *
 * Returns 0; EFTYPE: only directories are sticky; EPERM; or what VOP_ACCESSX
 * says.
 * Locks:   vp locked.
 */
int
genfs_can_chmod(struct vnode *vp, kauth_cred_t cred, uid_t uid, gid_t gid,
    mode_t newmode)
{
	int error;

	error = VOP_ACCESSX(vp, VWRITE_ACL, cred);
	if (error != 0)
		return error;
	if ((newmode & S_ISTXT) != 0 && vp->v_type != VDIR)
		return EFTYPE;
	if ((newmode & S_ISGID) != 0 && !genfs_cred_in_group(cred, gid))
		return EPERM;
	if ((newmode & S_ISUID) != 0 && kauth_cred_geteuid(cred) != uid)
		return EPERM;
	return 0;
}

/* An owner may give a file to another of the owner's groups, no more. */
int
genfs_can_chown(struct vnode *vp, kauth_cred_t cred, uid_t uid, gid_t gid,
    uid_t newuid, gid_t newgid)
{

	if (kauth_cred_geteuid(cred) != uid || newuid != uid)
		return EPERM;
	if (newgid != gid && !genfs_cred_in_group(cred, newgid))
		return EPERM;
	return 0;
}

/*
 * An owner may set times; who may write, the present (VA_UTIMES_NULL).
 *
 * Locks:   vp locked.
 */
int
genfs_can_chtimes(struct vnode *vp, kauth_cred_t cred, uid_t uid,
    u_int vaflags)
{

	if (kauth_cred_geteuid(cred) == uid)
		return 0;
	if ((vaflags & VA_UTIMES_NULL) == 0)
		return EPERM;
	return VOP_ACCESS(vp, VWRITE, cred);
}

/* An owner may set the flags that are the owner's, not on devices. */
int
genfs_can_chflags(struct vnode *vp, kauth_cred_t cred, uid_t uid,
    bool changes_sysflags)
{

	if (changes_sysflags || kauth_cred_geteuid(cred) != uid ||
	    vp->v_type == VBLK || vp->v_type == VCHR)
		return EPERM;
	return 0;
}

/* In a sticky directory, its owner and the file's remove and rename. */
int
genfs_can_sticky(struct vnode *vp, kauth_cred_t cred, uid_t dir_uid,
    uid_t file_uid)
{
	uid_t uid = kauth_cred_geteuid(cred);

	return uid == dir_uid || uid == file_uid ? 0 : EPERM;
}

/*
 * May an extended attribute be read or written?
 *
 * Locks:   vp locked.
 */
int
genfs_can_extattr(struct vnode *vp, kauth_cred_t cred, accmode_t accmode,
    int attrnamespace)
{

	if (is_kernel(cred))
		return 0;
	/* a user's attributes are like a user's data */
	if (attrnamespace == EXTATTR_NAMESPACE_USER)
		return VOP_ACCESS(vp, accmode, cred);
	if (attrnamespace != EXTATTR_NAMESPACE_SYSTEM)
		return EPERM;
	return kauth_authorize_system(cred, KAUTH_SYSTEM_FS_EXTATTR, 0,
	    vp->v_mount, NULL, NULL);
}
