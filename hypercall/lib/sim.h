/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Simulation: a seed, random numbers from it, and a clock that moves only by what happens.
 *
 * The same seed and the same calls give the same numbers and times. For hosts of one thread.
 */

#ifndef HYPERCALL_LIB_SIM_H
#define HYPERCALL_LIB_SIM_H

#include <stdint.h>

/* Begin: a seed, and the time of day at which the simulated world begins. */
void sim_init(uint64_t seed);

/* A number 0..2^64-1. */
uint64_t sim_random(void);

/* Monotonic time and time of day in ns. Reading takes a little time, so that loops which wait for it end. */
int64_t sim_clock(void);
int64_t sim_walltime(void);

/* Nothing happens until then. */
void sim_clock_advance(int64_t to);

#endif
