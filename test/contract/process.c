/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The process: console, parameters, randomness, errno, signals, ends, going into the background. What ends a
 * process is tried in children.
 */

#define _GNU_SOURCE
#include "kernel.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rump/rumpuser_component.h"

/* Run fun in a child; what it writes to fd is caught in buf. Returns the wait status. */
static int
in_child(void (*fun)(void), int fd, char *buf, size_t len)
{
	size_t got = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	fflush(NULL);
	if (pipe(fds) != 0 || (pid = fork()) == -1)
		abort();
	if (pid == 0) {
		dup2(fds[1], fd);
		close(fds[0]);
		close(fds[1]);
		fun();
		_exit(99);
	}
	close(fds[1]);
	while (got < len - 1 && (n = read(fds[0], buf + got, len - 1 - got)) > 0)
		got += (size_t)n;
	buf[got] = '\0';
	close(fds[0]);
	waitpid(pid, &status, 0);
	return status;
}

/* ── Console ───────────────────────────────────────────────────────────────────────────── */

static void
say_hello(void)
{

	kernel_boot(1);
	for (const char *p = "hello, world\nunfinished"; *p != '\0'; p++)
		rumpuser_putchar(*p);
	rumpuser_dprintf("[%d]", 17);
	rumpuser_exit(0);
}

static void
console(void)
{
	char buf[256];

	T_CHECK_EQ(in_child(say_hello, STDOUT_FILENO, buf, sizeof(buf)), 0);
	T_CHECK_STR(buf, "hello, world\nunfinished[17]");
}

static void
say_hello_on_stderr(void)
{

	setenv("RUMP_CONSOLE", "stderr", 1);
	say_hello();
}

static void
console_on_stderr(void)
{
	char buf[256];

	T_CHECK_EQ(in_child(say_hello_on_stderr, STDERR_FILENO, buf, sizeof(buf)), 0);
	T_CHECK(strstr(buf, "hello, world\n") != NULL);
}

#pragma GCC diagnostic ignored "-Wformat"
#define FORMATS(X) \
	X("%d|%i|%5d|%-5d|%05d|%+d|% d", 1, -2, 3, 4, -5, 6, 7) \
	X("%u|%o|%x|%X|%#x|%#o|%#x", 1u, 8u, 0xabcu, 0xabcu, 255u, 8u, 0u) \
	X("%ld|%lld|%jd|%zd|%td", -1L, -2LL, (intmax_t)-3, (ssize_t)-4, (ptrdiff_t)-5) \
	X("%lu|%llx|%ju|%zu", ~0UL, ~0ULL, (uintmax_t)~0ULL, (size_t)12) \
	X("%hhd|%hd|%hhu|%hu|%hhx", 300, 70000, 300, 70000, -1) \
	X("%s|%10s|%-10s|%.2s|%.0s|%*s|%-*s|", "abc", "abc", "abc", "abc", "abc", 6, "x", 6, "y") \
	X("%c|%3c|%-3c|%%|", 'a', 'b', 'c') \
	X("%.3d|%8.3d|%-8.3d|%.0d|%08.3d", 5, 5, 5, 0, 5) \
	X("%p", (void *)0x1234) \
	X("%lld %lld", INT64_MAX, INT64_MIN) \
	X("%200d|%s", 1, "longer than any buffer of the library: ...............................................")

static void
print_all(void)
{

	kernel_boot(1);
#define PRINT(...) rumpuser_dprintf(__VA_ARGS__); rumpuser_dprintf("\n");
	FORMATS(PRINT)
	rumpuser_exit(0);
}

static void
formats(void)
{
	char buf[4096], want[4096], *p = want;

#define EXPECT(...) p += sprintf(p, __VA_ARGS__); *p++ = '\n';
	FORMATS(EXPECT)
	*p = '\0';
	T_CHECK_EQ(in_child(print_all, STDOUT_FILENO, buf, sizeof(buf)), 0);
	T_CHECK_STR(buf, want);
}

static void
show_stack(void)
{

	kernel_boot(1);
	rumpuser2_backtrace();
	rumpuser_exit(0);
}

static void
backtrace_is_printed(void)
{
	char buf[4096];

	T_CHECK_EQ(in_child(show_stack, STDOUT_FILENO, buf, sizeof(buf)), 0);
	T_CHECK(strstr(buf, "#0 ") != NULL || strstr(buf, "no backtrace") != NULL);
}

/* ── Parameters, randomness, errno ─────────────────────────────────────────────────────── */

static void
parameters(void)
{
	char buf[256], tiny[3];
	int ncpu;

	kernel_boot(1);
	unsetenv("RUMP_TEST_PARAM");
	T_CHECK_EQ(rumpuser_getparam("RUMP_TEST_PARAM", buf, sizeof(buf)), K_ENOENT);
	setenv("RUMP_TEST_PARAM", "value", 1);
	T_CHECK_EQ(rumpuser_getparam("RUMP_TEST_PARAM", buf, sizeof(buf)), 0);
	T_CHECK_STR(buf, "value");
	T_CHECK_EQ(rumpuser_getparam("RUMP_TEST_PARAM", buf, 6), 0);
	T_CHECK_EQ(rumpuser_getparam("RUMP_TEST_PARAM", buf, 5), K_ERANGE);
	T_CHECK_EQ(rumpuser_getparam("RUMP_TEST_PARAM", buf, 0), K_ERANGE);

	setenv("RUMP_NCPU", "3", 1);
	T_CHECK_EQ(rumpuser_getparam(RUMPUSER_PARAM_NCPU, buf, sizeof(buf)), 0);
	T_CHECK_STR(buf, "3");
	setenv("RUMP_NCPU", "host", 1);
	T_CHECK_EQ(rumpuser_getparam(RUMPUSER_PARAM_NCPU, buf, sizeof(buf)), 0);
	T_CHECK_EQ(atoi(buf), sysconf(_SC_NPROCESSORS_ONLN));
	unsetenv("RUMP_NCPU");
	T_CHECK_EQ(rumpuser_getparam(RUMPUSER_PARAM_NCPU, buf, sizeof(buf)), 0);
	ncpu = atoi(buf);
	T_CHECK(ncpu >= 1);
	T_CHECK_EQ(rumpuser_getparam(RUMPUSER_PARAM_HOSTNAME, buf, sizeof(buf)), 0);
	T_CHECK(strlen(buf) > 0);
	T_CHECK_EQ(rumpuser_getparam(RUMPUSER_PARAM_HOSTNAME, tiny, sizeof(tiny)), K_ERANGE);
	kernel_halt();
}

static void
randomness(void)
{
	unsigned char a[64], b[64];
	size_t n = 0, m;

	kernel_boot(1);
	T_CHECK_EQ(rumpuser_getrandom(a, 0, 0, &n), 0);
	T_CHECK_EQ(n, 0);
	for (int flags = 0; flags < 4; flags++) {
		memset(a, 0, sizeof(a));
		memset(b, 0, sizeof(b));
		T_CHECK_EQ(rumpuser_getrandom(a, sizeof(a), flags, &n), 0);
		T_CHECK(n > 0 && n <= sizeof(a));
		T_CHECK_EQ(rumpuser_getrandom(b, sizeof(b), flags, &m), 0);
		T_CHECK(memcmp(a, b, n < m ? n : m) != 0);
	}
	kernel_halt();
}

static void
errors_are_translated(void)
{
	static const struct { int host, netbsd; } pairs[] = {
		{ EPERM, 1 }, { ENOENT, 2 }, { EAGAIN, 35 }, { EDEADLK, 11 }, { EINPROGRESS, 36 },
		{ ENOTSOCK, 38 }, { EOPNOTSUPP, 45 }, { EADDRINUSE, 48 }, { ECONNRESET, 54 },
		{ ETIMEDOUT, 60 }, { ECONNREFUSED, 61 }, { ELOOP, 62 }, { ENAMETOOLONG, 63 },
		{ ENOTEMPTY, 66 }, { EDQUOT, 69 }, { ESTALE, 70 }, { ENOLCK, 77 }, { ENOSYS, 78 },
		{ EIDRM, 82 }, { EOVERFLOW, 84 }, { EILSEQ, 85 }, { ECANCELED, 87 }, { EPROTO, 96 },
		{ EROFS, 30 }, { EMLINK, 31 }, { EPIPE, 32 }, { ERANGE, 34 }, { 0, 0 }, { 123456, 5 },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		T_CHECK_EQ(rumpuser_component_errtrans(pairs[i].host), pairs[i].netbsd);
}

static void
errno_of_the_program(void)
{

	kernel_boot(1);
	errno = 0;
	rumpuser_seterrno(66);
	T_CHECK_EQ(errno, 66);
	kernel_halt();
}

/* ── Signals and ends ──────────────────────────────────────────────────────────────────── */

static volatile sig_atomic_t signalled;

static void
on_signal(int sig)
{

	signalled = sig;
}

static void
signals(void)
{

	kernel_boot(1);
	signal(SIGUSR1, on_signal);
	signal(SIGCHLD, on_signal);
	T_CHECK_EQ(rumpuser_kill(RUMPUSER_PID_SELF, 30), 0);
	T_CHECK_EQ(signalled, SIGUSR1);
	T_CHECK_EQ(rumpuser_kill(1, 20), 0);
	T_CHECK_EQ(signalled, SIGCHLD);
	T_CHECK_EQ(rumpuser_kill(RUMPUSER_PID_SELF, 7), K_EINVAL);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	kernel_halt();
}

static void
exit_7(void)
{

	kernel_boot(1);
	rumpuser_exit(7);
}

static void
panic(void)
{

	kernel_boot(1);
	signal(SIGABRT, SIG_DFL);
	rumpuser_exit(RUMPUSER_PANIC);
}

static void
ends(void)
{
	char buf[256];
	int status;

	status = in_child(exit_7, STDOUT_FILENO, buf, sizeof(buf));
	T_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	status = in_child(panic, STDOUT_FILENO, buf, sizeof(buf));
	T_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void
exit_misuse(void)
{

	kernel_boot(1);
	signal(SIGABRT, SIG_DFL);
	rumpuser_thread_exit();
}

static void
misuse_ends_the_program(void)
{
	char buf[4096];
	int status;

	status = in_child(exit_misuse, STDOUT_FILENO, buf, sizeof(buf));
	T_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	T_CHECK(strstr(buf, "rumpuser_thread_exit") != NULL);
}

/* ── Background ────────────────────────────────────────────────────────────────────────── */

static void
daemon_good(void)
{

	if (rumpuser_daemonize_done(0) != K_EINVAL || rumpuser_daemonize_begin() != 0)
		_exit(50);
	if (rumpuser_daemonize_begin() != K_EBUSY)
		_exit(51);
	kernel_boot(1);
	if (rumpuser_daemonize_done(0) != 0)
		_exit(52);
	_exit(0);
}

static void
daemon_bad(void)
{

	rumpuser_daemonize_begin();
	rumpuser_daemonize_done(22);
	_exit(0);
}

static void
daemon_dies(void)
{

	rumpuser_daemonize_begin();
	_exit(0);
}

static void
background(void)
{
	char buf[256];
	int status;

	status = in_child(daemon_good, STDOUT_FILENO, buf, sizeof(buf));
	T_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	status = in_child(daemon_bad, STDOUT_FILENO, buf, sizeof(buf));
	T_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	T_CHECK(strstr(buf, "22") != NULL);
	status = in_child(daemon_dies, STDOUT_FILENO, buf, sizeof(buf));
	T_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

T_MAIN(T(console), T(console_on_stderr), T(formats), T(backtrace_is_printed), T(parameters), T(randomness),
    T(errors_are_translated), T(errno_of_the_program), T(signals), T(ends), T(misuse_ends_the_program),
    T(background))
