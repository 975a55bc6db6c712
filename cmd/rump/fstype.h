/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files fstype_NAME.c share. */
#ifndef CMD_RUMP_FSTYPE_H
#define CMD_RUMP_FSTYPE_H

#include "fs.h"

struct fsoption {
	const char *name;	/* NULL ends the table */
	int flag;
};

/*
 * Set the flags that the comma separated opts (NULL: none) name; opts is cut
 * up.  Returns NULL, or the word that is not in the table.
 */
const char *fsoptions_parse(char *opts, const struct fsoption *table, int *flags);

extern const struct fstype fstype_cd9660;

#endif
