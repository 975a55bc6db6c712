/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory file system: its mounts, nodes and directory entries.
 *
 * A *node* is a file, directory, link ... .  It lives while a name refers to it
 * or its vnode is loaded; vnodes come and go.  A *dirent* is a name in a
 * directory; it refers to a node, or is a whiteout.
 *
 * Locks, in this order:
 *	vnode lock        attributes, contents and size of the node; the entries
 *	                  of a directory
 *	object lock       (of the vnode, shared with the node's data) tn_data,
 *	                  which pages exist
 *	v_interlock       times
 *	tm_lock           a leaf: the table of nodes, what is used of the limits,
 *	                  the parents of directories
 * The mount's rename lock is held around each rename: parents change under it.
 */

#ifndef TMPFS_TMPFS_H
#define TMPFS_TMPFS_H

#include <sys/param.h>
#include <sys/mount.h>
#include <sys/mutex.h>
#include <sys/rbtree.h>
#include <sys/time.h>
#include <sys/vnode.h>

struct uvm_object;

struct tmpfs_dirent {
	/* vnode lock of the directory */
	struct rb_node	td_order;	/* by td_seq, for readdir */
	struct tmpfs_dirent *td_chain;	/* in the table of names */
	struct tmpfs_node *td_node;	/* NULL: a whiteout */
	uint64_t	td_seq;		/* no two in a directory's life */
	uint32_t	td_hash;
	uint16_t	td_namelen;
	char		td_name[];	/* not terminated */
};

struct tmpfs_directory {
	/* vnode lock */
	rb_tree_t	di_order;
	struct tmpfs_dirent **di_table;	/* NULL while there are few entries */
	uint32_t	di_mask;	/* chains - 1 */
	uint32_t	di_entries;	/* whiteouts included */
	uint32_t	di_whiteouts;
	uint64_t	di_next_seq;

	/* tm_lock, and the rename lock to change it to another directory */
	struct tmpfs_node *di_parent;	/* itself: the root; NULL: removed */
};

struct tmpfs_file {
	/* object lock */
	struct uvm_object *fi_data;	/* NULL: never had any */

	/* tm_lock: pages that this file is charged for */
	size_t		fi_charged;
	size_t		fi_reserved;	/* of these, for writes under way */
};

struct tmpfs_node {
	/* constant */
	uint64_t	tn_id;		/* inode number, and key of the vnode */
	enum vtype	tn_type;

	/* vnode lock */
	mode_t		tn_mode;	/* permissions */
	nlink_t		tn_nlink;
	uid_t		tn_uid;
	gid_t		tn_gid;
	unsigned int	tn_flags;	/* chflags(2) */
	uint64_t	tn_size;
	uint64_t	tn_revision;	/* counts changes */
	union {
		struct tmpfs_directory tn_dir;
		struct tmpfs_file tn_file;
		char	*tn_link;	/* tn_size bytes */
		dev_t	tn_rdev;
	};

	/* v_interlock of the vnode */
	struct timespec	tn_atime, tn_mtime, tn_ctime, tn_btime;
	volatile unsigned int tn_accessed;	/* atomic: tn_atime is due */

	/* tm_lock */
	struct tmpfs_node *tn_next;	/* in the table of nodes */
};

struct tmpfs_mount {
	struct mount	*tm_mp;
	uint64_t	tm_root;	/* id of the root directory */
	uint32_t	tm_seed;	/* of the hash of names */

	/* tm_lock */
	kmutex_t	tm_lock;
	struct tmpfs_node **tm_table;	/* nodes by id */
	size_t		tm_mask;	/* chains - 1 */
	uint64_t	tm_next_id;
	uint64_t	tm_nodes;
	uint64_t	tm_nodes_max;
	bool		tm_nodes_chosen;	/* the limit was not given */
	uint64_t	tm_bytes;
	uint64_t	tm_bytes_max;	/* 0 = what the machine has */
};

#define TMPFS_ROOT_ID	2

/* chflags(2) flags that forbid: any change; all but adding at the end. */
#define TMPFS_IMMUTABLE	(UF_IMMUTABLE | SF_IMMUTABLE)
#define TMPFS_APPEND	(UF_APPEND | SF_APPEND)

static inline struct tmpfs_mount *
mount_to_tmpfs(const struct mount *mp)
{

	return mp->mnt_data;
}

static inline struct tmpfs_node *
vnode_to_tmpfs(const struct vnode *vp)
{

	return vp->v_data;
}

/* ------------------------------------------------------- limits: limits.c */

/* Bytes that can still be had. */
uint64_t tmpfs_bytes_free(struct tmpfs_mount *tm);

/* Charge bytes (pages) to the mount: 0 or ENOSPC.  And give them back. */
int	tmpfs_charge(struct tmpfs_mount *tm, uint64_t bytes);
void	tmpfs_uncharge(struct tmpfs_mount *tm, uint64_t bytes);

/* Memory that is charged; NULL: no space.  May sleep.  Sizes are remembered by the caller. */
void	*tmpfs_alloc(struct tmpfs_mount *tm, size_t size);
void	tmpfs_free(struct tmpfs_mount *tm, void *memory, size_t size);

/* --------------------------------------------------------- nodes: node.c */

void	tmpfs_table_create(struct tmpfs_mount *tm);
void	tmpfs_table_destroy(struct tmpfs_mount *tm);

/*
 * Make a node, with the link count it has when its caller has given it a name.
 * target: of a VLNK.  va: type, mode, rdev.  0, ENOSPC.
 */
int	tmpfs_node_create(struct tmpfs_mount *tm, const struct vattr *va,
	    uid_t uid, gid_t gid, const char *target,
	    struct tmpfs_node **nodep);
void	tmpfs_node_destroy(struct tmpfs_mount *tm, struct tmpfs_node *node);

/* NULL: no such node, or no name refers to it any more. */
struct tmpfs_node *tmpfs_node_find(struct tmpfs_mount *tm, uint64_t id);

/* Take a time now, for a node with a vnode. */
#define TMPFS_MODIFIED	0x1	/* contents: mtime, ctime */
#define TMPFS_CHANGED	0x2	/* attributes: ctime */
void	tmpfs_touch(struct vnode *vp, unsigned int what);
void	tmpfs_touch_accessed(struct vnode *vp);
void	tmpfs_settle_accessed(struct vnode *vp);

/* ----------------------------------------------------- directories: dir.c */

void	tmpfs_dir_init(struct tmpfs_node *dir);

/* Free the entries, and what finds them.  The nodes are left alone. */
void	tmpfs_dir_clear(struct tmpfs_mount *tm, struct tmpfs_node *dir);

/* NULL: no such entry. */
struct tmpfs_dirent *tmpfs_dir_find(struct tmpfs_mount *tm,
	    struct tmpfs_node *dir, const char *name, size_t len);

/* An entry that is in no directory yet; NULL: no space. */
struct tmpfs_dirent *tmpfs_dirent_create(struct tmpfs_mount *tm,
	    const char *name, size_t len);
void	tmpfs_dirent_destroy(struct tmpfs_mount *tm, struct tmpfs_dirent *de);

/* Put an entry for node (NULL: whiteout) into a directory; take it out. */
void	tmpfs_dir_insert(struct tmpfs_mount *tm, struct tmpfs_node *dir,
	    struct tmpfs_dirent *de, struct tmpfs_node *node);
void	tmpfs_dir_remove(struct tmpfs_mount *tm, struct tmpfs_node *dir,
	    struct tmpfs_dirent *de);

/* Let an entry stand for another node, or be a whiteout. */
void	tmpfs_dir_replace(struct tmpfs_node *dir, struct tmpfs_dirent *de,
	    struct tmpfs_node *node);

/* Has it no entries but whiteouts? */
bool	tmpfs_dir_empty(const struct tmpfs_node *dir);

/* The first entry whose td_seq is at least seq. */
struct tmpfs_dirent *tmpfs_dir_from(struct tmpfs_node *dir, uint64_t seq);
struct tmpfs_dirent *tmpfs_dir_next(struct tmpfs_node *dir,
	    struct tmpfs_dirent *de);

/* The parent's id; 0 = the directory was removed. */
uint64_t tmpfs_dir_parent(struct tmpfs_mount *tm, struct tmpfs_node *dir);
void	tmpfs_dir_set_parent(struct tmpfs_mount *tm, struct tmpfs_node *dir,
	    struct tmpfs_node *parent);

/* ---------------------------------------------------- file data: data.c */

/*
 * All want the vnode of a regular file, locked (shared for reading, else
 * exclusively).
 */
int	tmpfs_data_read(struct vnode *vp, struct uio *uio, int ioflag);
int	tmpfs_data_write(struct vnode *vp, struct uio *uio, int ioflag);
int	tmpfs_data_resize(struct vnode *vp, uint64_t size);
int	tmpfs_data_allocate(struct vnode *vp, uint64_t from, uint64_t to);
void	tmpfs_data_discard(struct vnode *vp, uint64_t from, uint64_t to);
void	tmpfs_data_load(struct vnode *vp);
void	tmpfs_data_destroy(struct tmpfs_mount *tm, struct tmpfs_node *node);
int	tmpfs_getpages(void *v);

/* ------------------------------------------------ attributes: attributes.c */

int	tmpfs_access(void *v);
int	tmpfs_getattr(void *v);
int	tmpfs_setattr(void *v);

/* ------------------------------- names: lookup.c, names.c, readdir.c, rename.c */

int	tmpfs_lookup(void *v);
int	tmpfs_create(void *v);
int	tmpfs_mknod(void *v);
int	tmpfs_mkdir(void *v);
int	tmpfs_symlink(void *v);
int	tmpfs_link(void *v);
int	tmpfs_remove(void *v);
int	tmpfs_rmdir(void *v);
int	tmpfs_whiteout(void *v);
int	tmpfs_readdir(void *v);
int	tmpfs_rename(void *v);

extern int (**tmpfs_vnodeop_p)(void *);
extern int (**tmpfs_specop_p)(void *);
extern int (**tmpfs_fifoop_p)(void *);
extern const struct vnodeopv_desc tmpfs_vnodeop_opv_desc;
extern const struct vnodeopv_desc tmpfs_specop_opv_desc;
extern const struct vnodeopv_desc tmpfs_fifoop_opv_desc;

#endif
