/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of buffers: how much there is, and how much there may be.
 *
 * The limit is soft.  Whoever gets a buffer while the cache is over it gets one
 * that was used before (bufqueue.c); only when every buffer is in use does the
 * cache grow past it, because waiting there could be waiting for oneself.
 *
 * The counts are changed by atomic operations and have no lock.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/atomic.h>
#include <sys/buf.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/lwp.h>
#include <sys/mutex.h>

#include <uvm/uvm.h>

#include "bufcache.h"

/* Least limit: one transfer for each of a few users. */
#define BUFMEM_LEAST	((u_long)16 * MAXBSIZE)

u_long bufmem;			/* bytes of all buffers' memory */
u_long bufmem_hiwater;
u_long bufmem_lowater;
u_int bufpages;
u_int nbuf;			/* buffers that exist */

u_long
buf_memcalc(void)
{
	u_long limit;

	limit = (u_long)physmem * (PAGE_SIZE / 100) * BUFMEM_PERCENT;
	return MAX(limit, BUFMEM_LEAST);
}

int
buf_setvalimit(vsize_t size)
{

	if (size < BUFMEM_LEAST)
		return EINVAL;
	atomic_store_relaxed(&bufmem_hiwater, size);
	atomic_store_relaxed(&bufmem_lowater, size / 16);
	atomic_store_relaxed(&bufpages, size / PAGE_SIZE);
	return 0;
}

void
bufmem_init(void)
{

	(void)buf_setvalimit(buf_memcalc());
}

bool
buf_pagedaemon(void)
{

	return curlwp == atomic_load_relaxed(&uvm.pagedaemon_lwp);
}

u_long
bufmem_excess(void)
{
	u_long now = atomic_load_relaxed(&bufmem);
	u_long limit = atomic_load_relaxed(&bufmem_hiwater);

	return now > limit ? now - limit : 0;
}

int
bufmem_resize(buf_t *bp, int size, bool preserve)
{
	void *data;
	int room;

	KASSERT(size > 0);
	room = roundup(size, DEV_BSIZE);
	if (room == bp->b_bufsize)
		return 0;
	data = kmem_intr_alloc(room, buf_pagedaemon() ? KM_NOSLEEP : KM_SLEEP);
	if (data == NULL)
		return ENOMEM;
	if (bp->b_bufsize != 0) {
		if (preserve)
			memcpy(data, bp->b_data, MIN(room, bp->b_bufsize));
		kmem_intr_free(bp->b_data, bp->b_bufsize);
	}
	atomic_add_long(&bufmem, (long)room - bp->b_bufsize);
	bp->b_data = data;
	bp->b_bufsize = room;
	return 0;
}

void
bufmem_free(buf_t *bp)
{

	if (bp->b_bufsize == 0)
		return;
	kmem_intr_free(bp->b_data, bp->b_bufsize);
	atomic_add_long(&bufmem, -(long)bp->b_bufsize);
	bp->b_data = NULL;
	bp->b_bufsize = 0;
}
