/* SPDX-License-Identifier: BSD-2-Clause */
/* A pseudo terminal of the rump kernel, both sides open, for tests. */
#ifndef TEST_TTY_PAIR_H
#define TEST_TTY_PAIR_H

#include <errno.h>
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "t.h"

/* TIOCFLUSH: which queue */
#define RUMP_FREAD	1
#define RUMP_FWRITE	2

struct pair {
	int	control, slave;
	char	name[1024];		/* of the slave */
};

static __attribute__((__unused__)) int
set_nonblock(int fd)
{

	return rump_sys_fcntl(fd, RUMP_F_SETFL, RUMP_O_NONBLOCK);
}

/* Non-blocking unless block. */
static __attribute__((__unused__)) int
pair_open(struct pair *p, int block)
{
	struct rump_ptmget names;
	int ptm, error;

	p->control = p->slave = -1;
	ptm = rump_sys_open("/dev/ptm", RUMP_O_RDWR);
	if (ptm == -1)
		return -1;
	error = rump_sys_ioctl(ptm, RUMP_TIOCPTMGET, &names);
	rump_sys_close(ptm);
	if (error != 0)
		return -1;
	p->control = names.cfd;
	p->slave = names.sfd;
	strcpy(p->name, names.sn);
	if (!block)
		return set_nonblock(p->control) | set_nonblock(p->slave);
	return 0;
}

static __attribute__((__unused__)) void
pair_close(struct pair *p)
{

	T_CHECK_EQ(rump_sys_close(p->slave), 0);
	T_CHECK_EQ(rump_sys_close(p->control), 0);
}

static __attribute__((__unused__)) int
get_mode(int fd, struct rump_termios *mode)
{

	return rump_sys_ioctl(fd, RUMP_TIOCGETA, mode);
}

static __attribute__((__unused__)) int
set_mode(int fd, struct rump_termios *mode)
{

	return rump_sys_ioctl(fd, RUMP_TIOCSETA, mode);
}

/* Clear and set flags of c_lflag. */
static __attribute__((__unused__)) int
change_lflag(int fd, unsigned clear, unsigned set)
{
	struct rump_termios mode;

	if (get_mode(fd, &mode) != 0)
		return -1;
	mode.c_lflag = (mode.c_lflag & ~clear) | set;
	return set_mode(fd, &mode);
}

/* Write a string; how much went. */
static __attribute__((__unused__)) long
put(int fd, const char *s)
{

	return (long)rump_sys_write(fd, s, strlen(s));
}

/* What can be read of a non-blocking descriptor, as a string. */
static __attribute__((__unused__)) const char *
all(int fd)
{
	static char buf[4096];
	size_t have = 0;
	long n;

	while (have < sizeof(buf) - 1 && (n = (long)rump_sys_read(fd,
	    buf + have, sizeof(buf) - 1 - have)) > 0)
		have += (size_t)n;
	buf[have] = '\0';
	return buf;
}

static __attribute__((__unused__)) int
readable(int fd)
{
	int n = -1;

	return rump_sys_ioctl(fd, RUMP_FIONREAD, &n) == 0 ? n : -1;
}

#endif
