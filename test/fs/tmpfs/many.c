/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A directory of very many entries: every name is found, listed once, and gone when
 * it is removed; once with room for all vnodes (RUMP_NVNODES), once with room for
 * few, where most look-ups make a new one.  MANY in the environment says how many
 * (1000000 takes seconds); how fast that is, is a matter of bench/.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../../t.h"

#define DIR	"/t/dir"
#define MANY	20000
#define STEP	7919		/* prime: an order that is not that of the names */

static unsigned many = MANY;
static unsigned char *seen;
static unsigned long long *inode;

static const char *
path_of(unsigned i)
{
	static char path[64];

	snprintf(path, sizeof(path), DIR "/entry-%u", i);
	return path;
}

static void
boot(unsigned vnodes)
{
	struct rump_tmpfs_args args;
	char text[16];

	snprintf(text, sizeof(text), "%u", vnodes);
	setenv("RUMP_NVNODES", text, 1);
	T_ASSERT_EQ(rump_init(), 0);
	memset(&args, 0, sizeof(args));
	args.ta_version = RUMP_TMPFS_ARGS_VERSION;
	args.ta_root_mode = 0755;
	T_ASSERT_EQ(rump_sys_mkdir("/t", 0755), 0);
	T_ASSERT_EQ(rump_sys_mount("tmpfs", "/t", 0, &args, sizeof(args)), 0);
	T_ASSERT_EQ(rump_sys_mkdir(DIR, 0755), 0);
}

static void
make_all(void)
{
	struct rump_stat st;

	for (unsigned n = 0, i = 0; n < many; n++, i = (i + STEP) % many) {
		int fd = rump_sys_open(path_of(i), RUMP_O_WRONLY |
		    RUMP_O_CREAT | RUMP_O_EXCL, 0644);

		T_ASSERT(fd != -1);
		T_ASSERT_EQ(rump_sys_fstat(fd, &st), 0);
		inode[i] = st.st_ino;
		T_ASSERT_EQ(rump_sys_close(fd), 0);
	}
}

/* Names that should be there are, the others are not. */
static void
check_names(unsigned removed_each)
{
	struct rump_stat st;

	for (unsigned i = 0; i < many; i++) {
		if (removed_each != 0 && i % removed_each == 0) {
			T_ASSERT_EQ(rump_sys_stat(path_of(i), &st), -1);
			T_ASSERT_EQ(errno, RUMP_ENOENT);
		} else {
			T_ASSERT_EQ(rump_sys_stat(path_of(i), &st), 0);
			T_ASSERT_EQ(st.st_ino, inode[i]);
		}
	}
}

/* Entries of the directory, each listed once; also "." and "..". */
static void
check_listing(unsigned entries)
{
	static char data[65536];
	int fd = rump_sys_open(DIR, RUMP_O_RDONLY), n, at;
	unsigned i, listed = 0, twice = 0;
	struct rump_dirent *d;

	memset(seen, 0, many);
	while ((n = rump_sys_getdents(fd, data, sizeof(data))) > 0) {
		for (at = 0; at < n; at += d->d_reclen) {
			d = (struct rump_dirent *)(data + at);
			listed++;
			if (sscanf(d->d_name, "entry-%u", &i) == 1 && i < many)
				twice += seen[i]++ != 0;
		}
	}
	T_CHECK_EQ(n, 0);
	T_CHECK_EQ(listed, entries + 2);
	T_CHECK_EQ(twice, 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

static void
fill_and_empty(unsigned vnodes)
{

	boot(vnodes);
	make_all();
	check_names(0);
	check_listing(many);
	T_CHECK_ERR(rump_sys_rmdir(DIR), RUMP_ENOTEMPTY);
	for (unsigned i = 0; i < many; i += 3)
		T_ASSERT_EQ(rump_sys_unlink(path_of(i)), 0);
	check_names(3);
	check_listing(many - (many + 2) / 3);
	for (unsigned i = 0; i < many; i++)
		if (i % 3 != 0)
			T_ASSERT_EQ(rump_sys_unlink(path_of(i)), 0);
	check_listing(0);
	T_CHECK_EQ(rump_sys_rmdir(DIR), 0);
	T_CHECK_EQ(rump_sys_unmount("/t", 0), 0);
	T_ASSERT_EQ(rump_halt(), 0);
}

static void
vnodes_for_all(void)
{

	fill_and_empty(many + 100);
}

static void
vnodes_for_few(void)
{

	fill_and_empty(100);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(vnodes_for_all), T(vnodes_for_few),
	};

	if (getenv("MANY") != NULL)
		many = (unsigned)strtoul(getenv("MANY"), NULL, 10);
	seen = malloc(many);
	inode = calloc(many, sizeof(*inode));
	if (seen == NULL || inode == NULL || many % STEP == 0) {
		t_puts("Bail out! MANY\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
