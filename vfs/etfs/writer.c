/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes put together; see writer.h.
 *
 * A batch is one request of the host's: some buffers, and the vector of their
 * memory, which is the host's until the request ends.  Buffers queue in order of
 * arrival.  As long as few batches are with the host they go there at once; then
 * they wait for others that follow them on the disk, until a batch is full, or
 * something else comes behind them, or an earlier batch ends.
 *
 * One thread at a time hands batches to the host.  A request may end, or fail, before
 * the call that makes it returns; who comes by then leaves the rest of the queue
 * to the thread that is at it, so that no stack grows with the queue.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/condvar.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/queue.h>

#include <rump/rumpuser.h>

#include "etfs/writer.h"

#define BATCHES		32	/* requests with the host at most */
#define BATCHES_FEW	2	/* so many do not keep it busy */
#define BATCH_BUFS	16	/* of MAXPHYS: a megabyte */

struct batch {
	SLIST_ENTRY(batch) ba_free;	/* wr_lock */
	struct writer	*ba_writer;
	size_t		ba_bytes;
	u_int		ba_n;
	struct buf	*ba_bufs[BATCH_BUFS];
	struct rumpuser_iovec ba_iov[BATCH_BUFS];
};

struct writer {
	/* constant */
	int		wr_fd;
	uint64_t	wr_begin;
	void		(*wr_done)(struct buf *, size_t, int);

	kmutex_t	wr_lock;
	TAILQ_HEAD(, buf) wr_queue;	/* wr_lock; b_actq */
	SLIST_HEAD(, batch) wr_free;	/* wr_lock */
	u_int		wr_busy;	/* wr_lock: batches with the host */
	bool		wr_pumping;	/* wr_lock: a thread hands them over */
	kcondvar_t	wr_idle;	/* wr_lock: none does */
	struct batch	wr_batches[BATCHES];
};

struct writer *
writer_create(int fd, uint64_t begin, void (*done)(struct buf *, size_t, int))
{
	struct writer *wr;
	u_int i;

	wr = kmem_zalloc(sizeof(*wr), KM_SLEEP);
	wr->wr_fd = fd;
	wr->wr_begin = begin;
	wr->wr_done = done;
	mutex_init(&wr->wr_lock, MUTEX_DEFAULT, IPL_SOFTBIO);
	cv_init(&wr->wr_idle, "etfswr");
	TAILQ_INIT(&wr->wr_queue);
	SLIST_INIT(&wr->wr_free);
	for (i = 0; i < BATCHES; i++) {
		wr->wr_batches[i].ba_writer = wr;
		SLIST_INSERT_HEAD(&wr->wr_free, &wr->wr_batches[i], ba_free);
	}
	return wr;
}

void
writer_destroy(struct writer *wr)
{

	KASSERT(TAILQ_EMPTY(&wr->wr_queue));
	mutex_enter(&wr->wr_lock);
	while (wr->wr_pumping)
		cv_wait(&wr->wr_idle, &wr->wr_lock);
	mutex_exit(&wr->wr_lock);
	cv_destroy(&wr->wr_idle);
	mutex_destroy(&wr->wr_lock);
	kmem_free(wr, sizeof(*wr));
}

/* Where on the disk a buffer ends. */
static daddr_t
block_after(const struct buf *bp)
{

	return bp->b_rawblkno + btodb(bp->b_bcount);
}

/* May what is first in the queue still become a larger batch?  wr_lock held. */
static bool
may_grow(const struct writer *wr)
{
	struct buf *bp, *next;
	u_int n;

	bp = TAILQ_FIRST(&wr->wr_queue);
	for (n = 1; n < BATCH_BUFS; n++, bp = next) {
		next = TAILQ_NEXT(bp, b_actq);
		if (next == NULL)
			return true;
		if (next->b_rawblkno != block_after(bp))
			return false;
	}
	return false;
}

/*
 * Take what is first in the queue and all that follows it there and on the disk.
 * NULL: nothing waits, or it should wait a little longer.  wr_lock held.
 */
static struct batch *
next_batch(struct writer *wr)
{
	struct batch *ba = SLIST_FIRST(&wr->wr_free);
	struct buf *bp;

	if (ba == NULL || TAILQ_EMPTY(&wr->wr_queue) ||
	    (wr->wr_busy >= BATCHES_FEW && may_grow(wr)))
		return NULL;
	SLIST_REMOVE_HEAD(&wr->wr_free, ba_free);
	wr->wr_busy++;
	ba->ba_n = 0;
	ba->ba_bytes = 0;
	do {
		bp = TAILQ_FIRST(&wr->wr_queue);
		TAILQ_REMOVE(&wr->wr_queue, bp, b_actq);
		ba->ba_bufs[ba->ba_n] = bp;
		ba->ba_iov[ba->ba_n].iov_base = bp->b_data;
		ba->ba_iov[ba->ba_n].iov_len = bp->b_bcount;
		ba->ba_n++;
		ba->ba_bytes += bp->b_bcount;
	} while (ba->ba_n < BATCH_BUFS && !TAILQ_EMPTY(&wr->wr_queue) &&
	    TAILQ_FIRST(&wr->wr_queue)->b_rawblkno == block_after(bp));
	return ba;
}

static void batch_done(void *, size_t, int);

/* Give the host what waits, as far as there are batches; wr_lock held. */
static void
pump(struct writer *wr)
{
	struct batch *ba;
	int error;

	if (wr->wr_pumping)
		return;
	wr->wr_pumping = true;
	while ((ba = next_batch(wr)) != NULL) {
		mutex_exit(&wr->wr_lock);
		error = rumpuser2_biov(wr->wr_fd, RUMPUSER_BIO_WRITE,
		    ba->ba_iov, ba->ba_n, (int64_t)(wr->wr_begin +
		    dbtob(ba->ba_bufs[0]->b_rawblkno)), batch_done, ba);
		if (error != 0)
			batch_done(ba, 0, error);
		mutex_enter(&wr->wr_lock);
	}
	wr->wr_pumping = false;
	cv_broadcast(&wr->wr_idle);
}

/*
 * A request has ended after so many bytes.  The batch goes back, and the next
 * ones go to the host, before the buffers are told: once the last of them is, and
 * nobody hands anything over, the writer may go.
 */
static void
batch_done(void *arg, size_t bytes, int error)
{
	struct batch *ba = arg;
	struct writer *wr = ba->ba_writer;
	void (*done)(struct buf *, size_t, int) = wr->wr_done;
	struct buf *bufs[BATCH_BUFS];
	u_int i, n = ba->ba_n;
	size_t moved;

	if (error == 0 && bytes < ba->ba_bytes)
		error = EIO;
	memcpy(bufs, ba->ba_bufs, n * sizeof(bufs[0]));
	mutex_enter(&wr->wr_lock);
	SLIST_INSERT_HEAD(&wr->wr_free, ba, ba_free);
	wr->wr_busy--;
	pump(wr);
	mutex_exit(&wr->wr_lock);
	for (i = 0; i < n; i++) {
		moved = MIN(bytes, (size_t)bufs[i]->b_bcount);
		bytes -= moved;
		(*done)(bufs[i], moved, moved == (size_t)bufs[i]->b_bcount ?
		    0 : error);
	}
}

void
writer_start(struct writer *wr, struct buf *bp)
{

	mutex_enter(&wr->wr_lock);
	TAILQ_INSERT_TAIL(&wr->wr_queue, bp, b_actq);
	pump(wr);
	mutex_exit(&wr->wr_lock);
}
