/* SPDX-License-Identifier: BSD-2-Clause */
/* blockfs, see blockfs.h. */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/device.h>
#include <sys/dirent.h>
#include <sys/dkio.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/genfs/genfs_node.h>
#include <miscfs/specfs/specdev.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_pager.h>

#include "blockfs.h"

MODULE(MODULE_CLASS_VFS, blockfs, NULL);

VFS_PROTOS(blockfs);

#define ROOT_INO	1
#define FIRST_INO	2
#define MAX_BLOCKS	(BLOCKFS_MAXFILE >> DEV_BSHIFT)
#define DEV_BLOCKS	(8 * MAX_BLOCKS)	/* of the device, at most */

/* What a real one has on disk. */
static struct {
	off_t	size;
	int	blocks[MAX_BLOCKS];	/* 0: a hole; else device block */
} inodes[BLOCKFS_FILES];
static uint8_t used[DEV_BLOCKS];
static unsigned int nused, scatter;
static kmutex_t blocks_lock;

struct bnode {
	struct genfs_node bn_genfs;
	uint64_t	bn_ino;
};

struct bmount {
	struct vnode	*bm_devvp;
	u_int		bm_mode;
	u_int		bm_nblocks;
	int		bm_access;	/* FREAD, FWRITE: how the device is open */
};

static int (**blockfs_vnodeop_p)(void *);

#define VTOB(vp)	((struct bnode *)(vp)->v_data)
#define VTOI(vp)	(&inodes[VTOB(vp)->bn_ino - FIRST_INO])
#define MTOB(mp)	((struct bmount *)(mp)->mnt_data)

void
rump_blockfs_reset(void)
{

	memset(inodes, 0, sizeof(inodes));
	memset(used, 0, sizeof(used));
	nused = scatter = 0;
}

unsigned int
rump_blockfs_used(void)
{

	return nused;
}

unsigned int
rump_blockfs_pages(const char *dir)
{
	struct vnode_iterator *marker;
	unsigned int n = 0;
	struct vnode *vp;

	if (namei_simple_kernel(dir, NSM_FOLLOW_NOEMULROOT, &vp) != 0)
		return 0;
	vfs_vnode_iterator_init(vp->v_mount, &marker);
	vrele(vp);
	while ((vp = vfs_vnode_iterator_next(marker, NULL, NULL)) != NULL) {
		n += (unsigned int)vp->v_uobj.uo_npages;
		vrele(vp);
	}
	vfs_vnode_iterator_destroy(marker);
	return n;
}

/* ----------------------------------------------------------------- blocks */

static int
block_alloc(struct mount *mp)
{
	u_int i, n = MTOB(mp)->bm_nblocks;
	int block = 0;

	mutex_enter(&blocks_lock);
	for (i = 1; i < 2 * n && block == 0; i++) {
		/* mostly the next one, sometimes elsewhere */
		scatter += (scatter % 7) == 3 ? 31 : 1;
		if (scatter % n != 0 && !used[scatter % n]) {
			block = scatter % n;
			used[block] = 1;
			nused++;
		}
	}
	mutex_exit(&blocks_lock);
	return block;
}

static void
block_free(int *block)
{

	if (*block == 0)
		return;
	mutex_enter(&blocks_lock);
	used[*block] = 0;
	nused--;
	mutex_exit(&blocks_lock);
	atomic_store_relaxed(block, 0);
}

/* Blocks for a range.  Node locked as writer. */
static int
alloc_range(struct vnode *vp, off_t off, off_t len)
{
	int shift = vp->v_mount->mnt_fs_bshift;
	int *block, new;
	off_t bn;

	for (bn = off >> shift; bn <= (off + len - 1) >> shift; bn++) {
		block = &VTOI(vp)->blocks[bn];
		if (*block != 0)
			continue;
		if ((new = block_alloc(vp->v_mount)) == 0)
			return ENOSPC;
		/* VOP_BMAP looks further than what it was asked for */
		atomic_store_relaxed(block, new);
	}
	return 0;
}

static int
blockfs_gop_alloc(struct vnode *vp, off_t off, off_t len, int flags,
    struct kauth_cred *cred)
{

	KASSERT(genfs_node_wrlocked(vp));
	return alloc_range(vp, off, len);
}

static const struct genfs_ops blockfs_genfsops = {
	.gop_size = genfs_size,
	.gop_alloc = blockfs_gop_alloc,
	.gop_write = genfs_gop_write,
	.gop_putrange = genfs_gop_putrange,
};

/* ------------------------------------------------------- vnode operations */

static int
blockfs_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;
	struct componentname *cnp = ap->a_cnp;
	uint64_t ino = 0;

	*ap->a_vpp = NULL;
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		vref(ap->a_dvp);
		*ap->a_vpp = ap->a_dvp;
		return 0;
	}
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] >= 'a' &&
	    cnp->cn_nameptr[0] < 'a' + BLOCKFS_FILES)
		ino = FIRST_INO + cnp->cn_nameptr[0] - 'a';
	if (ino == 0)
		return cnp->cn_nameiop == CREATE &&
		    (cnp->cn_flags & ISLASTCN) != 0 ? EROFS : ENOENT;
	return vcache_get(ap->a_dvp->v_mount, &ino, sizeof(ino), ap->a_vpp);
}

static int
blockfs_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	struct vattr *vap = ap->a_vap;

	vattr_null(vap);
	vap->va_type = ap->a_vp->v_type;
	vap->va_mode = S_IRWXU;
	vap->va_nlink = 1;
	vap->va_uid = vap->va_gid = 0;
	vap->va_fsid = ap->a_vp->v_mount->mnt_stat.f_fsidx.__fsid_val[0];
	vap->va_fileid = VTOB(ap->a_vp)->bn_ino;
	vap->va_size = ap->a_vp->v_size;
	vap->va_blocksize = 1 << ap->a_vp->v_mount->mnt_fs_bshift;
	vap->va_bytes = vap->va_size;
	vap->va_gen = 1;
	vap->va_flags = 0;
	return 0;
}

/* Clear what a longer file shows of blocks that were past its end. */
static void
clear_tail(struct vnode *vp, off_t newsize)
{
	off_t bsize = (off_t)1 << vp->v_mount->mnt_fs_bshift;
	off_t old = vp->v_size, end;

	end = MIN(newsize, roundup(old, MAX(bsize, PAGE_SIZE)));
	if (end > old)
		ubc_zerorange(&vp->v_uobj, old, end - old, 0);
}

static void
truncate(struct vnode *vp, off_t size)
{
	int shift = vp->v_mount->mnt_fs_bshift;
	off_t bn;

	if (size >= vp->v_size) {
		uvm_vnp_setwritesize(vp, size);
		clear_tail(vp, size);
		uvm_vnp_setsize(vp, size);
		VTOI(vp)->size = size;
		return;
	}
	uvm_vnp_setsize(vp, size);
	genfs_node_wrlock(vp);
	VTOI(vp)->size = size;
	for (bn = howmany(size, (off_t)1 << shift); bn < MAX_BLOCKS; bn++)
		block_free(&VTOI(vp)->blocks[bn]);
	genfs_node_unlock(vp);
}

static int
blockfs_setattr(void *v)
{
	struct vop_setattr_args *ap = v;
	struct vattr *vap = ap->a_vap;

	if (vap->va_size == VNOVALSIZE)
		return 0;
	if (ap->a_vp->v_type != VREG)
		return EISDIR;
	if (vap->va_size > BLOCKFS_MAXFILE)
		return EFBIG;
	truncate(ap->a_vp, vap->va_size);
	return 0;
}

static int
blockfs_read(void *v)
{
	struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	size_t n = ap->a_uio->uio_resid;
	off_t off = ap->a_uio->uio_offset;

	if (off < 0 || vp->v_type != VREG)
		return off < 0 ? EINVAL : EISDIR;
	n = off < vp->v_size ? MIN(n, (size_t)(vp->v_size - off)) : 0;
	return n == 0 ? 0 : ubc_uiomove(&vp->v_uobj, ap->a_uio, n,
	    IO_ADV_DECODE(ap->a_ioflag),
	    UBC_READ | UBC_PARTIALOK | UBC_VNODE_FLAGS(vp));
}

/*
 * A block for a write of [off, end).  What the write does not cover of a new one
 * is cleared; what was there before is nobody's business.
 */
static int
prepare_block(struct vnode *vp, off_t bn, off_t off, off_t end)
{
	off_t bsize = (off_t)1 << vp->v_mount->mnt_fs_bshift;
	off_t start = bn * bsize, past = start + bsize;
	int error;

	if (VTOI(vp)->blocks[bn] != 0)
		return 0;
	genfs_node_wrlock(vp);
	error = alloc_range(vp, start, bsize);
	genfs_node_unlock(vp);
	if (error == 0 && start < off)
		ubc_zerorange(&vp->v_uobj, start, off - start, 0);
	if (error == 0 && past > end && end < vp->v_size)
		ubc_zerorange(&vp->v_uobj, end, MIN(past, vp->v_size) - end,
		    0);
	return error;
}

/* Give a write its blocks, as the mount's mode says. */
static int
prepare(struct vnode *vp, off_t off, off_t len, int *ubcflags)
{
	int error = 0, shift = vp->v_mount->mnt_fs_bshift;
	u_int mode = MTOB(vp->v_mount)->bm_mode;
	off_t bn;

	*ubcflags = UBC_WRITE | UBC_VNODE_FLAGS(vp);
	/* the page cache knows holes by the page */
	if (mode == BLOCKFS_FAULT && shift >= PAGE_SHIFT)
		return 0;
	for (bn = off >> shift; bn <= (off + len - 1) >> shift && error == 0;
	    bn++)
		error = prepare_block(vp, bn, off, off + len);
	/* nobody has seen whole pages past the end */
	if (mode == BLOCKFS_BUSY && off >= round_page(vp->v_size))
		*ubcflags |= UBC_FAULTBUSY;
	return error;
}

static int
blockfs_write(void *v)
{
	struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uio *uio = ap->a_uio;
	off_t old = vp->v_size, off, end;
	int error, error1, ubcflags;

	if ((ap->a_ioflag & IO_APPEND) != 0)
		uio->uio_offset = old;
	off = uio->uio_offset;
	end = off + uio->uio_resid;
	if (off < 0 || end > BLOCKFS_MAXFILE)
		return off < 0 ? EINVAL : EFBIG;
	if (uio->uio_resid == 0)
		return 0;
	if (end > old) {
		uvm_vnp_setwritesize(vp, end);
		clear_tail(vp, off);
	}
	error = prepare(vp, off, uio->uio_resid, &ubcflags);
	if (error == 0)
		error = ubc_uiomove(&vp->v_uobj, uio, uio->uio_resid,
		    IO_ADV_DECODE(ap->a_ioflag), ubcflags);
	if (end > old) {
		uvm_vnp_setsize(vp, MAX(old, uio->uio_offset));
		VTOI(vp)->size = vp->v_size;
	}
	if (error == 0 && (ap->a_ioflag & IO_SYNC) != 0) {
		rw_enter(vp->v_uobj.vmobjlock, RW_WRITER);
		error1 = VOP_PUTPAGES(vp, trunc_page(off), round_page(end),
		    PGO_CLEANIT | PGO_SYNCIO);
		error = error1;
	}
	return error;
}

static int
blockfs_fsync(void *v)
{
	struct vop_fsync_args *ap = v;
	int error, on = 1;

	error = vflushbuf(ap->a_vp, ap->a_flags);
	if (error == 0 && (ap->a_flags & FSYNC_CACHE) != 0)
		error = VOP_IOCTL(MTOB(ap->a_vp->v_mount)->bm_devvp,
		    DIOCCACHESYNC, &on, FWRITE, curlwp->l_cred);
	return error;
}

static int
blockfs_inactive(void *v)
{
	struct vop_inactive_v2_args *ap = v;

	*ap->a_recycle = false;
	return 0;
}

static int
blockfs_reclaim(void *v)
{
	struct vop_reclaim_v2_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct bnode *bn = VTOB(vp);

	VOP_UNLOCK(vp);
	genfs_node_destroy(vp);
	vp->v_data = NULL;
	kmem_free(bn, sizeof(*bn));
	return 0;
}

static int
blockfs_bmap(void *v)
{
	struct vop_bmap_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int shift = vp->v_mount->mnt_fs_bshift - DEV_BSHIFT, n, run = 0;
	const int *blocks = VTOI(vp)->blocks;

	if (ap->a_vpp != NULL)
		*ap->a_vpp = MTOB(vp->v_mount)->bm_devvp;
	if (ap->a_bnp == NULL)
		return 0;
	n = atomic_load_relaxed(&blocks[ap->a_bn]);
	*ap->a_bnp = n == 0 ? -1 : (daddr_t)n << shift;
	while (n != 0 && ap->a_bn + run + 1 < MAX_BLOCKS &&
	    atomic_load_relaxed(&blocks[ap->a_bn + run + 1]) == n + run + 1)
		run++;
	if (ap->a_runp != NULL)
		*ap->a_runp = run;
	return 0;
}

static int
blockfs_strategy(void *v)
{
	struct vop_strategy_args *ap = v;

	ap->a_bp->b_error = EIO;
	ap->a_bp->b_resid = ap->a_bp->b_bcount;
	biodone(ap->a_bp);
	return EIO;
}

static int
blockfs_access(void *v)
{
	struct vop_access_args *ap = v;

	return (ap->a_accmode & VWRITE) != 0 && ap->a_vp->v_type == VREG &&
	    (atomic_load_relaxed(&ap->a_vp->v_mount->mnt_flag) & MNT_RDONLY) != 0 ? EROFS : 0;
}

static const struct vnodeopv_entry_desc blockfs_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_parsepath_desc, genfs_parsepath },
	{ &vop_lookup_desc, blockfs_lookup },
	{ &vop_create_desc, genfs_eopnotsupp },
	{ &vop_mknod_desc, genfs_eopnotsupp },
	{ &vop_mkdir_desc, genfs_eopnotsupp },
	{ &vop_symlink_desc, genfs_eopnotsupp },
	{ &vop_remove_desc, genfs_eopnotsupp },
	{ &vop_rmdir_desc, genfs_eopnotsupp },
	{ &vop_link_desc, genfs_eopnotsupp },
	{ &vop_rename_desc, genfs_eopnotsupp },
	{ &vop_open_desc, genfs_nullop },
	{ &vop_close_desc, genfs_nullop },
	{ &vop_access_desc, blockfs_access },
	{ &vop_accessx_desc, genfs_accessx },
	{ &vop_getattr_desc, blockfs_getattr },
	{ &vop_setattr_desc, blockfs_setattr },
	{ &vop_read_desc, blockfs_read },
	{ &vop_write_desc, blockfs_write },
	{ &vop_fcntl_desc, genfs_fcntl },
	{ &vop_ioctl_desc, genfs_enoioctl },
	{ &vop_poll_desc, genfs_poll },
	{ &vop_kqfilter_desc, genfs_kqfilter },
	{ &vop_fsync_desc, blockfs_fsync },
	{ &vop_seek_desc, genfs_seek },
	{ &vop_mmap_desc, genfs_mmap },
	{ &vop_revoke_desc, genfs_revoke },
	{ &vop_abortop_desc, genfs_abortop },
	{ &vop_inactive_desc, blockfs_inactive },
	{ &vop_reclaim_desc, blockfs_reclaim },
	{ &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock },
	{ &vop_islocked_desc, genfs_islocked },
	{ &vop_bmap_desc, blockfs_bmap },
	{ &vop_strategy_desc, blockfs_strategy },
	{ &vop_print_desc, genfs_nullop },
	{ &vop_pathconf_desc, genfs_pathconf },
	{ &vop_advlock_desc, genfs_einval },
	{ &vop_bwrite_desc, vn_bwrite },
	{ &vop_getpages_desc, genfs_getpages },
	{ &vop_putpages_desc, genfs_putpages },
	{ NULL, NULL }
};

static const struct vnodeopv_desc blockfs_vnodeop_opv_desc =
	{ &blockfs_vnodeop_p, blockfs_vnodeop_entries };

/* --------------------------------------------------------- VFS operations */

static int
mount_device(struct mount *mp, struct vnode *devvp,
    const struct blockfs_args *args)
{
	int error, access = FREAD;
	unsigned int secsize;
	struct bmount *bm;
	uint64_t sectors;

	if ((mp->mnt_flag & MNT_RDONLY) == 0)
		access |= FWRITE;
	vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
	error = VOP_OPEN(devvp, access, FSCRED);
	VOP_UNLOCK(devvp);
	if (error != 0)
		return error;
	error = getdisksize(devvp, &sectors, &secsize);
	if (error != 0) {
		vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
		(void)VOP_CLOSE(devvp, access, NOCRED);
		VOP_UNLOCK(devvp);
		return error;
	}
	bm = kmem_zalloc(sizeof(*bm), KM_SLEEP);
	bm->bm_devvp = devvp;
	bm->bm_access = access;
	bm->bm_mode = args->mode;
	bm->bm_nblocks = MIN(sectors * secsize >> args->bshift, DEV_BLOCKS);
	mp->mnt_data = bm;
	mp->mnt_stat.f_fsidx.__fsid_val[0] = (int32_t)devvp->v_rdev;
	mp->mnt_stat.f_fsidx.__fsid_val[1] = makefstype("blockfs");
	mp->mnt_stat.f_fsid = mp->mnt_stat.f_fsidx.__fsid_val[0];
	mp->mnt_stat.f_namemax = 1;
	mp->mnt_dev_bshift = DEV_BSHIFT;
	mp->mnt_fs_bshift = args->bshift;
	mp->mnt_flag |= MNT_LOCAL;
	mp->mnt_iflag |= IMNT_MPSAFE;
	spec_node_setmountedfs(devvp, mp);
	return 0;
}

int
blockfs_mount(struct mount *mp, const char *path, void *data, size_t *len)
{
	struct blockfs_args *args = data;
	struct vnode *devvp;
	int error;

	if (args == NULL || *len < sizeof(*args) ||
	    (mp->mnt_flag & (MNT_GETARGS | MNT_UPDATE)) != 0 ||
	    args->bshift < DEV_BSHIFT || args->bshift > 16)
		return EINVAL;
	error = namei_simple_user(args->fspec, NSM_FOLLOW_NOEMULROOT, &devvp);
	if (error != 0)
		return error;
	error = set_statvfs_info(path, UIO_USERSPACE, args->fspec,
	    UIO_USERSPACE, mp->mnt_op->vfs_name, mp, curlwp);
	if (error == 0)
		error = mount_device(mp, devvp, args);
	if (error != 0)
		vrele(devvp);
	return error;
}

int
blockfs_start(struct mount *mp, int flags)
{

	return 0;
}

int
blockfs_unmount(struct mount *mp, int flags)
{
	struct bmount *bm = MTOB(mp);
	int error;

	error = vflush(mp, NULLVP, (flags & MNT_FORCE) != 0 ? FORCECLOSE : 0);
	if (error != 0)
		return error;
	spec_node_setmountedfs(bm->bm_devvp, NULL);
	vn_lock(bm->bm_devvp, LK_EXCLUSIVE | LK_RETRY);
	(void)VOP_CLOSE(bm->bm_devvp, bm->bm_access, NOCRED);
	vput(bm->bm_devvp);
	kmem_free(bm, sizeof(*bm));
	mp->mnt_data = NULL;
	mp->mnt_flag &= ~MNT_LOCAL;
	return 0;
}

int
blockfs_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t keylen, const void **newkey)
{
	struct bnode *bn;
	uint64_t ino;

	memcpy(&ino, key, sizeof(ino));
	bn = kmem_zalloc(sizeof(*bn), KM_SLEEP);
	bn->bn_ino = ino;
	vp->v_tag = VT_NON;
	vp->v_type = ino == ROOT_INO ? VDIR : VREG;
	vp->v_op = blockfs_vnodeop_p;
	vp->v_data = bn;
	if (ino == ROOT_INO)
		vp->v_vflag |= VV_ROOT;
	genfs_node_init(vp, &blockfs_genfsops);
	uvm_vnp_setsize(vp, ino == ROOT_INO ? 0 : VTOI(vp)->size);
	*newkey = &bn->bn_ino;
	return 0;
}

int
blockfs_root(struct mount *mp, int lktype, struct vnode **vpp)
{
	uint64_t ino = ROOT_INO;
	int error;

	error = vcache_get(mp, &ino, sizeof(ino), vpp);
	if (error == 0 && lktype != LK_NONE &&
	    (error = vn_lock(*vpp, lktype)) != 0) {
		vrele(*vpp);
		*vpp = NULL;
	}
	return error;
}

int
blockfs_statvfs(struct mount *mp, struct statvfs *sb)
{

	return genfs_statvfs(mp, sb);
}

static bool
any_vnode(void *cookie, struct vnode *vp)
{

	return vp->v_type == VREG;
}

int
blockfs_sync(struct mount *mp, int waitfor, kauth_cred_t cred)
{
	struct vnode_iterator *it;
	struct vnode *vp;
	int error = 0, error1;

	vfs_vnode_iterator_init(mp, &it);
	while ((vp = vfs_vnode_iterator_next(it, any_vnode, NULL)) != NULL) {
		if (vn_lock(vp, LK_EXCLUSIVE | (waitfor == MNT_WAIT ? 0 :
		    LK_NOWAIT)) != 0) {
			vrele(vp);
			continue;
		}
		error1 = VOP_FSYNC(vp, cred, waitfor == MNT_WAIT ?
		    FSYNC_WAIT : waitfor == MNT_LAZY ? FSYNC_LAZY : 0, 0, 0);
		if (error == 0)
			error = error1;
		vput(vp);
	}
	vfs_vnode_iterator_destroy(it);
	return error;
}

void
blockfs_init(void)
{

	mutex_init(&blocks_lock, MUTEX_DEFAULT, IPL_NONE);
}

void
blockfs_done(void)
{

	mutex_destroy(&blocks_lock);
}

static const struct vnodeopv_desc *const blockfs_opv_descs[] = {
	&blockfs_vnodeop_opv_desc,
	NULL
};

static struct vfsops blockfs_vfsops = {
	.vfs_name = "blockfs",
	.vfs_min_mount_data = sizeof(struct blockfs_args),
	.vfs_opv_descs = blockfs_opv_descs,
	.vfs_init = blockfs_init,
	.vfs_done = blockfs_done,
	.vfs_mount = blockfs_mount,
	.vfs_start = blockfs_start,
	.vfs_unmount = blockfs_unmount,
	.vfs_root = blockfs_root,
	.vfs_statvfs = blockfs_statvfs,
	.vfs_sync = blockfs_sync,
	.vfs_loadvnode = blockfs_loadvnode,
	.vfs_suspendctl = genfs_suspendctl,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,
	.vfs_extattrctl = vfs_stdextattrctl,
};

static int
blockfs_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		return vfs_attach(&blockfs_vfsops);
	case MODULE_CMD_FINI:
		return vfs_detach(&blockfs_vfsops);
	default:
		return ENOTTY;
	}
}
