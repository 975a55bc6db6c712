/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jobs: sessions, controlling terminals, foreground and background.  Processes are lwps
 * that one thread switches between; what signals they get they see by kqueue.
 */
#include <limits.h>

#include "pair.h"

/* Signals, as NetBSD numbers them. */
enum {
	SIG_HUP = 1, SIG_INT = 2, SIG_QUIT = 3, SIG_TSTP = 18, SIG_TTIN = 21,
	SIG_TTOU = 22, SIG_WINCH = 28, SIG_INFO = 29
};

static const struct rump_timespec at_once;
static const int signals[] = { SIG_INT, SIG_HUP, SIG_TTIN,
    SIG_TTOU, SIG_WINCH, SIG_TSTP, SIG_INFO, SIG_QUIT };
#define SIGNALS	(sizeof(signals) / sizeof(signals[0]))

struct process {
	struct lwp	*lwp;
	int		pid;
	int		kq;
};

static struct lwp *initial;

/* A child of the current process, which becomes current. */
static int
process_start(struct process *p)
{
	struct rump_kevent ev;

	if (rump_pub_lwproc_rfork(RUMP_RFFDG) != 0)
		return 0;
	p->lwp = rump_pub_lwproc_curlwp();
	p->pid = rump_sys_getpid();
	p->kq = rump_sys_kqueue();
	for (unsigned i = 0; i < SIGNALS; i++) {
		RUMP_EV_SET(&ev, (uintptr_t)signals[i], RUMP_EVFILT_SIGNAL,
		    RUMP_EV_ADD | RUMP_EV_CLEAR, 0, 0, 0);
		if (rump_sys_kevent(p->kq, &ev, 1, NULL, 0, NULL) != 0)
			return 0;
	}
	return 1;
}

static void
process_end(struct process *p)
{

	rump_pub_lwproc_switch(p->lwp);
	rump_pub_lwproc_releaselwp();
}

/* The signals that p got since it was last asked, as bits. */
static unsigned
got(struct process *p)
{
	struct lwp *old = rump_pub_lwproc_curlwp();
	struct rump_kevent ev[SIGNALS];
	unsigned set = 0;
	int i, n;

	rump_pub_lwproc_switch(p->lwp);
	n = rump_sys_kevent(p->kq, NULL, 0, ev, SIGNALS, &at_once);
	for (i = 0; i < n; i++)
		set |= 1u << ev[i].ident;
	rump_pub_lwproc_switch(old);
	return set;
}

#define BIT(sig)	(1u << SIG_##sig)

/* A session: its leader, whose terminal p's slave is, and a child in a group of its own. */
struct job {
	struct pair	p;
	struct process	leader, child;
};

static int
job_start(struct job *j)
{

	initial = rump_pub_lwproc_curlwp();
	if (!process_start(&j->leader) || rump_sys_setsid() != j->leader.pid ||
	    pair_open(&j->p, 0) != 0 ||
	    rump_sys_ioctl(j->p.slave, RUMP_TIOCSCTTY, 0) != 0)
		return 0;
	if (!process_start(&j->child) ||
	    rump_sys_setpgid(0, 0) != 0)
		return 0;
	return 1;
}

static void
job_end(struct job *j)
{

	process_end(&j->child);
	process_end(&j->leader);
	if (initial != NULL)
		rump_pub_lwproc_switch(initial);
}

static int
foreground(int fd, int *pgrp)
{

	return rump_sys_ioctl(fd, RUMP_TIOCSPGRP, pgrp);
}

/* ------------------------------------------------------------------- cases */

static void
controlling(void)
{
	struct pair other, third;
	struct job j;
	int pgrp = 0, sid = 0, fd;

	T_ASSERT(job_start(&j));
	T_CHECK_EQ(rump_sys_ioctl(j.p.slave, RUMP_TIOCGPGRP, &pgrp), 0);
	T_CHECK_EQ(pgrp, j.leader.pid);
	T_CHECK_EQ(rump_sys_ioctl(j.p.slave, RUMP_TIOCGSID, &sid), 0);
	T_CHECK_EQ(sid, j.leader.pid);
	T_CHECK_ERR(rump_sys_ioctl(j.p.slave, RUMP_TIOCSCTTY, 0), RUMP_EPERM);

	rump_pub_lwproc_switch(j.leader.lwp);
	T_CHECK_EQ(rump_sys_ioctl(j.p.slave, RUMP_TIOCSCTTY, 0), 0);
	/* the terminal is the slave's side: /dev/tty stays that */
	T_CHECK_ERR(rump_sys_ioctl(j.p.control, RUMP_TIOCSCTTY, 0),
	    RUMP_ENOTTY);
	T_ASSERT_EQ(pair_open(&other, 0), 0);
	T_CHECK_ERR(rump_sys_ioctl(other.slave, RUMP_TIOCSCTTY, 0),
	    RUMP_EPERM);
	T_CHECK_ERR(rump_sys_ioctl(other.slave, RUMP_TIOCGPGRP, &pgrp),
	    RUMP_ENOTTY);
	T_CHECK_EQ(rump_sys_ioctl(other.control, RUMP_TIOCGPGRP, &pgrp), 0);
	T_CHECK_EQ(pgrp, -1);
	pgrp = j.child.pid;
	T_CHECK_ERR(foreground(other.slave, &pgrp), RUMP_ENOTTY);
	pgrp = 29998;
	T_CHECK_ERR(foreground(j.p.slave, &pgrp), RUMP_EINVAL);
	/* F_SETOWN says it in another way: a process, or a group with a minus */
	pgrp = INT_MIN;
	T_CHECK_ERR(rump_sys_ioctl(j.p.slave, RUMP_FIOSETOWN, &pgrp),
	    RUMP_EINVAL);
	pgrp = j.leader.pid;
	T_CHECK_EQ(rump_sys_ioctl(j.p.slave, RUMP_FIOSETOWN, &pgrp), 0);
	pgrp = j.child.pid;
	T_CHECK_EQ(foreground(j.p.slave, &pgrp), 0);
	/* in the background now, and nobody could continue it */
	T_CHECK_ERR(foreground(j.p.slave, &pgrp), RUMP_EIO);
	pair_close(&other);

	/* /dev/tty is the terminal of whoever opens it */
	fd = rump_sys_open("/dev/tty", RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_ASSERT(fd >= 0);
	T_CHECK_EQ(put(fd, "hello"), 5);
	T_CHECK_STR(all(j.p.control), "hello");
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_TIOCNOTTY, 0), RUMP_EINVAL);
	rump_pub_lwproc_switch(j.child.lwp);
	fd = rump_sys_open("/dev/tty", RUMP_O_RDWR);
	T_ASSERT(fd >= 0);
	T_CHECK_EQ(rump_sys_ioctl(fd, RUMP_TIOCNOTTY, 0), 0);
	T_CHECK_ERR(rump_sys_open("/dev/tty", RUMP_O_RDWR), RUMP_ENXIO);
	T_CHECK_ERR(rump_sys_ioctl(fd, RUMP_TIOCGETA, &third), RUMP_EIO);
	job_end(&j);
}

static void
keys(void)
{
	struct job j;
	int pgrp;

	T_ASSERT(job_start(&j));
	put(j.p.control, "\003");
	T_CHECK_EQ(got(&j.leader), BIT(INT));
	T_CHECK_EQ(got(&j.child), 0);
	rump_pub_lwproc_switch(j.leader.lwp);
	pgrp = j.child.pid;
	T_CHECK_EQ(foreground(j.p.slave, &pgrp), 0);
	put(j.p.control, "\003\034\032\024");
	T_CHECK_EQ(got(&j.leader), 0);
	T_CHECK_EQ(got(&j.child), BIT(INT) | BIT(QUIT) | BIT(TSTP) |
	    BIT(INFO));
	T_CHECK_EQ(rump_sys_ioctl(j.p.control, RUMP_TIOCSIG,
	    (void *)(intptr_t)SIG_QUIT), 0);
	T_CHECK_EQ(got(&j.child), BIT(QUIT));
	T_CHECK_ERR(rump_sys_ioctl(j.p.control, RUMP_TIOCSIG,
	    (void *)(intptr_t)4711), RUMP_EINVAL);
	job_end(&j);
}

static void
windows(void)
{
	struct rump_winsize ws = { 24, 80, 0, 0 }, now;
	struct job j;

	T_ASSERT(job_start(&j));
	T_CHECK_EQ(rump_sys_ioctl(j.p.control, RUMP_TIOCSWINSZ, &ws), 0);
	T_CHECK_EQ(got(&j.leader), BIT(WINCH));
	T_CHECK_EQ(rump_sys_ioctl(j.p.control, RUMP_TIOCSWINSZ, &ws), 0);
	T_CHECK_EQ(got(&j.leader), 0);
	T_CHECK_EQ(rump_sys_ioctl(j.p.slave, RUMP_TIOCGWINSZ, &now), 0);
	T_CHECK(now.ws_row == 24 && now.ws_col == 80);
	job_end(&j);
}

/* The background is told so, once a call, and would wait. */
static void
background(void)
{
	struct job j;
	char c;
	int pgrp;

	T_ASSERT(job_start(&j));
	put(j.p.control, "x\n");
	T_CHECK_ERR(rump_sys_read(j.p.slave, &c, 1), RUMP_EAGAIN);
	T_CHECK_EQ(got(&j.child), BIT(TTIN));
	T_CHECK_EQ(got(&j.leader), 0);
	T_CHECK_EQ(put(j.p.slave, "out"), 3);		/* no TOSTOP */
	T_CHECK_EQ(got(&j.child), 0);
	rump_pub_lwproc_switch(j.leader.lwp);
	T_CHECK_EQ(change_lflag(j.p.slave, 0, RUMP_TOSTOP), 0);
	rump_pub_lwproc_switch(j.child.lwp);
	T_CHECK_ERR(rump_sys_write(j.p.slave, "out", 3), RUMP_EAGAIN);
	T_CHECK_EQ(got(&j.child), BIT(TTOU));
	rump_pub_lwproc_switch(j.leader.lwp);
	pgrp = j.child.pid;
	T_CHECK_EQ(foreground(j.p.slave, &pgrp), 0);
	rump_pub_lwproc_switch(j.child.lwp);
	T_CHECK_EQ(rump_sys_read(j.p.slave, &c, 1), 1);
	T_CHECK_EQ(put(j.p.slave, "out"), 3);
	T_CHECK_EQ(got(&j.child), 0);
	job_end(&j);
}

/* Where nobody could continue it, waiting is an error. */
static void
orphans(void)
{
	struct process grandchild;
	struct job j;
	char c;

	T_ASSERT(job_start(&j));
	/* its parent is of the same group, and of another session's child then */
	T_ASSERT(process_start(&grandchild));
	T_CHECK_ERR(rump_sys_read(j.p.slave, &c, 1), RUMP_EAGAIN);
	T_CHECK_EQ(got(&grandchild), BIT(TTIN));
	process_end(&j.child);
	rump_pub_lwproc_switch(grandchild.lwp);
	T_CHECK_ERR(rump_sys_read(j.p.slave, &c, 1), RUMP_EIO);
	T_CHECK_EQ(got(&grandchild), 0);
	process_end(&grandchild);
	process_end(&j.leader);
	if (initial != NULL)
		rump_pub_lwproc_switch(initial);
}

/* The foreground group ends: the terminal has none. */
static void
group_ends(void)
{
	struct job j;
	int pgrp;

	T_ASSERT(job_start(&j));
	rump_pub_lwproc_switch(j.leader.lwp);
	pgrp = j.child.pid;
	T_CHECK_EQ(foreground(j.p.slave, &pgrp), 0);
	process_end(&j.child);
	rump_pub_lwproc_switch(j.leader.lwp);
	T_CHECK_EQ(rump_sys_ioctl(j.p.slave, RUMP_TIOCGPGRP, &pgrp), 0);
	T_CHECK_EQ(pgrp, -1);
	T_CHECK_EQ(put(j.p.control, "\003\024"), 2);
	T_CHECK_EQ(got(&j.leader), 0);
	process_end(&j.leader);
	if (initial != NULL)
		rump_pub_lwproc_switch(initial);
}

/* The leader ends: the foreground is hung up, and the terminal is anybody's. */
static void
leader_ends(void)
{
	struct process next;
	struct job j;
	int pgrp;
	char c;

	T_ASSERT(job_start(&j));
	rump_pub_lwproc_switch(j.leader.lwp);
	pgrp = j.child.pid;
	T_CHECK_EQ(foreground(j.p.slave, &pgrp), 0);
	process_end(&j.leader);
	T_CHECK_EQ(got(&j.child), BIT(HUP));
	rump_pub_lwproc_switch(j.child.lwp);
	T_CHECK_EQ(rump_sys_read(j.p.slave, &c, 1), 0);
	T_CHECK_EQ(rump_sys_write(j.p.slave, &c, 1), -1);
	T_CHECK_ERR(rump_sys_open("/dev/tty", RUMP_O_RDWR), RUMP_ENXIO);
	T_ASSERT(process_start(&next));
	T_CHECK_EQ(rump_sys_setsid(), next.pid);
	rump_sys_close(j.p.slave);
	j.p.slave = rump_sys_open(j.p.name, RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_CHECK_EQ(rump_sys_ioctl(j.p.slave, RUMP_TIOCSCTTY, 0), 0);
	process_end(&next);
	process_end(&j.child);
	if (initial != NULL)
		rump_pub_lwproc_switch(initial);
}

/* The control side closes: the leader is told. */
static void
hangup(void)
{
	struct job j;

	T_ASSERT(job_start(&j));
	rump_sys_close(j.p.control);
	rump_pub_lwproc_switch(j.leader.lwp);
	rump_sys_close(j.p.control);
	T_CHECK_EQ(got(&j.leader), BIT(HUP));
	T_CHECK_EQ(got(&j.child), 0);
	job_end(&j);
}

static void
typing(void)
{
	struct pair other;
	struct job j;
	char c = 'k';

	T_ASSERT(job_start(&j));
	rump_pub_lwproc_switch(j.leader.lwp);
	T_ASSERT_EQ(pair_open(&other, 0), 0);
	T_CHECK_EQ(rump_sys_setuid(1), 0);
	T_CHECK_EQ(rump_sys_ioctl(j.p.slave, RUMP_TIOCSTI, &c), 0);
	T_CHECK_STR(all(j.p.control), "k");
	T_CHECK_ERR(rump_sys_ioctl(other.slave, RUMP_TIOCSTI, &c), RUMP_EPERM);
	T_CHECK_STR(all(other.control), "");
	job_end(&j);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(controlling), T(keys), T(windows), T(background), T(orphans),
		T(group_ends), T(leader_ends), T(hangup), T(typing),
	};

	rump_boot_setsigmodel(RUMP_SIGMODEL_IGNORE);
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
