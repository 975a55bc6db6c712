/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls on names: what they refuse before they look at anything.
 */
#include "vfs.h"

#define NS_USER	1	/* EXTATTR_NAMESPACE_USER */

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

/* A file system without attributes says so, to each interface in its way. */
static void
no_attributes(void)
{
	char byte;

	T_ASSERT_EQ(rump_sys_mkdir("/plain", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/plain", 0), 0);
	T_CHECK_ERR(rump_sys_extattr_set_file("/plain", NS_USER, "a", "b", 1),
	    RUMP_EOPNOTSUPP);
	T_CHECK_ERR(rump_sys_extattr_list_file("/plain", NS_USER, &byte, 1),
	    RUMP_EOPNOTSUPP);
	T_CHECK_ERR(rump_sys_setxattr("/plain", "user.a", "b", 1, 0),
	    RUMP_ENOTSUP);
	T_CHECK_ERR(rump_sys_getxattr("/plain", "user.a", &byte, 1),
	    RUMP_ENOTSUP);
	T_CHECK_ERR(rump_sys_listxattr("/plain", &byte, 1), RUMP_ENOTSUP);
	T_CHECK_ERR(rump_sys_removexattr("/plain", "user.a"), RUMP_ENOTSUP);
	T_CHECK_EQ(rump_sys_unmount("/plain", 0), 0);
}

VFS_MAIN(T(two_paths), T(no_attributes))
