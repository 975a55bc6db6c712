/* SPDX-License-Identifier: BSD-2-Clause */
/* rump fs df, info and parts: the file system, and the image, as a whole. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"
#include "fstype.h"
#include "image.h"
#include "partition.h"

static unsigned
percent(uint64_t used, uint64_t avail)
{

	return used + avail == 0 ? 0 : (unsigned)((used * 100 + used + avail - 1) / (used + avail));
}

static void
print_row(uint64_t total, uint64_t used, uint64_t avail, bool human)
{
	char t[32], u[32], a[32];

	if (human) {
		size_human(total * 1024, t, sizeof(t));
		size_human(used * 1024, u, sizeof(u));
		size_human(avail * 1024, a, sizeof(a));
	} else {
		snprintf(t, sizeof(t), "%llu", (unsigned long long)total);
		snprintf(u, sizeof(u), "%llu", (unsigned long long)used);
		snprintf(a, sizeof(a), "%llu", (unsigned long long)avail);
	}
	printf("%-24s %-8s %12s %12s %12s %4u%%\n", image.path, image.type->name, t, u, a,
	    percent(used, avail));
}

int
cmd_df(int argc, char **argv)
{
	bool human = false, inodes = false;
	struct rump_statvfs sv;
	int c;

	while ((c = getopt(argc, argv, "hi")) != -1)
		switch (c) {
		case 'h': human = true; break;
		case 'i': inodes = true; break;
		default: return BAD_USAGE;
		}
	if (optind != argc)
		return BAD_USAGE;
	if (rump_sys_statvfs1("/", &sv, RUMP_ST_WAIT) == -1) {
		complain("/", errno);
		return EXIT_SOME;
	}
	printf("%-24s %-8s %12s %12s %12s %5s\n", "Image", "Type",
	    inodes ? "Inodes" : human ? "Size" : "1K-blocks",
	    inodes ? "IUsed" : "Used", inodes ? "IFree" : "Available", "Use%");
	if (inodes)
		print_row(sv.f_files, sv.f_files - sv.f_ffree, sv.f_favail, false);
	else
		print_row(sv.f_blocks * sv.f_frsize / 1024,
		    (sv.f_blocks - sv.f_bfree) * sv.f_frsize / 1024,
		    sv.f_bavail * sv.f_frsize / 1024, human);
	return EXIT_OK;
}

int
cmd_parts(int argc, char **argv)
{
	int n;

	(void)argv;
	if (argc > 1)
		return BAD_USAGE;
	if ((n = partition_list(stdout)) == 0)
		complain_text(NULL, "has no partitions");
	return n > 0 ? EXIT_OK : n == 0 ? EXIT_SOME : EXIT_USAGE;
}

int
cmd_info(int argc, char **argv)
{
	struct rump_statvfs sv;
	char size[32];

	if (getopt(argc, argv, "") != -1 || optind != argc)
		return BAD_USAGE;
	if (rump_sys_statvfs1("/", &sv, RUMP_ST_WAIT) == -1) {
		complain("/", errno);
		return EXIT_SOME;
	}
	printf("%-14s %s\n", "image", image.path);
	if (image.size > 0) {
		size_human((uint64_t)image.size, size, sizeof(size));
		printf("%-14s %lld bytes (%s)\n", "size", (long long)image.size, size);
	}
	printf("%-14s %s (%s)\n", "file system", image.type->title, image.type->name);
	printf("%-14s %lu\n", "longest name", (unsigned long)sv.f_namemax);
	fflush(stdout);
	image_describe();
	return EXIT_OK;
}
