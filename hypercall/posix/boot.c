/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Start and end of the posix host. Threads, clocks and files need none: they get ready when first used,
 * and block.c ends its threads.
 */

#include "block.h"

int
core_init(void)
{

	return 0;
}

void
core_fini(void)
{

	block_stop();
}
