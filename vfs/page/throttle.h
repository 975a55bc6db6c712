/* SPDX-License-Identifier: BSD-2-Clause */
/* How much may be dirty: writers are held up.  throttle.c has the rules. */
#ifndef _VFS_PAGE_THROTTLE_H_
#define _VFS_PAGE_THROTTLE_H_

#include <sys/types.h>

struct mount;
struct page_tally;
struct vnode;

/*
 * After a write to a file: let write-back begin if much is dirty, and wait for it
 * if too much is.
 *
 * off, len  what was written, in bytes; len may be 0.
 * others    may begin to write the other files of the mount.
 *
 * Locks:   none held; no transaction, of a mount or of a journal, unless !others.
 * Context: thread, may sleep.
 */
void	throttle_writer(struct vnode *vp, off_t off, size_t len, bool others);

/* The write of n pages of a tally (NULL: nobody's) has begun; has ended, well or not. */
void	throttle_began(struct page_tally *, u_int n);
void	throttle_ended(struct page_tally *, u_int n);

/* The tally of a mount; the mount has no vnodes when it goes. */
struct page_tally *throttle_create(struct mount *);
void	throttle_destroy(struct page_tally *);

/* Limits, from the memory that there is. */
void	throttle_init(void);

#endif /* !_VFS_PAGE_THROTTLE_H_ */
