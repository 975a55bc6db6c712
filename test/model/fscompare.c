/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * fscompare - compare a file system image with a folder of this host
 *
 *   fscompare [-s seed] [-n reads] type image folder
 *
 * Boots a kernel in this process, mounts the image and walks both trees:
 * every name of the folder must be in the image and none else, with the
 * same type, size, contents and link target.  Each file is then read in
 * random pieces as well (-n each, 8 unless told).  Prints TAP, one result.
 *
 * An image that another tool made from the folder passes where the driver
 * reads it right; the folder is what that tool was given, so the test needs
 * no knowledge of the format.
 */

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "fskind.h"
#include "rng.h"

#define MOUNT_POINT	"/fscompare"
#define DEVICE		"/fscompare.img"

enum { CHUNK = 128 * 1024, READ_MAX = 40000 };
enum { TYPE_MASK = 0170000 };

static struct {
	struct rng rng;
	unsigned reads;
	unsigned long files, dirs, bytes, differences;
} state = { .reads = 8 };

static void __attribute__((format(printf, 2, 3)))
differ(const char *path, const char *fmt, ...)
{
	va_list ap;

	state.differences++;
	printf("# %s: ", path);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

/* A range at random: read it on both sides. */
static void
compare_piece(const char *path, int host, int image, size_t size)
{
	static unsigned char want[READ_MAX], got[READ_MAX];
	size_t off = rng_below(&state.rng, (unsigned)size + 1);
	size_t len = rng_below(&state.rng, READ_MAX) + 1;
	ssize_t nwant = pread(host, want, len, (off_t)off);
	ssize_t ngot = rump_sys_pread(image, got, len, (off_t)off);

	if (nwant != ngot || memcmp(want, got, (size_t)nwant) != 0)
		differ(path, "read of %zu at %zu differs: %zd, %zd bytes",
		    len, off, ngot, nwant);
}

static void
compare_contents(const char *path, int host, int image)
{
	static unsigned char want[CHUNK], got[CHUNK];
	ssize_t nwant, ngot;

	do {
		nwant = read(host, want, sizeof(want));
		ngot = rump_sys_read(image, got, sizeof(got));
		if (nwant != ngot || nwant < 0 ||
		    memcmp(want, got, (size_t)nwant) != 0) {
			differ(path, "contents differ: %zd, %zd bytes", ngot,
			    nwant);
			return;
		}
		state.bytes += (unsigned long)nwant;
	} while (nwant > 0);
}

static void
compare_file(const char *from, const char *path, size_t size)
{
	int host = open(from, O_RDONLY);
	int image = rump_sys_open(path, RUMP_O_RDONLY);

	state.files++;
	if (host == -1 || image == -1)
		differ(path, "cannot be opened: %d, %d", host, image);
	else {
		compare_contents(path, host, image);
		for (unsigned i = 0; i < state.reads; i++)
			compare_piece(path, host, image, size);
	}
	if (host != -1)
		close(host);
	if (image != -1 && rump_sys_close(image) != 0)
		differ(path, "close: errno %d", errno);
}

static void
compare_link(const char *from, const char *path)
{
	char want[4096], got[4096];
	ssize_t nwant = readlink(from, want, sizeof(want));
	ssize_t ngot = rump_sys_readlink(path, got, sizeof(got));

	if (nwant != ngot || nwant < 0 || memcmp(want, got, (size_t)nwant) != 0)
		differ(path, "points to %.*s", (int)(ngot < 0 ? 0 : ngot), got);
}

/* The number of names in a directory of the image. */
static unsigned long
count_names(const char *path)
{
	_Alignas(8) char buf[4096];
	int fd = rump_sys_open(path, RUMP_O_RDONLY);
	unsigned long names = 0;
	int n;

	if (fd == -1) {
		differ(path, "open: errno %d", errno);
		return 0;
	}
	while ((n = rump_sys_getdents(fd, buf, sizeof(buf))) > 0)
		for (int at = 0; at < n;) {
			struct rump_dirent *record = (void *)(buf + at);

			names += strcmp(record->d_name, ".") != 0 &&
			    strcmp(record->d_name, "..") != 0;
			at += record->d_reclen;
		}
	if (n == -1)
		differ(path, "getdents: errno %d", errno);
	rump_sys_close(fd);
	return names;
}

static void compare(const char *from, const char *path);

static void
compare_dir(const char *from, const char *path)
{
	char below_from[4096], below[4096];
	unsigned long names = 0, found;
	struct dirent *record;
	DIR *dir = opendir(from);

	if (dir == NULL)
		err(2, "%s", from);
	state.dirs++;
	while ((record = readdir(dir)) != NULL) {
		if (strcmp(record->d_name, ".") == 0 ||
		    strcmp(record->d_name, "..") == 0)
			continue;
		names++;
		snprintf(below_from, sizeof(below_from), "%s/%s", from,
		    record->d_name);
		snprintf(below, sizeof(below), "%s/%s", path, record->d_name);
		compare(below_from, below);
	}
	closedir(dir);
	found = count_names(path);
	if (found != names)
		differ(path, "%lu names, expected %lu", found, names);
}

static void
compare(const char *from, const char *path)
{
	struct rump_stat image;
	struct stat host;

	if (lstat(from, &host) != 0)
		err(2, "%s", from);
	if (rump_sys_lstat(path, &image) != 0) {
		differ(path, "lstat: errno %d", errno);
		return;
	}
	if ((image.st_mode & TYPE_MASK) != (host.st_mode & TYPE_MASK)) {
		differ(path, "mode 0%o, expected 0%o", (unsigned)image.st_mode,
		    (unsigned)host.st_mode);
		return;
	}
	if (S_ISDIR(host.st_mode)) {
		compare_dir(from, path);
		return;
	}
	if ((uint64_t)image.st_size != (uint64_t)host.st_size)
		differ(path, "size %lld, expected %lld",
		    (long long)image.st_size, (long long)host.st_size);
	if (S_ISREG(host.st_mode))
		compare_file(from, path, (size_t)host.st_size);
	else if (S_ISLNK(host.st_mode))
		compare_link(from, path);
}

static void
mount_image(const struct fskind *kind, const char *image)
{

	if (rump_init() != 0)
		errx(2, "rump_init failed");
	if (rump_sys_mkdir(MOUNT_POINT, 0755) != 0)
		errx(2, "mkdir: errno %d", errno);
	if (rump_pub_etfs_register(DEVICE, image, RUMP_ETFS_BLK) != 0)
		errx(2, "%s: cannot be registered", image);
	if (kind->mount(DEVICE, MOUNT_POINT, 1) != 0)
		errx(2, "mount %s: errno %d", kind->name, errno);
}

static void
usage(void)
{

	fprintf(stderr,
	    "usage: fscompare [-s seed] [-n reads] type image folder\n");
	exit(2);
}

int
main(int argc, char **argv)
{
	const struct fskind *kind;
	int c;

	while ((c = getopt(argc, argv, "n:s:")) != -1)
		switch (c) {
		case 'n':
			state.reads = (unsigned)strtoul(optarg, NULL, 0);
			break;
		case 's':
			rng_init(&state.rng, strtoul(optarg, NULL, 0));
			break;
		default:
			usage();
		}
	if (argc - optind != 3 || (kind = fskind_find(argv[optind])) == NULL)
		usage();
	alarm(300);
	mount_image(kind, argv[optind + 1]);
	compare(argv[optind + 2], MOUNT_POINT);
	if (rump_sys_unmount(MOUNT_POINT, 0) != 0)
		differ(MOUNT_POINT, "unmount: errno %d", errno);
	printf("%sok 1 - %s %s: %lu files, %lu directories, %lu bytes\n1..1\n",
	    state.differences != 0 ? "not " : "", kind->name, argv[optind + 1],
	    state.files, state.dirs, state.bytes);
	return state.differences != 0;
}
