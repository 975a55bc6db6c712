/* SPDX-License-Identifier: BSD-2-Clause */
/* Types of signal handling that other headers need. */
#ifndef _SYS_SIGTYPES_H_
#define _SYS_SIGTYPES_H_

#include <sys/cdefs.h>
#include <sys/types.h>

/* A set of signals: signal n is bit (n - 1). */
typedef struct {
	uint32_t	__bits[4];
} sigset_t;

#define __sigword(n)	(((n) - 1) >> 5)
#define __sigmask(n)	(1u << (((n) - 1) & 31))

#define __sigaddset(s, n)	((s)->__bits[__sigword(n)] |= __sigmask(n))
#define __sigdelset(s, n)	((s)->__bits[__sigword(n)] &= ~__sigmask(n))
#define __sigismember(s, n)	\
	(((s)->__bits[__sigword(n)] & __sigmask(n)) != 0)
#define __sigsetfill(s, v)	\
	((s)->__bits[0] = (s)->__bits[1] = (s)->__bits[2] = (s)->__bits[3] = (v))
#define __sigemptyset(s)	((void)__sigsetfill((s), 0u))
#define __sigfillset(s)		((void)__sigsetfill((s), ~0u))
#define __sigsetequal(s, t)						\
	((s)->__bits[0] == (t)->__bits[0] && (s)->__bits[1] == (t)->__bits[1] && \
	(s)->__bits[2] == (t)->__bits[2] && (s)->__bits[3] == (t)->__bits[3])
#define __sigset_each(s, op, t) do {					\
	for (int __i = 0; __i < 4; __i++)				\
		(s)->__bits[__i] op (t)->__bits[__i];			\
} while (0)
#define __sigplusset(t, s)	__sigset_each((s), |=, (t))
#define __sigminusset(t, s)	__sigset_each((s), &= ~, (t))
#define __sigandset(t, s)	__sigset_each((s), &=, (t))

typedef struct sigaltstack {
	void	*ss_sp;
	size_t	ss_size;
	int	ss_flags;
} stack_t;

#endif
