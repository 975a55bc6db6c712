/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's locks beside ours: the same calls at random, by processes that
 * each have some descriptors of one file, and the same answers.
 *
 * Host's processes are agents: children that do what a pipe tells them.  They
 * start before the kernel does.  A fork replaces a process by its child, with
 * its descriptors and without its record locks.
 *
 * An argument says how many calls.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vfs.h"

#define PROCS	3
#define SLOTS	3		/* descriptors that a process may have */
#define BYTES	20
#define STEPS	6000

enum op { OPEN, CLOSE, DUP, SEEK, SETLK, GETLK, FLOCK, FORK };

struct call {
	enum op		op;
	int		slot, to;
	int		mode;		/* OPEN: 0 to read, 1 to write, 2 both */
	long long	start, len;	/* SEEK: start */
	int		whence;
	int		type;		/* 0 none, 1 read, 2 write, 3 is none */
	int		how;		/* FLOCK: as type */
};

struct answer {
	int	error;		/* the kernel's number, as vfs_errno */
	int	pid;		/* FORK; GETLK: whose, or 0 */
};

static struct {
	int		to, from;	/* the agent */
	int		host_pid, pid;
	struct lwp	*lwp;
	int		fd[SLOTS];
} procs[PROCS];

static char file[] = "/tmp/hostlocks.XXXXXX";

/*
 * The host's side.
 */

static int agent_fd[SLOTS];

static int
agent_lock(const struct call *c, struct answer *a)
{
	static const short types[] = { F_UNLCK, F_RDLCK, F_WRLCK, 77 };
	static const short whences[] = { SEEK_SET, SEEK_CUR, SEEK_END, 9 };
	struct flock fl = { .l_type = types[c->type], .l_start = c->start,
	    .l_len = c->len, .l_whence = whences[c->whence] };
	int rv;

	rv = fcntl(agent_fd[c->slot], c->op == GETLK ? F_GETLK : F_SETLK, &fl);
	if (rv == 0 && c->op == GETLK)
		a->pid = fl.l_type == F_UNLCK ? 0 : fl.l_pid;
	return rv;
}

/* The child goes on; its parent's locks are gone before. */
static int
agent_fork(void)
{
	int gone[2], i;
	pid_t pid;
	char c;

	if (pipe(gone) == -1 || (pid = fork()) == -1)
		_exit(1);
	if (pid != 0) {
		for (i = 0; i < SLOTS; i++)
			close(agent_fd[i]);
		_exit(0);		/* and so ends the pipe */
	}
	close(gone[1]);
	while (read(gone[0], &c, 1) == 1)
		continue;
	close(gone[0]);
	return 0;
}

static int
agent_do(const struct call *c, struct answer *a)
{
	static const int hows[] = { LOCK_UN, LOCK_SH, LOCK_EX, 0 };

	switch (c->op) {
	case OPEN:
		return agent_fd[c->slot] = open(file, c->mode);
	case CLOSE:
		return close(agent_fd[c->slot]);
	case DUP:
		return agent_fd[c->to] = dup(agent_fd[c->slot]);
	case SEEK:
		return lseek(agent_fd[c->slot], c->start, SEEK_SET) == -1;
	case FLOCK:
		return flock(agent_fd[c->slot], hows[c->how] | LOCK_NB);
	case FORK:
		(void)agent_fork();
		a->pid = getpid();
		return 0;
	default:
		return agent_lock(c, a);
	}
}

static void
agent(int from, int to)
{
	struct answer a;
	struct call c;

	memset(agent_fd, -1, sizeof(agent_fd));
	while (read(from, &c, sizeof(c)) == sizeof(c)) {
		memset(&a, 0, sizeof(a));
		if (agent_do(&c, &a) == -1)
			a.error = errno == EOVERFLOW ? RUMP_EOVERFLOW :
			    vfs_errno(errno);
		if (write(to, &a, sizeof(a)) != sizeof(a))
			break;
	}
	_exit(0);
}

static int
agent_start(int who)
{
	int to[2], from[2];
	pid_t pid;

	if (pipe(to) == -1 || pipe(from) == -1 || (pid = fork()) == -1)
		return -1;
	if (pid == 0) {
		while (who-- > 0) {
			close(procs[who].to);
			close(procs[who].from);
		}
		close(to[1]);
		close(from[0]);
		agent(to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	procs[who].to = to[1];
	procs[who].from = from[0];
	procs[who].host_pid = pid;
	return 0;
}

static struct answer
host(int who, const struct call *c)
{
	struct answer a = { -1, -1 };

	T_CHECK_EQ(write(procs[who].to, c, sizeof(*c)), sizeof(*c));
	T_CHECK_EQ(read(procs[who].from, &a, sizeof(a)), sizeof(a));
	return a;
}

/*
 * Ours.
 */

static int
ours_lock(int fd, const struct call *c, struct answer *a)
{
	static const short types[] = { RUMP_F_UNLCK, RUMP_F_RDLCK, RUMP_F_WRLCK,
	    77 };
	static const short whences[] = { RUMP_SEEK_SET, RUMP_SEEK_CUR,
	    RUMP_SEEK_END, 9 };
	struct rump_flock fl = { .l_type = types[c->type], .l_start = c->start,
	    .l_len = c->len, .l_whence = whences[c->whence] };
	int rv;

	rv = rump_sys_fcntl(fd, c->op == GETLK ? RUMP_F_GETLK : RUMP_F_SETLK, &fl);
	if (rv == 0 && c->op == GETLK)
		a->pid = fl.l_type == RUMP_F_UNLCK ? 0 : fl.l_pid;
	return rv;
}

static int
ours_fork(int who)
{
	struct lwp *old = procs[who].lwp;

	T_CHECK_EQ(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	procs[who].lwp = rump_pub_lwproc_curlwp();
	rump_pub_lwproc_switch(old);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(procs[who].lwp);
	return rump_sys_getpid();
}

static int
ours_do(int who, const struct call *c, struct answer *a)
{
	static const int hows[] = { RUMP_LOCK_UN, RUMP_LOCK_SH, RUMP_LOCK_EX, 0 };
	int *fd = &procs[who].fd[c->slot];
	int rv;

	switch (c->op) {
	case OPEN:
		return *fd = rump_sys_open("/t/file", c->mode);
	case CLOSE:
		rv = rump_sys_close(*fd);
		*fd = -1;
		return rv;
	case DUP:
		return procs[who].fd[c->to] = rump_sys_dup(*fd);
	case SEEK:
		return rump_sys_lseek(*fd, c->start, RUMP_SEEK_SET) == -1;
	case FLOCK:
		return rump_sys_flock(*fd, hows[c->how] | RUMP_LOCK_NB);
	case FORK:
		a->pid = ours_fork(who);
		return 0;
	default:
		return ours_lock(*fd, c, a);
	}
}

static struct answer
ours(int who, const struct call *c)
{
	struct answer a = { 0, 0 };

	rump_pub_lwproc_switch(procs[who].lwp);
	if (ours_do(who, c, &a) == -1)
		a.error = errno;
	return a;
}

/*
 * Both.
 */

/* With two mistakes, kernels see another one first. */
static bool
alike(const struct call *c, int ours, int hosts)
{
	bool wrong = c->whence == 3 || c->type == 3 ||
	    (c->op == GETLK && c->type == 0);

	if (hosts != RUMP_EINVAL && hosts != RUMP_EOVERFLOW)
		return ours == hosts;
	return ours == hosts || ours == RUMP_EBADF ||
	    (wrong && (ours == RUMP_EINVAL || ours == RUMP_EOVERFLOW));
}

static struct answer
both(int who, const struct call *c)
{
	struct answer h = host(who, c), o = ours(who, c);

	if (!alike(c, o.error, h.error)) {
		fprintf(stderr, "process %d: op %d slot %d start %lld len %lld "
		    "whence %d type %d how %d\n", who, c->op, c->slot, c->start,
		    c->len, c->whence, c->type, c->how);
		T_CHECK_EQ(o.error, h.error);
	}
	if (c->op == FORK) {
		procs[who].host_pid = h.pid;
		procs[who].pid = o.pid;
	}
	if (c->op == GETLK)
		T_CHECK_EQ(o.pid != 0, h.pid != 0);
	return o;
}

/* One byte that is locked for writing: by one, and the same. */
static void
who_has(int who, int slot, int at)
{
	struct call c = { .op = GETLK, .slot = slot, .start = at, .len = 1,
	    .type = 1 };
	struct answer h = host(who, &c), o = ours(who, &c);
	int i;

	T_CHECK_EQ(o.error, h.error);
	for (i = 0; i < PROCS; i++)
		T_CHECK_EQ(o.pid == procs[i].pid, h.pid == procs[i].host_pid);
}

static long long
offset(void)
{

	switch (vfs_random(40)) {
	case 0:
		return INT64_MAX - (long long)vfs_random(3);
	case 1:
		return INT64_MIN + (long long)vfs_random(3);
	case 2:
		return INT64_MAX - BYTES - 3 + (long long)vfs_random(6);
	default:
		return (long long)vfs_random(BYTES + 6) - 3;
	}
}

static struct call
pick(int who, bool record)
{
	struct call c = { .slot = (int)vfs_random(SLOTS) };

	c.mode = vfs_random(3) == 0 ? (int)vfs_random(3) : 2;
	c.start = offset();
	c.len = offset();
	c.whence = vfs_random(30) == 0 ? 3 : (int)vfs_random(3);
	c.type = vfs_random(40) == 0 ? 3 : (int)vfs_random(3);
	c.how = vfs_random(40) == 0 ? 3 : (int)vfs_random(3);
	c.to = (int)vfs_random(SLOTS);
	c.op = OPEN;
	if (procs[who].fd[c.slot] == -1)
		return c;
	switch (vfs_random(16)) {
	case 0:
		c.op = CLOSE;
		break;
	case 1:
		c.op = SEEK;
		c.start = (long long)vfs_random(BYTES);
		break;
	case 2:
		c.op = procs[who].fd[c.to] == -1 ? DUP : GETLK;
		break;
	case 3:
		c.op = vfs_random(4) == 0 ? FORK : CLOSE;
		break;
	case 4:
	case 5:
	case 6:
		c.op = GETLK;
		break;
	default:
		c.op = SETLK;
		break;
	}
	if (!record && (c.op == GETLK || c.op == SETLK))
		c.op = FLOCK;
	return c;
}

static int steps = STEPS;

static void
run(bool record)
{
	struct call c;
	struct answer a;
	int i, who;

	for (i = 0; i < steps && t_state.failures == 0; i++) {
		who = (int)vfs_random(PROCS);
		c = pick(who, record);
		a = both(who, &c);
		/* Who fails to get more may have lost what he had: not here. */
		if (c.op == FLOCK && a.error == RUMP_EAGAIN) {
			c.how = 0;
			(void)both(who, &c);
		}
		if (record && procs[who].fd[c.slot] != -1 && i % 3 == 0)
			who_has(who, c.slot, (int)vfs_random(BYTES));
	}
	/* None left for the other kind. */
	for (who = 0; who < PROCS; who++) {
		for (i = 0; i < SLOTS; i++) {
			c = (struct call){ .op = CLOSE, .slot = i };
			if (procs[who].fd[i] != -1)
				(void)both(who, &c);
		}
	}
}

static void
record_locks(void)
{

	run(true);
}

static void
file_locks(void)
{

	run(false);
}

/*
 * Each has a byte and wants the next one's: whoever comes last is told so, and
 * when it gives up the others get theirs one after the other.
 */
static void *
wants_next(void *arg)
{
	int who = (int)(intptr_t)arg, fd = procs[who].fd[0], error;
	struct rump_flock fl = { .l_type = RUMP_F_WRLCK, .l_len = 1,
	    .l_start = (who + 1) % PROCS };

	rump_pub_lwproc_switch(procs[who].lwp);
	error = rump_sys_fcntl(fd, RUMP_F_SETLKW, &fl) == 0 ? 0 : errno;
	fl = (struct rump_flock){ .l_type = RUMP_F_UNLCK };
	T_CHECK_EQ(rump_sys_fcntl(fd, RUMP_F_SETLK, &fl), 0);
	rump_pub_lwproc_switch(NULL);
	return (void *)(intptr_t)error;
}

static void
deadlock(void)
{
	struct call c = { .op = SETLK, .len = 1, .type = 2 };
	struct call open = { .op = OPEN, .mode = 2 };
	pthread_t threads[PROCS];
	void *error;
	int round, who, losers;

	for (who = 0; who < PROCS; who++)
		(void)ours(who, &open);
	for (round = 0; round < 200 && t_state.failures == 0; round++) {
		for (who = 0; who < PROCS; who++) {
			c.start = who;
			T_ASSERT_EQ(ours(who, &c).error, 0);
		}
		rump_pub_lwproc_switch(NULL);
		for (who = 0; who < PROCS; who++)
			T_ASSERT_EQ(pthread_create(&threads[who], NULL, wants_next,
			    (void *)(intptr_t)who), 0);
		for (who = losers = 0; who < PROCS; who++) {
			T_ASSERT_EQ(pthread_join(threads[who], &error), 0);
			T_CHECK(error == 0 ||
			    (intptr_t)error == RUMP_EDEADLK);
			losers += error != 0;
		}
		T_CHECK_EQ(losers, 1);
	}
}

static void
prepare(void)
{
	static const char data[BYTES];
	int who;

	T_ASSERT_EQ(rump_sys_mkdir("/t", 0755), 0);
	T_ASSERT_EQ(vfs_mount_tmpfs("/t", 0), 0);
	T_ASSERT_EQ(vfs_write_file("/t/file", data, BYTES), 0);
	for (who = 0; who < PROCS; who++) {
		rump_pub_lwproc_switch(NULL);
		T_ASSERT_EQ(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
		procs[who].lwp = rump_pub_lwproc_curlwp();
		procs[who].pid = rump_sys_getpid();
		memset(procs[who].fd, -1, sizeof(procs[who].fd));
	}
}

int
main(int argc, char **argv)
{
	static const struct t_case cases[] = {
		T(prepare), T(record_locks), T(file_locks), T(deadlock)
	};
	static const char data[BYTES];
	int fd = mkstemp(file), who, rv;

	if (argc > 1)
		steps = atoi(argv[1]);
	if (fd == -1 || write(fd, data, BYTES) != BYTES)
		return 1;
	close(fd);
	for (who = 0; who < PROCS; who++) {
		if (agent_start(who) != 0)
			return 1;
	}
	if (rump_init() != 0)
		return 1;
	rv = t_main(cases, sizeof(cases) / sizeof(cases[0]), 1, argv);
	for (who = 0; who < PROCS; who++)
		close(procs[who].to);
	unlink(file);
	return rv;
}
