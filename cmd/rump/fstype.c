/* SPDX-License-Identifier: BSD-2-Clause */
/* Mount options in words. */
#include <stdlib.h>
#include <string.h>

#include <rump/rumpdefs.h>

#include "fstype.h"

/* Those of every file system. */
static const struct fsoption all_mounts[] = {
	{ "ro", RUMP_MNT_RDONLY },
	{ "rw", 0 },
	{ "noatime", RUMP_MNT_NOATIME },
	{ "relatime", RUMP_MNT_RELATIME },
	{ "sync", RUMP_MNT_SYNCHRONOUS },
	{ "async", RUMP_MNT_ASYNC },
	{ "discard", RUMP_MNT_DISCARD },
	{ NULL, 0 }
};

static bool
flag_set(const char *word, const struct fsoption *table, int *flags)
{

	for (; table->name != NULL; table++)
		if (strcmp(table->name, word) == 0) {
			*flags |= table->flag;
			return true;
		}
	return false;
}

const char *
fsoptions_parse(char *opts, const struct fsoption *table, int *flags, int *mntflags)
{
	char *word;

	while (opts != NULL && (word = strsep(&opts, ",")) != NULL)
		if (*word != '\0' && !flag_set(word, table, flags) &&
		    !flag_set(word, all_mounts, mntflags))
			return word;
	return NULL;
}

bool
fsoption_value(char *opts, const char *name, int64_t *value)
{
	size_t len = strlen(name), end;
	char *p = opts, *after;

	while (p != NULL) {
		end = strcspn(p, ",");
		if (strncmp(p, name, len) == 0 && p[len] == '=') {
			*value = strtoll(p + len + 1, &after, 0);
			if (after != p + end || end == len + 1)
				return false;	/* stays, and is complained of */
			/* "a=1" becomes nothing, between its commas */
			memmove(p, p + end, strlen(p + end) + 1);
			return true;
		}
		p = p[end] == ',' ? p + end + 1 : NULL;
	}
	return false;
}
