/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images, mounted and walked; see image.h.
 */
#include "image.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#define LISTING		8192			/* bytes at a time */
#define READ_MOST	(256 * 1024)

/* The walk under way. */
static unsigned depth_left, objects_left;
static void (*report)(const char *, const struct rump_stat *);

void
must(bool good, const char *what)
{

	if (good)
		return;
	fprintf(stderr, "fuzz: %s: errno %d\n", what, errno);
	abort();
}

void
image_start(void *image, size_t len, int flags)
{

	must(rump_init() == 0, "rump_init");
	must(rumpuser_memdisk_add("fuzz", image, len, flags) == 0,
	    "memory disk");
	must(rump_pub_etfs_register(IMAGE_DEVICE, "memdisk:fuzz",
	    RUMP_ETFS_BLK) == 0, "etfs");
	must(rump_sys_mkdir(IMAGE_DIR, 0755) == 0, "mkdir");
}

void
image_stop(void)
{

	must(rump_pub_etfs_remove(IMAGE_DEVICE) == 0, "etfs_remove");
	must(rump_halt() == 0, "rump_halt");
	must(rumpuser_memdisk_remove("fuzz") == 0, "memory disk's removal");
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
	while (total < READ_MOST &&
	    (n = rump_sys_read(fd, data, sizeof(data))) > 0)
		total += n;
	must(total <= size, "a file is longer than it says");
	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		(void)rump_sys_pread(fd, data, 5000, places[i]);
	rump_sys_close(fd);
}

static void read_directory(const char *path);

static void
look(const char *path)
{
	char target[2000];
	struct rump_stat st;

	if (objects_left == 0 || rump_sys_lstat(path, &st) == -1)
		return;
	objects_left--;
	if (report != NULL)
		report(path, &st);
	switch (st.st_mode & RUMP_S_IFMT) {
	case RUMP_S_IFDIR:
		if (depth_left > 0) {
			depth_left--;
			read_directory(path);
			depth_left++;
		}
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
look_at_entries(const char *path, const char *data, int len)
{
	const struct rump_dirent *d;
	char below[IMAGE_PATH_SIZE];

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
			look(below);
	}
}

static void
read_directory(const char *path)
{
	char *data = malloc(LISTING);
	int fd, n;

	fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	if (fd != -1) {
		while (objects_left > 0 &&
		    (n = rump_sys_getdents(fd, data, LISTING)) > 0)
			look_at_entries(path, data, n);
		/* A place that no listing gave. */
		(void)rump_sys_lseek(fd, 777, 0);
		(void)rump_sys_getdents(fd, data, LISTING);
		rump_sys_close(fd);
	}
	free(data);
}

void
image_walk(unsigned depth_most, unsigned objects_most,
    void (*seen)(const char *, const struct rump_stat *))
{

	depth_left = depth_most;
	objects_left = objects_most;
	report = seen;
	look(IMAGE_DIR);
}
