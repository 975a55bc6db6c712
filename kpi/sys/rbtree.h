/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rbtree(3): balanced trees of caller's objects, ordered by functions.
 *
 * The caller serialises.  Objects are named by their own address, not by that
 * of the rb_node within them.
 */
#ifndef _SYS_RBTREE_H_
#define _SYS_RBTREE_H_

#include <sys/types.h>

/*
 * rb_nodes[RB_DIR_LEFT], rb_nodes[RB_DIR_RIGHT]: children, NULL if none.
 * rb_info: parent, with the colour in bit 0 and in bit 1 whether this node is
 * the right child.
 */
typedef struct rb_node {
	struct rb_node *rb_nodes[2];
	uintptr_t rb_info;
} rb_node_t;

#define RB_DIR_LEFT		0
#define RB_DIR_RIGHT		1
#define RB_DIR_OTHER		1

#define RB_FLAG_RED		((uintptr_t)1)
#define RB_FLAG_POSITION	((uintptr_t)2)
#define RB_FLAG_MASK		(RB_FLAG_RED | RB_FLAG_POSITION)
#define RB_SENTINEL_P(rb)	((rb) == NULL)

/* Order of two objects, or of an object and a key: <0, 0, >0. */
typedef signed int (*rbto_compare_nodes_fn)(void *, const void *,
    const void *);
typedef signed int (*rbto_compare_key_fn)(void *, const void *, const void *);

typedef struct {
	rbto_compare_nodes_fn rbto_compare_nodes;
	rbto_compare_key_fn rbto_compare_key;
	size_t rbto_node_offset;	/* of the rb_node in an object */
	void *rbto_context;		/* first argument of both */
} rb_tree_ops_t;

typedef struct rb_tree {
	struct rb_node *rbt_root;
	const rb_tree_ops_t *rbt_ops;
	struct rb_node *rbt_minmax[2];	/* first and last, NULL when empty */
} rb_tree_t;

void	 rb_tree_init(rb_tree_t *, const rb_tree_ops_t *);
void	*rb_tree_insert_node(rb_tree_t *, void *);
void	 rb_tree_remove_node(rb_tree_t *, void *);
void	*rb_tree_find_node(rb_tree_t *, const void *);
void	*rb_tree_find_node_geq(rb_tree_t *, const void *);
void	*rb_tree_find_node_leq(rb_tree_t *, const void *);
void	*rb_tree_iterate(rb_tree_t *, void *, const unsigned int);

/* First and last object, and the ones beside N. */
#define RB_TREE_MIN(T)		rb_tree_iterate((T), NULL, RB_DIR_LEFT)
#define RB_TREE_MAX(T)		rb_tree_iterate((T), NULL, RB_DIR_RIGHT)
#define RB_TREE_NEXT(T, N)	rb_tree_iterate((T), (N), RB_DIR_RIGHT)
#define RB_TREE_PREV(T, N)	rb_tree_iterate((T), (N), RB_DIR_LEFT)

#define RB_TREE_FOREACH(N, T) \
	for ((N) = RB_TREE_MIN(T); (N) != NULL; (N) = RB_TREE_NEXT((T), (N)))
#define RB_TREE_FOREACH_REVERSE(N, T) \
	for ((N) = RB_TREE_MAX(T); (N) != NULL; (N) = RB_TREE_PREV((T), (N)))
/* S keeps the next one, so that N may be removed. */
#define RB_TREE_FOREACH_SAFE(N, T, S) \
	for ((N) = RB_TREE_MIN(T); \
	    (N) != NULL && ((S) = RB_TREE_NEXT((T), (N)), 1); (N) = (S))
#define RB_TREE_FOREACH_REVERSE_SAFE(N, T, S) \
	for ((N) = RB_TREE_MAX(T); \
	    (N) != NULL && ((S) = RB_TREE_PREV((T), (N)), 1); (N) = (S))

#endif /* _SYS_RBTREE_H_ */
