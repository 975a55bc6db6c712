/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waits for advisory locks that end without the lock: the descriptor is closed by
 * another thread, or the file system goes.  A halt does not end one.
 *
 * A wait can be seen from outside: the waiting process holds the byte GATE, so who
 * holds BAR, for which it waits, and asks for GATE, is told of a deadlock.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "vfs.h"

enum { GATE, BAR };
enum how { RECORD, WHOLE };		/* fcntl(2), flock(2) */

/* A process of its own, which asks for what the test holds. */
struct waiter {
	pthread_t	thread;
	const char	*path;
	enum how	how;
	atomic_int	pid;		/* not 0: descriptors are set, too */
	int		fd, other, result;
	int		replaced;	/* fd is another file, which flock(2) locks */
};

static int
record(int fd, int cmd, int byte, short type)
{
	struct rump_flock fl = { .l_type = type, .l_start = byte, .l_len = 1 };

	return rump_sys_fcntl(fd, cmd, &fl) == 0 ? 0 : errno;
}

static int
ask(const struct waiter *w)
{
	int error;

	if (w->how == WHOLE)
		return rump_sys_flock(w->fd, RUMP_LOCK_EX) == 0 ? 0 : errno;
	while ((error = record(w->fd, RUMP_F_SETLKW, GATE, RUMP_F_WRLCK)) == 0 &&
	    (error = record(w->fd, RUMP_F_SETLKW, BAR, RUMP_F_WRLCK)) ==
	    RUMP_EDEADLK) {
		/* the other asked first: let it have the gate, and try again */
		(void)record(w->fd, RUMP_F_SETLK, GATE, RUMP_F_UNLCK);
	}
	return error;
}

static void *
wait_for_it(void *arg)
{
	struct waiter *w = arg;

	(void)rump_pub_lwproc_rfork(RUMP_RFCFDG);
	w->other = rump_sys_open("/", RUMP_O_RDONLY);
	w->fd = rump_sys_open(w->path, RUMP_O_RDWR);
	w->pid = rump_sys_getpid();
	w->result = ask(w);
	rump_pub_lwproc_releaselwp();
	return NULL;
}

/* Have BAR, or the whole file, and begin to wait for it.  Returns the holder. */
static int
begin(struct waiter *w, const char *path, enum how how)
{
	int fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0644);

	memset(w, 0, sizeof(*w));
	w->path = path;
	w->how = how;
	T_CHECK_EQ(how == WHOLE ? rump_sys_flock(fd, RUMP_LOCK_EX) :
	    record(fd, RUMP_F_SETLK, BAR, RUMP_F_WRLCK), 0);
	T_CHECK_EQ(pthread_create(&w->thread, NULL, wait_for_it, w), 0);
	while (w->pid == 0)
		rump_sys_nanosleep(&(struct rump_timespec){ 0, 100000 }, NULL);
	T_CHECK(w->fd != -1);
	return fd;
}

/* Until a waiter for BAR, which the caller holds, sleeps. */
static void
await_sleep(int fd)
{
	int error;

	while ((error = record(fd, RUMP_F_SETLKW, GATE, RUMP_F_WRLCK)) == 0)
		(void)record(fd, RUMP_F_SETLK, GATE, RUMP_F_UNLCK);
	T_CHECK_EQ(error, RUMP_EDEADLK);
}

static void
end(struct waiter *w)
{

	T_ASSERT_EQ(pthread_join(w->thread, NULL), 0);
	/* who asked late asked for what has the descriptor's number now */
	if (!w->replaced || w->result != 0)
		T_CHECK_EQ(w->result, RUMP_EBADF);
}

/* Nobody holds anything: another file gets all of it at once. */
static void
all_free(const char *path)
{
	int fd = rump_sys_open(path, RUMP_O_RDWR | RUMP_O_CREAT, 0644);

	T_CHECK_EQ(rump_sys_flock(fd, RUMP_LOCK_EX | RUMP_LOCK_NB), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

/* --------------------------------------------------------------------- closed */

/* As a thread of the waiter's process. */
static void
take_away(struct waiter *w, int by_dup2)
{
	struct lwp *own = rump_pub_lwproc_curlwp();

	T_ASSERT_EQ(rump_pub_lwproc_newlwp(w->pid), 0);
	w->replaced = by_dup2 && w->how == WHOLE;
	if (by_dup2)
		T_CHECK_EQ(rump_sys_dup2(w->other, w->fd), w->fd);
	else
		T_CHECK_EQ(rump_sys_close(w->fd), 0);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(own);
}

static void
closed_on(const char *path)
{
	struct waiter w;
	int i, n, fd;

	for (i = 0; i < 120; i++) {
		fd = begin(&w, path, i % 2 == 0 ? RECORD : WHOLE);
		if (i % 3 == 0 && w.how == RECORD)
			await_sleep(fd);
		/* early or late */
		for (n = 0; n < i * 4; n++)
			(void)rump_sys_getpid();
		take_away(&w, i % 4 >= 2);
		end(&w);
		T_CHECK_EQ(rump_sys_close(fd), 0);
		all_free(path);
	}
}

static void
closed(void)
{

	closed_on("/closed");
	T_ASSERT_EQ(rump_sys_mkdir("/t", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/t", 0), 0);
	closed_on("/t/closed");
	T_CHECK_EQ(rump_sys_unmount("/t", 0), 0);
}

/* ------------------------------------------------------------------ unmounted */

static void
unmount_under(enum how how)
{
	struct waiter w;
	int fd;

	T_ASSERT_EQ(vfs_mount_tmpfs("/u", 0), 0);
	fd = begin(&w, "/u/file", how);
	if (how == RECORD)
		await_sleep(fd);
	T_CHECK_EQ(rump_sys_unmount("/u", RUMP_MNT_FORCE), 0);
	end(&w);
	/* what is dead is locked no more, and can be unlocked and closed */
	T_CHECK_EQ(record(fd, RUMP_F_SETLK, GATE, RUMP_F_WRLCK), RUMP_EBADF);
	T_CHECK_EQ(record(fd, RUMP_F_SETLK, BAR, RUMP_F_UNLCK), 0);
	T_CHECK_EQ(rump_sys_flock(fd, RUMP_LOCK_UN), 0);
	T_CHECK_EQ(rump_sys_close(fd), 0);
}

static void
unmounted(void)
{
	int i;

	T_ASSERT_EQ(rump_sys_mkdir("/u", 0755), 0);
	for (i = 0; i < 40; i++)
		unmount_under(i % 2 == 0 ? RECORD : WHOLE);
}

/* --------------------------------------------------------------------- halted */

/* Who waits is inside: there is no halt, and no harm. */
static void
halted(void)
{
	struct waiter w;
	int fd;

	fd = begin(&w, "/file", RECORD);
	await_sleep(fd);
	T_CHECK_EQ(rump_halt(), RUMP_EBUSY);
	T_CHECK_EQ(record(fd, RUMP_F_SETLK, BAR, RUMP_F_UNLCK), 0);
	T_ASSERT_EQ(pthread_join(w.thread, NULL), 0);
	T_CHECK_EQ(w.result, 0);
	T_CHECK_EQ(rump_halt(), 0);
	T_CHECK_EQ(rump_init(), 0);
	all_free("/file");
}

VFS_MAIN(T(closed), T(unmounted), T(halted))
