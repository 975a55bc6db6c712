/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wedges as devices: /dev/dkN and /dev/rdkN.
 *
 * All open wedges of a disk share one open of its raw block device, which keeps
 * others from using the disk as a whole.  It is opened for writing if that is
 * possible; a wedge of a disk that is not can be read.
 *
 * A transfer becomes a transfer of the parent's vnode, its own header over the same
 * memory.  If there is no memory for a header, it waits in the queue, and is tried
 * again soon.
 *
 * A wedge does not go while a thread is in one of these functions (vdevgone).
 *
 * Locks: see wedge.c; sc_iolock for the queue.  dk_rawvp stays while the wedge is
 * open.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/bufq.h>
#include <sys/conf.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kernel.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <rump-sys/kern.h>
#include <rump-sys/vfs.h>

#include "wedge.h"

static dev_type_open(wedge_open);
static dev_type_close(wedge_close);
static dev_type_read(wedge_read);
static dev_type_write(wedge_write);
static dev_type_ioctl(wedge_ioctl);
static dev_type_strategy(wedge_strategy);
static dev_type_size(wedge_size);
static dev_type_discard(wedge_discard);

static const struct bdevsw wedge_bdevsw = {
	.d_open = wedge_open,
	.d_close = wedge_close,
	.d_strategy = wedge_strategy,
	.d_ioctl = wedge_ioctl,
	.d_dump = nodump,
	.d_psize = wedge_size,
	.d_discard = wedge_discard,
	.d_flag = D_DISK | D_MPSAFE,
};

static const struct cdevsw wedge_cdevsw = {
	.d_open = wedge_open,
	.d_close = wedge_close,
	.d_read = wedge_read,
	.d_write = wedge_write,
	.d_ioctl = wedge_ioctl,
	.d_stop = nostop,
	.d_tty = notty,
	.d_poll = nopoll,
	.d_mmap = nommap,
	.d_kqfilter = nokqfilter,
	.d_discard = wedge_discard,
	.d_flag = D_DISK | D_MPSAFE,
};

static devmajor_t bmajor = NODEVMAJOR, cmajor = NODEVMAJOR;

void
wedge_dev_init(void)
{
	int error;

	error = devsw_attach("dk", &wedge_bdevsw, &bmajor, &wedge_cdevsw,
	    &cmajor);
	if (error != 0)
		panic("wedges: devsw_attach: error %d", error);
}

/* Names for a wedge, unless its unit had them before. */
void
wedge_dev_nodes(device_t dev)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/%s", device_xname(dev));
	(void)rump_vfs_makeonedevnode(S_IFBLK, path, bmajor,
	    device_unit(dev));
	snprintf(path, sizeof(path), "/dev/r%s", device_xname(dev));
	(void)rump_vfs_makeonedevnode(S_IFCHR, path, cmajor,
	    device_unit(dev));
}

/* No vnode of it is usable from now on; those that are open are closed. */
void
wedge_revoke(struct dkwedge_softc *sc)
{
	int unit = device_unit(sc->sc_dev);

	vdevgone(bmajor, unit, unit, VBLK);
	vdevgone(cmajor, unit, unit, VCHR);
}

/* --------------------------------------------------------- opening, closing */

int
wedge_parent_open(dev_t dev, int mode, struct vnode **vpp)
{
	struct vnode *vp;
	int error;

	error = bdevvp(dev, &vp);
	if (error != 0)
		return error;
	error = vn_lock(vp, LK_EXCLUSIVE);
	if (error != 0) {
		vrele(vp);
		return error;
	}
	error = VOP_OPEN(vp, mode, NOCRED);
	if (error != 0) {
		vput(vp);
		return error;
	}
	/* vn_close takes it back */
	if ((mode & FWRITE) != 0) {
		mutex_enter(vp->v_interlock);
		vp->v_writecount++;
		mutex_exit(vp->v_interlock);
	}
	VOP_UNLOCK(vp);
	*vpp = vp;
	return 0;
}

void
wedge_gate_enter(struct disk *dk)
{

	mutex_enter(&dk->dk_rawlock);
	while (dk->dk_rawbusy)
		cv_wait(&dk->dk_rawcv, &dk->dk_rawlock);
	dk->dk_rawbusy = true;
	mutex_exit(&dk->dk_rawlock);
}

void
wedge_gate_exit(struct disk *dk)
{

	mutex_enter(&dk->dk_rawlock);
	dk->dk_rawbusy = false;
	cv_signal(&dk->dk_rawcv);
	mutex_exit(&dk->dk_rawlock);
}

/* Have the parent open, for writing if it can be. */
static int
parent_hold(struct dkwedge_softc *sc, int flags)
{
	struct disk *dk = sc->sc_parent;
	int error = 0;

	KASSERT(dk->dk_rawbusy);
	if (dk->dk_rawopens == 0) {
		dk->dk_rawmode = FREAD | FWRITE;
		error = wedge_parent_open(sc->sc_pdev, FREAD | FWRITE,
		    &dk->dk_rawvp);
		if (error == EROFS && (flags & FWRITE) == 0) {
			dk->dk_rawmode = FREAD;
			error = wedge_parent_open(sc->sc_pdev, FREAD,
			    &dk->dk_rawvp);
		}
	} else if ((flags & FWRITE) != 0 && (dk->dk_rawmode & FWRITE) == 0) {
		error = EROFS;
	}
	if (error == 0)
		dk->dk_rawopens++;
	return error;
}

static int
parent_rele(struct dkwedge_softc *sc)
{
	struct disk *dk = sc->sc_parent;
	int error = 0;

	KASSERT(dk->dk_rawbusy);
	KASSERT(dk->dk_rawopens > 0);
	if (--dk->dk_rawopens == 0) {
		error = vn_close(dk->dk_rawvp, dk->dk_rawmode, NOCRED);
		dk->dk_rawvp = NULL;
	}
	return error;
}

static int *
mask_of(struct disk *dk, int fmt)
{

	return fmt == S_IFBLK ? &dk->dk_bopenmask : &dk->dk_copenmask;
}

static int
wedge_open(dev_t dev, int flags, int fmt, struct lwp *l)
{
	struct dkwedge_softc *sc = wedge_get(dev);
	struct disk *dk;
	int error = 0;

	if (sc == NULL)
		return ENXIO;
	dk = &sc->sc_dk;
	wedge_gate_enter(sc->sc_parent);
	if (!wedge_is_usable(sc))
		error = ENXIO;
	else if (dk->dk_openmask == 0)
		error = parent_hold(sc, flags);
	else if ((flags & FWRITE) != 0 &&
	    (sc->sc_parent->dk_rawmode & FWRITE) == 0)
		error = EROFS;
	if (error == 0) {
		*mask_of(dk, fmt) = 1;
		dk->dk_openmask = 1;
		mutex_enter(&sc->sc_iolock);
		sc->sc_ready = true;
		mutex_exit(&sc->sc_iolock);
	}
	wedge_gate_exit(sc->sc_parent);
	wedge_put(sc);
	return error;
}

/* Wait until no transfer is under way, and no thread uses the parent. */
static void
wait_idle(struct dkwedge_softc *sc)
{

	KASSERT(mutex_owned(&sc->sc_iolock));
	while (sc->sc_iopend != 0 || sc->sc_sending != 0)
		cv_wait(&sc->sc_drain, &sc->sc_iolock);
}

static int
wedge_close(dev_t dev, int flags, int fmt, struct lwp *l)
{
	struct dkwedge_softc *sc = wedge_of(dev);
	struct disk *dk;
	int error = 0, was;

	if (sc == NULL)
		return ENXIO;
	dk = &sc->sc_dk;
	wedge_gate_enter(sc->sc_parent);
	was = dk->dk_openmask;
	*mask_of(dk, fmt) = 0;
	dk->dk_openmask = dk->dk_bopenmask | dk->dk_copenmask;
	/* a close may overtake an open that came after it: then both close */
	if (was != 0 && dk->dk_openmask == 0) {
		mutex_enter(&sc->sc_iolock);
		sc->sc_ready = false;
		wait_idle(sc);
		mutex_exit(&sc->sc_iolock);
		error = parent_rele(sc);
	}
	wedge_gate_exit(sc->sc_parent);
	return error;
}

/* -------------------------------------------------------------- transfers */

static void
refuse(struct buf *bp, int error)
{

	bp->b_error = error;
	bp->b_resid = bp->b_bcount;
	biodone(bp);
}

/* A transfer that disk_busy knows of is over. */
static void
transfer_left(struct dkwedge_softc *sc, const struct buf *bp)
{

	mutex_enter(&sc->sc_iolock);
	disk_unbusy(&sc->sc_dk, bp->b_bcount - bp->b_resid, BUF_ISREAD(bp));
	KASSERT(sc->sc_iopend > 0);
	if (--sc->sc_iopend == 0 && sc->sc_sending == 0)
		cv_broadcast(&sc->sc_drain);
	mutex_exit(&sc->sc_iolock);
}

/* The parent is done with a transfer. */
static void
transfer_done(struct buf *nbp)
{
	struct buf *bp = nbp->b_private;
	struct dkwedge_softc *sc = wedge_of(bp->b_dev);

	bp->b_error = nbp->b_error;
	bp->b_resid = nbp->b_resid;
	putiobuf(nbp);
	/* the next, if one waits for the header that came free */
	wedge_restart(sc);
	transfer_left(sc, bp);
	biodone(bp);
}

/* biodone takes it back. */
static void
count_write(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	vp->v_numoutput++;
	mutex_exit(vp->v_interlock);
}

static void
transfer_send(struct dkwedge_softc *sc, struct buf *bp, struct buf *nbp)
{
	struct vnode *vp = sc->sc_parent->dk_rawvp;

	nbp->b_data = bp->b_data;
	nbp->b_flags = bp->b_flags & (B_READ | B_PHYS | B_RAW | B_MEDIA_FLAGS);
	nbp->b_oflags = bp->b_oflags & ~(BO_DELWRI | BO_DONE);
	nbp->b_cflags |= BC_BUSY;
	nbp->b_iodone = transfer_done;
	nbp->b_proc = bp->b_proc;
	nbp->b_blkno = bp->b_blkno +
	    (daddr_t)(sc->sc_offset * (sc->sc_secsize / DEV_BSIZE));
	nbp->b_dev = sc->sc_pdev;
	nbp->b_bcount = nbp->b_resid = nbp->b_bufsize = bp->b_bcount;
	nbp->b_private = bp;
	BIO_COPYPRIO(nbp, bp);
	if (BUF_ISWRITE(nbp))
		count_write(vp);
	(void)VOP_STRATEGY(vp, nbp);
}

/* Send what is queued, as long as there are headers. */
void
wedge_restart(void *arg)
{
	struct dkwedge_softc *sc = arg;
	struct buf *bp, *nbp;

	mutex_enter(&sc->sc_iolock);
	while ((bp = bufq_peek(sc->sc_bufq)) != NULL) {
		nbp = getiobuf(sc->sc_parent->dk_rawvp, false);
		if (nbp == NULL) {
			callout_schedule(&sc->sc_restart, MAX(1, hz / 100));
			break;
		}
		(void)bufq_get(sc->sc_bufq);
		disk_busy(&sc->sc_dk);
		/* the transfer may be over before the parent's vnode is left */
		sc->sc_sending++;
		mutex_exit(&sc->sc_iolock);
		transfer_send(sc, bp, nbp);
		mutex_enter(&sc->sc_iolock);
		if (--sc->sc_sending == 0 && sc->sc_iopend == 0)
			cv_broadcast(&sc->sc_drain);
	}
	mutex_exit(&sc->sc_iolock);
}

static void
wedge_strategy(struct buf *bp)
{
	struct dkwedge_softc *sc = wedge_of(bp->b_dev);
	uint32_t unit;

	if (sc == NULL) {
		refuse(bp, ENXIO);
		return;
	}
	unit = sc->sc_secsize / DEV_BSIZE;
	if (bp->b_bcount % sc->sc_secsize != 0 || bp->b_blkno % unit != 0) {
		refuse(bp, EINVAL);
		return;
	}
	if (bp->b_bcount == 0 || bounds_check_with_mediasize(bp, DEV_BSIZE,
	    sc->sc_size * unit) == 0) {
		if (bp->b_bcount == 0)
			bp->b_resid = 0;
		biodone(bp);
		return;
	}
	bp->b_rawblkno = bp->b_blkno;
	mutex_enter(&sc->sc_iolock);
	if (sc->sc_dying || !sc->sc_ready) {
		int error = sc->sc_dying ? EIO : ENXIO;

		mutex_exit(&sc->sc_iolock);
		refuse(bp, error);
		return;
	}
	sc->sc_iopend++;
	disk_wait(&sc->sc_dk);
	bufq_put(sc->sc_bufq, bp);
	mutex_exit(&sc->sc_iolock);
	wedge_restart(sc);
}

/* The wedge is dying: nothing new starts; wait for what did. */
void
wedge_drain(struct dkwedge_softc *sc)
{
	struct buf *bp;

	mutex_enter(&sc->sc_iolock);
	KASSERT(sc->sc_dying);
	while ((bp = bufq_get(sc->sc_bufq)) != NULL) {
		disk_busy(&sc->sc_dk);
		mutex_exit(&sc->sc_iolock);
		bp->b_resid = bp->b_bcount;
		transfer_left(sc, bp);
		refuse(bp, EIO);
		mutex_enter(&sc->sc_iolock);
	}
	wait_idle(sc);
	mutex_exit(&sc->sc_iolock);
}

static int
wedge_read(dev_t dev, struct uio *uio, int flags)
{

	return physio(wedge_strategy, NULL, dev, B_READ, minphys, uio);
}

static int
wedge_write(dev_t dev, struct uio *uio, int flags)
{

	return physio(wedge_strategy, NULL, dev, B_WRITE, minphys, uio);
}

/* ------------------------------------------------------------------- others */

static int
partinfo_of(const struct dkwedge_softc *sc, struct partinfo *pi)
{

	memset(pi, 0, sizeof(*pi));
	pi->pi_offset = sc->sc_offset;
	pi->pi_size = sc->sc_size;
	pi->pi_secsize = sc->sc_secsize;
	pi->pi_bsize = MAX(BLKDEV_IOSIZE, sc->sc_secsize);
	pi->pi_fstype = FS_OTHER;
	return 0;
}

static int
wedge_ioctl(dev_t dev, u_long cmd, void *data, int flag, struct lwp *l)
{
	struct dkwedge_softc *sc = wedge_of(dev);
	int error;

	if (sc == NULL)
		return ENXIO;
	/* NODEV: neither label nor wedges of its own */
	error = disk_ioctl(&sc->sc_dk, NODEV, cmd, data, flag, l);
	if (error != EPASSTHROUGH)
		return error;
	switch (cmd) {
	case DIOCGWEDGEINFO:
		wedge_describe(sc, data);
		return 0;
	case DIOCGPARTINFO:
		return partinfo_of(sc, data);
	case DIOCGSECTORALIGN:
		((struct disk_sectoralign *)data)->dsa_firstaligned = 0;
		((struct disk_sectoralign *)data)->dsa_alignment = 1;
		return 0;
	case DIOCGCACHE:
	case DIOCCACHESYNC:
		/* the parent's cache is all there is */
		wedge_gate_enter(sc->sc_parent);
		error = sc->sc_parent->dk_rawvp == NULL ? ENXIO :
		    VOP_IOCTL(sc->sc_parent->dk_rawvp, cmd, data, flag,
		    l != NULL ? l->l_cred : NOCRED);
		wedge_gate_exit(sc->sc_parent);
		return error;
	default:
		return ENOTTY;
	}
}

static int
wedge_size(dev_t dev)
{
	struct dkwedge_softc *sc = wedge_of(dev);

	if (sc == NULL || strcmp(sc->sc_ptype, DKW_PTYPE_SWAP) != 0)
		return -1;
	return (int)MIN(sc->sc_size * (sc->sc_secsize / DEV_BSIZE), INT_MAX);
}

static int
wedge_discard(dev_t dev, off_t pos, off_t len)
{
	struct dkwedge_softc *sc = wedge_of(dev);
	uint64_t size;

	if (sc == NULL || sc->sc_parent->dk_rawvp == NULL)
		return ENXIO;
	size = sc->sc_size * sc->sc_secsize;
	if (pos < 0 || len < 0 || (uint64_t)pos > size ||
	    (uint64_t)len > size - pos)
		return EINVAL;
	return bdev_discard(sc->sc_pdev,
	    pos + (off_t)(sc->sc_offset * sc->sc_secsize), len);
}

RUMP_COMPONENT(RUMP_COMPONENT_DEV)
{

	dkwedge_init();
}
