/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file systems that images may hold, in the order they are looked for:
 * FSTYPES, from the build, has those whose drivers are linked.
 */
#include <string.h>

#include "fstype.h"

const struct fstype *const fstypes[] = {
	FSTYPES
	NULL
};

/* Other names that people know them by. */
static const struct { const char *alias, *name; } aliases[] = {
	{ "iso9660", "cd9660" }, { "iso", "cd9660" },
	{ "vfat", "msdos" }, { "fat", "msdos" }, { "msdosfs", "msdos" }, { "dos", "msdos" },
};

const struct fstype *
fstype_named(const char *name)
{

	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(aliases[i].alias, name) == 0)
			name = aliases[i].name;
	for (size_t i = 0; fstypes[i] != NULL; i++)
		if (strcmp(fstypes[i]->name, name) == 0)
			return fstypes[i];
	return NULL;
}
