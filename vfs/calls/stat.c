/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking about files: stat lstat fstatat access faccessat pathconf lpathconf
 * fpathconf.
 *
 * Ref: POSIX.1-2017 fstatat(), faccessat(), pathconf().
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/unistd.h>
#include <sys/vnode.h>

#include "calls.h"

static int
do_stat(int fdat, const char *path, bool follow, struct stat *ub)
{
	struct nameidata nd;
	struct pathbuf *pb;
	struct stat sb;
	int error;

	error = call_namei_user(fdat, path, LOOKUP,
	    (follow ? FOLLOW : NOFOLLOW) | LOCKLEAF | LOCKSHARED, &nd, &pb);
	if (error != 0)
		return error;
	error = vn_stat(nd.ni_vp, &sb);
	vput(nd.ni_vp);
	pathbuf_destroy(pb);
	return error != 0 ? error : copyout(&sb, ub, sizeof(sb));
}

int
sys___stat50(struct lwp *l, const struct sys___stat50_args *uap,
    register_t *retval)
{

	return do_stat(AT_FDCWD, SCARG(uap, path), true, SCARG(uap, ub));
}
SYSCALL_HANDLER(__stat50)

int
sys___lstat50(struct lwp *l, const struct sys___lstat50_args *uap,
    register_t *retval)
{

	return do_stat(AT_FDCWD, SCARG(uap, path), false, SCARG(uap, ub));
}
SYSCALL_HANDLER(__lstat50)

int
sys_fstatat(struct lwp *l, const struct sys_fstatat_args *uap,
    register_t *retval)
{
	const int flag = SCARG(uap, flag);

	if ((flag & ~AT_SYMLINK_NOFOLLOW) != 0)
		return EINVAL;
	return do_stat(SCARG(uap, fd), SCARG(uap, path),
	    (flag & AT_SYMLINK_NOFOLLOW) == 0, SCARG(uap, buf));
}
SYSCALL_HANDLER(fstatat)

/* ------------------------------------------------------------------- access */

/* May these credentials?  vp locked. */
static int
check_access(struct vnode *vp, int amode, kauth_cred_t cred)
{
	accmode_t want = 0;
	int error;

	if ((amode & R_OK) != 0)
		want |= VREAD;
	if ((amode & W_OK) != 0)
		want |= VWRITE;
	if ((amode & X_OK) != 0)
		want |= VEXEC;
	if (want == 0)
		return 0;
	if ((error = VOP_ACCESS(vp, want, cred)) != 0)
		return error;
	return (want & VWRITE) != 0 ? vn_writechk(vp) : 0;
}

/* The credentials with the real ids as effective ones. */
static kauth_cred_t
real_cred(struct lwp *l)
{
	kauth_cred_t cred = kauth_cred_dup(l->l_cred);

	kauth_cred_seteuid(cred, kauth_cred_getuid(l->l_cred));
	kauth_cred_setegid(cred, kauth_cred_getgid(l->l_cred));
	return cred;
}

static int
do_access(struct lwp *l, int fdat, const char *path, int amode, int flags)
{
	struct nameidata nd;
	struct pathbuf *pb;
	kauth_cred_t cred;
	int error;

	if ((amode & ~(R_OK | W_OK | X_OK)) != 0 ||
	    (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW)) != 0)
		return EINVAL;
	if ((error = pathbuf_copyin(path, &pb)) != 0)
		return error;
	NDINIT(&nd, LOOKUP, LOCKLEAF | LOCKSHARED |
	    ((flags & AT_SYMLINK_NOFOLLOW) != 0 ? NOFOLLOW : FOLLOW), pb);
	if ((flags & AT_EACCESS) != 0) {
		cred = l->l_cred;
		kauth_cred_hold(cred);
	} else {
		cred = real_cred(l);
	}
	nd.ni_cnd.cn_cred = cred;
	if ((error = call_namei(fdat, &nd)) == 0) {
		error = check_access(nd.ni_vp, amode, cred);
		vput(nd.ni_vp);
	}
	kauth_cred_free(cred);
	pathbuf_destroy(pb);
	return error;
}

int
sys_access(struct lwp *l, const struct sys_access_args *uap, register_t *retval)
{

	return do_access(l, AT_FDCWD, SCARG(uap, path), SCARG(uap, flags), 0);
}
SYSCALL_HANDLER(access)

int
sys_faccessat(struct lwp *l, const struct sys_faccessat_args *uap,
    register_t *retval)
{

	return do_access(l, SCARG(uap, fd), SCARG(uap, path),
	    SCARG(uap, amode), SCARG(uap, flag));
}
SYSCALL_HANDLER(faccessat)

/* ----------------------------------------------------------------- pathconf */

static int
do_pathconf(const char *path, bool follow, int name, register_t *retval)
{
	struct nameidata nd;
	struct pathbuf *pb;
	int error;

	error = call_namei_user(AT_FDCWD, path, LOOKUP,
	    (follow ? FOLLOW : NOFOLLOW) | LOCKLEAF, &nd, &pb);
	if (error != 0)
		return error;
	error = VOP_PATHCONF(nd.ni_vp, name, retval);
	vput(nd.ni_vp);
	pathbuf_destroy(pb);
	return error;
}

int
sys_pathconf(struct lwp *l, const struct sys_pathconf_args *uap,
    register_t *retval)
{

	return do_pathconf(SCARG(uap, path), true, SCARG(uap, name), retval);
}
SYSCALL_HANDLER(pathconf)

int
sys_lpathconf(struct lwp *l, const struct sys_lpathconf_args *uap,
    register_t *retval)
{

	return do_pathconf(SCARG(uap, path), false, SCARG(uap, name), retval);
}
SYSCALL_HANDLER(lpathconf)

int
sys_fpathconf(struct lwp *l, const struct sys_fpathconf_args *uap,
    register_t *retval)
{
	const int fd = SCARG(uap, fd);
	struct file *fp;
	int error;

	if ((fp = fd_getfile((unsigned)fd)) == NULL)
		return EBADF;
	switch (fp->f_type) {
	case DTYPE_VNODE:
		vn_lock(fp->f_vnode, LK_SHARED | LK_RETRY);
		error = VOP_PATHCONF(fp->f_vnode, SCARG(uap, name), retval);
		VOP_UNLOCK(fp->f_vnode);
		break;
	case DTYPE_SOCKET:
	case DTYPE_PIPE:
		*retval = PIPE_BUF;
		error = SCARG(uap, name) == _PC_PIPE_BUF ? 0 : EINVAL;
		break;
	default:
		error = EOPNOTSUPP;
		break;
	}
	fd_putfile((unsigned)fd);
	return error;
}
SYSCALL_HANDLER(fpathconf)

void
calls_stat_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(__stat50), SYSCALL_ROW(__lstat50),
		SYSCALL_ROW(fstatat),
		SYSCALL_ROW(access), SYSCALL_ROW(faccessat),
		SYSCALL_ROW(pathconf), SYSCALL_ROW(lpathconf),
		SYSCALL_ROW(fpathconf),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
