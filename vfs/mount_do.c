/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mounting and unmounting.
 *
 *   mount_domount      a new mount over a directory
 *   dounmount          away with it
 *   vfs_unmountall...  all of them, when the system stops
 *   vfs_mountedon      is this block device mounted?
 *
 * A new mount is visible to nobody until the covered directory points to it,
 * which happens under that directory's lock.  To unmount, the file system is
 * suspended, so no thread is in it: then its vnodes can be ended.  If the file
 * system refuses, everything is put back and it is resumed; if not, threads
 * that waited to enter find the mark IMNT_GONE, or their vnode dead.
 *
 * Locks: suspension, then mnt_updating.  Who changes a mount's options is in a
 * transaction of it while it holds mnt_updating.
 */
#include <sys/param.h>
#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/extattr.h>
#include <sys/filedesc.h>
#include <sys/fstrans.h>
#include <sys/kauth.h>
#include <sys/lwp.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include <miscfs/specfs/specdev.h>

#include "mount_impl.h"

/* Options that mount(2) may set. */
#define NEW_FLAGS	(MNT_BASIC_FLAGS | MNT_FORCE | MNT_IGNORE)

/* For file systems that ask: forced unmounts are allowed. */
int doforce = 1;

/* ------------------------------------------------------------------ mount */

/* One of a process's directories is the root of what covers it from now on. */
static void
replace_dir(struct vnode **dirp, struct vnode *covered, struct vnode *root)
{

	if (*dirp != covered)
		return;
	vref(root);
	vrele(*dirp);
	*dirp = root;
}

struct dir_change {
	struct vnode	*covered, *root;
};

/* Under proc_lock, so that cwdi stays. */
static int
replace_dirs_of(struct proc *p, void *arg)
{
	struct dir_change *c = arg;
	struct cwdinfo *cwdi = p->p_cwdi;

	if (cwdi == NULL)
		return 0;
	rw_enter(&cwdi->cwdi_lock, RW_WRITER);
	replace_dir(&cwdi->cwdi_cdir, c->covered, c->root);
	if (cwdi->cwdi_rdir != NULL)
		replace_dir(&cwdi->cwdi_rdir, c->covered, c->root);
	rw_exit(&cwdi->cwdi_lock);
	return 0;
}

/* Processes that are in a directory are in what is mounted there now. */
static void
move_processes(struct vnode *covered, struct mount *mp)
{
	struct dir_change c = { .covered = covered };

	/* our caller, the covered mount and nobody else: nothing to do */
	if (vrefcnt(covered) == 1)
		return;
	if (VFS_ROOT(mp, LK_NONE, &c.root) != 0)
		panic("mount: new mount has no root");
	(void)proclist_foreach_call(&allproc, replace_dirs_of, &c);
	if (rootvnode == covered) {
		vref(c.root);
		vrele(rootvnode);
		rootvnode = c.root;
	}
	vrele(c.root);
}

/* Is vp a directory that can be mounted on?  vp locked. */
static int
check_covered(struct vnode *vp)
{

	if (vp->v_type != VDIR)
		return ENOTDIR;
	return vp->v_mountedhere != NULL ? EBUSY : 0;
}

/*
 * Unmount what nobody has seen, because the directory was covered by somebody
 * else meanwhile.
 */
static void
take_back(struct mount *mp)
{
	int error;

	error = vfs_suspend(mp, 0);
	if (error == 0) {
		error = VFS_UNMOUNT(mp, MNT_FORCE);
		vfs_resume(mp);
	}
	if (error != 0)
		printf("mount: cannot be taken back: %d\n", error);
}

/* Let the file system mount, and cover vp if it did. */
static int
mount_new(struct lwp *l, struct mount *mp, struct vnode *vp, const char *path,
    void *data, size_t *len)
{
	int error;

	mutex_enter(mp->mnt_updating);
	error = VFS_MOUNT(mp, path, data, len);
	mount_flag_change(mp, 0, MNT_OP_FLAGS);
	if (error != 0)
		goto out;
	vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
	if ((error = check_covered(vp)) == 0 &&
	    (error = vinvalbuf(vp, V_SAVE, l->l_cred, l, false, 0)) == 0) {
		mount_iflag_change(mp, 0, IMNT_WANTRDWR);
		mountlist_append(mp);
		if ((mp->mnt_flag & (MNT_RDONLY | MNT_ASYNC)) == 0)
			vfs_syncer_add_to_worklist(mp);
		atomic_store_release(&vp->v_mountedhere, mp);
	}
	VOP_UNLOCK(vp);
	if (error != 0) {
		mutex_exit(mp->mnt_updating);
		take_back(mp);
		return error;
	}
out:
	mutex_exit(mp->mnt_updating);
	return error;
}

/*
 * Mount a new file system.
 *
 * vpp    in: the directory, referenced, unlocked; NULL on return if the mount
 *        has taken the reference
 * ops    its type; the reference is consumed in every case
 * path   name of the directory, for the file system's records
 * data   *len bytes of kernel memory, the type's arguments
 *
 * Returns 0; ENOTDIR, EBUSY (covered already), EPERM, EINVAL; or an error of
 * the file system.
 */
int
mount_domount(struct lwp *l, struct vnode **vpp, struct vfsops *ops,
    const char *path, int flags, void *data, size_t *len)
{
	struct vnode *vp = *vpp;
	struct mount *mp;
	int error;

	error = kauth_authorize_system(l->l_cred, KAUTH_SYSTEM_MOUNT,
	    KAUTH_REQ_SYSTEM_MOUNT_NEW, vp, KAUTH_ARG(flags), data);
	if (error == 0 && (flags & ~(MNT_OP_FLAGS | NEW_FLAGS)) != 0)
		error = EINVAL;
	if (error == 0)
		error = vp->v_type == VDIR ? 0 : ENOTDIR;
	if (error != 0) {
		vfs_delref(ops);
		return error;
	}
	mp = vfs_mountalloc(ops, vp);
	mp->mnt_stat.f_owner = kauth_cred_geteuid(l->l_cred);
	mp->mnt_flag = flags & NEW_FLAGS;
	vfs_ref(mp);		/* it may be unmounted as soon as it is seen */
	if ((error = mount_new(l, mp, vp, path, data, len)) != 0) {
		mp->mnt_vnodecovered = NULL;
		vfs_rele(mp);
		vfs_rele(mp);
		return error;
	}
	/* the covered directory's reference is the mount's now */
	*vpp = NULL;
	if (vfs_busy(mp) == 0) {
		move_processes(vp, mp);
		(void)VFS_STATVFS(mp, &mp->mnt_stat);
		vfs_unbusy(mp);
		/* it may last as long as the mount: nobody shall wait for it */
		error = VFS_START(mp, 0);
	}
	if (error == 0 || dounmount(mp, MNT_FORCE, l) != 0)
		vfs_rele(mp);
	return error;
}

/* ---------------------------------------------------------------- unmount */

/*
 * The covered directory is to be seen again.  Its lock is not taken: who walks
 * past it holds its parent's, which a layer's root may share, and waits for this
 * mount.  Who finds it covered under its lock gets EBUSY, and whoever is
 * early does so, too.
 */
static void
uncover(struct mount *mp)
{
	struct vnode *vp = mp->mnt_vnodecovered;

	if (vp != NULL)
		atomic_store_release(&vp->v_mountedhere, NULL);
}

/* Sync, and have the file system let go. */
static int
unmount_fs(struct mount *mp, int flags, struct lwp *l)
{
	int error = 0;

	cache_purgevfs(mp);
	if ((mp->mnt_flag & MNT_RDONLY) == 0) {
		/* begin all writes before one is waited for */
		(void)VFS_SYNC(mp, MNT_NOWAIT, l->l_cred);
		error = VFS_SYNC(mp, MNT_WAIT, l->l_cred);
	}
	/* write-back of vnodes that are gone */
	if (error == 0)
		error = (int)atomic_swap_uint(&mp->mnt_wberror, 0);
	if (error == 0 || (flags & MNT_FORCE) != 0)
		error = VFS_UNMOUNT(mp, flags);
	return error;
}

/*
 * Unmount a suspended file system: all but letting go of the mount itself.
 */
static int
unmount_suspended(struct mount *mp, int flags, struct lwp *l)
{
	const int async = mp->mnt_flag & MNT_ASYNC;
	const bool extattr = (mp->mnt_flag & MNT_EXTATTR) != 0;
	const bool synced = (mp->mnt_iflag & IMNT_ONWORKLIST) != 0;
	int error;

	if ((mp->mnt_iflag & IMNT_GONE) != 0)
		return ENOENT;
	if (synced)
		vfs_syncer_remove_from_worklist(mp);
	mount_iflag_change(mp, IMNT_UNMOUNT, 0);
	mount_flag_change(mp, 0, MNT_ASYNC);
	if (extattr)
		(void)VFS_EXTATTRCTL(mp, EXTATTR_CMD_STOP, NULL, 0, NULL);
	if ((error = unmount_fs(mp, flags, l)) != 0) {
		mount_iflag_change(mp, 0, IMNT_UNMOUNT);
		mount_flag_change(mp, async, 0);
		if (synced)
			vfs_syncer_add_to_worklist(mp);
		if (extattr)
			(void)VFS_EXTATTRCTL(mp, EXTATTR_CMD_START, NULL, 0,
			    NULL);
		return error;
	}
	mount_iflag_change(mp, IMNT_GONE, 0);
	mountlist_remove(mp);
	if (TAILQ_FIRST(&mp->mnt_vnodelist) != NULL)
		panic("unmount of %s: vnodes are left",
		    mp->mnt_stat.f_mntonname);
	vfs_hooks_unmount(mp);
	return 0;
}

/*
 * Unmount a file system.
 *
 * mp     the caller has a reference, which is consumed on success
 * flags  MNT_FORCE: whatever is in use
 *
 * Returns 0; EBUSY, ENOENT (somebody else did); or an error of the file
 * system.  On error all is as before.
 * Context: thread, may sleep; in no transaction of mp, or its owner.
 */
int
dounmount(struct mount *mp, int flags, struct lwp *l)
{
	struct vnode *covered = mp->mnt_vnodecovered;
	const bool suspend = !fstrans_is_owner(mp);
	int error;

	/* a layer is suspended with what is below; that stays mounted */
	if (suspend && (error = vfs_suspend(mp, 0)) != 0)
		return error;
	mutex_enter(mp->mnt_updating);
	error = unmount_suspended(mp, flags, l);
	mutex_exit(mp->mnt_updating);
	if (error == 0)
		uncover(mp);
	if (suspend)
		vfs_resume(mp);
	if (error != 0)
		return error;
	fstrans_unmount(mp);
	if (covered != NULL)
		vrele(covered);
	mp->mnt_vnodecovered = NULL;
	vfs_rele(mp);		/* the list's */
	vfs_rele(mp);		/* the caller's */
	return 0;
}

/* --------------------------------------------------------------- all of it */

/* Unmount, newest first, what can be; the root stays. */
static bool
unmount_pass(struct lwp *l, int flags, bool verbose)
{
	struct mount *mp;
	uint64_t gen = UINT64_MAX;
	bool progress = false;
	int error;

	while ((mp = mountlist_older(gen)) != NULL) {
		gen = mp->mnt_gen;
		if ((atomic_load_relaxed(&mp->mnt_flag) & MNT_ROOTFS) != 0 ||
		    mp->mnt_vnodecovered == NULL) {
			vfs_rele(mp);
			continue;
		}
		error = dounmount(mp, flags, l);
		if (error == 0) {
			progress = true;
			continue;
		}
		if (verbose)
			printf("unmount of %s failed: %d\n",
			    mp->mnt_stat.f_mntonname, error);
		vfs_rele(mp);
	}
	return progress;
}

/*
 * Unmount everything but the root.  Returns true if something was unmounted,
 * so that another pass may find more to do.
 */
bool
vfs_unmountall1(struct lwp *l, bool force, bool verbose)
{

	return unmount_pass(l, force ? MNT_FORCE : 0, verbose);
}

bool
vfs_unmountall(struct lwp *l)
{

	return vfs_unmountall1(l, true, true);
}

/* Unmount the newest file system by force; false if there is none. */
bool
vfs_unmount_forceone(struct lwp *l)
{
	struct mount *mp;
	uint64_t gen = UINT64_MAX;

	while ((mp = mountlist_older(gen)) != NULL) {
		gen = mp->mnt_gen;
		if (mp->mnt_vnodecovered != NULL &&
		    dounmount(mp, MNT_FORCE, l) == 0)
			return true;
		vfs_rele(mp);
	}
	return false;
}

/* Write back everything; false if something cannot be written. */
bool
vfs_sync_all(struct lwp *l)
{

	return do_sys_sync(l) == 0;
}

/* The system stops: write everything back, and unmount. */
void
vfs_shutdown(void)
{
	struct lwp *l = curlwp;

	(void)vfs_sync_all(l);
	while (vfs_unmountall1(l, false, false))
		continue;
	while (vfs_unmountall1(l, true, true))
		continue;
}

/*
 * Is a file system mounted from this block device, or an alias of it?
 *
 * Returns 0: no; EBUSY: yes; ENOTBLK: it is no block device.
 */
int
vfs_mountedon(struct vnode *vp)
{

	if (vp->v_type != VBLK)
		return ENOTBLK;
	return spec_node_getmountedfs(vp) != NULL ? EBUSY : 0;
}
