/* SPDX-License-Identifier: BSD-2-Clause */
/* The file systems that images may hold. */
#include <string.h>

#include "fstype.h"

const struct fstype *const fstypes[] = {
	&fstype_cd9660,
	NULL
};

const char *
fsoptions_parse(char *opts, const struct fsoption *table, int *flags)
{
	const struct fsoption *o;
	char *word;

	while (opts != NULL && (word = strsep(&opts, ",")) != NULL) {
		if (*word == '\0' || strcmp(word, "ro") == 0)
			continue;
		for (o = table; o->name != NULL; o++)
			if (strcmp(o->name, word) == 0)
				break;
		if (o->name == NULL)
			return word;
		*flags |= o->flag;
	}
	return NULL;
}
