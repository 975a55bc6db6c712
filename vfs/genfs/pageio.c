/* SPDX-License-Identifier: BSD-2-Clause */
/* Transfers between pages of a file and its blocks; see pageio.h. */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/lwp.h>
#include <sys/mount.h>

#include "genfs/pageio.h"

int
pageio_map(struct vnode *vp, off_t off, struct extent *ex)
{
	int error, run = 0, fs_bshift, dev_bshift;
	daddr_t lbn, blkno;
	off_t skip;

	if (vp->v_type == VBLK) {
		fs_bshift = dev_bshift = DEV_BSHIFT;
	} else {
		fs_bshift = vp->v_mount->mnt_fs_bshift;
		dev_bshift = vp->v_mount->mnt_dev_bshift;
	}
	lbn = off >> fs_bshift;
	error = VOP_BMAP(vp, lbn, &ex->ex_devvp, &blkno, &run);
	if (error != 0)
		return error;
	skip = off - ((off_t)lbn << fs_bshift);
	ex->ex_bytes = ((off_t)(run + 1) << fs_bshift) - skip;
	if (blkno < 0) {
		ex->ex_blkno = -1;
		/* run says nothing about holes */
		ex->ex_bytes = ((off_t)1 << fs_bshift) - skip;
	} else {
		ex->ex_blkno = blkno + (skip >> dev_bshift);
	}
	return 0;
}

/* b_iodone of a master that nobody waits for. */
static void
async_done(buf_t *mbp)
{
	u_int i, n, left = mbp->b_bufsize >> PAGE_SHIFT;
	struct vnode *vp = mbp->b_vp;
	struct uvm_object *uobj = &vp->v_uobj;
	struct vm_page *pgs[RUN_PAGES];
	voff_t off = mbp->b_dcookie;
	bool write = BUF_ISWRITE(mbp);
	int error = mbp->b_error;

	putiobuf(mbp);
	for (; left > 0; left -= n, off += ptoa((voff_t)n)) {
		n = MIN(left, RUN_PAGES);
		rw_enter(uobj->vmobjlock, RW_READER);
		for (i = 0; i < n; i++) {
			pgs[i] = page_after(uobj, i > 0 ? pgs[i - 1] : NULL,
			    off + ptoa((voff_t)i));
			KASSERT(pgs[i] != NULL);
		}
		rw_exit(uobj->vmobjlock);
		pages_io_done(pgs, n, write, error);
	}
	if (write)
		vnode_output_done(vp);
}

/* The page daemon must not wait for the memory that it is to free. */
static buf_t *
header(struct vnode *vp)
{

	return getiobuf(vp, curlwp != atomic_load_relaxed(&uvm.pagedaemon_lwp));
}

buf_t *
pageio_begin(struct vnode *vp, voff_t off, u_int npages, off_t bytes,
    bool write, bool sync)
{
	buf_t *mbp;

	KASSERT(bytes > 0);
	mbp = header(vp);
	if (mbp == NULL)
		return NULL;
	mbp->b_cflags |= BC_BUSY;
	mbp->b_flags = (write ? B_WRITE : B_READ) | (sync ? 0 : B_ASYNC);
	mbp->b_bufsize = (int)ptoa(npages);
	mbp->b_bcount = mbp->b_resid = (int)bytes;
	mbp->b_dcookie = off;
	mbp->b_iodone = sync ? NULL : async_done;
	BIO_SETPRIO(mbp, sync ? BPRIO_TIMECRITICAL : BPRIO_TIMELIMITED);
	if (write) {
		/*
		 * One is the transfer's, counted off by biodone; the other is
		 * for the pages, which async_done gives back after that.  So who
		 * waits for all writes finds no page busy, and no error late.
		 */
		mutex_enter(vp->v_interlock);
		vp->v_numoutput += sync ? 1 : 2;
		mutex_exit(vp->v_interlock);
	}
	return mbp;
}

void
pageio_start(buf_t *mbp, off_t offset, char *data, int bytes,
    const struct extent *ex)
{
	buf_t *bp;

	bp = header(mbp->b_vp);
	if (bp == NULL) {
		nestiobuf_done(mbp, bytes, ENOMEM);
		return;
	}
	nestiobuf_setup(mbp, bp, (int)offset, bytes);
	/* the parts have addresses of their own */
	bp->b_data = data;
	bp->b_lblkno = 0;
	/* devices count; a file system that copies out of its inode need not */
	bp->b_resid = 0;
	bp->b_blkno = ex->ex_blkno;
	(void)VOP_STRATEGY(ex->ex_devvp, bp);
}

void
pageio_skip(buf_t *mbp, off_t bytes, int error)
{

	nestiobuf_done(mbp, (int)bytes, error);
}

int
pageio_wait(buf_t *mbp)
{
	int error;

	error = biowait(mbp);
	putiobuf(mbp);
	return error;
}
