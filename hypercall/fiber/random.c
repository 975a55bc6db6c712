/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Randomness of the fiber host: the seed's in a simulation, else the system's.
 */

#define _DEFAULT_SOURCE
#include <string.h>
#include <unistd.h>

#include "lib/sim.h"
#include "core.h"
#include "fiberhost.h"

int
core_random(void *buf, size_t len, bool hard, bool wait, size_t *got)
{
	uint64_t r;

	len = len < 256 ? len : 256;
	*got = len;
	if (!sim_seeded)
		return getentropy(buf, len) == 0 ? 0 : NB_EIO;
	for (size_t i = 0, n; i < len; i += n) {
		n = len - i < sizeof(r) ? len - i : sizeof(r);
		r = sim_random();
		memcpy((char *)buf + i, &r, n);
	}
	return 0;
}
