/* SPDX-License-Identifier: BSD-2-Clause */
/* C11 7.20: integer types, their limits and constants. */
#ifndef _SYS_STDINT_H_
#define _SYS_STDINT_H_

#include <sys/ansi.h>

typedef __int8_t	int8_t;
typedef __uint8_t	uint8_t;
typedef __int16_t	int16_t;
typedef __uint16_t	uint16_t;
typedef __int32_t	int32_t;
typedef __uint32_t	uint32_t;
typedef __int64_t	int64_t;
typedef __uint64_t	uint64_t;
typedef __intptr_t	intptr_t;
typedef __uintptr_t	uintptr_t;
typedef __INTMAX_TYPE__	intmax_t;
typedef __UINTMAX_TYPE__	uintmax_t;
typedef __int8_t	int_least8_t, int_fast8_t;
typedef __uint8_t	uint_least8_t, uint_fast8_t;
typedef __int16_t	int_least16_t;
typedef __uint16_t	uint_least16_t;
typedef __int32_t	int_least32_t, int_fast16_t, int_fast32_t;
typedef __uint32_t	uint_least32_t, uint_fast16_t, uint_fast32_t;
typedef __int64_t	int_least64_t, int_fast64_t;
typedef __uint64_t	uint_least64_t, uint_fast64_t;

#define INT8_MAX	__INT8_MAX__
#define INT8_MIN	(-INT8_MAX - 1)
#define UINT8_MAX	__UINT8_MAX__
#define INT16_MAX	__INT16_MAX__
#define INT16_MIN	(-INT16_MAX - 1)
#define UINT16_MAX	__UINT16_MAX__
#define INT32_MAX	__INT32_MAX__
#define INT32_MIN	(-INT32_MAX - 1)
#define UINT32_MAX	__UINT32_MAX__
#define INT64_MAX	__INT64_MAX__
#define INT64_MIN	(-INT64_MAX - 1)
#define UINT64_MAX	__UINT64_MAX__
#define INTPTR_MAX	__INTPTR_MAX__
#define INTPTR_MIN	(-INTPTR_MAX - 1)
#define UINTPTR_MAX	__UINTPTR_MAX__
#define INTMAX_MAX	__INTMAX_MAX__
#define INTMAX_MIN	(-INTMAX_MAX - 1)
#define UINTMAX_MAX	__UINTMAX_MAX__
#define PTRDIFF_MAX	__PTRDIFF_MAX__
#define PTRDIFF_MIN	(-PTRDIFF_MAX - 1)
#define SIZE_MAX	__SIZE_MAX__

#define __KPI_PASTE(a, b)	a##b
#define __KPI_SUFFIX(a, b)	__KPI_PASTE(a, b)
#define INT8_C(c)	c
#define UINT8_C(c)	c
#define INT16_C(c)	c
#define UINT16_C(c)	c
#define INT32_C(c)	c
#define UINT32_C(c)	c##U
#if __SIZEOF_LONG__ == 8
#define INT64_C(c)	c##L
#define UINT64_C(c)	c##UL
#define INTMAX_C(c)	c##L
#define UINTMAX_C(c)	c##UL
#else
#define INT64_C(c)	c##LL
#define UINT64_C(c)	c##ULL
#define INTMAX_C(c)	c##LL
#define UINTMAX_C(c)	c##ULL
#endif

#endif
