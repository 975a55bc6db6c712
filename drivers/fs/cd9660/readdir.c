/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Listing a directory.
 *
 * A cookie is the offset in the directory behind an entry.
 */

#include "cd9660.h"

#include <sys/errno.h>

#include <rump-private/listing.h>

#include "dir.h"

static int
collect(struct vnode *vp, struct listing *listing)
{
	struct cd9660_reader reader;
	struct cd9660_entry entry;
	int error;

	cd9660_reader_begin(&reader, vnode_to_cd9660(vp), listing->ls_offset,
	    false);
	do {
		error = cd9660_reader_next(&reader, &entry);
	} while (error == 0 && listing_add(listing, entry.en_name.nm_text,
	    entry.en_name.nm_len, entry.en_ino, entry.en_type, entry.en_next));
	cd9660_reader_end(&reader);
	return error;
}

int
cd9660_readdir(void *v)
{

	return listing_read(v, collect);
}
