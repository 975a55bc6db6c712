/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks under the kernel's own locks: for the scheduler and sleep queues.
 * A thread that has to wait parks as a host thread, whether it holds a
 * virtual CPU or not, so what is done under such a lock is a few lines that
 * neither sleep nor need a CPU.  Not recursive; a zeroed one is free.
 */
#ifndef _KERN_PARKLOCK_H_
#define _KERN_PARKLOCK_H_

#include <sys/types.h>

struct parklock {
	volatile uintptr_t pl_word;	/* bit 0: held; rest: stack of waiters */
};

void	parklock_enter_slow(struct parklock *);
void	parklock_exit_slow(struct parklock *);

static __inline __unused void
parklock_enter(struct parklock *pl)
{
	uintptr_t free = 0;

	if (!__atomic_compare_exchange_n(&pl->pl_word, &free, 1, false,
	    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		parklock_enter_slow(pl);
}

static __inline __unused void
parklock_exit(struct parklock *pl)
{
	uintptr_t held = 1;

	if (!__atomic_compare_exchange_n(&pl->pl_word, &held, 0, false,
	    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		parklock_exit_slow(pl);
}

static __inline __unused bool
parklock_held(const struct parklock *pl)
{

	return (__atomic_load_n(&pl->pl_word, __ATOMIC_RELAXED) & 1) != 0;
}

#endif
