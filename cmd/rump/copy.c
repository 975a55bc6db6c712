/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copying trees; see copy.h.
 *
 * A place is a name in an open directory, and knows the place of that directory,
 * so that paths are only put together for messages.  A directory stays open while
 * what is below it is copied.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "copy.h"
#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "walk.h"

struct place {
	const struct place *up;		/* NULL: from the command line */
	int		at;		/* descriptor of up, or SIDE_CWD */
	const char	*name;
	bool		literal;
};

/* ------------------------------------------------------------- hard links */

/* Files with several names that were copied, by device and inode. */
struct link_table {
	struct linked {
		uint64_t dev, ino;
		char	*path;		/* of the copy; NULL: free */
	} *list;
	size_t	n, size;		/* size is a power of two */
};

static struct linked *
link_slot(const struct link_table *t, uint64_t dev, uint64_t ino)
{
	size_t i = (size_t)((ino * UINT64_C(0x9e3779b97f4a7c15) ^ dev) & (t->size - 1));

	while (t->list[i].path != NULL && (t->list[i].dev != dev || t->list[i].ino != ino))
		i = (i + 1) & (t->size - 1);
	return &t->list[i];
}

static void
links_grow(struct link_table *t)
{
	struct link_table old = *t;

	t->size = old.size == 0 ? 64 : 2 * old.size;
	t->list = xalloc(t->size * sizeof(*t->list));
	memset(t->list, 0, t->size * sizeof(*t->list));
	for (size_t i = 0; i < old.size; i++)
		if (old.list[i].path != NULL)
			*link_slot(t, old.list[i].dev, old.list[i].ino) = old.list[i];
	free(old.list);
}

static void
links_free(struct link_table *t)
{

	for (size_t i = 0; i < t->size; i++)
		free(t->list[i].path);
	free(t->list);
	free(t);
}

/* ----------------------------------------------------------------- places */

static char *
place_path(const struct place *p)
{
	char *up, *path;

	if (p->up == NULL)
		return xstrdup(p->name);
	up = place_path(p->up);
	path = path_join(up, p->name);
	free(up);
	return path;
}

static const char *
path_of(const void *place)
{

	return place_path(place);
}

static void
complain_at(struct copy *c, const struct side *side, const struct place *p)
{
	int err = side_errno();
	char *path = place_path(p);

	side->complain(path, err);
	free(path);
	c->status = EXIT_SOME;
}

static void
complain_new(struct copy *c, const struct place *p)
{
	int err = side_errno();
	char *path = place_path(p);

	c->to->complain_new(path, err);
	free(path);
	c->status = EXIT_SOME;
}

static void
complain_why(struct copy *c, const struct side *side, const struct place *p, const char *why)
{
	char *path = place_path(p);

	if (side->image)
		complain_text(path, why);
	else {
		fflush(stdout);
		fprintf(stderr, "rump fs: host: %s: %s\n", path, why);
	}
	free(path);
	c->status = EXIT_SOME;
}

/* ------------------------------------------------------------- attributes */

static bool
owners_matter(const struct copy *c)
{

	return !((c->to->image || c->from->image) && image_lacks(FS_OWNERS));
}

/* Where there are no modes, one that forbids writing still makes a file read-only. */
static bool
mode_matters(const struct copy *c, const struct rump_stat *st)
{

	if (owners_matter(c))
		return true;
	return (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFREG && (st->st_mode & 0200) == 0;
}

static void
copy_attributes(struct copy *c, const struct place *to, const struct rump_stat *st)
{
	const struct rump_timespec times[2] = { st->st_atim, st->st_mtim };
	bool link = (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK;

	if (!c->preserve)
		return;
	if (owners_matter(c) && c->to->chown(to->at, to->name, st->st_uid, st->st_gid) == -1)
		complain_at(c, c->to, to);
	if (!link && mode_matters(c, st) &&
	    c->to->chmod(to->at, to->name, st->st_mode & 07777) == -1)
		complain_at(c, c->to, to);
	if (c->to->utimens(to->at, to->name, times) == -1)
		complain_at(c, c->to, to);
}

/* ------------------------------------------------------------------ files */

static bool
newer(const struct rump_timespec *a, const struct rump_timespec *b)
{

	return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

enum verdict { GO, SKIP, FAILED };

/* What is to become of a target that is there already?  GO: it may be replaced. */
static enum verdict
target_judge(struct copy *c, const struct place *to, const struct rump_stat *st,
    struct rump_stat *old)
{

	if (c->to->stat(to->at, to->name, old, false) == -1) {
		complain_new(c, to);
		return FAILED;
	}
	if (c->noclobber || (c->update && !newer(&st->st_mtim, &old->st_mtim)))
		return SKIP;
	if (c->from == c->to && old->st_dev == st->st_dev && old->st_ino == st->st_ino) {
		complain_why(c, c->to, to, "source and target are the same file");
		return FAILED;
	}
	if ((old->st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR) {
		complain_why(c, c->to, to, "is a directory, and the source is not");
		return FAILED;
	}
	return GO;
}

/*
 * A file to write to: new, or what the user named made empty; a device or pipe
 * that the user named is a stream, and is not removed if the copy fails.
 */
static enum verdict
target_open(struct copy *c, const struct place *to, const struct rump_stat *st,
    struct copy_end *out)
{
	struct rump_stat old;
	enum verdict v;
	int *fd = &out->fd;

	if ((*fd = c->to->create(to->at, to->name, st->st_mode)) != -1)
		return GO;
	if (side_errno() != c->to->err_exists) {
		complain_new(c, to);
		return FAILED;
	}
	if ((v = target_judge(c, to, st, &old)) != GO)
		return v;
	if (to->literal && !c->force) {
		if ((*fd = c->to->reopen(to->at, to->name)) != -1 &&
		    c->to->fstat(*fd, &old) == 0)
			out->stream = (old.st_mode & RUMP_S_IFMT) != RUMP_S_IFREG;
	} else if (c->to->unlink(to->at, to->name, false) == 0)
		*fd = c->to->create(to->at, to->name, st->st_mode);
	if (*fd != -1)
		return GO;
	complain_at(c, c->to, to);
	return FAILED;
}

static void
copy_file(struct copy *c, const struct place *from, const struct place *to,
    const struct rump_stat *st)
{
	struct copy_end in = { c->from, -1, path_of, from, false };
	struct copy_end out = { c->to, -1, path_of, to, false };
	int failed;

	if ((in.fd = c->from->open(from->at, from->name, c->follow || from->up == NULL)) == -1) {
		complain_at(c, c->from, from);
		return;
	}
	/* a device of the host, or a pipe, has no size */
	in.stream = (st->st_mode & RUMP_S_IFMT) != RUMP_S_IFREG;
	if (target_open(c, to, st, &out) == GO) {
		failed = copy_data(&in, &out, st->st_size, c->buf);
		if (c->to->close(out.fd) == -1 && failed == 0) {
			complain_at(c, c->to, to);
			failed = -1;
		}
		if (failed == 0)
			copy_attributes(c, to, st);
		else {
			c->status = EXIT_SOME;
			if (!out.stream)
				c->to->unlink(to->at, to->name, false);
		}
	}
	c->from->close(in.fd);
}

/* Make the target free for something that is no regular file. */
static bool
target_clear(struct copy *c, const struct place *to, const struct rump_stat *st)
{
	struct rump_stat old;

	if (side_errno() != c->to->err_exists) {
		complain_new(c, to);
		return false;
	}
	if (target_judge(c, to, st, &old) != GO)
		return false;
	if (c->to->unlink(to->at, to->name, false) == 0)
		return true;
	complain_at(c, c->to, to);
	return false;
}

static void
copy_link(struct copy *c, const struct place *from, const struct place *to,
    const struct rump_stat *st)
{
	char *target = c->from->readlink(from->at, from->name);

	if (target == NULL) {
		complain_at(c, c->from, from);
		return;
	}
	if (c->to->image && image_lacks(FS_SYMLINKS))
		complain_why(c, c->to, to, "symbolic links cannot be kept here (-L copies what they "
		    "point to)");
	else if (c->to->symlink(target, to->at, to->name) == 0)
		copy_attributes(c, to, st);
	else if (target_clear(c, to, st)) {
		if (c->to->symlink(target, to->at, to->name) == 0)
			copy_attributes(c, to, st);
		else
			complain_new(c, to);
	}
	free(target);
}

static void
copy_special(struct copy *c, const struct place *to, const struct rump_stat *st)
{

	if (c->to->mknod(to->at, to->name, st->st_mode, st->st_rdev) == 0)
		copy_attributes(c, to, st);
	else if (target_clear(c, to, st)) {
		if (c->to->mknod(to->at, to->name, st->st_mode, st->st_rdev) == 0)
			copy_attributes(c, to, st);
		else
			complain_new(c, to);
	}
}

/* ------------------------------------------------------------ directories */

static void copy_any(struct copy *c, const struct place *from, const struct place *to);

static int
by_folded(const void *a, const void *b)
{
	int r = strcasecmp(*(char *const *)a, *(char *const *)b);

	return r != 0 ? r : strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names that the target cannot tell apart: all but the first are left out. */
static void
twins_drop(struct copy *c, const struct place *from, struct names *l)
{
	size_t kept = 0;

	if (!c->to->image || image.type == NULL || (image.type->flags & FS_NOCASE) == 0 ||
	    l->n < 2)
		return;
	qsort(l->list, l->n, sizeof(*l->list), by_folded);
	for (size_t i = 0; i < l->n; i++) {
		const struct place p = { from, -1, l->list[i], false };

		if (kept == 0 || strcasecmp(l->list[kept - 1], l->list[i]) != 0) {
			l->list[kept++] = l->list[i];
			continue;
		}
		complain_why(c, c->from, &p, "another name differs from it only in case; left out");
		free(l->list[i]);
	}
	l->n = kept;
}

static void
copy_below(struct copy *c, const struct place *from, int from_fd, const struct place *to, int to_fd)
{
	struct names l;

	if (c->from->dir_list(from_fd, &l) == -1) {
		complain_at(c, c->from, from);
		return;
	}
	/* the host's order is none; an image should not depend on it */
	if (!c->from->image)
		names_sort(&l);
	twins_drop(c, from, &l);
	for (size_t i = 0; i < l.n && !interrupted(); i++) {
		const struct place below = { from, from_fd, l.list[i], false };
		const struct place target = { to, to_fd, l.list[i], false };

		if (strchr(l.list[i], '/') != NULL)
			complain_why(c, c->from, &below, "name with a slash, left out");
		else
			copy_any(c, &below, &target);
	}
	names_free(&l);
}

/* The directory to copy into, open, or -1. */
static int
target_directory(struct copy *c, const struct place *to, const struct rump_stat *st)
{
	struct rump_stat made;
	int fd;

	if (c->to->mkdir(to->at, to->name, st->st_mode | 0700) == -1 &&
	    side_errno() != c->to->err_exists) {
		complain_new(c, to);
		return -1;
	}
	if ((fd = c->to->dir_open(to->at, to->name, to->literal)) == -1) {
		complain_at(c, c->to, to);
		return -1;
	}
	if (!c->have_top && c->to->fstat(fd, &made) == 0) {
		c->top_dev = made.st_dev;
		c->top_ino = made.st_ino;
		c->have_top = true;
	}
	return fd;
}

static void
copy_directory(struct copy *c, const struct place *from, const struct place *to,
    const struct rump_stat *st)
{
	int from_fd, to_fd;

	if (c->from == c->to && c->have_top && st->st_dev == c->top_dev &&
	    st->st_ino == c->top_ino) {
		complain_why(c, c->from, from, "cannot be copied into itself");
		return;
	}
	if ((from_fd = c->from->dir_open(from->at, from->name,
	    c->follow || from->up == NULL)) == -1) {
		complain_at(c, c->from, from);
		return;
	}
	if ((to_fd = target_directory(c, to, st)) != -1) {
		copy_below(c, from, from_fd, to, to_fd);
		c->to->close(to_fd);
		/* the root's own attributes are those of the tree's top */
		copy_attributes(c, to, st);
	}
	c->from->close(from_fd);
}

/* ---------------------------------------------------------------- any one */

/* Is it another name of what was copied?  Then link to that. */
static bool
link_again(struct copy *c, const struct place *to, const struct rump_stat *st)
{
	const struct linked *l;

	if (st->st_nlink < 2 || (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR ||
	    (c->to->image && image_lacks(FS_LINKS)) || c->links->size == 0)
		return false;
	l = link_slot(c->links, st->st_dev, st->st_ino);
	if (l->path == NULL)
		return false;
	if (c->to->link(SIDE_CWD, l->path, to->at, to->name) == 0)
		return true;
	/* in its way may be an older copy */
	return side_errno() == c->to->err_exists && !c->noclobber && !c->update &&
	    c->to->unlink(to->at, to->name, false) == 0 &&
	    c->to->link(SIDE_CWD, l->path, to->at, to->name) == 0;
}

static void
link_remember(struct copy *c, const struct place *to, const struct rump_stat *st)
{
	struct linked *l;

	if (st->st_nlink < 2 || (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR)
		return;
	if (2 * (c->links->n + 1) > c->links->size)
		links_grow(c->links);
	l = link_slot(c->links, st->st_dev, st->st_ino);
	if (l->path != NULL)
		return;
	*l = (struct linked){ st->st_dev, st->st_ino, place_path(to) };
	c->links->n++;
}

static void
say_names(const struct place *from, const struct place *to)
{
	char *a = place_path(from), *b = place_path(to);

	print_name(a);
	printf(" -> ");
	print_name(b);
	putchar('\n');
	free(a);
	free(b);
}

static void
copy_any(struct copy *c, const struct place *from, const struct place *to)
{
	bool follow = c->follow || (from->up == NULL && !c->recursive);
	int before = c->status;
	struct rump_stat st;

	if (c->from->stat(from->at, from->name, &st, follow) == -1) {
		complain_at(c, c->from, from);
		return;
	}
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR && !c->recursive) {
		complain_why(c, c->from, from, "is a directory (-r copies it)");
		return;
	}
	if (c->verbose)
		say_names(from, to);
	if (link_again(c, to, &st))
		return;
	c->status = EXIT_OK;
	switch (st.st_mode & RUMP_S_IFMT) {
	case RUMP_S_IFDIR:
		copy_directory(c, from, to, &st);
		break;
	case RUMP_S_IFLNK:
		copy_link(c, from, to, &st);
		break;
	case RUMP_S_IFBLK:
	case RUMP_S_IFCHR:
	case RUMP_S_IFIFO:
	case RUMP_S_IFSOCK:
		/* without -r the contents of the host's are meant */
		if (c->recursive || c->from->image) {
			copy_special(c, to, &st);
			break;
		}
		/* FALLTHROUGH */
	default:
		copy_file(c, from, to, &st);
	}
	if (c->status == EXIT_OK)
		link_remember(c, to, &st);
	c->status |= before;
}

/* ---------------------------------------------------------------- streams */

static void
copy_stream(struct copy *c, const struct place *from, const struct place *to)
{
	struct copy_end in = { c->from, 0, path_of, from, true };
	struct copy_end out = { c->to, 1, path_of, to, true };
	struct rump_stat st = { .st_mode = RUMP_S_IFREG | 0666, .st_size = INT64_MAX };
	int failed = 0;

	fflush(stdout);
	if (c->from->image) {
		in.stream = false;
		if ((in.fd = c->from->open(from->at, from->name, true)) == -1) {
			complain_at(c, c->from, from);
			return;
		}
	}
	if (c->to->image)
		out.stream = false;
	if (out.stream || target_open(c, to, &st, &out) == GO) {
		failed = copy_data(&in, &out, st.st_size, c->buf);
		if (c->to->image && c->to->close(out.fd) == -1 && failed == 0)
			complain_at(c, c->to, to);
		if (failed == -1)
			c->status = EXIT_SOME;
		if (failed == -1 && !out.stream)
			c->to->unlink(to->at, to->name, false);
	}
	if (c->from->image)
		c->from->close(in.fd);
}

/* -------------------------------------------------------------- arguments */

void
copy_start(struct copy *c)
{

	c->status = EXIT_OK;
	c->have_top = false;
	c->buf = xalloc(COPY_CHUNK);
	c->links = xalloc(sizeof(*c->links));
	*c->links = (struct link_table){ NULL, 0, 0 };
}

void
copy_argument(struct copy *c, const char *source, const char *target, bool literal)
{
	const struct place from = { NULL, SIDE_CWD, source, false };
	const struct place to = { NULL, SIDE_CWD, target, literal };

	if ((!c->from->image && strcmp(source, "-") == 0) ||
	    (!c->to->image && strcmp(target, "-") == 0 && literal))
		copy_stream(c, &from, &to);
	else
		copy_any(c, &from, &to);
}

static int64_t
total_at(const struct copy *c, int at, const char *name, bool top)
{
	struct rump_stat st;
	struct names l;
	int64_t sum = 0;
	int fd;

	if (interrupted() || c->from->stat(at, name, &st, c->follow || (top && !c->recursive)) == -1)
		return 0;
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFREG)
		return st.st_size;
	if ((st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR || !c->recursive ||
	    (fd = c->from->dir_open(at, name, c->follow)) == -1)
		return 0;
	if (c->from->dir_list(fd, &l) == 0) {
		for (size_t i = 0; i < l.n; i++)
			sum += total_at(c, fd, l.list[i], false);
		names_free(&l);
	}
	c->from->close(fd);
	return sum;
}

int64_t
copy_total(const struct copy *c, char **sources, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += total_at(c, SIDE_CWD, sources[i], true);
	return sum;
}

void
copy_finish(struct copy *c)
{

	free(c->buf);
	links_free(c->links);
}
