/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Extended attributes: extattrctl, extattr_{set,get,delete,list}_{fd,file,link}
 * and Linux's [lf]{set,get,list,remove}xattr.
 *
 * Both are the same four operations on a vnode; they differ in how the object
 * and the name space are given, and in details that the small functions here
 * hide.  Linux has the name space in the name: what begins with "system.",
 * "trusted." or "security." is the system's, the rest the user's.
 *
 * Ref: NetBSD extattr_get_file(2), xattr(7).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/extattr.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>
#include <sys/xattr.h>

#include "../mount_impl.h"
#include "calls.h"

/* An object, however it was named. */
struct object {
	struct vnode	*vp;
	int		fd;		/* borrowed; -1: vp is referenced */
};

static int
object_path(const char *path, bool follow, struct object *o)
{

	o->fd = -1;
	return call_namei_simple(AT_FDCWD, path, follow, &o->vp);
}

static int
object_fd(int fd, struct object *o)
{
	struct file *fp;

	o->fd = fd;
	return call_fdvnode(fd, &fp, &o->vp);
}

static void
object_put(struct object *o)
{

	if (o->fd >= 0)
		fd_putfile((unsigned)o->fd);
	else
		vrele(o->vp);
}

/* A user's buffer as a uio. */
static void
user_uio(struct uio *uio, struct iovec *iov, enum uio_rw rw, const void *data,
    size_t len)
{

	iov->iov_base = __UNCONST(data);
	iov->iov_len = len;
	uio->uio_iov = iov;
	uio->uio_iovcnt = 1;
	uio->uio_offset = 0;
	uio->uio_resid = len;
	uio->uio_rw = rw;
	uio->uio_vmspace = curproc->p_vmspace;
}

static int
name_in(const char *uname, char *name, size_t size)
{

	return uname == NULL ? EFAULT : copyinstr(uname, name, size, NULL);
}

/* ---------------------------------------------------------- four operations */

/* flags: XATTR_CREATE, XATTR_REPLACE */
static int
attr_set(struct vnode *vp, int ns, const char *name, const void *data,
    size_t len, int flags, register_t *retval)
{
	kauth_cred_t cred = curlwp->l_cred;
	struct iovec iov;
	struct uio uio;
	size_t size;
	int error = 0;

	if (len > INT32_MAX)
		return EINVAL;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	if (flags != 0) {
		error = VOP_GETEXTATTR(vp, ns, name, NULL, &size, cred);
		if (error == ENOATTR)
			error = (flags & XATTR_REPLACE) != 0 ? ENOATTR : 0;
		else if (error == 0 && (flags & XATTR_CREATE) != 0)
			error = EEXIST;
	}
	if (error == 0) {
		user_uio(&uio, &iov, UIO_WRITE, data, len);
		error = VOP_SETEXTATTR(vp, ns, name, &uio, cred);
		*retval = (register_t)(len - uio.uio_resid);
	}
	VOP_UNLOCK(vp);
	return error;
}

/* data NULL: only the size */
static int
attr_get(struct vnode *vp, int ns, const char *name, void *data, size_t len,
    register_t *retval)
{
	struct iovec iov;
	struct uio uio;
	size_t size = 0;
	int error;

	if (len > INT32_MAX)
		return EINVAL;
	user_uio(&uio, &iov, UIO_READ, data, len);
	vn_lock(vp, LK_SHARED | LK_RETRY);
	error = VOP_GETEXTATTR(vp, ns, name, data == NULL ? NULL : &uio,
	    data == NULL ? &size : NULL, curlwp->l_cred);
	VOP_UNLOCK(vp);
	*retval = (register_t)(data == NULL ? size : len - uio.uio_resid);
	return error;
}

static int
attr_list(struct vnode *vp, int ns, int flag, void *data, size_t len,
    register_t *retval)
{
	struct iovec iov;
	struct uio uio;
	size_t size = 0;
	int error;

	if (len > INT32_MAX)
		return EINVAL;
	user_uio(&uio, &iov, UIO_READ, data, len);
	vn_lock(vp, LK_SHARED | LK_RETRY);
	error = VOP_LISTEXTATTR(vp, ns, data == NULL ? NULL : &uio,
	    data == NULL ? &size : NULL, flag, curlwp->l_cred);
	VOP_UNLOCK(vp);
	*retval = (register_t)(data == NULL ? size : len - uio.uio_resid);
	return error;
}

static int
attr_delete(struct vnode *vp, int ns, const char *name)
{
	kauth_cred_t cred = curlwp->l_cred;
	int error;

	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_DELETEEXTATTR(vp, ns, name, cred);
	/* a file system may know removal only as setting to nothing */
	if (error == EOPNOTSUPP)
		error = VOP_SETEXTATTR(vp, ns, name, NULL, cred);
	VOP_UNLOCK(vp);
	return error;
}

/* --------------------------------------------------------------- extattrctl */

int
sys_extattrctl(struct lwp *l, const struct sys_extattrctl_args *uap,
    register_t *retval)
{
	char name[EXTATTR_MAXNAMELEN + 1];
	struct vnode *vp, *file = NULL;
	struct mount *mp;
	int error;

	if (SCARG(uap, attrname) != NULL &&
	    (error = name_in(SCARG(uap, attrname), name, sizeof(name))) != 0)
		return error;
	error = call_namei_simple(AT_FDCWD, SCARG(uap, path), true, &vp);
	if (error != 0)
		return error;
	if (SCARG(uap, filename) != NULL) {
		error = call_namei_simple(AT_FDCWD, SCARG(uap, filename), true,
		    &file);
		if (error == 0)
			error = vn_lock(file, LK_EXCLUSIVE | LK_RETRY);
	}
	if (error == 0) {
		/* it unlocks the file in every case */
		mp = vnode_fstrans_start(vp);
		error = VFS_EXTATTRCTL(mp, SCARG(uap, cmd), file,
		    SCARG(uap, attrnamespace),
		    SCARG(uap, attrname) == NULL ? NULL : name);
		fstrans_done(mp);
	}
	if (file != NULL)
		vrele(file);
	vrele(vp);
	return error;
}
SYSCALL_HANDLER(extattrctl)

/* ---------------------------------------------------------------- extattr_* */

/* Run an operation on an object that was found. */
static int
extattr_set(int error, struct object *o, int ns, const char *uname,
    const void *data, size_t len, register_t *retval)
{
	char name[EXTATTR_MAXNAMELEN + 1];

	if (error != 0)
		return error;
	if ((error = name_in(uname, name, sizeof(name))) == 0)
		error = attr_set(o->vp, ns, name, data, len, 0, retval);
	object_put(o);
	return error;
}

static int
extattr_get(int error, struct object *o, int ns, const char *uname, void *data,
    size_t len, register_t *retval)
{
	char name[EXTATTR_MAXNAMELEN + 1];

	if (error != 0)
		return error;
	if ((error = name_in(uname, name, sizeof(name))) == 0)
		error = attr_get(o->vp, ns, name, data, len, retval);
	object_put(o);
	return error;
}

static int
extattr_delete(int error, struct object *o, int ns, const char *uname)
{
	char name[EXTATTR_MAXNAMELEN + 1];

	if (error != 0)
		return error;
	if ((error = name_in(uname, name, sizeof(name))) == 0)
		error = attr_delete(o->vp, ns, name);
	object_put(o);
	return error;
}

static int
extattr_list(int error, struct object *o, int ns, void *data, size_t len,
    register_t *retval)
{

	if (error != 0)
		return error;
	error = attr_list(o->vp, ns, EXTATTR_LIST_LENPREFIX, data, len, retval);
	object_put(o);
	return error;
}

int
sys_extattr_set_fd(struct lwp *l, const struct sys_extattr_set_fd_args *uap,
    register_t *retval)
{
	struct object o;

	return extattr_set(object_fd(SCARG(uap, fd), &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname), SCARG(uap, data),
	    SCARG(uap, nbytes), retval);
}
SYSCALL_HANDLER(extattr_set_fd)

int
sys_extattr_set_file(struct lwp *l, const struct sys_extattr_set_file_args *uap,
    register_t *retval)
{
	struct object o;

	return extattr_set(object_path(SCARG(uap, path), true, &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname), SCARG(uap, data),
	    SCARG(uap, nbytes), retval);
}
SYSCALL_HANDLER(extattr_set_file)

int
sys_extattr_set_link(struct lwp *l, const struct sys_extattr_set_link_args *uap,
    register_t *retval)
{
	struct object o;

	return extattr_set(object_path(SCARG(uap, path), false, &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname), SCARG(uap, data),
	    SCARG(uap, nbytes), retval);
}
SYSCALL_HANDLER(extattr_set_link)

int
sys_extattr_get_fd(struct lwp *l, const struct sys_extattr_get_fd_args *uap,
    register_t *retval)
{
	struct object o;

	return extattr_get(object_fd(SCARG(uap, fd), &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname), SCARG(uap, data),
	    SCARG(uap, nbytes), retval);
}
SYSCALL_HANDLER(extattr_get_fd)

int
sys_extattr_get_file(struct lwp *l, const struct sys_extattr_get_file_args *uap,
    register_t *retval)
{
	struct object o;

	return extattr_get(object_path(SCARG(uap, path), true, &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname), SCARG(uap, data),
	    SCARG(uap, nbytes), retval);
}
SYSCALL_HANDLER(extattr_get_file)

int
sys_extattr_get_link(struct lwp *l, const struct sys_extattr_get_link_args *uap,
    register_t *retval)
{
	struct object o;

	return extattr_get(object_path(SCARG(uap, path), false, &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname), SCARG(uap, data),
	    SCARG(uap, nbytes), retval);
}
SYSCALL_HANDLER(extattr_get_link)

int
sys_extattr_delete_fd(struct lwp *l,
    const struct sys_extattr_delete_fd_args *uap, register_t *retval)
{
	struct object o;

	return extattr_delete(object_fd(SCARG(uap, fd), &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname));
}
SYSCALL_HANDLER(extattr_delete_fd)

int
sys_extattr_delete_file(struct lwp *l,
    const struct sys_extattr_delete_file_args *uap, register_t *retval)
{
	struct object o;

	return extattr_delete(object_path(SCARG(uap, path), true, &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname));
}
SYSCALL_HANDLER(extattr_delete_file)

int
sys_extattr_delete_link(struct lwp *l,
    const struct sys_extattr_delete_link_args *uap, register_t *retval)
{
	struct object o;

	return extattr_delete(object_path(SCARG(uap, path), false, &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, attrname));
}
SYSCALL_HANDLER(extattr_delete_link)

int
sys_extattr_list_fd(struct lwp *l, const struct sys_extattr_list_fd_args *uap,
    register_t *retval)
{
	struct object o;

	return extattr_list(object_fd(SCARG(uap, fd), &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, data), SCARG(uap, nbytes),
	    retval);
}
SYSCALL_HANDLER(extattr_list_fd)

int
sys_extattr_list_file(struct lwp *l,
    const struct sys_extattr_list_file_args *uap, register_t *retval)
{
	struct object o;

	return extattr_list(object_path(SCARG(uap, path), true, &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, data), SCARG(uap, nbytes),
	    retval);
}
SYSCALL_HANDLER(extattr_list_file)

int
sys_extattr_list_link(struct lwp *l,
    const struct sys_extattr_list_link_args *uap, register_t *retval)
{
	struct object o;

	return extattr_list(object_path(SCARG(uap, path), false, &o), &o,
	    SCARG(uap, attrnamespace), SCARG(uap, data), SCARG(uap, nbytes),
	    retval);
}
SYSCALL_HANDLER(extattr_list_link)

/* ------------------------------------------------------------ Linux's calls */

/* Linux's calls have one error for a file system without attributes. */
static int
linux_error(int error)
{

	return error == EOPNOTSUPP ? ENOTSUP : error;
}

/* The name space that a name of Linux is in. */
static int
linux_namespace(const char *name)
{
	static const char * const prefixes[] = {
		"system.", "trusted.", "security.",
	};
	size_t i;

	for (i = 0; i < __arraycount(prefixes); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return EXTATTR_NAMESPACE_SYSTEM;
	}
	return EXTATTR_NAMESPACE_USER;
}

static int
linux_set(int error, struct object *o, const char *uname, const void *data,
    size_t len, int flags)
{
	char name[XATTR_NAME_MAX + 1];
	register_t done;

	if (error != 0)
		return error;
	if ((flags & ~(XATTR_CREATE | XATTR_REPLACE)) != 0)
		error = EINVAL;
	else if ((error = name_in(uname, name, sizeof(name))) == 0)
		error = attr_set(o->vp, linux_namespace(name), name, data, len,
		    flags, &done);
	object_put(o);
	return linux_error(error);
}

static int
linux_get(int error, struct object *o, const char *uname, void *data,
    size_t len, register_t *retval)
{
	char name[XATTR_NAME_MAX + 1];

	if (error != 0)
		return error;
	if ((error = name_in(uname, name, sizeof(name))) == 0)
		error = attr_get(o->vp, linux_namespace(name), name,
		    len == 0 ? NULL : data, len, retval);
	object_put(o);
	return linux_error(error);
}

/* The names of both name spaces, one after the other. */
static int
linux_list(int error, struct object *o, char *data, size_t len,
    register_t *retval)
{
	register_t user = 0, system = 0;
	size_t room = len;

	if (error != 0)
		return error;
	error = attr_list(o->vp, EXTATTR_NAMESPACE_USER, 0,
	    len == 0 ? NULL : data, len, &user);
	if (error == 0) {
		room -= MIN(room, (size_t)user);
		error = attr_list(o->vp, EXTATTR_NAMESPACE_SYSTEM, 0,
		    len == 0 ? NULL : data + user, room, &system);
		/* who may not see the system's sees his own */
		if (error == EPERM || error == EACCES)
			error = 0;
	}
	*retval = user + system;
	object_put(o);
	return linux_error(error);
}

static int
linux_remove(int error, struct object *o, const char *uname)
{
	char name[XATTR_NAME_MAX + 1];

	if (error != 0)
		return error;
	if ((error = name_in(uname, name, sizeof(name))) == 0)
		error = attr_delete(o->vp, linux_namespace(name), name);
	object_put(o);
	return linux_error(error);
}

int
sys_setxattr(struct lwp *l, const struct sys_setxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_set(object_path(SCARG(uap, path), true, &o), &o,
	    SCARG(uap, name), SCARG(uap, value), SCARG(uap, size),
	    SCARG(uap, flags));
}
SYSCALL_HANDLER(setxattr)

int
sys_lsetxattr(struct lwp *l, const struct sys_lsetxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_set(object_path(SCARG(uap, path), false, &o), &o,
	    SCARG(uap, name), SCARG(uap, value), SCARG(uap, size),
	    SCARG(uap, flags));
}
SYSCALL_HANDLER(lsetxattr)

int
sys_fsetxattr(struct lwp *l, const struct sys_fsetxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_set(object_fd(SCARG(uap, fd), &o), &o, SCARG(uap, name),
	    SCARG(uap, value), SCARG(uap, size), SCARG(uap, flags));
}
SYSCALL_HANDLER(fsetxattr)

int
sys_getxattr(struct lwp *l, const struct sys_getxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_get(object_path(SCARG(uap, path), true, &o), &o,
	    SCARG(uap, name), SCARG(uap, value), SCARG(uap, size), retval);
}
SYSCALL_HANDLER(getxattr)

int
sys_lgetxattr(struct lwp *l, const struct sys_lgetxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_get(object_path(SCARG(uap, path), false, &o), &o,
	    SCARG(uap, name), SCARG(uap, value), SCARG(uap, size), retval);
}
SYSCALL_HANDLER(lgetxattr)

int
sys_fgetxattr(struct lwp *l, const struct sys_fgetxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_get(object_fd(SCARG(uap, fd), &o), &o, SCARG(uap, name),
	    SCARG(uap, value), SCARG(uap, size), retval);
}
SYSCALL_HANDLER(fgetxattr)

int
sys_listxattr(struct lwp *l, const struct sys_listxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_list(object_path(SCARG(uap, path), true, &o), &o,
	    SCARG(uap, list), SCARG(uap, size), retval);
}
SYSCALL_HANDLER(listxattr)

int
sys_llistxattr(struct lwp *l, const struct sys_llistxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_list(object_path(SCARG(uap, path), false, &o), &o,
	    SCARG(uap, list), SCARG(uap, size), retval);
}
SYSCALL_HANDLER(llistxattr)

int
sys_flistxattr(struct lwp *l, const struct sys_flistxattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_list(object_fd(SCARG(uap, fd), &o), &o, SCARG(uap, list),
	    SCARG(uap, size), retval);
}
SYSCALL_HANDLER(flistxattr)

int
sys_removexattr(struct lwp *l, const struct sys_removexattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_remove(object_path(SCARG(uap, path), true, &o), &o,
	    SCARG(uap, name));
}
SYSCALL_HANDLER(removexattr)

int
sys_lremovexattr(struct lwp *l, const struct sys_lremovexattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_remove(object_path(SCARG(uap, path), false, &o), &o,
	    SCARG(uap, name));
}
SYSCALL_HANDLER(lremovexattr)

int
sys_fremovexattr(struct lwp *l, const struct sys_fremovexattr_args *uap,
    register_t *retval)
{
	struct object o;

	return linux_remove(object_fd(SCARG(uap, fd), &o), &o,
	    SCARG(uap, name));
}
SYSCALL_HANDLER(fremovexattr)

void
calls_xattr_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(extattrctl),
		SYSCALL_ROW(extattr_set_fd), SYSCALL_ROW(extattr_set_file),
		SYSCALL_ROW(extattr_set_link), SYSCALL_ROW(extattr_get_fd),
		SYSCALL_ROW(extattr_get_file), SYSCALL_ROW(extattr_get_link),
		SYSCALL_ROW(extattr_delete_fd),
		SYSCALL_ROW(extattr_delete_file),
		SYSCALL_ROW(extattr_delete_link),
		SYSCALL_ROW(extattr_list_fd), SYSCALL_ROW(extattr_list_file),
		SYSCALL_ROW(extattr_list_link),
		SYSCALL_ROW(setxattr), SYSCALL_ROW(lsetxattr),
		SYSCALL_ROW(fsetxattr), SYSCALL_ROW(getxattr),
		SYSCALL_ROW(lgetxattr), SYSCALL_ROW(fgetxattr),
		SYSCALL_ROW(listxattr), SYSCALL_ROW(llistxattr),
		SYSCALL_ROW(flistxattr), SYSCALL_ROW(removexattr),
		SYSCALL_ROW(lremovexattr), SYSCALL_ROW(fremovexattr),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
