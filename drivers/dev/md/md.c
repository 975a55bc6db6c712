/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * md(4): disks in memory, /dev/md0a and so on.
 *
 * A unit is made when it is first opened, without a medium: then only its raw
 * partition can be open, and MD_SETCONF brings one, of the kernel's memory or of
 * the process that asks (server.c).  A kernel's creator may bring one too
 * (md_root_setconf, or hooks of his own: hooks.c).
 *
 * Transfers are copies, done where they are asked for.
 *
 * Locks: sc_lock for the configuration; dksubr's for the rest.  The memory of a
 * configured unit stays as long as a partition is open.
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
#include <uvm/uvm_extern.h>

#include "ioconf_md.h"
#include "md_var.h"

#define UNITS_MOST	64

static void	md_attach(device_t, device_t, void *);
static int	md_detach(device_t, int);

CFATTACH_DECL3_NEW(md, sizeof(struct md_softc), dk_unit_match, md_attach, md_detach,
    NULL, NULL, NULL, DVF_DETACH_SHUTDOWN);

static dev_type_open(md_open);
static dev_type_close(md_close);
static dev_type_read(md_read);
static dev_type_write(md_write);
static dev_type_ioctl(md_ioctl);
static dev_type_strategy(md_strategy);
static dev_type_size(md_size);

static const struct bdevsw md_bdevsw = {
	.d_open = md_open,
	.d_close = md_close,
	.d_strategy = md_strategy,
	.d_ioctl = md_ioctl,
	.d_dump = nodump,
	.d_psize = md_size,
	.d_discard = nodiscard,
	.d_flag = D_DISK | D_MPSAFE,
};

static const struct cdevsw md_cdevsw = {
	.d_open = md_open,
	.d_close = md_close,
	.d_read = md_read,
	.d_write = md_write,
	.d_ioctl = md_ioctl,
	.d_stop = nostop,
	.d_tty = notty,
	.d_poll = nopoll,
	.d_mmap = nommap,
	.d_kqfilter = nokqfilter,
	.d_discard = nodiscard,
	.d_flag = D_DISK | D_MPSAFE,
};

static int	md_diskstart(device_t, struct buf *);

static const struct dkdriver md_dkdriver = {
	.d_open = md_open,
	.d_close = md_close,
	.d_strategy = md_strategy,
	.d_minphys = minphys,
	.d_diskstart = md_diskstart,
};

static struct dk_unit units_made[UNITS_MOST];
static struct dk_units units = {
	.du_cd = &md_cd, .du_ca = &md_ca,
	.du_bdevsw = &md_bdevsw, .du_cdevsw = &md_cdevsw,
	.du_driver = &md_dkdriver,
	.du_units = units_made, .du_most = UNITS_MOST,
};

/* -------------------------------------------------------------------- units */

/* The medium is there, or (no memory) gone. */
static void
set_medium(struct md_softc *sc)
{
	struct disk *dk = &sc->sc_dksc.sc_dkdev;
	struct disk_geom dg = { .dg_secsize = DEV_BSIZE };
	bool there;

	mutex_enter(&sc->sc_lock);
	dg.dg_secperunit = (int64_t)(sc->sc_conf.md_size / DEV_BSIZE);
	there = sc->sc_conf.md_type != MD_UNCONFIGURED;
	mutex_exit(&sc->sc_lock);
	mutex_enter(&dk->dk_openlock);
	dk_unit_set_medium(&sc->sc_dksc, &dg, there, "md");
	mutex_exit(&dk->dk_openlock);
}

static void
md_attach(device_t parent, device_t self, void *aux)
{
	struct md_softc *sc = device_private(self);

	dk_unit_attach(&units, self, DKTYPE_MD, "fcfs");
	mutex_init(&sc->sc_lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&sc->sc_cv, "mdserv");
	TAILQ_INIT(&sc->sc_queue);
	md_attach_hook(device_unit(self), &sc->sc_conf);
	set_medium(sc);
}

static void
free_memory(struct md_conf *conf)
{

	if (conf->md_type == MD_KMEM_ALLOCATED)
		uvm_km_free(kernel_map, (vaddr_t)conf->md_addr,
		    round_page(conf->md_size), UVM_KMF_WIRED);
	memset(conf, 0, sizeof(*conf));
}

static int
md_detach(device_t self, int flags)
{
	struct md_softc *sc = device_private(self);
	int error;

	error = dk_unit_begindetach(&units, self, flags);
	if (error != 0)
		return error;
	if (sc->sc_serving) {
		dk_unit_stay(&units, self);
		return EBUSY;
	}
	dk_unit_detach(&units, self);
	free_memory(&sc->sc_conf);
	cv_destroy(&sc->sc_cv);
	mutex_destroy(&sc->sc_lock);
	return 0;
}

static struct md_softc *
unit_of(dev_t dev)
{

	return device_lookup_private(&md_cd, DISKUNIT(dev));
}

/* Claim the configuration, for change. */
static int
claim(struct md_softc *sc)
{
	int error = 0;

	mutex_enter(&sc->sc_lock);
	if (sc->sc_changing || sc->sc_conf.md_type != MD_UNCONFIGURED)
		error = sc->sc_changing ? EBUSY : EINVAL;
	else
		sc->sc_changing = true;
	mutex_exit(&sc->sc_lock);
	return error;
}

static void
unclaim(struct md_softc *sc)
{

	mutex_enter(&sc->sc_lock);
	sc->sc_changing = false;
	mutex_exit(&sc->sc_lock);
}

/* Another medium, or none; claimed. */
static void
set_conf(struct md_softc *sc, const struct md_conf *conf)
{

	mutex_enter(&sc->sc_lock);
	sc->sc_conf = *conf;
	sc->sc_serving = conf->md_type == MD_UMEM_SERVER;
	mutex_exit(&sc->sc_lock);
	set_medium(sc);
}

/* --------------------------------------------------------- opening, closing */

static int
md_open(dev_t dev, int flags, int fmt, struct lwp *l)
{
	struct md_softc *sc = (struct md_softc *)dk_unit_get(&units, dev);
	struct md_conf conf;

	if (sc == NULL)
		return ENXIO;
	if (!DK_ATTACHED(&sc->sc_dksc)) {
		memset(&conf, 0, sizeof(conf));
		md_open_hook(DISKUNIT(dev), &conf);
		if (conf.md_type != MD_UNCONFIGURED) {
			if (claim(sc) == 0) {
				set_conf(sc, &conf);
				unclaim(sc);
			}
		} else if (DISKPART(dev) != RAW_PART) {
			return ENXIO;
		}
	}
	return dk_open(&sc->sc_dksc, dev, flags, fmt, l);
}

static int
md_close(dev_t dev, int flags, int fmt, struct lwp *l)
{

	return dk_close(&unit_of(dev)->sc_dksc, dev, flags, fmt, l);
}

/* -------------------------------------------------------------- transfers */

static int
md_diskstart(device_t self, struct buf *bp)
{
	struct md_softc *sc = device_private(self);
	char *where;

	mutex_enter(&sc->sc_lock);
	if (sc->sc_conf.md_type == MD_UMEM_SERVER) {
		md_server_put_locked(sc, bp);
		mutex_exit(&sc->sc_lock);
		return 0;
	}
	where = sc->sc_conf.md_addr;
	mutex_exit(&sc->sc_lock);
	/* queued when there was a server */
	if (where == NULL)
		return ENXIO;
	where += dbtob(bp->b_rawblkno);
	if (BUF_ISREAD(bp))
		memcpy(bp->b_data, where, bp->b_bcount);
	else
		memcpy(where, bp->b_data, bp->b_bcount);
	bp->b_resid = 0;
	dk_done(&sc->sc_dksc, bp);
	return 0;
}

static void
md_strategy(struct buf *bp)
{
	struct md_softc *sc = unit_of(bp->b_dev);

	if (sc == NULL) {
		bp->b_error = ENXIO;
		bp->b_resid = bp->b_bcount;
		biodone(bp);
		return;
	}
	dk_strategy(&sc->sc_dksc, bp);
}

static int
md_read(dev_t dev, struct uio *uio, int flags)
{

	return dk_unit_transfer(&units, dev, uio);
}

static int
md_write(dev_t dev, struct uio *uio, int flags)
{

	return dk_unit_transfer(&units, dev, uio);
}

static int
md_size(dev_t dev)
{

	return dk_unit_size(&units, dev);
}

/* ------------------------------------------------------------ configuration */

static int
allocate(struct md_conf *conf)
{
	vaddr_t va;

	va = uvm_km_alloc(kernel_map, round_page(conf->md_size), 0,
	    UVM_KMF_WIRED | UVM_KMF_ZERO | UVM_KMF_CANFAIL);
	if (va == 0)
		return ENOMEM;
	conf->md_addr = (void *)va;
	return 0;
}

/*
 * MD_SETCONF.
 *
 * Returns 0; for MD_UMEM_SERVER when it is interrupted, and the unit is without
 * medium again; EINVAL: it has one, or type or size are no good; ENOMEM.
 */
static int
configure_unit(struct md_softc *sc, const struct md_conf *wanted)
{
	static const struct md_conf none = { .md_type = MD_UNCONFIGURED };
	struct md_conf conf = *wanted;
	int error;

	if ((conf.md_type != MD_KMEM_ALLOCATED &&
	    conf.md_type != MD_UMEM_SERVER) ||
	    conf.md_size < DEV_BSIZE || conf.md_size > SSIZE_MAX)
		return EINVAL;
	conf.md_size = rounddown2(conf.md_size, DEV_BSIZE);
	error = claim(sc);
	if (error != 0)
		return error;
	if (conf.md_type == MD_KMEM_ALLOCATED)
		error = allocate(&conf);
	if (error == 0) {
		set_conf(sc, &conf);
		if (conf.md_type == MD_UMEM_SERVER) {
			error = md_serve(sc);
			set_conf(sc, &none);
		}
	}
	unclaim(sc);
	return error;
}

static int
md_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	struct md_softc *sc = unit_of(dev);

	switch (cmd) {
	case MD_GETCONF:
		mutex_enter(&sc->sc_lock);
		*(struct md_conf *)data = sc->sc_conf;
		mutex_exit(&sc->sc_lock);
		return 0;
	case MD_SETCONF:
		if (DISKPART(dev) != RAW_PART)
			return EINVAL;
		if ((flag & FWRITE) == 0)
			return EBADF;
		return configure_unit(sc, data);
	default:
		return dk_ioctl(&sc->sc_dksc, dev, cmd, data, flag, l);
	}
}

/* ---------------------------------------------------------------- component */

RUMP_COMPONENT(RUMP_COMPONENT_DEV)
{

	FLAWLESSCALL(config_init_component(cfdriver_ioconf_md,
	    cfattach_ioconf_md, cfdata_ioconf_md));
	dk_units_init(&units);
}
