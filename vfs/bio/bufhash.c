/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which buffer holds a vnode's logical block: a hash table with chains, that
 * doubles when it holds more than two buffers a chain.  It begins small,
 * because a kernel that just booted should be small, and never shrinks.
 *
 * Locks: bufcache_lock, for everything here.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/kmem.h>

#include "bufcache.h"

LIST_HEAD(bufchain, buf);

#define BUFHASH_FIRST	64

static struct bufchain first_table[BUFHASH_FIRST];
static struct bufchain *table;
static u_long mask;
static u_long entries;

void
bufhash_init(void)
{

	table = first_table;	/* zeroed: all chains are empty */
	mask = BUFHASH_FIRST - 1;
}

/* Fibonacci hashing of the vnode's address and the block number. */
static struct bufchain *
chain_of(const struct vnode *vp, daddr_t lblkno)
{
	uint64_t h;

	h = ((uint64_t)(uintptr_t)vp >> 6) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ (uint64_t)lblkno) * UINT64_C(0x9e3779b97f4a7c15);
	return &table[(h >> 40) & mask];
}

/* Double the table if memory for it is there; it works as it is, too. */
static void
grow(void)
{
	struct bufchain *old = table;
	u_long i, oldmask = mask, n = (mask + 1) * 2;
	struct bufchain *new;
	buf_t *bp;

	new = kmem_zalloc(n * sizeof(*new), KM_NOSLEEP);
	if (new == NULL)
		return;
	table = new;
	mask = n - 1;
	for (i = 0; i <= oldmask; i++)
		while ((bp = LIST_FIRST(&old[i])) != NULL) {
			LIST_REMOVE(bp, b_hash);
			LIST_INSERT_HEAD(chain_of(bp->b_vp, bp->b_lblkno), bp,
			    b_hash);
		}
	if (old != first_table)
		kmem_free(old, (oldmask + 1) * sizeof(*old));
}

void
bufhash_enter(buf_t *bp)
{

	KASSERT(mutex_owned(&bufcache_lock));
	KASSERT(bp->b_vp != NULL);
	if (entries > 2 * (mask + 1))
		grow();
	LIST_INSERT_HEAD(chain_of(bp->b_vp, bp->b_lblkno), bp, b_hash);
	entries++;
}

void
bufhash_remove(buf_t *bp)
{

	KASSERT(mutex_owned(&bufcache_lock));
	LIST_REMOVE(bp, b_hash);
	entries--;
}

buf_t *
bufhash_lookup(const struct vnode *vp, daddr_t lblkno)
{
	buf_t *bp;

	KASSERT(mutex_owned(&bufcache_lock));
	LIST_FOREACH(bp, chain_of(vp, lblkno), b_hash)
		if (bp->b_lblkno == lblkno && bp->b_vp == vp &&
		    (bp->b_cflags & BC_INVAL) == 0)
			return bp;
	return NULL;
}
