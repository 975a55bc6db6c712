/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: trees and their mounts.
 *
 *   rumpfs_mount_boot      the root file system
 *   rumpfs_vfs_mount       another one, or a change of one
 *   rumpfs_vfs_unmount     its end, and that of all that is in it
 *
 * The root is changed by nobody and never unmounted.  When another mount ends
 * it is suspended and has lost its vnodes, so nothing refers to its nodes but
 * the names in it.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/statvfs.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "../mount_impl.h"
#include "rumpfs.h"

struct rumpfs_tree *rumpfs_boottree;

/* A tree with nothing but a root directory, whose ".." is itself. */
static struct rumpfs_tree *
tree_create(struct mount *mp)
{
	struct rumpfs_tree *rt = kmem_zalloc(sizeof(*rt), KM_SLEEP);

	rt->rt_mount = mp;
	LIST_INIT(&rt->rt_nodes);
	rt->rt_root = rumpfs_node_create(rt, VDIR, 0755, 0, 0);
	rt->rt_root->rn_dir.parent = rt->rt_root;
	rt->rt_root->rn_links++;
	return rt;
}

static bool
is_full_directory(const struct rumpfs_node *rn)
{

	return rn != NULL && rn->rn_type == VDIR && rn->rn_host == NULL &&
	    rn->rn_dir.entries > 0;
}

/* All names go, the deepest first; each was the last reference or one of them. */
static void
tree_destroy(struct rumpfs_tree *rt)
{
	struct rumpfs_node *dir = rt->rt_root;
	struct rumpfs_dirent *rd;

	mutex_enter(&rumpfs_lock);
	while (is_full_directory(rt->rt_root)) {
		rd = TAILQ_FIRST(&dir->rn_dir.order);
		if (rd == NULL)
			dir = dir->rn_dir.parent;
		else if (is_full_directory(rd->rd_node))
			dir = rd->rd_node;
		else
			rumpfs_dir_detach(dir, rd);
	}
	rumpfs_node_rele(rt->rt_root);
	KASSERT(LIST_EMPTY(&rt->rt_nodes));
	mutex_exit(&rumpfs_lock);
	kmem_free(rt, sizeof(*rt));
}

/* What the root and other mounts have in common. */
static void
set_up(struct mount *mp)
{

	mp->mnt_data = tree_create(mp);
	mp->mnt_flag |= MNT_LOCAL;
	mp->mnt_iflag |= IMNT_MPSAFE | IMNT_SHRLOOKUP | IMNT_NCLOOKUP |
	    IMNT_DTYPE | IMNT_CAN_RWTORO;
	mp->mnt_fs_bshift = DEV_BSHIFT;
	mp->mnt_dev_bshift = DEV_BSHIFT;
	mp->mnt_stat.f_namemax = RUMPFS_MAXNAMLEN;
	vfs_getnewfsid(mp);
}

/*
 * Options change.  Nobody may have a file open for writing, or one without a
 * name, when the file system becomes read-only; mount(2) has suspended it.
 */
static int
update(struct mount *mp)
{

	if (MPTORT(mp) == rumpfs_boottree)
		return EOPNOTSUPP;
	if ((mp->mnt_iflag & IMNT_WANTRDONLY) == 0)
		return 0;
	return vflush(mp, NULLVP, WRITECLOSE |
	    ((mp->mnt_flag & MNT_FORCE) != 0 ? FORCECLOSE : 0));
}

/* There are no arguments. */
int
rumpfs_vfs_mount(struct mount *mp, const char *path, void *data, size_t *len)
{
	int error;

	if ((mp->mnt_flag & MNT_GETARGS) != 0) {
		*len = 0;
		return 0;
	}
	if ((mp->mnt_flag & MNT_UPDATE) != 0)
		return update(mp);
	error = set_statvfs_info(path, UIO_USERSPACE, MOUNT_RUMPFS,
	    UIO_SYSSPACE, mp->mnt_op->vfs_name, mp, curlwp);
	if (error == 0)
		set_up(mp);
	return error;
}

int
rumpfs_vfs_unmount(struct mount *mp, int flags)
{
	int error;

	if (MPTORT(mp) == rumpfs_boottree)
		return EBUSY;
	error = vflush(mp, NULLVP, (flags & MNT_FORCE) != 0 ? FORCECLOSE : 0);
	if (error != 0)
		return error;
	tree_destroy(MPTORT(mp));
	mp->mnt_data = NULL;
	mp->mnt_flag &= ~MNT_LOCAL;
	return 0;
}

/* The root file system. */
void
rumpfs_mount_boot(void)
{
	struct mount *mp;

	mp = vfs_mountalloc(vfs_getopsbyname(MOUNT_RUMPFS), NULL);
	mp->mnt_flag = MNT_ROOTFS;
	set_up(mp);
	rumpfs_boottree = MPTORT(mp);
	mount_name(mp, MOUNT_RUMPFS, MOUNT_RUMPFS);
	mountlist_append(mp);
}
