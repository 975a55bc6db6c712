/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Files of the host, and one step of a transfer, waited for.
 */

#define _DEFAULT_SOURCE
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "unix.h"

_Static_assert(sizeof(struct rumpuser_iovec) == sizeof(struct iovec) &&
    offsetof(struct rumpuser_iovec, iov_len) == offsetof(struct iovec, iov_len),
    "the kernel's iovec is the host's");

/* Can two writers destroy it?  Not a null device, a terminal, or a pipe. */
static bool
is_disk(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode));
}

int
core_open(const char *name, int mode, int *fdp)
{
	static const int access[] = { O_RDONLY, O_WRONLY, O_RDWR };
	int flags = access[mode & RUMPUSER_OPEN_ACCMODE] | O_CLOEXEC | O_NOCTTY;
	int fd, error;

	if (mode & RUMPUSER_OPEN_CREATE)
		flags |= O_CREAT;
	if (mode & RUMPUSER_OPEN_EXCL)
		flags |= O_EXCL;
	do {
		fd = open(name, flags, 0644);
	} while (fd == -1 && errno == EINTR);
	if (fd == -1)
		return hyp_errno(errno);
	if (mode & RUMPUSER_OPEN_BIO && (flags & O_ACCMODE) != O_RDONLY &&
	    is_disk(fd) && (error = filelock_take(fd)) != 0) {
		close(fd);
		return error;
	}
	*fdp = fd;
	return 0;
}

int
core_close(int fd)
{

	/* after EINTR the descriptor is closed on most systems, and again would hit another */
	if (close(fd) != 0 && errno != EINTR)
		return hyp_errno(errno);
	return 0;
}

static int
file_type(mode_t mode)
{

	switch (mode & S_IFMT) {
	case S_IFDIR:
		return RUMPUSER_FT_DIR;
	case S_IFREG:
		return RUMPUSER_FT_REG;
	case S_IFBLK:
		return RUMPUSER_FT_BLK;
	case S_IFCHR:
		return RUMPUSER_FT_CHR;
	default:
		return RUMPUSER_FT_OTHER;
	}
}

/* stat(2) says 0 for devices; the end of a medium is where seeking goes. */
static int
device_size(const char *name, uint64_t *size)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY), error = 0;
	off_t end;

	if (fd == -1)
		return hyp_errno(errno);
	end = lseek(fd, 0, SEEK_END);
	if (end == -1)
		error = hyp_errno(errno);
	else
		*size = (uint64_t)end;
	close(fd);
	return error;
}

int
core_fileinfo(const char *name, uint64_t *size, int *type)
{
	struct stat st;

	if (stat(name, &st) != 0)
		return hyp_errno(errno);
	*type = file_type(st.st_mode);
	*size = (uint64_t)st.st_size;
	return *type == RUMPUSER_FT_BLK ? device_size(name, size) : 0;
}

int
core_rw(int fd, bool write, const struct rumpuser_iovec *riov, size_t iovlen, int64_t off,
    size_t *moved)
{
	const struct iovec *iov = (const struct iovec *)riov;
	int n = (int)iovlen;
	ssize_t r;

	if (write)
		r = off < 0 ? writev(fd, iov, n) : pwritev(fd, iov, n, off);
	else
		r = off < 0 ? readv(fd, iov, n) : preadv(fd, iov, n, off);
	*moved = r > 0 ? (size_t)r : 0;
	return r >= 0 ? 0 : hyp_errno(errno);
}

static int
flush(int fd)
{

	if (fdatasync(fd) == 0)
		return 0;
	/* what cannot be flushed holds nothing back */
	return errno == EINVAL || errno == ENOTSUP || errno == EROFS ? 0 : hyp_errno(errno);
}

int64_t
bio_step_now(struct bio_request *bio)
{
	size_t moved = 0;
	int error = 0;

	switch (bio->bio_step) {
	case BIO_STEP_NONE:
		break;
	case BIO_STEP_READ:
	case BIO_STEP_WRITE:
		error = core_rw(bio->bio_fd, bio->bio_step == BIO_STEP_WRITE, bio->bio_iov,
		    bio->bio_iovlen, bio->bio_off, &moved);
		break;
	case BIO_STEP_FLUSH:
		error = flush(bio->bio_fd);
		break;
	}
	return error != 0 ? -error : (int64_t)moved;
}
