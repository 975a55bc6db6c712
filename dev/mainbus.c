/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mainbus: the root of the device tree.  A child of it is a line of a component's
 * configuration, `attach NAME at mainbus'; all that match are attached.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>

#include "ioconf_mainbus.h"

static int	mainbus_match(device_t, cfdata_t, void *);
static void	mainbus_attach(device_t, device_t, void *);
static int	mainbus_rescan(device_t, const char *, const int *);

CFATTACH_DECL2_NEW(mainbus, 0, mainbus_match, mainbus_attach, NULL, NULL,
    mainbus_rescan, null_childdetached);

static int
mainbus_match(device_t parent, cfdata_t cf, void *aux)
{

	return 1;
}

static int
mainbus_print(void *aux, const char *name)
{

	return QUIET;
}

/* Search function: attach every line that fits; none is the best. */
static int
attach_one(device_t self, cfdata_t cf, const int *locs, void *aux)
{

	if (config_match(self, cf, NULL) != 0)
		(void)config_attach(self, cf, NULL, mainbus_print,
		    CFARGS_NONE);
	return 0;
}

static int
mainbus_rescan(device_t self, const char *iattr, const int *locs)
{

	(void)config_search(self, NULL, CFARGS(.search = attach_one));
	return 0;
}

static void
mainbus_attach(device_t parent, device_t self, void *aux)
{

	aprint_normal("\n");
	(void)mainbus_rescan(self, NULL, NULL);
}

void
mainbus_init(void)
{
	int error;

	error = config_init_component(cfdriver_ioconf_mainbus,
	    cfattach_ioconf_mainbus, cfdata_ioconf_mainbus);
	if (error != 0)
		panic("mainbus: cannot be registered, error %d", error);
}

void
mainbus_attach_root(void)
{

	if (config_rootfound("mainbus", NULL) == NULL)
		panic("mainbus: not found");
}
