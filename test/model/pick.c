/* SPDX-License-Identifier: BSD-2-Clause */

/* See pick.h. */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "pick.h"

enum { SHORT_NAMES = 24, LONG_NAME_ODDS = 16, PAGE = 4096 };

struct model_node *
pick_dir(struct world *world)
{
	struct model_node *dir = world->model->root;

	while (dir->count > 0 && rng_below(&world->rng, 4) != 0) {
		unsigned at = rng_below(&world->rng, dir->count);

		if (dir->entries[at].node->type != MODEL_DIR)
			break;
		dir = dir->entries[at].node;
	}
	return dir;
}

unsigned
pick_depth(const struct model_node *dir)
{
	unsigned depth = 0;

	for (; dir->parent != NULL; dir = dir->parent)
		depth++;
	return depth;
}

static void
long_name(struct world *world, char *name)
{
	unsigned len = 30 + rng_below(&world->rng, world->kind->name_made - 29);
	unsigned which = rng_below(&world->rng, 3);

	memset(name, 'a' + (int)which, len);
	name[len] = '\0';
}

/* Few names, so that they meet; where wanted, in either case. */
static void
random_name(struct world *world, bool for_dir, char *name)
{
	static const char *const suffix[] = { "", ".txt", "-with-a-tail", "" };
	unsigned which = rng_below(&world->rng, SHORT_NAMES);

	if (!for_dir && rng_below(&world->rng, LONG_NAME_ODDS) == 0) {
		long_name(world, name);
		return;
	}
	sprintf(name, "%c%u%s", for_dir ? 'd' : 'f', which, suffix[which % 4]);
	if (world->spellings && rng_below(&world->rng, 4) == 0)
		name[0] = (char)toupper((unsigned char)name[0]);
}

static void
find(struct world *world, struct place *place)
{

	place->entry = model_find(world->model, place->dir, place->name);
	model_path(place->dir, place->name, world->top, place->path,
	    sizeof(place->path));
}

void
pick_place(struct world *world, bool for_dir, struct place *place)
{

	place->dir = pick_dir(world);
	random_name(world, for_dir, place->name);
	find(world, place);
}

bool
pick_existing(struct world *world, unsigned types, struct place *place)
{

	for (unsigned attempt = 0; attempt < 8; attempt++) {
		unsigned at;

		place->dir = pick_dir(world);
		if (place->dir->count == 0)
			continue;
		at = rng_below(&world->rng, place->dir->count);
		if ((types & 1u << place->dir->entries[at].node->type) == 0)
			continue;
		strcpy(place->name, place->dir->entries[at].name);
		find(world, place);
		return true;
	}
	return false;
}

struct world_handle *
pick_open(struct world *world)
{
	unsigned start = rng_below(&world->rng, WORLD_HANDLES);

	for (unsigned i = 0; i < WORLD_HANDLES; i++) {
		struct world_handle *handle =
		    &world->handles[(start + i) % WORLD_HANDLES];

		if (handle->node != NULL)
			return handle;
	}
	return NULL;
}

struct world_handle *
pick_free(struct world *world)
{

	for (unsigned i = 0; i < WORLD_HANDLES; i++)
		if (world->handles[i].node == NULL)
			return &world->handles[i];
	return NULL;
}

size_t
pick_offset(struct world *world, const struct model_node *file)
{
	size_t off = rng_below(&world->rng, (unsigned)world->file_max);

	switch (rng_below(&world->rng, 5)) {
	case 0:
		off = file->size;
		break;
	case 1:
		off = off / PAGE * PAGE;
		break;
	case 2:
	case 3:
		off = file->size != 0 ? off % file->size : 0;
		break;
	}
	return off < world->file_max ? off : world->file_max - 1;
}

size_t
pick_length(struct world *world, size_t most)
{
	static const unsigned scales[] = { 1, 16, 512, PAGE, 3 * PAGE, 65536 };
	unsigned scale = scales[rng_below(&world->rng, 6)];
	size_t len = rng_below(&world->rng, scale + 1);

	if (rng_below(&world->rng, 8) == 0)
		len = len / 512 * 512;
	return len < most ? len : most;
}
