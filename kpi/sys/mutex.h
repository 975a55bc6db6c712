/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mutexes.  With IPL_NONE and the soft levels a mutex is adaptive: who waits
 * for it sleeps.  From IPL_VM on it is a spin mutex: who holds or wants it
 * keeps the CPU.
 */
#ifndef _SYS_MUTEX_H_
#define _SYS_MUTEX_H_

#include <sys/types.h>

typedef enum kmutex_type_t {
	MUTEX_SPIN = 0,
	MUTEX_ADAPTIVE = 1,
	MUTEX_DEFAULT = 2,
	MUTEX_DRIVER = 3,
	MUTEX_NODEBUG = 4
} kmutex_type_t;

typedef struct kmutex kmutex_t;

#if defined(_KERNEL) || defined(_KMEMUSER)
struct kmutex {
	volatile uintptr_t mtx_owner;	/* lwp and flags: kern/mutex.c */
};
#endif

#ifdef _KERNEL

void	mutex_init(kmutex_t *, kmutex_type_t, int ipl);
/* The same for an allocator of locks: made_at is its caller's address. */
void	_mutex_init(kmutex_t *, kmutex_type_t, int ipl, uintptr_t made_at);
void	mutex_destroy(kmutex_t *);

void	mutex_enter(kmutex_t *);
void	mutex_exit(kmutex_t *);
void	mutex_spin_enter(kmutex_t *);
void	mutex_spin_exit(kmutex_t *);
int	mutex_tryenter(kmutex_t *);

int	mutex_owned(const kmutex_t *);
int	mutex_ownable(const kmutex_t *);
struct lwp *mutex_owner(const kmutex_t *);

/* Reference counted mutexes. */
kmutex_t *mutex_obj_alloc(kmutex_type_t, int ipl);
kmutex_t *mutex_obj_tryalloc(kmutex_type_t, int ipl);
void	mutex_obj_hold(kmutex_t *);
bool	mutex_obj_free(kmutex_t *);
u_int	mutex_obj_refcnt(kmutex_t *);

#endif /* _KERNEL */
#endif
