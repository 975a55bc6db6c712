/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-224, SHA-256, SHA-384 and SHA-512 message digests.
 *
 * The constants of all rounds are the fractions of cube roots of the first
 * primes; SHA-256 takes the upper halves of the first 64 of SHA-512's 80.
 *
 * Ref: FIPS 180-4, sections 4.2, 5 and 6.2 to 6.5.
 */

#include <sys/param.h>
#include <sys/endian.h>
#include <sys/sha2.h>
#include <lib/libkern/libkern.h>

static const uint64_t roots[80] = {
	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f,
	0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
	0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242,
	0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
	0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
	0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275,
	0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f,
	0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
	0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc,
	0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6,
	0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
	0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
	0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99,
	0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
	0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc,
	0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915,
	0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
	0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba,
	0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
	0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
	0x5fcb6fab3ad6faec, 0x6c44198c4a475817
};

/*
 * The round function, for words of either size.  w: the block's words, and
 * those made of them; k: the constant; S and s: rotations of FIPS 180-4, 4.1.2
 * and 4.1.3.
 */
#define ROTATE(v, n, bits)	((v) >> (n) | (v) << ((bits) - (n)))
#define BIG(v, a, b, c, bits) \
	(ROTATE(v, a, bits) ^ ROTATE(v, b, bits) ^ ROTATE(v, c, bits))
#define SMALL(v, a, b, c, bits) \
	(ROTATE(v, a, bits) ^ ROTATE(v, b, bits) ^ (v) >> (c))

/* v[0..7] are a..h; they move one place on. */
#define ROUND(v, sum0, sum1, add)					\
do {									\
	t = v[7] + (sum1) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + (add);	\
	u = (sum0) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));	\
	for (j = 7; j > 0; j--)						\
		v[j] = v[j - 1];					\
	v[4] += t;							\
	v[0] = t + u;							\
} while (0)

static void
sha256_block(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64], v[8], t, u;
	unsigned int i, j;

	for (i = 0; i < 16; i++)
		w[i] = be32dec(block + 4 * i);
	for (; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		    SMALL(w[i - 15], 7, 18, 3, 32) +
		    SMALL(w[i - 2], 17, 19, 10, 32);
	memcpy(v, state, sizeof(v));
	for (i = 0; i < 64; i++)
		ROUND(v, BIG(v[0], 2, 13, 22, 32), BIG(v[4], 6, 11, 25, 32),
		    w[i] + (uint32_t)(roots[i] >> 32));
	for (i = 0; i < 8; i++)
		state[i] += v[i];
}

static void
sha512_block(uint64_t state[8], const uint8_t *block)
{
	uint64_t w[80], v[8], t, u;
	unsigned int i, j;

	for (i = 0; i < 16; i++)
		w[i] = be64dec(block + 8 * i);
	for (; i < 80; i++)
		w[i] = w[i - 16] + w[i - 7] +
		    SMALL(w[i - 15], 1, 8, 7, 64) +
		    SMALL(w[i - 2], 19, 61, 6, 64);
	memcpy(v, state, sizeof(v));
	for (i = 0; i < 80; i++)
		ROUND(v, BIG(v[0], 28, 34, 39, 64),
		    BIG(v[4], 14, 18, 41, 64), w[i] + roots[i]);
	for (i = 0; i < 8; i++)
		state[i] += v[i];
}

/* Fill up buffer (have bytes are in it); returns what is in it then. */
#define ABSORB(ctx, block, size, have, data, len)			\
do {									\
	size_t n_;							\
									\
	for (; (len) != 0; (len) -= n_, (data) += n_) {			\
		n_ = MIN((len), (size) - (have));			\
		memcpy((ctx)->buffer + (have), (data), n_);		\
		(have) += n_;						\
		if ((have) == (size)) {					\
			block((ctx)->state, (ctx)->buffer);		\
			(have) = 0;					\
		}							\
	}								\
} while (0)

static const uint8_t padding[SHA512_BLOCK_LENGTH] = { 0x80 };

/*
 * 256 bits.
 */

static void
absorb256(SHA256_CTX *ctx, const uint8_t *data, size_t len)
{
	size_t have = ctx->bitcount / 8 % SHA256_BLOCK_LENGTH;

	ctx->bitcount += (uint64_t)len * 8;
	ABSORB(ctx, sha256_block, SHA256_BLOCK_LENGTH, have, data, len);
}

static int
final256(SHA256_CTX *ctx, uint8_t *digest, unsigned int words)
{
	size_t have = ctx->bitcount / 8 % SHA256_BLOCK_LENGTH;
	uint8_t bits[8];
	unsigned int i;

	be64enc(bits, ctx->bitcount);
	absorb256(ctx, padding,
	    (have < 56 ? 56 : 56 + SHA256_BLOCK_LENGTH) - have);
	absorb256(ctx, bits, sizeof(bits));
	for (i = 0; i < words; i++)
		be32enc(digest + 4 * i, ctx->state[i]);
	explicit_memset(ctx, 0, sizeof(*ctx));
	return 1;
}

int
SHA224_Init(SHA224_CTX *ctx)
{
	*ctx = (SHA224_CTX){ .state = { 0xc1059ed8, 0x367cd507, 0x3070dd17,
	    0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4 } };
	return 1;
}

int
SHA224_Update(SHA224_CTX *ctx, const uint8_t *data, size_t len)
{
	absorb256(ctx, data, len);
	return 1;
}

int
SHA224_Final(uint8_t digest[SHA224_DIGEST_LENGTH], SHA224_CTX *ctx)
{
	return final256(ctx, digest, 7);
}

int
SHA256_Init(SHA256_CTX *ctx)
{
	*ctx = (SHA256_CTX){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
	    0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
	return 1;
}

int
SHA256_Update(SHA256_CTX *ctx, const uint8_t *data, size_t len)
{
	absorb256(ctx, data, len);
	return 1;
}

int
SHA256_Final(uint8_t digest[SHA256_DIGEST_LENGTH], SHA256_CTX *ctx)
{
	return final256(ctx, digest, 8);
}

/*
 * 512 bits.
 */

static void
absorb512(SHA512_CTX *ctx, const uint8_t *data, size_t len)
{
	size_t have = ctx->bitcount[0] / 8 % SHA512_BLOCK_LENGTH;
	uint64_t bits = (uint64_t)len * 8;

	ctx->bitcount[0] += bits;
	ctx->bitcount[1] += (ctx->bitcount[0] < bits) +
	    ((uint64_t)len >> 61);
	ABSORB(ctx, sha512_block, SHA512_BLOCK_LENGTH, have, data, len);
}

static int
final512(SHA512_CTX *ctx, uint8_t *digest, unsigned int words)
{
	size_t have = ctx->bitcount[0] / 8 % SHA512_BLOCK_LENGTH;
	uint8_t bits[16];
	unsigned int i;

	be64enc(bits, ctx->bitcount[1]);
	be64enc(bits + 8, ctx->bitcount[0]);
	absorb512(ctx, padding,
	    (have < 112 ? 112 : 112 + SHA512_BLOCK_LENGTH) - have);
	absorb512(ctx, bits, sizeof(bits));
	for (i = 0; i < words; i++)
		be64enc(digest + 8 * i, ctx->state[i]);
	explicit_memset(ctx, 0, sizeof(*ctx));
	return 1;
}

int
SHA384_Init(SHA384_CTX *ctx)
{
	*ctx = (SHA384_CTX){ .state = {
	    UINT64_C(0xcbbb9d5dc1059ed8), UINT64_C(0x629a292a367cd507),
	    UINT64_C(0x9159015a3070dd17), UINT64_C(0x152fecd8f70e5939),
	    UINT64_C(0x67332667ffc00b31), UINT64_C(0x8eb44a8768581511),
	    UINT64_C(0xdb0c2e0d64f98fa7), UINT64_C(0x47b5481dbefa4fa4) } };
	return 1;
}

int
SHA384_Update(SHA384_CTX *ctx, const uint8_t *data, size_t len)
{
	absorb512(ctx, data, len);
	return 1;
}

int
SHA384_Final(uint8_t digest[SHA384_DIGEST_LENGTH], SHA384_CTX *ctx)
{
	return final512(ctx, digest, 6);
}

int
SHA512_Init(SHA512_CTX *ctx)
{
	*ctx = (SHA512_CTX){ .state = {
	    UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b),
	    UINT64_C(0x3c6ef372fe94f82b), UINT64_C(0xa54ff53a5f1d36f1),
	    UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
	    UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179) } };
	return 1;
}

int
SHA512_Update(SHA512_CTX *ctx, const uint8_t *data, size_t len)
{
	absorb512(ctx, data, len);
	return 1;
}

int
SHA512_Final(uint8_t digest[SHA512_DIGEST_LENGTH], SHA512_CTX *ctx)
{
	return final512(ctx, digest, 8);
}
