/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Vectored block I/O on a library that moves one buffer at a time: lib/bio.c keeps order and puts transfers
 * together, and this does the steps. A read or write step is rumpuser_bio of its first buffer. A flush, a
 * step that does nothing, and one that the library has done before rumpuser_bio returns, are left to a
 * thread, the flusher, which is started when first needed: callbacks do not run on the caller.
 *
 * The library may make the caller of rumpuser_bio wait when it has many requests, and the next step of a
 * request is started by its callback, so no more than INFLIGHT_MAX are given to it: the callback frees
 * the place that it needs.
 */

#include "lib/bio.h"
#include "lib/memdisk.h"
#include "lib/wait.h"
#include "v17.h"

#define INFLIGHT_MAX 64

/* Under the guard of `transfers`. */
static struct {
	struct bio_request *waiting, **tail;
	unsigned inflight;
} transfers;

/* Under the guard of `flusher`. */
static struct {
	struct bio_request *queue, **tail;
	bool stopping;
	void *handle;   /* for unpark, once it runs */
	void *cookie;   /* for join; NULL: there is none */
	bool started;
} flusher;

static void transfer_done(void *arg, size_t moved, int error);
static void flusher_start(struct bio_request *bio);

/*
 * Start it. Returns whether it was done inside the call already, as a library of one host thread may: its
 * bytes or its error are in bio_result then.
 */
static bool
transfer(struct bio_request *bio)
{
	const struct rumpuser_iovec *iov = bio->bio_iov;
	struct v17_thread *th = core_self();
	bool done;

	th->th_starting = bio;
	rumpuser_bio(bio->bio_fd,
	    bio->bio_step == BIO_STEP_READ ? RUMPUSER_BIO_READ : RUMPUSER_BIO_WRITE,
	    iov->iov_base, iov->iov_len, bio->bio_off, transfer_done, bio);
	v17_here();
	done = th->th_starting == NULL;
	th->th_starting = NULL;
	return done;
}

/* A place is free: the one that waits for it, if any does. */
static struct bio_request *
transfer_next(void)
{
	struct guard *g = guard_enter(&transfers);
	struct bio_request *bio = transfers.waiting;

	if (bio != NULL)
		transfers.waiting = bio->bio_next;
	else
		transfers.inflight--;
	guard_exit(g);
	return bio;
}

/* Start one that has a place, and what gets the place if it is done at once; callbacks are the flusher's then. */
static void
transfer_all(struct bio_request *bio)
{

	while (bio != NULL && transfer(bio)) {
		flusher_start(bio);
		bio = transfer_next();
	}
}

static void
transfer_start(struct bio_request *bio)
{
	struct guard *g = guard_enter(&transfers);
	bool start = transfers.inflight < INFLIGHT_MAX;

	if (start)
		transfers.inflight++;
	else {
		if (transfers.waiting == NULL)
			transfers.tail = &transfers.waiting;
		bio->bio_next = NULL;
		*transfers.tail = bio;
		transfers.tail = &bio->bio_next;
	}
	guard_exit(g);
	if (start)
		transfer_all(bio);
}

/* A step is over; a virtual CPU is held. */
static void
step_done(struct bio_request *bio, size_t moved, int error)
{
	struct bio_request *finished = NULL;

	hyp_bio_complete(bio, moved, error, &finished);
	if (finished != NULL)
		bio_deliver_entered(finished);
}

/* The foreign library calls back with a virtual CPU held. */
static void
transfer_done(void *arg, size_t moved, int error)
{
	struct bio_request *bio = arg;
	struct v17_thread *th = v17_here();

	if (th != NULL && th->th_starting == bio) {
		bio->bio_result = error != 0 ? -(int64_t)error : (int64_t)moved;
		th->th_starting = NULL;
		return;
	}
	if (th != NULL)
		th->th_calling = true;
	transfer_all(transfer_next());
	step_done(bio, moved, error);
	if (th != NULL)
		th->th_calling = false;
}

/* Wait for the next request, without a virtual CPU. NULL: the end. */
static struct bio_request *
flusher_take(void)
{
	struct bio_request *bio;
	struct guard *g;
	bool stopping;

	for (;;) {
		g = guard_enter(&flusher);
		bio = flusher.queue;
		if (bio != NULL)
			flusher.queue = bio->bio_next;
		stopping = flusher.stopping;
		guard_exit(g);
		if (bio != NULL || stopping)
			return bio;
		core_park(CORE_FOREVER);
	}
}

/* Do what is to be done for a request, and tell the kernel. */
static void
flusher_serve(struct bio_request *bio)
{
	int64_t r = bio->bio_result;

	hyp_enter();
	if (bio->bio_step == BIO_STEP_FLUSH)
		r = -(int64_t)rumpuser_syncfd(bio->bio_fd,
		    RUMPUSER_SYNCFD_WRITE | RUMPUSER_SYNCFD_SYNC, 0, 0);
	step_done(bio, r > 0 ? (size_t)r : 0, r < 0 ? (int)-r : 0);
	hyp_leave();
}

static void *
flusher_main(void *arg)
{
	struct guard *g;
	struct bio_request *bio;
	void *self = core_self();

	g = guard_enter(&flusher);
	flusher.handle = self;
	guard_exit(g);
	while ((bio = flusher_take()) != NULL)
		flusher_serve(bio);
	rumpuser2_self_put();
	rumpuser_thread_exit();
	return arg;
}

static void
flusher_start(struct bio_request *bio)
{
	struct guard *g = guard_enter(&flusher);
	bool start = !flusher.started;
	void *handle = flusher.handle;

	flusher.started = true;
	if (flusher.queue == NULL)
		flusher.tail = &flusher.queue;
	bio->bio_next = NULL;
	*flusher.tail = bio;
	flusher.tail = &bio->bio_next;
	guard_exit(g);
	if (start && rumpuser_thread_create(flusher_main, NULL, "rump flush", 1, 0, -1,
	    &flusher.cookie) != 0)
		hyp_panic("no thread for flushing");
	if (handle != NULL)
		core_unpark(handle);
}

void
core_bio_start(struct bio_request *bio)
{

	switch (bio->bio_step) {
	case BIO_STEP_READ:
	case BIO_STEP_WRITE:
		transfer_start(bio);
		break;
	case BIO_STEP_NONE:
	case BIO_STEP_FLUSH:
		bio->bio_result = 0;
		flusher_start(bio);
		break;
	}
}

void
v17_block_stop(void)
{
	struct guard *g = guard_enter(&flusher);
	struct v17_thread *self = core_self();
	bool started = flusher.started;
	void *handle = flusher.handle;

	flusher.stopping = started;
	guard_exit(g);
	if (!started)
		return;
	if (handle != NULL)
		core_unpark(handle);
	self->th_parking = true;
	rumpuser_thread_join(flusher.cookie);
	v17_here();
	self->th_parking = false;
	flusher.started = flusher.stopping = false;
	flusher.handle = NULL;
}

/* Version 17 cannot say what is at hand. */
void
core_read_nowait(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{

	*moved = 0;
}

/* Descriptors are the foreign library's: none is a memory disk of ours. */
bool
memdisk_is(int fd)
{

	return false;
}

int
memdisk_rw(int fd, bool write, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{

	*moved = 0;
	return NB_EBADF;
}
