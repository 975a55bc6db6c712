/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * tmpfs: limits and what is charged against them, holes, links, directories
 * that change while they are read, flags, times, updates of a mount.
 *
 * Each case has a mount of its own, which is gone after it: an unmount that
 * fails is a failure of the case.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../../t.h"

#define MNT	"/t"
#define PAGE	4096
#define MIB	(1024 * 1024)

/* -------------------------------------------------------------------- tools */

static int
mount_flags(int64_t size, uint64_t nodes, int flags)
{
	struct rump_tmpfs_args args;

	memset(&args, 0, sizeof(args));
	args.ta_version = RUMP_TMPFS_ARGS_VERSION;
	args.ta_root_mode = 0755;
	args.ta_size_max = size;
	args.ta_nodes_max = nodes;
	return rump_sys_mount("tmpfs", MNT, flags, &args, sizeof(args));
}

static void
begin(int64_t size, uint64_t nodes)
{

	T_ASSERT_EQ(mount_flags(size, nodes, 0), 0);
}

static void
end(void)
{

	T_CHECK_EQ(rump_sys_unmount(MNT, 0), 0);
}

static long long
blocks_free(void)
{
	struct rump_statvfs sv;

	T_CHECK_EQ(rump_sys_statvfs1(MNT, &sv, 0), 0);
	return (long long)sv.f_bfree;
}

static long long
nodes_free(void)
{
	struct rump_statvfs sv;

	T_CHECK_EQ(rump_sys_statvfs1(MNT, &sv, 0), 0);
	return (long long)sv.f_ffree;
}

static int
create(const char *path)
{

	return rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT | RUMP_O_EXCL,
	    0644);
}

static void
touch(const char *path)
{
	int fd = create(path);

	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

static struct rump_stat
stat_of(const char *path)
{
	struct rump_stat st;

	memset(&st, 0, sizeof(st));
	T_CHECK_EQ(rump_sys_lstat(path, &st), 0);
	return st;
}

/* ----------------------------------------------------------------- contents */

static void
contents(void)
{
	static unsigned char model[200000], got[200000];
	uint64_t x = 12345;
	size_t size = 0;
	int fd;

	begin(0, 0);
	fd = create(MNT "/file");
	T_ASSERT(fd != -1);
	for (int i = 0; i < 2000; i++) {
		size_t off = t_random(&x, sizeof(model));
		size_t len;

		len = (x >> 7) % 9000;
		if (len > sizeof(model) - off)
			len = sizeof(model) - off;
		if (i % 7 == 6) {
			T_ASSERT_EQ(rump_sys_ftruncate(fd, (long)off), 0);
			if (off < size)
				memset(model + off, 0, size - off);
			size = off;
			continue;
		}
		memset(model + off, i, len);
		T_ASSERT_EQ(rump_sys_pwrite(fd, model + off, len, (long)off), (long)len);
		if (off + len > size && len > 0)
			size = off + len;
		if (i % 50 == 0) {
			T_ASSERT_EQ(rump_sys_pread(fd, got, sizeof(got), 0), (long)size);
			T_ASSERT_EQ(memcmp(got, model, size), 0);
		}
	}
	rump_sys_close(fd);
	end();
}

/* What was cut off does not come back. */
static void
cut_and_grown(void)
{
	char page[PAGE * 2];
	int fd;

	begin(0, 0);
	fd = create(MNT "/file");
	memset(page, 'x', sizeof(page));
	T_CHECK_EQ(rump_sys_write(fd, page, sizeof(page)), (long)sizeof(page));
	T_CHECK_EQ(rump_sys_ftruncate(fd, 10), 0);
	T_CHECK_EQ(rump_sys_ftruncate(fd, sizeof(page)), 0);
	T_CHECK_EQ(rump_sys_pread(fd, page, sizeof(page), 0), (long)sizeof(page));
	T_CHECK_EQ(page[9], 'x');
	for (size_t i = 10; i < sizeof(page); i++)
		T_ASSERT_EQ(page[i], 0);
	T_CHECK_EQ(rump_sys_ftruncate(fd, 10), 0);
	T_CHECK_EQ(rump_sys_pwrite(fd, "y", 1, 100), 1);
	T_CHECK_EQ(rump_sys_pread(fd, page, 101, 0), 101);
	T_CHECK_EQ(page[50], 0);
	T_CHECK_EQ(page[100], 'y');
	rump_sys_close(fd);
	end();
}

static void
holes_take_nothing(void)
{
	const long long far = 1LL << 40;
	static char page[64 * PAGE];
	struct rump_stat st;
	long long before;
	int fd;

	begin(4 * MIB, 0);
	fd = create(MNT "/file");
	before = blocks_free();
	T_CHECK_EQ(rump_sys_ftruncate(fd, far), 0);
	T_CHECK_EQ(blocks_free(), before);
	T_CHECK_EQ(rump_sys_pwrite(fd, "here", 4, far / 2), 4);
	T_CHECK_EQ(blocks_free(), before - 1);
	for (int i = 0; i < 100; i++) {
		page[0] = 'x';
		T_CHECK_EQ(rump_sys_pread(fd, page, sizeof(page),
		    (long long)i * 123456789), (long)sizeof(page));
		T_CHECK_EQ(page[0], 0);
	}
	T_CHECK_EQ(rump_sys_pread(fd, page, sizeof(page), far / 2 - 8), (long)sizeof(page));
	T_CHECK_EQ(memcmp(page, "\0\0\0\0\0\0\0\0here\0", 13), 0);
	T_CHECK_EQ(blocks_free(), before - 1);
	st = stat_of(MNT "/file");
	T_CHECK_EQ(st.st_size, far);
	T_CHECK_EQ(st.st_blocks, PAGE / 512);
	rump_sys_close(fd);
	end();
}

static void
allocate_and_discard(void)
{
	char page[PAGE];
	long long before;
	int fd;

	begin(4 * MIB, 0);
	fd = create(MNT "/file");
	before = blocks_free();
	T_CHECK_EQ(rump_sys_posix_fallocate(fd, 0, MIB), 0);
	T_CHECK_EQ(blocks_free(), before - MIB / PAGE);
	T_CHECK_EQ(stat_of(MNT "/file").st_size, MIB);
	memset(page, 'x', sizeof(page));
	for (int i = 0; i < 4; i++)
		T_CHECK_EQ(rump_sys_pwrite(fd, page, PAGE, i * PAGE), PAGE);
	T_CHECK_EQ(rump_sys_fdiscard(fd, PAGE / 2, 2 * PAGE), 0);
	T_CHECK_EQ(blocks_free(), before - MIB / PAGE + 1);
	T_CHECK_EQ(rump_sys_pread(fd, page, PAGE, 0), PAGE);
	T_CHECK_EQ(page[PAGE / 2 - 1], 'x');
	T_CHECK_EQ(page[PAGE / 2], 0);
	T_CHECK_EQ(rump_sys_pread(fd, page, PAGE, 2 * PAGE), PAGE);
	T_CHECK_EQ(page[PAGE / 2 - 1], 0);
	T_CHECK_EQ(page[PAGE / 2], 'x');
	rump_sys_close(fd);
	end();
}

/* ------------------------------------------------------------------- limits */

static void
space_is_exact(void)
{
	static char data[64 * 1024];
	long long before, nodes;
	int fd;

	begin(2 * MIB, 100);
	before = blocks_free();
	nodes = nodes_free();
	T_CHECK_EQ(nodes, 99);
	T_CHECK_EQ(rump_sys_mkdir(MNT "/d", 0755), 0);
	fd = create(MNT "/d/file");
	T_CHECK_EQ(rump_sys_symlink("a target", MNT "/link"), 0);
	T_CHECK_EQ(nodes_free(), nodes - 3);
	for (int i = 0; i < 20; i++)
		T_CHECK_EQ(rump_sys_write(fd, data, sizeof(data)), (long)sizeof(data));
	T_CHECK(blocks_free() <= before - 20 * 16);
	/* Open, without a name: the space comes back with the last close. */
	T_CHECK_EQ(rump_sys_unlink(MNT "/d/file"), 0);
	T_CHECK(blocks_free() <= before - 20 * 16);
	T_CHECK_EQ(rump_sys_pread(fd, data, 1, 1000000), 1);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unlink(MNT "/link"), 0);
	T_CHECK_EQ(rump_sys_rmdir(MNT "/d"), 0);
	T_CHECK_EQ(blocks_free(), before);
	T_CHECK_EQ(nodes_free(), nodes);
	end();
}

static void
full_of_data(void)
{
	static char data[MIB];
	long long before, after;
	int fd;

	begin(MIB + MIB / 2, 0);
	fd = create(MNT "/file");
	before = blocks_free();
	T_CHECK_EQ(rump_sys_write(fd, data, MIB), MIB);
	after = blocks_free();
	T_CHECK_EQ(after, before - MIB / PAGE);
	/* All or nothing. */
	T_CHECK_ERR(rump_sys_write(fd, data, MIB), RUMP_ENOSPC);
	T_CHECK_EQ(stat_of(MNT "/file").st_size, MIB);
	T_CHECK_EQ(blocks_free(), after);
	T_CHECK_EQ(rump_sys_write(fd, data, after * PAGE), after * PAGE);
	T_CHECK_EQ(blocks_free(), 0);
	/* What is there can be overwritten, and the last page filled. */
	T_CHECK_EQ(rump_sys_pwrite(fd, data, MIB, 0), MIB);
	T_CHECK_ERR(rump_sys_write(fd, data, 1), RUMP_ENOSPC);
	T_CHECK_EQ(rump_sys_ftruncate(fd, 0), 0);
	T_CHECK_EQ(blocks_free(), before);
	rump_sys_close(fd);
	end();
}

/* No file ends beyond what an off_t can say; nothing changes then. */
static void
too_large(void)
{
	const int64_t last = INT64_MAX;
	long long before;
	int fd;

	begin(0, 0);
	fd = create(MNT "/file");
	T_CHECK_EQ(rump_sys_write(fd, "x", 1), 1);
	before = blocks_free();
	T_CHECK_ERR(rump_sys_pwrite(fd, "xy", 2, last), RUMP_EFBIG);
	T_CHECK_ERR(rump_sys_pwrite(fd, "xy", 2, last - 1), RUMP_EFBIG);
	T_CHECK_ERR(rump_sys_ftruncate(fd, last), RUMP_EFBIG);
	/* this one returns the error */
	T_CHECK_EQ(rump_sys_posix_fallocate(fd, last - 1, 1), RUMP_EFBIG);
	T_CHECK_EQ(stat_of(MNT "/file").st_size, 1);
	T_CHECK_EQ(blocks_free(), before);
	/* far away, but not too far: a hole */
	T_CHECK_EQ(rump_sys_pwrite(fd, "x", 1, (int64_t)1 << 60), 1);
	T_CHECK_EQ(stat_of(MNT "/file").st_size, ((int64_t)1 << 60) + 1);
	rump_sys_close(fd);
	end();
}

static void
full_of_nodes(void)
{
	char path[64];
	int i;

	begin(0, 10);
	for (i = 0; i < 9; i++) {
		snprintf(path, sizeof(path), MNT "/f%d", i);
		touch(path);
	}
	T_CHECK_ERR(create(MNT "/more"), RUMP_ENOSPC);
	T_CHECK_ERR(rump_sys_mkdir(MNT "/more", 0755), RUMP_ENOSPC);
	T_CHECK_ERR(rump_sys_symlink("x", MNT "/more"), RUMP_ENOSPC);
	T_CHECK_EQ(rump_sys_link(MNT "/f0", MNT "/more"), 0);
	T_CHECK_EQ(rump_sys_unlink(MNT "/f1"), 0);
	touch(MNT "/again");
	end();
}

static void
updates(void)
{
	struct rump_tmpfs_args args;
	static char data[MIB];
	int fd;

	begin(2 * MIB, 50);
	fd = create(MNT "/file");
	T_CHECK_EQ(rump_sys_write(fd, data, MIB), MIB);
	T_CHECK_ERR(mount_flags(MIB, 50, RUMP_MNT_UPDATE), RUMP_EBUSY);
	T_CHECK_ERR(mount_flags(2 * MIB, 1, RUMP_MNT_UPDATE), RUMP_EBUSY);
	T_CHECK_EQ(mount_flags(4 * MIB, 60, RUMP_MNT_UPDATE), 0);
	T_CHECK_EQ(rump_sys_write(fd, data, MIB), MIB);
	rump_sys_close(fd);
	T_CHECK(rump_sys_mount("tmpfs", MNT, RUMP_MNT_GETARGS, &args,
	    sizeof(args)) >= 0);
	T_CHECK_EQ(args.ta_size_max, 4 * MIB);
	T_CHECK_EQ(args.ta_nodes_max, 60);
	T_CHECK_EQ(args.ta_root_mode, 0755);
	/* Not while a file is open for writing, or has no name any more. */
	fd = rump_sys_open(MNT "/file", RUMP_O_RDWR);
	T_CHECK_ERR(mount_flags(4 * MIB, 60, RUMP_MNT_UPDATE | RUMP_MNT_RDONLY), RUMP_EBUSY);
	touch(MNT "/still");
	rump_sys_close(fd);
	fd = rump_sys_open(MNT "/still", RUMP_O_RDONLY);
	T_CHECK_EQ(rump_sys_unlink(MNT "/still"), 0);
	T_CHECK_ERR(mount_flags(4 * MIB, 60, RUMP_MNT_UPDATE | RUMP_MNT_RDONLY), RUMP_EBUSY);
	rump_sys_close(fd);
	fd = rump_sys_open(MNT "/file", RUMP_O_RDONLY);
	T_CHECK_EQ(mount_flags(4 * MIB, 60, RUMP_MNT_UPDATE | RUMP_MNT_RDONLY), 0);
	T_CHECK_EQ(rump_sys_pread(fd, data, 10, 0), 10);
	rump_sys_close(fd);
	T_CHECK_ERR(create(MNT "/no"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_unlink(MNT "/file"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_chmod(MNT "/file", 0), RUMP_EROFS);
	T_CHECK_EQ(mount_flags(4 * MIB, 60, RUMP_MNT_UPDATE), 0);
	T_CHECK_EQ(rump_sys_unlink(MNT "/file"), 0);
	end();
}

static void
senseless_arguments(void)
{
	struct rump_tmpfs_args args;

	memset(&args, 0, sizeof(args));
	args.ta_root_mode = 0755;
	T_CHECK_ERR(rump_sys_mount("tmpfs", MNT, 0, &args, sizeof(args)), RUMP_EINVAL);
	args.ta_version = RUMP_TMPFS_ARGS_VERSION;
	T_CHECK_ERR(rump_sys_mount("tmpfs", MNT, 0, &args, 3), RUMP_EINVAL);
	args.ta_size_max = -1;
	T_CHECK_ERR(rump_sys_mount("tmpfs", MNT, 0, &args, sizeof(args)), RUMP_EINVAL);
	args.ta_size_max = 1;
	T_CHECK_ERR(rump_sys_mount("tmpfs", MNT, 0, &args, sizeof(args)), RUMP_ENOSPC);
}

/* -------------------------------------------------------------------- names */

static void
links(void)
{
	char path[64];
	int i;

	begin(0, 0);
	touch(MNT "/a");
	T_CHECK_EQ(rump_sys_link(MNT "/a", MNT "/b"), 0);
	T_CHECK_EQ(stat_of(MNT "/a").st_nlink, 2);
	T_CHECK_EQ(stat_of(MNT "/a").st_ino, stat_of(MNT "/b").st_ino);
	T_CHECK_ERR(rump_sys_link(MNT "/a", MNT "/b"), RUMP_EEXIST);
	T_CHECK_ERR(rump_sys_link(MNT, MNT "/c"), RUMP_EPERM);
	/* Two names of one file: renaming one onto the other removes it. */
	T_CHECK_EQ(rump_sys_rename(MNT "/a", MNT "/b"), 0);
	for (i = (int)stat_of(MNT "/b").st_nlink; i < 32767; i++) {
		snprintf(path, sizeof(path), MNT "/link%d", i);
		if (rump_sys_link(MNT "/b", path) != 0)
			break;
	}
	T_CHECK_EQ(i, 32767);
	T_CHECK_ERR(rump_sys_link(MNT "/b", MNT "/onemore"), RUMP_EMLINK);
	T_CHECK_EQ(stat_of(MNT "/b").st_nlink, 32767);
	end();
}

static void
directories_count_links(void)
{

	begin(0, 0);
	T_CHECK_EQ(stat_of(MNT).st_nlink, 2);
	T_CHECK_EQ(rump_sys_mkdir(MNT "/a", 0755), 0);
	T_CHECK_EQ(rump_sys_mkdir(MNT "/a/b", 0755), 0);
	T_CHECK_EQ(rump_sys_mkdir(MNT "/c", 0755), 0);
	T_CHECK_EQ(stat_of(MNT).st_nlink, 4);
	T_CHECK_EQ(stat_of(MNT "/a").st_nlink, 3);
	T_CHECK_EQ(rump_sys_rename(MNT "/a/b", MNT "/c/b"), 0);
	T_CHECK_EQ(stat_of(MNT "/a").st_nlink, 2);
	T_CHECK_EQ(stat_of(MNT "/c").st_nlink, 3);
	T_CHECK_EQ(stat_of(MNT "/c/b/..").st_ino, stat_of(MNT "/c").st_ino);
	T_CHECK_EQ(rump_sys_rename(MNT "/a", MNT "/c/b"), 0);
	T_CHECK_EQ(stat_of(MNT).st_nlink, 3);
	T_CHECK_EQ(stat_of(MNT "/c").st_nlink, 3);
	end();
}

static void
renames_refused(void)
{

	begin(0, 0);
	rump_sys_mkdir(MNT "/a", 0755);
	rump_sys_mkdir(MNT "/a/b", 0755);
	rump_sys_mkdir(MNT "/full", 0755);
	touch(MNT "/full/x");
	touch(MNT "/file");
	T_CHECK_ERR(rump_sys_rename(MNT "/a", MNT "/a/b/c"), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_rename(MNT "/a", MNT "/full"), RUMP_ENOTEMPTY);
	T_CHECK_ERR(rump_sys_rename(MNT "/a", MNT "/file"), RUMP_ENOTDIR);
	T_CHECK_ERR(rump_sys_rename(MNT "/file", MNT "/a"), RUMP_EISDIR);
	T_CHECK_ERR(rump_sys_rename(MNT "/none", MNT "/file"), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_rename(MNT "/a/b", MNT "/a"), RUMP_ENOTEMPTY);
	T_CHECK_ERR(rump_sys_rename(MNT "/a", MNT "/full/.."), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_rename(MNT "/a/..", MNT "/x"), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_rename(MNT "/file", MNT "/full/x"), 0);
	T_CHECK_ERR(rump_sys_lstat(MNT "/file", &(struct rump_stat){ 0 }), RUMP_ENOENT);
	end();
}

static void
long_names(void)
{
	char path[300] = MNT "/";
	size_t at = strlen(path);

	begin(0, 0);
	memset(path + at, 'n', 255);
	touch(path);
	T_CHECK_EQ(rump_sys_unlink(path), 0);
	path[at + 255] = 'n';
	T_CHECK_ERR(create(path), RUMP_ENAMETOOLONG);
	end();
}

static void
special_files(void)
{
	char target[100];

	begin(0, 0);
	T_CHECK_EQ(rump_sys_mknod(MNT "/chr", RUMP_S_IFCHR | 0600, 0x305), 0);
	T_CHECK_EQ(rump_sys_mknod(MNT "/blk", RUMP_S_IFBLK | 0600, 0x306), 0);
	T_CHECK_EQ(rump_sys_mkfifo(MNT "/fifo", 0640), 0);
	T_CHECK_EQ(rump_sys_symlink("some/where", MNT "/link"), 0);
	T_CHECK_EQ(stat_of(MNT "/chr").st_rdev, 0x305);
	T_CHECK_EQ(stat_of(MNT "/chr").st_mode, RUMP_S_IFCHR | 0600);
	T_CHECK_EQ(stat_of(MNT "/blk").st_rdev, 0x306);
	T_CHECK_EQ(stat_of(MNT "/fifo").st_mode, RUMP_S_IFIFO | 0640);
	T_CHECK_EQ(stat_of(MNT "/link").st_size, 10);
	T_CHECK_EQ(rump_sys_readlink(MNT "/link", target, sizeof(target)), 10);
	T_CHECK_EQ(rump_sys_readlink(MNT "/link", target, 4), 4);
	T_CHECK_EQ(memcmp(target, "some/where", 10), 0);
	T_CHECK_ERR(rump_sys_readlink(MNT "/fifo", target, 4), RUMP_EINVAL);
	end();
}

/* -------------------------------------------------------------- directories */

#define NAMES	2000

static unsigned char seen[NAMES * 2];

static void
note_names(const char *data, int len)
{
	const struct rump_dirent *d;

	for (int at = 0; at < len; at += d->d_reclen) {
		d = (const void *)(data + at);
		if (d->d_name[0] == 'f')
			seen[atoi(d->d_name + 1)]++;
	}
}

static void
name_of(char *path, size_t size, int i)
{

	snprintf(path, size, MNT "/f%d", i);
}

/* Entries that stay are listed once, whatever else comes and goes. */
static void
reading_while_it_changes(void)
{
	char path[64], data[1500];
	int fd, n, round = 0;

	begin(0, 0);
	for (int i = 0; i < NAMES; i++) {
		name_of(path, sizeof(path), i);
		touch(path);
	}
	memset(seen, 0, sizeof(seen));
	fd = rump_sys_open(MNT, RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	while ((n = rump_sys_getdents(fd, data, sizeof(data))) > 0) {
		note_names(data, n);
		if (round == 60)
			continue;
		/* One that was listed, one that was not yet, a new one. */
		name_of(path, sizeof(path), round * 10 + 1);
		(void)rump_sys_unlink(path);
		name_of(path, sizeof(path), NAMES - 1 - round * 10);
		(void)rump_sys_unlink(path);
		name_of(path, sizeof(path), NAMES + round++);
		touch(path);
	}
	T_CHECK_EQ(n, 0);
	T_CHECK(round > 10);
	rump_sys_close(fd);
	for (int i = 0; i < NAMES; i++) {
		name_of(path, sizeof(path), i);
		T_CHECK(seen[i] <= 1);
		if (rump_sys_access(path, 0) == 0)
			T_CHECK_EQ(seen[i], 1);
	}
	end();
}

static void
big_directory(void)
{
	enum { MANY = 50000 };
	char path[64];
	long long before;
	int i;

	begin(0, 0);
	before = nodes_free();
	for (i = 0; i < MANY; i++) {
		name_of(path, sizeof(path), i);
		if (rump_sys_mknod(path, RUMP_S_IFIFO | 0600, 0) != 0)
			break;
	}
	T_CHECK_EQ(i, MANY);
	for (i = 0; i < MANY; i += 7) {
		name_of(path, sizeof(path), i);
		if (rump_sys_access(path, 0) != 0)
			break;
	}
	T_CHECK(i >= MANY);
	T_CHECK_ERR(rump_sys_access(MNT "/f-none", 0), RUMP_ENOENT);
	for (i = MANY - 1; i >= 0; i--) {
		name_of(path, sizeof(path), (i * 7919) % MANY);
		if (rump_sys_unlink(path) != 0)
			break;
	}
	T_CHECK_EQ(i, -1);
	T_CHECK_EQ(nodes_free(), before);
	end();
}

static void
removed_directory(void)
{
	char data[1000];
	int fd;

	begin(0, 0);
	rump_sys_mkdir(MNT "/d", 0755);
	fd = rump_sys_open(MNT "/d", RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	T_CHECK_EQ(rump_sys_fchdir(fd), 0);
	T_CHECK_EQ(rump_sys_rmdir(MNT "/d"), 0);
	T_CHECK_ERR(create("x"), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_mkdir("x", 0755), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_access("..", 0), RUMP_ENOENT);
	T_CHECK(rump_sys_getdents(fd, data, sizeof(data)) >= 0);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
	rump_sys_close(fd);
	end();
}

/* --------------------------------------------------------------- attributes */

static void
flags(void)
{
	int fd;

	begin(0, 0);
	fd = create(MNT "/file");
	T_CHECK_EQ(rump_sys_write(fd, "abc", 3), 3);
	T_CHECK_EQ(rump_sys_chflags(MNT "/file", RUMP_UF_IMMUTABLE), 0);
	T_CHECK_EQ(stat_of(MNT "/file").st_flags, RUMP_UF_IMMUTABLE);
	T_CHECK_ERR(rump_sys_open(MNT "/file", RUMP_O_RDWR), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_unlink(MNT "/file"), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_rename(MNT "/file", MNT "/x"), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_link(MNT "/file", MNT "/x"), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_chmod(MNT "/file", 0), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_truncate(MNT "/file", 0), RUMP_EPERM);
	T_CHECK_EQ(rump_sys_chflags(MNT "/file", RUMP_UF_APPEND), 0);
	rump_sys_close(fd);
	T_CHECK_ERR(rump_sys_open(MNT "/file", RUMP_O_RDWR), RUMP_EPERM);
	fd = rump_sys_open(MNT "/file", RUMP_O_RDWR | RUMP_O_APPEND);
	T_CHECK(fd != -1);
	T_CHECK_EQ(rump_sys_write(fd, "d", 1), 1);
	rump_sys_close(fd);
	T_CHECK_EQ(rump_sys_chflags(MNT "/file", 0), 0);
	T_CHECK_EQ(rump_sys_chflags(MNT, RUMP_UF_IMMUTABLE), 0);
	T_CHECK_ERR(create(MNT "/new"), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_unlink(MNT "/file"), RUMP_EPERM);
	T_CHECK_EQ(rump_sys_chflags(MNT, 0), 0);
	T_CHECK_EQ(rump_sys_unlink(MNT "/file"), 0);
	end();
}

/* As somebody without privileges. */
static void
permissions(void)
{

	begin(0, 0);
	T_CHECK_EQ(rump_sys_chmod(MNT, 01777), 0);
	touch(MNT "/roots");
	T_CHECK_EQ(rump_sys_mkdir(MNT "/closed", 0700), 0);
	T_CHECK_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_sys_setgid(100), 0);
	T_CHECK_EQ(rump_sys_setuid(1000), 0);
	touch(MNT "/mine");
	T_CHECK_EQ(stat_of(MNT "/mine").st_uid, 1000);
	T_CHECK_EQ(stat_of(MNT "/mine").st_gid, stat_of(MNT).st_gid);
	T_CHECK_ERR(rump_sys_unlink(MNT "/roots"), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_rename(MNT "/mine", MNT "/roots"), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_open(MNT "/roots", RUMP_O_RDWR), RUMP_EACCES);
	T_CHECK_ERR(rump_sys_chmod(MNT "/roots", 0777), RUMP_EPERM);
	T_CHECK_ERR(rump_sys_access(MNT "/closed/x", 0), RUMP_EACCES);
	T_CHECK_ERR(rump_sys_chown(MNT "/mine", 0, 0), RUMP_EPERM);
	T_CHECK_EQ(rump_sys_chmod(MNT "/mine", 04755), 0);
	T_CHECK_EQ(rump_sys_unlink(MNT "/mine"), 0);
	rump_pub_lwproc_releaselwp();
	end();
}

static bool
later(struct rump_timespec a, struct rump_timespec b)
{

	return a.tv_sec > b.tv_sec ||
	    (a.tv_sec == b.tv_sec && a.tv_nsec >= b.tv_nsec);
}

static void
times(void)
{
	struct rump_stat a, b;
	struct rump_timeval tv[2] = { { .tv_sec = 1000 }, { .tv_sec = 2000 } };
	char c;
	int fd;

	begin(0, 0);
	fd = create(MNT "/file");
	a = stat_of(MNT "/file");
	T_CHECK_EQ(rump_sys_write(fd, "x", 1), 1);
	b = stat_of(MNT "/file");
	T_CHECK(later(b.st_mtim, a.st_mtim) && later(b.st_ctim, a.st_ctim));
	T_CHECK_EQ(rump_sys_utimes(MNT "/file", tv), 0);
	b = stat_of(MNT "/file");
	T_CHECK_EQ(b.st_atim.tv_sec, 1000);
	T_CHECK_EQ(b.st_mtim.tv_sec, 2000);
	T_CHECK(later(b.st_ctim, a.st_ctim));
	T_CHECK_EQ(rump_sys_pread(fd, &c, 1, 0), 1);
	b = stat_of(MNT "/file");
	T_CHECK(b.st_atim.tv_sec > 1000);
	T_CHECK_EQ(b.st_mtim.tv_sec, 2000);
	a = stat_of(MNT);
	touch(MNT "/other");
	b = stat_of(MNT);
	T_CHECK(later(b.st_mtim, a.st_mtim));
	rump_sys_close(fd);
	end();
}

/* --------------------------------------------------------------------- life */

static void
unmounting_in_use(void)
{
	int fd;

	begin(0, 0);
	fd = create(MNT "/file");
	T_CHECK_EQ(rump_sys_write(fd, "x", 1), 1);
	T_CHECK_ERR(rump_sys_unmount(MNT, 0), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_unlink(MNT "/file"), 0);
	T_CHECK_EQ(rump_sys_unmount(MNT, RUMP_MNT_FORCE), 0);
	T_CHECK_EQ(rump_sys_write(fd, "x", 1), -1);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(contents), T(cut_and_grown), T(holes_take_nothing),
		T(allocate_and_discard), T(space_is_exact), T(full_of_data),
		T(too_large), T(full_of_nodes), T(updates), T(senseless_arguments), T(links),
		T(directories_count_links), T(renames_refused), T(long_names),
		T(special_files), T(reading_while_it_changes),
		T(big_directory), T(removed_directory), T(flags),
		T(permissions), T(times), T(unmounting_in_use)
	};

	if (rump_init() != 0 || rump_sys_mkdir(MNT, 0755) != 0)
		return 2;
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
