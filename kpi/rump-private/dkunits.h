/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Units of a disk driver that no bus has, such as md and vnd.
 *
 * The driver's softc begins with a struct dk_softc.  Its open gets the unit with
 * dk_unit_get, which makes one that was not there; what else is called with the
 * device open finds it with dk_unit_of.
 */
#ifndef _RUMP_PRIVATE_DKUNITS_H_
#define _RUMP_PRIVATE_DKUNITS_H_

#include <sys/conf.h>
#include <sys/device.h>
#include <sys/mutex.h>

#include <dev/dkvar.h>

struct uio;

struct dk_unit {
	struct cfdata	un_line;	/* du_lock: of one that was made */
	bool		un_going;	/* du_lock: it is being detached */
};

struct dk_units {
	/* the driver fills these in */
	struct cfdriver	*du_cd;
	struct cfattach	*du_ca;
	const struct bdevsw *du_bdevsw;
	const struct cdevsw *du_cdevsw;
	const struct dkdriver *du_driver;
	struct dk_unit	*du_units;
	u_int		du_most;	/* elements of du_units */

	/* dk_units_init */
	devmajor_t	du_bmajor;
	devmajor_t	du_cmajor;
	kmutex_t	du_lock;
};

/* The driver's cfdriver is registered: make its devices, and names of unit 0. */
void	dk_units_init(struct dk_units *du);

/* A unit, made if it is not there; NULL: there is no such, or it is going. */
struct dk_softc *dk_unit_get(struct dk_units *du, dev_t dev);

/* A unit by any of its devices, or NULL; the caller has it open, or is making it. */
struct dk_softc *dk_unit_of(const struct dk_units *du, dev_t dev);

/* For the driver's match and attach; strategy is that of its queue. */
int	dk_unit_match(device_t parent, cfdata_t cf, void *aux);
void	dk_unit_attach(struct dk_units *du, device_t self, int dtype,
	    const char *strategy);

/*
 * For the driver's detach.  begindetach: it is not opened any more; EBUSY: it is open,
 * and flags have no DETACH_FORCE.  Then either stay, the driver cannot let it go; or
 * detach: its wedges and vnodes go, nobody is inside when it returns.
 */
int	dk_unit_begindetach(struct dk_units *du, device_t self, int flags);
void	dk_unit_stay(struct dk_units *du, device_t self);
void	dk_unit_detach(struct dk_units *du, device_t self);

/* The medium is there, or gone: its label is read at the next open.  dk_openlock held. */
void	dk_unit_set_medium(struct dk_softc *dksc, const struct disk_geom *dg,
	    bool there, const char *type);

/* For the driver's read, write and psize. */
int	dk_unit_transfer(const struct dk_units *du, dev_t dev, struct uio *uio);
int	dk_unit_size(const struct dk_units *du, dev_t dev);

/* Change DKF_*; dk_openlock held.  Others look without it. */
static inline void
dk_flags_change(struct dk_softc *dksc, int set, int clear)
{

	atomic_store_relaxed(&dksc->sc_flags, (dksc->sc_flags & ~clear) | set);
}

#endif
