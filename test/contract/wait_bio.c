/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * rumpuser_bio as a library without threads of its own may have it: the transfer is done, and the callback
 * called, before it returns. Takes the place of the library's by --wrap=rumpuser_bio.
 */

#include "rump/rumpuser.h"

void __wrap_rumpuser_bio(int fd, int op, void *data, size_t len, int64_t off, rump_biodone_fn done,
    void *arg);

void
__wrap_rumpuser_bio(int fd, int op, void *data, size_t len, int64_t off, rump_biodone_fn done, void *arg)
{
	struct rumpuser_iovec iov = { data, len };
	size_t moved = 0;
	int error;

	error = op & RUMPUSER_BIO_READ ? rumpuser_iovread(fd, &iov, 1, off, &moved) :
	    rumpuser_iovwrite(fd, &iov, 1, off, &moved);
	if (error == 0 && op & RUMPUSER_BIO_SYNC)
		error = rumpuser_syncfd(fd, RUMPUSER_SYNCFD_WRITE | RUMPUSER_SYNCFD_SYNC, 0, 0);
	done(arg, moved, error);
}
