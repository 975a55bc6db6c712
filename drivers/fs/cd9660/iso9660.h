/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * ISO 9660 on the disc: volume descriptors and directory records.
 *
 * A volume is a row of logical sectors of 2048 bytes.  The first sixteen of a
 * session are left to the system; then come volume descriptors, one a sector,
 * up to a terminator.  A descriptor names the root directory, a directory is a
 * row of directory records, a record gives the place and size of a file
 * section.  Places are counted in logical blocks, which may be smaller than
 * sectors (512 or 1024 bytes).
 *
 * Numbers stand twice in most fields, first with the low byte first, then with
 * the high byte first ("both-byte orders").  iso_both16/32 read them.  Where
 * the halves differ the first counts, unless it is zero: that is how discs are
 * found that a careless program wrote.
 *
 * All members are bytes, so that the structures have no padding and may stand
 * at any address.
 *
 * Ref: ECMA-119 (4th ed.) 7 (numbers), 8 (descriptors), 9 (records);
 *      Joliet Specification (1995), "SVD Identification".
 */

#ifndef CD9660_ISO9660_H
#define CD9660_ISO9660_H

#include <sys/types.h>
#include <sys/endian.h>

#define ISO_SECTOR_SHIFT	11
#define ISO_SECTOR_SIZE		2048
#define ISO_SYSTEM_SECTORS	16	/* before the first descriptor */
#define ISO_MAX_DESCRIPTORS	64	/* read at most; the standard has no limit */

/* ECMA-119 8.1.1: volume descriptor types. */
#define ISO_VD_BOOT		0
#define ISO_VD_PRIMARY		1
#define ISO_VD_SUPPLEMENTARY	2
#define ISO_VD_TERMINATOR	255

#define ISO_STANDARD_ID		"CD001"

/* ECMA-119 8.4, 8.5: primary and supplementary descriptors are laid out alike. */
struct iso_descriptor {
	uint8_t	vd_type;
	uint8_t	vd_id[5];
	uint8_t	vd_version;
	uint8_t	vd_flags;		/* supplementary only */
	uint8_t	vd_system_id[32];
	uint8_t	vd_volume_id[32];
	uint8_t	vd_unused1[8];
	uint8_t	vd_space_size[8];	/* both32, logical blocks */
	uint8_t	vd_escape[32];		/* supplementary only */
	uint8_t	vd_set_size[4];
	uint8_t	vd_sequence[4];
	uint8_t	vd_block_size[4];	/* both16, bytes */
	uint8_t	vd_path_table[24];	/* not used here */
	uint8_t	vd_root[34];		/* directory record */
	uint8_t	vd_rest[ISO_SECTOR_SIZE - 190];
};
__CTASSERT(sizeof(struct iso_descriptor) == ISO_SECTOR_SIZE);

/* ECMA-119 9.1: directory record. */
struct iso_record {
	uint8_t	dr_length;		/* of the record; 0 = rest of sector empty */
	uint8_t	dr_xar_length;		/* extended attribute record, blocks */
	uint8_t	dr_extent[8];		/* both32, logical block */
	uint8_t	dr_size[8];		/* both32, bytes */
	uint8_t	dr_date[7];
	uint8_t	dr_flags;
	uint8_t	dr_unit;		/* interleaving: blocks with data ... */
	uint8_t	dr_gap;			/* ... and between them */
	uint8_t	dr_sequence[4];
	uint8_t	dr_name_length;
	uint8_t	dr_name[1];		/* then a pad byte if the length is even,
					   then the system use field */
};

#define ISO_RECORD_HEADER	33	/* bytes before the name */
#define ISO_RECORD_MIN		34
#define ISO_RECORD_MAX		255

/* ECMA-119 9.1.6: flags of a record. */
#define ISO_FLAG_HIDDEN		0x01
#define ISO_FLAG_DIRECTORY	0x02
#define ISO_FLAG_ASSOCIATED	0x04
#define ISO_FLAG_RECORD		0x08
#define ISO_FLAG_PROTECTION	0x10
#define ISO_FLAG_MORE		0x80	/* another section follows */

/* ECMA-119 9.5: extended attribute record. */
struct iso_xattr {
	uint8_t	xa_uid[4];		/* both16 */
	uint8_t	xa_gid[4];
	uint8_t	xa_perm[2];		/* high byte first */
	uint8_t	xa_ctime[17];
	uint8_t	xa_mtime[17];
	uint8_t	xa_expires[17];
	uint8_t	xa_effective[17];
};

static inline uint16_t
iso_both16(const uint8_t *field)
{
	const uint16_t low_first = le16dec(field);

	return low_first != 0 ? low_first : be16dec(field + 2);
}

static inline uint32_t
iso_both32(const uint8_t *field)
{
	const uint32_t low_first = le32dec(field);

	return low_first != 0 ? low_first : be32dec(field + 4);
}

/* Do the halves of a number agree? */
static inline bool
iso_both32_agree(const uint8_t *field)
{

	return le32dec(field) == be32dec(field + 4);
}

#endif
