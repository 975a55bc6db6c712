/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads in one tree from two places, with fewer vnodes than there are files,
 * so that those of the layer come and go: a vnode that is being loaded takes
 * over the interlock of the one below while others ask for it.  Then the layer
 * is unmounted under them.
 */
#include <pthread.h>

#include "null.h"

enum { THREADS = 4, ROUNDS = 6000, FILES = 12 };

struct worker {
	pthread_t	thread;
	uint64_t	seed;
	int		errors[128];
};

static unsigned
rnd(struct worker *w, unsigned n)
{

	return t_random(&w->seed, n);
}

static int
act(struct worker *w)
{
	const char *top[] = { "/up", "/up", "/low" };
	char a[32], b[32], buf[100];
	struct rump_stat st;
	int fd;

	snprintf(a, sizeof(a), "%s/%u", top[rnd(w, 3)], rnd(w, FILES));
	snprintf(b, sizeof(b), "%.4s", a);
	snprintf(b + strcspn(a + 1, "/") + 1, 16, "/%u", rnd(w, FILES));
	switch (rnd(w, 8)) {
	case 0:
		return rump_sys_unlink(a);
	case 1:
		return rump_sys_rename(a, b);
	case 2:
		return rump_sys_link(a, b);
	case 3:
	case 4:
		return rump_sys_stat(a, &st);
	default:
		fd = rump_sys_open(a, RUMP_O_RDWR | RUMP_O_CREAT, 0644);
		if (fd == -1)
			return -1;
		(void)rump_sys_write(fd, buf, sizeof(buf));
		(void)rump_sys_read(fd, buf, sizeof(buf));
		return rump_sys_close(fd);
	}
}

static void *
work(void *arg)
{
	struct worker *w = arg;

	for (int i = 0; i < ROUNDS; i++) {
		if (act(w) != 0 && errno >= 0 && errno < 128)
			w->errors[errno]++;
	}
	return NULL;
}

/* Run the threads; meanwhile is called while they do. */
static void
crowd(void (*meanwhile)(void))
{
	struct worker w[THREADS];
	int i, e;

	memset(w, 0, sizeof(w));
	for (i = 0; i < THREADS; i++) {
		w[i].seed = vfs_seed + (unsigned long)i;
		T_ASSERT_EQ(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
	}
	if (meanwhile != NULL)
		meanwhile();
	for (i = 0; i < THREADS; i++) {
		T_ASSERT_EQ(pthread_join(w[i].thread, NULL), 0);
		for (e = 0; e < 128; e++) {
			if (e == RUMP_ENOENT || e == RUMP_EEXIST ||
			    (meanwhile != NULL && (e == RUMP_EXDEV ||
			    e == RUMP_EIO || e == RUMP_EBADF ||
			    e == RUMP_EBUSY || e == RUMP_ENOTDIR)))
				continue;
			T_CHECK_EQ(w[i].errors[e] == 0 ? 0 : e, 0);
		}
	}
}

static void
two_ways(void)
{
	char path[32];
	int i;

	T_ASSERT_EQ(begin(0), 0);
	crowd(NULL);
	for (i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "/up/%d", i);
		(void)rump_sys_unlink(path);
	}
	end();
}

static void
unmount_and_mount(void)
{

	for (int i = 0; i < 40; i++) {
		rump_sys_nanosleep(&(struct rump_timespec){ 0, 1000000 }, NULL);
		T_CHECK_EQ(rump_sys_unmount("/up", RUMP_MNT_FORCE), 0);
		T_CHECK_EQ(mount_null("/low", "/up", 0), 0);
	}
}

static void
unmounted_under_them(void)
{

	T_ASSERT_EQ(begin(0), 0);
	crowd(unmount_and_mount);
	T_CHECK_EQ(rump_sys_unmount("/up", 0), 0);
	T_CHECK_EQ(rump_sys_unmount("/low", 0), 0);
}

/* Several mount on one directory; all but one find it covered. */
static void *
mount_here(void *arg)
{

	(void)arg;
	for (int i = 0; i < 50; i++) {
		if (mount_null("/low", "/low/here", 0) == 0)
			(void)rump_sys_unmount("/low/here", 0);
		if (vfs_mount_tmpfs("/low/here", 0) == 0)
			(void)rump_sys_unmount("/low/here", 0);
	}
	return NULL;
}

static void
same_place(void)
{
	pthread_t t[THREADS];
	int i;

	T_ASSERT_EQ(begin(0), 0);
	T_ASSERT_EQ(rump_sys_mkdir("/low/here", 0755), 0);
	for (i = 0; i < THREADS; i++)
		T_ASSERT_EQ(pthread_create(&t[i], NULL, mount_here, NULL), 0);
	for (i = 0; i < THREADS; i++)
		T_ASSERT_EQ(pthread_join(t[i], NULL), 0);
	/* some are on others by now, and by force one would lose those */
	while (rump_sys_unmount("/low/here", 0) == 0)
		continue;
	end();
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(two_ways), T(unmounted_under_them), T(same_place),
	};

	if (getenv("SEED") != NULL)
		vfs_seed = strtoul(getenv("SEED"), NULL, 10);
	setenv("RUMP_NVNODES", "24", 0);
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
