/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where the blocks of files are.
 *
 * The page cache asks for whole runs (BMAP), and reads them with one transfer
 * each.  A run ends with its section, with its unit if the section is
 * interleaved, and with the device.  A block that is not on the device is EIO:
 * of an image that was cut short all that is there can be read.
 *
 * Ref: ECMA-119 6.4.3 (interleaving).
 */

#include "cd9660.h"

#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/systm.h>

#define RUN_MAX		(1 << 20)	/* blocks */

/* The section with a byte of the file, by binary search; NULL: none has it. */
static const struct cd9660_section *
find_section(const struct cd9660_node *node, uint64_t offset)
{
	const struct cd9660_section *sections = node->cn_sections;
	unsigned int low = 0, high = node->cn_nsections, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (offset < sections[middle].cs_offset)
			high = middle;
		else if (offset - sections[middle].cs_offset >=
		    sections[middle].cs_length)
			low = middle + 1;
		else
			return &sections[middle];
	}
	return NULL;
}

/*
 * Position of a byte within a section, and how many bytes follow in one piece
 * (to the end of a block, where the section ends in it).
 */
static uint64_t
locate(const struct cd9660_section *section, uint64_t within,
    uint32_t block_size, uint64_t *lengthp)
{
	const uint64_t end = roundup2(section->cs_length, block_size);
	uint64_t unit;

	*lengthp = end - within;
	if (section->cs_unit == 0)
		return section->cs_position + within;
	unit = within / section->cs_unit;
	*lengthp = MIN(*lengthp, section->cs_unit - within % section->cs_unit);
	return section->cs_position + within + unit * section->cs_gap;
}

int
cd9660_bmap(void *v)
{
	struct vop_bmap_args *ap = v;
	struct cd9660_node *node = vnode_to_cd9660(ap->a_vp);
	struct cd9660_mount *cm = node->cn_mount;
	const uint32_t block_size = 1U << cm->cm_block_shift;
	const struct cd9660_section *section;
	uint64_t offset, position, length;

	if (ap->a_vpp != NULL)
		*ap->a_vpp = cm->cm_devvp;
	if (ap->a_bnp == NULL)
		return 0;
	if (ap->a_bn < 0 || ap->a_bn > INT64_MAX >> cm->cm_block_shift)
		return EFBIG;
	offset = (uint64_t)ap->a_bn << cm->cm_block_shift;
	section = find_section(node, offset);
	if (section == NULL) {
		/* Behind the end of the file there is nothing to read. */
		*ap->a_bnp = -1;
		if (ap->a_runp != NULL)
			*ap->a_runp = 0;
		return 0;
	}
	position = locate(section, offset - section->cs_offset, block_size,
	    &length);
	if (position + block_size > cm->cm_device_size) {
		cd9660_complain(cm, CD9660_BEYOND_END,
		    "file at byte %#jx goes beyond the end of the device",
		    (uintmax_t)node->cn_position);
		return EIO;
	}
	length = MIN(length, cm->cm_device_size - position);
	*ap->a_bnp = position >> DEV_BSHIFT;
	if (ap->a_runp != NULL)
		*ap->a_runp = MIN(length >> cm->cm_block_shift, RUN_MAX) - 1;
	return 0;
}

/* Read one buffer of a file; nobody writes any. */
int
cd9660_strategy(void *v)
{
	struct vop_strategy_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct buf *bp = ap->a_bp;
	struct vnode *devvp = vnode_to_cd9660(vp)->cn_mount->cm_devvp;
	daddr_t blkno;
	int error = 0;

	if ((bp->b_flags & B_READ) == 0)
		error = EROFS;
	else if (bp->b_blkno == bp->b_lblkno) {
		error = VOP_BMAP(vp, bp->b_lblkno, NULL, &blkno, NULL);
		if (error == 0)
			bp->b_blkno = blkno;
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
	return VOP_STRATEGY(devvp, bp);
}
