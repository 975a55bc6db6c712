/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the files of lib/ share: the upcalls, and the way out of and into the kernel.
 *
 *   hyp_release, hyp_acquire   around what blocks inside a hypercall: virtual CPU given back,
 *                              taken again
 *   hyp_enter, hyp_leave       around an upcall from a thread outside the kernel
 *   hyp_alloc                  memory for the library's own objects, or the end
 *
 * Ref: rumpuser(3), "Upcalls and rump kernel context".
 */

#ifndef HYPERCALL_LIB_HYP_H
#define HYPERCALL_LIB_HYP_H

#include "core.h"

/* Written by rumpuser_init while the kernel has one thread; read-only afterwards. */
extern struct rumpuser_hyperup hyp_up;

/* Those of the second set: all NULL, if the kernel does not know that. As of the last kernel after a halt. */
extern struct rumpuser2_hyperup hyp_up2;

/* The kernel knows the second set: rumpuser2_init was called. */
extern bool hyp_second_set;

void *memcpy(void *restrict dst, const void *restrict src, size_t len);
void *memset(void *dst, int c, size_t len);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t len);

/* Give the virtual CPU back; the result goes to hyp_acquire. interlock: as hyp_backend_unschedule. */
static inline int
hyp_release(void *interlock)
{
	int nlocks = 0;

	hyp_up.hyp_backend_unschedule(0, &nlocks, interlock);
	return nlocks;
}

static inline void
hyp_acquire(int nlocks, void *interlock)
{

	hyp_up.hyp_backend_schedule(nlocks, interlock);
}

static inline void
hyp_enter(void)
{

	hyp_up.hyp_schedule();
}

static inline void
hyp_leave(void)
{

	hyp_up.hyp_unschedule();
}

/* The calling thread's lwp. */
static inline struct lwp *
hyp_curlwp(void)
{

	return rumpuser2_thread()->rt_curlwp;
}

/* len zeroed bytes; ends the program if there are none, for calls that cannot fail. */
static inline void *
hyp_alloc(size_t len, const char *what)
{
	void *mem;

	if (core_alloc(len, sizeof(void *) * 2, &mem) != 0)
		hyp_panic("no memory for a %s", what);
	memset(mem, 0, len);
	return mem;
}

/* The clock's value so long from now; CORE_FOREVER if that is beyond it. nsec may exceed a second. */
int64_t hyp_deadline(int64_t sec, int64_t nsec);

/* Free symbol tables of rumpuser_dl_bootstrap, when no kernel uses them. */
void hyp_dl_fini(void);

/* Wait for the requests in flight. */
void hyp_bio_drain(void);

#endif
