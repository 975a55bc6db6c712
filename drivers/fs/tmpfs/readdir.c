/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Listing a directory.
 *
 * A cookie is one more than the number of the entry before it; 1 and 2 come
 * after "." and "..".
 */

#include "tmpfs.h"

#include <sys/dirent.h>
#include <sys/errno.h>

#include <rump-private/listing.h>

#define WHITEOUT_ID	1		/* a whiteout has no node */

static bool
add_entry(struct listing *listing, const struct tmpfs_dirent *de)
{
	const struct tmpfs_node *node = de->td_node;

	return listing_add(listing, de->td_name, de->td_namelen,
	    node != NULL ? node->tn_id : WHITEOUT_ID,
	    node != NULL ? vtype2dt(node->tn_type) : DT_WHT, de->td_seq + 1);
}

static int
collect(struct vnode *vp, struct listing *listing)
{
	struct tmpfs_node *dir = vnode_to_tmpfs(vp);
	const uint64_t parent =
	    tmpfs_dir_parent(mount_to_tmpfs(vp->v_mount), dir);
	struct tmpfs_dirent *de;

	/* A directory that was removed has nothing but itself. */
	if (parent == 0)
		return listing->ls_offset != 0 || listing_add(listing, ".", 1,
		    dir->tn_id, DT_DIR, 1) ? ENOENT : 0;
	if (!listing_add_dots(listing, dir->tn_id, parent))
		return 0;
	for (de = tmpfs_dir_from(dir, listing->ls_offset); de != NULL;
	    de = tmpfs_dir_next(dir, de)) {
		if (!add_entry(listing, de))
			return 0;
	}
	return ENOENT;
}

int
tmpfs_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	const int error = listing_read(ap, collect);

	if (error == 0)
		tmpfs_touch_accessed(ap->a_vp);
	return error;
}
