/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of system calls as a whole: by number, every one of them.  Those
 * that nobody registered answer ENOSYS and leave errno so; calls by number get
 * their arguments' size checked.
 */
#include <errno.h>

#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

#include "boot.h"

int	rump_test_argsize(int);
int	rump_test_syscall(int, long *, size_t, long *);

#define SYS_EXIT	1
#define SYS_GETPID	20
#define SYS_READ	3
#define SYS_REBOOT	208
#define NUMBERS		512

static void
sizes(void)
{

	T_CHECK_EQ(rump_test_argsize(SYS_GETPID), 0);
	T_CHECK_EQ(rump_test_argsize(SYS_READ), 3 * sizeof(long));
	T_CHECK_EQ(rump_test_argsize(511), 0);
}

static void
by_number(void)
{
	long args[8] = { 0 }, result = -1;

	T_CHECK_EQ(rump_test_syscall(SYS_GETPID, args, 0, &result), 0);
	T_CHECK_EQ(result, rump_sys_getpid());
	T_CHECK_EQ(rump_test_syscall(-1, args, sizeof(args), &result),
	    RUMP_ENOSYS);
	T_CHECK_EQ(rump_test_syscall(NUMBERS, args, sizeof(args), &result),
	    RUMP_ENOSYS);
	T_CHECK_EQ(rump_test_syscall(SYS_READ, args, sizeof(long), &result),
	    RUMP_EINVAL);
}

/* Not offered, or of a later faction: the stub fails like any other call. */
static void
not_there(void)
{

	T_CHECK_ERR(rump_sys_socket(1, 1, 0), RUMP_ENOSYS);
}

/* With zeros these wait for ever, or end the program. */
static int
waits_or_ends(int n)
{

	return n == 93 || n == 417 ||	/* select */
	    n == 373 || n == 436 ||	/* pselect */
	    n == 374 || n == 437 ||	/* pollts */
	    n == SYS_REBOOT || n == SYS_EXIT;
}

/* All zeros, for every number: an answer, not a crash. */
static void
zeros(void)
{
	long args[16] = { 0 }, result;
	int n, error;

	for (n = 0; n < NUMBERS; n++) {
		if (waits_or_ends(n))
			continue;
		error = rump_test_syscall(n, args, sizeof(args), &result);
		T_CHECK(error >= 0 && error <= RUMP_ELAST);
	}
}

BOOT_MAIN(
	T(sizes),
	T(by_number),
	T(not_there),
	T(zeros)
)
