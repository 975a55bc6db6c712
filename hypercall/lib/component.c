/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the host's halves of components call; see rump/rumpuser_component.h.
 */

#include "rump/rumpuser_component.h"

#include "hyp.h"

void *
rumpuser_component_unschedule(void)
{

	if (hyp_up2.hup_unschedule != NULL)
		return hyp_up2.hup_unschedule();
	return (void *)(intptr_t)hyp_release(NULL);
}

void
rumpuser_component_schedule(void *cookie)
{

	if (hyp_up.hyp_backend_schedule == NULL)
		hyp_panic("a component's thread enters, and there was no kernel yet");
	if (hyp_up2.hup_schedule != NULL)
		hyp_up2.hup_schedule(cookie);
	else
		hyp_acquire((int)(intptr_t)cookie, NULL);
}

int
rumpuser_component_errtrans(int hosterr)
{

	return hyp_errno(hosterr);
}

/* A thread without an lwp enters; NetBSD's kernel has another door for it. */
static void
enter(void)
{

	if (hyp_up2.hup_schedule != NULL)
		hyp_up2.hup_schedule(NULL);
	else
		hyp_enter();
}

static void
leave(void)
{

	if (hyp_up2.hup_unschedule != NULL)
		hyp_up2.hup_unschedule();
	else
		hyp_leave();
}

void
rumpuser_component_kthread(void)
{
	int error;

	enter();
	error = hyp_up.hyp_lwproc_newlwp(0);
	if (error != 0)
		hyp_panic("no lwp for a thread of the host: error %d", error);
	leave();
}

/* The lwp may have gone with its kernel. */
void
rumpuser_component_kthread_release(void)
{

	enter();
	if (hyp_up.hyp_lwproc_curlwp() != NULL)
		hyp_up.hyp_lwproc_release();
	leave();
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
