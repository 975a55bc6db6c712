/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Compare the whole tree with the model: names by reading directories,
 * types, sizes and link counts by lstat, contents by reading all of them.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "world.h"

enum { TYPE_MASK = 0170000, TYPE_DIR = 0040000, TYPE_FILE = 0100000,
    TYPE_SYMLINK = 0120000 };
enum { DT_DIR_ = 4, DT_REG_ = 8, DT_LNK_ = 10 };

static unsigned
type_of(const struct model_node *node)
{

	switch (node->type) {
	case MODEL_DIR:
		return TYPE_DIR;
	case MODEL_SYMLINK:
		return TYPE_SYMLINK;
	default:
		return TYPE_FILE;
	}
}

static unsigned
links_of(const struct world *world, const struct model_node *node)
{

	if (node->type == MODEL_DIR)
		return node->links + 1 + model_subdirs(node) +
		    (node->parent == NULL);
	return world->kind->links ? node->links : 1;
}

static void
verify_attributes(struct world *world, const struct model_node *node,
    const char *path)
{
	struct rump_stat st;

	if (rump_sys_lstat(path, &st) != 0) {
		world_fail(world, "lstat %s: errno %d", path, errno);
		return;
	}
	if ((st.st_mode & TYPE_MASK) != type_of(node))
		world_fail(world, "%s: type 0%o, expected 0%o", path,
		    (unsigned)st.st_mode & TYPE_MASK, type_of(node));
	if (node->type != MODEL_DIR && (size_t)st.st_size != node->size)
		world_fail(world, "%s: size %lld, expected %zu", path,
		    (long long)st.st_size, node->size);
	if ((node->type != MODEL_DIR || world->kind->dirlinks) &&
	    st.st_nlink != links_of(world, node))
		world_fail(world, "%s: %u links, expected %u", path,
		    (unsigned)st.st_nlink, links_of(world, node));
}

static void
verify_file(struct world *world, const struct model_node *file,
    const char *path)
{
	int fd = rump_sys_open(path, RUMP_O_RDONLY);
	size_t done = 0;
	ssize_t n;

	if (fd == -1) {
		world_fail(world, "open %s: errno %d", path, errno);
		return;
	}
	while (done < world->file_max &&
	    (n = rump_sys_read(fd, world->back + done,
	    world->file_max - done)) > 0)
		done += (size_t)n;
	if (done != file->size)
		world_fail(world, "%s: read %zu bytes, expected %zu", path,
		    done, file->size);
	for (size_t i = 0; i < done && !world->failed; i++)
		if (world->back[i] != file->data[i])
			world_fail(world, "%s: byte %zu is %u, expected %u",
			    path, i, world->back[i], file->data[i]);
	if (rump_sys_close(fd) != 0)
		world_fail(world, "close %s: errno %d", path, errno);
}

static void
verify_symlink(struct world *world, const struct model_node *link,
    const char *path)
{
	ssize_t n = rump_sys_readlink(path, (char *)world->back,
	    world->file_max);

	if (n < 0 || (size_t)n != link->size ||
	    memcmp(world->back, link->data, link->size) != 0)
		world_fail(world, "readlink %s: %zd", path, n);
}

/* One record of a directory: "." and ".." or a name that the model has. */
static bool
verify_record(struct world *world, struct model_node *dir,
    const struct rump_dirent *record)
{
	struct model_entry *entry;
	unsigned type;

	if (strcmp(record->d_name, ".") == 0 ||
	    strcmp(record->d_name, "..") == 0)
		return false;
	entry = model_find(world->model, dir, record->d_name);
	if (entry == NULL || strcmp(entry->name, record->d_name) != 0) {
		world_fail(world, "readdir: unexpected %s", record->d_name);
		return false;
	}
	type = entry->node->type == MODEL_DIR ? DT_DIR_ :
	    entry->node->type == MODEL_FILE ? DT_REG_ : DT_LNK_;
	if (record->d_type != 0 && record->d_type != type)
		world_fail(world, "readdir: %s has type %u", record->d_name,
		    record->d_type);
	if (record->d_namlen != strlen(record->d_name))
		world_fail(world, "readdir: %s has length %u",
		    record->d_name, record->d_namlen);
	return true;
}

static void
verify_names(struct world *world, struct model_node *dir, const char *path)
{
	_Alignas(8) char buf[8192];
	size_t len = 1024 + 512 * rng_below(&world->rng, 15);
	int fd = rump_sys_open(path, RUMP_O_RDONLY);
	unsigned names = 0;
	int n = 0;

	if (fd == -1) {
		world_fail(world, "open %s: errno %d", path, errno);
		return;
	}
	while (!world->failed && (n = rump_sys_getdents(fd, buf, len)) > 0)
		for (int at = 0; at < n;) {
			struct rump_dirent *record = (void *)(buf + at);

			names += record->d_fileno != 0 &&
			    verify_record(world, dir, record);
			at += record->d_reclen;
		}
	if (n == -1)
		world_fail(world, "getdents %s: errno %d", path, errno);
	if (names != dir->count)
		world_fail(world, "%s: %u names, expected %u", path, names,
		    dir->count);
	rump_sys_close(fd);
}

static void
verify_node(struct world *world, struct model_node *node, const char *path)
{
	char below[WORLD_PATH];

	if (world->failed)
		return;
	verify_attributes(world, node, path);
	if (node->type == MODEL_FILE)
		verify_file(world, node, path);
	else if (node->type == MODEL_SYMLINK)
		verify_symlink(world, node, path);
	else {
		verify_names(world, node, path);
		for (unsigned i = 0; i < node->count; i++) {
			snprintf(below, sizeof(below), "%s/%s", path,
			    node->entries[i].name);
			verify_node(world, node->entries[i].node, below);
		}
	}
}

void
world_verify(struct world *world)
{

	verify_node(world, world->model->root, world->top);
}
