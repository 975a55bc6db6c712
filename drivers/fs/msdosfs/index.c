/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Indexes of directories: which slot has a name, and which slots are free.
 *
 * An index has, for each name of the directory, the long and the short ones, a
 * record of its hash and its slot, in a table with open addressing.  Names are
 * not in it: a candidate is read and compared.  A bitmap tells which slots are
 * used.  It is made by one pass over the directory when a name is first looked
 * for, follows all changes, and goes with the node, or when all indexes together
 * take too much memory: the least recently used first.
 *
 * All with mm_lock.
 */

#include "msdosfs.h"

#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#define TABLE_MIN	16
#define WORD_BITS	32

/* A record's place: the slot + 1, and the pieces of its long name; 0: none. */
#define PLACE_BITS	17
#define PLACE_MASK	((1U << PLACE_BITS) - 1)

struct record {
	uint32_t	rc_hash;
	uint32_t	rc_place;
};

struct msdosfs_index {
	TAILQ_ENTRY(msdosfs_index) in_use;
	struct msdosfs_node *in_dir;
	struct record	*in_table;
	uint32_t	in_mask;
	uint32_t	in_records;
	uint32_t	in_entries;
	uint32_t	*in_used;	/* a bit for each slot */
	uint32_t	in_words;
	uint32_t	in_hint;	/* no slot before this one is free */
	uint32_t	in_end;		/* from here on none was ever used */
	bool		in_tail;	/* something is behind the end */
};

/* ------------------------------------------------------------------- memory */

static size_t
index_bytes(const struct msdosfs_index *index)
{

	return sizeof(*index) +
	    ((size_t)index->in_mask + 1) * sizeof(struct record) +
	    index->in_words * sizeof(uint32_t);
}

static void
table_alloc(struct msdosfs_index *index, uint32_t size)
{

	index->in_table = kmem_zalloc(size * sizeof(struct record), KM_SLEEP);
	index->in_mask = size - 1;
}

static void
index_destroy(struct msdosfs_index *index)
{
	struct msdosfs_mount *mm = index->in_dir->n_mount;

	TAILQ_REMOVE(&mm->mm_indexes, index, in_use);
	mm->mm_index_bytes -= index_bytes(index);
	index->in_dir->n_index = NULL;
	kmem_free(index->in_table,
	    ((size_t)index->in_mask + 1) * sizeof(struct record));
	if (index->in_used != NULL)
		kmem_free(index->in_used, index->in_words * sizeof(uint32_t));
	kmem_free(index, sizeof(*index));
}

void
msdosfs_index_drop(struct msdosfs_node *dir)
{

	if (dir->n_index != NULL)
		index_destroy(dir->n_index);
}

static void
trim(struct msdosfs_mount *mm, const struct msdosfs_index *keep)
{
	struct msdosfs_index *index;

	while (mm->mm_index_bytes > mm->mm_index_max &&
	    (index = TAILQ_FIRST(&mm->mm_indexes)) != keep)
		index_destroy(index);
}

/* ---------------------------------------------------------- table of hashes */

static void
table_put(struct msdosfs_index *index, uint32_t hash, uint32_t place)
{
	uint32_t i = hash & index->in_mask;

	while (index->in_table[i].rc_place != 0)
		i = (i + 1) & index->in_mask;
	index->in_table[i] = (struct record){ hash, place };
	index->in_records++;
}

static void
table_grow(struct msdosfs_index *index)
{
	struct msdosfs_mount *mm = index->in_dir->n_mount;
	struct record *old = index->in_table;
	const uint32_t size = index->in_mask + 1;
	uint32_t i;

	if (index->in_records < size / 4 * 3)
		return;
	mm->mm_index_bytes += size * sizeof(struct record);
	table_alloc(index, size * 2);
	index->in_records = 0;
	for (i = 0; i < size; i++) {
		if (old[i].rc_place != 0)
			table_put(index, old[i].rc_hash, old[i].rc_place);
	}
	kmem_free(old, size * sizeof(struct record));
}

/* Close the gap at i: what would not be found behind it moves up. */
static void
table_close(struct msdosfs_index *index, uint32_t i)
{
	struct record *table = index->in_table;
	const uint32_t mask = index->in_mask;
	uint32_t j, home;

	for (j = (i + 1) & mask; table[j].rc_place != 0; j = (j + 1) & mask) {
		home = table[j].rc_hash & mask;
		if (((j - home) & mask) < ((j - i) & mask))
			continue;
		table[i] = table[j];
		i = j;
	}
	table[i].rc_place = 0;
	index->in_records--;
}

static void
table_delete(struct msdosfs_index *index, uint32_t hash, uint32_t place)
{
	uint32_t i;

	for (i = hash & index->in_mask; index->in_table[i].rc_place != 0;
	    i = (i + 1) & index->in_mask) {
		if (index->in_table[i].rc_hash == hash &&
		    index->in_table[i].rc_place == place) {
			table_close(index, i);
			return;
		}
	}
}

bool
msdosfs_index_find(struct msdosfs_index *index, uint32_t hash,
    uint32_t *cursor, uint32_t *slotp, uint32_t *piecesp)
{
	const struct record *r;

	while (*cursor <= index->in_mask) {
		r = &index->in_table[(hash + *cursor) & index->in_mask];
		if (r->rc_place == 0)
			break;
		++*cursor;
		if (r->rc_hash == hash) {
			*slotp = (r->rc_place & PLACE_MASK) - 1;
			*piecesp = r->rc_place >> PLACE_BITS;
			return true;
		}
	}
	return false;
}

/* -------------------------------------------------------------------- slots */

static void
slots_mark(struct msdosfs_index *index, uint32_t first, uint32_t count,
    bool used)
{
	uint32_t i;

	for (i = first; i < first + count; i++) {
		if (used)
			index->in_used[i / WORD_BITS] |= 1U << i % WORD_BITS;
		else
			index->in_used[i / WORD_BITS] &= ~(1U << i % WORD_BITS);
	}
	if (!used)
		index->in_hint = MIN(index->in_hint, first);
	else if (first == index->in_hint)
		index->in_hint = first + count;
}

/* Have bits for so many slots. */
static void
slots_room(struct msdosfs_index *index, uint32_t slots)
{
	struct msdosfs_mount *mm = index->in_dir->n_mount;
	const uint32_t words = howmany(slots, WORD_BITS);
	uint32_t *new;

	if (words <= index->in_words)
		return;
	new = kmem_zalloc(words * sizeof(uint32_t), KM_SLEEP);
	if (index->in_used != NULL) {
		memcpy(new, index->in_used,
		    index->in_words * sizeof(uint32_t));
		kmem_free(index->in_used, index->in_words * sizeof(uint32_t));
	}
	mm->mm_index_bytes += (words - index->in_words) * sizeof(uint32_t);
	index->in_used = new;
	index->in_words = words;
}

uint32_t
msdosfs_index_room(struct msdosfs_index *index, uint32_t count,
    uint32_t slots)
{
	uint32_t bit = index->in_hint, run = 0, word;

	slots_room(index, slots);
	while (bit < slots) {
		word = index->in_used[bit / WORD_BITS];
		if (word == UINT32_MAX) {
			bit = (bit / WORD_BITS + 1) * WORD_BITS;
			run = 0;
			continue;
		}
		run = (word >> bit % WORD_BITS & 1) != 0 ? 0 : run + 1;
		bit++;
		if (run == count)
			return bit - count;
	}
	return slots;
}

/* ------------------------------------------------------------------ entries */

static uint32_t
entry_place(const struct msdosfs_entry *entry)
{

	return (entry->en_slot + 1) | entry->en_pieces << PLACE_BITS;
}

/* The hashes of its names: one or two. */
static unsigned int
entry_hashes(const struct msdosfs_mount *mm,
    const struct msdosfs_entry *entry, uint32_t hashes[2])
{
	uint16_t text[12];
	unsigned int len;

	len = msdosfs_short_decode(mm, &entry->en_raw, text);
	hashes[0] = msdosfs_name_hash(text, len);
	if (entry->en_long_len == 0)
		return 1;
	hashes[1] = msdosfs_name_hash(entry->en_long, entry->en_long_len);
	return hashes[1] != hashes[0] ? 2 : 1;
}

void
msdosfs_index_add(struct msdosfs_index *index,
    const struct msdosfs_entry *entry)
{
	const uint32_t first = entry->en_slot - entry->en_pieces;
	uint32_t hashes[2];
	unsigned int i, n;

	n = entry_hashes(index->in_dir->n_mount, entry, hashes);
	for (i = 0; i < n; i++) {
		table_grow(index);
		table_put(index, hashes[i], entry_place(entry));
	}
	slots_room(index, entry->en_slot + 1);
	slots_mark(index, first, entry->en_pieces + 1, true);
	index->in_entries++;
	index->in_end = MAX(index->in_end, entry->en_slot + 1);
}

void
msdosfs_index_remove(struct msdosfs_index *index,
    const struct msdosfs_entry *entry)
{
	uint32_t hashes[2];
	unsigned int i, n;

	n = entry_hashes(index->in_dir->n_mount, entry, hashes);
	for (i = 0; i < n; i++)
		table_delete(index, hashes[i], entry_place(entry));
	slots_mark(index, entry->en_slot - entry->en_pieces,
	    entry->en_pieces + 1, false);
	KASSERT(index->in_entries > 0);
	index->in_entries--;
}

uint32_t
msdosfs_index_entries(const struct msdosfs_index *index)
{

	return index->in_entries;
}

uint32_t
msdosfs_index_end(const struct msdosfs_index *index)
{

	return index->in_end;
}

bool
msdosfs_index_has_tail(const struct msdosfs_index *index)
{

	return index->in_tail;
}

void
msdosfs_index_tail_cleared(struct msdosfs_index *index)
{

	index->in_tail = false;
}

/* ------------------------------------------------------------------- making */

/*
 * Which slots are used, up to the end; and is there anything behind it?  Pieces
 * of long names that belong to nothing count as used, so that no name is put
 * between them.
 */
static int
scan_slots(struct msdosfs_index *index)
{
	struct msdosfs_node *dir = index->in_dir;
	struct msdosfs_block *block;
	uint8_t *bytes;
	uint32_t slot;
	bool ended = false;
	int error;

	index->in_end = dir->n_slots;
	slots_room(index, dir->n_slots);
	for (slot = 0; slot < dir->n_slots; slot++) {
		error = msdosfs_dir_slot(dir, slot, &block, &bytes, NULL);
		if (error != 0)
			return error;
		if (ended) {
			index->in_tail |= bytes[0] != FAT_SLOT_END;
		} else if (bytes[0] == FAT_SLOT_END) {
			ended = true;
			index->in_end = slot;
		} else if (bytes[0] != FAT_SLOT_FREE) {
			slots_mark(index, slot, 1, true);
		}
	}
	return 0;
}

static int
scan_entries(struct msdosfs_index *index)
{
	struct msdosfs_entry *entry;
	uint32_t slot = 0;
	int error;

	entry = kmem_alloc(sizeof(*entry), KM_SLEEP);
	while ((error = msdosfs_dir_next(index->in_dir, &slot, entry)) == 0)
		msdosfs_index_add(index, entry);
	kmem_free(entry, sizeof(*entry));
	return error == ENOENT ? 0 : error;
}

int
msdosfs_index_get(struct msdosfs_node *dir, struct msdosfs_index **indexp)
{
	struct msdosfs_mount *mm = dir->n_mount;
	struct msdosfs_index *index = dir->n_index;
	int error;

	KASSERT(rw_write_held(&mm->mm_lock));
	if (index != NULL) {
		if (index != TAILQ_FIRST(&mm->mm_indexes) ||
		    TAILQ_NEXT(index, in_use) != NULL) {
			TAILQ_REMOVE(&mm->mm_indexes, index, in_use);
			TAILQ_INSERT_TAIL(&mm->mm_indexes, index, in_use);
		}
		trim(mm, index);
		*indexp = index;
		return 0;
	}
	error = msdosfs_dir_load(dir);
	if (error != 0)
		return error;
	index = kmem_zalloc(sizeof(*index), KM_SLEEP);
	index->in_dir = dir;
	dir->n_index = index;
	table_alloc(index, TABLE_MIN);
	TAILQ_INSERT_TAIL(&mm->mm_indexes, index, in_use);
	mm->mm_index_bytes += index_bytes(index);

	error = scan_slots(index);
	if (error == 0)
		error = scan_entries(index);
	if (error != 0) {
		index_destroy(index);
		return error;
	}
	trim(mm, index);
	*indexp = index;
	return 0;
}
