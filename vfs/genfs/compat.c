/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page operations for file systems that can only read and write: pages are
 * filled by VOP_READ and written by VOP_WRITE, each with the kernel's own memory.
 * Nothing is read ahead, and pages are not kept dirty behind such a file
 * system's back: its own READ and WRITE do not use them.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/genfs/genfs_node.h>

#include "page/pages.h"

/* Read or write n bytes of a file at off; *moved tells how many. */
static int
transfer(struct vnode *vp, enum uio_rw rw, char *data, size_t n, off_t off,
    size_t *moved)
{
	struct iovec iov = { .iov_base = data, .iov_len = n };
	struct uio uio;
	int error;

	UIO_SETUP_SYSSPACE(&uio);
	uio.uio_iov = &iov;
	uio.uio_iovcnt = 1;
	uio.uio_offset = off;
	uio.uio_resid = n;
	uio.uio_rw = rw;
	error = rw == UIO_READ ? VOP_READ(vp, &uio, 0, kauth_cred_get()) :
	    VOP_WRITE(vp, &uio, 0, kauth_cred_get());
	*moved = n - uio.uio_resid;
	return error;
}

/* Fill a new page.  It is busy and ours; its object is not locked. */
static int
fill(struct vnode *vp, struct vm_page *pg)
{
	char *data = page_data(pg);
	size_t moved;
	int error;

	error = transfer(vp, UIO_READ, data, PAGE_SIZE, pg->offset, &moved);
	memset(data + moved, 0, PAGE_SIZE - moved);
	return error;
}

/* New pages that were not filled go. */
static void
give_back(struct vm_page **pgs, u_int n)
{
	u_int i;

	for (i = 0; i < n; i++)
		if ((pgs[i]->flags & PG_FAKE) != 0)
			pgs[i]->flags = (pgs[i]->flags & ~PG_FAKE) |
			    PG_RELEASED;
	uvm_page_unbusy(pgs, n);
	memset(pgs, 0, n * sizeof(*pgs));
}

/*
 * GETPAGES by VOP_READ.  The vnode is locked by whoever needs the pages.
 */
int
genfs_compat_getpages(void *v)
{
	struct vop_getpages_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uvm_object *uobj = &vp->v_uobj;
	bool write = (ap->a_access_type & VM_PROT_WRITE) != 0;
	unsigned int i, n = *ap->a_count;
	int error = 0;

	if ((ap->a_flags & PGO_LOCKED) != 0)
		return EBUSY;
	if ((ap->a_flags & PGO_SYNCIO) == 0 || ap->a_m == NULL) {
		rw_exit(uobj->vmobjlock);
		return 0;
	}
	if (ap->a_offset + ptoa((voff_t)ap->a_centeridx) >=
	    round_page(MAX(vp->v_size, vp->v_writesize))) {
		rw_exit(uobj->vmobjlock);
		return EINVAL;
	}
	memset(ap->a_m, 0, n * sizeof(*ap->a_m));
	(void)uvn_findpages(uobj, ap->a_offset, &n, ap->a_m, NULL, UFP_ALL);
	rw_exit(uobj->vmobjlock);
	for (i = 0; i < n && error == 0; i++)
		if ((ap->a_m[i]->flags & PG_FAKE) != 0 &&
		    (ap->a_flags & PGO_OVERWRITE) == 0)
			error = fill(vp, ap->a_m[i]);
	rw_enter(uobj->vmobjlock, RW_WRITER);
	if (error != 0) {
		give_back(ap->a_m, n);
		rw_exit(uobj->vmobjlock);
		return error;
	}
	for (i = 0; i < n; i++) {
		ap->a_m[i]->flags &= ~PG_FAKE;
		if (write)
			uvm_pagemarkdirty(ap->a_m[i], UVM_PAGE_STATUS_DIRTY);
		uvm_pagelock(ap->a_m[i]);
		uvm_pageactivate(ap->a_m[i]);
		uvm_pageunlock(ap->a_m[i]);
	}
	rw_exit(uobj->vmobjlock);
	*ap->a_count = n;
	return 0;
}

/*
 * gop_write by VOP_WRITE: what of the pages lies before the end of the file.
 */
int
genfs_compat_gop_write(struct vnode *vp, struct vm_page **pgs, int npages,
    int flags)
{
	size_t n, moved;
	int error = 0, i;

	for (i = 0; i < npages && error == 0; i++) {
		if (pgs[i]->offset >= vp->v_size)
			break;
		n = MIN(PAGE_SIZE, vp->v_size - pgs[i]->offset);
		error = transfer(vp, UIO_WRITE, page_data(pgs[i]), n,
		    pgs[i]->offset, &moved);
		if (error == 0 && moved < n)
			error = EIO;
	}
	pages_io_done(pgs, npages, true, error);
	return error;
}
