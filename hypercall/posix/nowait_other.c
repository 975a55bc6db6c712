/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * POSIX has no read that does not wait for a disk.
 */

#include "core.h"

void
core_read_nowait(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{

	*moved = 0;
}
