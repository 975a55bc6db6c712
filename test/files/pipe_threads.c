/* SPDX-License-Identifier: BSD-2-Clause */
/* Pipes between threads: streams, messages, and descriptors that go while somebody waits. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

#define STREAM	(4 * 1024 * 1024)
#define WRITERS	3
#define ROUNDS	3000
#define MESSAGE	500		/* PIPE_BUF is 512 */

static int fds[2];

static uint8_t
expected(size_t at)
{

	return (uint8_t)(at * 31 + at / 977);
}

static void *
write_stream(void *arg)
{
	static uint8_t buf[70000];
	size_t at = 0, n, i;

	while (at < STREAM) {
		n = at % sizeof(buf) + 1;
		n = n < STREAM - at ? n : STREAM - at;
		for (i = 0; i < n; i++)
			buf[i] = expected(at + i);
		if (rump_sys_write(fds[1], buf, n) != (ssize_t)n)
			break;
		at += n;
	}
	rump_sys_close(fds[1]);
	return arg;
}

static void
stream(void)
{
	static uint8_t buf[50000];
	pthread_t writer;
	size_t at = 0;
	ssize_t n, i;

	T_ASSERT_EQ(rump_sys_pipe(fds), 0);
	T_ASSERT_EQ(pthread_create(&writer, NULL, write_stream, NULL), 0);
	while ((n = rump_sys_read(fds[0], buf, at % sizeof(buf) + 1)) > 0)
		for (i = 0; i < n; i++, at++)
			if (buf[i] != expected(at))
				T_ASSERT(0);
	T_CHECK_EQ(n, 0);
	T_CHECK_EQ(at, STREAM);
	pthread_join(writer, NULL);
	T_CHECK_EQ(rump_sys_close(fds[0]), 0);
}

static void *
write_messages(void *arg)
{
	char buf[MESSAGE];
	int i;

	memset(buf, *(char *)arg, sizeof(buf));
	for (i = 0; i < ROUNDS; i++)
		if (rump_sys_write(fds[1], buf, sizeof(buf)) != sizeof(buf))
			return arg;
	return NULL;
}

/* Short messages of several writers come out whole. */
static void
messages(void)
{
	static char names[WRITERS] = { 'a', 'b', 'c' };
	pthread_t writers[WRITERS];
	char buf[MESSAGE];
	int i, j, torn = 0;
	void *failed;

	T_ASSERT_EQ(rump_sys_pipe(fds), 0);
	for (i = 0; i < WRITERS; i++)
		T_ASSERT_EQ(pthread_create(&writers[i], NULL, write_messages,
		    &names[i]), 0);
	for (i = 0; i < WRITERS * ROUNDS; i++) {
		size_t got = 0;

		while (got < MESSAGE) {
			ssize_t n = rump_sys_read(fds[0], buf + got,
			    MESSAGE - got);

			if (!T_CHECK(n > 0))
				return;
			got += n;
		}
		for (j = 1; j < MESSAGE; j++)
			torn += buf[j] != buf[0];
	}
	T_CHECK_EQ(torn, 0);
	for (i = 0; i < WRITERS; i++) {
		pthread_join(writers[i], &failed);
		T_CHECK(failed == NULL);
	}
	T_CHECK_EQ(rump_sys_close(fds[0]), 0);
	T_CHECK_EQ(rump_sys_close(fds[1]), 0);
}

struct waiter {
	pthread_t	thread;
	int		fd;
	ssize_t		result;
	int		error;
	char		byte;
};

static void *
wait_for_byte(void *arg)
{
	struct waiter *w = arg;

	rump_pub_lwproc_newlwp(1);	/* the process of the test */
	errno = 0;
	w->result = rump_sys_read(w->fd, &w->byte, 1);
	w->error = errno;
	rump_pub_lwproc_releaselwp();
	return NULL;
}

/*
 * Closing a descriptor ends the wait of who reads through it, whether it waits
 * already or is only on its way; who reads through another goes on waiting.
 */
static void
closed_under(void)
{
	struct waiter gone, stays;
	int round;

	for (round = 0; round < 300; round++) {
		T_ASSERT_EQ(rump_sys_pipe(fds), 0);
		gone.fd = rump_sys_dup(fds[0]);
		stays.fd = fds[0];
		T_ASSERT_EQ(pthread_create(&stays.thread, NULL, wait_for_byte,
		    &stays), 0);
		T_ASSERT_EQ(pthread_create(&gone.thread, NULL, wait_for_byte,
		    &gone), 0);
		if (round % 3 == 0)
			usleep(200);
		T_CHECK_EQ(rump_sys_close(gone.fd), 0);
		pthread_join(gone.thread, NULL);
		T_CHECK_EQ(gone.result, -1);
		T_CHECK_EQ(gone.error, RUMP_EBADF);
		T_CHECK_EQ(rump_sys_write(fds[1], "!", 1), 1);
		pthread_join(stays.thread, NULL);
		T_CHECK_EQ(stays.result, 1);
		T_CHECK_EQ(stays.byte, '!');
		T_CHECK_EQ(rump_sys_close(fds[0]), 0);
		T_CHECK_EQ(rump_sys_close(fds[1]), 0);
	}
}

/* The last writer that goes ends the wait of readers. */
static void
end_of_file(void)
{
	struct waiter w;

	T_ASSERT_EQ(rump_sys_pipe(fds), 0);
	w.fd = fds[0];
	T_ASSERT_EQ(pthread_create(&w.thread, NULL, wait_for_byte, &w), 0);
	usleep(1000);
	T_CHECK_EQ(rump_sys_close(fds[1]), 0);
	pthread_join(w.thread, NULL);
	T_CHECK_EQ(w.result, 0);
	T_CHECK_EQ(rump_sys_close(fds[0]), 0);
}

BOOT_MAIN(T(stream), T(messages), T(closed_under), T(end_of_file))
