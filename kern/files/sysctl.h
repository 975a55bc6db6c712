/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the sysctl tree: what kern/files/sysctl*.c share.
 *
 * A node's children are an array in sysctl_child, sorted by number, with room
 * for sysctl_csize and sysctl_clen in use.  A node moves when its parent's
 * array grows, so nobody keeps a pointer to one without the tree's lock, and
 * children find their parent anew when it moved (tree_adopt).
 */
#ifndef _FILES_SYSCTL_H_
#define _FILES_SYSCTL_H_

#include <sys/sysctl.h>

/* An entry of a log: what sysctl_teardown is to undo. */
struct sysctllog {
	struct sysctllog	*sl_next;	/* made before this one */
	u_int			sl_namelen;
	int			sl_name[CTL_MAXNAME];
};

/* The child of a node with a number or a name, or NULL; the tree is locked. */
struct sysctlnode *tree_child(const struct sysctlnode *parent, int num);
struct sysctlnode *tree_child_named(const struct sysctlnode *parent,
	    const char *name);

/* Is this the root of the tree, or of one with its own functions? */
bool	tree_is_node(const struct sysctlnode *node);

/* May l change the tree, or see private nodes? */
int	tree_may_write(struct lwp *l, enum kauth_system_req req);

/* The basic nodes: kern, hw, … */
void	sysctl_kern_init(void);

/* Run a SYSCTL_SETUP function, an item of the link set of them. */
void	sysctl_setup_one(const void *item, void *arg);

#endif
