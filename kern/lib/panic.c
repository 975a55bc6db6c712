/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end: panic, and assertions that fail.
 *
 * A panic prints its message and the caller's stack, and ends the program
 * through the host so that it can be examined.  Nothing is written to disks:
 * what the kernel believes about them can no longer be trusted.
 */

#include <sys/types.h>
#include <sys/atomic.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

const char *panicstr;
static volatile unsigned int panicking;	/* atomic */

void
vpanic(const char *fmt, va_list ap)
{
	/* A panic while panicking: say no more than is safe. */
	if (atomic_inc_uint_nv(&panicking) != 1)
		rumpuser_exit(RUMPUSER_PANIC);
	panicstr = fmt;
	printf("panic: ");
	vprintf(fmt, ap);
	printf("\n");
	rumpuser2_backtrace();
	rumpuser_exit(RUMPUSER_PANIC);
}

void
panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vpanic(fmt, ap);
}

/* Where false assertions end; while panicking they are let pass. */
void
kern_assert(const char *fmt, ...)
{
	va_list ap;

	if (panicstr != NULL)
		return;
	va_start(ap, fmt);
	vpanic(fmt, ap);
}
