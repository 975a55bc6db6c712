/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where the blocks of files are, for genfs.  A block is a sector; clusters that
 * lie together are one run.
 */

#include "msdosfs.h"

#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/systm.h>

#define RUN_MAX		(1 << 20)	/* blocks */

/* Position of a byte of the file, and the bytes that lie together from it on. */
static int
locate(struct msdosfs_node *node, uint64_t offset, uint64_t *positionp,
    uint64_t *lengthp)
{
	struct msdosfs_mount *mm = node->n_mount;
	const uint32_t within = offset & (msdosfs_cluster_size(mm) - 1);
	uint32_t cluster, run;
	int error;

	error = msdosfs_extent_find(node, offset >> mm->mm_cluster_shift,
	    &cluster, &run);
	if (error != 0)
		return error;
	*positionp = msdosfs_cluster_position(mm, cluster) + within;
	*lengthp = ((uint64_t)run << mm->mm_cluster_shift) - within;
	return 0;
}

int
msdosfs_bmap(void *v)
{
	struct vop_bmap_args *ap = v;
	struct msdosfs_node *node = vnode_to_msdosfs(ap->a_vp);
	struct msdosfs_mount *mm = node->n_mount;
	uint64_t offset, position, length;
	int error;

	if (ap->a_vpp != NULL)
		*ap->a_vpp = mm->mm_devvp;
	if (ap->a_bnp == NULL)
		return 0;
	if (ap->a_runp != NULL)
		*ap->a_runp = 0;
	if (ap->a_bn < 0 ||
	    ap->a_bn > (daddr_t)(FAT_FILE_MAX >> mm->mm_sector_shift))
		return EFBIG;
	offset = (uint64_t)ap->a_bn << mm->mm_sector_shift;
	error = locate(node, offset, &position, &length);
	if (error == ENOENT) {
		if (offset < node->n_size) {
			msdosfs_complain(mm, MSDOSFS_BAD_CHAIN,
			    "the chain from cluster %u is shorter than its file",
			    node->n_start);
			return EIO;
		}
		*ap->a_bnp = -1;
		return 0;
	}
	if (error != 0)
		return error;
	*ap->a_bnp = position >> DEV_BSHIFT;
	if (ap->a_runp != NULL)
		*ap->a_runp = MIN(length >> mm->mm_sector_shift, RUN_MAX) - 1;
	return 0;
}

/* One buffer of a file. */
int
msdosfs_strategy(void *v)
{
	struct vop_strategy_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct buf *bp = ap->a_bp;
	daddr_t blkno;
	int error = 0;

	if (bp->b_blkno == bp->b_lblkno) {
		error = VOP_BMAP(vp, bp->b_lblkno, NULL, &blkno, NULL);
		if (error == 0)
			bp->b_blkno = blkno;
		if (error == 0 && blkno == -1 && (bp->b_flags & B_READ) == 0)
			error = EIO;
	}
	if (error != 0) {
		bp->b_error = error;
		bp->b_resid = bp->b_bcount;
		biodone(bp);
		return error;
	}
	if (bp->b_blkno == -1) {
		clrbuf(bp);
		biodone(bp);
		return 0;
	}
	return VOP_STRATEGY(vnode_to_msdosfs(vp)->n_mount->mm_devvp, bp);
}
