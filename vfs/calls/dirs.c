/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directories of the process: chdir fchdir chroot fchroot __getcwd.
 *
 * Ref: POSIX.1-2017 chdir(), getcwd(); NetBSD chroot(2).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "../mount_impl.h"
#include "calls.h"

/*
 * May the process go to a directory?
 *
 * vpp  in and out: referenced, not locked; what is mounted there takes its
 *      place.  Stays referenced on error
 */
static int
check_dir(struct lwp *l, struct vnode **vpp)
{
	struct vnode *vp;
	int error;

	if ((error = vnode_descend(vpp)) != 0)
		return error;
	vp = *vpp;
	if (vp->v_type != VDIR)
		return ENOTDIR;
	if ((error = vn_lock(vp, LK_SHARED)) != 0)
		return error;
	error = VOP_ACCESS(vp, VEXEC, l->l_cred);
	VOP_UNLOCK(vp);
	return error;
}

/* The directory of a descriptor, referenced. */
static int
fd_dir(int fd, struct vnode **vpp)
{
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = call_fdvnode(fd, &fp, &vp)) != 0)
		return error == EINVAL ? ENOTDIR : error;
	vref(vp);
	fd_putfile((unsigned)fd);
	*vpp = vp;
	return 0;
}

/* vp becomes the working directory, or is released. */
static int
change_cwd(struct lwp *l, struct vnode *vp)
{
	struct cwdinfo *cwdi = l->l_proc->p_cwdi;
	struct vnode *old;
	int error;

	/* who has a root of his own stays below it */
	error = check_dir(l, &vp);
	if (error == 0 && cwdi->cwdi_rdir != NULL &&
	    !vn_isunder(vp, cwdi->cwdi_rdir, l))
		error = EPERM;
	if (error != 0) {
		vrele(vp);
		return error;
	}
	rw_enter(&cwdi->cwdi_lock, RW_WRITER);
	old = cwdi->cwdi_cdir;
	cwdi->cwdi_cdir = vp;
	rw_exit(&cwdi->cwdi_lock);
	vrele(old);
	return 0;
}

int
sys_chdir(struct lwp *l, const struct sys_chdir_args *uap, register_t *retval)
{
	struct vnode *vp;
	int error;

	error = call_namei_simple(AT_FDCWD, SCARG(uap, path), true, &vp);
	return error != 0 ? error : change_cwd(l, vp);
}
SYSCALL_HANDLER(chdir)

int
sys_fchdir(struct lwp *l, const struct sys_fchdir_args *uap, register_t *retval)
{
	struct vnode *vp;
	int error;

	if ((error = fd_dir(SCARG(uap, fd), &vp)) != 0)
		return error;
	return change_cwd(l, vp);
}
SYSCALL_HANDLER(fchdir)

/*
 * Set the root, and with it the working directory if that is outside, which
 * would be a way out.  The reference to root is consumed.
 */
static void
set_root(struct lwp *l, struct cwdinfo *cwdi, struct vnode *root)
{
	struct vnode *cwd, *oldroot;
	bool inside;

	for (;;) {
		rw_enter(&cwdi->cwdi_lock, RW_READER);
		cwd = cwdi->cwdi_cdir;
		vref(cwd);
		rw_exit(&cwdi->cwdi_lock);
		inside = vn_isunder(cwd, root, l);
		rw_enter(&cwdi->cwdi_lock, RW_WRITER);
		if (cwd == cwdi->cwdi_cdir)
			break;
		rw_exit(&cwdi->cwdi_lock);
		vrele(cwd);
	}
	oldroot = cwdi->cwdi_rdir;
	cwdi->cwdi_rdir = root;
	if (!inside) {
		vref(root);
		cwdi->cwdi_cdir = root;
	}
	rw_exit(&cwdi->cwdi_lock);
	if (!inside)
		vrele(cwd);
	vrele(cwd);
	if (oldroot != NULL)
		vrele(oldroot);
}

/* vp becomes the root directory, or is released. */
static int
change_root(struct lwp *l, struct vnode *vp)
{
	int error;

	error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_CHROOT,
	    KAUTH_REQ_SYSTEM_CHROOT_CHROOT, NULL, NULL, NULL);
	if (error == 0)
		error = check_dir(l, &vp);
	if (error != 0) {
		vrele(vp);
		return error;
	}
	set_root(l, l->l_proc->p_cwdi, vp);
	return 0;
}

int
sys_chroot(struct lwp *l, const struct sys_chroot_args *uap, register_t *retval)
{
	struct vnode *vp;
	int error;

	error = call_namei_simple(AT_FDCWD, SCARG(uap, path), true, &vp);
	return error != 0 ? error : change_root(l, vp);
}
SYSCALL_HANDLER(chroot)

int
sys_fchroot(struct lwp *l, const struct sys_fchroot_args *uap,
    register_t *retval)
{
	struct vnode *vp;
	int error;

	if ((error = fd_dir(SCARG(uap, fd), &vp)) != 0)
		return error;
	return change_root(l, vp);
}
SYSCALL_HANDLER(fchroot)

/* The path of the working directory; the result is its length with the NUL. */
int
sys___getcwd(struct lwp *l, const struct sys___getcwd_args *uap,
    register_t *retval)
{
	struct cwdinfo *cwdi = l->l_proc->p_cwdi;
	size_t len = SCARG(uap, length), used;
	struct vnode *cwd, *root;
	char *buf, *bp;
	int error;

	if (len < 2)
		return ERANGE;
	len = MIN(len, (size_t)MAXPATHLEN * 4);
	buf = kmem_alloc(len, KM_SLEEP);
	bp = buf + len;
	*--bp = '\0';

	rw_enter(&cwdi->cwdi_lock, RW_READER);
	cwd = cwdi->cwdi_cdir;
	root = cwdi->cwdi_rdir;
	vref(cwd);
	if (root != NULL)
		vref(root);
	rw_exit(&cwdi->cwdi_lock);
	error = getcwd_common(cwd, root, &bp, buf, (int)(len / 2),
	    GETCWD_CHECK_ACCESS, l);
	if (root != NULL)
		vrele(root);
	vrele(cwd);
	if (error == 0) {
		used = (size_t)(buf + len - bp);
		*retval = (register_t)used;
		error = copyout(bp, SCARG(uap, bufp), used);
	}
	kmem_free(buf, len);
	return error;
}
SYSCALL_HANDLER(__getcwd)

void
calls_cwd_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(chdir), SYSCALL_ROW(fchdir),
		SYSCALL_ROW(chroot), SYSCALL_ROW(fchroot),
		SYSCALL_ROW(__getcwd),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
