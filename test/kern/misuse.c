/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Allocators of numbers, and what threads wait with, are misused, each in a process
 * of its own, which must end with a panic that says what was wrong: misuse_kern.c.
 */
#include "../t.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rump/rump.h>

#include "kern_test.h"
#include "misuse.h"

enum { ALL, CHECKED };

static void
child(int which, int output)
{

	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	alarm(60);
	if (rump_init() == 0) {
		rump_schedule();
		rumptest_misuse(which);
		rump_unschedule();
	}
	_exit(0);
}

/* What the process says until it ends. */
static void
read_all(int fd, char *text, size_t size)
{
	size_t at = 0;
	ssize_t n;

	while (at < size - 1 && (n = read(fd, text + at, size - 1 - at)) > 0)
		at += (size_t)n;
	text[at] = '\0';
	close(fd);
}

static void
misuse(int which, const char *says, int who)
{
	static char text[65536];
	int fds[2], status;
	pid_t pid;

	if (who == CHECKED && !rump_lockdebug) {
		t_skip("kernel without diagnostics");
		return;
	}
	T_ASSERT_EQ(pipe(fds), 0);
	pid = fork();
	if (pid == 0)
		child(which, fds[1]);
	close(fds[1]);
	read_all(fds[0], text, sizeof(text));
	T_ASSERT(pid > 0 && waitpid(pid, &status, 0) == pid);
	T_CHECK(status != 0);
	/* a memory checker may be first */
	if (!T_CHECK(strstr(text, says) != NULL ||
	    strstr(text, "ERROR: AddressSanitizer") != NULL))
		t_puts(text);
}

#define CASE(name, says, who) \
static void name(void) { misuse(MISUSE_##name, says, who); }
MISUSES(CASE)

#define ENTRY(name, says, who)	T(name),
T_MAIN(MISUSES(ENTRY))
