/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Vectored block I/O on a library that moves one buffer at a time: lib/bio.c keeps order and puts transfers
 * together, and this does the steps. A read or write step is rumpuser_bio of its first buffer; a flush, and
 * a step that does nothing, are done by a thread that is started when first needed.
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

static void
transfer(struct bio_request *bio)
{
	const struct rumpuser_iovec *iov = bio->bio_iov;

	rumpuser_bio(bio->bio_fd,
	    bio->bio_step == BIO_STEP_READ ? RUMPUSER_BIO_READ : RUMPUSER_BIO_WRITE,
	    iov->iov_base, iov->iov_len, bio->bio_off, transfer_done, bio);
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
		transfer(bio);
}

/* A place is free: for one that waits, if any does. */
static void
transfer_next(void)
{
	struct guard *g = guard_enter(&transfers);
	struct bio_request *bio = transfers.waiting;

	if (bio != NULL)
		transfers.waiting = bio->bio_next;
	else
		transfers.inflight--;
	guard_exit(g);
	if (bio != NULL)
		transfer(bio);
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

	transfer_next();
	step_done(arg, moved, error);
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

static void *
flusher_main(void *arg)
{
	struct guard *g = guard_enter(&flusher);
	struct bio_request *bio;
	int error;

	flusher.handle = core_self();
	guard_exit(g);
	while ((bio = flusher_take()) != NULL) {
		hyp_enter();
		error = 0;
		if (bio->bio_step == BIO_STEP_FLUSH)
			error = rumpuser_syncfd(bio->bio_fd,
			    RUMPUSER_SYNCFD_WRITE | RUMPUSER_SYNCFD_SYNC, 0, 0);
		step_done(bio, 0, error);
		hyp_leave();
	}
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
		flusher_start(bio);
		break;
	}
}

void
v17_block_stop(void)
{
	struct guard *g = guard_enter(&flusher);
	bool started = flusher.started;
	void *handle = flusher.handle;

	flusher.stopping = started;
	guard_exit(g);
	if (!started)
		return;
	if (handle != NULL)
		core_unpark(handle);
	v17_parking_begin();
	rumpuser_thread_join(flusher.cookie);
	v17_parking_end();
	flusher.started = flusher.stopping = false;
	flusher.handle = NULL;
}

/* Version 17 cannot say what is at hand. */
void
core_read_nowait(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{

	(void)fd, (void)iov, (void)iovlen, (void)off;
	*moved = 0;
}

/* Descriptors are the foreign library's: none is a memory disk of ours. */
int
memdisk_rw(int fd, bool write, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{

	(void)fd, (void)write, (void)iov, (void)iovlen, (void)off;
	*moved = 0;
	return NB_EBADF;
}
