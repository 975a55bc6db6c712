/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What base kernel and file systems ask of devices; autoconf itself belongs
 * to the dev faction.
 *
 *   device_class, device_unit, ...   a device's plain properties; the device
 *                                    stays, for the caller has it
 *   booted_…                         what a boot loader, or a driver, says
 *   rootspec, dumpspec, rootfstype   how a configuration asks for it: it does not
 *   root_device, rootdev, dumpdev    what the dev faction makes of that
 *   rootvp                           none: the root file system is rumpfs
 */

#include <sys/device_impl.h>
#include <sys/param.h>
#include <sys/conf.h>
#include <sys/systm.h>

/* What a boot loader would have told; kernels in a process have none. */
device_t booted_device;
device_t booted_wedge;
const char *booted_method;
int booted_partition;
daddr_t booted_startblk;
uint64_t booted_nblks;
char *bootspec;
device_t root_device;
dev_t rootdev = NODEV;
dev_t dumpdev = NODEV;
dev_t dumpcdev = NODEV;
const char *dumpspec;
struct vnode *rootvp;
const char *rootspec;
const char *rootfstype = ROOT_FSTYPE_ANY;

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

/* Its properties; the device's own, always there. */
prop_dictionary_t
device_properties(device_t dev)
{

	return dev->dv_properties;
}

bool
device_is_active(device_t dev)
{

	return (dev->dv_flags & DVF_ACTIVE) != 0;
}

cfdata_t
device_cfdata(device_t dev)
{

	return dev->dv_cfdata;
}

cfdriver_t
device_cfdriver(device_t dev)
{

	return dev->dv_cfdriver;
}

cfattach_t
device_cfattach(device_t dev)
{

	return dev->dv_cfattach;
}

bool
device_is_enabled(device_t dev)
{

	return (dev->dv_flags & DVF_ACTIVE) != 0;
}

/* Is the driver of that name its own? */
bool
device_is_a(device_t dev, const char *driver)
{

	return dev->dv_cfdriver != NULL &&
	    strcmp(dev->dv_cfdriver->cd_name, driver) == 0;
}

/* Is it suspended by no level? */
bool
device_has_power(device_t dev)
{

	return (dev->dv_flags & (DVF_CLASS_SUSPENDED | DVF_DRIVER_SUSPENDED |
	    DVF_BUS_SUSPENDED)) == 0;
}

/* Not suspended from a level on down; or from the next, if the level is it. */
bool
device_activation(device_t dev, int level)
{
	int flags = DVF_BUS_SUSPENDED;

	if (level <= DEVACT_LEVEL_DRIVER)
		flags |= DVF_DRIVER_SUSPENDED;
	if (level <= DEVACT_LEVEL_CLASS)
		flags |= DVF_CLASS_SUSPENDED;
	return (dev->dv_flags & flags) == 0;
}

/* Where on its parent's bus it is: the n-th locator of the attribute. */
int
device_locator(device_t dev, u_int n)
{

	KASSERT(n < (u_int)dev->dv_nlocators);
	return dev->dv_locators[n];
}

void
device_set_private(device_t dev, void *priv)
{

	KASSERT(dev->dv_cfattach->ca_devsize == 0);
	dev->dv_private = priv;
}
