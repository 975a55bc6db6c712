/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the test must know of a file system: how it is mounted, and which of
 * the common promises it does not make.
 */

#ifndef TEST_MODEL_FSKIND_H
#define TEST_MODEL_FSKIND_H

#include <stdbool.h>

struct fskind {
	const char *name;		/* as mount(2) knows it */
	bool image;			/* lives on a block device */
	bool readonly;
	bool links;			/* hard links */
	bool symlinks;
	bool casefold;			/* names match in any case */
	bool dirlinks;			/* a directory counts its ".." links */
	bool attributes;		/* keeps modes and owners */
	unsigned name_max;		/* longer ones are ENAMETOOLONG */
	unsigned name_made;		/* length of the longest that is made */

	/* Mount the device (or nothing) at dir; 0 or -1 with errno. */
	int (*mount)(const char *device, const char *dir, int flags);
};

/* The kind called name, or NULL. */
const struct fskind *fskind_find(const char *name);

#endif
