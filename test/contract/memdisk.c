/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory disks: life, names, transfers, ends.
 */

#include "kernel.h"

#include <string.h>

#include "rump/rumpuser_memdisk.h"

enum { SIZE = 64 * 512 };

static unsigned char image[SIZE];

struct result {
	int done, error;
	size_t moved;
};

static void
on_done(void *arg, size_t moved, int error)
{
	struct result *res = arg;

	if (kernel_lwp() == NULL || kernel_lwp()->l_cpu == -1)
		abort();
	res->moved = moved;
	res->error = error;
	flag_set(&res->done, 1);
}

static struct result
bio(int fd, int op, void *data, size_t len, int64_t off)
{
	struct result res = { .done = 0 };

	rumpuser_bio(fd, op, data, len, off, on_done, &res);
	if (!kernel_wait(&res.done))
		abort();
	return res;
}

static void
life(void)
{
	char name[20];
	uint64_t size;
	int fd, type, n;

	kernel_boot(1);
	T_CHECK_EQ(rumpuser_memdisk_add("a", image, SIZE, 0), 0);
	T_CHECK_EQ(rumpuser_memdisk_add("a", image, SIZE, 0), K_EEXIST);
	T_CHECK_EQ(rumpuser_memdisk_add("", image, SIZE, 0), K_EINVAL);
	T_CHECK_EQ(rumpuser_memdisk_add("b", image, 0, 0), K_EINVAL);
	T_CHECK_EQ(rumpuser_memdisk_add("0123456789012345678901234567890123456789", image, SIZE, 0), K_EINVAL);
	T_CHECK_EQ(rumpuser_getfileinfo("memdisk:a", &size, &type), 0);
	T_CHECK_EQ(size, SIZE);
	T_CHECK_EQ(type, RUMPUSER_FT_BLK);
	T_CHECK_EQ(rumpuser_getfileinfo("memdisk:b", &size, &type), K_ENOENT);
	T_CHECK_EQ(rumpuser_getfileinfo("memdisk:", &size, &type), K_ENOENT);
	T_CHECK_EQ(rumpuser_open("memdisk:b", RUMPUSER_OPEN_RDWR, &fd), K_ENOENT);
	T_CHECK_EQ(rumpuser_open("memdisk:", RUMPUSER_OPEN_RDWR, &fd), K_ENOENT);
	T_CHECK_EQ(rumpuser_open("memdisk:a", RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO, &fd), 0);
	T_CHECK_EQ(rumpuser_memdisk_remove("a"), K_EBUSY);
	T_CHECK_EQ(rumpuser_close(fd), 0);
	T_CHECK_EQ(rumpuser_close(fd), K_EBADF);
	T_CHECK_EQ(rumpuser_memdisk_remove("a"), 0);
	T_CHECK_EQ(rumpuser_memdisk_remove("a"), K_ENOENT);
	for (n = 0; n < 100; n++) {
		name[0] = 'd';
		name[1] = (char)('0' + n / 10);
		name[2] = (char)('0' + n % 10);
		name[3] = '\0';
		if (rumpuser_memdisk_add(name, NULL, 4096, 0) != 0)
			break;
	}
	T_CHECK_EQ(n, 64);
	T_CHECK_EQ(rumpuser_memdisk_add("more", NULL, 4096, 0), K_EMFILE);
	while (n-- > 0) {
		name[1] = (char)('0' + n / 10);
		name[2] = (char)('0' + n % 10);
		T_CHECK_EQ(rumpuser_memdisk_remove(name), 0);
	}
	kernel_halt();
}

static void
transfers(void)
{
	unsigned char buf[4 * 512];
	struct rumpuser_iovec iov[2] = { { buf, 512 }, { buf + 1024, 1024 } };
	struct result res;
	size_t moved;
	int fd;

	kernel_boot(1);
	for (size_t i = 0; i < SIZE; i++)
		image[i] = (unsigned char)(i * 3 + i / 500);
	T_ASSERT_EQ(rumpuser_memdisk_add("disk", image, SIZE, 0), 0);
	T_ASSERT_EQ(rumpuser_open("memdisk:disk", RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO, &fd), 0);

	res = bio(fd, RUMPUSER_BIO_READ, buf, sizeof(buf), 1024);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, sizeof(buf));
	T_CHECK(memcmp(buf, image + 1024, sizeof(buf)) == 0);
	res = bio(fd, RUMPUSER_BIO_READ, buf, sizeof(buf), SIZE - 512);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, 512);
	res = bio(fd, RUMPUSER_BIO_READ, buf, sizeof(buf), SIZE);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, 0);

	memset(buf, 0xee, sizeof(buf));
	res = bio(fd, RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC, buf, 1024, 512);
	T_CHECK_EQ(res.error, 0);
	T_CHECK(image[511] != 0xee && image[512] == 0xee && image[1535] == 0xee && image[1536] != 0xee);
	res = bio(fd, RUMPUSER_BIO_WRITE, buf, 1024, SIZE - 512);
	T_CHECK_EQ(res.error, K_ENOSPC);
	T_CHECK_EQ(res.moved, 512);

	T_CHECK_EQ(rumpuser_iovread(fd, iov, 2, 512, &moved), 0);
	T_CHECK_EQ(moved, 1536);
	T_CHECK(memcmp(iov[1].iov_base, image + 1024, 1024) == 0);
	T_CHECK_EQ(rumpuser_iovread(fd, iov, 2, RUMPUSER_IOV_NOSEEK, &moved), K_ESPIPE);
	T_CHECK_EQ(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_BOTH | RUMPUSER_SYNCFD_SYNC, 0, 0), 0);
	rumpuser_close(fd);
	T_CHECK_EQ(rumpuser_memdisk_remove("disk"), 0);
	kernel_halt();
}

static void
read_only(void)
{
	unsigned char buf[512];
	int fd;

	kernel_boot(1);
	T_ASSERT_EQ(rumpuser_memdisk_add("rom", image, SIZE, RUMPUSER_MEMDISK_RDONLY), 0);
	for (int mode = RUMPUSER_OPEN_WRONLY; mode <= RUMPUSER_OPEN_RDWR; mode++)
		T_CHECK_EQ(rumpuser_open("memdisk:rom", mode, &fd), K_EROFS);
	T_ASSERT_EQ(rumpuser_open("memdisk:rom", RUMPUSER_OPEN_RDONLY | RUMPUSER_OPEN_BIO, &fd), 0);
	memset(image, 0x44, 512);
	memset(buf, 0, 512);
	T_CHECK_EQ(bio(fd, RUMPUSER_BIO_WRITE, buf, 512, 0).error, K_EBADF);
	T_CHECK_EQ(bio(fd, RUMPUSER_BIO_READ, buf, 512, 0).moved, 512);
	T_CHECK_EQ(buf[511], 0x44);
	rumpuser_close(fd);
	T_CHECK_EQ(rumpuser_memdisk_remove("rom"), 0);
	kernel_halt();
}

/* A disk outlives the kernel that used it. */
static void
outlives_the_kernel(void)
{
	unsigned char buf[512];
	struct result res;
	int fd;

	T_ASSERT_EQ(rumpuser_memdisk_add("stays", NULL, 1 << 20, 0), 0);
	kernel_boot(1);
	T_ASSERT_EQ(rumpuser_open("memdisk:stays", RUMPUSER_OPEN_RDWR, &fd), 0);
	memset(buf, 0x33, sizeof(buf));
	res = bio(fd, RUMPUSER_BIO_WRITE, buf, 512, 512);
	T_CHECK_EQ(res.error, 0);
	rumpuser_close(fd);
	kernel_halt();
	kernel_boot(1);
	T_ASSERT_EQ(rumpuser_open("memdisk:stays", RUMPUSER_OPEN_RDWR, &fd), 0);
	res = bio(fd, RUMPUSER_BIO_READ, buf, 512, 512);
	T_CHECK(buf[0] == 0x33 && buf[511] == 0x33);
	res = bio(fd, RUMPUSER_BIO_READ, buf, 512, 0);
	T_CHECK(buf[0] == 0 && buf[511] == 0);
	rumpuser_close(fd);
	T_CHECK_EQ(rumpuser_memdisk_remove("stays"), 0);
	kernel_halt();
}

T_MAIN(T(life), T(transfers), T(read_only), T(outlives_the_kernel))
