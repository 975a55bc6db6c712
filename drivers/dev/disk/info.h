/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a disk in a dictionary. */
#ifndef _DRIVERS_DEV_DISK_INFO_H_
#define _DRIVERS_DEV_DISK_INFO_H_

#include <sys/types.h>

struct disk;

void	disk_info_init(void);
void	disk_info_fini(struct disk *dk);

/* DIOCGDISKINFO, cmd, to data.  ENOTSUP: the disk said nothing; or EFAULT ... */
int	disk_info_copyout(struct disk *dk, u_long cmd, void *data);

#endif
