/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dev faction: its start.
 *
 *   registries; components of type DEV register drivers and attach what needs no
 *   bus; interrupts work from here; the mainbus attaches, and what is on it;
 *   components of type DEV_AFTERMAINBUS; the ends: config_finalize, the root device is
 *   chosen, config_mountroot
 *
 * No thread is made, and without components nothing is attached.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>

#include <rump-sys/kern.h>

RUMP_COMPONENT(RUMP__FACTION_DEV)
{
	bool wanted = rump_component_count(RUMP_COMPONENT_DEV) +
	    rump_component_count(RUMP_COMPONENT_DEV_AFTERMAINBUS) > 0;

	mutex_init(&config_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&config_cv, "config");
	mainbus_init();
	rump_component_init(RUMP_COMPONENT_DEV);
	config_interrupts_start();
	if (wanted)
		mainbus_attach_root();
	rump_component_init(RUMP_COMPONENT_DEV_AFTERMAINBUS);
	config_finalize();
	cpu_rootconf();
	if (rump_component_count(RUMP__FACTION_VFS) > 0)
		config_mountroot_start();
}
