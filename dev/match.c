/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Matching: which line of the configuration a device that a bus found is.
 *
 * A line (struct cfdata) names a driver, how it attaches, and which parents it
 * accepts: those that carry an interface attribute, perhaps of one driver, or one
 * unit.  The bus calls config_found, or config_search and config_attach; of all
 * lines that fit, the one whose driver's match function says the most wins.
 */
#include "config.h"

#include <sys/param.h>
#include <sys/systm.h>

const struct cfiattrdata *
config_iattr_of(cfdriver_t cd, const char *name)
{
	const struct cfiattrdata *const *ci;

	for (ci = cd->cd_attrs; ci != NULL && *ci != NULL; ci++)
		if (strcmp((*ci)->ci_name, name) == 0)
			return *ci;
	return NULL;
}

bool
config_parent_match(device_t parent, const struct cfparent *cfp)
{
	cfdriver_t cd;

	if (cfp == NULL || parent == NULL)
		return cfp == NULL && parent == NULL;
	cd = parent->dv_cfdriver;
	if (config_iattr_of(cd, cfp->cfp_iattr) == NULL)
		return false;
	if (cfp->cfp_parent == NULL)
		return true;
	return strcmp(cd->cd_name, cfp->cfp_parent) == 0 &&
	    (cfp->cfp_unit == DVUNIT_ANY || cfp->cfp_unit == parent->dv_unit);
}

/* Does the device carry the attribute? */
bool
device_attached_to_iattr(device_t dev, const char *iattr)
{
	const struct cfparent *cfp = dev->dv_cfdata->cf_pspec;

	return cfp != NULL && strcmp(cfp->cfp_iattr, iattr) == 0;
}

bool
ifattr_match(const char *wanted, const char *attr)
{

	return wanted == NULL || strcmp(wanted, attr) == 0;
}

const char *
cfdata_ifattr(const struct cfdata *cf)
{

	return cf->cf_pspec->cfp_iattr;
}

/* The attribute of that name that a parent of this description carries. */
const struct cfiattrdata *
cfiattr_lookup(const char *name, const struct cfparent *cfp)
{
	const struct cfiattrdata *ci = NULL;
	cfdriver_t cd;

	mutex_enter(&config_lock);
	LIST_FOREACH(cd, &allcfdrivers, cd_list) {
		if (cfp != NULL && cfp->cfp_parent != NULL &&
		    strcmp(cd->cd_name, cfp->cfp_parent) != 0)
			continue;
		if ((ci = config_iattr_of(cd, name)) != NULL)
			break;
	}
	mutex_exit(&config_lock);
	return ci;
}

/*
 * Ask a line's driver: how well, from 1, does it fit?  0: it does not, or there
 * is no such driver.
 */
int
config_match(device_t parent, cfdata_t cf, void *aux)
{
	struct cfattach *ca;
	int match;

	ca = config_cfattach_lookup(cf->cf_name, cf->cf_atname);
	if (ca == NULL || ca->ca_match == NULL)
		return 0;
	KERNEL_LOCK(1, NULL);
	match = (*ca->ca_match)(parent, cf, aux);
	KERNEL_UNLOCK_ONE(NULL);
	return match;
}

int
config_probe(device_t parent, cfdata_t cf, void *aux)
{

	return config_match(parent, cf, aux);
}

/*
 * Submatch: the line's locators are those of the device, or left open; then its
 * driver decides.
 */
int
config_stdsubmatch(device_t parent, cfdata_t cf, const int *locs, void *aux)
{
	const struct cfiattrdata *ci;
	int i;

	ci = cfiattr_lookup(cfdata_ifattr(cf), cf->cf_pspec);
	KASSERT(ci != NULL);
	for (i = 0; i < ci->ci_loclen; i++)
		if (cf->cf_loc[i] != locs[i] &&
		    (ci->ci_locdesc[i].cld_defaultstr == NULL ||
		    cf->cf_loc[i] != ci->ci_locdesc[i].cld_default))
			return 0;
	return config_match(parent, cf, aux);
}

static bool
is_candidate(device_t parent, cfdata_t cf, const char *iattr)
{

	if (cf->cf_fstate != FSTATE_NOTFOUND && cf->cf_fstate != FSTATE_STAR)
		return false;
	if (!config_parent_match(parent, cf->cf_pspec))
		return false;
	return parent == NULL || ifattr_match(iattr, cfdata_ifattr(cf));
}

/* The candidate after cf, over all tables; NULL: the first. */
static cfdata_t
next_candidate(device_t parent, cfdata_t cf, const char *iattr)
{
	struct cftable *ct;
	bool past = cf == NULL;
	cfdata_t c;

	mutex_enter(&config_lock);
	TAILQ_FOREACH(ct, &allcftables, ct_list) {
		for (c = ct->ct_cfdata; c->cf_name != NULL; c++) {
			if (past && is_candidate(parent, c, iattr)) {
				mutex_exit(&config_lock);
				return c;
			}
			past |= c == cf;
		}
	}
	mutex_exit(&config_lock);
	return NULL;
}

/* The best of all lines; ask, if not NULL, decides instead of the driver. */
static cfdata_t
best_match(device_t parent, const char *iattr, cfsubmatch_t ask,
    const int *locs, void *aux, const char *rootname)
{
	cfdata_t best = NULL, cf = NULL;
	int match, most = 0;

	while ((cf = next_candidate(parent, cf, iattr)) != NULL) {
		if (rootname != NULL && strcmp(cf->cf_name, rootname) != 0)
			continue;
		match = ask != NULL ? (*ask)(parent, cf, locs, aux) :
		    config_match(parent, cf, aux);
		if (match > most) {
			most = match;
			best = cf;
		}
	}
	return best;
}

/*
 * Find the line for a child.
 *
 * cfargs  search, or submatch: asked of each line instead of its driver;
 *         iattr: the attribute by which the child attaches; locators.
 *
 * Returns the best line, or NULL.
 */
cfdata_t
config_search(device_t parent, void *aux, const struct cfargs *cfargs)
{
	static const struct cfargs none = { .cfargs_version = CFARGS_VERSION };
	cfdata_t cf;

	if (cfargs == NULL)
		cfargs = &none;
	if (cfargs->cfargs_version != CFARGS_VERSION)
		panic("config_search: arguments of version %lu",
		    (u_long)cfargs->cfargs_version);
	if (cfargs->search != NULL && cfargs->submatch != NULL)
		panic("config_search: both search and submatch");
	KERNEL_LOCK(1, NULL);
	cf = best_match(parent, cfargs->iattr, cfargs->search != NULL ?
	    cfargs->search : cfargs->submatch, cfargs->locators, aux, NULL);
	KERNEL_UNLOCK_ONE(NULL);
	return cf;
}

/* The same for a device without parent. */
cfdata_t
config_rootsearch(cfsubmatch_t fn, const char *rootname, void *aux)
{
	cfdata_t cf;

	KERNEL_LOCK(1, NULL);
	cf = best_match(NULL, NULL, fn, NULL, aux, rootname);
	KERNEL_UNLOCK_ONE(NULL);
	return cf;
}

device_t
config_rootfound(const char *rootname, void *aux)
{
	cfdata_t cf = config_rootsearch(NULL, rootname, aux);

	if (cf == NULL) {
		aprint_error("root device %s is not configured\n", rootname);
		return NULL;
	}
	return config_attach(NULL, cf, aux, NULL, CFARGS_NONE);
}

/*
 * A bus found a child: attach it.
 *
 * print  says where it is, to the bus's taste: after its name, given NULL; or
 *        alone, given the bus's name, if nothing matches.
 *
 * Returns the device, or NULL: nothing matches.
 * Locks:   takes the kernel lock.  Context: thread, may sleep.
 */
device_t
config_found(device_t parent, void *aux, cfprint_t print,
    const struct cfargs *cfargs)
{
	static const char *const ends[] = {
		[QUIET] = "", [UNCONF] = " not configured\n",
		[UNSUPP] = " unsupported\n"
	};
	cfdata_t cf;
	int how;

	cf = config_search(parent, aux, cfargs);
	if (cf != NULL)
		return config_attach(parent, cf, aux, print, cfargs);
	if (print != NULL) {
		how = (*print)(aux, device_xname(parent));
		KASSERT(how >= QUIET && how <= UNSUPP);
		aprint_normal("%s", ends[how]);
	}
	return NULL;
}
