/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking up paths: links, "..", roots, mounts, trailing slashes, descriptors
 * as directories; and what getcwd says of it all.
 */
#include "vfs.h"

/* getcwd in the working directory. */
static const char *
cwd(void)
{
	static char buf[1024];

	return rump_sys___getcwd(buf, sizeof(buf)) > 0 ? buf : NULL;
}

static void
links(void)
{
	char buf[64], name[16], to[16];
	int i;

	T_ASSERT_EQ(rump_sys_mkdir("/l", 0755), 0);
	T_ASSERT_EQ(rump_sys_chdir("/l"), 0);
	T_ASSERT_EQ(vfs_touch("f"), 0);
	T_CHECK_EQ(rump_sys_symlink("f", "s"), 0);
	T_CHECK_EQ(rump_sys_readlink("s", buf, sizeof(buf)), 1);
	T_CHECK_EQ(rump_sys_symlink("/l/s", "abs"), 0);
	T_CHECK_EQ(rump_sys_access("abs", 0), 0);
	T_CHECK_EQ(rump_sys_symlink("loop", "loop"), 0);
	T_CHECK_ERR(rump_sys_access("loop", 0), RUMP_ELOOP);
	T_CHECK_ERR(rump_sys_open("s", RUMP_O_RDONLY | RUMP_O_NOFOLLOW),
	    RUMP_EFTYPE);
	/* as many links as may be followed, and one more */
	T_CHECK_EQ(rump_sys_symlink("f", "c0"), 0);
	for (i = 1; i < 33; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		snprintf(to, sizeof(to), "c%d", i - 1);
		T_CHECK_EQ(rump_sys_symlink(to, name), 0);
	}
	T_CHECK_EQ(rump_sys_access("c31", 0), 0);
	T_CHECK_ERR(rump_sys_access("c32", 0), RUMP_ELOOP);
	/* a link to what is not there can be opened to make it */
	T_CHECK_EQ(rump_sys_symlink("made", "dangling"), 0);
	T_CHECK_EQ(vfs_touch("dangling"), 0);
	T_CHECK(vfs_exists("made"));
	T_CHECK_ERR(rump_sys_open("dangling", RUMP_O_CREAT | RUMP_O_EXCL |
	    RUMP_O_RDWR, 0644), RUMP_EEXIST);
	T_CHECK_EQ(rump_sys_readlink("dangling", buf, 2), 2);
	T_CHECK_ERR(rump_sys_readlink("f", buf, sizeof(buf)), RUMP_EINVAL);
}

static void
dotdot(void)
{
	struct rump_stat a, b;

	T_ASSERT_EQ(rump_sys_chdir("/"), 0);
	T_CHECK_EQ(rump_sys_stat("/../../..", &a), 0);
	T_CHECK_EQ(rump_sys_stat("/", &b), 0);
	T_CHECK_EQ(a.st_ino, b.st_ino);
	T_ASSERT_EQ(rump_sys_mkdir("/d", 0755), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/d/e", 0755), 0);
	T_CHECK_EQ(rump_sys_stat("/d/e/../../d/./e/..", &a), 0);
	T_CHECK_EQ(rump_sys_stat("/d", &b), 0);
	T_CHECK_EQ(a.st_ino, b.st_ino);
	/* a directory that was removed is nowhere */
	T_ASSERT_EQ(rump_sys_chdir("/d/e"), 0);
	T_CHECK_EQ(rump_sys_rmdir("/d/e"), 0);
	T_CHECK_ERR(rump_sys_access("..", 0), RUMP_ENOENT);
	T_CHECK_ERR(vfs_touch("new"), RUMP_ENOENT);
	T_CHECK(cwd() == NULL);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
	T_CHECK_EQ(rump_sys_rmdir("/d"), 0);
}

static void
slashes(void)
{
	struct rump_stat st;

	T_ASSERT_EQ(rump_sys_mkdir("/sl", 0755), 0);
	T_ASSERT_EQ(rump_sys_chdir("/sl"), 0);
	T_CHECK_EQ(rump_sys_mkdir("new///", 0755), 0);
	T_CHECK_EQ(rump_sys_stat("new/", &st), 0);
	T_CHECK_EQ(rump_sys_stat("//sl///new//.", &st), 0);
	T_ASSERT_EQ(vfs_touch("f"), 0);
	T_CHECK_ERR(rump_sys_stat("f/", &st), RUMP_ENOTDIR);
	T_CHECK_ERR(rump_sys_stat("f/.", &st), RUMP_ENOTDIR);
	T_CHECK_ERR(rump_sys_open("g/", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_ENOENT);
	T_CHECK_EQ(rump_sys_rename("new", "moved/"), 0);
	T_CHECK_ERR(rump_sys_rename("f", "file/"), RUMP_ENOENT);
	T_CHECK_EQ(rump_sys_symlink("moved", "s"), 0);
	T_CHECK_EQ(rump_sys_lstat("s/", &st), 0);
	T_CHECK_EQ(st.st_mode & RUMP_S_IFMT, RUMP_S_IFDIR);
	T_CHECK_ERR(rump_sys_access("", 0), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_mkdir("/", 0755), RUMP_EEXIST);
	T_CHECK_ERR(rump_sys_rmdir("/"), RUMP_EBUSY);
	T_CHECK_ERR(rump_sys_unlink("/"), RUMP_EBUSY);
	T_CHECK_ERR(rump_sys_rename("/", "x"), RUMP_EBUSY);
	T_CHECK_ERR(rump_sys_rmdir("."), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_rename(".", "x"), RUMP_EINVAL);
}

static void
roots(void)
{
	struct rump_stat a, b;

	T_ASSERT_EQ(rump_sys_mkdir("/r", 0755), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/r/in", 0755), 0);
	T_ASSERT_EQ(rump_sys_symlink("/in", "/r/abs"), 0);
	T_ASSERT_EQ(rump_sys_stat("/r", &a), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_ASSERT_EQ(rump_sys_chroot("/r"), 0);
	/* the working directory was outside: it is the new root now */
	T_CHECK_STR(cwd(), "/");
	T_CHECK_EQ(rump_sys_stat("/..", &b), 0);
	T_CHECK_EQ(a.st_ino, b.st_ino);
	T_CHECK_EQ(rump_sys_stat("../../../..", &b), 0);
	T_CHECK_EQ(a.st_ino, b.st_ino);
	T_CHECK_EQ(rump_sys_chdir("abs"), 0);
	T_CHECK_STR(cwd(), "/in");
	T_CHECK_ERR(rump_sys_access("/r", 0), RUMP_ENOENT);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys_access("/r", 0), 0);
}

static void
mounts(void)
{
	struct rump_stat a, b;

	T_ASSERT_EQ(rump_sys_mkdir("/m", 0755), 0);
	T_ASSERT_EQ(rump_sys_stat("/m", &a), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/m", 0), 0);
	T_CHECK_EQ(rump_sys_stat("/m", &b), 0);
	T_CHECK(a.st_dev != b.st_dev);
	T_CHECK_EQ(rump_sys_mkdir("/m/sub", 0755), 0);
	T_CHECK_EQ(vfs_mount_tmpfs("/m/sub", 0), 0);
	T_CHECK_EQ(rump_sys_mkdir("/m/sub/deep", 0755), 0);
	T_CHECK_EQ(rump_sys_chdir("/m/sub/deep"), 0);
	T_CHECK_STR(cwd(), "/m/sub/deep");
	T_CHECK_EQ(rump_sys_stat("../..", &a), 0);
	T_CHECK_EQ(a.st_ino, b.st_ino);
	T_CHECK_EQ(rump_sys_chdir("../../.."), 0);
	T_CHECK_STR(cwd(), "/");
	/* mount points are not to be moved or removed */
	T_CHECK_ERR(rump_sys_rmdir("/m"), RUMP_EBUSY);
	T_CHECK_ERR(rump_sys_rename("/m", "/n"), RUMP_EBUSY);
	T_CHECK_ERR(rump_sys_rename("/m/sub", "/m/other"), RUMP_EBUSY);
	T_CHECK_EQ(vfs_touch("/m/file"), 0);
	T_CHECK_ERR(rump_sys_rename("/m/file", "/file"), RUMP_EXDEV);
	T_CHECK_ERR(rump_sys_link("/m/file", "/file"), RUMP_EXDEV);
	T_CHECK_EQ(rump_sys_unmount("/m/sub", 0), 0);
	T_CHECK_ERR(rump_sys_access("/m/sub/deep", 0), RUMP_ENOENT);
	T_CHECK_EQ(rump_sys_unmount("/m", 0), 0);
	T_CHECK_ERR(rump_sys_access("/m/sub", 0), RUMP_ENOENT);
}

static void
at_descriptors(void)
{
	struct rump_stat st;
	char buf[8];
	int d, f;

	T_ASSERT_EQ(rump_sys_mkdir("/at", 0755), 0);
	d = rump_sys_open("/at", RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	T_ASSERT(d != -1);
	T_CHECK_EQ(rump_sys_mkdirat(d, "sub", 0755), 0);
	f = rump_sys_openat(d, "sub/f", RUMP_O_CREAT | RUMP_O_RDWR, 0644);
	T_CHECK(f != -1);
	T_CHECK_EQ(rump_sys_symlinkat("sub/f", d, "s"), 0);
	T_CHECK_EQ(rump_sys_readlinkat(d, "s", buf, sizeof(buf)), 5);
	T_CHECK_EQ(rump_sys_fstatat(d, "s", &st, RUMP_AT_SYMLINK_NOFOLLOW), 0);
	T_CHECK_EQ(st.st_mode & RUMP_S_IFMT, RUMP_S_IFLNK);
	T_CHECK_EQ(rump_sys_linkat(d, "sub/f", d, "hard", 0), 0);
	T_CHECK_EQ(rump_sys_renameat(d, "hard", d, "sub/hard"), 0);
	T_CHECK_EQ(rump_sys_faccessat(d, "sub/hard", 0, 0), 0);
	T_CHECK_EQ(rump_sys_unlinkat(d, "sub/hard", 0), 0);
	T_CHECK_EQ(rump_sys_mkfifoat(d, "p", 0644), 0);
	T_CHECK_EQ(rump_sys_fchmodat(d, "p", 0600, 0), 0);
	T_CHECK_ERR(rump_sys_unlinkat(d, "sub", RUMP_AT_REMOVEDIR),
	    RUMP_ENOTEMPTY);
	/* a descriptor that is no directory; none; one that does not matter */
	T_CHECK_ERR(rump_sys_openat(f, "x", RUMP_O_RDONLY), RUMP_ENOTDIR);
	T_CHECK_ERR(rump_sys_openat(77, "x", RUMP_O_RDONLY), RUMP_EBADF);
	T_CHECK_EQ(rump_sys_faccessat(77, "/at", 0, 0), 0);
	T_CHECK_EQ(rump_sys_fchdir(d), 0);
	T_CHECK_STR(cwd(), "/at");
	T_CHECK_ERR(rump_sys_fchdir(f), RUMP_ENOTDIR);
	T_CHECK_EQ(rump_sys_access("sub/f", 0), 0);
	rump_sys_close(d);
	rump_sys_close(f);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
}

/* Names as long as may be, and paths. */
static void
lengths(void)
{
	char path[1100];
	int i;

	T_ASSERT_EQ(rump_sys_mkdir("/len", 0755), 0);
	T_ASSERT_EQ(rump_sys_chdir("/len"), 0);
	memset(path, 'n', 255);
	path[255] = '\0';
	T_CHECK_EQ(rump_sys_mkdir(path, 0755), 0);
	T_CHECK_EQ(rump_sys_access(path, 0), 0);
	path[255] = 'n';
	path[256] = '\0';
	T_CHECK_ERR(rump_sys_mkdir(path, 0755), RUMP_ENAMETOOLONG);
	/* a working directory whose path is longer than a path may be */
	for (i = 0; i < 8; i++) {
		path[200] = '\0';
		T_CHECK_EQ(rump_sys_mkdir(path, 0755), 0);
		T_CHECK_EQ(rump_sys_chdir(path), 0);
	}
	T_CHECK(cwd() == NULL);
	T_CHECK_EQ(errno, RUMP_ERANGE);
	memset(path, '/', sizeof(path));
	path[1023] = '\0';
	T_CHECK_EQ(rump_sys_access(path, 0), 0);
	path[1023] = '/';
	path[1024] = '\0';
	T_CHECK_ERR(rump_sys_access(path, 0), RUMP_ENAMETOOLONG);
	T_CHECK_EQ(rump_sys_chdir("/"), 0);
}

/* The way there must be searchable, for whoever is not the superuser. */
static void
permission(void)
{
	T_ASSERT_EQ(rump_sys_mkdir("/p", 0700), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/p/q", 0755), 0);
	T_ASSERT_EQ(rump_sys_chmod("/p/q", 0777), 0);
	T_ASSERT_EQ(vfs_touch("/p/q/f"), 0);
	/* known to the name cache */
	T_CHECK_EQ(rump_sys_access("/p/q/f", 0), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_sys_setuid(100), 0);
	T_CHECK_ERR(rump_sys_access("/p/q/f", 0), RUMP_EACCES);
	T_CHECK_ERR(rump_sys_chdir("/p"), RUMP_EACCES);
	rump_pub_lwproc_releaselwp();
	T_CHECK_EQ(rump_sys_chmod("/p", 0711), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_sys_setuid(100), 0);
	T_CHECK_EQ(rump_sys_access("/p/q/f", 0), 0);
	T_CHECK_ERR(vfs_touch("/p/new"), RUMP_EACCES);
	T_CHECK_EQ(vfs_touch("/p/q/new"), 0);
	T_CHECK_ERR(rump_sys_chroot("/p/q"), RUMP_EPERM);
	rump_pub_lwproc_releaselwp();
}

/* What cannot be passed, or is passed over, on the way. */
static void
odd_objects(void)
{
	struct rump_stat st;

	T_ASSERT_EQ(rump_sys_mkfifo("/fifo", 0644), 0);
	T_CHECK_ERR(rump_sys_stat("/fifo/x", &st), RUMP_ENOTDIR);
	T_CHECK_ERR(rump_sys_stat("/fifo/..", &st), RUMP_ENOTDIR);
	T_CHECK_EQ(rump_sys_mknod("/null", RUMP_S_IFCHR | 0666, 0x202), 0);
	T_CHECK_ERR(rump_sys_stat("/null/x", &st), RUMP_ENOTDIR);
	T_CHECK_EQ(rump_sys_stat("/null", &st), 0);
	T_CHECK_EQ(st.st_rdev, 0x202);
	T_CHECK_EQ(rump_sys_unlink("/null"), 0);
	T_CHECK_EQ(rump_sys_unlink("/fifo"), 0);
	T_CHECK_ERR(rump_sys_mknod("/bad", RUMP_S_IFDIR | 0755, 0), RUMP_EINVAL);
}

VFS_MAIN(T(links), T(dotdot), T(slashes), T(roots), T(mounts),
    T(at_descriptors), T(lengths), T(permission), T(odd_objects))
