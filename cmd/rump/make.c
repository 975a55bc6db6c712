/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs mkdir, rmdir, ln and sync. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>

#include "fs.h"
#include "image.h"
#include "walk.h"

static struct {
	bool	parents, verbose, force, symbolic;
	const char *mode;
} opt;

static void
say(const char *path)
{

	if (!opt.verbose)
		return;
	print_name(path);
	putchar('\n');
}

/* ------------------------------------------------------------ directories */

static int
make_one(const char *path, uint32_t mode, bool may_exist)
{
	int err;

	if (rump_sys_mkdir(path, mode & 0777) == 0) {
		say(path);
		return EXIT_OK;
	}
	err = errno;
	if (may_exist && path_is_dir(path))
		return EXIT_OK;
	complain_name(path, err);
	return EXIT_SOME;
}

/* All directories above path that are not there. */
static int
make_parents(const char *path)
{
	char *copy = xstrdup(path);
	int status = EXIT_OK;

	for (char *s = copy + 1; *copy != '\0' && *s != '\0' && status == EXIT_OK; s++) {
		if (*s != '/' || s[-1] == '/')
			continue;
		*s = '\0';
		if (s[1 + strspn(s + 1, "/")] != '\0')
			status = make_one(copy, 0777, true);
		*s = '/';
	}
	free(copy);
	return status;
}

static int
make_directory(const char *path)
{
	uint32_t mode = RUMP_S_IFDIR | 0777;

	if (opt.parents && make_parents(path) != EXIT_OK)
		return EXIT_SOME;
	if (make_one(path, mode, opt.parents) != EXIT_OK)
		return EXIT_SOME;
	if (opt.mode == NULL)
		return EXIT_OK;
	mode_change(opt.mode, mode, &mode);
	if (rump_sys_chmod(path, mode & 07777) == 0)
		return EXIT_OK;
	complain(path, errno);
	return EXIT_SOME;
}

int
cmd_mkdir(int argc, char **argv)
{
	int c, status = EXIT_OK;
	uint32_t mode;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "m:pv")) != -1)
		switch (c) {
		case 'm': opt.mode = optarg; break;
		case 'p': opt.parents = true; break;
		case 'v': opt.verbose = true; break;
		default: return BAD_USAGE;
		}
	if (optind == argc)
		return BAD_USAGE;
	if (opt.mode != NULL && !mode_change(opt.mode, 0, &mode)) {
		fprintf(stderr, "rump fs: mkdir: '%s' is no mode\n", opt.mode);
		return EXIT_USAGE;
	}
	for (; optind < argc && !interrupted(); optind++)
		status |= make_directory(argv[optind]);
	return status;
}

static int
remove_directory(const char *path)
{
	char *copy = xstrdup(path), *slash;
	int status = EXIT_OK;

	do {
		if (rump_sys_rmdir(copy) == -1) {
			complain(copy, errno);
			status = EXIT_SOME;
			break;
		}
		say(copy);
		slash = strrchr(copy, '/');
		if (slash != NULL)
			*slash = '\0';
	} while (opt.parents && slash != NULL && *copy != '\0');
	free(copy);
	return status;
}

int
cmd_rmdir(int argc, char **argv)
{
	int c, status = EXIT_OK;
	struct paths p;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "pv")) != -1)
		switch (c) {
		case 'p': opt.parents = true; break;
		case 'v': opt.verbose = true; break;
		default: return BAD_USAGE;
		}
	if (optind == argc)
		return BAD_USAGE;
	p = paths_expand(argc - optind, argv + optind);
	for (size_t i = 0; i < p.n && !interrupted(); i++)
		status |= remove_directory(p.list[i]);
	paths_free(&p);
	return status;
}

/* ------------------------------------------------------------------ links */

static int
link_once(const char *target, const char *name)
{

	return opt.symbolic ? rump_sys_symlink(target, name) : rump_sys_link(target, name);
}

static int
make_link(const char *target, const char *name)
{
	struct rump_stat st;
	int err;

	if (link_once(target, name) == 0) {
		say(name);
		return EXIT_OK;
	}
	err = errno;
	if (opt.force && err == RUMP_EEXIST && rump_sys_unlink(name) == 0 &&
	    link_once(target, name) == 0) {
		say(name);
		return EXIT_OK;
	}
	/* a hard link fails by its target, too */
	if (!opt.symbolic && rump_sys_lstat(target, &st) == -1)
		complain(target, errno);
	else
		complain_name(name, err);
	return EXIT_SOME;
}

int
cmd_ln(int argc, char **argv)
{
	int c, status = EXIT_OK;
	const char *last;
	bool into;

	memset(&opt, 0, sizeof(opt));
	while ((c = getopt(argc, argv, "fsv")) != -1)
		switch (c) {
		case 'f': opt.force = true; break;
		case 's': opt.symbolic = true; break;
		case 'v': opt.verbose = true; break;
		default: return BAD_USAGE;
		}
	if (argc - optind < 2)
		return BAD_USAGE;
	last = argv[argc - 1];
	into = path_is_dir(last);
	if (!into && argc - optind > 2) {
		complain(last, RUMP_ENOTDIR);
		return EXIT_SOME;
	}
	for (int i = optind; i < argc - 1; i++) {
		char *base = path_last(argv[i]);
		char *name = into ? path_join(last, base) : xstrdup(last);

		status |= make_link(argv[i], name);
		free(base);
		free(name);
	}
	return status;
}

int
cmd_sync(int argc, char **argv)
{

	(void)argv;
	if (argc > 1)
		return BAD_USAGE;
	return image_sync() ? EXIT_OK : EXIT_SOME;
}
