/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * etfs: files of the host in the root file system: every type, windows, what is
 * refused, and that disks tell their size.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "../t.h"

#define SECTOR	512
#define BYTES	(64 * 1024)

static char dir[64], path[128];
static char image[BYTES], back[BYTES];

static const char *
host(const char *name)
{

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
host_write(const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(host(name), "w");

	T_ASSERT(f != NULL);
	T_CHECK_EQ(fwrite(bytes, 1, n, f), n);
	T_CHECK_EQ(fclose(f), 0);
}

static long
host_read(const char *name, void *bytes, size_t n)
{
	FILE *f = fopen(host(name), "r");
	long got;

	if (f == NULL)
		return -1;
	got = (long)fread(bytes, 1, n, f);
	fclose(f);
	return got;
}

/* Known at boot. */
static struct rump_boot_etfs early = {
	.eb_key = "/early/bird", .eb_type = RUMP_ETFS_REG,
	.eb_size = RUMP_ETFS_SIZE_ENDOFF
};
static struct rump_boot_etfs missing = {
	.eb_key = "/nothing", .eb_hostpath = "/nonexistent/file",
	.eb_type = RUMP_ETFS_BLK, .eb_size = RUMP_ETFS_SIZE_ENDOFF
};

static void
set_up(void)
{
	static char bird[128];
	static int done;

	if (done++)
		return;
	strcpy(dir, "/tmp/haunch-etfs.XXXXXX");
	T_ASSERT(mkdtemp(dir) != NULL);
	for (int i = 0; i < BYTES; i++)
		image[i] = (char)(i / SECTOR + i);
	host_write("worm", "early", 5);
	strcpy(bird, host("worm"));
	early.eb_hostpath = bird;
	rump_boot_etfs_register(&early);
	rump_boot_etfs_register(&missing);
	rump_boot_etfs_register(&early);
	T_ASSERT_EQ(rump_init(), 0);
}

static void
at_boot(void)
{
	int fd;

	set_up();
	T_CHECK_EQ(early.eb_status, 0);
	T_CHECK_EQ(missing.eb_status, RUMP_ENOENT);
	fd = rump_sys_open("/early/bird", RUMP_O_RDONLY);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_read(fd, back, 100), 5);
	T_CHECK(memcmp(back, "early", 5) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

static void
refused(void)
{

	set_up();
	host_write("file", image, BYTES);
	T_CHECK_EQ(rump_pub_etfs_register("relative", host("file"),
	    RUMP_ETFS_REG), RUMP_EINVAL);
	T_CHECK_EQ(rump_pub_etfs_register("/", host("file"), RUMP_ETFS_REG),
	    RUMP_EINVAL);
	T_CHECK_EQ(rump_pub_etfs_register("/x", host("none"), RUMP_ETFS_REG),
	    RUMP_ENOENT);
	T_CHECK_EQ(rump_pub_etfs_register("/x", dir, RUMP_ETFS_REG),
	    RUMP_EISDIR);
	T_CHECK_EQ(rump_pub_etfs_register("/x", dir, RUMP_ETFS_BLK),
	    RUMP_EISDIR);
	T_CHECK_EQ(rump_pub_etfs_register("/x", host("file"), RUMP_ETFS_DIR),
	    RUMP_ENOTDIR);
	T_CHECK_EQ(rump_pub_etfs_register("/x", host("file"),
	    (enum rump_etfs_type)99), RUMP_EINVAL);
	T_CHECK_EQ(rump_pub_etfs_register_withsize("/x", host("file"),
	    RUMP_ETFS_BLK, 2 * BYTES, SECTOR), RUMP_EINVAL);
	/* windows that end behind the file */
	T_CHECK_EQ(rump_pub_etfs_register_withsize("/x", host("file"),
	    RUMP_ETFS_BLK, SECTOR, BYTES), RUMP_EINVAL);
	T_CHECK_EQ(rump_pub_etfs_register_withsize("/x", host("file"),
	    RUMP_ETFS_CHR, 0, 1ULL << 63), RUMP_EINVAL);
	T_CHECK_EQ(rump_pub_etfs_register_withsize("/x", host("file"),
	    RUMP_ETFS_BLK, 100, BYTES), RUMP_EINVAL);
	T_CHECK_EQ(rump_pub_etfs_remove("/x"), RUMP_ENOENT);
	T_CHECK_EQ(rump_pub_etfs_register("/x", host("file"), RUMP_ETFS_REG),
	    0);
	T_CHECK_EQ(rump_pub_etfs_register("//x/", host("file"),
	    RUMP_ETFS_REG), RUMP_EEXIST);
	T_CHECK_EQ(rump_pub_etfs_remove("/x"), 0);
	T_CHECK_ERR(rump_sys_open("/x", RUMP_O_RDONLY), RUMP_ENOENT);
}

static void
regular(void)
{
	struct rump_stat sb;
	int fd;

	set_up();
	host_write("reg", image, 1000);
	T_ASSERT_EQ(rump_pub_etfs_register("/some/where/reg", host("reg"),
	    RUMP_ETFS_REG), 0);
	T_CHECK_EQ(rump_sys_stat("/some/where/reg", &sb), 0);
	T_CHECK_EQ(sb.st_size, 1000);
	T_CHECK_EQ(sb.st_mode & RUMP_S_IFMT, RUMP_S_IFREG);
	fd = rump_sys_open("/some/where/reg", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_pread(fd, back, BYTES, 10), 990);
	T_CHECK(memcmp(back, image + 10, 990) == 0);
	T_CHECK_EQ(rump_sys_pread(fd, back, BYTES, 1000), 0);
	T_CHECK_EQ(rump_sys_pwrite(fd, "hello", 5, 998), 5);
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(host_read("reg", back, BYTES), 1003);
	T_CHECK(memcmp(back + 998, "hello", 5) == 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/some/where/reg"), 0);
}

static void
window(void)
{
	int fd;

	set_up();
	host_write("win", image, BYTES);
	T_ASSERT_EQ(rump_pub_etfs_register_withsize("/win", host("win"),
	    RUMP_ETFS_REG, 100, 50), 0);
	fd = rump_sys_open("/win", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_pread(fd, back, BYTES, 0), 50);
	T_CHECK(memcmp(back, image + 100, 50) == 0);
	T_CHECK_ERR(rump_sys_pwrite(fd, image, 51, 0), RUMP_EFBIG);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/win"), 0);
}

/* A file's key is no directory: a path through it is one that is not there. */
static void
path_through_a_key(void)
{

	host_write("leaf", image, 10);
	T_ASSERT_EQ(rump_pub_etfs_register("/leaf", host("leaf"), RUMP_ETFS_REG), 0);
	T_CHECK_ERR(rump_sys_open("/leaf/below", RUMP_O_RDONLY), RUMP_ENOENT);
	T_ASSERT_EQ(rump_pub_etfs_register("/leaf//below", host("leaf"),
	    RUMP_ETFS_REG), 0);
	T_CHECK_ERR(rump_sys_open("/leaf/below", RUMP_O_RDONLY), RUMP_ENOENT);
	T_CHECK_EQ(rump_sys_close(rump_sys_open("/leaf//below", RUMP_O_RDONLY)), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/leaf"), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/leaf//below"), 0);
}

/* A window may begin and end anywhere; the disk has its whole sectors. */
static void
between_sectors(void)
{
	int fd;

	host_write("odd", image, BYTES);
	T_ASSERT_EQ(rump_pub_etfs_register_withsize("/odd", host("odd"),
	    RUMP_ETFS_BLK, 1000, 3 * SECTOR + 100), 0);
	fd = rump_sys_open("/odd", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_pread(fd, back, 4 * SECTOR, 0), 3 * SECTOR);
	T_CHECK(memcmp(back, image + 1000, 3 * SECTOR) == 0);
	memset(back, 'o', SECTOR);
	T_CHECK_EQ(rump_sys_pwrite(fd, back, SECTOR, SECTOR), SECTOR);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/odd"), 0);
	host_read("odd", back, BYTES);
	T_CHECK(memcmp(back, image, 1000 + SECTOR) == 0);
	T_CHECK(back[1000 + SECTOR] == 'o' && back[1000 + 2 * SECTOR - 1] == 'o');
	T_CHECK(memcmp(back + 1000 + 2 * SECTOR, image + 1000 + 2 * SECTOR,
	    BYTES - 1000 - 2 * SECTOR) == 0);
}

/* Read and write a disk, cached or raw, that is sectors 4 to 19 of a file. */
static void
disk(const char *key, enum rump_etfs_type type)
{
	struct rump_stat sb;
	int fd;

	host_write("disk", image, BYTES);
	T_ASSERT_EQ(rump_pub_etfs_register_withsize(key, host("disk"), type,
	    4 * SECTOR, 16 * SECTOR), 0);
	T_CHECK_EQ(rump_sys_stat(key, &sb), 0);
	T_CHECK_EQ(sb.st_mode & RUMP_S_IFMT,
	    type == RUMP_ETFS_BLK ? RUMP_S_IFBLK : RUMP_S_IFCHR);
	fd = rump_sys_open(key, RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_pub_etfs_remove(key), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_pread(fd, back, BYTES, 0), 16 * SECTOR);
	T_CHECK(memcmp(back, image + 4 * SECTOR, 16 * SECTOR) == 0);
	T_CHECK_EQ(rump_sys_pread(fd, back, SECTOR, 16 * SECTOR), 0);
	memset(back, 'w', SECTOR);
	T_CHECK_EQ(rump_sys_pwrite(fd, back, SECTOR, 2 * SECTOR), SECTOR);
	T_CHECK_ERR(rump_sys_pwrite(fd, back, SECTOR, 16 * SECTOR),
	    RUMP_ENOSPC);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_pub_etfs_remove(key), 0);
	T_CHECK_EQ(host_read("disk", back, BYTES), BYTES);
	T_CHECK_EQ(back[6 * SECTOR], 'w');
	memset(image + 6 * SECTOR, 'w', SECTOR);
	T_CHECK(memcmp(back, image, BYTES) == 0);
}

static void
block_device(void)
{

	set_up();
	disk("/dev/blk", RUMP_ETFS_BLK);
}

static void
raw_device(void)
{
	char small[10];
	int fd;

	set_up();
	disk("/dev/rblk", RUMP_ETFS_CHR);
	T_ASSERT_EQ(rump_pub_etfs_register("/raw", host("disk"),
	    RUMP_ETFS_CHR), 0);
	fd = rump_sys_open("/raw", RUMP_O_RDONLY);
	T_CHECK_ERR(rump_sys_pread(fd, small, sizeof(small), 0), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, 1), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/raw"), 0);
}

static void
read_only_host(void)
{
	int fd;

	set_up();
	T_ASSERT_EQ(rumpuser_memdisk_add("ro", image, BYTES,
	    RUMPUSER_MEMDISK_RDONLY), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/ro", "memdisk:ro",
	    RUMP_ETFS_BLK), 0);
	T_CHECK_ERR(rump_sys_open("/ro", RUMP_O_RDWR), RUMP_EROFS);
	fd = rump_sys_open("/ro", RUMP_O_RDONLY);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_pread(fd, back, SECTOR, SECTOR), SECTOR);
	T_CHECK(memcmp(back, image + SECTOR, SECTOR) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/ro"), 0);
}

/* The image becomes shorter while it is in use. */
static void
truncated(void)
{
	int fd;

	set_up();
	host_write("trunc", image, BYTES);
	T_ASSERT_EQ(rump_pub_etfs_register("/trunc", host("trunc"),
	    RUMP_ETFS_CHR), 0);
	fd = rump_sys_open("/trunc", RUMP_O_RDONLY);
	T_ASSERT(fd != -1);
	T_ASSERT_EQ(truncate(host("trunc"), 8 * SECTOR), 0);
	T_CHECK_EQ(rump_sys_pread(fd, back, SECTOR, 7 * SECTOR), SECTOR);
	T_CHECK_ERR(rump_sys_pread(fd, back, SECTOR, 8 * SECTOR), RUMP_EIO);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/trunc"), 0);
}

static void
directory(void)
{
	struct rump_stat sb;
	int fd;

	set_up();
	T_ASSERT_EQ(mkdir(host("tree"), 0777), 0);
	T_ASSERT_EQ(mkdir(host("tree/sub"), 0777), 0);
	host_write("tree/file", "outer", 5);
	host_write("tree/sub/file", "inner", 5);
	T_ASSERT_EQ(rump_pub_etfs_register("/flat", host("tree"),
	    RUMP_ETFS_DIR), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/deep", host("tree"),
	    RUMP_ETFS_DIR_SUBDIRS), 0);
	T_CHECK_EQ(rump_sys_stat("/flat", &sb), 0);
	T_CHECK_EQ(sb.st_mode & RUMP_S_IFMT, RUMP_S_IFDIR);
	fd = rump_sys_open("/flat/file", RUMP_O_RDONLY);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_read(fd, back, 100), 5);
	T_CHECK(memcmp(back, "outer", 5) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_ERR(rump_sys_open("/flat/sub/file", RUMP_O_RDONLY),
	    RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_open("/flat/none", RUMP_O_RDONLY), RUMP_ENOENT);
	fd = rump_sys_open("/deep/sub/../sub/file", RUMP_O_RDONLY);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_read(fd, back, 100), 5);
	T_CHECK(memcmp(back, "inner", 5) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/flat"), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/deep"), 0);
}

/* More disks than NetBSD's rump kernel has room for. */
static void
many_disks(void)
{
	char key[16];
	int fds[100];

	set_up();
	host_write("many", image, BYTES);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "/many%d", i);
		T_ASSERT_EQ(rump_pub_etfs_register(key, host("many"),
		    RUMP_ETFS_BLK), 0);
		fds[i] = rump_sys_open(key, RUMP_O_RDONLY);
		T_ASSERT(fds[i] != -1);
		T_ASSERT_EQ(rump_sys_pread(fds[i], back, SECTOR, i * SECTOR),
		    SECTOR);
		T_ASSERT(memcmp(back, image + i * SECTOR, SECTOR) == 0);
	}
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "/many%d", i);
		T_CHECK_EQ(rump_sys_close(fds[i]), 0);
		T_CHECK_EQ(rump_pub_etfs_remove(key), 0);
	}
}

static int
open_descriptors(void)
{
	char fdpath[32];
	int n = 0;

	for (int fd = 0; fd < 256; fd++) {
		snprintf(fdpath, sizeof(fdpath), "/proc/self/fd/%d", fd);
		n += access(fdpath, F_OK) == 0;
	}
	return n;
}

/* What a program leaves open is written and closed by halt. */
static void
left_open(void)
{
	int disk_fd, reg_fd, before;

	set_up();
	if (access("/proc/self/fd", F_OK) != 0) {
		t_skip("no /proc");
		return;
	}
	before = open_descriptors();
	host_write("left", image, BYTES);
	host_write("leftreg", image, BYTES);
	T_ASSERT_EQ(rump_pub_etfs_register("/left", host("left"),
	    RUMP_ETFS_BLK), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/leftreg", host("leftreg"),
	    RUMP_ETFS_REG), 0);
	disk_fd = rump_sys_open("/left", RUMP_O_RDWR);
	reg_fd = rump_sys_open("/leftreg", RUMP_O_RDWR);
	T_ASSERT(disk_fd != -1 && reg_fd != -1);
	T_CHECK(open_descriptors() > before);
	T_CHECK_EQ(rump_sys_pwrite(disk_fd, "left", 4, 100), 4);
	T_CHECK_EQ(rump_halt(), 0);
	T_CHECK(open_descriptors() <= before);
	T_CHECK_EQ(host_read("left", back, BYTES), BYTES);
	T_CHECK(memcmp(back + 100, "left", 4) == 0);
	T_CHECK_EQ(rump_init(), 0);
	T_CHECK_ERR(rump_sys_open("/left", RUMP_O_RDONLY), RUMP_ENOENT);
}

static void
clean_up(void)
{
	char cmd[128];

	snprintf(cmd, sizeof(cmd), "rm -r %s", dir);
	T_CHECK_EQ(system(cmd), 0);
}

T_MAIN(T(at_boot), T(refused), T(regular), T(window), T(path_through_a_key), T(between_sectors), T(block_device),
    T(raw_device), T(read_only_host), T(truncated), T(directory),
    T(many_disks), T(left_open), T(clean_up))
