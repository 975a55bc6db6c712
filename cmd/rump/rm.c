/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs rm and mv. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>

#include "fs.h"
#include "walk.h"

static struct {
	bool	force, recursive, directories, verbose, noclobber;
	int	status;
} opt;

static bool
is_directory(const struct rump_stat *st)
{

	return (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR;
}

static void
remove_one(const char *path, bool dir)
{

	if ((dir ? rump_sys_rmdir(path) : rump_sys_unlink(path)) == -1) {
		if (opt.force && errno == RUMP_ENOENT)
			return;
		complain(path, errno);
		opt.status = EXIT_SOME;
	} else if (opt.verbose) {
		print_name(path);
		putchar('\n');
	}
}

static bool
visit(const struct entry *e, void *arg)
{

	(void)arg;
	if (!is_directory(&e->st))
		remove_one(e->path, false);
	return true;
}

static void
leave(const struct entry *e, void *arg)
{

	(void)arg;
	if (!interrupted())
		remove_one(e->path, true);
}

static void
remove_argument(const char *path)
{
	char *name = path_last(path);
	struct rump_stat st;

	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		complain_text(path, "is not removed: it is, or may be, the root of the image");
		opt.status = EXIT_SOME;
	} else if (rump_sys_lstat(path, &st) == -1) {
		if (!opt.force || errno != RUMP_ENOENT) {
			complain(path, errno);
			opt.status = EXIT_SOME;
		}
	} else if (is_directory(&st) && opt.recursive)
		opt.status |= tree_walk(path, &(struct walk){
		    .maxdepth = UINT_MAX, .visit = visit, .leave = leave });
	else if (is_directory(&st) && !opt.directories) {
		complain_text(path, "is a directory (-r removes it)");
		opt.status = EXIT_SOME;
	} else
		remove_one(path, is_directory(&st));
	free(name);
}

int
cmd_rm(int argc, char **argv)
{
	struct paths p;
	int c;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "dfRrv")) != -1)
		switch (c) {
		case 'd': opt.directories = true; break;
		case 'f': opt.force = true; break;
		case 'R': case 'r': opt.recursive = true; break;
		case 'v': opt.verbose = true; break;
		default: return BAD_USAGE;
		}
	if (optind == argc)
		return opt.force ? EXIT_OK : BAD_USAGE;
	p = paths_expand(argc - optind, argv + optind);
	for (size_t i = 0; i < p.n && !interrupted(); i++)
		remove_argument(p.list[i]);
	paths_free(&p);
	return opt.status;
}

/* ------------------------------------------------------------------- moves */

static void
move_one(const char *from, const char *to)
{
	struct rump_stat a, b;
	int err;

	if (rump_sys_lstat(from, &a) == -1) {
		complain(from, errno);
		opt.status = EXIT_SOME;
		return;
	}
	/* case alone may change, where names differ by more */
	if (rump_sys_lstat(to, &b) == 0 && (a.st_dev != b.st_dev || a.st_ino != b.st_ino) &&
	    opt.noclobber)
		return;
	if (rump_sys_rename(from, to) == 0) {
		if (opt.verbose) {
			print_name(from);
			printf(" -> ");
			print_name(to);
			putchar('\n');
		}
		return;
	}
	err = errno;
	if (err == RUMP_EINVAL && is_directory(&a) && strncmp(from, to, strlen(from)) == 0)
		complain_text(from, "cannot be moved into itself");
	else
		complain_name(to, err);
	opt.status = EXIT_SOME;
}

int
cmd_mv(int argc, char **argv)
{
	const char *last;
	struct paths p;
	bool into;
	int c;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "fnv")) != -1)
		switch (c) {
		case 'f': opt.noclobber = false; break;
		case 'n': opt.noclobber = true; break;
		case 'v': opt.verbose = true; break;
		default: return BAD_USAGE;
		}
	if (argc - optind < 2)
		return BAD_USAGE;
	last = argv[argc - 1];
	into = path_is_dir(last);
	p = paths_expand(argc - optind - 1, argv + optind);
	if (!into && p.n > 1) {
		complain(last, RUMP_ENOTDIR);
		opt.status = EXIT_SOME;
	} else for (size_t i = 0; i < p.n && !interrupted(); i++) {
		char *base = path_last(p.list[i]);
		char *to = into && *base != '\0' ? path_join(last, base) : xstrdup(last);

		move_one(p.list[i], to);
		free(base);
		free(to);
	}
	paths_free(&p);
	return opt.status;
}
