/* SPDX-License-Identifier: BSD-2-Clause */
/* File systems that lie over another one. */
#ifndef _MISCFS_GENFS_LAYER_H_
#define	_MISCFS_GENFS_LAYER_H_

#include <sys/mount.h>
#include <sys/vnode.h>

/* Argument of mount(2).  Exact layout. */
struct layer_args {
	char	*target;
	struct export_args30 _pad1;
};

#ifdef _KERNEL
struct layer_node {
	struct vnode	*layer_lowervp;		/* referenced */
	struct vnode	*layer_vnode;
	unsigned int	layer_flags;		/* LAYERFS_* */
};

/* layer_flags; the low bits are the layer's, the others the fs's own. */
#define	LAYERFS_RESFLAGS	0x00000fff
#define	LAYERFS_REMOVED		0x00000001	/* name gone below */

struct layer_mount {
	struct vnode	*layerm_rootvp;
	u_int		layerm_flags;		/* LAYERFS_M* */
	u_int		layerm_size;		/* of the fs's node */
	enum vtagtype	layerm_tag;
	int		(*layerm_bypass)(void *);
	int		(**layerm_vnodeop_p)(void *);
};

/* layerm_flags, divided alike */
#define	LAYERFS_MFLAGS		0x00000fff
#define	LAYERFS_MBYPASSDEBUG	0x00000001

#define	MOUNTTOLAYERMOUNT(mp)	((struct layer_mount *)(mp)->mnt_data)
#define	VTOLAYER(vp)		((struct layer_node *)(vp)->v_data)
#define	LAYERTOV(lp)		((lp)->layer_vnode)
#define	LAYERFS_DO_BYPASS(vp, ap)	\
	(MOUNTTOLAYERMOUNT((vp)->v_mount)->layerm_bypass(ap))
#define	LAYERVPTOLOWERVP(vp)	(VTOLAYER(vp)->layer_lowervp)
#endif /* _KERNEL */

#endif /* !_MISCFS_GENFS_LAYER_H_ */
