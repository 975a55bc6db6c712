/* SPDX-License-Identifier: BSD-2-Clause */
/* Cases that are functions of the kernel: they return 0, or the line that was wrong. */
#ifndef TEST_DEV_INSIDE_H
#define TEST_DEV_INSIDE_H

#include <rump/rump.h>

#include "../t.h"

/* Each in a kernel of its own: configurations are new, too. */
T_FUNC void
run(int (*func)(void))
{
	int line;

	T_ASSERT_EQ(rump_init(), 0);
	rump_schedule();
	line = func();
	rump_unschedule();
	T_CHECK_EQ(line, 0);
	T_CHECK_EQ(rump_halt(), 0);
}

#endif
