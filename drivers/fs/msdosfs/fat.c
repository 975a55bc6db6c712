/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Entries of the FAT.
 *
 * Values are widened to 28 bits, so that the rest knows one kind: the reserved
 * ones, from 0xff7 or 0xfff7 on, get all upper bits set.  The upper four bits of
 * a FAT32 entry are kept as they are.
 *
 * An entry of FAT12 may lie in two blocks.
 *
 * Ref: FAT specification, "FAT Data Structure".
 */

#include "msdosfs.h"

#include <sys/errno.h>
#include <sys/systm.h>

#define FAT32_MASK	0x0fffffff

/* Blocks of the FAT are counted from its beginning; the last may be short. */
static int
fat_block(struct msdosfs_mount *mm, uint64_t offset,
    struct msdosfs_block **blockp)
{
	const uint64_t base = offset & ~(uint64_t)(MSDOSFS_META_SIZE - 1);

	KASSERT(offset < mm->mm_fat_size);
	return msdosfs_meta_get(mm, MSDOSFS_META_FAT, mm->mm_fat_start + base,
	    MIN(MSDOSFS_META_SIZE, mm->mm_fat_size - base), blockp);
}

static int
fat_bytes(struct msdosfs_mount *mm, uint64_t offset, uint8_t **bytesp,
    struct msdosfs_block **blockp)
{
	int error;

	error = fat_block(mm, offset, blockp);
	if (error == 0)
		*bytesp = (*blockp)->mb_data +
		    (offset & (MSDOSFS_META_SIZE - 1));
	return error;
}

/* ------------------------------------------------------------------- FAT12 */

/* The two bytes that an entry is in, which may be in two blocks. */
static int
fat12_bytes(struct msdosfs_mount *mm, uint32_t cluster, uint8_t *bytes[2],
    struct msdosfs_block *blocks[2])
{
	const uint64_t offset = cluster + cluster / 2;
	int error;

	error = fat_bytes(mm, offset, &bytes[0], &blocks[0]);
	if (error == 0)
		error = fat_bytes(mm, offset + 1, &bytes[1], &blocks[1]);
	return error;
}

static int
fat12_get(struct msdosfs_mount *mm, uint32_t cluster, uint32_t *valuep)
{
	struct msdosfs_block *blocks[2];
	uint8_t *bytes[2];
	uint32_t value;
	int error;

	error = fat12_bytes(mm, cluster, bytes, blocks);
	if (error != 0)
		return error;
	value = *bytes[0] | (uint32_t)*bytes[1] << 8;
	value = (cluster & 1) != 0 ? value >> 4 : value & 0xfff;
	*valuep = value >= (FAT_BAD & 0xfff) ? value | (FAT_END & ~0xfffU) :
	    value;
	return 0;
}

static int
fat12_set(struct msdosfs_mount *mm, uint32_t cluster, uint32_t value)
{
	struct msdosfs_block *blocks[2];
	uint8_t *bytes[2];
	int error;

	error = fat12_bytes(mm, cluster, bytes, blocks);
	if (error != 0)
		return error;
	if ((cluster & 1) != 0) {
		*bytes[0] = (*bytes[0] & 0x0f) | (value << 4 & 0xf0);
		*bytes[1] = value >> 4 & 0xff;
	} else {
		*bytes[0] = value & 0xff;
		*bytes[1] = (*bytes[1] & 0xf0) | (value >> 8 & 0x0f);
	}
	msdosfs_meta_dirty(mm, blocks[0]);
	msdosfs_meta_dirty(mm, blocks[1]);
	return 0;
}

/* --------------------------------------------------------------------- all */

static uint64_t
fat_offset(const struct msdosfs_mount *mm, uint32_t cluster)
{

	switch (mm->mm_fat_bits) {
	case 12:
		return cluster + cluster / 2;
	case 16:
		return (uint64_t)cluster * 2;
	default:
		return (uint64_t)cluster * 4;
	}
}

int
msdosfs_fat_get(struct msdosfs_mount *mm, uint32_t cluster, uint32_t *valuep)
{
	struct msdosfs_block *block;
	uint32_t value;
	uint8_t *bytes;
	int error;

	KASSERT(msdosfs_is_cluster(mm, cluster));
	if (mm->mm_fat_bits == 12)
		return fat12_get(mm, cluster, valuep);
	error = fat_bytes(mm, fat_offset(mm, cluster), &bytes, &block);
	if (error != 0)
		return error;
	if (mm->mm_fat_bits == 16) {
		value = le16dec(bytes);
		if (value >= (FAT_BAD & 0xffff))
			value |= FAT_END & ~0xffffU;
	} else {
		value = le32dec(bytes) & FAT32_MASK;
	}
	*valuep = value;
	return 0;
}

int
msdosfs_fat_set(struct msdosfs_mount *mm, uint32_t cluster, uint32_t value)
{
	struct msdosfs_block *block;
	uint8_t *bytes;
	int error;

	KASSERT(msdosfs_is_cluster(mm, cluster));
	KASSERT(value <= FAT32_MASK);
	if (mm->mm_fat_bits == 12)
		return fat12_set(mm, cluster, value);
	error = fat_bytes(mm, fat_offset(mm, cluster), &bytes, &block);
	if (error != 0)
		return error;
	if (mm->mm_fat_bits == 16)
		le16enc(bytes, value);
	else
		le32enc(bytes, (le32dec(bytes) & ~FAT32_MASK) | value);
	msdosfs_meta_dirty(mm, block);
	return 0;
}

int
msdosfs_fat_state(struct msdosfs_mount *mm, uint32_t clear, uint32_t set,
    uint32_t *oldp)
{
	struct msdosfs_block *block;
	uint32_t old, new;
	uint8_t *bytes;
	int error;

	KASSERT(mm->mm_fat_bits != 12);
	error = fat_bytes(mm, fat_offset(mm, 1), &bytes, &block);
	if (error != 0)
		return error;
	old = mm->mm_fat_bits == 16 ? le16dec(bytes) : le32dec(bytes);
	new = (old & ~clear) | set;
	*oldp = old;
	if (new == old)
		return 0;
	if (mm->mm_fat_bits == 16)
		le16enc(bytes, new);
	else
		le32enc(bytes, new);
	msdosfs_meta_dirty(mm, block);
	return msdosfs_meta_write(mm, block);
}

void
msdosfs_fat_prefetch(struct msdosfs_mount *mm, uint32_t cluster,
    uint32_t count)
{
	const uint64_t mask = MSDOSFS_META_SIZE - 1;
	uint64_t from, to;

	from = fat_offset(mm, cluster) & ~mask;
	to = fat_offset(mm, cluster + count) + 2;
	/* The short block at the end is left out. */
	to = MIN((to + mask) & ~mask, mm->mm_fat_size & ~mask);
	if (from < to)
		msdosfs_meta_prefetch(mm, MSDOSFS_META_FAT,
		    mm->mm_fat_start + from, MSDOSFS_META_SIZE,
		    (to - from) / MSDOSFS_META_SIZE);
}
