/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File system types, the calls on a mount, and hooks on mounts.
 *
 *   vfs_attach, vfs_detach       a type comes and goes
 *   vfs_getopsbyname, vfs_delref find a type and keep it
 *   VFS_*                        call the file system of a mount
 *   vfs_hooks_*                  others hear of unmounts and exports
 *
 * VFS_* take the kernel lock for mounts that are not IMNT_MPSAFE; VFS_MOUNT
 * and VFS_UNMOUNT always do.
 *
 * Locks: vfs_list_lock protects the list of types and their reference counts;
 *        attaching is serialised by the kernel configuration lock or, at boot,
 *        by there being one thread.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/extattr.h>
#include <sys/fstrans.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "mount_impl.h"

struct vfs_list_head vfs_list = LIST_HEAD_INITIALIZER(vfs_list);
kmutex_t vfs_list_lock;

static kmutex_t hooks_lock;
static LIST_HEAD(, vfs_hooks) hooks = LIST_HEAD_INITIALIZER(hooks);

/* ------------------------------------------------------------------ types */

static struct vfsops *
find(const char *name)
{
	struct vfsops *ops;

	KASSERT(mutex_owned(&vfs_list_lock));
	LIST_FOREACH(ops, &vfs_list, vfs_list) {
		if (strcmp(ops->vfs_name, name) == 0)
			return ops;
	}
	return NULL;
}

/*
 * Make a type known: build its vectors, initialise it.
 *
 * Returns 0, or EEXIST if there is one of this name.
 */
int
vfs_attach(struct vfsops *ops)
{
	bool known;

	mutex_enter(&vfs_list_lock);
	known = find(ops->vfs_name) != NULL;
	mutex_exit(&vfs_list_lock);
	if (known)
		return EEXIST;
	vfs_opv_init(ops->vfs_opv_descs);
	(*ops->vfs_init)();
	ops->vfs_refcount = 0;
	mutex_enter(&vfs_list_lock);
	LIST_INSERT_HEAD(&vfs_list, ops, vfs_list);
	mutex_exit(&vfs_list_lock);
	return 0;
}

/*
 * Forget a type.
 *
 * Returns 0, EBUSY (mounted, or in somebody's hands), or ESRCH (not known).
 */
int
vfs_detach(struct vfsops *ops)
{
	int error = 0;

	mutex_enter(&vfs_list_lock);
	if (find(ops->vfs_name) != ops)
		error = ESRCH;
	else if (ops->vfs_refcount != 0)
		error = EBUSY;
	else
		LIST_REMOVE(ops, vfs_list);
	mutex_exit(&vfs_list_lock);
	if (error != 0)
		return error;
	(*ops->vfs_done)();
	vfs_opv_free(ops->vfs_opv_descs);
	return 0;
}

/*
 * A type by its name, with a reference; NULL if there is none.
 */
struct vfsops *
vfs_getopsbyname(const char *name)
{
	struct vfsops *ops;

	mutex_enter(&vfs_list_lock);
	if ((ops = find(name)) != NULL)
		ops->vfs_refcount++;
	mutex_exit(&vfs_list_lock);
	return ops;
}

/* Drop a reference to a type. */
void
vfs_delref(struct vfsops *ops)
{

	mutex_enter(&vfs_list_lock);
	KASSERT(ops->vfs_refcount > 0);
	ops->vfs_refcount--;
	mutex_exit(&vfs_list_lock);
}

/* Tell all types that the number of vnodes to be expected has changed. */
void
vfs_reinit(void)
{
	struct vfsops *ops;

	mutex_enter(&vfs_list_lock);
	LIST_FOREACH(ops, &vfs_list, vfs_list) {
		if (ops->vfs_reinit == NULL)
			continue;
		ops->vfs_refcount++;
		mutex_exit(&vfs_list_lock);
		(*ops->vfs_reinit)();
		mutex_enter(&vfs_list_lock);
		ops->vfs_refcount--;
	}
	mutex_exit(&vfs_list_lock);
}

/*
 * Calls on mounts.  What a type does not have of quotas, file handles and snapshots its
 * vfsops leave NULL: EOPNOTSUPP.
 */

static inline bool
biglock_enter(const struct mount *mp)
{
	const bool take = (atomic_load_relaxed(&mp->mnt_iflag) & IMNT_MPSAFE) == 0;

	if (take)
		KERNEL_LOCK(1, curlwp);
	return take;
}

static inline int
biglock_exit(bool taken, int error)
{

	if (taken)
		KERNEL_UNLOCK_ONE(curlwp);
	return error;
}

int
VFS_MOUNT(struct mount *mp, const char *path, void *data, size_t *len)
{

	KERNEL_LOCK(1, curlwp);
	return biglock_exit(true, mp->mnt_op->vfs_mount(mp, path, data, len));
}

int
VFS_UNMOUNT(struct mount *mp, int flags)
{

	KERNEL_LOCK(1, curlwp);
	return biglock_exit(true, mp->mnt_op->vfs_unmount(mp, flags));
}

int
VFS_START(struct mount *mp, int flags)
{
	const bool big = biglock_enter(mp);

	return biglock_exit(big, mp->mnt_op->vfs_start(mp, flags));
}

int
VFS_ROOT(struct mount *mp, int lktype, struct vnode **vpp)
{
	const bool big = biglock_enter(mp);

	return biglock_exit(big, mp->mnt_op->vfs_root(mp, lktype, vpp));
}

int
VFS_QUOTACTL(struct mount *mp, struct quotactl_args *args)
{
	const struct vfsops *ops = mp->mnt_op;
	const bool big = biglock_enter(mp);

	return biglock_exit(big, ops->vfs_quotactl == NULL ? EOPNOTSUPP :
	    ops->vfs_quotactl(mp, args));
}

int
VFS_STATVFS(struct mount *mp, struct statvfs *sb)
{
	const bool big = biglock_enter(mp);

	return biglock_exit(big, mp->mnt_op->vfs_statvfs(mp, sb));
}

int
VFS_SYNC(struct mount *mp, int waitfor, struct kauth_cred *cred)
{
	const bool big = biglock_enter(mp);

	return biglock_exit(big, mp->mnt_op->vfs_sync(mp, waitfor, cred));
}

int
VFS_FHTOVP(struct mount *mp, struct fid *fid, int lktype, struct vnode **vpp)
{
	const struct vfsops *ops = mp->mnt_op;
	const bool big = biglock_enter(mp);

	return biglock_exit(big, ops->vfs_fhtovp == NULL ? EOPNOTSUPP :
	    ops->vfs_fhtovp(mp, fid, lktype, vpp));
}

int
VFS_VPTOFH(struct vnode *vp, struct fid *fid, size_t *len)
{
	const struct vfsops *ops = vp->v_mount->mnt_op;
	const bool big = biglock_enter(vp->v_mount);

	return biglock_exit(big, ops->vfs_vptofh == NULL ? EOPNOTSUPP :
	    ops->vfs_vptofh(vp, fid, len));
}

int
VFS_SNAPSHOT(struct mount *mp, struct vnode *vp, struct timespec *ts)
{
	const struct vfsops *ops = mp->mnt_op;
	const bool big = biglock_enter(mp);

	return biglock_exit(big, ops->vfs_snapshot == NULL ? EOPNOTSUPP :
	    ops->vfs_snapshot(mp, vp, ts));
}

int
VFS_EXTATTRCTL(struct mount *mp, int cmd, struct vnode *vp, int attrnamespace,
    const char *name)
{
	const bool big = biglock_enter(mp);

	return biglock_exit(big, mp->mnt_op->vfs_extattrctl(mp, cmd, vp,
	    attrnamespace, name));
}

int
VFS_SUSPENDCTL(struct mount *mp, int cmd)
{
	const bool big = biglock_enter(mp);

	return biglock_exit(big, mp->mnt_op->vfs_suspendctl(mp, cmd));
}

/*
 * VFS_EXTATTRCTL for types that have no extended attributes.
 *
 * Returns EOPNOTSUPP.
 * Locks: vp, if given, is unlocked.
 */
int
vfs_stdextattrctl(struct mount *mp, int cmd, struct vnode *vp,
    int attrnamespace, const char *name)
{

	if (vp != NULL)
		VOP_UNLOCK(vp);
	return EOPNOTSUPP;
}

/* ------------------------------------------------------------------ hooks */

void
vfs_hooks_init(void)
{

	mutex_init(&hooks_lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&vfs_list_lock, MUTEX_DEFAULT, IPL_NONE);
}

/* Returns 0. */
int
vfs_hooks_attach(struct vfs_hooks *h)
{

	mutex_enter(&hooks_lock);
	LIST_INSERT_HEAD(&hooks, h, vfs_hooks_list);
	mutex_exit(&hooks_lock);
	return 0;
}

/* Returns 0, or ESRCH if it is not attached. */
int
vfs_hooks_detach(struct vfs_hooks *h)
{
	struct vfs_hooks *i;

	mutex_enter(&hooks_lock);
	LIST_FOREACH(i, &hooks, vfs_hooks_list) {
		if (i == h)
			break;
	}
	if (i != NULL)
		LIST_REMOVE(h, vfs_hooks_list);
	mutex_exit(&hooks_lock);
	return i == NULL ? ESRCH : 0;
}

/* A mount is gone; its memory is still there. */
void
vfs_hooks_unmount(struct mount *mp)
{
	struct vfs_hooks *h;

	mutex_enter(&hooks_lock);
	LIST_FOREACH(h, &hooks, vfs_hooks_list) {
		if (h->vh_unmount != NULL)
			(*h->vh_unmount)(mp);
	}
	mutex_exit(&hooks_lock);
}

/*
 * Somebody passed export data to mount(2) of this type.
 *
 * Returns what the first hook that knows of it says; EJUSTRETURN: none does.
 */
int
vfs_hooks_reexport(struct mount *mp, const char *path, void *data)
{
	struct vfs_hooks *h;
	int error = EJUSTRETURN;

	mutex_enter(&hooks_lock);
	LIST_FOREACH(h, &hooks, vfs_hooks_list) {
		if (h->vh_reexport == NULL)
			continue;
		error = (*h->vh_reexport)(mp, path, data);
		if (error != EJUSTRETURN)
			break;
	}
	mutex_exit(&hooks_lock);
	return error;
}
