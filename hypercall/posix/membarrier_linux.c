/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A barrier on all threads of the process by membarrier(2), since Linux 4.14. The header may be older
 * than the kernel that runs this, so the numbers are given here.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core.h"

enum { PRIVATE_EXPEDITED = 1 << 3, REGISTER_PRIVATE_EXPEDITED = 1 << 4 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool available;

static void
setup(void)
{

	available = syscall(SYS_membarrier, REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0 &&
	    syscall(SYS_membarrier, PRIVATE_EXPEDITED, 0, 0) == 0;
}

int
core_membarrier(void)
{

	pthread_once(&once, setup);
	if (!available)
		return NB_EOPNOTSUPP;
	syscall(SYS_membarrier, PRIVATE_EXPEDITED, 0, 0);
	return 0;
}
