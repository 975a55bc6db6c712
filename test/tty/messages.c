/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of the kernel on terminals: uprintf, ttyprintf, tprintf, TIOCCONS. */
#include <string.h>

#include "pair.h"

void	rump_test_uprintf(const char *, int);
void	rump_test_uprintf_locked(const char *);
void	rump_test_ttyprintf(unsigned long long, const char *);
void	rump_test_printf(const char *);
void	*rump_test_tprintf(void *, const char *);

#define PATIENCE	30000		/* ms */

static struct pair pair;
static struct lwp *initial, *leader;

/* What comes at the control side is text; all of it is there. */
static void
check_shown(const struct pair *p, const char *text)
{
	struct rump_pollfd pfd = { .fd = p->control, .events = RUMP_POLLIN };
	char buf[4096];
	size_t n = 0, want = strlen(text);
	ssize_t got;

	while (n < want && rump_sys_poll(&pfd, 1, PATIENCE) == 1 &&
	    (got = rump_sys_read(p->control, buf + n, sizeof(buf) - 1 - n)) > 0)
		n += (size_t)got;
	buf[n] = '\0';
	T_CHECK_STR(buf, text);
}

static void
check_nothing(const struct pair *p)
{
	char c;

	T_CHECK_ERR(rump_sys_read(p->control, &c, 1), RUMP_EAGAIN);
}

/* A session without a terminal, in a process of its own, and a pair. */
static void
set_up(void)
{

	initial = rump_pub_lwproc_curlwp();
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	leader = rump_pub_lwproc_curlwp();
	T_ASSERT(rump_sys_setsid() > 0);
	T_ASSERT_EQ(pair_open(&pair, 0), 0);
}

static void
tear_down(void)
{

	rump_pub_lwproc_releaselwp();
	if (initial != NULL)
		rump_pub_lwproc_switch(initial);
}

static void
user(void)
{
	char text[301], want[302];

	set_up();
	rump_test_uprintf("without a terminal", 0);
	check_nothing(&pair);
	T_ASSERT_EQ(rump_sys_ioctl(pair.slave, RUMP_TIOCSCTTY, 0), 0);
	rump_test_uprintf("file system full ", 17);
	check_shown(&pair, "file system full 17\r\n");
	rump_test_uprintf_locked("locked");
	check_shown(&pair, "locked");
	memset(text, 'x', 300);
	text[300] = '\0';
	rump_test_uprintf_locked(text);
	check_shown(&pair, text);
	/* another's is not ours */
	rump_pub_lwproc_switch(initial);
	rump_test_uprintf("elsewhere", 0);
	rump_pub_lwproc_switch(leader);
	check_nothing(&pair);
	/* a queue that nobody reads fills up, and the rest is lost */
	for (int i = 0; i < 100; i++)
		rump_test_uprintf_locked(text);
	T_CHECK_EQ(rump_sys_read(pair.control, want, 300), 300);
	tear_down();
}

static void
session(void)
{
	void *ss;

	set_up();
	T_CHECK(rump_test_tprintf(NULL, NULL) == NULL);
	rump_test_tprintf(NULL, "for the log alone\n");
	T_ASSERT_EQ(rump_sys_ioctl(pair.slave, RUMP_TIOCSCTTY, 0), 0);
	ss = rump_test_tprintf(NULL, NULL);
	T_ASSERT(ss != NULL);
	/* by whoever, later */
	rump_pub_lwproc_switch(initial);
	rump_test_tprintf(ss, "server is not responding\n");
	rump_pub_lwproc_switch(leader);
	check_shown(&pair, "server is not responding\r\n");
	ss = rump_test_tprintf(NULL, NULL);
	T_CHECK_EQ(rump_sys_close(pair.slave), 0);
	T_CHECK_EQ(rump_sys_close(pair.control), 0);
	/* the terminal is gone, the session is held */
	tear_down();
	rump_test_tprintf(ss, "nobody sees this\n");
}

static void
terminal(void)
{
	struct rump_stat st;

	set_up();
	T_ASSERT_EQ(rump_sys_fstat(pair.slave, &st), 0);
	rump_test_ttyprintf(st.st_rdev, "line printer on fire\n");
	check_shown(&pair, "line printer on fire\r\n");
	T_CHECK_EQ(rump_sys_close(pair.slave), 0);
	rump_test_ttyprintf(st.st_rdev, "closed\n");
	tear_down();
}

static void
console(void)
{
	struct pair other;
	int on = 1, off = 0;
	char text[65];

	set_up();
	T_ASSERT_EQ(pair_open(&other, 0), 0);
	T_CHECK_EQ(rump_sys_ioctl(pair.slave, RUMP_TIOCCONS, &on), 0);
	rump_test_printf("to the terminal\n");
	check_shown(&pair, "to the terminal\r\n");
	/* again is nothing new; another must wait, and cannot end it */
	T_CHECK_EQ(rump_sys_ioctl(pair.slave, RUMP_TIOCCONS, &on), 0);
	T_CHECK_ERR(rump_sys_ioctl(other.slave, RUMP_TIOCCONS, &on),
	    RUMP_EBUSY);
	T_CHECK_EQ(rump_sys_ioctl(other.slave, RUMP_TIOCCONS, &off), 0);
	memset(text, 'y', 64);
	text[64] = '\0';
	for (int i = 0; i < 100; i++) {
		rump_test_printf(text);
		check_shown(&pair, text);
	}
	T_CHECK_EQ(rump_sys_ioctl(pair.slave, RUMP_TIOCCONS, &off), 0);
	rump_test_printf("# to the host\n");
	check_nothing(&pair);

	/* through the control side, until the terminal is closed */
	T_CHECK_EQ(rump_sys_ioctl(pair.control, RUMP_TIOCCONS, &on), 0);
	rump_test_printf("once more\n");
	check_shown(&pair, "once more\r\n");
	pair_close(&pair);
	T_CHECK_EQ(rump_sys_ioctl(other.slave, RUMP_TIOCCONS, &on), 0);
	rump_test_printf("here\n");
	check_shown(&other, "here\r\n");
	T_CHECK_EQ(rump_sys_setuid(1), 0);
	T_CHECK_ERR(rump_sys_ioctl(other.slave, RUMP_TIOCCONS, &on),
	    RUMP_EPERM);
	tear_down();
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(user), T(session), T(terminal), T(console),
	};

	rump_boot_setsigmodel(RUMP_SIGMODEL_IGNORE);
	if (rump_init() != 0)
		return 1;
	return t_main(cases, (int)(sizeof(cases) / sizeof(cases[0])), argc,
	    argv);
}
