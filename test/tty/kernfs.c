/* SPDX-License-Identifier: BSD-2-Clause */
/* kernfs: each file against what system calls say. */
#include <stdio.h>
#include <stdlib.h>

#include "pair.h"

void	rump_test_rootdev(unsigned long long);
void	rump_test_log(const char *);

static long
contents(const char *name, char *buf, size_t size)
{
	char path[64];
	long n;
	int fd;

	snprintf(path, sizeof(path), "/kern/%s", name);
	fd = rump_sys_open(path, RUMP_O_RDONLY);
	if (fd == -1)
		return -1;
	n = (long)rump_sys_read(fd, buf, size - 1);
	buf[n > 0 ? n : 0] = '\0';
	rump_sys_close(fd);
	return n;
}

static int
sysctl_get(int first, int second, void *p, size_t size)
{
	int mib[2] = { first, second };
	size_t len = size;

	return rump_sys___sysctl(mib, 2, p, &len, NULL, 0) == -1 ? -1 : 0;
}

static void
names(void)
{
	static const char *const want[] = { ".", "..", "boottime", "copyright",
	    "hostname", "hz", "loadavg", "msgbuf", "pagesize", "physmem",
	    "time", "version" };
	char buf[2048];
	unsigned found = 0;
	long n, at;
	int fd;

	fd = rump_sys_open("/kern", RUMP_O_RDONLY);
	T_ASSERT(fd >= 0);
	while ((n = rump_sys_getdents(fd, buf, 96)) > 0) {
		for (at = 0; at < n; found++) {
			struct rump_dirent *d = (struct rump_dirent *)(buf + at);

			T_ASSERT(found < sizeof(want) / sizeof(want[0]));
			T_CHECK_STR(d->d_name, want[found]);
			at += d->d_reclen;
		}
	}
	T_CHECK_EQ(found, sizeof(want) / sizeof(want[0]));
	rump_sys_close(fd);
}

static void
constants(void)
{
	char buf[1024], want[1024] = "";
	int n = 0;

	T_CHECK_EQ(sysctl_get(6, 7, &n, sizeof(n)), 0);	/* hw.pagesize */
	T_CHECK(contents("pagesize", buf, sizeof(buf)) > 0);
	T_CHECK_EQ(strtol(buf, NULL, 10), n);
	T_CHECK(contents("hz", buf, sizeof(buf)) > 0);
	T_CHECK_STR(buf, "100\n");
	T_CHECK(contents("physmem", buf, sizeof(buf)) > 0);
	T_CHECK(strtoll(buf, NULL, 10) > 0);
	T_CHECK_EQ(sysctl_get(1, 4, want, sizeof(want)), 0);	/* kern.version */
	T_CHECK(contents("version", buf, sizeof(buf)) > 0);
	T_CHECK_STR(buf, want);
	T_CHECK(contents("copyright", buf, sizeof(buf)) >= 0);
	T_CHECK(contents("loadavg", buf, sizeof(buf)) > 0);
	T_CHECK_STR(buf, "0 0 0 2048\n");
}

static void
times(void)
{
	struct rump_timespec before, after;
	char buf[64];
	long long s, us;

	rump_sys_clock_gettime(RUMP_CLOCK_REALTIME, &before);
	T_CHECK(contents("time", buf, sizeof(buf)) > 0);
	rump_sys_clock_gettime(RUMP_CLOCK_REALTIME, &after);
	T_ASSERT_EQ(sscanf(buf, "%lld %lld\n", &s, &us), 2);
	T_CHECK(s * 1000000 + us >= before.tv_sec * 1000000LL +
	    before.tv_nsec / 1000);
	T_CHECK(s * 1000000 + us <= after.tv_sec * 1000000LL +
	    after.tv_nsec / 1000 + 1);
	T_CHECK(contents("boottime", buf, sizeof(buf)) > 0);
	T_CHECK(strtoll(buf, NULL, 10) <= s);
}

static void
hostname(void)
{
	char buf[300], want[300] = "";
	struct rump_stat st;
	int fd;

	fd = rump_sys_open("/kern/hostname", RUMP_O_WRONLY | RUMP_O_TRUNC);
	T_ASSERT(fd >= 0);
	T_CHECK_EQ(put(fd, "terminal\n"), 9);
	rump_sys_close(fd);
	T_CHECK_EQ(sysctl_get(1, 10, want, sizeof(want)), 0);
	T_CHECK_STR(want, "terminal");
	T_CHECK_EQ(contents("hostname", buf, sizeof(buf)), 9);
	T_CHECK_STR(buf, "terminal\n");
	T_CHECK_EQ(rump_sys_stat("/kern/hostname", &st), 0);
	T_CHECK_EQ(st.st_size, 9);
	T_CHECK_EQ(st.st_mode, RUMP_S_IFREG | 0644);
	fd = rump_sys_open("/kern/hostname", RUMP_O_RDWR);
	memset(buf, 'x', sizeof(buf));
	T_CHECK_ERR(rump_sys_write(fd, buf, 256), RUMP_EINVAL);
	/* the name is written in one piece */
	T_CHECK_ERR(rump_sys_pwrite(fd, buf, 1, 9), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_pread(fd, buf, 4, 4), 4);
	T_CHECK_ERR(rump_sys_lseek(fd, -1, RUMP_SEEK_SET), RUMP_EINVAL);
	T_CHECK(memcmp(buf, "inal", 4) == 0);
	rump_sys_close(fd);
}

static void
messages(void)
{
	static char buf[20000];

	rump_test_log("kernfs: first\n");
	rump_test_log("kernfs: second\n");
	T_CHECK(contents("msgbuf", buf, sizeof(buf)) > 0);
	T_CHECK(strstr(buf, "kernfs: first\nkernfs: second\n") != NULL);
	/* reading does not take */
	T_CHECK(contents("msgbuf", buf, sizeof(buf)) > 0);
}

static void
cannot(void)
{
	T_CHECK_ERR(rump_sys_mkdir("/kern/x", 0777), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_unlink("/kern/hz"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_rename("/kern/hz", "/kern/z"), RUMP_EROFS);
	T_CHECK_ERR(rump_sys_open("/kern/x", RUMP_O_RDWR | RUMP_O_CREAT, 0666),
	    RUMP_EROFS);
	T_CHECK_ERR(rump_sys_open("/kern/x", RUMP_O_RDWR), RUMP_ENOENT);
	T_CHECK_ERR(rump_sys_chmod("/kern/hz", 0777), RUMP_EOPNOTSUPP);
	T_CHECK_ERR(rump_sys_chown("/kern/hz", 1, 1), RUMP_EOPNOTSUPP);
	T_CHECK_ERR(rump_sys_rmdir("/kern"), RUMP_EBUSY);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_sys_setuid(1), 0);
	T_CHECK_ERR(rump_sys_open("/kern/hostname", RUMP_O_RDWR), RUMP_EACCES);
	T_CHECK(rump_sys_open("/kern/hz", RUMP_O_RDONLY) >= 0);
	rump_pub_lwproc_releaselwp();
}

/* The root device is there if there is one. */
static void
root_device(void)
{
	struct rump_stat st;

	T_CHECK_ERR(rump_sys_stat("/kern/rootdev", &st), RUMP_ENOENT);
	rump_test_rootdev(0x1234);
	T_CHECK_EQ(rump_sys_stat("/kern/rootdev", &st), 0);
	T_CHECK_EQ(st.st_mode, RUMP_S_IFBLK | 0400);
	T_CHECK_EQ(st.st_rdev, 0x1234);
	T_CHECK_ERR(rump_sys_open("/kern/rootdev", RUMP_O_RDONLY), RUMP_ENXIO);
	rump_test_rootdev(~0ull);
	T_CHECK_ERR(rump_sys_stat("/kern/rootdev", &st), RUMP_ENOENT);
}

static void
unmounting(void)
{
	int fd = rump_sys_open("/kern/hz", RUMP_O_RDONLY);
	char c;

	T_CHECK_ERR(rump_sys_unmount("/kern", 0), RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_unmount("/kern", RUMP_MNT_FORCE), 0);
	T_CHECK_ERR(rump_sys_read(fd, &c, 1), RUMP_EIO);
	rump_sys_close(fd);
	T_CHECK_EQ(rump_sys_mount(RUMP_MOUNT_KERNFS, "/kern", RUMP_MNT_RDONLY,
	    NULL, 0), 0);
	T_CHECK_ERR(rump_sys_open("/kern/hostname", RUMP_O_RDWR), RUMP_EROFS);
	T_CHECK_EQ(rump_sys_unmount("/kern", 0), 0);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(names), T(constants), T(times), T(hostname), T(messages),
		T(cannot), T(root_device), T(unmounting),
	};

	if (rump_init() != 0 || rump_sys_mkdir("/kern", 0755) != 0 ||
	    rump_sys_mount(RUMP_MOUNT_KERNFS, "/kern", 0, NULL, 0) != 0) {
		t_puts("Bail out! no kernel, or no kernfs\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
