/* SPDX-License-Identifier: BSD-2-Clause */
/* The smallest spin lock, and how long to wait between tries. */
#ifndef _SYS_LOCK_H_
#define _SYS_LOCK_H_

#include <sys/types.h>
#include <machine/lock.h>

#ifdef _KERNEL

#define SPINLOCK_BACKOFF_MIN	4
#define SPINLOCK_BACKOFF_MAX	128

/* Tell the CPU that this is a waiting loop. */
static __inline __unused void
rump_spin_hint(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
	__asm__ volatile("yield" ::: "memory");
#else
	__asm__ volatile("" ::: "memory");
#endif
}
#define SPINLOCK_SPIN_HOOK	rump_spin_hint()
#define SPINLOCK_BACKOFF_HOOK	rump_spin_hint()

/* Wait for a while; the next wait is twice as long. */
#define SPINLOCK_BACKOFF(count) do {					\
	for (int __n = (count); __n > 0; __n--)				\
		SPINLOCK_BACKOFF_HOOK;					\
	if ((count) < SPINLOCK_BACKOFF_MAX)				\
		(count) += (count);					\
} while (0)

#endif /* _KERNEL */
#endif
