/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * etfs: regular files of the host.
 *
 * They are not cached here: the host caches them, and others may change them.  A
 * transfer goes straight between the host and the caller's memory, by way of a
 * buffer only for remote clients.
 *
 * A file that is open for reading has one descriptor of the host, one for
 * writing another; they are opened with the first use and closed with the last.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/uio.h>

#include <rump/rumpuser.h>

#include "etfs/etfs.h"
#include "etfs/file.h"
#include "uiomem.h"

#define BOUNCE_BYTES	MAXPHYS

enum { FOR_READING, FOR_WRITING };

static const struct {
	int	fmode;
	int	hostmode;
} uses[] = {
	[FOR_READING] = { FREAD, RUMPUSER_OPEN_RDONLY },
	[FOR_WRITING] = { FWRITE, RUMPUSER_OPEN_RDWR },
};

/* One less of a use; closes the descriptor after the last.  etfs_lock held. */
static int
drop(struct etfs_node *en, int use)
{
	int fd = en->en_fd[use];

	KASSERT(en->en_opens[use] > 0);
	if (--en->en_opens[use] != 0)
		return 0;
	en->en_fd[use] = -1;
	return fd == -1 ? 0 : rumpuser_close(fd);
}

/* One more.  etfs_lock held. */
static int
take(struct etfs_node *en, int use)
{
	int error;

	if (en->en_opens[use] == 0) {
		error = rumpuser_open(en->en_hostpath, uses[use].hostmode,
		    &en->en_fd[use]);
		if (error != 0) {
			en->en_fd[use] = -1;
			return error;
		}
	}
	en->en_opens[use]++;
	return 0;
}

int
etfs_open(struct etfs_node *en, int fmode)
{
	int error = 0;

	KASSERT(en->en_type == VREG);
	mutex_enter(&etfs_lock);
	if ((fmode & FREAD) != 0)
		error = take(en, FOR_READING);
	if (error == 0 && (fmode & FWRITE) != 0) {
		error = take(en, FOR_WRITING);
		if (error != 0 && (fmode & FREAD) != 0)
			(void)drop(en, FOR_READING);
	}
	mutex_exit(&etfs_lock);
	return error;
}

int
etfs_close(struct etfs_node *en, int fmode)
{
	int error = 0, error1 = 0;

	mutex_enter(&etfs_lock);
	if ((fmode & FWRITE) != 0)
		error = drop(en, FOR_WRITING);
	if ((fmode & FREAD) != 0)
		error1 = drop(en, FOR_READING);
	mutex_exit(&etfs_lock);
	return error != 0 ? error : error1;
}

void
etfs_file_shut(struct etfs_node *en)
{
	int use, fd;

	KASSERT(mutex_owned(&etfs_lock));
	for (use = FOR_READING; use <= FOR_WRITING; use++) {
		fd = en->en_fd[use];
		en->en_fd[use] = -1;
		if (fd != -1)
			(void)rumpuser_close(fd);
	}
}

int
etfs_size(struct etfs_node *en, off_t *size)
{
	uint64_t hostsize;
	int error;

	error = rumpuser_getfileinfo(en->en_hostpath, &hostsize, NULL);
	if (error != 0)
		return error;
	hostsize -= MIN(hostsize, en->en_begin);
	*size = (off_t)MIN(MIN(hostsize, en->en_limit), INT64_MAX);
	return 0;
}

/* Where in the host's file the uio is. */
static int64_t
host_offset(const struct etfs_node *en, off_t off)
{

	return en->en_stream ? RUMPUSER_IOV_NOSEEK :
	    (int64_t)(en->en_begin + off);
}

/* One transfer of the host's.  *moved is set even on error. */
static int
host_move(struct etfs_node *en, enum uio_rw rw, void *data, size_t n,
    off_t off, size_t *moved)
{
	struct rumpuser_iovec iov = { .iov_base = data, .iov_len = n };
	int fd = en->en_fd[rw == UIO_WRITE || en->en_opens[FOR_READING] == 0 ?
	    FOR_WRITING : FOR_READING];

	*moved = 0;
	if (fd == -1)
		return EBADF;
	return rw == UIO_READ ?
	    rumpuser_iovread(fd, &iov, 1, host_offset(en, off), moved) :
	    rumpuser_iovwrite(fd, &iov, 1, host_offset(en, off), moved);
}

static void
advance(struct uio *uio, size_t n)
{
	struct iovec *iov = uio->uio_iov;

	iov->iov_base = (char *)iov->iov_base + n;
	iov->iov_len -= n;
	uio->uio_resid -= n;
	uio->uio_offset += n;
}

/* Between the host and the first piece of memory of a uio. */
static int
move_direct(struct etfs_node *en, struct uio *uio, size_t n, size_t *moved)
{
	int error;

	*moved = 0;
	if (uio->uio_iov->iov_base == NULL)
		return EFAULT;
	error = host_move(en, uio->uio_rw, uio->uio_iov->iov_base,
	    MIN(n, uio->uio_iov->iov_len), uio->uio_offset, moved);
	advance(uio, *moved);
	return error;
}

/* The same by way of a buffer. */
static int
move_bounced(struct etfs_node *en, struct uio *uio, void *buf, size_t n,
    size_t *moved)
{
	off_t off = uio->uio_offset;
	int error, error1;
	size_t unused;

	n = MIN(n, BOUNCE_BYTES);
	*moved = 0;
	if (uio->uio_rw == UIO_WRITE) {
		error = uiomove(buf, n, uio);
		if (error != 0)
			return error;
		error = host_move(en, UIO_WRITE, buf, n, off, moved);
		unused = n - *moved;
		uio->uio_resid += unused;
		uio->uio_offset -= unused;
		/* the client's memory has moved on: this ends the request */
		return error == 0 && unused != 0 ? EIO : error;
	}
	error = host_move(en, UIO_READ, buf, n, off, moved);
	error1 = uiomove(buf, *moved, uio);
	return error != 0 ? error : error1;
}

/* Move up to n bytes, until the host has no more. */
static int
move(struct etfs_node *en, struct uio *uio, size_t n)
{
	bool direct = uio_addressable(uio);
	size_t moved, want;
	void *buf = NULL;
	int error = 0;

	if (!direct)
		buf = kmem_alloc(BOUNCE_BYTES, KM_SLEEP);
	while (n > 0 && error == 0) {
		if (uio->uio_iov->iov_len == 0) {
			uio->uio_iov++;
			uio->uio_iovcnt--;
			continue;
		}
		want = MIN(n, uio->uio_iov->iov_len);
		error = direct ? move_direct(en, uio, n, &moved) :
		    move_bounced(en, uio, buf, n, &moved);
		n -= moved;
		if (direct ? moved < want : moved == 0)
			break;
	}
	if (buf != NULL)
		kmem_free(buf, BOUNCE_BYTES);
	return error;
}

int
etfs_read(struct etfs_node *en, struct uio *uio)
{
	size_t n = uio->uio_resid;

	KASSERT(uio->uio_rw == UIO_READ);
	if (uio->uio_offset < 0)
		return EINVAL;
	if (en->en_limit != ETFS_NOLIMIT) {
		if ((uint64_t)uio->uio_offset >= en->en_limit)
			return 0;
		n = MIN(n, en->en_limit - uio->uio_offset);
	}
	return move(en, uio, n);
}

int
etfs_write(struct etfs_node *en, struct uio *uio)
{
	size_t before = uio->uio_resid;
	int error;

	KASSERT(uio->uio_rw == UIO_WRITE);
	if (uio->uio_offset < 0)
		return EINVAL;
	if (en->en_limit != ETFS_NOLIMIT &&
	    ((uint64_t)uio->uio_offset > en->en_limit ||
	    before > en->en_limit - uio->uio_offset))
		return EFBIG;
	error = move(en, uio, before);
	/* a host that takes nothing and says nothing */
	if (error == 0 && before != 0 && uio->uio_resid == before)
		error = EIO;
	return error;
}

int
etfs_sync(struct etfs_node *en)
{

	if (en->en_fd[FOR_WRITING] == -1)
		return 0;
	return rumpuser_syncfd(en->en_fd[FOR_WRITING], RUMPUSER_SYNCFD_WRITE |
	    RUMPUSER_SYNCFD_SYNC, 0, 0);
}
