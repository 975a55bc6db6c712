/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Advisory locks: record locks of processes against a model, byte by byte; and
 * flock(2), whose locks belong to open files.
 */
#include "vfs.h"

#define PROCS	3
#define BYTES	24

/* What each process holds of each byte. */
static short model[PROCS][BYTES];
static struct lwp *procs[PROCS];
static int pids[PROCS];

static int
in_the_way(int who, int at, short type)
{
	int p;

	for (p = 0; p < PROCS; p++) {
		if (p != who && model[p][at] != RUMP_F_UNLCK &&
		    (type == RUMP_F_WRLCK || model[p][at] == RUMP_F_WRLCK))
			return p + 1;
	}
	return 0;
}

static int
any_in_the_way(int who, int from, int to, short type)
{
	int at;

	for (at = from; at < to; at++) {
		if (in_the_way(who, at, type))
			return 1;
	}
	return 0;
}

/* A range in one of the ways to say it, all for the same bytes. */
static struct rump_flock
say(int from, int to, short type)
{
	struct rump_flock fl = { .l_type = type };

	switch (vfs_random(4)) {
	case 0:
		/* relative to the end; the file has BYTES bytes */
		fl.l_whence = RUMP_SEEK_END;
		fl.l_start = from - BYTES;
		fl.l_len = to - from;
		break;
	case 1:
		/* backwards from the end of the range */
		fl.l_whence = RUMP_SEEK_SET;
		fl.l_start = to;
		fl.l_len = from - to;
		break;
	case 2:
		/* the offset is 5 */
		fl.l_whence = RUMP_SEEK_CUR;
		fl.l_start = from - 5;
		fl.l_len = to - from;
		break;
	default:
		fl.l_whence = RUMP_SEEK_SET;
		fl.l_start = from;
		fl.l_len = to - from;
		break;
	}
	return fl;
}

static void
ask(int fd, int who, int from, int to, short type)
{
	struct rump_flock fl = say(from, to, type);
	int p, at, holder = 0;

	T_ASSERT_EQ(rump_sys_fcntl(fd, RUMP_F_GETLK, &fl), 0);
	if (!any_in_the_way(who, from, to, type)) {
		T_ASSERT_EQ(fl.l_type, RUMP_F_UNLCK);
		return;
	}
	/* one of those that are in the way, as it is held */
	T_ASSERT_EQ(fl.l_whence, RUMP_SEEK_SET);
	for (p = 0; p < PROCS; p++) {
		if (pids[p] == fl.l_pid)
			holder = p + 1;
	}
	T_ASSERT(holder > 0 && holder - 1 != who);
	T_ASSERT(fl.l_start < to && fl.l_start + fl.l_len > from);
	for (at = (int)fl.l_start; at < fl.l_start + fl.l_len; at++)
		T_ASSERT_EQ(model[holder - 1][at], fl.l_type);
}

static void
set(int fd, int who, int from, int to, short type)
{
	struct rump_flock fl = say(from, to, type);
	int at, fails = type != RUMP_F_UNLCK &&
	    any_in_the_way(who, from, to, type);

	errno = 0;
	if (fails) {
		T_CHECK_ERR(rump_sys_fcntl(fd, RUMP_F_SETLK, &fl), RUMP_EAGAIN);
		return;
	}
	T_ASSERT_EQ(rump_sys_fcntl(fd, RUMP_F_SETLK, &fl), 0);
	for (at = from; at < to; at++)
		model[who][at] = type;
}

static void
ranges(void)
{
	static const char data[BYTES];
	struct lwp *before = rump_pub_lwproc_curlwp();
	int fd, i, p, from, to;
	short type;

	T_ASSERT_EQ(vfs_write_file("/locked", data, BYTES), 0);
	fd = rump_sys_open("/locked", RUMP_O_RDWR);
	T_ASSERT(fd != -1);
	T_ASSERT_EQ(rump_sys_lseek(fd, 5, RUMP_SEEK_SET), 5);
	for (p = 0; p < PROCS; p++) {
		/* each with descriptors of its own, of the same open file */
		rump_pub_lwproc_switch(before);
		T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
		procs[p] = rump_pub_lwproc_curlwp();
		pids[p] = rump_sys_getpid();
		for (i = 0; i < BYTES; i++)
			model[p][i] = RUMP_F_UNLCK;
	}
	for (i = 0; i < 20000; i++) {
		p = (int)vfs_random(PROCS);
		from = (int)vfs_random(BYTES);
		to = from + 1 + (int)vfs_random((unsigned)(BYTES - from));
		type = (short)(RUMP_F_RDLCK + vfs_random(3));
		rump_pub_lwproc_switch(procs[p]);
		if (type != RUMP_F_UNLCK && vfs_random(3) == 0)
			ask(fd, p, from, to, type);
		else
			set(fd, p, from, to, type);
	}
	/* who closes any descriptor of the file loses its locks */
	rump_pub_lwproc_switch(procs[0]);
	T_CHECK_EQ(rump_sys_close(rump_sys_open("/locked", RUMP_O_RDONLY)), 0);
	for (i = 0; i < BYTES; i++)
		model[0][i] = RUMP_F_UNLCK;
	rump_pub_lwproc_switch(procs[1]);
	ask(fd, 1, 0, BYTES, RUMP_F_WRLCK);
	ask(fd, 1, 0, BYTES, RUMP_F_RDLCK);
	/* and so does who exits */
	for (p = 1; p < PROCS; p++) {
		rump_pub_lwproc_switch(procs[p]);
		rump_pub_lwproc_releaselwp();
	}
	rump_pub_lwproc_switch(procs[0]);
	for (i = 0; i < BYTES; i++)
		model[1][i] = model[2][i] = RUMP_F_UNLCK;
	set(fd, 0, 0, BYTES, RUMP_F_WRLCK);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(before);
	T_CHECK_EQ(rump_sys_close(fd), 0);
	T_CHECK_EQ(rump_sys_unlink("/locked"), 0);
}

static void
refused(void)
{
	struct rump_flock fl = { .l_type = RUMP_F_RDLCK };
	int fd, rd, p[2];

	T_ASSERT_EQ(vfs_touch("/refused"), 0);
	fd = rump_sys_open("/refused", RUMP_O_WRONLY);
	rd = rump_sys_open("/refused", RUMP_O_RDONLY);
	T_ASSERT(fd != -1 && rd != -1);
	/* to lock for reading it must be open for that, and so on */
	T_CHECK_ERR(rump_sys_fcntl(fd, RUMP_F_SETLK, &fl), RUMP_EBADF);
	fl.l_type = RUMP_F_WRLCK;
	T_CHECK_ERR(rump_sys_fcntl(rd, RUMP_F_SETLK, &fl), RUMP_EBADF);
	fl.l_type = 77;
	T_CHECK_ERR(rump_sys_fcntl(fd, RUMP_F_SETLK, &fl), RUMP_EINVAL);
	fl = (struct rump_flock){ .l_type = RUMP_F_WRLCK, .l_start = -1 };
	T_CHECK_ERR(rump_sys_fcntl(fd, RUMP_F_SETLK, &fl), RUMP_EINVAL);
	fl = (struct rump_flock){ .l_type = RUMP_F_WRLCK, .l_start = 1,
	    .l_len = -2 };
	T_CHECK_ERR(rump_sys_fcntl(fd, RUMP_F_SETLK, &fl), RUMP_EINVAL);
	fl = (struct rump_flock){ .l_type = RUMP_F_WRLCK, .l_whence = 9 };
	T_CHECK_ERR(rump_sys_fcntl(fd, RUMP_F_SETLK, &fl), RUMP_EINVAL);
	T_CHECK_ERR(rump_sys_fcntl(fd, RUMP_F_SETLK, NULL), RUMP_EFAULT);
	if (rump_sys_pipe(p) == 0) {
		fl = (struct rump_flock){ .l_type = RUMP_F_WRLCK };
		T_CHECK(rump_sys_fcntl(p[1], RUMP_F_SETLK, &fl) == -1);
		T_CHECK(rump_sys_flock(p[0], RUMP_LOCK_EX) == -1);
		rump_sys_close(p[0]);
		rump_sys_close(p[1]);
	}
	rump_sys_close(rd);
	rump_sys_close(fd);
}

static void
files(void)
{
	const int nb = RUMP_LOCK_NB;
	int a, b, dup;

	T_ASSERT_EQ(vfs_touch("/flock"), 0);
	a = rump_sys_open("/flock", RUMP_O_RDWR);
	b = rump_sys_open("/flock", RUMP_O_RDONLY);
	T_ASSERT(a != -1 && b != -1);
	T_CHECK_EQ(rump_sys_flock(a, RUMP_LOCK_SH), 0);
	T_CHECK_EQ(rump_sys_flock(b, RUMP_LOCK_SH), 0);
	T_CHECK_ERR(rump_sys_flock(a, RUMP_LOCK_EX | nb), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_flock(b, RUMP_LOCK_UN), 0);
	T_CHECK_EQ(rump_sys_flock(a, RUMP_LOCK_EX | nb), 0);
	T_CHECK_ERR(rump_sys_flock(b, RUMP_LOCK_SH | nb), RUMP_EAGAIN);
	/* the lock is the file's: it goes with the last descriptor */
	dup = rump_sys_dup(a);
	T_CHECK_EQ(rump_sys_close(a), 0);
	T_CHECK_ERR(rump_sys_flock(b, RUMP_LOCK_EX | nb), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_close(dup), 0);
	T_CHECK_EQ(rump_sys_flock(b, RUMP_LOCK_EX | nb), 0);
	/* opening can lock */
	T_CHECK_ERR(rump_sys_open("/flock", RUMP_O_RDWR | RUMP_O_SHLOCK |
	    RUMP_O_NONBLOCK), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_close(b), 0);
	a = rump_sys_open("/flock", RUMP_O_RDWR | RUMP_O_EXLOCK);
	T_CHECK(a != -1);
	T_CHECK_ERR(rump_sys_open("/flock", RUMP_O_RDWR | RUMP_O_EXLOCK |
	    RUMP_O_NONBLOCK), RUMP_EAGAIN);
	T_CHECK_ERR(rump_sys_flock(a, 0), RUMP_EINVAL);
	T_CHECK_EQ(rump_sys_close(a), 0);
}

/* Both kinds of lock see each other. */
static void
both_kinds(void)
{
	struct rump_flock fl = { .l_type = RUMP_F_WRLCK, .l_len = 1 };
	int a, b;

	T_ASSERT_EQ(vfs_touch("/kinds"), 0);
	a = rump_sys_open("/kinds", RUMP_O_RDWR);
	b = rump_sys_open("/kinds", RUMP_O_RDWR);
	T_ASSERT(a != -1 && b != -1);
	T_CHECK_EQ(rump_sys_flock(a, RUMP_LOCK_EX), 0);
	T_CHECK_ERR(rump_sys_fcntl(b, RUMP_F_SETLK, &fl), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_flock(a, RUMP_LOCK_UN), 0);
	T_CHECK_EQ(rump_sys_fcntl(b, RUMP_F_SETLK, &fl), 0);
	T_CHECK_ERR(rump_sys_flock(a, RUMP_LOCK_EX | RUMP_LOCK_NB),
	    RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_close(a), 0);
	T_CHECK_EQ(rump_sys_close(b), 0);
}

VFS_MAIN(T(ranges), T(refused), T(files), T(both_kinds))
