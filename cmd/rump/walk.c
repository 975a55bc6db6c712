/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading directories and walking trees of the image. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"
#include "walk.h"

#define DIRBUF	65536

static void *
grow(void *p, size_t n, size_t size)
{

	if ((n & (n - 1)) != 0 && n != 0)
		return p;
	return xrealloc(p, (n == 0 ? 1 : 2 * n) * size);
}

char *
path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);
	char *path;

	if (asprintf(&path, "%s%s%s", dir, len > 0 && dir[len - 1] == '/' ? "" : "/", name) == -1)
		fail_memory();
	return path;
}

char *
path_last(const char *path)
{
	const char *start;
	size_t len = strlen(path);
	char *name;

	while (len > 0 && path[len - 1] == '/')
		len--;
	for (start = path + len; start > path && start[-1] != '/'; start--)
		;
	if ((name = strndup(start, (size_t)(path + len - start))) == NULL)
		fail_memory();
	return name;
}

bool
path_is_dir(const char *path)
{
	struct rump_stat st;

	return rump_sys_stat(path, &st) == 0 && (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR;
}

static void
entry_add(struct entry_list *l, const char *dir, const char *name, size_t len)
{
	struct entry *e;

	l->list = grow(l->list, l->n, sizeof(*l->list));
	e = &l->list[l->n++];
	memset(e, 0, sizeof(*e));
	if ((e->name = strndup(name, len)) == NULL)
		fail_memory();
	e->path = path_join(dir, e->name);
	if (rump_sys_lstat(e->path, &e->st) == -1) {
		complain(e->path, errno);
		e->st.st_mode = 0;
	}
}

static bool
is_dot(const struct rump_dirent *d)
{

	return d->d_name[0] == '.' && (d->d_namlen == 1 ||
	    (d->d_namlen == 2 && d->d_name[1] == '.'));
}

static void
entries_add(struct entry_list *l, const char *dir, const char *buf, size_t len)
{
	const struct rump_dirent *d;

	for (size_t at = 0; at < len; at += d->d_reclen) {
		d = (const void *)(buf + at);
		if (d->d_reclen == 0)
			break;
		if (d->d_fileno != 0 && !is_dot(d))
			entry_add(l, dir, d->d_name, d->d_namlen);
	}
}

int
dir_read(const char *path, struct entry_list *out)
{
	char *buf;
	int fd, n, err = 0;

	*out = (struct entry_list){ NULL, 0 };
	if ((fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_DIRECTORY)) == -1)
		return errno;
	if ((buf = malloc(DIRBUF)) == NULL)
		fail_memory();
	while ((n = rump_sys_getdents(fd, buf, DIRBUF)) > 0)
		entries_add(out, path, buf, (size_t)n);
	if (n == -1)
		err = errno;
	free(buf);
	rump_sys_close(fd);
	if (err != 0)
		dir_free(out);
	return err;
}

void
dir_sort(struct entry_list *l, int (*cmp)(const void *, const void *))
{

	if (l->n > 1)
		qsort(l->list, l->n, sizeof(*l->list), cmp);
	if (l->n > 0)
		l->list[l->n - 1].last = true;
}

void
dir_free(struct entry_list *l)
{

	for (size_t i = 0; i < l->n; i++) {
		free(l->list[i].name);
		free(l->list[i].path);
	}
	free(l->list);
	*l = (struct entry_list){ NULL, 0 };
}

int
entry_by_name(const void *a, const void *b)
{

	return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

/* Entries that do not count leave the list before the last one is known. */
static void
entries_filter(struct entry_list *l, const struct walk *w)
{
	size_t kept = 0;

	for (size_t i = 0; w->keep != NULL && i < l->n; i++) {
		if (w->keep(&l->list[i], w->arg)) {
			l->list[kept++] = l->list[i];
			continue;
		}
		free(l->list[i].name);
		free(l->list[i].path);
	}
	if (w->keep != NULL)
		l->n = kept;
}

static void
walk_entry(struct walk *w, const struct entry *e)
{
	struct entry_list below;
	int err;

	if (interrupted()) {
		w->status = EXIT_SOME;
		return;
	}
	if (!w->visit(e, w->arg) || e->depth >= w->maxdepth ||
	    (e->st.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR)
		return;
	if ((err = dir_read(e->path, &below)) != 0) {
		complain(e->path, err);
		w->status = EXIT_SOME;
		below = (struct entry_list){ NULL, 0 };
	}
	entries_filter(&below, w);
	dir_sort(&below, entry_by_name);
	for (size_t i = 0; i < below.n; i++) {
		below.list[i].depth = e->depth + 1;
		walk_entry(w, &below.list[i]);
	}
	dir_free(&below);
	if (w->leave != NULL)
		w->leave(e, w->arg);
}

int
tree_walk(const char *path, struct walk *w)
{
	const char *slash = strrchr(path, '/');
	struct entry top = {
		.name = (char *)(slash != NULL && slash[1] != '\0' ? slash + 1 : path),
		.path = (char *)path,
		.last = true,
	};

	w->status = EXIT_OK;
	if (rump_sys_lstat(path, &top.st) == -1) {
		complain(path, errno);
		return w->status = EXIT_SOME;
	}
	walk_entry(w, &top);
	return w->status;
}
