/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Directories: slots, and the entries in them.
 *
 * An entry is a short entry, with the pieces of its long name in the slots just
 * before it, the last piece first.  Pieces are believed if they are complete, in
 * order, and carry the checksum of the short name; else the short name is the
 * name: that is what a system that knows no long names leaves behind.
 *
 * "." and "..", where they are, are no entries here; nor is the volume's label.
 *
 * Ref: FAT specification, "Directory Structure", "Organization and Association
 * of Short & Long Directory Entries".
 */

#include "msdosfs.h"

#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include <fs/msdosfs/msdosfsmount.h>

#define PREFETCH	(64 * 1024)	/* bytes */

/* -------------------------------------------------------------------- slots */

static inline unsigned int
cluster_slots(const struct msdosfs_mount *mm)
{

	return msdosfs_cluster_size(mm) / FAT_SLOT_SIZE;
}

static inline bool
is_root16(const struct msdosfs_node *dir)
{

	return dir->n_key == MSDOSFS_ROOT && dir->n_mount->mm_fat_bits != 32;
}

int
msdosfs_dir_load(struct msdosfs_node *dir)
{
	struct msdosfs_mount *mm = dir->n_mount;
	const uint32_t most = MAX(1, FAT_DIR_SLOTS_MAX / cluster_slots(mm));
	int error;

	KASSERT(dir->n_is_dir);
	if (dir->n_slots != 0)
		return 0;
	if (is_root16(dir)) {
		dir->n_slots = mm->mm_root_slots;
		return 0;
	}
	error = msdosfs_extents_load(dir, most);
	if (error != 0)
		return error;
	if (!dir->n_complete || dir->n_mapped == 0) {
		msdosfs_complain(mm, MSDOSFS_BAD_DIRECTORY,
		    "directory at cluster %u has %s", dir->n_start,
		    dir->n_mapped == 0 ? "no clusters" : "too many clusters");
		mm->mm_damaged = true;
		return EIO;
	}
	dir->n_slots = MIN(dir->n_mapped * cluster_slots(mm),
	    FAT_DIR_SLOTS_MAX);
	return 0;
}

/* Where the block with a position begins, and its size.  false: none has it. */
static bool
find_block(const struct msdosfs_mount *mm, uint64_t position,
    uint64_t *basep, uint32_t *sizep)
{
	const uint64_t root_size = roundup2((uint64_t)mm->mm_root_slots *
	    FAT_SLOT_SIZE, 1ULL << mm->mm_sector_shift);
	uint64_t cluster;

	if (mm->mm_root_slots != 0 && position >= mm->mm_root_start &&
	    position - mm->mm_root_start < root_size) {
		*basep = (position - mm->mm_root_start) &
		    ~(uint64_t)(MSDOSFS_META_SIZE - 1);
		*sizep = MIN(MSDOSFS_META_SIZE, root_size - *basep);
		*basep += mm->mm_root_start;
		return true;
	}
	if (position < mm->mm_data_start)
		return false;
	position -= mm->mm_data_start;
	cluster = position >> mm->mm_cluster_shift;
	if (cluster >= mm->mm_clusters)
		return false;
	*sizep = MIN(MSDOSFS_META_SIZE, msdosfs_cluster_size(mm));
	*basep = mm->mm_data_start + (position & ~(uint64_t)(*sizep - 1));
	return true;
}

int
msdosfs_dir_at(struct msdosfs_mount *mm, uint64_t position,
    struct msdosfs_block **blockp, uint8_t **slotp)
{
	uint64_t base;
	uint32_t size;
	int error;

	if (!find_block(mm, position, &base, &size))
		return ENOENT;
	error = msdosfs_meta_get(mm, MSDOSFS_META_DIR, base, size, blockp);
	if (error == 0)
		*slotp = (*blockp)->mb_data + (position - base);
	return error;
}

/* Position of a slot of a directory that is loaded. */
static int
slot_position(struct msdosfs_node *dir, uint32_t slot, uint64_t *positionp,
    uint32_t *runp)
{
	struct msdosfs_mount *mm = dir->n_mount;
	uint32_t cluster;
	int error;

	if (slot >= dir->n_slots)
		return ENOENT;
	if (is_root16(dir)) {
		*positionp = mm->mm_root_start + (uint64_t)slot * FAT_SLOT_SIZE;
		*runp = 1;
		return 0;
	}
	error = msdosfs_extent_find(dir, slot / cluster_slots(mm), &cluster,
	    runp);
	if (error != 0)
		return error;
	*positionp = msdosfs_cluster_position(mm, cluster) +
	    (uint64_t)(slot % cluster_slots(mm)) * FAT_SLOT_SIZE;
	return 0;
}

/* At the first slot of what lies together: read on. */
static void
prefetch(struct msdosfs_node *dir, uint32_t slot, uint64_t position,
    uint32_t run)
{
	struct msdosfs_mount *mm = dir->n_mount;
	const uint32_t size = MIN(MSDOSFS_META_SIZE, msdosfs_cluster_size(mm));
	uint64_t bytes;

	if (is_root16(dir) || slot % (PREFETCH / FAT_SLOT_SIZE) != 0)
		return;
	bytes = MIN((uint64_t)run << mm->mm_cluster_shift, PREFETCH);
	if (position + bytes <= mm->mm_device_size)
		msdosfs_meta_prefetch(mm, MSDOSFS_META_DIR, position, size,
		    bytes / size);
}

int
msdosfs_dir_slot(struct msdosfs_node *dir, uint32_t slot,
    struct msdosfs_block **blockp, uint8_t **slotp, uint64_t *positionp)
{
	uint64_t position;
	uint32_t run;
	int error;

	error = slot_position(dir, slot, &position, &run);
	if (error != 0)
		return error;
	if (run > 1 || slot % cluster_slots(dir->n_mount) == 0)
		prefetch(dir, slot, position, run);
	error = msdosfs_dir_at(dir->n_mount, position, blockp, slotp);
	if (error == 0 && positionp != NULL)
		*positionp = position;
	return error;
}

/* --------------------------------------------------------------- long names */

/* A long name that is being put together. */
struct pieces {
	unsigned int	pc_count;	/* slots seen; 0: none */
	unsigned int	pc_next;	/* the order that must come; 0: complete */
	uint8_t		pc_checksum;
	unsigned int	pc_len;		/* units */
};

static void
piece_units(const struct fat_long *piece, uint16_t units[FAT_LONG_UNITS])
{
	unsigned int i, n = 0;

	for (i = 0; i < sizeof(piece->dl_name1); i += 2)
		units[n++] = le16dec(piece->dl_name1 + i);
	for (i = 0; i < sizeof(piece->dl_name2); i += 2)
		units[n++] = le16dec(piece->dl_name2 + i);
	for (i = 0; i < sizeof(piece->dl_name3); i += 2)
		units[n++] = le16dec(piece->dl_name3 + i);
}

/* The piece with the end of the name comes first. */
static bool
pieces_begin(struct pieces *pc, const struct fat_long *piece,
    const uint16_t units[FAT_LONG_UNITS])
{
	const unsigned int order = piece->dl_order & FAT_LONG_ORDER;
	unsigned int len = 0;

	if (order < 1 || order > FAT_LONG_PIECES)
		return false;
	while (len < FAT_LONG_UNITS && units[len] != 0)
		len++;
	pc->pc_len = (order - 1) * FAT_LONG_UNITS + len;
	pc->pc_checksum = piece->dl_checksum;
	pc->pc_next = order;
	pc->pc_count = 0;
	return pc->pc_len != 0 && pc->pc_len <= FAT_NAME_MAX;
}

/* Take a piece; one that does not fit ends what there is. */
static void
pieces_take(struct pieces *pc, const struct fat_long *piece, uint16_t *text)
{
	const unsigned int order = piece->dl_order & FAT_LONG_ORDER;
	uint16_t units[FAT_LONG_UNITS];
	unsigned int i, at;

	piece_units(piece, units);
	if ((piece->dl_order & FAT_LONG_LAST) != 0) {
		if (!pieces_begin(pc, piece, units))
			pc->pc_next = pc->pc_count = 0;
	}
	if (pc->pc_next == 0 || order != pc->pc_next ||
	    piece->dl_checksum != pc->pc_checksum) {
		pc->pc_next = pc->pc_count = 0;
		return;
	}
	at = (order - 1) * FAT_LONG_UNITS;
	for (i = 0; i < FAT_LONG_UNITS && at + i < pc->pc_len; i++) {
		if (units[i] == 0) {
			pc->pc_next = pc->pc_count = 0;
			return;
		}
		text[at + i] = units[i];
	}
	pc->pc_next--;
	pc->pc_count++;
}

/* ------------------------------------------------------------------ entries */

static bool
is_dots(const struct fat_dirent *de)
{

	return memcmp(de->de_name, ".          ", 11) == 0 ||
	    memcmp(de->de_name, "..         ", 11) == 0;
}

static void
entry_fill(struct msdosfs_node *dir, struct msdosfs_entry *entry,
    const struct fat_dirent *de, const struct pieces *pc)
{
	struct msdosfs_mount *mm = dir->n_mount;

	entry->en_raw = *de;
	entry->en_pieces = 0;
	entry->en_long_len = 0;
	if (pc->pc_count == 0)
		return;
	if (pc->pc_next != 0 ||
	    pc->pc_checksum != msdosfs_short_checksum(de->de_name)) {
		msdosfs_complain(mm, MSDOSFS_BAD_NAME,
		    "a long name in the directory at cluster %u is damaged",
		    dir->n_start);
		return;
	}
	entry->en_pieces = pc->pc_count;
	if ((mm->mm_flags & (MSDOSFSMNT_SHORTNAME | MSDOSFSMNT_NOWIN95)) == 0)
		entry->en_long_len = pc->pc_len;
}

int
msdosfs_dir_next(struct msdosfs_node *dir, uint32_t *slotp,
    struct msdosfs_entry *entry)
{
	struct pieces pc = { .pc_count = 0 };
	const struct fat_dirent *de;
	struct msdosfs_block *block;
	uint8_t *bytes;
	int error;

	error = msdosfs_dir_load(dir);
	if (error != 0)
		return error;
	for (;; ++*slotp) {
		error = msdosfs_dir_slot(dir, *slotp, &block, &bytes,
		    &entry->en_position);
		if (error != 0)
			return error;
		de = (const struct fat_dirent *)bytes;
		if (de->de_name[0] == FAT_SLOT_END)
			return ENOENT;
		if (de->de_name[0] != FAT_SLOT_FREE &&
		    (de->de_attributes & FAT_ATTR_MASK) == FAT_ATTR_LONG) {
			pieces_take(&pc, (const struct fat_long *)bytes,
			    entry->en_long);
			continue;
		}
		if (de->de_name[0] != FAT_SLOT_FREE &&
		    (de->de_attributes & FAT_ATTR_LABEL) == 0 && !is_dots(de))
			break;
		pc.pc_count = pc.pc_next = 0;
	}
	entry_fill(dir, entry, de, &pc);
	entry->en_slot = (*slotp)++;
	return 0;
}

size_t
msdosfs_entry_name(const struct msdosfs_mount *mm,
    const struct msdosfs_entry *entry, char buffer[KERNEL_NAME_MAX + 1])
{
	uint16_t text[12];
	unsigned int len;
	size_t n = 0;

	if (entry->en_long_len != 0)
		n = msdosfs_name_print(entry->en_long, entry->en_long_len,
		    buffer, KERNEL_NAME_MAX);
	if (n == 0) {
		len = msdosfs_short_decode(mm, &entry->en_raw, text);
		n = msdosfs_name_print(text, len, buffer, KERNEL_NAME_MAX);
	}
	KASSERT(n != 0);
	buffer[n] = '\0';
	return n;
}

static bool
entry_matches(const struct msdosfs_mount *mm,
    const struct msdosfs_entry *entry, const struct msdosfs_name *name)
{
	uint16_t text[12];
	unsigned int len;

	if (entry->en_long_len != 0 && msdosfs_name_equal(entry->en_long,
	    entry->en_long_len, name->nm_text, name->nm_len))
		return true;
	len = msdosfs_short_decode(mm, &entry->en_raw, text);
	return msdosfs_name_equal(text, len, name->nm_text, name->nm_len);
}

int
msdosfs_dir_find(struct msdosfs_node *dir, const struct msdosfs_name *name,
    struct msdosfs_entry *entry)
{
	const uint32_t hash = msdosfs_name_hash(name->nm_text, name->nm_len);
	struct msdosfs_index *index;
	uint32_t cursor = 0, slot, pieces, from;
	int error;

	error = msdosfs_index_get(dir, &index);
	if (error != 0)
		return error;
	while (msdosfs_index_find(index, hash, &cursor, &slot, &pieces)) {
		from = slot - pieces;
		error = msdosfs_dir_next(dir, &from, entry);
		if (error != 0 && error != ENOENT)
			return error;
		if (error == 0 && entry->en_slot == slot &&
		    entry_matches(dir->n_mount, entry, name))
			return 0;
	}
	return ENOENT;
}

int
msdosfs_dir_empty(struct msdosfs_node *dir)
{
	struct msdosfs_index *index;
	int error;

	error = msdosfs_index_get(dir, &index);
	if (error != 0)
		return error;
	return msdosfs_index_entries(index) == 0 ? 0 : ENOTEMPTY;
}

int
msdosfs_dir_check(struct msdosfs_mount *mm, uint32_t cluster)
{
	struct msdosfs_block *block;
	uint8_t *bytes;
	int error;

	error = msdosfs_dir_at(mm, msdosfs_cluster_position(mm, cluster),
	    &block, &bytes);
	if (error != 0)
		return error;
	return memcmp(bytes, ".          ", 11) == 0 &&
	    fat_dirent_start(mm, (const struct fat_dirent *)bytes) ==
	    cluster ? 0 : ENOENT;
}

/* Where "..", which is at bytes, leads to.  EIO: to nothing that can be. */
static int
dotdot_key(struct msdosfs_node *dir, const uint8_t *bytes, uint64_t *keyp)
{
	struct msdosfs_mount *mm = dir->n_mount;
	const uint32_t start =
	    fat_dirent_start(mm, (const struct fat_dirent *)bytes);

	if (memcmp(bytes, "..         ", 11) != 0 || start == dir->n_start)
		return EIO;
	if (start == 0 ||
	    (mm->mm_fat_bits == 32 && start == mm->mm_root_cluster)) {
		*keyp = MSDOSFS_ROOT;
		return 0;
	}
	*keyp = msdosfs_dir_key(mm, start);
	return msdosfs_is_cluster(mm, start) &&
	    msdosfs_dir_check(mm, start) == 0 ? 0 : EIO;
}

int
msdosfs_dir_parent(struct msdosfs_node *dir, uint64_t *keyp)
{
	struct msdosfs_mount *mm = dir->n_mount;
	struct msdosfs_block *block;
	uint8_t *bytes;
	int error;

	KASSERT(dir->n_key != MSDOSFS_ROOT);
	if (dir->n_parent != 0) {
		*keyp = dir->n_parent;
		return 0;
	}
	error = msdosfs_dir_load(dir);
	if (error == 0)
		error = msdosfs_dir_slot(dir, 1, &block, &bytes, NULL);
	if (error != 0)
		return error == ENOENT ? EIO : error;
	error = dotdot_key(dir, bytes, keyp);
	if (error != 0)
		msdosfs_complain(mm, MSDOSFS_BAD_DIRECTORY,
		    "directory at cluster %u has a wrong \"..\"", dir->n_start);
	return error;
}
