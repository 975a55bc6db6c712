/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vnode cache: identity, iteration, limits; and threads that get, release,
 * recycle and revoke the same vnodes while the file system is unmounted and
 * mounted.
 */
#include <limits.h>
#include <pthread.h>
#include <sched.h>

#include "vfs.h"
#include "nodes.h"

#define THREADS	4

static void
begin(void)
{
	struct nodes_args args = { 0 };

	if (!vfs_exists("/nodes"))
		T_ASSERT_EQ(rump_sys_mkdir("/nodes", 0755), 0);
	T_ASSERT_EQ(rump_sys_mount("nodes", "/nodes", 0, &args, sizeof(args)),
	    0);
}

static void
end(int flags)
{

	T_CHECK_EQ(rump_sys_unmount("/nodes", flags), 0);
	rump_schedule();
	T_CHECK_EQ(rump_nodes_loaded(), 0);
	rump_unschedule();
}

#define IN_KERNEL(call) do { \
	int line; \
 \
	rump_schedule(); \
	line = (call); \
	rump_unschedule(); \
	T_CHECK_EQ(line, 0); \
} while (0)

static void *
serve(void *result)
{
	struct nodes_args args = { .serve = 1 };

	*(int *)result = rump_sys_mount("nodes", "/nodes", 0, &args,
	    sizeof(args));
	return NULL;
}

/* One whose mount(2) serves it, as mfs's does, is unmounted by another. */
static void
served(void)
{
	int result = -2, is_there;
	pthread_t thread;

	begin();
	end(0);
	T_ASSERT_EQ(pthread_create(&thread, NULL, serve, &result), 0);
	do {
		sched_yield();
		rump_schedule();
		is_there = rump_nodes_serving();
		rump_unschedule();
	} while (!is_there);
	end(0);
	pthread_join(thread, NULL);
	T_CHECK_EQ(result, 0);
}

static void
identity(void)
{

	begin();
	IN_KERNEL(rump_nodes_identity());
	IN_KERNEL(rump_nodes_unused());
	IN_KERNEL(rump_nodes_miss());
	end(0);
}

static void
lists(void)
{

	begin();
	IN_KERNEL(rump_nodes_lists());
	end(0);
}

static void
iterate(void)
{

	begin();
	IN_KERNEL(rump_nodes_iterate());
	end(0);
}

static unsigned
vnodes(void)
{
	unsigned n;

	rump_schedule();
	n = rump_nodes_vnodes();
	rump_unschedule();
	return n;
}

/* Vnodes that nobody uses go when there are too many. */
static void
limit(void)
{
	unsigned n = 0;
	int i;

	begin();
	IN_KERNEL(rump_nodes_many(NODES_STATIC));
	for (i = 0; i < 100; i++) {
		if ((n = vnodes()) <= 256)
			break;
		rump_sys_nanosleep(&(struct rump_timespec){ 0, 20000000 },
		    NULL);
	}
	T_CHECK(n <= 256);
	end(0);
}

static int
maxvnodes(int n)
{
	const int name[] = { RUMP_CTL_KERN, RUMP_KERN_MAXVNODES };

	return rump_sys___sysctl(name, 2, NULL, NULL, &n, sizeof(n));
}

/* How many are kept is changed while they are there. */
static void
limit_changes(void)
{
	char path[32];
	int fds[80];

	T_CHECK_ERR(maxvnodes(10), RUMP_EINVAL);
	T_CHECK_ERR(maxvnodes(INT_MAX), RUMP_EINVAL);
	begin();
	T_CHECK_EQ(maxvnodes(NODES_STATIC + 100), 0);
	IN_KERNEL(rump_nodes_many(NODES_STATIC));
	T_CHECK(vnodes() > 256);
	T_CHECK_EQ(maxvnodes(256), 0);
	T_CHECK(vnodes() <= 256);
	end(0);
	/* not below what is in use */
	for (int i = 0; i < 80; i++) {
		snprintf(path, sizeof(path), "/open-%d", i);
		fds[i] = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0644);
		T_CHECK(fds[i] != -1);
	}
	T_CHECK_ERR(maxvnodes(64), RUMP_EBUSY);
	for (int i = 0; i < 80; i++) {
		snprintf(path, sizeof(path), "/open-%d", i);
		rump_sys_close(fds[i]);
		T_CHECK_EQ(rump_sys_unlink(path), 0);
	}
	T_CHECK_EQ(maxvnodes(64), 0);
	T_CHECK_EQ(maxvnodes(256), 0);
}

struct worker {
	pthread_t	thread;
	unsigned	seed, ids;
	int		line;
};

static void *
work(void *arg)
{
	struct worker *w = arg;

	rump_schedule();
	w->line = rump_nodes_stress(w->seed, 20000, w->ids);
	rump_unschedule();
	return NULL;
}

static void
stress(unsigned ids)
{
	struct worker w[THREADS];
	int i;

	begin();
	for (i = 0; i < THREADS; i++) {
		w[i] = (struct worker){ .seed = (unsigned)i, .ids = ids };
		T_ASSERT_EQ(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		T_ASSERT_EQ(pthread_join(w[i].thread, NULL), 0);
		T_CHECK_EQ(w[i].line, 0);
	}
	end(0);
}

static void
few(void)
{

	stress(4);
}

static void
some(void)
{

	stress(200);
}

static void
more_than_are_kept(void)
{

	stress(NODES_STATIC);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(served), T(identity), T(lists), T(iterate), T(limit), T(limit_changes), T(few), T(some),
		T(more_than_are_kept),
	};

	setenv("RUMP_NVNODES", "256", 1);
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
