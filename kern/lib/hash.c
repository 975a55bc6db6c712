/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hash tables (hashinit(9)), and hashes of values.
 *
 * Ref: A. Appleby, MurmurHash2 (public domain).
 */

#include <sys/types.h>
#include <sys/cprng.h>
#include <sys/hash.h>
#include <sys/kmem.h>
#include <sys/once.h>
#include <sys/pslist.h>
#include <sys/queue.h>
#include <sys/sha2.h>
#include <sys/systm.h>

/* Heads of the kinds of lists. */
struct list_node;
LIST_HEAD(list_head, list_node);
SLIST_HEAD(slist_head, list_node);
TAILQ_HEAD(tailq_head, list_node);

union head {
	struct list_head list;
	struct slist_head slist;
	struct tailq_head tailq;
	struct pslist_head pslist;
};

#define BUCKETS_MAX	(1u << 27)

static size_t
head_size(enum hashtype type)
{
	switch (type) {
	case HASH_LIST:
		return sizeof(struct list_head);
	case HASH_SLIST:
		return sizeof(struct slist_head);
	case HASH_TAILQ:
		return sizeof(struct tailq_head);
	case HASH_PSLIST:
		return sizeof(struct pslist_head);
	}
	panic("hashinit: no list type %d", type);
}

static void
head_init(union head *h, enum hashtype type)
{
	switch (type) {
	case HASH_LIST:
		LIST_INIT(&h->list);
		break;
	case HASH_SLIST:
		SLIST_INIT(&h->slist);
		break;
	case HASH_TAILQ:
		TAILQ_INIT(&h->tailq);
		break;
	case HASH_PSLIST:
		pslist_init(&h->pslist);
		break;
	}
}

/*
 * Make a hash table for about so many elements.
 *
 * mask   out: number of lists minus one, that number being a power of two.
 *
 * Returns an array of heads, or NULL (no memory, and waitok is false).
 */
void *
hashinit(u_int elements, enum hashtype type, bool waitok, u_long *mask)
{
	size_t size = head_size(type);
	u_long n = 1, i;
	char *table;

	KASSERT(elements > 0);
	while (n < elements && n < BUCKETS_MAX)
		n <<= 1;
	table = kmem_alloc(n * size, waitok ? KM_SLEEP : KM_NOSLEEP);
	if (table == NULL)
		return NULL;
	for (i = 0; i < n; i++)
		head_init((union head *)(void *)(table + i * size), type);
	*mask = n - 1;
	return table;
}

/* Free a table whose lists are empty. */
void
hashdone(void *table, enum hashtype type, u_long mask)
{
	kmem_free(table, (mask + 1) * head_size(type));
}

uint32_t
murmurhash2(const void *key, size_t len, uint32_t seed)
{
	const uint32_t m = 0x5bd1e995;
	const uint8_t *p = key;
	uint32_t h = seed ^ (uint32_t)len, k;

	for (; len >= 4; len -= 4, p += 4) {
		/* The same on every byte order. */
		k = p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
		k *= m;
		k ^= k >> 24;
		h = h * m ^ k * m;
	}
	if (len != 0) {
		k = 0;
		while (len-- != 0)
			k = k << 8 | p[len];
		h = (h ^ k) * m;
	}
	h = (h ^ h >> 13) * m;
	return h ^ h >> 15;
}

/* What makes hash_value's results mean nothing elsewhere. */
static uint8_t value_secret[32];
static ONCE_DECL(value_once)

static int
value_secret_make(void)
{
	cprng_strong(kern_cprng, value_secret, sizeof(value_secret), 0);
	return 0;
}

void
hash_value_ensure_initialized(void)
{
	RUN_ONCE(&value_once, value_secret_make);
}

void
hash_value(void *dst, size_t dstlen, const void *src, size_t srclen)
{
	uint8_t digest[SHA512_DIGEST_LENGTH];
	SHA512_CTX ctx;

	hash_value_ensure_initialized();
	SHA512_Init(&ctx);
	SHA512_Update(&ctx, value_secret, sizeof(value_secret));
	SHA512_Update(&ctx, src, srclen);
	SHA512_Final(digest, &ctx);
	memset(dst, 0, dstlen);
	memcpy(dst, digest, dstlen < sizeof(digest) ? dstlen : sizeof(digest));
}
