/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file system on a disk: writing and reading a large file, with the image in
 * the host's cache but nothing in the kernel's, and many small files in one
 * directory.
 *
 * The image is named by the argument or BENCH_IMAGE; a FAT file system of
 * 512 MiB, none of whose blocks the host has yet to find.
 */
#include "sys.h"
#include <rump/rumpdefs.h>

#define FILES	5000
#define MIB	(1024 * 1024)
#define SIZE	(256 * MIB)

static char block[MIB];

static void
do_mount(void)
{
	struct rump_msdosfs_args args;

	memset(&args, 0, sizeof(args));
	args.fspec = (char *)(uintptr_t)"/disk";
	args.mask = args.dirmask = 0777;
	args.version = RUMP_MSDOSFSMNT_VERSION;
	args.flags = RUMP_MSDOSFSMNT_VERSIONED | RUMP_MSDOSFSMNT_LONGNAME;
	MUST(rump_sys_mount(RUMP_MOUNT_MSDOS, "/m", 0, &args, sizeof(args)));
}

static void
remount(void)
{

	MUST(rump_sys_unmount("/m", 0));
	do_mount();
}

static void
large_file(void)
{
	double start;
	int fd;

	memset(block, 'x', sizeof(block));
	start = now();
	MUST(fd = rump_sys_open("/m/data", K_O_RDWR | K_O_CREAT, 0644));
	for (int i = 0; i < SIZE / MIB; i++)
		MUST(rump_sys_write(fd, block, sizeof(block)));
	MUST(rump_sys_fsync(fd));
	result("disk-write-fsync", SIZE / MIB / (now() - start), "MiB/s");
	MUST(rump_sys_close(fd));
	remount();
	start = now();
	MUST(fd = rump_sys_open("/m/data", K_O_RDWR, 0));
	for (int i = 0; i < SIZE / MIB; i++)
		MUST(rump_sys_read(fd, block, sizeof(block)));
	result("disk-cold-read", SIZE / MIB / (now() - start), "MiB/s");
	MUST(rump_sys_close(fd));
	MUST(rump_sys_unlink("/m/data"));
}

static void
small_files(void)
{
	char path[64], data[100] = "";
	double start;
	int fd;

	MUST(rump_sys_mkdir("/m/dir", 0755));
	start = now();
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "/m/dir/file-%d", i);
		MUST(fd = rump_sys_open(path, K_O_RDWR | K_O_CREAT, 0644));
		MUST(rump_sys_write(fd, data, sizeof(data)));
		MUST(rump_sys_close(fd));
	}
	result("disk-creates", FILES / (now() - start) / 1000, "k/s");
	start = now();
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "/m/dir/file-%d", i);
		MUST(fd = rump_sys_open(path, K_O_RDWR, 0));
		MUST(rump_sys_read(fd, data, sizeof(data)));
		MUST(rump_sys_close(fd));
	}
	result("disk-open-reads", FILES / (now() - start) / 1000, "k/s");
	start = now();
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "/m/dir/file-%d", i);
		MUST(rump_sys_unlink(path));
	}
	result("disk-unlinks", FILES / (now() - start) / 1000, "k/s");
	MUST(rump_sys_rmdir("/m/dir"));
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
	rump_pub_lwproc_rfork(RUMP_RFFD_CLEAR);
	if (rump_pub_etfs_register("/disk", image, RUMP_ETFS_BLK) != 0) {
		fprintf(stderr, "%s: cannot be used as a disk\n", image);
		return 1;
	}
	MUST(rump_sys_mkdir("/m", 0755));
	do_mount();
	large_file();
	small_files();
	MUST(rump_sys_unmount("/m", 0));
	return 0;
}
