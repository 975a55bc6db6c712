/* SPDX-License-Identifier: BSD-2-Clause */
/* Permission checks that vfs/genfs shares. */
#ifndef _VFS_GENFS_ACCESS_H_
#define _VFS_GENFS_ACCESS_H_

#include <sys/types.h>

/* Is gid the effective group of cred, or one of its others? */
bool	genfs_cred_in_group(kauth_cred_t cred, gid_t gid);

#endif
