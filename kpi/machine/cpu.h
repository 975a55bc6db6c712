/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The current lwp and CPU.
 *
 * curlwp has three flavours, chosen per build: the compiler's thread-local
 * storage (default), or a call (RUMP_CURLWP_CALL) for hosts where the kernel
 * cannot share it.  It lives in the host's per-thread record, which the second
 * set of hypercalls declares (rump/rumpuser.h).
 */
#ifndef _MACHINE_CPU_H_
#define _MACHINE_CPU_H_

#include <sys/cdefs.h>

struct lwp;
struct cpu_info;

#ifndef RUMPUSER2_THREAD_DECLARED
#define RUMPUSER2_THREAD_DECLARED
struct rumpuser2_thread {
	struct lwp	*rt_curlwp;	/* current lwp, NULL outside the kernel */
	void		*rt_cache;	/* the kernel's lwp for this thread, or NULL */
};
#endif

#ifdef RUMP_CURLWP_CALL
struct rumpuser2_thread *rumpuser2_thread(void);
#define rump_thread_self()	(rumpuser2_thread())
#else
extern __thread struct rumpuser2_thread rumpuser2_tls;
#define rump_thread_self()	(&rumpuser2_tls)
#endif

#define curlwp		(rump_thread_self()->rt_curlwp)
#define curcpu()	(curlwp->l_cpu)
#define cpu_number()	cpu_index(curcpu())

#define CPU_INFO_ITERATOR	u_int
#define CPU_INFO_FOREACH(i, ci) \
	(i) = 0; ((ci) = cpu_lookup(i)) != NULL; (i)++

/* Busy-wait, in microseconds. */
void	rump_delay(unsigned int us);
#define delay(us)	rump_delay(us)
#define DELAY(us)	rump_delay(us)

#define cpu_swapout(l)
#define cpu_swapin(l)

/* What a page's "physical" address is: its address. */
#define vtophys(va)	((paddr_t)(va))

#endif
