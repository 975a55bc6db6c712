/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dksubr: transfers of a disk.
 *
 *   dk_strategy   checks, translates, queues
 *   dk_start      feeds the driver, one thread at a time, as long as it takes
 *   dk_done       the driver is done with one
 *   dk_drain      all that is queued fails
 *
 * A transfer that the driver cannot take now (EAGAIN, ENOMEM) goes first when it
 * asks again with dk_start.  sc_busy is 1 while a thread feeds, 2 if another asked
 * meanwhile: it feeds once more, so that no request to go on is lost.
 *
 * Locks: sc_iolock for queue, sc_deferred, sc_busy and statistics.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/bufq.h>
#include <sys/disk.h>
#include <sys/disklabel.h>
#include <sys/errno.h>
#include <sys/syslog.h>

#include <dev/dkvar.h>

#include "label.h"

#define DISK(dksc)	(&(dksc)->sc_dkdev)
#define DRIVER(dksc)	((dksc)->sc_dkdev.dk_driver)

static void
refuse(struct buf *bp, int error)
{

	bp->b_error = error;
	bp->b_resid = bp->b_bcount;
	biodone(bp);
}

/* Check a transfer and find its sectors.  true: go on; false: it is over. */
static bool
translate(struct dk_softc *dksc, struct buf *bp)
{
	struct disk *dk = DISK(dksc);
	const u_int part = DISKPART(bp->b_dev);
	uint32_t secsize, unit;
	struct partition p;
	uint64_t size;
	int wlabel, go;

	/*
	 * Who has the raw partition open need not have a medium, and one may come or
	 * go as we look: so look once.  The driver refuses what comes too late.
	 */
	secsize = atomic_load_relaxed(&dk->dk_geom.dg_secsize);
	size = (uint64_t)atomic_load_relaxed(&dk->dk_geom.dg_secperunit);
	if (!DK_ATTACHED(dksc) || secsize < DEV_BSIZE || size == 0) {
		refuse(bp, ENXIO);
		return false;
	}
	unit = secsize / DEV_BSIZE;
	if (bp->b_bcount % secsize != 0 || bp->b_blkno < 0 ||
	    bp->b_blkno % unit != 0) {
		refuse(bp, EINVAL);
		return false;
	}
	wlabel = (atomic_load_relaxed(&dksc->sc_flags) & (DKF_WLABEL | DKF_LABELLING)) != 0;
	if (bp->b_bcount == 0) {
		bp->b_resid = 0;
		go = 0;
	} else if (part == RAW_PART) {
		p.p_offset = 0;
		go = bounds_check_with_mediasize(bp, DEV_BSIZE,
		    size * unit);
	} else {
		go = disk_bounds_check(dk, bp, wlabel, &p);
	}
	if (go <= 0) {
		biodone(bp);
		return false;
	}
	bp->b_rawblkno = bp->b_blkno / unit + p.p_offset;
	/* a label may be larger than the disk */
	if ((uint64_t)bp->b_rawblkno + bp->b_bcount / secsize > size) {
		refuse(bp, EINVAL);
		return false;
	}
	return true;
}

static void
enqueue(struct dk_softc *dksc, struct buf *bp)
{

	mutex_enter(&dksc->sc_iolock);
	disk_wait(DISK(dksc));
	bufq_put(dksc->sc_bufq, bp);
	mutex_exit(&dksc->sc_iolock);
}

/* Queue in pieces that the driver can take. */
static void
enqueue_pieces(struct dk_softc *dksc, struct buf *bp, int most)
{
	const uint32_t secsize = DISK(dksc)->dk_geom.dg_secsize;
	int done, n, total = bp->b_bcount;
	daddr_t raw = bp->b_rawblkno;
	struct buf *piece;

	bp->b_resid = total;
	for (done = 0; done < total; done += n) {
		n = MIN(most, total - done);
		piece = getiobuf(NULL, true);
		nestiobuf_setup(bp, piece, done, n);
		piece->b_dev = bp->b_dev;
		piece->b_blkno = bp->b_blkno + btodb(done);
		piece->b_rawblkno = raw + done / secsize;
		enqueue(dksc, piece);
	}
}

static bool
admit(struct dk_softc *dksc, struct buf *bp)
{
	int most = bp->b_bcount;

	if (!translate(dksc, bp))
		return false;
	if (DRIVER(dksc)->d_iosize != NULL)
		(*DRIVER(dksc)->d_iosize)(dksc->sc_dev, &most);
	if (most < bp->b_bcount)
		enqueue_pieces(dksc, bp, most);
	else
		enqueue(dksc, bp);
	return true;
}

/* A transfer of a partition, b_blkno in DEV_BSIZE; completed by biodone. */
void
dk_strategy(struct dk_softc *dksc, struct buf *bp)
{

	if (admit(dksc, bp))
		dk_start(dksc, NULL);
}

/* Queue only.  Returns 0 if the driver has to start it, 1 if it is over. */
int
dk_strategy_defer(struct dk_softc *dksc, struct buf *bp)
{

	return admit(dksc, bp) ? 0 : 1;
}

int
dk_strategy_pending(struct dk_softc *dksc)
{
	int pending;

	mutex_enter(&dksc->sc_iolock);
	pending = dksc->sc_deferred != NULL ||
	    bufq_peek(dksc->sc_bufq) != NULL;
	mutex_exit(&dksc->sc_iolock);
	return pending;
}

static struct buf *
next_transfer(struct dk_softc *dksc)
{
	struct buf *bp = dksc->sc_deferred;

	KASSERT(mutex_owned(&dksc->sc_iolock));
	if (bp != NULL)
		dksc->sc_deferred = NULL;
	else
		bp = bufq_get(dksc->sc_bufq);
	return bp;
}

/* Hand one to the driver; false: it cannot take more.  sc_iolock held. */
static bool
feed(struct dk_softc *dksc, struct buf *bp)
{
	int error;

	disk_busy(DISK(dksc));
	mutex_exit(&dksc->sc_iolock);
	error = (*DRIVER(dksc)->d_diskstart)(dksc->sc_dev, bp);
	if (error != 0 && error != EAGAIN && error != ENOMEM) {
		bp->b_error = error;
		bp->b_resid = bp->b_bcount;
		dk_done(dksc, bp);
		error = 0;
	}
	mutex_enter(&dksc->sc_iolock);
	if (error == 0)
		return true;
	KASSERT(dksc->sc_deferred == NULL);
	disk_unbusy(DISK(dksc), 0, BUF_ISREAD(bp));
	disk_wait(DISK(dksc));
	dksc->sc_deferred = bp;
	return false;
}

/*
 * Feed the driver.
 *
 * bp  queued first; NULL: just go on.
 */
void
dk_start(struct dk_softc *dksc, struct buf *bp)
{

	mutex_enter(&dksc->sc_iolock);
	if (bp != NULL) {
		disk_wait(DISK(dksc));
		bufq_put(dksc->sc_bufq, bp);
	}
	if (dksc->sc_busy != 0) {
		dksc->sc_busy = 2;
		mutex_exit(&dksc->sc_iolock);
		return;
	}
	do {
		dksc->sc_busy = 1;
		while ((bp = next_transfer(dksc)) != NULL)
			if (!feed(dksc, bp))
				break;
	} while (dksc->sc_busy == 2);
	dksc->sc_busy = 0;
	mutex_exit(&dksc->sc_iolock);
}

/* The driver is done: b_error and b_resid tell how. */
void
dk_done(struct dk_softc *dksc, struct buf *bp)
{

	struct disklabel label;

	if (bp->b_error != 0) {
		disk_label_get(DISK(dksc), &label);
		diskerr(bp, device_cfdriver(dksc->sc_dev)->cd_name, "error",
		    LOG_PRINTF, 0, &label);
		printf("\n");
	}
	mutex_enter(&dksc->sc_iolock);
	disk_unbusy(DISK(dksc), bp->b_bcount - bp->b_resid, BUF_ISREAD(bp));
	mutex_exit(&dksc->sc_iolock);
	if ((atomic_load_relaxed(&dksc->sc_flags) & DKF_NO_RND) == 0)
		rnd_add_uint32(&dksc->sc_rnd_source, (uint32_t)bp->b_rawblkno);
	biodone(bp);
}

/* All that waits fails with EIO. */
void
dk_drain(struct dk_softc *dksc)
{
	struct buf *bp;

	mutex_enter(&dksc->sc_iolock);
	while ((bp = next_transfer(dksc)) != NULL) {
		disk_busy(DISK(dksc));
		disk_unbusy(DISK(dksc), 0, BUF_ISREAD(bp));
		mutex_exit(&dksc->sc_iolock);
		refuse(bp, EIO);
		mutex_enter(&dksc->sc_iolock);
	}
	mutex_exit(&dksc->sc_iolock);
}
