/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpfs: the root file system, in memory.
 *
 * A tree is what a mount shows.  There is the root's, made at boot; mounting
 * rumpfs elsewhere makes another, which is empty.  Only the root has devices
 * that components make, and the host's files.
 *
 * A node is an object: a directory, file, link, device ..., or a file of the
 * host that etfs shows (host.c).  A dirent is a name in a directory; it refers
 * to a node, or is a whiteout.  Names and nodes are one tree under one mutex,
 * so that components can put device nodes there without vnodes; what takes
 * long (contents) is the vnode lock's.
 *
 *   node.c      nodes, names in directories
 *   make.c      names made by path, for components
 *   mount.c     trees and their mounts
 *   vfsops.c    from nodes to vnodes; the operations of a mount
 *   lookup.c    VOP_LOOKUP, PARSEPATH, READDIR
 *   names.c     making and removing names; rename.c moves them
 *   attr.c      attributes, permission
 *   data.c      contents of regular files and links
 *   host.c      files of the host
 *   vectors.c   the operations of each kind of vnode
 *
 * Locks:  vnode lock, then rumpfs_lock.
 *   t   rumpfs_lock: the tree        v   vnode lock: contents and attributes
 *   :   constant                     o   the object lock of the data
 */
#ifndef _VFS_RUMPFS_RUMPFS_H_
#define _VFS_RUMPFS_RUMPFS_H_

#include <sys/param.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/time.h>
#include <sys/vnode.h>

struct componentname;
struct etfs_node;
struct mount;
struct uio;
struct uvm_object;

#define RUMPFS_MAXNAMLEN	255

struct rumpfs_dirent {
	TAILQ_ENTRY(rumpfs_dirent) rd_order;	/* t by rd_seq */
	LIST_ENTRY(rumpfs_dirent) rd_hash;	/* t */
	struct rumpfs_node *rd_node;		/* t NULL: a whiteout */
	uint64_t	rd_seq;			/* : position for readdir */
	uint32_t	rd_namehash;		/* : */
	uint8_t		rd_namelen;		/* : */
	char		rd_name[];		/* : */
};

LIST_HEAD(rumpfs_chain, rumpfs_dirent);

/* What is in one mount.  It ends with the mount. */
struct rumpfs_tree {
	struct mount	*rt_mount;		/* : */
	struct rumpfs_node *rt_root;		/* : */
	LIST_HEAD(, rumpfs_node) rt_nodes;	/* t */
};

struct rumpfs_node {
	/* identity and life */
	struct rumpfs_tree *rn_tree;		/* : */
	enum vtype	rn_type;		/* : */
	ino_t		rn_fileid;		/* : */
	unsigned	rn_refs;		/* t names, vnode, look-ups */
	unsigned	rn_links;		/* t link count to be shown */
	LIST_ENTRY(rumpfs_node) rn_all;		/* t in rt_nodes */

	/* attributes */
	mode_t		rn_mode;		/* v */
	uid_t		rn_uid;			/* v */
	gid_t		rn_gid;			/* v */
	u_long		rn_flags;		/* v */
	struct timespec	rn_atime, rn_mtime, rn_ctime, rn_birthtime; /* v */
	bool		rn_accessed;		/* atime is due; any thread */

	union {
		struct {			/* VDIR */
			struct rumpfs_node *parent;	/* t NULL: removed */
			TAILQ_HEAD(rumpfs_order, rumpfs_dirent) order; /* t */
			struct rumpfs_chain *chains;	/* t NULL: few */
			unsigned mask;			/* t */
			unsigned entries;		/* t */
			unsigned whiteouts;		/* t */
			uint64_t nextseq;		/* t */
		} rn_dir;
		struct {			/* VREG */
			struct uvm_object *data;	/* o NULL: none yet */
			void	*ext;			/* v caller's memory */
			size_t	extlen;			/* v */
			off_t	size;			/* v */
		} rn_file;
		struct {			/* VLNK */
			char	*target;		/* : */
			size_t	len;			/* : */
		} rn_link;
		dev_t	rn_rdev;		/* : VBLK, VCHR */
	};
	struct etfs_node *rn_host;		/* : a file of the host */
};

extern kmutex_t rumpfs_lock;
extern struct rumpfs_tree *rumpfs_boottree;	/* the root file system */

extern int (**rumpfs_vnodeop_p)(void *);
extern int (**rumpfs_rootop_p)(void *);
extern int (**rumpfs_specop_p)(void *);
extern int (**rumpfs_fifoop_p)(void *);
extern int (**rumpfs_hostop_p)(void *);

static inline struct rumpfs_node *
VTORN(const struct vnode *vp)
{

	return vp->v_data;
}

static inline struct rumpfs_tree *
MPTORT(const struct mount *mp)
{

	return mp->mnt_data;
}

/* node.c.  "t": rumpfs_lock is held. */
struct rumpfs_node *rumpfs_node_create(struct rumpfs_tree *rt, enum vtype type,
	    mode_t mode, uid_t uid, gid_t gid);
void	rumpfs_node_hold(struct rumpfs_node *rn);	/* t */
void	rumpfs_node_rele(struct rumpfs_node *rn);	/* t; may free */
struct rumpfs_dirent *rumpfs_dirent_create(const char *name, size_t len);
struct rumpfs_node *rumpfs_node_find(struct rumpfs_tree *rt, ino_t fileid); /* t */
void	rumpfs_dirent_free(struct rumpfs_dirent *rd);
struct rumpfs_dirent *rumpfs_dir_find(struct rumpfs_node *dir,	/* t */
	    const char *name, size_t len);
void	rumpfs_dir_attach(struct rumpfs_node *dir, struct rumpfs_dirent *rd, /* t */
	    struct rumpfs_node *rn);
void	rumpfs_dir_detach(struct rumpfs_node *dir, struct rumpfs_dirent *rd); /* t */
struct rumpfs_dirent *rumpfs_dir_after(struct rumpfs_node *dir, uint64_t seq); /* t */
bool	rumpfs_dir_has_others(struct rumpfs_node *dir);		/* t */

/* mount.c */
int	rumpfs_vfs_mount(struct mount *mp, const char *path, void *data,
	    size_t *len);
int	rumpfs_vfs_unmount(struct mount *mp, int flags);
void	rumpfs_mount_boot(void);

/* vfsops.c: the vnode of a node that the caller keeps; referenced, unlocked. */
int	rumpfs_getvnode(struct rumpfs_node *rn, struct vnode **vpp);
int	rumpfs_newvnode_at(struct vnode *dvp, struct componentname *cnp,
	    struct vattr *va, const char *target, struct vnode **vpp);

/* attr.c */
void	rumpfs_touch_changed(struct rumpfs_node *rn, bool contents);
void	rumpfs_touch_accessed(struct vnode *vp);
int	rumpfs_check_access(struct vnode *vp, accmode_t accmode,
	    struct kauth_cred *cred);
void	rumpfs_tell_namecache(struct vnode *vp);

/* data.c */
void	rumpfs_data_load(struct vnode *vp);
void	rumpfs_data_free(struct rumpfs_node *rn);
int	rumpfs_data_resize(struct vnode *vp, off_t size);

/* host.c: what etfs has under a name in the root, or in a host directory. */
int	rumpfs_host_lookup(struct rumpfs_node *dir, struct componentname *cnp,
	    struct vnode **vpp);
void	rumpfs_host_free(struct rumpfs_node *rn);

/* operations, for vectors.c */
int	rumpfs_lookup(void *), rumpfs_parsepath(void *), rumpfs_readdir(void *);
int	rumpfs_create(void *), rumpfs_mknod(void *), rumpfs_mkdir(void *);
int	rumpfs_symlink(void *), rumpfs_link(void *), rumpfs_remove(void *);
int	rumpfs_rmdir(void *), rumpfs_rename(void *), rumpfs_whiteout(void *);
int	rumpfs_access(void *), rumpfs_getattr(void *), rumpfs_setattr(void *);
int	rumpfs_pathconf(void *), rumpfs_open(void *), rumpfs_inactive(void *);
int	rumpfs_reclaim(void *), rumpfs_print(void *);
int	rumpfs_read(void *), rumpfs_write(void *), rumpfs_readlink(void *);
int	rumpfs_fcntl(void *), rumpfs_getpages(void *), rumpfs_putpages(void *);
int	rumpfs_host_lookup_vop(void *), rumpfs_host_readdir(void *);
int	rumpfs_host_open(void *), rumpfs_host_close(void *);
int	rumpfs_host_read(void *), rumpfs_host_write(void *);
int	rumpfs_host_fsync(void *);

#endif /* _VFS_RUMPFS_RUMPFS_H_ */
