/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Listing a directory.
 *
 * A cookie is the number of the slot behind an entry, and 2; 0 and 1 are before
 * "." and "..", which are made here: the root has none on the disk.  A listing
 * that is interrupted goes on behind the slot where it stopped.
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/kmem.h>

#include <rump-private/listing.h>

#define DOTS		2		/* entries made here */

static bool
add_entry(struct msdosfs_mount *mm, struct listing *listing,
    const struct msdosfs_entry *entry)
{
	const bool is_dir =
	    (entry->en_raw.de_attributes & FAT_ATTR_DIRECTORY) != 0;
	const uint32_t start = fat_dirent_start(mm, &entry->en_raw);
	char name[KERNEL_NAME_MAX + 1];
	uint64_t key;
	size_t len;

	key = msdosfs_file_key(entry->en_position);
	if (is_dir && msdosfs_is_cluster(mm, start))
		key = msdosfs_dir_key(mm, start);
	len = msdosfs_entry_name(mm, entry, name);
	return listing_add(listing, name, len, key, is_dir ? DT_DIR : DT_REG,
	    (off_t)entry->en_slot + 1 + DOTS);
}

static uint64_t
parent_of(struct msdosfs_node *dir)
{
	uint64_t parent;

	if (dir->n_key == MSDOSFS_ROOT || msdosfs_dir_parent(dir, &parent) != 0)
		return dir->n_key;
	return parent;
}

/* Collect from ls_offset on; msdosfs_enter was called. */
static int
collect_inside(struct msdosfs_node *dir, struct listing *listing)
{
	struct msdosfs_entry *entry;
	uint32_t slot;
	int error;

	if (dir->n_unlinked)
		return ENOENT;
	if (listing->ls_offset < DOTS &&
	    !listing_add_dots(listing, dir->n_key, parent_of(dir)))
		return 0;
	if (listing->ls_offset > FAT_DIR_SLOTS_MAX + DOTS)
		return ENOENT;
	slot = listing->ls_offset - DOTS;
	entry = kmem_alloc(sizeof(*entry), KM_SLEEP);
	while ((error = msdosfs_dir_next(dir, &slot, entry)) == 0) {
		if (!add_entry(dir->n_mount, listing, entry))
			break;
	}
	kmem_free(entry, sizeof(*entry));
	return error;
}

static int
collect(struct vnode *vp, struct listing *listing)
{
	struct msdosfs_node *dir = vnode_to_msdosfs(vp);
	int error;

	msdosfs_enter(dir->n_mount);
	error = collect_inside(dir, listing);
	msdosfs_leave(dir->n_mount);
	return error;
}

int
msdosfs_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const int error = listing_read(ap, collect);

	if (error == 0 &&
	    (atomic_load_relaxed(&vp->v_mount->mnt_flag) &
	    (MNT_NOATIME | MNT_RDONLY)) == 0)
		msdosfs_node_touch(vnode_to_msdosfs(vp), MSDOSFS_DUE_ACCESSED);
	return error;
}
