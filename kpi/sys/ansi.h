/* SPDX-License-Identifier: BSD-2-Clause */
/* Types that several standard headers must define under more than one name. */
#ifndef _SYS_ANSI_H_
#define _SYS_ANSI_H_

#include <machine/int_types.h>

typedef char *		__caddr_t;
typedef __uint32_t	__accmode_t;
typedef __int32_t	__devmajor_t;
typedef __int32_t	__devminor_t;
typedef __uint64_t	__fsblkcnt_t;
typedef __uint64_t	__fsfilcnt_t;
typedef __uint32_t	__gid_t;
typedef __uint32_t	__uid_t;
typedef __uint32_t	__mode_t;
typedef __int64_t	__off_t;
typedef __int32_t	__pid_t;
typedef __uint32_t	__in_addr_t;
typedef __uint16_t	__in_port_t;
typedef __uint8_t	__sa_family_t;
typedef unsigned int	__socklen_t;
typedef __builtin_va_list	__va_list;

/* The underlying types, where a header asks by macro. */
#define _BSD_CLOCK_T_		unsigned int
#define _BSD_CLOCKID_T_		int
#define _BSD_PTRDIFF_T_		__PTRDIFF_TYPE__
#define _BSD_SIZE_T_		__SIZE_TYPE__
#define _BSD_SSIZE_T_		__PTRDIFF_TYPE__
#define _BSD_TIME_T_		__int64_t
#define _BSD_TIMER_T_		int
#define _BSD_SUSECONDS_T_	int
#define _BSD_USECONDS_T_	unsigned int
#define _BSD_UINT8_T_		__uint8_t
#define _BSD_UINT32_T_		__uint32_t

#endif
