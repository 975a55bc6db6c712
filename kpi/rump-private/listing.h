/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What VOP_READDIR gives: struct dirents and, if they are asked for, cookies.
 *
 * A file system only says which entries there are.  They are collected in the
 * kernel's memory and copied out at once, so that nothing of the file system is
 * held while the caller's memory is touched.
 */
#ifndef _RUMP_PRIVATE_LISTING_H_
#define _RUMP_PRIVATE_LISTING_H_

#include <sys/types.h>

struct vnode;
struct vop_readdir_args;

struct listing {
	/* the cookie to go on from: of the caller, then of the last entry */
	off_t		ls_offset;

	/* listing.c's */
	uint8_t		*ls_buffer;
	size_t		ls_size;
	size_t		ls_used;
	off_t		*ls_cookies;	/* or NULL: not wanted */
	int		ls_ncookies;
};

/*
 * Add an entry behind the others.
 *
 * name    len bytes without a NUL, 1..KERNEL_NAME_MAX.
 * type    DT_*.
 * next    cookie that goes on behind this entry, > 0.
 *
 * Returns false, and has changed nothing, if there is no room.
 */
bool	listing_add(struct listing *listing, const char *name, size_t len,
	    ino_t fileno, uint8_t type, off_t next);

/*
 * Add "." unless the listing begins behind it, and ".." in the same way; their
 * cookies are 1 and 2.  Returns false if there is no room.
 */
bool	listing_add_dots(struct listing *listing, ino_t self, ino_t parent);

/*
 * VOP_READDIR, with what collect finds.
 *
 * collect  adds the entries from ls_offset on.  Returns 0 if it stopped because
 *          one did not fit, ENOENT at the directory's end, or another errno if it
 *          cannot go on; what it had added by then is given nevertheless, and the
 *          next call has the error.
 *
 * Returns 0, ENOTDIR, EINVAL (a negative offset, or no room for one entry), what
 * collect said, or EFAULT.
 * Locks:   ap->a_vp locked.
 * Context: thread, may sleep.
 */
int	listing_read(const struct vop_readdir_args *ap,
	    int (*collect)(struct vnode *vp, struct listing *listing));

#endif
