/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SHA-1 message digest.
 *
 * Ref: FIPS 180-4, sections 5 and 6.1.
 */

#include <sys/param.h>
#include <sys/endian.h>
#include <sys/sha1.h>
#include <lib/libkern/libkern.h>

#define BLOCK	SHA1_BLOCK_LENGTH

static inline uint32_t
rotate(uint32_t v, unsigned int n)
{
	return v << n | v >> (32 - n);
}

void
SHA1Transform(uint32_t s[5], const uint8_t block[BLOCK])
{
	uint32_t w[80], a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], sum;
	unsigned int i;

	for (i = 0; i < 16; i++)
		w[i] = be32dec(block + 4 * i);
	for (; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (i = 0; i < 80; i++) {
		if (i < 20)
			sum = ((b & c) | (~b & d)) + 0x5a827999;
		else if (i < 40)
			sum = (b ^ c ^ d) + 0x6ed9eba1;
		else if (i < 60)
			sum = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
		else
			sum = (b ^ c ^ d) + 0xca62c1d6;
		sum += rotate(a, 5) + e + w[i];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = sum;
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
	s[4] += e;
}

void
SHA1Init(SHA1_CTX *ctx)
{
	*ctx = (SHA1_CTX){ .state = { 0x67452301, 0xefcdab89, 0x98badcfe,
	    0x10325476, 0xc3d2e1f0 } };
}

void
SHA1Update(SHA1_CTX *ctx, const uint8_t *data, unsigned int len)
{
	uint64_t bits = (uint64_t)ctx->count[1] << 32 | ctx->count[0];
	size_t have = bits / 8 % BLOCK, n;

	bits += (uint64_t)len * 8;
	ctx->count[0] = (uint32_t)bits;
	ctx->count[1] = bits >> 32;
	for (; len != 0; len -= n, data += n) {
		n = MIN(len, BLOCK - have);
		memcpy(ctx->buffer + have, data, n);
		have += n;
		if (have == BLOCK) {
			SHA1Transform(ctx->state, ctx->buffer);
			have = 0;
		}
	}
}

void
SHA1Final(uint8_t digest[SHA1_DIGEST_LENGTH], SHA1_CTX *ctx)
{
	static const uint8_t padding[BLOCK] = { 0x80 };
	uint8_t bits[8];
	size_t have = ctx->count[0] / 8 % BLOCK;
	unsigned int i;

	be32enc(bits, ctx->count[1]);
	be32enc(bits + 4, ctx->count[0]);
	SHA1Update(ctx, padding, (have < 56 ? 56 : 56 + BLOCK) - have);
	SHA1Update(ctx, bits, sizeof(bits));
	for (i = 0; i < 5; i++)
		be32enc(digest + 4 * i, ctx->state[i]);
	explicit_memset(ctx, 0, sizeof(*ctx));
}
