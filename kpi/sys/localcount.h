/* SPDX-License-Identifier: BSD-2-Clause */
/* Reference counts that are kept per CPU until they are drained. */
#ifndef _SYS_LOCALCOUNT_H_
#define _SYS_LOCALCOUNT_H_

#include <sys/types.h>

struct kcondvar;
struct kmutex;
struct percpu;

struct localcount {
	int64_t		*lc_totalp;	/* set while draining */
	struct percpu	*lc_percpu;
	volatile uint32_t lc_refcnt;	/* with DIAGNOSTIC */
};

#ifdef _KERNEL
void	localcount_init(struct localcount *);
void	localcount_drain(struct localcount *, struct kcondvar *, struct kmutex *);
void	localcount_fini(struct localcount *);
void	localcount_acquire(struct localcount *);
void	localcount_release(struct localcount *, struct kcondvar *,
	    struct kmutex *);
uint32_t localcount_debug_refcnt(const struct localcount *);
#endif

#endif
