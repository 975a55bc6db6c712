/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Fuzz the ISO 9660 driver: mount, walk, read.
 *
 * An input is an image without its first sixteen sectors, which no ISO 9660
 * driver looks at, behind one byte that gives the mount options.  Each is
 * mounted in a kernel that was just booted; everything that can be reached is
 * looked at (image.h); then it is unmounted, which must not fail, and the kernel
 * halted.
 */

#include <stdint.h>
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

static char device[] = IMAGE_DEVICE;

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_image(int flags)
{
	struct rump_iso_args args;
	struct rump_statvfs sv;

	memset(&args, 0, sizeof(args));
	args.fspec = device;
	args.flags = flags;
	if (rump_sys_mount("cd9660", IMAGE_DIR, RUMP_MNT_RDONLY, &args,
	    sizeof(args)) == -1)
		return;
	image_walk(DEPTH_MOST, OBJECTS_MOST, NULL);
	(void)rump_sys_statvfs1(IMAGE_DIR, &sv, 0);
	must(rump_sys_unmount(IMAGE_DIR, 0) == 0, "unmount");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len;
	char *image;
	int flags;

	if (size < 1 + SECTOR)
		return -1;
	flags = data[0] & 0x3f;
	len = SYSTEM_AREA + (size - 1) / SECTOR * SECTOR;
	image = calloc(1, len);
	memcpy(image + SYSTEM_AREA, data + 1, len - SYSTEM_AREA);

	image_start(image, len, RUMPUSER_MEMDISK_RDONLY);
	try_image(flags);
	image_stop();
	free(image);
	return 0;
}
