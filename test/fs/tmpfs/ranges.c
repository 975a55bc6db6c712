/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ranges of a file that are written, cut, allocated and given back, at random, on
 * tmpfs and on the host's: sizes, contents and results must be the same, and the
 * memory taken is that of the pages that a model has.  SEED and OPS in the environment make another run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../../t.h"

#define PAGE	4096
#define MOST	(300 * 1024)	/* the file does not become larger */

enum op { WRITE, CUT, ALLOCATE, DISCARD, OPS };
static const char *const names[OPS] = { "write", "cut", "allocate", "discard" };

static uint64_t state = 1;
static unsigned ops = 1500;
static bool has[MOST / PAGE + 1];	/* which pages the file has */
static unsigned char data[MOST], mine[MOST], theirs[MOST];

/* The host's errno values that can come, as NetBSD's. */
static int
host_error(int error)
{

	return error == EINVAL ? RUMP_EINVAL : error == EFBIG ? RUMP_EFBIG :
	    error == 0 ? 0 : -1;
}

static int
do_host(int fd, enum op op, int64_t off, int64_t len)
{
	int result;

	switch (op) {
	case WRITE:
		result = pwrite(fd, data, (size_t)len, off) == len ? 0 : -1;
		break;
	case CUT:
		result = ftruncate(fd, off);
		break;
	case ALLOCATE:
		result = fallocate(fd, 0, off, len);
		break;
	default:
		result = fallocate(fd, FALLOC_FL_PUNCH_HOLE |
		    FALLOC_FL_KEEP_SIZE, off, len);
		break;
	}
	return result == -1 ? host_error(errno) : 0;
}

static int
do_ours(int fd, enum op op, int64_t off, int64_t len)
{
	int result;

	switch (op) {
	case WRITE:
		result = rump_sys_pwrite(fd, data, (size_t)len, off) == len ?
		    0 : -1;
		break;
	case CUT:
		result = rump_sys_ftruncate(fd, off);
		break;
	case ALLOCATE:
		return rump_sys_posix_fallocate(fd, off, len);
	default:
		result = rump_sys_fdiscard(fd, off, len);
		break;
	}
	return result == -1 ? errno : 0;
}

/* Whole pages from off on are there, or not; parts count for what is there. */
static void
note_pages(int64_t off, int64_t end, bool there)
{
	int64_t first = there ? off / PAGE : (off + PAGE - 1) / PAGE;
	int64_t last = there ? (end + PAGE - 1) / PAGE : end / PAGE;

	for (; first < last; first++)
		has[first] = there;
}

static void
note(enum op op, int64_t off, int64_t len)
{

	if (op == CUT)
		note_pages(off, (int64_t)sizeof(has) * PAGE, false);
	else if (len > 0)
		note_pages(off, off + len, op != DISCARD);
}

static int64_t
blocks_taken(void)
{
	int64_t n = 0;

	for (size_t i = 0; i < sizeof(has); i++)
		n += has[i] ? PAGE / 512 : 0;
	return n;
}

static void
same(int fd, int host)
{
	struct rump_stat st;
	struct stat hst;

	T_ASSERT_EQ(rump_sys_fstat(fd, &st), 0);
	T_ASSERT_EQ(fstat(host, &hst), 0);
	T_CHECK_EQ(st.st_size, hst.st_size);
	T_CHECK_EQ(st.st_blocks, blocks_taken());
	T_ASSERT(hst.st_size <= MOST);
	T_CHECK_EQ(rump_sys_pread(fd, mine, MOST, 0), hst.st_size);
	T_CHECK_EQ(pread(host, theirs, MOST, 0), hst.st_size);
	T_CHECK(memcmp(mine, theirs, (size_t)hst.st_size) == 0);
}

static void
ranges(void)
{
	struct rump_tmpfs_args args;
	int host = memfd_create("ranges", 0), fd;

	memset(&args, 0, sizeof(args));
	args.ta_version = RUMP_TMPFS_ARGS_VERSION;
	args.ta_root_mode = 0755;
	T_ASSERT(host != -1);
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/t", 0755), 0);
	T_ASSERT_EQ(rump_sys_mount("tmpfs", "/t", 0, &args, sizeof(args)), 0);
	fd = rump_sys_open("/t/file", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_ASSERT(fd != -1);
	for (unsigned i = 0; i < ops && t_state.failures == 0; i++) {
		enum op op = (enum op)t_random(&state, OPS);
		int64_t off = t_random(&state, MOST), len = t_random(&state, (unsigned)(MOST - off));
		int want, got;

		/* whole pages now and then, and what no file has */
		if (t_random(&state, 4) == 0)
			off &= -PAGE, len &= -PAGE;
		if (t_random(&state, 16) == 0)
			off = -off;
		if (op != WRITE && t_random(&state, 16) == 0)
			len = -len;
		memset(data, (int)(i % 255 + 1), sizeof(data));
		want = do_host(host, op, off, len);
		got = do_ours(fd, op, off, len);
		if (got != want)
			printf("# %s at %lld, %lld bytes\n", names[op],
			    (long long)off, (long long)len);
		T_CHECK_EQ(got, want);
		if (got == 0)
			note(op, off, len);
		same(fd, host);
	}
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(close(host), 0);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = { T(ranges) };

	if (getenv("SEED") != NULL)
		state = strtoull(getenv("SEED"), NULL, 10);
	if (getenv("OPS") != NULL)
		ops = (unsigned)strtoul(getenv("OPS"), NULL, 10);
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
