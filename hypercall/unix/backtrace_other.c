/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where no unwinder can be linked.
 */

#include "core.h"

void
core_backtrace(void)
{

	rumpuser_dprintf("  (no backtrace: the C library has no unwinder)\n");
}
