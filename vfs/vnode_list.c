/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vnodes of a mount: the list, walking it, and emptying it.
 *
 *   vfs_insmntque           moves a vnode from one mount's list to another's
 *   vfs_vnode_iterator_*    a walk that may sleep between steps
 *   vflush                  ends the vnodes of a mount, to unmount it
 *   vcache_make_anon        a device's vnode leaves its file system but lives
 *   bdevvp cdevvp           vnodes of devices that are in no file system
 *
 * A walk keeps its place with a marker, a vnode that is none.  Each vnode
 * holds a reference to its mount's memory.
 *
 * Locks: mnt_vnodelock, then v_interlock.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/systm.h>

#include <miscfs/specfs/specdev.h>

#include "mount_impl.h"
#include "vnode_life.h"

/*
 * Make mp the mount of vp; NULL: it is about to be freed.
 *
 * Locks: whoever may look at v_mount cannot (loading, suspended, or no
 *        references).
 */
void
vfs_insmntque(vnode_t *vp, struct mount *mp)
{
	struct vnode_impl *vip = VNODE_TO_VIMPL(vp);
	struct mount *omp = vp->v_mount;

	if (mp != NULL)
		vfs_ref(mp);
	if (omp != NULL) {
		mutex_enter(omp->mnt_vnodelock);
		TAILQ_REMOVE(&omp->mnt_vnodelist, vip, vi_mntvnodes);
		mutex_exit(omp->mnt_vnodelock);
	}
	KASSERT(vp->v_uobj.uo_npages == 0);
	vp->v_uobj.uo_tally = mp != NULL ? mp->mnt_tally : NULL;
	if (mp == NULL) {
		vp->v_mount = NULL;
	} else {
		mutex_enter(mp->mnt_vnodelock);
		mutex_enter(vp->v_interlock);
		if ((atomic_load_relaxed(&mp->mnt_iflag) & IMNT_MPSAFE) != 0)
			vp->v_vflag |= VV_MPSAFE;
		/* with all that came before: vnode_begin */
		atomic_store_release(&vp->v_mount, mp);
		mutex_exit(vp->v_interlock);
		TAILQ_INSERT_TAIL(&mp->mnt_vnodelist, vip, vi_mntvnodes);
		mutex_exit(mp->mnt_vnodelock);
	}
	if (omp != NULL)
		vfs_rele(omp);
}

/* ---------------------------------------------------------------- walking */

struct vnode_iterator {
	struct vnode_impl	vi_marker;
};

/*
 * Begin a walk over the vnodes of a mount, which the caller keeps busy.
 *
 * itp  out: to be given to vfs_vnode_iterator_destroy() in every case
 */
void
vfs_vnode_iterator_init(struct mount *mp, struct vnode_iterator **itp)
{
	struct vnode *marker = vnalloc_marker(mp);

	mutex_enter(mp->mnt_vnodelock);
	TAILQ_INSERT_HEAD(&mp->mnt_vnodelist, VNODE_TO_VIMPL(marker),
	    vi_mntvnodes);
	mutex_exit(mp->mnt_vnodelock);
	*itp = (struct vnode_iterator *)VNODE_TO_VIMPL(marker);
}

void
vfs_vnode_iterator_destroy(struct vnode_iterator *it)
{
	struct vnode_impl *marker = &it->vi_marker;
	struct mount *mp = marker->vi_vnode.v_mount;

	mutex_enter(mp->mnt_vnodelock);
	TAILQ_REMOVE(&mp->mnt_vnodelist, marker, vi_mntvnodes);
	mutex_exit(mp->mnt_vnodelock);
	vnfree_marker(VIMPL_TO_VNODE(marker));
}

/*
 * Can it be looked at?  Markers have no interlock, and while a vnode is loaded
 * it may be given another one.
 */
static bool
has_interlock(struct vnode_impl *vip)
{
	const enum vnode_state state = atomic_load_acquire(&vip->vi_state);

	return state != VS_MARKER && state != VS_LOADING;
}

/* Is this one to be returned by the walk? */
static bool
selected(struct vnode *vp, bool (*select)(void *, struct vnode *), void *arg)
{

	KASSERT(mutex_owned(vp->v_interlock));
	switch (vstate_get(vp)) {
	case VS_LOADED:
	case VS_BLOCKED:
		return select == NULL || select(arg, vp);
	default:
		return false;
	}
}

/*
 * The next vnode of the walk that the selector wants, referenced and unlocked;
 * NULL at the end.
 *
 * select  may be NULL; called with v_interlock held, must not sleep
 *
 * Vnodes that are being loaded or reclaimed are passed over; vnodes that come
 * later may be missed.
 */
struct vnode *
vfs_vnode_iterator_next(struct vnode_iterator *it,
    bool (*select)(void *, struct vnode *), void *arg)
{
	struct vnode_impl *marker = &it->vi_marker, *vip;
	struct mount *mp = marker->vi_vnode.v_mount;
	struct vnode *vp;

	for (;;) {
		mutex_enter(mp->mnt_vnodelock);
		vip = marker;
		while ((vip = TAILQ_NEXT(vip, vi_mntvnodes)) != NULL) {
			vp = VIMPL_TO_VNODE(vip);
			if (!has_interlock(vip))
				continue;
			mutex_enter(vp->v_interlock);
			if (selected(vp, select, arg))
				break;
			mutex_exit(vp->v_interlock);
		}
		TAILQ_REMOVE(&mp->mnt_vnodelist, marker, vi_mntvnodes);
		if (vip == NULL)
			TAILQ_INSERT_TAIL(&mp->mnt_vnodelist, marker,
			    vi_mntvnodes);
		else
			TAILQ_INSERT_AFTER(&mp->mnt_vnodelist, vip, marker,
			    vi_mntvnodes);
		mutex_exit(mp->mnt_vnodelock);
		if (vip == NULL)
			return NULL;
		if (vcache_vget(vp) == 0)
			return vp;
	}
}

/* ----------------------------------------------------------------- vflush */

struct flush_choice {
	struct vnode	*skip;
	int		flags;
};

static bool
flush_select(void *arg, struct vnode *vp)
{
	struct flush_choice *c = arg;

	if (vp == c->skip)
		return false;
	if ((c->flags & SKIPSYSTEM) != 0 && (vp->v_vflag & VV_SYSTEM) != 0)
		return false;
	if ((c->flags & WRITECLOSE) != 0 && vp->v_type != VREG &&
	    vp->v_type != VDIR)
		return false;
	return true;
}

/* WRITECLOSE: is it open for writing, or in no directory any more? */
static bool
is_written(struct vnode *vp)
{
	struct vattr va;
	int error;

	if (vp->v_writecount > 0)
		return true;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_GETATTR(vp, &va, curlwp->l_cred);
	VOP_UNLOCK(vp);
	return error == 0 && va.va_nlink == 0;
}

/* End one vnode; the reference is consumed.  EBUSY if it stays. */
static int
flush_one(struct vnode *vp, int flags)
{

	if ((flags & WRITECLOSE) != 0 && !is_written(vp)) {
		vrele(vp);
		return 0;
	}
	if (vrecycle(vp))
		return 0;
	if ((flags & FORCECLOSE) == 0) {
		vrele(vp);
		return EBUSY;
	}
	if (vp->v_type == VBLK || vp->v_type == VCHR) {
		vcache_make_anon(vp);
		vrele(vp);
	} else {
		vgone(vp);
	}
	return 0;
}

/*
 * End the vnodes of a mount.
 *
 * skipvp  spare this one; NULL: none
 * flags   SKIPSYSTEM: spare VV_SYSTEM; WRITECLOSE: only files and directories
 *         that are open for writing or unlinked, so have storage to be freed;
 *         FORCECLOSE: those in use as well
 *
 * Returns 0, or EBUSY if some are in use.
 * Locks: mp suspended by this thread.
 */
int
vflush(struct mount *mp, struct vnode *skipvp, int flags)
{
	struct flush_choice choice = { .skip = skipvp, .flags = flags };
	struct vnode_iterator *it;
	struct vnode *vp;
	int error = 0, e;

	vrele_flush(mp);
	vfs_vnode_iterator_init(mp, &it);
	while ((vp = vfs_vnode_iterator_next(it, flush_select, &choice)) != NULL) {
		if ((e = flush_one(vp, flags)) != 0)
			error = e;
	}
	vfs_vnode_iterator_destroy(it);
	return error;
}

/* ---------------------------------------------------------------- devices */

/*
 * Take a device's vnode away from its file system, open as it is.
 *
 * Locks: the mount is suspended by this thread; vp referenced, not locked.
 */
void
vcache_make_anon(vnode_t *vp)
{
	bool recycle;
	void *key;
	size_t keylen;

	KASSERT(vp->v_type == VBLK || vp->v_type == VCHR);
	KASSERT(fstrans_is_owner(vp->v_mount));
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	mutex_enter(vp->v_interlock);
	vstate_change(vp, VS_LOADED, VS_BLOCKED);
	mutex_exit(vp->v_interlock);

	vcache_key_hold(vp, &key, &keylen);
	cache_purge(vp);
	VOP_INACTIVE(vp, &recycle);
	if (VOP_RECLAIM(vp) != 0)
		panic("vcache_make_anon: VOP_RECLAIM of %p failed", vp);
	vcache_remove(vp);
	if (key != NULL)
		kmem_free(key, keylen);

	vp->v_op = spec_vnodeop_p;
	vp->v_tag = VT_NON;
	vp->v_vflag &= ~(VV_LOCKSWORK | VV_SYSTEM);
	vp->v_vflag |= VV_MPSAFE;
	vfs_insmntque(vp, dead_rootmount);

	mutex_enter(vp->v_interlock);
	vstate_change(vp, VS_BLOCKED, VS_LOADED);
	mutex_exit(vp->v_interlock);
}

/* A vnode of a device that is in no file system. */
static int
anonymous_device(dev_t dev, struct vnode **vpp, enum vtype type)
{
	struct vnode *vp;

	*vpp = NULL;
	if (dev == NODEV)
		return ENXIO;
	vp = vnode_alloc(dead_rootmount);
	vp->v_op = spec_vnodeop_p;
	vp->v_type = type;
	vp->v_vflag |= VV_MPSAFE;
	uvm_vnp_setsize(vp, 0);
	spec_node_init(vp, dev);
	mutex_enter(vp->v_interlock);
	vstate_change(vp, VS_LOADING, VS_LOADED);
	mutex_exit(vp->v_interlock);
	*vpp = vp;
	return 0;
}

/*
 * A new vnode of a block device: referenced, unlocked, not open.
 *
 * Returns 0, or ENXIO for NODEV.
 */
int
bdevvp(dev_t dev, struct vnode **vpp)
{

	return anonymous_device(dev, vpp, VBLK);
}

/* The same of a character device. */
int
cdevvp(dev_t dev, struct vnode **vpp)
{

	return anonymous_device(dev, vpp, VCHR);
}
