/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz the files of the host: registrations with windows, and what goes through them.
 *
 * An input is a script (script.h): register, remove, open, read, write, close.  Behind all
 * keys is the same pattern, in a memory disk and in a file; a byte tells its place, and
 * writes write what should be there.  So whatever is read through any window, by any type,
 * must be the pattern of that place, or zero in a file that has grown.
 *
 * The last byte says how the driver is set up: larger sectors, or transfers that fail.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "script.h"

#define SIZE		(64 * 1024)
#define GROWN		(4 * SIZE)	/* a file may become that long */
#define LONGEST		10000		/* of a transfer */
#define KEYS		6
#define OPENS		6
#define STEPS_MOST	200

static uint8_t disk[SIZE], buf[LONGEST];
static char directory[] = "/dev/shm/fuzz-etfs-XXXXXX";
static char file[64], inner[64], log_file[64];		/* directory/file, directory/sub/in, directory/log */
static char inner_directory[64];

static struct key {
	bool		there;
	int		type;
	const char	*host;
	uint64_t	begin, size;
} keys[KEYS];

static struct {
	int		fd;		/* or -1 */
	struct key	of;		/* as it was */
} opens[OPENS];

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t
pattern(uint64_t place)
{

	return (uint8_t)(place * 31 + place / 256 + 1);
}

static const char *
key_path(unsigned k)
{
	static const char *const paths[KEYS] = {
		"/one", "/two", "/dev/three", "/dev/four", "/five", "/d",
	};

	return paths[k];
}

/* ------------------------------------------------------------- registrations */

static void
enter(void)
{
	static const int types[] = {
		RUMP_ETFS_BLK, RUMP_ETFS_CHR, RUMP_ETFS_REG, RUMP_ETFS_DIR,
		RUMP_ETFS_DIR_SUBDIRS, 77,
	};
	const char *const hosts[] = { "memdisk:fuzz", file, directory, "/nowhere", "memdisk:none" };
	struct key k = {
		.type = types[pick(16) == 0 ? pick(6) : pick(3)],
		.host = hosts[pick(8) == 0 ? pick(5) : pick(2)],
		.size = SIZE,
	};
	unsigned n = pick(KEYS);
	int error;

	if (pick(2) == 0) {
		error = rump_pub_etfs_register(key_path(n), k.host, (enum rump_etfs_type)k.type);
		k.size = RUMP_ETFS_SIZE_ENDOFF;
	} else {
		k.begin = pick(8) == 0 ? (uint64_t)number() : pick(2 * SIZE / 512) * 512;
		k.size = pick(4) == 0 ? RUMP_ETFS_SIZE_ENDOFF : pick(8) == 0 ? (uint64_t)number() :
		    pick(256) * 512;
		error = rump_pub_etfs_register_withsize(key_path(n), k.host,
		    (enum rump_etfs_type)k.type, k.begin, k.size);
	}
	must(!keys[n].there || error != 0, "a key is given twice", error);
	if (error != 0)
		return;
	must(k.host != hosts[3] && k.host != hosts[4], "a file that is not there", 0);
	k.there = true;
	keys[n] = k;
}

static void
leave(void)
{
	unsigned n = pick(KEYS);
	int error = rump_pub_etfs_remove(key_path(n));

	must(error == 0 || error == ENOENT || error == EBUSY, "remove", error);
	must(keys[n].there || error == ENOENT, "removal of what is not there", error);
	if (error == 0)
		keys[n].there = false;
}

/* ----------------------------------------------------------------- transfers */

static void
open_one(void)
{
	unsigned n = pick(KEYS), o = pick(OPENS);

	if (opens[o].fd != -1)
		rump_sys_close(opens[o].fd);
	opens[o].fd = rump_sys_open(key_path(n), pick(4) == 0 ? RUMP_O_RDONLY : RUMP_O_RDWR);
	opens[o].of = keys[n];
	must(opens[o].fd == -1 || keys[n].there, "open of what is not there", n);
}

/* Is this a file that is larger than it was? */
static bool
may_be_zero(const struct key *k, uint64_t place)
{

	return k->host == file && place >= SIZE;
}

static void
check(const struct key *k, uint64_t at, ssize_t n)
{

	for (ssize_t i = 0; i < n; i++) {
		uint64_t place = k->begin + at + (uint64_t)i;

		must(buf[i] == pattern(place) || (buf[i] == 0 && may_be_zero(k, place)),
		    "not what is there", (long)place);
	}
}

struct transfer {
	const struct key *k;
	int	fd;			/* or -1 */
	int64_t	at;
	size_t	len;
};

static struct transfer
some_transfer(void)
{
	unsigned o = pick(OPENS);
	struct transfer t = {
		.k = &opens[o].of, .fd = opens[o].fd,
		.at = pick(16) == 0 ? number() : (int64_t)(pick(256) * 512 + pick(2) * pick(512)),
		.len = pick(4) == 0 ? pick(256) * 39 : pick(19) * 512,
	};

	if (t.k->type != RUMP_ETFS_REG && pick(4) != 0)
		t.at &= ~INT64_C(511);
	return t;
}

static void
read_one(void)
{
	struct transfer t = some_transfer();
	ssize_t n;

	if (t.fd == -1)
		return;
	n = rump_sys_pread(t.fd, buf, t.len, t.at);
	must(n <= (ssize_t)t.len, "more than was asked for", n);
	must(n <= 0 || t.k->size == RUMP_ETFS_SIZE_ENDOFF || (uint64_t)t.at + (size_t)n <= t.k->size,
	    "beyond a window", t.at);
	check(t.k, (uint64_t)t.at, n);
}

static void
write_one(void)
{
	struct transfer t = some_transfer();

	if (t.fd == -1 || (t.k->host == file && t.at > GROWN))
		return;
	for (size_t i = 0; i < t.len; i++)
		buf[i] = pattern(t.k->begin + (uint64_t)t.at + i);
	(void)rump_sys_pwrite(t.fd, buf, t.len, t.at);
}

/* ---------------------------------------------------------------- directories */

static void
enter_directory(unsigned n)
{
	struct key k = { .there = true, .type = pick(2) ? RUMP_ETFS_DIR : RUMP_ETFS_DIR_SUBDIRS, .host = directory };

	if (rump_pub_etfs_register(key_path(n), k.host, (enum rump_etfs_type)k.type) != 0)
		return;
	must(!keys[n].there, "a key is given twice", n);
	keys[n] = k;
}

/* What lies in a directory of the host, if the key is one; the file in it is the others'. */
static void
below(void)
{
	static const char *const names[] = {
		"file", "sub", "sub/in", "sub/..", "sub/../file", ".", "..", "none", "file/x", "log", "sub/none/x", "",
	};
	const struct key whole = { .there = true, .type = RUMP_ETFS_REG, .host = file };
	unsigned n = pick(KEYS), which = pick(12);
	struct rump_stat st;
	char path[512];
	int fd;

	if (pick(2))
		enter_directory(n);
	snprintf(path, sizeof(path), "%s/%s", key_path(n), names[which]);
	if (pick(16) == 0)
		memset(path + 12, 'n', 300);
	(void)rump_sys_stat(path, &st);
	switch (pick(6)) {
	case 0:
		(void)rump_sys_mkdir(path, 0755);
		(void)rump_sys_rename(path, "/elsewhere");
		return;
	case 1:
		(void)rump_sys_unlink(path);
		(void)rump_sys_chdir(path);
		(void)rump_sys_stat("..", &st);
		(void)rump_sys_chdir("/");
		return;
	}
	fd = rump_sys_open(path, pick(4) ? RUMP_O_RDONLY : RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	if (fd == -1)
		return;
	if (which == 0 || which == 4)
		check(&whole, 0, rump_sys_pread(fd, buf, 1000, 0));
	(void)rump_sys_getdents(fd, (char *)buf, sizeof(buf));
	(void)rump_sys_read(fd, buf, pick(256));
	rump_sys_close(fd);
}

/* Appending, by pieces, and synchronously, to a file that nothing else looks at. */
static void
append(void)
{
	static const uint8_t text[64] = "appended";
	const int flags[] = { RUMP_O_WRONLY, RUMP_O_RDWR, RUMP_O_WRONLY | RUMP_O_APPEND, RUMP_O_RDWR | RUMP_O_APPEND | RUMP_O_SYNC };
	struct iovec iov[] = {
		{ (void *)(uintptr_t)text, pick(64) }, { NULL, 0 }, { (void *)(uintptr_t)text, 64 }, { pick(16) ? buf : NULL, 1 },
	};
	int fd;

	if (rump_pub_etfs_register("/log", log_file, RUMP_ETFS_REG) != 0)
		return;
	fd = rump_sys_open("/log", flags[pick(4)]);
	if (fd != -1) {
		(void)rump_sys_writev(fd, iov, (int)pick(5));
		(void)rump_sys_pwrite(fd, text, sizeof(text), pick(8) ? (int64_t)pick(256) : number());
		(void)rump_sys_fsync(fd);
		(void)rump_sys_ftruncate(fd, pick(2) ? 0 : number() % GROWN);
		(void)rump_sys_lseek(fd, 0, RUMP_SEEK_SET);
		(void)rump_sys_readv(fd, iov + 3, (int)pick(2));
		rump_sys_close(fd);
	}
	must(rump_pub_etfs_remove("/log") == 0, "remove of the log", 0);
}

static void
odd_keys(void)
{
	static const char *const odd[] = { "", "/", "///", "nokey", "//one/", "/two///", "/a/b/c", "/three" };
	const char *key = odd[pick(8)];

	if (rump_pub_etfs_register(key, "memdisk:fuzz", RUMP_ETFS_BLK) == 0)
		must(rump_pub_etfs_remove(key) == 0, "removal of an odd key", 0);
	(void)rump_pub_etfs_remove(NULL);
}

/* Requests to a disk; what they say is not looked at. */
static void
control(int fd)
{
	static const unsigned long requests[] = {
		RUMP_DIOCGMEDIASIZE, RUMP_DIOCGSECTORSIZE, RUMP_DIOCGPARTINFO, RUMP_DIOCGCACHE, RUMP_DIOCCACHESYNC,
		0x41986465 /* DIOCGDINFO */, RUMP_FIONREAD,
	};
	char data[1024] = { 0 };

	(void)rump_sys_ioctl(fd, requests[pick(7)], data);
}

static void
other(void)
{
	unsigned o = pick(OPENS);
	struct rump_stat st;
	uint64_t size;

	switch (pick(11)) {
	case 5:
	case 6:
		below();
		break;
	case 7:
		append();
		break;
	case 8:
		odd_keys();
		break;
	case 9:
		control(opens[o].fd);
		break;
	case 0:
		(void)rump_sys_fsync(opens[o].fd);
		break;
	case 1:
		(void)rump_sys_stat(key_path(pick(KEYS)), &st);
		break;
	case 2:
		(void)rump_sys_ioctl(opens[o].fd, RUMP_DIOCGMEDIASIZE, &size);
		break;
	case 3:
		(void)rump_sys_getdents(opens[o].fd, (char *)buf, sizeof(buf));
		break;
	default:
		(void)rump_sys_unlink(key_path(pick(KEYS)));
		break;
	}
}

/* ---------------------------------------------------------------------- runs */

static void
host_make(void)
{
	FILE *f;

	for (unsigned i = 0; i < SIZE; i++)
		disk[i] = pattern(i);
	if (file[0] == '\0') {
		must(mkdtemp(directory) != NULL, "mkdtemp", errno);
		snprintf(file, sizeof(file), "%s/file", directory);
		snprintf(log_file, sizeof(log_file), "%s/log", directory);
		snprintf(inner_directory, sizeof(inner_directory), "%s/sub", directory);
		snprintf(inner, sizeof(inner), "%s/sub/in", directory);
	}
	must(mkdir(inner_directory, 0755) == 0 && symlink("../file", inner) == 0, "the host's directory", errno);
	must((f = fopen(log_file, "w")) != NULL && fclose(f) == 0, "the host's log", errno);
	must((f = fopen(file, "w")) != NULL && fwrite(disk, SIZE, 1, f) == 1 && fclose(f) == 0,
	    "the host's file", errno);
}

static void
host_remove(void)
{

	must(unlink(file) == 0 && unlink(log_file) == 0 && unlink(inner) == 0 && rmdir(inner_directory) == 0, "unlink", errno);
}

static void
parameters(unsigned how)
{
	char shift[8];

	snprintf(shift, sizeof(shift), "%u", how < 12 ? how : 9);
	setenv("RUMP_BLKSECTSHIFT", shift, 1);
	setenv("RUMP_BLKFAIL", how % 16 == 15 ? "1000" : "0", 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rump_boot_etfs early = {
		.eb_key = "/early", .eb_hostpath = "memdisk:fuzz", .eb_type = RUMP_ETFS_BLK, .eb_size = RUMP_ETFS_SIZE_ENDOFF,
	};
	void (*const steps[])(void) = {
		enter, leave, open_one, open_one, read_one, read_one, read_one, write_one, write_one, other,
	};

	script.at = data;
	script.end = data + size;
	memset(keys, 0, sizeof(keys));
	host_make();
	parameters(size == 0 ? 0 : data[size - 1]);
	must(rumpuser_memdisk_add("fuzz", disk, SIZE, 0) == 0, "memory disk", 0);
	rump_boot_etfs_register(&early);
	must(rump_init() == 0, "rump_init", 0);
	must(early.eb_status == 0, "a key of before the boot", early.eb_status);
	for (unsigned i = 0; i < OPENS; i++)
		opens[i].fd = -1;
	for (unsigned i = 0; i < STEPS_MOST && script.at < script.end; i++)
		steps[pick(10)]();
	must(rump_halt() == 0, "rump_halt", 0);
	must(rumpuser_memdisk_remove("fuzz") == 0, "memory disk's removal", 0);
	for (unsigned i = 0; i < SIZE; i++)
		must(disk[i] == pattern(i), "the disk is not what it was", i);
	host_remove();
	return 0;
}
