/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page cache against a model: random reads, writes, truncations, flushes and
 * remounts of files of blockfs, over block sizes below, at and above a page, and
 * over the ways in which a write can get its blocks.  SEED in the environment
 * makes another run.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "../t.h"
#include "blockfs.h"

#define DISK_BYTES	(16 * 1024 * 1024)
#define IO_MOST		(300 * 1024)
#define PAGE		4096

static unsigned char model[BLOCKFS_FILES][BLOCKFS_MAXFILE];
static long sizes[BLOCKFS_FILES];
static unsigned char data[IO_MOST];
static uint64_t state;

static unsigned
rng(unsigned n)
{

	return t_random(&state, n);
}

static int
do_mount(unsigned bshift, unsigned mode)
{
	struct blockfs_args args = {
		.fspec = (char *)(uintptr_t)"/disk", .bshift = bshift, .mode = mode
	};

	return rump_sys_mount("blockfs", "/mnt", 0, &args, sizeof(args));
}

static int
open_file(unsigned i, int flags)
{
	char path[] = "/mnt/a";

	path[5] = (char)('a' + i);
	return rump_sys_open(path, flags);
}

/* A length: small, of pages, or anything. */
static size_t
some_length(void)
{

	switch (rng(4)) {
	case 0:
		return 1 + rng(200);
	case 1:
		return PAGE * (1 + rng(20));
	case 2:
		return 1 + rng(3 * PAGE);
	default:
		return 1 + rng(IO_MOST);
	}
}

static long
some_offset(long size)
{
	long off = rng(3) == 0 ? rng(BLOCKFS_MAXFILE) :
	    (long)rng((unsigned)size + 1);

	return rng(2) == 0 ? off & ~(long)(PAGE - 1) : off;
}

static int
op_write(unsigned f, int fd)
{
	long off = rng(8) == 0 ? sizes[f] : some_offset(sizes[f]);
	size_t n = some_length();

	if (off + (long)n > BLOCKFS_MAXFILE)
		n = (size_t)(BLOCKFS_MAXFILE - off);
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		data[i] = (unsigned char)(state >> (i % 7 * 8)) + (unsigned char)i;
	if (rump_sys_pwrite(fd, data, n, off) != (ssize_t)n)
		return __LINE__;
	memcpy(&model[f][off], data, n);
	if (off + (long)n > sizes[f])
		sizes[f] = off + (long)n;
	return 0;
}

static int
op_read(unsigned f, int fd)
{
	long off = some_offset(sizes[f]);
	size_t n = some_length(), want;

	want = off >= sizes[f] ? 0 : (size_t)(sizes[f] - off);
	if (want > n)
		want = n;
	memset(data, 0xee, n);
	if (rump_sys_pread(fd, data, n, off) != (ssize_t)want)
		return __LINE__;
	return memcmp(data, &model[f][off], want) == 0 ? 0 : __LINE__;
}

/* From front to back, so that data are read ahead. */
static int
op_read_all(unsigned f, int fd)
{
	size_t step = some_length(), want;
	long off;

	for (off = 0; off < sizes[f]; off += (long)want) {
		want = (size_t)(sizes[f] - off) < step ?
		    (size_t)(sizes[f] - off) : step;
		if (rump_sys_pread(fd, data, want, off) != (ssize_t)want)
			return __LINE__;
		if (memcmp(data, &model[f][off], want) != 0)
			return __LINE__;
	}
	return 0;
}

static int
op_truncate(unsigned f, int fd)
{
	long size = rng(3) == 0 ? (long)rng(BLOCKFS_MAXFILE) :
	    (long)rng((unsigned)sizes[f] + 1);

	if (rng(2) == 0)
		size &= ~(long)(PAGE - 1);
	if (rump_sys_ftruncate(fd, size) != 0)
		return __LINE__;
	if (size > sizes[f])
		memset(&model[f][sizes[f]], 0, (size_t)(size - sizes[f]));
	else
		memset(&model[f][size], 0, (size_t)(sizes[f] - size));
	sizes[f] = size;
	return 0;
}

/* Nothing is lost by it, whatever is dirty. */
static int
op_forget(unsigned f, int fd)
{

	return rump_sys_posix_fadvise(fd, some_offset(sizes[f]), (int64_t)some_length(),
	    RUMP_POSIX_FADV_DONTNEED) == 0 ? 0 : __LINE__;
}

static int
remount(unsigned bshift)
{

	if (rump_sys_unmount("/mnt", 0) != 0)
		return __LINE__;
	return do_mount(bshift, rng(3)) == 0 ? 0 : __LINE__;
}

static int
random_op(unsigned bshift)
{
	unsigned f = rng(BLOCKFS_FILES), which = rng(100);
	int fd, line;

	if (which == 0)
		return remount(bshift);
	fd = open_file(f, RUMP_O_RDWR);
	if (fd == -1)
		return __LINE__;
	if (which < 4)
		line = rump_sys_fsync(fd) == 0 ? 0 : __LINE__;
	else if (which < 12)
		line = op_truncate(f, fd);
	else if (which < 16)
		line = op_read_all(f, fd);
	else if (which < 20)
		line = op_forget(f, fd);
	else if (which < 55)
		line = op_write(f, fd);
	else
		line = op_read(f, fd);
	if (rump_sys_close(fd) != 0 && line == 0)
		line = __LINE__;
	return line;
}

static void
forget(void)
{

	rump_blockfs_reset();
	memset(model, 0, sizeof(model));
	memset(sizes, 0, sizeof(sizes));
}

static void
set_up(void)
{
	static int done;

	if (done++)
		return;
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rumpuser_memdisk_add("disk", NULL, DISK_BYTES, 0), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/disk", "memdisk:disk",
	    RUMP_ETFS_BLK), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/mnt", 0755), 0);
}

static void
random_run(unsigned bshift, unsigned mode, unsigned seed)
{
	int line = 0;

	set_up();
	forget();
	state = seed;
	if (getenv("SEED") != NULL)
		state += strtoull(getenv("SEED"), NULL, 0) << 8;
	T_ASSERT_EQ(do_mount(bshift, mode), 0);
	for (unsigned op = 0; op < 4000 && line == 0; op++) {
		line = random_op(bshift);
		if (line != 0)
			printf("# bshift %u mode %u op %u\n", bshift, mode, op);
	}
	T_CHECK_EQ(line, 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

static void
blocks_of_512(void)
{

	random_run(9, BLOCKFS_BEFORE, 1);
	random_run(9, BLOCKFS_FAULT, 2);
}

static void
blocks_of_2k(void)
{

	random_run(11, BLOCKFS_BEFORE, 3);
	random_run(11, BLOCKFS_FAULT, 4);
	random_run(11, BLOCKFS_BUSY, 5);
}

static void
blocks_of_a_page(void)
{

	random_run(12, BLOCKFS_BEFORE, 6);
	random_run(12, BLOCKFS_FAULT, 7);
	random_run(12, BLOCKFS_BUSY, 8);
}

static void
blocks_of_16k(void)
{

	random_run(14, BLOCKFS_BEFORE, 9);
	random_run(14, BLOCKFS_FAULT, 10);
	random_run(14, BLOCKFS_BUSY, 11);
}

static void
blocks_of_64k(void)
{

	random_run(16, BLOCKFS_BEFORE, 12);
	random_run(16, BLOCKFS_FAULT, 13);
}

/* A hole reads as zeros and takes no blocks, until something is written. */
static void
holes(void)
{
	char buf[100];
	int fd;

	set_up();
	forget();
	T_ASSERT_EQ(do_mount(12, BLOCKFS_FAULT), 0);
	fd = open_file(0, RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_CHECK_EQ(rump_sys_ftruncate(fd, 100 * PAGE), 0);
	T_CHECK_EQ(rump_sys_pread(fd, data, 50 * PAGE, PAGE), 50 * PAGE);
	for (int i = 0; i < 50 * PAGE; i++)
		if (data[i] != 0) {
			T_CHECK_EQ(data[i], 0);
			break;
		}
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_blockfs_used(), 0);
	T_CHECK_EQ(rump_sys_pwrite(fd, "x", 1, 7 * PAGE + 5), 1);
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_blockfs_used(), 1);
	T_CHECK_EQ(rump_sys_pread(fd, buf, 10, 7 * PAGE), 10);
	T_CHECK(memcmp(buf, "\0\0\0\0\0x\0\0\0\0", 10) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

/* More than the device holds: ENOSPC, what was there is unharmed. */
static void
no_space(void)
{
	static unsigned char back[PAGE];
	struct blockfs_args args = {
		.fspec = (char *)(uintptr_t)"/small", .bshift = 12, .mode = BLOCKFS_FAULT
	};
	int fd;

	set_up();
	forget();
	T_ASSERT_EQ(rumpuser_memdisk_add("small", NULL, 64 * 1024, 0), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/small", "memdisk:small",
	    RUMP_ETFS_BLK), 0);
	T_ASSERT_EQ(rump_sys_mount("blockfs", "/mnt", 0, &args, sizeof(args)), 0);
	fd = open_file(0, RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	memset(data, 'y', sizeof(data));
	T_CHECK_EQ(rump_sys_pwrite(fd, data, 8 * PAGE, 0), 8 * PAGE);
	T_CHECK_ERR(rump_sys_pwrite(fd, data, 32 * PAGE, 8 * PAGE),
	    RUMP_ENOSPC);
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_sys_pread(fd, back, PAGE, 7 * PAGE), PAGE);
	T_CHECK(memcmp(back, data, PAGE) == 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
	T_CHECK_EQ(rump_pub_etfs_remove("/small"), 0);
}

static void
bad_memory(void)
{
	int fd;

	set_up();
	forget();
	T_ASSERT_EQ(do_mount(12, BLOCKFS_BEFORE), 0);
	fd = open_file(0, RUMP_O_RDWR);
	T_CHECK_ERR(rump_sys_pwrite(fd, NULL, PAGE, 0), RUMP_EFAULT);
	T_CHECK_EQ(rump_sys_pwrite(fd, data, PAGE, 0), PAGE);
	T_CHECK_ERR(rump_sys_pread(fd, NULL, PAGE, 0), RUMP_EFAULT);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

static unsigned
pages(void)
{
	unsigned n;

	rump_schedule();
	n = rump_blockfs_pages("/mnt");
	rump_unschedule();
	return n;
}

/* What is not needed any more goes from memory, if it is on the disk. */
static void
not_needed(void)
{
	int fd;

	set_up();
	forget();
	T_ASSERT_EQ(do_mount(12, BLOCKFS_BEFORE), 0);
	fd = open_file(0, RUMP_O_RDWR);
	T_CHECK_EQ(rump_sys_pwrite(fd, data, 20 * PAGE + 100, 0), 20 * PAGE + 100);
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(pages(), 21);
	T_CHECK_EQ(rump_sys_posix_fadvise(fd, PAGE - 1, 4 * PAGE, RUMP_POSIX_FADV_DONTNEED), 0);
	T_CHECK_EQ(pages(), 18);
	T_CHECK_EQ(rump_sys_pwrite(fd, data, PAGE, 10 * PAGE), PAGE);
	T_CHECK_EQ(rump_sys_posix_fadvise(fd, 0, 0, RUMP_POSIX_FADV_DONTNEED), 0);
	T_CHECK(pages() <= 1);
	T_CHECK_EQ(rump_sys_fsync(fd), 0);
	T_CHECK_EQ(rump_sys_posix_fadvise(fd, 0, 0, RUMP_POSIX_FADV_DONTNEED), 0);
	T_CHECK_EQ(pages(), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

T_MAIN(T(blocks_of_512), T(blocks_of_2k), T(blocks_of_a_page),
    T(blocks_of_16k), T(blocks_of_64k), T(holes), T(no_space), T(bad_memory),
    T(not_needed))
