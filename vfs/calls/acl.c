/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access control lists: __acl_get, set, delete and aclcheck, each by path, by
 * path of a symbolic link itself, and by descriptor.
 *
 * The lists are the file system's; here they are copied whole, and refused if
 * they are not of the size that both sides know.  File systems without lists
 * answer EOPNOTSUPP.  The old types, which stand for a shorter structure, are
 * not taken.
 *
 * Ref: POSIX.1e draft 17, 23; acl(9) of FreeBSD and NetBSD.
 */
#include <sys/param.h>
#include <sys/acl.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "calls.h"

enum acl_call { LIST_GET, LIST_SET, LIST_DELETE, LIST_CHECK };

static bool
is_type(acl_type_t type)
{

	return type == ACL_TYPE_ACCESS || type == ACL_TYPE_DEFAULT ||
	    type == ACL_TYPE_NFS4;
}

/* Copy a program's list in, as far as the operation wants it. */
static int
list_in(enum acl_call call, const struct acl *ulist, struct acl *list)
{
	const size_t head = offsetof(struct acl, acl_entry);
	int error;

	error = copyin(ulist, list, call == LIST_GET ? head : sizeof(*list));
	if (error != 0)
		return error;
	if (list->acl_maxcnt != ACL_MAX_ENTRIES)
		return EINVAL;
	return call != LIST_GET && list->acl_cnt > ACL_MAX_ENTRIES ? EINVAL : 0;
}

/* The operation itself; list is NULL to delete. */
static int
list_call(enum acl_call call, struct vnode *vp, acl_type_t type,
    struct acl *list)
{
	kauth_cred_t cred = curlwp->l_cred;
	int error;

	if (call == LIST_CHECK)
		return VOP_ACLCHECK(vp, type, list, cred);
	if ((error = vn_lock(vp, LK_EXCLUSIVE)) != 0)
		return error;
	if (call == LIST_GET)
		error = VOP_GETACL(vp, type, list, cred);
	else
		error = VOP_SETACL(vp, type, list, cred);
	VOP_UNLOCK(vp);
	return error;
}

static int
acl_vnode(enum acl_call call, struct vnode *vp, acl_type_t type,
    struct acl *ulist)
{
	struct acl *list = NULL;
	int error = 0;

	if (!is_type(type))
		return EINVAL;
	if (call != LIST_DELETE) {
		list = kmem_zalloc(sizeof(*list), KM_SLEEP);
		error = list_in(call, ulist, list);
	}
	if (error == 0)
		error = list_call(call, vp, type, list);
	if (error == 0 && call == LIST_GET)
		error = copyout(list, ulist, sizeof(*list));
	if (list != NULL)
		kmem_free(list, sizeof(*list));
	return error;
}

static int
acl_path(enum acl_call call, const char *path, bool follow, acl_type_t type,
    struct acl *ulist)
{
	struct vnode *vp;
	int error;

	error = call_namei_simple(AT_FDCWD, path, follow, &vp);
	if (error != 0)
		return error;
	error = acl_vnode(call, vp, type, ulist);
	vrele(vp);
	return error;
}

static int
acl_fd(enum acl_call call, int fd, acl_type_t type, struct acl *ulist)
{
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = call_fdvnode(fd, &fp, &vp)) != 0)
		return error;
	error = acl_vnode(call, vp, type, ulist);
	fd_putfile((unsigned)fd);
	return error;
}

int
sys___acl_get_file(struct lwp *l,
    const struct sys___acl_get_file_args *uap, register_t *retval)
{

	return acl_path(LIST_GET, SCARG(uap, path), true,
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_get_file)

int
sys___acl_set_file(struct lwp *l,
    const struct sys___acl_set_file_args *uap, register_t *retval)
{

	return acl_path(LIST_SET, SCARG(uap, path), true,
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_set_file)

int
sys___acl_delete_file(struct lwp *l,
    const struct sys___acl_delete_file_args *uap, register_t *retval)
{

	return acl_path(LIST_DELETE, SCARG(uap, path), true,
	    SCARG(uap, type), NULL);
}
SYSCALL_HANDLER(__acl_delete_file)

int
sys___acl_aclcheck_file(struct lwp *l,
    const struct sys___acl_aclcheck_file_args *uap, register_t *retval)
{

	return acl_path(LIST_CHECK, SCARG(uap, path), true,
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_aclcheck_file)

int
sys___acl_get_link(struct lwp *l,
    const struct sys___acl_get_link_args *uap, register_t *retval)
{

	return acl_path(LIST_GET, SCARG(uap, path), false,
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_get_link)

int
sys___acl_set_link(struct lwp *l,
    const struct sys___acl_set_link_args *uap, register_t *retval)
{

	return acl_path(LIST_SET, SCARG(uap, path), false,
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_set_link)

int
sys___acl_delete_link(struct lwp *l,
    const struct sys___acl_delete_link_args *uap, register_t *retval)
{

	return acl_path(LIST_DELETE, SCARG(uap, path), false,
	    SCARG(uap, type), NULL);
}
SYSCALL_HANDLER(__acl_delete_link)

int
sys___acl_aclcheck_link(struct lwp *l,
    const struct sys___acl_aclcheck_link_args *uap, register_t *retval)
{

	return acl_path(LIST_CHECK, SCARG(uap, path), false,
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_aclcheck_link)

int
sys___acl_get_fd(struct lwp *l,
    const struct sys___acl_get_fd_args *uap, register_t *retval)
{

	return acl_fd(LIST_GET, SCARG(uap, filedes),
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_get_fd)

int
sys___acl_set_fd(struct lwp *l,
    const struct sys___acl_set_fd_args *uap, register_t *retval)
{

	return acl_fd(LIST_SET, SCARG(uap, filedes),
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_set_fd)

int
sys___acl_delete_fd(struct lwp *l,
    const struct sys___acl_delete_fd_args *uap, register_t *retval)
{

	return acl_fd(LIST_DELETE, SCARG(uap, filedes),
	    SCARG(uap, type), NULL);
}
SYSCALL_HANDLER(__acl_delete_fd)

int
sys___acl_aclcheck_fd(struct lwp *l,
    const struct sys___acl_aclcheck_fd_args *uap, register_t *retval)
{

	return acl_fd(LIST_CHECK, SCARG(uap, filedes),
	    SCARG(uap, type), SCARG(uap, aclp));
}
SYSCALL_HANDLER(__acl_aclcheck_fd)

void
calls_acl_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(__acl_get_file),
		SYSCALL_ROW(__acl_set_file),
		SYSCALL_ROW(__acl_delete_file),
		SYSCALL_ROW(__acl_aclcheck_file),
		SYSCALL_ROW(__acl_get_link),
		SYSCALL_ROW(__acl_set_link),
		SYSCALL_ROW(__acl_delete_link),
		SYSCALL_ROW(__acl_aclcheck_link),
		SYSCALL_ROW(__acl_get_fd),
		SYSCALL_ROW(__acl_set_fd),
		SYSCALL_ROW(__acl_delete_fd),
		SYSCALL_ROW(__acl_aclcheck_fd),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
