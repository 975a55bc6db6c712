/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Fuzz the FAT driver: mount, walk, read, then change: write, rename, remove.
 *
 * An input is the beginning of a volume, behind two bytes: mount options, and
 * how large the volume is; the rest of it is zero.  Each is mounted in a kernel
 * that was just booted.  After the changes the volume is unmounted, which may
 * fail once, if it cannot be written as it is, but never by force; then it is
 * mounted and walked again.
 *
 * Options: 0x07: of the mount; 0x08: all other calls (image_try), with few vnodes; 0x10:
 * transfers fail; 0x20: the mount is changed while it is mounted; 0x80: read-only.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "image.h"

#define SECTOR		512
#define DEPTH_MOST	8
#define OBJECTS_MOST	100

enum { ODD = 0x08, FAILS = 0x10, UPDATED = 0x20, READ_ONLY = 0x80 };

static char device[] = IMAGE_DEVICE;
static char last_file[IMAGE_PATH_SIZE], last_dir[IMAGE_PATH_SIZE];

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
remember(const char *path, const struct rump_stat *st)
{
	const bool is_dir = (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR;

	snprintf(is_dir ? last_dir : last_file, IMAGE_PATH_SIZE, "%s", path);
}

static void
write_to(const char *path, int64_t off, size_t len)
{
	static const char data[20000] = "data";
	int fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0644);

	if (fd == -1)
		return;
	(void)rump_sys_pwrite(fd, data, len, off);
	(void)rump_sys_fsync(fd);
	(void)rump_sys_pwrite(fd, data, 100, 0);
	rump_sys_close(fd);
}

/* Change what was found last, and make new things. */
static void
change(void)
{
	char path[IMAGE_PATH_SIZE + 32];

	write_to(IMAGE_DIR "/new file", 0, 20000);
	(void)rump_sys_mkdir(IMAGE_DIR "/New Directory", 0755);
	(void)rump_sys_rename(IMAGE_DIR "/new file", IMAGE_DIR "/new directory/X");
	if (*last_dir != '\0') {
		snprintf(path, sizeof(path), "%s/a long name here", last_dir);
		write_to(path, 3000, 100);
		(void)rump_sys_rename(path, IMAGE_DIR "/moved");
		(void)rump_sys_rename(last_dir, IMAGE_DIR "/New Directory/sub");
	}
	if (*last_file != '\0') {
		write_to(last_file, 1500, 9000);
		(void)rump_sys_truncate(last_file, 700);
		(void)rump_sys_rename(last_file, IMAGE_DIR "/moved");
		(void)rump_sys_unlink(IMAGE_DIR "/moved");
		(void)rump_sys_unlink(last_file);
	}
	(void)rump_sys_rmdir(IMAGE_DIR "/New Directory/sub");
	rump_sys_sync();
	write_to(IMAGE_DIR "/x", 100, 5000);
}

static struct rump_msdosfs_args args;

static bool
mount_it(unsigned options)
{

	memset(&args, 0, sizeof(args));
	args.fspec = device;
	args.mask = args.dirmask = 0755;
	args.version = 3;
	args.flags = RUMP_MSDOSFSMNT_VERSIONED | (options & 7);
	return rump_sys_mount("msdos", IMAGE_DIR, (options & READ_ONLY) != 0 ?
	    RUMP_MNT_RDONLY : 0, &args, sizeof(args)) == 0;
}

static void
unmount_it(void)
{

	if (rump_sys_unmount(IMAGE_DIR, 0) == -1)
		must(rump_sys_unmount(IMAGE_DIR, RUMP_MNT_FORCE) == 0,
		    "unmount by force");
}

static void
try_volume(unsigned options)
{
	struct rump_statvfs sv;

	*last_file = *last_dir = '\0';
	if (!mount_it(options))
		return;
	image_walk(DEPTH_MOST, OBJECTS_MOST, remember);
	if ((options & UPDATED) != 0)
		image_update("msdos", &args, sizeof(args));
	change();
	if ((options & ODD) != 0) {
		image_forget();
		image_try(last_dir, last_file);
	}
	(void)rump_sys_statvfs1(IMAGE_DIR, &sv, 0);
	unmount_it();
	if (!mount_it(options))
		return;
	image_walk(DEPTH_MOST, OBJECTS_MOST, remember);
	unmount_it();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len;
	char *image;

	if (size < 2 + SECTOR)
		return -1;
	len = ((size_t)1 << (data[1] % 6)) * 128 * 1024;
	size -= 2;
	if (size > len)
		size = len;
	image = calloc(1, len);
	memcpy(image, data + 2, size);

	image_fail((data[0] & FAILS) != 0 ? 500 : 0, data[size + 1]);
	image_start(image, len, 0);
	try_volume(data[0]);
	image_stop();
	free(image);
	return 0;
}
