/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pseudo terminals: allocation, modes of the control side, readiness, hangup, revoke, and
 * what of the line discipline the host does otherwise (host.c compares the rest).
 */
#include "pair.h"

static const struct rump_timespec at_once;

static int
poll_of(int fd, int events)
{
	struct rump_pollfd pfd = { .fd = fd, .events = (short)events };

	return rump_sys_poll(&pfd, 1, 0) < 0 ? -1 : pfd.revents;
}

/* ------------------------------------------------------------------- getting */

static void
both_sides(void)
{
	struct pair a, b;

	T_ASSERT_EQ(pair_open(&a, 0), 0);
	T_ASSERT_EQ(pair_open(&b, 0), 0);
	T_CHECK(strcmp(a.name, b.name) != 0);
	T_CHECK_EQ(put(a.control, "line\n"), 5);
	T_CHECK_STR(all(a.slave), "line\n");
	T_CHECK_STR(all(a.control), "line\r\n");
	T_CHECK_STR(all(b.slave), "");
	pair_close(&a);
	pair_close(&b);
}

/* As posix_openpt(3) and its kin do it. */
static void
openpt(void)
{
	struct rump_ptmget names;
	int control, slave, second, lowest = rump_sys_dup(0);
	struct rump_stat st;

	rump_sys_close(lowest);

	control = rump_sys_open("/dev/ptmx", RUMP_O_RDWR | RUMP_O_NOCTTY |
	    RUMP_O_NONBLOCK | RUMP_O_CLOEXEC);
	T_ASSERT_EQ(control, lowest);
	T_CHECK_EQ(rump_sys_fcntl(control, RUMP_F_GETFD, 0),
	    RUMP_FD_CLOEXEC);
	T_CHECK_EQ(rump_sys_ioctl(control, RUMP_TIOCGRANTPT, 0), 0);
	T_ASSERT_EQ(rump_sys_ioctl(control, RUMP_TIOCPTSNAME, &names), 0);
	T_CHECK_STR(names.cn, "/dev/ptyp0");
	T_CHECK_STR(names.sn, "/dev/ttyp0");
	T_CHECK_EQ(rump_sys_stat(names.sn, &st), 0);
	T_CHECK_EQ(st.st_mode & 0777, 0620);
	T_CHECK_ERR(rump_sys_open(names.cn, RUMP_O_RDWR), RUMP_EIO);
	slave = rump_sys_open(names.sn, RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_ASSERT(slave >= 0);
	second = rump_sys_open("/dev/ptmx", RUMP_O_RDWR);
	T_ASSERT_EQ(rump_sys_ioctl(second, RUMP_TIOCPTSNAME, &names), 0);
	T_CHECK_STR(names.sn, "/dev/ttyp1");
	T_CHECK_EQ(rump_sys_close(second), 0);
	T_CHECK_EQ(put(control, "x\n"), 2);
	T_CHECK_STR(all(slave), "x\n");
	rump_sys_close(slave);
	rump_sys_close(control);
	T_CHECK_EQ(rump_sys_dup(0), lowest);
	rump_sys_close(lowest);
}

/* There are as many as there are nodes; then none, and afterwards all again. */
static void
all_of_them(void)
{
	static struct pair p[17];
	int i, n, round;

	for (round = 0; round < 2; round++) {
		for (n = 0; n < 17 && pair_open(&p[n], 0) == 0; n++)
			continue;
		T_CHECK_EQ(n, 16);
		T_CHECK_EQ(errno, RUMP_ENOENT);
		for (i = 0; i < n; i++)
			pair_close(&p[i]);
	}
}

static void
exclusive(void)
{
	struct pair p;
	int again;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCEXCL, 0), 0);
	again = rump_sys_open(p.name, RUMP_O_RDWR);
	T_CHECK(again >= 0);		/* root may */
	rump_sys_close(again);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	T_CHECK_EQ(rump_sys_setuid(1), 0);
	T_CHECK_ERR(rump_sys_open(p.name, RUMP_O_RDWR), RUMP_EACCES);
	rump_pub_lwproc_releaselwp();
	pair_close(&p);
}

/* A terminal takes bytes at any offset; the largest grows no more. */
static void
largest_offset(void)
{
	static const char bytes[200];
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(rump_sys_pwrite(p.slave, bytes, sizeof(bytes), INT64_MAX - 10), sizeof(bytes));
	T_CHECK_EQ(rump_sys_pwrite(p.control, bytes, 1, INT64_MAX), 1);
	pair_close(&p);
}

/* ---------------------------------------------------------- line discipline */

static void
defaults(void)
{
	struct rump_termios mode;
	struct rump_winsize ws = { .ws_row = 1 };
	struct pair p;
	int n;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(get_mode(p.slave, &mode), 0);
	T_CHECK_EQ(mode.c_iflag, RUMP_BRKINT | RUMP_ICRNL | RUMP_IMAXBEL |
	    RUMP_IXON | RUMP_IXANY);
	T_CHECK_EQ(mode.c_oflag, RUMP_OPOST | RUMP_ONLCR | RUMP_OXTABS);
	T_CHECK_EQ(mode.c_cflag, RUMP_CREAD | RUMP_CS8 | RUMP_HUPCL);
	T_CHECK_EQ(mode.c_lflag, RUMP_ECHO | RUMP_ICANON | RUMP_ISIG |
	    RUMP_IEXTEN | RUMP_ECHOE | RUMP_ECHOKE | RUMP_ECHOCTL);
	T_CHECK_EQ(mode.c_ospeed, 9600);
	T_CHECK_EQ(mode.c_cc[RUMP_VEOF], 4);
	T_CHECK_EQ(mode.c_cc[RUMP_VSTATUS], 20);
	T_CHECK_EQ(mode.c_cc[RUMP_VEOL], 255);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCGWINSZ, &ws), 0);
	T_CHECK_EQ(ws.ws_row, 0);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCGQSIZE, &n), 0);
	T_CHECK_EQ(n, 1024);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCGETD, &n), 0);
	T_CHECK_EQ(n, RUMP_TTYDISC);
	n = 99;
	T_CHECK_ERR(rump_sys_ioctl(p.slave, RUMP_TIOCSETD, &n), RUMP_ENXIO);
	T_CHECK_ERR(rump_sys_ioctl(p.slave, RUMP_TIOCSBRK, 0), RUMP_ENOTTY);
	mode.c_ospeed = -1;
	T_CHECK_ERR(set_mode(p.slave, &mode), RUMP_EINVAL);
	pair_close(&p);
}

/* ^D ends a line without being read, at its beginning the file; it leaves no trace. */
static void
end_of_file(void)
{
	struct pair p;
	char buf[8];

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	put(p.control, "ab\004");
	T_CHECK_STR(all(p.control), "ab^D\b\b");
	/* read to its last byte there is no empty line left */
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 2), 2);
	T_CHECK_ERR(rump_sys_read(p.slave, buf, 2), RUMP_EAGAIN);
	put(p.control, "\004");
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 2), 0);
	T_CHECK_ERR(rump_sys_read(p.slave, buf, 2), RUMP_EAGAIN);
	put(p.control, "abc\004");
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 2), 2);
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 2), 1);
	T_CHECK_ERR(rump_sys_read(p.slave, buf, 2), RUMP_EAGAIN);
	pair_close(&p);
}

/* What the host does otherwise: see host.c. */
static void
editing(void)
{
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	/* a word ends with a blank; with ALTWERASE where signs begin */
	put(p.control, "cc a.c\027");
	T_CHECK_STR(all(p.control), "cc a.c\b \b\b \b\b \b");
	put(p.control, "x-\n");
	T_CHECK_STR(all(p.slave), "cc x-\n");
	(void)all(p.control);
	change_lflag(p.slave, 0, RUMP_ALTWERASE);
	put(p.control, "cc a.c\027\n");
	T_CHECK_STR(all(p.slave), "cc a.\n");
	(void)all(p.control);
	/* other output comes between: the line is shown again */
	put(p.control, "abc");
	put(p.slave, "<news>");
	put(p.control, "\177");
	T_CHECK_STR(all(p.control), "abc<news>\r\nab");
	put(p.control, "\177");
	T_CHECK_STR(all(p.control), "\b \b");
	put(p.control, "\025");
	T_CHECK_STR(all(p.control), "\b \b");
	/* on paper */
	change_lflag(p.slave, 0, RUMP_ECHOPRT);
	put(p.control, "abc\177\177d\n");
	T_CHECK_STR(all(p.control), "abc\\cb/d\r\n");
	T_CHECK_STR(all(p.slave), "ad\n");
	pair_close(&p);
}

/* Literal characters, and what they look like. */
static void
literally(void)
{
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	put(p.control, "a\026\n\026\t\026\004b\n");
	T_CHECK_STR(all(p.control), "a^\b^J^\b^I^\b^Db\r\n");
	T_CHECK_STR(all(p.slave), "a\n\t\004b\n");
	put(p.control, "\026\n\177.\n");
	T_CHECK_STR(all(p.control), "^\b^J\b \b\b \b.\r\n");
	T_CHECK_STR(all(p.slave), ".\n");
	pair_close(&p);
}

/* From canonical to not and back, with something typed. */
static void
changes_of_mode(void)
{
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	change_lflag(p.slave, RUMP_ECHO, 0);
	put(p.control, "one\ntw");
	T_CHECK_EQ(readable(p.slave), 4);
	change_lflag(p.slave, RUMP_ICANON, 0);
	T_CHECK_EQ(readable(p.slave), 6);
	put(p.control, "oo\177");
	change_lflag(p.slave, 0, RUMP_ICANON);
	T_CHECK_STR(all(p.slave), "one\n");
	put(p.control, "\n");
	T_CHECK_STR(all(p.slave), "two\n");
	pair_close(&p);
}

static void
status(void)
{
	struct pair p;
	int zero = 0;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	put(p.control, "ab\024");
	T_CHECK_STR(all(p.control),
	    "ab\r\nload: 0.00 not a controlling terminal\r\n");
	put(p.control, "\177");
	T_CHECK_STR(all(p.control), "\r\na");
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCSTAT, &zero), 0);
	T_CHECK_STR(all(p.control),
	    "\r\nload: 0.00 not a controlling terminal\r\n");
	change_lflag(p.slave, 0, RUMP_NOKERNINFO);
	put(p.control, "\024");
	T_CHECK_STR(all(p.control), "");
	pair_close(&p);
}

static void
discard(void)
{
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	put(p.slave, "lost");
	put(p.control, "\017");
	T_CHECK_STR(all(p.control), "^O");
	put(p.slave, "lost too");
	T_CHECK_STR(all(p.control), "");
	put(p.control, "\017");
	put(p.slave, "kept");
	T_CHECK_STR(all(p.control), "kept");
	pair_close(&p);
}

/* A line that is too long takes no more, but its end; a bell says so. */
static void
too_long(void)
{
	static char line[1100];
	struct rump_termios mode;
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	get_mode(p.slave, &mode);
	mode.c_lflag &= ~(unsigned)RUMP_ECHO;
	set_mode(p.slave, &mode);
	memset(line, 'x', sizeof(line));
	T_CHECK_EQ(rump_sys_write(p.control, line, sizeof(line)), sizeof(line));
	T_CHECK_EQ(strspn(all(p.control), "\007"), sizeof(line) - 1022);
	put(p.control, "\n");
	T_CHECK_EQ(strlen(all(p.slave)), 1023);
	/* bytes that cannot be queued wait for a reader */
	change_lflag(p.slave, RUMP_ICANON, 0);
	T_CHECK_EQ(rump_sys_write(p.control, line, sizeof(line)), 1022);
	T_CHECK_ERR(rump_sys_write(p.control, line, 1), RUMP_EAGAIN);
	T_CHECK_EQ(poll_of(p.control, RUMP_POLLOUT), 0);
	T_CHECK_EQ(strlen(all(p.slave)), 1022);
	T_CHECK_EQ(poll_of(p.control, RUMP_POLLOUT), RUMP_POLLOUT);
	pair_close(&p);
}

static void
flow_to_the_sender(void)
{
	static char some[600];
	struct rump_termios mode;
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	get_mode(p.slave, &mode);
	mode.c_iflag |= RUMP_IXOFF;
	mode.c_lflag = 0;
	set_mode(p.slave, &mode);
	memset(some, 'x', sizeof(some));
	T_CHECK_EQ(rump_sys_write(p.control, some, 400), 400);
	T_CHECK_STR(all(p.control), "");
	T_CHECK_EQ(rump_sys_write(p.control, some, 200), 200);
	T_CHECK_STR(all(p.control), "\023");
	T_CHECK_EQ(rump_sys_read(p.slave, some, 100), 100);
	T_CHECK_STR(all(p.control), "");
	T_CHECK_EQ(rump_sys_read(p.slave, some, 400), 400);
	T_CHECK_STR(all(p.control), "\021");
	pair_close(&p);
}

/* Output stops at the mark, and goes on when the other side has read. */
static void
full_output(void)
{
	static char some[4000];
	struct pair p;
	long n;
	int left;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	memset(some, 'x', sizeof(some));
	n = (long)rump_sys_write(p.slave, some, sizeof(some));
	T_CHECK(n > 0 && n < (long)sizeof(some));
	T_CHECK_ERR(rump_sys_write(p.slave, some, 1), RUMP_EAGAIN);
	T_CHECK_EQ(poll_of(p.slave, RUMP_POLLOUT), 0);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCOUTQ, &left), 0);
	T_CHECK_EQ(left, n);
	T_CHECK_EQ(readable(p.control), n);
	T_CHECK_EQ(strlen(all(p.control)), n);
	T_CHECK_EQ(poll_of(p.slave, RUMP_POLLOUT), RUMP_POLLOUT);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCDRAIN, 0), 0);
	/* stopped output stays where it is */
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCSTOP, 0), 0);
	put(p.slave, "later");
	T_CHECK_STR(all(p.control), "");
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCSTART, 0), 0);
	T_CHECK_STR(all(p.control), "later");
	left = RUMP_FWRITE;
	put(p.slave, "never");
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCFLUSH, &left), 0);
	T_CHECK_STR(all(p.control), "");
	pair_close(&p);
}

static void
sizes(void)
{
	struct pair p;
	int n = 4096;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCSQSIZE, &n), 0);
	n = 0;
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCGQSIZE, &n), 0);
	T_CHECK_EQ(n, 4096);
	n = 10;
	T_CHECK_ERR(rump_sys_ioctl(p.slave, RUMP_TIOCSQSIZE, &n), RUMP_EINVAL);
	put(p.control, "x");
	n = 1024;
	T_CHECK_ERR(rump_sys_ioctl(p.slave, RUMP_TIOCSQSIZE, &n), RUMP_EBUSY);
	n = RUMP_FREAD | RUMP_FWRITE;
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCFLUSH, &n), 0);
	n = 1024;
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCSQSIZE, &n), 0);
	pair_close(&p);
}

static void
timeouts(void)
{
	struct rump_termios mode;
	struct pair p;
	char buf[8];

	T_ASSERT_EQ(pair_open(&p, 1), 0);
	get_mode(p.slave, &mode);
	mode.c_lflag = 0;
	mode.c_cc[RUMP_VMIN] = 0;
	mode.c_cc[RUMP_VTIME] = 1;
	set_mode(p.slave, &mode);
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 8), 0);	/* a tenth of a second */
	put(p.control, "ab");
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 8), 2);
	mode.c_cc[RUMP_VMIN] = 5;
	set_mode(p.slave, &mode);
	put(p.control, "abc");
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 8), 3);
	put(p.control, "abcdef");
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 8), 6);
	mode.c_cc[RUMP_VTIME] = 0;
	set_mode(p.slave, &mode);
	put(p.control, "abc");
	T_CHECK_EQ(poll_of(p.slave, RUMP_POLLIN), 0);
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 3), 3);
	mode.c_cc[RUMP_VMIN] = 0;
	set_mode(p.slave, &mode);
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 8), 0);
	pair_close(&p);
}

/* -------------------------------------------------- modes of the control side */

static void
packets(void)
{
	struct rump_termios mode;
	struct pair p;
	char buf[64];
	int on = 1, rw = RUMP_FREAD;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(p.control, RUMP_TIOCPKT, &on), 0);
	T_CHECK_ERR(rump_sys_ioctl(p.control, RUMP_TIOCUCNTL, &on),
	    RUMP_EINVAL);
	put(p.slave, "packet");
	T_CHECK_EQ(rump_sys_read(p.control, buf, sizeof(buf)), 7);
	T_CHECK(memcmp(buf, "\0packet", 7) == 0);
	put(p.control, "\023");
	T_CHECK_EQ(rump_sys_read(p.control, buf, sizeof(buf)), 1);
	T_CHECK_EQ(buf[0], RUMP_TIOCPKT_STOP);
	put(p.control, "\021");
	T_CHECK_ERR(rump_sys_read(p.control, buf, sizeof(buf)), RUMP_EAGAIN);
	rump_sys_ioctl(p.slave, RUMP_TIOCFLUSH, &rw);
	T_CHECK_EQ(poll_of(p.control, RUMP_POLLIN), RUMP_POLLIN);
	T_CHECK_EQ(rump_sys_read(p.control, buf, sizeof(buf)), 1);
	T_CHECK_EQ(buf[0], RUMP_TIOCPKT_FLUSHREAD);
	get_mode(p.slave, &mode);
	mode.c_iflag &= ~(unsigned)RUMP_IXON;
	set_mode(p.slave, &mode);
	T_CHECK_EQ(rump_sys_read(p.control, buf, sizeof(buf)), 1);
	T_CHECK_EQ(buf[0], RUMP_TIOCPKT_NOSTOP);
	mode.c_iflag |= RUMP_IXON;
	set_mode(p.slave, &mode);
	T_CHECK_EQ(rump_sys_read(p.control, buf, sizeof(buf)), 1);
	T_CHECK_EQ(buf[0], RUMP_TIOCPKT_DOSTOP);
	T_CHECK_EQ(rump_sys_ioctl(p.control, RUMP_TIOCEXT, &on), 0);
	T_CHECK_EQ(rump_sys_read(p.control, buf, sizeof(buf)),
	    1 + sizeof(mode));
	T_CHECK_EQ(buf[0], RUMP_TIOCPKT_IOCTL);
	memcpy(&mode, buf + 1, sizeof(mode));
	T_CHECK((mode.c_lflag & RUMP_EXTPROC) != 0);
	pair_close(&p);
}

static void
commands(void)
{
	struct pair p;
	char buf[8];
	int on = 1;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_ERR(rump_sys_ioctl(p.slave, RUMP_UIOCCMD(5), 0), RUMP_ENOTTY);
	T_CHECK_EQ(rump_sys_ioctl(p.control, RUMP_TIOCUCNTL, &on), 0);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_UIOCCMD(0), 0), 0);
	T_CHECK_ERR(rump_sys_read(p.control, buf, 8), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_UIOCCMD(5), 0), 0);
	put(p.slave, "x");
	T_CHECK_EQ(rump_sys_read(p.control, buf, 8), 1);
	T_CHECK_EQ(buf[0], 5);
	T_CHECK_EQ(rump_sys_read(p.control, buf, 8), 2);
	T_CHECK(memcmp(buf, "\0x", 2) == 0);
	pair_close(&p);
}

/* Each write is one record, whatever it is made of. */
static void
records(void)
{
	struct pair p;
	char buf[32];
	int on = 1;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(p.control, RUMP_TIOCREMOTE, &on), 0);
	T_CHECK_EQ(put(p.control, "a\nb\004\177\003"), 6);
	T_CHECK_ERR(rump_sys_write(p.control, "c", 1), RUMP_EAGAIN);
	T_CHECK_EQ(rump_sys_read(p.slave, buf, sizeof(buf)), 6);
	T_CHECK(memcmp(buf, "a\nb\004\177\003", 6) == 0);
	T_CHECK_EQ(rump_sys_write(p.control, "", 0), 0);
	T_CHECK_EQ(rump_sys_read(p.slave, buf, sizeof(buf)), 0);
	T_CHECK_ERR(rump_sys_read(p.slave, buf, sizeof(buf)), RUMP_EAGAIN);
	T_CHECK_STR(all(p.control), "");
	pair_close(&p);
}

/* ------------------------------------------------------------------ readiness */

static int
watch(int kq, int fd, unsigned filter)
{
	struct rump_kevent ev;

	RUMP_EV_SET(&ev, (uintptr_t)fd, filter, RUMP_EV_ADD, 0, 0, 0);
	return rump_sys_kevent(kq, &ev, 1, NULL, 0, NULL);
}

static void
kqueues(void)
{
	struct rump_kevent ev[4];
	struct pair p;
	int kq = rump_sys_kqueue();

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_ASSERT_EQ(watch(kq, p.slave, RUMP_EVFILT_READ), 0);
	T_ASSERT_EQ(watch(kq, p.control, RUMP_EVFILT_READ), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 0);
	put(p.control, "ab");
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 1);
	T_CHECK_EQ(ev[0].ident, p.control);	/* echo */
	T_CHECK_EQ(ev[0].data, 2);
	(void)all(p.control);
	put(p.control, "\n");
	(void)all(p.control);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 1);
	T_CHECK_EQ(ev[0].ident, p.slave);
	T_CHECK_EQ(ev[0].data, 3);
	(void)all(p.slave);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 0);
	T_ASSERT_EQ(watch(kq, p.slave, RUMP_EVFILT_WRITE), 0);
	T_ASSERT_EQ(watch(kq, p.control, RUMP_EVFILT_WRITE), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 2);
	T_CHECK_EQ(rump_sys_close(p.slave), 0);
	T_CHECK_EQ(rump_sys_kevent(kq, NULL, 0, ev, 4, &at_once), 2);
	T_CHECK((ev[0].flags & ev[1].flags & RUMP_EV_EOF) != 0);
	T_CHECK_EQ(rump_sys_close(p.control), 0);
	T_CHECK_EQ(rump_sys_close(kq), 0);
}

/* --------------------------------------------------------------------- ends */

/* What the slave has written is there after it closed; then nothing comes any more. */
static void
slave_closes(void)
{
	struct pair p;
	char buf[8];

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(poll_of(p.control, RUMP_POLLIN), 0);
	put(p.slave, "bye");
	T_CHECK_EQ(rump_sys_close(p.slave), 0);
	T_CHECK_EQ(poll_of(p.control, RUMP_POLLIN), RUMP_POLLIN | RUMP_POLLHUP);
	T_CHECK_EQ(rump_sys_read(p.control, buf, 8), 3);
	T_CHECK_EQ(rump_sys_read(p.control, buf, 8), 0);
	T_CHECK_ERR(rump_sys_write(p.control, "x", 1), RUMP_EIO);
	p.slave = rump_sys_open(p.name, RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_ASSERT(p.slave >= 0);
	T_CHECK_ERR(rump_sys_read(p.control, buf, 8), RUMP_EAGAIN);
	put(p.control, "again\n");
	T_CHECK_STR(all(p.slave), "again\n");
	pair_close(&p);
}

static void
control_closes(void)
{
	struct pair p;
	char buf[8];

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(rump_sys_close(p.control), 0);
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 8), 0);
	T_CHECK_ERR(rump_sys_write(p.slave, "x", 1), RUMP_EIO);
	T_CHECK((poll_of(p.slave, RUMP_POLLIN) & RUMP_POLLHUP) != 0);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCDRAIN, 0), 0);
	T_CHECK_EQ(rump_sys_close(p.slave), 0);
}

static void
revoked(void)
{
	struct pair p;
	char buf[8];
	int n;

	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_EQ(rump_sys_revoke(p.name), 0);
	T_CHECK_EQ(rump_sys_read(p.slave, buf, 8), 0);
	T_CHECK_EQ(rump_sys_write(p.slave, "x", 1), -1);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_FIONREAD, &n), -1);
	T_CHECK_EQ(rump_sys_read(p.control, buf, 8), 0);
	T_CHECK_EQ(rump_sys_close(p.slave), 0);
	p.slave = rump_sys_open(p.name, RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_ASSERT(p.slave >= 0);
	put(p.slave, "new");
	T_CHECK_STR(all(p.control), "new");
	/* whoever still has it loses it when it is granted again */
	T_CHECK_EQ(rump_sys_ioctl(p.control, RUMP_TIOCGRANTPT, 0), 0);
	T_CHECK_EQ(rump_sys_write(p.slave, "x", 1), -1);
	pair_close(&p);
}

static void
again(void)
{
	struct pair p;

	T_ASSERT_EQ(rump_halt(), 0);
	T_ASSERT_EQ(rump_init(), 0);
	T_ASSERT_EQ(pair_open(&p, 0), 0);
	T_CHECK_STR(p.name, "/dev/ttyp0");
	put(p.control, "x\n");
	T_CHECK_STR(all(p.slave), "x\n");
	pair_close(&p);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(both_sides), T(openpt), T(all_of_them), T(exclusive), T(largest_offset),
		T(defaults), T(end_of_file), T(editing), T(literally),
		T(changes_of_mode), T(status), T(discard), T(too_long),
		T(flow_to_the_sender), T(full_output), T(sizes), T(timeouts),
		T(packets), T(commands), T(records), T(kqueues),
		T(slave_closes), T(control_closes), T(revoked), T(again),
	};

	rump_boot_setsigmodel(RUMP_SIGMODEL_IGNORE);
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
