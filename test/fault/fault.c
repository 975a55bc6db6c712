/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host refuses: memory, threads, transfers of the disk; the n-th time only,
 * or from the n-th time on.  Each n has a process, which boots, mounts, uses and
 * unmounts file systems and halts (scenario.c).  It may not crash, nor hang; a
 * call fails with an error that befits, or succeeds; what has failed can be done
 * again once the host gives what it refused, a boot too; and fsck.fat finds the
 * volume in order.
 *
 *   fault [all | N | N+] [case ...]     all n, N only, N and all after it; else a sample
 *
 * The one crash that is allowed is a panic for an empty reserve of memory.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rump/rump.h>
#include <rump/rumpuser.h>

#define T_STDIO
#include "../t.h"
#include "fault.h"

#define NB_EIO		5
#define NB_ENOMEM	12
#define NB_EAGAIN	35
#define SAMPLE		24	/* n in a row from 1 on, then so many spread */
#define PATIENCE	60	/* seconds until it counts as hanging */

static struct {
	unsigned	seen[FAULTS];
	size_t		given_back;	/* since memory has run out */
} *shared;

static struct { enum fault what; unsigned nth; bool later; } plan;
static bool all, one_later;
static unsigned one;
static char image[64];

volatile bool fault_armed;
char *fault_disk;
size_t fault_disk_size;

static bool
refuses(enum fault what)
{
	unsigned n;

	if (!fault_armed)
		return false;
	n = __atomic_add_fetch(&shared->seen[what], 1, __ATOMIC_RELAXED);
	return what == plan.what && plan.nth != 0 &&
	    (n == plan.nth || (plan.later && n > plan.nth));
}

/*
 * A host without memory has what is given back to it.
 */
static bool
memory_refused(size_t len)
{
	size_t have;

	if (!refuses(FAULT_MEMORY))
		return false;
	have = __atomic_load_n(&shared->given_back, __ATOMIC_RELAXED);
	while (plan.later && have >= len) {
		if (__atomic_compare_exchange_n(&shared->given_back, &have,
		    have - len, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return false;
	}
	return true;
}

static void
memory_back(size_t len)
{

	if (fault_armed && plan.what == FAULT_MEMORY && plan.nth != 0 &&
	    shared->seen[FAULT_MEMORY] >= plan.nth)
		__atomic_add_fetch(&shared->given_back, len, __ATOMIC_RELAXED);
}

/*
 * The hypercalls.
 */
void	__real_rumpuser_free(void *, size_t);
void	__wrap_rumpuser_free(void *, size_t);
void	__real_rumpuser_unmap(void *, size_t);
void	__wrap_rumpuser_unmap(void *, size_t);
int	__real_rumpuser_malloc(size_t, int, void **);
int	__wrap_rumpuser_malloc(size_t, int, void **);
int	__real_rumpuser_anonmmap(void *, size_t, int, int, void **);
int	__wrap_rumpuser_anonmmap(void *, size_t, int, int, void **);
int	__real_rumpuser_thread_create(void *(*)(void *), void *, const char *,
	    int, int, int, void **);
int	__wrap_rumpuser_thread_create(void *(*)(void *), void *, const char *,
	    int, int, int, void **);
int	__real_rumpuser_iovread(int, struct rumpuser_iovec *, size_t, int64_t,
	    size_t *);
int	__wrap_rumpuser_iovread(int, struct rumpuser_iovec *, size_t, int64_t,
	    size_t *);
int	__real_rumpuser_syncfd(int, int, uint64_t, uint64_t);
int	__wrap_rumpuser_syncfd(int, int, uint64_t, uint64_t);
int	__real_rumpuser2_biov(int, int, const struct rumpuser_iovec *, size_t,
	    int64_t, rump_biodone_fn, void *);
int	__wrap_rumpuser2_biov(int, int, const struct rumpuser_iovec *, size_t,
	    int64_t, rump_biodone_fn, void *);

int
__wrap_rumpuser_malloc(size_t len, int align, void **memp)
{

	return memory_refused(len) ? NB_ENOMEM :
	    __real_rumpuser_malloc(len, align, memp);
}

int
__wrap_rumpuser_anonmmap(void *addr, size_t len, int align, int exec,
    void **memp)
{

	return memory_refused(len) ? NB_ENOMEM :
	    __real_rumpuser_anonmmap(addr, len, align, exec, memp);
}

void
__wrap_rumpuser_free(void *mem, size_t len)
{

	__real_rumpuser_free(mem, len);
	memory_back(len);
}

void
__wrap_rumpuser_unmap(void *mem, size_t len)
{

	__real_rumpuser_unmap(mem, len);
	memory_back(len);
}

int
__wrap_rumpuser_thread_create(void *(*func)(void *), void *arg,
    const char *name, int join, int priority, int cpu, void **cookie)
{

	return refuses(FAULT_THREAD) ? NB_EAGAIN :
	    __real_rumpuser_thread_create(func, arg, name, join, priority, cpu,
	    cookie);
}

int
__wrap_rumpuser_iovread(int fd, struct rumpuser_iovec *iov, size_t n,
    int64_t off, size_t *done)
{

	return refuses(FAULT_READ) ? NB_EIO :
	    __real_rumpuser_iovread(fd, iov, n, off, done);
}

int
__wrap_rumpuser_syncfd(int fd, int flags, uint64_t start, uint64_t len)
{

	return refuses(FAULT_SYNC) ? NB_EIO :
	    __real_rumpuser_syncfd(fd, flags, start, len);
}

/* A descriptor that is none fails where a disk does, but says so otherwise. */
struct failing {
	rump_biodone_fn done;
	void *arg;
};

static void
failed(void *arg, size_t bytes, int error)
{
	struct failing f = *(struct failing *)arg;

	free(arg);
	(*f.done)(f.arg, 0, NB_EIO);
}

static int
fail(int op, const struct rumpuser_iovec *iov, size_t n, int64_t off,
    rump_biodone_fn done, void *arg)
{
	struct failing *f = malloc(sizeof(*f));

	*f = (struct failing){ done, arg };
	return __real_rumpuser2_biov(-1, op, iov, n, off, failed, f);
}

int
__wrap_rumpuser2_biov(int fd, int op, const struct rumpuser_iovec *iov,
    size_t n, int64_t off, rump_biodone_fn done, void *arg)
{
	bool fails = false;

	if ((op & RUMPUSER_BIO_READ) != 0)
		fails |= refuses(FAULT_READ);
	if ((op & RUMPUSER_BIO_WRITE) != 0)
		fails |= refuses(FAULT_WRITE);
	if ((op & RUMPUSER_BIO_SYNC) != 0)
		fails |= refuses(FAULT_SYNC);
	return fails ? fail(op, iov, n, off, done, arg) :
	    __real_rumpuser2_biov(fd, op, iov, n, off, done, arg);
}

/*
 * The volume.
 */
static bool
run(const char *command)
{
	char line[256];

	snprintf(line, sizeof(line), command, image);
	return system(line) == 0;
}

static bool
volume_make(void)
{
	FILE *f;

	strcpy(image, "/tmp/haunch-fault.XXXXXX");
	close(mkstemp(image));
	if (!run("PATH=$PATH:/sbin:/usr/sbin mkfs.fat -C -F 12 -s 1 %1$s.fat 1024 >/dev/null && "
	    "cat %1$s.fat >%1$s && rm %1$s.fat"))
		return false;
	fault_disk_size = 1024 * 1024;
	fault_disk = malloc(fault_disk_size);
	f = fopen(image, "r");
	if (f == NULL ||
	    fread(fault_disk, 1, fault_disk_size, f) != fault_disk_size)
		return false;
	return fclose(f) == 0;
}

/* After a disk that failed, lost clusters and the like may be. */
static void
volume_check(void)
{
	FILE *f = fopen(image, "w");

	T_ASSERT(f != NULL);
	T_CHECK(fwrite(fault_disk, 1, fault_disk_size, f) == fault_disk_size);
	T_CHECK_EQ(fclose(f), 0);
	if (plan.what >= FAULT_READ)
		(void)run("PATH=$PATH:/sbin:/usr/sbin fsck.fat -a %s >/dev/null 2>&1");
	T_CHECK(run("PATH=$PATH:/sbin:/usr/sbin fsck.fat -n %1$s >%1$s.out 2>&1 || "
	    "{ cat %1$s.out; false; }"));
}

/*
 * A process for each n.
 */
static void
child(void)
{

	alarm(PATIENCE);
	t_state.failures = scenario_run(plan.what);
	fault_armed = false;
	volume_check();
	fflush(stdout);
	_exit(t_state.failures != 0);
}

static void
attempt(enum fault what, unsigned nth, bool later)
{
	int status = -1;
	pid_t pid;

	plan.what = what;
	plan.nth = nth;
	plan.later = later;
	memset(shared, 0, sizeof(*shared));
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		child();
	T_ASSERT(pid != -1 && waitpid(pid, &status, 0) == pid);
	if (status != 0) {
		t_state.failures++;
		printf("# request %u%s: %s %d\n", nth, later ? " and all after it" :
		    "", WIFSIGNALED(status) ? "signal" : "exit status",
		    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	}
}

static void
each(enum fault what)
{
	unsigned total, n, step;

	if (one != 0) {
		attempt(what, one, one_later);
		return;
	}
	attempt(what, 0, false);
	total = shared->seen[what];
	printf("# %u requests\n", total);
	T_CHECK(total > 0);
	step = all || total <= 2 * SAMPLE ? 1 : (total - SAMPLE) / SAMPLE;
	for (n = 1; n <= total; n += n < SAMPLE ? 1 : step) {
		attempt(what, n, false);
		attempt(what, n, true);
	}
}

static void memory(void) { each(FAULT_MEMORY); }
static void threads(void) { each(FAULT_THREAD); }
static void reads(void) { each(FAULT_READ); }
static void writes(void) { each(FAULT_WRITE); }
static void syncs(void) { each(FAULT_SYNC); }

static const struct t_case cases[] = {
	T(memory), T(threads), T(reads), T(writes), T(syncs)
};

int
main(int argc, char **argv)
{
	int status;

	if (argc > 1) {
		all = strcmp(argv[1], "all") == 0;
		one = (unsigned)atoi(argv[1]);
		one_later = strchr(argv[1], '+') != NULL;
	}
	if (all || one != 0)
		argc--, argv++;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || !volume_make())
		return 1;
	status = t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
	(void)run("rm -f %1$s %1$s.out");
	return status;
}
