/* SPDX-License-Identifier: BSD-2-Clause */
/* A byte that one thread at a time may set (__cpu_simple_lock). */
#ifndef _MACHINE_LOCK_H_
#define _MACHINE_LOCK_H_

#include <sys/types.h>

static __inline __unused void
__cpu_simple_lock_init(__cpu_simple_lock_t *lock)
{

	__atomic_store_n(lock, __SIMPLELOCK_UNLOCKED, __ATOMIC_RELAXED);
}

static __inline __unused int
__cpu_simple_lock_try(__cpu_simple_lock_t *lock)
{

	return __atomic_exchange_n(lock, __SIMPLELOCK_LOCKED,
	    __ATOMIC_ACQUIRE) == __SIMPLELOCK_UNLOCKED;
}

static __inline __unused void
__cpu_simple_lock(__cpu_simple_lock_t *lock)
{

	while (!__cpu_simple_lock_try(lock))
		continue;
}

static __inline __unused void
__cpu_simple_unlock(__cpu_simple_lock_t *lock)
{

	__atomic_store_n(lock, __SIMPLELOCK_UNLOCKED, __ATOMIC_RELEASE);
}

#define __SIMPLELOCK_LOCKED_P(lock)	(*(lock) == __SIMPLELOCK_LOCKED)
#define __SIMPLELOCK_UNLOCKED_P(lock)	(*(lock) == __SIMPLELOCK_UNLOCKED)

#endif
