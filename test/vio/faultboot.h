/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot a kernel with a disk that fails when told to; the program's half. */
#ifndef TEST_VIO_FAULTBOOT_H
#define TEST_VIO_FAULTBOOT_H

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../t.h"
#include "faultdisk.h"

/* The disk is the block device path. */
static inline void
boot_with_faultdisk(const char *path)
{
	long long dev;

	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	dev = rump_faultdisk_attach();
	rump_unschedule();
	T_ASSERT(dev != -1);
	T_ASSERT_EQ(rump_sys_mknod(path, RUMP_S_IFBLK | 0600,
	    (unsigned long long)dev), 0);
}

#endif
