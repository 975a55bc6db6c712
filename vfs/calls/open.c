/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * open(2) and what makes special files: open openat mknod mknodat mkfifo
 * mkfifoat umask.
 *
 * Ref: POSIX.1-2017 open(), mknod(), mkfifo().
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "calls.h"

/* Take the lock that O_SHLOCK or O_EXLOCK asks for, on a file just opened. */
static int
lock_opened(struct vnode *vp, struct file *fp, int flags)
{
	struct flock lf = {
		.l_whence = SEEK_SET,
		.l_type = (flags & O_EXLOCK) != 0 ? F_WRLCK : F_RDLCK,
	};
	int how = F_FLOCK, error;

	if ((flags & FNONBLOCK) == 0)
		how |= F_WAIT;
	VOP_UNLOCK(vp);
	error = VOP_ADVLOCK(vp, fp, F_SETLK, &lf, how);
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	if (error == 0)
		fp->f_flag |= FHASLOCK;
	return error;
}

/* The vnode was opened: finish the file.  vp locked; unlocked on return. */
static int
install(struct vnode *vp, struct file *fp, int flags)
{
	int error = 0;

	fp->f_flag = flags & FMASK;
	fp->f_type = DTYPE_VNODE;
	fp->f_ops = &vnops;
	fp->f_vnode = vp;
	if ((flags & (O_EXLOCK | O_SHLOCK)) != 0)
		error = lock_opened(vp, fp, flags);
	VOP_UNLOCK(vp);
	return error;
}

/* Open a path and give it the descriptor that was reserved for it. */
static int
open_into(struct lwp *l, struct vnode *dvp, struct pathbuf *pb, int flags,
    mode_t mode, struct file *fp, int indx, int *fdp)
{
	struct proc *p = l->l_proc;
	struct vnode *vp;
	bool move;
	int fd, error;

	mode = (mode & ~p->p_cwdi->cwdi_cmask) & ALLPERMS & ~S_ISTXT;
	error = vn_open(dvp, pb, TRYEMULROOT, flags, (int)mode, &vp, &move, &fd);
	if (error != 0)
		goto abort;
	if (vp == NULL) {
		/* a device that clones made a descriptor of its own */
		fd_abort(p, fp, (unsigned)indx);
		return fd_dupopen(fd, move, flags, fdp);
	}
	if ((error = install(vp, fp, flags)) != 0) {
		(void)vn_close(vp, fp->f_flag, fp->f_cred);
		fp->f_ops = NULL;
		goto abort;
	}
	fd_affix(p, fp, (unsigned)indx);
	*fdp = indx;
	return 0;
abort:
	fd_abort(p, fp, (unsigned)indx);
	return error;
}

static int
do_open(struct lwp *l, int fdat, const char *path, int oflags, mode_t mode,
    int *fdp)
{
	struct vnode *dvp = NULL;
	struct pathbuf *pb;
	struct file *fp;
	int flags, indx, error;

	flags = FFLAGS(oflags);
	if ((flags & (FREAD | FWRITE)) == 0 && (flags & O_SEARCH) == 0)
		return EINVAL;
	if ((flags & (O_EXLOCK | O_SHLOCK)) == (O_EXLOCK | O_SHLOCK))
		return EINVAL;
	if ((error = pathbuf_copyin(path, &pb)) != 0)
		return error;
	if ((error = call_atdir(fdat, pb, &dvp)) != 0)
		goto out;
	if ((error = fd_allocfile(&fp, &indx)) != 0)
		goto out;
	fd_set_exclose(l, indx, (flags & O_CLOEXEC) != 0);
	error = open_into(l, dvp, pb, flags, mode, fp, indx, fdp);
out:
	if (dvp != NULL)
		vrele(dvp);
	pathbuf_destroy(pb);
	return error;
}

int
sys_open(struct lwp *l, const struct sys_open_args *uap, register_t *retval)
{
	int error, fd;

	error = do_open(l, AT_FDCWD, SCARG(uap, path), SCARG(uap, flags),
	    SCARG(uap, mode), &fd);
	if (error == 0)
		*retval = fd;
	return error;
}
SYSCALL_HANDLER(open)

int
sys_openat(struct lwp *l, const struct sys_openat_args *uap, register_t *retval)
{
	int error, fd;

	error = do_open(l, SCARG(uap, fd), SCARG(uap, path),
	    SCARG(uap, oflags), SCARG(uap, mode), &fd);
	if (error == 0)
		*retval = fd;
	return error;
}
SYSCALL_HANDLER(openat)

/* ------------------------------------------------------------ special files */

/* A mode as mknod(2) gets it: what is made, and how. */
static int
what_to_make(mode_t mode, struct vattr *va, bool *whiteout)
{

	*whiteout = false;
	switch (mode & S_IFMT) {
	case S_IFMT:			/* unknown type, as in NetBSD */
		va->va_type = VBAD;
		return 0;
	case S_IFCHR:
		va->va_type = VCHR;
		return 0;
	case S_IFBLK:
		va->va_type = VBLK;
		return 0;
	case S_IFWHT:
		*whiteout = true;
		return 0;
	case 0:
	case S_IFREG:
		va->va_type = VREG;
		va->va_rdev = (dev_t)VNOVAL;
		return 0;
	case S_IFIFO:
		va->va_type = VFIFO;
		va->va_rdev = (dev_t)VNOVAL;
		return 0;
	default:
		return EINVAL;
	}
}

/* Put a node or a whiteout where namei() said that the name is free. */
static int
make(struct nameidata *nd, struct vattr *va, bool whiteout)
{
	struct vnode *vp = NULL;
	int error;

	if (whiteout)
		error = VOP_WHITEOUT(nd->ni_dvp, &nd->ni_cnd, CREATE);
	else if (va->va_type == VREG)
		error = VOP_CREATE(nd->ni_dvp, &vp, &nd->ni_cnd, va);
	else
		error = VOP_MKNOD(nd->ni_dvp, &vp, &nd->ni_cnd, va);
	if (whiteout && error != 0)
		VOP_ABORTOP(nd->ni_dvp, &nd->ni_cnd);
	if (vp != NULL)
		vrele(vp);
	vput(nd->ni_dvp);
	return error;
}

static int
do_mknod(struct lwp *l, int fdat, const char *path, mode_t mode, dev_t dev)
{
	struct nameidata nd;
	struct pathbuf *pb;
	struct vattr va;
	bool whiteout;
	int error;

	vattr_null(&va);
	va.va_mode = (mode & ALLPERMS) & ~l->l_proc->p_cwdi->cwdi_cmask;
	va.va_rdev = dev;
	if ((error = what_to_make(mode, &va, &whiteout)) != 0)
		return error;
	if (va.va_type != VREG && va.va_type != VFIFO) {
		error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_MKNOD, 0,
		    NULL, NULL, NULL);
		if (error != 0)
			return error;
	}
	error = call_namei_user(fdat, path, CREATE, LOCKPARENT, &nd, &pb);
	if (error != 0)
		return error;
	if (nd.ni_vp != NULL) {
		call_nd_release(&nd);
		error = EEXIST;
	} else {
		error = make(&nd, &va, whiteout);
	}
	pathbuf_destroy(pb);
	return error;
}

int
sys___mknod50(struct lwp *l, const struct sys___mknod50_args *uap,
    register_t *retval)
{

	return do_mknod(l, AT_FDCWD, SCARG(uap, path), SCARG(uap, mode),
	    SCARG(uap, dev));
}
SYSCALL_HANDLER(__mknod50)

int
sys_mknodat(struct lwp *l, const struct sys_mknodat_args *uap,
    register_t *retval)
{

	return do_mknod(l, SCARG(uap, fd), SCARG(uap, path), SCARG(uap, mode),
	    SCARG(uap, dev));
}
SYSCALL_HANDLER(mknodat)

int
sys_mkfifo(struct lwp *l, const struct sys_mkfifo_args *uap, register_t *retval)
{

	return do_mknod(l, AT_FDCWD, SCARG(uap, path),
	    S_IFIFO | (SCARG(uap, mode) & ALLPERMS), (dev_t)VNOVAL);
}
SYSCALL_HANDLER(mkfifo)

int
sys_mkfifoat(struct lwp *l, const struct sys_mkfifoat_args *uap,
    register_t *retval)
{

	return do_mknod(l, SCARG(uap, fd), SCARG(uap, path),
	    S_IFIFO | (SCARG(uap, mode) & ALLPERMS), (dev_t)VNOVAL);
}
SYSCALL_HANDLER(mkfifoat)

int
sys_umask(struct lwp *l, const struct sys_umask_args *uap, register_t *retval)
{
	struct cwdinfo *cwdi = l->l_proc->p_cwdi;

	rw_enter(&cwdi->cwdi_lock, RW_WRITER);
	*retval = (register_t)cwdi->cwdi_cmask;
	cwdi->cwdi_cmask = SCARG(uap, newmask) & ALLPERMS;
	rw_exit(&cwdi->cwdi_lock);
	return 0;
}
SYSCALL_HANDLER(umask)

void
calls_open_boot(void)
{
	static const struct rump_onesyscall calls[] = {
		SYSCALL_ROW(open), SYSCALL_ROW(openat),
		SYSCALL_ROW(__mknod50), SYSCALL_ROW(mknodat),
		SYSCALL_ROW(mkfifo), SYSCALL_ROW(mkfifoat),
		SYSCALL_ROW(umask),
	};

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
