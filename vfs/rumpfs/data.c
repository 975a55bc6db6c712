/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: contents of regular files and symbolic links.
 *
 * Contents are pages of an anonymous object that is made by the first write
 * and stays when the vnode goes; while there is a vnode the two share a lock.
 * What was never written reads as zeroes.
 *
 * A file may instead live in memory that its owner lends (fcntl
 * RUMPFS_FCNTL_EXTSTORAGE_ADD): an image of a root file system that is linked
 * into a program need not be copied.  Such a file can be read, and written as
 * far as it goes; it does not grow, and shrinks only in what it shows.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/rwlock.h>
#include <sys/systm.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <rump-sys/kern.h>
#include <rump/rumpfs.h>
#include <uvm/uvm_aobj.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_object.h>
#include <uvm/uvm_pager.h>

#include "rumpfs.h"

#define FILE_MAX	((off_t)(INT64_MAX - 2 * PAGE_SIZE))

/* The object, made if there is none.  vp locked. */
static struct uvm_object *
data_make(struct vnode *vp)
{
	struct rumpfs_node *rn = VTORN(vp);
	struct uvm_object *data = rn->rn_file.data;

	if (data != NULL)
		return data;
	data = uao_create(FILE_MAX, 0);
	rw_obj_hold(vp->v_uobj.vmobjlock);
	uvm_obj_setlock(data, vp->v_uobj.vmobjlock);
	rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
	if (rn->rn_file.data == NULL) {
		rn->rn_file.data = data;
		data = NULL;
	}
	rw_exit(vp->v_uobj.vmobjlock);
	if (data != NULL)
		uao_detach(data);
	return rn->rn_file.data;
}

/* A vnode is loaded for a node that may have data. */
void
rumpfs_data_load(struct vnode *vp)
{
	struct uvm_object *data = VTORN(vp)->rn_file.data;

	if (data == NULL)
		return;
	rw_obj_hold(data->vmobjlock);
	uvm_obj_setlock(&vp->v_uobj, data->vmobjlock);
}

void
rumpfs_data_free(struct rumpfs_node *rn)
{

	if (rn->rn_file.data != NULL)
		uao_detach(rn->rn_file.data);
}

/* ---------------------------------------------------------------- transfers */

static int
read_zeroes(struct uio *uio, size_t len)
{
	static const uint8_t zeroes[PAGE_SIZE];
	size_t n;
	int error = 0;

	for (; error == 0 && len > 0; len -= n) {
		n = MIN(len, sizeof(zeroes));
		error = uiomove(__UNCONST(zeroes), n, uio);
	}
	return error;
}

int
rumpfs_read(void *v)
{
	struct vop_read_args *ap = v;
	struct rumpfs_node *rn = VTORN(ap->a_vp);
	struct uio *uio = ap->a_uio;
	size_t len;
	int error = 0;

	if (ap->a_vp->v_type == VDIR)
		return EISDIR;
	if (ap->a_vp->v_type != VREG)
		return EINVAL;
	if (uio->uio_offset < 0)
		return EINVAL;
	while (error == 0 && uio->uio_resid > 0 &&
	    uio->uio_offset < rn->rn_file.size) {
		len = (size_t)MIN((off_t)uio->uio_resid,
		    rn->rn_file.size - uio->uio_offset);
		if (rn->rn_file.ext != NULL)
			error = uiomove((char *)rn->rn_file.ext +
			    uio->uio_offset, len, uio);
		else if (rn->rn_file.data == NULL)
			error = read_zeroes(uio, len);
		else
			error = ubc_uiomove(rn->rn_file.data, uio, len,
			    IO_ADV_DECODE(ap->a_ioflag), UBC_READ |
			    UBC_PARTIALOK | UBC_VNODE_FLAGS(ap->a_vp));
	}
	rumpfs_touch_accessed(ap->a_vp);
	return error;
}

static void
set_size(struct vnode *vp, off_t size)
{

	VTORN(vp)->rn_file.size = size;
	uvm_vnp_setsize(vp, size);
}

static int
write_ext(struct rumpfs_node *rn, struct uio *uio)
{

	if (uio->uio_offset + (off_t)uio->uio_resid > rn->rn_file.size)
		return EOPNOTSUPP;
	return uiomove((char *)rn->rn_file.ext + uio->uio_offset,
	    uio->uio_resid, uio);
}

/* Copy in; pages wholly behind the present end are new. */
static int
write_pages(struct vnode *vp, struct uio *uio, int ioflag)
{
	struct uvm_object *data = data_make(vp);
	const off_t old = VTORN(vp)->rn_file.size, start = uio->uio_offset;
	const size_t len = uio->uio_resid;
	int error;

	error = ubc_uiomove(data, uio, len, IO_ADV_DECODE(ioflag),
	    UBC_WRITE | UBC_PARTIALOK | UBC_VNODE_FLAGS(vp));
	if (error != 0 && (ioflag & IO_UNIT) != 0) {
		uio->uio_offset = start;
		uio->uio_resid = len;
	}
	if (uio->uio_offset > old)
		set_size(vp, uio->uio_offset);
	return error;
}

int
rumpfs_write(void *v)
{
	struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct rumpfs_node *rn = VTORN(vp);
	struct uio *uio = ap->a_uio;
	const off_t old = rn->rn_file.size;
	int error;

	if (vp->v_type != VREG)
		return EINVAL;
	if ((ap->a_ioflag & IO_APPEND) != 0)
		uio->uio_offset = old;
	if (uio->uio_offset < 0)
		return EINVAL;
	if (uio->uio_resid > (size_t)FILE_MAX ||
	    uio->uio_offset > FILE_MAX - (off_t)uio->uio_resid)
		return EFBIG;
	if (uio->uio_resid == 0)
		return 0;
	error = rn->rn_file.ext != NULL ? write_ext(rn, uio) :
	    write_pages(vp, uio, ap->a_ioflag);
	rumpfs_touch_changed(rn, true);
	VN_KNOTE(vp, NOTE_WRITE | (rn->rn_file.size > old ? NOTE_EXTEND : 0));
	return error;
}

/* Change the size; vp locked exclusively. */
int
rumpfs_data_resize(struct vnode *vp, off_t size)
{
	struct rumpfs_node *rn = VTORN(vp);
	struct uvm_object *data = rn->rn_file.data;

	if (size < 0)
		return EINVAL;
	if (size > FILE_MAX)
		return EFBIG;
	if (rn->rn_file.ext != NULL) {
		if (size > (off_t)rn->rn_file.extlen)
			return EOPNOTSUPP;
	} else if (size < rn->rn_file.size && data != NULL) {
		/* nothing is left behind the end, to be seen when it grows */
		if ((size & PAGE_MASK) != 0)
			ubc_zerorange(data, size,
			    (size_t)(round_page(size) - size),
			    UBC_VNODE_FLAGS(vp));
		rw_enter(data->vmobjlock, RW_WRITER);
		(void)(*data->pgops->pgo_put)(data, round_page(size), 0,
		    PGO_FREE);
	}
	set_size(vp, size);
	return 0;
}

int
rumpfs_readlink(void *v)
{
	struct vop_readlink_args *ap = v;
	const struct rumpfs_node *rn = VTORN(ap->a_vp);

	if (ap->a_vp->v_type != VLNK)
		return EINVAL;
	rumpfs_touch_accessed(ap->a_vp);
	return uiomove_frombuf(rn->rn_link.target, rn->rn_link.len, ap->a_uio);
}

/* --------------------------------------------------------------- page calls */

/*
 * Pages of the file are the object's.
 *
 * Locks: object lock held; released but for PGO_LOCKED.
 */
int
rumpfs_getpages(void *v)
{
	struct vop_getpages_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const struct rumpfs_node *rn = VTORN(vp);
	krwlock_t *lock = vp->v_uobj.vmobjlock;
	const off_t end = round_page(vp->v_size);
	struct uvm_object *data = rn->rn_file.data;

	KASSERT(rn->rn_type == VREG && rn->rn_host == NULL);
	if ((ap->a_flags & PGO_LOCKED) != 0 && data == NULL)
		return EBUSY;
	if ((ap->a_flags & PGO_LOCKED) == 0) {
		rw_exit(lock);
		/* lent memory is no pages */
		if (rn->rn_file.ext != NULL || ap->a_offset +
		    ((off_t)ap->a_centeridx << PAGE_SHIFT) >= end)
			return EINVAL;
		if ((ap->a_flags & PGO_SYNCIO) == 0)
			return 0;	/* there is nothing to read ahead */
		*ap->a_count = (int)MIN((off_t)*ap->a_count,
		    (end - ap->a_offset) >> PAGE_SHIFT);
		data = data_make(vp);
		rw_enter(lock, RW_WRITER);
	}
	return (*data->pgops->pgo_get)(data, ap->a_offset, ap->a_m, ap->a_count,
	    ap->a_centeridx, ap->a_access_type, ap->a_advice, ap->a_flags);
}

/* Memory is all there is: nothing to write, and nothing that may go. */
int
rumpfs_putpages(void *v)
{
	struct vop_putpages_args *ap = v;

	rw_exit(ap->a_vp->v_uobj.vmobjlock);
	return 0;
}

/* -------------------------------------------------------------- lent memory */

int
rumpfs_fcntl(void *v)
{
	struct vop_fcntl_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct rumpfs_node *rn = VTORN(vp);
	const struct rumpfs_extstorage *ext = ap->a_data;
	int error = 0;

	if ((int)ap->a_command != RUMPFS_FCNTL_EXTSTORAGE_ADD)
		return genfs_fcntl(v);
	if (vp->v_type != VREG || rn->rn_host != NULL)
		return EINVAL;
	/* its addresses are to be used long after the call */
	if (!RUMP_LOCALPROC_P(curproc))
		return EINVAL;
	if (ext->rfse_flags != 0)
		return EINVAL;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	if (rn->rn_file.size != 0 || rn->rn_file.ext != NULL) {
		error = EEXIST;
	} else {
		rn->rn_file.ext = ext->rfse_data;
		rn->rn_file.extlen = ext->rfse_dlen;
		set_size(vp, (off_t)ext->rfse_dlen);
	}
	VOP_UNLOCK(vp);
	return error;
}
