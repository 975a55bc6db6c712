/* SPDX-License-Identifier: BSD-2-Clause */

/* See model.h.  Memory that runs out ends the test program. */

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model.h"

static void *
grow(void *old, size_t size)
{
	void *new = realloc(old, size != 0 ? size : 1);

	if (new == NULL)
		err(2, "model");
	return new;
}

struct model_node *
model_node(struct model *model, enum model_type type)
{
	struct model_node *node = calloc(1, sizeof(*node));

	if (node == NULL)
		err(2, "model");
	node->type = type;
	node->holds = 1;
	model->nodes++;
	return node;
}

struct model *
model_create(bool casefold)
{
	struct model *model = calloc(1, sizeof(*model));

	if (model == NULL)
		err(2, "model");
	model->casefold = casefold;
	model->root = model_node(model, MODEL_DIR);
	return model;
}

static void
node_free_if_last(struct model *model, struct model_node *node)
{

	if (node->links != 0 || node->holds != 0)
		return;
	free(node->data);
	free(node->entries);
	free(node);
	model->nodes--;
}

void
model_hold(struct model_node *node)
{

	node->holds++;
}

void
model_release(struct model *model, struct model_node *node)
{

	node->holds--;
	node_free_if_last(model, node);
}

static void
empty(struct model *model, struct model_node *dir)
{

	while (dir->count > 0) {
		struct model_entry *last = &dir->entries[dir->count - 1];

		if (last->node->type == MODEL_DIR)
			empty(model, last->node);
		model_leave(model, dir, last->name);
	}
}

void
model_destroy(struct model *model)
{

	empty(model, model->root);
	model_release(model, model->root);
	free(model);
}

struct model_entry *
model_find(const struct model *model, struct model_node *dir, const char *name)
{
	int (*compare)(const char *, const char *) =
	    model->casefold ? strcasecmp : strcmp;

	for (unsigned i = 0; i < dir->count; i++)
		if (compare(dir->entries[i].name, name) == 0)
			return &dir->entries[i];
	return NULL;
}

void
model_enter(struct model_node *dir, const char *name, struct model_node *node)
{
	struct model_entry *entry;

	dir->entries = grow(dir->entries,
	    (dir->count + 1) * sizeof(*dir->entries));
	entry = &dir->entries[dir->count++];
	entry->name = strcpy(grow(NULL, strlen(name) + 1), name);
	entry->node = node;
	node->links++;
	if (node->type == MODEL_DIR)
		node->parent = dir;
}

void
model_leave(struct model *model, struct model_node *dir, const char *name)
{
	struct model_entry *entry = model_find(model, dir, name);
	struct model_node *node = entry->node;

	free(entry->name);
	*entry = dir->entries[--dir->count];
	node->links--;
	node_free_if_last(model, node);
}

unsigned
model_subdirs(const struct model_node *dir)
{
	unsigned subdirs = 0;

	for (unsigned i = 0; i < dir->count; i++)
		subdirs += dir->entries[i].node->type == MODEL_DIR;
	return subdirs;
}

bool
model_inside(const struct model_node *dir, const struct model_node *node)
{

	while (dir != NULL && dir != node)
		dir = dir->parent;
	return dir != NULL;
}

void
model_resize(struct model_node *file, size_t size)
{

	if (size > file->size) {
		file->data = grow(file->data, size);
		memset(file->data + file->size, 0, size - file->size);
	}
	file->size = size;
}

void
model_write(struct model_node *file, size_t off, const void *buf, size_t len)
{

	if (len == 0)
		return;
	if (off + len > file->size)
		model_resize(file, off + len);
	memcpy(file->data + off, buf, len);
}

static const char *
name_of(const struct model_node *dir)
{
	const struct model_node *parent = dir->parent;
	unsigned i = 0;

	while (parent->entries[i].node != dir)
		i++;
	return parent->entries[i].name;
}

bool
model_path(const struct model_node *dir, const char *name, const char *prefix,
    char *buf, size_t len)
{
	size_t used;

	if (dir->parent != NULL) {
		if (!model_path(dir->parent, name_of(dir), prefix, buf, len))
			return false;
	} else if ((size_t)snprintf(buf, len, "%s", prefix) >= len)
		return false;
	if (name == NULL)
		return true;
	used = strlen(buf);
	return (size_t)snprintf(buf + used, len - used, "/%s", name) <
	    len - used;
}
