/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file system on a disk: writing and reading a large file, with the image in
 * the host's cache but nothing in the kernel's, and many small files in one
 * directory.
 *
 * The image is named by the argument or BENCH_IMAGE; a FAT file system of
 * 512 MiB, none of whose blocks the host has yet to find.  The host's kernel
 * does the same on its own file system, beside the image.
 */
#include "sys.h"

#include <libgen.h>

#define FILES	5000
#define MIB	(1024 * 1024)
#define SIZE	(256 * MIB)

static char block[MIB];

static char dir[4096];		/* where the files are made */

#ifdef BENCH_HOST
static void
start(const char *image)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s", image);
	snprintf(dir, sizeof(dir), "%s/bench-disk-XXXXXX", dirname(path));
	if (mkdtemp(dir) == NULL) {
		perror(dir);
		exit(1);
	}
}

static void
end(void)
{

	MUST(rmdir(dir));
}
#else
static void
do_mount(void)
{
	struct rump_msdosfs_args args;

	memset(&args, 0, sizeof(args));
	args.fspec = (char *)(uintptr_t)"/disk";
	args.mask = args.dirmask = 0777;
	args.version = RUMP_MSDOSFSMNT_VERSION;
	args.flags = RUMP_MSDOSFSMNT_VERSIONED | RUMP_MSDOSFSMNT_LONGNAME;
	MUST(rump_sys_mount(RUMP_MOUNT_MSDOS, dir, 0, &args, sizeof(args)));
}

static void
remount(void)
{

	MUST(rump_sys_unmount(dir, 0));
	do_mount();
}

static void
start(const char *image)
{

	rump_pub_lwproc_rfork(RUMP_RFFD_CLEAR);
	if (rump_pub_etfs_register("/disk", image, RUMP_ETFS_BLK) != 0) {
		fprintf(stderr, "%s: cannot be used as a disk\n", image);
		exit(1);
	}
	snprintf(dir, sizeof(dir), "/m");
	MUST(rump_sys_mkdir(dir, 0755));
	do_mount();
}

static void
end(void)
{

	MUST(rump_sys_unmount(dir, 0));
}
#endif

static const char *
in_dir(const char *name)
{
	static char path[sizeof(dir) + 64];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
write_file(void)
{
	double begun = now();
	int fd;

	memset(block, 'x', sizeof(block));
	MUST(fd = SYS(open)(in_dir("data"), K_O_RDWR | K_O_CREAT, 0644));
	for (int i = 0; i < SIZE / MIB; i++)
		MUST(SYS(write)(fd, block, sizeof(block)));
	MUST(SYS(fsync)(fd));
	result("disk-write-fsync", SIZE / MIB / (now() - begun), "MiB/s");
	MUST(SYS(close)(fd));
}

static void
read_file(void)
{
#ifndef BENCH_HOST	/* what it wrote is in its cache: nothing to compare */
	double begun;
	int fd;

	remount();
	begun = now();
	MUST(fd = rump_sys_open(in_dir("data"), K_O_RDWR, 0));
	for (int i = 0; i < SIZE / MIB; i++)
		MUST(rump_sys_read(fd, block, sizeof(block)));
	result("disk-cold-read", SIZE / MIB / (now() - begun), "MiB/s");
	MUST(rump_sys_close(fd));
#endif
}

static void
small_file(int i, int flags)
{
	char name[64], data[100] = "";
	int fd;

	snprintf(name, sizeof(name), "dir/file-%d", i);
	MUST(fd = SYS(open)(in_dir(name), K_O_RDWR | flags, 0644));
	if (flags != 0)
		MUST(SYS(write)(fd, data, sizeof(data)));
	else
		MUST(SYS(read)(fd, data, sizeof(data)));
	MUST(SYS(close)(fd));
}

static void
small_files(void)
{
	char name[64];
	double begun;

	MUST(SYS(mkdir)(in_dir("dir"), 0755));
	begun = now();
	for (int i = 0; i < FILES; i++)
		small_file(i, K_O_CREAT);
	result("disk-creates", FILES / (now() - begun) / 1000, "k/s");
	begun = now();
	for (int i = 0; i < FILES; i++)
		small_file(i, 0);
	result("disk-open-reads", FILES / (now() - begun) / 1000, "k/s");
	begun = now();
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "dir/file-%d", i);
		MUST(SYS(unlink)(in_dir(name)));
	}
	result("disk-unlinks", FILES / (now() - begun) / 1000, "k/s");
	MUST(SYS(rmdir)(in_dir("dir")));
}

int
main(int argc, char **argv)
{
	const char *image = argc > 1 ? argv[1] : getenv("BENCH_IMAGE");

	if (image == NULL) {
		fprintf(stderr, "usage: %s IMAGE\n", argv[0]);
		return 2;
	}
	if (KERNEL_START() != 0)
		return 1;
	start(image);
	write_file();
	read_file();
	MUST(SYS(unlink)(in_dir("data")));
	small_files();
	end();
	return 0;
}
