/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Disks that no bus has: units that are made when they are first opened, and wait
 * for a medium (<rump-private/dkunits.h>).
 *
 * A unit that goes is found no more first; opens that found it before are over when
 * its vnodes are revoked (vdevgone); then its memory goes.
 *
 * Locks: du_lock, held while a unit is made.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/bufq.h>
#include <sys/conf.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <rump-private/dkunits.h>
#include <rump-sys/kern.h>
#include <rump-sys/vfs.h>

#define MINOR_FIRST(unit)	DISKMINOR(unit, 0)
#define MINOR_LAST(unit)	DISKMINOR(unit, MAXPARTITIONS - 1)

/* Names of a unit's partitions. */
static void
make_nodes(const struct dk_units *du, int unit)
{
	const char *name = du->du_cd->cd_name;
	char path[32];

	snprintf(path, sizeof(path), "/dev/%s%d", name, unit);
	(void)rump_vfs_makedevnodes(S_IFBLK, path, 'a', du->du_bmajor,
	    MINOR_FIRST(unit), MAXPARTITIONS);
	snprintf(path, sizeof(path), "/dev/r%s%d", name, unit);
	(void)rump_vfs_makedevnodes(S_IFCHR, path, 'a', du->du_cmajor,
	    MINOR_FIRST(unit), MAXPARTITIONS);
}

void
dk_units_init(struct dk_units *du)
{

	mutex_init(&du->du_lock, MUTEX_DEFAULT, IPL_NONE);
	du->du_bmajor = du->du_cmajor = NODEVMAJOR;
	FLAWLESSCALL(devsw_attach(du->du_cd->cd_name, du->du_bdevsw,
	    &du->du_bmajor, du->du_cdevsw, &du->du_cmajor));
	FLAWLESSCALL(config_cfattach_attach(du->du_cd->cd_name, du->du_ca));
	make_nodes(du, 0);
}

struct dk_softc *
dk_unit_of(const struct dk_units *du, dev_t dev)
{

	return device_lookup_private(du->du_cd, DISKUNIT(dev));
}

/* Attach a unit that is not there.  du_lock held. */
static struct dk_softc *
make(struct dk_units *du, dev_t dev)
{
	const int unit = DISKUNIT(dev);
	struct cfdata *cf = &du->du_units[unit].un_line;

	cf->cf_name = du->du_cd->cd_name;
	cf->cf_atname = du->du_ca->ca_name;
	cf->cf_unit = unit;
	cf->cf_fstate = FSTATE_NOTFOUND;
	if (config_attach_pseudo(cf) == NULL)
		return NULL;
	make_nodes(du, unit + 1);
	return dk_unit_of(du, dev);
}

struct dk_softc *
dk_unit_get(struct dk_units *du, dev_t dev)
{
	const u_int unit = DISKUNIT(dev);
	struct dk_softc *dksc;

	if (unit >= du->du_most)
		return NULL;
	mutex_enter(&du->du_lock);
	dksc = dk_unit_of(du, dev);
	if (dksc == NULL) {
		/* if it was going, it is gone now */
		du->du_units[unit].un_going = false;
		dksc = make(du, dev);
	} else if (du->du_units[unit].un_going) {
		dksc = NULL;
	}
	mutex_exit(&du->du_lock);
	return dksc;
}

void
dk_unit_attach(struct dk_units *du, device_t self, int dtype,
    const char *strategy)
{
	struct dk_softc *dksc = device_private(self);

	dk_init(dksc, self, dtype);
	dk_flags_change(dksc, DKF_NO_RND, 0);
	disk_init(&dksc->sc_dkdev, dksc->sc_xname, du->du_driver);
	disk_attach(&dksc->sc_dkdev);
	dk_attach(dksc);
	(void)bufq_alloc(&dksc->sc_bufq, strategy, BUFQ_SORT_RAWBLOCK);
	(void)pmf_device_register(self, NULL, NULL);
}

static void
set_going(struct dk_units *du, device_t self, bool going)
{

	mutex_enter(&du->du_lock);
	du->du_units[device_unit(self)].un_going = going;
	mutex_exit(&du->du_lock);
}

int
dk_unit_begindetach(struct dk_units *du, device_t self, int flags)
{
	struct dk_softc *dksc = device_private(self);
	int error;

	set_going(du, self, true);
	error = disk_begindetach(&dksc->sc_dkdev, NULL, self, flags);
	if (error != 0)
		set_going(du, self, false);
	return error;
}

void
dk_unit_stay(struct dk_units *du, device_t self)
{

	set_going(du, self, false);
}

void
dk_unit_detach(struct dk_units *du, device_t self)
{
	struct dk_softc *dksc = device_private(self);
	const int unit = device_unit(self);

	dkwedge_delall(&dksc->sc_dkdev);
	vdevgone(du->du_bmajor, MINOR_FIRST(unit), MINOR_LAST(unit), VBLK);
	vdevgone(du->du_cmajor, MINOR_FIRST(unit), MINOR_LAST(unit), VCHR);
	pmf_device_deregister(self);
	dk_drain(dksc);
	bufq_free(dksc->sc_bufq);
	dk_detach(dksc);
	disk_detach(&dksc->sc_dkdev);
	disk_destroy(&dksc->sc_dkdev);
}

void
dk_unit_set_medium(struct dk_softc *dksc, const struct disk_geom *dg,
    bool there, const char *type)
{

	struct disk_geom *const now = &dksc->sc_dkdev.dk_geom;

	KASSERT(mutex_owned(&dksc->sc_dkdev.dk_openlock));
	dk_flags_change(dksc, 0, DKF_VLABEL | DKF_INITED | DKF_KLABEL | DKF_WLABEL);
	/* transfers look at the sizes without a lock, and at nothing else */
	atomic_store_relaxed(&now->dg_secperunit, dg->dg_secperunit);
	atomic_store_relaxed(&now->dg_secsize, dg->dg_secsize);
	memcpy(&now->dg_nsectors, &dg->dg_nsectors,
	    sizeof(*now) - offsetof(struct disk_geom, dg_nsectors));
	if (there)
		dk_flags_change(dksc, DKF_INITED, 0);
	disk_set_info(dksc->sc_dev, &dksc->sc_dkdev, type);
}

int
dk_unit_transfer(const struct dk_units *du, dev_t dev, struct uio *uio)
{
	const struct dkdriver *driver = du->du_driver;
	const struct dk_softc *dksc = dk_unit_of(du, dev);

	if (dksc == NULL || !DK_ATTACHED(dksc))
		return ENXIO;
	return physio(driver->d_strategy, NULL, dev,
	    uio->uio_rw == UIO_READ ? B_READ : B_WRITE, driver->d_minphys, uio);
}

int
dk_unit_size(const struct dk_units *du, dev_t dev)
{
	struct dk_softc *dksc = dk_unit_of(du, dev);

	return dksc == NULL ? -1 : dk_size(dksc, dev);
}

int
dk_unit_match(device_t parent, cfdata_t cf, void *aux)
{

	return 1;
}
