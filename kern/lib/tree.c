/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The algorithms behind tree(3): red-black and splay trees of elements whose
 * links lie at an offset.
 *
 * Links hold addresses of elements.  For the rules of red-black trees see
 * rbtree.c; splay trees are splayed top down.
 *
 * Ref: Cormen et al., Introduction to Algorithms, ch. 13; D. Sleator, R.
 * Tarjan, Self-Adjusting Binary Search Trees, JACM 32, 1985.
 */

#include <sys/types.h>
#include <sys/tree.h>
#include <lib/libkern/libkern.h>

/* A red-black tree in an operation. */
struct rb {
	void **root;
	size_t off;
};

static struct tree_rb_links *
links(const struct rb *t, const void *elm)
{
	return (struct tree_rb_links *)((uintptr_t)elm + t->off);
}

static void *
parent(const struct rb *t, const void *elm)
{
	return links(t, elm)->parent;
}

/* The link to the child on one side. */
static void **
child(const struct rb *t, const void *elm, bool right)
{
	struct tree_rb_links *l = links(t, elm);

	return right ? &l->right : &l->left;
}

static bool
on_right(const struct rb *t, const void *elm)
{
	return parent(t, elm) != NULL &&
	    *child(t, parent(t, elm), true) == elm;
}

static bool
is_red(const struct rb *t, const void *elm)
{
	return elm != NULL && links(t, elm)->color == RB_RED;
}

static void
paint(const struct rb *t, const void *elm, int color)
{
	links(t, elm)->color = color;
}

/* Hang elm (or NULL) below up on one side, or make it the root. */
static void
hang(const struct rb *t, void *elm, void *up, bool right)
{
	*(up == NULL ? t->root : child(t, up, right)) = elm;
	if (elm != NULL)
		links(t, elm)->parent = up;
}

/* Turn: elm goes down to one side, its child of the other takes its place. */
static void
rotate(const struct rb *t, void *elm, bool right)
{
	void *up = parent(t, elm), *top = *child(t, elm, !right);
	bool at = on_right(t, elm);

	hang(t, *child(t, top, right), elm, !right);
	hang(t, elm, top, right);
	hang(t, top, up, at);
}

static void
mend_insertion(const struct rb *t, void *elm)
{
	void *up, *grand, *uncle;
	bool right;

	while (is_red(t, up = parent(t, elm))) {
		grand = parent(t, up);
		right = on_right(t, up);
		uncle = *child(t, grand, !right);
		if (is_red(t, uncle)) {
			paint(t, up, RB_BLACK);
			paint(t, uncle, RB_BLACK);
			paint(t, grand, RB_RED);
			elm = grand;
			continue;
		}
		if (on_right(t, elm) != right) {
			rotate(t, up, right);
			up = elm;
		}
		paint(t, up, RB_BLACK);
		paint(t, grand, RB_RED);
		rotate(t, grand, !right);
		break;
	}
	paint(t, *t->root, RB_BLACK);
}

/* Returns NULL, or the equal element that is there already. */
void *
tree_rb_insert(void **root, void *elm, size_t off, tree_compare_t *cmp)
{
	const struct rb t = { root, off };
	void *up = NULL, *at;
	bool right = false;

	for (at = *root; at != NULL; at = *child(&t, at, right)) {
		int order = cmp(elm, at);

		if (order == 0)
			return at;
		up = at;
		right = order > 0;
	}
	*links(&t, elm) = (struct tree_rb_links){ .color = RB_RED };
	hang(&t, elm, up, right);
	mend_insertion(&t, elm);
	return NULL;
}

static void
mend_removal(const struct rb *t, void *elm, void *up, bool right)
{
	void *sibling;

	while (up != NULL && !is_red(t, elm)) {
		sibling = *child(t, up, !right);
		if (is_red(t, sibling)) {
			paint(t, sibling, RB_BLACK);
			paint(t, up, RB_RED);
			rotate(t, up, right);
			sibling = *child(t, up, !right);
		}
		if (!is_red(t, *child(t, sibling, false)) &&
		    !is_red(t, *child(t, sibling, true))) {
			paint(t, sibling, RB_RED);
			elm = up;
			up = parent(t, elm);
			right = on_right(t, elm);
			continue;
		}
		if (!is_red(t, *child(t, sibling, !right))) {
			paint(t, *child(t, sibling, right), RB_BLACK);
			paint(t, sibling, RB_RED);
			rotate(t, sibling, !right);
			sibling = *child(t, up, !right);
		}
		paint(t, sibling, links(t, up)->color);
		paint(t, up, RB_BLACK);
		paint(t, *child(t, sibling, !right), RB_BLACK);
		rotate(t, up, right);
		return;
	}
	if (elm != NULL)
		paint(t, elm, RB_BLACK);
}

static void *
deepest(const struct rb *t, void *elm, bool right)
{
	while (*child(t, elm, right) != NULL)
		elm = *child(t, elm, right);
	return elm;
}

void *
tree_rb_remove(void **root, void *elm, size_t off)
{
	const struct rb t = { root, off };
	void *out = elm, *below, *up;
	bool right, red;

	if (links(&t, elm)->left != NULL && links(&t, elm)->right != NULL)
		out = deepest(&t, links(&t, elm)->right, false);
	below = links(&t, out)->left;
	if (below == NULL)
		below = links(&t, out)->right;
	up = parent(&t, out);
	right = on_right(&t, out);
	red = is_red(&t, out);
	hang(&t, below, up, right);
	if (out != elm) {
		/* out takes the place and the colour of elm. */
		struct tree_rb_links *old = links(&t, elm);

		paint(&t, out, old->color);
		hang(&t, out, old->parent, on_right(&t, elm));
		hang(&t, old->left, out, false);
		hang(&t, old->right, out, true);
		if (up == elm)
			up = out;
	}
	if (!red)
		mend_removal(&t, below, up, right);
	return elm;
}

/* The element equal to key; with nearest, else the smallest above it. */
void *
tree_rb_find(void *root, const void *key, size_t off, tree_compare_t *cmp,
    int nearest)
{
	const struct rb t = { &root, off };
	void *at = root, *above = NULL;

	while (at != NULL) {
		int order = cmp(key, at);

		if (order == 0)
			return at;
		if (order < 0)
			above = at;
		at = *child(&t, at, order > 0);
	}
	return nearest ? above : NULL;
}

/* The next element (dir > 0) or the previous one, or NULL. */
void *
tree_rb_step(void *elm, size_t off, int dir)
{
	const struct rb t = { NULL, off };
	bool right = dir > 0;

	if (*child(&t, elm, right) != NULL)
		return deepest(&t, *child(&t, elm, right), !right);
	while (parent(&t, elm) != NULL && on_right(&t, elm) == right)
		elm = parent(&t, elm);
	return parent(&t, elm);
}

/* The last (dir > 0) or first element, or NULL. */
void *
tree_rb_minmax(void *root, size_t off, int dir)
{
	const struct rb t = { &root, off };

	return root == NULL ? NULL : deepest(&t, root, dir > 0);
}

/*
 * Splay trees.
 */

static struct tree_splay_links *
splay_links(const void *elm, size_t off)
{
	return (struct tree_splay_links *)((uintptr_t)elm + off);
}

/* Rotate the left (right) child over top; returns it. */
static void *
splay_rotate(void *top, size_t off, bool right)
{
	struct tree_splay_links *l = splay_links(top, off), *c;
	void *up = right ? l->right : l->left;

	c = splay_links(up, off);
	if (right) {
		l->right = c->left;
		c->left = top;
	} else {
		l->left = c->right;
		c->right = top;
	}
	return up;
}

/*
 * Bring the element that place(arg, elm) says is 0 to the root, or one next
 * to where it would be.  place is negative if what is sought lies to the left.
 *
 * On the way down the tree is split into what lies left and what lies right
 * of the place; lefts and rights are where the next piece of each is hung.
 */
static void
splay(void **root, size_t off, tree_compare_t *place, const void *arg)
{
	struct tree_splay_links ends = { NULL, NULL }, *l;
	void **lefts = &ends.left, **rights = &ends.right;
	void *top = *root, *next;
	int order;

	while ((order = place(arg, top)) != 0) {
		bool right = order > 0;

		l = splay_links(top, off);
		next = right ? l->right : l->left;
		if (next == NULL)
			break;
		order = place(arg, next);
		if (order != 0 && (order > 0) == right) {
			top = splay_rotate(top, off, right);
			l = splay_links(top, off);
			next = right ? l->right : l->left;
			if (next == NULL)
				break;
		}
		if (right) {
			*lefts = top;
			lefts = &l->right;
		} else {
			*rights = top;
			rights = &l->left;
		}
		top = next;
	}
	l = splay_links(top, off);
	*lefts = l->left;
	*rights = l->right;
	l->left = ends.left;
	l->right = ends.right;
	*root = top;
}

/* Returns NULL, or the equal element that is there already. */
void *
tree_splay_insert(void **root, void *elm, size_t off, tree_compare_t *cmp)
{
	struct tree_splay_links *n = splay_links(elm, off), *l;
	int order;

	*n = (struct tree_splay_links){ NULL, NULL };
	if (*root != NULL) {
		splay(root, off, cmp, elm);
		order = cmp(elm, *root);
		if (order == 0)
			return *root;
		l = splay_links(*root, off);
		if (order < 0) {
			n->left = l->left;
			n->right = *root;
			l->left = NULL;
		} else {
			n->right = l->right;
			n->left = *root;
			l->right = NULL;
		}
	}
	*root = elm;
	return NULL;
}

/* Returns the element taken out, or NULL if there is none equal to elm. */
void *
tree_splay_remove(void **root, void *elm, size_t off, tree_compare_t *cmp)
{
	void *found, *right;

	if (*root == NULL)
		return NULL;
	splay(root, off, cmp, elm);
	if (cmp(elm, *root) != 0)
		return NULL;
	found = *root;
	right = splay_links(found, off)->right;
	*root = splay_links(found, off)->left;
	if (*root == NULL)
		*root = right;
	else {
		/* elm is above all of these: the largest comes up. */
		splay(root, off, cmp, elm);
		splay_links(*root, off)->right = right;
	}
	return found;
}

void *
tree_splay_find(void **root, const void *key, size_t off, tree_compare_t *cmp)
{
	if (*root == NULL)
		return NULL;
	splay(root, off, cmp, key);
	return cmp(key, *root) == 0 ? *root : NULL;
}

void *
tree_splay_next(void **root, void *elm, size_t off, tree_compare_t *cmp)
{
	void *n;

	splay(root, off, cmp, elm);
	n = splay_links(elm, off)->right;
	while (n != NULL && splay_links(n, off)->left != NULL)
		n = splay_links(n, off)->left;
	return n;
}

static int
leftmost(const void *key, const void *elm)
{
	return -1;
}

static int
rightmost(const void *key, const void *elm)
{
	return 1;
}

/* The last (dir > 0) or first element, or NULL. */
void *
tree_splay_minmax(void **root, size_t off, int dir)
{
	if (*root == NULL)
		return NULL;
	splay(root, off, dir > 0 ? rightmost : leftmost, NULL);
	return *root;
}
