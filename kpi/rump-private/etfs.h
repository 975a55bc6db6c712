/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host files in the root file system: the base offers the functions to
 * programs, the vfs faction implements them, if it is linked.
 */
#ifndef _RUMP_PRIVATE_ETFS_H_
#define _RUMP_PRIVATE_ETFS_H_

#include <rump/rump.h>

/* Both return 0 or an errno, may sleep, and are called inside the kernel. */
struct rump_etfs_ops {
	int	(*eo_register)(const char *key, const char *hostpath,
		    enum rump_etfs_type type, uint64_t begin, uint64_t size);
	int	(*eo_remove)(const char *key);
};

/* Set by the vfs faction when it starts; NULL without it. */
extern const struct rump_etfs_ops *rump_etfs_ops;

#endif
