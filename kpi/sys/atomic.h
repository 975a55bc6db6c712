/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * atomic_ops(3), atomic_loadstore(9), membar_ops(3).
 *
 * Read-modify-write operations are indivisible and sequentially consistent,
 * which is more than their contract asks.  The widths 32, 64, uint and ulong
 * each have: OP, OP_nv (returns the new value), cas and swap (return the old).
 * Context: any.
 */
#ifndef _SYS_ATOMIC_H_
#define _SYS_ATOMIC_H_

#include <sys/cdefs.h>
#include <sys/stdint.h>
#include <sys/types.h>

#define __KPI_ATOMIC	static __inline __unused
#define __KPI_RMW(fn, p, v)	__atomic_##fn((p), (v), __ATOMIC_SEQ_CST)

#define __KPI_ATOMIC_OPS(sfx, type, delta_name, delta)			\
__KPI_ATOMIC void							\
atomic_add_##delta_name(volatile type *p, delta v)			\
{									\
	__KPI_RMW(fetch_add, p, (type)v);				\
}									\
__KPI_ATOMIC type							\
atomic_add_##delta_name##_nv(volatile type *p, delta v)			\
{									\
	return __KPI_RMW(add_fetch, p, (type)v);			\
}									\
__KPI_ATOMIC void							\
atomic_inc_##sfx(volatile type *p)					\
{									\
	__KPI_RMW(fetch_add, p, 1);					\
}									\
__KPI_ATOMIC type							\
atomic_inc_##sfx##_nv(volatile type *p)					\
{									\
	return __KPI_RMW(add_fetch, p, 1);				\
}									\
__KPI_ATOMIC void							\
atomic_dec_##sfx(volatile type *p)					\
{									\
	__KPI_RMW(fetch_sub, p, 1);					\
}									\
__KPI_ATOMIC type							\
atomic_dec_##sfx##_nv(volatile type *p)					\
{									\
	return __KPI_RMW(sub_fetch, p, 1);				\
}									\
__KPI_ATOMIC void							\
atomic_and_##sfx(volatile type *p, type v)				\
{									\
	__KPI_RMW(fetch_and, p, v);					\
}									\
__KPI_ATOMIC type							\
atomic_and_##sfx##_nv(volatile type *p, type v)				\
{									\
	return __KPI_RMW(and_fetch, p, v);				\
}									\
__KPI_ATOMIC void							\
atomic_or_##sfx(volatile type *p, type v)				\
{									\
	__KPI_RMW(fetch_or, p, v);					\
}									\
__KPI_ATOMIC type							\
atomic_or_##sfx##_nv(volatile type *p, type v)				\
{									\
	return __KPI_RMW(or_fetch, p, v);				\
}									\
__KPI_ATOMIC type							\
atomic_swap_##sfx(volatile type *p, type v)				\
{									\
	return __KPI_RMW(exchange_n, p, v);				\
}									\
__KPI_ATOMIC type							\
atomic_cas_##sfx(volatile type *p, type expected, type v)		\
{									\
	__atomic_compare_exchange_n(p, &expected, v, 0,			\
	    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);			\
	return expected;						\
}									\
__KPI_ATOMIC type							\
atomic_cas_##sfx##_ni(volatile type *p, type expected, type v)		\
{									\
	return atomic_cas_##sfx(p, expected, v);			\
}

__KPI_ATOMIC_OPS(32, uint32_t, 32, int32_t)
__KPI_ATOMIC_OPS(64, uint64_t, 64, int64_t)
__KPI_ATOMIC_OPS(uint, unsigned int, int, int)
__KPI_ATOMIC_OPS(ulong, unsigned long, long, long)
#undef __KPI_ATOMIC_OPS

/* Pointers: add counts in bytes. */
__KPI_ATOMIC void
atomic_add_ptr(volatile void *p, ssize_t v)
{

	__KPI_RMW(fetch_add, (volatile uintptr_t *)p, (uintptr_t)v);
}

__KPI_ATOMIC void *
atomic_add_ptr_nv(volatile void *p, ssize_t v)
{

	return (void *)__KPI_RMW(add_fetch, (volatile uintptr_t *)p,
	    (uintptr_t)v);
}

__KPI_ATOMIC void *
atomic_swap_ptr(volatile void *p, void *v)
{

	return __KPI_RMW(exchange_n, (void *volatile *)p, v);
}

__KPI_ATOMIC void *
atomic_cas_ptr(volatile void *p, void *expected, void *v)
{

	__atomic_compare_exchange_n((void *volatile *)p, &expected, v, 0,
	    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return expected;
}
#define atomic_cas_ptr_ni(p, e, v)	atomic_cas_ptr((p), (e), (v))

/*
 * Barriers.  enter/exit are 9.99.88's names, acquire/release 10.0's.
 */
__KPI_ATOMIC void
membar_sync(void)
{

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

__KPI_ATOMIC void
membar_acquire(void)
{

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

__KPI_ATOMIC void
membar_release(void)
{

	__atomic_thread_fence(__ATOMIC_RELEASE);
}

/* Orders the store that took a lock before what follows: a full fence. */
#define membar_enter()			membar_sync()
#define membar_exit()			membar_release()
#define membar_producer()		membar_release()
#define membar_consumer()		membar_acquire()
#define membar_datadep_consumer()	__insn_barrier()

/* Single accesses that neither tear nor fuse; at most a word, aligned. */
#define atomic_load_relaxed(p)		__atomic_load_n((p), __ATOMIC_RELAXED)
#define atomic_load_acquire(p)		__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define atomic_load_consume(p)		__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define atomic_store_relaxed(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define atomic_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)

#endif
