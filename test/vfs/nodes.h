/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nodes: a file system of nothing but vnodes, to test the vnode cache with.
 * Seen by both halves of the test.
 *
 * Its vnodes are known by a number.  A number below NODES_MANY can be loaded;
 * of those from NODES_STATIC on, only after somebody moved one there.
 */
#ifndef TEST_VFS_NODES_H
#define TEST_VFS_NODES_H

#define NODES_STATIC	4096
#define NODES_MANY	(4 * NODES_STATIC)

/* Argument of mount(2). */
struct nodes_args {
	int	serve;		/* mount(2) returns after unmount(2) */
};

/* Random operations; 0, or the line where something was not as it must be. */
int	rump_nodes_stress(unsigned int seed, unsigned int ops,
	    unsigned int ids);

/* Each of these is a test; as above. */
int	rump_nodes_identity(void);
int	rump_nodes_miss(void);
int	rump_nodes_iterate(void);
int	rump_nodes_lists(void);
int	rump_nodes_many(unsigned int);
int	rump_nodes_unused(void);

/* How many are loaded; how many vnodes there are. */
int	rump_nodes_loaded(void);
unsigned int rump_nodes_vnodes(void);

/* Is a mount with `serve` there? */
int	rump_nodes_serving(void);

#endif
