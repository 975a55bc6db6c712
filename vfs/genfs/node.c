/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * genfs_node: the part of an inode that genfs's page operations use.
 *
 * Its lock, g_glock, orders block allocation and page-in against truncation.
 * Who allocates blocks and changes the size holds it as writer; GETPAGES takes it
 * itself, as reader unless it may allocate.  It comes after the vnode lock and
 * the journal, and before pages are made busy.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/rwlock.h>
#include <sys/vnode.h>

#include <miscfs/genfs/genfs_node.h>

/*
 * Set up the genfs_node that v_data points to.
 *
 * ops     valid as long as the vnode.
 *
 * Context: while the vnode is loaded.
 */
void
genfs_node_init(struct vnode *vp, const struct genfs_ops *ops)
{

	KASSERT(vp->v_data != NULL);
	VTOG(vp)->g_op = ops;
	rw_init(&VTOG(vp)->g_glock);
}

/* The opposite, before v_data is freed. */
void
genfs_node_destroy(struct vnode *vp)
{

	rw_destroy(&VTOG(vp)->g_glock);
}

void
genfs_node_wrlock(struct vnode *vp)
{

	rw_enter(&VTOG(vp)->g_glock, RW_WRITER);
}

void
genfs_node_rdlock(struct vnode *vp)
{

	rw_enter(&VTOG(vp)->g_glock, RW_READER);
}

/* Returns whether the lock was taken. */
int
genfs_node_rdtrylock(struct vnode *vp)
{

	return rw_tryenter(&VTOG(vp)->g_glock, RW_READER);
}

void
genfs_node_unlock(struct vnode *vp)
{

	rw_exit(&VTOG(vp)->g_glock);
}

int
genfs_node_wrlocked(struct vnode *vp)
{

	return rw_write_held(&VTOG(vp)->g_glock);
}
