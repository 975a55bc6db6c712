/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory disks, for files and block I/O: names "memdisk:NAME", descriptors of a range of their own.
 */

#ifndef HYPERCALL_LIB_MEMDISK_H
#define HYPERCALL_LIB_MEMDISK_H

#include "core.h"

/* Whether the descriptor is one of a memory disk. */
bool memdisk_is(int fd);

/* Whether the name is one of a memory disk. */
bool memdisk_names(const char *name);

/* As core_open, core_close, core_fileinfo; for names that memdisk_names accepts. */
int memdisk_open(const char *name, int mode, int *fd);
int memdisk_close(int fd);
int memdisk_info(const char *name, uint64_t *size, int *type);

/*
 * As core_rw with off >= 0, but never blocks, and short only at the end. Writing beyond that
 * is NB_ENOSPC.
 */
int memdisk_rw(int fd, bool write, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved);

#endif
