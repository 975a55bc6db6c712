/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a filter reports in its knote.  The object's lock keeps filters apart, but
 * delivery does not know it: it takes the report, and with EV_CLEAR empties it, under
 * the kqueue's lock.  So this kernel's filters change reports by these calls, each one
 * step under that lock, and no event falls between.  Drivers that write the members
 * themselves, as NetBSD's do, lose at most what they did in that moment.
 *
 * Locks:   the object's may be held; takes kq_lock.
 * Context: any that may take a spin mutex of IPL_SCHED.
 */
#ifndef _RUMP_PRIVATE_KNOTE_H_
#define _RUMP_PRIVATE_KNOTE_H_

#include <sys/types.h>

struct knote;

/* The amount that is ready now. */
void	knote_set_data(struct knote *kn, int64_t data);

/* More have happened; returns how many there are. */
int64_t	knote_count(struct knote *kn, int64_t more);

/* Events have happened (NOTE_*); returns all that there are. */
uint32_t knote_events(struct knote *kn, uint32_t more);

/* Set and clear EV_EOF, EV_ONESHOT. */
void	knote_change_flags(struct knote *kn, uint32_t set, uint32_t clear);

#endif
