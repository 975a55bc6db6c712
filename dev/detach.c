/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Detaching: a device goes.
 *
 * First its driver gives up what it holds and closes the ways to it; then it
 * leaves its driver's table, so that nobody finds it; then its memory goes, once
 * no iterator is on its way through the list (list.c).  Who got it from
 * device_lookup before must be kept out by the driver's detach.
 *
 * Who does something else with a device (drvctl) claims it meanwhile: then only the
 * claimant can detach it.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/lwp.h>

#include <rump-private/autoconf.h>

/*
 * Wait for those who attach, detach or have claimed it, but the caller.  false: someone
 * detached it.  The list is held.
 */
static bool
wait_for(device_t dev)
{

	KASSERT(mutex_owned(&config_lock));
	while ((dev->dv_attaching != NULL && dev->dv_attaching != curlwp) ||
	    (dev->dv_claimant != NULL && dev->dv_claimant != curlwp) ||
	    dev->dv_detaching != NULL) {
		if (dev->dv_detaching == curlwp)
			panic("config_detach: %s detaches itself twice",
			    dev->dv_xname);
		cv_wait(&config_cv, &config_lock);
	}
	return !dev->dv_gone;
}

static bool
begin(device_t dev)
{
	bool there;

	mutex_enter(&config_lock);
	/* it may go while we wait; its memory stays */
	config_list_hold_locked();
	there = wait_for(dev);
	if (there)
		dev->dv_detaching = curlwp;
	config_list_rele_locked();
	mutex_exit(&config_lock);
	return there;
}

device_t
config_claim(const char *xname)
{
	device_t dev;

	mutex_enter(&config_lock);
	/* until it is unclaimed: the claimant may detach it */
	config_list_hold_locked();
	while ((dev = config_find_locked(xname)) != NULL && !wait_for(dev))
		continue;
	if (dev != NULL)
		dev->dv_claimant = curlwp;
	else
		config_list_rele_locked();
	mutex_exit(&config_lock);
	return dev;
}

void
config_unclaim(device_t dev)
{

	mutex_enter(&config_lock);
	KASSERT(dev->dv_claimant == curlwp);
	dev->dv_claimant = NULL;
	cv_broadcast(&config_cv);
	config_list_rele_locked();
	mutex_exit(&config_lock);
}

static int
call_detach(device_t dev, int flags)
{
	const struct cfattach *ca = dev->dv_cfattach;
	int error;

	if (ca->ca_detach == NULL || ((flags & DETACH_SHUTDOWN) != 0 &&
	    (dev->dv_flags & DVF_DETACH_SHUTDOWN) == 0))
		return EOPNOTSUPP;
	error = (*ca->ca_detach)(dev, flags);
	if (error != 0 && (flags & (DETACH_FORCE | DETACH_SHUTDOWN)) ==
	    DETACH_FORCE)
		panic("config_detach: %s refuses, error %d", dev->dv_xname,
		    error);
	return error;
}

static bool
has_children(device_t dev)
{
	device_t d;

	KASSERT(mutex_owned(&config_lock));
	TAILQ_FOREACH(d, &alldevs, dv_list)
		if (d->dv_parent == dev && !d->dv_gone)
			return true;
	return false;
}

/* Take it out of reach. */
static void
leave(device_t dev, int flags)
{
	device_t parent = dev->dv_parent;

	if (parent != NULL && parent->dv_cfattach->ca_childdetached != NULL)
		(*parent->dv_cfattach->ca_childdetached)(parent, dev);
	config_deferred_forget(dev);
	config_root_forget(dev);
	config_report(dev, "device-detach");
	if ((flags & DETACH_QUIET) == 0)
		aprint_normal_dev(dev, "detached\n");
	mutex_enter(&config_lock);
	if (has_children(dev))
		panic("config_detach: %s has children", dev->dv_xname);
	dev->dv_flags &= ~DVF_ACTIVE;
	dev->dv_cfdriver->cd_devs[dev->dv_unit] = NULL;
	if (dev->dv_cfdata->cf_fstate == FSTATE_FOUND)
		dev->dv_cfdata->cf_fstate = FSTATE_NOTFOUND;
	/* the driver may free its cfdata as soon as this returns */
	dev->dv_cfdata = NULL;
	dev->dv_detaching = NULL;
	cv_broadcast(&config_cv);
	config_device_bury_locked(dev);
	mutex_exit(&config_lock);
}

/*
 * Detach a device.
 *
 * flags  DETACH_FORCE: it must go, open or not.  DETACH_SHUTDOWN: only if its
 *        driver said that it may.  DETACH_QUIET.
 *
 * Returns 0; EOPNOTSUPP: it cannot be detached; the driver's error; ENXIO: it
 * was detached meanwhile.
 * Locks:   takes the kernel lock.  Context: thread, may sleep.
 */
int
config_detach(device_t dev, int flags)
{
	int error;

	KERNEL_LOCK(1, NULL);
	if (!begin(dev)) {
		KERNEL_UNLOCK_ONE(NULL);
		return ENXIO;
	}
	error = call_detach(dev, flags);
	if (error == 0) {
		leave(dev, flags);
	} else {
		mutex_enter(&config_lock);
		dev->dv_detaching = NULL;
		cv_broadcast(&config_cv);
		mutex_exit(&config_lock);
	}
	KERNEL_UNLOCK_ONE(NULL);
	return error;
}

/* Detach a device's children; the first error ends it. */
int
config_detach_children(device_t parent, int flags)
{
	deviter_t di;
	device_t dev;
	int error = 0;

	for (dev = deviter_first(&di, DEVITER_F_RW); dev != NULL && error == 0;
	    dev = deviter_next(&di))
		if (dev->dv_parent == parent)
			error = config_detach(dev, flags);
	deviter_release(&di);
	return error;
}

/* Detach all devices that go willingly; has any gone? */
bool
config_detach_all(int how)
{
	bool any = false;
	deviter_t di;
	device_t dev;

	for (dev = deviter_first(&di, DEVITER_F_RW | DEVITER_F_LEAVES_FIRST);
	    dev != NULL; dev = deviter_next(&di))
		any |= config_detach(dev, DETACH_SHUTDOWN | DETACH_QUIET |
		    (how & DETACH_POWEROFF)) == 0;
	deviter_release(&di);
	return any;
}

/* The hardware is gone: tell the device and all below it. */
void
config_deactivate(device_t root)
{
	device_t dev, d;
	deviter_t di;

	for (dev = deviter_first(&di, DEVITER_F_ROOT_FIRST); dev != NULL;
	    dev = deviter_next(&di)) {
		for (d = dev; d != NULL && d != root; d = d->dv_parent)
			continue;
		if (d == NULL || (dev->dv_flags & DVF_ACTIVE) == 0)
			continue;
		dev->dv_flags &= ~DVF_ACTIVE;
		if (dev->dv_cfattach->ca_activate != NULL)
			(void)(*dev->dv_cfattach->ca_activate)(dev,
			    DVACT_DEACTIVATE);
	}
	deviter_release(&di);
}

void
null_childdetached(device_t self, device_t child)
{

}
