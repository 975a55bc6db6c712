/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The null host: every core function, and nothing behind them. It proves that lib/ and the core are all that
 * a kernel needs to link, and it is the skeleton from which to write a host. rumpuser_init fails.
 */

#include "core.h"

int
core_init(void)
{

	return NB_EOPNOTSUPP;
}

void
core_fini(void)
{
}

void
core_exit(int status, bool panic)
{

	for (;;)
		continue;
}

int
core_raise(int sig)
{

	return NB_EOPNOTSUPP;
}

void
core_seterrno(int error)
{
}

int
core_daemonize_begin(void)
{

	return NB_EOPNOTSUPP;
}

int
core_daemonize_done(int error)
{

	return NB_EOPNOTSUPP;
}

void
core_objects(core_object_fn fn, void *arg)
{
}
