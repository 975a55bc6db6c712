/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory file system: file system operations, and where the component begins.
 *
 * A mount has nothing below it: mounting makes an empty root directory,
 * unmounting frees all that is left.  It can be updated to other limits, no
 * lower than what is in use, and between read-only and writable.
 *
 * The key of a vnode is the number of its node.
 *
 * Ref: mount_tmpfs(8).
 */

#include "tmpfs.h"

#include <sys/cprng.h>
#include <sys/errno.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/namei.h>
#include <sys/stat.h>
#include <sys/systm.h>

#include <fs/tmpfs/tmpfs_args.h>
#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>
#include <uvm/uvm_extern.h>

MODULE(MODULE_CLASS_VFS, tmpfs, NULL);

VFS_PROTOS(tmpfs);

#define BYTES_PER_NODE	1024	/* for the limit on nodes when none is given */
#define NODES_MIN	3

struct tmpfs_handle {
	uint16_t	th_len;
	uint16_t	th_reserved;
	uint32_t	th_unused;
	uint64_t	th_id;
};

/* ------------------------------------------------------------------ limits */

/* Check the limits in args and set them.  EBUSY: more is in use. */
static int
set_limits(struct tmpfs_mount *tm, const struct tmpfs_args *args)
{
	uint64_t nodes_max = args->ta_nodes_max, bytes;
	int error = 0;

	if (args->ta_size_max < 0)
		return EINVAL;
	if (nodes_max == 0) {
		bytes = args->ta_size_max != 0 ?
		    (uint64_t)args->ta_size_max : tmpfs_bytes_free(tm);
		nodes_max = NODES_MIN + bytes / BYTES_PER_NODE;
	}
	mutex_enter(&tm->tm_lock);
	if ((args->ta_size_max != 0 &&
	    (uint64_t)args->ta_size_max < tm->tm_bytes) ||
	    nodes_max < tm->tm_nodes) {
		error = EBUSY;
	} else {
		tm->tm_bytes_max = args->ta_size_max;
		tm->tm_nodes_max = nodes_max;
	}
	mutex_exit(&tm->tm_lock);
	return error;
}

static int
get_arguments(struct mount *mp, struct tmpfs_args *args, size_t *len)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(mp);
	struct vnode *vp;
	const struct tmpfs_node *node;
	int error;

	if (tm == NULL)
		return EIO;
	error = VFS_ROOT(mp, LK_SHARED, &vp);
	if (error != 0)
		return error;
	node = vnode_to_tmpfs(vp);
	memset(args, 0, sizeof(*args));
	args->ta_version = TMPFS_ARGS_VERSION;
	args->ta_root_uid = node->tn_uid;
	args->ta_root_gid = node->tn_gid;
	args->ta_root_mode = node->tn_mode;
	vput(vp);
	mutex_enter(&tm->tm_lock);
	args->ta_nodes_max = tm->tm_nodes_max;
	args->ta_size_max = tm->tm_bytes_max;
	mutex_exit(&tm->tm_lock);
	*len = sizeof(*args);
	return 0;
}

/* ------------------------------------------------------- mount and unmount */

/* The root directory is its own parent, and in the table like any other. */
static int
make_root(struct tmpfs_mount *tm, const struct tmpfs_args *args)
{
	struct tmpfs_node *node;
	struct vattr va;
	int error;

	vattr_null(&va);
	va.va_type = VDIR;
	va.va_mode = args->ta_root_mode;
	error = tmpfs_node_create(tm, &va, args->ta_root_uid,
	    args->ta_root_gid, NULL, &node);
	if (error != 0)
		return error;
	KASSERT(node->tn_id == TMPFS_ROOT_ID);
	tmpfs_dir_set_parent(tm, node, node);
	tm->tm_root = node->tn_id;
	return 0;
}

static void
destroy_mount(struct tmpfs_mount *tm)
{

	tmpfs_table_destroy(tm);
	KASSERT(tm->tm_bytes == 0);
	mutex_destroy(&tm->tm_lock);
	kmem_free(tm, sizeof(*tm));
}

static int
create_mount(struct mount *mp, const struct tmpfs_args *args,
    struct tmpfs_mount **tmp)
{
	struct tmpfs_mount *tm = kmem_zalloc(sizeof(*tm), KM_SLEEP);
	int error;

	tm->tm_mp = mp;
	tm->tm_seed = cprng_fast32();
	tm->tm_next_id = TMPFS_ROOT_ID;
	mutex_init(&tm->tm_lock, MUTEX_DEFAULT, IPL_NONE);
	tmpfs_table_create(tm);
	error = set_limits(tm, args);
	if (error == 0)
		error = make_root(tm, args);
	if (error != 0) {
		destroy_mount(tm);
		return error;
	}
	*tmp = tm;
	return 0;
}

/*
 * Nobody may have a file open for writing, or one without a name, when the file
 * system becomes read-only.  mount(2) has suspended it, so nobody opens one.
 */
static int
become_readonly(struct mount *mp)
{

	return vflush(mp, NULLVP, WRITECLOSE |
	    ((mp->mnt_flag & MNT_FORCE) != 0 ? FORCECLOSE : 0));
}

static int
update(struct mount *mp, const struct tmpfs_args *args)
{
	int error = 0;

	if ((mp->mnt_iflag & IMNT_WANTRDONLY) != 0)
		error = become_readonly(mp);
	return error != 0 ? error : set_limits(mount_to_tmpfs(mp), args);
}

int
tmpfs_mount(struct mount *mp, const char *path, void *data, size_t *len)
{
	struct tmpfs_args *args = data;
	struct tmpfs_mount *tm;
	int error;

	if (args == NULL || *len < sizeof(*args))
		return EINVAL;
	if ((mp->mnt_flag & MNT_GETARGS) != 0)
		return get_arguments(mp, args, len);
	if (args->ta_version != TMPFS_ARGS_VERSION)
		return EINVAL;
	if ((mp->mnt_flag & MNT_UPDATE) != 0)
		return update(mp, args);
	if (args->ta_root_uid == (uid_t)VNOVAL ||
	    args->ta_root_gid == (gid_t)VNOVAL ||
	    args->ta_root_mode == (mode_t)VNOVAL)
		return EINVAL;

	error = set_statvfs_info(path, UIO_USERSPACE, "tmpfs", UIO_SYSSPACE,
	    mp->mnt_op->vfs_name, mp, curlwp);
	if (error != 0)
		return error;
	error = create_mount(mp, args, &tm);
	if (error != 0)
		return error;
	mp->mnt_data = tm;
	mp->mnt_flag |= MNT_LOCAL;
	mp->mnt_stat.f_namemax = KERNEL_NAME_MAX;
	mp->mnt_fs_bshift = PAGE_SHIFT;
	mp->mnt_dev_bshift = DEV_BSHIFT;
	mp->mnt_iflag |= IMNT_MPSAFE | IMNT_DTYPE | IMNT_CAN_RWTORO |
	    IMNT_SHRLOOKUP | IMNT_NCLOOKUP;
	vfs_getnewfsid(mp);
	return 0;
}

int
tmpfs_start(struct mount *mp, int flags)
{

	return 0;
}

int
tmpfs_unmount(struct mount *mp, int flags)
{
	int error;

	error = vflush(mp, NULLVP, (flags & MNT_FORCE) != 0 ? FORCECLOSE : 0);
	if (error != 0)
		return error;
	destroy_mount(mount_to_tmpfs(mp));
	mp->mnt_data = NULL;
	mp->mnt_flag &= ~MNT_LOCAL;
	return 0;
}

/* --------------------------------------------------------------- questions */

int
tmpfs_statvfs(struct mount *mp, struct statvfs *sb)
{
	struct tmpfs_mount *tm = mount_to_tmpfs(mp);
	const uint64_t available = tmpfs_bytes_free(tm);

	mutex_enter(&tm->tm_lock);
	sb->f_bsize = sb->f_frsize = sb->f_iosize = PAGE_SIZE;
	sb->f_blocks = atop(available + round_page(tm->tm_bytes));
	sb->f_bfree = sb->f_bavail = atop(available);
	sb->f_bresvd = 0;
	if (tm->tm_bytes_max != 0)
		sb->f_blocks = atop(tm->tm_bytes_max);
	sb->f_files = tm->tm_nodes_max;
	sb->f_ffree = sb->f_favail = tm->tm_nodes_max - tm->tm_nodes;
	sb->f_fresvd = 0;
	mutex_exit(&tm->tm_lock);
	copy_statvfs_info(sb, mp);
	return 0;
}

int
tmpfs_sync(struct mount *mp, int waitfor, kauth_cred_t cred)
{

	return 0;
}

/* ------------------------------------------------------------------ vnodes */

static void
vnode_setup(struct mount *mp, struct vnode *vp, struct tmpfs_node *node)
{

	vp->v_tag = VT_TMPFS;
	vp->v_type = node->tn_type;
	vp->v_data = node;
	vp->v_op = tmpfs_vnodeop_p;
	switch (node->tn_type) {
	case VBLK:
	case VCHR:
		vp->v_op = tmpfs_specop_p;
		spec_node_init(vp, node->tn_rdev);
		break;
	case VFIFO:
		vp->v_op = tmpfs_fifoop_p;
		break;
	case VREG:
		tmpfs_data_load(vp);
		break;
	default:
		break;
	}
	if (node->tn_id == mount_to_tmpfs(mp)->tm_root)
		vp->v_vflag |= VV_ROOT;
	uvm_vnp_setsize(vp, node->tn_size);
	cache_enter_id(vp, node->tn_mode, node->tn_uid, node->tn_gid, true);
}

int
tmpfs_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t key_len, const void **new_key)
{
	struct tmpfs_node *node;
	uint64_t id;

	KASSERT(key_len == sizeof(id));
	memcpy(&id, key, sizeof(id));
	node = tmpfs_node_find(mount_to_tmpfs(mp), id);
	if (node == NULL)
		return ENOENT;
	vnode_setup(mp, vp, node);
	*new_key = &node->tn_id;
	return 0;
}

/* The group is the directory's; who is not in it may not set that bit. */
static mode_t
new_mode(const struct vattr *va, gid_t gid, kauth_cred_t cred)
{
	int member = 0;

	if ((va->va_mode & S_ISGID) == 0 ||
	    kauth_cred_ismember_gid(cred, gid, &member) != 0 || member ||
	    kauth_cred_geteuid(cred) == 0)
		return va->va_mode;
	return va->va_mode & ~S_ISGID;
}

/* extra: the target of a symbolic link. */
int
tmpfs_newvnode(struct mount *mp, struct vnode *dvp, struct vnode *vp,
    struct vattr *va, kauth_cred_t cred, void *extra, size_t *key_len,
    const void **new_key)
{
	const gid_t gid = vnode_to_tmpfs(dvp)->tn_gid;
	struct tmpfs_node *node;
	struct vattr attributes = *va;
	int error;

	attributes.va_mode = new_mode(va, gid, cred);
	error = tmpfs_node_create(mount_to_tmpfs(mp), &attributes,
	    kauth_cred_geteuid(cred), gid, extra, &node);
	if (error != 0)
		return error;
	vnode_setup(mp, vp, node);
	*key_len = sizeof(node->tn_id);
	*new_key = &node->tn_id;
	return 0;
}

int
tmpfs_vget(struct mount *mp, ino_t ino, int lktype, struct vnode **vpp)
{
	const uint64_t id = ino;
	int error;

	error = vcache_get(mp, &id, sizeof(id), vpp);
	if (error != 0 || lktype == LK_NONE)
		return error;
	error = vn_lock(*vpp, lktype);
	if (error != 0) {
		vrele(*vpp);
		*vpp = NULL;
	}
	return error;
}

int
tmpfs_root(struct mount *mp, int lktype, struct vnode **vpp)
{

	return tmpfs_vget(mp, mount_to_tmpfs(mp)->tm_root, lktype, vpp);
}

/* Numbers are not used again, so one that exists is the one that was meant. */
int
tmpfs_fhtovp(struct mount *mp, struct fid *fid, int lktype, struct vnode **vpp)
{
	struct tmpfs_handle handle;
	int error;

	if (fid->fid_len != sizeof(handle))
		return EINVAL;
	memcpy(&handle, fid, sizeof(handle));
	error = tmpfs_vget(mp, handle.th_id, LK_NONE, vpp);
	if (error == 0 && lktype != LK_NONE) {
		error = vn_lock(*vpp, lktype);
		if (error == 0 && vnode_to_tmpfs(*vpp)->tn_nlink == 0) {
			VOP_UNLOCK(*vpp);
			error = ESTALE;
		}
		if (error != 0)
			vrele(*vpp);
	}
	if (error != 0)
		*vpp = NULL;
	return error == ENOENT ? ESTALE : error;
}

int
tmpfs_vptofh(struct vnode *vp, struct fid *fid, size_t *len)
{
	const struct tmpfs_handle handle = {
		.th_len = sizeof(handle),
		.th_id = vnode_to_tmpfs(vp)->tn_id
	};
	const bool fits = fid != NULL && *len >= sizeof(handle);

	*len = sizeof(handle);
	if (!fits)
		return E2BIG;
	memcpy(fid, &handle, sizeof(handle));
	return 0;
}

/* --------------------------------------------------------------- component */

void
tmpfs_init(void)
{
}

void
tmpfs_reinit(void)
{
}

void
tmpfs_done(void)
{
}

static const struct vnodeopv_desc *const tmpfs_opv_descs[] = {
	&tmpfs_vnodeop_opv_desc,
	&tmpfs_specop_opv_desc,
	&tmpfs_fifoop_opv_desc,
	NULL
};

static struct vfsops tmpfs_vfsops = {
	.vfs_name = MOUNT_TMPFS,
	.vfs_min_mount_data = sizeof(struct tmpfs_args),
	.vfs_opv_descs = tmpfs_opv_descs,

	/* Vnodes. */
	.vfs_newvnode = tmpfs_newvnode,
	.vfs_loadvnode = tmpfs_loadvnode,
	.vfs_root = tmpfs_root,
	.vfs_vget = tmpfs_vget,
	.vfs_vptofh = tmpfs_vptofh,
	.vfs_fhtovp = tmpfs_fhtovp,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,

	/* Life. */
	.vfs_init = tmpfs_init,
	.vfs_done = tmpfs_done,
	.vfs_reinit = tmpfs_reinit,
	.vfs_mount = tmpfs_mount,
	.vfs_unmount = tmpfs_unmount,
	.vfs_start = tmpfs_start,
	.vfs_sync = tmpfs_sync,
	.vfs_suspendctl = genfs_suspendctl,

	/* Questions. */
	.vfs_statvfs = tmpfs_statvfs,
	.vfs_extattrctl = vfs_stdextattrctl
};

static int
tmpfs_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		return vfs_attach(&tmpfs_vfsops);
	case MODULE_CMD_FINI:
		return vfs_detach(&tmpfs_vfsops);
	default:
		return ENOTTY;
	}
}
