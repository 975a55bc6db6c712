/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * System Use Sharing Protocol: a walk over the entries behind the name of a
 * directory record, through its continuation areas.
 *
 *	susp_begin(&walk, cm, record, offset);
 *	while ((error = susp_next(&walk, &entry)) == 0)
 *		...;
 *	susp_end(&walk);
 *	error is ENOENT at the end, EIO if an area cannot be read
 *
 * The record must stay where it is during the walk; an entry is valid until
 * the next call.
 *
 * Ref: IEEE P1281 (SUSP 1.12) 4, 5.
 */

#ifndef CD9660_SUSP_H
#define CD9660_SUSP_H

#include "iso9660.h"

struct cd9660_mount;

struct susp_entry {
	uint8_t	su_signature[2];
	uint8_t	su_length;		/* of the entry, these four included */
	uint8_t	su_version;
	uint8_t	su_data[];
};

#define SUSP_HEADER	4
#define SUSP_ENTRY(a, b)	((a) << 8 | (b))	/* signature, as a number */

struct susp_walk {
	struct cd9660_mount *sw_cm;
	const uint8_t	*sw_next;	/* entry that comes next */
	const uint8_t	*sw_end;	/* of this area */
	uint64_t	sw_more;	/* position of the continuation area */
	uint32_t	sw_more_len;	/* its bytes; 0 = none was announced */
	unsigned int	sw_areas;	/* continuation areas so far ... */
	uint32_t	sw_bytes;	/* and their bytes */
	uint8_t		*sw_buffer;	/* holds one of them */
	size_t		sw_buffer_len;
};

/* offset: bytes of the system use field that belong to somebody else. */
void	susp_begin(struct susp_walk *walk, struct cd9660_mount *cm,
	    const struct iso_record *record, unsigned int offset);
int	susp_next(struct susp_walk *walk, const struct susp_entry **entryp);
void	susp_end(struct susp_walk *walk);

static inline unsigned int
susp_signature(const struct susp_entry *entry)
{

	return SUSP_ENTRY(entry->su_signature[0], entry->su_signature[1]);
}

#endif
