/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Threads, their current lwp, park and unpark: the hypercalls, on the core.
 */

#include "hyp.h"

__thread struct rumpuser2_thread rumpuser2_tls;

struct rumpuser2_thread *
rumpuser2_thread(void)
{

	return &rumpuser2_tls;
}

int
rumpuser_thread_create(void *(*fun)(void *), void *arg, const char *name, int mustjoin,
    int priority, int cpuidx, void **cookie)
{
	void *thread;
	int error;

	error = core_thread_create(fun, arg, name != NULL ? name : "rump", priority, cpuidx,
	    mustjoin != 0, &thread);
	if (error == 0 && mustjoin)
		*cookie = thread;
	return error;
}

void
rumpuser_thread_exit(void)
{

	core_thread_exit();
}

int
rumpuser_thread_join(void *cookie)
{
	int error, nlocks;

	if (cookie == NULL)
		return NB_EINVAL;
	nlocks = hyp_release(NULL);
	error = core_thread_join(cookie);
	hyp_acquire(nlocks, NULL);
	return error;
}

void
rumpuser_curlwpop(int op, struct lwp *l)
{
	struct rumpuser2_thread *rt = rumpuser2_thread();

	switch (op) {
	case RUMPUSER_LWP_CREATE:
	case RUMPUSER_LWP_DESTROY:
		break;
	case RUMPUSER_LWP_SET:
		if (rt->rt_curlwp != NULL || l == NULL)
			hyp_panic("rumpuser_curlwpop: SET %p over %p", (void *)l,
			    (void *)rt->rt_curlwp);
		rt->rt_curlwp = l;
		break;
	case RUMPUSER_LWP_CLEAR:
		if (rt->rt_curlwp != l)
			hyp_panic("rumpuser_curlwpop: CLEAR %p, but %p is set", (void *)l,
			    (void *)rt->rt_curlwp);
		rt->rt_curlwp = NULL;
		break;
	default:
		hyp_panic("rumpuser_curlwpop: operation %d", op);
	}
}

struct lwp *
rumpuser_curlwp(void)
{

	return rumpuser2_tls.rt_curlwp;
}

void *
rumpuser2_self(void)
{

	return core_self();
}

/* Hosts tell when a thread ends: hyp_thread_gone. */
void
rumpuser2_self_put(void)
{
}

int
rumpuser2_features(void)
{

	return RUMPUSER2_THREADEXIT | RUMPUSER2_ALIGNS;
}

int
rumpuser2_park(int64_t deadline_ns)
{

	return core_park(deadline_ns);
}

void
rumpuser2_unpark(void *thread)
{

	core_unpark(thread);
}

int
rumpuser2_membarrier(void)
{

	return core_membarrier();
}
