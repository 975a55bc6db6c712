/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Threads: the one that calls, which never waits for anything that could happen.
 */

#include "core.h"

int
core_thread_create(void *(*fun)(void *), void *arg, const char *name, int priority, int cpu,
    bool joinable, void **thread)
{

	return NB_EAGAIN;
}

void
core_thread_exit(void)
{

	core_exit(0, false);
}

int
core_thread_join(void *thread)
{

	return NB_EDEADLK;
}

void *
core_self(void)
{
	static char self;

	return &self;
}

int
core_park(int64_t deadline)
{

	return NB_ETIMEDOUT;
}

void
core_unpark(void *thread)
{
}

void
core_yield(void)
{
}

int
core_membarrier(void)
{

	return NB_EOPNOTSUPP;
}
