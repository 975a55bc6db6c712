/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernfs: what its files share; see vfsops.c.
 */
#ifndef _KERNFS_VAR_H_
#define _KERNFS_VAR_H_

#include <sys/param.h>
#include <sys/types.h>
#include <sys/vnode.h>

/* The longest text of a file that is made when it is read. */
#define KERNFS_TEXT	1024

struct uio;

/*
 * A file: entry 0 is the root directory.  A vnode is found by the number of its entry,
 * which is constant, so it has nothing of its own.
 *
 * kf_text    make the text, KERNFS_TEXT bytes at most; returns its length.
 * kf_read    other contents, from uio_offset on.
 * kf_write   the whole of what was written.
 * kf_device  a device, NODEV while there is none: then there is no such file.
 */
struct kernfs_file {
	const char	*kf_name;
	enum vtype	kf_type;
	mode_t		kf_mode;
	size_t		(*kf_text)(char *);
	int		(*kf_read)(struct uio *);
	int		(*kf_write)(const char *text, size_t len);
	dev_t		(*kf_device)(void);
};

extern const struct kernfs_file kernfs_files[];
extern const unsigned kernfs_nfiles;

static __inline __unused const struct kernfs_file *
vnode_to_kernfs(const struct vnode *vp)
{

	return &kernfs_files[*(const uint32_t *)vp->v_data];
}

/* Is it there now? */
bool	kernfs_exists(const struct kernfs_file *);
/* The vnode of entry n, referenced and not locked. */
int	kernfs_vnode(struct mount *, uint32_t n, struct vnode **);

extern int (**kernfs_vnodeop_p)(void *);
extern int (**kernfs_specop_p)(void *);
extern const struct vnodeopv_desc kernfs_vnodeop_opv_desc;
extern const struct vnodeopv_desc kernfs_specop_opv_desc;

#endif
