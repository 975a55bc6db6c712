/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * greetfs: a file system, as small as one can be.  Its root directory holds one file, made
 * of nothing but this source: /greeting, for reading.
 *
 * A vnode is found by its key in the vnode cache, which is its inode number; the cache
 * calls greet_loadvnode to fill in one that is new.  Nothing here changes, so no locks
 * but those of the vnodes are needed, which the callers hold.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/dirent.h>
#include <sys/module.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs.h>

static char greeting[] = "hello from a driver\n";
static const char name[] = "greeting";
static const ino_t number[] = { 0, 1, 2 };	/* the keys */
enum { ROOT = 1, FILE = 2 };

static int (**greet_vnodeop_p)(void *);

#define INO(vp)	(*(const ino_t *)(vp)->v_data)

/* ------------------------------------------------------------------ vnodes */

static int
greet_lookup(void *v)
{
	struct vop_lookup_v2_args *ap = v;
	const struct componentname *cnp = ap->a_cnp;

	*ap->a_vpp = NULL;
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		vref(ap->a_dvp);
		*ap->a_vpp = ap->a_dvp;
		return 0;
	}
	if (cnp->cn_namelen == sizeof(name) - 1 && memcmp(cnp->cn_nameptr, name, sizeof(name) - 1) == 0)
		return vcache_get(ap->a_dvp->v_mount, &number[FILE], sizeof(ino_t), ap->a_vpp);
	return cnp->cn_nameiop == CREATE && (cnp->cn_flags & ISLASTCN) ? EROFS : ENOENT;
}

static int
greet_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	bool file = INO(ap->a_vp) == FILE;

	vattr_null(ap->a_vap);
	ap->a_vap->va_type = ap->a_vp->v_type;
	ap->a_vap->va_mode = file ? 0444 : 0555;
	ap->a_vap->va_nlink = file ? 1 : 2;
	ap->a_vap->va_uid = ap->a_vap->va_gid = 0;
	ap->a_vap->va_fsid = ap->a_vp->v_mount->mnt_stat.f_fsidx.__fsid_val[0];
	ap->a_vap->va_fileid = INO(ap->a_vp);
	ap->a_vap->va_size = ap->a_vap->va_bytes = file ? sizeof(greeting) - 1 : 512;
	ap->a_vap->va_blocksize = PAGE_SIZE;
	getnanotime(&ap->a_vap->va_mtime);
	ap->a_vap->va_atime = ap->a_vap->va_ctime = ap->a_vap->va_mtime;
	return 0;
}

static int
greet_read(void *v)
{
	struct vop_read_args *ap = v;

	if (ap->a_vp->v_type != VREG)
		return EISDIR;
	return uiomove_frombuf(greeting, sizeof(greeting) - 1, ap->a_uio);
}

/* The offset in a directory is the number of the entry. */
static int
greet_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	static const struct { const char *name; int ino, type; } entries[] = {
		{ ".", ROOT, DT_DIR }, { "..", ROOT, DT_DIR }, { name, FILE, DT_REG },
	};
	struct dirent d;
	int error = 0;

	if (ap->a_cookies != NULL)
		return EOPNOTSUPP;
	for (; error == 0 && ap->a_uio->uio_offset < __arraycount(entries);) {
		off_t i = ap->a_uio->uio_offset;

		memset(&d, 0, sizeof(d));
		d.d_fileno = entries[i].ino;
		d.d_type = entries[i].type;
		d.d_namlen = strlen(entries[i].name);
		strlcpy(d.d_name, entries[i].name, sizeof(d.d_name));
		d.d_reclen = _DIRENT_SIZE(&d);
		if (ap->a_uio->uio_resid < d.d_reclen)
			break;
		error = uiomove(&d, d.d_reclen, ap->a_uio);
		ap->a_uio->uio_offset = i + 1;
	}
	if (ap->a_eofflag != NULL)
		*ap->a_eofflag = ap->a_uio->uio_offset >= __arraycount(entries);
	return error;
}

static int
greet_reclaim(void *v)
{
	struct vop_reclaim_v2_args *ap = v;

	VOP_UNLOCK(ap->a_vp);
	ap->a_vp->v_data = NULL;	/* it was nobody's memory */
	return 0;
}

static int
greet_inactive(void *v)
{
	struct vop_inactive_v2_args *ap = v;

	*ap->a_recycle = false;
	return 0;
}

static const struct vnodeopv_entry_desc greet_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_parsepath_desc, genfs_parsepath }, { &vop_lookup_desc, greet_lookup },
	{ &vop_getattr_desc, greet_getattr },
	{ &vop_read_desc, greet_read }, { &vop_readdir_desc, greet_readdir },
	{ &vop_inactive_desc, greet_inactive }, { &vop_reclaim_desc, greet_reclaim },
	{ &vop_open_desc, genfs_nullop }, { &vop_close_desc, genfs_nullop },
	{ &vop_access_desc, genfs_nullop }, { &vop_accessx_desc, genfs_accessx },
	{ &vop_fsync_desc, genfs_nullop }, { &vop_seek_desc, genfs_nullop },
	{ &vop_putpages_desc, genfs_null_putpages }, { &vop_lock_desc, genfs_lock },
	{ &vop_unlock_desc, genfs_unlock }, { &vop_islocked_desc, genfs_islocked },
	{ NULL, NULL }
};
static const struct vnodeopv_desc greet_opv = { &greet_vnodeop_p, greet_entries };
static const struct vnodeopv_desc *const greet_opvs[] = { &greet_opv, NULL };

/* ------------------------------------------------------------------ mounts */

static int
greet_mount(struct mount *mp, const char *path, void *data, size_t *len)
{

	vfs_getnewfsid(mp);
	mp->mnt_flag |= MNT_LOCAL | MNT_RDONLY;
	mp->mnt_iflag |= IMNT_MPSAFE;
	return set_statvfs_info(path, UIO_USERSPACE, "greetfs", UIO_SYSSPACE, "greetfs", mp, curlwp);
}

static int
greet_unmount(struct mount *mp, int flags)
{

	return vflush(mp, NULL, flags & MNT_FORCE ? FORCECLOSE : 0);
}

static int
greet_loadvnode(struct mount *mp, struct vnode *vp, const void *key, size_t len, const void **new_key)
{
	const ino_t *ino = &number[*(const ino_t *)key];

	vp->v_op = greet_vnodeop_p;
	vp->v_data = __UNCONST(ino);
	vp->v_type = *ino == ROOT ? VDIR : VREG;
	vp->v_vflag |= *ino == ROOT ? VV_ROOT : 0;
	uvm_vnp_setsize(vp, 0);
	*new_key = ino;
	return 0;
}

static int
greet_root(struct mount *mp, int lktype, struct vnode **vpp)
{
	int error = vcache_get(mp, &number[ROOT], sizeof(ino_t), vpp);

	return error != 0 ? error : vn_lock(*vpp, lktype);
}

static int
greet_start(struct mount *mp, int flags)
{

	return 0;
}

static int
greet_statvfs(struct mount *mp, struct statvfs *sbp)
{

	copy_statvfs_info(sbp, mp);
	return 0;
}

static int
greet_sync(struct mount *mp, int waitfor, struct kauth_cred *cred)
{

	return 0;
}

static void
greet_nothing(void)
{
}

/* --------------------------------------------------------------- component */

static struct vfsops greet_vfsops = {
	.vfs_name = "greetfs", .vfs_opv_descs = greet_opvs,
	.vfs_init = greet_nothing, .vfs_done = greet_nothing, .vfs_reinit = greet_nothing,
	.vfs_mount = greet_mount, .vfs_unmount = greet_unmount, .vfs_start = greet_start,
	.vfs_root = greet_root, .vfs_loadvnode = greet_loadvnode,
	.vfs_statvfs = greet_statvfs, .vfs_sync = greet_sync,
	.vfs_suspendctl = genfs_suspendctl,
};

MODULE(MODULE_CLASS_VFS, greetfs, NULL);

static int
greetfs_modcmd(modcmd_t cmd, void *arg)
{

	return cmd == MODULE_CMD_INIT ? vfs_attach(&greet_vfsops) :
	    cmd == MODULE_CMD_FINI ? vfs_detach(&greet_vfsops) : ENOTTY;
}
