/* SPDX-License-Identifier: BSD-2-Clause */
/* A main that boots the rump kernel, then runs cases: BOOT_MAIN(T(a), T(b)). */
#ifndef TEST_FILES_BOOT_H
#define TEST_FILES_BOOT_H

#include <rump/rump.h>

#include "t.h"

#define BOOT_MAIN(...) \
int \
main(int argc, char **argv) \
{ \
	static const struct t_case cases[] = { __VA_ARGS__ }; \
 \
	if (rump_init() != 0) { \
		t_puts("Bail out! the kernel does not boot\n"); \
		return 1; \
	} \
	return t_main(cases, sizeof(cases) / sizeof(cases[0]), argc, argv); \
}

#endif
