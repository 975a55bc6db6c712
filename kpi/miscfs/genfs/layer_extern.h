/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions for file systems that lie over another one. */
#ifndef _MISCFS_GENFS_LAYER_EXTERN_H_
#define	_MISCFS_GENFS_LAYER_EXTERN_H_

#include <sys/types.h>

struct fid;
struct kauth_cred;
struct mount;
struct quotactl_args;
struct statvfs;
struct timespec;
struct vnode;

int	layer_node_create(struct mount *mp, struct vnode *lowervp,
	    struct vnode **vpp);

/* VFS operations */
void	layerfs_init(void);
void	layerfs_done(void);
int	layerfs_start(struct mount *mp, int flags);
int	layerfs_root(struct mount *mp, int lktype, struct vnode **vpp);
int	layerfs_quotactl(struct mount *mp, struct quotactl_args *args);
int	layerfs_statvfs(struct mount *mp, struct statvfs *sbp);
int	layerfs_sync(struct mount *mp, int waitfor, struct kauth_cred *cred);
int	layerfs_loadvnode(struct mount *mp, struct vnode *vp,
	    const void *key, size_t key_len, const void **new_key);
int	layerfs_vget(struct mount *mp, ino_t ino, int lktype,
	    struct vnode **vpp);
int	layerfs_fhtovp(struct mount *mp, struct fid *fhp, int lktype,
	    struct vnode **vpp);
int	layerfs_vptofh(struct vnode *vp, struct fid *fhp, size_t *len);
int	layerfs_snapshot(struct mount *mp, struct vnode *vp,
	    struct timespec *when);
int	layerfs_suspendctl(struct mount *mp, int cmd);
int	layerfs_renamelock_enter(struct mount *mp);
void	layerfs_renamelock_exit(struct mount *mp);

/* Vnode operations */
int	layer_bypass(void *v);
int	layer_lookup(void *v);
int	layer_open(void *v);
int	layer_close(void *v);
int	layer_access(void *v);
int	layer_getattr(void *v);
int	layer_setattr(void *v);
int	layer_fsync(void *v);
int	layer_inactive(void *v);
int	layer_reclaim(void *v);
int	layer_remove(void *v);
int	layer_rmdir(void *v);
int	layer_rename(void *v);
int	layer_revoke(void *v);
int	layer_bmap(void *v);
int	layer_getpages(void *v);
int	layer_putpages(void *v);
int	layer_print(void *v);

#endif /* !_MISCFS_GENFS_LAYER_EXTERN_H_ */
