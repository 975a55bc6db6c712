/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * radixtree(9): a map from 64-bit indices to pointers, dense or sparse, with
 * tags by which subsets of the entries are found quickly.
 *
 * The caller serialises.  A stored pointer is not NULL and has its two low
 * bits clear.
 */
#ifndef _SYS_RADIXTREE_H_
#define _SYS_RADIXTREE_H_

#include <sys/types.h>

#define RADIX_TREE_TAG_ID_MAX	2

typedef unsigned int radix_tree_tagmask_t;

struct radix_tree {
	void *t_root;			/* a node, or the entry of index 0 */
	int t_height;			/* levels of nodes */
};

#ifdef _KERNEL
void	 radix_tree_init(void);
void	 radix_tree_await_memory(void);
#endif

void	 radix_tree_init_tree(struct radix_tree *);
void	 radix_tree_fini_tree(struct radix_tree *);
bool	 radix_tree_empty_tree_p(struct radix_tree *);

int	 radix_tree_insert_node(struct radix_tree *, uint64_t, void *);
void	*radix_tree_replace_node(struct radix_tree *, uint64_t, void *);
void	*radix_tree_remove_node(struct radix_tree *, uint64_t);
void	*radix_tree_lookup_node(struct radix_tree *, uint64_t);
unsigned int radix_tree_gang_lookup_node(struct radix_tree *, uint64_t,
	    void **, unsigned int, bool);
unsigned int radix_tree_gang_lookup_node_reverse(struct radix_tree *,
	    uint64_t, void **, unsigned int, bool);

unsigned int radix_tree_gang_lookup_tagged_node(struct radix_tree *, uint64_t,
	    void **, unsigned int, bool, radix_tree_tagmask_t);
unsigned int radix_tree_gang_lookup_tagged_node_reverse(struct radix_tree *,
	    uint64_t, void **, unsigned int, bool, radix_tree_tagmask_t);
radix_tree_tagmask_t radix_tree_get_tag(struct radix_tree *, uint64_t,
	    radix_tree_tagmask_t);
void	 radix_tree_set_tag(struct radix_tree *, uint64_t,
	    radix_tree_tagmask_t);
void	 radix_tree_clear_tag(struct radix_tree *, uint64_t,
	    radix_tree_tagmask_t);
bool	 radix_tree_empty_tagged_tree_p(struct radix_tree *,
	    radix_tree_tagmask_t);

#endif /* _SYS_RADIXTREE_H_ */
