/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bufq(9): what is put into a queue comes out once, in the strategy's order.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/bufq.h>
#include <sys/errno.h>
#include <sys/kmem.h>

#include "blockfs.h"

#define NBUFS	64

static uint64_t rng_state;

static uint32_t
rng(uint32_t n)
{

	rng_state = rng_state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(rng_state >> 33) % n;
}

/* Put, get, cancel and peek at random; nothing is lost or doubled. */
static int
conservation(struct bufq_state *bufq, buf_t **bufs)
{
	bool queued[NBUFS];
	buf_t *bp;
	int i, n;

	memset(queued, 0, sizeof(queued));
	for (n = 0; n < 5000; n++) {
		i = rng(NBUFS);
		if (!queued[i]) {
			bufs[i]->b_rawblkno = rng(1000);
			bufs[i]->b_flags = rng(2) != 0 ? B_READ : B_WRITE;
			BIO_SETPRIO(bufs[i], rng(BPRIO_NPRIO));
			bufq_put(bufq, bufs[i]);
			queued[i] = true;
		} else if (rng(2) == 0) {
			if (bufq_cancel(bufq, bufs[i]) != bufs[i] ||
			    bufq_cancel(bufq, bufs[i]) != NULL)
				return __LINE__;
			queued[i] = false;
		} else {
			bp = bufq_peek(bufq);
			if (bp == NULL || bufq_get(bufq) != bp)
				return __LINE__;
			for (i = 0; bufs[i] != bp; i++)
				continue;
			if (!queued[i])
				return __LINE__;
			queued[i] = false;
		}
	}
	while ((bp = bufq_get(bufq)) != NULL) {
		for (i = 0; bufs[i] != bp; i++)
			continue;
		if (!queued[i])
			return __LINE__;
		queued[i] = false;
	}
	for (i = 0; i < NBUFS; i++)
		if (queued[i])
			return __LINE__;
	return 0;
}

/* An elevator turns round at most once for what was there at the start. */
static int
elevator(struct bufq_state *bufq, buf_t **bufs)
{
	int i, turns = 0;
	daddr_t last = -1;
	buf_t *bp;

	for (i = 0; i < NBUFS; i++) {
		bufs[i]->b_rawblkno = rng(1000);
		bufs[i]->b_flags = B_READ;
		BIO_SETPRIO(bufs[i], BPRIO_DEFAULT);
		bufq_put(bufq, bufs[i]);
	}
	while ((bp = bufq_get(bufq)) != NULL) {
		if (bp->b_rawblkno < last)
			turns++;
		last = bp->b_rawblkno;
	}
	return turns <= 1 ? 0 : __LINE__;
}

/* The most urgent first, but nobody starves. */
static int
priorities(struct bufq_state *bufq, buf_t **bufs)
{
	int i, first;

	bufs[0]->b_rawblkno = 1;
	BIO_SETPRIO(bufs[0], BPRIO_TIMENONCRITICAL);
	bufq_put(bufq, bufs[0]);
	for (i = 1; i < NBUFS; i++) {
		bufs[i]->b_rawblkno = 100 + i;
		BIO_SETPRIO(bufs[i], BPRIO_TIMECRITICAL);
		bufq_put(bufq, bufs[i]);
	}
	for (first = 0; bufq_get(bufq) != bufs[0]; first++)
		continue;
	while (bufq_get(bufq) != NULL)
		continue;
	return first > 0 && first < NBUFS - 1 ? 0 : __LINE__;
}

static int
one_strategy(const char *name, buf_t **bufs)
{
	struct bufq_state *bufq;
	int line;

	if (bufq_alloc(&bufq, name, BUFQ_SORT_RAWBLOCK | BUFQ_EXACT) != 0)
		return __LINE__;
	if (strcmp(bufq_getstrategyname(bufq), name) != 0)
		return __LINE__;
	line = conservation(bufq, bufs);
	if (line == 0 && (strcmp(name, "disksort") == 0 ||
	    strcmp(name, "priocscan") == 0))
		line = elevator(bufq, bufs);
	if (line == 0 && strcmp(name, "priocscan") == 0)
		line = priorities(bufq, bufs);
	bufq_free(bufq);
	return line;
}

int
rump_bufq_test(void)
{
	static const char *const names[] =
	    { "fcfs", "disksort", "readprio", "priocscan" };
	struct bufq_state *bufq;
	buf_t *bufs[NBUFS];
	int line = 0;
	u_int i;

	rng_state = 7;
	if (bufq_alloc(&bufq, "nonesuch", BUFQ_EXACT) != ENOENT)
		return __LINE__;
	if (bufq_alloc(&bufq, "nonesuch", BUFQ_SORT_RAWBLOCK) != 0)
		return __LINE__;
	bufq_free(bufq);
	for (i = 0; i < NBUFS; i++)
		bufs[i] = getiobuf(NULL, true);
	for (i = 0; i < __arraycount(names) && line == 0; i++)
		line = one_strategy(names[i], bufs);
	for (i = 0; i < NBUFS; i++)
		putiobuf(bufs[i]);
	return line;
}
