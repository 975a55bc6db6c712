/* SPDX-License-Identifier: BSD-2-Clause */
/* Types of per-CPU storage. */
#ifndef _SYS_PERCPU_TYPES_H_
#define _SYS_PERCPU_TYPES_H_

#include <sys/types.h>

typedef struct percpu_cpu {
	void	*pcc_data;		/* this CPU's area */
	size_t	pcc_size;
} percpu_cpu_t;

struct percpu;
typedef struct percpu percpu_t;

#endif
