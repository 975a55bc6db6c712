/* SPDX-License-Identifier: BSD-2-Clause */
/* nullfs: a directory tree shown in a second place. */
#ifndef _MISCFS_NULLFS_NULL_H_
#define	_MISCFS_NULLFS_NULL_H_

#include <miscfs/genfs/layer.h>

/* Argument of mount(2).  Exact layout. */
struct null_args {
	struct layer_args	la;
};

#ifdef _KERNEL
struct null_mount {
	struct layer_mount	lm;
};

struct null_node {
	struct layer_node	ln;
};

extern int (**null_vnodeop_p)(void *);
extern const struct vnodeopv_desc null_vnodeop_opv_desc;
extern struct vfsops nullfs_vfsops;
#endif /* _KERNEL */

#endif /* !_MISCFS_NULLFS_NULL_H_ */
