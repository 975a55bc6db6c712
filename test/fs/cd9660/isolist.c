/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * isolist - say all that the ISO 9660 driver says of an image
 *
 *   isolist [-c] [-f flags] [-n entries] [-p path]... [-q] [-s session]
 *           [-w] [-x folder] image...
 *
 * Mounts each image in turn in one kernel and prints a line for each object,
 * fields separated by tabs:
 *	path type mode links uid gid size mtime target crc32
 * with \xHH for bytes that are not printable (of a file of more than 64 MiB only
 * some places are read: see read_places); or
 *	path ! number-of-the-error call
 * Paths named by -p are printed instead of the whole tree.
 *
 *   -c  check each directory: reading it in small pieces, and again from each
 *       place where a piece ended, must give the same entries
 *   -f  mount flags, ISOFSMNT_*; -s: session
 *   -n  stop after so many entries (a damaged image may have no end)
 *   -q  print errors only
 *   -w  try to change the file named by the last -p, in each way; errors are
 *       printed, and a change that is made is a failed check
 *   -x  write regular files and directories below a folder of this host
 *
 * Exit status 0 unless something could not be mounted, or a check failed.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#define DEVICE		"/dev/isolist"
#define MOUNTED		"/isolist"
#define CHUNK		(128 * 1024)
#define DEPTH_MAX	100
#define BIG		(64 * 1024 * 1024)	/* bytes: read in places only */
#define PATHS_MAX	64

static struct {
	int		flags;
	unsigned	session;
	unsigned long	entries;	/* left */
	bool		check, quiet, change;
	const char	*extract;
	const char	*paths[PATHS_MAX];
	unsigned	npaths;
	int		status;
} run = { .entries = 10000000 };

static void
die(const char *what)
{

	fprintf(stderr, "isolist: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void
put_escaped(const char *s, size_t len)
{

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c > ' ' && c < 0x7f && c != '\\')
			putchar(c);
		else
			printf("\\x%02x", c);
	}
}

/* Every path begins with the mount point, which is left out. */
static void
put_path(const char *path)
{
	const char *below = path + strlen(MOUNTED);

	put_escaped(*below == '\0' ? "/" : below,
	    *below == '\0' ? 1 : strlen(below));
}

static void
put_error(const char *path, const char *call)
{
	int error = errno;

	put_path(path);
	printf("\t!\t%d\t%s\n", error, call);
}

static void
check_failed(const char *path, const char *what)
{

	put_path(path);
	printf("\t!\tcheck\t%s\n", what);
	run.status = 1;
}

static uint32_t
crc32(uint32_t crc, const unsigned char *data, size_t len)
{

	crc = ~crc;
	while (len-- > 0) {
		crc ^= *data++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (0xedb88320 & -(crc & 1));
	}
	return ~crc;
}

/* ---------------------------------------------------------------- contents */

static int
open_copy(const char *path)
{
	char copy[4096];
	int fd;

	if (run.extract == NULL)
		return -1;
	snprintf(copy, sizeof(copy), "%s%s", run.extract,
	    path + strlen(MOUNTED));
	fd = open(copy, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd == -1)
		die(copy);
	return fd;
}

static void
make_copy_directory(const char *path)
{
	char copy[4096];

	if (run.extract == NULL)
		return;
	snprintf(copy, sizeof(copy), "%s%s", run.extract,
	    path + strlen(MOUNTED));
	if (mkdir(copy, 0755) == -1 && errno != EEXIST)
		die(copy);
}

/* Holes stay holes, so that big files may be copied. */
static void
write_copy(int fd, const char *data, ssize_t len, off_t at)
{
	ssize_t i;

	for (i = 0; i < len && data[i] == 0; i++)
		continue;
	if (i < len ? pwrite(fd, data, (size_t)len, at) != len :
	    ftruncate(fd, at + len) != 0)
		die("write");
}

/* A KiB from the start of each half GiB on, half a KiB before that, and at the end. */
static ssize_t
read_places(int fd, off_t size, uint32_t *crc)
{
	unsigned char data[1024];
	ssize_t n = 0;

	for (off_t at = 0; n != -1 && at < size; at += 1 << 29) {
		n = rump_sys_pread(fd, data, sizeof(data), at);
		*crc = crc32(*crc, data, n > 0 ? (size_t)n : 0);
		if (n != -1 && at > 0) {
			n = rump_sys_pread(fd, data, 512, at - 512);
			*crc = crc32(*crc, data, n > 0 ? (size_t)n : 0);
		}
	}
	if (n != -1) {
		n = rump_sys_pread(fd, data, sizeof(data), size - 512);
		*crc = crc32(*crc, data, n > 0 ? (size_t)n : 0);
	}
	return n == -1 ? -1 : 0;
}

/* false: an error, which was printed. */
static bool
read_file(const char *path, off_t size, uint32_t *crc)
{
	static char data[CHUNK];
	off_t at = 0;
	ssize_t n;
	int fd, copy;

	*crc = 0;
	fd = rump_sys_open(path, RUMP_O_RDONLY);
	if (fd == -1) {
		put_error(path, "open");
		return false;
	}
	copy = open_copy(path);
	if (copy == -1 && size > BIG)
		n = read_places(fd, size, crc);
	else while ((n = rump_sys_read(fd, data, sizeof(data))) > 0) {
		if (copy != -1)
			write_copy(copy, data, n, at);
		else
			*crc = crc32(*crc, (unsigned char *)data, (size_t)n);
		at += n;
	}
	if (n == -1)
		put_error(path, "read");
	if (copy != -1)
		close(copy);
	rump_sys_close(fd);
	return n == 0;
}

/* --------------------------------------------------------------- attributes */

static char
type_letter(unsigned mode)
{
	static const char letters[] = "?pc?d?b?-?l?s???";

	return letters[mode >> 12 & 15];
}

/* false: a directory that should not be entered. */
static bool
show(const char *path)
{
	char target[4096];
	struct rump_stat st;
	ssize_t len = 0;
	uint32_t crc = 0;
	char type;

	if (rump_sys_lstat(path, &st) == -1) {
		put_error(path, "lstat");
		return false;
	}
	type = type_letter(st.st_mode);
	if (type == 'l') {
		len = rump_sys_readlink(path, target, sizeof(target));
		if (len == -1) {
			put_error(path, "readlink");
			return false;
		}
	}
	if (type == '-' && !read_file(path, st.st_size, &crc))
		return false;
	if (!run.quiet) {
		put_path(path);
		printf("\t%c\t%o\t%u\t%u\t%u\t%lld\t%lld\t", type,
		    (unsigned)st.st_mode & 07777, (unsigned)st.st_nlink,
		    (unsigned)st.st_uid, (unsigned)st.st_gid,
		    (long long)st.st_size, (long long)st.st_mtim.tv_sec);
		put_escaped(target, (size_t)len);
		printf("\t%08x\n", (unsigned)crc);
	}
	return type == 'd';
}

/* -------------------------------------------------------------- directories */

struct listing {
	char	*data;			/* struct dirents */
	size_t	len, room;
};

static void
listing_append(struct listing *l, const char *data, size_t len)
{

	while (l->room - l->len < len) {
		l->room = l->room == 0 ? CHUNK : l->room * 2;
		if ((l->data = realloc(l->data, l->room)) == NULL)
			die("memory");
	}
	memcpy(l->data + l->len, data, len);
	l->len += len;
}

/* Read on from the descriptor's place; false: error, printed. */
static bool
listing_read(struct listing *l, const char *path, int fd, size_t piece)
{
	static char data[CHUNK / 2];
	int n;

	while ((n = rump_sys_getdents(fd, data, piece)) > 0)
		listing_append(l, data, (size_t)n);
	if (n == -1)
		put_error(path, "getdents");
	return n == 0;
}

static bool
listing_ends_with(const struct listing *all, const struct listing *end)
{

	if (end->len == 0)
		return true;
	return end->len <= all->len && memcmp(all->data + all->len - end->len,
	    end->data, end->len) == 0;
}

/* In small pieces, and from where each of the first pieces ended to the end. */
static void
check_directory(const char *path, int fd, const struct listing *all)
{
	enum { PIECE = 600, RESTARTS = 8 };
	struct listing small = { NULL, 0, 0 }, tail = { NULL, 0, 0 };
	char data[PIECE];
	off_t places[RESTARTS];
	unsigned n = 0;
	int got;

	(void)rump_sys_lseek(fd, 0, SEEK_SET);
	while ((got = rump_sys_getdents(fd, data, sizeof(data))) > 0) {
		listing_append(&small, data, (size_t)got);
		if (n < RESTARTS)
			places[n++] = rump_sys_lseek(fd, 0, SEEK_CUR);
	}
	if (got == -1 || small.len != all->len ||
	    (small.len != 0 && memcmp(small.data, all->data, small.len) != 0))
		check_failed(path, "small pieces give other entries");
	while (n-- > 0) {
		(void)rump_sys_lseek(fd, places[n], SEEK_SET);
		tail.len = 0;
		if (!listing_read(&tail, path, fd, sizeof(data)) ||
		    !listing_ends_with(all, &tail))
			check_failed(path, "reading on gives other entries");
	}
	free(small.data);
	free(tail.data);
}

static bool
is_dot(const struct rump_dirent *d)
{

	return d->d_name[0] == '.' && (d->d_namlen == 1 ||
	    (d->d_namlen == 2 && d->d_name[1] == '.'));
}

static void
walk(const char *path, unsigned depth)
{
	struct listing l = { NULL, 0, 0 };
	const struct rump_dirent *d;
	char below[8192];
	int fd;

	make_copy_directory(path);
	fd = rump_sys_open(path, RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	if (fd == -1) {
		put_error(path, "open");
		return;
	}
	if (listing_read(&l, path, fd, CHUNK / 2) && run.check)
		check_directory(path, fd, &l);
	rump_sys_close(fd);
	for (size_t at = 0; at < l.len && run.entries > 0; at += d->d_reclen) {
		d = (const void *)(l.data + at);
		if (is_dot(d))
			continue;
		run.entries--;
		snprintf(below, sizeof(below), "%s/%.*s", path,
		    (int)d->d_namlen, d->d_name);
		if (show(below) && depth < DEPTH_MAX)
			walk(below, depth + 1);
	}
	free(l.data);
}

/* ------------------------------------------------------------------- changing */

static void
refused(const char *path, const char *call, int result)
{

	if (result != -1) {
		fprintf(stderr, "isolist: %s works\n", call);
		run.status = 1;
	}
	put_error(path, call);
}

/* All that changes a file, or what is beside it. */
static void
try_to_change(const char *path)
{
	char beside[4200];

	snprintf(beside, sizeof(beside), "%s.new", path);
	refused(path, "open", rump_sys_open(path, RUMP_O_RDWR));
	refused(path, "creat", rump_sys_open(beside, RUMP_O_WRONLY |
	    RUMP_O_CREAT, 0644));
	refused(path, "truncate", rump_sys_truncate(path, 0));
	refused(path, "chmod", rump_sys_chmod(path, 0));
	refused(path, "chown", rump_sys_chown(path, 1, 1));
	refused(path, "utimes", rump_sys_utimes(path, NULL));
	refused(path, "unlink", rump_sys_unlink(path));
	refused(path, "rename", rump_sys_rename(path, beside));
	refused(path, "link", rump_sys_link(path, beside));
	refused(path, "symlink", rump_sys_symlink("x", beside));
	refused(path, "mkdir", rump_sys_mkdir(beside, 0755));
	refused(path, "mkfifo", rump_sys_mkfifo(beside, 0644));
}

/* -------------------------------------------------------------------- images */

static void
list_image(const char *image)
{
	struct rump_iso_args args;
	char path[4096];

	errno = rump_pub_etfs_register(DEVICE, image, RUMP_ETFS_BLK);
	if (errno != 0)
		die(image);
	memset(&args, 0, sizeof(args));
	args.fspec = DEVICE;
	args.flags = run.flags | (int)(run.session << 16);
	if (rump_sys_mount("cd9660", MOUNTED, RUMP_MNT_RDONLY, &args,
	    sizeof(args)) == -1) {
		put_error(MOUNTED, "mount");
		run.status = 1;
	} else {
		for (unsigned i = 0; i < run.npaths; i++) {
			snprintf(path, sizeof(path), "%s%s", MOUNTED,
			    run.paths[i]);
			(void)show(path);
		}
		if (run.change && run.npaths > 0)
			try_to_change(path);
		if (run.npaths == 0 && show(MOUNTED))
			walk(MOUNTED, 0);
		if (rump_sys_unmount(MOUNTED, 0) == -1) {
			put_error(MOUNTED, "unmount");
			run.status = 1;
		}
	}
	errno = rump_pub_etfs_remove(DEVICE);
	if (errno != 0)
		die("etfs_remove");
}

static void
parse(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "cf:n:p:qs:wx:")) != -1) {
		switch (c) {
		case 'c':
			run.check = true;
			break;
		case 'f':
			run.flags = (int)strtol(optarg, NULL, 0);
			break;
		case 'n':
			run.entries = strtoul(optarg, NULL, 0);
			break;
		case 'p':
			if (run.npaths < PATHS_MAX)
				run.paths[run.npaths++] = optarg;
			break;
		case 'q':
			run.quiet = true;
			break;
		case 's':
			run.session = (unsigned)strtoul(optarg, NULL, 0);
			break;
		case 'w':
			run.change = true;
			break;
		case 'x':
			run.extract = optarg;
			break;
		default:
			exit(2);
		}
	}
}

int
main(int argc, char **argv)
{

	parse(argc, argv);
	errno = rump_init();
	if (errno != 0)
		die("rump_init");
	if (rump_sys_mkdir(MOUNTED, 0755) == -1)
		die(MOUNTED);
	for (int i = optind; i < argc; i++) {
		if (argc - optind > 1)
			printf("# %s\n", argv[i]);
		list_image(argv[i]);
	}
	return run.status;
}
