/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The operations.  Each picks its arguments, asks the model what a file
 * system answers, makes the system call, compares, and brings the model
 * along where the call succeeded.  The answers are those of NetBSD's manual
 * pages (section 2), where POSIX leaves a choice.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "pick.h"
#include "world.h"

enum { ANY_FILE = 1 << MODEL_FILE, ANY_DIR = 1 << MODEL_DIR,
    ANY_SYMLINK = 1 << MODEL_SYMLINK };

static bool
full(const struct world *world)
{

	return world->model->nodes >= WORLD_NODES;
}

static void
enter_new(struct world *world, const struct place *place,
    struct model_node *node)
{

	model_enter(place->dir, place->name, node);
	model_release(world->model, node);
}

static int
open_answer(const struct place *place, int flags)
{

	if (place->entry == NULL)
		return (flags & RUMP_O_CREAT) != 0 ? 0 : RUMP_ENOENT;
	if ((flags & RUMP_O_EXCL) != 0)
		return RUMP_EEXIST;
	if (place->entry->node->type == MODEL_DIR)
		return RUMP_EISDIR;
	return 0;
}

static int
open_flags(struct world *world)
{
	int flags = RUMP_O_RDWR;

	if (!full(world) && rng_below(&world->rng, 3) != 0)
		flags |= RUMP_O_CREAT;
	if ((flags & RUMP_O_CREAT) != 0 && rng_below(&world->rng, 4) == 0)
		flags |= RUMP_O_EXCL;
	if (rng_below(&world->rng, 8) == 0)
		flags |= RUMP_O_TRUNC;
	if (rng_below(&world->rng, 6) == 0)
		flags |= RUMP_O_APPEND;
	return flags;
}

static void
op_open(struct world *world)
{
	struct world_handle *handle = pick_free(world);
	int flags = open_flags(world);
	struct model_node *node;
	struct place place;
	int fd;

	pick_place(world, rng_below(&world->rng, 20) == 0, &place);
	if (handle == NULL || (place.entry != NULL &&
	    place.entry->node->type == MODEL_SYMLINK))
		return;
	world_step(world, "open %s flags 0x%x", place.path, flags);
	fd = rump_sys_open(place.path, flags, 0644);
	if (!world_outcome(world, fd, open_answer(&place, flags)))
		return;
	if (place.entry == NULL) {
		node = model_node(world->model, MODEL_FILE);
		model_enter(place.dir, place.name, node);
	} else {
		node = place.entry->node;
		model_hold(node);
		if ((flags & RUMP_O_TRUNC) != 0)
			model_resize(node, 0);
	}
	handle->node = node;
	handle->fd = fd;
	handle->append = (flags & RUMP_O_APPEND) != 0;
}

static void
op_close(struct world *world)
{
	struct world_handle *handle = pick_open(world);

	if (handle == NULL)
		return;
	world_step(world, "close %d", handle->fd);
	world_outcome(world, rump_sys_close(handle->fd), 0);
	model_release(world->model, handle->node);
	handle->node = NULL;
}

static void
op_write(struct world *world)
{
	struct world_handle *handle = pick_open(world);
	size_t off, len;
	ssize_t n;

	if (handle == NULL)
		return;
	off = handle->append ? handle->node->size :
	    pick_offset(world, handle->node);
	len = pick_length(world, world->file_max - off);
	rng_fill(&world->rng, world->data, len);
	world_step(world, "write %d at %zu length %zu%s size %zu", handle->fd,
	    off, len, handle->append ? " appending" : "",
	    handle->node->size);
	if (handle->append)
		n = rump_sys_write(handle->fd, world->data, len);
	else if (rng_below(&world->rng, 2) == 0)
		n = rump_sys_pwrite(handle->fd, world->data, len, (off_t)off);
	else {
		rump_sys_lseek(handle->fd, (off_t)off, 0);
		n = rump_sys_write(handle->fd, world->data, len);
	}
	if (!world_outcome(world, n, 0))
		return;
	if ((size_t)n != len)
		world_fail(world, "wrote %zd of %zu bytes", n, len);
	model_write(handle->node, off, world->data, len);
}

static void
compare(struct world *world, const struct model_node *file, size_t off,
    size_t len, ssize_t n)
{
	size_t want = off < file->size ? file->size - off : 0;

	if (want > len)
		want = len;
	if ((size_t)n != want) {
		world_fail(world, "read %zd bytes, expected %zu", n, want);
		return;
	}
	for (size_t i = 0; i < want; i++)
		if (world->back[i] != file->data[off + i]) {
			world_fail(world, "byte %zu is %u, expected %u",
			    off + i, world->back[i], file->data[off + i]);
			return;
		}
}

static void
op_read(struct world *world)
{
	struct world_handle *handle = pick_open(world);
	size_t off, len;
	ssize_t n;

	if (handle == NULL)
		return;
	off = pick_offset(world, handle->node);
	len = pick_length(world, world->file_max);
	world_step(world, "read %d at %zu length %zu size %zu", handle->fd,
	    off, len, handle->node->size);
	memset(world->back, 0xdb, len);
	if (rng_below(&world->rng, 2) == 0)
		n = rump_sys_pread(handle->fd, world->back, len, (off_t)off);
	else {
		rump_sys_lseek(handle->fd, (off_t)off, 0);
		n = rump_sys_read(handle->fd, world->back, len);
	}
	if (world_outcome(world, n, 0))
		compare(world, handle->node, off, len, n);
}

static void
op_ftruncate(struct world *world)
{
	struct world_handle *handle = pick_open(world);
	size_t size;

	if (handle == NULL)
		return;
	size = pick_offset(world, handle->node);
	world_step(world, "ftruncate %d from %zu to %zu", handle->fd,
	    handle->node->size, size);
	if (world_outcome(world, rump_sys_ftruncate(handle->fd, (off_t)size),
	    0))
		model_resize(handle->node, size);
}

static void
op_truncate(struct world *world)
{
	struct place place;
	size_t size;
	int want = 0;

	if (!pick_existing(world, ANY_FILE | ANY_DIR, &place))
		return;
	if (place.entry->node->type == MODEL_DIR)
		want = RUMP_EISDIR;
	size = pick_offset(world, place.entry->node);
	world_step(world, "truncate %s from %zu to %zu", place.path,
	    place.entry->node->size, size);
	if (world_outcome(world, rump_sys_truncate(place.path, (off_t)size),
	    want))
		model_resize(place.entry->node, size);
}

static void
op_fstat(struct world *world)
{
	struct world_handle *handle = pick_open(world);
	struct rump_stat st;

	if (handle == NULL)
		return;
	world_step(world, "fstat %d", handle->fd);
	if (!world_outcome(world, rump_sys_fstat(handle->fd, &st), 0))
		return;
	if ((size_t)st.st_size != handle->node->size)
		world_fail(world, "size %lld, expected %zu",
		    (long long)st.st_size, handle->node->size);
	if (world->kind->links && st.st_nlink != handle->node->links)
		world_fail(world, "%u links, expected %u",
		    (unsigned)st.st_nlink, handle->node->links);
}

static void
op_mkdir(struct world *world)
{
	struct place place;

	pick_place(world, rng_below(&world->rng, 10) != 0, &place);
	if (full(world) || strlen(place.name) > 30 ||
	    pick_depth(place.dir) >= WORLD_DEPTH)
		return;
	world_step(world, "mkdir %s", place.path);
	if (world_outcome(world, rump_sys_mkdir(place.path, 0755),
	    place.entry != NULL ? RUMP_EEXIST : 0))
		enter_new(world, &place, model_node(world->model, MODEL_DIR));
}

static int
rmdir_answer(const struct model_node *node)
{

	if (node->type != MODEL_DIR)
		return RUMP_ENOTDIR;
	return node->count != 0 ? RUMP_ENOTEMPTY : 0;
}

static void
op_rmdir(struct world *world)
{
	unsigned types = ANY_DIR;
	struct place place;

	if (rng_below(&world->rng, 10) == 0)
		types |= ANY_FILE | ANY_SYMLINK;
	if (!pick_existing(world, types, &place))
		return;
	world_step(world, "rmdir %s", place.path);
	if (world_outcome(world, rump_sys_rmdir(place.path),
	    rmdir_answer(place.entry->node)))
		model_leave(world->model, place.dir, place.name);
}

static void
op_unlink(struct world *world)
{
	unsigned types = ANY_FILE | ANY_SYMLINK;
	struct place place;

	if (rng_below(&world->rng, 20) == 0)
		types |= ANY_DIR;
	if (!pick_existing(world, types, &place))
		return;
	world_step(world, "unlink %s", place.path);
	if (world_outcome(world, rump_sys_unlink(place.path),
	    place.entry->node->type == MODEL_DIR ? RUMP_EPERM : 0))
		model_leave(world->model, place.dir, place.name);
}

static int
link_answer(const struct place *from, const struct place *to)
{

	if (to->entry != NULL)
		return RUMP_EEXIST;
	return from->entry->node->type == MODEL_DIR ? RUMP_EPERM : 0;
}

static void
op_link(struct world *world)
{
	struct place from, to;

	pick_place(world, false, &to);
	if (!world->kind->links ||
	    !pick_existing(world, ANY_FILE | ANY_DIR, &from))
		return;
	if (from.entry->node->type == MODEL_DIR && to.entry != NULL)
		return;
	world_step(world, "link %s %s", from.path, to.path);
	if (world_outcome(world, rump_sys_link(from.path, to.path),
	    link_answer(&from, &to)))
		model_enter(to.dir, to.name, from.entry->node);
}

static void
op_symlink(struct world *world)
{
	struct model_node *link;
	struct place place;
	char target[300];
	unsigned len = 1 + rng_below(&world->rng, 280);

	pick_place(world, false, &place);
	if (!world->kind->symlinks || full(world))
		return;
	memset(target, 'A' + (int)(len % 26), len);
	target[len] = '\0';
	world_step(world, "symlink %s of length %u", place.path, len);
	if (!world_outcome(world, rump_sys_symlink(target, place.path),
	    place.entry != NULL ? RUMP_EEXIST : 0))
		return;
	link = model_node(world->model, MODEL_SYMLINK);
	model_write(link, 0, target, len);
	enter_new(world, &place, link);
}

/*
 * What rename answers.  Of two names for one file NetBSD removes the first;
 * POSIX's call of that name leaves both.
 */
static int
rename_answer(const struct place *from, const struct place *to)
{
	const struct model_node *source = from->entry->node;
	const struct model_node *target;

	if (source->type == MODEL_DIR && model_inside(to->dir, source))
		return RUMP_EINVAL;
	if (to->entry == NULL)
		return 0;
	target = to->entry->node;
	if (source->type == MODEL_DIR && target->type != MODEL_DIR)
		return RUMP_ENOTDIR;
	if (source->type != MODEL_DIR && target->type == MODEL_DIR)
		return RUMP_EISDIR;
	if (target->type == MODEL_DIR && target->count != 0 &&
	    target != source)
		return RUMP_ENOTEMPTY;
	return 0;
}

static void
rename_done(struct world *world, const struct place *from,
    const struct place *to)
{
	struct model_node *node = from->entry->node;

	if (from->dir == to->dir && strcmp(from->name, to->name) == 0)
		return;
	model_hold(node);
	model_leave(world->model, from->dir, from->name);
	if (model_find(world->model, to->dir, to->name) != NULL)
		model_leave(world->model, to->dir, to->name);
	model_enter(to->dir, to->name, node);
	model_release(world->model, node);
}

/*
 * A move that would make the tree too deep; one that is wrong in two ways;
 * one to a name that exists in other case: which spelling stays is nobody's
 * promise.
 */
static bool
rename_unwanted(const struct place *from, const struct place *to)
{
	const struct model_node *source = from->entry->node;

	if (source->type == MODEL_DIR && (strlen(to->name) > 30 ||
	    pick_depth(to->dir) + 3 > WORLD_DEPTH))
		return true;
	if (to->entry == NULL)
		return false;
	return model_inside(to->dir, source) || strcmp(to->entry->name, to->name) != 0;
}

static void
op_rename(struct world *world)
{
	unsigned types = rng_below(&world->rng, 3) == 0 ?
	    ANY_DIR : ANY_FILE | ANY_SYMLINK;
	struct place from, to;

	if (!pick_existing(world, types, &from))
		return;
	pick_place(world, (types & ANY_DIR) != 0 &&
	    rng_below(&world->rng, 10) != 0, &to);
	if (rename_unwanted(&from, &to))
		return;
	world_step(world, "rename %s %s", from.path, to.path);
	if (world_outcome(world, rump_sys_rename(from.path, to.path),
	    rename_answer(&from, &to)))
		rename_done(world, &from, &to);
}

static void
op_lookup_file_as_dir(struct world *world)
{
	struct rump_stat st;
	struct place place;

	if (!pick_existing(world, ANY_FILE, &place) ||
	    strlen(place.path) > 900)
		return;
	strcat(place.path, "/x");
	world_step(world, "lstat %s", place.path);
	world_outcome(world, rump_sys_lstat(place.path, &st), RUMP_ENOTDIR);
}

static void
op_lookup(struct world *world)
{
	struct rump_stat st;
	struct place place;

	pick_place(world, rng_below(&world->rng, 3) == 0, &place);
	world_step(world, "lstat %s", place.path);
	world_outcome(world, rump_sys_lstat(place.path, &st),
	    place.entry != NULL ? 0 : RUMP_ENOENT);
}

static void
op_long_name(struct world *world)
{
	struct place place;
	size_t used;

	pick_place(world, true, &place);
	used = strlen(place.path);
	memset(place.path + used, 'n', world->kind->name_max);
	place.path[used + world->kind->name_max] = '\0';
	if (strlen(place.path) >= 1000)
		return;
	world_step(world, "mkdir %s", place.path);
	world_outcome(world, rump_sys_mkdir(place.path, 0755),
	    RUMP_ENAMETOOLONG);
}

static void
op_fsync(struct world *world)
{
	struct world_handle *handle = pick_open(world);

	if (handle == NULL)
		return;
	world_step(world, "fsync %d", handle->fd);
	world_outcome(world, rump_sys_fsync(handle->fd), 0);
}

static void
op_sync(struct world *world)
{

	world_step(world, "sync");
	rump_sys_sync();
}

static const struct {
	void (*op)(struct world *);
	unsigned weight;
} ops[] = {
	{ op_open, 24 },
	{ op_close, 8 },
	{ op_write, 30 },
	{ op_read, 24 },
	{ op_ftruncate, 8 },
	{ op_truncate, 4 },
	{ op_fstat, 6 },
	{ op_mkdir, 8 },
	{ op_rmdir, 5 },
	{ op_unlink, 12 },
	{ op_link, 6 },
	{ op_symlink, 4 },
	{ op_rename, 12 },
	{ op_lookup, 8 },
	{ op_lookup_file_as_dir, 1 },
	{ op_long_name, 1 },
	{ op_fsync, 3 },
	{ op_sync, 1 },
};

static unsigned
weights(void)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		sum += ops[i].weight;
	return sum;
}

void
world_op(struct world *world)
{
	unsigned at = rng_below(&world->rng, weights());
	unsigned i = 0;

	while (at >= ops[i].weight)
		at -= ops[i++].weight;
	world_step(world, "nothing");
	ops[i].op(world);
	if (!world->failed)
		world->op++;
}
