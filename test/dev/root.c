/* SPDX-License-Identifier: BSD-2-Clause */
/* The root device, from inside the kernel: root_kernel.c. */
#include <rump/rump.h>

#include "../t.h"

int	rump_root_boot(void);
int	rump_root_choice(void);

static void
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

static void boot(void) { run(rump_root_boot); }
static void choice(void) { run(rump_root_choice); }

T_MAIN(T(boot), T(choice))
