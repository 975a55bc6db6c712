/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the vfs faction share: a main that boots the kernel, a
 * tmpfs to mount, small helpers.  One source file each, so all is static.
 */
#ifndef TEST_VFS_VFS_H
#define TEST_VFS_VFS_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "t.h"

/* A pseudo-random number below n; the same sequence everywhere. */
static uint64_t vfs_seed = 1;

T_FUNC unsigned
vfs_random(unsigned n)
{

	return t_random(&vfs_seed, n);
}

/* The kernel's number for an error of the host's. */
T_FUNC int
vfs_errno(int host)
{
	static const struct {
		int	host, rump;
	} errors[] = {
		{ EACCES, RUMP_EACCES }, { EAGAIN, RUMP_EAGAIN },
		{ EBADF, RUMP_EBADF }, { EBUSY, RUMP_EBUSY },
		{ EEXIST, RUMP_EEXIST }, { EFBIG, RUMP_EFBIG },
		{ EINVAL, RUMP_EINVAL }, { EIO, RUMP_EIO },
		{ EISDIR, RUMP_EISDIR }, { ELOOP, RUMP_ELOOP },
		{ EMLINK, RUMP_EMLINK }, { ENAMETOOLONG, RUMP_ENAMETOOLONG },
		{ ENOENT, RUMP_ENOENT }, { ENOTDIR, RUMP_ENOTDIR },
		{ ENOTEMPTY, RUMP_ENOTEMPTY }, { ENXIO, RUMP_ENXIO },
		{ EPERM, RUMP_EPERM }, { ESPIPE, RUMP_ESPIPE },
		{ EXDEV, RUMP_EXDEV },
	};
	const size_t n = sizeof(errors) / sizeof(errors[0]);
	size_t at = 0;

	while (at < n && errors[at].host != host)
		at++;
	/* one that is not listed equals nothing */
	return at < n ? errors[at].rump : -host;
}

T_FUNC int
vfs_mount_tmpfs(const char *dir, int flags)
{
	struct rump_tmpfs_args args;

	memset(&args, 0, sizeof(args));
	args.ta_version = RUMP_TMPFS_ARGS_VERSION;
	args.ta_root_mode = 0755;
	return rump_sys_mount("tmpfs", dir, flags, &args, sizeof(args));
}

/* A file with some bytes in it; 0, or -1. */
T_FUNC int
vfs_write_file(const char *path, const void *data, size_t len)
{
	int fd;

	fd = rump_sys_open(path, RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_TRUNC,
	    0644);
	if (fd == -1)
		return -1;
	if (rump_sys_write(fd, data, len) != (ssize_t)len) {
		rump_sys_close(fd);
		return -1;
	}
	return rump_sys_close(fd);
}

T_FUNC int
vfs_touch(const char *path)
{

	return vfs_write_file(path, "", 0);
}

T_FUNC int
vfs_exists(const char *path)
{
	struct rump_stat st;

	return rump_sys_lstat(path, &st) == 0;
}

#define VFS_MAIN(...) \
int \
main(int argc, char **argv) \
{ \
	static const struct t_case cases[] = { __VA_ARGS__ }; \
 \
	if (rump_init() != 0) { \
		t_puts("Bail out! the kernel does not boot\n"); \
		return 1; \
	} \
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv); \
}

#endif
