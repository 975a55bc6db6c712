/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The sysproxy hypercalls of a host that serves no system calls to other processes: all refuse. The
 * kernel then fails rump_init_server, and never has a client to pass to the others.
 */

#include "hyp.h"

int
rumpuser_sp_init(const char *url, const char *ostype, const char *osrelease, const char *machine)
{

	return NB_EOPNOTSUPP;
}

int
rumpuser_sp_copyin(void *client, const void *raddr, void *laddr, size_t len)
{

	return NB_EOPNOTSUPP;
}

int
rumpuser_sp_copyinstr(void *client, const void *raddr, void *laddr, size_t *lenp)
{

	return NB_EOPNOTSUPP;
}

int
rumpuser_sp_copyout(void *client, const void *laddr, void *raddr, size_t len)
{

	return NB_EOPNOTSUPP;
}

int
rumpuser_sp_copyoutstr(void *client, const void *laddr, void *raddr, size_t *lenp)
{

	return NB_EOPNOTSUPP;
}

int
rumpuser_sp_anonmmap(void *client, size_t len, void **addrp)
{

	return NB_EOPNOTSUPP;
}

int
rumpuser_sp_raise(void *client, int sig)
{

	return NB_EOPNOTSUPP;
}

void
rumpuser_sp_fini(void *client)
{
}
