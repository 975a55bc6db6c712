/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * POSIX has no cheap barrier on all threads.
 */

#include "core.h"

int
core_membarrier(void)
{

	return NB_EOPNOTSUPP;
}
