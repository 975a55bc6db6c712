/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What base kernel and file systems ask of devices; autoconf itself belongs
 * to the dev faction.
 *
 *   device_class, device_unit, ...   a device's plain properties
 *   root_device, rootdev, rootvp     the device that holds the root file
 *                                    system: none, for it is rumpfs
 */

#include <sys/device_impl.h>
#include <sys/param.h>
#include <sys/systm.h>

device_t root_device;
dev_t rootdev = NODEV;
struct vnode *rootvp;

devclass_t
device_class(device_t dev)
{

	return dev->dv_class;
}

device_t
device_parent(device_t dev)
{

	return dev->dv_parent;
}

int
device_unit(device_t dev)
{

	return dev->dv_unit;
}

const char *
device_xname(device_t dev)
{

	return dev != NULL ? dev->dv_xname : "(no device)";
}

/* A driver may ask before it knows whether there is a device at all. */
void *
device_private(device_t dev)
{

	return dev != NULL ? dev->dv_private : NULL;
}

bool
device_is_active(device_t dev)
{

	return (dev->dv_flags & DVF_ACTIVE) != 0;
}
