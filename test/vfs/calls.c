/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls on names: what they refuse before they look at anything.
 */
#include "vfs.h"

/* Both paths are copied in before the first is looked up. */
static void
two_paths(void)
{
	const char *missing = "/missing", *bad = NULL;
	char longest[1100];

	memset(longest, 'a', sizeof(longest) - 1);
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	T_CHECK_ERR(rump_sys_rename(missing, bad), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_rename(bad, missing), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_renameat(RUMP_AT_FDCWD, missing, 55, bad),
	    RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_rename(missing, longest), RUMP_ENAMETOOLONG);
	T_CHECK_ERR(rump_sys_rename(missing, "/none/none"), RUMP_ENOENT);
}

VFS_MAIN(T(two_paths))
