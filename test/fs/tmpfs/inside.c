/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * tmpfs from inside the kernel: pages of files, whiteouts, readdir's cookies;
 * and what other parts of the kernel make of it: file handles, events.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "../../t.h"

#define MNT	"/t"
#define PAGE	4096

int	rump_test_pages(void);
int	rump_test_holes(void);
int	rump_test_no_space(void);
int	rump_test_whiteouts(void);
int	rump_test_cookies(void);
int	rump_test_run(int (*)(void));

static void
begin(long long size)
{
	struct rump_tmpfs_args args;

	memset(&args, 0, sizeof(args));
	args.ta_version = RUMP_TMPFS_ARGS_VERSION;
	args.ta_root_mode = 0755;
	args.ta_size_max = size;
	T_ASSERT_EQ(rump_sys_mount("tmpfs", MNT, 0, &args, sizeof(args)), 0);
}

static void
end(void)
{

	T_CHECK_EQ(rump_sys_unmount(MNT, 0), 0);
}

/* A file of so many pages of x, or a hole. */
static int
make(const char *path, int pages, int hole)
{
	static char x[PAGE];
	int fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0644);

	memset(x, 'x', sizeof(x));
	if (hole)
		T_CHECK_EQ(rump_sys_ftruncate(fd, (long long)pages * PAGE), 0);
	else for (int i = 0; i < pages; i++)
		T_CHECK_EQ(rump_sys_write(fd, x, PAGE), PAGE);
	return fd;
}

static void
pages(void)
{

	begin(0);
	rump_sys_close(make(MNT "/pages", 3, 0));
	T_CHECK_EQ(rump_test_run(rump_test_pages), 0);
	end();
}

static void
holes(void)
{
	int fd;

	begin(1024 * 1024);
	rump_sys_close(make(MNT "/hole", 100, 1));
	T_CHECK_EQ(rump_test_run(rump_test_holes), 0);
	fd = rump_sys_open(MNT "/fill", RUMP_O_RDWR | RUMP_O_CREAT, 0644);
	while (rump_sys_write(fd, "y", 1) == 1 &&
	    rump_sys_lseek(fd, PAGE - 1, 1) != -1)
		continue;
	T_CHECK_EQ(errno, RUMP_ENOSPC);
	rump_sys_close(fd);
	T_CHECK_EQ(rump_test_run(rump_test_no_space), 0);
	end();
}

static void
whiteouts(void)
{

	begin(0);
	T_CHECK_EQ(rump_test_run(rump_test_whiteouts), 0);
	end();
}

static void
cookies(void)
{
	char path[40];

	begin(0);
	for (int i = 0; i < 20; i++) {
		snprintf(path, sizeof(path), MNT "/file%d", i * i);
		rump_sys_close(make(path, 0, 0));
	}
	rump_sys_unlink(MNT "/file16");
	T_CHECK_EQ(rump_test_run(rump_test_cookies), 0);
	end();
}

static void
handles(void)
{
	char handle[128], data[4];
	size_t size = sizeof(handle);
	struct rump_stat a, b;
	int fd;

	begin(0);
	fd = make(MNT "/file", 1, 0);
	T_ASSERT_EQ(rump_sys_getfh(MNT "/file", handle, &size), 0);
	T_CHECK_EQ(rump_sys_fhstat(handle, size, &a), 0);
	T_CHECK_EQ(rump_sys_stat(MNT "/file", &b), 0);
	T_CHECK_EQ(a.st_ino, b.st_ino);
	rump_sys_close(fd);
	fd = rump_sys_fhopen(handle, size, RUMP_O_RDONLY);
	T_CHECK(fd != -1);
	T_CHECK_EQ(rump_sys_read(fd, data, 4), 4);
	T_CHECK_EQ(data[0], 'x');
	T_CHECK_EQ(rump_sys_unlink(MNT "/file"), 0);
	T_CHECK_ERR(rump_sys_fhstat(handle, size, &a), RUMP_ESTALE);
	rump_sys_close(fd);
	T_CHECK_ERR(rump_sys_fhstat(handle, size, &a), RUMP_ESTALE);
	/* Its number is not used again. */
	rump_sys_close(make(MNT "/file", 1, 0));
	T_CHECK_ERR(rump_sys_fhstat(handle, size, &a), RUMP_ESTALE);
	end();
}

static unsigned
events_of(int kq)
{
	struct rump_kevent ev;
	struct rump_timespec now = { 0, 0 };

	return rump_sys_kevent(kq, NULL, 0, &ev, 1, &now) == 1 ? ev.fflags : 0;
}

static void
watch(int kq, int fd)
{
	struct rump_kevent ev;

	memset(&ev, 0, sizeof(ev));
	ev.ident = (unsigned long)fd;
	ev.filter = RUMP_EVFILT_VNODE;
	ev.flags = RUMP_EV_ADD | RUMP_EV_CLEAR;
	ev.fflags = RUMP_NOTE_DELETE | RUMP_NOTE_WRITE | RUMP_NOTE_EXTEND |
	    RUMP_NOTE_ATTRIB | RUMP_NOTE_LINK | RUMP_NOTE_RENAME;
	T_CHECK_EQ(rump_sys_kevent(kq, &ev, 1, NULL, 0, NULL), 0);
}

static void
events(void)
{
	int kq, dir, fd;

	begin(0);
	kq = rump_sys_kqueue();
	fd = make(MNT "/file", 0, 0);
	watch(kq, fd);
	T_CHECK_EQ(rump_sys_write(fd, "abc", 3), 3);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_WRITE | RUMP_NOTE_EXTEND);
	T_CHECK_EQ(rump_sys_pwrite(fd, "abc", 3, 0), 3);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_WRITE);
	T_CHECK_EQ(rump_sys_chmod(MNT "/file", 0600), 0);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_ATTRIB);
	T_CHECK_EQ(rump_sys_link(MNT "/file", MNT "/link"), 0);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_LINK);
	T_CHECK_EQ(rump_sys_rename(MNT "/file", MNT "/moved"), 0);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_RENAME);
	T_CHECK_EQ(rump_sys_unlink(MNT "/link"), 0);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_LINK);
	T_CHECK_EQ(rump_sys_unlink(MNT "/moved"), 0);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_DELETE);
	rump_sys_close(fd);

	dir = rump_sys_open(MNT, RUMP_O_RDONLY);
	watch(kq, dir);
	rump_sys_close(make(MNT "/file", 0, 0));
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_WRITE);
	T_CHECK_EQ(rump_sys_mkdir(MNT "/sub", 0755), 0);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_WRITE | RUMP_NOTE_LINK);
	T_CHECK_EQ(rump_sys_rmdir(MNT "/sub"), 0);
	T_CHECK_EQ(events_of(kq), RUMP_NOTE_WRITE | RUMP_NOTE_LINK);
	T_CHECK_EQ(events_of(kq), 0);
	rump_sys_close(dir);
	rump_sys_close(kq);
	end();
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(pages), T(holes), T(whiteouts), T(cookies), T(handles),
		T(events)
	};

	if (rump_init() != 0 || rump_sys_mkdir(MNT, 0755) != 0)
		return 2;
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
