/* SPDX-License-Identifier: BSD-2-Clause */
/* The image's files, by system calls of the kernel inside. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump_syscalls.h>

#include "fs.h"
#include "side.h"

#define DIRBUF	65536

static int
image_stat(int at, const char *name, struct rump_stat *st, bool follow)
{

	return rump_sys_fstatat(at, name, st, follow ? 0 : RUMP_AT_SYMLINK_NOFOLLOW);
}

static int
image_fstat(int fd, struct rump_stat *st)
{

	return rump_sys_fstat(fd, st);
}

static int
image_dir_open(int at, const char *name, bool follow)
{

	return rump_sys_openat(at, name, RUMP_O_RDONLY | RUMP_O_DIRECTORY |
	    (follow ? 0 : RUMP_O_NOFOLLOW));
}

static void
records_add(const char *buf, size_t len, struct names *out)
{
	const struct rump_dirent *d;

	for (size_t at = 0; at < len; at += d->d_reclen) {
		d = (const void *)(buf + at);
		if (d->d_reclen == 0)
			break;
		if (d->d_fileno != 0 && strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			names_add(out, d->d_name, d->d_namlen);
	}
}

static int
image_dir_list(int fd, struct names *out)
{
	char *buf = xalloc(DIRBUF);
	int n, err;

	*out = (struct names){ NULL, 0 };
	while ((n = rump_sys_getdents(fd, buf, DIRBUF)) > 0)
		records_add(buf, (size_t)n, out);
	err = errno;
	free(buf);
	if (n != -1)
		return 0;
	names_free(out);
	errno = err;
	return -1;
}

static int
image_open_file(int at, const char *name, bool follow)
{

	return rump_sys_openat(at, name, RUMP_O_RDONLY | RUMP_O_NONBLOCK |
	    (follow ? 0 : RUMP_O_NOFOLLOW));
}

static int
image_create(int at, const char *name, uint32_t mode)
{

	return rump_sys_openat(at, name, RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_EXCL |
	    RUMP_O_NOFOLLOW, mode & 0777);
}

static int
image_reopen_file(int at, const char *name)
{

	return rump_sys_openat(at, name, RUMP_O_WRONLY | RUMP_O_TRUNC);
}

static ssize_t
image_read(int fd, void *buf, size_t len, int64_t off)
{

	return rump_sys_pread(fd, buf, len, off);
}

/*
 * The kernel's copy of what was read is of no use any more, and its memory serves the next
 * file: memory that the host must find and clear takes longer than all the rest of a copy.
 */
static void
image_forget(int fd, int64_t off, size_t len)
{

	(void)rump_sys_posix_fadvise(fd, off, (int64_t)len, RUMP_POSIX_FADV_DONTNEED);
}

static int
image_write(int fd, const void *buf, size_t len, int64_t off)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = rump_sys_pwrite(fd, (const char *)buf + done, len - done,
		    off + (int64_t)done);
		if (n == -1)
			return -1;
		done += (size_t)n;
	}
	return 0;
}

/* The kernel does not tell holes; zeros are looked for instead. */
static int
image_data(int fd, int64_t off, int64_t size, int64_t *begin, int64_t *end)
{

	(void)fd, (void)size;
	*begin = off;
	*end = INT64_MAX;
	return 0;
}

static int
image_truncate(int fd, int64_t size)
{

	return rump_sys_ftruncate(fd, size);
}

static int
image_close_file(int fd)
{

	return rump_sys_close(fd);
}

static int
image_mkdir(int at, const char *name, uint32_t mode)
{

	return rump_sys_mkdirat(at, name, mode & 0777);
}

static int
image_symlink(const char *target, int at, const char *name)
{

	return rump_sys_symlinkat(target, at, name);
}

static char *
image_readlink(int at, const char *name)
{
	char buf[RUMP_MAXPATHLEN + 1];
	ssize_t n = rump_sys_readlinkat(at, name, buf, sizeof(buf) - 1);

	return n == -1 ? NULL : strndup(buf, (size_t)n);
}

static int
image_link(int from_at, const char *from, int at, const char *name)
{

	return rump_sys_linkat(from_at, from, at, name, 0);
}

static int
image_mknod(int at, const char *name, uint32_t mode, uint64_t rdev)
{

	if ((mode & RUMP_S_IFMT) == RUMP_S_IFIFO)
		return rump_sys_mkfifoat(at, name, mode & 0777);
	return rump_sys_mknodat(at, name, mode & (RUMP_S_IFMT | 0777), rdev);
}

static int
image_unlink(int at, const char *name, bool dir)
{

	return rump_sys_unlinkat(at, name, dir ? RUMP_AT_REMOVEDIR : 0);
}

static int
image_chown(int at, const char *name, uint32_t uid, uint32_t gid)
{

	return rump_sys_fchownat(at, name, uid, gid, RUMP_AT_SYMLINK_NOFOLLOW);
}

static int
image_chmod(int at, const char *name, uint32_t mode)
{

	return rump_sys_fchmodat(at, name, mode & 07777, 0);
}

static int
image_utimens(int at, const char *name, const struct rump_timespec ts[2])
{

	return rump_sys_utimensat(at, name, ts, RUMP_AT_SYMLINK_NOFOLLOW);
}

const struct side image_side = {
	.image = true,
	.err_exists = RUMP_EEXIST,
	.err_noent = RUMP_ENOENT,
	.err_isdir = RUMP_EISDIR,
	.err_notsup = { RUMP_EOPNOTSUPP, RUMP_EPERM, RUMP_ENOSYS },
	.complain = complain,
	.complain_new = complain_name,
	.stat = image_stat,
	.fstat = image_fstat,
	.dir_open = image_dir_open,
	.dir_list = image_dir_list,
	.open = image_open_file,
	.create = image_create,
	.reopen = image_reopen_file,
	.read = image_read,
	.forget = image_forget,
	.write = image_write,
	.data = image_data,
	.truncate = image_truncate,
	.close = image_close_file,
	.mkdir = image_mkdir,
	.symlink = image_symlink,
	.readlink = image_readlink,
	.link = image_link,
	.mknod = image_mknod,
	.unlink = image_unlink,
	.chown = image_chown,
	.chmod = image_chmod,
	.utimens = image_utimens,
};
