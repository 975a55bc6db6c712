/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File systems as a whole: mount unmount statvfs1 fstatvfs1 getvfsstat sync.
 *
 * mount(2) does three things: with MNT_GETARGS it returns the arguments of a
 * mount, with MNT_UPDATE it changes its options, else it mounts.  The type's
 * arguments are copied in here; pointers inside them are the file system's
 * matter.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vfs_syscalls.h>
#include <sys/vnode.h>

#include "../mount_impl.h"
#include "calls.h"

/* -------------------------------------------------------- changing a mount */

/*
 * A mount's options are about to be looked at or changed: keep it, and keep
 * others out.
 *
 * vp  its root, or EINVAL
 */
static int
mount_hold(struct vnode *vp, struct mount **mpp)
{
	struct mount *mp = vnode_fstrans_start(vp);

	if ((vp->v_vflag & VV_ROOT) == 0) {
		fstrans_done(mp);
		return EINVAL;
	}
	vfs_ref(mp);
	mutex_enter(mp->mnt_updating);
	*mpp = mp;
	return 0;
}

static void
mount_release(struct mount *mp)
{

	mount_flag_change(mp, 0, MNT_OP_FLAGS);
	mutex_exit(mp->mnt_updating);
	vfs_unbusy(mp);
}

/*
 * The same for a change that nobody may see half done, and in which the type may
 * end vnodes (vflush): the mount is suspended.  As in unmounting, that comes
 * before mnt_updating.
 */
static int
mount_hold_suspended(struct vnode *vp, struct mount **mpp)
{
	struct mount *mp = vnode_fstrans_start(vp);
	const bool is_root = (vp->v_vflag & VV_ROOT) != 0;
	int error;

	vfs_ref(mp);
	fstrans_done(mp);
	error = is_root ? vfs_suspend(mp, 0) : EINVAL;
	if (error != 0) {
		vfs_rele(mp);
		return error;
	}
	mutex_enter(mp->mnt_updating);
	*mpp = mp;
	return 0;
}

static void
mount_release_suspended(struct mount *mp)
{

	mount_flag_change(mp, 0, MNT_OP_FLAGS);
	mutex_exit(mp->mnt_updating);
	vfs_resume(mp);
	vfs_rele(mp);
}

/* MNT_GETARGS: have the type fill in its arguments. */
static int
mount_getargs(struct lwp *l, struct vnode *vp, const char *path, int flags,
    void *data, size_t *len)
{
	struct mount *mp;
	int error;

	if (flags != MNT_GETARGS)
		return EINVAL;
	if ((error = mount_hold(vp, &mp)) != 0)
		return error;
	error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_MOUNT,
	    KAUTH_REQ_SYSTEM_MOUNT_GET, mp, data, NULL);
	if (error == 0) {
		mount_flag_change(mp, MNT_GETARGS, MNT_OP_FLAGS);
		error = VFS_MOUNT(mp, path, data, len);
	}
	mount_release(mp);
	return error;
}

/* The options that an update asks for, as the type shall see them. */
static int
update_flags(struct mount *mp, int flags)
{
	const int was = mp->mnt_flag & MNT_RDONLY, will = flags & MNT_RDONLY;

	/* reading everything again makes sense where nobody writes */
	if ((flags & MNT_RELOAD) != 0 && !was)
		return EOPNOTSUPP;
	if (will && !was && (mp->mnt_iflag & IMNT_CAN_RWTORO) == 0)
		return EOPNOTSUPP;
	if (will && !was) {
		/* it becomes read-only when the type has agreed */
		mount_iflag_change(mp, IMNT_WANTRDONLY, 0);
		flags &= ~MNT_RDONLY;
	} else if (was && !will) {
		mount_iflag_change(mp, IMNT_WANTRDWR, 0);
	}
	mount_flag_change(mp, flags & (MNT_OP_FLAGS | MNT_BASIC_FLAGS),
	    MNT_OP_FLAGS | MNT_BASIC_FLAGS);
	return 0;
}

/* Old programs export a file system to the network by an update. */
static int
update_or_export(struct mount *mp, const char *path, void *data, size_t *len)
{
	int error, e;

	error = VFS_MOUNT(mp, path, data, len);
	if (error == 0 || data == NULL)
		return error;
	e = vfs_hooks_reexport(mp, path, data);
	return e == EJUSTRETURN ? error : e;
}

/* MNT_UPDATE */
static int
mount_update(struct lwp *l, struct vnode *vp, const char *path, int flags,
    void *data, size_t *len)
{
	/* files may be open for writing, which a type has to look after */
	const bool suspend = (flags & MNT_RDONLY) != 0;
	struct mount *mp;
	int saved, error;

	error = suspend ? mount_hold_suspended(vp, &mp) : mount_hold(vp, &mp);
	if (error != 0)
		return error;
	saved = mp->mnt_flag;
	error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_MOUNT,
	    KAUTH_REQ_SYSTEM_MOUNT_UPDATE, mp, KAUTH_ARG(flags), data);
	if (error == 0)
		error = update_flags(mp, flags);
	if (error == 0) {
		error = update_or_export(mp, path, data, len);
		if (error == 0 && (mp->mnt_iflag & IMNT_WANTRDONLY) != 0)
			mount_flag_change(mp, MNT_RDONLY, 0);
		if (error != 0)
			mount_flag_change(mp, saved, ~0);
	}
	mount_iflag_change(mp, 0, IMNT_WANTRDONLY | IMNT_WANTRDWR);
	if ((mp->mnt_flag & (MNT_RDONLY | MNT_ASYNC)) == 0)
		vfs_syncer_add_to_worklist(mp);
	else
		vfs_syncer_remove_from_worklist(mp);
	if (suspend)
		mount_release_suspended(mp);
	else
		mount_release(mp);
	return error;
}

/* ----------------------------------------------------------------- mount(2) */

/* The type of a name, with a reference; its module may have to be loaded. */
static int
type_get(const char *type, enum uio_seg seg, struct vfsops **opsp)
{
	char name[sizeof(((struct statvfs *)0)->f_fstypename)];
	int error;

	if (type == NULL)
		return EFAULT;
	if (seg == UIO_USERSPACE)
		error = copyinstr(type, name, sizeof(name), NULL);
	else
		error = copystr(type, name, sizeof(name), NULL);
	if (error != 0)
		return error;
	if ((*opsp = vfs_getopsbyname(name)) != NULL)
		return 0;
	(void)module_autoload(name, MODULE_CLASS_VFS);
	return (*opsp = vfs_getopsbyname(name)) != NULL ? 0 : ENODEV;
}

/* A kernel copy of the type's arguments; NULL if there are none. */
static int
data_get(void *data, enum uio_seg seg, size_t len, void **bufp)
{
	int error;

	*bufp = NULL;
	if (data == NULL || seg == UIO_SYSSPACE) {
		*bufp = data;
		return 0;
	}
	if (len == 0)
		return 0;
	if (len > VFS_MAX_MOUNT_DATA)
		return EINVAL;
	*bufp = kmem_alloc(len, KM_SLEEP);
	if ((error = copyin(data, *bufp, len)) != 0) {
		kmem_free(*bufp, len);
		*bufp = NULL;
	}
	return error;
}

/*
 * mount(2).
 *
 * type, data  in memory of the kinds given; type NULL is for GETARGS, UPDATE
 * path        user's
 * data_len    of data; 0: what the type takes at least
 * retval      out: for MNT_GETARGS the length of the arguments
 */
int
do_sys_mount(struct lwp *l, const char *type, enum uio_seg type_seg,
    const char *path, int flags, void *data, enum uio_seg data_seg,
    size_t data_len, register_t *retval)
{
	struct vfsops *ops = NULL;
	struct vnode *vp;
	size_t len;
	void *buf;
	int error;

	error = call_namei_simple(AT_FDCWD, path, true, &vp);
	if (error != 0)
		return error;
	if ((flags & (MNT_GETARGS | MNT_UPDATE)) == 0 &&
	    (error = type_get(type, type_seg, &ops)) != 0)
		goto out;
	if (data_len == 0 && data != NULL)
		data_len = (ops != NULL ? ops : vp->v_mount->mnt_op)->
		    vfs_min_mount_data;
	if ((error = data_get(data, data_seg, data_len, &buf)) != 0)
		goto out;
	len = data_len;
	if ((flags & MNT_GETARGS) != 0) {
		error = len == 0 ? EINVAL :
		    mount_getargs(l, vp, path, flags, buf, &len);
		if (error == 0 && data_seg == UIO_USERSPACE)
			error = copyout(buf, data, MIN(len, data_len));
		if (error == 0)
			*retval = (register_t)len;
	} else if ((flags & MNT_UPDATE) != 0) {
		error = mount_update(l, vp, path, flags, buf, &len);
	} else {
		error = mount_domount(l, &vp, ops, path, flags, buf, &len);
		ops = NULL;
	}
	if (buf != NULL && buf != data)
		kmem_free(buf, data_len);
out:
	if (ops != NULL)
		vfs_delref(ops);
	if (vp != NULL)
		vrele(vp);
	return error;
}

int
sys___mount50(struct lwp *l, const struct sys___mount50_args *uap,
    register_t *retval)
{

	return do_sys_mount(l, SCARG(uap, type), UIO_USERSPACE,
	    SCARG(uap, path), SCARG(uap, flags), SCARG(uap, data),
	    UIO_USERSPACE, SCARG(uap, data_len), retval);
}
SYSCALL_HANDLER(__mount50)

/* --------------------------------------------------------------- unmount(2) */

int
sys_unmount(struct lwp *l, const struct sys_unmount_args *uap,
    register_t *retval)
{
	struct mount *mp;
	struct vnode *vp;
	bool root;
	int error;

	/* the root of what is mounted, not what covers it further up */
	error = call_namei_simple(AT_FDCWD, SCARG(uap, path), false, &vp);
	if (error != 0)
		return error;
	mp = vnode_fstrans_start(vp);
	vfs_ref(mp);
	root = (vp->v_vflag & VV_ROOT) != 0;
	fstrans_done(mp);
	error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_MOUNT,
	    KAUTH_REQ_SYSTEM_MOUNT_UNMOUNT, mp, NULL, NULL);
	if (error == 0 && (!root || (atomic_load_relaxed(&mp->mnt_flag) & MNT_ROOTFS) != 0 ||
	    mp->mnt_vnodecovered == NULL))
		error = EINVAL;
	vrele(vp);
	if (error == 0)
		error = dounmount(mp, SCARG(uap, flags), l);
	if (error != 0)
		vfs_rele(mp);
	return error;
}
SYSCALL_HANDLER(unmount)

/* --------------------------------------------------------------- statistics */

static int
statvfs_out(struct lwp *l, struct mount *mp, int flags, struct statvfs *ub)
{
	struct statvfs *sb = STATVFSBUF_GET();
	int error;

	error = dostatvfs(mp, sb, l, flags, 1);
	if (error == 0)
		error = copyout(sb, ub, sizeof(*sb));
	STATVFSBUF_PUT(sb);
	return error;
}

int
sys___statvfs190(struct lwp *l, const struct sys___statvfs190_args *uap,
    register_t *retval)
{
	struct mount *mp;
	struct vnode *vp;
	int error;

	error = call_namei_simple(AT_FDCWD, SCARG(uap, path), true, &vp);
	if (error != 0)
		return error;
	mp = vnode_fstrans_start(vp);
	error = statvfs_out(l, mp, SCARG(uap, flags), SCARG(uap, buf));
	fstrans_done(mp);
	vrele(vp);
	return error;
}
SYSCALL_HANDLER(__statvfs190)

int
sys___fstatvfs190(struct lwp *l, const struct sys___fstatvfs190_args *uap,
    register_t *retval)
{
	const int fd = SCARG(uap, fd);
	struct mount *mp;
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = call_fdvnode(fd, &fp, &vp)) != 0)
		return error;
	mp = vnode_fstrans_start(vp);
	error = statvfs_out(l, mp, SCARG(uap, flags), SCARG(uap, buf));
	fstrans_done(mp);
	fd_putfile((unsigned)fd);
	return error;
}
SYSCALL_HANDLER(__fstatvfs190)

/* All mounts that the process can see; the result is how many there are. */
int
sys___getvfsstat90(struct lwp *l, const struct sys___getvfsstat90_args *uap,
    register_t *retval)
{
	const size_t room = SCARG(uap, bufsize) / sizeof(struct statvfs);
	struct statvfs *ub = SCARG(uap, buf), *sb = STATVFSBUF_GET();
	mount_iterator_t *it;
	struct mount *mp;
	size_t n = 0;
	int error = 0;

	mountlist_iterator_init(&it);
	while (error == 0 && (mp = mountlist_iterator_next(it)) != NULL) {
		if (dostatvfs(mp, sb, l, SCARG(uap, flags), 0) != 0)
			continue;
		if (ub != NULL && n < room)
			error = copyout(sb, &ub[n], sizeof(*sb));
		n++;
	}
	mountlist_iterator_destroy(it);
	STATVFSBUF_PUT(sb);
	*retval = (register_t)(ub != NULL && n > room ? room : n);
	return error;
}
SYSCALL_HANDLER(__getvfsstat90)

int
sys_sync(struct lwp *l, const void *v, register_t *retval)
{

	(void)do_sys_sync(l);
	return 0;
}
SYSCALL_HANDLER(sync)

void
calls_mount_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(__mount50), SYSCALL_ROW(unmount),
		SYSCALL_ROW(__statvfs190), SYSCALL_ROW(__fstatvfs190),
		SYSCALL_ROW(__getvfsstat90), SYSCALL_ROW(sync),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
