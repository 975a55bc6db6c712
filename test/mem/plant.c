/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Errors planted in each allocator: where a memory checker watches (builds
 * with an address sanitizer) each must end the program.
 */
#include "../t.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rump/rump.h>

#include "memtest.h"

static const char *const allocators[] = {
	"kmem", "malloc", "pool", "cache", "pages"
};

/* In a child: status 0 says that nobody noticed. */
static int
unnoticed(const char *allocator, const char *error)
{
	char which[40];
	int status = 0;
	pid_t pid;

	strcpy(which, allocator);
	strcat(which, "-");
	strcat(which, error);
	pid = fork();
	if (pid == 0) {
		/* What the checker prints is not for the reader of TAP. */
		close(STDOUT_FILENO);
		close(STDERR_FILENO);
		if (rump_init() != 0)
			_exit(1);
		rump_schedule();
		rump_test_plant(which);
		rump_unschedule();
		_exit(0);
	}
	return pid < 0 || waitpid(pid, &status, 0) != pid || status == 0;
}

static void
plant(const char *error)
{
#ifdef MEMTEST_CHECKED
	unsigned int i;

	for (i = 0; i < sizeof(allocators) / sizeof(allocators[0]); i++) {
		if (unnoticed(allocators[i], error)) {
			T_CHECK(!"the error was noticed");
			t_puts("# ");
			t_puts(allocators[i]);
			t_putc('\n');
		}
	}
#else
	(void)allocators;
	(void)unnoticed;
	t_skip("no memory checker in this build");
#endif
}

#define CASE(error)							\
static void								\
error(void)								\
{									\
									\
	plant(#error);							\
}

CASE(overflow)
CASE(underflow)
CASE(freetwice)
CASE(useafter)
CASE(writeafter)
CASE(elsewhere)

static void
wrong_size(void)
{

#ifdef MEMTEST_CHECKED
	T_CHECK(!unnoticed("size", "kmem"));
	T_CHECK(!unnoticed("size", "pages"));
#else
	t_skip("no memory checker in this build");
#endif
}

T_MAIN(T(overflow), T(underflow), T(freetwice), T(useafter), T(writeafter),
    T(elsewhere), T(wrong_size))
