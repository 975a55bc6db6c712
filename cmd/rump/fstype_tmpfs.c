/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs: a file system in memory, to try things on.  There is no image, and
 * nothing is kept.
 */
#include <errno.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fstype.h"

static const struct fsoption no_flags[] = { { NULL, 0 } };

static int
tmpfs_mount(const char *dev, const char *dir, int flags, char *opts, const char **badopt)
{
	struct rump_tmpfs_args args;
	int64_t value;
	int none = 0;

	(void)dev;
	memset(&args, 0, sizeof(args));
	args.ta_version = 1;
	args.ta_root_mode = 0755;
	if (fsoption_value(opts, "size", &value))
		args.ta_size_max = value;
	if (fsoption_value(opts, "nodes", &value))
		args.ta_nodes_max = (uint64_t)value;
	if ((*badopt = fsoptions_parse(opts, no_flags, &none, &flags)) != NULL)
		return EINVAL;
	if (rump_sys_mount("tmpfs", dir, flags, &args, sizeof(args)) == -1)
		return errno;
	return 0;
}

const struct fstype fstype_tmpfs = {
	.name = "tmpfs",
	.title = "memory",
	.options = "size=BYTES, nodes=COUNT",
	.flags = FS_WRITE | FS_OWNERS | FS_LINKS | FS_SYMLINKS | FS_HOLES | FS_NOIMAGE,
	.mount = tmpfs_mount,
};
