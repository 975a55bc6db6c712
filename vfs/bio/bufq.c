/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queues of transfers that wait for a device: bufq(9).
 *
 * Strategies register themselves; each decides which of the waiting transfers
 * comes next.  A queue is protected by its driver's lock; the list of
 * strategies by bufq_lock.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/bufq.h>
#include <sys/bufq_impl.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mutex.h>

#include "bufqstrats.h"

static kmutex_t bufq_lock;
static LIST_HEAD(, bufq_strat) strategies;

void
bufq_init(void)
{

	mutex_init(&bufq_lock, MUTEX_DEFAULT, IPL_NONE);
	bufq_strategies_register();
}

static struct bufq_strat *
find(const char *name)
{
	struct bufq_strat *bs;

	KASSERT(mutex_owned(&bufq_lock));
	LIST_FOREACH(bs, &strategies, bs_list)
		if (strcmp(bs->bs_name, name) == 0)
			return bs;
	return NULL;
}

/* The strategy that thinks most of itself. */
static struct bufq_strat *
best(void)
{
	struct bufq_strat *bs, *found = NULL;

	KASSERT(mutex_owned(&bufq_lock));
	LIST_FOREACH(bs, &strategies, bs_list)
		if (found == NULL || bs->bs_prio > found->bs_prio)
			found = bs;
	return found;
}

/* Returns 0, or EEXIST: there is one of that name. */
int
bufq_register(struct bufq_strat *bs)
{
	int error = 0;

	mutex_enter(&bufq_lock);
	if (find(bs->bs_name) != NULL) {
		error = EEXIST;
	} else {
		bs->bs_refcnt = 0;
		LIST_INSERT_HEAD(&strategies, bs, bs_list);
	}
	mutex_exit(&bufq_lock);
	return error;
}

/* Returns 0, ENOENT, or EBUSY: queues use it. */
int
bufq_unregister(struct bufq_strat *bs)
{
	int error = 0;

	mutex_enter(&bufq_lock);
	if (find(bs->bs_name) != bs)
		error = ENOENT;
	else if (bs->bs_refcnt != 0)
		error = EBUSY;
	else
		LIST_REMOVE(bs, bs_list);
	mutex_exit(&bufq_lock);
	return error;
}

/*
 * Make a queue.
 *
 * strategy  a name, or BUFQ_STRAT_ANY.
 * flags     BUFQ_SORT_RAWBLOCK or _CYLINDER; BUFQ_EXACT: no other strategy
 *           will do.
 *
 * Returns 0, EINVAL for flags, or ENOENT (*bufqp NULL).
 * Context: thread, may sleep.
 * Ref:     bufq(9).
 */
int
bufq_alloc(struct bufq_state **bufqp, const char *strategy, int flags)
{
	struct bufq_strat *bs = NULL;
	struct bufq_state *bufq;

	*bufqp = NULL;
	switch (flags & BUFQ_SORT_MASK) {
	case 0:
	case BUFQ_SORT_RAWBLOCK:
	case BUFQ_SORT_CYLINDER:
		break;
	default:
		return EINVAL;
	}
	mutex_enter(&bufq_lock);
	if (strategy != BUFQ_STRAT_ANY)
		bs = find(strategy);
	if (bs == NULL && (flags & BUFQ_EXACT) == 0)
		bs = best();
	if (bs != NULL)
		bs->bs_refcnt++;
	mutex_exit(&bufq_lock);
	if (bs == NULL)
		return ENOENT;

	bufq = kmem_zalloc(sizeof(*bufq), KM_SLEEP);
	bufq->bq_flags = flags;
	bufq->bq_strat = bs;
	(*bs->bs_initfn)(bufq);
	*bufqp = bufq;
	return 0;
}

/* Make an end of an empty queue. */
void
bufq_free(struct bufq_state *bufq)
{
	struct bufq_strat *bs = bufq->bq_strat;

	KASSERT(bufq_peek(bufq) == NULL);
	if (bufq->bq_fini != NULL)
		(*bufq->bq_fini)(bufq);
	kmem_free(bufq, sizeof(*bufq));
	mutex_enter(&bufq_lock);
	bs->bs_refcnt--;
	mutex_exit(&bufq_lock);
}

/* A transfer begins to wait. */
void
bufq_put(struct bufq_state *bufq, struct buf *bp)
{

	KASSERT((bp->b_oflags & BO_DONE) == 0);
	bufq->bq_put(bufq, bp);
}

/* What bufq_get would return; it stays. */
struct buf *
bufq_peek(struct bufq_state *bufq)
{

	return bufq->bq_get(bufq, 0);
}

/* Take the next transfer; NULL: none waits. */
struct buf *
bufq_get(struct bufq_state *bufq)
{

	return bufq->bq_get(bufq, 1);
}

/* Change the device that transfers wait for. */
void
bufq_move(struct bufq_state *to, struct bufq_state *from)
{
	struct buf *bp;

	for (bp = bufq_get(from); bp != NULL; bp = bufq_get(from))
		bufq_put(to, bp);
}

/* End all waiting transfers with EIO. */
void
bufq_drain(struct bufq_state *bufq)
{
	struct buf *bp;

	for (bp = bufq_get(bufq); bp != NULL; bp = bufq_get(bufq)) {
		bp->b_resid = bp->b_bcount;
		bp->b_error = EIO;
		biodone(bp);
	}
}

/* Take a certain transfer.  Returns it, or NULL if it does not wait here. */
struct buf *
bufq_cancel(struct bufq_state *bufq, struct buf *bp)
{

	return bufq->bq_cancel(bufq, bp);
}

const char *
bufq_getstrategyname(struct bufq_state *bufq)
{

	return bufq->bq_strat->bs_name;
}

void *
bufq_private(const struct bufq_state *bufq)
{

	return bufq->bq_private;
}

/* Does bp come before bq in the order of sortby (BUFQ_SORT_*)? */
bool
buf_inorder(const struct buf *bp, const struct buf *bq, int sortby)
{

	if (bp == NULL || bq == NULL)
		return bq == NULL;
	if (sortby == BUFQ_SORT_CYLINDER && bp->b_cylinder != bq->b_cylinder)
		return bp->b_cylinder < bq->b_cylinder;
	return bp->b_rawblkno < bq->b_rawblkno;
}
