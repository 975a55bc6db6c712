/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Volume descriptors and sessions.
 *
 * A disc may be written in sessions, each with descriptors and a directory tree
 * of its own, whose files may lie in earlier sessions: all block numbers count
 * from the start of the disc.  A drive knows where the last session begins
 * (CDIOREADMSADDR).  An image of a disc is asked itself: behind the end of a
 * session, at one of the distances that writers leave, the descriptors of the
 * next may follow.  A primary descriptor there is believed only if its root
 * directory lies in its own session; that tells it from another image that was
 * put into or behind this one.
 *
 * Where discs can be overwritten some writers begin the first session at sector
 * 32, and keep a copy of the last one's descriptors at the start of the disc.
 * Then sessions are counted from sector 32.
 *
 * Ref: ECMA-119 8; Joliet Specification, "SVD Identification"; ECMA-394 and
 *      MMC-3 annexes (lead-out and lead-in between sessions of a CD-R).
 */

#include "volume.h"

#include <sys/cdio.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/kauth.h>
#include <sys/kmem.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "cd9660.h"

#define EMULATED_FIRST	32		/* sectors */
#define MAX_SESSIONS	99

/* Sectors that may lie between sessions: from ..., this many places looked at. */
#define SEARCH_PLACES	192
static const unsigned int gaps[] = {
	0,				/* on discs that can be overwritten */
	6750,				/* CD-R: lead-out, lead-in, pregap */
	11250				/* the same after the first session */
};

/* ------------------------------------------------------------ descriptors */

static int
read_primary(struct cd9660_mount *cm, const struct iso_descriptor *descriptor,
    struct cd9660_volume *volume)
{
	const struct iso_record *root =
	    (const struct iso_record *)descriptor->vd_root;

	switch (iso_both16(descriptor->vd_block_size)) {
	case 512:
		volume->vl_block_shift = 9;
		break;
	case 1024:
		volume->vl_block_shift = 10;
		break;
	case 2048:
		volume->vl_block_shift = 11;
		break;
	default:
		cd9660_complain(cm, CD9660_BAD_NUMBER,
		    "logical blocks of %u bytes",
		    iso_both16(descriptor->vd_block_size));
		return EINVAL;
	}
	if (root->dr_length < ISO_RECORD_MIN) {
		cd9660_complain(cm, CD9660_BAD_DIRECTORY,
		    "volume descriptor without a root directory");
		return EINVAL;
	}
	volume->vl_blocks = iso_both32(descriptor->vd_space_size);
	memcpy(volume->vl_root, descriptor->vd_root, sizeof(volume->vl_root));
	return 0;
}

/* A supplementary descriptor of Joliet has one of three escape sequences. */
static bool
is_joliet(const struct iso_descriptor *descriptor)
{
	const uint8_t *escape = descriptor->vd_escape;

	return escape[0] == '%' && escape[1] == '/' &&
	    (escape[2] == '@' || escape[2] == 'C' || escape[2] == 'E');
}

/* One descriptor.  EJUSTRETURN: the last. */
static int
read_descriptor(struct cd9660_mount *cm,
    const struct iso_descriptor *descriptor, bool *has_primary,
    struct cd9660_volume *volume)
{
	int error = 0;

	switch (descriptor->vd_type) {
	case ISO_VD_PRIMARY:
		/* Further ones are copies of the first. */
		if (!*has_primary) {
			error = read_primary(cm, descriptor, volume);
			*has_primary = error == 0;
		}
		break;
	case ISO_VD_SUPPLEMENTARY:
		if (!volume->vl_has_joliet && is_joliet(descriptor) &&
		    descriptor->vd_root[0] >= ISO_RECORD_MIN) {
			volume->vl_has_joliet = true;
			memcpy(volume->vl_joliet_root, descriptor->vd_root,
			    sizeof(volume->vl_joliet_root));
		}
		break;
	case ISO_VD_TERMINATOR:
		return EJUSTRETURN;
	}
	return error;
}

/* The session that begins at a sector.  EINVAL: none does. */
static int
volume_read(struct cd9660_mount *cm, unsigned int start,
    struct cd9660_volume *volume)
{
	const uint64_t sectors = cm->cm_device_size >> ISO_SECTOR_SHIFT;
	const uint64_t first = (uint64_t)start + ISO_SYSTEM_SECTORS;
	struct iso_descriptor *descriptor;
	bool has_primary = false;
	unsigned int i;
	int error = 0;

	memset(volume, 0, sizeof(*volume));
	volume->vl_start = start;
	descriptor = kmem_alloc(sizeof(*descriptor), KM_SLEEP);
	for (i = 0; i < ISO_MAX_DESCRIPTORS && first + i < sectors; i++) {
		error = cd9660_read_sector(cm, first + i, 0, descriptor);
		if (error != 0 || memcmp(descriptor->vd_id, ISO_STANDARD_ID,
		    sizeof(descriptor->vd_id)) != 0)
			break;
		error = read_descriptor(cm, descriptor, &has_primary, volume);
		if (error != 0)
			break;
	}
	kmem_free(descriptor, sizeof(*descriptor));
	if (error != 0 && error != EJUSTRETURN)
		return error;
	return has_primary ? 0 : EINVAL;
}

/* --------------------------------------------------------------- sessions */

/* Is there a primary descriptor where a session from this sector would have it? */
static bool
is_session(struct cd9660_mount *cm, uint64_t start)
{
	static const uint8_t magic[] = {
		ISO_VD_PRIMARY, 'C', 'D', '0', '0', '1', 1
	};
	const uint64_t position =
	    (start + ISO_SYSTEM_SECTORS) << ISO_SECTOR_SHIFT;
	uint8_t head[sizeof(magic)];

	return start <= UINT32_MAX &&
	    position + ISO_SECTOR_SIZE <= cm->cm_device_size &&
	    cd9660_read(cm, position, head, sizeof(head)) == 0 &&
	    memcmp(head, magic, sizeof(magic)) == 0;
}

/* Read it if it is one with a root directory of its own. */
static bool
try_session(struct cd9660_mount *cm, uint64_t start,
    struct cd9660_volume *volume)
{
	const struct iso_record *root =
	    (const struct iso_record *)volume->vl_root;

	return is_session(cm, start) && volume_read(cm, start, volume) == 0 &&
	    (uint64_t)iso_both32(root->dr_extent) << volume->vl_block_shift >=
	    start << ISO_SECTOR_SHIFT;
}

/* The session after one. */
static bool
next_session(struct cd9660_mount *cm, const struct cd9660_volume *volume,
    struct cd9660_volume *next)
{
	const uint64_t size = ((uint64_t)volume->vl_blocks <<
	    volume->vl_block_shift) >> ISO_SECTOR_SHIFT;
	uint64_t end, from;
	unsigned int i, j, k;

	/* Sizes are counted from the session's start or from the disc's. */
	for (i = 0; i < 2; i++) {
		end = i == 0 ? size : volume->vl_start + size;
		if (end <= volume->vl_start || (i == 1 && volume->vl_start == 0))
			continue;
		for (j = 0; j < __arraycount(gaps); j++) {
			from = end + gaps[j];
			for (k = 0; k < SEARCH_PLACES; k++) {
				if (try_session(cm, from + k, next))
					return true;
			}
		}
	}
	return false;
}

/* Ask the drive for the last session.  false: it does not know. */
static bool
ask_drive(struct cd9660_mount *cm, struct cd9660_volume *volume)
{
	int sector = 0;

	return VOP_IOCTL(cm->cm_devvp, CDIOREADMSADDR, &sector, FREAD,
	    FSCRED) == 0 && sector > 0 &&
	    volume_read(cm, sector, volume) == 0;
}

static int
find_last(struct cd9660_mount *cm, struct cd9660_volume *volume)
{
	struct cd9660_volume next;
	unsigned int n;
	int error;

	if (ask_drive(cm, volume))
		return 0;
	error = volume_read(cm, 0, volume);
	if (error != 0)
		return error;
	for (n = 1; n < MAX_SESSIONS; n++) {
		if (!next_session(cm, volume, &next))
			break;
		*volume = next;
	}
	return 0;
}

int
cd9660_volume_find(struct cd9660_mount *cm, unsigned int session,
    struct cd9660_volume *volume)
{
	struct cd9660_volume next;
	unsigned int n;
	int error;

	if (session == 0)
		return find_last(cm, volume);
	if (!try_session(cm, EMULATED_FIRST, volume)) {
		error = volume_read(cm, 0, volume);
		if (error != 0)
			return error;
	}
	for (n = 1; n < session; n++) {
		if (n == MAX_SESSIONS || !next_session(cm, volume, &next))
			return EINVAL;
		*volume = next;
	}
	return 0;
}
