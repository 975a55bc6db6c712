/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What programs and file servers ask the faction for (rump_pub_*): the
 * functions behind the generated wrappers, which enter and leave the kernel.
 *
 * The interface is include/rump/vfs_if.tab.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/systm.h>
#include <sys/vnode_impl.h>

#include <miscfs/specfs/specdev.h>
#include <rump-private/vfs_if.h>

#include "mount_impl.h"

static const enum vtype kernel_types[] = {
	[RUMP_VNON] = VNON, [RUMP_VREG] = VREG, [RUMP_VDIR] = VDIR,
	[RUMP_VBLK] = VBLK, [RUMP_VCHR] = VCHR, [RUMP_VLNK] = VLNK,
	[RUMP_VSOCK] = VSOCK, [RUMP_VFIFO] = VFIFO, [RUMP_VBAD] = VBAD,
};
static const enum rump_vtype public_types[] = {
	[VNON] = RUMP_VNON, [VREG] = RUMP_VREG, [VDIR] = RUMP_VDIR,
	[VBLK] = RUMP_VBLK, [VCHR] = RUMP_VCHR, [VLNK] = RUMP_VLNK,
	[VSOCK] = RUMP_VSOCK, [VFIFO] = RUMP_VFIFO, [VBAD] = RUMP_VBAD,
};

/* ------------------------------------------------------------------- vnodes */

/* What a vnode is; dev is set for devices only. */
void
rump_getvninfo(struct vnode *vp, enum rump_vtype *type, off_t *size, dev_t *dev)
{

	*type = public_types[vp->v_type];
	*size = vp->v_size;
	if (vp->v_type == VBLK || vp->v_type == VCHR)
		*dev = vp->v_rdev;
}

void
rump_vp_incref(struct vnode *vp)
{

	vref(vp);
}

/* A reference where there may be none: 0, or ENOENT. */
int
rump_vp_getref(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	return vcache_vget(vp);
}

void
rump_vp_rele(struct vnode *vp)
{

	vrele(vp);
}

/* Take the interlock, as VOP_PUTPAGES and others once wanted it. */
void
rump_vp_interlock(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
}

void
rump_vp_vmobjlock(struct vnode *vp, int write)
{

	rw_enter(vp->v_uobj.vmobjlock, write ? RW_WRITER : RW_READER);
}

/* --------------------------------------------------------------- attributes */

struct vattr *
rump_vattr_init(void)
{
	struct vattr *va = kmem_alloc(sizeof(*va), KM_SLEEP);

	vattr_null(va);
	return va;
}

void
rump_vattr_settype(struct vattr *va, enum rump_vtype type)
{

	va->va_type = kernel_types[type];
}

void
rump_vattr_setmode(struct vattr *va, mode_t mode)
{

	va->va_mode = mode;
}

void
rump_vattr_setrdev(struct vattr *va, dev_t dev)
{

	va->va_rdev = dev;
}

void
rump_vattr_free(struct vattr *va)
{

	kmem_free(va, sizeof(*va));
}

/* -------------------------------------------------------------------- names */

/* The component of a caller, with a copy of the name behind it. */
struct owncn {
	struct componentname cn;	/* first: the caller has its address */
	size_t		size;
	char		name[];
};

/* A component by hand; cred is held until it is freed. */
struct componentname *
rump_makecn(u_long nameiop, u_long flags, const char *name, size_t namelen,
    struct kauth_cred *cred, struct lwp *l)
{
	const size_t size = sizeof(struct owncn) + namelen + 1;
	struct owncn *own = kmem_zalloc(size, KM_SLEEP);

	own->size = size;
	memcpy(own->name, name, namelen);
	own->cn.cn_nameiop = (uint32_t)nameiop;
	own->cn.cn_flags = (uint32_t)flags;
	own->cn.cn_nameptr = own->name;
	own->cn.cn_namelen = namelen;
	own->cn.cn_cred = cred;
	kauth_cred_hold(cred);
	return &own->cn;
}

/* flags: RUMPCN_FREECRED: the caller's reference to the credential goes, too */
void
rump_freecn(struct componentname *cnp, int flags)
{
	struct owncn *own = (struct owncn *)cnp;

	if ((flags & RUMPCN_FREECRED) != 0)
		kauth_cred_free(cnp->cn_cred);
	kauth_cred_free(cnp->cn_cred);
	kmem_free(own, own->size);
}

/*
 * Look a path up.
 *
 * dvpp   out: the directory; wanted if, and only if, flags has LOCKPARENT
 * vpp    out: the object; NULL: not wanted
 * cnpp   out: the last component, to be freed; NULL: not wanted
 */
int
rump_namei(uint32_t op, uint32_t flags, const char *path, struct vnode **dvpp,
    struct vnode **vpp, struct componentname **cnpp)
{
	struct pathbuf *pb = pathbuf_create(path);
	struct nameidata nd;
	int error;

	KASSERT((dvpp != NULL) == ((flags & LOCKPARENT) != 0));
	NDINIT(&nd, op, flags, pb);
	if ((error = namei(&nd)) != 0) {
		pathbuf_destroy(pb);
		return error;
	}
	if (dvpp != NULL)
		*dvpp = nd.ni_dvp;
	if (vpp != NULL)
		*vpp = nd.ni_vp;
	else if (nd.ni_vp != NULL && (flags & LOCKLEAF) != 0)
		vput(nd.ni_vp);
	else if (nd.ni_vp != NULL)
		vrele(nd.ni_vp);
	if (cnpp != NULL)
		*cnpp = rump_makecn(nd.ni_cnd.cn_nameiop, nd.ni_cnd.cn_flags,
		    nd.ni_cnd.cn_nameptr, nd.ni_cnd.cn_namelen,
		    nd.ni_cnd.cn_cred, curlwp);
	pathbuf_destroy(pb);
	return 0;
}

/* ------------------------------------------------------------ file systems */

struct vfsops *
rump_vfslist_iterate(struct vfsops *ops)
{
	struct vfsops *next;

	mutex_enter(&vfs_list_lock);
	next = ops == NULL ? LIST_FIRST(&vfs_list) : LIST_NEXT(ops, vfs_list);
	mutex_exit(&vfs_list_lock);
	return next;
}

struct vfsops *
rump_vfs_getopsbyname(const char *name)
{

	return vfs_getopsbyname(name);
}

/* The mount that a path is in; nothing keeps it. */
int
rump_vfs_getmp(const char *path, struct mount **mpp)
{
	struct vnode *vp;
	int error;

	error = namei_simple_kernel(path, NSM_FOLLOW_TRYEMULROOT, &vp);
	if (error != 0)
		return error;
	*mpp = vp->v_mount;
	vrele(vp);
	return 0;
}

int
rump_vfs_extattrctl(struct mount *mp, int cmd, struct vnode *backing,
    int space, const char *name)
{

	return VFS_EXTATTRCTL(mp, cmd, backing, space, name);
}

int
rump_vfs_fhtovp(struct mount *mp, struct fid *handle, struct vnode **vpp)
{
	const int how = LK_EXCLUSIVE;

	return VFS_FHTOVP(mp, handle, how, vpp);
}

int
rump_vfs_unmount(struct mount *mp, int flags)
{

	return VFS_UNMOUNT(mp, flags);
}

/* lock: the root is returned locked exclusively */
int
rump_vfs_root(struct mount *mp, struct vnode **vpp, int lock)
{

	return VFS_ROOT(mp, lock ? LK_EXCLUSIVE : LK_NONE, vpp);
}

int
rump_vfs_statvfs(struct mount *mp, struct statvfs *sb)
{

	return VFS_STATVFS(mp, sb);
}

int
rump_vfs_sync(struct mount *mp, int how, struct kauth_cred *who)
{

	if (who == NULL)
		who = NOCRED;
	return VFS_SYNC(mp, how, who);
}

int
rump_vfs_vptofh(struct vnode *vp, struct fid *handle, size_t *size)
{

	return VFS_VPTOFH(vp, handle, size);
}

static void
wait_for_writes(struct vnode *vp)
{

	mutex_enter(vp->v_interlock);
	while (vp->v_numoutput != 0)
		cv_wait(&vp->v_cv, vp->v_interlock);
	mutex_exit(vp->v_interlock);
}

/* Wait until the writes that are under way for a mount's vnodes are done. */
void
rump_vfs_syncwait(struct mount *mp)
{
	struct vnode_iterator *it;
	struct vnode *vp;

	vfs_vnode_iterator_init(mp, &it);
	for (;;) {
		if ((vp = vfs_vnode_iterator_next(it, NULL, NULL)) == NULL)
			break;
		wait_for_writes(vp);
		vrele(vp);
	}
	vfs_vnode_iterator_destroy(it);
}

/* For debugging: a mount, and with full its vnodes, on the console. */
void
rump_vfs_mount_print(const char *path, int full)
{
	struct vnode_iterator *it;
	struct vnode *vp;
	struct mount *mp;

	if (namei_simple_kernel(path, NSM_FOLLOW_TRYEMULROOT, &vp) != 0)
		return;
	mp = vnode_fstrans_start(vp);
	vrele(vp);
	printf("mount %p: %s on %s from %s, flags %#x %#x, references %d\n", mp,
	    mp->mnt_stat.f_fstypename, mp->mnt_stat.f_mntonname,
	    mp->mnt_stat.f_mntfromname,
	    atomic_load_relaxed(&mp->mnt_flag),
	    atomic_load_relaxed(&mp->mnt_iflag),
	    mp->mnt_refcnt);
	if (full) {
		vfs_vnode_iterator_init(mp, &it);
		while ((vp = vfs_vnode_iterator_next(it, NULL, NULL)) != NULL) {
			vprint("mount_print", vp);
			vrele(vp);
		}
		vfs_vnode_iterator_destroy(it);
	}
	fstrans_done(mp);
}
