/* SPDX-License-Identifier: BSD-2-Clause */
/* Nodes of the sysctl tree, as NetBSD's programs see them. */
#ifndef TEST_NODE_H
#define TEST_NODE_H

#include <stdint.h>
#include <string.h>

#include <rump/rump_syscalls.h>
#include <rump/rumpdefs.h>

struct node {
	uint32_t	flags;
	int32_t		num;
	char		name[32];
	uint32_t	ver, rsvd;
	uint64_t	un[2], size, func, parent, desc;
};
#define NODE_VERSION	0x01000000u

/* The number of a node below mib[0..n-1] by its name; -1: there is none. */
static inline int
node_below(const int *mib, unsigned int n, const char *name)
{
	static struct node nodes[128];
	struct node q = { .flags = NODE_VERSION };
	size_t len = sizeof(nodes), i;
	int query[8];

	memcpy(query, mib, n * sizeof(*mib));
	query[n] = RUMP_CTL_QUERY;
	if (rump_sys___sysctl(query, n + 1, nodes, &len, &q, sizeof(q)) == -1)
		return -1;
	for (i = 0; i < len / sizeof(nodes[0]); i++)
		if (strcmp(nodes[i].name, name) == 0)
			return nodes[i].num;
	return -1;
}

/* The same of a node of the top. */
static inline int
node_number(int top, const char *name)
{

	return node_below(&top, 1, name);
}

#endif
