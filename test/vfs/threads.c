/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many threads in the same few names, with fewer vnodes than there are files:
 * every call works or fails in a way that it may, nothing hangs, and what is
 * left afterwards hangs together.  Then the same while the file system is
 * unmounted by force; and those who wait: for locks, for the other end of a
 * FIFO.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "vfs.h"

#define THREADS	4
#define ROUNDS	6000

struct worker {
	pthread_t	thread;
	uint64_t	seed;
	const char	*top;
	long		done, bad;
	int		forced;		/* the file system may be gone */
	int		errors[128];
};

static unsigned
rnd(struct worker *w, unsigned n)
{

	return t_random(&w->seed, n);
}

/* One of the paths: up to three names of four. */
static void
some_path(struct worker *w, char *buf, size_t len)
{
	size_t at = (size_t)snprintf(buf, len, "%s", w->top);
	unsigned depth = 1 + rnd(w, 3);

	while (depth-- > 0)
		at += (size_t)snprintf(buf + at, len - at, "/%c",
		    "abcd"[rnd(w, 4)]);
}

static int
use_file(struct worker *w, const char *path)
{
	static const int how[] = { RUMP_O_RDONLY, RUMP_O_RDWR,
	    RUMP_O_RDWR | RUMP_O_CREAT, RUMP_O_WRONLY | RUMP_O_CREAT |
	    RUMP_O_TRUNC, RUMP_O_RDWR | RUMP_O_CREAT | RUMP_O_EXCL };
	struct rump_stat st;
	char buf[300];
	int fd, error;

	if ((fd = rump_sys_open(path, how[rnd(w, 5)], 0644)) == -1)
		return -1;
	(void)rump_sys_fstat(fd, &st);
	if ((st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR)
		(void)rump_sys_getdents(fd, buf, sizeof(buf));
	else {
		(void)rump_sys_pwrite(fd, buf, sizeof(buf), rnd(w, 9000));
		(void)rump_sys_pread(fd, buf, sizeof(buf), rnd(w, 9000));
	}
	if (rnd(w, 8) == 0)
		(void)rump_sys_fsync(fd);
	error = rump_sys_close(fd);
	return error;
}

static int
act(struct worker *w)
{
	char a[64], b[64], buf[64];
	struct rump_stat st;

	some_path(w, a, sizeof(a));
	some_path(w, b, sizeof(b));
	switch (rnd(w, 14)) {
	case 0:
	case 1:
		return rump_sys_mkdir(a, 0755);
	case 2:
		return rump_sys_rmdir(a);
	case 3:
		return rump_sys_unlink(a);
	case 4:
	case 5:
		return rump_sys_rename(a, b);
	case 6:
		return rump_sys_link(a, b);
	case 7:
		/* to a sister, or up */
		return rump_sys_symlink(rnd(w, 2) ? "a" : "../b", a);
	case 8:
		return (int)rump_sys_readlink(a, buf, sizeof(buf)) > 0 ? 0 : -1;
	case 9:
		return rump_sys_stat(a, &st);
	case 10:
		return rump_sys_lstat(a, &st);
	case 11:
		return rump_sys_chmod(a, 0700 | rnd(w, 64));
	default:
		return use_file(w, a);
	}
}

static int
may_be(const struct worker *w, int error)
{

	switch (error) {
	case RUMP_ENOENT:
	case RUMP_EEXIST:
	case RUMP_ENOTDIR:
	case RUMP_EISDIR:
	case RUMP_ENOTEMPTY:
	case RUMP_EINVAL:	/* a directory into itself; readlink */
	case RUMP_ELOOP:
	case RUMP_EPERM:	/* links to directories */
		return 1;
	case RUMP_EXDEV:	/* from one incarnation to another */
	case RUMP_EIO:
	case RUMP_EBADF:
	case RUMP_ENXIO:
	case RUMP_EBUSY:
		return w->forced;
	default:
		return 0;
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
			w->done++;
		else if (!may_be(w, errno)) {
			w->bad++;
			if (errno >= 0 && errno < 128)
				w->errors[errno]++;
		}
	}
	return NULL;
}

static void
start(struct worker *w, const char *top, int forced)
{
	int i;

	for (i = 0; i < THREADS; i++) {
		memset(&w[i], 0, sizeof(w[i]));
		w[i].seed = vfs_seed + (unsigned long)i;
		w[i].top = top;
		w[i].forced = forced;
		T_ASSERT_EQ(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
	}
}

static void
finish(struct worker *w)
{
	char line[80];
	int i, e;

	for (i = 0; i < THREADS; i++) {
		T_ASSERT_EQ(pthread_join(w[i].thread, NULL), 0);
		T_CHECK_EQ(w[i].bad, 0);
		for (e = 0; e < 128; e++) {
			if (w[i].errors[e] == 0)
				continue;
			snprintf(line, sizeof(line), "# errno %d: %d times\n",
			    e, w[i].errors[e]);
			t_puts(line);
		}
	}
}

/* Remove what is in the working directory. */
static void
remove_here(void)
{
	struct rump_dirent *d;
	struct rump_stat st, up;
	char *buf;
	int fd, n, at;

	fd = rump_sys_open(".", RUMP_O_RDONLY);
	if (!T_CHECK(fd != -1))
		return;
	T_CHECK_EQ(rump_sys_fstat(fd, &st), 0);
	buf = malloc(8192);
	n = rump_sys_getdents(fd, buf, 8192);
	T_CHECK(n > 0 && n < 8000);
	rump_sys_close(fd);
	for (at = 0; at < n; at += d->d_reclen) {
		d = (void *)(buf + at);
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (d->d_type != RUMP_DT_DIR) {
			T_CHECK_EQ(rump_sys_unlink(d->d_name), 0);
			continue;
		}
		(void)rump_sys_chmod(d->d_name, 0700);
		T_CHECK_EQ(rump_sys_chdir(d->d_name), 0);
		remove_here();
		T_CHECK_EQ(rump_sys_chdir(".."), 0);
		T_CHECK_EQ(rump_sys_stat(".", &up), 0);
		T_CHECK_EQ(up.st_ino, st.st_ino);
		T_CHECK_EQ(rump_sys_rmdir(d->d_name), 0);
	}
	T_CHECK_EQ(rump_sys_stat(".", &st), 0);
	T_CHECK_EQ(st.st_nlink, 2);
	free(buf);
}

static void
remove_all(const char *dir)
{

	T_ASSERT_EQ(rump_sys_chdir(dir), 0);
	remove_here();
	T_ASSERT_EQ(rump_sys_chdir("/"), 0);
}

/* Links that lead up from the top stay in dir. */
static void
names_in(const char *dir)
{
	struct worker w[THREADS];
	char top[16];
	int i;

	snprintf(top, sizeof(top), "%s/top", dir);
	for (i = 0; i < 5; i++) {
		T_ASSERT_EQ(rump_sys_mkdir(top, 0755), 0);
		start(w, top, 0);
		finish(w);
		vfs_seed += 100;
		remove_all(dir);
	}
}

static void
names_on_tmpfs(void)
{

	T_ASSERT(vfs_exists("/t") || rump_sys_mkdir("/t", 0755) == 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/t", 0), 0);
	names_in("/t");
	T_CHECK_EQ(rump_sys_unmount("/t", 0), 0);
}

static void
names_on_rumpfs(void)
{

	T_ASSERT_EQ(rump_sys_mkdir("/r", 0755), 0);
	names_in("/r");
	T_CHECK_EQ(rump_sys_rmdir("/r"), 0);
}

/*
 * Walks through directories that are empty, have been removed a moment ago, and
 * come again in the same memory.
 */
static atomic_int walking;

static void *
walk(void *arg)
{
	long *bad = arg;

	while (walking) {
		if (rump_sys_access("/t/a/b/none", 0) != -1 ||
		    (errno != RUMP_ENOENT && errno != RUMP_ENOTDIR))
			++*bad;
	}
	return NULL;
}

static void
empty_directories(void)
{
	const char *depth[] = { "/t/a", "/t/a/b" };
	pthread_t thread[THREADS];
	long bad[THREADS] = { 0 };
	int i;

	T_ASSERT(vfs_exists("/t") || rump_sys_mkdir("/t", 0755) == 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/t", 0), 0);
	walking = 1;
	for (i = 0; i < THREADS; i++)
		T_ASSERT_EQ(pthread_create(&thread[i], NULL, walk, &bad[i]), 0);
	for (i = 0; i < 12000; i++) {
		T_CHECK_EQ(rump_sys_mkdir(depth[0], 0755), 0);
		T_CHECK_EQ(rump_sys_mkdir(depth[1], 0755), 0);
		T_CHECK_EQ(rump_sys_access(depth[1], 0), 0);
		T_CHECK_EQ(rump_sys_rmdir(depth[1]), 0);
		T_CHECK_EQ(rump_sys_rmdir(depth[0]), 0);
	}
	walking = 0;
	for (i = 0; i < THREADS; i++) {
		T_ASSERT_EQ(pthread_join(thread[i], NULL), 0);
		T_CHECK_EQ(bad[i], 0);
	}
	T_CHECK_EQ(rump_sys_unmount("/t", 0), 0);
}

static void
forced_unmount(void)
{
	struct worker w[THREADS];
	int i;

	T_ASSERT_EQ(rump_sys_mkdir("/f", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/f", 0), 0);
	start(w, "/f", 1);
	for (i = 0; i < 40; i++) {
		rump_sys_nanosleep(&(struct rump_timespec){ 0, 2000000 }, NULL);
		T_CHECK_EQ(rump_sys_unmount("/f", RUMP_MNT_FORCE), 0);
		T_CHECK_EQ(vfs_mount_tmpfs("/f", 0), 0);
	}
	finish(w);
	T_CHECK_EQ(rump_sys_unmount("/f", 0), 0);
	/* what was made when nothing was mounted */
	remove_all("/f");
	T_CHECK_EQ(rump_sys_rmdir("/f"), 0);
}

/* ---------------------------------------------------------------- waiting */

/* A process of its own waits for a record lock. */
struct locker {
	pthread_t	thread;
	int		first, second;	/* bytes to lock, one after the other */
	atomic_int	has_first, go;
	int		result;
};

static void *
lock_two(void *arg)
{
	struct locker *lk = arg;
	struct rump_flock fl = { .l_type = RUMP_F_WRLCK, .l_len = 1 };
	int fd;

	rump_pub_lwproc_rfork(RUMP_RFCFDG);
	fd = rump_sys_open("/wait", RUMP_O_RDWR);
	fl.l_start = lk->first;
	(void)rump_sys_fcntl(fd, RUMP_F_SETLK, &fl);
	lk->has_first = 1;
	while (!lk->go)
		rump_sys_nanosleep(&(struct rump_timespec){ 0, 1000000 }, NULL);
	fl.l_start = lk->second;
	errno = 0;
	lk->result = rump_sys_fcntl(fd, RUMP_F_SETLKW, &fl) == 0 ? 0 : errno;
	rump_sys_close(fd);
	rump_pub_lwproc_releaselwp();
	return NULL;
}

static void
deadlock(void)
{
	struct locker lk[3];
	int i, failed = 0;

	T_ASSERT_EQ(vfs_touch("/wait"), 0);
	for (i = 0; i < 3; i++) {
		memset(&lk[i], 0, sizeof(lk[i]));
		lk[i].first = i;
		lk[i].second = (i + 1) % 3;
		T_ASSERT_EQ(pthread_create(&lk[i].thread, NULL, lock_two,
		    &lk[i]), 0);
	}
	for (i = 0; i < 3; i++) {
		while (!lk[i].has_first)
			rump_sys_nanosleep(&(struct rump_timespec){ 0,
			    1000000 }, NULL);
	}
	/* the last who asks is told; then the others get what they want */
	for (i = 0; i < 3; i++)
		lk[i].go = 1;
	for (i = 0; i < 3; i++) {
		T_ASSERT_EQ(pthread_join(lk[i].thread, NULL), 0);
		if (lk[i].result == RUMP_EDEADLK)
			failed++;
		else
			T_CHECK_EQ(lk[i].result, 0);
	}
	T_CHECK_EQ(failed, 1);
}

#define FIFO_BYTES	(1024 * 1024)

static void *
write_fifo(void *arg)
{
	static unsigned char buf[10007];
	long at = 0, n, i;
	int fd = rump_sys_open("/through", RUMP_O_WRONLY);

	while (fd != -1 && at < FIFO_BYTES) {
		for (i = 0; i < (long)sizeof(buf); i++)
			buf[i] = (unsigned char)((at + i) % 251);
		n = FIFO_BYTES - at < (long)sizeof(buf) ? FIFO_BYTES - at :
		    (long)sizeof(buf);
		if ((n = rump_sys_write(fd, buf, (size_t)n)) <= 0)
			break;
		at += n;
	}
	*(long *)arg = at;
	rump_sys_close(fd);
	return NULL;
}

static void
through_a_fifo(void)
{
	static unsigned char buf[3001];
	pthread_t t;
	long at = 0, n, i, bad = 0, written = 0;
	int fd;

	T_ASSERT_EQ(rump_sys_mkfifo("/through", 0644), 0);
	T_ASSERT_EQ(pthread_create(&t, NULL, write_fifo, &written), 0);
	/* both opens wait for each other */
	fd = rump_sys_open("/through", RUMP_O_RDONLY);
	T_ASSERT(fd != -1);
	while ((n = rump_sys_read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++)
			bad += buf[i] != (at + i) % 251;
		at += n;
	}
	T_CHECK_EQ(n, 0);
	T_CHECK_EQ(bad, 0);
	T_CHECK_EQ(at, FIFO_BYTES);
	T_ASSERT_EQ(pthread_join(t, NULL), 0);
	T_CHECK_EQ(written, FIFO_BYTES);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

/* A transfer of one byte by a descriptor that is closed before, or meanwhile. */
struct closed {
	pthread_t	thread;
	int		fd, write;
	long		result;
	int		error;
};

static void *
until_closed(void *arg)
{
	struct closed *c = arg;
	char byte = 'x';

	c->result = c->write ? rump_sys_write(c->fd, &byte, 1) :
	    rump_sys_read(c->fd, &byte, 1);
	c->error = errno;
	return NULL;
}

/* Nothing to read, or no room: only the close ends it, and does not wait for it. */
static void
closed_under_transfer(const char *path, int write)
{
	static char zeros[512];
	struct closed c = { .write = write };
	int i, other;

	other = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_NONBLOCK);
	T_ASSERT(other != -1);
	while (write && rump_sys_write(other, zeros, sizeof(zeros)) > 0)
		continue;
	for (i = 0; i < 200; i++) {
		c.fd = rump_sys_open(path, RUMP_O_RDWR);
		T_ASSERT(c.fd != -1);
		T_ASSERT_EQ(pthread_create(&c.thread, NULL, until_closed, &c),
		    0);
		/* early or late */
		for (int n = 0; n < i; n++)
			(void)rump_sys_getpid();
		T_CHECK_EQ(rump_sys_close(c.fd), 0);
		T_ASSERT_EQ(pthread_join(c.thread, NULL), 0);
		T_CHECK_EQ(c.result, -1);
		T_CHECK_EQ(c.error, RUMP_EBADF);
	}
	T_CHECK_EQ(rump_sys_close(other), 0);
}

static void
fifo_closed(void)
{
	T_ASSERT_EQ(rump_sys_mkdir("/fifos", 0755), 0);
	T_ASSERT_EQ(rump_sys_mkfifo("/fifos/f", 0644), 0);
	closed_under_transfer("/fifos/f", 0);
	closed_under_transfer("/fifos/f", 1);
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(names_on_tmpfs), T(empty_directories), T(names_on_rumpfs), T(forced_unmount),
		T(deadlock), T(through_a_fifo), T(fifo_closed),
	};

	if (getenv("SEED") != NULL)
		vfs_seed = strtoul(getenv("SEED"), NULL, 10);
	setenv("RUMP_NVNODES", "64", 0);
	if (rump_init() != 0) {
		t_puts("Bail out! the kernel does not boot\n");
		return 1;
	}
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
