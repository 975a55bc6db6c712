/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling: policies as programs name them, state of a CPU, yielding. */
#ifndef _SYS_SCHED_H_
#define _SYS_SCHED_H_

#include <sys/types.h>

struct sched_param {
	int	sched_priority;
};

#define SCHED_NONE	(-1)
#define SCHED_OTHER	0
#define SCHED_FIFO	1
#define SCHED_RR	2

typedef struct _cpuset cpuset_t;

/* clone(2). */
#define CLONE_CSIGNAL	0x000000ff
#define CLONE_VM	0x00000100
#define CLONE_FS	0x00000200
#define CLONE_FILES	0x00000400
#define CLONE_SIGHAND	0x00000800
#define CLONE_PTRACE	0x00002000
#define CLONE_VFORK	0x00004000

/* What a CPU's time goes to. */
#define CP_USER		0
#define CP_NICE		1
#define CP_SYS		2
#define CP_INTR		3
#define CP_IDLE		4
#define CPUSTATES	5

#if defined(_KERNEL) || defined(_KMEMUSER)

struct kmutex;
struct lwp;
struct proc;
struct cpu_info;

struct schedstate_percpu {
	volatile int	spc_flags;		/* SPCF_* */
	volatile pri_t	spc_curpriority;
	psetid_t	spc_psid;
	time_t		spc_lastmod;
	uint64_t	spc_cp_time[CPUSTATES];	/* ticks */
	struct kmutex	*spc_mutex;
	struct kmutex	*spc_lwplock;
};

#define SPCF_SEENRR	0x0001
#define SPCF_SHOULDYIELD	0x0002
#define SPCF_OFFLINE	0x0004
#define SPCF_RUNNING	0x0008
#define SPCF_NOINTR	0x0010
#define SPCF_IDLE	0x0020
#define SPCF_1STCLASS	0x0040
#define SPCF_CORE1ST	0x0100
#define SPCF_PACKAGE1ST	0x0200
#define SPCF_SWITCHCLEAR	(SPCF_SEENRR | SPCF_SHOULDYIELD)

#endif

#ifdef _KERNEL

/* Give the CPU to who waits for it, if anyone does.  No spin mutex held. */
void	yield(void);
void	preempt(void);
/* Cheap enough for a long loop: yields only if preempt_needed. */
bool	preempt_needed(void);
void	preempt_point(void);
bool	kpreempt(uintptr_t);
void	suspendsched(void);

#endif
#endif
