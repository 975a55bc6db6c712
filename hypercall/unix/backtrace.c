/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Backtraces by the compiler's unwinder, with the names that the dynamic linker knows.
 *
 * Ref: Itanium C++ ABI, exception handling, 1.6: _Unwind_Backtrace and its context.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <unwind.h>

#include "core.h"

#define FRAMES_MAX 64

static _Unwind_Reason_Code
frame_print(struct _Unwind_Context *context, void *arg)
{
	uintptr_t pc = _Unwind_GetIP(context);
	int *frame = arg;
	Dl_info info;

	if (pc == 0 || *frame == FRAMES_MAX)
		return _URC_END_OF_STACK;
	if (dladdr((void *)pc, &info) == 0)
		rumpuser_dprintf("  #%d %p\n", *frame, (void *)pc);
	else if (info.dli_sname == NULL)
		rumpuser_dprintf("  #%d %p %s+0x%lx\n", *frame, (void *)pc, info.dli_fname,
		    (unsigned long)(pc - (uintptr_t)info.dli_fbase));
	else
		rumpuser_dprintf("  #%d %p %s+0x%lx (%s)\n", *frame, (void *)pc, info.dli_sname,
		    (unsigned long)(pc - (uintptr_t)info.dli_saddr), info.dli_fname);
	(*frame)++;
	return _URC_NO_REASON;
}

void
core_backtrace(void)
{
	int frame = 0;

	_Unwind_Backtrace(frame_print, &frame);
}
