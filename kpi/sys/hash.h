/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 32-bit hashes of buffers and strings (Bernstein's: times 33, plus the
 * byte).  The last argument is the hash so far; start with HASH32_*_INIT.
 */
#ifndef _SYS_HASH_H_
#define _SYS_HASH_H_

#include <sys/types.h>

#define HASH32_BUF_INIT	5381
#define HASH32_STR_INIT	5381

static __inline uint32_t
hash32_step(uint32_t hash, uint8_t byte)
{
	return hash * 33U + byte;
}

/* Hash len bytes at bf. */
static __inline uint32_t
hash32_buf(const void *bf, size_t len, uint32_t hash)
{
	const uint8_t *b = (const uint8_t *)bf;
	size_t i;

	for (i = 0; i < len; i++)
		hash = hash32_step(hash, b[i]);
	return hash;
}

/* Hash a string up to its NUL. */
static __inline uint32_t
hash32_str(const void *bf, uint32_t hash)
{
	const uint8_t *s;

	for (s = (const uint8_t *)bf; *s != 0; s++)
		hash = hash32_step(hash, *s);
	return hash;
}

/* Hash at most len bytes of a string. */
static __inline uint32_t
hash32_strn(const void *bf, size_t len, uint32_t hash)
{
	const uint8_t *s = (const uint8_t *)bf;
	size_t i;

	for (i = 0; i < len && s[i] != 0; i++)
		hash = hash32_step(hash, s[i]);
	return hash;
}

/*
 * Hash a string up to len bytes, NUL or the byte end.  ep, if not NULL, gets
 * the place where it stopped.
 */
static __inline uint32_t
hash32_strne(const void *bf, size_t len, int end, const char **ep,
    uint32_t hash)
{
	const uint8_t *s = (const uint8_t *)bf;
	size_t i;

	for (i = 0; i < len && s[i] != 0 && s[i] != (uint8_t)end; i++)
		hash = hash32_step(hash, s[i]);
	if (ep != 0)
		*ep = (const char *)(s + i);
	return hash;
}

/* The same without a length. */
static __inline uint32_t
hash32_stre(const void *bf, int end, const char **ep, uint32_t hash)
{
	return hash32_strne(bf, ~(size_t)0, end, ep, hash);
}

#ifdef _KERNEL
uint32_t murmurhash2(const void *, size_t, uint32_t);
#endif

#endif /* _SYS_HASH_H_ */
