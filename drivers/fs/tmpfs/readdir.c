/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Listing a directory.
 *
 * A cookie is one more than the number of the entry before it; 1 and 2 come
 * after "." and "..".  Entries are collected in the kernel's memory and copied
 * out at once.
 */

#include "tmpfs.h"

#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <sys/systm.h>
#include <sys/uio.h>

#define MAX_REQUEST	65536		/* bytes at a time */
#define WHITEOUT_ID	1		/* a whiteout has no node */

struct listing {
	uint8_t		*ls_buffer;	/* struct dirents */
	size_t		ls_size;	/* of the buffer */
	size_t		ls_used;
	off_t		*ls_cookies;	/* or NULL: not wanted */
	int		ls_ncookies;
	uint64_t	ls_next;	/* cookie behind the last entry */
};

/* false: it does not fit. */
static bool
listing_add(struct listing *listing, uint64_t seq, uint64_t id, uint8_t type,
    const char *name, size_t len)
{
	struct dirent *d =
	    (struct dirent *)(listing->ls_buffer + listing->ls_used);
	const size_t reclen = _DIRENT_RECLEN(d, len);

	if (reclen > listing->ls_size - listing->ls_used)
		return false;
	memset(d, 0, reclen);
	d->d_fileno = id;
	d->d_type = type;
	d->d_namlen = len;
	d->d_reclen = reclen;
	memcpy(d->d_name, name, len);
	listing->ls_used += reclen;
	listing->ls_next = seq + 1;
	if (listing->ls_cookies != NULL)
		listing->ls_cookies[listing->ls_ncookies++] = seq + 1;
	return true;
}

static bool
listing_add_entry(struct listing *listing, const struct tmpfs_dirent *de)
{
	const struct tmpfs_node *node = de->td_node;

	return listing_add(listing, de->td_seq,
	    node != NULL ? node->tn_id : WHITEOUT_ID,
	    node != NULL ? vtype2dt(node->tn_type) : DT_WHT,
	    de->td_name, de->td_namelen);
}

/* Returns true if the end was reached. */
static bool
collect(struct tmpfs_mount *tm, struct tmpfs_node *dir,
    struct listing *listing)
{
	struct tmpfs_dirent *de;
	uint64_t parent;

	if (listing->ls_next == 0 &&
	    !listing_add(listing, 0, dir->tn_id, DT_DIR, ".", 1))
		return false;
	if (listing->ls_next == 1) {
		/* A directory that was removed has nothing more. */
		parent = tmpfs_dir_parent(tm, dir);
		if (parent == 0)
			return true;
		if (!listing_add(listing, 1, parent, DT_DIR, "..", 2))
			return false;
	}
	for (de = tmpfs_dir_from(dir, listing->ls_next); de != NULL;
	    de = tmpfs_dir_next(dir, de)) {
		if (!listing_add_entry(listing, de))
			return false;
	}
	return true;
}

static int
read_entries(struct vnode *vp, struct uio *uio, struct listing *listing,
    bool *endp)
{
	int error;

	listing->ls_next = uio->uio_offset;
	*endp = collect(mount_to_tmpfs(vp->v_mount), vnode_to_tmpfs(vp),
	    listing);
	if (listing->ls_used == 0 && !*endp)
		return EINVAL;
	error = uiomove(listing->ls_buffer, listing->ls_used, uio);
	uio->uio_offset = listing->ls_next;
	return error;
}

int
tmpfs_readdir(void *v)
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

	error = read_entries(vp, uio, &listing, &end);

	kmem_free(listing.ls_buffer, listing.ls_size);
	tmpfs_touch_accessed(vp);
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
