/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Block requests: by io_uring if it works here, else by a few threads that take them off one queue.
 * RUMP_HOST_BIO=threads asks for threads.
 *
 * A thread is started when a request finds none idle, up to WORKERS_MAX. All state is under `lock`.
 */

#include "block.h"

#include <pthread.h>

#include "unix/unix.h"

#define WORKERS_MAX 8

enum engine { ENGINE_UNKNOWN, ENGINE_URING, ENGINE_THREADS };

static struct {
	pthread_mutex_t lock;
	pthread_cond_t work;
	enum engine engine;
	struct bio_request *queue, **tail;
	size_t queued;
	unsigned workers, idle;
	bool stopping;
	void *threads[WORKERS_MAX];
} block = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.work = PTHREAD_COND_INITIALIZER,
};

/* ── Threads ───────────────────────────────────────────────────────────────────────────── */

/* The next request, or NULL: the end. The lock is held. */
static struct bio_request *
queue_take(void)
{
	struct bio_request *bio;

	block.idle++;
	while (block.queue == NULL && !block.stopping)
		pthread_cond_wait(&block.work, &block.lock);
	block.idle--;
	bio = block.queue;
	if (bio != NULL) {
		block.queue = bio->bio_next;
		block.queued--;
	}
	return bio;
}

static void *
worker_main(void *arg)
{
	struct bio_request *bio, *finished;
	int64_t r;

	hyp_worker_begin();
	pthread_mutex_lock(&block.lock);
	while ((bio = queue_take()) != NULL) {
		pthread_mutex_unlock(&block.lock);
		finished = NULL;
		r = bio_step_now(bio);
		hyp_bio_complete(bio, r > 0 ? (size_t)r : 0, r < 0 ? (int)-r : 0, &finished);
		hyp_bio_deliver(finished);
		pthread_mutex_lock(&block.lock);
	}
	pthread_mutex_unlock(&block.lock);
	hyp_worker_end();
	return arg;
}

/* One more thread, if that helps. The lock is held. Without the first there is no block I/O. */
static void
worker_add(void)
{

	if (block.idle >= block.queued || block.workers == WORKERS_MAX)
		return;
	if (core_thread_create(worker_main, NULL, "rump bio", 0, -1, true,
	    &block.threads[block.workers]) == 0)
		block.workers++;
	else if (block.workers == 0)
		hyp_panic("no thread for block I/O");
}

static void
queue_add(struct bio_request *bio)
{

	if (block.queue == NULL)
		block.tail = &block.queue;
	bio->bio_next = NULL;
	*block.tail = bio;
	block.tail = &bio->bio_next;
	block.queued++;
	worker_add();
	pthread_cond_signal(&block.work);
}

/* ── Engine ────────────────────────────────────────────────────────────────────────────── */

void
core_bio_start(struct bio_request *bio)
{
	enum engine engine = __atomic_load_n(&block.engine, __ATOMIC_ACQUIRE);

	if (engine == ENGINE_URING) {
		uring_submit(bio);
		return;
	}
	pthread_mutex_lock(&block.lock);
	if (block.engine == ENGINE_UNKNOWN)
		__atomic_store_n(&block.engine,
		    !env_is("RUMP_HOST_BIO", "threads") && uring_start() ? ENGINE_URING : ENGINE_THREADS,
		    __ATOMIC_RELEASE);
	engine = block.engine;
	if (engine == ENGINE_THREADS)
		queue_add(bio);
	pthread_mutex_unlock(&block.lock);
	if (engine == ENGINE_URING)
		uring_submit(bio);
}

void
block_stop(void)
{

	if (block.engine == ENGINE_URING)
		uring_stop();
	pthread_mutex_lock(&block.lock);
	block.stopping = true;
	pthread_cond_broadcast(&block.work);
	pthread_mutex_unlock(&block.lock);
	while (block.workers != 0)
		core_thread_join(block.threads[--block.workers]);
	block.stopping = false;
	block.engine = ENGINE_UNKNOWN;
}
