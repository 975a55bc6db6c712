/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Block I/O: content, completion, many requests at a time, order, short and failed transfers.
 */

#define _GNU_SOURCE
#include "kernel.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BLOCK = 4096 };

static char dir[] = "/tmp/contract.XXXXXX";
static char path[128];
static int fd;

/* What a request's completion said. */
struct result {
	int done;
	int error;
	size_t moved;
	int times;
	unsigned order;
};

static unsigned order;

static void
on_done(void *arg, size_t moved, int error)
{
	struct result *res = arg;

	if (kernel_lwp() == NULL || kernel_lwp()->l_cpu == -1)
		abort();
	res->moved = moved;
	res->error = error;
	res->times++;
	res->order = __atomic_add_fetch(&order, 1, __ATOMIC_SEQ_CST);
	flag_set(&res->done, 1);
}

static void
setup(int mode)
{

	strcpy(dir + sizeof(dir) - 7, "XXXXXX");
	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/disk", dir);
	kernel_boot(2);
	close(open(path, O_CREAT | O_RDWR, 0600));
	T_CHECK_EQ(rumpuser_open(path, mode | RUMPUSER_OPEN_BIO, &fd), 0);
}

static void
teardown(void)
{

	T_CHECK_EQ(rumpuser_close(fd), 0);
	kernel_halt();
	unlink(path);
	rmdir(dir);
}

static struct result
bio(int op, void *data, size_t len, int64_t off)
{
	struct result res = { .done = 0 };

	rumpuser_bio(fd, op, data, len, off, on_done, &res);
	if (!kernel_wait(&res.done))
		abort();
	return res;
}

static struct result
biov(int op, const struct rumpuser_iovec *iov, size_t iovlen, int64_t off)
{
	struct result res = { .done = 0 };

	T_CHECK_EQ(rumpuser2_biov(fd, op, iov, iovlen, off, on_done, &res), 0);
	if (!kernel_wait(&res.done))
		abort();
	return res;
}

static void
content(void)
{
	static unsigned char out[16 * BLOCK], in[16 * BLOCK];
	struct result res;

	setup(RUMPUSER_OPEN_RDWR);
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (unsigned char)(i * 7 + i / 509);
	res = bio(RUMPUSER_BIO_WRITE, out, sizeof(out), 8192);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, sizeof(out));
	T_CHECK_EQ(pread(fd, in, sizeof(in), 8192), sizeof(in));
	T_CHECK(memcmp(in, out, sizeof(in)) == 0);
	memset(in, 0, sizeof(in));
	res = bio(RUMPUSER_BIO_READ, in, sizeof(in), 8192);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, sizeof(in));
	T_CHECK(memcmp(in, out, sizeof(in)) == 0);
	res = bio(RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC, out, 512, 0);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, 512);
	T_CHECK_EQ(res.times, 1);
	teardown();
}

/* More buffers than a host takes at once, of mixed lengths. */
static void
vectors(void)
{
	enum { N = 700, MAX = 8 * 512 };
	static unsigned char out[N * MAX], in[N * MAX];
	static struct rumpuser_iovec iov[N];
	struct result res;
	size_t len = 0;

	setup(RUMPUSER_OPEN_RDWR);
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (unsigned char)(i * 13 + i / 4099);
	for (int i = 0; i < N; i++) {
		iov[i] = (struct rumpuser_iovec){ out + len, (size_t)(i % 8 + 1) * 512 };
		len += iov[i].iov_len;
	}
	res = biov(RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC, iov, N, 512);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, len);
	T_CHECK_EQ(pread(fd, in, len, 512), len);
	T_CHECK(memcmp(in, out, len) == 0);
	for (int i = 0; i < N; i++)
		iov[i].iov_base = in + ((unsigned char *)iov[i].iov_base - out);
	memset(in, 0, sizeof(in));
	res = biov(RUMPUSER_BIO_READ, iov, N, 512);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, len);
	T_CHECK(memcmp(in, out, len) == 0);
	teardown();
}

/* The end of the medium in the middle of a request, of a buffer, and before it. */
static void
short_transfers(void)
{
	static char buf[4 * BLOCK];
	struct rumpuser_iovec iov[2] = { { buf, BLOCK }, { buf + BLOCK, 3 * BLOCK } };
	struct result res;

	setup(RUMPUSER_OPEN_RDWR);
	T_CHECK_EQ(ftruncate(fd, 2 * BLOCK + 100), 0);
	res = bio(RUMPUSER_BIO_READ, buf, sizeof(buf), 0);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, 2 * BLOCK + 100);
	res = biov(RUMPUSER_BIO_READ, iov, 2, 0);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, 2 * BLOCK + 100);
	res = bio(RUMPUSER_BIO_READ, buf, sizeof(buf), 100 * BLOCK);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, 0);
	teardown();
}

static void
failures(void)
{
	static char buf[4 * BLOCK];
	struct rlimit limit, old;
	struct result res;
	int good;

	setup(RUMPUSER_OPEN_RDONLY);
	res = bio(RUMPUSER_BIO_WRITE, buf, BLOCK, 0);
	T_CHECK_EQ(res.error, K_EBADF);
	T_CHECK_EQ(res.moved, 0);
	rumpuser_close(fd);

	/* a write that the host cuts in the middle: what was written counts, and so does the error */
	T_ASSERT_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO, &fd), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	limit = old;
	limit.rlim_cur = BLOCK + 512;
	setrlimit(RLIMIT_FSIZE, &limit);
	res = bio(RUMPUSER_BIO_WRITE, buf, sizeof(buf), 0);
	setrlimit(RLIMIT_FSIZE, &old);
	T_CHECK_EQ(res.error, K_EFBIG);
	T_CHECK_EQ(res.moved, BLOCK + 512);

	good = fd;
	T_ASSERT_EQ(rumpuser_open("/dev/full", RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO, &fd), 0);
	res = bio(RUMPUSER_BIO_WRITE, buf, BLOCK, 0);
	T_CHECK_EQ(res.error, K_ENOSPC);
	res = bio(RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC, buf, BLOCK, 0);
	T_CHECK_EQ(res.error, K_ENOSPC);
	rumpuser_close(fd);
	res = bio(RUMPUSER_BIO_READ, buf, BLOCK, 0);
	T_CHECK_EQ(res.error, K_EBADF);
	fd = good;
	teardown();
}

static void
nonsense(void)
{
	static char buf[BLOCK];
	struct rumpuser_iovec iov[1] = { { buf, 512 } };
	struct result res = { .done = 0 };

	setup(RUMPUSER_OPEN_RDWR);
	T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_READ, iov, 1, -512, on_done, &res), K_EINVAL);
	T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_READ, iov, 1, INT64_MAX, on_done, &res), K_EINVAL);
	T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_READ, iov, 0, 0, on_done, &res), K_EINVAL);
	T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_SYNC, iov, 1, 0, on_done, &res), K_EINVAL);
	T_CHECK_EQ(rumpuser2_biov(fd, 3, iov, 1, 0, on_done, &res), K_EINVAL);
	T_CHECK_EQ(rumpuser2_biov(fd, 32, iov, 1, 0, on_done, &res), K_EINVAL);
	iov[0].iov_len = 0;
	T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_READ, iov, 1, 0, on_done, &res), K_EINVAL);
	T_CHECK_EQ(res.done, 0);
	if (!kernel_v17()) {
		res = bio(RUMPUSER_BIO_READ, buf, 512, -512);
		T_CHECK_EQ(res.error, K_EINVAL);
		res = bio(0, buf, 512, 0);
		T_CHECK_EQ(res.error, K_EINVAL);
	}
	T_CHECK_EQ(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_SYNC, 0, 0), K_EINVAL);
	teardown();
}

/* Many requests in flight: each completes once, and has moved its own block. */
static void
many(void)
{
	enum { N = 2000 };
	static unsigned char data[N][512], back[512];
	static struct result res[N];
	struct rumpuser_iovec iov[N];
	int wrong = 0;

	setup(RUMPUSER_OPEN_RDWR);
	for (int i = 0; i < N; i++) {
		memset(data[i], i % 251, 512);
		memcpy(data[i], &i, sizeof(i));
		iov[i] = (struct rumpuser_iovec){ data[i], 512 };
		T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_WRITE, &iov[i], 1, (int64_t)i * 512, on_done,
		    &res[i]), 0);
	}
	for (int i = 0; i < N; i++)
		T_ASSERT(kernel_wait(&res[i].done));
	for (int i = 0; i < N; i++) {
		T_CHECK_EQ(pread(fd, back, 512, (off_t)i * 512), 512);
		wrong += memcmp(back, data[i], 512) != 0 || res[i].times != 1 || res[i].error != 0 ||
		    res[i].moved != 512;
	}
	T_CHECK_EQ(wrong, 0);
	teardown();
}

/*
 * Between a write of many blocks and a read of the same, a barrier: the read sees all of the write, and a write
 * after it is not seen by it. Without one, the two would mix sooner or later.
 */
static void
barrier(void)
{
	enum { LEN = 64 * BLOCK, ROUNDS = 60 };
	static unsigned char old[LEN], new[LEN], seen[LEN];
	struct rumpuser_iovec iold = { old, LEN }, inew = { new, LEN }, iseen = { seen, LEN };
	struct result a, b, c;
	int mixed = 0;

	setup(RUMPUSER_OPEN_RDWR);
	for (int round = 0; round < ROUNDS; round++) {
		a = b = c = (struct result){ .done = 0 };
		memset(old, round, LEN);
		memset(new, round + 100, LEN);
		T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_WRITE, &iold, 1, 0, on_done, &a), 0);
		T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_READ | RUMPUSER_BIO_BARRIER, &iseen, 1, 0,
		    on_done, &b), 0);
		T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_WRITE, &inew, 1, 0, on_done, &c), 0);
		T_ASSERT(kernel_wait(&a.done) && kernel_wait(&b.done) && kernel_wait(&c.done));
		T_CHECK_EQ(b.moved, LEN);
		for (int i = 0; i < LEN; i++)
			mixed += seen[i] != round;
	}
	T_CHECK_EQ(mixed, 0);
	teardown();
}

/* The same by a barrier that moves nothing, and in the order of completions. */
static void
empty_barrier(void)
{
	enum { N = 8, LEN = 16 * BLOCK };
	static unsigned char data[N][LEN];
	struct rumpuser_iovec iov[N];
	static struct result before[N], after[N], mid;
	unsigned latest, earliest;

	setup(RUMPUSER_OPEN_RDWR);
	for (int round = 0; round < 30; round++) {
		memset(before, 0, sizeof(before));
		memset(after, 0, sizeof(after));
		mid = (struct result){ .done = 0 };
		for (int i = 0; i < N; i++) {
			iov[i] = (struct rumpuser_iovec){ data[i], LEN };
			rumpuser2_biov(fd, RUMPUSER_BIO_WRITE, &iov[i], 1, i * LEN, on_done, &before[i]);
		}
		T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_BARRIER | (round % 2 ? RUMPUSER_BIO_SYNC : 0),
		    NULL, 0, 0, on_done, &mid), 0);
		for (int i = 0; i < N; i++)
			rumpuser2_biov(fd, RUMPUSER_BIO_READ, &iov[i], 1, i * LEN, on_done, &after[i]);
		latest = 0;
		earliest = UINT32_MAX;
		for (int i = 0; i < N; i++) {
			T_ASSERT(kernel_wait(&before[i].done) && kernel_wait(&after[i].done));
			latest = before[i].order > latest ? before[i].order : latest;
			earliest = after[i].order < earliest ? after[i].order : earliest;
			T_CHECK_EQ(after[i].moved, LEN);
		}
		T_ASSERT(kernel_wait(&mid.done));
		T_CHECK_EQ(mid.error, 0);
		T_CHECK_EQ(mid.moved, 0);
		/* one thread may tell of a completion before another that is a little older */
		if (kernel_fibers())
			T_CHECK(latest < mid.order && mid.order < earliest);
	}
	teardown();
}

static void
syncfd(void)
{
	static char buf[BLOCK];
	struct result res[20];
	unsigned released;

	setup(RUMPUSER_OPEN_RDWR);
	memset(res, 0, sizeof(res));
	for (int i = 0; i < 20; i++)
		rumpuser_bio(fd, RUMPUSER_BIO_WRITE, buf, BLOCK, i * BLOCK, on_done, &res[i]);
	released = kernel_lwp()->l_released;
	T_CHECK_EQ(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_WRITE | RUMPUSER_SYNCFD_BARRIER |
	    RUMPUSER_SYNCFD_SYNC, 0, 0), 0);
	T_CHECK_EQ(kernel_lwp()->l_released, released + 1);
	T_CHECK_EQ(lseek(fd, 0, SEEK_END), 20 * BLOCK);
	for (int i = 0; i < 20; i++)
		T_CHECK(kernel_wait(&res[i].done));
	T_CHECK_EQ(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_READ, 0, 0), 0);
	T_CHECK_EQ(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_BOTH, 512, 1024), 0);
	rumpuser_close(fd);
	T_CHECK_EQ(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_WRITE | RUMPUSER_SYNCFD_SYNC, 0, 0), K_EBADF);
	T_ASSERT_EQ(rumpuser_open(path, RUMPUSER_OPEN_RDWR, &fd), 0);
	teardown();
}

/*
 * With leave to, a read may be complete when the call returns; then the callback has run on this thread. Short
 * reads, and reads behind a barrier, are what they are without.
 */
static void
inline_reads(void)
{
	static unsigned char data[16 * BLOCK], seen[16 * BLOCK];
	struct rumpuser_iovec out = { data, sizeof(data) };
	struct rumpuser_iovec in[3] = { { seen, 512 }, { seen + 512, 100 }, { seen + 612, sizeof(seen) - 612 } };
	struct result res, w, b;

	setup(RUMPUSER_OPEN_RDWR);
	for (int round = 0; round < 50; round++) {
		res = w = b = (struct result){ .done = 0 };
		memset(data, round + 1, sizeof(data));
		T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_WRITE, &out, 1, 0, on_done, &w), 0);
		T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_BARRIER, NULL, 0, 0, on_done, &b), 0);
		T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_READ | RUMPUSER_BIO_INLINE, in, 3, 0, on_done,
		    &res), 0);
		T_ASSERT(kernel_wait(&w.done) && kernel_wait(&b.done) && kernel_wait(&res.done));
		T_CHECK_EQ(res.moved, sizeof(seen));
		T_CHECK(memcmp(seen, data, sizeof(seen)) == 0);
		memset(seen, 0, sizeof(seen));
		res = biov(RUMPUSER_BIO_READ | RUMPUSER_BIO_INLINE, in, 3, 0);
		T_CHECK_EQ(res.error, 0);
		T_CHECK_EQ(res.times, 1);
		T_CHECK_EQ(res.moved, sizeof(seen));
		T_CHECK(memcmp(seen, data, sizeof(seen)) == 0);
	}
	res = biov(RUMPUSER_BIO_READ | RUMPUSER_BIO_INLINE, &out, 1, 15 * BLOCK + 100);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, BLOCK - 100);
	res = biov(RUMPUSER_BIO_READ | RUMPUSER_BIO_INLINE, &out, 1, 16 * BLOCK);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, 0);
	res = biov(RUMPUSER_BIO_WRITE | RUMPUSER_BIO_INLINE | RUMPUSER_BIO_SYNC, &out, 1, BLOCK);
	T_CHECK_EQ(res.error, 0);
	T_CHECK_EQ(res.moved, sizeof(data));
	teardown();
}

/* A completion starts the next request; the end waits for all of them. */
static struct rumpuser_iovec chain_iov;
static int chain_left;

static void
chain(void *arg, size_t moved, int error)
{

	if (moved != 512 || error != 0)
		abort();
	if (__atomic_sub_fetch(&chain_left, 1, __ATOMIC_SEQ_CST) > 0 &&
	    rumpuser2_biov(fd, RUMPUSER_BIO_WRITE, &chain_iov, 1, 512 * chain_left, chain, arg) != 0)
		abort();
}

static void
end_waits_for_requests(void)
{
	static char buf[512];

	setup(RUMPUSER_OPEN_RDWR);
	chain_iov = (struct rumpuser_iovec){ buf, 512 };
	chain_left = 200;
	T_CHECK_EQ(rumpuser2_biov(fd, RUMPUSER_BIO_WRITE, &chain_iov, 1, 0, chain, NULL), 0);
	kernel_halt();
	T_CHECK_EQ(chain_left, 0);
	close(fd);
	unlink(path);
	rmdir(dir);
}

/* A thread that starts a request and ends must not take it along. */
static void
start_and_end(void *arg)
{
	static char buf[BLOCK];
	static struct rumpuser_iovec iov = { buf, BLOCK };

	rumpuser2_biov(fd, RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC, &iov, 1, 0, on_done, arg);
}

static void
starter_ends(void)
{
	struct result res;
	struct runner r;

	setup(RUMPUSER_OPEN_RDWR);
	for (int i = 0; i < 50; i++) {
		res = (struct result){ .done = 0 };
		runner_start(&r, start_and_end, &res);
		runner_join(&r);
		T_ASSERT(kernel_wait(&res.done));
		T_CHECK_EQ(res.error, 0);
		T_CHECK_EQ(res.moved, BLOCK);
	}
	teardown();
}

T_MAIN(T(content), T(vectors), T(short_transfers), T(failures), T(nonsense), T(many), T(barrier),
    T(empty_barrier), T(syncfd), T(inline_reads), T(end_waits_for_requests), T(starter_ends))
