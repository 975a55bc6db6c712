/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ptyfs: nodes, which remember owner, permissions and times of what has been looked at.
 * One stays until the file system is unmounted; its vnode comes and goes.
 */
#include "ptyfs_var.h"

#include <sys/kmem.h>
#include <sys/stat.h>
#include <sys/systm.h>

/* Nobody's yet. */
static void
set_first(struct ptyfs_node *node)
{

	node->pn_uid = 0;
	node->pn_gid = 0;
	node->pn_mode = node->pn_key.type == PTYFS_ROOT ? 0555 :
	    S_IRUSR | S_IWUSR;
	getnanotime(&node->pn_btime);
	node->pn_atime = node->pn_mtime = node->pn_ctime = node->pn_btime;
}

static struct ptyfs_node *
find(struct ptyfs_mount *pm, const struct ptyfs_key *key)
{
	struct ptyfs_node *node;

	KASSERT(mutex_owned(&pm->pm_lock));
	LIST_FOREACH(node, &pm->pm_nodes, pn_list)
		if (memcmp(&node->pn_key, key, sizeof(*key)) == 0)
			return node;
	return NULL;
}

struct ptyfs_node *
ptyfs_node_get(struct ptyfs_mount *pm, const struct ptyfs_key *key)
{
	struct ptyfs_node *node, *new = kmem_zalloc(sizeof(*new), KM_SLEEP);

	new->pn_key = *key;
	set_first(new);
	mutex_enter(&pm->pm_lock);
	node = find(pm, key);
	if (node == NULL) {
		node = new;
		new = NULL;
		LIST_INSERT_HEAD(&pm->pm_nodes, node, pn_list);
	}
	mutex_exit(&pm->pm_lock);
	if (new != NULL)
		kmem_free(new, sizeof(*new));
	return node;
}

void
ptyfs_node_reset(struct ptyfs_mount *pm, int unit)
{
	const struct ptyfs_key key = { PTYFS_SLAVE, unit };
	struct ptyfs_node *node;

	mutex_enter(&pm->pm_lock);
	node = find(pm, &key);
	if (node != NULL)
		set_first(node);
	mutex_exit(&pm->pm_lock);
}

/* No vnode is left. */
void
ptyfs_nodes_free(struct ptyfs_mount *pm)
{
	struct ptyfs_node *node;

	while ((node = LIST_FIRST(&pm->pm_nodes)) != NULL) {
		LIST_REMOVE(node, pn_list);
		kmem_free(node, sizeof(*node));
	}
}

int
ptyfs_vnode(struct mount *mp, enum ptyfs_type type, int unit,
    struct vnode **vpp)
{
	const struct ptyfs_key key = { (int32_t)type, unit };

	return vcache_get(mp, &key, sizeof(key), vpp);
}
