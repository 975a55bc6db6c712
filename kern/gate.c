/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's state, and how a halt gets it for itself.
 *
 *	DOWN -> STARTING -> UP -> CLOSING -> HALTING -> STOPPING -> DOWN
 *	                    UP <- CLOSING
 *
 * A thread of the program comes in only while the kernel is UP; else it waits
 * until that is so again, and if the kernel goes DOWN it has made a mistake.
 * Threads of the hypercall library, which end transfers, and threads that end
 * come in until STOPPING: the halt waits for them.  So it does for threads of
 * components, since hooks of the halt may join those; they do not come in
 * later.
 *
 * rump_halt must know that no thread is inside, and nobody may pay for that
 * but itself.  There are two ways in.  The short one, to a CPU that is biased
 * to the lwp, is  l_oncpu = 1; F; is the CPU biased to me?  (sched.h).  The
 * long one goes through gate_pass.  The halt does
 *
 *	state = CLOSING;
 *	take all biases away, under the scheduler's lock;
 *	barrier on all threads;
 *	look: who is counted as coming?  whose l_oncpu is not 0?  has anybody
 *	    who was counted come meanwhile?
 *
 * Let V take the short way.  The barrier is somewhere in V's execution.  If
 * l_oncpu = 1 is before it, the halt sees that V is inside.  If it is after,
 * V sees that the bias is gone, and takes the long way.  There V adds itself
 * to the count, then loads the state; the halt has stored the state, then loads
 * the count; all four are sequentially consistent, so either V sees CLOSING,
 * takes itself off the count and waits, or the halt sees V.  Who got in is on the
 * list of lwps, with l_oncpu set or another mark that lwp_visitors_inside knows,
 * before it takes itself off.
 *
 * Let V, inside, go on as another lwp: then the halt may have looked at the new
 * one before and at the old one after.  So V counts itself as coming meanwhile.
 * If the halt sees the old lwp outside, it sees that V had begun to count; if it
 * did not see V counted before it looked, the number has changed when it looks
 * there again.
 *
 * Let V leave.  Its last access to anything of the kernel comes before the
 * store of 0 to l_oncpu, which is a release (sched_leave); so what the halt
 * finds outside does nothing more, and its work is visible.
 *
 * The memory of CPUs goes at the end (lwp_disown_all): V may have read l_cpu
 * before it was taken away, and be about to look whether that CPU is biased.
 * Its l_oncpu is 1 all the while, so the halt waits until that is over.
 *
 * The state is changed from rest (DOWN, UP) by whoever gets there first, and by
 * nobody else until it is at rest again.  Waiting is by looking again after a
 * while: it is rare, and nothing of the kernel can be relied on.
 */
#include "gate.h"

#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "sched.h"

#define LOOK_NS_MIN	20000
#define LOOK_NS_MAX	1000000

static volatile u_int state __rump_keep;
static volatile u_int counts[VISITOR_GONE] __rump_keep;

enum kern_state
gate_state(void)
{

	return __atomic_load_n(&state, __ATOMIC_SEQ_CST);
}

void
gate_set(enum kern_state to)
{

	__atomic_store_n(&state, to, __ATOMIC_SEQ_CST);
}

/* Let others get on; *ns: how long it took last time, 0 at first. */
static void
look_again(int64_t *ns)
{

	*ns = *ns == 0 ? LOOK_NS_MIN : MIN(*ns * 2, LOOK_NS_MAX);
	(void)rumpuser2_park(rumpuser2_clock() + *ns);
}

bool
gate_change(enum kern_state to)
{
	u_int from = to == KERN_STARTING ? KERN_DOWN : KERN_UP, now;
	int64_t ns = 0;

	for (;;) {
		now = from;
		if (__atomic_compare_exchange_n(&state, &now, to, false,
		    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return true;
		if (now == KERN_DOWN || now == KERN_UP)
			return false;
		look_again(&ns);
	}
}

static void
count(enum visitor v, u_int n)
{

	__atomic_fetch_add(&counts[v], n, __ATOMIC_SEQ_CST);
}

static bool
admits(enum visitor v, enum kern_state s)
{

	switch (v) {
	case VISITOR_HOST:
		return s != KERN_DOWN;
	case VISITOR_COMPONENT:
		return s != KERN_DOWN && s != KERN_STOPPING;
	default:
		return s == KERN_UP;
	}
}

bool
gate_admits(enum visitor v)
{

	return admits(v, gate_state());
}

void
gate_pass(enum visitor v)
{
	enum kern_state s;
	int64_t ns = 0;

	for (;;) {
		count(v, 1);
		s = gate_state();
		if (admits(v, s))
			return;
		count(v, -1u);
		if (s == KERN_DOWN) {
			rumpuser_dprintf("rump kernel: entered, but not running\n");
			rumpuser_exit(RUMPUSER_PANIC);
		}
		look_again(&ns);
	}
}

bool
gate_pass_ending(void)
{
	enum kern_state s;

	count(VISITOR_HOST, 1);
	s = gate_state();
	if (s != KERN_DOWN && s != KERN_STOPPING)
		return true;
	count(VISITOR_HOST, -1u);
	return false;
}

void
gate_move(enum visitor v)
{

	count(v, 1);
}

/* One fewer that comes, one more that has come. */
void
gate_passed(enum visitor v)
{

	count(v, GATE_COMING);
}

u_int
gate_count(enum visitor v)
{

	return __atomic_load_n(&counts[v], __ATOMIC_SEQ_CST);
}
