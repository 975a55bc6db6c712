/* SPDX-License-Identifier: BSD-2-Clause */
/* Autoconfiguration, from inside the kernel: autoconf_kernel.c. */
#include "inside.h"

int	rump_autoconf_boot(void);
int	rump_autoconf_match(void);
int	rump_autoconf_detach(void);
int	rump_autoconf_iterate(void);
int	rump_autoconf_power(void);
int	rump_autoconf_registry(void);

static void boot(void) { run(rump_autoconf_boot); }
static void match(void) { run(rump_autoconf_match); }
static void detach(void) { run(rump_autoconf_detach); }
static void iterate(void) { run(rump_autoconf_iterate); }
static void power(void) { run(rump_autoconf_power); }
static void registry(void) { run(rump_autoconf_registry); }

T_MAIN(T(boot), T(match), T(detach), T(iterate), T(power), T(registry))
