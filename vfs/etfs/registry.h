/* SPDX-License-Identifier: BSD-2-Clause */
/* Registration of keys, inside the kernel; programs have rump_pub_etfs_*. */
#ifndef _VFS_ETFS_REGISTRY_H_
#define _VFS_ETFS_REGISTRY_H_

#include <rump/rump.h>

int	rump_etfs_register(const char *key, const char *hostpath,
	    enum rump_etfs_type type);
int	rump_etfs_register_withsize(const char *key, const char *hostpath,
	    enum rump_etfs_type type, uint64_t begin, uint64_t size);
int	rump_etfs_remove(const char *key);

#endif
