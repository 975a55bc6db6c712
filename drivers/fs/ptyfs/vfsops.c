/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptyfs: pseudo terminals as a file system, usually on /dev/pts.
 *
 *   mount(2)      struct ptyfs_args: group and permissions that TIOCGRANTPT gives
 *   /dev/ptmx     its slaves have the names 0, 1 … below the mount point
 *
 * A slave's name is there while its control side is open.  While the file system is mounted
 * it is the one that /dev/ptmx and /dev/ptm ask (pty_sethandler); if it is mounted in
 * several places, the one that was mounted first and can be seen from the caller's root.
 *
 * Locks: mounts_lock for the list of mounts; pm_lock of a mount for what its nodes
 * remember.  The second is a leaf.
 *
 * Ref: NetBSD mount_ptyfs(8), ptm(4).
 */
#include "ptyfs_var.h"

#include <sys/errno.h>
#include <sys/filedesc.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/module.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/pty.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/systm.h>

#include <miscfs/genfs/genfs.h>
#include <miscfs/specfs/specdev.h>
#include <uvm/uvm_extern.h>

MODULE(MODULE_CLASS_VFS, ptyfs, NULL);

VFS_PROTOS(ptyfs);

static kmutex_t mounts_lock;
static LIST_HEAD(, ptyfs_mount) mounts;		/* mounts_lock: last mounted first */
static struct ptm_pty *handler_before;		/* mounts_lock */

/* ------------------------------------------------------------ for /dev/ptmx */

/* Where mp is, seen from l's root; ENOENT: not below it. */
static int
path_of(const struct mount *mp, struct lwp *l, char *buf, size_t size)
{
	const char *path = mp->mnt_stat.f_mntonname;
	struct vnode *root = l->l_proc->p_cwdi->cwdi_rdir;
	char *above;
	int error;
	size_t n;

	if (root == NULL)
		return strlcpy(buf, path, size) < size ? 0 : ENAMETOOLONG;
	above = PNBUF_GET();
	error = vnode_to_path(above, MAXPATHLEN, root, l, &proc0);
	if (error == 0) {
		n = strlen(above);
		if (strncmp(path, above, n) != 0 || path[n] != '/')
			error = ENOENT;
		else if (strlcpy(buf, path + n, size) >= size)
			error = ENAMETOOLONG;
	}
	PNBUF_PUT(above);
	return error;
}

static int
getmp(struct lwp *l, struct mount **mpp)
{
	char *buf = PNBUF_GET();
	struct ptyfs_mount *pm;
	int error = ENOENT;

	mutex_enter(&mounts_lock);
	LIST_FOREACH(pm, &mounts, pm_list) {
		if (path_of(pm->pm_mount, l, buf, MAXPATHLEN) == 0) {
			*mpp = pm->pm_mount;
			error = 0;
		}
	}
	mutex_exit(&mounts_lock);
	PNBUF_PUT(buf);
	return error;
}

/*
 * Keep what getmp has found mounted, until vfs_unbusy; ENOENT: it is mounted no more,
 * and mp is only an address.
 */
static int
keep(const struct mount *mp)
{
	struct ptyfs_mount *pm;
	int error = ENOENT;

	mutex_enter(&mounts_lock);
	LIST_FOREACH(pm, &mounts, pm_list)
		if (pm->pm_mount == mp)
			break;
	if (pm != NULL && vfs_trybusy(pm->pm_mount) == 0)
		error = 0;
	mutex_exit(&mounts_lock);
	return error;
}

static int
allocvp(struct mount *mp, struct lwp *l, struct vnode **vpp, dev_t dev,
    char side)
{
	int error;

	error = keep(mp);
	if (error != 0)
		return error;
	error = ptyfs_vnode(mp, side == 'p' ? PTYFS_CONTROL : PTYFS_SLAVE,
	    (int)minor(dev), vpp);
	vfs_unbusy(mp);
	if (error != 0)
		return error;
	error = vn_lock(*vpp, LK_EXCLUSIVE);
	if (error != 0)
		vrele(*vpp);
	return error;
}

/* The control side has no name; the one given is NetBSD's. */
static int
makename(struct mount *mp, struct lwp *l, char *buf, size_t size, dev_t dev,
    char side)
{
	size_t len;
	int error;

	if (side == 'p')
		return strlcpy(buf, "/dev/null", size) < size ? 0 :
		    ENAMETOOLONG;
	error = keep(mp);
	if (error != 0)
		return error;
	error = path_of(mp, l, buf, size);
	vfs_unbusy(mp);
	if (error != 0)
		return error;
	len = strlen(buf);
	return (size_t)snprintf(buf + len, size - len, "/%d",
	    (int)minor(dev)) < size - len ? 0 : ENAMETOOLONG;
}

static void
getvattr(struct mount *mp, struct lwp *l, struct vattr *va)
{
	const struct ptyfs_mount *pm;

	vattr_null(va);
	va->va_uid = kauth_cred_getuid(l->l_cred);
	va->va_mode = S_IRUSR | S_IWUSR;
	if (keep(mp) != 0)
		return;		/* its node is dead: nothing will be set */
	pm = mount_to_ptyfs(mp);
	va->va_gid = pm->pm_gid;
	va->va_mode = pm->pm_mode;
	vfs_unbusy(mp);
}

static struct ptm_pty handler = {
	.allocvp = allocvp,
	.makename = makename,
	.getvattr = getvattr,
	.getmp = getmp,
};

static void
list_mount(struct ptyfs_mount *pm)
{

	mutex_enter(&mounts_lock);
	if (LIST_EMPTY(&mounts))
		handler_before = pty_sethandler(&handler);
	LIST_INSERT_HEAD(&mounts, pm, pm_list);
	mutex_exit(&mounts_lock);
}

static void
unlist_mount(struct ptyfs_mount *pm)
{

	mutex_enter(&mounts_lock);
	LIST_REMOVE(pm, pm_list);
	if (LIST_EMPTY(&mounts))
		(void)pty_sethandler(handler_before);
	mutex_exit(&mounts_lock);
}

/* ------------------------------------------------------------------- mounts */

static int
getargs(const struct ptyfs_mount *pm, struct ptyfs_args *args, size_t *len)
{

	memset(args, 0, sizeof(*args));
	args->version = PTYFS_ARGSVERSION;
	args->gid = pm->pm_gid;
	args->mode = pm->pm_mode;
	args->flags = pm->pm_flags;
	*len = sizeof(*args);
	return 0;
}

int
ptyfs_mount(struct mount *mp, const char *path, void *data, size_t *data_len)
{
	struct ptyfs_args *args = data;
	struct ptyfs_mount *pm;
	int error;

	if (args == NULL || *data_len < sizeof(*args))
		return EINVAL;
	if ((mp->mnt_flag & MNT_GETARGS) != 0)
		return mp->mnt_data == NULL ? EIO :
		    getargs(mount_to_ptyfs(mp), args, data_len);
	if (args->version != PTYFS_ARGSVERSION)
		return EINVAL;
	if ((mp->mnt_flag & MNT_UPDATE) != 0)
		return EOPNOTSUPP;
	error = set_statvfs_info(path, UIO_USERSPACE, "ptyfs", UIO_SYSSPACE,
	    mp->mnt_op->vfs_name, mp, curlwp);
	if (error != 0)
		return error;
	pm = kmem_zalloc(sizeof(*pm), KM_SLEEP);
	pm->pm_mount = mp;
	pm->pm_gid = args->gid;
	pm->pm_mode = args->mode & ACCESSPERMS;
	pm->pm_flags = args->flags;
	mutex_init(&pm->pm_lock, MUTEX_DEFAULT, IPL_NONE);
	LIST_INIT(&pm->pm_nodes);
	mp->mnt_data = pm;
	mp->mnt_flag |= MNT_LOCAL;
	mp->mnt_iflag |= IMNT_MPSAFE | IMNT_DTYPE;
	mp->mnt_stat.f_namemax = KERNEL_NAME_MAX;
	vfs_getnewfsid(mp);
	list_mount(pm);
	return 0;
}

int
ptyfs_unmount(struct mount *mp, int flags)
{
	struct ptyfs_mount *pm = mount_to_ptyfs(mp);
	int error;

	error = vflush(mp, NULL, (flags & MNT_FORCE) != 0 ? FORCECLOSE : 0);
	if (error != 0)
		return error;
	unlist_mount(pm);
	mp->mnt_data = NULL;
	ptyfs_nodes_free(pm);
	mutex_destroy(&pm->pm_lock);
	kmem_free(pm, sizeof(*pm));
	return 0;
}

int
ptyfs_start(struct mount *mp, int flags)
{

	return 0;
}

int
ptyfs_root(struct mount *mp, int lktype, struct vnode **vpp)
{
	int error;

	error = ptyfs_vnode(mp, PTYFS_ROOT, 0, vpp);
	if (error != 0)
		return error;
	error = vn_lock(*vpp, lktype);
	if (error != 0) {
		vrele(*vpp);
		*vpp = NULL;
	}
	return error;
}

int
ptyfs_loadvnode(struct mount *mp, struct vnode *vp, const void *key,
    size_t key_len, const void **new_key)
{
	struct ptyfs_node *node;
	struct ptyfs_key k;

	KASSERT(key_len == sizeof(k));
	memcpy(&k, key, sizeof(k));
	node = ptyfs_node_get(mount_to_ptyfs(mp), &k);
	vp->v_tag = VT_PTYFS;
	vp->v_data = node;
	if (k.type == PTYFS_ROOT) {
		vp->v_op = ptyfs_vnodeop_p;
		vp->v_type = VDIR;
		vp->v_vflag |= VV_ROOT;
	} else {
		vp->v_op = ptyfs_specop_p;
		vp->v_type = VCHR;
		spec_node_init(vp, pty_makedev(k.type == PTYFS_CONTROL ?
		    'p' : 't', k.unit));
	}
	uvm_vnp_setsize(vp, 0);
	*new_key = &node->pn_key;
	return 0;
}

int
ptyfs_vget(struct mount *mp, ino_t ino, int lktype, struct vnode **vpp)
{

	return EOPNOTSUPP;
}

int
ptyfs_sync(struct mount *mp, int waitfor, struct kauth_cred *cred)
{

	return 0;
}

void
ptyfs_init(void)
{

	mutex_init(&mounts_lock, MUTEX_DEFAULT, IPL_NONE);
	LIST_INIT(&mounts);
}

void
ptyfs_reinit(void)
{

}

void
ptyfs_done(void)
{

	mutex_destroy(&mounts_lock);
}

static const struct vnodeopv_desc *const ptyfs_opv_descs[] = {
	&ptyfs_vnodeop_opv_desc,
	&ptyfs_specop_opv_desc,
	NULL
};

struct vfsops ptyfs_vfsops = {
	.vfs_name = MOUNT_PTYFS,
	.vfs_min_mount_data = sizeof(struct ptyfs_args),
	.vfs_opv_descs = ptyfs_opv_descs,

	.vfs_init = ptyfs_init,
	.vfs_reinit = ptyfs_reinit,
	.vfs_done = ptyfs_done,
	.vfs_mount = ptyfs_mount,
	.vfs_start = ptyfs_start,
	.vfs_unmount = ptyfs_unmount,
	.vfs_sync = ptyfs_sync,
	.vfs_suspendctl = genfs_suspendctl,

	.vfs_root = ptyfs_root,
	.vfs_loadvnode = ptyfs_loadvnode,
	.vfs_vget = ptyfs_vget,
	.vfs_renamelock_enter = genfs_renamelock_enter,
	.vfs_renamelock_exit = genfs_renamelock_exit,

	.vfs_statvfs = genfs_statvfs,
	.vfs_extattrctl = vfs_stdextattrctl,
};

static int
ptyfs_modcmd(modcmd_t cmd, void *arg)
{

	switch (cmd) {
	case MODULE_CMD_INIT:
		return vfs_attach(&ptyfs_vfsops);
	case MODULE_CMD_FINI:
		return vfs_detach(&ptyfs_vfsops);
	default:
		return ENOTTY;
	}
}
