/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * etfs: files of the host in the root file system.
 *
 * A program registers keys, paths below the root, each for a file of the host.
 * The root file system asks here, before its own directories, what a path in the
 * root directory names: a whole key, however many components it has, is one step
 * of a look-up.  What it gets is a node, which it makes a vnode of:
 *
 *	VBLK, VCHR	a device of rumpblk: open it through specfs
 *	VREG		read and written with the functions below
 *	VDIR		etfs_lookup_in() finds what is in it; it cannot be listed
 *
 * A node is what a key names, or an entry of a directory of the host; as long as
 * anyone has a reference, every look-up of that gives the same node.
 */
#ifndef _VFS_ETFS_ETFS_H_
#define _VFS_ETFS_ETFS_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/vnode.h>

struct uio;

struct etfs_node {
	/* constant */
	enum vtype	en_type;
	dev_t		en_rdev;	/* VBLK, VCHR */
	uint64_t	en_fileid;	/* of no other node */
	struct etfs_node *en_parent;	/* referenced; NULL: named by a key */

	/* the root file system's */
	void		*en_private;

	/* etfs's own */
	char		*en_hostpath;
	uint64_t	en_begin;	/* VREG: window in the host's file */
	uint64_t	en_limit;	/* bytes of it; ETFS_NOLIMIT */
	bool		en_subdirs;	/* VDIR: and what is below it */
	bool		en_stream;	/* VREG: the host's has no offsets */
	u_int		en_refcnt;	/* etfs_lock */
	u_int		en_opens[2];	/* for reading, for writing */
	int		en_fd[2];	/* etfs_lock */
	LIST_ENTRY(etfs_node) en_entry;	/* etfs_lock */
};
#define ETFS_NOLIMIT	((uint64_t)-1)

/*
 * Length of the longest key that a path begins with; 0: there is none.
 *
 * path   without slashes in front.  A key ends there, or at a slash.
 */
size_t	etfs_keylen(const char *path);

/*
 * What a key names.  0 and a referenced node, or ENOENT.
 */
int	etfs_lookup(const char *key, size_t len, struct etfs_node **enp);

/*
 * What a name in a directory of the host names.
 *
 * Returns 0 and a referenced node; ENOENT; ENAMETOOLONG.
 * Context: thread, may sleep.
 */
int	etfs_lookup_in(struct etfs_node *dir, const char *name, size_t len,
	    struct etfs_node **enp);

/* The directory that a node is in, referenced; NULL: it is named by a key. */
struct etfs_node *etfs_parent(struct etfs_node *en);

void	etfs_node_hold(struct etfs_node *en);
void	etfs_node_rele(struct etfs_node *en);

/*
 * VREG: open for what fmode (FREAD, FWRITE) says, and close again.
 *
 * Returns 0 or the host's error: ENOENT, EACCES, EROFS ...
 */
int	etfs_open(struct etfs_node *en, int fmode);
int	etfs_close(struct etfs_node *en, int fmode);

/*
 * VREG: its size now, and may it be written?
 */
int	etfs_size(struct etfs_node *en, off_t *size);

/*
 * VREG, open: transfer at the uio's offset.
 *
 * Returns 0 or the host's error; the uio tells how far it came.  A read ends at
 * the end of the file or window; a write beyond the window is EFBIG.
 */
int	etfs_read(struct etfs_node *en, struct uio *uio);
int	etfs_write(struct etfs_node *en, struct uio *uio);

/* VREG, open for writing: what was written is on the host's storage. */
int	etfs_sync(struct etfs_node *en);

/* Set up, and register what the program asked for before boot. */
void	etfs_init(void);
void	etfs_boot(void);

/* Close what is open on the host, disks included, for halt. */
void	etfs_shutdown(void);

#endif /* !_VFS_ETFS_ETFS_H_ */
