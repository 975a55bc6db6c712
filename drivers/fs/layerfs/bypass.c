/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layers: an operation above becomes the same operation below.
 *
 * What an operation does with its vnodes stands in its descriptor: where they
 * are in the argument structure, which of them lose their lock and reference,
 * and where a new one is returned.  So one function serves all operations:
 * vnodes of this layer are replaced by those below, the operation is called
 * there, and everything is put back.
 *
 * A vnode that the operation releases needs a reference more below, which the
 * lower file system drops together with the lock; the one above is dropped
 * here.
 */

#include "layerfs.h"

#include <sys/errno.h>
#include <sys/systm.h>

/* A vnode argument, and what it was. */
struct mapped {
	struct vnode	**ma_slot;	/* in the argument structure */
	struct vnode	*ma_upper;	/* NULL: none of ours, left alone */
	bool		ma_released;	/* by the operation, if it is ours */
};

static bool
is_ours(const struct vnode *vp, const struct mount *mp)
{

	return vp != NULL && vp->v_mount == mp &&
	    vp->v_op == MOUNTTOLAYERMOUNT(mp)->layerm_vnodeop_p;
}

/* Replace the vnodes of mp by those below.  Returns how many were looked at. */
static unsigned int
go_down(struct vop_generic_args *ap, const struct mount *mp,
    struct mapped *args)
{
	const struct vnodeop_desc *desc = ap->a_desc;
	unsigned int n;

	for (n = 0; n < VDESC_MAX_VPS; n++) {
		if (desc->vdesc_vp_offsets[n] == VDESC_NO_OFFSET)
			break;
		args[n].ma_slot = VOPARG_OFFSETTO(struct vnode **,
		    desc->vdesc_vp_offsets[n], ap);
		args[n].ma_upper = NULL;
		if (!is_ours(*args[n].ma_slot, mp))
			continue;
		args[n].ma_upper = *args[n].ma_slot;
		args[n].ma_released =
		    (desc->vdesc_flags & (VDESC_VP0_WILLRELE << n)) != 0;
		*args[n].ma_slot = LAYERVPTOLOWERVP(args[n].ma_upper);
		if (args[n].ma_released)
			vref(*args[n].ma_slot);
	}
	return n;
}

/* Put back what go_down() replaced, and drop what the operation released. */
static void
go_up(struct mapped *args, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (args[i].ma_upper == NULL)
			continue;
		*args[i].ma_slot = args[i].ma_upper;
		if (args[i].ma_released)
			vrele(args[i].ma_upper);
	}
}

int
layer_bypass(void *v)
{
	struct vop_generic_args *ap = v;
	const struct vnodeop_desc *desc = ap->a_desc;
	struct mapped args[VDESC_MAX_VPS];
	struct vnode *vp, ***made;
	struct mount *mp;
	unsigned int n;
	int error;

	/* the first one was ours when we were called */
	vp = *VOPARG_OFFSETTO(struct vnode **, desc->vdesc_vp_offsets[0], ap);
	mp = vp->v_mount;
	n = go_down(ap, mp, args);
	vp = *VOPARG_OFFSETTO(struct vnode **, desc->vdesc_vp_offsets[0], ap);
	error = VCALL(vp, desc->vdesc_offset, ap);
	go_up(args, n);
	if (error != 0 || desc->vdesc_vpp_offset == VDESC_NO_OFFSET)
		return error;
	made = VOPARG_OFFSETTO(struct vnode ***, desc->vdesc_vpp_offset, ap);
	return **made == NULL ? 0 : layer_wrap(mp, *made);
}
