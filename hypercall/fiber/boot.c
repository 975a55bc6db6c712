/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Start and end of the fiber host: choose the world.
 */

#include "lib/sim.h"
#include "unix/unix.h"
#include "fiberhost.h"

bool sim_seeded, sim_clocked;

int
core_init(void)
{
	char seed[2];

	sim_seeded = core_param("RUMP_SIM_SEED", seed, sizeof(seed)) != NB_ENOENT;
	sim_clocked = sim_seeded && !env_is("RUMP_SIM_CLOCK", "host");
	if (sim_seeded)
		sim_init(hyp_param_number("RUMP_SIM_SEED", 0));
	thread_init();
	return 0;
}

void
core_fini(void)
{

	block_stop();
}
