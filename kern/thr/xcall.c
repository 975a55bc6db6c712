/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xcall(9): run a function on other CPUs.
 *
 * A virtual CPU is a token, so nobody has to be interrupted: the caller itself
 * goes to each CPU in turn and calls the function there.  Whoever held the CPU
 * before has left it by then, and since nothing is preempted, it was not in
 * the middle of anything that lasts only while one holds a CPU.  So a cross
 * call is done when it returns, there is nothing to wait for, and both
 * priorities are the same.
 *
 * The caller may hold adaptive locks: who waits for one leaves his CPU.
 */
#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/systm.h>
#include <sys/xcall.h>

#include <rump-private/sched.h>

unsigned int
xc_encode_ipl(int ipl)
{

	KASSERT(ipl >= IPL_SOFTCLOCK && ipl <= IPL_SOFTSERIAL);
	return (unsigned int)ipl << 8;
}

void
xc_init(void)
{
}

void
xc_init_cpu(struct cpu_info *ci)
{
}

static void
call_on(struct cpu_info *ci, xcfunc_t func, void *arg1, void *arg2)
{
	int bound = curlwp_bind();

	rump_cpu_migrate(ci);
	if (func != NULL)
		(*func)(arg1, arg2);
	curlwp_bindx(bound);
}

/*
 * Call func(arg1, arg2) on CPU ci.
 *
 * Returns a ticket for xc_wait.
 * Context: thread without spin mutexes, may sleep and comes back on any CPU,
 * unless it is bound: then on its own.
 */
uint64_t
xc_unicast(u_int flags, xcfunc_t func, void *arg1, void *arg2, struct cpu_info *ci)
{
	struct cpu_info *home = curcpu();
	bool bound = (curlwp->l_pflag & LP_BOUND) != 0;

	call_on(ci, func, arg1, arg2);
	if (bound)
		rump_cpu_migrate(home);
	return 0;
}

/* The same on each CPU, one after the other. */
uint64_t
xc_broadcast(u_int flags, xcfunc_t func, void *arg1, void *arg2)
{
	struct cpu_info *home = curcpu(), *ci;
	bool bound = (curlwp->l_pflag & LP_BOUND) != 0;

	for (u_int i = 0; (ci = cpu_lookup(i)) != NULL; i++)
		call_on(ci, func, arg1, arg2);
	if (bound)
		rump_cpu_migrate(home);
	return 0;
}

void
xc_wait(uint64_t ticket)
{

	KASSERT(ticket == 0);
}

/* Return once every thread that held a CPU has left it. */
void
xc_barrier(u_int flags)
{

	xc_broadcast(flags, NULL, NULL, NULL);
}
