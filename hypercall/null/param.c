/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The two parameters that every host knows.
 */

#include "core.h"

int
core_param(const char *name, char *buf, size_t len)
{

	if (name[0] != '_' || len < 2)
		return name[0] != '_' ? NB_ENOENT : NB_ERANGE;
	buf[0] = '1';
	buf[1] = '\0';
	return 0;
}
