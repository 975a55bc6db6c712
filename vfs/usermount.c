/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mounts by users, if vfs.generic.usermount (or, the same,
 * security.models.extensions.usermount) is 1.
 *
 * A user may mount on a directory that is his, with MNT_NOSUID and MNT_NODEV, and
 * with MNT_NOEXEC where the directory's file system has it; and a device that he
 * may read, or write if the mount is to.  He may update (under the same
 * conditions) and unmount what he mounted.  None of it may be exported.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/kauth.h>
#include <sys/mount.h>
#include <sys/sysctl.h>
#include <sys/vnode.h>

#include <rump-private/secmodel.h>

#include "mount_impl.h"

static int usermount;

SYSCTL_SETUP(sysctl_usermount_setup, "mounts by users")
{
	static const char text[] = "Users may mount on what is theirs";

	sysctl_createv(clog, 0, NULL, NULL, CTLFLAG_PERMANENT, CTLTYPE_NODE,
	    "generic", NULL, NULL, 0, NULL, 0, CTL_VFS, VFS_GENERIC, CTL_EOL);
	sysctl_createv(clog, 0, NULL, NULL,
	    CTLFLAG_PERMANENT | CTLFLAG_READWRITE, CTLTYPE_INT, "usermount",
	    text, sysctl_secmodel_permission, 0, &usermount, 0, CTL_VFS,
	    VFS_GENERIC, VFS_USERMOUNT, CTL_EOL);
	sysctl_secmodel_switch(clog, "extensions", "usermount", text,
	    sysctl_secmodel_permission, &usermount);
}

/* Whose directory is it?  Of one that does not say, nobody's. */
static uid_t
owner_of(struct vnode *dvp)
{
	struct vattr attr = { .va_uid = (uid_t)-1 };

	vn_lock(dvp, LK_SHARED | LK_RETRY);
	if (VOP_GETATTR(dvp, &attr, kauth_cred_get()) != 0)
		attr.va_uid = (uid_t)-1;
	VOP_UNLOCK(dvp);
	return attr.va_uid;
}

/* Options that a user may give below, or for, a mount with these. */
static bool
harmless(u_long flags, int below)
{
	const u_long wanted = MNT_NOSUID | MNT_NODEV | (below & MNT_NOEXEC);

	return (flags & wanted) == wanted && (flags & MNT_EXPORTED) == 0;
}

static bool
may_use_device(kauth_cred_t cred, struct vnode *devvp, accmode_t accmode)
{
	int error;

	vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_ACCESS(devvp, accmode, cred);
	VOP_UNLOCK(devvp);
	return error == 0;
}

static bool
user_may(kauth_cred_t cred, enum kauth_system_req req, void *object, void *arg)
{
	const uid_t user = kauth_cred_geteuid(cred);
	struct vnode *dvp = object;
	struct mount *mp = object;

	switch (req) {
	case KAUTH_REQ_SYSTEM_MOUNT_NEW:
		return harmless((u_long)(uintptr_t)arg,
		    atomic_load_relaxed(&dvp->v_mount->mnt_flag)) && owner_of(dvp) == user;
	case KAUTH_REQ_SYSTEM_MOUNT_UPDATE:
		return mp->mnt_stat.f_owner == user &&
		    harmless((u_long)(uintptr_t)arg, atomic_load_relaxed(&mp->mnt_flag));
	case KAUTH_REQ_SYSTEM_MOUNT_UNMOUNT:
		return mp->mnt_stat.f_owner == user;
	default:
		return false;
	}
}

static int
listener(kauth_cred_t cred, kauth_action_t action, void *cookie, void *arg0,
    void *arg1, void *arg2, void *arg3)
{
	enum kauth_system_req req = (enum kauth_system_req)(uintptr_t)arg0;
	bool may;

	if (action != KAUTH_SYSTEM_MOUNT || usermount == 0 ||
	    kauth_cred_geteuid(cred) == 0)
		return KAUTH_RESULT_DEFER;
	if (req == KAUTH_REQ_SYSTEM_MOUNT_DEVICE)
		may = may_use_device(cred, arg1, (accmode_t)(uintptr_t)arg3);
	else
		may = user_may(cred, req, arg1, arg2);
	return may ? KAUTH_RESULT_ALLOW : KAUTH_RESULT_DEFER;
}

void
usermount_start(void)
{

	(void)kauth_listen_scope(KAUTH_SCOPE_SYSTEM, listener, NULL);
}
