/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The first set's block I/O: rumpuser_bio and rumpuser_syncfd, as requests of bio.c.
 */

#include "bio.h"

#include "iov.h"
#include "wait.h"

/*
 * The old call has no result, and errors come by the callback: a request that makes no sense is
 * passed on as one that moves nothing and fails.
 */
void
rumpuser_bio(int fd, int op, void *data, size_t dlen, int64_t off, rump_biodone_fn biodone,
    void *donearg)
{
	struct bio_request *bio = bio_get();
	bool valid;

	if (bio == NULL) {
		biodone(donearg, 0, NB_ENOMEM);
		return;
	}
	op &= RUMPUSER_BIO_READ | RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC;
	valid = bio_op_valid(op, 1, off) && dlen != 0 && dlen <= SIZE_MAX / 2 && (int64_t)dlen <= INT64_MAX - off;
	iov_init_one(&bio->bio_cursor, data, valid ? dlen : 0);
	bio->bio_done = biodone;
	bio->bio_donearg = donearg;
	bio_begin(bio, fd, op, off, valid ? 0 : NB_EINVAL);
}

struct sync_wait {
	struct waiter w;
	int error;
};

static void
sync_done(void *arg, size_t bytes, int error)
{
	struct sync_wait *sw = arg;

	sw->error = error;
	waiter_wake(&sw->w);
}

int
rumpuser_syncfd(int fd, int flags, uint64_t start, uint64_t len)
{
	struct sync_wait sw = { .w.w_thread = core_self() };
	struct bio_request *bio;
	int nlocks, op = 0;

	if ((flags & RUMPUSER_SYNCFD_BOTH) == 0)
		return NB_EINVAL;
	if (flags & RUMPUSER_SYNCFD_WRITE)
		op |= RUMPUSER_BIO_SYNC;
	if (flags & RUMPUSER_SYNCFD_BARRIER)
		op |= RUMPUSER_BIO_BARRIER;
	bio = bio_get();
	if (bio == NULL)
		return NB_ENOMEM;
	iov_init(&bio->bio_cursor, NULL, 0);
	bio->bio_done = sync_done;
	bio->bio_donearg = &sw;
	bio_begin(bio, fd, op, 0, 0);
	nlocks = hyp_release(NULL);
	waiter_sleep(&sw.w, CORE_FOREVER);
	hyp_acquire(nlocks, NULL);
	return sw.error;
}
