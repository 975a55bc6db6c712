/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine part of a user context: NetBSD's size, contents the program's. */
#ifndef _MACHINE_MCONTEXT_H_
#define _MACHINE_MCONTEXT_H_

#include <sys/types.h>

typedef struct {
#if defined(__x86_64__)
	unsigned long	__mc[91];
#else
	unsigned long	__mc[96];
#endif
} mcontext_t;

#endif
