/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * genfs: vnode operations and helpers that most file systems share.
 *
 * Functions of type int (void *) are vnode operations: they take the argument
 * structure of the slot that they are placed in.  vfs/genfs has the contracts
 * beside the code; doc/pagecache.md has those of the page operations.
 */
#ifndef _MISCFS_GENFS_GENFS_H_
#define	_MISCFS_GENFS_GENFS_H_

#include <sys/types.h>
#include <sys/acl.h>

struct acl;
struct componentname;
struct mount;
struct statvfs;
struct vm_page;
struct vnode;

/* Answers that need no state. */
int	genfs_nullop(void *v);
int	genfs_einval(void *v);
int	genfs_ebadf(void *v);
int	genfs_enoioctl(void *v);
int	genfs_eopnotsupp(void *v);
int	genfs_badop(void *v);
int	genfs_abortop(void *v);
int	genfs_seek(void *v);
int	genfs_mmap(void *v);
int	genfs_fcntl(void *v);
int	genfs_poll(void *v);
int	genfs_parsepath(void *v);
int	genfs_pathconf(void *v);
int	genfs_advlock(void *v);
int	genfs_kqfilter(void *v);
int	genfs_revoke(void *v);

/* The vnode lock. */
int	genfs_lock(void *v);
int	genfs_unlock(void *v);
int	genfs_islocked(void *v);
int	genfs_nolock(void *v);
int	genfs_nounlock(void *v);
int	genfs_noislocked(void *v);
int	genfs_deadlock(void *v);
int	genfs_deadunlock(void *v);
#define	genfs_deadislocked	genfs_islocked

/* File pages. */
int	genfs_getpages(void *v);
int	genfs_putpages(void *v);
int	genfs_null_putpages(void *v);
int	genfs_compat_getpages(void *v);
int	genfs_do_putpages(struct vnode *vp, off_t startoff, off_t endoff,
	    int flags, struct vm_page **busypg);

/* Permission: 0, or why not.  kauth(9) has the last word. */
int	genfs_access(void *v);
int	genfs_accessx(void *v);
int	genfs_can_access(struct vnode *vp, kauth_cred_t cred, uid_t uid,
	    gid_t gid, mode_t mode, struct acl *acl, accmode_t accmode);
int	genfs_can_access_acl_posix1e(struct vnode *vp, kauth_cred_t cred,
	    uid_t uid, gid_t gid, mode_t mode, struct acl *acl,
	    accmode_t accmode);
int	genfs_can_access_acl_nfs4(struct vnode *vp, kauth_cred_t cred,
	    uid_t uid, gid_t gid, mode_t mode, struct acl *acl,
	    accmode_t accmode);
int	genfs_can_chmod(struct vnode *vp, kauth_cred_t cred, uid_t uid,
	    gid_t gid, mode_t newmode);
int	genfs_can_chown(struct vnode *vp, kauth_cred_t cred, uid_t uid,
	    gid_t gid, uid_t newuid, gid_t newgid);
int	genfs_can_chtimes(struct vnode *vp, kauth_cred_t cred, uid_t uid,
	    u_int vaflags);
int	genfs_can_chflags(struct vnode *vp, kauth_cred_t cred, uid_t uid,
	    bool changes_sysflags);
int	genfs_can_sticky(struct vnode *vp, kauth_cred_t cred, uid_t dir_uid,
	    uid_t file_uid);
int	genfs_can_extattr(struct vnode *vp, kauth_cred_t cred,
	    accmode_t accmode, int attrnamespace);

/*
 * Rename.  genfs_sane_rename carries the algorithm, the file system these
 * steps; in each, directories come before children, source before target.
 */
struct genfs_rename_ops {
	bool	(*gro_directory_empty_p)(struct mount *mp, kauth_cred_t cred,
		    struct vnode *vp, struct vnode *dvp);
	int	(*gro_rename_check_possible)(struct mount *mp,
		    struct vnode *fdvp, struct vnode *fvp,
		    struct vnode *tdvp, struct vnode *tvp);
	int	(*gro_rename_check_permitted)(struct mount *mp,
		    kauth_cred_t cred, struct vnode *fdvp, struct vnode *fvp,
		    struct vnode *tdvp, struct vnode *tvp);
	int	(*gro_remove_check_possible)(struct mount *mp,
		    struct vnode *dvp, struct vnode *vp);
	int	(*gro_remove_check_permitted)(struct mount *mp,
		    kauth_cred_t cred, struct vnode *dvp, struct vnode *vp);
	int	(*gro_rename)(struct mount *mp, kauth_cred_t cred,
		    struct vnode *fdvp, struct componentname *fcnp,
		    void *fde, struct vnode *fvp,
		    struct vnode *tdvp, struct componentname *tcnp,
		    void *tde, struct vnode *tvp);
	int	(*gro_remove)(struct mount *mp, kauth_cred_t cred,
		    struct vnode *dvp, struct componentname *cnp, void *de,
		    struct vnode *vp);
	int	(*gro_lookup)(struct mount *mp, struct vnode *dvp,
		    struct componentname *cnp, void *de, struct vnode **vpp);
	int	(*gro_genealogy)(struct mount *mp, kauth_cred_t cred,
		    struct vnode *fdvp, struct vnode *tdvp,
		    struct vnode **intermediate);
	int	(*gro_lock_directory)(struct mount *mp, struct vnode *vp);
};

int	genfs_sane_rename(const struct genfs_rename_ops *ops,
	    struct vnode *fdvp, struct componentname *fcnp, void *fde,
	    struct vnode *tdvp, struct componentname *tcnp, void *tde,
	    kauth_cred_t cred, bool posixly_correct);
int	genfs_insane_rename(void *v,
	    int (*sane)(struct vnode *fdvp, struct componentname *fcnp,
		struct vnode *tdvp, struct componentname *tcnp,
		kauth_cred_t cred, bool posixly_correct));
void	genfs_rename_knote(struct vnode *fdvp, struct vnode *fvp,
	    struct vnode *tdvp, struct vnode *tvp, bool tvp_deleted);
void	genfs_rename_cache_purge(struct vnode *fdvp, struct vnode *fvp,
	    struct vnode *tdvp, struct vnode *tvp);
int	genfs_ufslike_rename_check_possible(unsigned long fdflags,
	    unsigned long fflags, unsigned long tdflags, unsigned long tflags,
	    bool clobber, unsigned long immutable, unsigned long append);
int	genfs_ufslike_rename_check_permitted(kauth_cred_t cred,
	    struct vnode *fdvp, mode_t fdmode, uid_t fduid,
	    struct vnode *fvp, uid_t fuid,
	    struct vnode *tdvp, mode_t tdmode, uid_t tduid,
	    struct vnode *tvp, uid_t tuid);
int	genfs_ufslike_remove_check_possible(unsigned long dflags,
	    unsigned long flags, unsigned long immutable,
	    unsigned long append);
int	genfs_ufslike_remove_check_permitted(kauth_cred_t cred,
	    struct vnode *dvp, mode_t dmode, uid_t duid,
	    struct vnode *vp, uid_t uid);

/* For a file system's table of VFS operations. */
int	genfs_statvfs(struct mount *mp, struct statvfs *sbp);
int	genfs_renamelock_enter(struct mount *mp);
void	genfs_renamelock_exit(struct mount *mp);
int	genfs_suspendctl(struct mount *mp, int cmd);

#endif /* !_MISCFS_GENFS_GENFS_H_ */
