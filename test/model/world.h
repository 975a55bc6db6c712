/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * One run: a mounted tree, the model of it, a seed and what is open.
 *
 *   world_create, world_destroy   begin and end; end closes descriptors
 *   world_op                      one random operation on both (ops.c)
 *   world_verify                  walk the tree and compare all (verify.c)
 *   world_close_all               close what is open
 *
 * The first difference sets failed and prints what was expected, with the
 * operations that led there; the run stops then, since the two trees differ
 * from there on.  A world belongs to one thread; several threads may have
 * worlds in directories of their own on one mount.
 */

#ifndef TEST_MODEL_WORLD_H
#define TEST_MODEL_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "fskind.h"
#include "model.h"
#include "rng.h"

#define WORLD_HANDLES	12		/* descriptors open at most */
#define WORLD_TRACE	24		/* operations remembered */
#define WORLD_NODES	160		/* nodes alive, about */
#define WORLD_DEPTH	6		/* directories below each other */
#define WORLD_PATH	2048

struct world_handle {
	struct model_node *node;	/* NULL: free; else held */
	int fd;
	bool append;
};

struct world {
	const struct fskind *kind;
	const char *top;		/* the tree's path in the kernel */
	unsigned long seed;
	size_t file_max;		/* bytes that a file may grow to */
	bool spellings;			/* name a file in either case */
	struct model *model;
	struct rng rng;
	struct world_handle handles[WORLD_HANDLES];
	unsigned long op;		/* operations done */
	bool failed;
	char trace[WORLD_TRACE][600];
	unsigned char *data;		/* file_max bytes each */
	unsigned char *back;
};

struct world *world_create(const struct fskind *kind, const char *top,
	    unsigned long seed, size_t file_max);
void	world_destroy(struct world *world);

void	world_op(struct world *world);
void	world_verify(struct world *world);
void	world_close_all(struct world *world);

/* Remember what is about to be done; report a difference. */
void	world_step(struct world *world, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	world_fail(struct world *world, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * Compare a system call's outcome with the errno that the model wants (0:
 * success).  Returns true where both succeeded.
 */
bool	world_outcome(struct world *world, long result, int want);

#endif
