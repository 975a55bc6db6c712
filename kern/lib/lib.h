/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the kernel library share among themselves.
 *
 * Locks: leaf locks only; the library calls nothing that sleeps unless the
 * function says so.
 */
#ifndef _KERN_LIB_LIB_H_
#define _KERN_LIB_LIB_H_

#include <sys/types.h>
#include <sys/stdarg.h>

/* Is the kernel built with an address sanitizer? */
#if defined(__SANITIZE_ADDRESS__)
#define LIB_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIB_ASAN
#endif
#endif

/*
 * Where formatted text goes.  Each byte is passed to put, in order.
 *
 * Context: that of the caller; put must not format in turn.
 */
struct format_sink {
	void (*put)(struct format_sink *, int ch);
};

/*
 * Format as printf(9): the conversions of C, without floating point, and
 * NetBSD's length modifiers and %b-free extensions.
 *
 * Returns the number of bytes passed to the sink.
 */
int	format(struct format_sink *, const char *fmt, va_list)
	    __printflike(2, 0);

#endif /* _KERN_LIB_LIB_H_ */
