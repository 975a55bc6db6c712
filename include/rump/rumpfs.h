/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The root file system: what programs can ask of it by rump_sys_fcntl().
 */
#ifndef _RUMP_RUMPFS_H_
#define _RUMP_RUMPFS_H_

#ifdef _KERNEL
#include <sys/types.h>
#else
#include <stddef.h>
#endif

/*
 * Memory of the program that becomes the contents of an empty regular file.
 * It is not copied, and has to stay as long as the kernel runs.
 */
struct rumpfs_extstorage {
	void	*rfse_data;
	size_t	rfse_dlen;
	int	rfse_flags;	/* 0 */
};

#define RUMPFS_FCNTL_EXTSTORAGE_ADD \
	((int)(0x9000d201U | sizeof(struct rumpfs_extstorage) << 16))

#endif /* _RUMP_RUMPFS_H_ */
