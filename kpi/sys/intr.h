/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt levels and soft interrupts (softint(9), spl(9)).  Levels are kept
 * for the KPI: they choose between adaptive and spin mutexes; nothing runs in
 * a hardware interrupt.
 */
#ifndef _SYS_INTR_H_
#define _SYS_INTR_H_

#include <sys/types.h>

#define IPL_NONE	0
#define IPL_PREEMPT	1
#define IPL_SOFTCLOCK	2
#define IPL_SOFTBIO	3
#define IPL_SOFTNET	4
#define IPL_SOFTSERIAL	5
#define IPL_VM		6
#define IPL_SCHED	7
#define IPL_HIGH	8
#define NIPL		9

#define IPL_BIO		IPL_VM
#define IPL_NET		IPL_VM
#define IPL_TTY		IPL_VM
#define IPL_AUDIO	IPL_SCHED
#define IPL_CLOCK	IPL_SCHED
#define IPL_SERIAL	IPL_HIGH

/* Sizes of the strings that name an interrupt. */
#define INTRIDBUF	64
#define INTRDEVNAMEBUF	256

struct cpu_info;

/* softint_establish: a level, and how its handler runs. */
#define SOFTINT_BIO	0x0000
#define SOFTINT_CLOCK	0x0001
#define SOFTINT_SERIAL	0x0002
#define SOFTINT_NET	0x0003
#define SOFTINT_COUNT	4
#define SOFTINT_LVLMASK	0x00ff
#define SOFTINT_MPSAFE	0x0100
#define SOFTINT_RCPU	0x0200

void	*softint_establish(u_int flags, void (*func)(void *), void *arg);
void	softint_disestablish(void *handle);
void	softint_schedule(void *handle);
void	softint_schedule_cpu(void *handle, struct cpu_info *ci);

#include <sys/spl.h>

#endif
