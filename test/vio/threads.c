/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page cache with several threads and little memory: each has a file of its
 * own, which it holds against a model, while all of them read each other's and
 * one flushes everything.  RUMP_MEMLIMIT makes the page daemon take part; a call
 * that is refused because memory is short just then is made again.  SEED in the
 * environment makes another run.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>
#include <rump/rumpuser_memdisk.h>

#include "../t.h"
#include "blockfs.h"

#define DISK_BYTES	(16 * 1024 * 1024)
#define IO_MOST		(100 * 1024)
#define OPS		3000

struct worker {
	pthread_t	thread;
	unsigned	file;
	uint64_t	state;
	int		line;		/* that failed; 0: none */
	int		error;		/* errno then */
	unsigned	op;
	long		size;
	unsigned char	model[BLOCKFS_MAXFILE];
	unsigned char	data[IO_MOST];
};

#define REFUSED_MOST	10000

/* The result of a call, made again as long as it is ENOMEM. */
#define INSIST(call) ({ \
	long result_, refused_ = 0; \
	while ((result_ = (call)) == -1 && errno == RUMP_ENOMEM && \
	    refused_ < REFUSED_MOST) \
		refused_++; \
	result_; \
})

static struct worker workers[BLOCKFS_FILES];
static volatile int done;

static unsigned
rng(struct worker *w, unsigned n)
{

	return t_random(&w->state, n);
}

static int
open_file(unsigned i, int flags)
{
	char path[] = "/mnt/a";

	path[5] = (char)('a' + i);
	return (int)INSIST(rump_sys_open(path, flags));
}

static int
op_write(struct worker *w, int fd)
{
	long off = (long)rng(w, BLOCKFS_MAXFILE - IO_MOST), moved;
	size_t n = 1 + rng(w, IO_MOST - 1);

	memset(w->data, (int)rng(w, 256), n);
	for (size_t done = 0; done < n; done += (size_t)moved) {
		moved = INSIST(rump_sys_pwrite(fd, w->data + done, n - done,
		    off + (long)done));
		if (moved <= 0)
			return __LINE__;
	}
	memcpy(w->model + off, w->data, n);
	if (off + (long)n > w->size)
		w->size = off + (long)n;
	return 0;
}

static int
op_read(struct worker *w, int fd)
{
	long off = (long)rng(w, (unsigned)w->size + 1), want;
	size_t n = 1 + rng(w, IO_MOST - 1);

	want = w->size - off < (long)n ? w->size - off : (long)n;
	if (INSIST(rump_sys_pread(fd, w->data, n, off)) != want)
		return __LINE__;
	return memcmp(w->data, w->model + off, (size_t)want) == 0 ? 0 :
	    __LINE__;
}

static int
op_truncate(struct worker *w, int fd)
{
	long size = (long)rng(w, BLOCKFS_MAXFILE);

	if (INSIST(rump_sys_ftruncate(fd, size)) != 0)
		return __LINE__;
	if (size < w->size)
		memset(w->model + size, 0, (size_t)(w->size - size));
	w->size = size;
	return 0;
}

/* Somebody else's file: it is what it is. */
static int
op_look(struct worker *w)
{
	int fd = open_file(rng(w, BLOCKFS_FILES), RUMP_O_RDONLY), line = 0;
	long off = (long)rng(w, BLOCKFS_MAXFILE);

	if (fd == -1)
		return __LINE__;
	if (INSIST(rump_sys_pread(fd, w->data, IO_MOST, off)) == -1)
		line = __LINE__;
	if (rump_sys_close(fd) != 0)
		line = __LINE__;
	return line;
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	int fd = open_file(w->file, RUMP_O_RDWR);

	if (fd == -1)
		w->line = __LINE__;
	for (; w->op < OPS && w->line == 0; w->op++) {
		unsigned which = rng(w, 100);

		if (which < 2)
			w->line = INSIST(rump_sys_fsync(fd)) == 0 ? 0 : __LINE__;
		else if (which < 6)
			w->line = op_truncate(w, fd);
		else if (which < 20)
			w->line = op_look(w);
		else if (which < 55)
			w->line = op_write(w, fd);
		else
			w->line = op_read(w, fd);
	}
	w->error = errno;
	if (rump_sys_close(fd) != 0 && w->line == 0)
		w->line = __LINE__;
	return NULL;
}

static void *
flush(void *arg)
{

	while (!__atomic_load_n(&done, __ATOMIC_RELAXED))
		rump_sys_sync();
	return NULL;
}

static void
run(unsigned bshift, unsigned mode)
{
	struct blockfs_args args = {
		.fspec = (char *)(uintptr_t)"/disk", .bshift = bshift,
		.mode = mode
	};
	uint64_t seed = getenv("SEED") != NULL ?
	    strtoull(getenv("SEED"), NULL, 0) << 8 : 0;
	pthread_t flusher;

	rump_blockfs_reset();
	T_ASSERT_EQ(rump_sys_mount("blockfs", "/mnt", 0, &args, sizeof(args)), 0);
	memset(workers, 0, sizeof(workers));
	done = 0;
	T_ASSERT_EQ(pthread_create(&flusher, NULL, flush, NULL), 0);
	for (unsigned i = 0; i < BLOCKFS_FILES; i++) {
		workers[i].file = i;
		workers[i].state = seed + i + bshift;
		T_ASSERT_EQ(pthread_create(&workers[i].thread, NULL, work,
		    &workers[i]), 0);
	}
	for (unsigned i = 0; i < BLOCKFS_FILES; i++) {
		T_ASSERT_EQ(pthread_join(workers[i].thread, NULL), 0);
		if (!T_CHECK_EQ(workers[i].line, 0))
			printf("# errno %d\n", workers[i].error);
	}
	__atomic_store_n(&done, 1, __ATOMIC_RELAXED);
	T_ASSERT_EQ(pthread_join(flusher, NULL), 0);
	T_CHECK_EQ(rump_sys_unmount("/mnt", 0), 0);
}

static void
set_up(void)
{
	static int once;

	if (once++)
		return;
	setenv("RUMP_MEMLIMIT", "4m", 1);
	setenv("RUMP_NCPU", "4", 1);
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(rumpuser_memdisk_add("disk", NULL, DISK_BYTES, 0), 0);
	T_ASSERT_EQ(rump_pub_etfs_register("/disk", "memdisk:disk",
	    RUMP_ETFS_BLK), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/mnt", 0755), 0);
}

static void
small_blocks(void)
{

	set_up();
	run(10, BLOCKFS_BEFORE);
}

static void
blocks_of_a_page(void)
{

	set_up();
	run(12, BLOCKFS_FAULT);
}

static void
large_blocks(void)
{

	set_up();
	run(15, BLOCKFS_BUSY);
}

T_MAIN(T(small_blocks), T(blocks_of_a_page), T(large_blocks))
