/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vectors of vnode operations, and operations that belong to nobody.
 *
 *   vfs_opv_init      builds the vectors that a file system describes
 *   vfs_opv_free      gives them back
 *   vn_default_error  fills slots for which a file system has nothing
 *   vn_bwrite, vn_fifo_bypass   operations that forward
 *
 * A description is a list of (operation, function); a vector is an array with
 * the function of each operation at the operation's own index, so that a call
 * is one indirect jump.  Index 0 is the default's.  The calls themselves are
 * generated (tools/gen-vnode-if.py) and bracketed by vop.h.
 */
#include <sys/param.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/fifofs/fifo.h>

#include "vop.h"

#define VECTOR_SIZE	(VNODE_OPS_COUNT * sizeof(int (*)(void *)))

/*
 * Any operation that a file system does not have.
 *
 * Returns EOPNOTSUPP and releases nothing, so operations that drop references
 * need a function of their own (genfs_eopnotsupp).
 */
int
vn_default_error(void *v)
{

	return EOPNOTSUPP;
}

/* The generic FIFO's function for whatever operation this is the slot of. */
int
vn_fifo_bypass(void *v)
{
	struct vop_generic_args *ap = v;

	return VOCALL(fifo_vnodeop_p, ap->a_desc->vdesc_offset, v);
}

/* Fill a vector from its description. */
static void
vector_fill(int (**vec)(void *), const struct vnodeopv_entry_desc *ops)
{
	int (*fallback)(void *) = NULL;
	const struct vnodeopv_entry_desc *e;
	int i;

	for (e = ops; e->opve_op != NULL; e++) {
		vec[e->opve_op->vdesc_offset] = e->opve_impl;
		if (e->opve_op == &vop_default_desc)
			fallback = e->opve_impl;
	}
	if (fallback == NULL)
		panic("vfs_opv_init: vector without a default operation");
	for (i = 0; i < VNODE_OPS_COUNT; i++) {
		if (vec[i] == NULL)
			vec[i] = fallback;
	}
}

/*
 * Allocate and fill the vectors described by a NULL-terminated list.
 *
 * Context: thread, may sleep.  Panics if a description has no default.
 */
void
vfs_opv_init(const struct vnodeopv_desc * const *list)
{
	const struct vnodeopv_desc *d;
	int (**vec)(void *);

	for (; (d = *list) != NULL; list++) {
		vec = kmem_zalloc(VECTOR_SIZE, KM_SLEEP);
		vector_fill(vec, d->opv_desc_ops);
		*d->opv_desc_vector_p = vec;
	}
}

/* Free the vectors of a list; no vnode uses them any more. */
void
vfs_opv_free(const struct vnodeopv_desc * const *list)
{
	const struct vnodeopv_desc *d;

	for (; (d = *list) != NULL; list++) {
		kmem_free(*d->opv_desc_vector_p, VECTOR_SIZE);
		*d->opv_desc_vector_p = NULL;
	}
}

#ifdef DIAGNOSTIC
/*
 * The operation needs vp locked; only vnodes that promise to know can tell.  A
 * block device that is being mounted is its file system's alone, and some, as
 * msdosfs, flush it without the lock.
 *
 * Operations on locked vnodes begin no transaction, because VOP_LOCK did: the
 * lock was taken by it and by nothing else, and in this thread.
 */
void
vop_check_locked(struct vnode *vp, const char *what)
{

	if ((vp->v_vflag & VV_LOCKSWORK) == 0 || vp->v_type == VBLK)
		return;
	if (VOP_ISLOCKED(vp) == 0)
		panic("%s: vnode %p is not locked", what, vp);
	if (!fstrans_held(vp->v_mount))
		panic("%s: vnode %p is locked without a transaction", what,
		    vp);
}

/* A vnode that an operation made must be complete. */
void
vop_check_made(struct vnode *vp, const char *what)
{

	bool sized;

	if (vp == NULL || vp->v_type == VNON)
		return;
	mutex_enter(vp->v_interlock);
	sized = vp->v_size != VSIZENOTSET && vp->v_writesize != VSIZENOTSET;
	mutex_exit(vp->v_interlock);
	if (!sized)
		panic("%s: vnode %p has no size", what, vp);
}
#endif
