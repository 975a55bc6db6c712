/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line discipline against the host's: a pseudo terminal of the rump kernel and one
 * of the host get the same random mode, then the same random input is typed at both and
 * the same output written; what comes out of both sides of both must agree, byte for
 * byte and read by read, and so must FIONREAD and poll.
 *
 * The host's terminals work later than its writers.  Reading until EAGAIN, and poll, wait
 * for that, so each step ends with them.
 *
 * What the two mean differently is not asked for (doc/terminals.md has the list):
 *
 *   VEOF is echoed here and wiped, there not                 no VEOF with ICANON, ECHO
 *   NL is echoed as it is; there as ^J with ECHOCTL and not ICANON
 *   VLNEXT shows ^ by ECHOE here, ECHOCTL there; only canonical there
 *   a literal TAB or NL looks like ^I here, as itself there
 *   VWERASE goes by blanks here, by letters there            only letters and blanks
 *   VKILL wipes by ECHOKE alone here                         all three, or not ECHOKE
 *   erasing after other output shows the line again here     output first, or no echo
 *   VREPRINT is a character like any other there without ECHO
 *   VWERASE is echoed here without ECHOE
 *   VREPRINT and tabs: where the line begins, unless CR was sent
 *   a signal restarts stopped output there                   either signals or VSTOP
 *   CR with OCRNL and ONOCR in column 0: NL here, nothing there
 *
 * Usage: host [cases [seed]]
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "pair.h"

#define CASES	1500
#define STEPS	12

static unsigned long state = 1;
static unsigned long cases = CASES;

static unsigned
rnd(unsigned n)
{

	state = state * 6364136223846793005ul + 1442695040888963407ul;
	return (unsigned)(state >> 33) % n;
}

static int
chance(unsigned percent)
{

	return rnd(100) < percent;
}

/* ---------------------------------------------------------------- the two */

struct flag {
	unsigned	ours, host;
};

static const struct flag iflags[] = {
	{ RUMP_ISTRIP, ISTRIP }, { RUMP_INLCR, INLCR }, { RUMP_IGNCR, IGNCR },
	{ RUMP_ICRNL, ICRNL }, { RUMP_PARMRK, PARMRK }, { RUMP_IXON, IXON },
	{ RUMP_IXANY, IXANY },
};
static const struct flag oflags[] = {
	{ RUMP_OPOST, OPOST }, { RUMP_ONLCR, ONLCR }, { RUMP_OXTABS, XTABS },
	{ RUMP_OCRNL, OCRNL }, { RUMP_ONOCR, ONOCR }, { RUMP_ONLRET, ONLRET },
};
static const struct flag lflags[] = {
	{ RUMP_ECHO, ECHO }, { RUMP_ECHOE, ECHOE }, { RUMP_ECHOK, ECHOK },
	{ RUMP_ECHOKE, ECHOKE }, { RUMP_ECHONL, ECHONL },
	{ RUMP_ECHOCTL, ECHOCTL }, { RUMP_ICANON, ICANON },
	{ RUMP_ISIG, ISIG }, { RUMP_IEXTEN, IEXTEN }, { RUMP_NOFLSH, NOFLSH },
};
static const struct { int ours, host; unsigned char c; } chars[] = {
	{ RUMP_VEOF, VEOF, 4 }, { RUMP_VEOL, VEOL, 'e' },
	{ RUMP_VEOL2, VEOL2, 'f' }, { RUMP_VERASE, VERASE, 0177 },
	{ RUMP_VWERASE, VWERASE, 027 }, { RUMP_VKILL, VKILL, 025 },
	{ RUMP_VREPRINT, VREPRINT, 022 }, { RUMP_VINTR, VINTR, 3 },
	{ RUMP_VQUIT, VQUIT, 034 }, { RUMP_VSUSP, VSUSP, 032 },
	{ RUMP_VSTART, VSTART, 021 }, { RUMP_VSTOP, VSTOP, 023 },
	{ RUMP_VLNEXT, VLNEXT, 026 },
};
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* A mode in our terms. */
struct mode {
	unsigned	i, o, l;
	unsigned char	min;
	unsigned char	used[COUNT(chars)];	/* is the special one set? */
};

static unsigned
to_host(unsigned ours, const struct flag *flags, size_t n)
{
	unsigned host = 0;

	for (size_t i = 0; i < n; i++)
		if ((ours & flags[i].ours) != 0)
			host |= flags[i].host;
	return host;
}

static int
set_ours(int fd, const struct mode *m)
{
	struct rump_termios t;

	memset(&t, 0, sizeof(t));
	t.c_iflag = m->i;
	t.c_oflag = m->o;
	t.c_lflag = m->l;
	t.c_cflag = RUMP_CREAD | RUMP_CS8;
	t.c_ispeed = t.c_ospeed = 38400;
	memset(t.c_cc, 0xff, sizeof(t.c_cc));
	for (size_t i = 0; i < COUNT(chars); i++)
		if (m->used[i])
			t.c_cc[chars[i].ours] = chars[i].c;
	t.c_cc[RUMP_VMIN] = m->min;
	t.c_cc[RUMP_VTIME] = 0;
	return rump_sys_ioctl(fd, RUMP_TIOCSETA, &t);
}

static int
set_host(int fd, const struct mode *m)
{
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return -1;
	t.c_iflag = to_host(m->i, iflags, COUNT(iflags));
	t.c_oflag = to_host(m->o, oflags, COUNT(oflags));
	t.c_lflag = to_host(m->l, lflags, COUNT(lflags));
	memset(t.c_cc, 0, sizeof(t.c_cc));
	for (size_t i = 0; i < COUNT(chars); i++)
		if (m->used[i])
			t.c_cc[chars[i].host] = chars[i].c;
	t.c_cc[VMIN] = m->min;
	return tcsetattr(fd, TCSANOW, &t);
}

/* ------------------------------------------------------------ random modes */

static int
has(const struct mode *m, unsigned l)
{

	return (m->l & l) == l;
}

static void
use(struct mode *m, int place, int on)
{

	for (size_t i = 0; i < COUNT(chars); i++)
		if (chars[i].ours == place)
			m->used[i] = (unsigned char)on;
}

static int
uses(const struct mode *m, int place)
{

	for (size_t i = 0; i < COUNT(chars); i++)
		if (chars[i].ours == place)
			return m->used[i];
	return 0;
}

static unsigned
any(const struct flag *flags, size_t n, unsigned percent)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++)
		if (chance(percent))
			v |= flags[i].ours;
	return v;
}

/* Only letters, blanks, NL and what is special. */
static int
only_letters(const struct mode *m)
{

	return has(m, RUMP_ICANON | RUMP_IEXTEN) && uses(m, RUMP_VWERASE);
}

/* No other character gets into a line. */
static void
keep_letters(struct mode *m)
{
	static const int signals[] = { RUMP_VINTR, RUMP_VQUIT, RUMP_VSUSP };

	m->i &= ~RUMP_INLCR;
	for (size_t i = 0; i < COUNT(signals) && !has(m, RUMP_ISIG); i++)
		use(m, signals[i], 0);
	if ((m->i & RUMP_IXON) == 0) {
		use(m, RUMP_VSTART, 0);
		use(m, RUMP_VSTOP, 0);
	}
}

/* A mode that both systems mean alike. */
static void
make_mode(struct mode *m)
{
	const unsigned wipe = RUMP_ECHOE | RUMP_ECHOK | RUMP_ECHOKE;

	m->i = any(iflags, COUNT(iflags), 25);
	m->o = chance(70) ? RUMP_OPOST | any(oflags, COUNT(oflags), 35) :
	    any(oflags, COUNT(oflags), 35);
	m->l = any(lflags, COUNT(lflags), 60);
	m->min = (unsigned char)rnd(4);
	for (size_t i = 0; i < COUNT(chars); i++)
		m->used[i] = (unsigned char)chance(60);

	if ((m->o & (RUMP_OCRNL | RUMP_ONOCR)) == (RUMP_OCRNL | RUMP_ONOCR))
		m->o &= ~RUMP_ONOCR;
	if (has(m, RUMP_ECHOKE))
		m->l |= wipe;
	if (has(m, RUMP_ISIG))		/* signals, or stopped output */
		m->i &= ~(RUMP_IXON | RUMP_IXANY);
	if ((m->i & RUMP_IXON) == 0)
		m->i &= ~RUMP_IXANY;
	if (has(m, RUMP_ICANON | RUMP_ECHO))
		use(m, RUMP_VEOF, 0);
	if (!has(m, RUMP_ICANON) && has(m, RUMP_ECHO))
		m->l &= ~RUMP_ECHOCTL;
	if (!has(m, RUMP_ICANON) || (has(m, RUMP_ECHO) &&
	    !has(m, RUMP_ECHOE | RUMP_ECHOCTL)))
		use(m, RUMP_VLNEXT, 0);
	if (!has(m, RUMP_IEXTEN))
		use(m, RUMP_VEOL2, 0);
	if ((m->o & (RUMP_OPOST | RUMP_ONLCR)) != (RUMP_OPOST | RUMP_ONLCR))
		use(m, RUMP_VREPRINT, 0);
	if (!has(m, RUMP_ECHO))
		use(m, RUMP_VREPRINT, 0);
	if (has(m, RUMP_ECHO) && !has(m, RUMP_ECHOE))
		use(m, RUMP_VWERASE, 0);
	/* what a signal leaves of a line, and doubled bytes, are not erased */
	if (has(m, RUMP_ISIG | RUMP_NOFLSH) || (m->i & RUMP_PARMRK) != 0) {
		use(m, RUMP_VERASE, 0);
		use(m, RUMP_VWERASE, 0);
		use(m, RUMP_VKILL, 0);
	}
	if (only_letters(m))
		keep_letters(m);
}

/* ------------------------------------------------------------- random bytes */

/* May tabs be typed?  They are wiped by columns. */
static int
tabs_agree(const struct mode *m)
{

	return !has(m, RUMP_ICANON | RUMP_ECHO | RUMP_ECHOE) ||
	    ((m->o & RUMP_OPOST) != 0 && has(m, RUMP_ECHOCTL) &&
	    !uses(m, RUMP_VREPRINT));
}

static unsigned char
special(const struct mode *m)
{
	size_t i;

	do {
		i = rnd(COUNT(chars));
	} while (!m->used[i] && !chance(5));
	/* one that is not set may be typed, if it is one of those that may */
	return m->used[i] ? chars[i].c : 'x';
}

static unsigned char
random_byte(const struct mode *m)
{

	switch (rnd(10)) {
	case 0:
	case 1:
		return special(m);
	case 2:
		return '\n';
	case 3:
		return ' ';
	case 4:
		return only_letters(m) ? 'w' : '\r';
	case 5:
		return tabs_agree(m) ? '\t' : 't';
	case 6:
		if (only_letters(m) || (has(m, RUMP_ECHO | RUMP_ECHOE) &&
		    has(m, RUMP_ICANON) && !has(m, RUMP_ECHOCTL)))
			return 'q';
		return (unsigned char)(1 + rnd(2));	/* ^A, ^B */
	case 7:
		return only_letters(m) ? 'z' : (unsigned char)(0xa1 + rnd(0x5f));
	default:
		return (unsigned char)('a' + rnd(26));
	}
}

static size_t
random_input(const struct mode *m, unsigned char *buf, size_t most)
{
	size_t n, len = 1 + rnd((unsigned)most);

	for (n = 0; n < len; n++) {
		buf[n] = random_byte(m);
		if (n > 0 && buf[n - 1] == 026)		/* behind VLNEXT */
			buf[n] = (unsigned char)(chance(50) && !only_letters(m) ?
			    0177 : 'l');
	}
	if (buf[n - 1] == 026)
		buf[n - 1] = 'k';
	return n;
}

static size_t
random_output(unsigned char *buf, size_t most)
{
	static const char common[] = "\t\t\n\n\r\r\b hello";
	size_t n, len = 1 + rnd((unsigned)most);

	for (n = 0; n < len; n++)
		buf[n] = chance(80) ? (unsigned char)common[rnd(sizeof(common) - 1)] :
		    (unsigned char)(1 + rnd(255));
	return n;
}

/* -------------------------------------------------------------- comparison */

struct both {
	struct pair	ours;
	int		control, slave;		/* the host's */
	const struct mode *mode;
	char		log[4096];		/* what was done */
};

struct result {
	char	text[8192];	/* what was read, with marks between reads */
	size_t	len;
};

static void
add(struct result *r, const void *p, size_t n)
{

	if (n > sizeof(r->text) - r->len)
		n = sizeof(r->text) - r->len;
	memcpy(r->text + r->len, p, n);
	r->len += n;
}

typedef long reader(int, void *, size_t);

static long
read_ours(int fd, void *buf, size_t n)
{

	return (long)rump_sys_read(fd, buf, n);
}

static long
read_host(int fd, void *buf, size_t n)
{

	return (long)read(fd, buf, n);
}

/* Read until nothing is left; lines: each read counts, 0 is an end of file. */
static void
drain(struct result *r, reader *rd, int fd, int lines, size_t piece)
{
	char buf[512];
	int ends = 0;
	long n;

	r->len = 0;
	while ((n = rd(fd, buf, piece)) > 0 || (n == 0 && lines && ends++ < 8)) {
		add(r, buf, (size_t)n);
		if (lines)
			add(r, "|", 1);
	}
}

static void
show(const char *what, const struct result *r)
{

	printf("# %s:", what);
	for (size_t i = 0; i < r->len; i++)
		printf(r->text[i] > 32 && r->text[i] < 127 ? " %c" : " %02x",
		    (unsigned char)r->text[i]);
	printf("\n");
}

static int
agree(const struct both *b, const char *what, const struct result *ours,
    const struct result *host)
{

	if (ours->len == host->len &&
	    memcmp(ours->text, host->text, ours->len) == 0)
		return 1;
	printf("# %s differ; i %#x o %#x l %#x min %d\n# %s\n", what, b->mode->i,
	    b->mode->o, b->mode->l, b->mode->min, b->log);
	show("ours", ours);
	show("host", host);
	return 0;
}

static void
note(struct both *b, const char *what, const unsigned char *buf, size_t n)
{
	size_t at = strlen(b->log);

	at += (size_t)snprintf(b->log + at, sizeof(b->log) - at, " %s", what);
	for (size_t i = 0; i < n && at < sizeof(b->log) - 8; i++)
		at += (size_t)snprintf(b->log + at, sizeof(b->log) - at,
		    buf[i] > 32 && buf[i] < 127 ? "%c" : "\\%02x", buf[i]);
}

/*
 * What poll(2) says of the host's slave, whose input its kernel works off later: it can be
 * readable by a part that the rest (an interrupt) takes away.  A moment's difference counts
 * only if it stays.
 */
static int
host_is_readable(int slave, int ours)
{
	struct pollfd host = { .fd = slave, .events = POLLIN };
	int i, readable = -1;

	for (i = 0; readable != ours && i < 2000; i++) {
		if (i > 0)
			poll(NULL, 0, 1);
		host.revents = 0;
		poll(&host, 1, 0);
		readable = (host.revents & POLLIN) != 0;
	}
	return readable;
}

static int
compare_state(struct both *b)
{
	struct rump_pollfd ours = { .fd = b->ours.slave,
	    .events = RUMP_POLLIN };
	int n = -1, hn = -1, readable;

	rump_sys_poll(&ours, 1, 0);
	readable = (ours.revents & RUMP_POLLIN) != 0;
	if (host_is_readable(b->slave, readable) != readable) {
		printf("# poll: readable %d, host's %d; i %#x o %#x l %#x min %d\n# %s\n",
		    readable, !readable, b->mode->i, b->mode->o,
		    b->mode->l, b->mode->min, b->log);
		return 0;
	}
	if (has(b->mode, RUMP_ICANON) && uses(b->mode, RUMP_VEOF))
		return 1;	/* its mark is counted here */
	rump_sys_ioctl(b->ours.slave, RUMP_FIONREAD, &n);
	ioctl(b->slave, FIONREAD, &hn);
	if (n == hn)
		return 1;
	printf("# FIONREAD: ours %d, host %d; i %#x o %#x l %#x\n# %s\n", n, hn,
	    b->mode->i, b->mode->o, b->mode->l, b->log);
	return 0;
}

static int
compare(struct both *b)
{
	const int same = compare_state(b), lines = has(b->mode, RUMP_ICANON);
	const size_t piece = chance(50) ? 512 : 1 + rnd(5);
	static struct result ours, host;

	drain(&host, read_host, b->slave, lines, piece);
	drain(&ours, read_ours, b->ours.slave, lines, piece);
	if (!agree(b, "what the slave reads", &ours, &host))
		return 0;
	drain(&host, read_host, b->control, 0, 512);
	drain(&ours, read_ours, b->ours.control, 0, 512);
	return agree(b, "what is shown", &ours, &host) && same;
}

static int
step_type(struct both *b)
{
	/*
	 * What a signal drops depends on how far the host has come; and VSTOP holds
	 * back what was echoed before it and not read yet, there not.
	 */
	const int singly = (b->mode->i & RUMP_IXON) != 0 ||
	    (has(b->mode, RUMP_ISIG) && !has(b->mode, RUMP_NOFLSH));
	unsigned char buf[40];
	size_t n = random_input(b->mode, buf, sizeof(buf)), i, piece;

	for (i = 0; i < n; i += piece) {
		piece = singly ? 1 : n;
		note(b, i == 0 ? "type:" : "", buf + i, piece);
		if (rump_sys_write(b->ours.control, buf + i, piece) !=
		    (ssize_t)piece || write(b->control, buf + i, piece) !=
		    (ssize_t)piece) {
			printf("# typing was cut short\n");
			return 0;
		}
		if (!compare(b))
			return 0;
	}
	return 1;
}

static int
step_write(struct both *b)
{
	unsigned char buf[60];
	const size_t n = random_output(buf, sizeof(buf));

	note(b, "write:", buf, n);
	if (rump_sys_write(b->ours.slave, buf, n) != (ssize_t)n ||
	    write(b->slave, buf, n) != (ssize_t)n) {
		printf("# writing was cut short\n");
		return 0;
	}
	return compare(b);
}

static int
both_open(struct both *b, const struct mode *m)
{

	memset(b, 0, sizeof(*b));
	b->mode = m;
	return pair_open(&b->ours, 0) == 0 &&
	    openpty(&b->control, &b->slave, NULL, NULL, NULL) == 0 &&
	    fcntl(b->control, F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(b->slave, F_SETFL, O_NONBLOCK) == 0 &&
	    set_ours(b->ours.slave, m) == 0 && set_host(b->slave, m) == 0;
}

static void
both_close(struct both *b)
{

	pair_close(&b->ours);
	close(b->slave);
	close(b->control);
}

/* One pair of terminals, from its opening on. */
static int
one_case(void)
{
	struct mode m;
	struct both b;
	int ok, i, mixes;

	make_mode(&m);
	ok = both_open(&b, &m);
	if (!ok)
		printf("# no terminals: %d\n", errno);
	/* output that stopped has no room on the host */
	mixes = !has(&m, RUMP_ICANON | RUMP_ECHO) && (m.i & RUMP_IXON) == 0;
	for (i = 0; i < STEPS && ok; i++)
		ok = i == 0 || (mixes && chance(40)) ? step_write(&b) :
		    step_type(&b);
	both_close(&b);
	return ok;
}

/* A bare chroot has none. */
static int
host_has_terminals(void)
{
	int control, slave;

	if (openpty(&control, &slave, NULL, NULL, NULL) == -1)
		return 0;
	close(slave);
	close(control);
	return 1;
}

static void
as_the_host(void)
{
	unsigned long i;
	unsigned failed = 0;

	if (!host_has_terminals()) {
		t_skip("the host has no pseudo terminals");
		return;
	}
	for (i = 0; i < cases && failed < 5; i++) {
		if (!one_case()) {
			printf("# case %lu\n", i);
			failed++;
		}
	}
	T_CHECK_EQ(failed, 0);
}

int
main(int argc, char **argv)
{
	static const struct t_case list[] = { T(as_the_host) };

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1)
		cases = strtoul(argv[1], NULL, 0);
	if (argc > 2)
		state = strtoul(argv[2], NULL, 0);
	if (rump_init() != 0) {
		printf("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(list, COUNT(list), 1, argv);
}
