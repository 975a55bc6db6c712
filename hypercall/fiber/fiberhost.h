/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the files of the fiber host share: which world it runs in.
 *
 *   the host's     real clocks and randomness; idling waits for the clock or for an unpark
 *   a simulation   RUMP_SIM_SEED is set: order of threads and of block requests, randomness and time
 *                  all follow from the seed; idling moves the clock. RUMP_SIM_CLOCK=host keeps the
 *                  real clocks.
 */

#ifndef HYPERCALL_FIBER_FIBERHOST_H
#define HYPERCALL_FIBER_FIBERHOST_H

#include <stdbool.h>

/* Set by core_init. */
extern bool sim_seeded;    /* order and randomness from the seed */
extern bool sim_clocked;   /* time too */

/* Wait until all block requests are served and their thread has ended. */
void block_stop(void);

/* Get the event ready that idling waits for. */
void thread_init(void);

#endif
