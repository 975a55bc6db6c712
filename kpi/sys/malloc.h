/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * malloc(9): memory that remembers its size.  New code uses kmem(9).
 *
 * M_WAITOK requests do not fail (thread context only); M_NOWAIT ones may be
 * made anywhere and may return NULL.
 */
#ifndef _SYS_MALLOC_H_
#define _SYS_MALLOC_H_

#ifdef _KERNEL

#include <sys/types.h>
#include <sys/mallocvar.h>

#define M_WAITOK	0x0000
#define M_NOWAIT	0x0001
#define M_ZERO		0x0002
#define M_CANFAIL	0x0020

MALLOC_DECLARE(M_DEVBUF);
MALLOC_DECLARE(M_DMAMAP);
MALLOC_DECLARE(M_FREE);
MALLOC_DECLARE(M_PCB);
MALLOC_DECLARE(M_SOFTINTR);
MALLOC_DECLARE(M_TEMP);
MALLOC_DECLARE(M_RTABLE);
MALLOC_DECLARE(M_FTABLE);
MALLOC_DECLARE(M_UFSMNT);
MALLOC_DECLARE(M_NETADDR);
MALLOC_DECLARE(M_IPMOPTS);
MALLOC_DECLARE(M_IPMADDR);
MALLOC_DECLARE(M_MRTABLE);
MALLOC_DECLARE(M_BWMETER);
MALLOC_DECLARE(M_UVMAMAP);

void	*kern_malloc(unsigned long, int);
void	*kern_realloc(void *, unsigned long, int);
void	 kern_free(void *);

#define malloc(size, type, flags)		kern_malloc((size), (flags))
#define realloc(ptr, size, type, flags)		kern_realloc((ptr), (size), (flags))
#define free(addr, type)			kern_free(addr)

#endif /* _KERNEL */
#endif /* _SYS_MALLOC_H_ */
