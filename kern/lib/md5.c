/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MD4 and MD5 message digests.  Neither withstands an attacker any more; they
 * are here for formats and protocols that name them.
 *
 * Ref: RFC 1320, RFC 1321.
 */

#include <sys/param.h>
#include <sys/endian.h>
#include <sys/md4.h>
#include <sys/md5.h>
#include <lib/libkern/libkern.h>

#define BLOCK	64

static inline uint32_t
rotate(uint32_t v, unsigned int n)
{
	return v << n | v >> (32 - n);
}

/* Word i of the block. */
static inline uint32_t
word(const uint8_t *block, unsigned int i)
{
	return le32dec(block + 4 * i);
}

/*
 * MD4.  Each step adds a function of three words, a word of the block and the
 * round's constant to the fourth, and rotates it.
 */

static void
md4_block(uint32_t s[4], const uint8_t *block)
{
	static const uint8_t turn[3][4] = {
		{ 3, 7, 11, 19 }, { 3, 5, 9, 13 }, { 3, 9, 11, 15 }
	};
	static const uint8_t third[16] = {
		0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15
	};
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3], sum;
	unsigned int i, k, round;

	for (i = 0; i < 48; i++) {
		round = i / 16;
		k = i % 16;
		if (round == 0)
			sum = ((b & c) | (~b & d)) + word(block, k);
		else if (round == 1)
			sum = ((b & c) | (b & d) | (c & d)) + 0x5a827999 +
			    word(block, k / 4 + k % 4 * 4);
		else
			sum = (b ^ c ^ d) + 0x6ed9eba1 + word(block, third[k]);
		sum = rotate(a + sum, turn[round][i % 4]);
		a = d;
		d = c;
		c = b;
		b = sum;
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
}

/*
 * MD5.  As MD4, with four rounds, and a constant of its own for each step:
 * the first 32 bits of the fraction of |sin(step)|.
 */

static const uint32_t sines[4][16] = {
	{
		0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee,
		0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
		0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
		0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
	},
	{
		0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
		0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
		0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
		0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
	},
	{
		0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
		0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
		0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
		0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	},
	{
		0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039,
		0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
		0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
		0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
	},
};

static void
md5_block(uint32_t s[4], const uint8_t *block)
{
	static const uint8_t turn[4][4] = {
		{ 7, 12, 17, 22 }, { 5, 9, 14, 20 },
		{ 4, 11, 16, 23 }, { 6, 10, 15, 21 }
	};
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3], f;
	unsigned int i, k;

	for (i = 0; i < 64; i++) {
		switch (i / 16) {
		case 0:
			f = (b & c) | (~b & d);
			k = i;
			break;
		case 1:
			f = (d & b) | (~d & c);
			k = 5 * i + 1;
			break;
		case 2:
			f = b ^ c ^ d;
			k = 3 * i + 5;
			break;
		default:
			f = c ^ (b | ~d);
			k = 7 * i;
			break;
		}
		f = b + rotate(a + f + sines[i / 16][i % 16] + word(block, k % 16),
		    turn[i / 16][i % 4]);
		a = d;
		d = c;
		c = b;
		b = f;
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
}

/*
 * What both have in common: the same state, the same padding.  A context is
 * reached through its members, so that one set of functions serves both types.
 */
struct digest {
	uint32_t *state;
	uint32_t *count;		/* bits, low word first */
	uint8_t *buffer;
	void (*block)(uint32_t[4], const uint8_t *);
};

static void
init(const struct digest *d)
{
	static const uint32_t start[4] = {
		0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476
	};

	memcpy(d->state, start, sizeof(start));
	d->count[0] = d->count[1] = 0;
}

/* Bytes in the buffer that no block was made of yet. */
static size_t
held(const struct digest *d)
{
	return d->count[0] / 8 % BLOCK;
}

static void
count_bytes(const struct digest *d, uint64_t n)
{
	uint64_t bits = ((uint64_t)d->count[1] << 32 | d->count[0]) + n * 8;

	d->count[0] = (uint32_t)bits;
	d->count[1] = bits >> 32;
}

static void
update(const struct digest *d, const uint8_t *data, size_t len)
{
	const uint8_t *end = data + len;

	while (data != end) {
		size_t at = held(d), n = MIN((size_t)(end - data), BLOCK - at);

		memcpy(d->buffer + at, data, n);
		count_bytes(d, n);
		if (at + n == BLOCK)
			d->block(d->state, d->buffer);
		data += n;
	}
}

static void
final(const struct digest *d, uint8_t *out)
{
	static const uint8_t padding[BLOCK] = { 0x80 };
	uint8_t bits[8];
	size_t have = held(d);
	unsigned int i;

	le32enc(bits, d->count[0]);
	le32enc(bits + 4, d->count[1]);
	update(d, padding, (have < 56 ? 56 : 56 + BLOCK) - have);
	update(d, bits, sizeof(bits));
	for (i = 0; i < 4; i++)
		le32enc(out + 4 * i, d->state[i]);
}

#define DIGEST(ctx, fn)	\
	&(const struct digest){ (ctx)->state, (ctx)->count, (ctx)->buffer, fn }

void
MD4Init(MD4_CTX *ctx)
{
	init(DIGEST(ctx, md4_block));
}

void
MD4Update(MD4_CTX *ctx, const unsigned char *data, unsigned int len)
{
	update(DIGEST(ctx, md4_block), data, len);
}

void
MD4Final(unsigned char digest[MD4_DIGEST_LENGTH], MD4_CTX *ctx)
{
	final(DIGEST(ctx, md4_block), digest);
	explicit_memset(ctx, 0, sizeof(*ctx));
}

void
MD5Init(MD5_CTX *ctx)
{
	init(DIGEST(ctx, md5_block));
}

void
MD5Update(MD5_CTX *ctx, const unsigned char *data, unsigned int len)
{
	update(DIGEST(ctx, md5_block), data, len);
}

void
MD5Final(unsigned char digest[MD5_DIGEST_LENGTH], MD5_CTX *ctx)
{
	final(DIGEST(ctx, md5_block), digest);
	explicit_memset(ctx, 0, sizeof(*ctx));
}
