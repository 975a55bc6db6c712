/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wedges, dk(4): parts of a disk as disks of their own.
 *
 *   dkwedge_add, dkwedge_del, dkwedge_list      as DIOC?WEDGE ask
 *   dkwedge_discover                            from the partition table
 *   dkwedge_delall, dkwedge_delidle             all, or those that are not open
 *   dkwedge_find_by_wname, _by_parent, ...
 *
 * A wedge is a pseudo-device dkN with a name (of the partition, or made of the
 * parent's), which no other wedge has, and a range of its parent that overlaps no
 * other.  It lives from add to del.  Deleting one that is open needs DETACH_FORCE:
 * it is revoked, what is under way ends, later transfers fail.
 *
 * Locks: the parent's dk_openlock for its list of wedges, then wedges_lock for the
 * names.  Opens and closes of a disk's wedges are let through a gate one at a time
 * (dk_rawbusy): no mutex, for a parent's vnode is locked, and its driver's open
 * sleeps, behind it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kmem.h>
#include <sys/proc.h>
#include <sys/vnode.h>

#include "wedge.h"

static int	dk_match(device_t, cfdata_t, void *);
static void	dk_attach(device_t, device_t, void *);
static int	dk_detach(device_t, int);

CFDRIVER_DECL(dk, DV_DISK, NULL);
CFATTACH_DECL3_NEW(dk, 0, dk_match, dk_attach, dk_detach, NULL, NULL, NULL,
    DVF_DETACH_SHUTDOWN);

static kmutex_t wedges_lock;
static LIST_HEAD(, dkwedge_softc) wedges;	/* wedges_lock: the usable ones */
static kmutex_t delete_lock;	/* before all others: one deletion at a time */
static kcondvar_t wedges_cv;	/* a reference was dropped */

static int
dk_match(device_t parent, cfdata_t cf, void *aux)
{

	return 1;
}

static void
dk_attach(device_t parent, device_t self, void *aux)
{
	struct dkwedge_softc *sc;

	/* the line is part of the wedge */
	sc = container_of(device_cfdata(self), struct dkwedge_softc,
	    sc_cfdata);
	device_set_private(self, sc);
	sc->sc_dev = self;
	(void)pmf_device_register(self, NULL, NULL);
}

void
dkwedge_init(void)
{

	mutex_init(&wedges_lock, MUTEX_DEFAULT, IPL_NONE);
	mutex_init(&delete_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&wedges_cv, "wedges");
	if (config_cfdriver_attach(&dk_cd) != 0 ||
	    config_cfattach_attach("dk", &dk_ca) != 0)
		panic("dkwedge_init: dk cannot be registered");
	wedge_dev_init();
}

struct dkwedge_softc *
wedge_of(dev_t dev)
{

	return device_lookup_private(&dk_cd, minor(dev));
}

struct dkwedge_softc *
wedge_get(dev_t dev)
{
	struct dkwedge_softc *sc;

	mutex_enter(&wedges_lock);
	LIST_FOREACH(sc, &wedges, sc_link)
		if (device_unit(sc->sc_dev) == (int)minor(dev))
			break;
	if (sc != NULL)
		sc->sc_refs++;
	mutex_exit(&wedges_lock);
	return sc;
}

void
wedge_put(struct dkwedge_softc *sc)
{

	mutex_enter(&wedges_lock);
	KASSERT(sc->sc_refs > 0);
	if (--sc->sc_refs == 0)
		cv_broadcast(&wedges_cv);
	mutex_exit(&wedges_lock);
}

bool
wedge_is_usable(struct dkwedge_softc *sc)
{
	bool usable;

	mutex_enter(&wedges_lock);
	usable = sc->sc_usable;
	mutex_exit(&wedges_lock);
	return usable;
}

/* It is found no more. */
static void
wedge_hide(struct dkwedge_softc *sc)
{

	mutex_enter(&wedges_lock);
	if (sc->sc_usable)
		LIST_REMOVE(sc, sc_link);
	sc->sc_usable = false;
	mutex_exit(&wedges_lock);
}

static struct dkwedge_softc *
wedge_by_name(const char *wname)
{
	struct dkwedge_softc *sc;

	KASSERT(mutex_owned(&wedges_lock));
	LIST_FOREACH(sc, &wedges, sc_link)
		if (strcmp((const char *)sc->sc_wname, wname) == 0)
			break;
	return sc;
}

/* ---------------------------------------------------------------- adding */

/* The block device of a disk's raw partition. */
static dev_t
raw_device(const struct disk *dk)
{
	device_t dev = device_find_by_xname(dk->dk_name);
	devmajor_t major = devsw_name2blk(dk->dk_name, NULL, 0);

	if (dev == NULL || major == NODEVMAJOR)
		return NODEV;
	if (device_is_a(dev, "dk"))
		return makedev(major, device_unit(dev));
	return MAKEDISKDEV(major, device_unit(dev), RAW_PART);
}

static bool
overlaps(const struct disk *dk, const struct dkwedge_info *dkw)
{
	const struct dkwedge_softc *sc;
	uint64_t first = dkw->dkw_offset, end = first + dkw->dkw_size;

	LIST_FOREACH(sc, &dk->dk_wedges, sc_plink)
		if (first < sc->sc_offset + sc->sc_size && sc->sc_offset < end)
			return true;
	return false;
}

/* Is it the same wedge again, only longer?  Then it grows. */
static int
grow(struct disk *dk, const struct dkwedge_info *dkw)
{
	struct dkwedge_softc *sc, *other;

	LIST_FOREACH(sc, &dk->dk_wedges, sc_plink)
		if (sc->sc_offset == (uint64_t)dkw->dkw_offset &&
		    strcmp((const char *)sc->sc_wname,
		    (const char *)dkw->dkw_wname) == 0 &&
		    strcmp(sc->sc_ptype, dkw->dkw_ptype) == 0)
			break;
	if (sc == NULL)
		return ENOENT;
	if (dkw->dkw_size <= sc->sc_size)
		return EEXIST;
	LIST_FOREACH(other, &dk->dk_wedges, sc_plink)
		if (other != sc && other->sc_offset > sc->sc_offset &&
		    other->sc_offset - sc->sc_offset < dkw->dkw_size)
			return EINVAL;
	sc->sc_size = dkw->dkw_size;
	sc->sc_dk.dk_geom.dg_secperunit = sc->sc_size;
	disk_set_info(sc->sc_dev, &sc->sc_dk, NULL);
	return 0;
}

static bool
fits(const struct disk *dk, const struct dkwedge_info *dkw)
{
	uint64_t size = dk->dk_geom.dg_secperunit;

	return dkw->dkw_offset >= 0 && dkw->dkw_size != 0 &&
	    (uint64_t)dkw->dkw_offset < size &&
	    dkw->dkw_size <= size - dkw->dkw_offset;
}

static struct dkwedge_softc *
wedge_make(struct disk *dk, const struct dkwedge_info *dkw, dev_t pdev)
{
	struct dkwedge_softc *sc = kmem_zalloc(sizeof(*sc), KM_SLEEP);

	sc->sc_parent = dk;
	sc->sc_pdev = pdev;
	memcpy(sc->sc_wname, dkw->dkw_wname, sizeof(sc->sc_wname));
	sc->sc_wname[sizeof(sc->sc_wname) - 1] = '\0';
	strlcpy(sc->sc_ptype, dkw->dkw_ptype, sizeof(sc->sc_ptype));
	sc->sc_offset = dkw->dkw_offset;
	sc->sc_size = dkw->dkw_size;
	sc->sc_secsize = dk->dk_geom.dg_secsize;
	mutex_init(&sc->sc_iolock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_drain, "wedge");
	callout_init(&sc->sc_restart, CALLOUT_MPSAFE);
	callout_setfunc(&sc->sc_restart, wedge_restart, sc);
	(void)bufq_alloc(&sc->sc_bufq, BUFQ_STRAT_ANY, 0);
	sc->sc_cfdata.cf_name = dk_cd.cd_name;
	sc->sc_cfdata.cf_atname = dk_ca.ca_name;
	sc->sc_cfdata.cf_fstate = FSTATE_STAR;
	return sc;
}

static void
wedge_free(struct dkwedge_softc *sc)
{

	callout_halt(&sc->sc_restart, NULL);
	callout_destroy(&sc->sc_restart);
	bufq_free(sc->sc_bufq);
	cv_destroy(&sc->sc_drain);
	mutex_destroy(&sc->sc_iolock);
	kmem_free(sc, sizeof(*sc));
}

/* It has a device: make it a disk that others find; the caller has a reference. */
static void
wedge_enter(struct dkwedge_softc *sc)
{

	disk_init(&sc->sc_dk, device_xname(sc->sc_dev), NULL);
	sc->sc_dk.dk_geom.dg_secsize = sc->sc_secsize;
	sc->sc_dk.dk_geom.dg_secperunit = sc->sc_size;
	disk_set_info(sc->sc_dev, &sc->sc_dk, NULL);
	disk_attach(&sc->sc_dk);
	LIST_INSERT_HEAD(&sc->sc_parent->dk_wedges, sc, sc_plink);
	sc->sc_parent->dk_nwedges++;
	LIST_INSERT_HEAD(&wedges, sc, sc_link);
	sc->sc_usable = true;
	sc->sc_refs = 1;
}

/* Give a new wedge its names in /dev, and say that it is there. */
static void
wedge_publish(struct dkwedge_softc *sc)
{

	wedge_dev_nodes(sc->sc_dev);
	aprint_normal("%s at %s: \"%s\", %llu blocks at %llu, type: %s\n",
	    device_xname(sc->sc_dev), sc->sc_parent->dk_name, sc->sc_wname,
	    (unsigned long long)sc->sc_size,
	    (unsigned long long)sc->sc_offset,
	    sc->sc_ptype[0] == '\0' ? "<unknown>" : sc->sc_ptype);
}

/*
 * Returns 0 and in *made a new wedge, referenced; NULL: one grew.  Parent's dk_openlock
 * and wedges_lock held.
 */
static int
add_locked(struct disk *dk, const struct dkwedge_info *dkw,
    struct dkwedge_softc **made)
{
	struct dkwedge_softc *sc;
	dev_t pdev;
	int error;

	*made = NULL;
	if ((dk->dk_openmask & ~(1 << RAW_PART)) != 0)
		return EBUSY;
	error = grow(dk, dkw);
	if (error != ENOENT)
		return error;
	if (overlaps(dk, dkw))
		return EINVAL;
	if (wedge_by_name((const char *)dkw->dkw_wname) != NULL)
		return EEXIST;
	pdev = raw_device(dk);
	if (pdev == NODEV)
		return ENODEV;
	sc = wedge_make(dk, dkw, pdev);
	if (config_attach_pseudo(&sc->sc_cfdata) == NULL) {
		wedge_free(sc);
		return ENOMEM;
	}
	wedge_enter(sc);
	*made = sc;
	return 0;
}

/*
 * Add a wedge.
 *
 * dkw  in: dkw_parent, dkw_wname, offset, size, ptype; out: dkw_devname.
 *
 * Returns 0; ENODEV: no such parent; EINVAL: it is not within the parent, or
 * overlaps another; EEXIST: it is there, or the name is; EBUSY: a partition of
 * the parent is open.
 */
int
dkwedge_add(struct dkwedge_info *dkw)
{
	struct dkwedge_softc *sc;
	struct disk *dk;
	int error;

	dkw->dkw_parent[sizeof(dkw->dkw_parent) - 1] = '\0';
	dkw->dkw_wname[sizeof(dkw->dkw_wname) - 1] = '\0';
	dkw->dkw_ptype[sizeof(dkw->dkw_ptype) - 1] = '\0';
	dk = disk_find(dkw->dkw_parent);
	/* a wedge has none */
	if (dk == NULL || dk->dk_driver == NULL)
		return ENODEV;
	if (!fits(dk, dkw))
		return EINVAL;
	mutex_enter(&dk->dk_openlock);
	mutex_enter(&wedges_lock);
	error = add_locked(dk, dkw, &sc);
	mutex_exit(&wedges_lock);
	mutex_exit(&dk->dk_openlock);
	if (sc != NULL) {
		/* in a file system, whose locks come before ours */
		wedge_publish(sc);
		strlcpy(dkw->dkw_devname, device_xname(sc->sc_dev),
		    sizeof(dkw->dkw_devname));
		wedge_put(sc);
	}
	return error;
}

/* --------------------------------------------------------------- deleting */

/* Make a wedge unusable and wait for its transfers; EBUSY: it is open. */
static int
wedge_close_down(struct dkwedge_softc *sc, int flags)
{
	bool open;

	wedge_gate_enter(sc->sc_parent);
	open = sc->sc_dk.dk_openmask != 0;
	if (!open || (flags & DETACH_FORCE) != 0)
		wedge_hide(sc);
	wedge_gate_exit(sc->sc_parent);
	if (open && (flags & DETACH_FORCE) == 0)
		return EBUSY;
	/* who found it before finds it unusable now, and leaves */
	mutex_enter(&wedges_lock);
	while (sc->sc_refs != 0)
		cv_wait(&wedges_cv, &wedges_lock);
	mutex_exit(&wedges_lock);
	mutex_enter(&sc->sc_iolock);
	sc->sc_dying = true;
	mutex_exit(&sc->sc_iolock);
	wedge_drain(sc);
	return 0;
}

static int
dk_detach(device_t self, int flags)
{
	struct dkwedge_softc *sc = device_private(self);
	struct disk *parent = sc->sc_parent;
	int error;

	error = wedge_close_down(sc, flags);
	if (error != 0)
		return error;
	/* closes what is open, with it the parent; nobody is inside after that */
	wedge_revoke(sc);
	aprint_debug_dev(self, "deleted: \"%s\"\n", sc->sc_wname);
	mutex_enter(&parent->dk_openlock);
	LIST_REMOVE(sc, sc_plink);
	parent->dk_nwedges--;
	mutex_exit(&parent->dk_openlock);
	pmf_device_deregister(self);
	disk_detach(&sc->sc_dk);
	disk_destroy(&sc->sc_dk);
	return 0;
}

static int
wedge_delete(struct dkwedge_softc *sc, int flags)
{
	int error = config_detach(sc->sc_dev, flags | DETACH_QUIET);

	if (error == 0)
		wedge_free(sc);
	return error;
}

/*
 * Delete a wedge.
 *
 * dkw  dkw_devname.
 *
 * Returns 0; ESRCH: no such wedge; EBUSY: it is open.
 */
int
dkwedge_del(struct dkwedge_info *dkw)
{
	struct dkwedge_softc *sc;
	int error = ESRCH;
	device_t dev;

	dkw->dkw_devname[sizeof(dkw->dkw_devname) - 1] = '\0';
	dkw->dkw_parent[sizeof(dkw->dkw_parent) - 1] = '\0';
	mutex_enter(&delete_lock);
	dev = device_find_by_xname(dkw->dkw_devname);
	if (dev != NULL && device_is_a(dev, "dk")) {
		sc = device_private(dev);
		if (strcmp(sc->sc_parent->dk_name, dkw->dkw_parent) == 0)
			error = wedge_delete(sc, 0);
	}
	mutex_exit(&delete_lock);
	return error;
}

/* The first wedge of a disk, from the n-th on, that is or may be closed. */
static struct dkwedge_softc *
nth_wedge(struct disk *dk, u_int n, bool idle)
{
	struct dkwedge_softc *sc;

	mutex_enter(&dk->dk_openlock);
	LIST_FOREACH(sc, &dk->dk_wedges, sc_plink)
		if ((!idle || sc->sc_dk.dk_openmask == 0) && n-- == 0)
			break;
	mutex_exit(&dk->dk_openlock);
	return sc;
}

/* The disk goes: delete its wedges, open or not. */
void
dkwedge_delall(struct disk *dk)
{
	struct dkwedge_softc *sc;

	mutex_enter(&delete_lock);
	while ((sc = nth_wedge(dk, 0, false)) != NULL)
		(void)wedge_delete(sc, DETACH_FORCE);
	mutex_exit(&delete_lock);
}

/* Delete those that are not open. */
void
dkwedge_delidle(struct disk *dk)
{
	struct dkwedge_softc *sc;
	u_int failed = 0;

	mutex_enter(&delete_lock);
	while ((sc = nth_wedge(dk, failed, true)) != NULL)
		if (wedge_delete(sc, 0) != 0)
			failed++;
	mutex_exit(&delete_lock);
}

/* ---------------------------------------------------------------- looking */

void
wedge_describe(const struct dkwedge_softc *sc, struct dkwedge_info *dkw)
{

	*dkw = (struct dkwedge_info){
		.dkw_offset = sc->sc_offset, .dkw_size = sc->sc_size,
	};
	snprintf(dkw->dkw_devname, sizeof(dkw->dkw_devname), "%s",
	    device_xname(sc->sc_dev));
	snprintf(dkw->dkw_parent, sizeof(dkw->dkw_parent), "%s",
	    sc->sc_parent->dk_name);
	memcpy(dkw->dkw_ptype, sc->sc_ptype, sizeof(dkw->dkw_ptype));
	memcpy(dkw->dkw_wname, sc->sc_wname, sizeof(dkw->dkw_wname));
}

/*
 * The wedges of a disk, in the order of their place.
 *
 * dkwl  in: dkwl_buf in l's memory, dkwl_bufsize in bytes; out: dkwl_nwedges,
 *       dkwl_ncopied.
 */
int
dkwedge_list(struct disk *dk, struct dkwedge_list *dkwl, struct lwp *l)
{
	const size_t room = dkwl->dkwl_bufsize / sizeof(struct dkwedge_info);
	struct dkwedge_softc *sc, *best;
	struct dkwedge_info dkw;
	uint64_t from = 0;
	int error = 0;

	mutex_enter(&dk->dk_openlock);
	dkwl->dkwl_nwedges = dk->dk_nwedges;
	dkwl->dkwl_ncopied = 0;
	while (dkwl->dkwl_ncopied < room && error == 0) {
		best = NULL;
		LIST_FOREACH(sc, &dk->dk_wedges, sc_plink)
			if (sc->sc_offset >= from && (best == NULL ||
			    sc->sc_offset < best->sc_offset))
				best = sc;
		if (best == NULL)
			break;
		wedge_describe(best, &dkw);
		error = copyout(&dkw, (struct dkwedge_info *)dkwl->dkwl_buf +
		    dkwl->dkwl_ncopied, sizeof(dkw));
		if (error == 0)
			dkwl->dkwl_ncopied++;
		from = best->sc_offset + 1;
	}
	mutex_exit(&dk->dk_openlock);
	return error;
}

device_t
dkwedge_find_by_wname(const char *wname)
{
	struct dkwedge_softc *sc;
	device_t dev;

	mutex_enter(&wedges_lock);
	sc = wedge_by_name(wname);
	dev = sc != NULL ? sc->sc_dev : NULL;
	mutex_exit(&wedges_lock);
	return dev;
}

/* The first wedge of a parent with unit *i or more; *i becomes its unit. */
device_t
dkwedge_find_by_parent(const char *name, size_t *i)
{
	struct dkwedge_softc *sc;
	device_t dev = NULL;

	mutex_enter(&wedges_lock);
	LIST_FOREACH(sc, &wedges, sc_link)
		if ((size_t)device_unit(sc->sc_dev) >= *i &&
		    strcmp(sc->sc_parent->dk_name, name) == 0 &&
		    (dev == NULL || device_unit(sc->sc_dev) < device_unit(dev)))
			dev = sc->sc_dev;
	if (dev != NULL)
		*i = device_unit(dev);
	mutex_exit(&wedges_lock);
	return dev;
}

/* NULL: the device is no wedge. */
const char *
dkwedge_get_parent_name(dev_t dev)
{
	struct dkwedge_softc *sc;
	const char *name;

	if (major(dev) != devsw_name2blk("dk", NULL, 0))
		return NULL;
	sc = wedge_get(dev);
	if (sc == NULL)
		return NULL;
	name = sc->sc_parent->dk_name;
	wedge_put(sc);
	return name;
}

void
dkwedge_print_wnames(void)
{
	struct dkwedge_softc *sc;

	mutex_enter(&wedges_lock);
	LIST_FOREACH(sc, &wedges, sc_link)
		printf(" wedge:%s", sc->sc_wname);
	mutex_exit(&wedges_lock);
}
