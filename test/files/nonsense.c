/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arguments that make no sense get the error that POSIX or NetBSD's manual
 * names: bad descriptors, NULL pointers, counts out of range, flags that do
 * not exist.
 */
#include <errno.h>
#include <limits.h>
#include <sys/uio.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

static void
bad_descriptors(void)
{
	static const int bad[] = { -1, 3, 1000, INT_MAX, INT_MIN };
	struct rump_stat st;
	unsigned i;
	char c = 'x';

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		T_CHECK_ERR(rump_sys_close(bad[i]), RUMP_EBADF);
		T_CHECK_ERR(rump_sys_dup(bad[i]), RUMP_EBADF);
		T_CHECK_ERR(rump_sys_read(bad[i], &c, 1), RUMP_EBADF);
		T_CHECK_ERR(rump_sys_write(bad[i], &c, 1), RUMP_EBADF);
		T_CHECK_ERR(rump_sys_fstat(bad[i], &st), RUMP_EBADF);
		T_CHECK_ERR(rump_sys_ioctl(bad[i], 0), RUMP_EBADF);
		T_CHECK_ERR(rump_sys_fcntl(bad[i], RUMP_F_GETFL), RUMP_EBADF);
		T_CHECK_ERR(rump_sys_dup2(bad[i], 5), RUMP_EBADF);
	}
	T_CHECK_ERR(rump_sys_dup2(1, -1), RUMP_EBADF);
	T_CHECK_ERR(rump_sys_dup2(1, INT_MAX), RUMP_EBADF);
	T_CHECK_ERR(rump_sys_read(1, &c, 1), RUMP_EBADF);	/* write-only */
}

static void
null_pointers(void)
{
	struct rump_timespec ts = { 0, 0 };
	int mib[2] = { RUMP_CTL_KERN, RUMP_KERN_OSTYPE };

	T_CHECK_ERR(rump_sys_write(1, NULL, 1), RUMP_EFAULT);
	T_CHECK_EQ(rump_sys_write(1, NULL, 0), 0);
	T_CHECK_ERR(rump_sys_writev(1, NULL, 1), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_fstat(1, NULL), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_clock_gettime(RUMP_CLOCK_REALTIME, NULL),
	    RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_nanosleep(NULL, &ts), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_getrlimit(RUMP_RLIMIT_NOFILE, NULL), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_setrlimit(RUMP_RLIMIT_NOFILE, NULL), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_poll(NULL, 1, 0), RUMP_EFAULT);
	T_CHECK_EQ(rump_sys_poll(NULL, 0, 0), 0);
	T_CHECK_ERR(rump_sys_setgroups(1, NULL), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys___sysctl(NULL, 2, NULL, NULL, NULL, 0),
	    RUMP_EFAULT);
	T_CHECK_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, NULL, 0), 0);
	T_CHECK_ERR(rump_sys_getrandom(NULL, 1, 0), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_modctl(RUMP_MODCTL_STAT, NULL), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_modctl(RUMP_MODCTL_LOAD, NULL), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys___getlogin(NULL, 5), RUMP_EFAULT);
}

static void
ranges(void)
{
	char ab[] = "ab";
	struct iovec iov[2] = { { ab, 2 }, { ab, (size_t)-1 / 2 } };
	struct rump_timespec ts = { 0, 1000000000 };
	struct rump_rlimit rl = { 2, 1 };
	uint32_t groups[17] = { 0 };
	int mib[13] = { 0 };

	T_CHECK_ERR(rump_sys_write(1, "x", (size_t)-1), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_writev(1, iov, 0), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_writev(1, iov, -1), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_writev(1, iov, 1025), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_writev(1, iov, 2), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_pwrite(1, "x", 1, 0), RUMP_ESPIPE);
	T_CHECK_ERR(rump_sys_nanosleep(&ts, NULL), RUMP_EINVAL);
	ts.tv_nsec = -1;
	T_CHECK_ERR(rump_sys_nanosleep(&ts, NULL), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_clock_gettime(77, &ts), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_clock_nanosleep(77, 0, &ts, NULL),
	    RUMP_EOPNOTSUPP);
	T_CHECK_ERR(rump_sys_setrlimit(RUMP_RLIMIT_NOFILE, &rl), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_getrlimit(-1, &rl), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_getrlimit(12, &rl), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_setgroups(17, groups), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_setgroups(-1, groups), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_dup3(1, 4, 1), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_fcntl(1, RUMP_F_DUPFD, -1), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_fcntl(1, 99), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys___sysctl(mib, 0, NULL, NULL, NULL, 0),
	    RUMP_EINVAL);
	T_CHECK_ERR(rump_sys___sysctl(mib, 13, NULL, NULL, NULL, 0),
	    RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_getrandom(mib, 1, 64), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_modctl(99, mib), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_modctl(RUMP_MODCTL_UNLOAD, ab), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_poll(NULL, 1 << 30, 0), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_poll(NULL, 0, -2), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_select(-1, NULL, NULL, NULL, NULL), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_ioctl(1, 0xdeadbeefUL, mib), RUMP_ENOTTY);
	T_CHECK_ERR(rump_sys_ioctl(1, 0x20006677UL, mib), RUMP_ENOTTY);
}

/* errno is left alone by what succeeds. */
static void
success_keeps_errno(void)
{

	errno = 4711;
	T_CHECK(rump_sys_getpid() > 0);
	T_CHECK_EQ(rump_sys_close(rump_sys_dup(1)), 0);
	T_CHECK_EQ(errno, 4711);
}

/* Descriptors up to the limit, and the table grown on the way. */
static void
many_descriptors(void)
{
	struct rump_rlimit rl;
	int fd, last = 0;

	T_ASSERT_EQ(rump_sys_getrlimit(RUMP_RLIMIT_NOFILE, &rl), 0);
	rl.rlim_cur = 300;
	T_ASSERT_EQ(rump_sys_setrlimit(RUMP_RLIMIT_NOFILE, &rl), 0);
	for (fd = 3; fd < 300; fd++)
		T_ASSERT_EQ(last = rump_sys_dup(1), fd);
	T_CHECK_ERR(rump_sys_dup(1), RUMP_EMFILE);
	T_CHECK_ERR(rump_sys_fcntl(1, RUMP_F_DUPFD, 300), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_close(77), 0);
	T_CHECK_EQ(rump_sys_fcntl(1, RUMP_F_DUPFD, 50), 77);
	T_CHECK_EQ(rump_sys_fcntl(0, RUMP_F_MAXFD), 299);
	T_CHECK_EQ(rump_sys_fcntl(3, RUMP_F_CLOSEM), 0);
	T_CHECK_EQ(rump_sys_fcntl(0, RUMP_F_MAXFD), 2);
	T_CHECK_EQ(rump_sys_dup(1), 3);
	T_CHECK_EQ(rump_sys_close(3), 0);
}

BOOT_MAIN(
	T(bad_descriptors),
	T(null_pointers),
	T(ranges),
	T(success_keeps_errno),
	T(many_descriptors)
)
