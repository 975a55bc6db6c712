/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Locks of open files on Linux: OFD locks, which belong to the open file and not to the process, so that two
 * kernels in one process keep each other out, and closing another descriptor of the file loses nothing.
 *
 * Ref: fcntl(2), "Open file description locks".
 */

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "unix.h"

int
filelock_take(int fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
		return 0;
	return errno == EAGAIN || errno == EACCES ? NB_EBUSY : 0;
}
