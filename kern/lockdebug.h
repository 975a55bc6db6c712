/* SPDX-License-Identifier: BSD-2-Clause */
/* Lock checking, beyond what sys/lockdebug.h offers: see lockdebug.c. */
#ifndef _KERN_LOCKDEBUG_H_
#define _KERN_LOCKDEBUG_H_

#include <sys/types.h>

/* Halt: give the records' memory back. */
#ifdef LOCKDEBUG
void	lockdebug_fini(void);
#else
#define lockdebug_fini()	((void)0)
#endif

/*
 * For tests: called with each error that is found, which then is not fatal;
 * what follows from it may be.  NULL: errors are panics.
 *
 * func   which found it.   what   the rule.
 * where  in the code the lock was wanted, released, or destroyed, or its
 *        memory freed.
 */
extern void (*lockdebug_hook)(const char *func, const char *what,
	    uintptr_t where);

/* How often locks were taken in an order opposite to one seen before. */
extern volatile u_int lockdebug_reversals;

/* The order of kinds of locks: lockorder.c.  Kinds count from 0. */
#define LOCKORDER_KINDS	1024

/* Locks that are made at the same place in the code are of one kind. */
u_int	lockorder_kind(uintptr_t made_at);
uintptr_t lockorder_made_at(u_int kind);

/*
 * A lock of kind `then` was taken while one of kind `first` was held.
 * Returns whether the opposite order was seen before, directly or over others,
 * and this one is new.
 */
bool	lockorder_add(u_int first, u_int then);

#endif
