/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump fs get: copy out of the image, as cp(1) does.
 *
 * Holes stay holes.  Nothing on the host is overwritten without -f, and no
 * symbolic link of the host is followed below the destination: an image cannot
 * make this program write elsewhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fs.h"

#define CHUNK	(1024 * 1024)
#define HOLE	4096

static struct {
	bool force, preserve, recursive, verbose;
	char *buf;
	int status;
} get;

static void
host_complain(const char *path)
{

	fprintf(stderr, "rump fs: host: %s: %s\n", path, strerror(errno));
	get.status = EXIT_SOME;
}

static void
image_complain(const char *path)
{

	complain(path, errno);
	get.status = EXIT_SOME;
}

static bool
all_zero(const char *p, size_t len)
{

	return len > 0 && p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

/* Write len bytes at off, leaving zero blocks out. */
static bool
write_sparse(int fd, const char *p, size_t len, off_t off)
{

	while (len > 0) {
		size_t n = len < HOLE ? len : HOLE;
		ssize_t done = (ssize_t)n;

		if (!all_zero(p, n) && (done = pwrite(fd, p, n, off)) <= 0)
			return false;
		p += done;
		off += done;
		len -= (size_t)done;
	}
	return true;
}

/* 0, or -1 after a message.  The size is what was read, not what was promised. */
static int
copy_data(int from, const char *src, int to, const char *dst)
{
	off_t off = 0;
	ssize_t n;

	while ((n = rump_sys_read(from, get.buf, CHUNK)) > 0) {
		if (!write_sparse(to, get.buf, (size_t)n, off)) {
			host_complain(dst);
			return -1;
		}
		off += n;
	}
	if (n == -1) {
		image_complain(src);
		return -1;
	}
	if (ftruncate(to, off) == -1) {
		host_complain(dst);
		return -1;
	}
	return 0;
}

static struct timespec
host_time(const struct rump_timespec *ts)
{

	return (struct timespec){ (time_t)ts->tv_sec, (long)ts->tv_nsec };
}

/* Attributes of the image's file for the host's at dst (a path below dirfd). */
static void
copy_attributes(const char *dst, const struct rump_stat *st)
{
	const struct timespec times[2] = { host_time(&st->st_atim), host_time(&st->st_mtim) };
	bool link = (st->st_mode & RUMP_S_IFMT) == RUMP_S_IFLNK;

	if (!get.preserve)
		return;
	if (lchown(dst, st->st_uid, st->st_gid) == -1 && geteuid() == 0)
		host_complain(dst);
	if (!link && chmod(dst, st->st_mode & 07777) == -1)
		host_complain(dst);
	if (utimensat(AT_FDCWD, dst, times, AT_SYMLINK_NOFOLLOW) == -1)
		host_complain(dst);
}

static void
get_file(const char *src, const char *dst, const struct rump_stat *st)
{
	int from, to;

	if ((from = rump_sys_open(src, RUMP_O_RDONLY)) == -1) {
		image_complain(src);
		return;
	}
	if (get.force && unlink(dst) == -1 && errno != ENOENT)
		host_complain(dst);
	to = open(dst, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, st->st_mode & 0777);
	if (to == -1)
		host_complain(dst);
	else {
		int failed = copy_data(from, src, to, dst);

		if (close(to) == -1)
			host_complain(dst);
		else if (failed == 0)
			copy_attributes(dst, st);
	}
	rump_sys_close(from);
}

static void
get_link(const char *src, const char *dst, const struct rump_stat *st)
{
	char *target = link_target(src);

	if (target == NULL) {
		image_complain(src);
		return;
	}
	if (get.force)
		unlink(dst);
	if (symlink(target, dst) == -1)
		host_complain(dst);
	else
		copy_attributes(dst, st);
	free(target);
}

static void
get_special(const char *dst, const struct rump_stat *st)
{

	if (get.force)
		unlink(dst);
	if (mknod(dst, st->st_mode & (S_IFMT | 0777),
	    makedev(RUMP_MAJOR(st->st_rdev), RUMP_MINOR(st->st_rdev))) == -1)
		host_complain(dst);
	else
		copy_attributes(dst, st);
}

static void get_any(const char *src, const char *dst, const struct rump_stat *st);

static void
get_directory(const char *src, const char *dst, const struct rump_stat *st)
{
	struct entry_list l;
	struct stat host;
	char *below;
	int err;

	if (mkdir(dst, 0700) == -1 && (errno != EEXIST || lstat(dst, &host) == -1 ||
	    !S_ISDIR(host.st_mode))) {
		host_complain(dst);
		return;
	}
	if ((err = dir_read(src, &l)) != 0) {
		complain(src, err);
		get.status = EXIT_SOME;
		return;
	}
	for (size_t i = 0; i < l.n; i++) {
		if (strchr(l.list[i].name, '/') != NULL) {
			complain_text(l.list[i].path, "name with a slash, left out");
			get.status = EXIT_SOME;
			continue;
		}
		below = path_join(dst, l.list[i].name);
		get_any(l.list[i].path, below, &l.list[i].st);
		free(below);
	}
	dir_free(&l);
	if (chmod(dst, (st->st_mode & 0777) | 0700) == -1)
		host_complain(dst);
	copy_attributes(dst, st);
}

static void
get_any(const char *src, const char *dst, const struct rump_stat *st)
{

	if (get.verbose)
		printf("%s -> %s\n", src, dst);
	switch (st->st_mode & RUMP_S_IFMT) {
	case RUMP_S_IFREG:
		get_file(src, dst, st);
		break;
	case RUMP_S_IFLNK:
		get_link(src, dst, st);
		break;
	case RUMP_S_IFDIR:
		get_directory(src, dst, st);
		break;
	case 0:		/* could not be looked at, and was complained of */
		get.status = EXIT_SOME;
		break;
	default:
		get_special(dst, st);
	}
}

static const char *
last_component(const char *path)
{
	const char *slash;
	static char name[NAME_MAX + 1];
	size_t len = strlen(path);

	while (len > 0 && path[len - 1] == '/')
		len--;
	for (slash = path + len; slash > path && slash[-1] != '/'; slash--)
		;
	snprintf(name, sizeof(name), "%.*s", (int)(path + len - slash), slash);
	return name;
}

static void
get_argument(const char *src, const char *dst, bool into)
{
	struct rump_stat st;
	const char *name = last_component(src);
	char *path;

	/* An argument that is a link means what it points to, as with cp. */
	if ((get.recursive ? rump_sys_lstat(src, &st) : rump_sys_stat(src, &st)) == -1) {
		image_complain(src);
		return;
	}
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR && !get.recursive) {
		complain_text(src, "is a directory (-r copies it)");
		get.status = EXIT_SOME;
		return;
	}
	if (!into || *name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		path = strdup(dst);
	else
		path = path_join(dst, name);
	get_any(src, path, &st);
	free(path);
}

int
cmd_get(int argc, char **argv)
{
	struct paths p;
	struct stat host;
	const char *dst;
	bool into;
	int c;

	while ((c = getopt(argc, argv, "fprv")) != -1)
		switch (c) {
		case 'f': get.force = true; break;
		case 'p': get.preserve = true; break;
		case 'r': get.recursive = true; break;
		case 'v': get.verbose = true; break;
		default: return EXIT_USAGE;
		}
	if (argc - optind < 2)
		return EXIT_USAGE;
	if ((get.buf = malloc(CHUNK)) == NULL)
		fail_text(NULL, "out of memory");
	dst = argv[argc - 1];
	into = stat(dst, &host) == 0 && S_ISDIR(host.st_mode);
	p = paths_expand(argc - optind - 1, argv + optind);
	if (p.n > 1 && !into) {
		fprintf(stderr, "rump fs: host: %s: not a directory\n", dst);
		return EXIT_SOME;
	}
	for (size_t i = 0; i < p.n; i++)
		get_argument(p.list[i], dst, into);
	paths_free(&p);
	free(get.buf);
	return get.status;
}
