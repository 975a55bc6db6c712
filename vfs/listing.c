/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Directory listings; see <rump-private/listing.h>.
 *
 * The memory for a listing is as large as the request, up to a limit.  There are
 * at most as many cookies as entries of the shortest kind fit in it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <sys/uio.h>
#include <sys/vnode.h>

#include <rump-private/listing.h>

#define REQUEST_MOST	65536		/* bytes at a time */

bool
listing_add(struct listing *listing, const char *name, size_t len,
    ino_t fileno, uint8_t type, off_t next)
{
	struct dirent *d =
	    (struct dirent *)(listing->ls_buffer + listing->ls_used);
	const size_t reclen = _DIRENT_RECLEN(d, len);

	KASSERT(len != 0 && len < sizeof(d->d_name));
	KASSERT(next > 0);
	if (reclen > listing->ls_size - listing->ls_used)
		return false;
	memset(d, 0, reclen);
	d->d_fileno = fileno;
	d->d_type = type;
	d->d_namlen = (uint16_t)len;
	d->d_reclen = (uint16_t)reclen;
	memcpy(d->d_name, name, len);
	listing->ls_used += reclen;
	listing->ls_offset = next;
	if (listing->ls_cookies != NULL)
		listing->ls_cookies[listing->ls_ncookies++] = next;
	return true;
}

bool
listing_add_dots(struct listing *listing, ino_t self, ino_t parent)
{

	if (listing->ls_offset == 0 &&
	    !listing_add(listing, ".", 1, self, DT_DIR, 1))
		return false;
	return listing->ls_offset != 1 ||
	    listing_add(listing, "..", 2, parent, DT_DIR, 2);
}

/* Collect, and copy out.  *endp: the end was reached. */
static int
fill(const struct vop_readdir_args *ap, struct listing *listing,
    int (*collect)(struct vnode *, struct listing *), bool *endp)
{
	int error;

	listing->ls_offset = ap->a_uio->uio_offset;
	error = (*collect)(ap->a_vp, listing);
	*endp = error == ENOENT;
	if (error != 0 && error != ENOENT && listing->ls_used == 0)
		return error;
	if (listing->ls_used == 0 && !*endp)
		return EINVAL;
	error = uiomove(listing->ls_buffer, listing->ls_used, ap->a_uio);
	ap->a_uio->uio_offset = listing->ls_offset;
	return error;
}

int
listing_read(const struct vop_readdir_args *ap,
    int (*collect)(struct vnode *, struct listing *))
{
	struct listing listing = {
		.ls_size = MIN(ap->a_uio->uio_resid, REQUEST_MOST)
	};
	const size_t most =
	    listing.ls_size / _DIRENT_RECLEN((struct dirent *)NULL, 1) + 1;
	bool end;
	int error;

	if (ap->a_vp->v_type != VDIR)
		return ENOTDIR;
	if (ap->a_uio->uio_offset < 0 || listing.ls_size == 0)
		return EINVAL;
	listing.ls_buffer = kmem_alloc(listing.ls_size, KM_SLEEP);
	if (ap->a_cookies != NULL)
		listing.ls_cookies = malloc(most * sizeof(off_t), M_TEMP,
		    M_WAITOK);
	error = fill(ap, &listing, collect, &end);
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
