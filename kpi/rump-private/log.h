/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's messages, for code that passes them on: log devices, sysctl,
 * factions that prefix messages with their own names.  Implemented by
 * kern/lib/print.c and msgbuf.c.
 */
#ifndef _RUMP_PRIVATE_LOG_H_
#define _RUMP_PRIVATE_LOG_H_

#include <sys/types.h>
#include <sys/cdefs.h>
#include <sys/stdarg.h>

/* How much the user must want to read to see a message on the console. */
enum aprint_level {
	APRINT_ERROR,			/* always, and counted */
	APRINT_NORMAL,			/* unless quiet */
	APRINT_NAIVE,			/* only if quiet */
	APRINT_VERBOSE,
	APRINT_DEBUG
};

/*
 * Print a message of autoconfiguration.
 *
 * prefix   printed first, with ": " after it; NULL: nothing.
 *
 * Context: any.
 */
void	aprint_prefixed(enum aprint_level, const char *prefix,
	    const char *fmt, va_list) __printflike(3, 0);

/*
 * Take up to len bytes that no reader took yet out of the message buffer.
 *
 * wait   sleep until there are some.
 * done   out: bytes.
 *
 * Returns 0, EWOULDBLOCK (none, and wait is false), EINTR or ERESTART.
 * Context: thread; may sleep if wait.
 */
int	log_read(char *buf, size_t len, bool wait, size_t *done);

/* Bytes that log_read would find. */
size_t	log_pending(void);

/*
 * A reader of the log is there (gone): log() leaves the console to it.
 */
void	log_reader_attach(void);
void	log_reader_detach(void);

#endif /* _RUMP_PRIVATE_LOG_H_ */
