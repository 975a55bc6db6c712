/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * blockfs: a file system to test the page cache with.
 *
 * A mount has a root directory with BLOCKFS_FILES files named "a", "b", ...  Their
 * data are blocks of a device, scattered over it; where they are is kept in
 * memory, over mounts, until rump_blockfs_reset().
 *
 * Seen by both halves of the test.
 */
#ifndef TEST_VIO_BLOCKFS_H
#define TEST_VIO_BLOCKFS_H

#define BLOCKFS_FILES	4
#define BLOCKFS_MAXFILE	(1024 * 1024)

/* Argument of mount(2). */
struct blockfs_args {
	char		*fspec;		/* block device */
	unsigned int	bshift;		/* block size; 9..16 */
	unsigned int	mode;		/* BLOCKFS_* */
};

/* How a write gets its blocks. */
#define BLOCKFS_BEFORE	0		/* the file system, before the data */
#define BLOCKFS_FAULT	1		/* the page cache, by GOP_ALLOC */
#define BLOCKFS_BUSY	2		/* as BEFORE, with UBC_FAULTBUSY */

void	rump_blockfs_reset(void);

/* Blocks of the device that are in use. */
unsigned int rump_blockfs_used(void);

/* Pages in memory of the files of the mount at dir. */
unsigned int rump_blockfs_pages(const char *dir);

/* Random operations on the buffer cache; 0, or the line that failed. */
int	rump_bufcache_random(const char *device, unsigned int seed,
	    unsigned int ops);

/* Do errors of delayed writes come out?  As above. */
int	rump_bufcache_errors(const char *device);

/* Queues of transfers; as above. */
int	rump_bufq_test(void);

#endif
