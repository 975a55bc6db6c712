/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Free clusters.
 *
 * A region is 32768 clusters, and has a bit for each: is it used?  The bits are
 * made of the FAT when a region is first searched, so that mounting a large
 * volume costs nothing; from then on finding room is a look at words in memory.
 * How much is free is FSInfo's word, if the volume was unmounted in order and
 * the word can be true; else the whole FAT is counted, at mount.
 *
 * What a file gives back is free only when the directory that does not name it
 * any more is on the device; until then it waits in mm_pending.  So no cluster
 * ever belongs to two files on the device.
 *
 * All with mm_lock.
 */

#include "msdosfs.h"

#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#define WORD_BITS	32
#define REGION_BYTES	(MSDOSFS_REGION / 8)
#define NOT_COUNTED	UINT32_MAX

#define RUN_GOOD	64	/* clusters: so long a run need not be better */
#define KEEP_ALL	64	/* regions whose bits are kept after counting */
#define PREFETCH	8192	/* clusters */

int
msdosfs_alloc_init(struct msdosfs_mount *mm)
{
	unsigned int i;

	mm->mm_nregions = howmany(mm->mm_clusters, MSDOSFS_REGION);
	mm->mm_regions = kmem_zalloc(mm->mm_nregions *
	    sizeof(*mm->mm_regions), KM_SLEEP);
	for (i = 0; i < mm->mm_nregions; i++)
		mm->mm_regions[i].mr_free = NOT_COUNTED;
	return 0;
}

static void
region_unload(struct msdosfs_region *region)
{

	if (region->mr_used != NULL)
		kmem_free(region->mr_used, REGION_BYTES);
	region->mr_used = NULL;
}

void
msdosfs_alloc_fini(struct msdosfs_mount *mm)
{
	unsigned int i;

	if (mm->mm_regions == NULL)
		return;
	for (i = 0; i < mm->mm_nregions; i++)
		region_unload(&mm->mm_regions[i]);
	kmem_free(mm->mm_regions, mm->mm_nregions * sizeof(*mm->mm_regions));
	if (mm->mm_pending != NULL)
		kmem_free(mm->mm_pending, mm->mm_pending_room *
		    sizeof(*mm->mm_pending));
}

/* ------------------------------------------------------------------ regions */

static inline bool
bit_get(const uint32_t *words, uint32_t bit)
{

	return (words[bit / WORD_BITS] >> bit % WORD_BITS & 1) != 0;
}

static inline void
bit_set(uint32_t *words, uint32_t bit)
{

	words[bit / WORD_BITS] |= 1U << bit % WORD_BITS;
}

static inline void
bit_clear(uint32_t *words, uint32_t bit)
{

	words[bit / WORD_BITS] &= ~(1U << bit % WORD_BITS);
}

/* Make the bits of a region.  Those behind the last cluster are used. */
static int
region_load(struct msdosfs_mount *mm, unsigned int which)
{
	struct msdosfs_region *region = &mm->mm_regions[which];
	const uint32_t base = which << MSDOSFS_REGION_SHIFT;
	const uint32_t count = MIN(MSDOSFS_REGION, mm->mm_clusters - base);
	uint32_t i, value, free = 0;
	int error;

	if (region->mr_used != NULL)
		return 0;
	msdosfs_meta_trim(mm);
	region->mr_used = kmem_alloc(REGION_BYTES, KM_SLEEP);
	memset(region->mr_used, 0xff, REGION_BYTES);
	for (i = 0; i < count; i++) {
		if (i % PREFETCH == 0)
			msdosfs_fat_prefetch(mm, base + i + FAT_FIRST_CLUSTER,
			    MIN(PREFETCH, count - i));
		error = msdosfs_fat_get(mm, base + i + FAT_FIRST_CLUSTER,
		    &value);
		if (error != 0) {
			region_unload(region);
			return error;
		}
		if (value == FAT_FREE) {
			bit_clear(region->mr_used, i);
			free++;
		}
	}
	region->mr_free = free;
	return 0;
}

int
msdosfs_alloc_count(struct msdosfs_mount *mm)
{
	uint32_t free = 0;
	unsigned int i;
	int error;

	for (i = 0; i < mm->mm_nregions; i++) {
		error = region_load(mm, i);
		if (error != 0)
			return error;
		free += mm->mm_regions[i].mr_free;
		if (mm->mm_nregions > KEEP_ALL)
			region_unload(&mm->mm_regions[i]);
	}
	if (free != mm->mm_free)
		mm->mm_info_dirty = true;
	mm->mm_free = free;
	mm->mm_free_known = true;
	mm->mm_counted = true;
	return 0;
}

/* How many bits from one on are clear, at most `most`. */
static uint32_t
run_length(const struct msdosfs_region *region, uint32_t bit, uint32_t most)
{
	uint32_t n = 0;

	most = MIN(most, MSDOSFS_REGION - bit);
	while (n < most) {
		if ((bit + n) % WORD_BITS == 0 && most - n >= WORD_BITS &&
		    region->mr_used[(bit + n) / WORD_BITS] == 0) {
			n += WORD_BITS;
			continue;
		}
		if (bit_get(region->mr_used, bit + n))
			break;
		n++;
	}
	return n;
}

/* The next clear bit; MSDOSFS_REGION: none. */
static uint32_t
next_clear(const struct msdosfs_region *region, uint32_t bit)
{
	uint32_t word;

	while (bit < MSDOSFS_REGION) {
		word = ~region->mr_used[bit / WORD_BITS] >> bit % WORD_BITS;
		if (word != 0)
			return bit + __builtin_ctz(word);
		bit = (bit / WORD_BITS + 1) * WORD_BITS;
	}
	return MSDOSFS_REGION;
}

/*
 * The first run that is long enough, or else the longest.  0: the region is
 * full from there on.
 */
static uint32_t
find_run(const struct msdosfs_region *region, uint32_t from, uint32_t want,
    uint32_t *bitp)
{
	const uint32_t good = MIN(want, RUN_GOOD);
	uint32_t bit, n, best = 0;

	for (bit = next_clear(region, from); bit < MSDOSFS_REGION;
	    bit = next_clear(region, bit + n)) {
		n = run_length(region, bit, want);
		if (n > best) {
			best = n;
			*bitp = bit;
		}
		if (n >= good)
			break;
	}
	return best;
}

/* --------------------------------------------------------------- allocation */

static void
take(struct msdosfs_mount *mm, unsigned int which, uint32_t bit, uint32_t n,
    uint32_t *firstp)
{
	struct msdosfs_region *region = &mm->mm_regions[which];
	uint32_t i;

	for (i = 0; i < n; i++)
		bit_set(region->mr_used, bit + i);
	region->mr_free -= n;
	mm->mm_free -= MIN(mm->mm_free, n);
	mm->mm_info_dirty = true;
	mm->mm_next = (which << MSDOSFS_REGION_SHIFT) + bit + n;
	if (mm->mm_next >= mm->mm_clusters)
		mm->mm_next = 0;
	*firstp = (which << MSDOSFS_REGION_SHIFT) + bit + FAT_FIRST_CLUSTER;
}

/* At the goal itself.  0: it is not free. */
static int
take_goal(struct msdosfs_mount *mm, uint32_t goal, uint32_t want,
    uint32_t *firstp, uint32_t *countp)
{
	const uint32_t n = goal - FAT_FIRST_CLUSTER;
	const unsigned int which = n >> MSDOSFS_REGION_SHIFT;
	const uint32_t bit = n & (MSDOSFS_REGION - 1);
	int error;

	*countp = 0;
	if (!msdosfs_is_cluster(mm, goal))
		return 0;
	error = region_load(mm, which);
	if (error != 0)
		return error;
	*countp = run_length(&mm->mm_regions[which], bit, want);
	if (*countp != 0)
		take(mm, which, bit, *countp, firstp);
	return 0;
}

/* Once round the volume; the region where it begins is searched twice. */
static int
take_any(struct msdosfs_mount *mm, uint32_t want, uint32_t *firstp,
    uint32_t *countp)
{
	const unsigned int begin = mm->mm_next >> MSDOSFS_REGION_SHIFT;
	uint32_t bit, from = mm->mm_next & (MSDOSFS_REGION - 1);
	unsigned int i, which;
	int error;

	for (i = 0; i <= mm->mm_nregions; i++, from = 0) {
		which = (begin + i) % mm->mm_nregions;
		if (mm->mm_regions[which].mr_free == 0)
			continue;
		error = region_load(mm, which);
		if (error != 0)
			return error;
		*countp = find_run(&mm->mm_regions[which], from, want, &bit);
		if (*countp != 0) {
			take(mm, which, bit, *countp, firstp);
			return 0;
		}
	}
	/* FSInfo promised more than there is. */
	if (mm->mm_free != 0)
		return msdosfs_alloc_count(mm) != 0 ? EIO : ENOSPC;
	return ENOSPC;
}

int
msdosfs_alloc(struct msdosfs_mount *mm, uint32_t goal, uint32_t want,
    uint32_t *firstp, uint32_t *countp)
{
	int error;

	KASSERT(rw_write_held(&mm->mm_lock));
	KASSERT(want != 0);
	error = take_goal(mm, goal, want, firstp, countp);
	if (error != 0 || *countp != 0)
		return error;
	error = take_any(mm, want, firstp, countp);
	if (error != ENOSPC || mm->mm_npending == 0)
		return error;
	/* What was removed lately is free once that is on the device. */
	error = msdosfs_meta_flush(mm);
	return error != 0 ? error : take_any(mm, want, firstp, countp);
}

static void
give_back(struct msdosfs_mount *mm, uint32_t cluster)
{
	const uint32_t n = cluster - FAT_FIRST_CLUSTER;
	struct msdosfs_region *region =
	    &mm->mm_regions[n >> MSDOSFS_REGION_SHIFT];
	const uint32_t bit = n & (MSDOSFS_REGION - 1);

	if (region->mr_used != NULL) {
		if (!bit_get(region->mr_used, bit))
			return;
		bit_clear(region->mr_used, bit);
	}
	if (region->mr_free != NOT_COUNTED)
		region->mr_free++;
	if (mm->mm_free < mm->mm_clusters)
		mm->mm_free++;
	mm->mm_info_dirty = true;
}

void
msdosfs_alloc_undo(struct msdosfs_mount *mm, uint32_t first, uint32_t count)
{

	while (count-- > 0)
		give_back(mm, first++);
}

/* ------------------------------------------------------------------ pending */

static void
pending_add(struct msdosfs_mount *mm, uint32_t cluster, uint32_t count)
{
	const size_t size = sizeof(*mm->mm_pending);
	struct msdosfs_pending *new;
	size_t room;

	if (mm->mm_npending == mm->mm_pending_room) {
		room = MAX(16, mm->mm_pending_room * 2);
		new = kmem_alloc(room * size, KM_SLEEP);
		if (mm->mm_pending != NULL) {
			memcpy(new, mm->mm_pending, mm->mm_npending * size);
			kmem_free(mm->mm_pending, mm->mm_pending_room * size);
		}
		mm->mm_pending = new;
		mm->mm_pending_room = room;
	}
	mm->mm_pending[mm->mm_npending++] = (struct msdosfs_pending){
		.mp_cluster = cluster, .mp_count = count
	};
	mm->mm_pending_clusters += count;
}

void
msdosfs_free_later(struct msdosfs_mount *mm, uint32_t first, uint32_t count)
{
	struct msdosfs_pending *last;

	KASSERT(rw_write_held(&mm->mm_lock));
	KASSERT(count != 0);
	if (mm->mm_npending != 0) {
		last = &mm->mm_pending[mm->mm_npending - 1];
		if (last->mp_count != 0 &&
		    last->mp_cluster + last->mp_count == first) {
			last->mp_count += count;
			mm->mm_pending_clusters += count;
			return;
		}
	}
	pending_add(mm, first, count);
}

void
msdosfs_cut_later(struct msdosfs_mount *mm, uint32_t last)
{

	KASSERT(rw_write_held(&mm->mm_lock));
	pending_add(mm, last, 0);
}

static int
free_one(struct msdosfs_mount *mm, uint32_t cluster)
{
	uint32_t value;
	int error;

	error = msdosfs_fat_get(mm, cluster, &value);
	if (error != 0)
		return error;
	if (value == FAT_FREE) {
		msdosfs_complain(mm, MSDOSFS_BAD_FREE,
		    "cluster %u was in two files", cluster);
		mm->mm_damaged = true;
		return 0;
	}
	error = msdosfs_fat_set(mm, cluster, FAT_FREE);
	if (error == 0)
		give_back(mm, cluster);
	return error;
}

/* What fails stays used: clusters are lost, nothing worse. */
int
msdosfs_pending_apply(struct msdosfs_mount *mm)
{
	const struct msdosfs_pending *p;
	uint32_t i;
	size_t n;
	int error = 0, e;

	for (n = 0; n < mm->mm_npending; n++) {
		p = &mm->mm_pending[n];
		if (p->mp_count == 0) {
			e = msdosfs_fat_set(mm, p->mp_cluster, FAT_END);
			if (error == 0)
				error = e;
		}
		for (i = 0; i < p->mp_count; i++) {
			e = free_one(mm, p->mp_cluster + i);
			if (error == 0)
				error = e;
		}
	}
	mm->mm_npending = 0;
	mm->mm_pending_clusters = 0;
	return error;
}
