/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where the clusters of a file are.
 *
 * The chain of a file in the FAT is kept as extents, sorted, as far as it was
 * read; it is read as far as someone asks, and a bit further where it goes on
 * without a gap.  So a cluster is found by a binary search, and the FAT is walked
 * once while the node lives.  Extents only go when the chain is cut: pages that
 * are dirty have their place here, and writing them reads nothing.
 *
 * A chain is never followed further than the volume has clusters, so loops end.
 */

#include "msdosfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/systm.h>

#define READ_ON		4096	/* clusters, while they lie together */
#define PREFETCH	1024

void
msdosfs_extents_init(struct msdosfs_node *node)
{

	mutex_init(&node->n_lock, MUTEX_DEFAULT, IPL_NONE);
}

void
msdosfs_extents_fini(struct msdosfs_node *node)
{

	if (node->n_extents != NULL)
		kmem_free(node->n_extents, node->n_extents_room *
		    sizeof(*node->n_extents));
	mutex_destroy(&node->n_lock);
}

/* Room for one more; mm_lock keeps others from asking for the same. */
static void
make_room(struct msdosfs_node *node)
{
	const uint32_t old = node->n_extents_room;
	const size_t size = sizeof(*node->n_extents);
	struct msdosfs_extent *new, *gone;

	if (node->n_nextents < old)
		return;
	new = kmem_alloc(MAX(2, old * 2) * size, KM_SLEEP);
	mutex_enter(&node->n_lock);
	gone = node->n_extents;
	if (gone != NULL)
		memcpy(new, gone, old * size);
	node->n_extents = new;
	node->n_extents_room = MAX(2, old * 2);
	mutex_exit(&node->n_lock);
	if (gone != NULL)
		kmem_free(gone, old * size);
}

/* The last cluster that is known. */
static uint32_t
last_cluster(const struct msdosfs_node *node)
{
	const struct msdosfs_extent *last =
	    &node->n_extents[node->n_nextents - 1];

	KASSERT(node->n_nextents != 0);
	return last->ex_disk + (node->n_mapped - 1 - last->ex_file);
}

/* The chain goes on with these clusters. */
static void
append(struct msdosfs_node *node, uint32_t first, uint32_t count)
{

	if (node->n_mapped == 0 || last_cluster(node) + 1 != first)
		make_room(node);
	mutex_enter(&node->n_lock);
	if (node->n_mapped == 0 || last_cluster(node) + 1 != first)
		node->n_extents[node->n_nextents++] = (struct msdosfs_extent){
			.ex_file = node->n_mapped, .ex_disk = first
		};
	node->n_mapped += count;
	mutex_exit(&node->n_lock);
}

/* ------------------------------------------------------------------ reading */

/* The cluster behind those that are known; FAT_END: none. */
static int
next_cluster(struct msdosfs_node *node, uint32_t *nextp)
{
	struct msdosfs_mount *mm = node->n_mount;
	int error;

	if (node->n_mapped == 0) {
		*nextp = node->n_start != 0 ? node->n_start : FAT_END;
	} else {
		if (node->n_mapped % PREFETCH == 0)
			msdosfs_fat_prefetch(mm, last_cluster(node), PREFETCH);
		error = msdosfs_fat_get(mm, last_cluster(node), nextp);
		if (error != 0)
			return error;
	}
	if (*nextp >= FAT_END_MIN)
		return 0;
	if (!msdosfs_is_cluster(mm, *nextp) ||
	    node->n_mapped >= mm->mm_clusters) {
		msdosfs_complain(mm, MSDOSFS_BAD_CHAIN,
		    "chain from cluster %u goes to %#x, or round",
		    node->n_start, *nextp);
		mm->mm_damaged = true;
		return EIO;
	}
	return 0;
}

/* Read up to cluster index; limit: and on to there, while there is no gap. */
static int
read_chain(struct msdosfs_node *node, uint32_t index, uint32_t limit)
{
	uint32_t next;
	int error;

	KASSERT(rw_write_held(&node->n_mount->mm_lock));
	while (!node->n_complete && node->n_mapped <= limit) {
		error = next_cluster(node, &next);
		if (error != 0)
			return node->n_mapped > index ? 0 : error;
		if (next >= FAT_END_MIN) {
			mutex_enter(&node->n_lock);
			node->n_complete = true;
			mutex_exit(&node->n_lock);
			break;
		}
		if (node->n_mapped > index && next != last_cluster(node) + 1)
			break;
		append(node, next, 1);
	}
	return 0;
}

int
msdosfs_extents_load(struct msdosfs_node *node, uint32_t index)
{

	return read_chain(node, index, index);
}

int
msdosfs_extents_load_all(struct msdosfs_node *node)
{

	return read_chain(node, UINT32_MAX, UINT32_MAX);
}

/* Among those that are known; n_lock. */
static bool
find_known(const struct msdosfs_node *node, uint32_t index,
    uint32_t *clusterp, uint32_t *runp)
{
	const struct msdosfs_extent *ex = node->n_extents;
	uint32_t low = 0, high = node->n_nextents, middle, end;

	if (index >= node->n_mapped)
		return false;
	/* The last that begins at index or before. */
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (ex[middle].ex_file <= index)
			low = middle;
		else
			high = middle;
	}
	end = high < node->n_nextents ? ex[high].ex_file : node->n_mapped;
	*clusterp = ex[low].ex_disk + (index - ex[low].ex_file);
	*runp = end - index;
	return true;
}

int
msdosfs_extent_find(struct msdosfs_node *node, uint32_t index,
    uint32_t *clusterp, uint32_t *runp)
{
	struct msdosfs_mount *mm = node->n_mount;
	bool found, complete;
	int error;

	mutex_enter(&node->n_lock);
	found = find_known(node, index, clusterp, runp);
	complete = node->n_complete;
	mutex_exit(&node->n_lock);
	if (found)
		return 0;
	if (complete)
		return ENOENT;

	msdosfs_enter(mm);
	error = read_chain(node, index,
	    index < UINT32_MAX - READ_ON ? index + READ_ON : index);
	if (error == 0 && !find_known(node, index, clusterp, runp))
		error = ENOENT;
	msdosfs_leave(mm);
	return error;
}

/* ------------------------------------------------------------------ growing */

/* Clusters that a file is about to get: a chain of their own. */
struct growth {
	uint32_t	gr_head;	/* first cluster; 0: none yet */
	uint32_t	gr_last;
	uint32_t	gr_count;
};

/* Write the links of a run, and to it from what the chain has so far. */
static int
link_run(struct msdosfs_mount *mm, struct growth *growth, uint32_t first,
    uint32_t count)
{
	uint32_t i;
	int error = 0;

	for (i = 0; i < count && error == 0; i++)
		error = msdosfs_fat_set(mm, first + i,
		    i + 1 < count ? first + i + 1 : FAT_END);
	if (error == 0 && growth->gr_head != 0)
		error = msdosfs_fat_set(mm, growth->gr_last, first);
	if (error != 0) {
		while (i-- > 0)
			(void)msdosfs_fat_set(mm, first + i, FAT_FREE);
		msdosfs_alloc_undo(mm, first, count);
		return error;
	}
	if (growth->gr_head == 0)
		growth->gr_head = first;
	growth->gr_last = first + count - 1;
	growth->gr_count += count;
	return 0;
}

/* Nothing refers to the new chain yet. */
static void
undo_growth(struct msdosfs_mount *mm, struct growth *growth)
{
	uint32_t cluster = growth->gr_head, next, n;

	for (n = 0; n < growth->gr_count; n++, cluster = next) {
		if (msdosfs_fat_get(mm, cluster, &next) != 0)
			return;
		(void)msdosfs_fat_set(mm, cluster, FAT_FREE);
		msdosfs_alloc_undo(mm, cluster, 1);
	}
}

static int
make_growth(struct msdosfs_node *node, uint32_t want, struct growth *growth)
{
	struct msdosfs_mount *mm = node->n_mount;
	uint32_t goal, first, count;
	int error;

	goal = node->n_mapped != 0 ? last_cluster(node) + 1 : 0;
	while (growth->gr_count < want) {
		error = msdosfs_alloc(mm, goal, want - growth->gr_count,
		    &first, &count);
		if (error == 0)
			error = link_run(mm, growth, first, count);
		if (error != 0) {
			undo_growth(mm, growth);
			return error;
		}
		goal = first + count;
	}
	return 0;
}

/* Let the file know of its new clusters. */
static void
append_growth(struct msdosfs_node *node, const struct growth *growth)
{
	uint32_t cluster = growth->gr_head, first = cluster, n = 0, done, next;

	for (done = 1; done < growth->gr_count; done++) {
		/* Just written: it is in memory. */
		if (msdosfs_fat_get(node->n_mount, cluster, &next) != 0)
			break;
		n++;
		if (next != cluster + 1) {
			append(node, first, n);
			first = next;
			n = 0;
		}
		cluster = next;
	}
	append(node, first, n + 1);
}

/* Are there so many?  FSInfo's word for it that there are not is not enough. */
static int
check_free(struct msdosfs_mount *mm, uint32_t want)
{
	int error;

	if (want > mm->mm_free + mm->mm_pending_clusters && !mm->mm_counted) {
		error = msdosfs_alloc_count(mm);
		if (error != 0)
			return error;
	}
	return want > mm->mm_free + mm->mm_pending_clusters ? ENOSPC : 0;
}

int
msdosfs_extents_grow(struct msdosfs_node *node, uint32_t count)
{
	struct msdosfs_mount *mm = node->n_mount;
	struct growth growth = { .gr_head = 0 };
	int error;

	error = msdosfs_extents_load_all(node);
	if (error != 0 || node->n_mapped >= count)
		return error;
	error = check_free(mm, count - node->n_mapped);
	if (error != 0)
		return error;
	/* A link that is to end here must be on the device before a new one. */
	if (node->n_cut == mm->mm_flushes)
		error = msdosfs_meta_flush(mm);
	if (error == 0)
		error = make_growth(node, count - node->n_mapped, &growth);
	if (error != 0)
		return error;
	if (node->n_mapped == 0) {
		node->n_start = growth.gr_head;
		atomic_or_uint(&node->n_due, MSDOSFS_DUE_ENTRY);
	} else {
		error = msdosfs_fat_set(mm, last_cluster(node),
		    growth.gr_head);
		if (error != 0) {
			undo_growth(mm, &growth);
			return error;
		}
	}
	append_growth(node, &growth);
	return 0;
}

/* Nothing of what grew is on the device: mm_lock was held since. */
void
msdosfs_extents_ungrow(struct msdosfs_node *node)
{
	struct msdosfs_mount *mm = node->n_mount;
	const uint32_t cluster = last_cluster(node);

	KASSERT(rw_write_held(&mm->mm_lock));
	KASSERT(node->n_mapped > 1);
	mutex_enter(&node->n_lock);
	node->n_mapped--;
	if (node->n_extents[node->n_nextents - 1].ex_file == node->n_mapped)
		node->n_nextents--;
	mutex_exit(&node->n_lock);
	(void)msdosfs_fat_set(mm, last_cluster(node), FAT_END);
	(void)msdosfs_fat_set(mm, cluster, FAT_FREE);
	msdosfs_alloc_undo(mm, cluster, 1);
}

/* ------------------------------------------------------------------ cutting */

/* Free what an extent has behind the first `keep` clusters of the file. */
static void
free_extent(struct msdosfs_node *node, uint32_t n, uint32_t keep)
{
	const struct msdosfs_extent *ex = &node->n_extents[n];
	const uint32_t end = n + 1 < node->n_nextents ?
	    ex[1].ex_file : node->n_mapped;
	const uint32_t from = MAX(keep, ex->ex_file);

	if (from < end)
		msdosfs_free_later(node->n_mount,
		    ex->ex_disk + (from - ex->ex_file), end - from);
}

int
msdosfs_extents_cut(struct msdosfs_node *node, uint32_t count)
{
	struct msdosfs_mount *mm = node->n_mount;
	uint32_t n;

	/* Of a damaged chain that which can be found. */
	(void)msdosfs_extents_load_all(node);
	if (count >= node->n_mapped)
		return 0;
	for (n = 0; n < node->n_nextents; n++)
		free_extent(node, n, count);

	mutex_enter(&node->n_lock);
	while (node->n_nextents != 0 &&
	    node->n_extents[node->n_nextents - 1].ex_file >= count)
		node->n_nextents--;
	node->n_mapped = count;
	node->n_complete = true;
	mutex_exit(&node->n_lock);

	if (count == 0) {
		node->n_start = 0;
		atomic_or_uint(&node->n_due, MSDOSFS_DUE_ENTRY);
	} else {
		msdosfs_cut_later(mm, last_cluster(node));
		node->n_cut = mm->mm_flushes;
	}
	return 0;
}

void
msdosfs_extents_forget(struct msdosfs_node *node)
{
	struct msdosfs_mount *mm = node->n_mount;
	const struct msdosfs_extent *ex;
	uint64_t position;
	uint32_t n, end;

	(void)msdosfs_extents_load_all(node);
	for (n = 0; n < node->n_nextents; n++) {
		ex = &node->n_extents[n];
		end = n + 1 < node->n_nextents ? ex[1].ex_file :
		    node->n_mapped;
		position = msdosfs_cluster_position(mm, ex->ex_disk);
		msdosfs_meta_forget(mm, position, position +
		    ((uint64_t)(end - ex->ex_file) << mm->mm_cluster_shift));
	}
}
