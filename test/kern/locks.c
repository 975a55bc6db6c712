/* SPDX-License-Identifier: BSD-2-Clause */
/* Mutexes, rwlocks, condition variables and the kernel lock: locks_kern.c. */
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

CASE(mutex_adaptive, rumptest_mutex(0))
CASE(mutex_spin, rumptest_mutex(1))
CASE(mutex_sleep, rumptest_mutex_sleep())
CASE(mutex_states, rumptest_mutex_states())
CASE(rwlock, rumptest_rwlock())
CASE(rwlock_change, rumptest_rwlock_change())
CASE(rwlock_states, rumptest_rwlock_states())
CASE(cv_pass, rumptest_cv_pass())
CASE(cv_signal, rumptest_cv_signal())
CASE(cv_timeout, rumptest_cv_timeout())
CASE(kernel_lock, rumptest_kernel_lock())
CASE(tsleep_wakeup, rumptest_tsleep())
CASE(lock_objects, rumptest_lockobj())

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

T_MAIN(T(boot), T(mutex_adaptive), T(mutex_spin), T(mutex_sleep),
    T(mutex_states), T(rwlock), T(rwlock_change), T(rwlock_states), T(cv_pass),
    T(cv_signal), T(cv_timeout), T(kernel_lock), T(tsleep_wakeup),
    T(lock_objects), T(halt))
