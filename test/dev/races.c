/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that use disks while their media come and go.  Whatever they are told is an
 * error of the kind that a medium that is gone gives; nothing hangs or breaks.
 *
 *   come_and_go    open, read, write, close wedges and partitions of a vnd
 *   flushes        the cache of a vnd that is cleared by force
 *   server_ends    reads of an md whose server goes
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../t.h"

#define SECTOR	512
#define DISK	(1024 * 1024)
#define THREADS	3
#define ROUNDS	150

static unsigned char image[DISK];
static atomic_int stop, wrong, reads;

static void
entry(unsigned char *e, unsigned type, unsigned start, unsigned size)
{

	e[4] = (unsigned char)type;
	for (int b = 0; b < 4; b++) {
		e[8 + b] = (unsigned char)(start >> 8 * b);
		e[12 + b] = (unsigned char)(size >> 8 * b);
	}
}

/* An error that a disk which may be gone can give. */
static void
expect(int error)
{

	if (error != RUMP_ENXIO && error != RUMP_EIO && error != RUMP_ENOENT &&
	    error != RUMP_EBUSY && error != RUMP_EBADF) {
		fprintf(stderr, "# error %d\n", error);
		wrong++;
	}
}

static void *
user(void *arg)
{
	static const char *const paths[] = {
		"/dev/rdk0", "/dev/rdk1", "/dev/dk0", "/dev/dk1", "/dev/vnd0e"
	};
	unsigned who = (unsigned)(uintptr_t)arg, seed = who + 1;
	unsigned char buf[8 * SECTOR];

	memset(buf, 0x5a, sizeof(buf));
	while (!stop) {
		int fd = rump_sys_open(paths[rand_r(&seed) %
		    (sizeof(paths) / sizeof(paths[0]))],
		    RUMP_O_RDWR);

		if (fd == -1) {
			expect(errno);
			continue;
		}
		for (int i = 0; i < 5; i++) {
			ssize_t n = rump_sys_pread(fd, buf, sizeof(buf), 0);

			if (n == -1) {
				expect(errno);
				memset(buf, 0x5a, sizeof(buf));
			} else if (n == 0) {
				/* revoked: the end of the file */
				break;
			} else if (n != sizeof(buf) || buf[0] != 0x5a) {
				wrong++;
			} else {
				reads++;
			}
			if (rump_sys_pwrite(fd, buf, n > 0 ? n : SECTOR, 0) ==
			    -1 || n == -1)
				break;
		}
		(void)rump_sys_close(fd);
	}
	return NULL;
}

static int
ioctl_on(int fd, unsigned long cmd, int flags)
{
	struct rump_vnd_ioctl vio = {
		.vnd_file = (char *)(uintptr_t)"/disk", .vnd_flags = flags
	};

	return rump_sys_ioctl(fd, cmd, &vio);
}

static void
come_and_go(void)
{
	pthread_t threads[THREADS];
	int fd, file, n;

	T_ASSERT_EQ(rump_init(), 0);
	memset(image, 0x5a, sizeof(image));
	memset(image, 0, SECTOR);
	entry(image + 446, 0x83, 64, 500);
	entry(image + 462, 0x83, 600, 500);
	image[510] = 0x55;
	image[511] = 0xaa;
	file = rump_sys_open("/disk", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_ASSERT_EQ(rump_sys_write(file, image, DISK), DISK);
	fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	for (int i = 0; i < THREADS; i++)
		T_ASSERT_EQ(pthread_create(&threads[i], NULL, user,
		    (void *)(uintptr_t)i), 0);
	for (int round = 0; round < ROUNDS || reads < 20; round++) {
		T_CHECK_EQ(ioctl_on(fd, RUMP_VNDIOCSET, 0), 0);
		T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCMWEDGES, &n), 0);
		for (int i = 0; i < 20; i++)
			(void)rump_sys_pread(fd, image, 4 * SECTOR, 0);
		if (round % 3 == 0)
			T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCRMWEDGES, &n),
			    0);
		if (ioctl_on(fd, RUMP_VNDIOCCLR, 0) != 0)
			T_CHECK_EQ(ioctl_on(fd, RUMP_VNDIOCCLR,
			    RUMP_VNDIOF_FORCE), 0);
	}
	stop = 1;
	for (int i = 0; i < THREADS; i++)
		T_CHECK_EQ(pthread_join(threads[i], NULL), 0);
	T_CHECK_EQ(wrong, 0);
	/* all as it was */
	T_CHECK_EQ(ioctl_on(fd, RUMP_VNDIOCSET, 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_DIOCMWEDGES, &n), 0);
	T_CHECK_EQ(n, 2);
	T_CHECK_EQ(ioctl_on(fd, RUMP_VNDIOCCLR, 0), 0);
	T_CHECK_EQ(rump_halt(), 0);
}

static void *
flusher(void *arg)
{
	int on = 1, fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);

	while (!stop) {
		if (rump_sys_ioctl(fd, RUMP_DIOCCACHESYNC, &on) == 0)
			reads++;
		else if (errno != RUMP_ENXIO)
			expect(errno);
	}
	(void)rump_sys_close(fd);
	return NULL;
}

static void
flushes(void)
{
	pthread_t thread;
	int fd, file;

	T_ASSERT_EQ(rump_init(), 0);
	file = rump_sys_open("/disk", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_ASSERT_EQ(rump_sys_write(file, image, DISK), DISK);
	fd = rump_sys_open("/dev/rvnd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	stop = wrong = reads = 0;
	T_ASSERT_EQ(pthread_create(&thread, NULL, flusher, NULL), 0);
	for (int round = 0; round < ROUNDS || reads < 20; round++) {
		T_CHECK_EQ(ioctl_on(fd, RUMP_VNDIOCSET, 0), 0);
		T_CHECK_EQ(rump_sys_pwrite(fd, image, SECTOR, 0), SECTOR);
		T_CHECK_EQ(ioctl_on(fd, RUMP_VNDIOCCLR, RUMP_VNDIOF_FORCE), 0);
	}
	stop = 1;
	T_CHECK_EQ(pthread_join(thread, NULL), 0);
	T_CHECK_EQ(wrong, 0);
	T_CHECK_EQ(rump_halt(), 0);
}

static void *
reader(void *arg)
{
	unsigned char buf[SECTOR];
	int fd = rump_sys_open("/dev/rmd0d", RUMP_O_RDONLY);

	while (!stop) {
		if (rump_sys_pread(fd, buf, SECTOR, 0) != -1)
			wrong++;
		else
			expect(errno);
		reads++;
	}
	(void)rump_sys_close(fd);
	return NULL;
}

/* A server whose memory is not there ends with the first transfer. */
static void
server_ends(void)
{
	struct rump_md_conf conf = {
		.md_size = DISK, .md_type = RUMP_MD_UMEM_SERVER
	};
	pthread_t threads[THREADS];
	int fd;

	T_ASSERT_EQ(rump_init(), 0);
	fd = rump_sys_open("/dev/rmd0d", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	stop = wrong = reads = 0;
	for (int i = 0; i < THREADS; i++)
		T_ASSERT_EQ(pthread_create(&threads[i], NULL, reader, NULL), 0);
	for (int round = 0; round < 4 * ROUNDS; round++)
		T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_MD_SETCONF, &conf),
		    RUMP_EFAULT);
	stop = 1;
	for (int i = 0; i < THREADS; i++)
		T_CHECK_EQ(pthread_join(threads[i], NULL), 0);
	T_CHECK_EQ(wrong, 0);
	T_CHECK_EQ(rump_halt(), 0);
}

T_MAIN(T(come_and_go), T(flushes), T(server_ends))
