/* SPDX-License-Identifier: BSD-2-Clause */
/* What etfs.c and file.c share. */
#ifndef _VFS_ETFS_FILE_H_
#define _VFS_ETFS_FILE_H_

#include <sys/mutex.h>

extern kmutex_t etfs_lock;

#endif
