/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transfers of a journal: they pass by the buffer cache, whose writes would join
 * a transaction.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/bitops.h>
#include <sys/buf.h>
#include <sys/dkio.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/vnode.h>

#include "bio/bufcache.h"
#include "wapbl/journal.h"

/*
 * Describe a log.
 *
 * off, count  in units of blksize bytes.
 *
 * Returns 0, or EINVAL: a unit that is no power of two or less than a sector, or
 * too few of them for two headers and a record.
 */
int
logarea_init(struct logarea *la, struct vnode *devvp, daddr_t off,
    size_t count, size_t blksize)
{

	if (blksize < DEV_BSIZE || !powerof2(blksize) || blksize > MAXBSIZE ||
	    count < 4 || off < 0)
		return EINVAL;
	la->la_devvp = devvp;
	la->la_bshift = ilog2((uint32_t)blksize);
	la->la_blkno = off << (la->la_bshift - DEV_BSHIFT);
	la->la_circ_off = (off_t)2 << la->la_bshift;
	la->la_circ_size = ((off_t)count << la->la_bshift) - la->la_circ_off;
	return 0;
}

static int
transfer(struct vnode *devvp, int flags, void *data, size_t len,
    daddr_t blkno)
{
	struct buf *bp = getiobuf(devvp, true);
	int error;

	bp->b_flags = flags;
	bp->b_cflags = BC_BUSY;
	bp->b_dev = devvp->v_rdev;
	bp->b_data = data;
	bp->b_bufsize = bp->b_bcount = bp->b_resid = (int)len;
	bp->b_blkno = blkno;
	BIO_SETPRIO(bp, BPRIO_TIMECRITICAL);
	buf_count_output(bp);
	(void)VOP_STRATEGY(devvp, bp);
	error = biowait(bp);
	if (error == 0 && bp->b_resid != 0)
		error = EIO;
	putiobuf(bp);
	return error;
}

int
device_rw(struct vnode *devvp, int flags, void *data, size_t len,
    daddr_t blkno)
{
	char *p = data;
	int error = 0;
	size_t n;

	for (; len != 0 && error == 0; len -= n, p += n, blkno += btodb(n)) {
		n = MIN(len, MAXPHYS);
		error = transfer(devvp, flags, p, n, blkno);
	}
	return error;
}

int
logarea_rw(const struct logarea *la, int flags, void *data, size_t len,
    off_t place)
{
	char *p = data;
	int error = 0;
	off_t in;
	size_t n;

	KASSERT(logarea_round(la, len) == len);
	for (; len != 0 && error == 0; len -= n, p += n, place += n) {
		in = place % la->la_circ_size;
		n = MIN((off_t)len, la->la_circ_size - in);
		error = device_rw(la->la_devvp, flags, p, n,
		    la->la_blkno + btodb(la->la_circ_off + in));
	}
	return error;
}

/* Devices without a cache of their own say that they know nothing of it. */
int
device_sync(struct vnode *devvp)
{
	int error, force = 1;

	error = VOP_IOCTL(devvp, DIOCCACHESYNC, &force, FWRITE | FKIOCTL,
	    FSCRED);
	return error == ENODEV || error == ENOTTY || error == EOPNOTSUPP ?
	    0 : error;
}
