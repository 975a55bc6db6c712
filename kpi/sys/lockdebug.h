/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock checking (options LOCKDEBUG): who holds what, in which order, and
 * whether that is allowed.  Without the option all of it is nothing.
 */
#ifndef _SYS_LOCKDEBUG_H_
#define _SYS_LOCKDEBUG_H_

#include <sys/types.h>

typedef void (*lockop_printer_t)(const char *, ...) __printflike(1, 2);

#define LOCKOPS_SLEEP	0
#define LOCKOPS_SPIN	1
#define LOCKOPS_CV	2

typedef struct lockops {
	const char	*lo_name;
	int		lo_type;
	void		(*lo_dump)(const volatile void *, lockop_printer_t);
} lockops_t;

#ifdef _KERNEL

#ifdef LOCKDEBUG

bool	lockdebug_alloc(const char *, size_t, volatile void *, lockops_t *,
	    uintptr_t caller);
void	lockdebug_free(const char *, size_t, volatile void *);
void	lockdebug_wantlock(const char *, size_t, const volatile void *,
	    uintptr_t caller, int shared);
void	lockdebug_locked(const char *, size_t, volatile void *, void *cv,
	    uintptr_t caller, int shared);
void	lockdebug_unlocked(const char *, size_t, volatile void *,
	    uintptr_t caller, int shared);
void	lockdebug_barrier(const char *, size_t, volatile void *allowed,
	    int sleepable);
void	lockdebug_mem_check(const char *, size_t, void *, size_t);
void	lockdebug_wakeup(const char *, size_t, volatile void *, uintptr_t);

#define LOCKDEBUG_ALLOC(lock, ops, addr) \
	lockdebug_alloc(__func__, __LINE__, (lock), (ops), (addr))
#define LOCKDEBUG_FREE(dodebug, lock) \
	((void)((dodebug) && (lockdebug_free(__func__, __LINE__, (lock)), 1)))
#define LOCKDEBUG_WANTLOCK(dodebug, lock, where, s) \
	((void)((dodebug) && (lockdebug_wantlock(__func__, __LINE__, (lock), \
	(where), (s)), 1)))
#define LOCKDEBUG_LOCKED(dodebug, lock, al, where, s) \
	((void)((dodebug) && (lockdebug_locked(__func__, __LINE__, (lock), \
	(al), (where), (s)), 1)))
#define LOCKDEBUG_UNLOCKED(dodebug, lock, where, s) \
	((void)((dodebug) && (lockdebug_unlocked(__func__, __LINE__, (lock), \
	(where), (s)), 1)))
#define LOCKDEBUG_BARRIER(lock, slplocks) \
	lockdebug_barrier(__func__, __LINE__, (lock), (slplocks))
#define LOCKDEBUG_MEM_CHECK(base, sz) \
	lockdebug_mem_check(__func__, __LINE__, (base), (sz))

#else

#define LOCKDEBUG_ALLOC(lock, ops, addr)		false
#define LOCKDEBUG_FREE(dodebug, lock)			((void)0)
#define LOCKDEBUG_WANTLOCK(dodebug, lock, where, s)	((void)0)
#define LOCKDEBUG_LOCKED(dodebug, lock, al, where, s)	((void)0)
#define LOCKDEBUG_UNLOCKED(dodebug, lock, where, s)	((void)0)
#define LOCKDEBUG_BARRIER(lock, slplocks)		((void)0)
#define LOCKDEBUG_MEM_CHECK(base, sz)			((void)0)

#endif

void	lockdebug_lock_print(void *, lockop_printer_t);
void	lockdebug_dump(struct lwp *, lockop_printer_t);

#endif /* _KERNEL */
#endif
