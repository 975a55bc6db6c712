/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptyfs: what its files share; see vfsops.c.
 */
#ifndef _PTYFS_VAR_H_
#define _PTYFS_VAR_H_

#include <sys/param.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/vnode.h>

#include <rump-private/ptyfs_args.h>

enum ptyfs_type {
	PTYFS_ROOT,
	PTYFS_SLAVE,
	PTYFS_CONTROL		/* has no name */
};

/* What a vnode is found by. */
struct ptyfs_key {
	int32_t	type;		/* enum ptyfs_type */
	int32_t	unit;
};

struct ptyfs_node {
	/* for good */
	struct ptyfs_key pn_key;
	LIST_ENTRY(ptyfs_node) pn_list;

	/* pm_lock */
	uid_t		pn_uid;
	gid_t		pn_gid;
	mode_t		pn_mode;
	struct timespec	pn_atime, pn_mtime, pn_ctime, pn_btime;
};

struct ptyfs_mount {
	/* for good */
	struct mount	*pm_mount;
	gid_t		pm_gid;
	mode_t		pm_mode;
	int		pm_flags;
	LIST_ENTRY(ptyfs_mount) pm_list;	/* vfsops.c: mounts_lock */

	kmutex_t	pm_lock;
	LIST_HEAD(, ptyfs_node) pm_nodes;	/* pm_lock; they stay */
};

static __inline __unused struct ptyfs_node *
vnode_to_ptyfs(const struct vnode *vp)
{

	return vp->v_data;
}

static __inline __unused struct ptyfs_mount *
mount_to_ptyfs(const struct mount *mp)
{

	return mp->mnt_data;
}

/* Number of a file: of the root 1, of slaves even ones. */
#define PTYFS_FILENO(key) \
	((key)->type == PTYFS_ROOT ? 1 : 2 * ((ino_t)(key)->unit + 1) + \
	    ((key)->type == PTYFS_CONTROL))

/* node.c */
struct ptyfs_node *ptyfs_node_get(struct ptyfs_mount *, const struct ptyfs_key *);
/* Nobody has the pair: its slave is as it was at first. */
void	ptyfs_node_reset(struct ptyfs_mount *, int unit);
void	ptyfs_nodes_free(struct ptyfs_mount *);
/* The vnode of a key, referenced and not locked. */
int	ptyfs_vnode(struct mount *, enum ptyfs_type, int unit, struct vnode **);

/* attributes.c */
int	ptyfs_access(void *);
int	ptyfs_getattr(void *);
int	ptyfs_setattr(void *);

/* vnops.c */
extern int (**ptyfs_vnodeop_p)(void *);
extern int (**ptyfs_specop_p)(void *);
extern const struct vnodeopv_desc ptyfs_vnodeop_opv_desc;
extern const struct vnodeopv_desc ptyfs_specop_opv_desc;

#endif
