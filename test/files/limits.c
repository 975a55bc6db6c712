/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits: descriptors of a process, open files of all, size of a file, who may raise them; and advice. */
#include <errno.h>
#include <stdint.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

#define MANY	100

static int
limit(int which, uint64_t cur, uint64_t max)
{
	struct rump_rlimit rl = { .rlim_cur = cur, .rlim_max = max };

	return rump_sys_setrlimit(which, &rl);
}

/* Open kqueues until it fails; how many. */
static int
open_many(int *fds, int n)
{
	int i;

	for (i = 0; i < n && (fds[i] = rump_sys_kqueue()) >= 0; i++)
		continue;
	return i;
}

static void
close_many(const int *fds, int n)
{

	while (n > 0)
		T_CHECK_EQ(rump_sys_close(fds[--n]), 0);
}

/* A process of its own for a case, so that limits end with it. */
static void
process(void)
{

	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
}

static void
nofile(void)
{
	int fds[MANY], n, top = 0, i;

	process();
	T_ASSERT_EQ(limit(RUMP_RLIMIT_NOFILE, 20, 40), 0);
	n = open_many(fds, MANY);
	T_CHECK_EQ(n, 20);
	for (i = 0; i < n; i++)
		if (fds[i] > top)
			top = fds[i];
	T_CHECK_EQ(top, 19);
	T_CHECK_ERR(rump_sys_kqueue(), RUMP_EMFILE);
	T_CHECK_ERR(rump_sys_dup(fds[0]), RUMP_EMFILE);
	T_CHECK_ERR(rump_sys_dup2(fds[0], 20), RUMP_EBADF);
	T_CHECK_ERR(rump_sys_fcntl(fds[0], RUMP_F_DUPFD, 20), RUMP_EINVAL);
	T_ASSERT_EQ(limit(RUMP_RLIMIT_NOFILE, 21, 40), 0);
	T_CHECK_EQ(rump_sys_dup2(fds[0], 20), 20);
	close_many(fds, n);
	rump_pub_lwproc_releaselwp();
}

/* The limit of one process is no more than that of all, so it takes two. */
static void
maxfiles(void)
{
	static const int mib[] = { RUMP_CTL_KERN, RUMP_KERN_MAXFILES };
	int first[5], fds[MANY], max, old, n;
	size_t len = sizeof(old);

	T_ASSERT_EQ(open_many(first, 5), 5);
	max = 12;
	T_ASSERT(rump_sys___sysctl(mib, 2, &old, &len, &max, sizeof(max)) >= 0);
	process();
	n = open_many(fds, MANY);
	T_CHECK(n > 0 && n <= 7);
	T_CHECK_ERR(rump_sys_kqueue(), RUMP_ENFILE);
	T_CHECK_EQ(rump_sys_close(fds[n - 1]), 0);
	T_CHECK((fds[n - 1] = rump_sys_kqueue()) >= 0);
	T_CHECK_ERR(rump_sys_kqueue(), RUMP_ENFILE);
	max = 14;
	T_ASSERT_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, &max, sizeof(max)), 0);
	T_CHECK_EQ(open_many(fds + n, MANY - n), 2);
	T_ASSERT_EQ(rump_sys___sysctl(mib, 2, NULL, NULL, &old, sizeof(old)), 0);
	n += 2;
	n += open_many(fds + n, MANY - n);
	T_CHECK_EQ(n, MANY);
	rump_pub_lwproc_releaselwp();
	close_many(first, 5);
}

static void
fsize(void)
{
	static char buf[64];
	struct rump_stat st;
	int fd;

	process();
	rump_boot_setsigmodel(RUMP_SIGMODEL_RECORD);
	fd = rump_sys_open("/limited", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_ASSERT(fd >= 0);
	T_ASSERT_EQ(limit(RUMP_RLIMIT_FSIZE, 100, 100), 0);
	T_CHECK_EQ(rump_sys_write(fd, buf, 64), 64);
	T_CHECK_ERR(rump_sys_write(fd, buf, 64), RUMP_EFBIG);
	T_CHECK_EQ(rump_sys_write(fd, buf, 36), 36);
	T_CHECK_ERR(rump_sys_write(fd, buf, 1), RUMP_EFBIG);
	T_CHECK_ERR(rump_sys_pwrite(fd, buf, 1, 1000), RUMP_EFBIG);
	T_CHECK_EQ(rump_sys_pwrite(fd, buf, 1, 0), 1);
	T_CHECK_EQ(rump_sys_fstat(fd, &st), 0);
	T_CHECK_EQ(st.st_size, 100);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unlink("/limited"), 0);
	rump_pub_lwproc_releaselwp();
}

/* Advice is taken about any range, and changes no data. */
static void
advice(void)
{
	static const int64_t places[] = { 0, 1, 4096, 20000, 100000, INT64_MAX - 5000 };
	static char buf[20000];
	unsigned i, how;
	char c = 0;
	int fd;

	fd = rump_sys_open("/advised", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	T_ASSERT(fd >= 0);
	T_CHECK_EQ(rump_sys_write(fd, buf, sizeof(buf)), sizeof(buf));
	T_CHECK_EQ(rump_sys_pwrite(fd, "!", 1, 12345), 1);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (how = 0; how < 6; how++) {
			T_CHECK_EQ(rump_sys_posix_fadvise(fd, places[i], 5000, how), 0);
			T_CHECK_EQ(rump_sys_posix_fadvise(fd, places[i], 0, how), 0);
		}
	T_CHECK_EQ(rump_sys_posix_fadvise(fd, 0, 0, 6), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_posix_fadvise(fd, 0, -1, 0), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_pread(fd, &c, 1, 12345), 1);
	T_CHECK_EQ(c, '!');
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unlink("/advised"), 0);
}

/* Who is not root lowers limits for good. */
static void
raising(void)
{
	struct rump_rlimit rl;

	process();
	T_ASSERT_EQ(limit(RUMP_RLIMIT_CORE, 50, 100), 0);
	T_CHECK_EQ(limit(RUMP_RLIMIT_CORE, 50, 200), 0);
	T_ASSERT_EQ(rump_sys_setuid(1000), 0);
	T_CHECK_ERR(limit(RUMP_RLIMIT_CORE, 50, 201), RUMP_EPERM);
	T_CHECK_EQ(limit(RUMP_RLIMIT_CORE, 60, 60), 0);
	T_CHECK_ERR(limit(RUMP_RLIMIT_CORE, 60, 200), RUMP_EPERM);
	T_CHECK_ERR(limit(RUMP_RLIMIT_CORE, 70, 60), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_getrlimit(RUMP_RLIMIT_CORE, &rl), 0);
	T_CHECK_EQ(rl.rlim_cur, 60);
	T_CHECK_EQ(rl.rlim_max, 60);
	T_CHECK_ERR(limit(RUMP_RLIM_NLIMITS, 1, 1), RUMP_EINVAL);
	T_CHECK_ERR(limit(-1, 1, 1), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_getrlimit(RUMP_RLIMIT_CORE, NULL), RUMP_EFAULT);
	T_CHECK_ERR(rump_sys_setrlimit(RUMP_RLIMIT_CORE, NULL), RUMP_EFAULT);
	rump_pub_lwproc_releaselwp();
}

BOOT_MAIN(T(nofile), T(maxfiles), T(fsize), T(advice), T(raising))
