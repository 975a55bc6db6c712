/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * System Use Sharing Protocol.
 *
 * An area is a row of entries: two letters, length, version, data.  It ends
 * with its last byte (a pad byte may be left), with an entry ST, or with less
 * than a header's room.  An entry CE, at any place in the area, names one
 * continuation area, which is walked when this one is done.
 *
 * The disc decides how many areas there are.  A chain ends for us with
 * SUSP_MAX_AREAS, and before it exceeds SUSP_MAX_BYTES in all: that bounds the walk
 * whether the chain is long or a ring.
 *
 * Discs with damaged entries exist, and what a file contains does not depend on
 * them.  So damage is told to the log and ends its area, as it does in other
 * readers; only what the device cannot read is an error.
 *
 * Ref: IEEE P1281 (SUSP 1.12) 4 (areas), 5.1 CE, 5.4 ST.
 */

#include "susp.h"

#include <sys/errno.h>
#include <sys/kmem.h>

#include "cd9660.h"

#define SUSP_MAX_AREAS	32
#define SUSP_MAX_BYTES	65536

#define SUSP_CE_LENGTH	28

void
susp_begin(struct susp_walk *walk, struct cd9660_mount *cm,
    const struct iso_record *record, unsigned int offset)
{
	/* The name is followed by a pad byte if its length is even. */
	const unsigned int start = ISO_RECORD_HEADER +
	    record->dr_name_length + (record->dr_name_length % 2 == 0) + offset;
	const uint8_t *base = (const uint8_t *)record;

	walk->sw_cm = cm;
	walk->sw_end = base + record->dr_length;
	walk->sw_next = start < record->dr_length ? base + start : walk->sw_end;
	walk->sw_more = 0;
	walk->sw_more_len = 0;
	walk->sw_areas = 0;
	walk->sw_bytes = 0;
	walk->sw_buffer = NULL;
	walk->sw_buffer_len = 0;
}

void
susp_end(struct susp_walk *walk)
{

	if (walk->sw_buffer != NULL)
		kmem_free(walk->sw_buffer, walk->sw_buffer_len);
	walk->sw_buffer = NULL;
}

static void
complain(struct susp_walk *walk, const char *how)
{

	cd9660_complain(walk->sw_cm, CD9660_BAD_SUSP,
	    "system use entries: %s", how);
}

/* Go on with the continuation area that was announced. */
static int
enter_continuation(struct susp_walk *walk)
{
	const uint32_t len = walk->sw_more_len;
	int error;

	if (len == 0)
		return ENOENT;
	if (++walk->sw_areas > SUSP_MAX_AREAS ||
	    len > SUSP_MAX_BYTES - walk->sw_bytes) {
		complain(walk, "continuation areas without end");
		return ENOENT;
	}
	walk->sw_bytes += len;

	susp_end(walk);
	walk->sw_buffer = kmem_alloc(len, KM_SLEEP);
	walk->sw_buffer_len = len;
	error = cd9660_read(walk->sw_cm, walk->sw_more, walk->sw_buffer, len);
	if (error != 0) {
		complain(walk, "continuation area cannot be read");
		return EIO;
	}
	walk->sw_next = walk->sw_buffer;
	walk->sw_end = walk->sw_buffer + len;
	walk->sw_more_len = 0;
	return 0;
}

/* Remember what a CE entry announces. */
static void
note_continuation(struct susp_walk *walk, const struct susp_entry *entry)
{

	if (entry->su_length < SUSP_CE_LENGTH) {
		complain(walk, "short CE entry");
		return;
	}
	walk->sw_more = cd9660_block_position(walk->sw_cm,
	    iso_both32(entry->su_data)) + iso_both32(entry->su_data + 8);
	walk->sw_more_len = iso_both32(entry->su_data + 16);
}

/* The entry that comes next; NULL: the area has ended. */
static const struct susp_entry *
next_in_area(struct susp_walk *walk)
{
	const struct susp_entry *entry =
	    (const struct susp_entry *)walk->sw_next;
	const char *how = NULL;

	if (walk->sw_end - walk->sw_next < SUSP_HEADER)
		return NULL;
	/* Some programs pad areas with zeroes. */
	if (entry->su_length < SUSP_HEADER && entry->su_signature[0] != 0)
		how = "entry without length";
	else if (entry->su_length > walk->sw_end - walk->sw_next)
		how = "entry longer than its area";
	if (how != NULL)
		complain(walk, how);
	if (how != NULL || entry->su_length < SUSP_HEADER) {
		walk->sw_next = walk->sw_end;
		return NULL;
	}
	walk->sw_next += entry->su_length;
	return entry;
}

int
susp_next(struct susp_walk *walk, const struct susp_entry **entryp)
{
	const struct susp_entry *entry;
	int error;

	for (;;) {
		if ((entry = next_in_area(walk)) == NULL) {
			if ((error = enter_continuation(walk)) != 0)
				return error;
			continue;
		}
		switch (susp_signature(entry)) {
		case SUSP_ENTRY('C', 'E'):
			note_continuation(walk, entry);
			break;
		case SUSP_ENTRY('S', 'T'):
			walk->sw_next = walk->sw_end;
			break;
		default:
			*entryp = entry;
			return 0;
		}
	}
}
