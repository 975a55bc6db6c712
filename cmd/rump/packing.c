/* SPDX-License-Identifier: BSD-2-Clause */
/* What import and export share. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include <archive.h>

#include <rump/rump_syscalls.h>

#include "packing.h"
#include "fs.h"
#include "progress.h"
#include "side.h"

void
packing_complain(struct archive *a, const char *name)
{
	const char *why = archive_error_string(a);

	fflush(stdout);
	progress_hide();
	fprintf(stderr, "rump fs: host: %s: %s\n", name, why != NULL ? why : "damaged");
}

static int
directory_enter(const char *dir)
{

	if (dir == NULL)
		return EXIT_OK;
	if (rump_sys_chdir(dir) == 0)
		return EXIT_OK;
	complain(dir, errno);
	return EXIT_SOME;
}

int
packing_in(const char *dir, int (*work)(char **paths), char **paths)
{
	int here = image_side.dir_open(SIDE_CWD, ".", true), status;
	char *locale = xstrdup(setlocale(LC_CTYPE, NULL));

	/* libarchive converts names by the locale; those of archives are UTF-8 */
	setlocale(LC_CTYPE, "C.UTF-8");
	if ((status = directory_enter(dir)) == EXIT_OK)
		status = work(paths);
	if (here != -1) {
		rump_sys_fchdir(here);
		image_side.close(here);
	}
	setlocale(LC_CTYPE, locale);
	free(locale);
	return status;
}

