/* SPDX-License-Identifier: BSD-2-Clause */
/* The wheel of callouts, between callout.c and wheel.c. */
#ifndef _KERN_CALLOUT_H_
#define _KERN_CALLOUT_H_

#include <sys/callout.h>

/*
 * Callouts that are due at a tick, in four rings of 256 slots, of 1, 256,
 * 65536 and 2^24 ticks each.  A zeroed wheel is empty and stands at tick 0.
 * The caller locks.
 */
#define WHEEL_LEVELS	4
#define WHEEL_BITS	8
#define WHEEL_SLOTS	(1 << WHEEL_BITS)

struct wheel {
	uint64_t	w_now;		/* all up to here are gone */
	u_int		w_count;
	uint64_t	w_used[WHEEL_LEVELS][WHEEL_SLOTS / 64];
	struct callout	*w_slot[WHEEL_LEVELS][WHEEL_SLOTS];
};

/* Put c at its c_deadline, at the earliest the next tick; take it off. */
void	wheel_insert(struct wheel *, struct callout *c);
void	wheel_remove(struct wheel *, struct callout *c);

/* The tick at which wheel_advance has something to do; UINT64_MAX: never. */
uint64_t wheel_next(const struct wheel *);

/* Go on to tick now; what is due is appended to the circular list *due. */
void	wheel_advance(struct wheel *, uint64_t now, struct callout **due);

/* Circular lists: append, remove. */
void	callout_link(struct callout **head, struct callout *c);
void	callout_unlink(struct callout **head, struct callout *c);

#endif
