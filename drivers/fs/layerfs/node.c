/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layers: from vnodes below to vnodes above.
 *
 * The identity of a vnode above is the address of the one below, which cannot
 * be used again while there is one above: that has a reference to it.
 */

#include "layerfs.h"

#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/rwlock.h>
#include <sys/systm.h>

#include <miscfs/specfs/specdev.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_object.h>

int
layer_node_create(struct mount *mp, struct vnode *lowervp, struct vnode **vpp)
{
	int error;

	error = vcache_get(mp, &lowervp, sizeof(lowervp), vpp);
	if (error == 0)
		vrele(lowervp);		/* the one above has its own */
	return error;
}

int
layer_wrap(struct mount *mp, struct vnode **vpp)
{
	struct vnode *lowervp = *vpp;
	int error;

	error = layer_node_create(mp, lowervp, vpp);
	if (error != 0) {
		vrele(lowervp);
		*vpp = NULL;
	}
	return error;
}

/* Our caller's caller has a reference to the vnode below. */
int
layerfs_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t key_len, const void **new_key)
{
	const struct layer_mount *lm = MOUNTTOLAYERMOUNT(mp);
	struct layer_node *node;
	struct vnode *lowervp;

	KASSERT(key_len == sizeof(lowervp));
	memcpy(&lowervp, key, sizeof(lowervp));
	KASSERT(lm->layerm_size >= sizeof(*node));

	node = kmem_zalloc(lm->layerm_size, KM_SLEEP);
	vref(lowervp);
	node->layer_lowervp = lowervp;
	node->layer_vnode = vp;

	vshareilock(vp, lowervp);
	rw_obj_hold(lowervp->v_uobj.vmobjlock);
	uvm_obj_setlock(&vp->v_uobj, lowervp->v_uobj.vmobjlock);
	vp->v_tag = lm->layerm_tag;
	vp->v_type = lowervp->v_type;
	vp->v_op = lm->layerm_vnodeop_p;
	vp->v_data = node;
	if (vp->v_type == VBLK || vp->v_type == VCHR)
		spec_node_init(vp, lowervp->v_rdev);
	uvm_vnp_setsize(vp, 0);		/* pages are the lower one's */
	*new_key = &node->layer_lowervp;
	return 0;
}
