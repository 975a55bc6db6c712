/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * No files. Requests can come only for memory disks, and there is no thread to complete them on.
 */

#include "core.h"

int
core_open(const char *name, int mode, int *fd)
{

	return NB_EOPNOTSUPP;
}

int
core_close(int fd)
{

	return NB_EBADF;
}

int
core_fileinfo(const char *name, uint64_t *size, int *type)
{

	return NB_EOPNOTSUPP;
}

int
core_rw(int fd, bool write, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{

	return NB_EBADF;
}

void
core_read_nowait(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{

	*moved = 0;
}

void
core_bio_start(struct bio_request *bio)
{

	hyp_panic("block request %p: no thread to complete it", (void *)bio);
}
