/* SPDX-License-Identifier: BSD-2-Clause */
/* The I/O half of the faction, for the code that boots it. */
#ifndef _VFS_IO_H_
#define _VFS_IO_H_

/*
 * Start buffer cache, queues, page cache, device vnodes and host files.
 *
 * Context: boot: memory and locks work, no vnode exists.
 */
void	vfs_io_init(void);

#endif
