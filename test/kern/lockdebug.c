/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOCKDEBUG finds each planted error: lockdebug_kern.c.  Each case boots a
 * kernel of its own, whose locks and orders are new.
 */
#include "../t.h"

#include <rump/rump.h>

#include "kern_test.h"

static void
plant(int which)
{
	int result;

	if (!rump_lockdebug) {
		t_skip("kernel without LOCKDEBUG");
		return;
	}
	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	result = rumptest_plant(which);
	rump_unschedule();
	T_CHECK_EQ(result, 0);
	T_CHECK_EQ(rump_halt(), 0);
}

#define CASE(name, n) static void name(void) { plant(n); }
CASE(init_twice, 0)
CASE(destroy_held, 1)
CASE(destroy_read_held, 2)
CASE(free_held, 3)
CASE(adaptive_in_spin, 4)
CASE(sleep_in_spin, 5)
CASE(order, 6)
CASE(order_long, 7)
CASE(order_try, 8)
CASE(proper, 9)

T_MAIN(T(init_twice), T(destroy_held), T(destroy_read_held), T(free_held),
    T(adaptive_in_spin), T(sleep_in_spin), T(order), T(order_long),
    T(order_try), T(proper))
