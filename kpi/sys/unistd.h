/* SPDX-License-Identifier: BSD-2-Clause */
/* Constants of access(2), lseek(2), pathconf(2) and fsync_range(2). */
#ifndef _SYS_UNISTD_H_
#define _SYS_UNISTD_H_

#include <sys/featuretest.h>

#define _POSIX_JOB_CONTROL	1
#define _POSIX_SAVED_IDS	1
#define _POSIX_VERSION		200112L
#define _POSIX_VDISABLE	((unsigned char)'\377')

/* access(2) */
#define F_OK	0
#define X_OK	1
#define W_OK	2
#define R_OK	4

/* lseek(2) */
#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#define L_SET	SEEK_SET
#define L_INCR	SEEK_CUR
#define L_XTND	SEEK_END

/* fsync_range(2): data only, or data and metadata; and the disk's cache too. */
#define FDATASYNC	0x10
#define FFILESYNC	0x20
#define FDISKSYNC	0x40

/* pathconf(2) */
#define _PC_LINK_MAX		1
#define _PC_MAX_CANON		2
#define _PC_MAX_INPUT		3
#define _PC_NAME_MAX		4
#define _PC_PATH_MAX		5
#define _PC_PIPE_BUF		6
#define _PC_CHOWN_RESTRICTED	7
#define _PC_NO_TRUNC		8
#define _PC_VDISABLE		9
#define _PC_SYNC_IO		10
#define _PC_FILESIZEBITS	11
#define _PC_SYMLINK_MAX		12
#define _PC_2_SYMLINKS		13
#define _PC_ACL_EXTENDED	14
#define _PC_MIN_HOLE_SIZE	15
#define _PC_ACL_PATH_MAX	16
#define _PC_ACL_NFS4		17

#endif /* _SYS_UNISTD_H_ */
