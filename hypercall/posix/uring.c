/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Block requests by io_uring(7): one ring, and one thread that reaps it and calls the kernel back, for as
 * many completions at a time as there are.
 *
 * The submission side is under `lock`. When the ring has RING_SIZE requests, more wait on a list and
 * the reaper submits them, so that completions never overflow.
 */

#include <errno.h>
#include <liburing.h>
#include <pthread.h>
#include <sys/uio.h>

#include "block.h"

#define RING_SIZE 256

static struct {
	pthread_mutex_t lock;
	struct io_uring ring;
	unsigned inflight;
	unsigned handed;  /* atomic: requests given to the ring; orders what was written to them */
	struct bio_request *waiting, **tail;
	void *reaper;
} uring = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
sqe_fill(struct io_uring_sqe *sqe, const struct bio_request *bio)
{
	const struct iovec *iov = (const struct iovec *)bio->bio_iov;

	switch (bio->bio_step) {
	case BIO_STEP_NONE:
		io_uring_prep_nop(sqe);
		break;
	case BIO_STEP_READ:
		io_uring_prep_readv(sqe, bio->bio_fd, iov, (unsigned)bio->bio_iovlen,
		    (uint64_t)bio->bio_off);
		break;
	case BIO_STEP_WRITE:
		io_uring_prep_writev(sqe, bio->bio_fd, iov, (unsigned)bio->bio_iovlen,
		    (uint64_t)bio->bio_off);
		break;
	case BIO_STEP_FLUSH:
		io_uring_prep_fsync(sqe, bio->bio_fd, IORING_FSYNC_DATASYNC);
		break;
	}
}

/* Put it on the ring; there is room. data NULL is the sign for the reaper to end. The lock is held. */
static void
ring_put(struct bio_request *bio)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring.ring);
	int r;

	if (bio != NULL)
		sqe_fill(sqe, bio);
	else
		io_uring_prep_nop(sqe);
	io_uring_sqe_set_data(sqe, bio);
	uring.inflight++;
	__atomic_fetch_add(&uring.handed, 1, __ATOMIC_RELEASE);
	do {
		r = io_uring_submit(&uring.ring);
	} while (r == -EINTR || r == -EAGAIN || r == -EBUSY);
	if (r < 0)
		hyp_panic("io_uring_submit: error %d", -r);
}

void
uring_submit(struct bio_request *bio)
{

	pthread_mutex_lock(&uring.lock);
	if (uring.inflight < RING_SIZE && uring.waiting == NULL)
		ring_put(bio);
	else {
		if (uring.waiting == NULL)
			uring.tail = &uring.waiting;
		bio->bio_next = NULL;
		*uring.tail = bio;
		uring.tail = &bio->bio_next;
	}
	pthread_mutex_unlock(&uring.lock);
}

/* n requests have left the ring. */
static void
ring_left(unsigned n)
{
	struct bio_request *bio;

	pthread_mutex_lock(&uring.lock);
	uring.inflight -= n;
	while (uring.inflight < RING_SIZE && (bio = uring.waiting) != NULL) {
		uring.waiting = bio->bio_next;
		ring_put(bio);
	}
	pthread_mutex_unlock(&uring.lock);
}

/*
 * What cannot be flushed holds nothing back. ECANCELED: the thread that started the request has ended, and
 * the kernel gave up what it had not begun for it; the reaper starts it again.
 */
static int
result_error(const struct bio_request *bio, int res)
{

	if (res >= 0)
		return 0;
	if (bio->bio_step == BIO_STEP_FLUSH && (res == -EINVAL || res == -EROFS))
		return 0;
	return res == -EAGAIN || res == -ECANCELED ? NB_EINTR : hyp_errno(-res);
}

static void *
reaper_main(void *arg)
{
	struct bio_request *bio, *finished;
	struct io_uring_cqe *cqe;
	bool stop = false;
	unsigned n;
	int res, r;

	hyp_worker_begin();
	while (!stop) {
		r = io_uring_wait_cqe(&uring.ring, &cqe);
		if (r < 0 && r != -EINTR && r != -EAGAIN)
			hyp_panic("io_uring_wait_cqe: error %d", -r);
		finished = NULL;
		for (n = 0; io_uring_peek_cqe(&uring.ring, &cqe) == 0; n++) {
			__atomic_load_n(&uring.handed, __ATOMIC_ACQUIRE);
			bio = io_uring_cqe_get_data(cqe);
			res = cqe->res;
			io_uring_cqe_seen(&uring.ring, cqe);
			if (bio == NULL)
				stop = true;
			else
				hyp_bio_complete(bio, res > 0 ? (size_t)res : 0,
				    result_error(bio, res), &finished);
		}
		ring_left(n);
		hyp_bio_deliver(finished);
	}
	hyp_worker_end();
	return arg;
}

bool
uring_start(void)
{

	if (io_uring_queue_init(RING_SIZE, &uring.ring, 0) != 0)
		return false;
	uring.inflight = 0;
	uring.waiting = NULL;
	if (core_thread_create(reaper_main, NULL, "rump bio", 0, -1, true, &uring.reaper) != 0) {
		io_uring_queue_exit(&uring.ring);
		return false;
	}
	return true;
}

void
uring_stop(void)
{

	pthread_mutex_lock(&uring.lock);
	ring_put(NULL);
	pthread_mutex_unlock(&uring.lock);
	core_thread_join(uring.reaper);
	io_uring_queue_exit(&uring.ring);
}
