/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether there is a kernel, and who may come in: gate.c. */
#ifndef _KERN_GATE_H_
#define _KERN_GATE_H_

#include <sys/types.h>

enum kern_state {
	KERN_DOWN,		/* never booted, or halted */
	KERN_STARTING,
	KERN_UP,
	KERN_CLOSING,		/* is a thread of the program inside? */
	KERN_HALTING,		/* none is, none comes in; the kernel works */
	KERN_STOPPING		/* its threads leave; nobody comes in */
};

/* Whose a thread from outside is; l_implicit of its lwp. */
enum visitor {
	VISITOR_NONE,
	VISITOR_PROGRAM,
	VISITOR_HOST,		/* of the hypercall library, or it is ending */
	VISITOR_COMPONENT,	/* of a component's half in the host */
	VISITOR_GONE		/* it ended when it could not come in */
};
#define VISITOR_FLAG	8U	/* beside it in l_implicit: entry.c */

enum kern_state gate_state(void);

/*
 * Change the state from one to another, once nobody else is changing it.
 *
 * to   STARTING, from DOWN; CLOSING, from UP.
 * Returns whether it was; if not, the kernel is UP, or DOWN.
 * Context: outside the kernel.  Waits.
 */
bool	gate_change(enum kern_state to);

/* The next state, by whom gate_change let change it. */
void	gate_set(enum kern_state);

/*
 * The long way in.  gate_pass counts the caller as coming, when it may come
 * in; it waits while that is not known.  gate_passed takes it off the count:
 * from then on lwp_visitors_inside finds it, if it is inside.  A thread that
 * is inside and changes lwps does so between gate_move and gate_passed.
 *
 * With no kernel to come into, gate_pass ends the program, unless the thread
 * is ending: then it returns false, and the caller does not count.
 */
void	gate_pass(enum visitor);
bool	gate_pass_ending(void);
void	gate_move(enum visitor);
void	gate_passed(enum visitor);

/* Would gate_pass let it pass, at this moment? */
bool	gate_admits(enum visitor);

/*
 * How many are coming (GATE_COMING), and a number that is another whenever one
 * has come.
 */
#define GATE_COMING	0xffffU
u_int	gate_count(enum visitor);

#endif
