/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What genfs's page operations need of a file system.
 *
 * The inode that v_data points to begins with a struct genfs_node.  Its lock
 * orders block allocation and page-in against truncation:
 *	vnode lock -> journal -> g_glock -> page busy -> object lock
 */
#ifndef _MISCFS_GENFS_GENFS_NODE_H_
#define	_MISCFS_GENFS_GENFS_NODE_H_

#include <sys/types.h>
#include <sys/rwlock.h>

struct kauth_cred;
struct uio;
struct vm_page;
struct vnode;

struct genfs_ops {
	void	(*gop_size)(struct vnode *vp, off_t size, off_t *eob,
		    int flags);
	int	(*gop_alloc)(struct vnode *vp, off_t off, off_t len,
		    int flags, struct kauth_cred *cred);
	int	(*gop_write)(struct vnode *vp, struct vm_page **pgs,
		    int npages, int flags);
	void	(*gop_markupdate)(struct vnode *vp, int flags);
	void	(*gop_putrange)(struct vnode *vp, off_t off, off_t *lo,
		    off_t *hi);
};

struct genfs_node {
	const struct genfs_ops *g_op;
	krwlock_t	g_glock;
};

#define	VTOG(vp)	((struct genfs_node *)(vp)->v_data)

#define	GOP_SIZE(vp, size, eobp, flags) \
	((*VTOG(vp)->g_op->gop_size)((vp), (size), (eobp), (flags)))
#define	GOP_ALLOC(vp, off, len, flags, cred) \
	((*VTOG(vp)->g_op->gop_alloc)((vp), (off), (len), (flags), (cred)))
#define	GOP_WRITE(vp, pgs, npages, flags) \
	((*VTOG(vp)->g_op->gop_write)((vp), (pgs), (npages), (flags)))
#define	GOP_PUTRANGE(vp, off, lop, hip) \
	((*VTOG(vp)->g_op->gop_putrange)((vp), (off), (lop), (hip)))

/* gop_size: the size that pages in memory may have, not blocks on disk. */
#define	GOP_SIZE_MEM		0x4

/* gop_markupdate: which times are due. */
#define	GOP_UPDATE_ACCESSED	0x1
#define	GOP_UPDATE_MODIFIED	0x2

void	genfs_node_init(struct vnode *vp, const struct genfs_ops *ops);
void	genfs_node_destroy(struct vnode *vp);
void	genfs_node_wrlock(struct vnode *vp);
void	genfs_node_rdlock(struct vnode *vp);
int	genfs_node_rdtrylock(struct vnode *vp);
void	genfs_node_unlock(struct vnode *vp);
int	genfs_node_wrlocked(struct vnode *vp);

/* Members of a struct genfs_ops for plain block file systems. */
void	genfs_size(struct vnode *vp, off_t size, off_t *eob, int flags);
int	genfs_gop_write(struct vnode *vp, struct vm_page **pgs, int npages,
	    int flags);
int	genfs_gop_write_rwmap(struct vnode *vp, struct vm_page **pgs,
	    int npages, int flags);
int	genfs_compat_gop_write(struct vnode *vp, struct vm_page **pgs,
	    int npages, int flags);
void	genfs_gop_putrange(struct vnode *vp, off_t off, off_t *lo, off_t *hi);

void	genfs_directio(struct vnode *vp, struct uio *uio, int ioflag);
void	genfs_markdirty(struct vnode *vp);

#endif /* !_MISCFS_GENFS_GENFS_NODE_H_ */
