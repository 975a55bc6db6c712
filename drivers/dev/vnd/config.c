/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vnd(4): configuring a unit with a file, and taking the file away again.
 *
 * One change at a time: sc_changing.  While a file is set it is open, for writing
 * unless VNDIOF_READONLY asks otherwise, with the credential of who set it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include "vnd_var.h"

#define SECTORS_OF_TRACK	32
#define TRACKS_OF_CYLINDER	64

static int
claim(struct vnd_softc *sc, bool configured)
{
	int error = 0;

	mutex_enter(&sc->sc_lock);
	if (sc->sc_changing)
		error = EBUSY;
	else if ((sc->sc_vp != NULL) != configured)
		error = configured ? ENXIO : EBUSY;
	else
		sc->sc_changing = true;
	mutex_exit(&sc->sc_lock);
	return error;
}

static void
unclaim(struct vnd_softc *sc)
{

	mutex_enter(&sc->sc_lock);
	sc->sc_changing = false;
	mutex_exit(&sc->sc_lock);
}

/* Open the file; returned unlocked, with its size. */
static int
open_file(struct vnd_softc *sc, const struct vnd_ioctl *vio, off_t *size)
{
	const int fmode = (vio->vnd_flags & VNDIOF_READONLY) != 0 ? FREAD :
	    FREAD | FWRITE;
	struct pathbuf *pb;
	struct vattr va;
	struct vnode *vp;
	int error;

	error = pathbuf_copyin(vio->vnd_file, &pb);
	if (error != 0)
		return error;
	error = vn_open(NULL, pb, 0, fmode, 0, &vp, NULL, NULL);
	pathbuf_destroy(pb);
	if (error != 0)
		return error;
	error = VOP_GETATTR(vp, &va, curlwp->l_cred);
	if (error == 0 && vp->v_type != VREG)
		error = EOPNOTSUPP;
	VOP_UNLOCK(vp);
	if (error != 0) {
		(void)vn_close(vp, fmode, curlwp->l_cred);
		return error;
	}
	vfs_ref(vp->v_mount);
	kauth_cred_hold(curlwp->l_cred);
	mutex_enter(&sc->sc_lock);
	sc->sc_mp = vp->v_mount;
	sc->sc_cred = curlwp->l_cred;
	sc->sc_fmode = fmode;
	sc->sc_vp = vp;
	mutex_exit(&sc->sc_lock);
	*size = (off_t)va.va_size;
	return 0;
}

/* Geometry and size: as asked for, or made up.  EINVAL: it is not in the file. */
static int
choose_geometry(struct vnd_softc *sc, const struct vnd_ioctl *vio, off_t size)
{
	struct vndgeom *vg = &sc->sc_geom;
	uint64_t sectors;

	if ((vio->vnd_flags & VNDIOF_HASGEOM) != 0) {
		*vg = vio->vnd_geom;
		if (vg->vng_secsize < DEV_BSIZE ||
		    vg->vng_secsize > MAXPHYS || !powerof2(vg->vng_secsize) ||
		    vg->vng_nsectors == 0 || vg->vng_ntracks == 0 ||
		    vg->vng_ncylinders == 0)
			return EINVAL;
		sectors = (uint64_t)vg->vng_nsectors * vg->vng_ntracks;
		if (sectors > (uint64_t)size / vg->vng_secsize /
		    vg->vng_ncylinders)
			return EINVAL;
		sectors *= vg->vng_ncylinders;
	} else {
		vg->vng_secsize = DEV_BSIZE;
		vg->vng_nsectors = SECTORS_OF_TRACK;
		vg->vng_ntracks = TRACKS_OF_CYLINDER;
		sectors = (uint64_t)size / DEV_BSIZE;
		vg->vng_ncylinders = (uint32_t)(sectors /
		    (SECTORS_OF_TRACK * TRACKS_OF_CYLINDER));
	}
	if (sectors == 0)
		return EINVAL;
	sc->sc_size = sectors * vg->vng_secsize;
	return 0;
}

static void
close_file(struct vnd_softc *sc)
{
	struct vnode *vp = sc->sc_vp;

	mutex_enter(&sc->sc_lock);
	sc->sc_vp = NULL;
	mutex_exit(&sc->sc_lock);
	(void)vn_close(vp, sc->sc_fmode, sc->sc_cred);
	vfs_rele(sc->sc_mp);
	sc->sc_mp = NULL;
	kauth_cred_free(sc->sc_cred);
	sc->sc_cred = NULL;
}

/*
 * VNDIOCSET.
 *
 * Returns 0; EBUSY: the unit has a file; EOPNOTSUPP: compressed images, or it is
 * no regular file; EINVAL: the geometry; or why the file cannot be opened.
 */
int
vnd_set(struct vnd_softc *sc, struct vnd_ioctl *vio)
{
	off_t size;
	int error;

	if ((vio->vnd_flags & VNDIOF_COMP) != 0)
		return EOPNOTSUPP;
	error = claim(sc, false);
	if (error != 0)
		return error;
	error = open_file(sc, vio, &size);
	if (error != 0)
		goto out;
	error = choose_geometry(sc, vio, size);
	if (error == 0)
		error = vnd_io_start(sc);
	if (error != 0) {
		close_file(sc);
		goto out;
	}
	vnd_set_medium(sc, true);
	vio->vnd_size = sc->sc_size;
	vio->vnd_osize = sc->sc_size > UINT_MAX ? UINT_MAX :
	    (unsigned int)sc->sc_size;
out:
	unclaim(sc);
	return error;
}

/* Is more open than the raw character device, through which this is asked? */
static bool
is_in_use(struct vnd_softc *sc)
{
	struct disk *dk = &sc->sc_dksc.sc_dkdev;
	bool used;

	mutex_enter(&dk->dk_openlock);
	used = (dk->dk_openmask & ~(1 << RAW_PART)) != 0 ||
	    (dk->dk_bopenmask != 0 && dk->dk_copenmask != 0);
	mutex_exit(&dk->dk_openlock);
	return used;
}

/*
 * VNDIOCCLR.
 *
 * With VNDIOF_FORCE whatever is open stays open, and fails with ENXIO from now on;
 * its wedges are deleted.  Without it, wedges that nobody has open go, too.
 *
 * Returns 0; ENXIO: the unit has no file; EBUSY.
 */
int
vnd_clear(struct vnd_softc *sc, dev_t dev, const struct vnd_ioctl *vio)
{
	struct disk *dk = &sc->sc_dksc.sc_dkdev;
	const bool force = (vio->vnd_flags & VNDIOF_FORCE) != 0;
	int error;

	error = claim(sc, true);
	if (error != 0)
		return error;
	if (force)
		dkwedge_delall(dk);
	else
		dkwedge_delidle(dk);
	if (!force && (is_in_use(sc) || dk->dk_nwedges != 0)) {
		unclaim(sc);
		return EBUSY;
	}
	vnd_set_medium(sc, false);
	vnd_io_stop(sc);
	close_file(sc);
	unclaim(sc);
	return 0;
}

/*
 * VNDIOCGET.  ENXIO: there is no such unit.
 */
int
vnd_get(struct vnd_softc *sc, struct vnd_user *vnu)
{
	struct vattr va;
	int error = 0;

	if (vnu->vnu_unit == -1)
		vnu->vnu_unit = device_unit(sc->sc_dksc.sc_dev);
	else if ((sc = vnd_unit(vnu->vnu_unit)) == NULL)
		return ENXIO;
	vnu->vnu_dev = 0;
	vnu->vnu_ino = 0;
	error = claim(sc, true);
	if (error == ENXIO)
		return 0;
	if (error != 0)
		return error;
	vn_lock(sc->sc_vp, LK_SHARED | LK_RETRY);
	error = VOP_GETATTR(sc->sc_vp, &va, sc->sc_cred);
	VOP_UNLOCK(sc->sc_vp);
	if (error == 0) {
		vnu->vnu_dev = va.va_fsid;
		vnu->vnu_ino = va.va_fileid;
	}
	unclaim(sc);
	return error;
}
