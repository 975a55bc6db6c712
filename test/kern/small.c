/* SPDX-License-Identifier: BSD-2-Clause */
/* Small things of the base: CPU sets, rates, the log, scopes: small_kern.c. */
#include "../t.h"

#include <rump/rump.h>

#include "kern_test.h"

static void
in_kernel(int (*test)(void))
{
	int line;

	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	line = (*test)();
	rump_unschedule();
	T_CHECK_EQ(line, 0);
	T_CHECK_EQ(rump_halt(), 0);
}

static void cpusets(void) { in_kernel(rumptest_kcpuset); }
static void rates(void) { in_kernel(rumptest_rates); }
static void the_log(void) { in_kernel(rumptest_log); }
static void scopes(void) { in_kernel(rumptest_scopes); }

T_MAIN(T(cpusets), T(rates), T(the_log), T(scopes))
