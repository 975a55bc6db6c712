/* SPDX-License-Identifier: BSD-2-Clause */
/* What etfs.c and file.c share. */
#ifndef _VFS_ETFS_FILE_H_
#define _VFS_ETFS_FILE_H_

#include <sys/mutex.h>

struct etfs_node;

extern kmutex_t etfs_lock;

/* Close the host's descriptors of a node, whoever has it open. */
void	etfs_file_shut(struct etfs_node *en);

#endif
