/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Indexes of big directories.
 *
 * The first search in a directory of more than a sector reads it once and notes
 * hash and offset of each entry.  Further searches read only the sectors of the
 * entries with the right hash.
 *
 * Layout: slots are sorted by bucket (the low bits of the hash), and within a
 * bucket stand as in the directory; ix_first[b] is the first slot of bucket b.
 * An entry costs about nine bytes.
 *
 * Life: an index is made without a lock and then hung on its directory, unless
 * somebody was faster.  It goes when its directory's node goes, or when the
 * indexes of a mount together pass INDEX_LIMIT; those used last stay.  A user
 * holds a reference, so an index that was taken away lives until its users are
 * done.  A directory that alone would pass the limit is searched record by
 * record.
 *
 * Locks: cm_index_lock, a leaf, for the list, the references and the pointers
 * between node and index.  The rest is constant.
 */

#include "dir.h"

#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#include "cd9660.h"

#define INDEX_LIMIT	(32U * 1024 * 1024)	/* bytes, for a mount */
#define SLOTS_AT_FIRST	128

struct slot {
	uint32_t	sl_hash;
	uint32_t	sl_offset;
};

struct cd9660_index {
	/* cm_index_lock */
	TAILQ_ENTRY(cd9660_index) ix_list;
	struct cd9660_node *ix_directory;	/* NULL: taken away */
	unsigned int	ix_references;

	/* constant */
	uint32_t	ix_mask;		/* buckets - 1 */
	uint32_t	ix_count;		/* slots */
	uint32_t	*ix_first;		/* buckets + 1 */
	struct slot	*ix_slots;
};

/* Slots as they are collected. */
struct collection {
	struct slot	*co_slots;
	uint32_t	co_count;
	uint32_t	co_room;
};

void
cd9660_index_init(struct cd9660_mount *cm)
{

	mutex_init(&cm->cm_index_lock, MUTEX_DEFAULT, IPL_NONE);
	TAILQ_INIT(&cm->cm_indexes);
	cm->cm_index_bytes = 0;
}

void
cd9660_index_fini(struct cd9660_mount *cm)
{

	KASSERT(TAILQ_EMPTY(&cm->cm_indexes));
	mutex_destroy(&cm->cm_index_lock);
}

static size_t
index_bytes(const struct cd9660_index *index)
{

	return sizeof(*index) + index->ix_count * sizeof(struct slot) +
	    (index->ix_mask + 2) * sizeof(uint32_t);
}

static void
index_free(struct cd9660_index *index)
{

	if (index->ix_count != 0)
		kmem_free(index->ix_slots,
		    index->ix_count * sizeof(struct slot));
	kmem_free(index->ix_first, (index->ix_mask + 2) * sizeof(uint32_t));
	kmem_free(index, sizeof(*index));
}

static void
collection_add(struct collection *co, uint32_t hash, uint32_t offset)
{
	struct slot *slots;

	if (co->co_count == co->co_room) {
		slots = kmem_alloc(co->co_room * 2 * sizeof(*slots), KM_SLEEP);
		memcpy(slots, co->co_slots, co->co_count * sizeof(*slots));
		kmem_free(co->co_slots, co->co_room * sizeof(*slots));
		co->co_slots = slots;
		co->co_room *= 2;
	}
	co->co_slots[co->co_count].sl_hash = hash;
	co->co_slots[co->co_count].sl_offset = offset;
	co->co_count++;
}

/* Read a directory.  EFBIG: too many entries. */
static int
collect(struct cd9660_node *directory, struct collection *co)
{
	struct cd9660_reader reader;
	struct cd9660_entry entry;
	int error;

	cd9660_reader_begin(&reader, directory, 0, true);
	while ((error = cd9660_reader_next(&reader, &entry)) == 0) {
		if (co->co_count >= INDEX_LIMIT / 2 / sizeof(struct slot)) {
			error = EFBIG;
			break;
		}
		collection_add(co, cd9660_name_hash(entry.en_name.nm_text,
		    entry.en_name.nm_base), entry.en_offset);
	}
	cd9660_reader_end(&reader);
	return error == ENOENT ? 0 : error;
}

/* Sort by bucket: count, add up, put each in its place. */
static struct cd9660_index *
index_make(const struct collection *co)
{
	struct cd9660_index *index = kmem_zalloc(sizeof(*index), KM_SLEEP);
	uint32_t i, b, sum, n, *place;
	uint32_t buckets = 1;

	while (buckets < co->co_count / 4)
		buckets *= 2;
	index->ix_mask = buckets - 1;
	index->ix_count = co->co_count;
	index->ix_first = kmem_zalloc((buckets + 1) * sizeof(uint32_t),
	    KM_SLEEP);
	if (co->co_count == 0)
		return index;
	index->ix_slots = kmem_alloc(co->co_count * sizeof(struct slot),
	    KM_SLEEP);

	for (i = 0; i < co->co_count; i++)
		index->ix_first[co->co_slots[i].sl_hash & index->ix_mask]++;
	for (b = 0, sum = 0; b <= buckets; b++) {
		n = index->ix_first[b];
		index->ix_first[b] = sum;
		sum += n;
	}
	place = kmem_alloc(buckets * sizeof(uint32_t), KM_SLEEP);
	memcpy(place, index->ix_first, buckets * sizeof(uint32_t));
	for (i = 0; i < co->co_count; i++) {
		b = co->co_slots[i].sl_hash & index->ix_mask;
		index->ix_slots[place[b]++] = co->co_slots[i];
	}
	kmem_free(place, buckets * sizeof(uint32_t));
	return index;
}

static int
index_build(struct cd9660_node *directory, struct cd9660_index **indexp)
{
	struct collection co = { .co_room = SLOTS_AT_FIRST };
	int error;

	co.co_slots = kmem_alloc(co.co_room * sizeof(struct slot), KM_SLEEP);
	error = collect(directory, &co);
	if (error == 0)
		*indexp = index_make(&co);
	kmem_free(co.co_slots, co.co_room * sizeof(struct slot));
	return error;
}

/* Drop a reference; cm_index_lock is held.  Returns what is to be freed. */
static struct cd9660_index *
index_release_locked(struct cd9660_mount *cm, struct cd9660_index *index)
{

	KASSERT(mutex_owned(&cm->cm_index_lock));
	KASSERT(index->ix_references > 0);
	return --index->ix_references == 0 ? index : NULL;
}

/* Take an index from its directory; see index_release_locked. */
static struct cd9660_index *
index_detach_locked(struct cd9660_mount *cm, struct cd9660_index *index)
{

	KASSERT(mutex_owned(&cm->cm_index_lock));
	TAILQ_REMOVE(&cm->cm_indexes, index, ix_list);
	cm->cm_index_bytes -= index_bytes(index);
	index->ix_directory->cn_index = NULL;
	index->ix_directory = NULL;
	return index_release_locked(cm, index);
}

/* Hang an index on its directory, in place of some that were not used lately. */
static void
index_attach(struct cd9660_mount *cm, struct cd9660_node *directory,
    struct cd9660_index *index)
{
	struct cd9660_index *oldest, *unused;

	mutex_enter(&cm->cm_index_lock);
	while (directory->cn_index == NULL &&
	    cm->cm_index_bytes + index_bytes(index) > INDEX_LIMIT &&
	    (oldest = TAILQ_FIRST(&cm->cm_indexes)) != NULL) {
		unused = index_detach_locked(cm, oldest);
		mutex_exit(&cm->cm_index_lock);
		if (unused != NULL)
			index_free(unused);
		mutex_enter(&cm->cm_index_lock);
	}
	index->ix_references = 1;		/* the caller's */
	if (directory->cn_index == NULL) {
		index->ix_references++;		/* the directory's */
		index->ix_directory = directory;
		directory->cn_index = index;
		TAILQ_INSERT_TAIL(&cm->cm_indexes, index, ix_list);
		cm->cm_index_bytes += index_bytes(index);
	}
	mutex_exit(&cm->cm_index_lock);
}

struct cd9660_index *
cd9660_index_get(struct cd9660_node *directory)
{
	struct cd9660_mount *cm = directory->cn_mount;
	struct cd9660_index *index;
	bool unindexed;
	int error;

	if (directory->cn_size <= ISO_SECTOR_SIZE)
		return NULL;
	mutex_enter(&cm->cm_index_lock);
	index = directory->cn_index;
	unindexed = directory->cn_unindexed;
	if (index != NULL) {
		index->ix_references++;
		TAILQ_REMOVE(&cm->cm_indexes, index, ix_list);
		TAILQ_INSERT_TAIL(&cm->cm_indexes, index, ix_list);
	}
	mutex_exit(&cm->cm_index_lock);
	if (index != NULL || unindexed)
		return index;

	error = index_build(directory, &index);
	if (error == 0) {
		index_attach(cm, directory, index);
		return index;
	}
	if (error == EFBIG) {
		mutex_enter(&cm->cm_index_lock);
		directory->cn_unindexed = true;
		mutex_exit(&cm->cm_index_lock);
	}
	return NULL;
}

void
cd9660_index_put(struct cd9660_mount *cm, struct cd9660_index *index)
{
	struct cd9660_index *unused;

	mutex_enter(&cm->cm_index_lock);
	unused = index_release_locked(cm, index);
	mutex_exit(&cm->cm_index_lock);
	if (unused != NULL)
		index_free(unused);
}

void
cd9660_index_drop(struct cd9660_node *directory)
{
	struct cd9660_mount *cm = directory->cn_mount;
	struct cd9660_index *unused = NULL;

	mutex_enter(&cm->cm_index_lock);
	if (directory->cn_index != NULL)
		unused = index_detach_locked(cm, directory->cn_index);
	mutex_exit(&cm->cm_index_lock);
	if (unused != NULL)
		index_free(unused);
}

bool
cd9660_index_find(const struct cd9660_index *index, uint32_t hash,
    unsigned int n, uint64_t *offsetp)
{
	const uint32_t bucket = hash & index->ix_mask;
	uint32_t i;

	for (i = index->ix_first[bucket]; i < index->ix_first[bucket + 1]; i++) {
		if (index->ix_slots[i].sl_hash == hash && n-- == 0) {
			*offsetp = index->ix_slots[i].sl_offset;
			return true;
		}
	}
	return false;
}
