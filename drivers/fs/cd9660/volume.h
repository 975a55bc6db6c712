/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Volumes: what the descriptors of a session say, and which sessions a disc has.
 */

#ifndef CD9660_VOLUME_H
#define CD9660_VOLUME_H

#include <sys/types.h>

#include "iso9660.h"

struct cd9660_mount;

struct cd9660_volume {
	unsigned int	vl_start;		/* first sector of the session */
	unsigned int	vl_block_shift;
	uint32_t	vl_blocks;		/* logical blocks */
	uint8_t		vl_root[ISO_RECORD_MIN];
	bool		vl_has_joliet;
	uint8_t		vl_joliet_root[ISO_RECORD_MIN];
};

/*
 * Find a session and read its descriptors.
 *
 * session  from 1; 0 = the last.
 *
 * Returns 0; EINVAL: not ISO 9660, or no such session; EIO.
 */
int	cd9660_volume_find(struct cd9660_mount *cm, unsigned int session,
	    struct cd9660_volume *volume);

#endif
