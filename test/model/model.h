/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The model: a file tree in plain memory, which says what a file system
 * under test must hold.
 *
 * Objects.  A node is a file, a directory or a symbolic link.  A directory
 * owns a list of entries; an entry is a name and a node.  A file may have
 * several entries (hard links) and none (removed while open).
 *
 * Lives.  A node lives while it has an entry or a hold; an open descriptor
 * is a hold.  model_leave() and model_release() free a node whose last one
 * they take.
 *
 * Rules are the caller's: the model enters and removes what it is told, and
 * the operations (ops.c) decide what a file system would have answered.
 * A model belongs to one thread.
 */

#ifndef TEST_MODEL_MODEL_H
#define TEST_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>

enum model_type { MODEL_FILE, MODEL_DIR, MODEL_SYMLINK };

struct model_node;

struct model_entry {
	char *name;
	struct model_node *node;
};

struct model_node {
	enum model_type type;
	unsigned links;			/* entries that name this node */
	unsigned holds;			/* open descriptors */

	/* file: contents; symlink: target */
	unsigned char *data;
	size_t size;

	/* directory */
	struct model_node *parent;	/* NULL: the root */
	struct model_entry *entries;
	unsigned count;
};

struct model {
	struct model_node *root;
	bool casefold;			/* names differ in more than case */
	unsigned nodes;			/* alive, the root included */
};

struct model *model_create(bool casefold);
void	model_destroy(struct model *model);

/* A new node without entries, held once; entered or released by the caller. */
struct model_node *model_node(struct model *model, enum model_type type);
void	model_hold(struct model_node *node);
void	model_release(struct model *model, struct model_node *node);

/* The entry called name, or NULL. */
struct model_entry *model_find(const struct model *model,
	    struct model_node *dir, const char *name);
void	model_enter(struct model_node *dir, const char *name,
	    struct model_node *node);
void	model_leave(struct model *model, struct model_node *dir,
	    const char *name);

/* Subdirectories of dir; whether dir is node or lies below it. */
unsigned model_subdirs(const struct model_node *dir);
bool	model_inside(const struct model_node *dir,
	    const struct model_node *node);

/* Contents.  What a file grows by reads as zeros. */
void	model_write(struct model_node *file, size_t off, const void *buf,
	    size_t len);
void	model_resize(struct model_node *file, size_t size);

/*
 * The path of name in dir, under prefix; name NULL: of dir itself.
 * Returns false where it does not fit.
 */
bool	model_path(const struct model_node *dir, const char *name,
	    const char *prefix, char *buf, size_t len);

#endif
