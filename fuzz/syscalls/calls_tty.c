/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of terminals, by a script: pairs, modes, what is typed and shown, sessions.
 *
 * Transfers and waits are those of all descriptors (calls.c).  A terminal has requests that
 * wait, whatever its file's flags are: for output to be read, or to be in the foreground.
 * Nobody else would read or call, so these are not made.
 */
#include <string.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "calls.h"
#include "script.h"

static bool
would_wait(int fd, unsigned long cmd)
{
	int n = 0;

	switch (cmd) {
	case RUMP_FIONBIO:		/* what comes then would */
		return true;
	case RUMP_TIOCDRAIN:
	case RUMP_TIOCSETAW:
	case RUMP_TIOCSETAF:
		if (rump_sys_ioctl(fd, RUMP_TIOCOUTQ, &n) == 0 && n != 0)
			return true;
	}
	return rump_sys_ioctl(fd, RUMP_TIOCGPGRP, &n) == 0 && n != rump_sys_getpgrp();
}

long
request(int fd, unsigned long cmd, void *arg)
{

	return would_wait(fd, cmd) ? -2 : rump_sys_ioctl(fd, cmd, arg);
}

static long
opens(void)
{
	static const char *const devices[] = {
		"/dev/ptmx", "/dev/ptmx", "/dev/ptm", "/dev/ptyp0", "/dev/ttyp0", "/dev/ttyp0",
		"/dev/ttyp1", "/dev/ptyp1", "/dev/tty", "/d/0", "/d/1", "/dev/ttypf",
	};

	return rump_sys_open(devices[pick(12)],
	    RUMP_O_NONBLOCK | (pick(8) ? RUMP_O_RDWR : (int)pick(3)) | (pick(2) ? RUMP_O_NOCTTY : 0));
}

/* A pair by TIOCPTMGET. */
static long
pair(void)
{
	struct rump_ptmget names;
	int ptm = rump_sys_open("/dev/ptm", RUMP_O_RDWR | RUMP_O_NONBLOCK);
	int r = ptm == -1 ? -1 : rump_sys_ioctl(ptm, RUMP_TIOCPTMGET, &names);

	if (ptm != -1)
		rump_sys_close(ptm);
	if (r == -1)
		return r;
	must(memchr(names.sn, '\0', sizeof(names.sn)) != NULL, "a name without end", 0);
	must(rump_sys_fcntl(names.cfd, RUMP_F_SETFL, RUMP_O_NONBLOCK) == 0 &&
	    rump_sys_fcntl(names.sfd, RUMP_F_SETFL, RUMP_O_NONBLOCK) == 0, "flags of a pair", 0);
	return 0;
}

/* A mode with something changed. */
static long
mode_change(void)
{
	static const unsigned long how[] = { RUMP_TIOCSETA, RUMP_TIOCSETAW, RUMP_TIOCSETAF };
	struct rump_termios t;
	int fd = descriptor();

	if (rump_sys_ioctl(fd, RUMP_TIOCGETA, &t) == -1)
		return -1;
	switch (pick(8)) {
	case 0:
		t.c_iflag ^= 1U << pick(16);
		break;
	case 1:
		t.c_oflag ^= 1U << pick(8);
		break;
	case 2:
		t.c_cc[pick(RUMP_NCCS)] = (uint8_t)pick(256);
		break;
	case 3:
		t.c_ospeed = (int)number();
		break;
	case 4:
		(void)contents(&t, sizeof(t));
		break;
	default:
		t.c_lflag ^= 1U << pick(32);
	}
	return request(fd, how[pick(3)], &t);
}

/* What is typed or shown: special characters among others, blanks and letters. */
static long
text(void)
{
	static const char special[] = "\3\4\10\n\r\t\16\17\21\22\23\24\25\26\27\32\33\34\37\177\377\1x a";
	char buf[256];
	size_t i, n = pick(4) ? pick(24) : pick(256);
	int fd = descriptor();

	for (i = 0; i < n; i++)
		buf[i] = special[pick(sizeof(special) - 1)];
	return rump_sys_write(fd, buf, n);
}

static long
requests(void)
{
	static const unsigned long with_number[] = {
		RUMP_TIOCPKT, RUMP_TIOCUCNTL, RUMP_TIOCREMOTE, RUMP_TIOCEXT, RUMP_TIOCSQSIZE, RUMP_TIOCSTI,
		RUMP_TIOCFLUSH, RUMP_TIOCSTAT, RUMP_TIOCSPGRP, RUMP_TIOCSETD, RUMP_FIOASYNC, RUMP_FIOSETOWN, RUMP_TIOCSFLAGS,
	};
	static const unsigned long others[] = {
		RUMP_TIOCDRAIN, RUMP_TIOCEXCL, RUMP_TIOCNXCL, RUMP_TIOCSTART, RUMP_TIOCSTOP, RUMP_TIOCSCTTY, RUMP_TIOCNOTTY,
		RUMP_TIOCGRANTPT, RUMP_TIOCPTSNAME, RUMP_TIOCPTMGET, RUMP_TIOCGETD, RUMP_TIOCGPGRP, RUMP_TIOCGSID,
		RUMP_TIOCGWINSZ, RUMP_TIOCSWINSZ, RUMP_TIOCOUTQ, RUMP_FIONREAD, RUMP_FIONWRITE, RUMP_FIONSPACE, RUMP_FIOGETOWN,
		RUMP_TIOCGQSIZE, RUMP_TIOCCONS, RUMP_TIOCGFLAGS, RUMP_TIOCSBRK, RUMP_TIOCSDTR,
	};
	union { int n; uint8_t bytes[4096]; } arg;
	int fd = descriptor();

	memset(&arg, 0, sizeof(arg));
	switch (pick(4)) {
	case 0:
		return request(fd, RUMP_TIOCSIG, (void *)(uintptr_t)pick(70));
	case 1:
		arg.n = (int)number();
		/* user commands are numbers of the slave's program */
		return request(fd, pick(16) ? others[pick(25)] : RUMP_UIOCCMD(1), pick(2) ? &arg : contents(&arg, 32));
	default:
		arg.n = pick(2) ? (int)pick(4) : (int)number();
		return request(fd, with_number[pick(13)], &arg);
	}
}

/* Slaves by number, in a directory of the root, or not. */
static long
mount_ptyfs(void)
{
	struct rump_ptyfs_args args = {
		.version = pick(8) ? RUMP_PTYFS_ARGSVERSION : small(), .gid = pick(3), .mode = mode(), .flags = (int)pick(2),
	};

	if (pick(4) == 0)
		return rump_sys_unmount("/d", pick(2) ? RUMP_MNT_FORCE : 0);
	(void)rump_sys_mkdir("/d", 0777);
	return rump_sys_mount("ptyfs", "/d", pick(8) ? 0 : (int)number(), &args,
	    pick(8) ? sizeof(args) : pick(sizeof(args)));
}

long
terminals(void)
{

	switch (pick(12)) {
	case 0:
	case 1:
		return opens();
	case 2:
		return pair();
	case 3:
	case 4:
		return mode_change();
	case 5:
		return pick(3) == 0 ? mount_ptyfs() : -2;
	case 6:
		/* a session with a terminal */
		(void)rump_sys_setsid();
		return request(descriptor(), RUMP_TIOCSCTTY, NULL);
	case 7:
	case 8:
		return requests();
	default:
		return text();
	}
}
