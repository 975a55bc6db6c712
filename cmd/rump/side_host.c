/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fs.h"
#include "side.h"

static struct rump_timespec
time_of(const struct timespec *ts)
{
	struct rump_timespec out;

	out.tv_sec = ts->tv_sec;
	out.tv_nsec = ts->tv_nsec;
	return out;
}

static void
convert(const struct stat *h, struct rump_stat *st)
{

	memset(st, 0, sizeof(*st));
	st->st_dev = h->st_dev;
	st->st_ino = h->st_ino;
	st->st_mode = h->st_mode;
	st->st_nlink = (uint32_t)h->st_nlink;
	st->st_uid = h->st_uid;
	st->st_gid = h->st_gid;
	st->st_rdev = RUMP_MAKEDEV(major(h->st_rdev), minor(h->st_rdev));
	st->st_size = h->st_size;
	st->st_blocks = h->st_blocks;
	st->st_blksize = (int32_t)h->st_blksize;
	st->st_atim = time_of(&h->st_atim);
	st->st_mtim = time_of(&h->st_mtim);
	st->st_ctim = time_of(&h->st_ctim);
	st->st_birthtim = time_of(&h->st_mtim);
}

static int
host_stat(int at, const char *name, struct rump_stat *st, bool follow)
{
	struct stat h;

	if (fstatat(at, name, &h, follow ? 0 : AT_SYMLINK_NOFOLLOW) == -1)
		return -1;
	convert(&h, st);
	return 0;
}

static int
host_fstat(int fd, struct rump_stat *st)
{
	struct stat h;

	if (fstat(fd, &h) == -1)
		return -1;
	convert(&h, st);
	return 0;
}

static int
host_dir_open(int at, const char *name, bool follow)
{

	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
}

static int
host_dir_list(int fd, struct names *out)
{
	struct dirent *e;
	int copy = dup(fd), err;
	DIR *d;

	*out = (struct names){ NULL, 0 };
	if (copy == -1 || (d = fdopendir(copy)) == NULL) {
		if (copy != -1)
			close(copy);
		return -1;
	}
	rewinddir(d);
	while (errno = 0, (e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			names_add(out, e->d_name, strlen(e->d_name));
	err = errno;
	closedir(d);
	if (err == 0)
		return 0;
	names_free(out);
	errno = err;
	return -1;
}

static int
host_open(int at, const char *name, bool follow)
{

	return openat(at, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
}

static int
host_create(int at, const char *name, uint32_t mode)
{

	return openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode & 0777);
}

static int
host_reopen(int at, const char *name)
{

	return openat(at, name, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
}

static ssize_t
host_read(int fd, void *buf, size_t len, int64_t off)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = off == SIDE_STREAM ? read(fd, (char *)buf + done, len - done) :
		    pread(fd, (char *)buf + done, len - done, off + (int64_t)done);
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* The host keeps what it likes. */
static void
host_forget(int fd, int64_t off, size_t len)
{

	(void)fd, (void)off, (void)len;
}

static int
host_write(int fd, const void *buf, size_t len, int64_t off)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = off == SIDE_STREAM ? write(fd, (const char *)buf + done, len - done) :
		    pwrite(fd, (const char *)buf + done, len - done, off + (int64_t)done);
		if (n == -1)
			return -1;
		done += (size_t)n;
	}
	return 0;
}

static int
host_data(int fd, int64_t off, int64_t size, int64_t *begin, int64_t *end)
{
	off_t at = lseek(fd, off, SEEK_DATA);

	if (at == -1 && errno == ENXIO) {
		*begin = *end = size;
		return 0;
	}
	if (at == -1) {			/* holes cannot be told here */
		*begin = off;
		*end = INT64_MAX;
		return 0;
	}
	*begin = at;
	at = lseek(fd, at, SEEK_HOLE);
	/* a file that grows meanwhile is read to its end */
	*end = at == -1 || at >= size ? INT64_MAX : at;
	return 0;
}

static int
host_truncate(int fd, int64_t size)
{

	return ftruncate(fd, size);
}

static int
host_close(int fd)
{

	return close(fd);
}

static int
host_mkdir(int at, const char *name, uint32_t mode)
{

	return mkdirat(at, name, mode & 0777);
}

static int
host_symlink(const char *target, int at, const char *name)
{

	return symlinkat(target, at, name);
}

static char *
host_readlink(int at, const char *name)
{
	char buf[PATH_MAX];
	ssize_t n = readlinkat(at, name, buf, sizeof(buf) - 1);

	return n == -1 ? NULL : strndup(buf, (size_t)n);
}

static int
host_link(int from_at, const char *from, int at, const char *name)
{

	return linkat(from_at, from, at, name, 0);
}

static int
host_mknod(int at, const char *name, uint32_t mode, uint64_t rdev)
{

	return mknodat(at, name, mode & (S_IFMT | 0777),
	    makedev((unsigned)RUMP_MAJOR(rdev), (unsigned)RUMP_MINOR(rdev)));
}

static int
host_unlink(int at, const char *name, bool dir)
{

	return unlinkat(at, name, dir ? AT_REMOVEDIR : 0);
}

/* Only the superuser gives files away; others keep what they make, as with cp -p. */
static int
host_chown(int at, const char *name, uint32_t uid, uint32_t gid)
{

	if (fchownat(at, name, uid, gid, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return errno == EPERM && geteuid() != 0 ? 0 : -1;
}

static int
host_chmod(int at, const char *name, uint32_t mode)
{

	return fchmodat(at, name, mode & 07777, 0);
}

static int
host_utimens(int at, const char *name, const struct rump_timespec ts[2])
{
	const struct timespec times[2] = {
		{ (time_t)ts[0].tv_sec, (long)ts[0].tv_nsec },
		{ (time_t)ts[1].tv_sec, (long)ts[1].tv_nsec },
	};

	return utimensat(at, name, times, AT_SYMLINK_NOFOLLOW);
}

const struct side host_side = {
	.image = false,
	.err_exists = EEXIST,
	.err_noent = ENOENT,
	.err_isdir = EISDIR,
	.err_notsup = { EOPNOTSUPP, EPERM, ENOSYS },
	.complain = complain_host,
	.complain_new = complain_host,
	.stat = host_stat,
	.fstat = host_fstat,
	.dir_open = host_dir_open,
	.dir_list = host_dir_list,
	.open = host_open,
	.create = host_create,
	.reopen = host_reopen,
	.read = host_read,
	.forget = host_forget,
	.write = host_write,
	.data = host_data,
	.truncate = host_truncate,
	.close = host_close,
	.mkdir = host_mkdir,
	.symlink = host_symlink,
	.readlink = host_readlink,
	.link = host_link,
	.mknod = host_mknod,
	.unlink = host_unlink,
	.chown = host_chown,
	.chmod = host_chmod,
	.utimens = host_utimens,
};
