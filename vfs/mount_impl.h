/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between the files of vfs/ that deal with mounts and transactions.
 */
#ifndef _VFS_MOUNT_IMPL_H_
#define _VFS_MOUNT_IMPL_H_

#include <sys/atomic.h>
#include <sys/mount.h>
#include <sys/pserialize.h>
#include <sys/vnode.h>

/*
 * fstrans.c: enter a transaction of whatever mount vp is in, and know which.
 *
 * Such a mount stays in place, and vp in it, until fstrans_done().  trystart
 * does not sleep; EBUSY if the mount is suspended (or memory is short).
 */
struct mount *vnode_fstrans_start(struct vnode *vp);
int	vnode_fstrans_trystart(struct vnode *vp, struct mount **mpp);
void	fstrans_thread_init(void);

/* The state of a mount's transactions lives while its memory does. */
void	fstrans_mount_share(struct mount *mp, struct mount *lower);
void	fstrans_mount_free(struct mount *mp);

/* Change MNT_*; the caller owns mnt_updating, and others look without it. */
static inline void
mount_flag_change(struct mount *mp, int set, int clear)
{

	atomic_store_relaxed(&mp->mnt_flag, (mp->mnt_flag & ~clear) | set);
}

/* Change IMNT_*, in the same way. */
static inline void
mount_iflag_change(struct mount *mp, int set, int clear)
{

	atomic_store_relaxed(&mp->mnt_iflag, (mp->mnt_iflag & ~clear) | set);
}

/* The flags of the mount that vp is in now; nothing keeps it there. */
static inline int
vnode_imnt_flags(struct vnode *vp)
{
	int s, flags;

	s = pserialize_read_enter();
	flags = atomic_load_relaxed(
	    &atomic_load_acquire(&vp->v_mount)->mnt_iflag);
	pserialize_read_exit(s);
	return flags;
}

/* mount.c: what a mount that the kernel makes is called; "/" is where it is. */
void	mount_name(struct mount *mp, const char *type, const char *from);
/* A reference to a mount that was found without one; NULL if dying. */
bool	vfs_tryref(struct mount *mp);
struct vnode *vnode_covered(struct vnode *vp);
void	mount_boot(void);

/* lookup.c: from a covered directory to the root of what covers it. */
int	vnode_descend(struct vnode **vpp);

/* mount_list.c */
void	mountlist_remove(struct mount *mp);
struct mount *mountlist_older(uint64_t gen);
struct mount *mountlist_find(const fsid_t *fsid);
void	mountlist_boot(void);

/*
 * syncer.c: who makes a vnode dirty holds locks under which no thread can be
 * created, so it only says that the syncer is wanted, and the next VOP_UNLOCK
 * starts it.
 */
extern volatile bool syncer_wanted;
void	syncer_start(void);
void	syncer_boot(void);

/* usermount.c */
void	usermount_start(void);

#endif /* _VFS_MOUNT_IMPL_H_ */
