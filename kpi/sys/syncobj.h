/* SPDX-License-Identifier: BSD-2-Clause */
/* What an lwp waits on, for listings. */
#ifndef _SYS_SYNCOBJ_H_
#define _SYS_SYNCOBJ_H_

#include <sys/types.h>

typedef const volatile void *wchan_t;

typedef struct syncobj {
	u_int		sobj_flag;
	const char	*sobj_name;
} syncobj_t;

#define SOBJ_SLEEPQ_SORTED	0x01
#define SOBJ_SLEEPQ_LIFO	0x04
#define SOBJ_SLEEPQ_NULL	0x08

#endif
