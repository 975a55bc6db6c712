/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hostfile: files of the host that disks are made of, open on the host.
 *
 * Disks over the same file (windows of it, its block and its character device)
 * share one descriptor for reading and one for writing.  The host locks a file
 * that is open for writing against other processes; sharing keeps us from
 * meeting our own lock.
 */
#ifndef _VFS_ETFS_HOSTFILE_H_
#define _VFS_ETFS_HOSTFILE_H_

#include <sys/types.h>

/*
 * Open a file of the host for block transfers, or share it.
 *
 * write   for reading and writing; else for reading alone, which leaves the
 *         file as it is and is not hindered by anybody's lock.
 * fd      out: for hostfile_close, and for the host.
 *
 * Returns 0; EROFS: the host does not let us write; EBUSY: another process
 * writes to it; or the host's error.
 * Context: thread, may sleep.
 */
int	hostfile_open(const char *path, bool write, int *fd);

/* The opposite.  0, or the host's error; it is closed in any case. */
int	hostfile_close(int fd);

void	hostfile_init(void);

#endif /* !_VFS_ETFS_HOSTFILE_H_ */
