/* SPDX-License-Identifier: BSD-2-Clause */
/* Readers/writer locks.  Writers that wait are preferred to new readers. */
#ifndef _SYS_RWLOCK_H_
#define _SYS_RWLOCK_H_

#include <sys/types.h>

typedef enum krw_t {
	RW_READER = 0,
	RW_WRITER = 1
} krw_t;

typedef struct krwlock krwlock_t;

#if defined(_KERNEL) || defined(_KMEMUSER)
struct krwlock {
	volatile uintptr_t rw_owner;	/* writer or readers: kern/rwlock.c */
};
#endif

#ifdef _KERNEL

void	rw_init(krwlock_t *);
void	_rw_init(krwlock_t *, uintptr_t made_at);
void	rw_destroy(krwlock_t *);

void	rw_enter(krwlock_t *, const krw_t);
void	rw_exit(krwlock_t *);
int	rw_tryenter(krwlock_t *, const krw_t);
int	rw_tryupgrade(krwlock_t *);
void	rw_downgrade(krwlock_t *);

int	rw_read_held(krwlock_t *);
int	rw_write_held(krwlock_t *);
int	rw_lock_held(krwlock_t *);
krw_t	rw_lock_op(krwlock_t *);

/* Reference counted locks. */
krwlock_t *rw_obj_alloc(void);
krwlock_t *rw_obj_tryalloc(void);
void	rw_obj_hold(krwlock_t *);
bool	rw_obj_free(krwlock_t *);
u_int	rw_obj_refcnt(krwlock_t *);

#endif /* _KERNEL */
#endif
