/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rnd(9): drivers offer what is hard to guess about their devices.
 *
 * The host keys the generators; samples are mixed in beside.
 */
#ifndef _SYS_RNDSOURCE_H_
#define _SYS_RNDSOURCE_H_

#ifdef _KERNEL

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/rndio.h>

typedef struct rnd_delta_estimator {
	uint64_t x;
	uint64_t dx;
	uint64_t d2x;
	uint64_t insamples;
	uint64_t outbits;
} rnd_delta_t;

/* All members belong to the entropy code, under its lock. */
typedef struct krndsource {
	LIST_ENTRY(krndsource) list;
	char name[16];
	rnd_delta_t time_delta;
	rnd_delta_t value_delta;
	uint32_t total;
	uint32_t type;
	uint32_t flags;
	void (*get)(size_t, void *);	/* asks for so many bytes */
	void *getarg;
	void (*enable)(struct krndsource *, bool);
} krndsource_t;

/* Before attaching: a function that can be asked for samples. */
void	rndsource_setcb(struct krndsource *, void (*)(size_t, void *), void *);

void	rnd_attach_source(struct krndsource *, const char *, uint32_t,
	    uint32_t);
void	rnd_detach_source(struct krndsource *);

void	rnd_add_uint32(struct krndsource *, uint32_t);
void	rnd_add_data(struct krndsource *, const void *, uint32_t, uint32_t);
void	rnd_add_data_intr(struct krndsource *, const void *, uint32_t,
	    uint32_t);
void	rnd_add_data_sync(struct krndsource *, const void *, uint32_t,
	    uint32_t);

#endif /* _KERNEL */
#endif /* _SYS_RNDSOURCE_H_ */
