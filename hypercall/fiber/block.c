/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Block requests of the fiber host: a thread of its own serves them one at a time, each when the
 * scheduler gets to it. In a simulation the seed says which of those that wait is next, so that
 * the kernel sees them complete in any order that a disk might choose.
 */

#include "lib/sim.h"
#include "unix/unix.h"
#include "fiberhost.h"

static struct {
	struct bio_request *queue, **tail;
	unsigned queued;
	void *thread;   /* its handle for join, NULL: none */
	void *handle;   /* for unpark */
	bool stopping;
} block;

static struct bio_request *
queue_take(void)
{
	struct bio_request **p = &block.queue, *bio;
	unsigned n = sim_seeded && block.queued > 1 ? (unsigned)(sim_random() % block.queued) : 0;

	while (n-- > 0)
		p = &(*p)->bio_next;
	bio = *p;
	*p = bio->bio_next;
	if (*p == NULL)
		block.tail = p;
	block.queued--;
	return bio;
}

static void *
worker_main(void *arg)
{
	struct bio_request *bio, *finished;
	int64_t r;

	block.handle = core_self();
	hyp_worker_begin();
	for (;;) {
		while (block.queue == NULL && !block.stopping)
			core_park(CORE_FOREVER);
		if (block.queue == NULL)
			break;
		bio = queue_take();
		finished = NULL;
		r = bio_step_now(bio);
		hyp_bio_complete(bio, r > 0 ? (size_t)r : 0, r < 0 ? (int)-r : 0, &finished);
		hyp_bio_deliver(finished);
	}
	hyp_worker_end();
	return arg;
}

/* All that waits for a disk makes everything wait here, so this may as well. A simulation tries both. */
void
core_read_nowait(int fd, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off,
    size_t *moved)
{

	*moved = 0;
	if (!sim_seeded || (sim_random() & 1) != 0)
		core_rw(fd, false, iov, iovlen, off, moved);
}

void
core_bio_start(struct bio_request *bio)
{

	if (block.queue == NULL)
		block.tail = &block.queue;
	bio->bio_next = NULL;
	*block.tail = bio;
	block.tail = &bio->bio_next;
	block.queued++;
	if (block.thread == NULL &&
	    core_thread_create(worker_main, NULL, "rump bio", 0, -1, true, &block.thread) != 0)
		hyp_panic("no thread for block I/O");
	if (block.handle != NULL)
		core_unpark(block.handle);
}

void
block_stop(void)
{

	if (block.thread == NULL)
		return;
	block.stopping = true;
	if (block.handle != NULL)
		core_unpark(block.handle);
	core_thread_join(block.thread);
	block.thread = block.handle = NULL;
	block.stopping = false;
}
