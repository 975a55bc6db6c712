/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Disks that fail: every transfer (RUMP_BLKFAIL=10000), then some.  Errors reach
 * whoever asked, or waits next; nothing hangs, and nothing is said to be written
 * that was not.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "../t.h"
#include "blockfs.h"

#define DISK_BYTES	(16 * 1024 * 1024)
#define PAGE		4096

static unsigned char data[64 * PAGE], back[64 * PAGE];

/* Boot with so many of 10,000 transfers failing. */
static void
boot(const char *rate)
{
	static int added;

	setenv("RUMP_BLKFAIL", rate, 1);
	setenv("RUMP_BLKFAIL_SEED", "42", 1);
	T_ASSERT_EQ(rump_init(), 0);
	/* the host's disk stays over a halt */
	if (!added++)
		T_ASSERT_EQ(rumpuser_memdisk_add("disk", NULL, DISK_BYTES, 0),
		    0);
	T_ASSERT_EQ(rump_pub_etfs_register("/disk", "memdisk:disk",
	    RUMP_ETFS_BLK), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/mnt", 0755), 0);
}

static int
do_mount(void)
{
	struct blockfs_args args = {
		.fspec = (char *)(uintptr_t)"/disk", .bshift = 12, .mode = BLOCKFS_BEFORE
	};

	return rump_sys_mount("blockfs", "/mnt", 0, &args, sizeof(args));
}

static void
nothing_works(void)
{
	int fd;

	boot("10000");
	rump_schedule();
	int line = rump_bufcache_errors("/disk");
	rump_unschedule();
	T_CHECK_EQ(line, 0);

	T_ASSERT_EQ(do_mount(), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	/* into the cache it goes, to the disk it does not */
	T_CHECK_EQ(rump_sys_pwrite(fd, data, sizeof(data), 0), sizeof(data));
	T_CHECK_ERR(rump_sys_fsync(fd), RUMP_EIO);
	/* still not: the data are still dirty */
	T_CHECK_ERR(rump_sys_fsync(fd), RUMP_EIO);
	T_CHECK_EQ(rump_sys_pread(fd, back, sizeof(back), 0), sizeof(back));
	T_CHECK(memcmp(back, data, sizeof(data)) == 0);
	(void)rump_sys_close(fd);
	T_CHECK_EQ(rump_sys_unmount("/mnt", RUMP_MNT_FORCE), 0);

	/* what is not cached cannot be read */
	T_ASSERT_EQ(do_mount(), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDONLY);
	T_CHECK_ERR(rump_sys_pread(fd, back, PAGE, 0), RUMP_EIO);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

/*
 * A block that fsync said is on disk is there; one that a read says it read is
 * what was written.
 */
static int
write_until_synced(int fd, unsigned char value)
{

	memset(data, value, sizeof(data));
	for (int tries = 0; tries < 1000; tries++) {
		if (rump_sys_pwrite(fd, data, sizeof(data), 0) !=
		    sizeof(data))
			continue;
		if (rump_sys_fsync(fd) == 0)
			return 0;
		if (errno != RUMP_EIO)
			return __LINE__;
	}
	return __LINE__;
}

static int
read_until_there(int fd, unsigned char value)
{

	memset(data, value, sizeof(data));
	for (int tries = 0; tries < 1000; tries++) {
		if (rump_sys_pread(fd, back, sizeof(back), 0) == sizeof(back))
			return memcmp(back, data, sizeof(data)) == 0 ? 0 :
			    __LINE__;
		if (errno != RUMP_EIO)
			return __LINE__;
	}
	return __LINE__;
}

static void
some_fail(void)
{
	int fd;

	T_ASSERT_EQ(rump_halt(), 0);
	boot("2000");
	rump_blockfs_reset();
	for (unsigned char value = 1; value < 50; value++) {
		T_ASSERT_EQ(do_mount(), 0);
		fd = rump_sys_open("/mnt/b", RUMP_O_RDWR);
		T_ASSERT(fd != -1);
		T_ASSERT_EQ(write_until_synced(fd, value), 0);
		(void)rump_sys_close(fd);
		T_ASSERT_EQ(rump_sys_unmount("/mnt", 0), 0);
		T_ASSERT_EQ(do_mount(), 0);
		fd = rump_sys_open("/mnt/b", RUMP_O_RDONLY);
		T_ASSERT_EQ(read_until_there(fd, value), 0);
		(void)rump_sys_close(fd);
		T_ASSERT_EQ(rump_sys_unmount("/mnt", 0), 0);
	}
}

T_MAIN(T(nothing_works), T(some_fail))
