/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The volume: boot sector, FSInfo, and whether it was left in order.
 *
 * Everything the boot sector says is checked here, once, against the format and
 * the size of the device; from then on the numbers in the mount are true.
 *
 * The volume is marked as in use (FAT[1], ClnShutBitMask) before its first
 * change, and as clean when it is unmounted; not if it was in use when we came,
 * or if damage was found: then a checker should look at it.  FAT12 has no mark.
 *
 * Ref: FAT specification, "Boot Sector and BPB", "FAT Type Determination", "FAT32
 * FSInfo Sector Structure and Backup Boot Sector".
 */

#include "msdosfs.h"

#include <sys/device.h>
#include <sys/disk.h>
#include <sys/errno.h>
#include <sys/systm.h>

#include <miscfs/specfs/specdev.h>

#define BOOT_SIGNATURE	0xaa55
#define FATS_MAX	16

/* What the boot sector says, in sectors. */
struct layout {
	uint32_t	ly_sector_size;
	uint32_t	ly_cluster_sectors;
	uint32_t	ly_reserved;
	uint32_t	ly_fats;
	uint32_t	ly_fat_sectors;
	uint32_t	ly_root_slots;
	uint32_t	ly_root_sectors;
	uint32_t	ly_sectors;
	bool		ly_is_fat32;
};

static bool
is_boot_sector(const struct fat_boot *bs, const uint8_t *sector)
{

	return bs->bs_jump[0] == 0xeb || bs->bs_jump[0] == 0xe9 ||
	    le16dec(sector + 510) == BOOT_SIGNATURE;
}

static void
read_layout(const struct fat_boot *bs, struct layout *ly)
{

	ly->ly_sector_size = le16dec(bs->bs_sector_size);
	ly->ly_cluster_sectors = bs->bs_cluster_sectors;
	ly->ly_reserved = le16dec(bs->bs_reserved);
	ly->ly_fats = bs->bs_fats;
	ly->ly_root_slots = le16dec(bs->bs_root_slots);
	ly->ly_sectors = le16dec(bs->bs_sectors16);
	if (ly->ly_sectors == 0)
		ly->ly_sectors = le32dec(bs->bs_sectors32);
	ly->ly_fat_sectors = le16dec(bs->bs_fat_sectors16);
	ly->ly_is_fat32 = ly->ly_fat_sectors == 0;
	if (ly->ly_is_fat32)
		ly->ly_fat_sectors = le32dec(bs->u.fat32.bs_fat_sectors32);
}

static bool
check_layout(const struct fat_boot *bs, struct layout *ly)
{
	uint64_t meta;

	if (ly->ly_sector_size < 512 || ly->ly_sector_size > 4096 ||
	    !powerof2(ly->ly_sector_size) || ly->ly_cluster_sectors == 0 ||
	    !powerof2(ly->ly_cluster_sectors) ||
	    ly->ly_cluster_sectors * ly->ly_sector_size > FAT_CLUSTER_MAX)
		return false;
	if (ly->ly_reserved == 0 || ly->ly_fats == 0 ||
	    ly->ly_fats > FATS_MAX || ly->ly_fat_sectors == 0 ||
	    ly->ly_sectors == 0)
		return false;
	if (bs->bs_media != 0xf0 && bs->bs_media < 0xf8)
		return false;
	if (ly->ly_is_fat32 ? ly->ly_root_slots != 0 ||
	    le16dec(bs->u.fat32.bs_version) != 0 : ly->ly_root_slots == 0)
		return false;
	ly->ly_root_sectors = howmany(ly->ly_root_slots * FAT_SLOT_SIZE,
	    ly->ly_sector_size);
	meta = (uint64_t)ly->ly_fats * ly->ly_fat_sectors + ly->ly_reserved +
	    ly->ly_root_sectors;
	return meta + ly->ly_cluster_sectors <= ly->ly_sectors;
}

/* How many clusters there are, and so what FAT it is. */
static void
set_clusters(struct msdosfs_mount *mm, const struct layout *ly,
    uint32_t data_sector)
{
	uint64_t entries;

	mm->mm_clusters = (ly->ly_sectors - data_sector) /
	    ly->ly_cluster_sectors;
	mm->mm_fat_bits = ly->ly_is_fat32 ? 32 :
	    mm->mm_clusters < FAT12_CLUSTERS ? 12 : 16;
	/* No more than the FAT has entries for, and numbers that mean nothing else. */
	entries = mm->mm_fat_size * 8 / mm->mm_fat_bits;
	entries = entries < FAT_FIRST_CLUSTER + 1 ? 0 :
	    entries - FAT_FIRST_CLUSTER;
	mm->mm_clusters = MIN(mm->mm_clusters, entries);
	mm->mm_clusters = MIN(mm->mm_clusters, mm->mm_fat_bits == 12 ?
	    FAT12_CLUSTERS - 1 : mm->mm_fat_bits == 16 ?
	    0xfff7 - FAT_FIRST_CLUSTER : FAT32_CLUSTERS - 1);
}

static void
set_layout(struct msdosfs_mount *mm, const struct fat_boot *bs,
    const struct layout *ly)
{
	const uint32_t size = ly->ly_sector_size;
	uint32_t root_sector, data_sector;

	root_sector = ly->ly_reserved + ly->ly_fats * ly->ly_fat_sectors;
	data_sector = root_sector + ly->ly_root_sectors;
	mm->mm_media = bs->bs_media;
	mm->mm_sector_shift = __builtin_ctz(size);
	mm->mm_cluster_shift = mm->mm_sector_shift +
	    __builtin_ctz(ly->ly_cluster_sectors);
	mm->mm_fats = ly->ly_fats;
	mm->mm_fat_start = (uint64_t)ly->ly_reserved * size;
	mm->mm_fat_size = (uint64_t)ly->ly_fat_sectors * size;
	mm->mm_root_start = (uint64_t)root_sector * size;
	mm->mm_root_slots = ly->ly_root_slots;
	mm->mm_data_start = (uint64_t)data_sector * size;
	set_clusters(mm, ly, data_sector);
}

/* What only FAT32 has. */
static bool
set_fat32(struct msdosfs_mount *mm, const struct fat_boot *bs,
    const struct layout *ly)
{
	const unsigned int flags = le16dec(bs->u.fat32.bs_flags);
	const unsigned int info = le16dec(bs->u.fat32.bs_fsinfo);

	mm->mm_root_cluster = le32dec(bs->u.fat32.bs_root);
	if (!msdosfs_is_cluster(mm, mm->mm_root_cluster))
		return false;
	if ((flags & FAT_EXT_NO_MIRROR) != 0) {
		if ((flags & FAT_EXT_ACTIVE) >= ly->ly_fats)
			return false;
		mm->mm_fat_start += (flags & FAT_EXT_ACTIVE) * mm->mm_fat_size;
		mm->mm_fats = 1;
	}
	if (info != 0 && info < ly->ly_reserved)
		mm->mm_info = (uint64_t)info << mm->mm_sector_shift;
	return true;
}

static int
check_device(struct msdosfs_mount *mm, const struct layout *ly,
    unsigned int device_sector)
{
	const uint64_t end = (uint64_t)ly->ly_sectors * ly->ly_sector_size;

	if (device_sector > ly->ly_sector_size)
		return EINVAL;
	if (end <= mm->mm_device_size)
		return 0;
	/* What is there of an image that was cut short may be read. */
	msdosfs_complain(mm, MSDOSFS_BEYOND_END,
	    "the volume has %ju bytes, the device %ju", (uintmax_t)end,
	    (uintmax_t)mm->mm_device_size);
	mm->mm_short = true;
	return mm->mm_readonly && mm->mm_device_size >= mm->mm_data_start ?
	    0 : EINVAL;
}

static int
parse_boot(struct msdosfs_mount *mm, const uint8_t *sector,
    unsigned int device_sector)
{
	const struct fat_boot *bs = (const struct fat_boot *)sector;
	struct layout ly;
	int error;

	if (!is_boot_sector(bs, sector))
		return EINVAL;
	read_layout(bs, &ly);
	if (!check_layout(bs, &ly))
		return EINVAL;
	set_layout(mm, bs, &ly);
	if (mm->mm_clusters == 0)
		return EINVAL;
	error = check_device(mm, &ly, device_sector);
	if (error == 0 && ly.ly_is_fat32 && !set_fat32(mm, bs, &ly))
		error = EINVAL;
	mm->mm_was_dirty = ((ly.ly_is_fat32 ? bs->u.fat32.bs_state :
	    bs->u.fat16.bs_state) & FAT_BOOT_DIRTY) != 0;
	return error;
}

int
msdosfs_volume_read(struct msdosfs_mount *mm)
{
	struct msdosfs_block *block;
	unsigned int sector_size;
	uint64_t sectors;
	int error;

	error = getdisksize(mm->mm_devvp, &sectors, &sector_size);
	if (error != 0)
		return error;
	if (sector_size > MSDOSFS_META_SIZE ||
	    sectors > INT64_MAX / sector_size)
		return EINVAL;
	mm->mm_device_size = sectors * sector_size;
	error = msdosfs_meta_get(mm, MSDOSFS_META_OTHER, 0,
	    MAX(sector_size, 512), &block);
	return error != 0 ? error :
	    parse_boot(mm, block->mb_data, sector_size);
}

/* -------------------------------------------------------------------- state */

/* FSInfo, if it is one.  NULL: none. */
static struct fat_info *
info_get(struct msdosfs_mount *mm, struct msdosfs_block **blockp)
{
	struct fat_info *info;

	if (mm->mm_info == 0 || msdosfs_meta_get(mm, MSDOSFS_META_OTHER,
	    mm->mm_info, 1U << mm->mm_sector_shift, blockp) != 0)
		return NULL;
	info = (struct fat_info *)(*blockp)->mb_data;
	if (le32dec(info->fi_lead) == FAT_INFO_LEAD &&
	    le32dec(info->fi_magic) == FAT_INFO_MAGIC)
		return info;
	msdosfs_complain(mm, MSDOSFS_BAD_INFO, "there is no FSInfo at %#jx",
	    (uintmax_t)mm->mm_info);
	mm->mm_info = 0;
	return NULL;
}

static void
info_read(struct msdosfs_mount *mm)
{
	const struct fat_info *info;
	struct msdosfs_block *block;
	uint32_t next;

	info = info_get(mm, &block);
	if (info == NULL)
		return;
	mm->mm_free = le32dec(info->fi_free);
	mm->mm_free_known = mm->mm_free <= mm->mm_clusters;
	next = le32dec(info->fi_next);
	if (msdosfs_is_cluster(mm, next))
		mm->mm_next = next - FAT_FIRST_CLUSTER;
}

int
msdosfs_state_read(struct msdosfs_mount *mm)
{
	const uint32_t clean =
	    mm->mm_fat_bits == 16 ? FAT16_CLEAN : FAT32_CLEAN;
	uint32_t state;
	int error;

	if (mm->mm_fat_bits != 12) {
		error = msdosfs_fat_state(mm, 0, 0, &state);
		if (error != 0)
			return error;
		mm->mm_was_dirty |= (state & clean) == 0;
	}
	if (mm->mm_was_dirty)
		msdosfs_complain(mm, MSDOSFS_WAS_DIRTY,
		    "was not unmounted in order");
	info_read(mm);
	if (mm->mm_free_known && !mm->mm_was_dirty)
		return 0;
	return msdosfs_alloc_count(mm);
}

int
msdosfs_state_mark(struct msdosfs_mount *mm, bool in_use)
{
	const bool fat16 = mm->mm_fat_bits == 16;
	const uint32_t clean = fat16 ? FAT16_CLEAN : FAT32_CLEAN;
	const uint32_t sound = fat16 ? FAT16_NO_ERROR : FAT32_NO_ERROR;
	uint32_t clear = 0, set = 0, old;
	int error = 0;

	if (in_use)
		clear = clean;
	else if (!mm->mm_was_dirty && !mm->mm_damaged)
		set = clean;
	if ((mm->mm_complained & (1U << MSDOSFS_IO_ERROR)) != 0)
		clear |= sound;
	if (mm->mm_fat_bits != 12)
		error = msdosfs_fat_state(mm, clear, set, &old);
	if (error == 0)
		mm->mm_in_use = in_use;
	return error;
}

int
msdosfs_info_write(struct msdosfs_mount *mm)
{
	struct msdosfs_block *block;
	struct fat_info *info;

	if (!mm->mm_info_dirty)
		return 0;
	mm->mm_info_dirty = false;
	info = info_get(mm, &block);
	if (info == NULL)
		return 0;
	le32enc(info->fi_free, mm->mm_free);
	le32enc(info->fi_next, mm->mm_next + FAT_FIRST_CLUSTER);
	msdosfs_meta_dirty(mm, block);
	return msdosfs_meta_write(mm, block);
}
