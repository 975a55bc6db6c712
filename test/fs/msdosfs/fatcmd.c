/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * fatcmd - do what standard input says with the FAT driver
 *
 * Each line is a command with arguments, separated by tabs; \xHH stands for any
 * byte.  Each is answered by one line: "ok" and what was asked for, or "error"
 * and a number of the kernel's.  Paths are below the mount.
 *
 *   mount IMAGE [ro] [flags=N] [gmtoff=N] [mask=N] [dirmask=N]
 *   remount ro|rw;  unmount [force];  sync;  df
 *   mkdir P; rmdir P; rm P; mv P P; chmod P MODE; utime P SECONDS; truncate P SIZE
 *   put P FILE [fsync];  get P FILE;  write P OFFSET LENGTH SEED;  crc P
 *   ls P;  tree P;  stat P
 *   hold P [ro] (an open descriptor is kept); heldwrite LENGTH SEED; heldsize;
 *   heldsync; release
 *   fh P; fhstat (of the last handle)
 *   create P FROM TO (empty files with numbers in their names), lookup, unlink: likewise
 *   record FILE: from now on all writes to the device, as offset, length, data;
 *   mark N: put a mark in there
 *   fail read|write|no FROM TO: such transfers that begin there on the device fail
 *
 * Exit status 0 unless the kernel could not be started.
 */

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser.h>

#define MOUNTED		"/fat"
#define CHUNK		(128 * 1024)
#define ARGS_MAX	8

static char device[] = "/dev/fat";
static FILE *record;
static struct {
	int	op;
	int64_t	from, to;
} failing;
static int held = -1;
static char handle[128];
static size_t handle_len;
static char image[4096];

/* ------------------------------------------- transfers, recorded or failing */

int	__real_rumpuser2_biov(int, int, const struct rumpuser_iovec *, size_t,
	    int64_t, rump_biodone_fn, void *);
int	__wrap_rumpuser2_biov(int, int, const struct rumpuser_iovec *, size_t,
	    int64_t, rump_biodone_fn, void *);
int	__real_rumpuser_iovread(int, struct rumpuser_iovec *, size_t, int64_t,
	    size_t *);
int	__wrap_rumpuser_iovread(int, struct rumpuser_iovec *, size_t, int64_t,
	    size_t *);

/* What the recorded bytes are for: 16 bytes, little-endian. */
static void
record_head(uint64_t off, uint64_t len)
{
	const uint64_t head[2] = { htole64(off), htole64(len) };

	fwrite(head, sizeof(head), 1, record);
}

static void
record_write(int64_t off, const struct rumpuser_iovec *iov, size_t n)
{
	uint64_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += iov[i].iov_len;
	flockfile(record);		/* several threads write to the device */
	record_head((uint64_t)off, len);
	for (size_t i = 0; i < n; i++)
		fwrite(iov[i].iov_base, 1, iov[i].iov_len, record);
	fflush(record);
	funlockfile(record);
}

static bool
is_failing(int op, int64_t off)
{

	return (op & failing.op) != 0 && off >= failing.from &&
	    off < failing.to;
}

int
__wrap_rumpuser2_biov(int fd, int op, const struct rumpuser_iovec *iov,
    size_t n, int64_t off, rump_biodone_fn done, void *arg)
{

	if (record != NULL && (op & RUMPUSER_BIO_WRITE) != 0)
		record_write(off, iov, n);
	if (is_failing(op, off))
		fd = -1;
	return __real_rumpuser2_biov(fd, op, iov, n, off, done, arg);
}

int
__wrap_rumpuser_iovread(int fd, struct rumpuser_iovec *iov, size_t n,
    int64_t off, size_t *done)
{

	return __real_rumpuser_iovread(is_failing(RUMPUSER_BIO_READ, off) ?
	    -1 : fd, iov, n, off, done);
}

/* ------------------------------------------------------------------- output */

static void
print_escaped(const char *text)
{

	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p <= ' ' || *p == '\\' || *p >= 0x7f)
			printf("\\x%02x", *p);
		else
			putchar(*p);
}

static void
answer(bool good)
{

	if (good)
		printf("ok\n");
	else
		printf("error %d\n", errno);
}

static const char *
below(const char *path)
{
	static char buffers[2][16384];
	static int which;
	char *out = buffers[which ^= 1];

	snprintf(out, sizeof(buffers[0]), "%s/%s", MOUNTED, path);
	return out;
}

static uint32_t
crc_add(uint32_t crc, const unsigned char *data, size_t n)
{

	crc = ~crc;
	for (size_t i = 0; i < n; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (-(crc & 1) & 0xedb88320);
	}
	return ~crc;
}

/* ----------------------------------------------------------------- commands */

static long
option(int argc, char **argv, const char *name, long otherwise)
{
	size_t len = strlen(name);

	for (int i = 2; i < argc; i++)
		if (strncmp(argv[i], name, len) == 0 && argv[i][len] == '=')
			return strtol(argv[i] + len + 1, NULL, 0);
	return otherwise;
}

static void
fill_args(struct rump_msdosfs_args *args, int argc, char **argv)
{

	memset(args, 0, sizeof(*args));
	args->fspec = device;
	args->mask = option(argc, argv, "mask", 0755);
	args->dirmask = option(argc, argv, "dirmask", 0755);
	args->gmtoff = option(argc, argv, "gmtoff", 0);
	args->flags = RUMP_MSDOSFSMNT_VERSIONED | option(argc, argv, "flags",
	    RUMP_MSDOSFSMNT_LONGNAME);
	args->version = 3;
}

static bool
is_ro(int argc, char **argv)
{

	return argc > 2 && strcmp(argv[2], "ro") == 0;
}

static void
do_mount(int argc, char **argv)
{
	struct rump_msdosfs_args args;

	if (*image != '\0')
		rump_pub_etfs_remove(device);
	snprintf(image, sizeof(image), "%s", argv[1]);
	errno = rump_pub_etfs_register(device, image, RUMP_ETFS_BLK);
	fill_args(&args, argc, argv);
	answer(errno == 0 && rump_sys_mount("msdos", MOUNTED,
	    is_ro(argc, argv) ? RUMP_MNT_RDONLY : 0, &args,
	    sizeof(args)) == 0);
}

static void
do_remount(int argc, char **argv)
{
	struct rump_msdosfs_args args;
	const int ro = strcmp(argv[1], "ro") == 0 ? RUMP_MNT_RDONLY : 0;

	fill_args(&args, argc, argv);
	args.fspec = NULL;
	answer(rump_sys_mount("msdos", MOUNTED, RUMP_MNT_UPDATE | ro, &args,
	    sizeof(args)) == 0);
}

static void
do_put(int argc, char **argv)
{
	static char data[CHUNK];
	int from = open(argv[2], O_RDONLY);
	int to = rump_sys_open(below(argv[1]), RUMP_O_WRONLY | RUMP_O_CREAT |
	    RUMP_O_TRUNC, 0644);
	bool good = from != -1 && to != -1;
	ssize_t n;

	while (good && (n = read(from, data, sizeof(data))) > 0)
		good = rump_sys_write(to, data, (size_t)n) == n;
	if (good && argc > 3)
		good = rump_sys_fsync(to) == 0;
	answer(good);
	if (from != -1)
		close(from);
	if (to != -1)
		rump_sys_close(to);
}

static void
do_get(char **argv)
{
	static char data[CHUNK];
	int from = rump_sys_open(below(argv[1]), RUMP_O_RDONLY);
	int to = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t n = -1;

	if (from != -1 && to != -1)
		while ((n = rump_sys_read(from, data, sizeof(data))) > 0)
			if (write(to, data, (size_t)n) != n)
				break;
	answer(n == 0);
	if (from != -1)
		rump_sys_close(from);
	close(to);
}

static void
pattern(unsigned char *data, size_t n, unsigned seed, size_t at)
{

	for (size_t i = 0; i < n; i++, at++)
		data[i] = (unsigned char)((at * 2654435761u >> 13) + seed);
}

static bool
write_pattern(int fd, size_t len, unsigned seed, int64_t off)
{
	static unsigned char data[CHUNK];
	size_t done, n;

	for (done = 0; done < len; done += n) {
		n = len - done < sizeof(data) ? len - done : sizeof(data);
		pattern(data, n, seed, done);
		if (off >= 0 ? rump_sys_pwrite(fd, data, n,
		    off + (int64_t)done) != (ssize_t)n :
		    rump_sys_write(fd, data, n) != (ssize_t)n)
			return false;
	}
	return true;
}

static void
do_write(char **argv)
{
	int fd = rump_sys_open(below(argv[1]), RUMP_O_RDWR | RUMP_O_CREAT,
	    0644);
	bool good = fd != -1 && write_pattern(fd,
	    strtoul(argv[3], NULL, 0), (unsigned)strtoul(argv[4], NULL, 0),
	    strtoll(argv[2], NULL, 0));

	answer(good);
	if (fd != -1)
		rump_sys_close(fd);
}

static void
do_crc(char **argv)
{
	static unsigned char data[CHUNK];
	int fd = rump_sys_open(below(argv[1]), RUMP_O_RDONLY);
	uint64_t size = 0;
	uint32_t crc = 0;
	ssize_t n = -1;

	while (fd != -1 && (n = rump_sys_read(fd, data, sizeof(data))) > 0) {
		crc = crc_add(crc, data, (size_t)n);
		size += (uint64_t)n;
	}
	if (n == 0)
		printf("ok %llu %08x\n", (unsigned long long)size, crc);
	else
		answer(false);
	if (fd != -1)
		rump_sys_close(fd);
}

static bool
list(const char *path, bool deep, bool print)
{
	_Alignas(8) char data[8192];
	const struct rump_dirent *d;
	struct rump_stat st;
	char child[8192];
	int fd = rump_sys_open(below(path), RUMP_O_RDONLY), n = -1;
	bool good = true;

	while (fd != -1 && (n = rump_sys_getdents(fd, data,
	    sizeof(data))) > 0) {
		for (int at = 0; at < n; at += d->d_reclen) {
			d = (const void *)(data + at);
			if (strcmp(d->d_name, ".") == 0 ||
			    strcmp(d->d_name, "..") == 0)
				continue;
			snprintf(child, sizeof(child), "%s%s%s", path,
			    *path != '\0' ? "/" : "", d->d_name);
			if (rump_sys_stat(below(child), &st) == -1 ||
			    st.st_ino != d->d_fileno) {
				good = false;
				continue;
			}
			if (print) {
				printf(" ");
				print_escaped(deep ? child : d->d_name);
				printf("\t%c\t%lld", (st.st_mode & 0170000) ==
				    0040000 ? 'd' : 'f',
				    (long long)st.st_size);
			}
			if (deep && (st.st_mode & 0170000) == 0040000)
				good = list(child, deep, print) && good;
		}
	}
	if (fd != -1)
		rump_sys_close(fd);
	return good && fd != -1 && n == 0;
}

/* Entries first, then whether all went well: "ok ..." would come too early. */
static void
do_list(const char *path, bool deep)
{

	printf("list");
	printf(list(path, deep, true) ? "\tok\n" : "\terror %d\n", errno);
}

static void
do_stat(char **argv)
{
	struct rump_stat st;

	if (rump_sys_stat(below(argv[1]), &st) == -1) {
		answer(false);
		return;
	}
	printf("ok mode=%o size=%lld mtime=%lld atime=%lld birth=%lld.%02ld uid=%u "
	    "nlink=%u flags=%x\n", (unsigned)st.st_mode, (long long)st.st_size,
	    (long long)st.st_mtim.tv_sec, (long long)st.st_atim.tv_sec,
	    (long long)st.st_birthtim.tv_sec,
	    (long)(st.st_birthtim.tv_nsec / 10000000), (unsigned)st.st_uid,
	    (unsigned)st.st_nlink, (unsigned)st.st_flags);
}

static void
do_df(void)
{
	struct rump_statvfs sv;

	if (rump_sys_statvfs1(MOUNTED, &sv, 0) == -1) {
		answer(false);
		return;
	}
	printf("ok size=%lu blocks=%llu free=%llu\n", (unsigned long)sv.f_frsize,
	    (unsigned long long)sv.f_blocks, (unsigned long long)sv.f_bfree);
}

static void
do_utime(char **argv)
{
	struct rump_timespec ts[2];

	ts[0].tv_sec = ts[1].tv_sec = strtoll(argv[2], NULL, 0);
	ts[0].tv_nsec = ts[1].tv_nsec = 0;
	answer(rump_sys_utimensat(RUMP_AT_FDCWD, below(argv[1]), ts, 0) == 0);
}

/* Many files: what "create", "lookup" and "unlink" do with numbers in names. */
static void
do_many(int argc, char **argv)
{
	const long to = strtol(argv[3], NULL, 0);
	struct rump_stat st;
	char name[300];
	bool good = argc > 3;

	for (long i = strtol(argv[2], NULL, 0); i < to && good; i++) {
		snprintf(name, sizeof(name), argv[1], i);
		if (*argv[0] == 'c') {
			int fd = rump_sys_open(below(name), RUMP_O_WRONLY |
			    RUMP_O_CREAT | RUMP_O_EXCL, 0644);

			good = fd != -1 && rump_sys_close(fd) == 0;
		} else if (*argv[0] == 'l') {
			good = rump_sys_stat(below(name), &st) == 0;
		} else {
			good = rump_sys_unlink(below(name)) == 0;
		}
	}
	answer(good);
}

static void
do_fh(char **argv)
{

	handle_len = sizeof(handle);
	answer(rump_sys_getfh(below(argv[1]), handle, &handle_len) == 0);
}

static void
do_fhstat(void)
{
	struct rump_stat st;

	if (rump_sys_fhstat(handle, handle_len, &st) == 0)
		printf("ok %lld\n", (long long)st.st_size);
	else
		answer(false);
}

static void
do_hold(int argc, char **argv)
{

	held = rump_sys_open(below(argv[1]),
	    is_ro(argc, argv) ? RUMP_O_RDONLY : RUMP_O_RDWR);
	answer(held != -1);
}

static void
do_held(int argc, char **argv)
{
	struct rump_stat st;

	if (strcmp(argv[0], "heldwrite") == 0 && argc > 2) {
		answer(write_pattern(held, strtoul(argv[1], NULL, 0),
		    (unsigned)strtoul(argv[2], NULL, 0), -1));
	} else if (strcmp(argv[0], "heldsize") == 0) {
		if (rump_sys_fstat(held, &st) == 0)
			printf("ok %lld\n", (long long)st.st_size);
		else
			answer(false);
	} else if (strcmp(argv[0], "heldsync") == 0) {
		answer(rump_sys_fsync(held) == 0);
	} else {
		answer(rump_sys_close(held) == 0);
	}
}

static void
do_record(char **argv)
{

	if (record != NULL)
		fclose(record);
	record = fopen(argv[1], "wb");
	answer(record != NULL);
}

static void
do_mark(char **argv)
{

	record_head(UINT64_MAX, strtoull(argv[1], NULL, 0));
	fflush(record);
	answer(true);
}

static void
do_fail(char **argv)
{

	failing.op = *argv[1] == 'r' ? RUMPUSER_BIO_READ :
	    *argv[1] == 'w' ? RUMPUSER_BIO_WRITE : 0;
	failing.from = strtoll(argv[2], NULL, 0);
	failing.to = strtoll(argv[3], NULL, 0);
	answer(true);
}

static void
command(int argc, char **argv)
{
	const char *name = argv[0];

	if (strcmp(name, "mount") == 0)
		do_mount(argc, argv);
	else if (strcmp(name, "remount") == 0)
		do_remount(argc, argv);
	else if (strcmp(name, "unmount") == 0)
		answer(rump_sys_unmount(MOUNTED,
		    argc > 1 ? RUMP_MNT_FORCE : 0) == 0);
	else if (strcmp(name, "sync") == 0)
		rump_sys_sync(), answer(true);
	else if (strcmp(name, "df") == 0)
		do_df();
	else if (strcmp(name, "mkdir") == 0)
		answer(rump_sys_mkdir(below(argv[1]), 0755) == 0);
	else if (strcmp(name, "rmdir") == 0)
		answer(rump_sys_rmdir(below(argv[1])) == 0);
	else if (strcmp(name, "rm") == 0)
		answer(rump_sys_unlink(below(argv[1])) == 0);
	else if (strcmp(name, "mv") == 0)
		answer(rump_sys_rename(below(argv[1]), below(argv[2])) == 0);
	else if (strcmp(name, "chmod") == 0)
		answer(rump_sys_chmod(below(argv[1]),
		    (unsigned)strtoul(argv[2], NULL, 8)) == 0);
	else if (strcmp(name, "utime") == 0)
		do_utime(argv);
	else if (strcmp(name, "truncate") == 0)
		answer(rump_sys_truncate(below(argv[1]),
		    strtoll(argv[2], NULL, 0)) == 0);
	else if (strcmp(name, "put") == 0)
		do_put(argc, argv);
	else if (strcmp(name, "get") == 0)
		do_get(argv);
	else if (strcmp(name, "write") == 0)
		do_write(argv);
	else if (strcmp(name, "crc") == 0)
		do_crc(argv);
	else if (strcmp(name, "ls") == 0 || strcmp(name, "tree") == 0)
		do_list(argc > 1 ? argv[1] : "", *name == 't');
	else if (strcmp(name, "stat") == 0)
		do_stat(argv);
	else if (strcmp(name, "create") == 0 || strcmp(name, "lookup") == 0 ||
	    strcmp(name, "unlink") == 0)
		do_many(argc, argv);
	else if (strcmp(name, "fh") == 0)
		do_fh(argv);
	else if (strcmp(name, "fhstat") == 0)
		do_fhstat();
	else if (strcmp(name, "hold") == 0)
		do_hold(argc, argv);
	else if (strncmp(name, "held", 4) == 0 || strcmp(name, "release") == 0)
		do_held(argc, argv);
	else if (strcmp(name, "record") == 0)
		do_record(argv);
	else if (strcmp(name, "mark") == 0)
		do_mark(argv);
	else if (strcmp(name, "fail") == 0)
		do_fail(argv);
	else
		printf("error unknown command %s\n", name);
}

/* In place: \xHH becomes a byte. */
static void
unescape(char *text)
{
	char *to = text, digits[3] = "";

	for (; *text != '\0'; to++) {
		if (text[0] == '\\' && text[1] == 'x' &&
		    isxdigit((unsigned char)text[2])) {
			memcpy(digits, text + 2, 2);
			*to = (char)strtoul(digits, NULL, 16);
			text += 4;
		} else {
			*to = *text++;
		}
	}
	*to = '\0';
}

int
main(void)
{
	char *line = NULL, *argv[ARGS_MAX + 1], *rest;
	size_t room = 0;
	int argc;

	if (rump_init() != 0 || rump_sys_mkdir(MOUNTED, 0755) == -1)
		return 2;
	while (getline(&line, &room, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		rest = line;
		for (argc = 0; argc < ARGS_MAX &&
		    (argv[argc] = strsep(&rest, "\t")) != NULL; argc++)
			unescape(argv[argc]);
		argv[argc] = NULL;
		command(argc, argv);
		fflush(stdout);
	}
	free(line);
	return 0;
}
