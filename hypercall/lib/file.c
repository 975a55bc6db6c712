/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Files of the host: open, close, information, and transfers that are waited for.
 */

#include "hyp.h"
#include "iov.h"
#include "memdisk.h"

int
rumpuser_open(const char *name, int mode, int *fdp)
{
	const int all = RUMPUSER_OPEN_ACCMODE | RUMPUSER_OPEN_CREATE | RUMPUSER_OPEN_EXCL |
	    RUMPUSER_OPEN_BIO;
	int error, nlocks;

	if ((mode & ~all) != 0 || (mode & RUMPUSER_OPEN_ACCMODE) == RUMPUSER_OPEN_ACCMODE)
		return NB_EINVAL;
	if (memdisk_names(name))
		return memdisk_open(name, mode, fdp);
	nlocks = hyp_release(NULL);
	error = core_open(name, mode, fdp);
	hyp_acquire(nlocks, NULL);
	return error;
}

int
rumpuser_close(int fd)
{
	int error, nlocks;

	if (memdisk_is(fd))
		return memdisk_close(fd);
	nlocks = hyp_release(NULL);
	error = core_close(fd);
	hyp_acquire(nlocks, NULL);
	return error;
}

int
rumpuser_getfileinfo(const char *name, uint64_t *size, int *type)
{
	uint64_t dummysize;
	int dummytype;

	if (size == NULL)
		size = &dummysize;
	if (type == NULL)
		type = &dummytype;
	if (memdisk_names(name))
		return memdisk_info(name, size, type);
	return core_fileinfo(name, size, type);
}

static int
step(int fd, bool write, const struct iov_cursor *ic, int64_t off, size_t *moved)
{
	const struct rumpuser_iovec *iov;
	size_t iovlen;

	*moved = 0;
	iov = iov_step(ic, &iovlen);
	if (iovlen == 0)
		return 0;
	if (memdisk_is(fd))
		return memdisk_rw(fd, write, iov, iovlen, off, moved);
	return core_rw(fd, write, iov, iovlen, off, moved);
}

/* With an offset, go on until all is moved or the end; without, take what one attempt gives. */
static int
transfer(int fd, bool write, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *retv)
{
	struct iov_cursor ic;
	size_t total, moved;
	int error;

	*retv = 0;
	if (!iov_total(iov, iovlen, true, &total))
		return NB_EINVAL;
	if (off != RUMPUSER_IOV_NOSEEK && (off < 0 || (int64_t)total > INT64_MAX - off))
		return NB_EINVAL;
	if (off < 0 && memdisk_is(fd))
		return NB_ESPIPE;
	iov_init(&ic, iov, iovlen);
	do {
		error = step(fd, write, &ic, off < 0 ? off : off + (int64_t)*retv, &moved);
		if (error == NB_EINTR)
			continue;
		if (error != 0)
			break;
		*retv += moved;
		iov_advance(&ic, moved);
	} while (error != 0 || (off >= 0 && moved != 0));
	return error;
}

int
rumpuser_iovread(int fd, struct rumpuser_iovec *iov, size_t iovlen, int64_t off, size_t *retv)
{
	int nlocks = hyp_release(NULL);
	int error = transfer(fd, false, iov, iovlen, off, retv);

	hyp_acquire(nlocks, NULL);
	return error;
}

int
rumpuser_iovwrite(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *retv)
{
	int nlocks = hyp_release(NULL);
	int error = transfer(fd, true, iov, iovlen, off, retv);

	hyp_acquire(nlocks, NULL);
	return error;
}
