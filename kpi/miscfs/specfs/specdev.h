/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * specfs: the vnode operations of devices.
 *
 * Every vnode of type VBLK or VCHR has a specnode; all specnodes of one device
 * share a specdev.  device_lock protects both structures but for what says otherwise.
 */
#ifndef _MISCFS_SPECFS_SPECDEV_H_
#define	_MISCFS_SPECFS_SPECDEV_H_

#include <sys/mutex.h>
#include <sys/vnode.h>

struct lockf;
struct mount;

typedef struct specdev {
	dev_t		sd_rdev;	/* constant, with its type */
	enum vtype	sd_type;
	u_int		sd_refcnt;	/* atomic: vnodes, calls of the driver */
	struct lockf	*sd_lockf;	/* its own lock; lf_advlock */

	struct specdev	*sd_next;	/* in the table of devices */
	vnode_t		*sd_vnodes;
	u_int		sd_vnodecnt;
	struct mount	*sd_mountpoint;	/* mounted on this block device */
	vnode_t		*sd_bdevvp;	/* block: the vnode that is open */
	u_int		sd_opencnt;	/* opens, those under way included */
	bool		sd_opened;	/* the driver is to hear of a close */
	bool		sd_closing;	/* the last close is under way */
} specdev_t;

typedef struct specnode {
	vnode_t		*sn_next;	/* of the same device */
	struct specdev	*sn_dev;
	u_int		sn_opencnt;	/* opens through it that succeeded */
	dev_t		sn_rdev;
	bool		sn_gone;	/* revoked */
} specnode_t;

#define	v_rdev		v_specnode->sn_rdev
#define	v_speclockf	v_specnode->sn_dev->sd_lockf

#ifdef _KERNEL
extern int (**spec_vnodeop_p)(void *);
extern const struct vnodeopv_desc spec_vnodeop_opv_desc;

void	spec_init(void);
void	spec_node_init(vnode_t *vp, dev_t rdev);
void	spec_node_destroy(vnode_t *vp);
void	spec_node_revoke(vnode_t *vp);
int	spec_node_lookup_by_dev(enum vtype type, dev_t dev, vnode_t **vpp);
int	spec_node_lookup_by_mount(struct mount *mp, vnode_t **vpp);
struct mount *spec_node_getmountedfs(vnode_t *devvp);
void	spec_node_setmountedfs(vnode_t *devvp, struct mount *mp);
bool	iskmemvp(struct vnode *vp);

int	spec_lookup(void *v);
int	spec_open(void *v);
int	spec_close(void *v);
int	spec_read(void *v);
int	spec_write(void *v);
int	spec_fdiscard(void *v);
int	spec_ioctl(void *v);
int	spec_poll(void *v);
int	spec_kqfilter(void *v);
int	spec_mmap(void *v);
int	spec_fsync(void *v);
int	spec_inactive(void *v);
int	spec_reclaim(void *v);
int	spec_bmap(void *v);
int	spec_strategy(void *v);
int	spec_print(void *v);
int	spec_pathconf(void *v);
int	spec_advlock(void *v);
#define	spec_seek	genfs_nullop	/* devices may have offsets < 0 */

/*
 * The part of a file system's vector for devices that is the same everywhere;
 * access, accessx, getattr, setattr, read, write, close, fsync, lock, unlock,
 * islocked, inactive, reclaim, print and bwrite are left to the file system.
 */
#define	GENFS_SPECOP_ENTRIES						\
	{ &vop_lookup_desc, spec_lookup },				\
	{ &vop_parsepath_desc, genfs_badop },				\
	{ &vop_open_desc, spec_open },					\
	{ &vop_ioctl_desc, spec_ioctl },				\
	{ &vop_poll_desc, spec_poll },					\
	{ &vop_kqfilter_desc, spec_kqfilter },				\
	{ &vop_mmap_desc, spec_mmap },					\
	{ &vop_seek_desc, spec_seek },					\
	{ &vop_pathconf_desc, spec_pathconf },				\
	{ &vop_advlock_desc, spec_advlock },				\
	{ &vop_fdiscard_desc, spec_fdiscard },				\
	{ &vop_bmap_desc, spec_bmap },					\
	{ &vop_strategy_desc, spec_strategy },				\
	{ &vop_revoke_desc, genfs_revoke },				\
	{ &vop_getpages_desc, genfs_getpages },				\
	{ &vop_putpages_desc, genfs_putpages },				\
	{ &vop_fallocate_desc, genfs_eopnotsupp },			\
	{ &vop_create_desc, genfs_badop },				\
	{ &vop_mknod_desc, genfs_badop },				\
	{ &vop_mkdir_desc, genfs_badop },				\
	{ &vop_symlink_desc, genfs_badop },				\
	{ &vop_link_desc, genfs_badop },				\
	{ &vop_remove_desc, genfs_badop },				\
	{ &vop_rename_desc, genfs_badop },				\
	{ &vop_rmdir_desc, genfs_badop },				\
	{ &vop_readdir_desc, genfs_badop },				\
	{ &vop_readlink_desc, genfs_badop },				\
	{ &vop_whiteout_desc, genfs_badop },				\
	{ &vop_abortop_desc, genfs_badop }
#endif /* _KERNEL */

#endif /* !_MISCFS_SPECFS_SPECDEV_H_ */
