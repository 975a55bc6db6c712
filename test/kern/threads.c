/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel threads and what is built of them: threads_kern.c. */
#include "../t.h"

#include <rump/rump.h>

#include "kern_test.h"

#define CASE(name, call)						\
static void								\
name(void)								\
{									\
	int result;							\
									\
	rump_schedule();						\
	result = call;							\
	rump_unschedule();						\
	T_CHECK_EQ(result, 0);						\
}

CASE(join, rumptest_kthread_join())
CASE(many, rumptest_kthread_many())
CASE(bound, rumptest_kthread_bound())
CASE(yielding, rumptest_yield())
CASE(workqueue, rumptest_workqueue(0))
CASE(workqueue_percpu, rumptest_workqueue(1))
CASE(threadpool, rumptest_threadpool())
CASE(xcall, rumptest_xcall())
CASE(percpu, rumptest_percpu())
CASE(pserialize, rumptest_pserialize())
CASE(psref, rumptest_psref())
CASE(localcount, rumptest_localcount())
CASE(once, rumptest_once())

static void
boot(void)
{

	T_ASSERT_EQ(rump_init(), 0);
}

static void
halt(void)
{

	T_CHECK_EQ(rump_halt(), 0);
}

T_MAIN(T(boot), T(join), T(many), T(bound), T(yielding), T(workqueue),
    T(workqueue_percpu), T(threadpool), T(xcall), T(percpu), T(pserialize),
    T(psref), T(localcount), T(once), T(halt))
