/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Threads that change one small tree at the same time: make, remove, rename,
 * link, write, cut, list and look up, with few names, so that they meet.
 *
 * What each call returns cannot be foretold, but: only errors that such a race
 * can have; afterwards the tree is a tree, link counts are right, all of it can
 * be removed, and then nothing is in use.
 */

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../../t.h"

#define MNT	"/r"

enum { THREADS = 6, ROUNDS = 6000, NAMES = 4, DEPTH = 4 };

struct worker {
	pthread_t	thread;
	uint64_t	random;
	int		bad;		/* an error that should not be; 0: none */
};

static unsigned
pick(struct worker *w, unsigned n)
{

	return t_random(&w->random, n);
}

/* "/r/d2/d0/f1": directories d0 ..., and a file or directory at the end. */
static void
make_path(struct worker *w, char *path, size_t size, bool directory)
{
	unsigned depth = pick(w, DEPTH);
	size_t at = (size_t)snprintf(path, size, MNT);

	while (depth-- > 0)
		at += (size_t)snprintf(path + at, size - at, "/d%u",
		    pick(w, NAMES));
	snprintf(path + at, size - at, "/%c%u", directory ? 'd' : 'f',
	    pick(w, NAMES));
}

static bool
expected(int error)
{
	static const int errors[] = {
		RUMP_ENOENT, RUMP_EEXIST, RUMP_ENOTEMPTY, RUMP_ENOTDIR,
		RUMP_EISDIR, RUMP_EINVAL, RUMP_EPERM, RUMP_EBUSY, RUMP_ELOOP
	};

	for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i] == error)
			return true;
	return false;
}

static int
use_file(struct worker *w, const char *path)
{
	static const char data[10000];
	char got[3000];
	int fd = rump_sys_open(path, RUMP_O_RDWR |
	    (pick(w, 2) ? RUMP_O_CREAT : 0), 0644);

	if (fd == -1)
		return -1;
	(void)rump_sys_pwrite(fd, data, pick(w, sizeof(data)), pick(w, 50000));
	(void)rump_sys_pread(fd, got, sizeof(got), pick(w, 50000));
	(void)rump_sys_ftruncate(fd, pick(w, 60000));
	return rump_sys_close(fd);
}

static int
use_directory(struct worker *w, const char *path)
{
	char data[2048];
	int fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_DIRECTORY);

	if (fd == -1)
		return -1;
	while (rump_sys_getdents(fd, data, sizeof(data)) > 0)
		continue;
	return rump_sys_close(fd);
}

static int
step(struct worker *w, unsigned what, const char *a, const char *b)
{
	struct rump_stat st;

	switch (what) {
	case 0: case 1:
		return rump_sys_mkdir(a, 0755);
	case 2:
		return rump_sys_rmdir(a);
	case 3: case 4:
		return rump_sys_rename(a, b);
	case 5:
		return use_directory(w, a);
	case 6: case 7:
		return use_file(w, a);
	case 8:
		return rump_sys_unlink(a);
	case 9:
		return rump_sys_link(a, b);
	case 10:
		return rump_sys_symlink("../d1/f1", b);
	default:
		return rump_sys_stat(a, &st);
	}
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	char a[100], b[100];

	rump_pub_lwproc_rfork(RUMP_RFCFDG);
	for (int i = 0; i < ROUNDS && w->bad == 0; i++) {
		unsigned what = pick(w, 12);
		bool directory = what < 3 || what == 5 || (what == 3 && pick(w, 2));

		make_path(w, a, sizeof(a), directory || what == 4);
		make_path(w, b, sizeof(b), directory || what == 4);
		if (step(w, what, a, b) == -1 && !expected(errno))
			w->bad = errno;
	}
	rump_pub_lwproc_releaselwp();
	return NULL;
}

/* ---------------------------------------------------------------- afterwards */

static void remove_tree(const char *path);

static bool
is_dot(const struct rump_dirent *d)
{

	return strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0;
}

/* Remove what is listed; returns how many directories were there. */
static unsigned
remove_entries(const char *path, const char *data, int len)
{
	const struct rump_dirent *d;
	struct rump_stat st;
	unsigned directories = 0;
	char below[600];

	for (int at = 0; at < len; at += d->d_reclen) {
		d = (const void *)(data + at);
		if (is_dot(d))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, d->d_name);
		T_CHECK_EQ(rump_sys_lstat(below, &st), 0);
		T_CHECK_EQ(st.st_ino, d->d_fileno);
		if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR) {
			directories++;
			remove_tree(below);
			T_CHECK_EQ(rump_sys_rmdir(below), 0);
		} else {
			T_CHECK_EQ(rump_sys_unlink(below), 0);
		}
	}
	return directories;
}

/* Everything below a directory; its link count must fit what is there. */
static void
remove_tree(const char *path)
{
	struct rump_stat st;
	char data[16384];
	int fd, n;

	T_CHECK_EQ(rump_sys_stat(path, &st), 0);
	fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	T_ASSERT(fd != -1);
	n = rump_sys_getdents(fd, data, sizeof(data));
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_ASSERT(n > 0);
	T_CHECK_EQ(st.st_nlink, remove_entries(path, data, n) + 2);
}

static void
threads_in_one_tree(void)
{
	struct worker workers[THREADS];
	struct rump_tmpfs_args args;
	struct rump_statvfs before, after;

	memset(&args, 0, sizeof(args));
	args.ta_version = RUMP_TMPFS_ARGS_VERSION;
	args.ta_root_mode = 0755;
	args.ta_size_max = 64 * 1024 * 1024;
	T_ASSERT_EQ(rump_sys_mount("tmpfs", MNT, 0, &args, sizeof(args)), 0);
	T_CHECK_EQ(rump_sys_statvfs1(MNT, &before, 0), 0);
	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .random = (uint64_t)i + 1 };
		T_ASSERT_EQ(pthread_create(&workers[i].thread, NULL, work,
		    &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		T_CHECK_EQ(workers[i].bad, 0);
	}
	remove_tree(MNT);
	T_CHECK_EQ(rump_sys_statvfs1(MNT, &after, 0), 0);
	T_CHECK_EQ(after.f_bfree, before.f_bfree);
	T_CHECK_EQ(after.f_ffree, before.f_ffree);
	T_CHECK_EQ(rump_sys_unmount(MNT, 0), 0);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = { T(threads_in_one_tree) };

	if (rump_init() != 0 || rump_sys_mkdir(MNT, 0755) != 0)
		return 2;
	return t_main(cases, 1, argc, argv);
}
