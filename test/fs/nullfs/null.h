/* SPDX-License-Identifier: BSD-2-Clause */
/* A null file system for the tests: /low is a tmpfs, /up shows it. */
#ifndef TEST_NULLFS_NULL_H
#define TEST_NULLFS_NULL_H

#include "../../vfs/vfs.h"

struct null_mount {
	const char	*target;
	char		export[128];
};

T_FUNC int
mount_null(const char *target, const char *dir, int flags)
{
	struct null_mount args = { .target = target };

	return rump_sys_mount("null", dir, flags, &args, sizeof(args));
}

T_FUNC int
begin(int flags)
{

	(void)rump_sys_mkdir("/low", 0755);
	(void)rump_sys_mkdir("/up", 0755);
	if (vfs_mount_tmpfs("/low", 0) != 0)
		return -1;
	return mount_null("/low", "/up", flags);
}

T_FUNC void
end(void)
{

	T_CHECK_EQ(rump_sys_unmount("/up", 0), 0);
	T_CHECK_EQ(rump_sys_unmount("/low", 0), 0);
}

#endif
