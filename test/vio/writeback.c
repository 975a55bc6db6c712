/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Write-back that fails: who is told, how often, and what becomes of the data.
 * The disk is faultdisk, so each error comes where it is wanted.
 *
 * An error of a write that nobody waited for is told once, to the next who
 * syncs, closes or unmounts; data that could not be written stay in memory and
 * are written when that works again; what was synced to the medium is there
 * after a loss of power.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../t.h"
#include "blockfs.h"
#include "faultboot.h"

#define PAGE	4096
#define ALWAYS	1000000

static unsigned char data[40 * PAGE], back[40 * PAGE];

/* The kernel's half needs a CPU. */
static void
fail(int what, int error, unsigned after, unsigned times)
{

	rump_schedule();
	rump_faultdisk_fail(what, error, after, times);
	rump_unschedule();
}

static void
crash(void)
{

	rump_schedule();
	rump_faultdisk_crash();
	rump_unschedule();
}

static int
do_mount(int flags)
{
	struct blockfs_args args = {
		.fspec = (char *)(uintptr_t)"/disk", .bshift = 12,
		.mode = BLOCKFS_BEFORE
	};

	return rump_sys_mount("blockfs", "/mnt", flags, &args, sizeof(args));
}

static void
set_up(void)
{
	static int done;

	if (done++)
		return;
	/* few, so that some have to go */
	setenv("RUMP_NVNODES", "64", 1);
	boot_with_faultdisk("/disk");
	T_ASSERT_EQ(rump_sys_mkdir("/mnt", 0755), 0);
}

/* An empty file of a mount without faults, with data in memory alone. */
static int
dirty_file(unsigned char value)
{
	int fd;

	set_up();
	rump_blockfs_reset();
	memset(data, value, sizeof(data));
	T_CHECK_EQ(do_mount(0), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDWR);
	T_CHECK_EQ(rump_sys_write(fd, data, sizeof(data)), sizeof(data));
	return fd;
}

static void
contents_are(const char *path, unsigned char value)
{
	int fd = rump_sys_open(path, RUMP_O_RDONLY);

	memset(data, value, sizeof(data));
	memset(back, 0, sizeof(back));
	T_CHECK_EQ(rump_sys_read(fd, back, sizeof(back)), sizeof(back));
	T_CHECK(memcmp(back, data, sizeof(data)) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

/* Unmount without faults; a new mount has the data from the disk. */
static void
ends_with(unsigned char value)
{

	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(do_mount(0), 0);
	contents_are("/mnt/a", value);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

/* sync(2) starts writes and tells nobody; fsync tells, once. */
static void
told_by_fsync(void)
{
	int fd = dirty_file(1);

	fail(FAULTDISK_WRITE, RUMP_ENOSPC, 0, ALWAYS);
	rump_sys_sync();
	fail(FAULTDISK_WRITE, 0, 0, 0);
	T_CHECK_ERR(rump_sys_fsync(fd), RUMP_ENOSPC);
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	ends_with(1);
}

/* The file is not written elsewhere for a single bad transfer among several. */
static void
one_of_several(void)
{
	int fd = dirty_file(2);

	fail(FAULTDISK_WRITE, RUMP_EIO, 1, 1);
	T_CHECK_ERR(rump_sys_fsync(fd), RUMP_EIO);
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	ends_with(2);
}

static void
told_by_close(void)
{
	int fd = dirty_file(3), other = rump_sys_open("/mnt/a", RUMP_O_RDWR);

	fail(FAULTDISK_WRITE, RUMP_EIO, 0, ALWAYS);
	rump_sys_sync();
	fail(FAULTDISK_WRITE, 0, 0, 0);
	T_CHECK_ERR(rump_sys_close(fd), RUMP_EIO);
	T_CHECK_EQ(rump_sys_close(other), 0);
	ends_with(3);
}

/* Who only reads is not told: it stays for who writes. */
static void
not_told_by_reader(void)
{
	int fd = dirty_file(4);

	fail(FAULTDISK_WRITE, RUMP_EIO, 0, ALWAYS);
	rump_sys_sync();
	fail(FAULTDISK_WRITE, 0, 0, 0);
	contents_are("/mnt/a", 4);
	T_CHECK_ERR(rump_sys_close(fd), RUMP_EIO);
	ends_with(4);
}

/* The mount stays until its data are written, or somebody insists. */
static void
told_by_unmount(void)
{
	int fd = dirty_file(5);

	T_CHECK_EQ(rump_sys_close(fd), 0);
	fail(FAULTDISK_WRITE, RUMP_EIO, 0, ALWAYS);
	T_CHECK_ERR(rump_sys_unmount("/mnt", 0), RUMP_EIO);
	fail(FAULTDISK_WRITE, 0, 0, 0);
	contents_are("/mnt/a", 5);
	ends_with(5);

	fd = dirty_file(6);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	fail(FAULTDISK_WRITE, RUMP_EIO, 0, ALWAYS);
	T_CHECK_EQ(rump_sys_unmount("/mnt", RUMP_MNT_FORCE), 0);
	fail(FAULTDISK_WRITE, 0, 0, 0);
}

/* What was tried before the unmount, and failed, and worked then, is told too. */
static void
unmount_tells_old_errors(void)
{
	int fd = dirty_file(7);

	T_CHECK_EQ(rump_sys_close(fd), 0);
	fail(FAULTDISK_WRITE, RUMP_ENOSPC, 0, ALWAYS);
	rump_sys_sync();
	fail(FAULTDISK_WRITE, 0, 0, 0);
	T_CHECK_ERR(rump_sys_unmount("/mnt", 0), RUMP_ENOSPC);
	ends_with(7);
}

static void
waited_for(void)
{
	int fd = dirty_file(8), sync;

	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	sync = rump_sys_open("/mnt/a", RUMP_O_RDWR | RUMP_O_SYNC);
	memset(data, 9, sizeof(data));
	fail(FAULTDISK_WRITE, RUMP_EIO, 0, ALWAYS);
	T_CHECK_ERR(rump_sys_write(sync, data, sizeof(data)), RUMP_EIO);
	fail(FAULTDISK_WRITE, 0, 0, 0);
	/* told already */
	T_CHECK_EQ(rump_sys_close(sync), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	ends_with(9);
}

static void
reads(void)
{
	int fd = dirty_file(10);

	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(do_mount(0), 0);
	fd = rump_sys_open("/mnt/a", RUMP_O_RDONLY);
	/* one run is there, the next is not */
	fail(FAULTDISK_READ, RUMP_EIO, 0, ALWAYS);
	T_CHECK_ERR(rump_sys_read(fd, back, PAGE), RUMP_EIO);
	fail(FAULTDISK_READ, 0, 0, 0);
	T_CHECK_EQ(rump_sys_pread(fd, back, PAGE, 0), PAGE);
	fail(FAULTDISK_READ, RUMP_EIO, 0, ALWAYS);
	T_CHECK_EQ(rump_sys_pread(fd, back, PAGE, 0), PAGE);
	fail(FAULTDISK_READ, 0, 0, 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	ends_with(10);
}

/* A flush of the disk's cache that fails is an error of who asked for it. */
static void
flushes(void)
{
	int fd = dirty_file(11);

	fail(FAULTDISK_FLUSH, RUMP_EIO, 0, 1);
	T_CHECK_ERR(rump_sys_fsync_range(fd, RUMP_FFILESYNC | RUMP_FDISKSYNC,
	    0, 0), RUMP_EIO);
	T_CHECK_EQ(rump_sys_fsync_range(fd, RUMP_FFILESYNC | RUMP_FDISKSYNC,
	    0, 0), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	ends_with(11);
}

/* Between a sync that worked and the loss of power, all writes fail. */
static void
synced_is_not_lost(void)
{
	int fd = dirty_file(12);

	T_CHECK_EQ(rump_sys_fsync_range(fd, RUMP_FFILESYNC | RUMP_FDISKSYNC,
	    0, 0), 0);
	fail(FAULTDISK_WRITE, RUMP_EIO, 3, ALWAYS);
	memset(data, 13, sizeof(data));
	T_CHECK_EQ(rump_sys_pwrite(fd, data, PAGE, sizeof(data)), PAGE);
	T_CHECK_EQ(rump_sys_pwrite(fd, data, sizeof(data), 0), sizeof(data));
	rump_sys_sync();
	(void)rump_sys_close(fd);
	T_CHECK_EQ(rump_sys_unmount("/mnt", RUMP_MNT_FORCE), 0);
	fail(FAULTDISK_WRITE, 0, 0, 0);
	crash();
	T_CHECK_EQ(do_mount(0), 0);
	contents_are("/mnt/a", 12);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

/* A vnode is not ended to make room for others as long as it cannot be written. */
static void
vnodes_that_make_room(void)
{
	int fd = dirty_file(13);
	char path[32];

	T_CHECK_EQ(rump_sys_close(fd), 0);
	fail(FAULTDISK_WRITE, RUMP_EIO, 0, ALWAYS);
	for (int i = 0; i < 500; i++) {
		snprintf(path, sizeof(path), "/file%d", i);
		fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0600);
		T_ASSERT(fd != -1);
		T_ASSERT_EQ(rump_sys_close(fd), 0);
	}
	for (int i = 0; i < 500; i++) {
		snprintf(path, sizeof(path), "/file%d", i);
		T_ASSERT_EQ(rump_sys_unlink(path), 0);
	}
	fail(FAULTDISK_WRITE, 0, 0, 0);
	contents_are("/mnt/a", 13);
	/* it may have been tried, and then the first unmount tells */
	if (rump_sys_unmount("/mnt", 0) == 0)
		T_CHECK_EQ(do_mount(0), 0);
	ends_with(13);
}

/* One that is ended whatever happens loses its data; the unmount says so. */
static void
vnodes_that_go(void)
{
	int fd = dirty_file(14);

	T_CHECK_EQ(rump_sys_close(fd), 0);
	fail(FAULTDISK_WRITE, RUMP_EIO, 0, ALWAYS);
	T_CHECK_EQ(rump_sys_revoke("/mnt/a"), 0);
	fail(FAULTDISK_WRITE, 0, 0, 0);
	T_CHECK_ERR(rump_sys_unmount("/mnt", 0), RUMP_EIO);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

T_MAIN(T(told_by_fsync), T(one_of_several), T(told_by_close),
    T(not_told_by_reader), T(told_by_unmount), T(unmount_tells_old_errors),
    T(waited_for), T(reads), T(flushes), T(synced_is_not_lost),
    T(vnodes_that_make_room), T(vnodes_that_go))
