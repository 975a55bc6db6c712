/* SPDX-License-Identifier: BSD-2-Clause */
/* A page that kernel and program share, with a word for each lwp. */
#ifndef _SYS_LWPCTL_H_
#define _SYS_LWPCTL_H_

#define LWPCTL_FEATURE_CURCPU	0x00000001
#define LWPCTL_FEATURE_PCTR	0x00000002

#define LWPCTL_CPU_NONE		(-1)
#define LWPCTL_CPU_EXITED	(-2)

typedef struct lwpctl {
	volatile int	lc_curcpu;
	volatile int	lc_pctr;
} lwpctl_t;

#endif
