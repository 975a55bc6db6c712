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
CASE(destroy_twice, 10)
CASE(use_forgotten, 11)
CASE(exit_forgotten, 12)
CASE(destroy_forgotten, 13)
CASE(mutex_twice, 14)
CASE(spin_twice, 15)
CASE(rw_write_twice, 16)
CASE(rw_read_write, 17)
CASE(rw_write_read, 18)
CASE(exit_others, 19)
CASE(kernel_lock_in_spin, 20)
CASE(exit_thread, 21)
CASE(free_unheld, 22)
CASE(destroy_spin_held, 23)
CASE(destroy_write_held, 24)
CASE(rw_in_spin, 25)
CASE(cv_in_spin, 26)

/* One thread of control: a plant that is found when the program leaves. */
static void
leaving(void (*begin)(void), int (*end)(void))
{
	int result;

	if (!rump_lockdebug) {
		t_skip("kernel without LOCKDEBUG");
		return;
	}
	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	begin();
	rump_unschedule();
	rump_schedule();
	result = end();
	rump_unschedule();
	T_CHECK_EQ(result, 0);
	T_CHECK_EQ(rump_halt(), 0);
}

static void
leave_kernel(void)
{

	leaving(rumptest_plant_leave, rumptest_plant_left);
}

static void
leave_softint(void)
{

	leaving(rumptest_plant_softint, rumptest_plant_softint_ran);
}

T_MAIN(T(init_twice), T(destroy_held), T(destroy_read_held), T(free_held),
    T(adaptive_in_spin), T(sleep_in_spin), T(order), T(order_long),
    T(order_try), T(proper), T(destroy_twice), T(use_forgotten),
    T(exit_forgotten), T(destroy_forgotten), T(mutex_twice), T(spin_twice), T(rw_write_twice),
    T(rw_read_write), T(rw_write_read), T(exit_others),
    T(kernel_lock_in_spin), T(exit_thread), T(free_unheld),
    T(destroy_spin_held), T(destroy_write_held), T(rw_in_spin), T(cv_in_spin), T(leave_kernel),
    T(leave_softint))
