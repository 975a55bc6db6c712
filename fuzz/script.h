/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A script of bytes, each of which answers a question: which call, which descriptor,
 * which path, how long.  At its end every answer is 0.
 */
#ifndef FUZZ_SCRIPT_H
#define FUZZ_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rump/rumpdefs.h>

extern struct script {
	const uint8_t *at, *end;
} script;

/* Abort unless good; value is printed. */
void	must(bool good, const char *what, long value);

unsigned pick(unsigned n);		/* below n */
uint64_t word(void);
int64_t	number(void);			/* small, at an edge, or any */
int	small(void);
int	descriptor(void);
const char *path(void);
unsigned mode(void);
int	open_flags(void);
struct rump_timespec *brief(struct rump_timespec *ts);
void	*contents(void *p, size_t len);	/* p with random contents, or NULL */

/*
 * Memory for a call: as long as the kernel is told, or NULL, or (huge) with a length that
 * no memory has and that a transfer may not believe.
 */
struct memory {
	void	*base;
	void	*freed;			/* for free(3) */
	size_t	len;
};
struct memory memory(bool huge);

#endif
