/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attaching: a device comes to be.
 *
 *   made (unit chosen, in its driver's table and in the list)
 *   -> attaching (its driver's attach runs; dv_attaching)
 *   -> attached, until it is detached (detach.c)
 *
 * A device that cannot be made (no such driver) is NULL; attach itself cannot
 * fail.  The unit of a line with a star is the lowest free one from cf_unit on.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kmem.h>
#include <sys/lwp.h>

#include <prop/proplib.h>

#define UNITS_STEP	4
#define UNITS_MOST	(1 << 20)

/* Make room for a unit.  config_lock held; released for allocation. */
static void
units_grow_locked(cfdriver_t cd, int unit)
{
	int n, had;
	device_t *devs;

	while (unit >= cd->cd_ndevs) {
		n = roundup(unit + 1, UNITS_STEP);
		mutex_exit(&config_lock);
		devs = kmem_zalloc(n * sizeof(*devs), KM_SLEEP);
		mutex_enter(&config_lock);
		had = cd->cd_ndevs;
		if (had < n) {
			if (had != 0)
				memcpy(devs, cd->cd_devs, had * sizeof(*devs));
			device_t *old = cd->cd_devs;
			cd->cd_devs = devs;
			cd->cd_ndevs = n;
			devs = old;
			n = had;
		}
		if (n != 0)
			kmem_free(devs, n * sizeof(*devs));
	}
}

static bool
unit_is_free(cfdriver_t cd, int unit)
{

	return unit >= cd->cd_ndevs || cd->cd_devs[unit] == NULL;
}

/* Choose the unit of a line and enter dev there; false: it is taken. */
static bool
unit_enter_locked(cfdriver_t cd, cfdata_t cf, device_t dev)
{
	int unit;

	for (;;) {
		unit = cf->cf_unit;
		if (cf->cf_fstate == FSTATE_STAR)
			while (!unit_is_free(cd, unit))
				unit++;
		else if (!unit_is_free(cd, unit))
			return false;
		if (unit >= UNITS_MOST)
			return false;
		if (unit < cd->cd_ndevs)
			break;
		units_grow_locked(cd, unit);
	}
	cd->cd_devs[unit] = dev;
	dev->dv_unit = unit;
	return true;
}

/* The locators of a child, as the bus counted them. */
static void
copy_locators(device_t dev, const struct cfargs *cfargs)
{
	const struct cfiattrdata *ci;

	if (cfargs == NULL || cfargs->locators == NULL ||
	    dev->dv_cfdata->cf_pspec == NULL)
		return;
	ci = cfiattr_lookup(cfdata_ifattr(dev->dv_cfdata),
	    dev->dv_cfdata->cf_pspec);
	if (ci == NULL || ci->ci_loclen == 0)
		return;
	dev->dv_nlocators = ci->ci_loclen;
	dev->dv_locators = kmem_alloc(ci->ci_loclen * sizeof(int), KM_SLEEP);
	memcpy(dev->dv_locators, cfargs->locators,
	    ci->ci_loclen * sizeof(int));
}

/* What it is, for programs; drivers add what they know. */
static void
set_properties(device_t dev)
{
	const struct cfiattrdata *const *ci = dev->dv_cfdriver->cd_attrs;
	prop_dictionary_t attr, props = dev->dv_properties;
	prop_array_t attrs;

	(void)prop_dictionary_set_string(props, "device-driver",
	    dev->dv_cfdriver->cd_name);
	(void)prop_dictionary_set_uint32(props, "device-unit", dev->dv_unit);
	if (dev->dv_parent != NULL)
		(void)prop_dictionary_set_string(props, "device-parent",
		    dev->dv_parent->dv_xname);
	if (ci == NULL)
		return;
	attrs = prop_array_create();
	for (; *ci != NULL; ci++) {
		attr = prop_dictionary_create();
		(void)prop_dictionary_set_string(attr, "attribute-name",
		    (*ci)->ci_name);
		(void)prop_array_add(attrs, attr);
		prop_object_release(attr);
	}
	(void)prop_dictionary_set(props, "interface-attributes", attrs);
	prop_object_release(attrs);
}

static device_t
make(device_t parent, cfdata_t cf, const struct cfargs *cfargs)
{
	struct cfattach *ca = NULL;
	cfdriver_t cd;
	device_t dev;

	cd = config_cfdriver_lookup(cf->cf_name);
	if (cd != NULL)
		ca = config_cfattach_lookup(cf->cf_name, cf->cf_atname);
	if (ca == NULL)
		return NULL;
	dev = kmem_zalloc(sizeof(*dev), KM_SLEEP);
	dev->dv_class = cd->cd_class;
	dev->dv_cfdata = cf;
	dev->dv_cfdriver = cd;
	dev->dv_cfattach = ca;
	dev->dv_parent = parent;
	dev->dv_depth = parent != NULL ? parent->dv_depth + 1 : 0;
	dev->dv_flags = ca->ca_flags | DVF_ACTIVE | DVF_ATTACH_INPROGRESS;
	dev->dv_attaching = curlwp;
	dev->dv_properties = prop_dictionary_create();
	if (cfargs != NULL)
		dev->dv_handle = cfargs->devhandle;
	if (ca->ca_devsize != 0)
		dev->dv_private = kmem_zalloc(ca->ca_devsize, KM_SLEEP);
	copy_locators(dev, cfargs);

	mutex_enter(&config_lock);
	if (!unit_enter_locked(cd, cf, dev)) {
		mutex_exit(&config_lock);
		config_device_free(dev);
		return NULL;
	}
	snprintf(dev->dv_xname, sizeof(dev->dv_xname), "%s%d", cd->cd_name,
	    dev->dv_unit);
	if (cf->cf_fstate == FSTATE_NOTFOUND)
		cf->cf_fstate = FSTATE_FOUND;
	TAILQ_INSERT_TAIL(&alldevs, dev, dv_list);
	mutex_exit(&config_lock);
	set_properties(dev);
	return dev;
}

static void
call_attach(device_t dev, void *aux)
{

	KERNEL_LOCK(1, NULL);
	(*dev->dv_cfattach->ca_attach)(dev->dv_parent, dev, aux);
	KERNEL_UNLOCK_ONE(NULL);
	mutex_enter(&config_lock);
	dev->dv_attaching = NULL;
	dev->dv_flags &= ~DVF_ATTACH_INPROGRESS;
	cv_broadcast(&config_cv);
	mutex_exit(&config_lock);
	config_report(dev, "device-attach");
	config_deferred(dev);
}

/*
 * Attach a device that a line describes.
 *
 * parent  NULL: it is a root.
 * cfargs  what was given to config_search.
 *
 * Returns the device, or NULL: there is no such driver, or its unit is taken.
 */
device_t
config_attach(device_t parent, cfdata_t cf, void *aux, cfprint_t print,
    const struct cfargs *cfargs)
{
	device_t dev = make(parent, cf, cfargs);

	if (dev == NULL) {
		aprint_error("%s%d: cannot be attached\n", cf->cf_name,
		    cf->cf_unit);
		return NULL;
	}
	if (parent == NULL)
		aprint_normal("%s (root)", dev->dv_xname);
	else
		aprint_normal("%s at %s", dev->dv_xname, parent->dv_xname);
	if (print != NULL)
		(void)(*print)(aux, NULL);
	call_attach(dev, aux);
	return dev;
}

/*
 * Attach a device that no bus has.
 *
 * cf  stays in place until the device is gone.
 */
device_t
config_attach_pseudo(cfdata_t cf)
{
	device_t dev = make(NULL, cf, NULL);

	if (dev != NULL)
		call_attach(dev, NULL);
	return dev;
}
