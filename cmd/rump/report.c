/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that name image, path and cause. */
#include <stdio.h>
#include <stdlib.h>

#include <rump/rumperr.h>

#include "fs.h"

void
complain_text(const char *path, const char *why)
{

	fflush(stdout);
	if (path != NULL)
		fprintf(stderr, "rump fs: %s: %s: %s\n", image.path, path, why);
	else
		fprintf(stderr, "rump fs: %s: %s\n", image.path, why);
}

void
complain(const char *path, int err)
{

	complain_text(path, rump_strerror(err));
}

void
fail_text(const char *path, const char *why)
{

	complain_text(path, why);
	exit(EXIT_SOME);
}

void
fail(const char *path, int err)
{

	fail_text(path, rump_strerror(err));
}
