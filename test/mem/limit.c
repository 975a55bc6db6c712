/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that runs out, by RUMP_MEMLIMIT. */
#include "../t.h"

#include <stdlib.h>

#include <rump/rump.h>

#include "memtest.h"

static void
in_kernel(const char *limit, const char *(*test)(unsigned int))
{
	const char *wrong;

	T_ASSERT_EQ(setenv("RUMP_MEMLIMIT", limit, 1), 0);
	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	wrong = test(1);
	rump_unschedule();
	T_CHECK_STR(wrong == NULL ? "" : wrong, "");
	T_CHECK_EQ(rump_halt(), 0);
}

static void
limit_small(void)
{

	in_kernel("4m", rump_test_limit);
}

static void
limit_middle(void)
{

	in_kernel("12000k", rump_test_limit);
}

static void
limit_large(void)
{

	in_kernel("64M", rump_test_limit);
}

static void
reserve_small(void)
{

	in_kernel("4m", rump_test_reserve);
}

static void
reserve_large(void)
{

	in_kernel("32m", rump_test_reserve);
}

/* No number, and far too little: the kernel comes up all the same. */
static void
nonsense(void)
{

	in_kernel("much", rump_test_pool_limits);
	in_kernel("1", rump_test_pool_limits);
	in_kernel("18446744073709551616g", rump_test_pool_limits);
}

T_MAIN(T(limit_small), T(limit_middle), T(limit_large), T(reserve_small),
    T(reserve_large), T(nonsense))
