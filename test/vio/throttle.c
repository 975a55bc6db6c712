/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Limits to what is dirty (vm.dirty_limit): a writer to a disk that takes nothing
 * is stopped before he has filled the cache, writers to another disk get on
 * meanwhile, all is written in the end; a disk that fails everything stops nobody.
 *
 * The slow disk (faultdisk) ends its writes only when it is told to.  The writer
 * looks at vm.dirty after each write: only what he is not stopped from can be seen
 * there.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "../node.h"
#include "../t.h"
#include "blockfs.h"
#include "faultboot.h"

#define DISK_BYTES	(16 * 1024 * 1024)
#define PIECE		(16 * 1024)
#define FILE_BYTES	BLOCKFS_MAXFILE
#define LIMIT		(1024 * 1024)
#define BACKGROUND	(256 * 1024)

/* Files of a blockfs are the same ones in every mount; each test keeps two apart. */
struct writer {
	const char	*path[2];
	unsigned char	value;
	int		failed;		/* pieces that could not be written */
	int64_t		most;		/* of vm.dirty after a write */
	pthread_t	thread;
};

static int vm_dirty, vm_background, vm_limit;	/* numbers of nodes */

/* A number of sysctl's vm, which is set if new is not NULL. */
static int64_t
vm_number(int number, const int64_t *new)
{
	int mib[2] = { RUMP_CTL_VM, number };
	int64_t value = -1;
	size_t len = sizeof(value);

	T_CHECK(rump_sys___sysctl(mib, 2, &value, &len, new,
	    new != NULL ? sizeof(*new) : 0) != -1);
	return value;
}

static void
do_mount(const char *dev, const char *dir)
{
	struct blockfs_args args = {
		.fspec = (char *)(uintptr_t)dev, .bshift = 12,
		.mode = BLOCKFS_BEFORE
	};

	T_ASSERT_EQ(rump_sys_mount("blockfs", dir, 0, &args, sizeof(args)), 0);
}

static void
set_up(void)
{
	int64_t limit = LIMIT, background = BACKGROUND;
	static int done;

	if (done++)
		return;
	boot_with_faultdisk("/slowdisk");
	T_ASSERT_EQ(rumpuser_memdisk_add("disk", NULL, DISK_BYTES, 0), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/fastdisk", "memdisk:disk",
	    RUMP_ETFS_BLK), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/slow", 0755), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/fast", 0755), 0);

	vm_dirty = node_number(RUMP_CTL_VM, "dirty");
	vm_background = node_number(RUMP_CTL_VM, "dirty_background");
	vm_limit = node_number(RUMP_CTL_VM, "dirty_limit");

	/* without a limit to memory they are large */
	T_CHECK(vm_number(vm_background, NULL) >= 16 * LIMIT);
	T_CHECK(vm_number(vm_limit, NULL) >
	    vm_number(vm_background, NULL));
	(void)vm_number(vm_limit, &limit);
	(void)vm_number(vm_background, &background);
	T_CHECK_EQ(vm_number(vm_limit, NULL), LIMIT);
}

/* Fill both files, in pieces. */
static void *
fill(void *arg)
{
	struct writer *w = arg;
	static __thread unsigned char piece[PIECE];
	int64_t dirty;

	memset(piece, w->value, sizeof(piece));
	for (int i = 0; i < 2; i++) {
		int fd = rump_sys_open(w->path[i], RUMP_O_RDWR);

		for (int n = 0; n < FILE_BYTES / PIECE; n++) {
			if (rump_sys_write(fd, piece, PIECE) != PIECE)
				w->failed++;
			dirty = vm_number(vm_dirty, NULL);
			if (dirty > w->most)
				w->most = dirty;
		}
		(void)rump_sys_close(fd);
	}
	return NULL;
}

static void
contents_are(const char *path, unsigned char value)
{
	static unsigned char data[FILE_BYTES];
	int fd = rump_sys_open(path, RUMP_O_RDONLY);
	size_t wrong = 0;

	T_CHECK_EQ(rump_sys_read(fd, data, sizeof(data)), sizeof(data));
	for (size_t i = 0; i < sizeof(data); i++)
		wrong += data[i] != value;
	T_CHECK_EQ(wrong, 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

static void
both(bool mounted)
{
	static const char *const disk[] = { "/slowdisk", "/fastdisk" };
	static const char *const dir[] = { "/slow", "/fast" };

	for (int i = 0; i < 2; i++) {
		if (mounted)
			do_mount(disk[i], dir[i]);
		else
			T_CHECK_EQ(rump_sys_unmount(dir[i], 0), 0);
	}
}

static void
hold_slow(bool hold)
{

	rump_schedule();
	if (hold)
		rump_faultdisk_hold();
	else
		rump_faultdisk_letgo();
	rump_unschedule();
}

static void
slow_and_fast(void)
{
	struct writer slow = { .path = { "/slow/a", "/slow/b" }, .value = 1 };
	struct writer fast = { .path = { "/fast/c", "/fast/d" }, .value = 2 };

	set_up();
	rump_blockfs_reset();
	both(true);
	hold_slow(true);
	T_ASSERT_EQ(pthread_create(&slow.thread, NULL, fill, &slow), 0);
	/* these end while nothing of the other is written */
	for (int i = 0; i < 5; i++)
		fill(&fast);
	hold_slow(false);
	T_ASSERT_EQ(pthread_join(slow.thread, NULL), 0);

	T_CHECK_EQ(slow.failed + fast.failed, 0);
	T_CHECK(slow.most > 0 && slow.most <= LIMIT + 2 * PIECE);
	T_CHECK(fast.most > 0 && fast.most <= LIMIT + 2 * PIECE);
	both(false);
	T_CHECK_EQ(vm_number(vm_dirty, NULL), 0);
	both(true);
	for (int i = 0; i < 2; i++) {
		contents_are(slow.path[i], slow.value);
		contents_are(fast.path[i], fast.value);
	}
	both(false);
}

static void
failing(void)
{
	struct writer w = { .path = { "/slow/a", "/slow/b" }, .value = 3 };

	set_up();
	rump_blockfs_reset();
	do_mount("/slowdisk", "/slow");
	rump_schedule();
	rump_faultdisk_fail(FAULTDISK_WRITE, RUMP_EIO, 0, 1000000);
	rump_unschedule();
	fill(&w);
	rump_schedule();
	rump_faultdisk_fail(FAULTDISK_WRITE, 0, 0, 0);
	rump_unschedule();
	/* the pages stayed; that writes of them failed is told */
	T_CHECK_EQ(w.failed, 0);
	T_CHECK_EQ(w.most, 2 * FILE_BYTES);
	contents_are("/slow/a", 3);
	T_CHECK_ERR(rump_sys_unmount("/slow", 0), RUMP_EIO);
	T_CHECK_EQ(rump_sys_unmount("/slow", 0), 0);
	T_CHECK_EQ(vm_number(vm_dirty, NULL), 0);
}

T_MAIN(T(slow_and_fast), T(failing))
