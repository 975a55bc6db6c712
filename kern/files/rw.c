/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading and writing through descriptors.
 *
 *   read write readv writev           at the file's offset, and move it
 *   pread pwrite preadv pwritev       at a given offset
 *   dofileread dofilewrite            the same for a file, from kernel code
 *   do_filereadv do_filewritev
 *
 * The file's operation gets a uio over the caller's memory.  A transfer that
 * was cut short by a signal or by EWOULDBLOCK after it moved something counts
 * as a short success.  Lengths above SSIZE_MAX are EINVAL, as POSIX says, and so
 * are vectors that add up to more.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/proc.h>
#include <sys/signalvar.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include <rump-private/files.h>
#include <rump-private/syscall.h>

#include "files/fd.h"
#include "files/fd_calls.h"

#define LENGTH_MAX	((size_t)SSIZE_MAX)

/* A transfer that moved something before it was interrupted has succeeded. */
static int
cut_short(int error, size_t moved)
{

	if (moved != 0 &&
	    (error == ERESTART || error == EINTR || error == EWOULDBLOCK))
		return 0;
	return error;
}

/*
 * Run the file's read or write over a uio that is set up.  A descriptor that goes
 * while the operation waits makes it EBADF, as if it had gone before.
 */
static int
transfer(int fd, struct file *fp, struct uio *uio, off_t *offset, int flags,
    register_t *retval)
{
	size_t length = uio->uio_resid, moved;
	struct lwp *l = curlwp;
	int error;

	l->l_iofd = fd + 1;
	if (uio->uio_rw == UIO_READ)
		error = (*fp->f_ops->fo_read)(fp, offset, uio, fp->f_cred,
		    flags);
	else
		error = (*fp->f_ops->fo_write)(fp, offset, uio, fp->f_cred,
		    flags);
	moved = length - uio->uio_resid;
	if (__predict_false(error != 0)) {
		error = cut_short(error, moved);
		if (error == ERESTART && fd_gone(fp))
			error = EBADF;
	}
	l->l_iofd = 0;
	*retval = moved;
	return error;
}

static int
transfer_buffer(int fd, struct file *fp, void *buf, size_t len, off_t *offset,
    int flags, enum uio_rw rw, register_t *retval)
{
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	struct uio uio = {
		.uio_iov = &iov,
		.uio_iovcnt = 1,
		.uio_resid = len,
		.uio_rw = rw,
		.uio_vmspace = curproc->p_vmspace,
	};

	if (len > LENGTH_MAX)
		return EINVAL;
	return transfer(fd, fp, &uio, offset, flags, retval);
}

/*
 * Read from, or write to, the file that the caller borrowed as descriptor fd;
 * the loan ends here.
 *
 * offset   in, out: where; &fp->f_offset with FOF_UPDATE_OFFSET, or the
 *          caller's own.
 * retval   out: bytes moved.
 */
int
dofileread(int fd, struct file *fp, void *buf, size_t nbyte, off_t *offset,
    int flags, register_t *retval)
{
	int error;

	error = transfer_buffer(fd, fp, buf, nbyte, offset, flags, UIO_READ,
	    retval);
	fd_putfile(fd);
	return error;
}

int
dofilewrite(int fd, struct file *fp, const void *buf, size_t nbyte,
    off_t *offset, int flags, register_t *retval)
{
	int error;

	error = transfer_buffer(fd, fp, __UNCONST(buf), nbyte, offset, flags,
	    UIO_WRITE, retval);
	fd_putfile(fd);
	return error;
}

/* Add up vectors: EINVAL when the sum or one of them is too long. */
static int
vectors_length(const struct iovec *iov, int iovcnt, size_t *lenp)
{
	size_t length = 0;
	int i;

	for (i = 0; i < iovcnt; i++) {
		if (iov[i].iov_len > LENGTH_MAX - length)
			return EINVAL;
		length += iov[i].iov_len;
	}
	*lenp = length;
	return 0;
}

static int
transfer_vectors(int fd, struct file *fp, const struct iovec *iovp,
    int iovcnt, off_t *offset, int flags, enum uio_rw rw, register_t *retval)
{
	struct iovec few[UIO_SMALLIOV], *iov = few;
	size_t size = iovcnt * sizeof(*iov);
	struct uio uio;
	int error;

	if (iovcnt <= 0 || iovcnt > IOV_MAX)
		return EINVAL;
	if (iovcnt > UIO_SMALLIOV)
		iov = kmem_alloc(size, KM_SLEEP);
	if (flags & FOF_IOV_SYSSPACE)
		memcpy(iov, iovp, size);
	else if ((error = copyin(iovp, iov, size)) != 0)
		goto out;
	if ((error = vectors_length(iov, iovcnt, &uio.uio_resid)) != 0)
		goto out;
	uio.uio_iov = iov;
	uio.uio_iovcnt = iovcnt;
	uio.uio_rw = rw;
	uio.uio_offset = 0;
	uio.uio_vmspace = curproc->p_vmspace;
	error = transfer(fd, fp, &uio, offset, flags & ~FOF_IOV_SYSSPACE, retval);
out:
	if (iov != few)
		kmem_free(iov, size);
	return error;
}

/* May a positioned transfer of fp start there? */
static int
seek_check(struct file *fp, off_t offset)
{

	if (fp->f_type != DTYPE_VNODE || file_vnode_ops == NULL)
		return ESPIPE;
	return file_vnode_ops->fv_seek(fp, offset);
}

/* Borrow fd for a transfer: EBADF unless it is open that way. */
static int
borrow(int fd, int how, struct file **fpp)
{
	struct file *fp = fd_getfile(fd);

	if (__predict_false(fp == NULL))
		return EBADF;
	if (__predict_false((fp->f_flag & how) == 0)) {
		fd_putfile(fd);
		return EBADF;
	}
	*fpp = fp;
	return 0;
}

/*
 * readv(2) and preadv(2).
 *
 * offset   NULL: the file's own.  flags: FOF_IOV_SYSSPACE when the vectors
 *          themselves are kernel memory.
 */
int
do_filereadv(int fd, const struct iovec *iovp, int iovcnt, off_t *offset,
    int flags, register_t *retval)
{

	return do_filevectors(fd, iovp, iovcnt, offset, flags, UIO_READ,
	    retval);
}

int
do_filewritev(int fd, const struct iovec *iovp, int iovcnt, off_t *offset,
    int flags, register_t *retval)
{

	return do_filevectors(fd, iovp, iovcnt, offset, flags, UIO_WRITE,
	    retval);
}

int
do_filevectors(int fd, const struct iovec *iovp, int iovcnt, off_t *offset,
    int flags, enum uio_rw rw, register_t *retval)
{
	struct file *fp;
	int error;

	error = borrow(fd, rw == UIO_READ ? FREAD : FWRITE, &fp);
	if (error != 0)
		return error;
	if (offset == NULL) {
		offset = &fp->f_offset;
		flags |= FOF_UPDATE_OFFSET;
	} else {
		error = seek_check(fp, *offset);
	}
	if (error == 0)
		error = transfer_vectors(fd, fp, iovp, iovcnt, offset, flags, rw,
		    retval);
	fd_putfile(fd);
	return error;
}

/*
 * A transfer between one buffer and descriptor fd, at an offset of its own or,
 * for NULL, the file's.
 */
static int
transfer_fd(int fd, void *buf, size_t len, off_t *offset, enum uio_rw rw,
    register_t *retval)
{
	struct file *fp;
	int flags = 0, error;

	error = borrow(fd, rw == UIO_READ ? FREAD : FWRITE, &fp);
	if (__predict_false(error != 0))
		return error;
	if (offset != NULL) {
		error = seek_check(fp, *offset);
	} else {
		offset = &fp->f_offset;
		flags = FOF_UPDATE_OFFSET;
	}
	if (__predict_true(error == 0))
		error = transfer_buffer(fd, fp, buf, len, offset, flags, rw,
		    retval);
	fd_putfile(fd);
	return error;
}

int
sys_read(struct lwp *l, const struct sys_read_args *uap,
    register_t *retval)
{

	return transfer_fd(SCARG(uap, fd), SCARG(uap, buf),
	    SCARG(uap, nbyte), NULL, UIO_READ, retval);
}

int
sys_write(struct lwp *l, const struct sys_write_args *uap,
    register_t *retval)
{

	return transfer_fd(SCARG(uap, fd), __UNCONST(SCARG(uap, buf)),
	    SCARG(uap, nbyte), NULL, UIO_WRITE, retval);
}

int
sys_pread(struct lwp *l, const struct sys_pread_args *uap,
    register_t *retval)
{
	off_t at = SCARG(uap, offset);

	return transfer_fd(SCARG(uap, fd), SCARG(uap, buf),
	    SCARG(uap, nbyte), &at, UIO_READ, retval);
}

int
sys_pwrite(struct lwp *l, const struct sys_pwrite_args *uap,
    register_t *retval)
{
	off_t at = SCARG(uap, offset);

	return transfer_fd(SCARG(uap, fd), __UNCONST(SCARG(uap, buf)),
	    SCARG(uap, nbyte), &at, UIO_WRITE, retval);
}

int
sys_readv(struct lwp *l, const struct sys_readv_args *uap,
    register_t *retval)
{

	return do_filevectors(SCARG(uap, fd), SCARG(uap, iovp),
	    SCARG(uap, iovcnt), NULL, 0, UIO_READ, retval);
}

int
sys_writev(struct lwp *l, const struct sys_writev_args *uap,
    register_t *retval)
{

	return do_filevectors(SCARG(uap, fd), SCARG(uap, iovp),
	    SCARG(uap, iovcnt), NULL, 0, UIO_WRITE, retval);
}

int
sys_preadv(struct lwp *l, const struct sys_preadv_args *uap,
    register_t *retval)
{
	off_t at = SCARG(uap, offset);

	return do_filevectors(SCARG(uap, fd), SCARG(uap, iovp),
	    SCARG(uap, iovcnt), &at, 0, UIO_READ, retval);
}

int
sys_pwritev(struct lwp *l, const struct sys_pwritev_args *uap,
    register_t *retval)
{
	off_t at = SCARG(uap, offset);

	return do_filevectors(SCARG(uap, fd), SCARG(uap, iovp),
	    SCARG(uap, iovcnt), &at, 0, UIO_WRITE, retval);
}

SYSCALL_HANDLER(read)
SYSCALL_HANDLER(write)
SYSCALL_HANDLER(readv)
SYSCALL_HANDLER(writev)
SYSCALL_HANDLER(pread)
SYSCALL_HANDLER(pwrite)
SYSCALL_HANDLER(preadv)
SYSCALL_HANDLER(pwritev)

static const struct rump_onesyscall calls[] = {
	SYSCALL_ROW(read),
	SYSCALL_ROW(write),
	SYSCALL_ROW(readv),
	SYSCALL_ROW(writev),
	SYSCALL_ROW(pread),
	SYSCALL_ROW(pwrite),
	SYSCALL_ROW(preadv),
	SYSCALL_ROW(pwritev),
};

void
rw_register(void)
{

	rump_syscall_boot_establish(calls, __arraycount(calls));
}
