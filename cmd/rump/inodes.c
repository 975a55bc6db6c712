/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of inodes: a tree of tsearch(3). */
#include <search.h>
#include <stdlib.h>

#include "fs.h"
#include "inodes.h"

struct inode {
	uint64_t dev, ino;
};

static int
compare(const void *a, const void *b)
{
	const struct inode *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

bool
inodes_add(void **set, uint64_t dev, uint64_t ino)
{
	struct inode *one = xalloc(sizeof(*one)), **found;

	one->dev = dev;
	one->ino = ino;
	if ((found = tsearch(one, set, compare)) == NULL)
		fail_memory();
	if (*found == one)
		return true;
	free(one);
	return false;
}

void
inodes_free(void *set)
{

	tdestroy(set, free);
}
