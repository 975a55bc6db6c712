/* SPDX-License-Identifier: BSD-2-Clause */
/* Types of partitions, known to vfs and to the disk driver. */
#ifndef _RUMP_PRIVATE_DISKTYPE_H_
#define _RUMP_PRIVATE_DISKTYPE_H_

#include <sys/types.h>

/* What a label's FS_* is as DKW_PTYPE_*; "" for what is unknown. */
const char *disk_ptype(uint8_t fstype);

#endif
