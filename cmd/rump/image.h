/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image that is open; there is one.
 *
 * It is opened for reading, and opened anew for writing by the first command
 * that writes, so that reading takes no lock and leaves the file as it is.
 */
#ifndef CMD_RUMP_IMAGE_H
#define CMD_RUMP_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

struct fstype;

struct image {
	/* as asked for */
	const char	*path;		/* on the host, as the user says it */
	char		*file;		/* the same, absolute: lcd may come */
	const char	*typename;	/* NULL: detect */
	const char	*options;	/* for mount; NULL: none */
	const char	*partition;	/* NULL: the whole */
	bool		read_only;	/* never open for writing */

	/* as found */
	const struct fstype *type;
	int64_t		offset;		/* of the file system, in bytes */
	int64_t		size;		/* in bytes */
	int64_t		file_size;	/* of the whole image */
	bool		is_open, writable;
};
extern struct image image;

/*
 * Be open, for writing if that is asked; on failure end the program with
 * EXIT_USAGE and a message.  An image that is open for reading is mounted anew.
 */
void	image_open(bool write);
/*
 * The same, but a failure is a message and false; the image is open as it was.
 */
bool	image_reopen(bool write);
/* Write everything to the host; false after a message, though some come only at the end. */
bool	image_sync(void);
/* Unmount and halt the kernel; false after a message.  Harmless if not open. */
bool	image_close(void);
/*
 * For who must look at the whole image before it is mounted: boot the kernel with
 * the image as the block device image_device; false after a message.
 */
bool	image_attach(void);
void	image_detach(void);
extern const char image_device[];

/* What the image says of itself. */
void	image_describe(void);
/* Is its type without this?  FS_* of fstype.h. */
bool	image_lacks(unsigned feature);

#endif
