/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File systems on images of the host's that cannot be written, become shorter
 * while they are mounted, or lie on a host's disk that is full; images that are
 * open several times, here or in another process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "../t.h"
#include "blockfs.h"

#define PAGE	4096
#define BYTES	(2 * 1024 * 1024)

static unsigned char data[64 * PAGE], back[64 * PAGE];
static char image[64];

static void
set_up(void)
{
	static int done;
	int fd;

	rump_blockfs_reset();
	memset(data, 'd', sizeof(data));
	if (done++)
		return;
	strcpy(image, "/tmp/haunch-hostfail.XXXXXX");
	fd = mkstemp(image);
	T_ASSERT(fd != -1);
	T_ASSERT_EQ(ftruncate(fd, BYTES), 0);
	T_ASSERT_EQ(close(fd), 0);
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/mnt", 0755), 0);
}

static int
do_mount(const char *device, int flags)
{
	struct blockfs_args args = {
		.fspec = (char *)(uintptr_t)device, .bshift = 12,
		.mode = BLOCKFS_BEFORE
	};

	return rump_sys_mount("blockfs", "/mnt", flags, &args, sizeof(args));
}

/* Read and write is refused; read-only works. */
static void
read_only(void)
{
	int fd;

	set_up();
	T_ASSERT_EQ(rumpuser_memdisk_add("ro", NULL, BYTES,
	    RUMPUSER_MEMDISK_RDONLY), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/ro", "memdisk:ro",
	    RUMP_ETFS_BLK), 0);
	T_CHECK_ERR(do_mount("/ro", 0), RUMP_EROFS);
	T_CHECK_EQ(do_mount("/ro", RUMP_MNT_RDONLY), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDONLY);
	T_CHECK(fd != -1);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_ERR(rump_sys_open("/mnt/a", RUMP_O_RDWR), RUMP_EROFS);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/ro"), 0);
}

/* What is in memory stays readable; what is not is EIO, not zeros. */
static void
becomes_shorter(void)
{
	int fd;

	set_up();
	T_ASSERT_EQ(rump_pub_etfs_register("/disk", image, RUMP_ETFS_BLK), 0);
	T_ASSERT_EQ(do_mount("/disk", 0), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDWR);
	T_CHECK_EQ(rump_sys_write(fd, data, sizeof(data)), sizeof(data));
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_ASSERT_EQ(truncate(image, PAGE), 0);
	T_CHECK_EQ(rump_sys_pread(fd, back, sizeof(back), 0), sizeof(back));
	T_CHECK(memcmp(back, data, sizeof(back)) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);

	T_ASSERT_EQ(truncate(image, BYTES), 0);
	T_ASSERT_EQ(do_mount("/disk", 0), 0);
	T_ASSERT_EQ(truncate(image, PAGE), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDWR);
	T_CHECK_ERR(rump_sys_pread(fd, back, PAGE, 32 * PAGE), RUMP_EIO);
	/* writing makes it long enough again */
	T_CHECK_EQ(rump_sys_pwrite(fd, data, sizeof(data), 0), sizeof(data));
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_ASSERT_EQ(truncate(image, BYTES), 0);
	T_ASSERT_EQ(do_mount("/disk", 0), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDONLY);
	T_CHECK_EQ(rump_sys_read(fd, back, sizeof(back)), sizeof(back));
	T_CHECK(memcmp(back, data, sizeof(back)) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/disk"), 0);
}

/* A sparse image can be larger than what the host has left. */
static void
host_is_full(void)
{
	int fd;

	set_up();
	if (access("/dev/full", W_OK) != 0) {
		t_skip("no /dev/full");
		return;
	}
	T_ASSERT_EQ(rump_pub_etfs_register_withsize("/full", "/dev/full",
	    RUMP_ETFS_BLK, 0, BYTES), 0);
	T_ASSERT_EQ(do_mount("/full", 0), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDWR);
	T_CHECK_EQ(rump_sys_write(fd, data, sizeof(data)), sizeof(data));
	T_CHECK_ERR(rump_sys_fsync(fd), RUMP_ENOSPC);
	T_CHECK_ERR(rump_sys_fsync(fd), RUMP_ENOSPC);
	T_CHECK_EQ(rump_sys_pread(fd, back, sizeof(back), 0), sizeof(back));
	T_CHECK(memcmp(back, data, sizeof(back)) == 0);
	T_CHECK_EQ(rump_sys_ftruncate(fd, 0), 0);
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/full"), 0);
}

/* Two windows of one image, and both devices of one, are open for writing. */
static void
open_twice(void)
{
	int one, two, raw;

	set_up();
	T_ASSERT_EQ(rump_pub_etfs_register_withsize("/one", image,
	    RUMP_ETFS_BLK, 0, BYTES / 2), 0);
	T_ASSERT_EQ(rump_pub_etfs_register_withsize("/two", image,
	    RUMP_ETFS_BLK, BYTES / 2, BYTES / 2), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/raw", image, RUMP_ETFS_CHR), 0);
	one = rump_sys_open("/one", RUMP_O_RDWR);
	two = rump_sys_open("/two", RUMP_O_RDWR);
	raw = rump_sys_open("/raw", RUMP_O_RDWR);
	T_ASSERT(one != -1 && two != -1 && raw != -1);
	memset(data, '1', PAGE);
	T_CHECK_EQ(rump_sys_pwrite(one, data, PAGE, 0), PAGE);
	memset(data, '2', PAGE);
	T_CHECK_EQ(rump_sys_pwrite(two, data, PAGE, 0), PAGE);
	T_CHECK_EQ(rump_sys_close(one), 0);
	T_CHECK_EQ(rump_sys_close(two), 0);
	T_CHECK_EQ(rump_sys_pread(raw, back, PAGE, BYTES / 2), PAGE);
	T_CHECK(memcmp(back, data, PAGE) == 0);
	T_CHECK_EQ(rump_sys_pwrite(raw, data, PAGE, PAGE), PAGE);
	T_CHECK_EQ(rump_sys_close(raw), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/one"), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/two"), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/raw"), 0);
}

/* A device that is open for reading is opened for writing, too. */
static void
read_then_write(void)
{
	int in, out;

	set_up();
	T_ASSERT_EQ(rump_pub_etfs_register("/rw", image, RUMP_ETFS_CHR), 0);
	in = rump_sys_open("/rw", RUMP_O_RDONLY);
	T_CHECK_EQ(rump_sys_pread(in, back, PAGE, 8 * PAGE), PAGE);
	out = rump_sys_open("/rw", RUMP_O_RDWR);
	T_ASSERT(in != -1 && out != -1);
	memset(data, 'w', PAGE);
	T_CHECK_EQ(rump_sys_pwrite(out, data, PAGE, 8 * PAGE), PAGE);
	T_CHECK_EQ(rump_sys_fsync(out), 0);
	T_CHECK_EQ(rump_sys_close(out), 0);
	T_CHECK_EQ(rump_sys_pread(in, back, PAGE, 8 * PAGE), PAGE);
	T_CHECK(memcmp(back, data, PAGE) == 0);
	T_CHECK_EQ(rump_sys_close(in), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/rw"), 0);
}

#ifdef F_OFD_SETLK
/* What another process does; such a lock does not care whose process it is. */
static int
lock_image(void)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(image, O_RDWR);

	if (fd != -1 && fcntl(fd, F_OFD_SETLK, &whole) == 0)
		return fd;
	if (fd != -1)
		(void)close(fd);
	return -1;
}

/* One writer at a time; who reads takes part in no lock. */
static void
held_by_another(void)
{
	int fd, in;

	set_up();
	T_ASSERT_EQ(rump_pub_etfs_register("/held", image, RUMP_ETFS_BLK), 0);
	fd = lock_image();
	T_ASSERT(fd != -1);
	T_CHECK_ERR(rump_sys_open("/held", RUMP_O_RDWR), RUMP_EBUSY);
	T_CHECK_ERR(do_mount("/held", 0), RUMP_EBUSY);
	T_CHECK_EQ(do_mount("/held", RUMP_MNT_RDONLY), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(close(fd), 0);

	T_CHECK_EQ(do_mount("/held", 0), 0);
	T_CHECK_EQ(lock_image(), -1);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	in = rump_sys_open("/held", RUMP_O_RDONLY);
	fd = lock_image();
	T_CHECK(in != -1 && fd != -1);
	T_CHECK_EQ(close(fd), 0);
	T_CHECK_EQ(rump_sys_close(in), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/held"), 0);
}
#else
static void
held_by_another(void)
{

	t_skip("no locks of open files");
}
#endif

static void
clean_up(void)
{

	set_up();
	T_CHECK_EQ(unlink(image), 0);
}

T_MAIN(T(read_only), T(becomes_shorter), T(host_is_full), T(open_twice),
    T(read_then_write), T(held_by_another), T(clean_up))
