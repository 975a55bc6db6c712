/* SPDX-License-Identifier: BSD-2-Clause */
/* The root device, from inside the kernel: root_kernel.c. */
#include "inside.h"

int	rump_root_boot(void);
int	rump_root_choice(void);

static void boot(void) { run(rump_root_boot); }
static void choice(void) { run(rump_root_choice); }

T_MAIN(T(boot), T(choice))
