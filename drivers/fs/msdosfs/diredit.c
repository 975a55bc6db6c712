/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Changing directories: adding and removing entries, new directories.
 *
 * Blocks of directories are written in no particular order among each other.
 * Where that would matter, what came before is written first:
 *	- a name that was removed since all was last written comes again: else
 *	  both entries could be on the device, or one short name twice;
 *	- an entry that lies in two blocks takes slots of one that was removed:
 *	  else half of each could be there;
 *	- an entry that moves (rename.c).
 * A cluster that a directory gets is cleared on the device before a link to it
 * can be there.
 */

#include "msdosfs.h"

#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include <fs/msdosfs/msdosfsmount.h>

#define TAILS_MAX	(4 + 9 * 4096)

/* ------------------------------------------------- names that were removed */

/* A bit for a name; that of another may be the same, which costs little. */
static uint32_t
removed_bit(const struct msdosfs_node *dir, uint32_t hash)
{

	return ((hash ^ (uint32_t)dir->n_key * 0x85ebca6bU) * 0x9e3779b1U) >>
	    19;
}

static void
removed_set(struct msdosfs_node *dir, const uint16_t *text, unsigned int len)
{
	const uint32_t bit = removed_bit(dir, msdosfs_name_hash(text, len));

	dir->n_mount->mm_removed[bit / 32] |= 1U << bit % 32;
	dir->n_mount->mm_nremoved++;
}

static bool
removed_get(const struct msdosfs_node *dir, const uint16_t *text,
    unsigned int len)
{
	const uint32_t bit = removed_bit(dir, msdosfs_name_hash(text, len));

	return (dir->n_mount->mm_removed[bit / 32] & 1U << bit % 32) != 0;
}

/* -------------------------------------------------------------- short names */

/* Does another entry than old have this short name, as any of its names? */
static int
is_taken(struct msdosfs_node *dir, const uint8_t name[11],
    const struct msdosfs_entry *old, bool *takenp)
{
	struct fat_dirent de = { .de_case = 0 };
	struct msdosfs_entry *entry;
	struct msdosfs_name text;
	int error;

	memcpy(de.de_name, name, sizeof(de.de_name));
	text.nm_len = msdosfs_short_decode(dir->n_mount, &de, text.nm_text);
	entry = kmem_alloc(sizeof(*entry), KM_SLEEP);
	error = msdosfs_dir_find(dir, &text, entry);
	*takenp = error == 0 &&
	    (old == NULL || entry->en_position != old->en_position);
	kmem_free(entry, sizeof(*entry));
	return error == ENOENT ? 0 : error;
}

/* Choose the short name.  *longp: a long one is needed beside it. */
static int
choose_short(struct msdosfs_node *dir, const struct msdosfs_name *name,
    const struct msdosfs_entry *old, struct fat_dirent *de, bool *longp)
{
	uint8_t basis[11];
	enum msdosfs_fit fit;
	bool taken = true;
	unsigned int n;
	int error = 0;

	fit = msdosfs_short_encode(name, basis, &de->de_case);
	*longp = fit != MSDOSFS_FITS;
	memcpy(de->de_name, basis, sizeof(basis));
	if ((dir->n_mount->mm_flags &
	    (MSDOSFSMNT_SHORTNAME | MSDOSFSMNT_NOWIN95)) != 0) {
		*longp = false;
		de->de_case = 0;
		return fit == MSDOSFS_FITS_NOT ? EINVAL : 0;
	}
	if (fit != MSDOSFS_FITS_NOT) {
		error = is_taken(dir, basis, old, &taken);
		if (error != 0 || !taken)
			return error;
		*longp = true;
		de->de_case = 0;
	}
	for (n = 1; n <= TAILS_MAX && taken && error == 0; n++) {
		msdosfs_short_tail(name, basis, n, de->de_name);
		error = is_taken(dir, de->de_name, old, &taken);
	}
	return error == 0 && taken ? ENOSPC : error;
}

/* ------------------------------------------------------------------- adding */

static int
clear_cluster(struct msdosfs_mount *mm, uint32_t cluster)
{
	const uint32_t size = MIN(MSDOSFS_META_SIZE, msdosfs_cluster_size(mm));
	const uint64_t position = msdosfs_cluster_position(mm, cluster);
	struct msdosfs_block *block;
	uint32_t at;
	int error = 0;

	for (at = 0; at < msdosfs_cluster_size(mm) && error == 0; at += size) {
		msdosfs_meta_new(mm, MSDOSFS_META_DIR, position + at, size,
		    &block);
		msdosfs_meta_dirty(mm, block);
		error = msdosfs_meta_write(mm, block);
	}
	return error;
}

/* One cluster more.  ENOSPC: the directory cannot grow. */
static int
grow(struct msdosfs_node *dir)
{
	struct msdosfs_mount *mm = dir->n_mount;
	const uint32_t slots = msdosfs_cluster_size(mm) / FAT_SLOT_SIZE;
	uint32_t cluster, run;
	int error;

	if ((dir->n_key == MSDOSFS_ROOT && mm->mm_fat_bits != 32) ||
	    dir->n_slots + slots > FAT_DIR_SLOTS_MAX)
		return ENOSPC;
	error = msdosfs_extents_grow(dir, dir->n_mapped + 1);
	if (error == 0)
		error = msdosfs_extent_find(dir, dir->n_mapped - 1, &cluster,
		    &run);
	if (error != 0)
		return error;
	error = clear_cluster(mm, cluster);
	if (error != 0) {
		msdosfs_meta_forget_cluster(mm, cluster);
		msdosfs_extents_ungrow(dir);
		return error;
	}
	dir->n_slots += slots;
	return 0;
}

/* Clear what is behind the end: slots there are about to be used. */
static int
clear_tail(struct msdosfs_node *dir, struct msdosfs_index *index)
{
	struct msdosfs_block *block;
	uint8_t *bytes;
	uint32_t slot;
	int error;

	for (slot = msdosfs_index_end(index); slot < dir->n_slots; slot++) {
		error = msdosfs_dir_slot(dir, slot, &block, &bytes, NULL);
		if (error != 0)
			return error;
		memset(bytes, 0, FAT_SLOT_SIZE);
		msdosfs_meta_dirty(dir->n_mount, block);
	}
	error = msdosfs_meta_flush(dir->n_mount);
	if (error == 0)
		msdosfs_index_tail_cleared(index);
	return error;
}

/* Find room for so many slots, and have them all in memory. */
static int
find_room(struct msdosfs_node *dir, uint32_t count, uint32_t *slotp)
{
	struct msdosfs_index *index;
	struct msdosfs_block *block;
	uint8_t *bytes;
	uint32_t i;
	int error;

	error = msdosfs_index_get(dir, &index);
	if (error == 0 && msdosfs_index_has_tail(index))
		error = clear_tail(dir, index);
	while (error == 0) {
		*slotp = msdosfs_index_room(index, count, dir->n_slots);
		if (*slotp < dir->n_slots)
			break;
		error = grow(dir);
	}
	for (i = 0; i < count && error == 0; i++)
		error = msdosfs_dir_slot(dir, *slotp + i, &block, &bytes,
		    NULL);
	return error;
}

/* The piece of a name that comes order-th from its beginning (from 1). */
static void
make_piece(const struct msdosfs_name *name, unsigned int order,
    unsigned int pieces, uint8_t checksum, struct fat_long *piece)
{
	uint8_t units[FAT_LONG_UNITS * 2];
	unsigned int i, at = (order - 1) * FAT_LONG_UNITS;

	for (i = 0; i < FAT_LONG_UNITS; i++, at++)
		le16enc(units + i * 2, at < name->nm_len ? name->nm_text[at] :
		    at == name->nm_len ? 0 : 0xffff);
	memset(piece, 0, sizeof(*piece));
	piece->dl_order = order | (order == pieces ? FAT_LONG_LAST : 0);
	piece->dl_attributes = FAT_ATTR_LONG;
	piece->dl_checksum = checksum;
	memcpy(piece->dl_name1, units, 10);
	memcpy(piece->dl_name2, units + 10, 12);
	memcpy(piece->dl_name3, units + 22, 4);
}

/* All blocks are in memory: this does not fail. */
static void
write_slot(struct msdosfs_node *dir, uint32_t slot, const void *bytes,
    uint64_t *positionp)
{
	struct msdosfs_block *block;
	uint8_t *to;
	int error __diagused;

	error = msdosfs_dir_slot(dir, slot, &block, &to, positionp);
	KASSERT(error == 0);
	memcpy(to, bytes, FAT_SLOT_SIZE);
	msdosfs_meta_dirty(dir->n_mount, block);
}

static void
write_set(struct msdosfs_node *dir, const struct msdosfs_name *name,
    const struct fat_dirent *de, uint32_t slot, unsigned int pieces,
    struct msdosfs_entry *added)
{
	const uint8_t checksum = msdosfs_short_checksum(de->de_name);
	struct fat_long piece;
	unsigned int i;

	for (i = pieces; i > 0; i--) {
		make_piece(name, i, pieces, checksum, &piece);
		write_slot(dir, slot++, &piece, NULL);
	}
	write_slot(dir, slot, de, &added->en_position);
	added->en_slot = slot;
	added->en_pieces = pieces;
	added->en_raw = *de;
	added->en_long_len = pieces != 0 ? name->nm_len : 0;
	memcpy(added->en_long, name->nm_text,
	    added->en_long_len * sizeof(uint16_t));
	msdosfs_index_add(dir->n_index, added);
}

/* Do the slots lie in several blocks, which are written one by one? */
static bool
is_divided(struct msdosfs_node *dir, uint32_t slot, uint32_t count)
{
	struct msdosfs_block *first, *last;
	uint8_t *bytes;

	return msdosfs_dir_slot(dir, slot, &first, &bytes, NULL) != 0 ||
	    msdosfs_dir_slot(dir, slot + count - 1, &last, &bytes, NULL) != 0 ||
	    first != last;
}

/* Must what was removed lately be on the device before this is added? */
static bool
must_flush(struct msdosfs_node *dir, const struct msdosfs_name *name,
    const struct fat_dirent *de, uint32_t slot, uint32_t count)
{
	uint16_t text[12];
	unsigned int len;

	if (dir->n_mount->mm_nremoved == 0)
		return false;
	len = msdosfs_short_decode(dir->n_mount, de, text);
	return removed_get(dir, text, len) ||
	    removed_get(dir, name->nm_text, name->nm_len) ||
	    is_divided(dir, slot, count);
}

int
msdosfs_dir_add(struct msdosfs_node *dir, const struct msdosfs_name *name,
    const struct fat_dirent *raw, const struct msdosfs_entry *old,
    struct msdosfs_entry *added)
{
	struct fat_dirent de = *raw;
	unsigned int pieces;
	bool needs_long;
	uint32_t slot;
	int error;

	KASSERT(rw_write_held(&dir->n_mount->mm_lock));
	error = msdosfs_name_check(name);
	if (error == 0)
		error = choose_short(dir, name, old, &de, &needs_long);
	if (error != 0)
		return error;
	pieces = needs_long ? howmany(name->nm_len, FAT_LONG_UNITS) : 0;
	error = find_room(dir, pieces + 1, &slot);
	if (error != 0)
		return error;
	if (must_flush(dir, name, &de, slot, pieces + 1))
		error = msdosfs_meta_flush(dir->n_mount);
	if (error == 0)
		write_set(dir, name, &de, slot, pieces, added);
	return error;
}

/* ----------------------------------------------------------------- removing */

int
msdosfs_dir_remove(struct msdosfs_node *dir,
    const struct msdosfs_entry *entry)
{
	struct msdosfs_index *index;
	struct msdosfs_block *block;
	uint16_t text[12];
	unsigned int len;
	uint8_t *bytes;
	uint32_t i;
	int error;

	error = msdosfs_index_get(dir, &index);
	for (i = 0; i <= entry->en_pieces && error == 0; i++)
		error = msdosfs_dir_slot(dir, entry->en_slot - i, &block,
		    &bytes, NULL);
	if (error != 0)
		return error;
	for (i = 0; i <= entry->en_pieces; i++) {
		error = msdosfs_dir_slot(dir, entry->en_slot - i, &block,
		    &bytes, NULL);
		KASSERT(error == 0);
		bytes[0] = FAT_SLOT_FREE;
		msdosfs_meta_dirty(dir->n_mount, block);
	}
	msdosfs_index_remove(index, entry);
	len = msdosfs_short_decode(dir->n_mount, &entry->en_raw, text);
	removed_set(dir, text, len);
	if (entry->en_long_len != 0)
		removed_set(dir, entry->en_long, entry->en_long_len);
	return 0;
}

/* ---------------------------------------------------------- new directories */

static void
make_dots(struct msdosfs_mount *mm, uint8_t *bytes, unsigned int dots,
    uint32_t start, const struct msdosfs_times *times)
{
	struct fat_dirent *de = (struct fat_dirent *)bytes;

	memset(de, 0, sizeof(*de));
	memset(de->de_name, ' ', sizeof(de->de_name));
	memset(de->de_name, '.', dots);
	de->de_attributes = FAT_ATTR_DIRECTORY;
	msdosfs_times_write(times, de);
	le16enc(de->de_start, start & 0xffff);
	if (mm->mm_fat_bits == 32)
		le16enc(de->de_start_high, start >> 16);
}

int
msdosfs_dir_create(struct msdosfs_mount *mm, uint32_t cluster,
    uint32_t parent, const struct msdosfs_times *times)
{
	struct msdosfs_block *block;
	uint8_t *bytes;
	int error;

	error = clear_cluster(mm, cluster);
	if (error == 0)
		error = msdosfs_dir_at(mm, msdosfs_cluster_position(mm,
		    cluster), &block, &bytes);
	if (error != 0)
		return error;
	make_dots(mm, bytes, 1, cluster, times);
	make_dots(mm, bytes + FAT_SLOT_SIZE, 2, parent, times);
	msdosfs_meta_dirty(mm, block);
	return msdosfs_meta_write(mm, block);
}

int
msdosfs_dir_set_parent(struct msdosfs_node *dir, struct msdosfs_node *parent)
{
	struct msdosfs_mount *mm = dir->n_mount;
	const uint32_t start =
	    parent->n_key == MSDOSFS_ROOT ? 0 : parent->n_start;
	struct msdosfs_block *block;
	struct fat_dirent *de;
	uint8_t *bytes;
	int error;

	dir->n_parent = parent->n_key;
	error = msdosfs_dir_load(dir);
	if (error == 0)
		error = msdosfs_dir_slot(dir, 1, &block, &bytes, NULL);
	if (error != 0)
		return error;
	de = (struct fat_dirent *)bytes;
	if (memcmp(de->de_name, "..         ", 11) != 0)
		return 0;		/* damaged; nobody looks there */
	le16enc(de->de_start, start & 0xffff);
	if (mm->mm_fat_bits == 32)
		le16enc(de->de_start_high, start >> 16);
	msdosfs_meta_dirty(mm, block);
	return 0;
}
