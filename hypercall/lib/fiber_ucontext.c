/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Fibers by ucontext(3), for CPUs without a file of their own; see fiber.h. Slower: each swap
 * is a system call for the signal mask.
 *
 * A fiber at rest is its ucontext_t, which lies on its own stack.
 */

#include <stdint.h>
#include <ucontext.h>

#include "fiber.h"

void *
fiber_prepare(void *stack, size_t len, void (*entry)(void))
{
	uintptr_t top = ((uintptr_t)stack + len - sizeof(ucontext_t)) & ~(uintptr_t)63;
	ucontext_t *volatile uc = (ucontext_t *)top;  /* getcontext may be one that returns twice */

	getcontext(uc);
	uc->uc_stack.ss_sp = stack;
	uc->uc_stack.ss_size = top - (uintptr_t)stack;
	uc->uc_link = NULL;
	makecontext(uc, entry, 0);
	return uc;
}

void
fiber_swap(void **save, void *to)
{
	ucontext_t here;

	*save = &here;
	swapcontext(&here, to);
}
