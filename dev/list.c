/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of devices, and iterators over it.
 *
 * An iterator does not keep a device from going.  While there is one, a device
 * that goes is marked and left in the list, which only iterators see; the last
 * one to be released empties the list of these.  Who waits for a device that is
 * being detached counts as an iterator.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kmem.h>

#include <prop/proplib.h>

struct devicelist alldevs = TAILQ_HEAD_INITIALIZER(alldevs);
static u_int iterators;		/* config_lock: who may look at buried ones */
static u_int buried;		/* config_lock: in the list, gone */

/* What its driver has of it, unless that is the driver's own memory. */
static void
private_free(device_t dev)
{

	if (dev->dv_private != NULL && dev->dv_cfattach->ca_devsize != 0)
		kmem_free(dev->dv_private, dev->dv_cfattach->ca_devsize);
	dev->dv_private = NULL;
}

void
config_device_free(device_t dev)
{

	pmf_device_free(dev);
	prop_object_release(dev->dv_properties);
	private_free(dev);
	if (dev->dv_nlocators != 0)
		kmem_free(dev->dv_locators, dev->dv_nlocators * sizeof(int));
	kmem_free(dev, sizeof(*dev));
}

void
config_device_bury_locked(device_t dev)
{

	KASSERT(mutex_owned(&config_lock));
	KASSERT(!dev->dv_gone);
	dev->dv_gone = true;
	/* the attachment may be unregistered before the memory goes */
	if (iterators != 0) {
		buried++;
		private_free(dev);
		return;
	}
	TAILQ_REMOVE(&alldevs, dev, dv_list);
	config_device_free(dev);
}

static void
empty_locked(void)
{
	device_t dev, next;

	TAILQ_FOREACH_SAFE(dev, &alldevs, dv_list, next) {
		if (!dev->dv_gone)
			continue;
		TAILQ_REMOVE(&alldevs, dev, dv_list);
		config_device_free(dev);
	}
	buried = 0;
}

void
config_list_hold_locked(void)
{

	KASSERT(mutex_owned(&config_lock));
	iterators++;
}

void
config_list_rele_locked(void)
{

	KASSERT(mutex_owned(&config_lock));
	KASSERT(iterators > 0);
	if (--iterators == 0 && buried != 0)
		empty_locked();
}

void
deviter_init(deviter_t *di, deviter_flags_t flags)
{
	device_t dev;

	memset(di, 0, sizeof(*di));
	if ((flags & DEVITER_F_SHUTDOWN) != 0)
		flags |= DEVITER_F_RW;
	di->di_flags = flags;
	mutex_enter(&config_lock);
	config_list_hold_locked();
	TAILQ_FOREACH(dev, &alldevs, dv_list)
		di->di_maxdepth = MAX(di->di_maxdepth, dev->dv_depth);
	mutex_exit(&config_lock);
	if ((flags & DEVITER_F_LEAVES_FIRST) != 0)
		di->di_curdepth = di->di_maxdepth;
}

/* The next device of the list after prev that is there, at some depth. */
static device_t
next_in_list(const deviter_t *di, device_t prev, int depth)
{
	device_t dev;

	KASSERT(mutex_owned(&config_lock));
	dev = prev == NULL ? TAILQ_FIRST(&alldevs) : TAILQ_NEXT(prev, dv_list);
	while (dev != NULL && (dev->dv_gone ||
	    (depth >= 0 && dev->dv_depth != depth)))
		dev = TAILQ_NEXT(dev, dv_list);
	return dev;
}

/* The next device, in the order that the flags ask for; NULL: that was all. */
device_t
deviter_next(deviter_t *di)
{
	const bool leaves = (di->di_flags & DEVITER_F_LEAVES_FIRST) != 0;
	const bool roots = (di->di_flags & DEVITER_F_ROOT_FIRST) != 0;
	device_t dev;

	mutex_enter(&config_lock);
	if (!leaves && !roots) {
		dev = next_in_list(di, di->di_prev, -1);
	} else {
		for (dev = NULL; di->di_curdepth >= 0 &&
		    di->di_curdepth <= di->di_maxdepth;
		    di->di_curdepth += leaves ? -1 : 1) {
			dev = next_in_list(di, di->di_prev, di->di_curdepth);
			if (dev != NULL)
				break;
			di->di_prev = NULL;
		}
	}
	di->di_prev = dev;
	mutex_exit(&config_lock);
	return dev;
}

device_t
deviter_first(deviter_t *di, deviter_flags_t flags)
{

	deviter_init(di, flags);
	return deviter_next(di);
}

void
deviter_release(deviter_t *di)
{

	mutex_enter(&config_lock);
	config_list_rele_locked();
	mutex_exit(&config_lock);
}

/* ---------------------------------------------------------------- look-up */

static device_t
lookup_locked(cfdriver_t cd, int unit)
{
	device_t dev;

	KASSERT(mutex_owned(&config_lock));
	if (unit < 0 || unit >= cd->cd_ndevs)
		return NULL;
	dev = cd->cd_devs[unit];
	return dev != NULL && !dev->dv_gone ? dev : NULL;
}

/*
 * A driver's device by its number, or NULL.
 *
 * Nothing keeps it: the caller excludes detaching, by the kernel lock, or by
 * having it open.
 */
device_t
device_lookup(cfdriver_t cd, int unit)
{
	device_t dev;

	mutex_enter(&config_lock);
	dev = lookup_locked(cd, unit);
	mutex_exit(&config_lock);
	return dev;
}

void *
device_lookup_private(cfdriver_t cd, int unit)
{

	return device_private(device_lookup(cd, unit));
}

device_t
config_find_locked(const char *name)
{
	device_t dev;

	KASSERT(mutex_owned(&config_lock));
	TAILQ_FOREACH(dev, &alldevs, dv_list)
		if (!dev->dv_gone && strcmp(dev->dv_xname, name) == 0)
			break;
	return dev;
}

device_t
device_find_by_xname(const char *name)
{
	device_t dev;

	mutex_enter(&config_lock);
	dev = config_find_locked(name);
	mutex_exit(&config_lock);
	return dev;
}

device_t
device_find_by_driver_unit(const char *name, int unit)
{
	cfdriver_t cd = config_cfdriver_lookup(name);

	return cd != NULL ? device_lookup(cd, unit) : NULL;
}

device_t
finddevice(const char *name)
{

	return device_find_by_xname(name);
}
