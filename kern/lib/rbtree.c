/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Red-black trees of rb_node, for rbtree(3).
 *
 * Rules: the root is black; a red node has no red child; every way from the
 * root down to a missing child passes as many black nodes.  insert and remove
 * change the tree as if it were unbalanced, then mend the rules by recolouring
 * and at most three rotations.
 *
 * A node knows its parent and on which side of it it hangs, so that a walk to
 * the next object needs neither stack nor comparison.
 *
 * Ref: Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, ch. 13.
 */

#include <sys/types.h>
#include <sys/rbtree.h>
#include <lib/libkern/libkern.h>

#define LEFT	RB_DIR_LEFT
#define RIGHT	RB_DIR_RIGHT
#define OTHER(dir)	((dir) ^ RB_DIR_OTHER)

static struct rb_node *
to_node(const rb_tree_t *t, const void *object)
{
	return (struct rb_node *)((uintptr_t)object +
	    t->rbt_ops->rbto_node_offset);
}

/* The object of a node; NULL of NULL. */
static void *
to_object(const rb_tree_t *t, const struct rb_node *n)
{
	if (n == NULL)
		return NULL;
	return (void *)((uintptr_t)n - t->rbt_ops->rbto_node_offset);
}

static struct rb_node *
parent(const struct rb_node *n)
{
	return (struct rb_node *)(n->rb_info & ~RB_FLAG_MASK);
}

/* The side of its parent on which n hangs. */
static unsigned int
side(const struct rb_node *n)
{
	return (n->rb_info & RB_FLAG_POSITION) != 0 ? RIGHT : LEFT;
}

static bool
is_red(const struct rb_node *n)
{
	return n != NULL && (n->rb_info & RB_FLAG_RED) != 0;
}

static void
set_red(struct rb_node *n, bool red)
{
	n->rb_info = (n->rb_info & ~RB_FLAG_RED) | (red ? RB_FLAG_RED : 0);
}

/* Hang n (or NULL) below up on one side, or make it the root. */
static void
hang(rb_tree_t *t, struct rb_node *n, struct rb_node *up, unsigned int dir)
{
	if (up == NULL) {
		t->rbt_root = n;
		dir = LEFT;
	} else
		up->rb_nodes[dir] = n;
	if (n != NULL)
		n->rb_info = (uintptr_t)up | (n->rb_info & RB_FLAG_RED) |
		    (dir == RIGHT ? RB_FLAG_POSITION : 0);
}

/* Turn: n goes down to side dir, its child of the other side takes its place. */
static void
rotate(rb_tree_t *t, struct rb_node *n, unsigned int dir)
{
	struct rb_node *child = n->rb_nodes[OTHER(dir)];
	struct rb_node *up = parent(n);
	unsigned int at = side(n);

	hang(t, child->rb_nodes[dir], n, OTHER(dir));
	hang(t, n, child, dir);
	hang(t, child, up, at);
}

void
rb_tree_init(rb_tree_t *t, const rb_tree_ops_t *ops)
{
	*t = (rb_tree_t){ .rbt_ops = ops };
}

/* After n, red, was hung in place: no red node may have a red child. */
static void
mend_insertion(rb_tree_t *t, struct rb_node *n)
{
	struct rb_node *up, *grand, *uncle;
	unsigned int dir;

	while (is_red(up = parent(n))) {
		grand = parent(up);
		dir = side(up);
		uncle = grand->rb_nodes[OTHER(dir)];
		if (is_red(uncle)) {
			set_red(up, false);
			set_red(uncle, false);
			set_red(grand, true);
			n = grand;
			continue;
		}
		if (side(n) != dir) {
			rotate(t, up, dir);
			up = n;
		}
		set_red(up, false);
		set_red(grand, true);
		rotate(t, grand, OTHER(dir));
		break;
	}
	set_red(t->rbt_root, false);
}

/* Returns the object, or the equal one that is in the tree already. */
void *
rb_tree_insert_node(rb_tree_t *t, void *object)
{
	const rb_tree_ops_t *ops = t->rbt_ops;
	struct rb_node *n = to_node(t, object), *up = NULL, *at;
	unsigned int dir = LEFT;
	bool extreme[2] = { true, true };

	for (at = t->rbt_root; at != NULL; at = up->rb_nodes[dir]) {
		int order = ops->rbto_compare_nodes(ops->rbto_context,
		    to_object(t, at), object);

		if (order == 0)
			return to_object(t, at);
		up = at;
		dir = order < 0 ? RIGHT : LEFT;
		extreme[OTHER(dir)] = false;
	}
	*n = (struct rb_node){ .rb_info = RB_FLAG_RED };
	hang(t, n, up, dir);
	for (dir = LEFT; dir <= RIGHT; dir++) {
		if (extreme[dir])
			t->rbt_minmax[dir] = n;
	}
	mend_insertion(t, n);
	return object;
}

/*
 * A black node went from side dir of up (a missing one counts as black): ways
 * through there are one black node short.  n hangs there now, maybe NULL.
 */
static void
mend_removal(rb_tree_t *t, struct rb_node *n, struct rb_node *up,
    unsigned int dir)
{
	struct rb_node *sibling;

	while (up != NULL && !is_red(n)) {
		sibling = up->rb_nodes[OTHER(dir)];
		if (is_red(sibling)) {
			set_red(sibling, false);
			set_red(up, true);
			rotate(t, up, dir);
			sibling = up->rb_nodes[OTHER(dir)];
		}
		if (!is_red(sibling->rb_nodes[LEFT]) &&
		    !is_red(sibling->rb_nodes[RIGHT])) {
			set_red(sibling, true);
			n = up;
			up = parent(n);
			dir = side(n);
			continue;
		}
		if (!is_red(sibling->rb_nodes[OTHER(dir)])) {
			set_red(sibling->rb_nodes[dir], false);
			set_red(sibling, true);
			rotate(t, sibling, OTHER(dir));
			sibling = up->rb_nodes[OTHER(dir)];
		}
		set_red(sibling, is_red(up));
		set_red(up, false);
		set_red(sibling->rb_nodes[OTHER(dir)], false);
		rotate(t, up, dir);
		return;
	}
	if (n != NULL)
		set_red(n, false);
}

static struct rb_node *
deepest(struct rb_node *n, unsigned int dir)
{
	while (n->rb_nodes[dir] != NULL)
		n = n->rb_nodes[dir];
	return n;
}

/* The node next to n on side dir, or NULL. */
static struct rb_node *
beside(const struct rb_node *n, unsigned int dir)
{
	if (n->rb_nodes[dir] != NULL)
		return deepest(n->rb_nodes[dir], OTHER(dir));
	while (parent(n) != NULL && side(n) == dir)
		n = parent(n);
	return parent(n);
}

/* Put n, which hangs nowhere, in the place and colour of old. */
static void
replace(rb_tree_t *t, struct rb_node *old, struct rb_node *n)
{
	bool red = is_red(old);

	hang(t, old->rb_nodes[LEFT], n, LEFT);
	hang(t, old->rb_nodes[RIGHT], n, RIGHT);
	hang(t, n, parent(old), side(old));
	set_red(n, red);
}

void
rb_tree_remove_node(rb_tree_t *t, void *object)
{
	struct rb_node *n = to_node(t, object), *out, *child, *up;
	unsigned int dir;
	bool red;

	for (dir = LEFT; dir <= RIGHT; dir++) {
		if (t->rbt_minmax[dir] == n)
			t->rbt_minmax[dir] = beside(n, OTHER(dir));
	}
	/* What is taken out of the structure has at most one child. */
	out = n;
	if (n->rb_nodes[LEFT] != NULL && n->rb_nodes[RIGHT] != NULL)
		out = deepest(n->rb_nodes[RIGHT], LEFT);
	child = out->rb_nodes[LEFT];
	if (child == NULL)
		child = out->rb_nodes[RIGHT];
	up = parent(out);
	dir = side(out);
	red = is_red(out);
	hang(t, child, up, dir);
	if (out != n) {
		replace(t, n, out);
		if (up == n)
			up = out;
	}
	if (!red)
		mend_removal(t, child, up, dir);
}

/*
 * Find the object equal to key; if there is none, the nearest on the side dir
 * of it, or nothing if dir is neither side.
 */
static void *
find(const rb_tree_t *t, const void *key, unsigned int dir)
{
	const rb_tree_ops_t *ops = t->rbt_ops;
	struct rb_node *n = t->rbt_root, *nearest = NULL;

	while (n != NULL) {
		int order = ops->rbto_compare_key(ops->rbto_context,
		    to_object(t, n), key);
		unsigned int where = order < 0 ? LEFT : RIGHT;

		if (order == 0)
			return to_object(t, n);
		if (where == dir)
			nearest = n;
		n = n->rb_nodes[OTHER(where)];
	}
	return to_object(t, nearest);
}

void *
rb_tree_find_node(rb_tree_t *t, const void *key)
{
	return find(t, key, RIGHT + 1);
}

void *
rb_tree_find_node_geq(rb_tree_t *t, const void *key)
{
	return find(t, key, RIGHT);
}

void *
rb_tree_find_node_leq(rb_tree_t *t, const void *key)
{
	return find(t, key, LEFT);
}

/*
 * The object beside one, on side dir; NULL behind the last.  From NULL, the
 * first object of that side: LEFT gives the smallest.
 */
void *
rb_tree_iterate(rb_tree_t *t, void *object, const unsigned int dir)
{
	if (object == NULL)
		return to_object(t, t->rbt_minmax[dir]);
	return to_object(t, beside(to_node(t, object), dir));
}
