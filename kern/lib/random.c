/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random numbers: cprng(9), and the root that keys it.
 *
 * A generator is ChaCha20 with fast key erasure: each run of the cipher makes
 * a batch, of which the first 32 bytes become the next key and the rest is handed
 * out, each byte once.  So what a generator holds tells nothing of what it
 * gave before.
 *
 * The root generator is keyed by the host at boot, and stirred by what drivers
 * add (entropy.c); root_lock covers it.  Each CPU has a generator of its own,
 * keyed by the root at first use and again whenever the root was stirred; who
 * holds the CPU owns it, so it needs no lock.
 *
 * Ref: D. J. Bernstein, Fast-key-erasure random-number generators (2017); RFC 8439.
 */

#include <sys/types.h>
#include <sys/atomic.h>
#include <sys/cpu.h>
#include <sys/cprng.h>
#include <sys/endian.h>
#include <sys/intr.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/sha2.h>
#include <sys/systm.h>

#include <rump/rumpuser.h>

#include "random.h"

#define KEY_SIZE	32
#define BLOCK		64
#define BATCH		(8 * BLOCK)	/* a new key, and what is handed out */

struct generator {
	uint32_t key[KEY_SIZE / 4];
	uint8_t batch[BATCH];
	unsigned int used;		/* bytes of batch that are gone */
	unsigned int epoch;		/* of the root when it was keyed */
};

/* Protected by root_lock; root_epoch is read without. */
static kmutex_t root_lock;
static struct generator root;
static unsigned int root_epoch;

/* Per CPU, NULL before first use; an entry is written by its CPU alone. */
static struct generator *generators[MAXCPUS];

/* A name: all cprng_strong_t are the same. */
struct cprng_strong {
	char name;
};

static struct cprng_strong the_cprng;
cprng_strong_t *kern_cprng = &the_cprng;
cprng_strong_t *user_cprng = &the_cprng;

static inline uint32_t
rotate(uint32_t v, unsigned int n)
{
	return v << n | v >> (32 - n);
}

static inline void
quarter(uint32_t *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 7);
}

/* Block number counter of the key stream. */
static void
chacha20(const uint32_t key[8], uint32_t counter, uint8_t out[BLOCK])
{
	uint32_t s[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	uint32_t x[16];
	int i;

	memcpy(s + 4, key, KEY_SIZE);
	s[12] = counter;
	memcpy(x, s, sizeof(x));
	for (i = 0; i < 10; i++) {
		quarter(x, 0, 4, 8, 12);
		quarter(x, 1, 5, 9, 13);
		quarter(x, 2, 6, 10, 14);
		quarter(x, 3, 7, 11, 15);
		quarter(x, 0, 5, 10, 15);
		quarter(x, 1, 6, 11, 12);
		quarter(x, 2, 7, 8, 13);
		quarter(x, 3, 4, 9, 14);
	}
	for (i = 0; i < 16; i++)
		le32enc(out + 4 * i, x[i] + s[i]);
}

static void
refill(struct generator *g)
{
	unsigned int i;

	for (i = 0; i < BATCH / BLOCK; i++)
		chacha20(g->key, i, g->batch + i * BLOCK);
	memcpy(g->key, g->batch, KEY_SIZE);
	memset(g->batch, 0, KEY_SIZE);
	g->used = KEY_SIZE;
}

static void
generate(struct generator *g, uint8_t *buf, size_t len)
{
	while (len != 0) {
		size_t n;

		if (g->used == BATCH)
			refill(g);
		n = len < BATCH - g->used ? len : BATCH - g->used;
		memcpy(buf, g->batch + g->used, n);
		memset(g->batch + g->used, 0, n);
		g->used += n;
		buf += n;
		len -= n;
	}
}

/* Discard what was generated and change the key by the digest of data. */
static void
stir(struct generator *g, const void *data, size_t len)
{
	SHA256_CTX ctx;

	SHA256_Init(&ctx);
	SHA256_Update(&ctx, (const uint8_t *)g->key, sizeof(g->key));
	SHA256_Update(&ctx, data, len);
	SHA256_Final((uint8_t *)g->key, &ctx);
	g->used = BATCH;
}

void
random_stir(const void *data, size_t len)
{
	mutex_enter(&root_lock);
	stir(&root, data, len);
	atomic_store_relaxed(&root_epoch, root_epoch + 1);
	mutex_exit(&root_lock);
}

unsigned int
random_epoch(void)
{
	return atomic_load_relaxed(&root_epoch);
}

void
random_extract(void *buf, size_t len)
{
	mutex_enter(&root_lock);
	generate(&root, buf, len);
	mutex_exit(&root_lock);
}

void
cprng_init(void)
{
	uint8_t seed[KEY_SIZE];
	size_t have, n;

	mutex_init(&root_lock, MUTEX_DEFAULT, IPL_VM);
	for (have = 0; have < sizeof(seed); have += n) {
		if (rumpuser_getrandom(seed + have, sizeof(seed) - have,
		    0, &n) != 0 || n == 0)
			panic("cprng_init: the host has no random numbers");
	}
	stir(&root, seed, sizeof(seed));
	explicit_memset(seed, 0, sizeof(seed));
	root_epoch = 1;
}

void
cprng_fast_init(void)
{
}

/* The generator of this CPU, ready to use; NULL without memory for it. */
static struct generator *
own_generator(void)
{
	unsigned int cpu = cpu_index(curcpu());
	struct generator *g = generators[cpu];

	if (__predict_false(g == NULL)) {
		g = kmem_intr_alloc(sizeof(*g), KM_NOSLEEP);
		if (g == NULL)
			return NULL;
		g->epoch = 0;
		generators[cpu] = g;
	}
	if (__predict_false(g->epoch != atomic_load_relaxed(&root_epoch))) {
		mutex_enter(&root_lock);
		g->epoch = root_epoch;
		generate(&root, (uint8_t *)g->key, sizeof(g->key));
		mutex_exit(&root_lock);
		g->used = BATCH;
	}
	return g;
}

/*
 * Fill buf.  Returns len.
 *
 * Context: any, from when a CPU runs.
 */
size_t
cprng_fast(void *buf, size_t len)
{
	struct generator *g = own_generator();

	if (g != NULL)
		generate(g, buf, len);
	else
		random_extract(buf, len);
	return len;
}

uint32_t
cprng_fast32(void)
{
	uint32_t v;

	cprng_fast(&v, sizeof(v));
	return v;
}

uint64_t
cprng_fast64(void)
{
	uint64_t v;

	cprng_fast(&v, sizeof(v));
	return v;
}

cprng_strong_t *
cprng_strong_create(const char *name, int ipl, int flags)
{
	return &the_cprng;
}

void
cprng_strong_destroy(cprng_strong_t *c)
{
	KASSERT(c == &the_cprng);
}

/* Fill buf with up to CPRNG_MAX_LEN bytes; returns how many.  Never waits. */
size_t
cprng_strong(cprng_strong_t *c, void *buf, size_t len, int flags)
{
	return cprng_fast(buf, len < CPRNG_MAX_LEN ? len : CPRNG_MAX_LEN);
}

uint32_t
cprng_strong32(void)
{
	return cprng_fast32();
}

uint64_t
cprng_strong64(void)
{
	return cprng_fast64();
}
