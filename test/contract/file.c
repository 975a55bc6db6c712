/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Files of the host and transfers that are waited for.
 */

#define _GNU_SOURCE
#include "kernel.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/contract.XXXXXX";
static char path[128];

static void
setup(void)
{

	strcpy(dir + sizeof(dir) - 7, "XXXXXX");
	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/file", dir);
	kernel_boot(1);
}

static void
teardown(void)
{

	kernel_halt();
	unlink(path);
	rmdir(dir);
}

static void
opening(void)
{
	int fd, fd2;

	setup();
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR, &fd), K_ENOENT);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_CREATE, &fd), 0);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_CREATE, &fd2), 0);
	T_CHECK(fd >= 0 && fd2 >= 0 && fd != fd2);
	T_CHECK_EQ(rumpuser_close(fd2), 0);
	T_CHECK_EQ(rumpuser_close(fd2), K_EBADF);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_CREATE | RUMPUSER_OPEN_EXCL, &fd2),
	    K_EEXIST);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_ACCMODE, &fd2), K_EINVAL);
	T_CHECK_EQ(rumpuser_open(path, 0x1000, &fd2), K_EINVAL);
	T_CHECK_EQ(rumpuser_open(dir, RUMPUSER_OPEN_RDWR, &fd2), 21);
	T_CHECK_EQ(rumpuser_close(fd), 0);
	T_CHECK(kernel_lwp()->l_released >= 8);
	T_CHECK_EQ(kernel_lwp()->l_released, kernel_lwp()->l_acquired);
	teardown();
}

static void
information(void)
{
	uint64_t size = 1;
	int type = -1, fd;

	setup();
	T_CHECK_EQ(rumpuser_getfileinfo(path, &size, &type), K_ENOENT);
	T_ASSERT_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_CREATE, &fd), 0);
	T_CHECK_EQ(ftruncate(fd, 12345), 0);
	T_CHECK_EQ(rumpuser_getfileinfo(path, &size, &type), 0);
	T_CHECK_EQ(size, 12345);
	T_CHECK_EQ(type, RUMPUSER_FT_REG);
	T_CHECK_EQ(rumpuser_getfileinfo(path, NULL, NULL), 0);
	T_CHECK_EQ(rumpuser_getfileinfo(dir, NULL, &type), 0);
	T_CHECK_EQ(type, RUMPUSER_FT_DIR);
	T_CHECK_EQ(rumpuser_getfileinfo("/dev/null", &size, &type), 0);
	T_CHECK_EQ(type, RUMPUSER_FT_CHR);
	rumpuser_close(fd);
	unlink(path);
	T_CHECK_EQ(mkfifo(path, 0600), 0);
	T_CHECK_EQ(rumpuser_getfileinfo(path, &size, &type), 0);
	T_CHECK_EQ(type, RUMPUSER_FT_OTHER);
	teardown();
}

static void
vectors(void)
{
	char a[10], b[1], c[100], d[4];
	struct rumpuser_iovec iov[] = { { a, 10 }, { NULL, 0 }, { b, 1 }, { c, 100 }, { d, 0 } };
	struct rumpuser_iovec out = { (char *)(uintptr_t)"0123456789Xrest of it", 21 };
	size_t moved = 99;
	int fd;

	setup();
	T_ASSERT_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_CREATE, &fd), 0);
	T_CHECK_EQ(rumpuser_iovwrite(fd, &out, 1, 1000, &moved), 0);
	T_CHECK_EQ(moved, 21);
	T_CHECK_EQ(rumpuser_iovread(fd, iov, 5, 1000, &moved), 0);
	T_CHECK_EQ(moved, 21);
	T_CHECK(memcmp(a, "0123456789", 10) == 0 && b[0] == 'X' && memcmp(c, "rest of it", 10) == 0);
	T_CHECK_EQ(rumpuser_iovread(fd, iov, 5, 5000, &moved), 0);
	T_CHECK_EQ(moved, 0);
	T_CHECK_EQ(rumpuser_iovread(fd, iov, 0, 0, &moved), 0);
	T_CHECK_EQ(moved, 0);

	T_CHECK_EQ(rumpuser_iovread(fd, iov, 5, -7, &moved), K_EINVAL);
	T_CHECK_EQ(rumpuser_iovread(fd, iov, 5, INT64_MAX - 10, &moved), K_EINVAL);
	iov[3].iov_len = SIZE_MAX;
	T_CHECK_EQ(rumpuser_iovread(fd, iov, 5, 0, &moved), K_EINVAL);
	T_CHECK_EQ(moved, 0);
	rumpuser_close(fd);
	T_CHECK_EQ(rumpuser_iovread(fd, iov, 1, 0, &moved), K_EBADF);
	teardown();
}

/* More buffers than a host takes at a time; odd lengths, so that they end anywhere. */
static void
many_buffers(void)
{
	enum { N = 3000 };
	static struct rumpuser_iovec iov[N];
	static unsigned char out[N * 7], in[N * 7];
	size_t len = 0, moved;
	int fd;

	setup();
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (unsigned char)(i * 31 + i / 251);
	T_ASSERT_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_CREATE, &fd), 0);
	for (int i = 0; i < N; i++) {
		iov[i] = (struct rumpuser_iovec){ out + len, (size_t)i % 8 };
		len += iov[i].iov_len;
	}
	T_CHECK_EQ(rumpuser_iovwrite(fd, iov, N, 5, &moved), 0);
	T_CHECK_EQ(moved, len);
	iov[0] = (struct rumpuser_iovec){ in, sizeof(in) };
	T_CHECK_EQ(rumpuser_iovread(fd, iov, 1, 5, &moved), 0);
	T_CHECK_EQ(moved, len);
	T_CHECK(memcmp(in, out, len) == 0);
	rumpuser_close(fd);
	teardown();
}

static void
read_pipe(void *arg)
{
	int *fds = arg;
	char buf[64];
	struct rumpuser_iovec iov = { buf, sizeof(buf) };
	size_t moved;

	T_CHECK_EQ(rumpuser_iovread(fds[0], &iov, 1, RUMPUSER_IOV_NOSEEK, &moved), 0);
	T_CHECK_EQ(moved, 3);
	T_CHECK(memcmp(buf, "abc", 3) == 0);
}

/* A pipe gives what it has; a thread that waits for it does not keep the only virtual CPU. */
static void
pipes(void)
{
	char abc[] = "abc";
	struct rumpuser_iovec iov = { abc, 3 };
	struct runner r;
	size_t moved;
	int fds[2];

	setup();
	T_ASSERT_EQ(pipe(fds), 0);
	if (!kernel_fibers()) {
		runner_start(&r, read_pipe, fds);
		T_CHECK(runner_blocked(&r));
		T_CHECK_EQ(rumpuser_iovwrite(fds[1], &iov, 1, RUMPUSER_IOV_NOSEEK, &moved), 0);
		T_CHECK_EQ(moved, 3);
		runner_join(&r);
	} else {
		/* on one thread, waiting for a pipe would be for ever */
		T_CHECK_EQ(rumpuser_iovwrite(fds[1], &iov, 1, RUMPUSER_IOV_NOSEEK, &moved), 0);
		read_pipe(fds);
	}
	T_CHECK_EQ(rumpuser_iovread(fds[0], &iov, 1, 0, &moved), K_ESPIPE);
	close(fds[0]);
	close(fds[1]);
	teardown();
}

static void
full_medium(void)
{
	struct rumpuser_iovec iov = { path, 20 };
	size_t moved = 1;
	int fd;

	setup();
	T_ASSERT_EQ(rumpuser_open("/dev/full", RUMPUSER_OPEN_WRONLY, &fd), 0);
	T_CHECK_EQ(rumpuser_iovwrite(fd, &iov, 1, 0, &moved), K_ENOSPC);
	T_CHECK_EQ(moved, 0);
	rumpuser_close(fd);
	teardown();
}

/* Whether another process could lock the file for writing. */
static bool
others_can_write(void)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int status, fd;
	pid_t child = fork();

	if (child == 0) {
		fd = open(path, O_RDWR);
		_exit(fd == -1 ? 2 : fcntl(fd, F_SETLK, &whole) == 0);
	}
	waitpid(child, &status, 0);
	T_CHECK(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 1;
}

/* A disk has one writer. Readers, and files that are no disks, do as they like. */
static void
one_writer(void)
{
	const int disk = RUMPUSER_OPEN_BIO;
	int fd, reader, file, fd2;

	setup();
	T_ASSERT_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_CREATE | disk, &fd), 0);
	T_CHECK(!others_can_write());
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | disk, &fd2), K_EBUSY);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_WRONLY | disk, &fd2), K_EBUSY);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDONLY | disk, &reader), 0);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR, &file), 0);
	T_CHECK_EQ(rumpuser_close(file), 0);
	T_CHECK_EQ(rumpuser_close(reader), 0);
	T_CHECK(!others_can_write());
	T_CHECK_EQ(rumpuser_close(fd), 0);
	T_CHECK(others_can_write());
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDONLY | disk, &reader), 0);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | disk, &fd), 0);
	T_CHECK_EQ(rumpuser_close(fd), 0);
	T_CHECK_EQ(rumpuser_close(reader), 0);
	teardown();
}

static void
may_not_be_written(void)
{
	int fd;

	setup();
	T_ASSERT_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_CREATE, &fd), 0);
	T_CHECK_EQ(rumpuser_close(fd), 0);
	T_CHECK_EQ(chmod(path, 0444), 0);
	T_CHECK_EQ(chmod(dir, 0755), 0);
	if (geteuid() == 0)
		T_CHECK_EQ(seteuid(65534), 0);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO, &fd), K_EACCES);
	T_CHECK_EQ(seteuid(getuid()), 0);
	T_CHECK_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDONLY | RUMPUSER_OPEN_BIO, &fd), 0);
	T_CHECK_EQ(rumpuser_close(fd), 0);
	teardown();
}

T_MAIN(T(opening), T(one_writer), T(may_not_be_written), T(information), T(vectors),
    T(many_buffers), T(pipes), T(full_medium))
