/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The FAT format, on the device.
 *
 * All numbers are little-endian and unaligned: structures are arrays of bytes,
 * read by le16dec and relatives.
 *
 * Ref: Microsoft, FAT32 File System Specification 1.03, whose sections the
 * comments name; the case flags and the volume's state in the boot sector are
 * those of Windows NT.
 */

#ifndef MSDOSFS_FAT_H
#define MSDOSFS_FAT_H

#include <sys/types.h>

#define FAT_SLOT_SIZE		32	/* bytes of a directory slot */
#define FAT_DIR_SLOTS_MAX	65536	/* of a directory: 2 MiB */
#define FAT_FILE_MAX		UINT32_MAX
#define FAT_CLUSTER_MAX		(1U << 20)	/* bytes; 4096 * 128 is 512 KiB */

/* Boot sector: BPB, and what follows it on FAT32. */
struct fat_boot {
	uint8_t	bs_jump[3];
	uint8_t	bs_oem[8];
	uint8_t	bs_sector_size[2];	/* 512 .. 4096 */
	uint8_t	bs_cluster_sectors;	/* a power of two */
	uint8_t	bs_reserved[2];		/* sectors before the first FAT */
	uint8_t	bs_fats;		/* copies */
	uint8_t	bs_root_slots[2];	/* 0 on FAT32 */
	uint8_t	bs_sectors16[2];	/* 0: see bs_sectors32 */
	uint8_t	bs_media;
	uint8_t	bs_fat_sectors16[2];	/* of one FAT; 0 on FAT32 */
	uint8_t	bs_track_sectors[2];
	uint8_t	bs_heads[2];
	uint8_t	bs_hidden[4];
	uint8_t	bs_sectors32[4];
	union {
		struct {
			uint8_t	bs_drive;
			uint8_t	bs_state;	/* FAT_BOOT_DIRTY */
			uint8_t	bs_signature;	/* 0x29: the next three are there */
			uint8_t	bs_id[4];
			uint8_t	bs_label[11];
			uint8_t	bs_type[8];
		} fat16;
		struct {
			uint8_t	bs_fat_sectors32[4];
			uint8_t	bs_flags[2];	/* FAT_EXT_* */
			uint8_t	bs_version[2];	/* 0 */
			uint8_t	bs_root[4];	/* cluster */
			uint8_t	bs_fsinfo[2];	/* sector; 0, 0xffff: none */
			uint8_t	bs_backup[2];
			uint8_t	bs_zero[12];
			uint8_t	bs_drive;
			uint8_t	bs_state;
			uint8_t	bs_signature;
			uint8_t	bs_id[4];
			uint8_t	bs_label[11];
			uint8_t	bs_type[8];
		} fat32;
	} u;
};

#define FAT_BOOT_DIRTY		0x01	/* bs_state: not unmounted */

/* bs_flags of FAT32 */
#define FAT_EXT_ACTIVE		0x000f	/* the copy in use, if ... */
#define FAT_EXT_NO_MIRROR	0x0080	/* ... only one is */

/* Cluster counts below which a volume is FAT12, FAT16 ("FAT Type Determination"). */
#define FAT12_CLUSTERS		4085
#define FAT16_CLUSTERS		65525
#define FAT32_CLUSTERS		0x0ffffff5

/* Values in the FAT, as they are after sign-like extension to 28 bits. */
#define FAT_FREE		0
#define FAT_FIRST_CLUSTER	2
#define FAT_BAD			0x0ffffff7
#define FAT_END_MIN		0x0ffffff8
#define FAT_END			0x0fffffff

/* FAT[1]: cleared while the volume is in use; after a device's error. */
#define FAT16_CLEAN		0x8000
#define FAT16_NO_ERROR		0x4000
#define FAT32_CLEAN		0x08000000
#define FAT32_NO_ERROR		0x04000000

/* FSInfo sector */
struct fat_info {
	uint8_t	fi_lead[4];		/* FAT_INFO_LEAD */
	uint8_t	fi_zero1[480];
	uint8_t	fi_magic[4];		/* FAT_INFO_MAGIC */
	uint8_t	fi_free[4];		/* clusters; 0xffffffff: not known */
	uint8_t	fi_next[4];		/* where to look for free ones */
	uint8_t	fi_zero2[12];
	uint8_t	fi_trail[4];		/* FAT_INFO_TRAIL */
};

#define FAT_INFO_LEAD		0x41615252
#define FAT_INFO_MAGIC		0x61417272
#define FAT_INFO_TRAIL		0xaa550000
#define FAT_INFO_UNKNOWN	0xffffffff

/* A slot of a directory: short entry ("Directory Structure"). */
struct fat_dirent {
	uint8_t	de_name[11];
	uint8_t	de_attributes;		/* FAT_ATTR_* */
	uint8_t	de_case;		/* FAT_CASE_* */
	uint8_t	de_created_10ms;	/* 0 .. 199 */
	uint8_t	de_created_time[2];
	uint8_t	de_created_date[2];
	uint8_t	de_accessed_date[2];
	uint8_t	de_start_high[2];	/* FAT32 only */
	uint8_t	de_time[2];
	uint8_t	de_date[2];
	uint8_t	de_start[2];
	uint8_t	de_size[4];
};

#define FAT_SLOT_END		0x00	/* de_name[0]: and all that follow are free */
#define FAT_SLOT_FREE		0xe5
#define FAT_SLOT_E5		0x05	/* stands for 0xe5 in a name */

#define FAT_ATTR_READONLY	0x01
#define FAT_ATTR_HIDDEN		0x02
#define FAT_ATTR_SYSTEM		0x04
#define FAT_ATTR_LABEL		0x08
#define FAT_ATTR_DIRECTORY	0x10
#define FAT_ATTR_ARCHIVE	0x20
#define FAT_ATTR_LONG		0x0f	/* all four: a piece of a long name */
#define FAT_ATTR_MASK		0x3f

#define FAT_CASE_BASE		0x08	/* the basis is in lower case */
#define FAT_CASE_EXTENSION	0x10

/* A piece of a long name ("FAT Long Directory Entries"). */
struct fat_long {
	uint8_t	dl_order;		/* 1 ..; the last comes first */
	uint8_t	dl_name1[10];
	uint8_t	dl_attributes;		/* FAT_ATTR_LONG */
	uint8_t	dl_type;		/* 0 */
	uint8_t	dl_checksum;		/* of the short name */
	uint8_t	dl_name2[12];
	uint8_t	dl_start[2];		/* 0 */
	uint8_t	dl_name3[4];
};

#define FAT_LONG_LAST		0x40
#define FAT_LONG_ORDER		0x3f
#define FAT_LONG_UNITS		13	/* UTF-16 units in a piece */
#define FAT_LONG_PIECES		20
#define FAT_NAME_MAX		255	/* units of a long name */

#endif
