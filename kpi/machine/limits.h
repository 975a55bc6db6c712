/* SPDX-License-Identifier: BSD-2-Clause */
/* C11 5.2.4.2.1, and the older names that kernel sources still use. */
#ifndef _MACHINE_LIMITS_H_
#define _MACHINE_LIMITS_H_

#define CHAR_BIT	8
#define SCHAR_MAX	127
#define SCHAR_MIN	(-SCHAR_MAX - 1)
#define UCHAR_MAX	255
#ifdef __CHAR_UNSIGNED__
#define CHAR_MAX	UCHAR_MAX
#define CHAR_MIN	0
#else
#define CHAR_MAX	SCHAR_MAX
#define CHAR_MIN	SCHAR_MIN
#endif
#define SHRT_MAX	__SHRT_MAX__
#define SHRT_MIN	(-SHRT_MAX - 1)
#define USHRT_MAX	(2 * SHRT_MAX + 1)
#define INT_MAX		__INT_MAX__
#define INT_MIN		(-INT_MAX - 1)
#define UINT_MAX	(2U * INT_MAX + 1)
#define LONG_MAX	__LONG_MAX__
#define LONG_MIN	(-LONG_MAX - 1)
#define ULONG_MAX	(2UL * LONG_MAX + 1)
#define LLONG_MAX	__LONG_LONG_MAX__
#define LLONG_MIN	(-LLONG_MAX - 1)
#define ULLONG_MAX	(2ULL * LLONG_MAX + 1)

#define QUAD_MAX	LLONG_MAX
#define QUAD_MIN	LLONG_MIN
#define UQUAD_MAX	ULLONG_MAX
#define SIZE_T_MAX	ULONG_MAX
#define SSIZE_MAX	LONG_MAX
#define SSIZE_MIN	LONG_MIN
#define LONG_BIT	(8 * __SIZEOF_LONG__)
#define WORD_BIT	32

#endif
