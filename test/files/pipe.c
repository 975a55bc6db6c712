/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pipes: one sequence of random calls, made here and on the host's kernel, with
 * the same outcome each time; and what each kernel decides for itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

#define STEPS	20000
#define LONGEST	900		/* so that neither kernel's pipe fills up in CALM bytes */
#define CALM	4000
#define RING	16384		/* bytes in a pipe of ours */

struct outcome {
	long	result;
	int	error;		/* the host's number */
	char	data[LONGEST];
};

static uint64_t seed = 20240601;

static unsigned
rnd(unsigned n)
{

	return t_random(&seed, n);
}

static int
host_errno(int error)
{

	switch (error) {
	case RUMP_EAGAIN:
		return EAGAIN;
	case RUMP_EBADF:
		return EBADF;
	case RUMP_EPIPE:
		return EPIPE;
	case RUMP_ESPIPE:
		return ESPIPE;
	case RUMP_EINVAL:
		return EINVAL;
	case RUMP_ENOTTY:
		return ENOTTY;
	default:
		return error;
	}
}

/* The calls that both kernels make: what, on which end, how long. */
enum { READ, WRITE, PENDING, POLL, PREAD, PWRITE, CLOSE, OPS };

static long
here(int op, const int *fds, int end, unsigned len, char *data)
{
	struct rump_pollfd pfd = { fds[end], RUMP_POLLIN | RUMP_POLLOUT, 0 };
	int n = -1;

	switch (op) {
	case READ:
		return rump_sys_read(fds[end], data, len);
	case WRITE:
		return rump_sys_write(fds[end], data, len);
	case PENDING:
		return rump_sys_ioctl(fds[0], RUMP_FIONREAD, &n) == 0 ? n : -1;
	case POLL:
		n = rump_sys_poll(&pfd, 1, 0);
		return n != 1 ? n :
		    ((pfd.revents & RUMP_POLLIN) != 0) * 2 +
		    ((pfd.revents & RUMP_POLLOUT) != 0) * 4;
	case PREAD:
		return rump_sys_pread(fds[end], data, len, 0);
	case PWRITE:
		return rump_sys_pwrite(fds[end], data, len, 0);
	default:
		return rump_sys_close(fds[end]);
	}
}

static long
there(int op, const int *fds, int end, unsigned len, char *data)
{
	struct pollfd pfd = { fds[end], POLLIN | POLLOUT, 0 };
	int n = -1;

	switch (op) {
	case READ:
		return read(fds[end], data, len);
	case WRITE:
		return write(fds[end], data, len);
	case PENDING:
		return ioctl(fds[0], FIONREAD, &n) == 0 ? n : -1;
	case POLL:
		n = poll(&pfd, 1, 0);
		return n != 1 ? n : ((pfd.revents & POLLIN) != 0) * 2 +
		    ((pfd.revents & POLLOUT) != 0) * 4;
	case PREAD:
		return pread(fds[end], data, len, 0);
	case PWRITE:
		return pwrite(fds[end], data, len, 0);
	default:
		return close(fds[end]);
	}
}

/* One call on both; whether they agree. */
static int
same(int op, const int *ours, const int *theirs, int end, unsigned len,
    long *result)
{
	struct outcome a, b;
	unsigned i;

	memset(&a, 0, sizeof(a));
	if (op == WRITE || op == PWRITE)
		for (i = 0; i < len; i++)
			a.data[i] = (char)rnd(256);
	b = a;
	errno = 0;
	a.result = here(op, ours, end, len, a.data);
	a.error = a.result == -1 ? host_errno(errno) : 0;
	errno = 0;
	b.result = there(op, theirs, end, len, b.data);
	b.error = b.result == -1 ? errno : 0;
	*result = a.result;
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static void
like_the_host(void)
{
	int ours[2], theirs[2], i, op, end;
	long result, inside = 0;
	unsigned len;

	signal(SIGPIPE, SIG_IGN);
	rump_boot_setsigmodel(RUMP_SIGMODEL_RECORD);
	T_ASSERT_EQ(rump_sys_pipe2(ours, RUMP_O_NONBLOCK), 0);
	T_ASSERT_EQ(pipe(theirs), 0);
	T_ASSERT_EQ(fcntl(theirs[0], F_SETFL, O_NONBLOCK), 0);
	T_ASSERT_EQ(fcntl(theirs[1], F_SETFL, O_NONBLOCK), 0);
	for (i = 0; i < STEPS; i++) {
		op = (int)rnd(CLOSE);
		end = op == READ ? 0 : op == WRITE ? 1 : (int)rnd(2);
		if (op == PREAD || op == PWRITE)
			end = op == PWRITE;
		else if (rnd(40) == 0)
			end = 1 - end;
		len = rnd(LONGEST);
		if (op == WRITE && inside + len > CALM)
			op = READ, end = 0;
		if (!same(op, ours, theirs, end, len, &result)) {
			t_puts("# step ");
			t_putnum(i);
			t_puts(" operation ");
			t_putnum(op);
			t_putc('\n');
			T_ASSERT(0);
		}
		if (result > 0 && op == WRITE)
			inside += result;
		if (result > 0 && op == READ)
			inside -= result;
	}
	T_CHECK(same(CLOSE, ours, theirs, 1, 0, &result));
	do {
		T_CHECK(same(PENDING, ours, theirs, 0, 0, &result));
		T_CHECK(same(READ, ours, theirs, 0, 300, &result));
	} while (result > 0);
	T_CHECK_EQ(result, 0);
	T_CHECK(same(READ, ours, theirs, 0, 300, &result));
	T_CHECK(same(CLOSE, ours, theirs, 0, 0, &result));
}

static void
broken(void)
{
	int ours[2], theirs[2];
	long result;

	T_ASSERT_EQ(rump_sys_pipe(ours), 0);
	T_ASSERT_EQ(pipe(theirs), 0);
	T_CHECK(same(WRITE, ours, theirs, 1, 10, &result));
	T_CHECK(same(CLOSE, ours, theirs, 0, 0, &result));
	T_CHECK(same(WRITE, ours, theirs, 1, 10, &result));
	T_CHECK_EQ(result, -1);
	T_CHECK(same(WRITE, ours, theirs, 1, 0, &result));
	T_CHECK(same(CLOSE, ours, theirs, 1, 0, &result));
}

/* A pipe that is full: short messages whole or not at all, long ones in part. */
static void
full(void)
{
	static char buf[RING];
	int fds[2], n;
	unsigned i;

	T_ASSERT_EQ(rump_sys_pipe2(fds, RUMP_O_NONBLOCK), 0);
	for (i = 0; i < sizeof(buf); i++)
		buf[i] = (char)(i % 251);
	T_CHECK_EQ(rump_sys_ioctl(fds[1], RUMP_FIONSPACE, &n), 0);
	T_CHECK_EQ(n, RING);
	T_CHECK_EQ(rump_sys_write(fds[1], buf, RING - 100), RING - 100);
	T_CHECK_EQ(rump_sys_ioctl(fds[1], RUMP_FIONSPACE, &n), 0);
	T_CHECK_EQ(n, 100);
	T_CHECK_ERR(rump_sys_write(fds[1], buf, 200), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_write(fds[1], buf + RING - 100, 600 - 500), 100);
	T_CHECK_ERR(rump_sys_write(fds[1], buf, 1), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_read(fds[0], buf, 100), 100);
	T_CHECK_EQ(rump_sys_write(fds[1], buf, 600), 100);
	T_CHECK_EQ(rump_sys_ioctl(fds[0], RUMP_FIONREAD, &n), 0);
	T_CHECK_EQ(n, RING);
	memset(buf, 0, sizeof(buf));
	T_CHECK_EQ(rump_sys_read(fds[0], buf, RING), RING);
	for (i = 0; i < RING - 100; i++)
		if (buf[i] != (char)((i + 100) % 251))
			break;
	T_CHECK_EQ(i, RING - 100);
	T_CHECK_ERR(rump_sys_read(fds[0], buf, 1), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_close(fds[0]), 0);
	T_CHECK_EQ(rump_sys_close(fds[1]), 0);
}

static void
flags(void)
{
	int fds[2], before, after;
	struct rump_stat st;

	T_ASSERT_EQ(rump_sys_pipe2(fds, RUMP_O_CLOEXEC | RUMP_O_NOSIGPIPE), 0);
	T_CHECK_EQ(rump_sys_fcntl(fds[0], RUMP_F_GETFD), RUMP_FD_CLOEXEC);
	T_CHECK_EQ(rump_sys_fcntl(fds[1], RUMP_F_GETFD), RUMP_FD_CLOEXEC);
	T_CHECK_EQ(rump_sys_fcntl(fds[0], RUMP_F_GETFL) & RUMP_O_ACCMODE,
	    RUMP_O_RDONLY);
	T_CHECK_EQ(rump_sys_fcntl(fds[1], RUMP_F_GETFL) & RUMP_O_ACCMODE,
	    RUMP_O_WRONLY);
	T_CHECK_EQ(rump_sys_fstat(fds[0], &st), 0);
	T_CHECK_EQ(st.st_mode & RUMP_S_IFMT, RUMP_S_IFIFO);
	rump_boot_setsigmodel(RUMP_SIGMODEL_PANIC);	/* no signal, please */
	/* all flags at once, access modes that do not exist among them */
	T_CHECK_EQ(rump_sys_fcntl(fds[1], RUMP_F_SETFL, -1L), 0);
	T_CHECK_EQ(rump_sys_fcntl(fds[1], RUMP_F_GETFL) & (RUMP_O_ACCMODE |
	    RUMP_O_NONBLOCK), RUMP_O_WRONLY | RUMP_O_NONBLOCK);
	T_CHECK_EQ(rump_sys_close(fds[0]), 0);
	T_CHECK_ERR(rump_sys_write(fds[1], "x", 1), RUMP_EPIPE);
	rump_boot_setsigmodel(RUMP_SIGMODEL_RECORD);
	T_CHECK_EQ(rump_sys_close(fds[1]), 0);
	before = rump_sys_dup(1);
	T_CHECK_ERR(rump_sys_pipe2(fds, RUMP_O_CREAT), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_pipe2(NULL, 0), RUMP_EFAULT);
	T_CHECK_EQ(rump_sys_close(before), 0);
	after = rump_sys_dup(1);
	T_CHECK_EQ(after, before);			/* nothing leaked */
	T_CHECK_EQ(rump_sys_close(after), 0);
}

static int
events(int kq, struct rump_kevent *ev)
{
	static const struct rump_timespec at_once = { 0, 0 };

	return rump_sys_kevent(kq, NULL, 0, ev, 2, &at_once);
}

static void
kqueues(void)
{
	static char buf[RING];
	struct rump_kevent ev[2];
	int kq = rump_sys_kqueue(), fds[2];

	T_ASSERT(kq >= 0);
	T_ASSERT_EQ(rump_sys_pipe2(fds, RUMP_O_NONBLOCK), 0);
	RUMP_EV_SET(&ev[0], fds[0], RUMP_EVFILT_READ, RUMP_EV_ADD, 0, 0, 0);
	RUMP_EV_SET(&ev[1], fds[1], RUMP_EVFILT_WRITE, RUMP_EV_ADD, 0, 0, 0);
	T_ASSERT_EQ(rump_sys_kevent(kq, ev, 2, NULL, 0, NULL), 0);
	T_CHECK_EQ(events(kq, ev), 1);
	T_CHECK_EQ(ev[0].filter, RUMP_EVFILT_WRITE);
	T_CHECK_EQ(ev[0].data, RING);
	T_CHECK_EQ(rump_sys_write(fds[1], buf, RING), RING);
	T_CHECK_EQ(events(kq, ev), 1);
	T_CHECK_EQ(ev[0].filter, RUMP_EVFILT_READ);
	T_CHECK_EQ(ev[0].data, RING);
	T_CHECK_EQ(rump_sys_read(fds[0], buf, RING / 2), RING / 2);
	T_CHECK_EQ(events(kq, ev), 2);
	T_CHECK_EQ(rump_sys_close(fds[1]), 0);
	T_CHECK_EQ(events(kq, ev), 1);
	T_CHECK(ev[0].flags & RUMP_EV_EOF);
	T_CHECK_EQ(ev[0].data, RING / 2);
	RUMP_EV_SET(&ev[0], fds[0], RUMP_EVFILT_WRITE, RUMP_EV_ADD, 0, 0, 0);
	T_CHECK_ERR(rump_sys_kevent(kq, ev, 1, NULL, 0, NULL), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_close(fds[0]), 0);
	T_CHECK_EQ(events(kq, ev), 0);
	T_CHECK_EQ(rump_sys_close(kq), 0);
}

BOOT_MAIN(T(like_the_host), T(broken), T(full), T(flags), T(kqueues))
