/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * No console.
 */

#include "core.h"

void
core_console_write(const char *buf, size_t len)
{
}

void
core_backtrace(void)
{
}
