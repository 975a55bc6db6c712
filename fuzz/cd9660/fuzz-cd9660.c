/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Fuzz the ISO 9660 driver: mount, walk, read.
 *
 * An input is an image without its first sixteen sectors, which no ISO 9660
 * driver looks at, behind one byte that gives the mount options.  Each is
 * mounted in a kernel that was just booted; everything that can be reached is
 * looked at (image.h); then it is unmounted, which must not fail, and the kernel
 * halted.
 *
 * Options: the low six bits are the mount's; 0x40: few vnodes, and all calls that change
 * something or have no sense, after which the same must be there; 0x80: transfers fail.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "image.h"

#define SYSTEM_AREA	(16 * 2048)
#define SECTOR		2048
#define DEPTH_MOST	12
#define OBJECTS_MOST	300

enum { ODD = 0x40, FAILS = 0x80 };

static char device[] = IMAGE_DEVICE;
static char last_file[IMAGE_PATH_SIZE], last_dir[IMAGE_PATH_SIZE];
static unsigned objects;

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
remember(const char *path, const struct rump_stat *st)
{
	const bool is_dir = (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR;

	snprintf(is_dir ? last_dir : last_file, IMAGE_PATH_SIZE, "%s", path);
	objects++;
}

static void
odd_calls(const struct rump_iso_args *args, bool fails)
{
	unsigned before = objects;

	image_forget();
	image_try(last_dir, last_file);
	image_update("cd9660", args, sizeof(*args));
	objects = 0;
	image_walk(DEPTH_MOST, OBJECTS_MOST, remember);
	must(fails || objects == before, "not what was there before");
}

static void
try_image(int options)
{
	struct rump_iso_args args;
	struct rump_statvfs sv;

	memset(&args, 0, sizeof(args));
	args.fspec = device;
	args.flags = options & 0x3f;
	if (rump_sys_mount("cd9660", IMAGE_DIR, RUMP_MNT_RDONLY, &args,
	    sizeof(args)) == -1)
		return;
	*last_file = *last_dir = '\0';
	objects = 0;
	image_walk(DEPTH_MOST, OBJECTS_MOST, remember);
	(void)rump_sys_statvfs1(IMAGE_DIR, &sv, 0);
	if ((options & ODD) != 0)
		odd_calls(&args, (options & FAILS) != 0);
	must(rump_sys_unmount(IMAGE_DIR, 0) == 0, "unmount");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len;
	char *image;

	if (size < 1 + SECTOR)
		return -1;
	len = SYSTEM_AREA + (size - 1) / SECTOR * SECTOR;
	image = calloc(1, len);
	memcpy(image + SYSTEM_AREA, data + 1, len - SYSTEM_AREA);

	image_fail((data[0] & FAILS) != 0 ? 1000 : 0, data[size - 1]);
	image_start(image, len, RUMPUSER_MEMDISK_RDONLY);
	try_image(data[0]);
	image_stop();
	free(image);
	return 0;
}
