/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads at terminals: who waits goes on when he should, whichever comes first, the
 * waiting or its reason; streams through pairs lose nothing.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "pair.h"

#define STREAM		100000
#define WORKERS		4
#define ROUNDS		40

/* ------------------------------------------------------------------- waiting */

struct wait {
	pthread_t	thread;
	int		fd;
	char		buf[16];
	long		n;
};

static void *
read_once(void *arg)
{
	struct wait *w = arg;

	w->n = (long)rump_sys_read(w->fd, w->buf, sizeof(w->buf));
	return NULL;
}

static int
reader_start(struct wait *w, int fd)
{

	w->fd = fd;
	w->n = -2;
	return pthread_create(&w->thread, NULL, read_once, w);
}

static void
line_comes(void)
{
	struct wait w;
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 1), 0);
	T_ASSERT_EQ(reader_start(&w, p.slave), 0);
	T_CHECK_EQ(put(p.control, "ab\n"), 3);
	pthread_join(w.thread, NULL);
	T_CHECK_EQ(w.n, 3);
	T_ASSERT_EQ(rump_sys_read(p.control, w.buf, 4), 4);	/* the echo */
	T_ASSERT_EQ(reader_start(&w, p.control), 0);
	T_CHECK_EQ(put(p.slave, "out"), 3);
	pthread_join(w.thread, NULL);
	T_CHECK(w.n >= 1 && w.n <= 3);
	pair_close(&p);
}

static void
revoked(void)
{
	struct wait w;
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 1), 0);
	T_ASSERT_EQ(reader_start(&w, p.slave), 0);
	T_CHECK_EQ(rump_sys_revoke(p.name), 0);
	pthread_join(w.thread, NULL);
	T_CHECK_EQ(w.n, 0);
	pair_close(&p);
}

static void
other_side_closes(void)
{
	struct wait w;
	struct pair p;

	T_ASSERT_EQ(pair_open(&p, 1), 0);
	T_ASSERT_EQ(reader_start(&w, p.slave), 0);
	T_CHECK_EQ(rump_sys_close(p.control), 0);
	pthread_join(w.thread, NULL);
	T_CHECK_EQ(w.n, 0);
	rump_sys_close(p.slave);
	T_ASSERT_EQ(pair_open(&p, 1), 0);
	T_ASSERT_EQ(reader_start(&w, p.control), 0);
	T_CHECK_EQ(rump_sys_close(p.slave), 0);
	pthread_join(w.thread, NULL);
	T_CHECK_EQ(w.n, 0);
	rump_sys_close(p.control);
}

static void *
open_slave(void *arg)
{
	struct wait *w = arg;

	w->fd = rump_sys_open("/dev/ttyp9", RUMP_O_RDWR);
	return NULL;
}

/* The slave can be opened when the control side is there. */
static void
opening(void)
{
	struct wait w;
	int control;

	T_ASSERT_EQ(pthread_create(&w.thread, NULL, open_slave, &w), 0);
	control = rump_sys_open("/dev/ptyp9", RUMP_O_RDWR);
	T_CHECK(control >= 0);
	pthread_join(w.thread, NULL);
	T_CHECK(w.fd >= 0);
	rump_sys_close(w.fd);
	rump_sys_close(control);
}

/* A reader in the background, who is let in. */
static void *
background(void *arg)
{
	struct wait *w = arg;

	if (rump_pub_lwproc_newlwp((int)w->n) != 0) {
		w->n = -3;
		return NULL;
	}
	w->n = (long)rump_sys_read(w->fd, w->buf, sizeof(w->buf));
	rump_pub_lwproc_releaselwp();
	return NULL;
}

static void
let_in(void)
{
	struct lwp *leader, *first;
	struct wait w;
	struct pair p;
	int child;

	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	leader = rump_pub_lwproc_curlwp();
	T_CHECK(rump_sys_setsid() > 0);
	T_ASSERT_EQ(pair_open(&p, 1), 0);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCSCTTY, 0), 0);
	T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	T_CHECK_EQ(rump_sys_setpgid(0, 0), 0);
	child = rump_sys_getpid();
	w.n = child;
	w.fd = p.slave;
	T_ASSERT_EQ(pthread_create(&w.thread, NULL, background, &w), 0);
	put(p.control, "yes\n");
	first = rump_pub_lwproc_curlwp();
	rump_pub_lwproc_switch(leader);
	T_CHECK_EQ(rump_sys_ioctl(p.slave, RUMP_TIOCSPGRP, &child), 0);
	pthread_join(w.thread, NULL);
	T_CHECK_EQ(w.n, 4);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(first);
	rump_pub_lwproc_releaselwp();
}

/* ------------------------------------------------------------------- streams */

static unsigned char
byte_at(unsigned seed, unsigned i)
{

	return (unsigned char)((i * 2654435761u + seed) >> 13);
}

struct stream {
	pthread_t	thread;
	int		fd;
	unsigned	seed;
	int		bad;
};

static void *
send(void *arg)
{
	struct stream *s = arg;
	unsigned char buf[700];
	unsigned i, n, at;
	long done;

	for (i = 0; i < STREAM; i += n) {
		n = 1 + (i * 7 + s->seed) % sizeof(buf);
		n = n > STREAM - i ? STREAM - i : n;
		for (at = 0; at < n; at++)
			buf[at] = byte_at(s->seed, i + at);
		done = (long)rump_sys_write(s->fd, buf, n);
		s->bad |= done != (long)n;
	}
	return NULL;
}

static void *
receive(void *arg)
{
	struct stream *s = arg;
	unsigned char buf[500];
	unsigned i = 0;
	long n, at;

	while (i < STREAM) {
		n = (long)rump_sys_read(s->fd, buf, 1 + (i + s->seed) % 500);
		if (n <= 0) {
			s->bad = 1;
			break;
		}
		for (at = 0; at < n; at++)
			s->bad |= buf[at] != byte_at(s->seed, i++);
	}
	return NULL;
}

/* Bytes both ways through one pair. */
static void
streams(void)
{
	static void *(*const what[4])(void *) = { send, receive, send, receive };
	struct rump_termios mode;
	struct stream s[4];
	struct pair p;
	int i;

	T_ASSERT_EQ(pair_open(&p, 1), 0);
	get_mode(p.slave, &mode);
	mode.c_iflag = mode.c_oflag = mode.c_lflag = 0;
	set_mode(p.slave, &mode);
	for (i = 0; i < 4; i++) {
		s[i].fd = i == 0 || i == 3 ? p.control : p.slave;
		s[i].seed = (unsigned)i / 2;
		s[i].bad = 0;
		T_ASSERT_EQ(pthread_create(&s[i].thread, NULL, what[i], &s[i]),
		    0);
	}
	for (i = 0; i < 4; i++) {
		pthread_join(s[i].thread, NULL);
		T_CHECK_EQ(s[i].bad, 0);
	}
	pair_close(&p);
}

static void *
use_pairs(void *arg)
{
	int *bad = arg, i;
	struct pair p;

	for (i = 0; i < ROUNDS; i++) {
		if (pair_open(&p, 0) != 0) {
			*bad = 1;
			break;
		}
		put(p.control, "mine\n");
		*bad |= rump_sys_read(p.slave, p.name, 16) != 5;
		rump_sys_close(i % 2 == 0 ? p.slave : p.control);
		rump_sys_close(i % 2 == 0 ? p.control : p.slave);
	}
	return NULL;
}

/* Everybody has pairs of his own. */
static void
pairs(void)
{
	pthread_t thread[WORKERS];
	int bad[WORKERS] = { 0 }, i;

	for (i = 0; i < WORKERS; i++)
		T_ASSERT_EQ(pthread_create(&thread[i], NULL, use_pairs,
		    &bad[i]), 0);
	for (i = 0; i < WORKERS; i++) {
		pthread_join(thread[i], NULL);
		T_CHECK_EQ(bad[i], 0);
	}
}

/* ----------------------------------------------------- a ptyfs comes and goes */

static atomic_int stop;

static void *
ask(void *arg)
{
	struct rump_ptmget names;
	int fd;

	while (!stop) {
		fd = rump_sys_open("/dev/ptmx", RUMP_O_RDWR);
		if (fd == -1)
			continue;
		(void)rump_sys_ioctl(fd, RUMP_TIOCGRANTPT, 0);
		(void)rump_sys_ioctl(fd, RUMP_TIOCPTSNAME, &names);
		rump_sys_close(fd);
	}
	return NULL;
}

/* What answers may be gone before the question is asked. */
static void
unmounted(void)
{
	struct rump_ptyfs_args args = {
		.version = RUMP_PTYFS_ARGSVERSION, .mode = 0620
	};
	pthread_t thread[2];
	struct pair p;
	int i;

	T_ASSERT_EQ(rump_sys_mkdir("/pts", 0755), 0);
	for (i = 0; i < 2; i++)
		T_ASSERT_EQ(pthread_create(&thread[i], NULL, ask, NULL), 0);
	for (i = 0; i < 20 * ROUNDS; i++) {
		T_CHECK_EQ(rump_sys_mount(RUMP_MOUNT_PTYFS, "/pts", 0, &args,
		    sizeof(args)), 0);
		T_CHECK_EQ(rump_sys_unmount("/pts", RUMP_MNT_FORCE), 0);
	}
	stop = 1;
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	T_ASSERT_EQ(pair_open(&p, 0), 0);
	pair_close(&p);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(line_comes), T(revoked), T(other_side_closes), T(opening),
		T(let_in), T(streams), T(pairs), T(unmounted),
	};

	rump_boot_setsigmodel(RUMP_SIGMODEL_IGNORE);
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
