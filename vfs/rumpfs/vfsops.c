/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: the way from nodes to vnodes, and the operations of a mount.
 *
 * A vnode's key is the address of its node, which the vnode keeps alive; a
 * look-up keeps it until there is a vnode.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/statvfs.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>
#include <uvm/uvm_extern.h>

#include "etfs/etfs.h"
#include "rumpfs.h"
#include "rumpfs_boot.h"

extern const struct vnodeopv_desc * const rumpfs_opv_descs[];

/* --------------------------------------------------------- nodes and vnodes */

/* Which operations a node's vnode has. */
static int
(**operations(const struct rumpfs_node *rn))(void *)
{

	switch (rn->rn_type) {
	case VBLK:
	case VCHR:
		return rumpfs_specop_p;
	case VFIFO:
		return rumpfs_fifoop_p;
	default:
		if (rn->rn_host != NULL)
			return rumpfs_hostop_p;
		return rn == rumpfs_boottree->rt_root ? rumpfs_rootop_p :
		    rumpfs_vnodeop_p;
	}
}

/* What a vnode shows as its size. */
static off_t
size_of(const struct rumpfs_node *rn)
{

	if (rn->rn_host == NULL && rn->rn_type == VREG)
		return rn->rn_file.size;
	if (rn->rn_type == VLNK)
		return (off_t)rn->rn_link.len;
	return 0;
}

/* Make vp the vnode of rn, which it keeps. */
static void
fill_in(struct vnode *vp, struct rumpfs_node *rn)
{

	mutex_enter(&rumpfs_lock);
	rumpfs_node_hold(rn);
	mutex_exit(&rumpfs_lock);
	vp->v_tag = VT_RUMP;
	vp->v_type = rn->rn_type;
	vp->v_op = operations(rn);
	vp->v_data = rn;
	vp->v_vflag |= VV_LOCKSWORK;
	if (rn == rn->rn_tree->rt_root)
		vp->v_vflag |= VV_ROOT;
	if (rn->rn_type == VBLK || rn->rn_type == VCHR)
		spec_node_init(vp, rn->rn_rdev);
	if (rn->rn_type == VREG && rn->rn_host == NULL)
		rumpfs_data_load(vp);
	uvm_vnp_setsize(vp, size_of(rn));
	rumpfs_tell_namecache(vp);
}

static int
rumpfs_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t len, const void **newkey)
{
	struct rumpfs_node *rn;

	KASSERT(len == sizeof(rn));
	memcpy(&rn, key, sizeof(rn));
	fill_in(vp, rn);
	*newkey = &vp->v_data;
	return 0;
}

int
rumpfs_getvnode(struct rumpfs_node *rn, struct vnode **vpp)
{

	return vcache_get(rn->rn_tree->rt_mount, &rn, sizeof(rn), vpp);
}

/* What vcache_new() passes through to us. */
struct making {
	const char	*target;	/* VLNK */
};

static int
rumpfs_newvnode(struct mount *mp, struct vnode *dvp, struct vnode *vp,
    struct vattr *va, kauth_cred_t cred, void *extra, size_t *lenp,
    const void **newkey)
{
	const struct making *making = extra;
	struct rumpfs_node *rn;

	/* BSD's rule: the group is the directory's */
	rn = rumpfs_node_create(MPTORT(mp), va->va_type,
	    va->va_mode & ALLPERMS, kauth_cred_geteuid(cred), VTORN(dvp)->rn_gid);
	if (va->va_type == VBLK || va->va_type == VCHR)
		rn->rn_rdev = va->va_rdev;
	if (va->va_type == VLNK) {
		rn->rn_link.len = strlen(making->target);
		rn->rn_link.target = kmem_strdup(making->target, KM_SLEEP);
	}
	fill_in(vp, rn);
	mutex_enter(&rumpfs_lock);
	rumpfs_node_rele(rn);		/* the vnode has its own */
	mutex_exit(&rumpfs_lock);
	*newkey = &vp->v_data;
	*lenp = sizeof(rn);
	return 0;
}

/*
 * Make an object and a name for it.
 *
 * dvp  locked exclusively; the name is free or a whiteout
 * vpp  out: referenced, not locked; NULL on error
 */
int
rumpfs_newvnode_at(struct vnode *dvp, struct componentname *cnp,
    struct vattr *va, const char *target, struct vnode **vpp)
{
	struct making making = { .target = target };
	struct rumpfs_node *dir = VTORN(dvp);
	struct rumpfs_dirent *rd, *old;
	int error;

	error = vcache_new(dvp->v_mount, dvp, va, cnp->cn_cred, &making, vpp);
	if (error != 0)
		return error;
	rd = rumpfs_dirent_create(cnp->cn_nameptr, cnp->cn_namelen);
	mutex_enter(&rumpfs_lock);
	old = rumpfs_dir_find(dir, cnp->cn_nameptr, cnp->cn_namelen);
	/* a component may have made the name without the vnode lock */
	if (old != NULL && old->rd_node != NULL)
		error = EEXIST;
	if (error == 0 && old != NULL)
		rumpfs_dir_detach(dir, old);
	if (error == 0)
		rumpfs_dir_attach(dir, rd, VTORN(*vpp));
	mutex_exit(&rumpfs_lock);
	if (error != 0) {
		rumpfs_dirent_free(rd);
		vrele(*vpp);
		*vpp = NULL;
		return error;
	}
	rumpfs_touch_changed(dir, true);
	cache_enter(dvp, *vpp, cnp->cn_nameptr, cnp->cn_namelen,
	    cnp->cn_flags);
	return 0;
}

/* Nobody uses the vnode.  Only what has a name can be found again. */
int
rumpfs_inactive(void *v)
{
	struct vop_inactive_v2_args *ap = v;
	struct rumpfs_node *rn = VTORN(ap->a_vp);

	mutex_enter(&rumpfs_lock);
	*ap->a_recycle = rn->rn_host == NULL && rn != rn->rn_tree->rt_root &&
	    (rn->rn_type == VDIR ? rn->rn_dir.parent == NULL :
	    rn->rn_links == 0);
	mutex_exit(&rumpfs_lock);
	return 0;
}

int
rumpfs_reclaim(void *v)
{
	struct vop_reclaim_v2_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct rumpfs_node *rn = VTORN(vp);

	VOP_UNLOCK(vp);
	vp->v_data = NULL;
	mutex_enter(&rumpfs_lock);
	rumpfs_node_rele(rn);
	mutex_exit(&rumpfs_lock);
	return 0;
}

/* ------------------------------------------------------------------ VFS_* */

static int
rumpfs_vfs_start(struct mount *mp, int flags)
{

	return 0;
}

static int
rumpfs_vfs_root(struct mount *mp, int lktype, struct vnode **vpp)
{
	int error;

	if ((error = rumpfs_getvnode(MPTORT(mp)->rt_root, vpp)) != 0)
		return error;
	if (lktype != LK_NONE && (error = vn_lock(*vpp, lktype)) != 0) {
		vrele(*vpp);
		*vpp = NULL;
	}
	return error;
}

static int
rumpfs_vfs_sync(struct mount *mp, int waitfor, struct kauth_cred *cred)
{

	return 0;
}

/*
 * Is it in a directory?  A node that is just being made is not, and has a vnode
 * on its way; nor is one that was removed.  rumpfs_lock held.
 */
static bool
has_name(const struct rumpfs_node *rn)
{

	if (rn->rn_host != NULL)
		return true;
	return rn->rn_type == VDIR ? rn->rn_dir.parent != NULL :
	    rn->rn_links > 0;
}

static int
rumpfs_vfs_vget(struct mount *mp, ino_t ino, int lktype, struct vnode **vpp)
{
	struct rumpfs_node *rn;
	int error;

	*vpp = NULL;
	mutex_enter(&rumpfs_lock);
	rn = rumpfs_node_find(MPTORT(mp), ino);
	if (rn != NULL && has_name(rn))
		rumpfs_node_hold(rn);
	else
		rn = NULL;
	mutex_exit(&rumpfs_lock);
	if (rn == NULL)
		return ESTALE;
	error = rumpfs_getvnode(rn, vpp);
	mutex_enter(&rumpfs_lock);
	rumpfs_node_rele(rn);
	mutex_exit(&rumpfs_lock);
	if (error == 0 && lktype != LK_NONE &&
	    (error = vn_lock(*vpp, lktype)) != 0) {
		vrele(*vpp);
		*vpp = NULL;
	}
	return error;
}

/* A file handle: the number is never used again, so it needs no generation. */
struct rumpfs_fid {
	struct fid	rf_fid;
	uint32_t	rf_fileid[2];
};

static int
rumpfs_vfs_fhtovp(struct mount *mp, struct fid *fid, int lktype,
    struct vnode **vpp)
{
	struct rumpfs_fid rf;

	*vpp = NULL;
	if (fid->fid_len != sizeof(rf))
		return EINVAL;
	memcpy(&rf, fid, sizeof(rf));
	return rumpfs_vfs_vget(mp,
	    (ino_t)rf.rf_fileid[0] << 32 | rf.rf_fileid[1], lktype, vpp);
}

static int
rumpfs_vfs_vptofh(struct vnode *vp, struct fid *fid, size_t *lenp)
{
	const ino_t fileid = VTORN(vp)->rn_fileid;
	struct rumpfs_fid rf = {
		.rf_fid = { .fid_len = sizeof(rf) },
		.rf_fileid = { (uint32_t)(fileid >> 32), (uint32_t)fileid },
	};
	const size_t room = *lenp;

	*lenp = sizeof(rf);
	if (fid == NULL || room < sizeof(rf))
		return E2BIG;
	memcpy(fid, &rf, sizeof(rf));
	return 0;
}

static void
rumpfs_vfs_init(void)
{
}

static void
rumpfs_vfs_done(void)
{
}

static struct vfsops rumpfs_vfsops = {
	.vfs_name = MOUNT_RUMPFS,
	.vfs_min_mount_data = 0,
	.vfs_mount = rumpfs_vfs_mount,
	.vfs_start = rumpfs_vfs_start,
	.vfs_unmount = rumpfs_vfs_unmount,
	.vfs_root = rumpfs_vfs_root,
	.vfs_statvfs = genfs_statvfs,
	.vfs_sync = rumpfs_vfs_sync,
	.vfs_vget = rumpfs_vfs_vget,
	.vfs_loadvnode = rumpfs_loadvnode,
	.vfs_newvnode = rumpfs_newvnode,
	.vfs_fhtovp = rumpfs_vfs_fhtovp,
	.vfs_vptofh = rumpfs_vfs_vptofh,
	.vfs_init = rumpfs_vfs_init,
	.vfs_done = rumpfs_vfs_done,
	.vfs_extattrctl = vfs_stdextattrctl,
	.vfs_suspendctl = genfs_suspendctl,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,
	.vfs_opv_descs = rumpfs_opv_descs,
};

/* ------------------------------------------------------------------- boot */

/* Make the root file system, and what everybody expects in it. */
void
rumpfs_boot(void)
{

	mutex_init(&rumpfs_lock, MUTEX_DEFAULT, IPL_NONE);
	if (vfs_attach(&rumpfs_vfsops) != 0)
		panic("rumpfs: cannot attach");
	rumpfs_mount_boot();
	if (rumpfs_vfs_root(rumpfs_boottree->rt_mount, LK_NONE,
	    &rootvnode) != 0)
		panic("rumpfs: no root");
	rumpfs_make_boot();
}
