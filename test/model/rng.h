/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A seeded random number generator: the same seed gives the same run on
 * every host.
 *
 *   rng_init    start from a seed
 *   rng_next    64 random bits
 *   rng_below   a number 0 .. n-1
 *   rng_fill    a buffer of random bytes
 *
 * The sequence is SplitMix64 (Steele, Lea, Flood: Fast splittable
 * pseudorandom number generators, 2014).  Nothing here is shared; a thread
 * has a generator of its own.
 */

#ifndef TEST_MODEL_RNG_H
#define TEST_MODEL_RNG_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rng {
	uint64_t state;
};

static inline void
rng_init(struct rng *rng, uint64_t seed)
{

	rng->state = seed;
}

static inline uint64_t
rng_next(struct rng *rng)
{
	uint64_t word = rng->state += 0x9e3779b97f4a7c15;

	word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
	word = (word ^ word >> 27) * 0x94d049bb133111eb;
	return word ^ word >> 31;
}

/* n > 0.  The bias of the remainder does not matter to a test. */
static inline unsigned
rng_below(struct rng *rng, unsigned n)
{

	return (unsigned)(rng_next(rng) % n);
}

static inline void
rng_fill(struct rng *rng, void *buf, size_t len)
{
	unsigned char *to = buf;

	while (len > 0) {
		uint64_t word = rng_next(rng);
		size_t part = len < sizeof(word) ? len : sizeof(word);

		memcpy(to, &word, part);
		to += part;
		len -= part;
	}
}

#endif
