/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual CPUs: who may run kernel code.  doc/scheduling.md has the protocol
 * and its proof.
 *
 * The word ci_owner says whose a CPU is:
 *
 *   0             nobody's: the first to exchange it for itself has it
 *   l             held by lwp l, until l stores 0
 *   l | BIASED    reserved for l, which comes and goes without writing here:
 *                 l->l_oncpu says whether it is in
 *   l | REVOKED   was biased; a waiter wants it.  Changes under sched's lock only
 */
#ifndef _KERN_SCHED_H_
#define _KERN_SCHED_H_

#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/lwp.h>

#include "cputime.h"

#define OWNER_BIASED	((uintptr_t)1)
#define OWNER_REVOKED	((uintptr_t)2)
#define OWNER_FLAGS	((uintptr_t)3)
#define OWNER_LWP(o)	((struct lwp *)((o) & ~OWNER_FLAGS))

/* l_oncpu: on its CPU or trying to be; off it, but still in the scheduler; 0. */
#define ONCPU_IN	1
#define ONCPU_LEAVING	2

/* Set at boot and only read afterwards. */
extern bool	sched_asymmetric;	/* the host has a membarrier */
extern bool	sched_uni;		/* there is one CPU: see lockword.h */
extern uint64_t	sched_bootgen;		/* number of this boot; 0: not booted */

/* Threads that wait for a CPU. */
extern volatile u_int sched_nwaiting;

/* Kept over halt and boot: not part of the data that a halt restores. */
#define __rump_keep	__section("rump_keep")

void	sched_init(void);		/* CPUs, and the caller is lwp0 on one */
void	sched_fini(void);

/*
 * Take a CPU for l: the one it had last or, if not bound, any.
 *
 * l   the calling thread's, not on a CPU.
 * Blocks.  l->l_cpu is the CPU.
 */
void	sched_enter_slow(struct lwp *l, bool bound);
/* Give back what l holds: the part that is more than two stores. */
void	sched_leave_slow(struct lwp *l, struct cpu_info *ci);

/* Before memory goes: nobody finds l through a CPU any more. */
void	sched_detach(struct lwp *l);
/* The CPU that from holds becomes to's, which holds none. */
void	sched_transfer(struct lwp *from, struct lwp *to);
/* The caller continues on ci; it is no soft interrupt. */
void	sched_move(struct cpu_info *ci);
/* Give the CPU to who waits for one, and get in line; or let the host run others. */
void	sched_yield(void);
/* No CPU is biased any more: each entry takes the long way. */
void	sched_unbias_all(void);
/* All threads of the process have seen what the caller did before. */
void	sched_barrier(void);

/*
 * The owner's half of the asymmetric fence: nothing where the other side has
 * a membarrier.
 */
static __inline __unused void
sched_owner_fence(void)
{

	if (__predict_true(sched_asymmetric))
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
	else
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* Enter a CPU that is biased to l: no locked operation. */
static __inline __unused bool
sched_enter_biased(struct lwp *l)
{
	struct cpu_info *ci;

	__atomic_store_n(&l->l_oncpu, ONCPU_IN, __ATOMIC_RELAXED);
	sched_owner_fence();
	ci = __atomic_load_n(&l->l_cpu, __ATOMIC_RELAXED);
	return __atomic_load_n(&ci->ci_owner, __ATOMIC_ACQUIRE) ==
	    ((uintptr_t)l | OWNER_BIASED);
}

static __inline __unused void
sched_enter(struct lwp *l)
{

	if (__predict_false(!sched_enter_biased(l)))
		sched_enter_slow(l, (l->l_pflag & (int)LP_BOUND) != 0);
}

/*
 * No fence follows the first store, on any host: who waits for a CPU makes sure
 * that it is noticed.  The CPU is gone with it; the second says that this
 * thread has nothing more to do with the kernel.
 */
static __inline __unused void
sched_leave(struct lwp *l)
{
	struct cpu_info *ci = l->l_cpu;

	__atomic_store_n(&l->l_oncpu, ONCPU_LEAVING, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (__predict_false(__atomic_load_n(&ci->ci_owner, __ATOMIC_RELAXED) !=
	    ((uintptr_t)l | OWNER_BIASED) ||
	    __atomic_load_n(&sched_nwaiting, __ATOMIC_RELAXED) != 0))
		sched_leave_slow(l, ci);
	__atomic_store_n(&l->l_oncpu, 0, __ATOMIC_RELEASE);
}

/* The lwp in whose name l has its CPU: its own, unless it is a soft interrupt. */
static __inline __unused struct lwp *
sched_holder(struct lwp *l)
{

	return l->l_holder != NULL ? l->l_holder : l;
}

/*
 * The holder gives its CPU up and will come back: it is still in the kernel,
 * whatever it waits for, and a halt must not think otherwise.  Low bits: how
 * often it is away; the rest changes each time that it is back.
 */
#define AWAY_MASK	0xffffU

static __inline __unused void
sched_mark_away(struct lwp *holder)
{

	__atomic_store_n(&holder->l_inhost, holder->l_inhost + 1,
	    __ATOMIC_RELAXED);
}

static __inline __unused void
sched_mark_back(struct lwp *holder)
{

	__atomic_store_n(&holder->l_inhost, holder->l_inhost + AWAY_MASK,
	    __ATOMIC_RELEASE);
}

/* And its time stands still meanwhile. */
static __inline __unused void
sched_away(struct lwp *holder)
{

	cputime_stop(holder);
	sched_mark_away(holder);
}

static __inline __unused void
sched_back(struct lwp *holder)
{

	cputime_start(holder);
	sched_mark_back(holder);
}

#endif
