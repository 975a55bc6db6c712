/* SPDX-License-Identifier: BSD-2-Clause */
/* Callouts, soft interrupts, clocks: timers_kern.c. */
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

CASE(callout_order, rumptest_callout_order())
CASE(callout_wheel, rumptest_callout_far())
CASE(callout_stop, rumptest_callout_stop())
CASE(callout_halt, rumptest_callout_halt())
CASE(callout_self, rumptest_callout_self())
CASE(callout_many, rumptest_callout_many())
CASE(softint_sleep, rumptest_softint_sleep())
CASE(softint_block, rumptest_softint_block())
CASE(softint_remote, rumptest_softint_remote())
CASE(clocks, rumptest_time())

static void
softint_inline(void)
{
	int result;

	rump_schedule();
	result = rumptest_softint_inline();
	rump_unschedule();
	T_CHECK_EQ(result, 0);
	rump_schedule();
	result = rumptest_softint_inline_done();
	rump_unschedule();
	T_CHECK_EQ(result, 0);
}

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

T_MAIN(T(boot), T(callout_order), T(callout_wheel), T(callout_stop),
    T(callout_halt), T(callout_self), T(callout_many), T(softint_inline),
    T(softint_sleep), T(softint_block), T(softint_remote), T(clocks), T(halt))
