/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Nodes.
 *
 * A node is made for a new vnode (VFS_NEWVNODE) and put into the mount's table,
 * where later vnodes find it by its number (VFS_LOADVNODE).  It goes when its
 * vnode is reclaimed while no name refers to it; until then, without a vnode, it
 * waits in the table.  Numbers are never used twice, so a number that is not in
 * the table names nothing, and no generation is needed.
 *
 * The table is a hash table with one chain per node or so; because numbers are
 * given out in order, chains are equally long.
 *
 * Times: modification and change times are taken when it happens, because
 * their order between files counts.  Reading only marks that the access time is
 * due; the mark is turned into a time when somebody asks or the vnode goes.
 * So reading needs no clock and no lock.
 */

#include "tmpfs.h"

#include <sys/atomic.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/stat.h>
#include <sys/systm.h>

#define TABLE_MIN	64

/* ------------------------------------------------------------------ table */

static inline struct tmpfs_node **
table_chain(struct tmpfs_node **table, size_t mask, uint64_t id)
{

	return &table[id & mask];
}

void
tmpfs_table_create(struct tmpfs_mount *tm)
{

	tm->tm_mask = TABLE_MIN - 1;
	tm->tm_table = kmem_zalloc(TABLE_MIN * sizeof(*tm->tm_table), KM_SLEEP);
}

/* All that is left goes; no vnode is loaded any more. */
void
tmpfs_table_destroy(struct tmpfs_mount *tm)
{
	struct tmpfs_node *node;
	size_t i;

	/* The table shrinks while it empties, so chains may fill up again. */
	for (i = 0; tm->tm_nodes != 0; i = (i + 1) & tm->tm_mask) {
		while ((node = tm->tm_table[i & tm->tm_mask]) != NULL)
			tmpfs_node_destroy(tm, node);
	}
	kmem_free(tm->tm_table, (tm->tm_mask + 1) * sizeof(*tm->tm_table));
}

static void
chain_push(struct tmpfs_node **chain, struct tmpfs_node *node)
{

	node->tn_next = *chain;
	*chain = node;
}

/* Move all nodes into another table. */
static void
table_move(struct tmpfs_mount *tm, struct tmpfs_node **table, size_t mask)
{
	struct tmpfs_node *node;
	size_t i;

	for (i = 0; i <= tm->tm_mask; i++) {
		for (node = tm->tm_table[i]; node != NULL;
		    node = tm->tm_table[i]) {
			tm->tm_table[i] = node->tn_next;
			chain_push(table_chain(table, mask, node->tn_id), node);
		}
	}
	tm->tm_table = table;
	tm->tm_mask = mask;
}

/* Have a table with so many chains; somebody else may have been faster. */
static void
table_resize(struct tmpfs_mount *tm, size_t chains)
{
	struct tmpfs_node **table, **unused;
	size_t bytes = chains * sizeof(*table);

	table = unused = kmem_zalloc(bytes, KM_SLEEP);
	mutex_enter(&tm->tm_lock);
	if (tm->tm_mask + 1 != chains) {
		unused = tm->tm_table;
		bytes = (tm->tm_mask + 1) * sizeof(*table);
		table_move(tm, table, chains - 1);
	}
	mutex_exit(&tm->tm_lock);
	kmem_free(unused, bytes);
}

/* Put a node into the table and give it its number.  ENOSPC: too many. */
static int
table_insert(struct tmpfs_mount *tm, struct tmpfs_node *node)
{
	size_t grow = 0;

	mutex_enter(&tm->tm_lock);
	if (tm->tm_nodes >= tm->tm_nodes_max) {
		mutex_exit(&tm->tm_lock);
		return ENOSPC;
	}
	if (++tm->tm_nodes > (tm->tm_mask + 1) * 2)
		grow = (tm->tm_mask + 1) * 4;
	node->tn_id = tm->tm_next_id++;
	chain_push(table_chain(tm->tm_table, tm->tm_mask, node->tn_id), node);
	mutex_exit(&tm->tm_lock);
	if (grow != 0)
		table_resize(tm, grow);
	return 0;
}

static void
table_remove(struct tmpfs_mount *tm, struct tmpfs_node *node)
{
	struct tmpfs_node **link;
	size_t shrink = 0;

	mutex_enter(&tm->tm_lock);
	link = table_chain(tm->tm_table, tm->tm_mask, node->tn_id);
	while (*link != node) {
		KASSERT(*link != NULL);
		link = &(*link)->tn_next;
	}
	*link = node->tn_next;
	if (--tm->tm_nodes < (tm->tm_mask + 1) / 8 && tm->tm_mask >= TABLE_MIN)
		shrink = (tm->tm_mask + 1) / 4;
	mutex_exit(&tm->tm_lock);
	if (shrink >= TABLE_MIN)
		table_resize(tm, shrink);
}

struct tmpfs_node *
tmpfs_node_find(struct tmpfs_mount *tm, uint64_t id)
{
	struct tmpfs_node *node;

	mutex_enter(&tm->tm_lock);
	node = *table_chain(tm->tm_table, tm->tm_mask, id);
	while (node != NULL && node->tn_id != id)
		node = node->tn_next;
	mutex_exit(&tm->tm_lock);
	return node != NULL && node->tn_nlink != 0 ? node : NULL;
}

/* ------------------------------------------------------------------- life */

static int
set_contents(struct tmpfs_mount *tm, struct tmpfs_node *node,
    const struct vattr *va, const char *target)
{

	node->tn_nlink = 1;
	switch (node->tn_type) {
	case VDIR:
		node->tn_nlink = 2;
		tmpfs_dir_init(node);
		break;
	case VLNK:
		node->tn_size = strlen(target);
		if (node->tn_size == 0)
			break;
		node->tn_link = tmpfs_alloc(tm, node->tn_size);
		if (node->tn_link == NULL)
			return ENOSPC;
		memcpy(node->tn_link, target, node->tn_size);
		break;
	case VBLK:
	case VCHR:
		node->tn_rdev = va->va_rdev;
		break;
	default:
		break;
	}
	return 0;
}

int
tmpfs_node_create(struct tmpfs_mount *tm, const struct vattr *va, uid_t uid,
    gid_t gid, const char *target, struct tmpfs_node **nodep)
{
	struct tmpfs_node *node;
	int error;

	node = tmpfs_alloc(tm, sizeof(*node));
	if (node == NULL)
		return ENOSPC;
	memset(node, 0, sizeof(*node));
	node->tn_type = va->va_type;
	node->tn_mode = va->va_mode & ALLPERMS;
	node->tn_uid = uid;
	node->tn_gid = gid;
	vfs_timestamp(&node->tn_btime);
	node->tn_atime = node->tn_mtime = node->tn_ctime = node->tn_btime;

	error = set_contents(tm, node, va, target);
	if (error != 0)
		goto undo_alloc;
	error = table_insert(tm, node);
	if (error != 0)
		goto undo_contents;
	*nodep = node;
	return 0;

undo_contents:
	if (node->tn_type == VLNK && node->tn_size != 0)
		tmpfs_free(tm, node->tn_link, node->tn_size);
undo_alloc:
	tmpfs_free(tm, node, sizeof(*node));
	return error;
}

void
tmpfs_node_destroy(struct tmpfs_mount *tm, struct tmpfs_node *node)
{

	table_remove(tm, node);
	switch (node->tn_type) {
	case VDIR:
		tmpfs_dir_clear(tm, node);
		break;
	case VREG:
		tmpfs_data_destroy(tm, node);
		break;
	case VLNK:
		if (node->tn_size != 0)
			tmpfs_free(tm, node->tn_link, node->tn_size);
		break;
	default:
		break;
	}
	tmpfs_free(tm, node, sizeof(*node));
}

/* ------------------------------------------------------------------ times */

void
tmpfs_touch(struct vnode *vp, unsigned int what)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);
	struct timespec now;

	vfs_timestamp(&now);
	mutex_enter(vp->v_interlock);
	if ((what & TMPFS_MODIFIED) != 0)
		node->tn_mtime = now;
	node->tn_ctime = now;
	node->tn_revision++;
	mutex_exit(vp->v_interlock);
}

void
tmpfs_touch_accessed(struct vnode *vp)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);

	if (atomic_load_relaxed(&node->tn_accessed) == 0 &&
	    (atomic_load_relaxed(&vp->v_mount->mnt_flag) &
	    (MNT_NOATIME | MNT_RDONLY)) == 0)
		atomic_store_relaxed(&node->tn_accessed, 1);
}

void
tmpfs_settle_accessed(struct vnode *vp)
{
	struct tmpfs_node *node = vnode_to_tmpfs(vp);
	struct timespec now;

	if (atomic_load_relaxed(&node->tn_accessed) == 0)
		return;
	vfs_timestamp(&now);
	mutex_enter(vp->v_interlock);
	if (atomic_swap_uint(&node->tn_accessed, 0) != 0)
		node->tn_atime = now;
	mutex_exit(vp->v_interlock);
}
