/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open an image: recognise its file system, boot a kernel, mount.
 *
 * The image is mapped into the kernel's name space as a block device (etfs),
 * mounted read-only, and made the root of this process.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"

#define DEVICE	"/dev/image"
#define MOUNTED	"/image"

struct image image;

static const struct fstype *
type_named(const char *name)
{

	for (size_t i = 0; fstypes[i] != NULL; i++)
		if (strcmp(fstypes[i]->name, name) == 0)
			return fstypes[i];
	return NULL;
}

static const struct fstype *
type_detect(int fd)
{

	for (size_t i = 0; fstypes[i] != NULL; i++)
		if (fstypes[i]->detect(fd))
			return fstypes[i];
	return NULL;
}

static void
type_choose(int fd, const char *type)
{

	if (type != NULL && (image.type = type_named(type)) == NULL) {
		fprintf(stderr, "rump fs: no file system named '%s' (see 'rump fs help')\n", type);
		exit(EXIT_USAGE);
	}
	if (type == NULL && (image.type = type_detect(fd)) == NULL)
		fail_text(NULL, "no file system recognised in it (-t names one)");
}

static int
host_open(const char *path)
{
	struct stat st;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1 || fstat(fd, &st) == -1)
		fail_text(NULL, strerror(errno));
	if (S_ISDIR(st.st_mode))
		fail_text(NULL, "is a directory, not an image");
	if ((image.size = lseek(fd, 0, SEEK_END)) <= 0)
		fail_text(NULL, image.size == 0 ? "is empty" : strerror(errno));
	return fd;
}

static void
kernel_boot(void)
{
	int err;

	/* what the kernel says must not get among the files that are printed */
	setenv("RUMP_CONSOLE", "stderr", 0);
	if ((err = rump_init()) != 0)
		fail(NULL, err);
	if ((err = rump_pub_etfs_register(DEVICE, image.path, RUMP_ETFS_BLK)) != 0)
		fail(NULL, err);
	if (rump_sys_mkdir(MOUNTED, 0755) == -1)
		fail(NULL, errno);
}

static void
image_mount(char *opts)
{
	const char *badopt = NULL;
	int err;

	if ((err = image.type->mount(DEVICE, MOUNTED, opts, &badopt)) == 0)
		return;
	if (badopt != NULL) {
		fprintf(stderr, "rump fs: %s: no option '%s'; there are: %s\n",
		    image.type->name, badopt, image.type->options);
		exit(EXIT_USAGE);
	}
	fprintf(stderr, "rump fs: cannot mount as %s:\n", image.type->title);
	fail(NULL, err);
}

/*
 * Open the image at path (of the host) as type (NULL: detect) with mount
 * options opts (NULL: none).  Ends the program with a message on failure.
 */
void
image_open(const char *path, const char *type, char *opts)
{
	int fd;

	image.path = path;
	fd = host_open(path);
	type_choose(fd, type);
	close(fd);
	kernel_boot();
	image_mount(opts);
	if (rump_sys_chroot(MOUNTED) == -1 || rump_sys_chdir("/") == -1)
		fail(NULL, errno);
}

/* What the image says of itself. */
void
image_describe(void)
{
	int fd = host_open(image.path);

	image.type->describe(fd);
	close(fd);
}
