/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs: creations in one directory, throughput of one file, and what its
 * data costs in memory.  The first argument is a directory on a tmpfs (of the
 * host: /dev/shm; of a rump kernel: one is mounted here).
 */
#include "sys.h"

#define FILES	10000
#define MIB	(1024 * 1024)
#define SIZE	(256 * MIB)

static char block[MIB];

static const char *
directory(char **argv)
{
#ifdef BENCH_HOST
	static char dir[] = "/dev/shm/bench-XXXXXX";

	(void)argv;
	return mkdtemp(dir);
#else
	struct rump_tmpfs_args args;

	(void)argv;
	memset(&args, 0, sizeof(args));
	args.ta_version = 1;
	args.ta_root_mode = 0777;
	MUST(rump_sys_mkdir("/t", 0777));
	MUST(rump_sys_mount("tmpfs", "/t", 0, &args, sizeof(args)));
	return "/t";
#endif
}

static void
creates(const char *dir)
{
	char path[128];
	double start = now();

	for (int i = 0; i < FILES; i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/file-%d", dir, i);
		MUST(fd = SYS(open)(path, K_O_RDWR | K_O_CREAT, 0644));
		MUST(SYS(close)(fd));
	}
	result("tmpfs-creates", FILES / (now() - start) / 1000, "k/s");
	start = now();
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/file-%d", dir, i);
		MUST(SYS(unlink)(path));
	}
	result("tmpfs-unlinks", FILES / (now() - start) / 1000, "k/s");
}

static double
pass(int fd, int writing)
{
	double start = now();

	MUST(SYS(lseek)(fd, 0, SEEK_SET));
	for (int i = 0; i < SIZE / MIB; i++)
		if (writing)
			MUST(SYS(write)(fd, block, sizeof(block)));
		else
			MUST(SYS(read)(fd, block, sizeof(block)));
	return SIZE / MIB / (now() - start);
}

static void
throughput(const char *dir)
{
	double before, data, best = 0, r;
	char path[128];
	int fd;

	memset(block, 'x', sizeof(block));
	snprintf(path, sizeof(path), "%s/data", dir);
	MUST(fd = SYS(open)(path, K_O_RDWR | K_O_CREAT, 0644));
	before = resident_kib();
	result("tmpfs-first-write", pass(fd, 1), "MiB/s");
	data = resident_kib() - before;
	for (int i = 0; i < 5; i++)
		best = (r = pass(fd, 1)) > best ? r : best;
	result("tmpfs-overwrite", best, "MiB/s");
	best = 0;
	for (int i = 0; i < 5; i++)
		best = (r = pass(fd, 0)) > best ? r : best;
	result("tmpfs-read", best, "MiB/s");
	MUST(SYS(close)(fd));
	MUST(SYS(unlink)(path));
#ifndef BENCH_HOST
	result("tmpfs-memory-256MiB", data / 1024, "MiB");
	result("tmpfs-memory-kept", (resident_kib() - before) / 1024, "MiB");
#else
	(void)data;
#endif
}

int
main(int argc, char **argv)
{
	const char *dir;

	(void)argc;
	if (KERNEL_START() != 0)
		return 1;
#ifndef BENCH_HOST
	rump_pub_lwproc_rfork(RUMP_RFFD_CLEAR);
#endif
	dir = directory(argv);
	creates(dir);
	throughput(dir);
#ifdef BENCH_HOST
	rmdir(dir);
#endif
	return 0;
}
