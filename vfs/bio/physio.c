/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transfers between a device and the memory of a caller, without a cache in
 * between: what read(2) and write(2) of a character disk do.
 *
 * Memory of this process is passed to the driver as it is.  Memory of a remote
 * client is not addressable; it goes through kernel memory.  Pieces of a
 * request are made one after the other: a raw device's caller counts on that
 * nothing after a failed piece was transferred.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/proc.h>
#include <sys/uio.h>

#include "uiomem.h"

/*
 * Clip a transfer to what every device can do.
 */
void
minphys(buf_t *bp)
{

	if (bp->b_bcount > MAXPHYS)
		bp->b_bcount = MAXPHYS;
}

/* The caller's memory moved on by n bytes. */
static void
advance(struct uio *uio, size_t n)
{

	uio->uio_iov->iov_base = (char *)uio->uio_iov->iov_base + n;
	uio->uio_iov->iov_len -= n;
	uio->uio_resid -= n;
	uio->uio_offset += n;
}

/*
 * Transfer up to bp->b_bcount bytes, which data points to.  Returns an error,
 * and in *done what was transferred.
 */
static int
transfer(void (*strategy)(buf_t *), buf_t *bp, void *data, size_t *done)
{
	int count = bp->b_bcount;

	bp->b_data = data;
	bp->b_bufsize = bp->b_resid = count;
	bp->b_error = 0;
	bp->b_oflags = 0;
	(*strategy)(bp);
	(void)biowait(bp);
	/* a driver may have cut b_bcount at the end of its device */
	*done = MIN(count, bp->b_bcount) - bp->b_resid;
	return bp->b_error;
}

/* One piece, within the first iovec. */
static int
piece(void (*strategy)(buf_t *), buf_t *bp, struct uio *uio, bool direct,
    size_t *done)
{
	size_t len = bp->b_bcount;
	void *bounce;
	int error;

	if (direct) {
		error = transfer(strategy, bp, uio->uio_iov->iov_base, done);
		advance(uio, *done);
		return error;
	}
	bounce = kmem_alloc(len, KM_SLEEP);
	if (uio->uio_rw == UIO_WRITE) {
		struct uio copy = *uio;
		struct iovec iov = *uio->uio_iov;

		copy.uio_iov = &iov;
		copy.uio_iovcnt = 1;
		*done = 0;
		error = uiomove(bounce, len, &copy);
		if (error == 0) {
			error = transfer(strategy, bp, bounce, done);
			advance(uio, *done);
		}
	} else {
		int error1;

		error = transfer(strategy, bp, bounce, done);
		error1 = uiomove(bounce, *done, uio);
		if (error == 0)
			error = error1;
	}
	kmem_free(bounce, len);
	return error;
}

/* Fill in what every piece of a request shares. */
static void
describe(buf_t *bp, dev_t dev, int flags, const struct uio *uio)
{

	bp->b_dev = dev;
	bp->b_proc = curproc;
	bp->b_cflags |= BC_BUSY;
	bp->b_flags = (flags & ~B_READ) | B_PHYS | B_RAW |
	    (uio->uio_rw == UIO_READ ? B_READ : B_WRITE);
	bp->b_blkno = bp->b_rawblkno = uio->uio_offset / DEV_BSIZE;
}

/*
 * Read or write a device raw.
 *
 * strategy  the driver's; completes each buffer by biodone.
 * obp       NULL, or a buffer to use (buf_init).
 * flags     B_READ or B_WRITE, as uio says.
 * clip      may lower b_bcount to what the device can do at once.
 *
 * Returns 0 (uio tells how much; short at the device's end), EINVAL for an
 * offset that is not a multiple of DEV_BSIZE or is negative, EFAULT, or the
 * device's error.
 * Context: thread, may sleep.
 * Ref:     physio(9).
 */
int
physio(void (*strategy)(buf_t *), buf_t *obp, dev_t dev, int flags,
    void (*clip)(buf_t *), struct uio *uio)
{
	bool direct = uio_addressable(uio);
	buf_t *bp = obp;
	int error = 0;
	size_t done;

	if (uio->uio_offset < 0 || (uio->uio_offset & (DEV_BSIZE - 1)) != 0)
		return EINVAL;
	if (bp == NULL)
		bp = getiobuf(NULL, true);
	while (uio->uio_resid > 0 && error == 0) {
		if (uio->uio_iov->iov_len == 0) {
			uio->uio_iov++;
			uio->uio_iovcnt--;
			continue;
		}
		if (direct && uio->uio_iov->iov_base == NULL) {
			error = EFAULT;
			break;
		}
		describe(bp, dev, flags, uio);
		bp->b_bcount = (int)MIN(uio->uio_iov->iov_len, MAXPHYS);
		(*clip)(bp);
		error = piece(strategy, bp, uio, direct, &done);
		if (done == 0)
			break;
	}
	if (obp == NULL)
		putiobuf(bp);
	return error;
}
