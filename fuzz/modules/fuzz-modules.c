/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuzz modules: an input is a script for modules.c, which is inside the kernel. */
#include <rump/rump.h>

#include "modules.h"
#include "script.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{

	must(rump_init() == 0, "rump_init", 0);
	rump_schedule();
	rump_fuzz_modules(data, size);
	rump_unschedule();
	must(rump_halt() == 0, "rump_halt", 0);
	return 0;
}
