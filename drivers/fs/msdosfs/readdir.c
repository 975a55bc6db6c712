/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Listing a directory.
 *
 * A cookie is the number of the slot behind an entry, and 2; 0 and 1 are before
 * "." and "..", which are made here: the root has none on the disk.  A listing
 * that is interrupted goes on behind the slot where it stopped.
 */

#include "msdosfs.h"

#include <sys/dirent.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <sys/systm.h>
#include <sys/uio.h>

#define MAX_REQUEST	65536		/* bytes at a time */
#define DOTS		2		/* entries made here */

struct listing {
	uint8_t		*ls_buffer;	/* struct dirents */
	size_t		ls_size;	/* of the buffer */
	size_t		ls_used;
	off_t		*ls_cookies;	/* or NULL: not wanted */
	int		ls_ncookies;
	off_t		ls_offset;	/* behind the last entry */
};

/* false: it does not fit. */
static bool
listing_add(struct listing *listing, const char *name, size_t len,
    uint64_t key, uint8_t type, off_t next)
{
	struct dirent *d =
	    (struct dirent *)(listing->ls_buffer + listing->ls_used);
	const size_t reclen = _DIRENT_RECLEN(d, len);

	if (reclen > listing->ls_size - listing->ls_used)
		return false;
	memset(d, 0, reclen);
	d->d_fileno = key;
	d->d_type = type;
	d->d_namlen = len;
	d->d_reclen = reclen;
	memcpy(d->d_name, name, len);
	listing->ls_used += reclen;
	listing->ls_offset = next;
	if (listing->ls_cookies != NULL)
		listing->ls_cookies[listing->ls_ncookies++] = next;
	return true;
}

static bool
add_entry(struct msdosfs_mount *mm, struct listing *listing,
    const struct msdosfs_entry *entry)
{
	const bool is_dir =
	    (entry->en_raw.de_attributes & FAT_ATTR_DIRECTORY) != 0;
	const uint32_t start = fat_dirent_start(mm, &entry->en_raw);
	char name[KERNEL_NAME_MAX + 1];
	uint64_t key;
	size_t len;

	key = msdosfs_file_key(entry->en_position);
	if (is_dir && msdosfs_is_cluster(mm, start))
		key = msdosfs_dir_key(mm, start);
	len = msdosfs_entry_name(mm, entry, name);
	return listing_add(listing, name, len, key, is_dir ? DT_DIR : DT_REG,
	    (off_t)entry->en_slot + 1 + DOTS);
}

/* "." and "..".  ENOSPC: full. */
static int
add_dots(struct msdosfs_node *dir, struct listing *listing)
{
	uint64_t parent;

	if (listing->ls_offset == 0 && !listing_add(listing, ".", 1,
	    dir->n_key, DT_DIR, 1))
		return ENOSPC;
	if (listing->ls_offset != 1)
		return 0;
	if (dir->n_key == MSDOSFS_ROOT ||
	    msdosfs_dir_parent(dir, &parent) != 0)
		parent = dir->n_key;
	return listing_add(listing, "..", 2, parent, DT_DIR, 2) ? 0 : ENOSPC;
}

/* Collect entries until the listing is full (0) or the end is reached (ENOENT). */
static int
collect(struct msdosfs_node *dir, struct listing *listing)
{
	struct msdosfs_entry *entry;
	uint32_t slot;
	int error;

	if (dir->n_unlinked)
		return ENOENT;
	if (add_dots(dir, listing) != 0)
		return 0;
	if (listing->ls_offset > FAT_DIR_SLOTS_MAX + DOTS)
		return ENOENT;
	slot = listing->ls_offset - DOTS;
	entry = kmem_alloc(sizeof(*entry), KM_SLEEP);
	while ((error = msdosfs_dir_next(dir, &slot, entry)) == 0) {
		if (!add_entry(dir->n_mount, listing, entry))
			break;
	}
	kmem_free(entry, sizeof(*entry));
	return error;
}

/* Read from the offset of uio on; *endp: the end was reached. */
static int
read_entries(struct msdosfs_node *dir, struct uio *uio,
    struct listing *listing, bool *endp)
{
	int error;

	listing->ls_offset = uio->uio_offset;
	msdosfs_enter(dir->n_mount);
	error = collect(dir, listing);
	msdosfs_leave(dir->n_mount);
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
msdosfs_readdir(void *v)
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

	error = read_entries(vnode_to_msdosfs(vp), uio, &listing, &end);
	if ((vp->v_mount->mnt_flag & (MNT_NOATIME | MNT_RDONLY)) == 0)
		msdosfs_node_touch(vnode_to_msdosfs(vp), MSDOSFS_DUE_ACCESSED);

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
