/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory disks: a program gives the kernel memory where it expects a disk.
 *
 * The disk has the host name "memdisk:NAME", for rump_pub_etfs_register and whatever takes host names.
 * It is a block device of fixed size. The host's file system has no part in it, so it works on all
 * hosts: images built into a program, fetched over a network, or made up by a fuzzer.
 *
 *	rumpuser_memdisk_add("image", image, sizeof(image), RUMPUSER_MEMDISK_RDONLY);
 *	rump_pub_etfs_register("/image", "memdisk:image", RUMP_ETFS_BLK);
 *
 * Called by programs, before or after the kernel was started; not hypercalls.
 */

#ifndef _RUMP_RUMPUSER_MEMDISK_H_
#define _RUMP_RUMPUSER_MEMDISK_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define RUMPUSER_MEMDISK_RDONLY 1  /* opening it for writing is EROFS */

/*
 * Make a disk of size bytes.
 *
 * name   1..31 characters.
 * base   the disk's contents, which the caller keeps until the disk is removed; or NULL: the library
 *        provides zeroed memory.
 *
 * Returns 0 or NetBSD's EINVAL (name, size 0), EEXIST, EMFILE (64 disks), ENOMEM.
 */
int rumpuser_memdisk_add(const char *name, void *base, size_t size, int flags);

/*
 * Remove a disk that the kernel does not have open. Returns 0, ENOENT, EBUSY.
 */
int rumpuser_memdisk_remove(const char *name);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
