/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * writer: writes to a host's file, put together.
 *
 * A few requests are with the host at a time.  Writes that come meanwhile wait,
 * and those that follow one another on the disk become one request: a request
 * costs the host a change of threads or two, whatever its size.
 */
#ifndef _VFS_ETFS_WRITER_H_
#define _VFS_ETFS_WRITER_H_

#include <sys/types.h>

struct buf;
struct writer;

/*
 * A writer, for as long as the file is open.
 *
 * fd      open for writing.
 * begin   byte of the file where block 0 is.
 * done    told of each buffer's end: the bytes that were moved, and 0 or what
 *         went wrong.  It may be the last that is heard of the writer.
 */
struct writer *writer_create(int fd, uint64_t begin,
	    void (*done)(struct buf *bp, size_t bytes, int error));

/* The opposite; all that was started is over. */
void	writer_destroy(struct writer *wr);

/*
 * Write a buffer: b_bcount bytes at b_data to block b_rawblkno.  done will be
 * called, from here or another thread.
 *
 * Context: thread or callback of the host's; sleeps only for memory.
 */
void	writer_start(struct writer *wr, struct buf *bp);

#endif /* !_VFS_ETFS_WRITER_H_ */
