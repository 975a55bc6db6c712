/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual CPUs.  A thread runs kernel code only while it holds one;
 * curcpu() names it and may change over each call that can sleep.
 */
#ifndef _SYS_CPU_H_
#define _SYS_CPU_H_

#include <machine/cpu.h>
#ifdef _KERNEL
#include <sys/types.h>
#include <sys/cpu_data.h>
#include <sys/lwp.h>

struct softint_cpu;

struct cpu_info {
	/*
	 * Who holds the CPU: see kern/sched.c.  This line is read by its
	 * user on each entry and exit, and written by others only to take
	 * the CPU away.
	 */
	volatile uintptr_t ci_owner;
	volatile u_int	ci_softpending;	/* levels with work; the holder's */
	u_int		ci_streak;	/* times in a row that one lwp came */
	u_int		ci_streak_min;	/* streak after which it is biased */
	struct lwp	*ci_last;	/* lwp of the streak */

	/* Written by the holder. */
	struct lwp	*ci_onproc __aligned(COHERENCY_UNIT);
	u_int		ci_want_resched;
	int		ci_mtx_count;	/* spin mutexes, negative */
	int		ci_mtx_oldspl;
	uint64_t	ci_nswitch;

	/* Set once. */
	struct cpu_info	*ci_self;
	cpuid_t		ci_cpuid;
	struct device	*ci_dev;
	struct softint_cpu *ci_softint;

	struct cpu_data	ci_data __aligned(COHERENCY_UNIT);
} __aligned(COHERENCY_UNIT);

/* cpu_need_resched: where, and how hard. */
#define RESCHED_REMOTE		0x01
#define RESCHED_IDLE		0x02
#define RESCHED_UPREEMPT	0x04
#define RESCHED_KPREEMPT	0x08

extern u_int	maxcpus;	/* at most */
extern int	ncpu;		/* present */
extern int	ncpuonline;
extern struct cpu_info **cpu_infos;
extern kmutex_t	cpu_lock;

/* The CPU with this index, or NULL. */
struct cpu_info *cpu_lookup(u_int idx);

static __inline __unused u_int
cpu_index(const struct cpu_info *ci)
{

	return ci->ci_index;
}

static __inline __unused char *
cpu_name(struct cpu_info *ci)
{

	return ci->ci_cpuname;
}

bool	cpu_intr_p(void);	/* in a hardware interrupt: never */
bool	cpu_softintr_p(void);	/* in a soft interrupt */
bool	cpu_kpreempt_disabled(void);

void	cpu_need_resched(struct cpu_info *, struct lwp *, int flags);
const char *cpu_getmodel(void);


#endif /* _KERNEL */
#endif
