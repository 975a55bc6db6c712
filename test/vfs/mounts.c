/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mounting and unmounting: what keeps a file system from being unmounted, what
 * is left to those who used one that was unmounted by force, what statvfs and
 * getvfsstat say, and how much is left over after many.
 */
#include "vfs.h"

static void
begin(void)
{

	if (!vfs_exists("/mnt"))
		T_ASSERT_EQ(rump_sys_mkdir("/mnt", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/mnt", 0), 0);
}

static void
refused(void)
{
	struct rump_tmpfs_args args = {
		.ta_version = RUMP_TMPFS_ARGS_VERSION,
	};

	T_ASSERT_EQ(rump_sys_mkdir("/ref", 0755), 0);
	T_CHECK_ERR(rump_sys_mount("nonesuch", "/ref", 0, &args, sizeof(args)),
	    RUMP_ENODEV);
	T_CHECK_ERR(vfs_mount_tmpfs("/none", 0), RUMP_ENOENT);
	T_ASSERT_EQ(vfs_touch("/reffile"), 0);
	T_CHECK_ERR(vfs_mount_tmpfs("/reffile", 0), RUMP_ENOTDIR);
	T_CHECK_ERR(rump_sys_mount("tmpfs", "/ref", 0, NULL, 0), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_mount("tmpfs", "/ref", 0, &args, 100000),
	    RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_mount("tmpfs", "/ref", RUMP_MNT_UPDATE, &args,
	    sizeof(args)), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_unmount("/ref", 0), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_unmount("/", 0), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_unmount("/none", 0), RUMP_ENOENT);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_sys_setuid(100), 0);
	T_CHECK_ERR(vfs_mount_tmpfs("/ref", 0), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
}

static void
in_use(void)
{
	int fd;

	begin();
	fd = rump_sys_open("/mnt/f", RUMP_O_CREAT | RUMP_O_RDWR, 0644);
	T_ASSERT(fd != -1);
	T_CHECK_ERR(rump_sys_unmount("/mnt", 0), RUMP_EBUSY);
	/* nothing of it was hurt */
	T_CHECK_EQ(rump_sys_write(fd, "abc", 3), 3);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_access("/mnt/f", 0), 0);
	T_ASSERT_EQ(rump_sys_chdir("/mnt"), 0);
	T_CHECK_ERR(rump_sys_unmount("/mnt", 0), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
	T_CHECK_EQ(rump_sys_mkdir("/mnt/sub", 0755), 0);
	T_CHECK_EQ(vfs_mount_tmpfs("/mnt/sub", 0), 0);
	T_CHECK_ERR(rump_sys_unmount("/mnt", 0), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_unmount("/mnt/sub", 0), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

static void
by_force(void)
{
	struct rump_stat st;
	char buf[64];
	int fd, dir;

	begin();
	fd = rump_sys_open("/mnt/f", RUMP_O_CREAT | RUMP_O_RDWR, 0644);
	dir = rump_sys_open("/mnt", RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	T_ASSERT(fd != -1 && dir != -1);
	T_CHECK_EQ(rump_sys_write(fd, "abc", 3), 3);
	T_CHECK_EQ(rump_sys_mkdir("/mnt/d", 0755), 0);
	T_ASSERT_EQ(rump_sys_chdir("/mnt/d"), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", RUMP_MNT_FORCE), 0);
	/* a dead file, and a dead working directory */
	T_CHECK_ERR(rump_sys_read(fd, buf, 3), RUMP_EIO);
	T_CHECK_ERR(rump_sys_write(fd, buf, 3), RUMP_EIO);
	T_CHECK_ERR(rump_sys_fstat(fd, &st), RUMP_EBADF);
	T_CHECK_ERR(rump_sys_access("x", 0), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_open("x", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_ENOENT);
	T_CHECK(rump_sys___getcwd(buf, sizeof(buf)) == -1);
	T_CHECK_ERR(rump_sys_openat(dir, "f", RUMP_O_RDONLY), RUMP_ENOTDIR);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_close(dir), 0);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
	/* the place is free again */
	begin();
	T_CHECK_ERR(rump_sys_access("/mnt/f", 0), RUMP_ENOENT);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

/* A device outlives the file system that its node was in. */
static void
device_outlives(void)
{
	struct rump_stat st;
	int fd;

	begin();
	T_CHECK_EQ(rump_sys_mknod("/mnt/zero", RUMP_S_IFCHR | 0666,
	    (2 << 8) | 12), 0);
	fd = rump_sys_open("/mnt/zero", RUMP_O_RDWR);
	if (fd == -1) {
		/* no such driver linked */
		T_CHECK_EQ(errno, RUMP_ENXIO);
		T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
		return;
	}
	T_CHECK_ERR(rump_sys_unmount("/mnt", 0), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_unmount("/mnt", RUMP_MNT_FORCE), 0);
	T_CHECK_EQ(rump_sys_write(fd, "x", 1), 1);
	T_CHECK_EQ(rump_sys_fstat(fd, &st), -1);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

static void
covered_processes_move(void)
{
	char buf[64];

	T_ASSERT_EQ(rump_sys_mkdir("/cov", 0755), 0);
	T_ASSERT_EQ(vfs_touch("/cov/below"), 0);
	T_ASSERT_EQ(rump_sys_chdir("/cov"), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/cov", 0), 0);
	T_CHECK_ERR(rump_sys_access("below", 0), RUMP_ENOENT);
	T_CHECK(rump_sys___getcwd(buf, sizeof(buf)) > 0);
	T_CHECK_STR(buf, "/cov");
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
	T_CHECK_EQ(rump_sys_unmount("/cov", 0), 0);
	T_CHECK_EQ(rump_sys_access("/cov/below", 0), 0);
}

static void
statistics(void)
{
	struct rump_statvfs sv, all[8];
	int fd, n, i, seen = 0;

	begin();
	T_CHECK_EQ(rump_sys_statvfs1("/mnt", &sv, 0), 0);
	T_CHECK_STR(sv.f_fstypename, "tmpfs");
	T_CHECK_STR(sv.f_mntonname, "/mnt");
	T_CHECK_EQ(sv.f_namemax, 255);
	n = rump_sys_getvfsstat(NULL, 0, RUMP_ST_WAIT);
	T_CHECK(n >= 2 && n < 8);
	T_CHECK_EQ(rump_sys_getvfsstat(all, sizeof(all), RUMP_ST_NOWAIT), n);
	for (i = 0; i < n; i++)
		seen += strcmp(all[i].f_mntonname, "/mnt") == 0;
	T_CHECK_EQ(seen, 1);
	T_CHECK_STR(all[0].f_mntonname, "/");
	fd = rump_sys_open("/mnt", RUMP_O_RDONLY);
	T_CHECK_EQ(rump_sys_fstatvfs1(fd, &sv, 0), 0);
	T_CHECK_STR(sv.f_mntonname, "/mnt");
	rump_sys_close(fd);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(rump_sys_getvfsstat(NULL, 0, RUMP_ST_NOWAIT), n - 1);
	rump_sys_sync();
}

static void
read_only(void)
{
	int fd;

	begin();
	T_CHECK_EQ(vfs_touch("/mnt/f"), 0);
	T_CHECK_EQ(rump_sys_symlink("f", "/mnt/s"), 0);
	T_CHECK_EQ(vfs_mount_tmpfs("/mnt", RUMP_MNT_UPDATE | RUMP_MNT_RDONLY),
	    0);
	T_CHECK_ERR(rump_sys_open("/mnt/new", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_EROFS);
	T_CHECK_ERR(rump_sys_open("/mnt/f", RUMP_O_RDWR), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_unlink("/mnt/f"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_mkdir("/mnt/d", 0755), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_rename("/mnt/f", "/mnt/g"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_chmod("/mnt/f", 0600), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_truncate("/mnt/f", 0), RUMP_EROFS);
	fd = rump_sys_open("/mnt/f", RUMP_O_RDONLY);
	T_CHECK(fd != -1);
	rump_sys_close(fd);
	T_CHECK_EQ(vfs_mount_tmpfs("/mnt", RUMP_MNT_UPDATE), 0);
	T_CHECK_EQ(rump_sys_unlink("/mnt/f"), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

static void
union_mount(void)
{
	struct rump_dirent *d;
	char buf[2048];
	int fd, n, at, below = 0, above = 0;

	if (!vfs_exists("/un"))
		T_ASSERT_EQ(rump_sys_mkdir("/un", 0755), 0);
	T_ASSERT_EQ(vfs_touch("/un/below"), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/un", RUMP_MNT_UNION), 0);
	T_CHECK_EQ(vfs_touch("/un/above"), 0);
	T_CHECK_EQ(rump_sys_access("/un/below", 0), 0);
	T_CHECK_ERR(rump_sys_access("/un/none", 0), RUMP_ENOENT);
	fd = rump_sys_open("/un", RUMP_O_RDONLY);
	T_ASSERT(fd != -1);
	while ((n = rump_sys_getdents(fd, buf, sizeof(buf))) > 0) {
		for (at = 0; at < n; at += d->d_reclen) {
			d = (void *)(buf + at);
			below += strcmp(d->d_name, "below") == 0;
			above += strcmp(d->d_name, "above") == 0;
		}
	}
	T_CHECK_EQ(n, 0);
	T_CHECK_EQ(below, 1);
	T_CHECK_EQ(above, 1);
	rump_sys_close(fd);
	T_CHECK_EQ(rump_sys_unmount("/un", 0), 0);
	T_CHECK_ERR(rump_sys_access("/un/above", 0), RUMP_ENOENT);
}

/* Many mounts, and one after the other. */
static void
many(void)
{
	char path[32];
	int i;

	for (i = 0; i < 200; i++) {
		snprintf(path, sizeof(path), "/many%d", i % 40);
		if (!vfs_exists(path))
			T_ASSERT_EQ(rump_sys_mkdir(path, 0755), 0);
		if (i >= 40)
			T_ASSERT_EQ(rump_sys_unmount(path, 0), 0);
		T_ASSERT_EQ(vfs_mount_tmpfs(path, 0), 0);
		T_ASSERT_EQ(rump_sys_chdir(path), 0);
		T_ASSERT_EQ(vfs_touch("f"), 0);
		T_ASSERT_EQ(rump_sys_chdir("/"), 0);
	}
	for (i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "/many%d", i);
		T_CHECK_EQ(rump_sys_unmount(path, 0), 0);
		T_CHECK_EQ(rump_sys_rmdir(path), 0);
	}
	T_CHECK_EQ(rump_sys_getvfsstat(NULL, 0, RUMP_ST_NOWAIT), 1);
}

/* One on top of the other. */
static void
stacked(void)
{
	int i;

	for (i = 0; i < 10; i++)
		begin();
	for (i = 0; i < 10; i++)
		T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_ERR(rump_sys_unmount("/mnt", 0), RUMP_EINVAL);
}

static int
mount_rumpfs(const char *dir, int flags)
{

	return rump_sys_mount("rumpfs", dir, flags, NULL, 0);
}

/* rumpfs is not only the root: each mount has a tree of its own. */
static void
rumpfs(void)
{
	struct rump_stat st;
	char path[32], fh[64];
	size_t size = sizeof(fh);
	int i, fd;

	T_ASSERT_EQ(rump_sys_mkdir("/rfs", 0755), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/rfs2", 0755), 0);
	T_ASSERT_EQ(mount_rumpfs("/rfs", 0), 0);
	T_ASSERT_EQ(mount_rumpfs("/rfs2", 0), 0);
	T_CHECK_ERR(rump_sys_access("/rfs/dev", 0), RUMP_ENOENT);
	T_CHECK_EQ(rump_sys_mkdir("/rfs/a", 0755), 0);
	T_CHECK_EQ(rump_sys_mkdir("/rfs/a/b", 0755), 0);
	T_CHECK_EQ(vfs_write_file("/rfs/a/b/f", "abc", 3), 0);
	T_CHECK_EQ(rump_sys_link("/rfs/a/b/f", "/rfs/f"), 0);
	T_CHECK_EQ(rump_sys_symlink("f", "/rfs/s"), 0);
	for (i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "/rfs/a/%d", i);
		T_CHECK_EQ(vfs_touch(path), 0);
	}
	T_CHECK_ERR(rump_sys_access("/rfs2/a", 0), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_rename("/rfs/a", "/rfs2/a"), RUMP_EXDEV);
	T_CHECK_EQ(rump_sys_stat("/rfs/..", &st), 0);
	T_CHECK_EQ(rump_sys_getfh("/rfs/f", fh, &size), 0);
	/* the file system of a handle is in it, so this can only be /rfs's */
	fd = rump_sys_fhopen(fh, size, RUMP_O_RDONLY);
	T_CHECK(fd != -1);
	T_CHECK_ERR(rump_sys_unmount("/rfs", 0), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(mount_rumpfs("/rfs", RUMP_MNT_UPDATE | RUMP_MNT_RDONLY), 0);
	T_CHECK_ERR(vfs_touch("/rfs/new"), RUMP_EROFS);
	T_CHECK_ERR(mount_rumpfs("/", RUMP_MNT_UPDATE | RUMP_MNT_RDONLY),
	    RUMP_EOPNOTSUPP);
	T_CHECK_EQ(rump_sys_unmount("/rfs", 0), 0);
	T_CHECK_ERR(rump_sys_access("/rfs/a", 0), RUMP_ENOENT);
	/* a file that is open, one without a name, and by force */
	fd = rump_sys_open("/rfs2/gone", RUMP_O_RDWR | RUMP_O_CREAT, 0600);
	T_CHECK_EQ(rump_sys_unlink("/rfs2/gone"), 0);
	T_CHECK_EQ(rump_sys_mkdir("/rfs2/d", 0755), 0);
	T_CHECK_EQ(rump_sys_chdir("/rfs2/d"), 0);
	T_CHECK_EQ(rump_sys_rmdir("/rfs2/d"), 0);
	T_CHECK_ERR(rump_sys_unmount("/rfs2", 0), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_unmount("/rfs2", RUMP_MNT_FORCE), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
}

VFS_MAIN(T(rumpfs), T(refused), T(in_use), T(by_force), T(device_outlives),
    T(covered_processes_move), T(statistics), T(read_only), T(union_mount),
    T(stacked), T(many))
