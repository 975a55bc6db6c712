/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Listing a directory.
 *
 * A cookie is the offset in the directory behind an entry.  Entries are
 * collected in memory of the kernel and copied out at once, so that nothing of
 * the disc is held while the caller's memory is touched.
 */

#include "cd9660.h"

#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <sys/systm.h>
#include <sys/uio.h>

#include "dir.h"

#define MAX_REQUEST	65536		/* bytes at a time */

struct listing {
	uint8_t		*ls_buffer;	/* struct dirents */
	size_t		ls_size;	/* of the buffer */
	size_t		ls_used;
	off_t		*ls_cookies;	/* or NULL: not wanted */
	int		ls_ncookies;
	uint64_t	ls_offset;	/* behind the last entry */
};

/* false: it does not fit. */
static bool
listing_add(struct listing *listing, const struct cd9660_entry *entry)
{
	struct dirent *d =
	    (struct dirent *)(listing->ls_buffer + listing->ls_used);
	const unsigned int len = entry->en_name.nm_len;
	const size_t reclen = _DIRENT_RECLEN(d, len);

	if (reclen > listing->ls_size - listing->ls_used)
		return false;
	memset(d, 0, reclen);
	d->d_fileno = entry->en_ino;
	d->d_type = entry->en_type;
	d->d_namlen = len;
	d->d_reclen = reclen;
	memcpy(d->d_name, entry->en_name.nm_text, len);
	listing->ls_used += reclen;
	listing->ls_offset = entry->en_next;
	if (listing->ls_cookies != NULL)
		listing->ls_cookies[listing->ls_ncookies++] = entry->en_next;
	return true;
}

/* Collect entries until the listing is full (0) or the end is reached (ENOENT). */
static int
collect(struct cd9660_node *directory, struct listing *listing)
{
	struct cd9660_reader reader;
	struct cd9660_entry entry;
	int error;

	cd9660_reader_begin(&reader, directory, listing->ls_offset, false);
	for (;;) {
		error = cd9660_reader_next(&reader, &entry);
		if (error != 0 || !listing_add(listing, &entry))
			break;
	}
	cd9660_reader_end(&reader);
	return error;
}

/* Read from the offset of uio on; *endp: the end was reached. */
static int
read_entries(struct cd9660_node *directory, struct uio *uio,
    struct listing *listing, bool *endp)
{
	int error;

	listing->ls_offset = uio->uio_offset;
	error = collect(directory, listing);
	*endp = error == ENOENT;
	if (error == ENOENT)
		error = 0;
	/* What came before the damage is given; the next call reports it. */
	if (error != 0 && listing->ls_used != 0)
		error = 0;
	if (error != 0)
		return error;
	if (listing->ls_used == 0 && !*endp)
		return EINVAL;
	error = uiomove(listing->ls_buffer, listing->ls_used, uio);
	uio->uio_offset = listing->ls_offset;
	return error;
}

int
cd9660_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uio *uio = ap->a_uio;
	struct listing listing = { .ls_size = MIN(uio->uio_resid, MAX_REQUEST) };
	const size_t max_entries =
	    listing.ls_size / _DIRENT_RECLEN((struct dirent *)NULL, 1) + 1;
	bool end;
	int error;

	if (vp->v_type != VDIR)
		return ENOTDIR;
	if (uio->uio_offset < 0 || listing.ls_size == 0)
		return EINVAL;
	listing.ls_buffer = kmem_alloc(listing.ls_size, KM_SLEEP);
	if (ap->a_cookies != NULL)
		listing.ls_cookies = malloc(max_entries * sizeof(off_t),
		    M_TEMP, M_WAITOK);

	error = read_entries(vnode_to_cd9660(vp), uio, &listing, &end);

	kmem_free(listing.ls_buffer, listing.ls_size);
	if (error != 0) {
		if (listing.ls_cookies != NULL)
			free(listing.ls_cookies, M_TEMP);
		return error;
	}
	if (ap->a_eofflag != NULL)
		*ap->a_eofflag = end;
	if (ap->a_cookies != NULL) {
		*ap->a_cookies = listing.ls_cookies;
		*ap->a_ncookies = listing.ls_ncookies;
	}
	return 0;
}
