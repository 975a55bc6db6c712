/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guarded allocation: each by itself from the host, so that a memory checker
 * (address sanitizer, valgrind) sees its bounds and its life.
 */
#ifndef _KERN_MEM_GUARD_H_
#define _KERN_MEM_GUARD_H_

#include <sys/cdefs.h>
#include <sys/types.h>

#ifdef RUMP_GUARDED_ALLOC
void	guards_init(void);

/* Free everything that was allocated.  No locks; nothing is used any more. */
void	guards_fini(void);
#else
#define guards_init()	__nothing
#define guards_fini()	__nothing
#endif

/*
 * Allocate size bytes, aligned, for owner: a name that the release must repeat.
 *
 * sleep  wait for memory, draw on the reserve: does not fail.
 */
void	*guard_alloc(size_t size, size_t align, const void *owner, bool sleep);

/*
 * Release.  size 0: not known.  Panics if size or owner are not those of the
 * allocation, or p is free already.
 */
void	guard_free(void *p, size_t size, const void *owner);

#endif /* _KERN_MEM_GUARD_H_ */
