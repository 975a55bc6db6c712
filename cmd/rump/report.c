/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that name image, path and cause; memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rumperr.h>

#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "progress.h"
#include "walk.h"

static void
say(const char *where, const char *path, const char *why)
{

	fflush(stdout);
	progress_hide();
	if (path != NULL)
		fprintf(stderr, "rump fs: %s: %s: %s\n", where, path, why);
	else
		fprintf(stderr, "rump fs: %s: %s\n", where, why);
}

void
complain_text(const char *path, const char *why)
{

	say(image.path, path, why);
}

void
complain(const char *path, int err)
{

	complain_text(path, rump_strerror(err));
}

void
complain_host(const char *path, int err)
{

	say("host", path, strerror(err));
}

void
complain_name(const char *path, int err)
{
	const char *why = NULL;
	char *name = path_last(path), text[256];

	if (image.type != NULL && image.type->name_problem != NULL &&
	    (err == RUMP_EINVAL || err == RUMP_ENAMETOOLONG || err == RUMP_EILSEQ))
		why = image.type->name_problem(name);
	free(name);
	if (why == NULL) {
		complain(path, err);
		return;
	}
	snprintf(text, sizeof(text), "no name for %s: %s", image.type->title, why);
	complain_text(path, text);
}

void
fail_text(const char *path, const char *why)
{

	complain_text(path, why);
	image_close();
	exit(EXIT_USAGE);
}

void
fail_memory(void)
{

	fail_text(NULL, "out of memory");
}

void *
xalloc(size_t n)
{

	return xrealloc(NULL, n);
}

void *
xrealloc(void *p, size_t n)
{

	if ((p = realloc(p, n > 0 ? n : 1)) == NULL)
		fail_memory();
	return p;
}

char *
xstrdup(const char *s)
{
	char *copy = strdup(s);

	if (copy == NULL)
		fail_memory();
	return copy;
}
