/* SPDX-License-Identifier: BSD-2-Clause */
/* rump: the command; each of its tools is a file or a group of files. */
#include <stdio.h>
#include <string.h>

#include <rump/rump.h>

#include "fs.h"

static int
version(void)
{

	printf("rump (Haunch) %s, kernel interface of NetBSD 9.99.88\n", HAUNCH_VERSION);
	return EXIT_OK;
}

static int
usage(FILE *to, int status)
{

	fputs("usage: rump fs [OPTION ...] IMAGE [COMMAND [ARGUMENT ...]]\n"
	    "       rump help | version\n"
	    "\n"
	    "rump fs    files in disk images, without root or mount (see 'rump fs help')\n",
	    to);
	return status;
}

int
main(int argc, char **argv)
{

	if (argc < 2)
		return usage(stderr, EXIT_USAGE);
	if (strcmp(argv[1], "fs") == 0)
		return fs_main(argc - 1, argv + 1);
	if (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0)
		return version();
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0)
		return usage(stdout, EXIT_OK);
	fprintf(stderr, "rump: no tool named '%s'\n", argv[1]);
	return usage(stderr, EXIT_USAGE);
}
