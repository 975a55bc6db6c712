/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What else a transaction notes: blocks that were freed, and inodes that are in no
 * directory.
 *
 *	wapbl_register_deallocation, wapbl_unregister_deallocation
 *	wapbl_register_inode, wapbl_unregister_inode
 *
 * A freed block may be used again only when the transaction that frees it is in
 * the log.  So the file system notes it here, and frees it when the commit calls
 * back; it then stays on wl_revoked, for the log, until the commit lasts.
 *
 * Inodes are known until they are unregistered; each commit writes all of them.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kmem.h>

#include "wapbl/journal.h"

#define INODE_CHAINS	64

void
pending_init(struct wapbl *wl)
{

	TAILQ_INIT(&wl->wl_deallocs);
	TAILQ_INIT(&wl->wl_revoked);
	wl->wl_inohash = hashinit(INODE_CHAINS, HASH_LIST, true,
	    &wl->wl_inohashmask);
}

void
pending_fini(struct wapbl *wl)
{

	KASSERT(TAILQ_EMPTY(&wl->wl_deallocs) && TAILQ_EMPTY(&wl->wl_revoked));
	KASSERT(wl->wl_inocount == 0);
	hashdone(wl->wl_inohash, HASH_LIST, wl->wl_inohashmask);
}

/* Each buffer may need a record of its own, and be rounded up. */
size_t
pending_bytes(const struct wapbl *wl)
{
	size_t lists = wl->wl_dealloccnt * 16 + wl->wl_inocount * 8;

	return wl->wl_bufbytes +
	    ((2 * wl->wl_bufcount + 4) << wl->wl_log.la_bshift) + 2 * lists;
}

/*
 * Blocks are freed: they must not be used again before this transaction is in
 * the log.  The flush callback then gets them.
 *
 * blk     in DEV_BSIZE; len: bytes.
 * force   whatever the limit.
 * cookiep NULL, or out: for wapbl_unregister_deallocation in this transaction.
 *
 * Returns 0, or EAGAIN: too many; end the transaction and begin another.
 * Locks:  in a transaction.
 */
int
wapbl_register_deallocation(struct wapbl *wl, daddr_t blk, int len, bool force,
    void **cookiep)
{
	struct wapbl_dealloc *wd;

	KASSERT(rw_lock_held(&wl->wl_lock));
	wd = kmem_alloc(sizeof(*wd), KM_SLEEP);
	wd->wd_blkno = blk;
	wd->wd_len = len;
	mutex_enter(&wl->wl_mutex);
	if (!force && wl->wl_dealloccnt >= wl->wl_dealloc_max) {
		mutex_exit(&wl->wl_mutex);
		kmem_free(wd, sizeof(*wd));
		return EAGAIN;
	}
	wl->wl_dealloccnt++;
	TAILQ_INSERT_TAIL(&wl->wl_deallocs, wd, wd_entries);
	mutex_exit(&wl->wl_mutex);
	if (cookiep != NULL)
		*cookiep = wd;
	return 0;
}

/*
 * The blocks are not freed after all.
 *
 * Locks:  in the transaction that registered them.
 */
void
wapbl_unregister_deallocation(struct wapbl *wl, void *cookie)
{
	struct wapbl_dealloc *wd = cookie;

	KASSERT(rw_lock_held(&wl->wl_lock));
	mutex_enter(&wl->wl_mutex);
	TAILQ_REMOVE(&wl->wl_deallocs, wd, wd_entries);
	wl->wl_dealloccnt--;
	mutex_exit(&wl->wl_mutex);
	kmem_free(wd, sizeof(*wd));
}

void
deallocs_free(struct wapbl *wl)
{
	struct wapbl_dealloc *wd;

	mutex_enter(&wl->wl_mutex);
	TAILQ_CONCAT(&wl->wl_revoked, &wl->wl_deallocs, wd_entries);
	while ((wd = TAILQ_FIRST(&wl->wl_revoked)) != NULL) {
		TAILQ_REMOVE(&wl->wl_revoked, wd, wd_entries);
		wl->wl_dealloccnt--;
		kmem_free(wd, sizeof(*wd));
	}
	mutex_exit(&wl->wl_mutex);
}

static struct wapbl_inodes *
chain(struct wapbl *wl, ino_t ino)
{

	return &wl->wl_inohash[ino & wl->wl_inohashmask];
}

static struct wapbl_inode *
find(struct wapbl *wl, ino_t ino)
{
	struct wapbl_inode *wi;

	KASSERT(mutex_owned(&wl->wl_mutex));
	LIST_FOREACH(wi, chain(wl, ino), wi_hash)
		if (wi->wi_ino == ino)
			return wi;
	return NULL;
}

/*
 * An inode is allocated and in no directory: replay gives it back.  More than
 * once does no harm.
 *
 * Locks:  in a transaction.
 */
void
wapbl_register_inode(struct wapbl *wl, ino_t ino, mode_t mode)
{
	struct wapbl_inode *wi = kmem_alloc(sizeof(*wi), KM_SLEEP);

	wi->wi_ino = ino;
	wi->wi_mode = mode;
	mutex_enter(&wl->wl_mutex);
	if (find(wl, ino) == NULL) {
		LIST_INSERT_HEAD(chain(wl, ino), wi, wi_hash);
		wl->wl_inocount++;
		wl->wl_inodirty = true;
		wi = NULL;
	}
	mutex_exit(&wl->wl_mutex);
	if (wi != NULL)
		kmem_free(wi, sizeof(*wi));
}

/*
 * An inode is in a directory, or free.
 *
 * Locks:  in a transaction.
 */
void
wapbl_unregister_inode(struct wapbl *wl, ino_t ino, mode_t mode)
{
	struct wapbl_inode *wi;

	mutex_enter(&wl->wl_mutex);
	wi = find(wl, ino);
	if (wi != NULL) {
		LIST_REMOVE(wi, wi_hash);
		wl->wl_inocount--;
		wl->wl_inodirty = true;
	}
	mutex_exit(&wl->wl_mutex);
	if (wi != NULL)
		kmem_free(wi, sizeof(*wi));
}

void
inodes_free(struct wapbl *wl)
{
	struct wapbl_inode *wi;
	u_long i;

	mutex_enter(&wl->wl_mutex);
	for (i = 0; i <= wl->wl_inohashmask; i++)
		while ((wi = LIST_FIRST(&wl->wl_inohash[i])) != NULL) {
			LIST_REMOVE(wi, wi_hash);
			kmem_free(wi, sizeof(*wi));
		}
	wl->wl_inocount = 0;
	mutex_exit(&wl->wl_mutex);
}
