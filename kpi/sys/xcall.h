/* SPDX-License-Identifier: BSD-2-Clause */
/* Cross calls: functions to be run on other CPUs. */
#ifndef _SYS_XCALL_H_
#define _SYS_XCALL_H_

#include <sys/types.h>

#ifdef _KERNEL

typedef void (*xcfunc_t)(void *, void *);

struct cpu_info;

/* Run at a soft interrupt's level instead of in a thread. */
#define XC_HIGHPRI		0x01
#define XC_HIGHPRI_IPL(ipl)	(XC_HIGHPRI | xc_encode_ipl(ipl))
unsigned int xc_encode_ipl(int ipl);

void	xc_init(void);
void	xc_init_cpu(struct cpu_info *);

uint64_t xc_broadcast(u_int flags, xcfunc_t, void *, void *);
uint64_t xc_unicast(u_int flags, xcfunc_t, void *, void *, struct cpu_info *);
void	xc_wait(uint64_t);
/* Return once each CPU has been through the scheduler or a cross call. */
void	xc_barrier(u_int flags);

#endif
#endif
