/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Locks of open files by flock(2), which belong to the open file. The system lets go of them when the last
 * descriptor is closed.
 */

#define _DEFAULT_SOURCE
#include <errno.h>
#include <sys/file.h>

#include "unix.h"

int
filelock_take(int fd)
{

	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK ? NB_EBUSY : 0;
}
