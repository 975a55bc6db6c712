/* SPDX-License-Identifier: BSD-2-Clause */
/* What a device's controller (drvctl) asks of autoconfiguration. */
#ifndef _RUMP_PRIVATE_AUTOCONF_H_
#define _RUMP_PRIVATE_AUTOCONF_H_

#include <sys/device.h>

/*
 * Find a device by its name, and keep it from being detached by other threads.
 *
 * Returns the device, attached completely, or NULL: there is none.
 * Context: thread, may sleep; no device claimed.
 */
device_t config_claim(const char *xname);
void	config_unclaim(device_t dev);

/*
 * Have a bus look for children.
 *
 * dev      claimed.
 * iattr    the attribute by which they attach; NULL: the bus has but one.
 * locs     the first nlocs locators of a child; the rest is open (-1).
 *
 * Returns 0, ENODEV (it is no bus that can), EINVAL (attribute, or more locators
 * than it has), or the driver's error.
 */
int	config_rescan(device_t dev, const char *iattr, const int *locs,
	    u_int nlocs);

#endif
