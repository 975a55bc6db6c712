/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs cp, get and put: within the image, out of it, into it. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "fs.h"
#include "progress.h"
#include "walk.h"

struct total {
	const struct copy *c;
	const struct paths *p;
};

static int64_t
total(void *arg)
{
	const struct total *t = arg;

	return copy_total(t->c, t->p->list, t->p->n);
}

static int
options(int argc, char **argv, struct copy *c)
{
	int o;

	while ((o = getopt(argc, argv, "afLnPpRruv")) != -1)
		switch (o) {
		case 'a': c->recursive = c->preserve = true; break;
		case 'f': c->force = true; break;
		case 'L': c->follow = true; break;
		case 'n': c->noclobber = true; break;
		case 'P': c->follow = false; break;
		case 'p': c->preserve = true; break;
		case 'R': case 'r': c->recursive = true; break;
		case 'u': c->update = true; break;
		case 'v': c->verbose = true; break;
		default: return -1;
		}
	return 0;
}

static bool
is_directory(const struct side *side, const char *path)
{
	struct rump_stat st;

	return side->stat(SIDE_CWD, path, &st, true) == 0 &&
	    (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR;
}

/* A directory takes the source under its last name; "." and "/" have none. */
static void
copy_into(struct copy *c, const char *source, const char *target)
{
	char *name = path_last(source), *path;

	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		copy_argument(c, source, target, true);
	else {
		path = path_join(target, name);
		copy_argument(c, source, path, false);
		free(path);
	}
	free(name);
}

static int
copy_command(struct copy *c, struct paths *sources, const char *target)
{
	struct total t = { c, sources };
	bool into = is_directory(c->to, target);
	size_t len = strlen(target);

	if (!into && (sources->n > 1 || (len > 0 && target[len - 1] == '/' && !c->recursive)) &&
	    strcmp(target, "-") != 0) {
		if (c->to->image)
			complain_text(target, "is not a directory");
		else
			fprintf(stderr, "rump fs: host: %s: is not a directory\n", target);
		return EXIT_SOME;
	}
	copy_start(c);
	progress_start(total, &t);
	for (size_t i = 0; i < sources->n && !interrupted(); i++) {
		if (into)
			copy_into(c, sources->list[i], target);
		else
			copy_argument(c, sources->list[i], target, true);
	}
	progress_stop();
	copy_finish(c);
	return c->status;
}

/* With one argument only, get and put copy to where one is. */
static int
run(int argc, char **argv, struct copy *c, bool optional_target)
{
	struct paths sources = { NULL, 0 };
	const char *target = ".";
	int status, n;

	if (options(argc, argv, c) == -1)
		return BAD_USAGE;
	n = argc - optind;
	if (n < 1 || (n < 2 && !optional_target))
		return BAD_USAGE;
	if (n > 1)
		target = argv[optind + --n];
	if (c->from->image)
		sources = paths_expand(n, argv + optind);
	else for (int i = 0; i < n; i++)
		paths_add(&sources, argv[optind + i]);
	status = copy_command(c, &sources, target);
	paths_free(&sources);
	return status;
}

int
cmd_cp(int argc, char **argv)
{

	return run(argc, argv, &(struct copy){ .from = &image_side, .to = &image_side }, false);
}

int
cmd_get(int argc, char **argv)
{

	return run(argc, argv, &(struct copy){ .from = &image_side, .to = &host_side }, true);
}

int
cmd_put(int argc, char **argv)
{

	return run(argc, argv, &(struct copy){ .from = &host_side, .to = &image_side }, true);
}
