/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machine types and capabilities, for any CPU the compiler knows: addresses
 * are those of the host program, so pointer-sized words serve for all.
 */
#ifndef _MACHINE_TYPES_H_
#define _MACHINE_TYPES_H_

#include <sys/cdefs.h>
#include <machine/int_types.h>

typedef unsigned long	vaddr_t;
typedef unsigned long	vsize_t;
typedef unsigned long	paddr_t;
typedef unsigned long	psize_t;
#define PRIxVADDR	"lx"
#define PRIxVSIZE	"lx"
#define PRIuVSIZE	"lu"
#define PRIxPADDR	"lx"
#define PRIxPSIZE	"lx"
#define PRIuPSIZE	"lu"

/* A system call's result or argument word. */
#if __SIZEOF_POINTER__ == 8
typedef long		register_t;
#define PRIxREGISTER	"lx"
#else
typedef int		register_t;
#define PRIxREGISTER	"x"
#endif
typedef __int32_t	register32_t;
#define PRIxREGISTER32	PRIx32

typedef unsigned char	__cpu_simple_lock_nv_t;
typedef volatile __cpu_simple_lock_nv_t	__cpu_simple_lock_t;
#define __SIMPLELOCK_LOCKED	1
#define __SIMPLELOCK_UNLOCKED	0

#define __HAVE_CPU_DATA_FIRST
#define __HAVE_CPU_COUNTER
#define __HAVE_SYSCALL_INTERN
#define __HAVE_MINIMAL_EMUL
#define __HAVE_ATOMIC64_OPS
#if __SIZEOF_POINTER__ == 8
#define __HAVE_ATOMIC64_LOADSTORE
#endif
#if defined(__x86_64__) || defined(__i386__) || defined(__wasm__)
#define __NO_STRICT_ALIGNMENT
#endif
#if defined(__x86_64__) || defined(__i386__)
#define __HAVE_ATOMIC_AS_MEMBAR
#endif

#endif
