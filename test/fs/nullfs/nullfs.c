/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tree in a second place: what is done in one is seen in the other, except
 * what a read-only mount refuses; and who uses it keeps it, but not by force.
 */
#include "null.h"

static int
has(const char *path, const char *text)
{
	char buf[32];
	ssize_t n;
	int fd;

	if ((fd = rump_sys_open(path, RUMP_O_RDONLY)) == -1)
		return 0;
	n = rump_sys_read(fd, buf, sizeof(buf));
	rump_sys_close(fd);
	return n == (ssize_t)strlen(text) && memcmp(buf, text, (size_t)n) == 0;
}

static void
one_tree(void)
{
	struct rump_stat up, low;
	struct rump_statvfs sv;
	int fd;

	T_ASSERT_EQ(begin(0), 0);
	T_CHECK_EQ(vfs_write_file("/low/a", "below", 5), 0);
	T_CHECK(has("/up/a", "below"));
	T_CHECK_EQ(rump_sys_mkdir("/up/d", 0755), 0);
	T_CHECK_EQ(vfs_write_file("/up/d/b", "above", 5), 0);
	T_CHECK(has("/low/d/b", "above"));
	T_CHECK_EQ(rump_sys_rename("/up/d/b", "/up/a"), 0);
	T_CHECK(has("/low/a", "above"));
	T_CHECK_EQ(rump_sys_link("/up/a", "/up/d/hard"), 0);
	T_CHECK_EQ(rump_sys_symlink("d/hard", "/up/soft"), 0);
	T_CHECK(has("/low/soft", "above"));
	T_CHECK_EQ(rump_sys_stat("/up/a", &up), 0);
	T_CHECK_EQ(rump_sys_stat("/low/a", &low), 0);
	T_CHECK_EQ(up.st_ino, low.st_ino);
	T_CHECK_EQ(up.st_nlink, 2);
	T_CHECK(up.st_dev != low.st_dev);
	T_CHECK_ERR(rump_sys_link("/up/a", "/low/other"), RUMP_EXDEV);
	T_CHECK_ERR(rump_sys_rename("/up/a", "/low/other"), RUMP_EXDEV);
	T_CHECK_EQ(rump_sys_mkfifo("/up/fifo", 0600), 0);
	T_CHECK_EQ(rump_sys_stat("/low/fifo", &low), 0);
	T_CHECK_EQ(low.st_mode & RUMP_S_IFMT, RUMP_S_IFIFO);
	/* the same open file, by way of both */
	fd = rump_sys_open("/up/a", RUMP_O_RDWR | RUMP_O_APPEND);
	T_CHECK_EQ(rump_sys_write(fd, "!", 1), 1);
	T_CHECK_EQ(rump_sys_ftruncate(fd, 6), 0);
	T_CHECK(has("/low/a", "above!"));
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_statvfs1("/up", &sv, 0), 0);
	T_CHECK_STR(sv.f_fstypename, "null");
	T_CHECK_STR(sv.f_mntonname, "/up");
	T_CHECK_STR(sv.f_mntfromname, "/low");
	T_CHECK_EQ(rump_sys_chdir("/up/d"), 0);
	T_CHECK_EQ(rump_sys_access("../a", 0), 0);
	T_CHECK_EQ(rump_sys_access("../../low", 0), 0);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
	end();
}

static void
read_only(void)
{
	struct rump_timespec ts[2] = { { 1, 0 }, { 2, 0 } };

	T_ASSERT_EQ(begin(RUMP_MNT_RDONLY), 0);
	T_CHECK_EQ(vfs_write_file("/low/f", "abc", 3), 0);
	T_CHECK_EQ(rump_sys_mkdir("/low/d", 0755), 0);
	T_CHECK(has("/up/f", "abc"));
	T_CHECK_ERR(vfs_touch("/up/new"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_open("/up/f", RUMP_O_RDWR), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_unlink("/up/f"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_rmdir("/up/d"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_mkdir("/up/e", 0755), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_symlink("x", "/up/s"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_link("/up/f", "/up/g"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_rename("/up/f", "/up/g"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_chmod("/up/f", 0600), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_chown("/up/f", 1, 1), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_truncate("/up/f", 0), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_utimensat(RUMP_AT_FDCWD, "/up/f", ts, 0),
	    RUMP_EROFS);
	T_CHECK_ERR(rump_sys_access("/up/f", 2), RUMP_EROFS);
	/* only there */
	T_CHECK_EQ(rump_sys_chmod("/low/f", 0600), 0);
	T_CHECK_EQ(rump_sys_unlink("/low/f"), 0);
	T_CHECK_ERR(rump_sys_access("/up/f", 0), RUMP_ENOENT);
	end();
}

static void
refused(void)
{

	T_ASSERT_EQ(begin(0), 0);
	T_CHECK_EQ(vfs_touch("/low/f"), 0);
	T_CHECK_EQ(rump_sys_mkdir("/m", 0755), 0);
	T_CHECK_ERR(mount_null("/low/none", "/m", 0), RUMP_ENOENT);
	T_CHECK_ERR(mount_null("/low/f", "/m", 0), RUMP_ENOTDIR);
	T_CHECK_ERR(mount_null(NULL, "/m", 0), RUMP_EFAULT);
	T_CHECK_ERR(mount_null("/low", "/up", RUMP_MNT_UPDATE),
	    RUMP_EOPNOTSUPP);
	T_CHECK_ERR(rump_sys_unmount("/m", 0), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_rmdir("/m"), 0);
	end();
}

/* One over the other, and over a tree of several file systems. */
static void
towers(void)
{
	char path[40], over[40];
	int i;

	T_ASSERT_EQ(begin(0), 0);
	T_CHECK_EQ(vfs_write_file("/low/f", "deep", 4), 0);
	for (i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "/n%d", i);
		snprintf(over, sizeof(over), i == 0 ? "/up" : "/n%d", i - 1);
		T_ASSERT_EQ(rump_sys_mkdir(path, 0755), 0);
		T_ASSERT_EQ(mount_null(over, path, 0), 0);
	}
	T_CHECK(has("/n7/f", "deep"));
	T_CHECK_EQ(vfs_write_file("/n7/g", "deeper", 6), 0);
	T_CHECK(has("/low/g", "deeper"));
	T_CHECK_ERR(rump_sys_unmount("/n3", 0), RUMP_EBUSY);
	while (i-- > 0) {
		snprintf(path, sizeof(path), "/n%d", i);
		T_CHECK_EQ(rump_sys_unmount(path, 0), 0);
		T_CHECK_EQ(rump_sys_rmdir(path), 0);
	}
	end();
}

/* What is removed through the layer gives its room back. */
static void
removed(void)
{
	static char data[65536];
	struct rump_statvfs before, after;
	int fd;

	T_ASSERT_EQ(begin(0), 0);
	T_CHECK_EQ(rump_sys_statvfs1("/low", &before, RUMP_ST_WAIT), 0);
	fd = rump_sys_open("/up/f", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_CHECK_EQ(rump_sys_write(fd, data, sizeof(data)), sizeof(data));
	T_CHECK_EQ(rump_sys_unlink("/up/f"), 0);
	T_CHECK_EQ(rump_sys_pread(fd, data, 10, 0), 10);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(vfs_write_file("/up/g", data, sizeof(data)), 0);
	T_CHECK_EQ(vfs_touch("/up/h"), 0);
	T_CHECK_EQ(rump_sys_rename("/up/h", "/up/g"), 0);
	T_CHECK_EQ(rump_sys_unlink("/up/g"), 0);
	T_CHECK_EQ(rump_sys_statvfs1("/low", &after, RUMP_ST_WAIT), 0);
	T_CHECK_EQ(after.f_ffree, before.f_ffree);
	end();
}

static void
locks_and_handles(void)
{
	char handle[128];
	size_t size = sizeof(handle);
	int up, low;

	T_ASSERT_EQ(begin(0), 0);
	T_CHECK_EQ(vfs_write_file("/low/f", "text", 4), 0);
	up = rump_sys_open("/up/f", RUMP_O_RDWR);
	low = rump_sys_open("/low/f", RUMP_O_RDWR);
	T_CHECK_EQ(rump_sys_flock(up, RUMP_LOCK_EX), 0);
	T_CHECK_ERR(rump_sys_flock(low, RUMP_LOCK_EX | RUMP_LOCK_NB),
	    RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_close(up), 0);
	T_CHECK_EQ(rump_sys_flock(low, RUMP_LOCK_EX | RUMP_LOCK_NB), 0);
	T_CHECK_EQ(rump_sys_close(low), 0);
	T_CHECK_EQ(rump_sys_getfh("/up/f", handle, &size), 0);
	up = rump_sys_fhopen(handle, size, RUMP_O_RDONLY);
	T_CHECK(up != -1);
	T_CHECK_EQ(rump_sys_read(up, handle, 4), 4);
	T_CHECK_EQ(rump_sys_close(up), 0);
	end();
}

/* Who writes above keeps what is below from becoming read-only. */
static void
writers(void)
{
	int fd;

	T_ASSERT_EQ(begin(0), 0);
	fd = rump_sys_open("/up/f", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_CHECK_ERR(vfs_mount_tmpfs("/low", RUMP_MNT_UPDATE | RUMP_MNT_RDONLY),
	    RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(vfs_mount_tmpfs("/low", RUMP_MNT_UPDATE | RUMP_MNT_RDONLY),
	    0);
	T_CHECK_ERR(vfs_touch("/up/g"), RUMP_EROFS);
	T_CHECK_EQ(vfs_mount_tmpfs("/low", RUMP_MNT_UPDATE), 0);
	end();
}

static void
by_force(void)
{
	char buf[8];
	int fd, i;

	for (i = 0; i < 2; i++) {
		T_ASSERT_EQ(begin(0), 0);
		fd = rump_sys_open("/up/f", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
		T_CHECK_EQ(rump_sys_write(fd, "abc", 3), 3);
		T_CHECK_EQ(rump_sys_mkdir("/up/d", 0755), 0);
		T_CHECK_EQ(rump_sys_chdir("/up/d"), 0);
		T_CHECK_ERR(rump_sys_unmount("/up", 0), RUMP_EBUSY);
		T_CHECK_ERR(rump_sys_unmount("/low", 0), RUMP_EBUSY);
		/* the layer, or what is below it first */
		if (i == 1)
			T_CHECK_EQ(rump_sys_unmount("/low", RUMP_MNT_FORCE), 0);
		T_CHECK_EQ(rump_sys_unmount("/up", RUMP_MNT_FORCE), 0);
		T_CHECK_ERR(rump_sys_read(fd, buf, 3), RUMP_EIO);
		T_CHECK_EQ(rump_sys_close(fd), 0);
		T_CHECK_EQ(rump_sys_chdir("/"), 0);
		if (i == 1)
			continue;
		T_CHECK(has("/low/f", "abc"));
		/* no writer is left */
		T_CHECK_EQ(vfs_mount_tmpfs("/low", RUMP_MNT_UPDATE |
		    RUMP_MNT_RDONLY), 0);
		T_CHECK_EQ(rump_sys_unmount("/low", 0), 0);
	}
}

VFS_MAIN(T(one_tree), T(read_only), T(refused), T(towers), T(removed),
    T(locks_and_handles), T(writers), T(by_force))
