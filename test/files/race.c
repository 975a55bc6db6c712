/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that use, close and replace the same descriptors at once: each call
 * either works on a whole file or says EBADF (dup2 also EBUSY), nothing hangs,
 * and in the end no descriptor is lost.
 */
#include <errno.h>
#include <pthread.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

#define THREADS	4
#define ROUNDS	20000
#define FIRST	3
#define SPAN	6

struct worker {
	pthread_t	thread;
	uint64_t	seed;
	int		bad;		/* an errno that may not be, or 0 */
	long		worked;
};

static unsigned
rnd(struct worker *w, unsigned n)
{

	return t_random(&w->seed, n);
}

static int
act(struct worker *w)
{
	int fd = FIRST + (int)rnd(w, SPAN), to = FIRST + (int)rnd(w, SPAN);
	struct rump_stat st;

	switch (rnd(w, 6)) {
	case 0:
		return rump_sys_close(fd);
	case 1:
		return rump_sys_dup2(1, fd) == fd ? 0 : -1;
	case 2:
		return rump_sys_dup2(fd, to) == to ? 0 : -1;
	case 3:
		return rump_sys_fcntl(fd, RUMP_F_GETFL) ==
		    RUMP_O_WRONLY ? 0 : -1;
	case 4:
		return (int)rump_sys_write(fd, "", 0);
	default:
		return rump_sys_fstat(fd, &st) != 0 ? -1 :
		    (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFCHR ? 0 : -1;
	}
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		errno = 0;
		if (act(w) == 0)
			w->worked++;
		else if (errno != RUMP_EBADF && errno != RUMP_EBUSY)
			w->bad = errno == 0 ? -1 : errno;
	}
	return NULL;
}

static void
together(void)
{
	struct worker w[THREADS];
	int i, fd;

	for (i = 0; i < THREADS; i++) {
		w[i] = (struct worker){ .seed = (unsigned long)i + 1 };
		T_ASSERT_EQ(pthread_create(&w[i].thread, NULL, work, &w[i]),
		    0);
	}
	for (i = 0; i < THREADS; i++) {
		T_ASSERT_EQ(pthread_join(w[i].thread, NULL), 0);
		T_CHECK_EQ(w[i].bad, 0);
		T_CHECK(w[i].worked > ROUNDS / 10);
	}
	for (fd = FIRST; fd < FIRST + SPAN; fd++)
		(void)rump_sys_close(fd);
	T_CHECK_EQ(rump_sys_dup(1), FIRST);
	T_CHECK_EQ(rump_sys_close(FIRST), 0);
}

/* Two threads that dup to each other's descriptor do not wait for ever. */
static void *
swap(void *arg)
{
	int from = *(int *)arg, to = from == 4 ? 5 : 4, i;

	for (i = 0; i < ROUNDS; i++)
		(void)rump_sys_dup2(from, to);
	return NULL;
}

static void
crosswise(void)
{
	int four = 4, five = 5;
	pthread_t a, b;

	T_ASSERT_EQ(rump_sys_dup2(1, 4), 4);
	T_ASSERT_EQ(rump_sys_dup2(1, 5), 5);
	T_ASSERT_EQ(pthread_create(&a, NULL, swap, &four), 0);
	T_ASSERT_EQ(pthread_create(&b, NULL, swap, &five), 0);
	T_CHECK_EQ(pthread_join(a, NULL), 0);
	T_CHECK_EQ(pthread_join(b, NULL), 0);
	T_CHECK_EQ(rump_sys_close(4), 0);
	T_CHECK_EQ(rump_sys_close(5), 0);
}

BOOT_MAIN(
	T(together),
	T(crosswise)
)
