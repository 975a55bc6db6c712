/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Nodes: what is known of one file or directory.
 *
 * A node is made when its vnode is loaded and goes when that is reclaimed.  A
 * file's entry is where its key says.  That of a directory is known once the
 * directory was found by name; one that came by a file handle is searched for in
 * its parent when it is needed.
 *
 * A file that is moved changes its key, one that is removed gets a key that no
 * entry has: its slot may serve another file at once.
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/hash.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/proc.h>
#include <sys/systm.h>

#include <fs/msdosfs/msdosfsmount.h>

/* Is this the short entry of something? */
static bool
is_live(const struct fat_dirent *de)
{

	return de->de_name[0] != FAT_SLOT_END &&
	    de->de_name[0] != FAT_SLOT_FREE &&
	    (de->de_attributes & FAT_ATTR_LABEL) == 0;
}

static int
read_file(struct msdosfs_node *node, const struct fat_dirent *de)
{
	struct msdosfs_mount *mm = node->n_mount;

	if (!is_live(de) || (de->de_attributes & FAT_ATTR_DIRECTORY) != 0)
		return ENOENT;
	node->n_attributes = de->de_attributes;
	node->n_size = le32dec(de->de_size);
	node->n_start = fat_dirent_start(mm, de);
	if (node->n_start != 0 && !msdosfs_is_cluster(mm, node->n_start)) {
		msdosfs_complain(mm, MSDOSFS_BAD_ENTRY,
		    "a file begins at cluster %#x, which there is not",
		    node->n_start);
		node->n_start = 0;
		mm->mm_damaged = true;
	}
	msdosfs_times_read(de, &node->n_times);
	return 0;
}

/* The root has no entry; others have "." until theirs is known. */
static int
read_directory(struct msdosfs_node *node, uint64_t position)
{
	struct msdosfs_mount *mm = node->n_mount;
	struct msdosfs_block *block;
	uint8_t *bytes;
	int error;

	node->n_is_dir = true;
	node->n_attributes = FAT_ATTR_DIRECTORY;
	if (node->n_key == MSDOSFS_ROOT) {
		node->n_start = mm->mm_root_cluster;
		node->n_parent = MSDOSFS_ROOT;
		return 0;
	}
	if (position < mm->mm_data_start || ((position - mm->mm_data_start) &
	    (msdosfs_cluster_size(mm) - 1)) != 0)
		return ENOENT;
	node->n_start = FAT_FIRST_CLUSTER +
	    ((position - mm->mm_data_start) >> mm->mm_cluster_shift);
	if (!msdosfs_is_cluster(mm, node->n_start))
		return ENOENT;
	error = msdosfs_dir_at(mm, position, &block, &bytes);
	if (error == 0 && memcmp(bytes, ".          ", 11) == 0)
		msdosfs_times_read((struct fat_dirent *)bytes,
		    &node->n_times);
	return error;
}

int
msdosfs_node_create(struct msdosfs_mount *mm, uint64_t key,
    struct msdosfs_node **nodep)
{
	const uint64_t position = key / 2 * FAT_SLOT_SIZE;
	struct msdosfs_block *block;
	struct msdosfs_node *node;
	uint8_t *bytes;
	int error;

	KASSERT(rw_write_held(&mm->mm_lock));
	/* by division: a forged key must not come round to another's place */
	if (key / 2 >= mm->mm_device_size / FAT_SLOT_SIZE)
		return ENOENT;
	/* What was moved there has a node. */
	if (key == mm->mm_moved)
		return ENOENT;
	node = kmem_zalloc(sizeof(*node), KM_SLEEP);
	node->n_mount = mm;
	node->n_key = key;
	msdosfs_extents_init(node);
	if ((key & 1) != 0) {
		error = read_directory(node, position);
	} else {
		error = msdosfs_dir_at(mm, position, &block, &bytes);
		if (error == 0)
			error = read_file(node, (struct fat_dirent *)bytes);
		node->n_entry = position;
	}
	if (error != 0) {
		msdosfs_node_destroy(node);
		return error;
	}
	*nodep = node;
	return 0;
}

void
msdosfs_node_destroy(struct msdosfs_node *node)
{

	msdosfs_index_drop(node);
	msdosfs_extents_fini(node);
	kmem_free(node, sizeof(*node));
}

static int
directory_key(struct msdosfs_mount *mm, uint32_t start, uint64_t *keyp)
{

	if (msdosfs_is_cluster(mm, start)) {
		*keyp = msdosfs_dir_key(mm, start);
		return 0;
	}
	mm->mm_damaged = true;
	msdosfs_complain(mm, MSDOSFS_BAD_DIRECTORY,
	    "a directory begins at cluster %#x, which there is not", start);
	return EIO;
}

int
msdosfs_entry_key(struct msdosfs_mount *mm,
    const struct msdosfs_entry *entry, uint64_t *keyp)
{

	if ((entry->en_raw.de_attributes & FAT_ATTR_DIRECTORY) != 0)
		return directory_key(mm, fat_dirent_start(mm, &entry->en_raw),
		    keyp);
	*keyp = msdosfs_file_key(entry->en_position);
	return 0;
}

void
msdosfs_node_found(struct msdosfs_node *node,
    const struct msdosfs_node *dir, const struct msdosfs_entry *entry)
{

	if (!node->n_is_dir || node->n_key == MSDOSFS_ROOT ||
	    node->n_entry == entry->en_position)
		return;
	node->n_parent = dir->n_key;
	node->n_entry = entry->en_position;
	if ((atomic_load_relaxed(&node->n_due) & MSDOSFS_DUE_ENTRY) != 0)
		return;
	node->n_attributes = entry->en_raw.de_attributes;
	mutex_enter(&node->n_lock);
	msdosfs_times_read(&entry->en_raw, &node->n_times);
	mutex_exit(&node->n_lock);
}

/* Search a parent, which need have no vnode, for a directory's entry. */
static int
locate_in(struct msdosfs_node *node, struct msdosfs_node *parent)
{
	struct msdosfs_entry *entry;
	uint32_t slot = 0;
	int error;

	entry = kmem_alloc(sizeof(*entry), KM_SLEEP);
	while ((error = msdosfs_dir_next(parent, &slot, entry)) == 0) {
		if ((entry->en_raw.de_attributes & FAT_ATTR_DIRECTORY) != 0 &&
		    fat_dirent_start(node->n_mount, &entry->en_raw) ==
		    node->n_start) {
			msdosfs_node_found(node, parent, entry);
			break;
		}
	}
	kmem_free(entry, sizeof(*entry));
	return error;
}

int
msdosfs_node_locate(struct msdosfs_node *node)
{
	struct msdosfs_node *parent;
	uint64_t key;
	int error;

	if (node->n_entry != 0 || node->n_key == MSDOSFS_ROOT ||
	    node->n_unlinked)
		return 0;
	error = msdosfs_dir_parent(node, &key);
	if (error == 0)
		error = msdosfs_node_create(node->n_mount, key, &parent);
	if (error != 0)
		return error;
	error = locate_in(node, parent);
	msdosfs_node_destroy(parent);
	return error;
}

/* ------------------------------------------------------------------ updates */

void
msdosfs_node_touch(struct msdosfs_node *node, unsigned int due)
{

	/* The root has no entry, and so no times. */
	if (node->n_key != MSDOSFS_ROOT &&
	    (atomic_load_relaxed(&node->n_due) & due) != due)
		atomic_or_uint(&node->n_due, due);
}

bool
msdosfs_node_stale(const struct msdosfs_node *node)
{

	return atomic_load_relaxed(&node->n_due) != 0;
}

/* Times that are due become what the disk can say of now. */
void
msdosfs_node_settle(struct msdosfs_node *node)
{
	const unsigned int due = atomic_load_relaxed(&node->n_due) &
	    (MSDOSFS_DUE_ACCESSED | MSDOSFS_DUE_MODIFIED);
	struct msdosfs_times now;

	if (due == 0)
		return;
	atomic_and_uint(&node->n_due, ~due);
	if (node->n_mount->mm_readonly)
		return;
	msdosfs_times_now(node->n_mount, &now);
	mutex_enter(&node->n_lock);
	if ((due & MSDOSFS_DUE_MODIFIED) != 0) {
		node->n_times.ti_date = now.ti_date;
		node->n_times.ti_time = now.ti_time;
		if (!node->n_is_dir)
			node->n_attributes |= FAT_ATTR_ARCHIVE;
	}
	if ((due & MSDOSFS_DUE_MODIFIED) != 0 ||
	    node->n_times.ti_accessed_date != now.ti_accessed_date)
		atomic_or_uint(&node->n_due, MSDOSFS_DUE_ENTRY);
	node->n_times.ti_accessed_date = now.ti_accessed_date;
	mutex_exit(&node->n_lock);
}

static void
write_entry(struct msdosfs_node *node, struct fat_dirent *de)
{

	de->de_attributes = node->n_attributes;
	mutex_enter(&node->n_lock);
	msdosfs_times_write(&node->n_times, de);
	mutex_exit(&node->n_lock);
	if (node->n_is_dir)
		return;
	le16enc(de->de_start, node->n_start & 0xffff);
	if (node->n_mount->mm_fat_bits == 32)
		le16enc(de->de_start_high, node->n_start >> 16);
	le32enc(de->de_size, node->n_size);
}

int
msdosfs_node_update(struct msdosfs_node *node)
{
	struct msdosfs_mount *mm = node->n_mount;
	struct msdosfs_block *block;
	uint8_t *bytes;
	int error;

	KASSERT(rw_write_held(&mm->mm_lock));
	msdosfs_node_settle(node);
	if ((atomic_load_relaxed(&node->n_due) & MSDOSFS_DUE_ENTRY) == 0)
		return 0;
	atomic_and_uint(&node->n_due, ~MSDOSFS_DUE_ENTRY);
	if (node->n_unlinked || node->n_key == MSDOSFS_ROOT)
		return 0;
	error = msdosfs_node_locate(node);
	if (error == 0)
		error = msdosfs_dir_at(mm, node->n_entry, &block, &bytes);
	/* The device failed, not the volume: the next fsync tries again. */
	if (error != 0 && error != ENOENT && !mm->mm_damaged) {
		atomic_or_uint(&node->n_due, MSDOSFS_DUE_ENTRY);
		return error;
	}
	/* Two directories in one place: only a damaged volume has that. */
	if (error == 0 && (!is_live((struct fat_dirent *)bytes) ||
	    ((bytes[11] & FAT_ATTR_DIRECTORY) != 0) != node->n_is_dir))
		error = EIO;
	if (error != 0) {
		msdosfs_complain(mm, MSDOSFS_BAD_ENTRY,
		    "the entry of an object is lost");
		mm->mm_damaged = true;
		return error == ENOENT ? EIO : error;
	}
	write_entry(node, (struct fat_dirent *)bytes);
	msdosfs_meta_dirty(mm, block);
	return 0;
}

/* --------------------------------------------------------------------- keys */

void
msdosfs_node_rekey(struct vnode *vp, uint64_t key)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	const uint64_t old = node->n_key;

	if (old == key)
		return;
	/* Who asks for the key at this moment, by a file handle, gets nothing. */
	while (vcache_rekey_enter(vp->v_mount, vp, &old, sizeof(old), &key,
	    sizeof(key)) != 0)
		kpause("msdoskey", false, 1, NULL);
	node->n_key = key;
	vcache_rekey_exit(vp->v_mount, vp, &old, sizeof(old), &node->n_key,
	    sizeof(node->n_key));
}

void
msdosfs_node_unlink(struct vnode *vp)
{
	struct msdosfs_node *node = vnode_to_msdosfs(vp);
	struct msdosfs_mount *mm = node->n_mount;
	uint64_t key;

	KASSERT(VOP_ISLOCKED(vp) == LK_EXCLUSIVE);
	msdosfs_enter(mm);
	node->n_unlinked = true;
	node->n_entry = 0;
	key = MSDOSFS_UNLINKED | mm->mm_next_unlinked++;
	msdosfs_leave(mm);
	/* A directory's cluster is its own until the vnode goes. */
	if (!node->n_is_dir)
		msdosfs_node_rekey(vp, key);
}

/* A number that another object in the same place does not have. */
uint32_t
msdosfs_node_check(struct msdosfs_node *node)
{
	struct msdosfs_mount *mm = node->n_mount;
	const uint64_t position = node->n_key / 2 * FAT_SLOT_SIZE;
	const struct fat_dirent *de;
	struct msdosfs_block *block;
	uint8_t *bytes;
	uint32_t hash;

	if (node->n_key == MSDOSFS_ROOT)
		return 1;
	if (msdosfs_dir_at(mm, position, &block, &bytes) != 0)
		return 0;
	de = (const struct fat_dirent *)bytes;
	hash = hash32_buf(de->de_name, sizeof(de->de_name), HASH32_BUF_INIT);
	hash = hash32_buf(de->de_created_time, 2, hash);
	return hash32_buf(de->de_created_date, 2, hash);
}
