/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Fuzz the ISO 9660 driver: mount, walk, read.
 *
 * An input is an image without its first sixteen sectors, which no ISO 9660
 * driver looks at, behind one byte that gives the mount options.  Each is
 * mounted in a kernel that was just booted; everything that can be reached is
 * looked at, read, and read again by the ways that an honest program would not
 * take; then it is unmounted, which must not fail, and the kernel halted.
 *
 * The walk is bounded, because an image may have rings.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#define SYSTEM_AREA	(16 * 2048)
#define SECTOR		2048
#define DEVICE		"/dev/fuzz"
#define MOUNTED		"/fuzz"
#define DEPTH_MAX	12
#define OBJECTS_MAX	300
#define READ_MAX	(256 * 1024)

static unsigned objects;

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool good, const char *what)
{

	if (good)
		return;
	fprintf(stderr, "fuzz-cd9660: %s: errno %d\n", what, errno);
	abort();
}

/* From the start, and a few pieces around the end and far behind it. */
static void
read_file(const char *path, int64_t size)
{
	static char data[65536];
	const int64_t places[] = { size - 1, size, size / 2 + 1, INT64_MAX - 7 };
	int64_t n, total = 0;
	int fd;

	fd = rump_sys_open(path, RUMP_O_RDONLY);
	if (fd == -1)
		return;
	while (total < READ_MAX &&
	    (n = rump_sys_read(fd, data, sizeof(data))) > 0)
		total += n;
	must(total <= size, "a file is longer than it says");
	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		(void)rump_sys_pread(fd, data, 5000, places[i]);
	rump_sys_close(fd);
}

static void walk(const char *path, unsigned depth);

static void
look(const char *path, unsigned depth)
{
	char target[2000];
	struct rump_stat st;

	if (++objects > OBJECTS_MAX || rump_sys_lstat(path, &st) == -1)
		return;
	switch (st.st_mode & RUMP_S_IFMT) {
	case RUMP_S_IFDIR:
		if (depth < DEPTH_MAX)
			walk(path, depth + 1);
		break;
	case RUMP_S_IFLNK:
		(void)rump_sys_readlink(path, target, sizeof(target));
		(void)rump_sys_stat(path, &st);
		break;
	case RUMP_S_IFREG:
		read_file(path, st.st_size);
		break;
	}
}

static void
look_at_entries(const char *path, const char *data, int len, unsigned depth)
{
	const struct rump_dirent *d;
	char below[8192];

	for (int at = 0; at < len; at += d->d_reclen) {
		d = (const void *)(data + at);
		must(d->d_reclen >= 16 && d->d_reclen <= len - at &&
		    strlen(d->d_name) == d->d_namlen &&
		    strchr(d->d_name, '/') == NULL && d->d_namlen != 0,
		    "a directory entry is not sound");
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, d->d_name);
		look(below, depth);
	}
}

static void
walk(const char *path, unsigned depth)
{
	char *data = malloc(8192);
	int fd, n;

	fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	if (fd != -1) {
		while (objects < OBJECTS_MAX &&
		    (n = rump_sys_getdents(fd, data, 8192)) > 0)
			look_at_entries(path, data, n, depth);
		/* A place that no listing gave. */
		(void)rump_sys_lseek(fd, 777, 0);
		(void)rump_sys_getdents(fd, data, 8192);
		rump_sys_close(fd);
	}
	free(data);
}

static void
try_image(int flags)
{
	struct rump_iso_args args;
	struct rump_statvfs sv;

	memset(&args, 0, sizeof(args));
	args.fspec = DEVICE;
	args.flags = flags;
	if (rump_sys_mount("cd9660", MOUNTED, RUMP_MNT_RDONLY, &args,
	    sizeof(args)) == -1)
		return;
	objects = 0;
	look(MOUNTED, 0);
	(void)rump_sys_statvfs1(MOUNTED, &sv, 0);
	must(rump_sys_unmount(MOUNTED, 0) == 0, "unmount");
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

	must(rump_init() == 0, "rump_init");
	must(rumpuser_memdisk_add("fuzz", image, len,
	    RUMPUSER_MEMDISK_RDONLY) == 0, "memory disk");
	must(rump_pub_etfs_register(DEVICE, "memdisk:fuzz",
	    RUMP_ETFS_BLK) == 0, "etfs");
	must(rump_sys_mkdir(MOUNTED, 0755) == 0, "mkdir");
	try_image(flags);
	must(rump_pub_etfs_remove(DEVICE) == 0, "etfs_remove");
	must(rump_halt() == 0, "rump_halt");
	must(rumpuser_memdisk_remove("fuzz") == 0, "memory disk's removal");
	free(image);
	return 0;
}
