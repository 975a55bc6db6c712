/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the host's halves of components call; see rump/rumpuser_component.h.
 */

#include "rump/rumpuser_component.h"

#include "hyp.h"

void *
rumpuser_component_unschedule(void)
{

	return (void *)(intptr_t)hyp_release(NULL);
}

void
rumpuser_component_schedule(void *cookie)
{

	hyp_acquire((int)(intptr_t)cookie, NULL);
}

int
rumpuser_component_errtrans(int hosterr)
{

	return hyp_errno(hosterr);
}

void
rumpuser_component_kthread(void)
{
	int error;

	hyp_enter();
	error = hyp_up.hyp_lwproc_newlwp(0);
	if (error != 0)
		hyp_panic("no lwp for a component's thread: error %d", error);
	hyp_leave();
}

void
rumpuser_component_kthread_release(void)
{

	hyp_enter();
	hyp_up.hyp_lwproc_release();
	hyp_leave();
}

struct lwp *
rumpuser_component_curlwp(void)
{

	return hyp_up.hyp_lwproc_curlwp();
}

void
rumpuser_component_switchlwp(struct lwp *l)
{

	hyp_up.hyp_lwproc_switch(l);
}
