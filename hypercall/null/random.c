/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * No randomness.
 */

#include "core.h"

int
core_random(void *buf, size_t len, bool hard, bool wait, size_t *got)
{

	*got = 0;
	return NB_EIO;
}
