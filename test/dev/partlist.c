/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * partlist [-r] IMAGE...: the partitions of each image, one a line, as the
 * kernel reads them: scheme, number, parent, flags, byte offset, byte size, type,
 * file system, name; fields by tabs.  After each image a line "= errno".
 *
 *	-r	through a regular file instead of a block device
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rumpdisk.h>
#include <rump/rumpdisk_if_pub.h>

#define MOST	5000

static struct rump_partition parts[MOST];

static int
list(const char *image, enum rump_etfs_type type)
{
	size_t n = 0, i;
	int error;

	if ((error = rump_pub_etfs_register("/image", image, type)) != 0) {
		fprintf(stderr, "%s: error %d\n", image, error);
		return 1;
	}
	error = rump_pub_disk_partitions("/image", parts, MOST, &n);
	for (i = 0; i < n && i < MOST; i++)
		printf("%s\t%u\t%u\t%u\t%llu\t%llu\t%s\t%s\t%s\n",
		    parts[i].rp_scheme, parts[i].rp_number, parts[i].rp_parent,
		    parts[i].rp_flags, (unsigned long long)parts[i].rp_offset,
		    (unsigned long long)parts[i].rp_size, parts[i].rp_type,
		    parts[i].rp_fstype, parts[i].rp_name);
	printf("= %d\n", error);
	return rump_pub_etfs_remove("/image") != 0;
}

int
main(int argc, char **argv)
{
	enum rump_etfs_type type = RUMP_ETFS_BLK;
	int failed = 0, i = 1;

	if (i < argc && strcmp(argv[i], "-r") == 0) {
		type = RUMP_ETFS_REG;
		i++;
	}
	if (rump_init() != 0)
		return 2;
	for (; i < argc; i++)
		failed |= list(argv[i], type);
	return failed != 0 || rump_halt() != 0;
}
