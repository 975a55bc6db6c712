/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Random choices among what a world holds.  Every choice that finds nothing
 * returns NULL or false, and the operation is then left out.
 */

#ifndef TEST_MODEL_PICK_H
#define TEST_MODEL_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "world.h"

/* A directory with a name in it, and their path. */
struct place {
	struct model_node *dir;
	char name[256];
	char path[WORLD_PATH];
	struct model_entry *entry;	/* what is there, or NULL */
};

struct model_node *pick_dir(struct world *world);

/* A name that may exist or not; directories get short names only. */
void	pick_place(struct world *world, bool for_dir, struct place *place);

/* A name that exists and is of one of the types (a mask of 1 << type). */
bool	pick_existing(struct world *world, unsigned types,
	    struct place *place);

struct world_handle *pick_open(struct world *world);
struct world_handle *pick_free(struct world *world);

/* A range of a file: around its size, at page borders, or anywhere. */
size_t	pick_offset(struct world *world, const struct model_node *file);
size_t	pick_length(struct world *world, size_t most);

unsigned pick_depth(const struct model_node *dir);

#endif
