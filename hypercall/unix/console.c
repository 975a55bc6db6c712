/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Console: standard output; standard error with RUMP_CONSOLE=stderr, for programs whose
 * output is data.
 */

#include <errno.h>
#include <unistd.h>

#include "unix.h"

void
core_console_write(const char *buf, size_t len)
{
	int fd = env_is("RUMP_CONSOLE", "stderr") ? STDERR_FILENO : STDOUT_FILENO;
	int saved = errno;
	ssize_t n;

	while (len != 0) {
		n = write(fd, buf, len);
		if (n == -1 && errno != EINTR && errno != EAGAIN)
			break;
		if (n > 0) {
			buf += n;
			len -= (size_t)n;
		}
	}
	errno = saved;
}
