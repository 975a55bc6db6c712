/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of vfs/bio share.  <sys/buf.h> is the interface of the buffer
 * cache, doc/buffers.md its design.
 *
 * bufcache_lock protects all of it but the memory's count (a leaf lock of its
 * own): hash table, free lists, and b_cflags of every buffer.
 */
#ifndef _VFS_BIO_BUFCACHE_H_
#define _VFS_BIO_BUFCACHE_H_

#include <sys/types.h>
#include <sys/buf.h>

struct mount;

/* Free lists.  A buffer is on one exactly while it is not busy. */
enum bufqueue {
	BUFQUEUE_NONE = -1,
	BUFQUEUE_AGE,		/* taken first */
	BUFQUEUE_LRU,		/* then these, least recently used first */
	BUFQUEUE_LOCKED,	/* kept for a journal: never taken */
	BUFQUEUE_COUNT
};

/*
 * A buffer's memory, b_data and b_bufsize (bufmem.c).
 *
 * bufmem_resize	make room for size bytes.  preserve: keep what fits.
 *			bp busy.  0, or ENOMEM for the page daemon.
 * bufmem_free		take the memory away.
 * bufmem_excess	bytes by which the cache is over its limit, or 0.
 */
#define BUFMEM_PERCENT	5	/* of memory, unless told otherwise */

void	bufmem_init(void);
int	bufmem_resize(buf_t *bp, int size, bool preserve);
void	bufmem_free(buf_t *bp);
u_long	bufmem_excess(void);

/* The hash table of (vnode, logical block) (bufhash.c). */
void	bufhash_init(void);
void	bufhash_enter(buf_t *bp);
void	bufhash_remove(buf_t *bp);
buf_t	*bufhash_lookup(const struct vnode *vp, daddr_t lblkno);

/*
 * Buffers that nobody uses (bufqueue.c).
 *
 * bufqueue_take	a busy buffer without identity and contents.  NULL:
 *			interrupted, timed out, or no memory for the page
 *			daemon.  bufcache_lock held; dropped meanwhile.
 * bufqueue_put		put on a list.  bufcache_lock held.
 * bufqueue_remove	take off its list.  bufcache_lock held.
 * bufqueue_trim	free clean buffers until bytes of memory came back or
 *			none is left; returns bytes freed.  bufcache_lock held.
 */
void	bufqueue_init(void);
buf_t	*bufqueue_take(bool intr, int timeo);
void	bufqueue_put(buf_t *bp, enum bufqueue q);
void	bufqueue_remove(buf_t *bp);
u_long	bufqueue_trim(u_long bytes);

/* A struct buf of the cache; NULL only for the page daemon. */
buf_t	*bufhdr_create(void);
void	bufhdr_destroy(buf_t *bp);

/* The mount that a write of vp's buffers is for, or NULL. */
struct mount *buf_mount(struct vnode *vp);

/* Is this the page daemon, which must not wait for memory or buffers? */
bool	buf_pagedaemon(void);

/* Count a write that is about to begin in v_numoutput (biodone.c). */
void	buf_count_output(buf_t *bp);

void	iobuf_init(void);

#endif /* !_VFS_BIO_BUFCACHE_H_ */
