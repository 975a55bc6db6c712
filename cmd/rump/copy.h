/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copying files and trees from one side to another, as cp(1) does.
 *
 * Below what was named on the command line no symbolic link of the target is
 * followed, and nothing is written through one: an image cannot make this program
 * write elsewhere on the host.  A file that could not be copied whole is removed.
 */
#ifndef CMD_RUMP_COPY_H
#define CMD_RUMP_COPY_H

#include <stdbool.h>

#include "side.h"

struct copy {
	const struct side *from, *to;
	bool	recursive, preserve, follow, noclobber, update, force, verbose;

	int	status;			/* out: an exit status */

	/* copy.c's own */
	char	*buf;
	struct link_table *links;
	uint64_t top_dev, top_ino;	/* directory that was made first */
	bool	have_top;
};

void	copy_start(struct copy *c);
/*
 * Copy source to target.  literal: target is what the user said, not a name in a
 * directory that the user said; "-" is standard input or output then.
 */
void	copy_argument(struct copy *c, const char *source, const char *target, bool literal);
/* How many bytes there are below these, for the progress bar. */
int64_t	copy_total(const struct copy *c, char **sources, size_t n);
void	copy_finish(struct copy *c);

/*
 * copy_data.c: what fd "from" holds, or a stream, to fd "to" from offset 0 on;
 * blocks of zeros become holes where the target has them.  0, or -1 after a
 * message for one of the names.
 */
struct copy_end {
	const struct side *side;
	int		fd;
	const char	*(*path)(const void *place);	/* for messages; to be freed */
	const void	*place;
	bool		stream;		/* no offsets: in order, without holes */
};
int	copy_data(const struct copy_end *from, const struct copy_end *to, int64_t size, char *buf);
#define COPY_CHUNK	(1024 * 1024)
/*
 * Write what is not zero of a chunk at off; *end: the end of what was written.
 * 0, or -1 without a message.
 */
int	copy_chunk(const struct copy_end *to, const char *p, size_t len, int64_t off, int64_t *end);

#endif
