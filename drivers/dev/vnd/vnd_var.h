/* SPDX-License-Identifier: BSD-2-Clause */
/* vnd(4), inside: what its files share. */
#ifndef _DRIVERS_DEV_VND_VND_VAR_H_
#define _DRIVERS_DEV_VND_VND_VAR_H_

#include <sys/buf.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/kauth.h>

#include <dev/dkvar.h>
#include <dev/vndvar.h>

struct mount;
struct vnode;

struct vnd_softc {
	struct dk_softc	sc_dksc;	/* first */

	/* sc_lock */
	kmutex_t	sc_lock;
	bool		sc_changing;	/* someone configures it */

	/* constant while it is configured (DKF_INITED) or changing; sc_lock */
	struct vnode	*sc_vp;		/* open; NULL: not configured */
	struct mount	*sc_mp;		/* its mount, referenced */
	int		sc_fmode;	/* how: FREAD, FWRITE */
	kauth_cred_t	sc_cred;	/* of who configured it */
	uint64_t	sc_size;	/* bytes */
	struct vndgeom	sc_geom;
	struct lwp	*sc_thread;

	/* sc_lock */
	kcondvar_t	sc_cv;		/* work, or stop */
	TAILQ_HEAD(, buf) sc_queue;	/* for the thread */
	bool		sc_stop;
};

/* config.c: the ioctls. */
int	vnd_set(struct vnd_softc *sc, struct vnd_ioctl *vio);
int	vnd_clear(struct vnd_softc *sc, dev_t dev, const struct vnd_ioctl *vio);
int	vnd_get(struct vnd_softc *sc, struct vnd_user *vnu);

/*
 * io.c: start and stop the thread that transfers.  Stop: what the thread has is
 * done first; what comes later fails.
 */
int	vnd_io_start(struct vnd_softc *sc);
void	vnd_io_stop(struct vnd_softc *sc);
int	vnd_diskstart(device_t self, struct buf *bp);
int	vnd_cachesync(struct vnd_softc *sc);

/* vnd.c: a unit by its number, or NULL; and the geometry of what is configured. */
struct vnd_softc *vnd_unit(int unit);
void	vnd_set_medium(struct vnd_softc *sc, bool there);

#endif
