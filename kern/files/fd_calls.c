/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls on descriptors: close, dup, dup2, dup3, fcntl, fstat, ioctl.
 * What concerns vnodes only (locks, truncation, synchronising, seeking) is the
 * vfs faction's; fcntl's lock commands and those of file systems go to the
 * file's own fo_fcntl.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/filio.h>
#include <sys/ioctl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/resourcevar.h>
#include <sys/signalvar.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <rump-private/syscall.h>

#include "files/fd.h"
#include "files/fd_calls.h"

/* Arguments of ioctl and fcntl up to this size are copied on the stack. */
#define SMALL_ARGUMENT	128

int
sys_close(struct lwp *l, const struct sys_close_args *uap, register_t *retval)
{
	int fd = SCARG(uap, fd), error = EBADF;

	if (__predict_true(fd_getfile(fd) != NULL))
		error = fd_close(fd);
	/* The descriptor is gone either way: a retry would close another's. */
	return error == ERESTART ? EINTR : error;
}

int
sys_dup(struct lwp *l, const struct sys_dup_args *uap, register_t *retval)
{
	int fd = SCARG(uap, fd), new, error;
	struct file *fp;

	if ((fp = fd_getfile(fd)) == NULL)
		return EBADF;
	error = fd_dup(fp, 0, &new, false);
	fd_putfile(fd);
	*retval = new;
	return error;
}

/*
 * dup2 and dup3.  The file is referenced, not borrowed, while the new number is
 * closed: two threads that dup to each other's numbers would wait for ever.
 */
static int
dup_to(int from, int to, int flags, register_t *retval)
{
	struct file *fp;
	int error = 0;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_NOSIGPIPE))
		return EINVAL;
	if ((fp = fd_getfile(from)) == NULL)
		return EBADF;
	atomic_inc_uint(&fp->f_count);
	fd_putfile(from);
	if ((u_int)from != (u_int)to)
		error = fd_dup2(fp, to, flags);
	if (error == 0 && (flags & (O_NONBLOCK | O_NOSIGPIPE)) != 0) {
		mutex_enter(&fp->f_lock);
		fp->f_flag |= flags & (O_NONBLOCK | O_NOSIGPIPE);
		mutex_exit(&fp->f_lock);
	}
	(void)closef(fp);
	*retval = to;
	return error;
}

int
sys_dup2(struct lwp *l, const struct sys_dup2_args *uap, register_t *retval)
{

	return dup_to(SCARG(uap, from), SCARG(uap, to), 0, retval);
}

int
sys_dup3(struct lwp *l, const struct sys_dup3_args *uap, register_t *retval)
{

	return dup_to(SCARG(uap, from), SCARG(uap, to), SCARG(uap, flags),
	    retval);
}

int
sys___fstat50(struct lwp *l, const struct sys___fstat50_args *uap,
    register_t *retval)
{
	int fd = SCARG(uap, fd), error;
	struct file *fp;
	struct stat sb;

	if ((fp = fd_getfile(fd)) == NULL)
		return EBADF;
	memset(&sb, 0, sizeof(sb));		/* no kernel bytes in padding */
	error = (*fp->f_ops->fo_stat)(fp, &sb);
	fd_putfile(fd);
	return error != 0 ? error : copyout(&sb, SCARG(uap, sb), sizeof(sb));
}

/* F_SETFL: tell the file of the flags that matter to it, then note them. */
static int
setfl(struct file *fp, int oflags)
{
	int nonblock, async, fflags, error;

	/* no FFLAGS: its addition would carry from an access mode of 3 */
	fflags = oflags & FCNTLFLAGS;
	error = (*fp->f_ops->fo_fcntl)(fp, F_SETFL, &fflags);
	if (error != 0)
		return error;
	nonblock = fflags & FNONBLOCK;
	async = fflags & FASYNC;
	mutex_enter(&fp->f_lock);
	fp->f_flag = (fp->f_flag & ~FCNTLFLAGS) | fflags;
	mutex_exit(&fp->f_lock);
	error = (*fp->f_ops->fo_ioctl)(fp, FIONBIO, &nonblock);
	if (error == 0 && async)
		error = (*fp->f_ops->fo_ioctl)(fp, FIOASYNC, &async);
	if (error == EPASSTHROUGH || error == EOPNOTSUPP || error == ENOTTY)
		error = 0;		/* it never blocks */
	return error;
}

/* Signals on writing to what nobody reads: a flag of the file. */
static void
set_nosigpipe(struct file *fp, bool on)
{

	mutex_enter(&fp->f_lock);
	if (on)
		fp->f_flag |= FNOSIGPIPE;
	else
		fp->f_flag &= ~FNOSIGPIPE;
	mutex_exit(&fp->f_lock);
}

/* SIGIO's owner is the driver's business: reached through ioctls. */
static int
owner(struct file *fp, u_long com, long *argp, register_t *retval)
{
	int pid = *argp, error;

	error = (*fp->f_ops->fo_ioctl)(fp, com, &pid);
	if (error == EPASSTHROUGH)
		error = ENOTTY;
	if (error == 0 && com == FIOGETOWN)
		*retval = pid;
	return error;
}

/* Commands of the file system: their argument's size is in the number. */
static int
fcntl_filesystem(struct file *fp, int cmd, void *arg)
{
	size_t size = (size_t)F_PARAM_LEN(cmd);
	long small[SMALL_ARGUMENT / sizeof(long)];
	void *memory = NULL, *data = small;
	int error = 0;

	if (size > F_PARAM_MAX)
		return EINVAL;
	if (size > sizeof(small))
		data = memory = kmem_alloc(size, KM_SLEEP);
	if (cmd & F_FSIN) {
		if (size != 0)
			error = copyin(arg, data, size);
		else
			*(void **)data = arg;
	} else if ((cmd & F_FSOUT) != 0 && size != 0) {
		memset(data, 0, size);
	} else if (cmd & F_FSVOID) {
		*(void **)data = arg;
	}
	if (error == 0)
		error = (*fp->f_ops->fo_fcntl)(fp, cmd, data);
	if (error == 0 && (cmd & F_FSOUT) != 0 && size != 0)
		error = copyout(data, arg, size);
	if (memory != NULL)
		kmem_free(memory, size);
	return error;
}

/* F_CLOSEM: close fd and all above. */
static int
close_from(struct lwp *l, int fd)
{
	filedesc_t *fdp = l->l_fd;
	int i, error = 0;

	if (fd < 0)
		return EBADF;
	for (i = fdp->fd_lastfile; i >= fd && error == 0; i--) {
		if (fd_getfile(i) != NULL)
			error = fd_close(i);
	}
	return error;
}

/* Commands that only concern the descriptor or the flags of its file. */
static int
fcntl_descriptor(struct lwp *l, int fd, struct file *fp, int cmd, long arg,
    register_t *retval)
{
	int new, error;

	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (arg < 0 || (u_int)arg >= fd_limit(l->l_proc))
			return EINVAL;
		error = fd_dup(fp, arg, &new, cmd == F_DUPFD_CLOEXEC);
		*retval = new;
		return error;
	case F_GETFD:
		*retval = atomic_load_relaxed(&fdfile_find(l->l_fd,
		    fd)->ff_exclose);
		return 0;
	case F_SETFD:
		fd_set_exclose(l, fd, (arg & FD_CLOEXEC) != 0);
		return 0;
	case F_GETFL:
		*retval = OFLAGS(fp->f_flag);
		return 0;
	case F_SETFL:
		return setfl(fp, arg);
	case F_GETNOSIGPIPE:
		*retval = (fp->f_flag & FNOSIGPIPE) != 0;
		return 0;
	case F_SETNOSIGPIPE:
		set_nosigpipe(fp, arg != 0);
		return 0;
	case F_GETOWN:
		return owner(fp, FIOGETOWN, &arg, retval);
	case F_SETOWN:
		return owner(fp, FIOSETOWN, &arg, retval);
	default:
		return EINVAL;
	}
}

/* Commands of files that are vnodes.  A close meanwhile ends a wait for a lock. */
static int
fcntl_vnode(struct lwp *l, int fd, struct file *fp, int cmd, void *arg)
{
	int error;

	if (fp->f_type != DTYPE_VNODE)
		return EINVAL;
	l->l_iofd = fd + 1;
	error = (*fp->f_ops->fo_fcntl)(fp, cmd, arg);
	l->l_iofd = 0;
	return error;
}

int
sys_fcntl(struct lwp *l, const struct sys_fcntl_args *uap, register_t *retval)
{
	int fd = SCARG(uap, fd), cmd = SCARG(uap, cmd), error;
	void *arg = SCARG(uap, arg);
	struct file *fp;

	if (cmd == F_CLOSEM)
		return close_from(l, fd);
	if (cmd == F_MAXFD) {
		*retval = l->l_fd->fd_lastfile;
		return 0;
	}
	if ((fp = fd_getfile(fd)) == NULL)
		return EBADF;
	if ((cmd & F_FSCTL) != 0)
		error = fcntl_filesystem(fp, cmd, arg);
	else if (cmd == F_GETLK || cmd == F_SETLK || cmd == F_SETLKW ||
	    cmd == F_GETPATH)
		error = fcntl_vnode(l, fd, fp, cmd, arg);
	else
		error = fcntl_descriptor(l, fd, fp, cmd, (intptr_t)arg,
		    retval);
	fd_putfile(fd);
	return error;
}

/* ioctls that mean the same for every file. */
static int
ioctl_descriptor(struct lwp *l, int fd, struct file *fp, u_long com,
    void *data)
{
	int on = *(int *)data;

	switch (com) {
	case FIOCLEX:
	case FIONCLEX:
		fd_set_exclose(l, fd, com == FIOCLEX);
		return 0;
	case FIONBIO:
	case FIOASYNC:
		mutex_enter(&fp->f_lock);
		if (on)
			fp->f_flag |= com == FIONBIO ? FNONBLOCK : FASYNC;
		else
			fp->f_flag &= ~(com == FIONBIO ? FNONBLOCK : FASYNC);
		mutex_exit(&fp->f_lock);
		break;
	default:
		break;
	}
	return (*fp->f_ops->fo_ioctl)(fp, com, data);
}

/*
 * ioctl(2).  The argument's size and direction are in the number; the driver
 * gets a kernel copy, zeroed where the program passes nothing in.
 */
int
sys_ioctl(struct lwp *l, const struct sys_ioctl_args *uap, register_t *retval)
{
	u_long com = SCARG(uap, com);
	size_t size = IOCPARM_LEN(com);
	long small[SMALL_ARGUMENT / sizeof(long)];
	void *memory = NULL, *data = small;
	int fd = SCARG(uap, fd), error = 0;
	struct file *fp;

	if ((fp = fd_getfile(fd)) == NULL)
		return EBADF;
	if ((fp->f_flag & (FREAD | FWRITE)) == 0) {
		error = EBADF;
		goto out;
	}
	if (size > IOCPARM_MAX) {
		error = ENOTTY;
		goto out;
	}
	if (size > sizeof(small))
		data = memory = kmem_alloc(size, KM_SLEEP);
	if ((com & IOC_IN) != 0 && size != 0)
		error = copyin(SCARG(uap, data), data, size);
	else if ((com & IOC_OUT) != 0 && size != 0)
		memset(data, 0, size);
	else
		*(void **)data = SCARG(uap, data);
	if (error == 0)
		error = ioctl_descriptor(l, fd, fp, com, data);
	if (error == 0 && (com & IOC_OUT) != 0 && size != 0)
		error = copyout(data, SCARG(uap, data), size);
	if (memory != NULL)
		kmem_free(memory, size);
out:
	fd_putfile(fd);
	return error == EPASSTHROUGH ? ENOTTY : error;
}

/*
 * SIGIO's owner: a process if positive, a process group if negative.
 */
int
fsetown(pid_t *owned, u_long com, const void *data)
{
	pid_t id = *(const int *)data;
	bool group = id < 0 || com == TIOCSPGRP, found;

	if (id == INT_MIN)
		return EINVAL;
	if (com == TIOCSPGRP && id < 0)
		return EINVAL;
	if (id != 0) {
		mutex_enter(&proc_lock);
		found = group ? pgrp_find(id < 0 ? -id : id) != NULL :
		    proc_find(id) != NULL;
		mutex_exit(&proc_lock);
		if (!found)
			return ESRCH;
	}
	*owned = com == TIOCSPGRP ? -id : id;
	return 0;
}

int
fgetown(pid_t owned, u_long com, void *data)
{

	*(int *)data = com == TIOCGPGRP ? -owned : owned;
	return 0;
}

void
fownsignal(pid_t owned, int signo, int code, int band, void *fdescdata)
{
	struct pgrp *pgrp;
	struct proc *p;
	ksiginfo_t ksi;

	if (owned == 0)
		return;
	KSI_INIT(&ksi);
	ksi.ksi_signo = signo;
	ksi.ksi_code = code;
	ksi.ksi_band = band;
	mutex_enter(&proc_lock);
	if (owned > 0 && (p = proc_find(owned)) != NULL)
		kpsignal(p, &ksi, fdescdata);
	else if (owned < 0 && (pgrp = pgrp_find(-owned)) != NULL)
		kpgsignal(pgrp, &ksi, fdescdata, 0);
	mutex_exit(&proc_lock);
}

SYSCALL_HANDLER(close)
SYSCALL_HANDLER(dup)
SYSCALL_HANDLER(dup2)
SYSCALL_HANDLER(dup3)
SYSCALL_HANDLER(__fstat50)
SYSCALL_HANDLER(fcntl)
SYSCALL_HANDLER(ioctl)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(close),
	SYSCALL_ROW(dup),
	SYSCALL_ROW(dup2),
	SYSCALL_ROW(dup3),
	SYSCALL_ROW(__fstat50),
	SYSCALL_ROW(fcntl),
	SYSCALL_ROW(ioctl),
};

void
fd_calls_register(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
