/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Radix, red-black and splay trees against a table of what is in them.
 */

#include <sys/param.h>
#include <sys/radixtree.h>
#include <sys/rbtree.h>
#include <sys/systm.h>
#include <sys/tree.h>

#include "memtest.h"

#define N	512
#define STEPS	20000

static uint64_t entries[N];		/* addresses to store */
static bool present[N];
static unsigned char tags[N];

/* Indices: dense at first, then far apart. */
static uint64_t
index_of(unsigned int i)
{
	return i < N / 2 ? i : ((uint64_t)i * i << (i % 40)) + N;
}

/* Every index is different and they ascend only in the dense half. */
static const char *
check_gang(struct radix_tree *t, unsigned int from, bool dense)
{
	void *found[20];
	unsigned int n, i, k = 0;

	n = radix_tree_gang_lookup_node(t, from, found, 20, dense);
	for (i = from; i < N / 2 && k < n; i++) {
		if (!present[i]) {
			EXPECT(!dense);
			continue;
		}
		EXPECT(found[k] == &entries[i]);
		k++;
	}
	if (dense && k < 20 && from + k < N / 2)
		EXPECT(k == n && !present[from + k]);
	n = radix_tree_gang_lookup_tagged_node(t, from, found, 20, false, 2);
	for (i = from, k = 0; i < N / 2 && k < n; i++) {
		if (present[i] && (tags[i] & 2) != 0)
			EXPECT(found[k++] == &entries[i]);
	}
	n = radix_tree_gang_lookup_node_reverse(t, from, found, 20, dense);
	for (i = from + 1, k = 0; i-- > 0 && k < n; ) {
		if (present[i])
			EXPECT(found[k++] == &entries[i]);
		else
			EXPECT(!dense);
	}
	EXPECT(k == n);
	return NULL;
}

const char *
rump_test_radixtree(unsigned int seed)
{
	struct radix_tree t;
	unsigned int step, i, ntagged;
	const char *wrong;

	memset(present, 0, sizeof(present));
	memset(tags, 0, sizeof(tags));
	radix_tree_init_tree(&t);
	for (step = 0; step < STEPS; step++) {
		unsigned int r = memtest_random(&seed);

		i = r % N;
		if (!present[i]) {
			EXPECT(radix_tree_lookup_node(&t, index_of(i)) == NULL);
			EXPECT(radix_tree_insert_node(&t, index_of(i),
			    &entries[i]) == 0);
			present[i] = true;
			tags[i] = 0;
		} else if (r & 0x10000) {
			tags[i] = r >> 20 & 3;
			radix_tree_clear_tag(&t, index_of(i), 3);
			radix_tree_set_tag(&t, index_of(i), tags[i]);
		} else {
			EXPECT(radix_tree_get_tag(&t, index_of(i), 3) ==
			    tags[i]);
			EXPECT(radix_tree_remove_node(&t, index_of(i)) ==
			    &entries[i]);
			present[i] = false;
		}
		wrong = check_gang(&t, (r >> 8) % (N / 2), r >> 30 & 1);
		if (wrong != NULL)
			return wrong;
		if (step % 100 == 0) {
			for (i = ntagged = 0; i < N; i++) {
				EXPECT(radix_tree_lookup_node(&t, index_of(i))
				    == (present[i] ? &entries[i] : NULL));
				ntagged += present[i] && (tags[i] & 1) != 0;
			}
			EXPECT(radix_tree_empty_tagged_tree_p(&t, 1) ==
			    (ntagged == 0));
		}
	}
	for (i = 0; i < N; i++) {
		if (present[i])
			radix_tree_remove_node(&t, index_of(i));
	}
	EXPECT(radix_tree_empty_tree_p(&t));
	radix_tree_fini_tree(&t);
	return NULL;
}

struct item {
	int key;
	rb_node_t node;
	RB_ENTRY(item) rb;
	SPLAY_ENTRY(item) splay;
};

static struct item items[N];

static int
compare_nodes(void *ctx, const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->key - y->key;
}

static int
compare_key(void *ctx, const void *a, const void *key)
{
	return ((const struct item *)a)->key - *(const int *)key;
}

static const rb_tree_ops_t ops = {
	.rbto_compare_nodes = compare_nodes,
	.rbto_compare_key = compare_key,
	.rbto_node_offset = offsetof(struct item, node),
};

/* Black height of a subtree; -1 if a rule is broken. */
static int
black_height(const struct rb_node *n, bool parent_red)
{
	bool red;
	int l, r;

	if (n == NULL)
		return 0;
	red = n->rb_info & RB_FLAG_RED;
	l = black_height(n->rb_nodes[0], red);
	r = black_height(n->rb_nodes[1], red);
	return (red && parent_red) || l < 0 || l != r ? -1 : l + !red;
}

/* The nearest key present at or beyond i in a direction, or -1. */
static int
nearest(int i, int step)
{
	while (i >= 0 && i < N && !present[i])
		i += step;
	return i >= 0 && i < N ? i : -1;
}

const char *
rump_test_rbtree(unsigned int seed)
{
	rb_tree_t t;
	struct item *it, twin;
	unsigned int step;
	int i, k;

	memset(present, 0, sizeof(present));
	for (i = 0; i < N; i++)
		items[i].key = i;
	rb_tree_init(&t, &ops);
	for (step = 0; step < STEPS; step++) {
		i = memtest_random(&seed) % N;
		twin.key = i;
		if (present[i]) {
			EXPECT(rb_tree_insert_node(&t, &twin) == &items[i]);
			rb_tree_remove_node(&t, &items[i]);
		} else
			EXPECT(rb_tree_insert_node(&t, &items[i]) == &items[i]);
		present[i] = !present[i];
		EXPECT(black_height(t.rbt_root, false) >= 0);
		i = memtest_random(&seed) % N;
		it = rb_tree_find_node_geq(&t, &i);
		EXPECT((it == NULL ? -1 : it->key) == nearest(i, 1));
		it = rb_tree_find_node_leq(&t, &i);
		EXPECT((it == NULL ? -1 : it->key) == nearest(i, -1));
		it = rb_tree_find_node(&t, &i);
		EXPECT((it != NULL) == present[i]);
		if (step % 50 != 0)
			continue;
		k = -1;
		RB_TREE_FOREACH(it, &t) {
			k = nearest(k + 1, 1);
			EXPECT(it->key == k);
		}
		EXPECT(nearest(k + 1, 1) == -1);
		k = N;
		RB_TREE_FOREACH_REVERSE(it, &t) {
			k = nearest(k - 1, -1);
			EXPECT(it->key == k);
		}
	}
	return NULL;
}

static int
compare_items(struct item *a, struct item *b)
{
	return a->key - b->key;
}

RB_HEAD(rb_items, item);
RB_PROTOTYPE_STATIC(rb_items, item, rb, compare_items)
RB_GENERATE_STATIC(rb_items, item, rb, compare_items)

SPLAY_HEAD(splay_items, item);
SPLAY_PROTOTYPE(splay_items, item, splay, compare_items)
SPLAY_GENERATE(splay_items, item, splay, compare_items)

const char *
rump_test_tree(unsigned int seed)
{
	struct rb_items rb = RB_INITIALIZER(&rb);
	struct splay_items splay = SPLAY_INITIALIZER(&splay);
	struct item *it, key;
	unsigned int step;
	int i, k;

	memset(present, 0, sizeof(present));
	for (i = 0; i < N; i++)
		items[i].key = i;
	for (step = 0; step < STEPS; step++) {
		i = memtest_random(&seed) % N;
		if (present[i]) {
			EXPECT(RB_REMOVE(rb_items, &rb, &items[i]) ==
			    &items[i]);
			EXPECT(SPLAY_REMOVE(splay_items, &splay, &items[i]) ==
			    &items[i]);
		} else {
			EXPECT(RB_INSERT(rb_items, &rb, &items[i]) == NULL);
			EXPECT(SPLAY_INSERT(splay_items, &splay, &items[i]) ==
			    NULL);
		}
		present[i] = !present[i];
		key.key = memtest_random(&seed) % N;
		it = present[key.key] ? &items[key.key] : NULL;
		EXPECT(RB_FIND(rb_items, &rb, &key) == it);
		EXPECT(SPLAY_FIND(splay_items, &splay, &key) == it);
		it = RB_NFIND(rb_items, &rb, &key);
		EXPECT((it == NULL ? -1 : it->key) == nearest(key.key, 1));
		if (step % 50 != 0)
			continue;
		k = -1;
		RB_FOREACH(it, rb_items, &rb) {
			k = nearest(k + 1, 1);
			EXPECT(it->key == k);
		}
		EXPECT(nearest(k + 1, 1) == -1);
		k = -1;
		SPLAY_FOREACH(it, splay_items, &splay) {
			k = nearest(k + 1, 1);
			EXPECT(it->key == k);
		}
		EXPECT(nearest(k + 1, 1) == -1);
		it = SPLAY_MAX(splay_items, &splay);
		EXPECT((it == NULL ? -1 : it->key) == nearest(N - 1, -1));
	}
	return NULL;
}
