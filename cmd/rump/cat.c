/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs cat: files of the image to standard output. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"

#define CHUNK	(1024 * 1024)

static int
cat_file(const char *path, char *buf)
{
	ssize_t n = 0;
	int fd, status = EXIT_OK;

	if ((fd = rump_sys_open(path, RUMP_O_RDONLY)) == -1) {
		complain(path, errno);
		return EXIT_SOME;
	}
	while (!ferror(stdout) && (n = rump_sys_read(fd, buf, CHUNK)) > 0)
		fwrite(buf, 1, (size_t)n, stdout);
	if (n == -1) {
		complain(path, errno);
		status = EXIT_SOME;
	}
	rump_sys_close(fd);
	return status;
}

int
cmd_cat(int argc, char **argv)
{
	struct paths p;
	char *buf;
	int status = EXIT_OK;

	if (getopt(argc, argv, "") != -1 || optind == argc)
		return BAD_USAGE;
	if ((buf = malloc(CHUNK)) == NULL)
		fail_memory();
	p = paths_expand(argc - optind, argv + optind);
	for (size_t i = 0; i < p.n; i++)
		status |= cat_file(p.list[i], buf);
	paths_free(&p);
	free(buf);
	return status;
}
