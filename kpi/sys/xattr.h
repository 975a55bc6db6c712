/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flags and limits of setxattr(2) and its kind, Linux's interface to extended
 * attributes.
 */
#ifndef _SYS_XATTR_H_
#define _SYS_XATTR_H_

#include <sys/syslimits.h>

#define XATTR_NAME_MAX	KERNEL_NAME_MAX
#define XATTR_SIZE_MAX	65536
#define XATTR_LIST_MAX	65536

#define XATTR_CREATE	0x01	/* fail if it exists */
#define XATTR_REPLACE	0x02	/* fail if it does not */

#endif /* _SYS_XATTR_H_ */
