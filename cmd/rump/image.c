/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open an image: recognise its file system, boot a kernel, mount; and close it.
 *
 * The image is mapped into the kernel's name space as a block device (etfs),
 * mounted, and made the root of this process.  A descriptor of the kernel's own
 * root leads back out, to unmount.
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
#include <rump/rumperr.h>

#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "partition.h"

#define MOUNTED	"/image"

struct image image;
const char image_device[] = "/dev/image";

static int outside = -1;	/* descriptor of the kernel's root */

bool
image_lacks(unsigned feature)
{

	return image.type != NULL && (image.type->flags & feature) == 0;
}

static const struct fstype *
type_detect(int fd)
{

	for (size_t i = 0; fstypes[i] != NULL; i++)
		if (fstypes[i]->detect != NULL && fstypes[i]->detect(fd, image.offset))
			return fstypes[i];
	return NULL;
}

static bool
type_choose(int fd)
{

	if (image.type != NULL)
		return true;
	if (image.typename == NULL)
		image.type = type_detect(fd);
	if (image.type != NULL)
		return true;
	complain_text(NULL, "no file system recognised in it (-t names one)");
	/* perhaps it is a disk */
	if (image.partition == NULL && partition_list(stderr) > 0)
		fputs("-p chooses a partition.\n", stderr);
	return false;
}

/* -1 after a message */
static int
host_open(bool write)
{
	struct stat st;
	int fd;

	fd = open(image.file, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd == -1 && errno == EISDIR)
		complain_text(NULL, "is a directory, not an image");
	else if (fd == -1 || fstat(fd, &st) == -1)
		complain_text(NULL, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		complain_text(NULL, "is a directory, not an image");
	else if ((image.file_size = lseek(fd, 0, SEEK_END)) <= 0)
		complain_text(NULL, image.file_size == 0 ? "is empty" : strerror(errno));
	else
		return fd;
	if (fd != -1)
		close(fd);
	return -1;
}

static bool
type_parse(void)
{

	if (image.type != NULL || image.typename == NULL)
		return true;
	if ((image.type = fstype_named(image.typename)) != NULL)
		return true;
	fprintf(stderr, "rump fs: no file system named '%s' (see 'rump fs help')\n", image.typename);
	return false;
}

/* Look at the image before a kernel does. */
static bool
host_check(bool write)
{
	int fd;
	bool ok;

	if (!type_parse())
		return false;
	if (image.type != NULL && (image.type->flags & FS_NOIMAGE) != 0)
		return true;
	if ((fd = host_open(write)) == -1)
		return false;
	if (image.partition == NULL)
		image.size = image.file_size;
	ok = (image.partition == NULL || image.size != 0 || partition_find()) && type_choose(fd);
	close(fd);
	if (ok && write && image_lacks(FS_WRITE)) {
		fprintf(stderr, "rump fs: %s: %s cannot be written\n", image.path,
		    image.type->title);
		return false;
	}
	return ok;
}

static int
limits_raise(void)
{
	struct rump_rlimit lim;

	/* a descriptor for each level of a tree, and the hard limit is ours */
	if (rump_sys_getrlimit(RUMP_RLIMIT_NOFILE, &lim) == -1)
		return errno;
	lim.rlim_cur = lim.rlim_max;
	return rump_sys_setrlimit(RUMP_RLIMIT_NOFILE, &lim) == -1 ? errno : 0;
}

static int
kernel_boot(void)
{
	int err;

	if (outside != -1)
		return 0;
	/* what the kernel says must not get among the files that are printed */
	setenv("RUMP_CONSOLE", "stderr", 0);
	if ((err = rump_init()) != 0 || (err = limits_raise()) != 0)
		return err;
	if ((outside = rump_sys_open("/", RUMP_O_RDONLY | RUMP_O_DIRECTORY)) == -1 ||
	    rump_sys_mkdir(MOUNTED, 0755) == -1)
		return errno;
	return 0;
}

static int
device_register(int64_t offset, int64_t size)
{

	return rump_pub_etfs_register_withsize(image_device, image.file, RUMP_ETFS_BLK,
	    (uint64_t)offset, size == 0 ? RUMP_ETFS_SIZE_ENDOFF : (uint64_t)size);
}

bool
image_attach(void)
{
	int err;

	if ((err = kernel_boot()) == 0 && (err = device_register(0, 0)) == 0)
		return true;
	complain(NULL, err);
	return false;
}

void
image_detach(void)
{

	rump_pub_etfs_remove(image_device);
}

static void
mount_complain(int err, bool write)
{

	if (err == RUMP_EBUSY || err == RUMP_EAGAIN)
		complain_text(NULL, write ? "is in use: another program has it open, or is writing it" :
		    "is in use: another program is writing it");
	else
		fprintf(stderr, "rump fs: %s: cannot mount as %s: %s\n", image.path,
		    image.type->title, rump_strerror(err));
}

static bool
mount_image(bool write)
{
	char *opts = image.options != NULL ? xstrdup(image.options) : NULL;
	const char *badopt = NULL;
	int err, flags = write ? 0 : RUMP_MNT_RDONLY;

	err = image.type->mount(image_device, MOUNTED, flags, opts, &badopt);
	if (err != 0 && badopt != NULL)
		fprintf(stderr, "rump fs: %s: no option '%s'; there are: %s\n",
		    image.type->name, badopt, image.type->options);
	else if (err != 0)
		mount_complain(err, write);
	free(opts);
	if (err != 0)
		return false;
	if (rump_sys_chroot(MOUNTED) == -1 || rump_sys_chdir("/") == -1) {
		complain(NULL, errno);
		return false;
	}
	image.is_open = true;
	image.writable = write;
	return true;
}

static bool
unmount_image(void)
{

	image.is_open = image.writable = false;
	if (rump_sys_fchroot(outside) == -1 || rump_sys_fchdir(outside) == -1) {
		complain(NULL, errno);
		return false;
	}
	if (rump_sys_unmount(MOUNTED, 0) == -1 && (errno != RUMP_EBUSY ||
	    rump_sys_unmount(MOUNTED, RUMP_MNT_FORCE) == -1)) {
		fprintf(stderr, "rump fs: %s: not everything could be written: %s\n",
		    image.path, rump_strerror(errno));
		return false;
	}
	return true;
}

/* The same type, options and working directory as before. */
static bool
mount_anew(bool write)
{
	char cwd[RUMP_MAXPATHLEN];
	bool known = rump_sys___getcwd(cwd, sizeof(cwd)) != -1, was = image.writable;

	if (!unmount_image())
		return false;
	if (!mount_image(write)) {
		if (!mount_image(was))
			fail_text(NULL, "is lost");
		write = !write;
	}
	if (known && rump_sys_chdir(cwd) == -1)
		complain(cwd, errno);
	return image.writable || !write;
}

bool
image_reopen(bool write)
{

	if (image.is_open && (image.writable || !write))
		return true;
	if (write && image.read_only) {
		complain_text(NULL, "was opened for reading only (-r)");
		return false;
	}
	if (!host_check(write))
		return false;
	return mount_anew(write);
}

void
image_open(bool write)
{
	int err;

	if (image.is_open || (write && image.read_only)) {
		if (!image_reopen(write))
			goto failed;
		return;
	}
	if (!host_check(write))
		goto failed;
	if (image.type->flags & FS_NOIMAGE)
		write = true;
	if ((err = kernel_boot()) == 0 && (image.type->flags & FS_NOIMAGE) == 0)
		err = device_register(image.offset, image.partition != NULL ? image.size : 0);
	if (err != 0)
		fail_text(NULL, rump_strerror(err));
	if (mount_image(write))
		return;
failed:
	image_close();
	exit(EXIT_USAGE);
}

bool
image_sync(void)
{
	int fd, err = 0;

	if (!image.writable)
		return true;
	rump_sys_sync();
	/* sync(2) tells no errors; those of files are told when the image is closed */
	if ((fd = rump_sys_open("/", RUMP_O_RDONLY | RUMP_O_DIRECTORY)) == -1)
		return true;
	if (rump_sys_fsync(fd) == -1)
		err = errno;
	rump_sys_close(fd);
	if (err != 0)
		complain(NULL, err);
	return err == 0;
}

bool
image_close(void)
{
	bool ok = true;

	if (outside == -1)
		return true;
	if (image.is_open)
		ok = unmount_image();
	rump_sys_close(outside);
	outside = -1;
	rump_halt();
	return ok;
}

void
image_describe(void)
{
	int fd;

	if (image.type->describe == NULL || (fd = host_open(false)) == -1)
		return;
	image.type->describe(fd, image.offset);
	close(fd);
}
