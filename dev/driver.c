/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registries: drivers, their attachments, and tables of configuration data.
 *
 *   config_cfdriver_attach, _detach, _lookup
 *   config_cfattach_attach, _detach, _lookup
 *   config_cfdata_attach, _detach
 *   config_init_component, config_fini_component: all three, or none
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/lwp.h>

#include <rump-private/autoconf.h>

#define LOCATOR_ANY	(-1)	/* as rescan functions understand it */

kmutex_t config_lock;
kcondvar_t config_cv;
struct cfdriverlist allcfdrivers = LIST_HEAD_INITIALIZER(allcfdrivers);
struct cftablelist allcftables = TAILQ_HEAD_INITIALIZER(allcftables);

static cfdriver_t
driver_find(const char *name)
{
	cfdriver_t cd;

	KASSERT(mutex_owned(&config_lock));
	LIST_FOREACH(cd, &allcfdrivers, cd_list)
		if (strcmp(cd->cd_name, name) == 0)
			return cd;
	return NULL;
}

/* Returns 0, or EEXIST: a driver of that name is there. */
int
config_cfdriver_attach(struct cfdriver *cd)
{
	int error = 0;

	mutex_enter(&config_lock);
	if (driver_find(cd->cd_name) != NULL) {
		error = EEXIST;
	} else {
		LIST_INIT(&cd->cd_attach);
		LIST_INSERT_HEAD(&allcfdrivers, cd, cd_list);
	}
	mutex_exit(&config_lock);
	return error;
}

static bool
has_devices(const struct cfdriver *cd)
{
	int i;

	for (i = 0; i < cd->cd_ndevs; i++)
		if (cd->cd_devs[i] != NULL)
			return true;
	return false;
}

/*
 * Returns 0; EBUSY: it has devices or attachments; ESRCH: it is not registered.
 */
int
config_cfdriver_detach(struct cfdriver *cd)
{
	device_t *devs = NULL;
	int error = 0, n = 0;

	mutex_enter(&config_lock);
	if (driver_find(cd->cd_name) != cd) {
		error = ESRCH;
	} else if (has_devices(cd) || !LIST_EMPTY(&cd->cd_attach)) {
		error = EBUSY;
	} else {
		LIST_REMOVE(cd, cd_list);
		devs = cd->cd_devs;
		n = cd->cd_ndevs;
		cd->cd_devs = NULL;
		cd->cd_ndevs = 0;
	}
	mutex_exit(&config_lock);
	if (n != 0)
		kmem_free(devs, n * sizeof(*devs));
	return error;
}

cfdriver_t
config_cfdriver_lookup(const char *name)
{
	cfdriver_t cd;

	mutex_enter(&config_lock);
	cd = driver_find(name);
	mutex_exit(&config_lock);
	return cd;
}

struct cfattach *
config_cfattach_lookup_locked(const struct cfdriver *cd, const char *atname)
{
	struct cfattach *ca;

	KASSERT(mutex_owned(&config_lock));
	LIST_FOREACH(ca, &cd->cd_attach, ca_list)
		if (strcmp(ca->ca_name, atname) == 0)
			return ca;
	return NULL;
}

/* Returns 0, EEXIST, or ESRCH: no such driver. */
int
config_cfattach_attach(const char *driver, struct cfattach *ca)
{
	cfdriver_t cd;
	int error = 0;

	mutex_enter(&config_lock);
	cd = driver_find(driver);
	if (cd == NULL)
		error = ESRCH;
	else if (config_cfattach_lookup_locked(cd, ca->ca_name) != NULL)
		error = EEXIST;
	else
		LIST_INSERT_HEAD(&cd->cd_attach, ca, ca_list);
	mutex_exit(&config_lock);
	return error;
}

/* Returns 0, ESRCH, or EBUSY: a device is attached by it. */
int
config_cfattach_detach(const char *driver, struct cfattach *ca)
{
	cfdriver_t cd;
	int error = 0, i;

	mutex_enter(&config_lock);
	cd = driver_find(driver);
	if (cd == NULL ||
	    config_cfattach_lookup_locked(cd, ca->ca_name) != ca) {
		error = ESRCH;
		goto out;
	}
	for (i = 0; i < cd->cd_ndevs && error == 0; i++)
		if (cd->cd_devs[i] != NULL &&
		    cd->cd_devs[i]->dv_cfattach == ca)
			error = EBUSY;
	if (error == 0)
		LIST_REMOVE(ca, ca_list);
out:
	mutex_exit(&config_lock);
	return error;
}

struct cfattach *
config_cfattach_lookup(const char *name, const char *atname)
{
	struct cfattach *ca = NULL;
	cfdriver_t cd;

	mutex_enter(&config_lock);
	cd = driver_find(name);
	if (cd != NULL)
		ca = config_cfattach_lookup_locked(cd, atname);
	mutex_exit(&config_lock);
	return ca;
}

static int
call_rescan(device_t dev, const char *iattr, const int *locs)
{
	int error;

	if (dev->dv_cfattach->ca_rescan == NULL)
		return ENODEV;
	KERNEL_LOCK(1, NULL);
	error = (*dev->dv_cfattach->ca_rescan)(dev, iattr, locs);
	KERNEL_UNLOCK_ONE(NULL);
	return error;
}

/* A bus's attribute of that name; without a name, its only one.  NULL: none. */
static const struct cfiattrdata *
attribute(cfdriver_t cd, const char *name)
{
	const struct cfiattrdata *const *all = cd->cd_attrs;

	if (name != NULL)
		return config_iattr_of(cd, name);
	return all == NULL || all[0] == NULL || all[1] != NULL ? NULL : all[0];
}

int
config_rescan(device_t dev, const char *iattr, const int *locs, u_int nlocs)
{
	const struct cfiattrdata *ci = attribute(dev->dv_cfdriver, iattr);
	int *all = NULL, error;
	u_int i, n;

	KASSERT(dev->dv_claimant == curlwp);
	if (dev->dv_cfattach->ca_rescan == NULL)
		return ENODEV;
	n = ci != NULL ? ci->ci_loclen : 0;
	if (ci == NULL || nlocs > n)
		return EINVAL;
	/* drivers look at all of them, though none was said */
	if (n != 0)
		all = kmem_alloc(n * sizeof(*all), KM_SLEEP);
	for (i = 0; i < n; i++)
		all[i] = i < nlocs ? locs[i] : LOCATOR_ANY;
	error = call_rescan(dev, ci->ci_name, all);
	if (n != 0)
		kmem_free(all, n * sizeof(*all));
	return error;
}

/* Have the parents that accept it look again for children. */
static void
rescan(void)
{
	deviter_t di;
	device_t dev;

	for (dev = deviter_first(&di, DEVITER_F_ROOT_FIRST); dev != NULL;
	    dev = deviter_next(&di)) {
		if (device_is_active(dev))
			(void)call_rescan(dev, NULL, NULL);
	}
	deviter_release(&di);
}

/*
 * Add a table, which ends with an entry without name, and stays in place until
 * it is taken away.
 *
 * scannow  look at once for devices that it makes configurable.
 *
 * Returns 0.
 */
int
config_cfdata_attach(cfdata_t cf, int scannow)
{
	struct cftable *ct = kmem_zalloc(sizeof(*ct), KM_SLEEP);

	ct->ct_cfdata = cf;
	mutex_enter(&config_lock);
	TAILQ_INSERT_TAIL(&allcftables, ct, ct_list);
	mutex_exit(&config_lock);
	if (scannow)
		rescan();
	return 0;
}

/* A device that a table's entry configures; found by its address. */
static device_t
user_of(cfdata_t table)
{
	device_t dev;
	cfdata_t cf;

	KASSERT(mutex_owned(&config_lock));
	for (cf = table; cf->cf_name != NULL; cf++)
		TAILQ_FOREACH(dev, &alldevs, dv_list)
			if (dev->dv_cfdata == cf && !dev->dv_gone)
				return dev;
	return NULL;
}

/* Detach what the table configures, and take it away: 0, EINVAL, or why not. */
int
config_cfdata_detach(cfdata_t cf)
{
	struct cftable *ct;
	device_t dev;
	int error;

	mutex_enter(&config_lock);
	while ((dev = user_of(cf)) != NULL) {
		mutex_exit(&config_lock);
		error = config_detach(dev, 0);
		if (error != 0)
			return error;
		mutex_enter(&config_lock);
	}
	TAILQ_FOREACH(ct, &allcftables, ct_list)
		if (ct->ct_cfdata == cf)
			break;
	if (ct != NULL)
		TAILQ_REMOVE(&allcftables, ct, ct_list);
	mutex_exit(&config_lock);
	if (ct == NULL)
		return EINVAL;
	kmem_free(ct, sizeof(*ct));
	return 0;
}

/* ------------------------------------------------------------- components */

/* Attachments: register all, or none. */
static int
attachments_register(const struct cfattachinit *init)
{
	const struct cfattachinit *cfai, *done;
	struct cfattach *const *ca, *const *cb;
	int error;

	for (cfai = init; cfai != NULL && cfai->cfai_name != NULL; cfai++) {
		for (ca = cfai->cfai_list; *ca != NULL; ca++) {
			error = config_cfattach_attach(cfai->cfai_name, *ca);
			if (error != 0)
				goto undo;
		}
	}
	return 0;
undo:
	for (cb = cfai->cfai_list; cb != ca; cb++)
		(void)config_cfattach_detach(cfai->cfai_name, *cb);
	for (done = init; done != cfai; done++)
		for (cb = done->cfai_list; *cb != NULL; cb++)
			(void)config_cfattach_detach(done->cfai_name, *cb);
	return error;
}

static int
attachments_forget(const struct cfattachinit *init)
{
	const struct cfattachinit *cfai;
	struct cfattach *const *ca;
	int error;

	for (cfai = init; cfai != NULL && cfai->cfai_name != NULL; cfai++) {
		for (ca = cfai->cfai_list; *ca != NULL; ca++) {
			error = config_cfattach_detach(cfai->cfai_name, *ca);
			if (error != 0 && error != ESRCH)
				return error;
		}
	}
	return 0;
}

/*
 * Register a component's drivers, attachments and table.
 *
 * drivers, attaches  lists that end with NULL; may be NULL themselves.
 *
 * Returns 0, or an error with nothing registered.
 */
int
config_init_component(struct cfdriver *const *drivers,
    const struct cfattachinit *attaches, struct cfdata *cfdata)
{
	struct cfdriver *const *cd;
	int error = 0;

	KERNEL_LOCK(1, NULL);
	for (cd = drivers; cd != NULL && *cd != NULL; cd++)
		if ((error = config_cfdriver_attach(*cd)) != 0)
			goto undo_drivers;
	error = attachments_register(attaches);
	if (error != 0)
		goto undo_drivers;
	if (cfdata != NULL)
		error = config_cfdata_attach(cfdata, 1);
	KERNEL_UNLOCK_ONE(NULL);
	return error;

undo_drivers:
	while (cd != drivers)
		(void)config_cfdriver_detach(*--cd);
	KERNEL_UNLOCK_ONE(NULL);
	return error;
}

/* The reverse.  After an error what is still in use stays registered. */
int
config_fini_component(struct cfdriver *const *drivers,
    const struct cfattachinit *attaches, struct cfdata *cfdata)
{
	struct cfdriver *const *cd;
	int error = 0;

	KERNEL_LOCK(1, NULL);
	if (cfdata != NULL)
		error = config_cfdata_detach(cfdata);
	if (error == 0)
		error = attachments_forget(attaches);
	for (cd = drivers; error == 0 && cd != NULL && *cd != NULL; cd++)
		error = config_cfdriver_detach(*cd);
	KERNEL_UNLOCK_ONE(NULL);
	return error;
}
