/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Radix trees: maps from 64-bit indices to pointers, for radixtree(9).
 *
 * A node has 16 slots, chosen by four bits of the index; a tree of height h
 * has indices below 16^h.  The pages of one 64 KiB run of a file are thus the
 * slots of one leaf.  Height 0 is the special case of at most one entry, index
 * 0, which needs no node.  A node that becomes empty is freed, and so is the
 * way to it; a tree never holds an empty node.
 *
 * Each tag has a bit per slot in each node: set for a child if any entry below
 * it has the tag, so that a search for tagged entries passes by the others.
 * The single entry of a tree of height 0 keeps its tags in the two low bits
 * of its pointer.
 *
 * The caller serialises.  Nodes come from a pool; insertion fails with ENOMEM
 * rather than sleep.
 */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/pool.h>
#include <sys/radixtree.h>
#include <sys/intr.h>
#include <lib/libkern/libkern.h>

#define BITS		4
#define SLOTS		(1 << BITS)
#define HEIGHT_MAX	(64 / BITS)
#define NTAGS		RADIX_TREE_TAG_ID_MAX
#define ALL_TAGS	((radix_tree_tagmask_t)(1 << NTAGS) - 1)

struct node {
	void *slot[SLOTS];
	uint16_t tagged[NTAGS];		/* bit per slot */
	uint16_t count;			/* slots in use */
};

static struct pool_cache *node_cache;

/* The way from the root to an index: the link to each node, root first. */
struct path {
	struct node *node[HEIGHT_MAX];
};

void
radix_tree_init(void)
{
	node_cache = pool_cache_init(sizeof(struct node), 0, 0, 0, "radixnode",
	    NULL, IPL_NONE, NULL, NULL, NULL);
}

/* Wait until an insertion that failed can be tried again.  May sleep. */
void
radix_tree_await_memory(void)
{
	pool_cache_put(node_cache, pool_cache_get(node_cache, PR_WAITOK));
}

static struct node *
node_create(void)
{
	struct node *n = pool_cache_get(node_cache, PR_NOWAIT);

	if (n != NULL)
		memset(n, 0, sizeof(*n));
	return n;
}

/* The slot number of idx in a node of this height (1: a leaf). */
static unsigned int
slot_of(uint64_t idx, int height)
{
	return (idx >> (BITS * (height - 1))) & (SLOTS - 1);
}

/* Is idx beyond what a tree of this height can hold? */
static bool
beyond(uint64_t idx, int height)
{
	return height < HEIGHT_MAX && idx >> (BITS * height) != 0;
}

/* The entry of a tree of height 0, and its tags. */
static void *
single(const struct radix_tree *t)
{
	return (void *)((uintptr_t)t->t_root & ~(uintptr_t)ALL_TAGS);
}

static radix_tree_tagmask_t
single_tags(const struct radix_tree *t)
{
	return (uintptr_t)t->t_root & ALL_TAGS;
}

static void
set_single(struct radix_tree *t, void *entry, radix_tree_tagmask_t tags)
{
	t->t_root = (void *)((uintptr_t)entry | tags);
}

/* The tags that slot i of n has. */
static radix_tree_tagmask_t
slot_tags(const struct node *n, unsigned int i)
{
	radix_tree_tagmask_t tags = 0;
	unsigned int tag;

	for (tag = 0; tag < NTAGS; tag++)
		tags |= ((n->tagged[tag] >> i) & 1) << tag;
	return tags;
}

/* The tags that any entry below n has. */
static radix_tree_tagmask_t
node_tags(const struct node *n)
{
	radix_tree_tagmask_t tags = 0;
	unsigned int tag;

	for (tag = 0; tag < NTAGS; tag++)
		tags |= (n->tagged[tag] != 0) << tag;
	return tags;
}

static void
mark_slot(struct node *n, unsigned int i, radix_tree_tagmask_t tags, bool on)
{
	unsigned int tag;

	for (tag = 0; tag < NTAGS; tag++) {
		if ((tags & (1 << tag)) == 0)
			continue;
		if (on)
			n->tagged[tag] |= 1 << i;
		else
			n->tagged[tag] &= ~(1 << i);
	}
}

void
radix_tree_init_tree(struct radix_tree *t)
{
	t->t_root = NULL;
	t->t_height = 0;
}

/* The tree must be empty. */
void
radix_tree_fini_tree(struct radix_tree *t)
{
	KASSERT(t->t_root == NULL);
	KASSERT(t->t_height == 0);
}

bool
radix_tree_empty_tree_p(struct radix_tree *t)
{
	return t->t_root == NULL;
}

bool
radix_tree_empty_tagged_tree_p(struct radix_tree *t,
    radix_tree_tagmask_t tags)
{
	if (t->t_height == 0)
		return (single_tags(t) & tags) == 0;
	return (node_tags(t->t_root) & tags) == 0;
}

/* Put nodes on top until idx fits. */
static int
grow(struct radix_tree *t, uint64_t idx)
{
	struct node *n;

	while (beyond(idx, t->t_height)) {
		if (t->t_root == NULL) {
			/* Nothing to carry along; insertion makes nodes. */
			t->t_height++;
			continue;
		}
		n = node_create();
		if (n == NULL)
			return ENOMEM;
		if (t->t_height == 0) {
			mark_slot(n, 0, single_tags(t), true);
			n->slot[0] = single(t);
		} else {
			mark_slot(n, 0, node_tags(t->t_root), true);
			n->slot[0] = t->t_root;
		}
		n->count = 1;
		t->t_root = n;
		t->t_height++;
	}
	return 0;
}

/* Free the empty nodes at the end of the way to idx; top is its last node. */
static void
prune(struct radix_tree *t, const struct path *p, uint64_t idx, int top)
{
	while (top >= 0 && p->node[top]->count == 0) {
		pool_cache_put(node_cache, p->node[top]);
		top--;
		if (top < 0) {
			t->t_root = NULL;
			t->t_height = 0;
		} else {
			struct node *up = p->node[top];
			unsigned int i = slot_of(idx, t->t_height - top);

			up->slot[i] = NULL;
			up->count--;
		}
	}
}

/* Follow, and with make create, the way to the leaf of idx. */
static struct node *
walk(struct radix_tree *t, struct path *p, uint64_t idx, bool make)
{
	void **link = &t->t_root;
	int level;

	for (level = 0; level < t->t_height; level++) {
		if (*link == NULL) {
			if (!make)
				return NULL;
			*link = node_create();
			if (*link == NULL) {
				prune(t, p, idx, level - 1);
				return NULL;
			}
			if (level > 0)
				p->node[level - 1]->count++;
		}
		p->node[level] = *link;
		link = &p->node[level]->slot[slot_of(idx,
		    t->t_height - level)];
	}
	return p->node[t->t_height - 1];
}

/*
 * Add an entry.  There must be none at idx.
 *
 * Returns 0 or ENOMEM; then radix_tree_await_memory and try again.
 */
int
radix_tree_insert_node(struct radix_tree *t, uint64_t idx, void *entry)
{
	struct path path;
	struct node *leaf;
	int error;

	KASSERT(entry != NULL);
	KASSERT(((uintptr_t)entry & ALL_TAGS) == 0);
	error = grow(t, idx);
	if (error != 0) {
		if (t->t_root == NULL)
			t->t_height = 0;
		return error;
	}
	if (t->t_height == 0) {
		KASSERT(t->t_root == NULL);
		t->t_root = entry;
		return 0;
	}
	leaf = walk(t, &path, idx, true);
	if (leaf == NULL) {
		if (t->t_root == NULL)
			t->t_height = 0;
		return ENOMEM;
	}
	KASSERT(leaf->slot[slot_of(idx, 1)] == NULL);
	leaf->slot[slot_of(idx, 1)] = entry;
	leaf->count++;
	return 0;
}

/* The entry at idx, or NULL. */
void *
radix_tree_lookup_node(struct radix_tree *t, uint64_t idx)
{
	void *p = t->t_root;
	int height;

	if (beyond(idx, t->t_height))
		return NULL;
	if (t->t_height == 0)
		return single(t);
	for (height = t->t_height; height > 0 && p != NULL; height--)
		p = ((struct node *)p)->slot[slot_of(idx, height)];
	return p;
}

/* Exchange the entry at idx, which must exist; its tags stay. */
void *
radix_tree_replace_node(struct radix_tree *t, uint64_t idx, void *entry)
{
	struct path path;
	struct node *leaf;
	void *old;

	KASSERT(entry != NULL && !beyond(idx, t->t_height));
	if (t->t_height == 0) {
		old = single(t);
		set_single(t, entry, single_tags(t));
		return old;
	}
	leaf = walk(t, &path, idx, false);
	KASSERT(leaf != NULL);
	old = leaf->slot[slot_of(idx, 1)];
	leaf->slot[slot_of(idx, 1)] = entry;
	return old;
}

/* Take tags off the entry at the end of the way, and off what led to it. */
static void
clear_tags(struct radix_tree *t, const struct path *p, uint64_t idx,
    radix_tree_tagmask_t tags)
{
	int level;

	for (level = t->t_height - 1; level >= 0 && tags != 0; level--) {
		struct node *n = p->node[level];

		mark_slot(n, slot_of(idx, t->t_height - level), tags, false);
		tags &= ~node_tags(n);
	}
}

/* Take out the entry at idx, which must exist. */
void *
radix_tree_remove_node(struct radix_tree *t, uint64_t idx)
{
	struct path path;
	struct node *leaf;
	void *entry;

	KASSERT(!beyond(idx, t->t_height));
	if (t->t_height == 0) {
		entry = single(t);
		t->t_root = NULL;
		return entry;
	}
	leaf = walk(t, &path, idx, false);
	KASSERT(leaf != NULL);
	entry = leaf->slot[slot_of(idx, 1)];
	KASSERT(entry != NULL);
	clear_tags(t, &path, idx, ALL_TAGS);
	leaf->slot[slot_of(idx, 1)] = NULL;
	leaf->count--;
	prune(t, &path, idx, t->t_height - 1);
	return entry;
}

/* Those of the tags that the entry at idx, which must exist, has. */
radix_tree_tagmask_t
radix_tree_get_tag(struct radix_tree *t, uint64_t idx,
    radix_tree_tagmask_t tags)
{
	struct path path;
	struct node *leaf;

	KASSERT(!beyond(idx, t->t_height));
	if (t->t_height == 0)
		return single_tags(t) & tags;
	leaf = walk(t, &path, idx, false);
	KASSERT(leaf != NULL && leaf->slot[slot_of(idx, 1)] != NULL);
	return slot_tags(leaf, slot_of(idx, 1)) & tags;
}

void
radix_tree_set_tag(struct radix_tree *t, uint64_t idx,
    radix_tree_tagmask_t tags)
{
	struct path path;
	struct node *leaf __diagused;
	int level;

	KASSERT(!beyond(idx, t->t_height));
	if (t->t_height == 0) {
		KASSERT(single(t) != NULL);
		set_single(t, single(t), single_tags(t) | tags);
		return;
	}
	leaf = walk(t, &path, idx, false);
	KASSERT(leaf != NULL && leaf->slot[slot_of(idx, 1)] != NULL);
	for (level = 0; level < t->t_height; level++)
		mark_slot(path.node[level], slot_of(idx, t->t_height - level),
		    tags, true);
}

void
radix_tree_clear_tag(struct radix_tree *t, uint64_t idx,
    radix_tree_tagmask_t tags)
{
	struct path path;
	struct node *leaf __diagused;

	KASSERT(!beyond(idx, t->t_height));
	if (t->t_height == 0) {
		set_single(t, single(t), single_tags(t) & ~tags);
		return;
	}
	leaf = walk(t, &path, idx, false);
	KASSERT(leaf != NULL && leaf->slot[slot_of(idx, 1)] != NULL);
	clear_tags(t, &path, idx, tags);
}

/* A search for several entries. */
struct gang {
	void **results;
	unsigned int max, n;
	radix_tree_tagmask_t tags;	/* 0: any entry */
	bool dense;			/* stop at the first gap */
	bool reverse;
};

/*
 * Collect the entries below n from idx on, which counts within n.
 *
 * Returns false when the search is over.
 */
static bool
collect(struct gang *g, const struct node *n, int height, uint64_t idx)
{
	uint64_t below = ((uint64_t)1 << (BITS * (height - 1))) - 1;
	uint64_t inner = idx & below;
	int i;

	for (i = slot_of(idx, height); i >= 0 && i < SLOTS;
	    i += g->reverse ? -1 : 1, inner = g->reverse ? below : 0) {
		void *p = n->slot[i];

		if (p == NULL ||
		    (g->tags != 0 && (slot_tags(n, i) & g->tags) == 0)) {
			if (g->dense)
				return false;
			continue;
		}
		if (height > 1) {
			if (!collect(g, p, height - 1, inner))
				return false;
			continue;
		}
		g->results[g->n++] = p;
		if (g->n == g->max)
			return false;
	}
	return true;
}

static unsigned int
gang_lookup(struct radix_tree *t, uint64_t idx, struct gang *g)
{
	if (t->t_root == NULL || g->max == 0)
		return 0;
	if (beyond(idx, t->t_height)) {
		if (!g->reverse || g->dense)
			return 0;
		idx = t->t_height == 0 ? 0 :
		    ((uint64_t)1 << (BITS * t->t_height)) - 1;
	}
	if (t->t_height == 0) {
		if (g->tags != 0 && (single_tags(t) & g->tags) == 0)
			return 0;
		g->results[0] = single(t);
		return 1;
	}
	collect(g, t->t_root, t->t_height, idx);
	return g->n;
}

/*
 * Up to max entries at idx and above, in ascending order; with dense, only as
 * long as no index is free.  Returns how many.
 */
unsigned int
radix_tree_gang_lookup_node(struct radix_tree *t, uint64_t idx,
    void **results, unsigned int max, bool dense)
{
	struct gang g = { results, max, .dense = dense };

	return gang_lookup(t, idx, &g);
}

/* The same at idx and below, in descending order. */
unsigned int
radix_tree_gang_lookup_node_reverse(struct radix_tree *t, uint64_t idx,
    void **results, unsigned int max, bool dense)
{
	struct gang g = { results, max, .dense = dense, .reverse = true };

	return gang_lookup(t, idx, &g);
}

/* Only entries with at least one of the tags; dense: all with one. */
unsigned int
radix_tree_gang_lookup_tagged_node(struct radix_tree *t, uint64_t idx,
    void **results, unsigned int max, bool dense, radix_tree_tagmask_t tags)
{
	struct gang g = { results, max, .dense = dense, .tags = tags };

	return gang_lookup(t, idx, &g);
}

unsigned int
radix_tree_gang_lookup_tagged_node_reverse(struct radix_tree *t, uint64_t idx,
    void **results, unsigned int max, bool dense, radix_tree_tagmask_t tags)
{
	struct gang g = { results, max, .dense = dense, .tags = tags,
	    .reverse = true };

	return gang_lookup(t, idx, &g);
}
