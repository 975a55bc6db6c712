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
 * The walk is bounded, because a volume may have rings.
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

#define SECTOR		512
#define MOUNTED		"/fuzz"
#define DEPTH_MAX	8
#define OBJECTS_MAX	100
#define READ_MAX	(256 * 1024)

enum { READ_ONLY = 0x80 };

static char device[] = "/dev/fuzz";
static unsigned objects;
static char last_file[4096], last_dir[4096];

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool good, const char *what)
{

	if (good)
		return;
	fprintf(stderr, "fuzz-msdosfs: %s: errno %d\n", what, errno);
	abort();
}

static void
read_file(const char *path, int64_t size)
{
	static char data[65536];
	int64_t n, total = 0;
	int fd;

	fd = rump_sys_open(path, RUMP_O_RDONLY);
	if (fd == -1)
		return;
	while (total < READ_MAX &&
	    (n = rump_sys_read(fd, data, sizeof(data))) > 0)
		total += n;
	must(total <= size, "a file is longer than it says");
	(void)rump_sys_pread(fd, data, 5000, size - 1);
	(void)rump_sys_pread(fd, data, 5000, size / 2);
	rump_sys_close(fd);
}

static void walk(const char *path, unsigned depth);

static void
look(const char *path, unsigned depth)
{
	struct rump_stat st;

	if (++objects > OBJECTS_MAX || rump_sys_lstat(path, &st) == -1)
		return;
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR) {
		snprintf(last_dir, sizeof(last_dir), "%s", path);
		if (depth < DEPTH_MAX)
			walk(path, depth + 1);
	} else {
		snprintf(last_file, sizeof(last_file), "%s", path);
		read_file(path, st.st_size);
	}
}

static void
look_at_entries(const char *path, const char *data, int len, unsigned depth)
{
	const struct rump_dirent *d;
	char below[4096];

	for (int at = 0; at < len; at += d->d_reclen) {
		d = (const void *)(data + at);
		must(d->d_reclen >= 16 && d->d_reclen <= len - at &&
		    strlen(d->d_name) == d->d_namlen &&
		    strchr(d->d_name, '/') == NULL && d->d_namlen != 0,
		    "a directory entry is not sound");
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (snprintf(below, sizeof(below), "%s/%s", path,
		    d->d_name) < (int)sizeof(below))
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
	char path[4096 + 32];

	write_to(MOUNTED "/new file", 0, 20000);
	(void)rump_sys_mkdir(MOUNTED "/New Directory", 0755);
	(void)rump_sys_rename(MOUNTED "/new file", MOUNTED "/new directory/X");
	if (*last_dir != '\0') {
		snprintf(path, sizeof(path), "%s/a long name here", last_dir);
		write_to(path, 3000, 100);
		(void)rump_sys_rename(path, MOUNTED "/moved");
		(void)rump_sys_rename(last_dir, MOUNTED "/New Directory/sub");
	}
	if (*last_file != '\0') {
		write_to(last_file, 1500, 9000);
		(void)rump_sys_truncate(last_file, 700);
		(void)rump_sys_rename(last_file, MOUNTED "/moved");
		(void)rump_sys_unlink(MOUNTED "/moved");
		(void)rump_sys_unlink(last_file);
	}
	(void)rump_sys_rmdir(MOUNTED "/New Directory/sub");
	rump_sys_sync();
	write_to(MOUNTED "/x", 100, 5000);
}

static bool
mount_it(unsigned options)
{
	struct rump_msdosfs_args args;

	memset(&args, 0, sizeof(args));
	args.fspec = device;
	args.mask = args.dirmask = 0755;
	args.version = 3;
	args.flags = RUMP_MSDOSFSMNT_VERSIONED | (options & 7);
	return rump_sys_mount("msdos", MOUNTED, (options & READ_ONLY) != 0 ?
	    RUMP_MNT_RDONLY : 0, &args, sizeof(args)) == 0;
}

static void
unmount_it(void)
{

	if (rump_sys_unmount(MOUNTED, 0) == -1)
		must(rump_sys_unmount(MOUNTED, RUMP_MNT_FORCE) == 0,
		    "unmount by force");
}

static void
try_volume(unsigned options)
{
	struct rump_statvfs sv;

	*last_file = *last_dir = '\0';
	if (!mount_it(options))
		return;
	objects = 0;
	look(MOUNTED, 0);
	change();
	(void)rump_sys_statvfs1(MOUNTED, &sv, 0);
	unmount_it();
	if (!mount_it(options))
		return;
	objects = 0;
	look(MOUNTED, 0);
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

	must(rump_init() == 0, "rump_init");
	must(rumpuser_memdisk_add("fuzz", image, len, 0) == 0, "memory disk");
	must(rump_pub_etfs_register(device, "memdisk:fuzz",
	    RUMP_ETFS_BLK) == 0, "etfs");
	must(rump_sys_mkdir(MOUNTED, 0755) == 0, "mkdir");
	try_volume(data[0]);
	must(rump_pub_etfs_remove(device) == 0, "etfs_remove");
	must(rump_halt() == 0, "rump_halt");
	must(rumpuser_memdisk_remove("fuzz") == 0, "memory disk's removal");
	free(image);
	return 0;
}
