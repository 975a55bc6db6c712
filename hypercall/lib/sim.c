/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Simulation; see sim.h. The generator is splitmix64 (Steele, Lea, Flood, OOPSLA 2014): one
 * 64-bit state, any seed is good.
 */

#include "sim.h"

#define NS_PER_READ 100
#define EPOCH_NS (INT64_C(1577836800) * 1000000000)  /* 2020-01-01 */

static uint64_t state;
static int64_t now = 1000000000;

void
sim_init(uint64_t seed)
{

	state = seed;
}

uint64_t
sim_random(void)
{
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

int64_t
sim_clock(void)
{

	return now += NS_PER_READ;
}

int64_t
sim_walltime(void)
{

	return EPOCH_NS + sim_clock();
}

void
sim_clock_advance(int64_t to)
{

	if (to > now)
		now = to;
}
