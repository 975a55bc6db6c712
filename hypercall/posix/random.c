/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Randomness: getentropy(3), which Linux, the BSDs and POSIX.1-2024 have, at most 256 bytes at a
 * time; /dev/urandom where it fails. All of it comes from a generator that true sources feed,
 * which is the best that systems offer today, so hard or not is one.
 */

#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core.h"

static int
device_read(void *buf, size_t len, size_t *got)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return NB_EIO;
	do {
		n = read(fd, buf, len);
	} while (n == -1 && errno == EINTR);
	close(fd);
	*got = n > 0 ? (size_t)n : 0;
	return n > 0 ? 0 : NB_EIO;
}

int
core_random(void *buf, size_t len, bool hard, bool wait, size_t *got)
{

	len = len < 256 ? len : 256;
	if (getentropy(buf, len) != 0)
		return device_read(buf, len, got);
	*got = len;
	return 0;
}
