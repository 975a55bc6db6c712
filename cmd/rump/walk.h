/* SPDX-License-Identifier: BSD-2-Clause */
/* Directories and trees of the image. */
#ifndef CMD_RUMP_WALK_H
#define CMD_RUMP_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include <rump/rumpdefs.h>

struct entry {
	char	*name;		/* last component */
	char	*path;		/* as given, with what was walked */
	unsigned depth;
	bool	last;		/* of its directory */
	struct rump_stat st;	/* of the entry itself, not what it links to */
};

struct entry_list {
	struct entry	*list;
	size_t		n;
};

/* Entries of a directory but "." and "..", unsorted.  0 or a NetBSD errno. */
int	dir_read(const char *path, struct entry_list *out);
void	dir_sort(struct entry_list *l, int (*cmp)(const void *, const void *));
void	dir_free(struct entry_list *l);
int	entry_by_name(const void *a, const void *b);
char	*path_join(const char *dir, const char *name);
/* The last component, to be freed; "" for the root. */
char	*path_last(const char *path);
/* Is it a directory, after links?  Not there counts as no. */
bool	path_is_dir(const char *path);

/*
 * A walk over path and all below it, parents first, names in order.  What
 * cannot be read is complained of and passed over; a walk that is interrupted
 * ends.
 */
struct walk {
	unsigned maxdepth;
	/* Does the entry count at all?  NULL: all do. */
	bool	(*keep)(const struct entry *, void *);
	/* Called for each; false leaves out what is below a directory. */
	bool	(*visit)(const struct entry *, void *);
	/* Called for each directory after what is below it; may be NULL. */
	void	(*leave)(const struct entry *, void *);
	void	*arg;
	int	status;		/* out: an exit status */
};
int	tree_walk(const char *path, struct walk *w);

#endif
