/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What a foreign library's own threads do, as version 17 lets them: they get an lwp for life by newlwp(0), and
 * then come into the kernel by the upcalls that other threads wait by. On v17 only.
 */

#include "kernel.h"

static void *
library_thread(void *arg)
{
	const struct rumpuser_hyperup *up = kernel_upcalls();
	int nlocks = 0;

	up->hyp_schedule();
	T_CHECK_EQ(up->hyp_lwproc_newlwp(0), 0);
	up->hyp_unschedule();
	for (int i = 0; i < 50; i++) {
		T_CHECK(kernel_lwp() == NULL);
		up->hyp_backend_schedule(0, NULL);
		T_CHECK(kernel_lwp() != NULL && kernel_lwp()->l_cpu != -1);
		up->hyp_backend_unschedule(0, &nlocks, NULL);
	}
	up->hyp_schedule();
	up->hyp_lwproc_release();
	up->hyp_unschedule();
	T_CHECK(kernel_lwp() == NULL);
	rumpuser2_self_put();
	flag_set(arg, 1);
	rumpuser_thread_exit();
}

static void
comes_and_goes(void)
{
	struct lwp *mine;
	void *cookie[3];
	int done[3] = { 0 };

	kernel_boot(2);
	mine = kernel_lwp();
	for (int i = 0; i < 3; i++)
		T_ASSERT_EQ(rumpuser_thread_create(library_thread, &done[i], "library", 1, 0, -1,
		    &cookie[i]), 0);
	for (int i = 0; i < 3; i++) {
		T_CHECK(kernel_wait(&done[i]));
		rumpuser_thread_join(cookie[i]);
	}
	T_CHECK(kernel_lwp() == mine);
	kernel_halt();
}

T_MAIN(T(comes_and_goes))
