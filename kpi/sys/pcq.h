/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of pointers with many producers and one consumer, without a lock. */
#ifndef _SYS_PCQ_H_
#define _SYS_PCQ_H_

#include <sys/types.h>
#include <sys/kmem.h>

struct pcq;
typedef struct pcq pcq_t;

#define PCQ_MAXLEN	65535

#ifdef _KERNEL
pcq_t	*pcq_create(size_t maxitems, km_flag_t);
void	pcq_destroy(pcq_t *);
bool	pcq_put(pcq_t *, void *);
void	*pcq_get(pcq_t *);
void	*pcq_peek(pcq_t *);
size_t	pcq_maxitems(pcq_t *);
#endif

#endif
