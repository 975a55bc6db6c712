/* SPDX-License-Identifier: BSD-2-Clause */
/* What only the kernel can tell of the scenario. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/vnode.h>

unsigned int rump_scenario_vnodes(void);

unsigned int
rump_scenario_vnodes(void)
{

	return atomic_load_relaxed(&numvnodes);
}
