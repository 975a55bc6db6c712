/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Block I/O: order, short transfers and completion, once for all hosts.
 *
 *   rumpuser2_biov                     becomes a request; block.c has the first set's calls
 *   core_bio_start, hyp_bio_complete   the host does it step by step
 *   hyp_bio_deliver                    the kernel hears of it
 *
 * A request reads or writes, in as many steps as short transfers make necessary, and then
 * flushes if it is SYNC. Its life: free → held (a barrier is before it) or started → finished
 * → free; it is free again before its callback runs, which may start the next.
 *
 * Order is kept per descriptor, in one of QUEUES queues. Descriptors that share a queue share
 * its barriers: more order than was asked for, and harmless, since a held request waits only for
 * started ones, and those wait for nothing but the host.
 *
 * Queues are under their guard, the free list and the counts under the guard of `pool`.
 */

#include "bio.h"

#include "iov.h"
#include "memdisk.h"
#include "wait.h"

#define QUEUES 64
#define POOL_STATIC 32

static struct bio_queue {
	unsigned bq_started;
	bool bq_exclusive;  /* the one that is started is a barrier */
	struct bio_request *bq_held, **bq_heldtail;
} queues[QUEUES];

/* A thread that runs callbacks: it must not wait for what only it may be able to free. */
struct deliverer {
	struct deliverer *next;
	void *thread;
};

static struct {
	struct bio_request *free;
	size_t made;          /* requests that exist */
	struct deliverer *deliverers;
	size_t undelivered;   /* begun, callback not over */
	struct waitq hungry;  /* for a free request */
	struct waitq drain;   /* for undelivered == 0 */
	struct bio_request first[POOL_STATIC];
} pool;

/* ── Requests ──────────────────────────────────────────────────────────────────────────── */

static void
pool_add(struct bio_request *bio, size_t n)
{

	pool.made += n;
	while (n-- > 0) {
		bio->bio_link = pool.free;
		pool.free = bio++;
	}
}

/* More requests from the heap; the guard is given up meanwhile. */
static bool
pool_grow(struct guard **g)
{
	struct bio_request *chunk;
	void *mem;
	int error;

	guard_exit(*g);
	error = core_alloc(POOL_STATIC * sizeof(*chunk), _Alignof(struct bio_request), &mem);
	*g = guard_enter(&pool);
	if (error != 0)
		return false;
	chunk = mem;
	pool_add(chunk, POOL_STATIC);
	return true;
}

/* Wait for a free request, without the virtual CPU; the guard is given up meanwhile. */
static void
pool_wait(struct guard **g)
{
	struct waiter w;
	int nlocks;

	waitq_add(&pool.hungry, &w);
	guard_exit(*g);
	nlocks = hyp_release(NULL);
	waiter_sleep(&w, CORE_FOREVER);
	hyp_acquire(nlocks, NULL);
	*g = guard_enter(&pool);
}

static bool
pool_delivering(void)
{
	struct deliverer *d = pool.deliverers;

	while (d != NULL && d->thread != core_self())
		d = d->next;
	return d != NULL;
}

struct bio_request *
bio_get(void)
{
	struct guard *g = guard_enter(&pool);
	struct bio_request *bio;

	if (pool.made == 0)
		pool_add(pool.first, POOL_STATIC);
	while ((bio = pool.free) == NULL) {
		if (pool_grow(&g) || pool.free != NULL)
			continue;
		if (pool_delivering())
			break;
		pool_wait(&g);
	}
	if (bio != NULL) {
		pool.free = bio->bio_link;
		pool.undelivered++;
	}
	guard_exit(g);
	return bio;
}

static void
request_put(struct bio_request *bio)
{
	struct guard *g = guard_enter(&pool);
	struct waiter *w = waitq_take(&pool.hungry);

	bio->bio_link = pool.free;
	pool.free = bio;
	guard_exit(g);
	if (w != NULL)
		waiter_wake(w);
}

static void
deliver_begin(struct deliverer *self)
{
	struct guard *g = guard_enter(&pool);

	self->thread = core_self();
	self->next = pool.deliverers;
	pool.deliverers = self;
	guard_exit(g);
}

/* n callbacks have run. */
static void
deliver_end(struct deliverer *self, size_t n)
{
	struct guard *g = guard_enter(&pool);
	struct deliverer **d = &pool.deliverers;
	struct waiter *w = NULL;

	while (*d != self)
		d = &(*d)->next;
	*d = self->next;
	pool.undelivered -= n;
	if (pool.undelivered == 0)
		w = waitq_take(&pool.drain);
	guard_exit(g);
	if (w != NULL)
		waiter_wake(w);
}

void
hyp_bio_drain(void)
{
	struct guard *g = guard_enter(&pool);
	struct waiter w;

	if (pool.undelivered == 0) {
		guard_exit(g);
		return;
	}
	waitq_add(&pool.drain, &w);
	guard_exit(g);
	waiter_sleep(&w, CORE_FOREVER);
}

/* ── Steps ─────────────────────────────────────────────────────────────────────────────── */

/*
 * Start the request's next step. A memory disk is served here; what is left for the host is to
 * call back from a thread of its own.
 */
static void
step_start(struct bio_request *bio, enum bio_step step)
{
	size_t moved;

	bio->bio_step = step;
	bio->bio_iov = iov_step(&bio->bio_cursor, &bio->bio_iovlen);
	if (memdisk_is(bio->bio_fd)) {
		while (bio->bio_error == 0 && bio->bio_iovlen != 0) {
			bio->bio_error = memdisk_rw(bio->bio_fd, step == BIO_STEP_WRITE,
			    bio->bio_iov, bio->bio_iovlen, bio->bio_off, &moved);
			if (moved == 0)
				break;
			bio->bio_moved += moved;
			bio->bio_off += (int64_t)moved;
			iov_advance(&bio->bio_cursor, moved);
			bio->bio_iov = iov_step(&bio->bio_cursor, &bio->bio_iovlen);
		}
		bio->bio_step = BIO_STEP_NONE;
	}
	core_bio_start(bio);
}

static void
request_start(struct bio_request *bio)
{

	if (bio->bio_op & RUMPUSER_BIO_READ)
		step_start(bio, BIO_STEP_READ);
	else if (bio->bio_op & RUMPUSER_BIO_WRITE)
		step_start(bio, BIO_STEP_WRITE);
	else if (bio->bio_op & RUMPUSER_BIO_SYNC)
		step_start(bio, BIO_STEP_FLUSH);
	else
		step_start(bio, BIO_STEP_NONE);
}

/* Account for n bytes. Returns whether there are more to move. */
static bool
step_moved(struct bio_request *bio, size_t n)
{
	size_t left;

	if (n == 0) {
		/* the end when reading; a write that moves nothing will not end */
		if (bio->bio_step == BIO_STEP_WRITE)
			bio->bio_error = NB_EIO;
		return false;
	}
	bio->bio_moved += n;
	bio->bio_off += (int64_t)n;
	iov_advance(&bio->bio_cursor, n);
	iov_step(&bio->bio_cursor, &left);
	return left != 0;
}

/* ── Order ─────────────────────────────────────────────────────────────────────────────── */

static struct bio_queue *
queue_of(int fd)
{

	return &queues[(unsigned)fd % QUEUES];
}

static bool
queue_admits(const struct bio_queue *bq, const struct bio_request *bio)
{

	return !bq->bq_exclusive && (bq->bq_started == 0 || !(bio->bio_op & RUMPUSER_BIO_BARRIER));
}

static void
queue_started(struct bio_queue *bq, const struct bio_request *bio)
{

	bq->bq_started++;
	bq->bq_exclusive = (bio->bio_op & RUMPUSER_BIO_BARRIER) != 0;
}

static void
request_submit(struct bio_request *bio)
{
	struct bio_queue *bq = queue_of(bio->bio_fd);
	struct guard *g = guard_enter(bq);
	bool start = bq->bq_held == NULL && queue_admits(bq, bio);

	if (start)
		queue_started(bq, bio);
	else {
		if (bq->bq_held == NULL)
			bq->bq_heldtail = &bq->bq_held;
		bio->bio_link = NULL;
		*bq->bq_heldtail = bio;
		bq->bq_heldtail = &bio->bio_link;
	}
	guard_exit(g);
	if (start)
		request_start(bio);
}

/* A started request of this queue is over: start those it held up. */
static void
queue_done(struct bio_queue *bq)
{
	struct guard *g = guard_enter(bq);
	struct bio_request *bio, *first = NULL, **tail = &first;

	bq->bq_started--;
	if (bq->bq_started == 0)
		bq->bq_exclusive = false;
	while ((bio = bq->bq_held) != NULL && queue_admits(bq, bio)) {
		queue_started(bq, bio);
		bq->bq_held = bio->bio_link;
		*tail = bio;
		tail = &bio->bio_link;
	}
	*tail = NULL;
	guard_exit(g);
	while ((bio = first) != NULL) {
		first = bio->bio_link;
		request_start(bio);
	}
}

/* ── Completion ────────────────────────────────────────────────────────────────────────── */

void
hyp_bio_complete(struct bio_request *bio, size_t n, int error, struct bio_request **finished)
{
	enum bio_step step = bio->bio_step;

	if (error == NB_EINTR) {
		core_bio_start(bio);
		return;
	}
	if (error != 0)
		bio->bio_error = error;
	else if ((step == BIO_STEP_READ || step == BIO_STEP_WRITE) && step_moved(bio, n)) {
		step_start(bio, step);
		return;
	}
	if (bio->bio_error == 0 && step == BIO_STEP_WRITE && bio->bio_op & RUMPUSER_BIO_SYNC) {
		step_start(bio, BIO_STEP_FLUSH);
		return;
	}
	queue_done(queue_of(bio->bio_fd));
	bio->bio_link = *finished;
	*finished = bio;
}

static struct bio_request *
list_reverse(struct bio_request *list)
{
	struct bio_request *bio, *reversed = NULL;

	while ((bio = list) != NULL) {
		list = bio->bio_link;
		bio->bio_link = reversed;
		reversed = bio;
	}
	return reversed;
}

void
bio_deliver_entered(struct bio_request *finished)
{
	struct bio_request *bio, *next, done;
	struct deliverer self;
	size_t n = 0;

	deliver_begin(&self);
	for (bio = list_reverse(finished); bio != NULL; bio = next, n++) {
		next = bio->bio_link;
		done = *bio;
		request_put(bio);
		done.bio_done(done.bio_donearg, done.bio_moved, done.bio_error);
	}
	deliver_end(&self, n);
}

void
hyp_bio_deliver(struct bio_request *finished)
{

	if (finished == NULL)
		return;
	hyp_enter();
	bio_deliver_entered(finished);
	hyp_leave();
}

/* ── Beginning ─────────────────────────────────────────────────────────────────────────── */

void
bio_begin(struct bio_request *bio, int fd, int op, int64_t off, int error)
{

	bio->bio_fd = fd;
	bio->bio_op = error == 0 ? op : 0;
	bio->bio_off = off;
	bio->bio_moved = 0;
	bio->bio_error = error;
	request_submit(bio);
}

bool
bio_op_valid(int op, size_t iovlen, int64_t off)
{
	const int all = RUMPUSER_BIO_READ | RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC |
	    RUMPUSER_BIO_BARRIER | RUMPUSER_BIO_INLINE;
	int moves = op & (RUMPUSER_BIO_READ | RUMPUSER_BIO_WRITE);

	if ((op & ~all) != 0 || off < 0 || moves == (RUMPUSER_BIO_READ | RUMPUSER_BIO_WRITE))
		return false;
	return (moves != 0) == (iovlen != 0);
}

/*
 * Whether a barrier is in the way of what starts now. One that another thread starts at this moment is
 * neither before nor after it.
 */
static bool
barrier_ahead(int fd)
{
	struct bio_queue *bq = queue_of(fd);
	struct guard *g = guard_enter(bq);
	bool ahead = bq->bq_exclusive || bq->bq_held != NULL;

	guard_exit(g);
	return ahead;
}

/* Bytes of a read that are at hand; buffers may have been written even where it says fewer. */
static size_t
read_inline(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off)
{
	size_t at_hand = 0;

	if (iovlen > CORE_IOV_MAX || barrier_ahead(fd))
		return 0;
	if (!memdisk_is(fd))
		core_read_nowait(fd, iov, iovlen, off, &at_hand);
	else if (memdisk_rw(fd, false, iov, iovlen, off, &at_hand) != 0)
		return 0;
	return at_hand;
}

int
rumpuser2_biov(int fd, int op, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    rump_biodone_fn done, void *donearg)
{
	struct bio_request *bio;
	size_t total, moved;

	if (!bio_op_valid(op, iovlen, off) || !iov_total(iov, iovlen, false, &total) ||
	    (int64_t)total > INT64_MAX - off)
		return NB_EINVAL;
	moved = op == (RUMPUSER_BIO_READ | RUMPUSER_BIO_INLINE) ? read_inline(fd, iov, iovlen, off) : 0;
	if (moved == total && total != 0) {
		done(donearg, moved, 0);
		return 0;
	}
	bio = bio_get();
	if (bio == NULL)
		return NB_ENOMEM;
	if (iovlen == 1)
		iov_init_one(&bio->bio_cursor, iov->iov_base, iov->iov_len);
	else
		iov_init(&bio->bio_cursor, iov, iovlen);
	bio->bio_done = done;
	bio->bio_donearg = donearg;
	bio_begin(bio, fd, op, off, 0);
	return 0;
}
