/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls on open files: lseek getdents fsync fdatasync fsync_range flock
 * posix_fallocate fdiscard posix_fadvise; and revoke.
 *
 * Ref: POSIX.1-2017; NetBSD flock(2), fsync_range(2), fdiscard(2), revoke(2).
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/unistd.h>
#include <sys/vnode.h>

#include <uvm/uvm_extern.h>
#include <uvm/uvm_pager.h>
#include <uvm/uvm_readahead.h>

#include "../vn.h"
#include "calls.h"

/* -------------------------------------------------------------------- lseek */

/* What whence counts from. */
static int
seek_base(struct file *fp, struct vnode *vp, int whence, off_t *basep)
{
	struct vattr va;
	int error = 0;

	switch (whence) {
	case SEEK_SET:
		*basep = 0;
		break;
	case SEEK_CUR:
		mutex_enter(&fp->f_lock);
		*basep = fp->f_offset;
		mutex_exit(&fp->f_lock);
		break;
	case SEEK_END:
		vn_lock(vp, LK_SHARED | LK_RETRY);
		error = VOP_GETATTR(vp, &va, fp->f_cred);
		VOP_UNLOCK(vp);
		*basep = (off_t)va.va_size;
		break;
	default:
		error = EINVAL;
		break;
	}
	return error;
}

static int
seek(struct file *fp, off_t offset, int whence, off_t *newp)
{
	struct vnode *vp = fp->f_vnode;
	off_t base, new;
	int error;

	if (fp->f_type != DTYPE_VNODE || vp->v_type == VFIFO)
		return ESPIPE;
	if ((error = seek_base(fp, vp, whence, &base)) != 0)
		return error;
	if (__builtin_add_overflow(base, offset, &new))
		return EOVERFLOW;
	if ((error = VOP_SEEK(vp, fp->f_offset, new, fp->f_cred)) != 0)
		return error;
	mutex_enter(&fp->f_lock);
	fp->f_offset = new;
	mutex_exit(&fp->f_lock);
	*newp = new;
	return 0;
}

int
sys_lseek(struct lwp *l, const struct sys_lseek_args *uap, register_t *retval)
{
	const int fd = SCARG(uap, fd);
	struct file *fp;
	off_t new;
	int error;

	if ((fp = fd_getfile((unsigned)fd)) == NULL)
		return EBADF;
	error = seek(fp, SCARG(uap, offset), SCARG(uap, whence), &new);
	fd_putfile((unsigned)fd);
	/* two registers where one is not enough */
	if (error == 0)
		memcpy(retval, &new, sizeof(new));
	return error;
}
SYSCALL_HANDLER(lseek)

/* ----------------------------------------------------------------- getdents */

int
sys___getdents30(struct lwp *l, const struct sys___getdents30_args *uap,
    register_t *retval)
{
	const int fd = SCARG(uap, fd);
	struct vnode *vp;
	struct file *fp;
	int error, done;

	if ((error = call_fdvnode(fd, &fp, &vp)) != 0)
		return error;
	if ((fp->f_flag & FREAD) == 0)
		error = EBADF;
	else
		error = vn_readdir(fp, SCARG(uap, buf), UIO_USERSPACE,
		    (unsigned)MIN(SCARG(uap, count), (size_t)MAXBSIZE), &done, l,
		    NULL, NULL);
	if (error == 0)
		*retval = done;
	fd_putfile((unsigned)fd);
	return error;
}
SYSCALL_HANDLER(__getdents30)

/* -------------------------------------------------------------------- fsync */

/* Write back; need: how the file must be open. */
static int
do_fsync(int fd, int need, int flags, off_t start, off_t end)
{
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = call_fdvnode(fd, &fp, &vp)) != 0)
		return error;
	if ((fp->f_flag & need) != need) {
		fd_putfile((unsigned)fd);
		return EBADF;
	}
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_FSYNC(vp, fp->f_cred, flags, start, end);
	VOP_UNLOCK(vp);
	if (error == 0)
		error = vn_wberror_take(vp);
	fd_putfile((unsigned)fd);
	return error;
}

int
sys_fsync(struct lwp *l, const struct sys_fsync_args *uap, register_t *retval)
{

	return do_fsync(SCARG(uap, fd), 0, FSYNC_WAIT, 0, 0);
}
SYSCALL_HANDLER(fsync)

int
sys_fdatasync(struct lwp *l, const struct sys_fdatasync_args *uap,
    register_t *retval)
{

	return do_fsync(SCARG(uap, fd), FWRITE, FSYNC_WAIT | FSYNC_DATAONLY, 0,
	    0);
}
SYSCALL_HANDLER(fdatasync)

int
sys_fsync_range(struct lwp *l, const struct sys_fsync_range_args *uap,
    register_t *retval)
{
	const off_t start = SCARG(uap, start), len = SCARG(uap, length);
	int how = FSYNC_WAIT;
	off_t end = 0;

	switch (SCARG(uap, flags) & ~FDISKSYNC) {
	case FDATASYNC:
		how |= FSYNC_DATAONLY;
		break;
	case FFILESYNC:
		break;
	default:
		return EINVAL;
	}
	if ((SCARG(uap, flags) & FDISKSYNC) != 0)
		how |= FSYNC_CACHE;
	if (start < 0 || len < 0 ||
	    (len != 0 && __builtin_add_overflow(start, len, &end)))
		return EINVAL;
	/* no length: from there to the end, which is what 0, 0 is as well */
	return do_fsync(SCARG(uap, fd), FWRITE, how, len == 0 ? 0 : start, end);
}
SYSCALL_HANDLER(fsync_range)

/* -------------------------------------------------------------------- flock */

static int
flock_vnode(struct file *fp, int how)
{
	struct flock lf = { .l_whence = SEEK_SET };
	int flags = F_FLOCK, error;

	if ((how & LOCK_UN) != 0) {
		lf.l_type = F_UNLCK;
		mutex_enter(&fp->f_lock);
		fp->f_flag &= ~FHASLOCK;
		mutex_exit(&fp->f_lock);
		return VOP_ADVLOCK(fp->f_vnode, fp, F_UNLCK, &lf, F_FLOCK);
	}
	if ((how & LOCK_EX) != 0)
		lf.l_type = F_WRLCK;
	else if ((how & LOCK_SH) != 0)
		lf.l_type = F_RDLCK;
	else
		return EINVAL;
	if ((how & LOCK_NB) == 0)
		flags |= F_WAIT;
	error = VOP_ADVLOCK(fp->f_vnode, fp, F_SETLK, &lf, flags);
	if (error == 0) {
		mutex_enter(&fp->f_lock);
		fp->f_flag |= FHASLOCK;
		mutex_exit(&fp->f_lock);
	}
	return error;
}

int
sys_flock(struct lwp *l, const struct sys_flock_args *uap, register_t *retval)
{
	const int fd = SCARG(uap, fd);
	struct file *fp;
	int error;

	if ((fp = fd_getfile((unsigned)fd)) == NULL)
		return EBADF;
	l->l_iofd = fd + 1;		/* a close ends a wait */
	error = fp->f_type != DTYPE_VNODE ? EOPNOTSUPP :
	    flock_vnode(fp, SCARG(uap, how));
	l->l_iofd = 0;
	fd_putfile((unsigned)fd);
	return error;
}
SYSCALL_HANDLER(flock)

/* ------------------------------------------------------------------ storage */

/* A range of an open regular file that storage is given to, or taken from. */
static int
do_space(int fd, off_t pos, off_t len, bool give)
{
	struct vnode *vp;
	struct file *fp;
	off_t end;
	int error;

	if (pos < 0 || len <= 0)
		return EINVAL;
	if (__builtin_add_overflow(pos, len, &end))
		return EFBIG;
	if ((fp = fd_getfile((unsigned)fd)) == NULL)
		return EBADF;
	vp = fp->f_type == DTYPE_VNODE ? fp->f_vnode : NULL;
	if ((fp->f_flag & FWRITE) == 0) {
		error = EBADF;
	} else if (vp == NULL || vp->v_type == VFIFO) {
		error = fp->f_type == DTYPE_PIPE || vp != NULL ? ESPIPE : ENODEV;
	} else if (vp->v_type == VDIR) {
		error = EISDIR;
	} else if (vp->v_type != VREG && give) {
		error = ENODEV;
	} else {
		vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
		error = give ? VOP_FALLOCATE(vp, pos, len) :
		    VOP_FDISCARD(vp, pos, len);
		VOP_UNLOCK(vp);
	}
	fd_putfile((unsigned)fd);
	return error;
}

int
sys_posix_fallocate(struct lwp *l, const struct sys_posix_fallocate_args *uap,
    register_t *retval)
{

	*retval = 0;
	return do_space(SCARG(uap, fd), SCARG(uap, pos), SCARG(uap, len), true);
}
SYSCALL_HANDLER(posix_fallocate)

int
sys_fdiscard(struct lwp *l, const struct sys_fdiscard_args *uap,
    register_t *retval)
{

	return do_space(SCARG(uap, fd), SCARG(uap, pos), SCARG(uap, len),
	    false);
}
SYSCALL_HANDLER(fdiscard)

/* Drop a range of clean pages early; they come back if they are needed. */
static int
dont_need(struct vnode *vp, off_t start, off_t end)
{

	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	return VOP_PUTPAGES(vp, round_page(start), trunc_page(end),
	    PGO_DEACTIVATE | PGO_CLEANIT);
}

/* Start to read a range of what there is; what fails is read again when needed. */
static void
will_need(struct vnode *vp, off_t start, off_t end)
{

	end = MIN(MIN(end, vp->v_size), INT64_MAX - MAXPHYS);
	if (start >= end)
		return;
	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	(void)uvm_readahead(&vp->v_uobj, start, end - start);
	rw_exit(vp->v_uobj.vmobjlock);
}

static int
advise(struct file *fp, off_t offset, off_t len, int advice)
{
	struct vnode *vp = fp->f_vnode;
	off_t end = len == 0 ? INT64_MAX - PAGE_SIZE : offset + len;

	switch (advice) {
	case POSIX_FADV_NORMAL:
	case POSIX_FADV_RANDOM:
	case POSIX_FADV_SEQUENTIAL:
		/* the same numbers as UVM_ADV_* */
		mutex_enter(&fp->f_lock);
		fp->f_advice = (u_int)advice;
		mutex_exit(&fp->f_lock);
		return 0;
	case POSIX_FADV_WILLNEED:
		if (vp->v_type == VREG)
			will_need(vp, offset, end);
		return 0;
	case POSIX_FADV_DONTNEED:
		if (vp->v_type == VREG && round_page(offset) < trunc_page(end))
			return dont_need(vp, offset, end);
		return 0;
	case POSIX_FADV_NOREUSE:
		return 0;
	default:
		return EINVAL;
	}
}

int
sys___posix_fadvise50(struct lwp *l,
    const struct sys___posix_fadvise50_args *uap, register_t *retval)
{
	const off_t offset = SCARG(uap, offset), len = SCARG(uap, len);
	const int fd = SCARG(uap, fd);
	struct file *fp;
	off_t end;
	int error;

	*retval = 0;
	if (offset < 0 || len < 0 || __builtin_add_overflow(offset, len, &end))
		return EINVAL;
	if ((fp = fd_getfile((unsigned)fd)) == NULL)
		return EBADF;
	if (fp->f_type == DTYPE_VNODE && fp->f_vnode->v_type != VFIFO)
		error = advise(fp, offset, len, SCARG(uap, advice));
	else
		error = fp->f_type == DTYPE_VNODE || fp->f_type == DTYPE_PIPE ||
		    fp->f_type == DTYPE_SOCKET ? ESPIPE : EINVAL;
	fd_putfile((unsigned)fd);
	return error;
}
SYSCALL_HANDLER(__posix_fadvise50)

/* ------------------------------------------------------------------- revoke */

int
sys_revoke(struct lwp *l, const struct sys_revoke_args *uap, register_t *retval)
{
	struct vnode *vp;
	struct vattr va;
	int error;

	error = call_namei_simple(AT_FDCWD, SCARG(uap, path), true, &vp);
	if (error != 0)
		return error;
	vn_lock(vp, LK_SHARED | LK_RETRY);
	error = VOP_GETATTR(vp, &va, l->l_cred);
	VOP_UNLOCK(vp);
	if (error == 0 && va.va_uid != kauth_cred_geteuid(l->l_cred))
		error = kauth_authorize_generic(l->l_cred,
		    KAUTH_GENERIC_ISSUSER, NULL);
	if (error == 0)
		error = VOP_REVOKE(vp, REVOKEALL);
	vrele(vp);
	return error;
}
SYSCALL_HANDLER(revoke)

void
calls_data_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(lseek), SYSCALL_ROW(__getdents30),
		SYSCALL_ROW(fsync), SYSCALL_ROW(fdatasync),
		SYSCALL_ROW(fsync_range), SYSCALL_ROW(flock),
		SYSCALL_ROW(posix_fallocate), SYSCALL_ROW(fdiscard),
		SYSCALL_ROW(__posix_fadvise50), SYSCALL_ROW(revoke),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
