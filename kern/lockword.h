/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing the word of a lock.  Lock words change only in threads that hold a
 * virtual CPU.  So where there is one CPU, no two threads do it at a time, a
 * plain compare and store will do, and passing on the CPU orders them.
 */
#ifndef _KERN_LOCKWORD_H_
#define _KERN_LOCKWORD_H_

#include "sched.h"

static __inline __unused uintptr_t
lockword_get(const volatile uintptr_t *word)
{

	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static __inline __unused bool
lockword_change(volatile uintptr_t *word, uintptr_t from, uintptr_t to,
    const int order)
{

	if (__predict_false(sched_uni)) {
		if (__atomic_load_n(word, __ATOMIC_RELAXED) != from)
			return false;
		__atomic_store_n(word, to, __ATOMIC_RELAXED);
		return true;
	}
	return __atomic_compare_exchange_n(word, &from, to, false, order,
	    __ATOMIC_RELAXED);
}

/* Take and release a lock by changing its word: what is between stays there. */
static __inline __unused bool
lockword_acquire(volatile uintptr_t *word, uintptr_t from, uintptr_t to)
{

	return lockword_change(word, from, to, __ATOMIC_ACQUIRE);
}

static __inline __unused bool
lockword_release(volatile uintptr_t *word, uintptr_t from, uintptr_t to)
{

	return lockword_change(word, from, to, __ATOMIC_RELEASE);
}

#endif
