/* SPDX-License-Identifier: BSD-2-Clause */
/* Patterns in paths of the image: the shell cannot expand those. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"
#include "walk.h"

static void
path_add(struct paths *p, char *path)
{

	if (path == NULL)
		fail_memory();
	p->list = xrealloc(p->list, (p->n + 1) * sizeof(*p->list));
	p->list[p->n++] = path;
}

void
paths_add(struct paths *p, const char *path)
{

	path_add(p, xstrdup(path));
}

static bool
has_pattern(const char *s)
{

	return strpbrk(s, "*?[") != NULL;
}

/* Match the components of rest below the directory so far ("" at first). */
static void
expand(struct paths *out, const char *sofar, const char *rest)
{
	size_t len = strcspn(rest, "/");
	const char *after = rest + len + strspn(rest + len, "/");
	char *component = strndup(rest, len), *next;
	struct entry_list l;

	if (component == NULL)
		fail_memory();
	if (!has_pattern(component)) {
		struct rump_stat st;

		next = *sofar == '\0' ? strdup(component) : path_join(sofar, component);
		if (*after != '\0')
			expand(out, next, after);
		else if (rump_sys_lstat(next, &st) == 0)
			path_add(out, strdup(next));
		free(next);
	} else if (dir_read(*sofar == '\0' ? "." : sofar, &l) == 0) {
		dir_sort(&l, entry_by_name);
		for (size_t i = 0; i < l.n; i++) {
			if (fnmatch(component, l.list[i].name, FNM_PERIOD) != 0)
				continue;
			next = *sofar == '\0' ? strdup(l.list[i].name) :
			    path_join(sofar, l.list[i].name);
			if (*after != '\0')
				expand(out, next, after);
			else
				path_add(out, strdup(next));
			free(next);
		}
		dir_free(&l);
	}
	free(component);
}

struct paths
paths_expand(int argc, char **argv)
{
	struct paths out = { NULL, 0 };

	for (int i = 0; i < argc; i++) {
		struct rump_stat st;
		size_t before = out.n;
		const char *p = argv[i];

		if (has_pattern(p) && rump_sys_lstat(p, &st) == -1)
			expand(&out, *p == '/' ? "/" : "", p + strspn(p, "/"));
		if (out.n == before)
			path_add(&out, strdup(p));
	}
	return out;
}

void
paths_free(struct paths *p)
{

	for (size_t i = 0; i < p->n; i++)
		free(p->list[i]);
	free(p->list);
}
