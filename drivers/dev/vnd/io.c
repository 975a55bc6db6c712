/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vnd(4): transfers.
 *
 * The unit's thread reads and writes the file, so that what the disk sees is what
 * others see of the file, holes included, and whoever starts a transfer may be
 * where no vnode can be locked.  What is written is in the file system's cache;
 * DIOCCACHESYNC, or B_MEDIA_FUA on a buffer, make it last.  The cost is one copy,
 * and that data may be cached twice: for the disk and for the file.
 *
 * Who suspends the file's mount waits for operations that are under way on it; such
 * a one may be a read of this disk's device node, if that is on the same mount.  So
 * transfers are lazy transactions, which a suspension lets through until the others
 * are done.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/fstrans.h>
#include <sys/kthread.h>
#include <sys/vnode.h>

#include "vnd_var.h"

/* Transfer; what is past the end of a file that was cut short reads as EIO. */
static int
transfer(struct vnd_softc *sc, struct buf *bp)
{
	const uint32_t secsize = sc->sc_geom.vng_secsize;
	const bool read = BUF_ISREAD(bp) != 0;
	off_t off = (off_t)bp->b_rawblkno * secsize;
	int error, flags = 0;
	size_t left;

	if (!read && (bp->b_flags & B_MEDIA_FUA) != 0)
		flags |= IO_SYNC;
	fstrans_start_lazy(sc->sc_mp);
	error = vn_rdwr(read ? UIO_READ : UIO_WRITE, sc->sc_vp, bp->b_data,
	    bp->b_bcount, off, UIO_SYSSPACE, flags, sc->sc_cred, &left,
	    curlwp);
	fstrans_done(sc->sc_mp);
	bp->b_resid = (int)left;
	return error == 0 && left != 0 ? EIO : error;
}

static void
thread(void *arg)
{
	struct vnd_softc *sc = arg;
	struct buf *bp;

	mutex_enter(&sc->sc_lock);
	for (;;) {
		while ((bp = TAILQ_FIRST(&sc->sc_queue)) == NULL &&
		    !sc->sc_stop)
			cv_wait(&sc->sc_cv, &sc->sc_lock);
		if (bp == NULL)
			break;
		TAILQ_REMOVE(&sc->sc_queue, bp, b_actq);
		mutex_exit(&sc->sc_lock);
		bp->b_error = transfer(sc, bp);
		dk_done(&sc->sc_dksc, bp);
		mutex_enter(&sc->sc_lock);
	}
	mutex_exit(&sc->sc_lock);
	kthread_exit(0);
}

int
vnd_io_start(struct vnd_softc *sc)
{

	sc->sc_stop = false;
	return kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN,
	    NULL, thread, sc, &sc->sc_thread, "%s", sc->sc_dksc.sc_xname);
}

void
vnd_io_stop(struct vnd_softc *sc)
{

	mutex_enter(&sc->sc_lock);
	sc->sc_stop = true;
	cv_signal(&sc->sc_cv);
	mutex_exit(&sc->sc_lock);
	(void)kthread_join(sc->sc_thread);
	sc->sc_thread = NULL;
	dk_drain(&sc->sc_dksc);
}

/* dksubr's turn to hand over a transfer. */
int
vnd_diskstart(device_t self, struct buf *bp)
{
	struct vnd_softc *sc = device_private(self);
	bool stopped;

	mutex_enter(&sc->sc_lock);
	stopped = sc->sc_stop;
	if (!stopped) {
		TAILQ_INSERT_TAIL(&sc->sc_queue, bp, b_actq);
		cv_signal(&sc->sc_cv);
	}
	mutex_exit(&sc->sc_lock);
	return stopped ? EIO : 0;
}

/* What was written is on the medium of the file's disk. */
int
vnd_cachesync(struct vnd_softc *sc)
{
	struct vnode *vp;
	kauth_cred_t cred = NULL;
	bool write;
	int error;

	/* our own references: the disk may be cleared by force meanwhile */
	mutex_enter(&sc->sc_lock);
	vp = sc->sc_vp;
	write = (sc->sc_fmode & FWRITE) != 0;
	if (vp != NULL && write) {
		vref(vp);
		cred = sc->sc_cred;
		kauth_cred_hold(cred);
	}
	mutex_exit(&sc->sc_lock);
	if (vp == NULL)
		return ENXIO;
	if (!write)
		return 0;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_FSYNC(vp, cred,
	    FSYNC_WAIT | FSYNC_DATAONLY | FSYNC_CACHE, 0, 0);
	VOP_UNLOCK(vp);
	vrele(vp);
	kauth_cred_free(cred);
	return error;
}
