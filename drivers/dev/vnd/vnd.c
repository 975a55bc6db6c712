/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vnd(4): disks whose medium is a regular file of any file system, /dev/vnd0a and
 * so on.
 *
 * A unit is made when it is first opened, without a medium: then only its raw
 * partition can be open, and VNDIOCSET brings one (config.c).  Transfers are done
 * by a thread of the unit's, through the file system's read and write (io.c).
 *
 * Compressed images are not read: VNDIOF_COMP is EOPNOTSUPP.
 *
 * Locks: sc_lock for configuration and the thread's queue; dksubr's for the rest.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/bufq.h>
#include <sys/conf.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <rump-private/dkunits.h>
#include <rump-sys/kern.h>

#include "ioconf_vnd.h"
#include "vnd_var.h"

#define UNITS_MOST	256

static void	vnd_attach(device_t, device_t, void *);
static int	vnd_detach(device_t, int);

CFATTACH_DECL3_NEW(vnd, sizeof(struct vnd_softc), dk_unit_match, vnd_attach,
    vnd_detach, NULL, NULL, NULL, DVF_DETACH_SHUTDOWN);

static dev_type_open(vnd_open);
static dev_type_close(vnd_close);
static dev_type_read(vnd_read);
static dev_type_write(vnd_write);
static dev_type_ioctl(vnd_ioctl);
static dev_type_strategy(vnd_strategy);
static dev_type_size(vnd_psize);

static const struct bdevsw vnd_bdevsw = {
	.d_open = vnd_open,
	.d_close = vnd_close,
	.d_strategy = vnd_strategy,
	.d_ioctl = vnd_ioctl,
	.d_dump = nodump,
	.d_psize = vnd_psize,
	.d_discard = nodiscard,
	.d_flag = D_DISK | D_MPSAFE,
};

static const struct cdevsw vnd_cdevsw = {
	.d_open = vnd_open,
	.d_close = vnd_close,
	.d_read = vnd_read,
	.d_write = vnd_write,
	.d_ioctl = vnd_ioctl,
	.d_stop = nostop,
	.d_tty = notty,
	.d_poll = nopoll,
	.d_mmap = nommap,
	.d_kqfilter = nokqfilter,
	.d_discard = nodiscard,
	.d_flag = D_DISK | D_MPSAFE,
};

static const struct dkdriver vnd_dkdriver = {
	.d_open = vnd_open,
	.d_close = vnd_close,
	.d_strategy = vnd_strategy,
	.d_minphys = minphys,
	.d_diskstart = vnd_diskstart,
};

static struct dk_unit units_made[UNITS_MOST];
static struct dk_units units = {
	.du_cd = &vnd_cd, .du_ca = &vnd_ca,
	.du_bdevsw = &vnd_bdevsw, .du_cdevsw = &vnd_cdevsw,
	.du_driver = &vnd_dkdriver,
	.du_units = units_made, .du_most = UNITS_MOST,
};

/* -------------------------------------------------------------------- units */

/* The medium is there, or gone: dksubr reads its label at the next open. */
void
vnd_set_medium(struct vnd_softc *sc, bool there)
{
	struct dk_softc *dksc = &sc->sc_dksc;
	struct disk_geom dg = { .dg_secsize = DEV_BSIZE };

	if (there) {
		dg.dg_secsize = sc->sc_geom.vng_secsize;
		dg.dg_secperunit = (int64_t)(sc->sc_size / dg.dg_secsize);
		dg.dg_nsectors = sc->sc_geom.vng_nsectors;
		dg.dg_ntracks = sc->sc_geom.vng_ntracks;
		dg.dg_ncylinders = sc->sc_geom.vng_ncylinders;
	}
	mutex_enter(&dksc->sc_dkdev.dk_openlock);
	dk_unit_set_medium(dksc, &dg, there, "vnd");
	/* who has the raw partition open sees the new label */
	if (there && dksc->sc_dkdev.dk_openmask != 0)
		dk_getdisklabel(dksc, MAKEDISKDEV(units.du_bmajor,
		    device_unit(dksc->sc_dev), RAW_PART));
	mutex_exit(&dksc->sc_dkdev.dk_openlock);
}

static void
vnd_attach(device_t parent, device_t self, void *aux)
{
	struct vnd_softc *sc = device_private(self);

	dk_unit_attach(&units, self, DKTYPE_VND, BUFQ_DISK_DEFAULT_STRAT);
	mutex_init(&sc->sc_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_cv, "vnd");
	TAILQ_INIT(&sc->sc_queue);
	vnd_set_medium(sc, false);
}

static int
vnd_detach(device_t self, int flags)
{
	struct vnd_softc *sc = device_private(self);
	struct vnd_ioctl force = { .vnd_flags = VNDIOF_FORCE };
	int error;

	error = dk_unit_begindetach(&units, self, flags);
	if (error != 0)
		return error;
	if (sc->sc_vp != NULL)
		error = (flags & DETACH_FORCE) == 0 ? EBUSY :
		    vnd_clear(sc, NODEV, &force);
	if (error != 0) {
		dk_unit_stay(&units, self);
		return error;
	}
	dk_unit_detach(&units, self);
	cv_destroy(&sc->sc_cv);
	mutex_destroy(&sc->sc_lock);
	return 0;
}

struct vnd_softc *
vnd_unit(int unit)
{

	return device_lookup_private(&vnd_cd, unit);
}

static struct vnd_softc *
unit_of(dev_t dev)
{

	return vnd_unit(DISKUNIT(dev));
}

/* ------------------------------------------------------------------ entries */

static int
vnd_open(dev_t dev, int flags, int fmt, struct lwp *l)
{
	struct vnd_softc *sc = (struct vnd_softc *)dk_unit_get(&units, dev);

	if (sc == NULL)
		return ENXIO;
	if (!DK_ATTACHED(&sc->sc_dksc)) {
		if (DISKPART(dev) != RAW_PART)
			return ENXIO;
	} else if ((flags & FWRITE) != 0 && (sc->sc_fmode & FWRITE) == 0 &&
	    fmt == S_IFBLK) {
		/* the raw character device takes the ioctls, too */
		return EROFS;
	}
	return dk_open(&sc->sc_dksc, dev, flags, fmt, l);
}

static int
vnd_close(dev_t dev, int flags, int fmt, struct lwp *l)
{

	return dk_close(&unit_of(dev)->sc_dksc, dev, flags, fmt, l);
}

static void
vnd_strategy(struct buf *bp)
{
	struct vnd_softc *sc = unit_of(bp->b_dev);
	int error = 0;

	if (sc == NULL)
		error = ENXIO;
	else if (BUF_ISWRITE(bp) && DK_ATTACHED(&sc->sc_dksc) &&
	    (sc->sc_fmode & FWRITE) == 0)
		error = EROFS;
	if (error != 0) {
		bp->b_error = error;
		bp->b_resid = bp->b_bcount;
		biodone(bp);
		return;
	}
	dk_strategy(&sc->sc_dksc, bp);
}

static int
vnd_read(dev_t dev, struct uio *uio, int flags)
{

	return dk_unit_transfer(&units, dev, uio);
}

static int
vnd_write(dev_t dev, struct uio *uio, int flags)
{

	return dk_unit_transfer(&units, dev, uio);
}

static int
vnd_psize(dev_t dev)
{

	return dk_unit_size(&units, dev);
}

static int
vnd_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	struct vnd_softc *sc = unit_of(dev);

	switch (cmd) {
	case VNDIOCGET:
		return vnd_get(sc, data);
	case VNDIOCSET:
	case VNDIOCCLR:
		if ((flag & FWRITE) == 0)
			return EBADF;
		if (DISKPART(dev) != RAW_PART)
			return EINVAL;
		return cmd == VNDIOCSET ? vnd_set(sc, data) :
		    vnd_clear(sc, dev, data);
	case DIOCGCACHE:
		if (!DK_ATTACHED(&sc->sc_dksc))
			return ENXIO;
		*(int *)data = DKCACHE_READ | DKCACHE_WRITE | DKCACHE_FUA;
		return 0;
	case DIOCCACHESYNC:
		return vnd_cachesync(sc);
	default:
		return dk_ioctl(&sc->sc_dksc, dev, cmd, data, flag, l);
	}
}

/* ---------------------------------------------------------------- component */

RUMP_COMPONENT(RUMP_COMPONENT_DEV)
{

	FLAWLESSCALL(config_init_component(cfdriver_ioconf_vnd,
	    cfattach_ioconf_vnd, cfdata_ioconf_vnd));
	dk_units_init(&units);
}
